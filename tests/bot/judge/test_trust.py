"""What the trust policy says to MSK Connect, and no alarm where that is not known."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.classify import Classification
from bot.judge import judge_connector
from bot.judge.trust import trust_cautions, trust_of
from bot.model import Cause, Caution, Connector, ConnectorSummary, Evidence, Role, Unavailable
from tests.bot.policy.test_policy import ANY_JSON, DOCUMENTS

ACCOUNT = "111122223333"
ARN = f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/orders/0a1b2c3d-1111-2222-3333-444455556666-4"
OLD_ARN = f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/orders/ffffffff-1111-2222-3333-444455556666-4"
PATTERN = f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/orders/*"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/orders"
CONNECTOR = Connector("orders", ARN, "eu-west-1", "RUNNING", ROLE_ARN, "IAM")
TRUST: dict[str, Any] = {
    "Effect": "Allow",
    "Principal": {"Service": "kafkaconnect.amazonaws.com"},
    "Action": "sts:AssumeRole",
}

CONFUSED, STALE, DENIES, UNDECIDED, ANYBODY = (
    "trust-policy-confused-deputy",
    "trust-policy-stale-source-arn",
    "trust-policy-denies-msk-connect",
    "trust-policy-undecided",
    "role-open-to-anybody",
)


def role(*statements: Any) -> Role:
    return Role(ROLE_ARN, "orders", {"Version": "2012-10-17", "Statement": list(statements)})


def summary(name: str, region: str = "eu-west-1") -> ConnectorSummary:
    arn = f"arn:aws:kafkaconnect:{region}:{ACCOUNT}:connector/{name}/eeeeeeee-1111-2222-3333-444455556666-4"
    return ConnectorSummary(name, arn, region, "RUNNING", ROLE_ARN)


def warned(given: Evidence) -> list[Caution]:
    """Return what is said of the trust policy, among all that is judged of a connector."""
    judged = judge_connector(given, Classification((), ()))
    return [caution for caution in judged.cautions if caution.code in (CONFUSED, STALE, DENIES, UNDECIDED, ANYBODY)]


def shared_by(judged: Role, arns: Sequence[str]) -> list[Caution]:
    return list(trust_cautions(judged, trust_of(judged, arns), (), ()))


def cautions(*statements: Any) -> list[Caution]:
    return warned(Evidence(CONNECTOR, role=role(*statements)))


def when(**operators: dict[str, Any]) -> dict[str, Any]:
    return {**TRUST, "Condition": operators}


def pinned(*arns: str, operator: str = "ArnLike") -> dict[str, Any]:
    operators: dict[str, dict[str, Any]] = {"StringLike": {"aws:SourceAccount": ACCOUNT}}
    operators.setdefault(operator, {})["aws:SourceArn"] = list(arns)
    return when(**operators)


@pytest.mark.parametrize(
    ("statements", "codes"),
    [
        # as the developer guide recommends, and its usual variants
        ([pinned(ARN)], []),
        ([pinned(ARN, operator="ArnEquals")], []),
        ([pinned(ARN, operator="StringLike")], []),
        ([pinned(f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/orders/*")], []),
        ([pinned(f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/*")], []),
        ([pinned(f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:*")], []),
        ([pinned(OLD_ARN, ARN)], []),
        ([when(StringEquals={"AWS:sourceaccount": ACCOUNT})], []),
        ([when(ArnLike={"aws:SourceArn": f"arn:aws:kafkaconnect:*:{ACCOUNT}:connector/orders/*"})], []),
        # a connector that was recreated
        ([pinned(OLD_ARN)], [STALE]),
        ([pinned(OLD_ARN, operator="StringEquals") | {"Sid": "Pinned"}], [STALE]),
        ([pinned(f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/payments/*")], [STALE]),
        ([pinned(f"arn:aws:kafkaconnect:us-east-1:{ACCOUNT}:connector/orders/*")], [STALE]),
        # Equals does not know wildcards.
        ([when(StringEquals={"aws:SourceArn": f"{ARN[:-20]}*", "aws:SourceAccount": ACCOUNT})], [STALE]),
        (
            [
                when(StringEquals={"aws:SourceAccount": ACCOUNT}),
                {**TRUST, "Effect": "Deny", "Condition": {"ArnNotLike": {"aws:SourceArn": OLD_ARN}}},
            ],
            [STALE],
        ),
        # nobody is held to account
        ([TRUST], [CONFUSED]),
        ([{**TRUST, "Principal": {"Service": ["ec2.amazonaws.com", "kafkaconnect.amazonaws.com"]}}], [CONFUSED]),
        ([when(ArnLike={"aws:SourceArn": "arn:aws:kafkaconnect:*:*:connector/orders/*"})], [CONFUSED]),
        ([when(StringEqualsIfExists={"aws:SourceVpc": "vpc-1"})], [CONFUSED]),
        # MSK Connect is not admitted at all
        ([], [DENIES]),
        ([{**TRUST, "Principal": {"Service": "ec2.amazonaws.com"}}], [DENIES]),
        ([{**TRUST, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}], [DENIES]),
        ([{**TRUST, "Action": "sts:TagSession"}], [DENIES]),
        ([when(StringEquals={"aws:SourceAccount": "444455556666"})], [DENIES]),
        ([TRUST, {**TRUST, "Effect": "Deny", "Sid": "Stop"}], [DENIES]),
        # what a service's call never carries
        ([when(StringEquals={"sts:ExternalId": "x"})], [DENIES]),
        ([TRUST, {**when(StringNotEquals={"aws:PrincipalOrgID": "o-1"}), "Effect": "Deny"}], [DENIES]),
        ([TRUST, {**when(Bool={"aws:MultiFactorAuthPresent": "false"}), "Effect": "Deny"}], [CONFUSED]),
        # what was not read, or is not documented
        ([when(StringEquals={"aws:SourceOrgID": "o-1"})], [UNDECIDED]),
        (
            [when(StringEquals={"aws:SourceAccount": ACCOUNT}, IpAddress={"aws:SourceIp": "203.0.113.0/24"})],
            [UNDECIDED],
        ),
        ([{**TRUST, "Resource": "*"}], [UNDECIDED]),
        ([None], [UNDECIDED]),
    ],
)
def test_a_warning_for_each_way_a_trust_policy_goes_wrong(statements: list[Any], codes: list[str]) -> None:
    assert [caution.code.value for caution in cautions(*statements)] == codes


ANYONE: dict[str, Any] = {"Sid": "Anyone", "Effect": "Allow", "Principal": {"AWS": "*"}, "Action": "sts:AssumeRole"}
OWN = {"aws:SourceAccount": ACCOUNT}
OWN_ROLE = f"arn:aws:iam::{ACCOUNT}:role/*"


def anyone(**operators: dict[str, Any]) -> dict[str, Any]:
    return {**ANYONE, "Condition": operators}


@pytest.mark.parametrize(
    "statements",
    [
        [ANYONE],
        [{**ANYONE, "Principal": "*"}],
        [{**ANYONE, "Principal": {"AWS": ["*", ACCOUNT]}}],
        [{**ANYONE, "Action": "sts:*"}],
        [anyone()],
        [{key: value for key, value in ANYONE.items() if key != "Principal"} | {"NotPrincipal": {"AWS": ACCOUNT}}],
        # conditions that whoever calls can meet
        [anyone(Bool={"aws:SecureTransport": "true"})],
        [anyone(Bool={"aws:MultiFactorAuthPresent": "true"})],
        [anyone(StringLike={"sts:RoleSessionName": "ci-*"})],
        [anyone(StringEquals={"aws:PrincipalTag/team": "data"})],
        [anyone(ArnLike={"aws:PrincipalArn": "arn:aws:iam::*:role/ci"})],
        [anyone(StringLike={"aws:PrincipalOrgID": "*"})],
        # conditions that hold where the key is absent
        [anyone(StringEqualsIfExists={"aws:PrincipalOrgID": "o-1"})],
        [anyone(StringEqualsIfExists=OWN)],
    ],
)
def test_a_policy_that_lets_anybody_in_is_warned_of_and_the_statement_named(statements: list[Any]) -> None:
    (caution,) = cautions(pinned(ARN), *statements)
    assert (caution.code.value, dict(caution.reason.data)) == (ANYBODY, {"open_by": (statements[0].get("Sid"),)})


@pytest.mark.parametrize(
    "statements",
    [
        [anyone(StringEquals={"aws:PrincipalOrgID": "o-1"})],
        [anyone(**{"ForAnyValue:StringLike": {"aws:PrincipalOrgPaths": "o-1/*"}})],
        [anyone(StringEquals={"aws:PrincipalAccount": ACCOUNT})],
        [anyone(ArnLike={"aws:PrincipalArn": OWN_ROLE})],
        [anyone(StringEquals=OWN)],
        [anyone(StringEquals={"sts:ExternalId": "x"})],
        [anyone(IpAddress={"aws:SourceIp": "203.0.113.0/24"})],
        [anyone(StringEquals={"aws:SourceVpce": "vpce-1"})],
        [anyone(Bool={"aws:PrincipalIsAWSService": "true"}, StringEquals=OWN)],
        [{**ANYONE, "Action": "sts:TagSession"}],
        [{**ANYONE, "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}}],
        [{**ANYONE, "Principal": {"AWS": "444455556666"}}],
        [{**ANYONE, "Principal": {"Federated": "*"}}],
        [{**ANYONE, "Effect": "Deny", "Condition": {"ArnNotLike": {"aws:PrincipalArn": OWN_ROLE}}}],
        [
            ANYONE,
            {
                **ANYONE,
                "Effect": "Deny",
                "Condition": {
                    "StringNotEquals": {"aws:PrincipalOrgID": "o-1"},
                    "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
                },
            },
        ],
    ],
)
def test_a_policy_that_holds_everybody_to_something_is_not_open_to_anybody(statements: list[Any]) -> None:
    assert ANYBODY not in [caution.code.value for caution in cautions(pinned(ARN), *statements)]


def test_a_role_that_no_connector_names_may_be_open_to_anybody_too() -> None:
    (caution,) = shared_by(role(ANYONE), ())
    assert dict(caution.reason.data) == {"open_by": ("Anyone",)}


def test_closing_what_is_open_to_anybody_leaves_msk_connect_its_way() -> None:
    (caution,) = cautions(ANYONE)
    assert dict(caution.reason.data) == {"open_by": ("Anyone",), "account": ACCOUNT, "patterns": (PATTERN,)}


def test_a_deny_without_a_second_factor_keeps_nobody_out_but_msk_connect() -> None:
    with_factor = {**ANYONE, "Effect": "Deny", "Condition": {"BoolIfExists": {"aws:MultiFactorAuthPresent": "false"}}}
    assert [caution.code.value for caution in cautions(pinned(ARN), ANYONE, with_factor)] == [DENIES, ANYBODY]


def test_what_stays_open_when_that_is_closed_is_said_besides() -> None:
    assert [caution.code.value for caution in cautions(TRUST, ANYONE)] == [ANYBODY, CONFUSED]


@pytest.mark.parametrize(
    ("condition", "code", "data"),
    [
        (
            {"StringEquals": {"aws:SourceOrgID": "o-1"}},
            UNDECIDED,
            {"doubts": ("aws:SourceOrgID",), "doubtful": ("#1",)},
        ),
        (
            {"StringEquals": OWN, "IpAddress": {"aws:SourceIp": "203.0.113.0/24"}},
            f"{UNDECIDED}-by-address",
            {"doubts": ("aws:SourceIp",), "doubtful": ("#1",)},
        ),
    ],
)
def test_what_leaves_it_open_is_named(condition: dict[str, Any], code: str, data: dict[str, Any]) -> None:
    (caution,) = cautions(when(**condition))
    common = {"account": ACCOUNT, "connectors": ("orders",), "patterns": (PATTERN,)}
    assert (caution.reason.code, dict(caution.reason.data)) == (code, {**common, **data})


@pytest.mark.parametrize(
    "value",
    [
        "<account>",
        "ACCOUNT_ID",
        "<your-account-id>",
        "{{account}}",
        "arn:aws:kafkaconnect:eu-west-1:ACCOUNT:connector/*",
    ],
)
def test_a_placeholder_is_told_from_another_account(value: str) -> None:
    key = "aws:SourceArn" if value.startswith("arn:") else "aws:SourceAccount"
    (caution,) = cautions(when(StringLike={key: value}))
    assert caution.reason.data["placeholders"] == (value,)


@pytest.mark.parametrize("value", ["123456789012", "444455556666", "4444*", "arn:aws:s3:::*", "arn:aws:logs:*:*:*"])
def test_another_account_is_no_placeholder(value: str) -> None:
    for caution in cautions(when(StringLike={"aws:SourceAccount": value})):
        assert "placeholders" not in caution.reason.data


def test_a_principal_that_was_deleted_is_nobody_else() -> None:
    gone = ["AROAEXAMPLEID000000001", "AIDAEXAMPLEID000000001"]
    trust = trust_of(role({**TRUST, "Principal": {"Service": "kafkaconnect.amazonaws.com", "AWS": gone}}), ())
    assert trust is not None
    assert (trust.deleted, trust.others) == (tuple(gone), ())


def test_a_stale_pin_is_named_beside_the_connector_that_it_misses() -> None:
    (caution,) = cautions(pinned(OLD_ARN))
    assert dict(caution.reason.data) == {
        "near": ("#1",),
        "pinned": (OLD_ARN,),
        "connectors": ("orders",),
        "account": ACCOUNT,
        "patterns": (PATTERN,),
    }


def test_a_refusal_names_the_deny_or_the_statement_that_nearly_fits() -> None:
    common = {"account": ACCOUNT, "connectors": ("orders",), "patterns": (PATTERN,)}
    (caution,) = cautions(TRUST, {**TRUST, "Effect": "Deny", "Sid": "Stop"})
    assert dict(caution.reason.data) == {"denied_by": ("Stop",), **common}
    (caution,) = cautions(when(StringEquals={"aws:SourceAccount": "444455556666"}))
    near = {"near": ("#1",), "unfit": ("aws:SourceAccount",), "has": ("444455556666",), "accounts": ("444455556666",)}
    assert dict(caution.reason.data) == {**near, **common}


EXAMPLE = "arn:aws:kafkaconnect:us-east-1:123456789012:connector/myConnector/abc12345-abcd-4444-a8b9-123456f513ed-2"


def test_two_obstacles_are_both_named() -> None:
    pasted = when(StringEquals={"aws:SourceAccount": "123456789012"}, ArnLike={"aws:SourceArn": EXAMPLE})
    (caution,) = cautions({**pasted, "Sid": "Example"}, {**TRUST, "Principal": {"Service": "ec2.amazonaws.com"}})
    said = dict(caution.reason.data)
    assert (said["near"], said["unfit"]) == (("Example",), ("aws:SourceAccount", "aws:SourceArn"))
    assert said["has"] == said["placeholders"] == ("123456789012", EXAMPLE)
    (caution,) = cautions(pasted, {**TRUST, "Effect": "Deny", "Sid": "Stop"})
    assert (caution.reason.data["denied_by"], caution.reason.data["near"]) == (("Stop",), ("#1",))


def test_a_statement_that_is_far_from_fitting_is_not_named() -> None:
    (caution,) = cautions({**TRUST, "Action": "sts:TagSession"}, {**TRUST, "Principal": {"AWS": ACCOUNT}})
    assert not {"near", "unfit", "has", "demanded"} & set(caution.reason.data)


def test_no_value_that_may_be_a_secret_is_told() -> None:
    hidden = when(StringEquals={"aws:UserAgent": "s3cr3t", "aws:SourceAccount": "444455556666"})
    (caution,) = cautions(hidden)
    assert "s3cr3t" not in str(caution)


def test_a_remedy_admits_every_connector_on_the_role_whatever_its_uuid() -> None:
    others = (summary("refunds"), summary("returns", "us-east-1"))
    gap = Unavailable("kafkaconnect:ListConnectors", "us-west-2", Cause.ACCESS_DENIED)
    shared = Evidence(
        CONNECTOR,
        role=role(TRUST),
        sharing=others,
        searched_regions=("eu-west-1", "us-east-1", "us-west-2"),
        gaps=(gap,),
    )
    (caution,) = warned(shared)
    assert caution.reason.data["patterns"] == (
        PATTERN,
        f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/refunds/*",
        f"arn:aws:kafkaconnect:us-east-1:{ACCOUNT}:connector/returns/*",
    )
    assert caution.reason.data["searched"] == ("eu-west-1", "us-east-1")


def test_a_remedy_for_many_connectors_admits_whole_regions_rather_than_leave_one_out() -> None:
    arns = [summary(f"c{number}", region).arn for number in range(9) for region in ("eu-west-1", "us-east-1")]
    (caution,) = shared_by(role(TRUST), arns)
    assert caution.reason.data["patterns"] == (
        f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/*",
        f"arn:aws:kafkaconnect:us-east-1:{ACCOUNT}:connector/*",
    )


@pytest.mark.parametrize(
    ("statement", "code", "concerned"),
    [
        (TRUST, CONFUSED, ("orders", "refunds")),
        (pinned(ARN), STALE, ("refunds",)),
        (pinned(OLD_ARN), STALE, ("orders", "refunds")),
        (when(StringEquals={"aws:SourceAccount": "444455556666"}), DENIES, ("orders", "refunds")),
    ],
)
def test_a_shared_role_gets_one_warning_that_names_whom_it_concerns(
    statement: Any, code: str, concerned: tuple[str, ...]
) -> None:
    (caution,) = shared_by(role(statement), (ARN, summary("refunds").arn))
    assert (caution.code.value, caution.reason.data["connectors"]) == (code, concerned)


@pytest.mark.parametrize("statement", [TRUST, pinned(OLD_ARN), {**TRUST, "Principal": {"Service": "x.amazonaws.com"}}])
def test_nobody_is_told_to_edit_the_trust_policy_of_a_service_linked_role(statement: Any) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/kafkaconnect.amazonaws.com/AWSServiceRoleForKafkaConnect"
    linked = Role(arn, "AWSServiceRoleForKafkaConnect", {"Version": "2012-10-17", "Statement": [statement]})
    assert shared_by(linked, (ARN,)) == []


@pytest.mark.parametrize(
    "unread",
    [None, *(Unavailable("iam:GetRole", ROLE_ARN, cause) for cause in Cause)],
    ids=lambda value: str(value)[:9],
)
def test_a_role_that_was_not_read_gives_no_warning(unread: Any) -> None:
    assert warned(Evidence(CONNECTOR, role=unread)) == []


def test_a_connector_whose_arn_says_nothing_gives_no_warning() -> None:
    given = Evidence(Connector("orders", "", "eu-west-1", "RUNNING", ROLE_ARN, "IAM"), role=role())
    assert warned(given) == []


def test_the_others_whom_the_policy_names_are_listed() -> None:
    named = {"Service": ["kafkaconnect.amazonaws.com", "ec2.amazonaws.com"], "AWS": f"arn:aws:iam::{ACCOUNT}:user/ann"}
    trust = trust_of(role({**TRUST, "Principal": named}, TRUST), ())
    assert trust is not None
    assert trust.others == (
        "ec2.amazonaws.com",
        f"arn:aws:iam::{ACCOUNT}:user/ann",
    )


@given(st.lists(st.sampled_from([TRUST, pinned(ARN), pinned(OLD_ARN), {**TRUST, "Effect": "Deny"}, None]), max_size=3))
@settings(max_examples=100, deadline=None)
def test_at_most_one_thing_is_wrong_with_a_trust_policy(statements: list[Any]) -> None:
    assert len(cautions(*statements)) <= 1


@given(DOCUMENTS | ANY_JSON)
@settings(max_examples=200, deadline=None)
def test_no_document_makes_the_rules_raise(document: Any) -> None:
    broken = Role(ROLE_ARN, "orders", document)
    for caution in warned(Evidence(CONNECTOR, role=broken)):
        assert all(isinstance(value, str | tuple) for value in caution.reason.data.values())
    trust = trust_of(broken, (ARN,))
    assert trust is not None
    assert all(isinstance(name, str) for name in trust.others)
