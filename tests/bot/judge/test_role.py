"""Warnings about the role itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.judge import judge_role
from bot.judge.role import (
    assume_role_failing,
    assumed_by_others,
    role_missing,
    role_referred_to,
    role_shared,
    unusable_role,
)
from bot.model import (
    AssumeRoleEvent,
    AssumeRoleHistory,
    Cause,
    Caution,
    ConnectorSummary,
    Coverage,
    EvidenceKind,
    EvidenceRef,
    Referral,
    Role,
    RoleEvidence,
    Unavailable,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ROLE_ARN = "arn:aws:iam::111122223333:role/orders"
ANN = "arn:aws:iam::111122223333:user/ann"
START = NOW - timedelta(days=90)
COVERAGE = Coverage("event-history", ("eu-west-1",), START, NOW, START)
LAST = NOW - timedelta(days=1)
SERVICE_LINKED = (
    "arn:aws:iam::111122223333:role/aws-service-role/kafkaconnect.amazonaws.com/AWSServiceRoleForKafkaConnect"
)
GONE = Unavailable("iam:GetRole", ROLE_ARN, Cause.NOT_FOUND, error_code="NoSuchEntity")


def event(days: int, principal: str = "kafkaconnect.amazonaws.com", error: str = "") -> AssumeRoleEvent:
    return AssumeRoleEvent(NOW - timedelta(days=days), "eu-west-1", f"e{days}", principal, error_code=error)


def history(*events: AssumeRoleEvent) -> AssumeRoleHistory:
    return AssumeRoleHistory(ROLE_ARN, events, COVERAGE)


def summary(name: str, region: str = "eu-west-1") -> ConnectorSummary:
    return ConnectorSummary(name, f"arn:aws:kafkaconnect:{region}:111122223333:connector/{name}/1", region, "RUNNING")


def data(cautions: Any) -> list[dict[str, Any]]:
    return [dict(caution.reason.data) for caution in cautions]


@pytest.mark.parametrize("cause", Cause)
def test_only_iams_own_word_makes_a_role_missing(cause: Cause) -> None:
    assert data(role_missing(Unavailable("iam:GetRole", ROLE_ARN, cause), ROLE_ARN)) == (
        [{"role": ROLE_ARN}] if cause is Cause.NOT_FOUND else []
    )


def test_an_existing_or_unread_role_is_not_missing() -> None:
    for role in (None, Role(ROLE_ARN, "orders", {})):
        assert list(role_missing(role, ROLE_ARN)) == []


def test_a_shared_role_names_the_others() -> None:
    others = (summary("a"), summary("b", "us-east-1"))
    assert data(role_shared(others)) == [{"count": 2, "connectors": ("a", "b"), "regions": ("eu-west-1", "us-east-1")}]
    assert list(role_shared(())) == []


def test_a_long_list_is_cut_and_still_counted() -> None:
    (said,) = data(role_shared(tuple(summary(f"c{number}") for number in range(40))))
    assert (said["count"], len(said["connectors"])) == (40, 10)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ((), []),
        ((event(1),), []),
        ((event(1, ANN, "AccessDenied"),), []),
        (
            (event(1, ANN), event(2), event(3, "ec2.amazonaws.com"), event(4, ANN)),
            [{"principals": (ANN, "ec2.amazonaws.com"), "count": 3, "last": LAST}],
        ),
    ],
)
def test_somebody_else_who_assumed_the_role_is_named(seen: Any, expected: Any) -> None:
    assert data(assumed_by_others(history(*seen))) == expected


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ((), []),
        ((event(1),), []),
        ((event(1, ANN, "AccessDenied"),), []),
        ((event(1, error="AccessDenied"), event(2)), [{"count": 1, "last": LAST, "error": "AccessDenied"}]),
        (
            (event(1), event(2, error="AccessDenied")),
            [
                {
                    "count": 1,
                    "last": NOW - timedelta(days=2),
                    "error": "AccessDenied",
                    "succeeded_since": LAST,
                }
            ],
        ),
        ((event(1, error="ThrottlingException"),), [{"count": 1, "last": LAST, "error": "ThrottlingException"}]),
        ((event(1), event(2, error="ThrottlingException")), []),
    ],
)
def test_a_refused_role_is_reported_unless_a_passing_fault_was_made_good(seen: Any, expected: Any) -> None:
    assert data(assume_role_failing(history(*seen))) == expected


@pytest.mark.parametrize("unread", [None, Unavailable("cloudtrail:LookupEvents", ROLE_ARN, Cause.ACCESS_DENIED)])
def test_an_unread_history_gives_no_warning(unread: Any) -> None:
    assert [*assumed_by_others(unread), *assume_role_failing(unread)] == []


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (ROLE_ARN, []),
        (ANN, [("execution-role-not-a-role", {"arn": ANN}, "serviceExecutionRoleArn")]),
        ("orders", [("execution-role-not-a-role", {"arn": "orders"}, "serviceExecutionRoleArn")]),
        (
            SERVICE_LINKED,
            [("service-linked-role-as-execution-role", {"arn": SERVICE_LINKED}, "serviceExecutionRoleArn")],
        ),
    ],
)
def test_what_cannot_serve_as_execution_role_is_named(arn: str, expected: Any) -> None:
    found = list(unusable_role(arn))
    assert [(c.code.value, dict(c.reason.data), c.evidence[0].name) for c in found] == expected


def test_every_warning_says_what_shows_it() -> None:
    seen = history(event(1, ANN), event(2, ANN), event(3, ANN), event(4, ANN))
    refused = history(event(1, error="AccessDenied"))
    found = [*role_missing(GONE, ROLE_ARN), *role_shared((summary("a"),)), *assumed_by_others(seen)]
    found += assume_role_failing(refused)
    assert [[(shown.kind.value, shown.name) for shown in caution.evidence] for caution in found] == [
        [("api", "iam:GetRole")],
        [("api", "kafkaconnect:ListConnectors")],
        [("event", "e1"), ("event", "e2"), ("event", "e3")],
        [("event", "e1")],
    ]


def test_a_missing_role_names_one_that_is_called_alike() -> None:
    namesake = "arn:aws:iam::111122223333:role/service/orders"
    gone = Unavailable("iam:GetRole", ROLE_ARN, Cause.NOT_FOUND, namesake=namesake)
    assert data(role_missing(gone, ROLE_ARN)) == [{"role": ROLE_ARN, "namesake": namesake}]


def codes(cautions: tuple[Caution, ...]) -> list[str]:
    return [caution.code.value for caution in cautions]


def test_a_role_by_itself_gets_the_same_warnings() -> None:
    refusing = Role(ROLE_ARN, "orders", {"Version": "2012-10-17", "Statement": []})
    seen = history(event(1, error="AccessDenied"), event(2, ANN))
    whole = RoleEvidence(ROLE_ARN, refusing, (summary("a"), summary("b")), history=seen)
    assert codes(judge_role(whole).cautions) == [
        "trust-policy-denies-msk-connect",
        "assume-role-failing",
        "role-assumed-by-others",
        "role-shared",
    ]
    assert codes(judge_role(RoleEvidence(ROLE_ARN, GONE)).cautions) == ["role-missing"]
    assert codes(judge_role(RoleEvidence(ROLE_ARN, refusing)).cautions) == []
    assert codes(judge_role(RoleEvidence(ROLE_ARN, connectors=(summary("a"),))).cautions) == []


LINKED = "arn:aws:iam::111122223333:role/aws-service-role/kafkaconnect.amazonaws.com/AWSServiceRoleForKafkaConnect"


def test_a_service_linked_role_gets_its_own_warning_only_where_a_connector_names_it() -> None:
    linked = Role(LINKED, "AWSServiceRoleForKafkaConnect", {"Version": "2012-10-17", "Statement": []})
    named = RoleEvidence(LINKED, linked, (summary("catalog"),))
    assert codes(judge_role(named).cautions) == ["service-linked-role-as-execution-role"]
    assert codes(judge_role(RoleEvidence(LINKED, linked)).cautions) == []


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (ROLE_ARN, set()),
        ("arn:aws:iam::111122223333:role/service/team/orders", set()),
        ("arn:aws-cn:iam::111122223333:role/orders", set()),
        (
            "arn:aws:iam::111122223333:role/aws-service-role/kafkaconnect.amazonaws.com/AWSServiceRoleForKafkaConnect",
            {"service-linked-role-as-execution-role"},
        ),
        ("arn:aws:iam::111122223333:user/deployer", {"execution-role-not-a-role"}),
        ("arn:aws:iam::111122223333:root", {"execution-role-not-a-role"}),
        ("arn:aws:iam::111122223333:instance-profile/x", {"execution-role-not-a-role"}),
        ("arn:aws:sts::111122223333:assumed-role/orders/session", {"execution-role-not-a-role"}),
        ("MskConnectExecution", {"execution-role-not-a-role"}),
    ],
)
def test_an_execution_role_that_cannot_be_one_is_warned_of(role: str, expected: set[str]) -> None:
    assert set(codes(tuple(unusable_role(role)))) == expected


def test_a_connector_that_leads_to_the_role_is_shown_by_what_shows_that() -> None:
    def leading(name: str, **how: Any) -> Referral:
        own = ROLE_ARN.replace("orders", f"{name}-role")
        return Referral(ConnectorSummary(name, f"arn:{name}", "eu-west-1", "RUNNING", own), **how)

    by_key, by_role = role_referred_to(
        (leading("a", keys=("k",), trusted=True), leading("b", trusted=True), leading("c", seen=True))
    )
    assert (by_key.reason.data["connectors"], by_key.reason.data["keys"]) == (("a",), ("k",))
    assert by_key.evidence == (EvidenceRef(EvidenceKind.KEY, "k"),)
    assert by_role.reason.data["connectors"] == ("b", "c")
    assert by_role.reason.data["roles"] == tuple(ROLE_ARN.replace("orders", f"{name}-role") for name in "bc")
    assert by_role.evidence == (
        EvidenceRef(EvidenceKind.API, "iam:GetRole"),
        EvidenceRef(EvidenceKind.API, "cloudtrail:LookupEvents"),
    )
    (seen_only,) = role_referred_to((leading("c", seen=True),))
    assert seen_only.evidence == (EvidenceRef(EvidenceKind.API, "cloudtrail:LookupEvents"),)
    assert list(role_referred_to(())) == []
