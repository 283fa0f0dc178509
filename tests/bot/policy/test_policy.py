"""What a policy document says to a request, and what it leaves open."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.model import Misfit, Miss
from bot.policy import (
    Context,
    Decision,
    Outcome,
    Principal,
    Request,
    StartsWith,
    condition_values,
    decide,
    principals,
    service_principal,
)
from tests.volume import examples

ALLOWED, DENIED, NOT_ADMITTED, UNDECIDABLE = (
    Outcome.ALLOWED,
    Outcome.DENIED,
    Outcome.NOT_ADMITTED,
    Outcome.UNDECIDABLE,
)
SERVICE = service_principal("delivery.logs.amazonaws.com")
ROLE = "arn:aws:iam::111122223333:role/team/orders"
BUCKET = "arn:aws:s3:::orders-logs"
OBJECTS = StartsWith(f"{BUCKET}/AWSLogs/111122223333/")

WRITE: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "delivery.logs.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": f"{BUCKET}/AWSLogs/111122223333/*",
}


def document(*statements: Any, version: str = "2012-10-17") -> dict[str, Any]:
    return {"Version": version, "Statement": list(statements)}


def ask(*statements: Any, version: str = "2012-10-17", **known: Any) -> Decision:
    request = {"actions": ("s3:PutObject",), "principal": SERVICE, "resource": OBJECTS, **known}
    return decide([document(*statements, version=version)], Request(**request))


def without(statement: dict[str, Any], *names: str) -> dict[str, Any]:
    return {name: value for name, value in statement.items() if name not in names}


# --- who -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        ("*", ALLOWED),
        ({"AWS": "*"}, ALLOWED),
        ({"AWS": ["*"]}, ALLOWED),
        ({"Service": "delivery.logs.amazonaws.com"}, ALLOWED),
        ({"Service": ["ec2.amazonaws.com", "delivery.logs.amazonaws.com"]}, ALLOWED),
        ({"AWS": "111122223333", "Service": "delivery.logs.amazonaws.com"}, ALLOWED),
        ({"Service": "kafkaconnect.amazonaws.com"}, NOT_ADMITTED),
        ({"AWS": "arn:aws:iam::111122223333:root"}, NOT_ADMITTED),
        ({"Federated": "delivery.logs.amazonaws.com"}, NOT_ADMITTED),
        ({"Service": []}, NOT_ADMITTED),
        ({}, NOT_ADMITTED),
        # No wildcard is documented inside the name of a service, nor for all services.
        ({"Service": "*"}, UNDECIDABLE),
        ({"Service": "*.amazonaws.com"}, UNDECIDABLE),
        ({"Servce": "delivery.logs.amazonaws.com"}, UNDECIDABLE),
        ({"Service": {"Name": "delivery.logs.amazonaws.com"}}, UNDECIDABLE),
        ("delivery.logs.amazonaws.com", UNDECIDABLE),
        (None, UNDECIDABLE),
    ],
)
def test_a_service_is_admitted_by_its_exact_name_or_by_everybody(named: Any, outcome: Outcome) -> None:
    assert ask({**WRITE, "Principal": named}).outcome is outcome


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        (ROLE, ALLOWED),
        ("111122223333", ALLOWED),
        ("arn:aws:iam::111122223333:root", ALLOWED),
        ("*", ALLOWED),
        ("arn:aws:iam::111122223333:role/orders", NOT_ADMITTED),
        ("arn:aws:iam::444455556666:root", NOT_ADMITTED),
        ("AROA1234567890EXAMPLE", NOT_ADMITTED),
    ],
)
def test_a_role_is_admitted_by_its_arn_or_by_its_account(named: str, outcome: Outcome) -> None:
    statement = {**WRITE, "Principal": {"AWS": named}}
    role = Principal("AWS", frozenset({ROLE, "111122223333", "arn:aws:iam::111122223333:root"}))
    assert ask(statement, principal=role).outcome is outcome


@pytest.mark.parametrize(
    ("named", "outcome"),
    [
        ({"Service": "delivery.logs.amazonaws.com"}, ALLOWED),
        ({"Service": "kafkaconnect.amazonaws.com"}, DENIED),
        ({"AWS": ROLE}, DENIED),
        ("nobody", UNDECIDABLE),
    ],
)
def test_a_deny_with_not_principal_spares_only_those_it_names(named: Any, outcome: Outcome) -> None:
    deny = {"Effect": "Deny", "NotPrincipal": named, "Action": "*", "Resource": "*"}
    assert ask(WRITE, deny).outcome is outcome


def test_a_resource_policy_statement_without_a_principal_is_malformed() -> None:
    decision = ask(without(WRITE, "Principal"))
    assert (decision.outcome, decision.doubts) == (UNDECIDABLE, ("Principal",))


def test_an_identity_policy_names_no_principal() -> None:
    assert ask(without(WRITE, "Principal"), principal=None).allowed
    assert ask(WRITE, principal=None).outcome is UNDECIDABLE


# --- what ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("actions", "outcome"),
    [
        ("s3:PutObject", ALLOWED),
        ("S3:putobject", ALLOWED),
        ("s3:*", ALLOWED),
        ("s3:Put*", ALLOWED),
        ("s3:Put?bject", ALLOWED),
        ("*", ALLOWED),
        (["s3:GetObject", "s3:PutObject"], ALLOWED),
        ("s3:GetObject", NOT_ADMITTED),
        ("s3:PutObjec?t", NOT_ADMITTED),
        ("s3:Put", NOT_ADMITTED),
        ([], NOT_ADMITTED),
        (None, UNDECIDABLE),
        ({"s3": "*"}, UNDECIDABLE),
    ],
)
def test_actions_match_whole_with_wildcards_and_in_any_case(actions: Any, outcome: Outcome) -> None:
    assert ask({**WRITE, "Action": actions}).outcome is outcome


@pytest.mark.parametrize(("actions", "outcome"), [("s3:Get*", ALLOWED), ("s3:Put*", NOT_ADMITTED), (7.5, ALLOWED)])
def test_not_action_allows_everything_else(actions: Any, outcome: Outcome) -> None:
    assert ask({**without(WRITE, "Action"), "NotAction": actions}).outcome is outcome


def test_a_statement_with_action_and_not_action_is_malformed() -> None:
    assert ask({**WRITE, "NotAction": "s3:Get*"}).doubts == ("Action",)


@pytest.mark.parametrize(
    ("resources", "outcome"),
    [
        (f"{BUCKET}/AWSLogs/111122223333/*", ALLOWED),
        (f"{BUCKET}/AWSLogs/*", ALLOWED),
        (f"{BUCKET}/*", ALLOWED),
        (f"{BUCKET}/*/*", ALLOWED),
        ("arn:aws:s3:::*", ALLOWED),
        ("*", ALLOWED),
        ([BUCKET, f"{BUCKET}/*"], ALLOWED),
        (f"{BUCKET}/AWSLogs/1111222233?3/*", ALLOWED),
        # Some of the objects, and which ones are asked for is not known.
        (f"{BUCKET}/AWSLogs/111122223333/Kafka*", UNDECIDABLE),
        (f"{BUCKET}/AWSLogs/111122223333/*.gz", UNDECIDABLE),
        (f"{BUCKET}/AWSLogs/444455556666/*", NOT_ADMITTED),
        (BUCKET, NOT_ADMITTED),
        (f"{BUCKET}-old/*", NOT_ADMITTED),
        (f"{BUCKET}/awslogs/111122223333/*", NOT_ADMITTED),
        ([], NOT_ADMITTED),
        (None, UNDECIDABLE),
    ],
)
def test_resources_match_whole_and_a_part_of_them_decides_nothing(resources: Any, outcome: Outcome) -> None:
    assert ask({**WRITE, "Resource": resources}).outcome is outcome


@pytest.mark.parametrize(
    ("resources", "outcome"),
    [
        (f"{BUCKET}/AWSLogs/111122223333/*", ALLOWED),
        (f"{BUCKET}/AWSLogs/111122223333/*:*", NOT_ADMITTED),
        (f"{BUCKET}/*:*", NOT_ADMITTED),
        (f"{BUCKET}/AWSLogs/111122223333/*.gz", UNDECIDABLE),
        ("arn:aws:s3:::*", ALLOWED),
    ],
)
def test_what_follows_a_known_beginning_may_be_known_to_lack_a_character(resources: str, outcome: Outcome) -> None:
    assert ask({**WRITE, "Resource": resources}, resource=replace(OBJECTS, without=":")).outcome is outcome


@pytest.mark.parametrize(
    ("resources", "outcome"),
    [
        (f"{BUCKET}/private/*", ALLOWED),
        (f"{BUCKET}/AWSLogs/*", NOT_ADMITTED),
        (f"{BUCKET}/AWSLogs/111122223333/x", UNDECIDABLE),
    ],
)
def test_not_resource_allows_everything_else(resources: str, outcome: Outcome) -> None:
    assert ask({**without(WRITE, "Resource"), "NotResource": resources}).outcome is outcome


def test_a_trust_policy_names_no_resource() -> None:
    trust = {**without(WRITE, "Resource"), "Action": "sts:AssumeRole"}
    assert ask(trust, actions=("sts:AssumeRole",), resource=None).allowed
    assert ask({**trust, "Resource": "*"}, actions=("sts:AssumeRole",), resource=None).doubts == ("Resource",)


# --- under which conditions ------------------------------------------------------------------------------------------

KNOWN: Context = {
    "aws:SourceAccount": ("111122223333",),
    "aws:SourceArn": (StartsWith("arn:aws:logs:eu-west-1:111122223333:"),),
    "s3:x-amz-acl": ("bucket-owner-full-control",),
    "aws:SecureTransport": ("true",),
    "aws:SourceIp": ("10.1.2.3",),
    "aws:CurrentTime": ("2026-11-24T00:00:00Z",),
    "aws:EpochTime": ("1795478400",),
    "aws:MultiFactorAuthAge": ("300",),
    "aws:TagKeys": ("team", "stage"),
    "aws:PrincipalTag/team": ("data*",),
    "aws:PrincipalOrgID": (),
}


def under(condition: Any, version: str = "2012-10-17") -> Outcome:
    return ask({**WRITE, "Condition": condition}, version=version, context=KNOWN).outcome


@pytest.mark.parametrize(
    ("operator", "key", "wanted", "outcome"),
    [
        ("StringEquals", "aws:SourceAccount", "111122223333", ALLOWED),
        ("StringEquals", "AWS:sourceaccount", ["444455556666", "111122223333"], ALLOWED),
        ("StringEquals", "aws:SourceAccount", 111122223333, ALLOWED),
        ("stringequals", "aws:SourceAccount", "111122223333", ALLOWED),
        ("StringEquals", "aws:SourceAccount", "1111*", NOT_ADMITTED),
        ("StringEquals", "s3:x-amz-acl", "Bucket-Owner-Full-Control", NOT_ADMITTED),
        ("StringEqualsIgnoreCase", "s3:x-amz-acl", "Bucket-Owner-Full-Control", ALLOWED),
        ("StringNotEqualsIgnoreCase", "s3:x-amz-acl", "Bucket-Owner-Full-Control", NOT_ADMITTED),
        ("StringNotEquals", "aws:SourceAccount", ["444455556666", "111122223333"], NOT_ADMITTED),
        ("StringNotEquals", "aws:SourceAccount", ["444455556666", "777788889999"], ALLOWED),
        ("StringLike", "aws:SourceAccount", "1111*", ALLOWED),
        ("StringNotLike", "aws:SourceAccount", "1111*", NOT_ADMITTED),
        ("StringEquals", "aws:SourceAccount", [], NOT_ADMITTED),
        # a value of which only the beginning is known
        ("ArnLike", "aws:SourceArn", "arn:aws:logs:eu-west-1:111122223333:*", ALLOWED),
        ("ArnEquals", "aws:SourceArn", "arn:aws:logs:*:111122223333:*", ALLOWED),
        ("ArnLike", "aws:SourceArn", "arn:*:logs:eu-west-?:*:*", ALLOWED),
        ("ArnLike", "aws:SourceArn", "*", ALLOWED),
        ("StringLike", "aws:SourceArn", "arn:aws:logs:*", ALLOWED),
        ("ArnLike", "aws:SourceArn", "arn:aws:logs:us-east-1:111122223333:*", NOT_ADMITTED),
        ("ArnNotLike", "aws:SourceArn", "arn:aws:logs:us-east-1:111122223333:*", ALLOWED),
        ("ArnNotEquals", "aws:SourceArn", "arn:aws:logs:eu-west-1:111122223333:*", NOT_ADMITTED),
        ("ArnLike", "aws:SourceArn", "arn:aws:logs:eu-west-1:111122223333:log-group:x", UNDECIDABLE),
        ("StringEquals", "aws:SourceArn", "arn:aws:logs:eu-west-1:111122223333:log-group:x", UNDECIDABLE),
        ("StringEquals", "aws:SourceArn", "arn:aws:sns:eu-west-1:111122223333:x", NOT_ADMITTED),
        # a wildcard does not reach over a colon
        ("ArnLike", "aws:SourceArn", "arn:aws:l*:111122223333:*", UNDECIDABLE),
        ("ArnLike", "aws:SourceArn", "arn:aws:s3:::*", NOT_ADMITTED),
        ("Bool", "aws:SecureTransport", "true", ALLOWED),
        ("Bool", "aws:SecureTransport", True, ALLOWED),
        ("Bool", "aws:SecureTransport", "FALSE", NOT_ADMITTED),
        ("Bool", "aws:SecureTransport", "maybe", UNDECIDABLE),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/8", ALLOWED),
        ("IpAddress", "aws:SourceIp", ["192.168.0.0/16", "10.1.2.3"], ALLOWED),
        ("IpAddress", "aws:SourceIp", "2001:db8::/32", NOT_ADMITTED),
        ("NotIpAddress", "aws:SourceIp", "10.0.0.0/8", NOT_ADMITTED),
        ("IpAddress", "aws:SourceIp", "10.0.0.0/99", UNDECIDABLE),
        ("NumericEquals", "aws:MultiFactorAuthAge", "300", ALLOWED),
        ("NumericNotEquals", "aws:MultiFactorAuthAge", 300, NOT_ADMITTED),
        ("NumericLessThan", "aws:MultiFactorAuthAge", "3600", ALLOWED),
        ("NumericLessThan", "aws:MultiFactorAuthAge", 300, NOT_ADMITTED),
        ("NumericLessThanEquals", "aws:MultiFactorAuthAge", 300.0, ALLOWED),
        ("NumericGreaterThan", "aws:MultiFactorAuthAge", 299, ALLOWED),
        ("NumericGreaterThanEquals", "aws:MultiFactorAuthAge", 301, NOT_ADMITTED),
        ("NumericEquals", "aws:MultiFactorAuthAge", "soon", UNDECIDABLE),
        ("NumericEquals", "aws:MultiFactorAuthAge", "nan", UNDECIDABLE),
        ("DateGreaterThan", "aws:CurrentTime", "2026-01-01T00:00:00Z", ALLOWED),
        ("DateLessThan", "aws:CurrentTime", "2026-01-01", NOT_ADMITTED),
        ("DateEquals", "aws:CurrentTime", "2026-11-24T01:00:00+01:00", ALLOWED),
        ("DateNotEquals", "aws:CurrentTime", "2026-11-24T00:00:00Z", NOT_ADMITTED),
        ("DateLessThanEquals", "aws:EpochTime", "2026-11-24T00:00:00Z", ALLOWED),
        ("DateGreaterThanEquals", "aws:EpochTime", "1795478401", NOT_ADMITTED),
        ("DateEquals", "aws:CurrentTime", "yesterday", UNDECIDABLE),
        ("BinaryEquals", "s3:x-amz-acl", "bucket-owner-full-control", ALLOWED),
        # several values in the request
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team", "stage", "cost"], ALLOWED),
        ("ForAllValues:StringEquals", "aws:TagKeys", ["team"], NOT_ADMITTED),
        ("ForAnyValue:StringLike", "aws:TagKeys", "st*", ALLOWED),
        ("ForAnyValue:StringEquals", "aws:TagKeys", "cost", NOT_ADMITTED),
        ("ForAllValues:StringNotEquals", "aws:TagKeys", "team", NOT_ADMITTED),
        ("ForAnyValue:StringNotEquals", "aws:TagKeys", "team", ALLOWED),
        ("StringEquals", "aws:TagKeys", "team", UNDECIDABLE),
        # a key that the request lacks
        ("StringEquals", "aws:PrincipalOrgID", "o-1", NOT_ADMITTED),
        ("StringNotEquals", "aws:PrincipalOrgID", "o-1", ALLOWED),
        ("StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", ALLOWED),
        ("StringEqualsIfExists", "aws:SourceAccount", "444455556666", NOT_ADMITTED),
        ("ForAllValues:StringEquals", "aws:PrincipalOrgID", "o-1", ALLOWED),
        ("ForAnyValue:StringEquals", "aws:PrincipalOrgID", "o-1", NOT_ADMITTED),
        ("ForAnyValue:StringNotEquals", "aws:PrincipalOrgID", "o-1", NOT_ADMITTED),
        ("ForAnyValue:StringEqualsIfExists", "aws:PrincipalOrgID", "o-1", ALLOWED),
        ("Null", "aws:PrincipalOrgID", "true", ALLOWED),
        ("Null", "aws:PrincipalOrgID", False, NOT_ADMITTED),
        ("Null", "aws:SourceAccount", "false", ALLOWED),
        ("Null", "aws:SourceAccount", "neither", UNDECIDABLE),
        # a key that nobody knows
        ("StringEquals", "aws:SourceVpce", "vpce-1", UNDECIDABLE),
        ("StringNotEqualsIfExists", "aws:SourceVpce", "vpce-1", UNDECIDABLE),
        ("ForAllValues:StringEquals", "aws:SourceVpce", "vpce-1", UNDECIDABLE),
        ("Null", "aws:SourceVpce", "true", UNDECIDABLE),
        # an operator that nobody knows
        ("StringResembles", "aws:SourceAccount", "111122223333", UNDECIDABLE),
        ("ForMostValues:StringEquals", "aws:SourceAccount", "111122223333", UNDECIDABLE),
        ("StringEquals", "aws:SourceAccount", {"any": "111122223333"}, UNDECIDABLE),
        ("StringEquals", "aws:SourceAccount", None, UNDECIDABLE),
    ],
)
def test_operators_compare_as_documented(operator: str, key: str, wanted: Any, outcome: Outcome) -> None:
    assert under({operator: {key: wanted}}) is outcome


@pytest.mark.parametrize(
    ("condition", "outcome"),
    [
        ({}, ALLOWED),
        ({"StringEquals": {}}, ALLOWED),
        ({"StringEquals": {"aws:SourceAccount": "111122223333", "s3:x-amz-acl": "private"}}, NOT_ADMITTED),
        ({"StringEquals": {"aws:SourceVpce": "vpce-1", "s3:x-amz-acl": "private"}}, NOT_ADMITTED),
        ({"StringEquals": {"aws:SourceAccount": "1"}, "Bool": {"aws:SecureTransport": "true"}}, NOT_ADMITTED),
        ("StringEquals", UNDECIDABLE),
        ({"StringEquals": "aws:SourceAccount"}, UNDECIDABLE),
    ],
)
def test_all_conditions_must_hold_and_one_that_fails_settles_it(condition: Any, outcome: Outcome) -> None:
    assert under(condition) is outcome


@pytest.mark.parametrize(
    ("resource", "version", "outcome"),
    [
        (f"{BUCKET}/AWSLogs/${{aws:SourceAccount}}/*", "2012-10-17", ALLOWED),
        (f"{BUCKET}/AWSLogs/${{AWS:sourceaccount}}/*", "2012-10-17", ALLOWED),
        (f"{BUCKET}/AWSLogs/${{aws:SourceAccount}}/*", "2008-10-17", NOT_ADMITTED),
        (f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID}}/*", "2012-10-17", NOT_ADMITTED),
        (f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID, '111122223333'}}/*", "2012-10-17", ALLOWED),
        (f"{BUCKET}/AWSLogs/${{aws:userid}}/*", "2012-10-17", UNDECIDABLE),
        (f"{BUCKET}/AWSLogs/${{aws:TagKeys}}/*", "2012-10-17", UNDECIDABLE),
        (f"{BUCKET}/Other/${{aws:userid}}/*", "2012-10-17", NOT_ADMITTED),
        (f"{BUCKET}/${{*}}", "2012-10-17", NOT_ADMITTED),
    ],
)
def test_policy_variables_are_filled_from_the_request(resource: str, version: str, outcome: Outcome) -> None:
    assert ask({**WRITE, "Resource": resource}, version=version, context=KNOWN).outcome is outcome


@pytest.mark.parametrize(
    ("element", "value", "outcome"),
    [
        # aws:PrincipalOrgID is absent, aws:userid is not known, and a default fills either.
        ("NotResource", f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID}}/*", UNDECIDABLE),
        ("NotResource", f"{BUCKET}/AWSLogs/${{aws:userid}}/*", UNDECIDABLE),
        ("NotResource", ["arn:aws:s3:::other/*", f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID}}/*"], UNDECIDABLE),
        ("NotResource", f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID, '111122223333'}}/*", NOT_ADMITTED),
        ("NotResource", f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID, '444455556666'}}/*", ALLOWED),
        ("NotResource", f"{BUCKET}/AWSLogs/${{aws:SourceAccount}}/*", NOT_ADMITTED),
        # Whatever it stands for, it is another object.
        ("NotResource", f"{BUCKET}/Other/${{aws:PrincipalOrgID}}/*", ALLOWED),
        ("NotResource", [f"{BUCKET}/*", f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID}}/*"], NOT_ADMITTED),
        ("NotAction", "s3:${aws:PrincipalOrgID}", UNDECIDABLE),
        ("NotAction", ["s3:Get*", "${aws:userid}"], UNDECIDABLE),
        ("NotAction", "sqs:${aws:PrincipalOrgID}", ALLOWED),
        ("NotPrincipal", {"Service": "${aws:PrincipalOrgID}.amazonaws.com"}, UNDECIDABLE),
        ("NotPrincipal", {"Service": ["ec2.amazonaws.com", "${aws:userid}"]}, UNDECIDABLE),
    ],
)
def test_a_variable_that_nobody_can_fill_decides_nothing_where_it_is_negated(
    element: str, value: Any, outcome: Outcome
) -> None:
    statement = {**without(WRITE, element.removeprefix("Not")), element: value}
    assert ask(statement, context=KNOWN).outcome is outcome


def test_what_looks_like_a_variable_is_literal_in_an_old_policy_also_where_it_is_negated() -> None:
    statement = {**without(WRITE, "Resource"), "NotResource": f"{BUCKET}/AWSLogs/${{aws:PrincipalOrgID}}/*"}
    assert ask(statement, version="2008-10-17", context=KNOWN).outcome is ALLOWED


@pytest.mark.parametrize("operator", ["StringNotEquals", "StringNotLike", "StringNotEqualsIgnoreCase", "ArnNotLike"])
def test_a_negated_condition_is_open_where_its_variable_cannot_be_filled(operator: str) -> None:
    key = "aws:SourceArn" if operator == "ArnNotLike" else "aws:SourceAccount"
    wanted = "arn:aws:logs:eu-west-1:${aws:PrincipalOrgID}:*" if operator == "ArnNotLike" else "${aws:PrincipalOrgID}"
    assert under({operator: {key: wanted}}) is UNDECIDABLE
    assert under({operator.replace("Not", ""): {key: wanted}}) is NOT_ADMITTED


def test_a_wildcard_inside_the_value_of_a_variable_is_literal() -> None:
    variable = "${aws:PrincipalTag/team}"
    assert under({"StringLike": {"aws:PrincipalTag/team": variable}}) is ALLOWED
    assert under({"StringLike": {"s3:x-amz-acl": variable}}) is NOT_ADMITTED
    assert under({"StringEqualsIgnoreCase": {"aws:PrincipalTag/team": variable}}) is ALLOWED


def test_a_complete_context_lacks_every_key_that_it_does_not_hold() -> None:
    statement = {**WRITE, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}}
    assert ask(statement, complete=True).outcome is NOT_ADMITTED


# --- together --------------------------------------------------------------------------------------------------------

DENY = {**WRITE, "Effect": "Deny", "Sid": "NoLogs"}
DOUBTFUL = {"StringEquals": {"aws:SourceVpce": "vpce-1"}}


@pytest.mark.parametrize(
    ("statements", "outcome", "by", "doubts"),
    [
        ([], NOT_ADMITTED, (), ()),
        ([WRITE], ALLOWED, ("#1",), ()),
        ([{**WRITE, "Sid": "Write"}], ALLOWED, ("Write",), ()),
        ([WRITE, DENY], DENIED, ("NoLogs",), ()),
        ([DENY], DENIED, ("NoLogs",), ()),
        ([WRITE, {**DENY, "Condition": DOUBTFUL}], UNDECIDABLE, ("NoLogs",), ("aws:SourceVpce",)),
        # Nothing is admitted, so the Deny in doubt takes nothing away.
        ([{**DENY, "Condition": DOUBTFUL}], NOT_ADMITTED, (), ()),
        ([{**WRITE, "Condition": DOUBTFUL}, WRITE], ALLOWED, ("#2",), ()),
        ([{**WRITE, "Condition": DOUBTFUL}, DENY], DENIED, ("NoLogs",), ()),
        ([{**WRITE, "Effect": "allow"}], UNDECIDABLE, ("#1",), ("Effect",)),
        ([WRITE, {**WRITE, "Effect": None}], UNDECIDABLE, ("#2",), ("Effect",)),
        ([WRITE, "nonsense"], UNDECIDABLE, ("#2",), ("Statement", "Principal", "Resource", "Action", "Effect")),
        # A malformed statement about something else does not matter.
        ([WRITE, {**WRITE, "Effect": None, "Action": "s3:GetObject"}], ALLOWED, ("#1",), ()),
        ([{**WRITE, "Comment": "ours"}], UNDECIDABLE, ("#1",), ("Comment",)),
    ],
)
def test_statements_count_together(
    statements: list[Any], outcome: Outcome, by: tuple[str, ...], doubts: tuple[str, ...]
) -> None:
    decision = ask(*statements)
    assert decision.actions == ("s3:PutObject",)
    assert (decision.outcome, decision.statements, decision.doubts) == (outcome, by, doubts)


@pytest.mark.parametrize(
    ("statement", "parts"),
    [
        ({**WRITE, "Principal": {"Service": "ec2.amazonaws.com"}}, (Misfit("Principal"),)),
        ({**WRITE, "Action": "s3:GetObject"}, (Misfit("Action", ("s3:GetObject",)),)),
        ({**without(WRITE, "Action"), "NotAction": "s3:*"}, (Misfit("Action", ("s3:*",)),)),
        ({**WRITE, "Resource": [BUCKET]}, (Misfit("Resource", (BUCKET,)),)),
        (
            {**WRITE, "Condition": {"StringEquals": {"AWS:SourceAccount": 444455556666, "aws:PrincipalOrgID": "o-1"}}},
            (Misfit("AWS:SourceAccount", ("444455556666",)), Misfit("aws:PrincipalOrgID", ("o-1",), absent=True)),
        ),
        # What is left open is no reason to miss.
        (
            {**WRITE, "Resource": BUCKET, "Condition": {"StringEquals": {"aws:SourceVpce": "vpce-1"}}},
            (Misfit("Resource", (BUCKET,)),),
        ),
    ],
)
@pytest.mark.parametrize("effect", ["Allow", "Deny"])
def test_a_statement_that_misses_says_which_parts_do_not_fit(
    statement: dict[str, Any], parts: tuple[Misfit, ...], effect: str
) -> None:
    decision = ask({**statement, "Sid": "Ours", "Effect": effect}, context=KNOWN)
    assert decision.misses == (Miss("Ours", effect, parts),)


def test_a_statement_that_applies_or_may_apply_is_no_miss() -> None:
    assert ask(WRITE, {**DENY, "Condition": DOUBTFUL}).misses == ()


def test_a_denial_says_whether_anything_admits_besides() -> None:
    assert ask(WRITE, DENY).admitted
    assert not ask({**WRITE, "Action": "s3:GetObject"}, DENY).admitted
    assert not ask({**WRITE, "Condition": DOUBTFUL}, DENY).admitted


def test_the_misses_of_every_action_that_is_not_admitted_are_told() -> None:
    decision = ask(WRITE, {**WRITE, "Action": "s3:Get*"}, actions=("s3:PutObject", "s3:DeleteObject"))
    assert [(miss.statement, miss.names) for miss in decision.misses] == [("#1", ("Action",)), ("#2", ("Action",))]


def test_documents_count_together() -> None:
    request = Request(("s3:PutObject",), SERVICE, OBJECTS)
    assert decide([document(), document(WRITE)], request).outcome is ALLOWED
    assert decide([document(WRITE), document(DENY)], request).outcome is DENIED
    assert decide([], request).outcome is NOT_ADMITTED


def test_every_action_must_be_allowed_and_the_missing_ones_are_named() -> None:
    decision = ask(WRITE, actions=("s3:PutObject", "s3:GetObject", "s3:PutObjectAcl"))
    assert (decision.outcome, decision.actions) == (NOT_ADMITTED, ("s3:GetObject", "s3:PutObjectAcl"))


def test_a_statement_need_not_be_in_a_list() -> None:
    request = Request(("s3:PutObject",), SERVICE, OBJECTS)
    assert decide([{"Version": "2012-10-17", "Statement": WRITE}], request).allowed
    assert decide([{}], request).outcome is UNDECIDABLE


def test_the_values_of_a_condition_key_and_the_principals_can_be_listed() -> None:
    trust = document(
        {
            "Effect": "Allow",
            "Principal": {"Service": ["kafkaconnect.amazonaws.com"], "AWS": ROLE},
            "Condition": {"ArnLike": {"AWS:SourceArn": ["a", "b"]}, "StringEquals": {"aws:SourceArn": "a"}},
        },
        {"Effect": "Allow", "Principal": "*"},
        {"Effect": "Deny", "Principal": {"AWS": "arn:aws:iam::444455556666:root"}},
        None,
    )
    assert condition_values(trust, "aws:SourceArn") == ("a", "b")
    assert principals(trust) == ("kafkaconnect.amazonaws.com", ROLE, "*")


# --- any JSON --------------------------------------------------------------------------------------------------------

ANY_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=12),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=8), inner, max_size=3),
    max_leaves=8,
)
WORDS = st.sampled_from(
    [
        "*",
        "Allow",
        "Deny",
        "s3:Put*",
        "s3:PutObject",
        f"{BUCKET}/*",
        "${aws:SourceAccount}",
        "${x",
        "arn:aws:*",
        "1",
        "",
    ]
)
VALUES = ANY_JSON | WORDS | st.lists(WORDS, max_size=3)
CONDITIONS = st.dictionaries(
    st.sampled_from(
        [
            f"{q}{o}{e}"
            for q in ("", "ForAllValues:", "ForAnyValue:")
            for o in (
                "StringEquals",
                "StringNotLike",
                "ArnLike",
                "Bool",
                "NumericLessThan",
                "DateEquals",
                "IpAddress",
                "Null",
                "?",
            )
            for e in ("", "IfExists")
        ]
    ),
    st.dictionaries(st.sampled_from([*KNOWN, "aws:SourceVpce"]), VALUES, max_size=3) | ANY_JSON,
    max_size=3,
)
ELEMENTS = {
    "Sid": VALUES,
    "Effect": st.sampled_from(["Allow", "Deny"]) | ANY_JSON,
    "Principal": st.dictionaries(st.sampled_from(["AWS", "Service", "Federated", "X"]), VALUES, max_size=2) | VALUES,
    "NotPrincipal": VALUES,
    "Action": VALUES,
    "NotAction": VALUES,
    "Resource": VALUES,
    "NotResource": VALUES,
    "Condition": CONDITIONS | ANY_JSON,
    "Else": ANY_JSON,
}
STATEMENTS = st.fixed_dictionaries({}, optional=ELEMENTS)
DOCUMENTS = st.fixed_dictionaries(
    {"Version": st.sampled_from(["2012-10-17", "2008-10-17"]), "Statement": st.lists(STATEMENTS, max_size=3) | ANY_JSON}
)
PUT = Request(("s3:PutObject", "s3:GetBucketAcl"), SERVICE, OBJECTS, KNOWN)


@given(DOCUMENTS | ANY_JSON)
@examples(300, 10_000)
def test_no_document_makes_it_raise(policy: Any) -> None:
    decision = decide([policy], PUT)
    assert isinstance(decision.outcome, Outcome)
    assert bool(decision.doubts) is (decision.outcome is UNDECIDABLE)
    assert all(isinstance(value, str) for value in (*condition_values(policy, "aws:SourceArn"), *principals(policy)))


@given(DOCUMENTS, st.sets(st.sampled_from(sorted(KNOWN))))
@examples(200, 10_000)
def test_knowing_less_of_a_request_never_turns_one_certain_answer_into_another(
    policy: Any, forgotten: set[str]
) -> None:
    less = {key: values for key, values in KNOWN.items() if key not in forgotten}
    for action in PUT.actions:
        known = decide([policy], Request((action,), SERVICE, OBJECTS, KNOWN)).outcome
        vague = decide([policy], Request((action,), SERVICE, OBJECTS, less)).outcome
        assert vague in (known, UNDECIDABLE)


@given(DOCUMENTS)
@settings(max_examples=100, deadline=None)
def test_a_policy_means_the_same_after_a_round_trip_through_json(policy: Any) -> None:
    assert decide([json.loads(json.dumps(policy))], PUT) == decide([policy], PUT)


def test_a_hostile_pattern_is_matched_in_bounded_time() -> None:
    assert ask({**WRITE, "Resource": "*a" * 400 + "b"}, resource="a" * 2000).outcome is NOT_ADMITTED
