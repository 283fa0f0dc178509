"""Condition keys of a call that an AWS service makes with its own principal: decided where that is documented."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.judge.grants import judge_state
from bot.judge.service_call import service_context
from bot.judge.trust import judge_standing
from bot.model import BucketState, GrantState, LogGroupState, Standing
from bot.policy import Outcome, Request, decide, service_principal
from tests.bot.judge.test_grants import ACCOUNT, ACL, CONNECTOR, KEY, PLAIN, STREAMS, USE_KEY, WRITE, policy
from tests.bot.judge.test_trust import ARN, pinned

ORG = {"aws:PrincipalOrgID": "o-1"}
OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/team/*"
EXEMPT = {"BoolIfExists": {"aws:PrincipalIsAWSService": "false"}}

#: Conditions that never hold for a service: an Allow with one admits it no more, a Deny with one leaves it alone.
NEVER: list[dict[str, Any]] = [
    {"StringEquals": ORG},
    {"StringLike": {"AWS:principalorgid": "*"}},
    {"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
    {"StringEquals": {"aws:PrincipalTag/team": "data"}},
    {"StringEquals": {"aws:principaltag/Cost Centre": "data"}},
    {"StringEquals": {"aws:username": "ann"}},
    {"StringEquals": {"aws:SourceVpc": "vpc-1"}},
    {"StringEquals": {"aws:SourceVpce": ["vpce-1", "vpce-2"]}},
    {"IpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "true"}},
    {"Bool": {"aws:MultiFactorAuthPresent": "false"}},
    {"NumericLessThan": {"aws:MultiFactorAuthAge": "3600"}},
    {"StringEquals": {"sts:ExternalId": "x"}},
    {"StringEquals": {"aws:SourceIdentity": "ann"}},
    {"Null": {"aws:PrincipalOrgID": "false"}},
    # The value is nobody's of the account, if there is one at all.
    {"StringEquals": {"aws:PrincipalAccount": ACCOUNT}},
    {"ArnEquals": {"aws:PrincipalArn": f"arn:aws:iam::{ACCOUNT}:role/ci"}},
    {"ArnLike": {"aws:PrincipalArn": OWN_ROLE}},
    {"StringLike": {"aws:userid": ["AROAEXAMPLEID000000001:*", ACCOUNT]}},
    {"StringEqualsIgnoreCase": {"aws:PrincipalAccount": ACCOUNT}},
    {"Bool": {"aws:PrincipalIsAWSService": "false"}},
    EXEMPT,
    {**EXEMPT, "StringNotEquals": ORG},
    {"StringEquals": {"aws:PrincipalServiceName": "ec2.amazonaws.com"}},
    {"NumericLessThan": {"s3:TlsVersion": "1.2"}},
    {"Bool": {"aws:SecureTransport": "false"}},
]
#: Conditions that always hold for a service: a Deny with one shuts it out.
ALWAYS: list[dict[str, Any]] = [
    {"StringNotEquals": ORG},
    {"StringNotEqualsIfExists": ORG},
    # On an absent key it holds, so in a Deny it exempts nobody.
    {"StringEqualsIfExists": {"aws:SourceVpce": "vpce-1"}},
    {"StringNotEquals": {"aws:PrincipalTag/team": "data"}},
    {"ForAllValues:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}},
    {"NotIpAddress": {"aws:VpcSourceIp": "10.0.0.0/8"}},
    {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}},
    {"Null": {"aws:MultiFactorAuthPresent": "true"}},
    {"StringNotEquals": {"aws:PrincipalAccount": [ACCOUNT, "444455556666"]}},
    {"ArnNotLike": {"aws:PrincipalArn": OWN_ROLE}},
    {"StringNotLike": {"aws:userId": ["AROAEXAMPLEID000000001:*", ACCOUNT]}},
    {"StringNotEquals": ORG, "Bool": {"aws:PrincipalIsAWSService": "true"}},
    {"NumericGreaterThanEquals": {"s3:TlsVersion": "1.2"}},
]
#: What is not documented, or was not read, decides nothing.
OPEN: list[dict[str, Any]] = [
    {"StringEquals": {"aws:SourceOrgID": "o-1"}},
    {"ForAnyValue:StringLike": {"aws:SourceOrgPaths": "o-1/*"}},
    {"StringNotEquals": {"s3:x-amz-server-side-encryption": "aws:kms"}},
    {"Null": {"s3:x-amz-server-side-encryption-aws-kms-key-id": "true"}},
    {"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
    {"NumericLessThan": {"s3:TlsVersion": "1.3"}},
    # Absence and a value of AWS's own do not agree.
    {"StringLike": {"aws:PrincipalArn": "*"}},
    {"ArnLike": {"aws:PrincipalArn": "arn:aws:iam::*:role/ci"}},
    {"StringEqualsIfExists": {"aws:PrincipalAccount": ACCOUNT}},
    {"Null": {"aws:PrincipalArn": "true"}},
    # No key of the family, but one that only begins like it.
    {"StringEquals": {"aws:PrincipalTags": "data"}},
]


def under(condition: dict[str, Any], effect: str, principal: str) -> Outcome:
    allow = {"Effect": "Allow", "Principal": {"Service": principal}, "Action": "s3:PutObject", "Resource": "*"}
    statements = [{**allow, "Effect": effect, "Condition": condition}]
    if effect == "Deny":
        statements.append(allow)
    asked = Request(("s3:PutObject",), service_principal(principal), "arn:aws:s3:::b/k", service_context(principal))
    return decide([{"Version": "2012-10-17", "Statement": statements}], asked).outcome


@pytest.mark.parametrize("principal", ["delivery.logs.amazonaws.com", "kafkaconnect.amazonaws.com"])
@pytest.mark.parametrize(
    ("conditions", "allow", "deny"),
    [
        (NEVER, Outcome.NOT_ADMITTED, Outcome.ALLOWED),
        (ALWAYS, Outcome.ALLOWED, Outcome.DENIED),
        (OPEN, Outcome.UNDECIDABLE, Outcome.UNDECIDABLE),
    ],
    ids=["never", "always", "open"],
)
def test_a_key_that_a_service_is_documented_to_carry_or_not_is_decided(
    conditions: list[dict[str, Any]], allow: Outcome, deny: Outcome, principal: str
) -> None:
    for condition in conditions:
        assert (under(condition, "Allow", principal), under(condition, "Deny", principal)) == (allow, deny), condition


OUTSIDE = {"Sid": "OrgOnly", "Effect": "Deny", "Principal": "*", "Condition": {"StringNotEquals": ORG}}


def test_a_perimeter_that_exempts_no_service_is_named_at_every_destination_and_in_the_trust_policy() -> None:
    on = {"Action": "*", "Resource": "*"}
    shut = policy(ACL, WRITE, {**OUTSIDE, **on})
    whole = policy(ACL, WRITE)
    for state in (
        BucketState("orders-logs", shut),
        BucketState("orders-logs", whole, KEY, policy(USE_KEY, {**OUTSIDE, **on})),
    ):
        assert {part.denied_by for part in judge_state(state, PLAIN).in_state(GrantState.MISSING)} == {("OrgOnly",)}
    (group,) = judge_state(LogGroupState("/msk/orders", (policy(STREAMS, {**OUTSIDE, **on}),), ()), CONNECTOR).parts
    assert group.denied_by == ("OrgOnly",)
    trust = {"Version": "2012-10-17", "Statement": [pinned(ARN), {**OUTSIDE, "Action": "sts:AssumeRole"}]}
    assert judge_standing(trust, ARN) is Standing.REFUSED


@pytest.mark.parametrize(
    "exemption",
    [
        EXEMPT,
        {"Bool": {"aws:PrincipalIsAWSService": "false"}},
        {"StringNotEqualsIfExists": {"aws:PrincipalServiceName": "delivery.logs.amazonaws.com"}},
    ],
)
def test_a_perimeter_that_exempts_services_takes_nothing_away(exemption: dict[str, dict[str, str]]) -> None:
    condition = {"StringNotEqualsIfExists": dict(ORG)}
    for operator, keys in exemption.items():
        condition[operator] = {**condition.get(operator, {}), **keys}
    deny = {**OUTSIDE, "Action": "*", "Resource": "*", "Condition": condition}
    assert judge_state(BucketState("orders-logs", policy(ACL, WRITE, deny)), PLAIN).state is GrantState.PRESENT


@pytest.mark.parametrize(
    ("deny", "likely"),
    [
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, True),
        # Only some addresses are shut out, and AWS's is hardly among them.
        ({"IpAddress": {"aws:SourceIp": "203.0.113.0/24"}}, False),
        ({"NotIpAddress": {"aws:SourceIp": "203.0.113.0/24"}, "StringEquals": {"aws:SourceOrgID": "o-1"}}, False),
        ({"StringNotEquals": {"aws:SourceOrgID": "o-1"}}, False),
    ],
)
def test_a_deny_by_address_very_likely_shuts_services_out(deny: dict[str, Any], likely: bool) -> None:
    statement = {**OUTSIDE, "Action": "*", "Resource": "*", "Condition": deny}
    grant = judge_state(BucketState("orders-logs", policy(ACL, WRITE, statement)), PLAIN)
    assert {(part.state, part.likely) for part in grant.parts} == {(GrantState.UNREADABLE, likely)}


@given(st.sampled_from([*NEVER, *ALWAYS]), st.sampled_from([*NEVER, *ALWAYS]))
@settings(max_examples=100, deadline=None)
def test_what_is_decided_by_itself_is_decided_together(one: dict[str, Any], other: dict[str, Any]) -> None:
    statement = {"Effect": "Allow", "Principal": "*", "Action": "*", "Resource": "*"}
    statements = [{**statement, "Condition": condition} for condition in (one, other)]
    asked = Request(("s3:PutObject",), service_principal("x"), "arn:aws:s3:::b/k", service_context("x"))
    decision = decide([{"Version": "2012-10-17", "Statement": statements}], asked)
    assert decision.allowed is (one in ALWAYS or other in ALWAYS)
