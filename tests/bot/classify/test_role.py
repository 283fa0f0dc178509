"""Warnings about the role itself."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.classify.role import assume_role_failing, role_assumed_by_others, role_cautions, role_missing, role_shared
from bot.model import (
    AssumeRoleEvent,
    AssumeRoleHistory,
    Cause,
    Caution,
    Connector,
    ConnectorSummary,
    Coverage,
    Evidence,
    Role,
    RoleEvidence,
    Unavailable,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
ROLE_ARN = "arn:aws:iam::111122223333:role/orders"
ARN = "arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders/0a1b2c3d-1"
CONNECTOR = Connector("orders", ARN, "eu-west-1", "RUNNING", ROLE_ARN, "IAM")
ANN = "arn:aws:iam::111122223333:user/ann"
START = NOW - timedelta(days=90)
COVERAGE = Coverage("event-history", ("eu-west-1",), START, NOW, START, complete=True)
GONE = Unavailable("iam:GetRole", ROLE_ARN, Cause.NOT_FOUND, error_code="NoSuchEntity")


def event(days: int, principal: str = "kafkaconnect.amazonaws.com", error: str = "") -> AssumeRoleEvent:
    return AssumeRoleEvent(NOW - timedelta(days=days), "eu-west-1", f"e{days}", principal, error_code=error)


def history(*events: AssumeRoleEvent) -> AssumeRoleHistory:
    return AssumeRoleHistory(ROLE_ARN, events, COVERAGE)


def summary(name: str, region: str = "eu-west-1") -> ConnectorSummary:
    return ConnectorSummary(name, f"arn:aws:kafkaconnect:{region}:111122223333:connector/{name}/1", region, "RUNNING")


def data(cautions: Any) -> list[dict[str, str]]:
    return [dict(caution.reason.data) for caution in cautions]


@pytest.mark.parametrize("cause", Cause)
def test_only_iams_own_word_makes_a_role_missing(cause: Cause) -> None:
    given = Evidence(CONNECTOR, role=Unavailable("iam:GetRole", ROLE_ARN, cause))
    assert data(role_missing(given, None)) == ([{"role": ROLE_ARN}] if cause is Cause.NOT_FOUND else [])


def test_an_existing_or_unread_role_is_not_missing() -> None:
    for role in (None, Role(ROLE_ARN, "orders", {})):
        assert list(role_missing(Evidence(CONNECTOR, role=role), None)) == []


def test_a_shared_role_names_the_others() -> None:
    given = Evidence(CONNECTOR, sharing=(summary("a"), summary("b", "us-east-1")))
    assert data(role_shared(given, None)) == [{"count": "2", "connectors": "a, b", "regions": "eu-west-1, us-east-1"}]
    assert list(role_shared(Evidence(CONNECTOR), None)) == []


def test_a_long_list_is_cut_and_still_counted() -> None:
    given = Evidence(CONNECTOR, sharing=tuple(summary(f"c{number}") for number in range(40)))
    (said,) = data(role_shared(given, None))
    assert (said["count"], said["connectors"].count(",")) == ("40", 9)


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ((), []),
        ((event(1),), []),
        ((event(1, ANN, "AccessDenied"),), []),
        (
            (event(1, ANN), event(2), event(3, "ec2.amazonaws.com"), event(4, ANN)),
            [{"principals": f"{ANN}, ec2.amazonaws.com", "count": "3", "last": "2026-11-23T00:00:00+00:00"}],
        ),
    ],
)
def test_somebody_else_who_assumed_the_role_is_named(seen: Any, expected: Any) -> None:
    assert data(role_assumed_by_others(Evidence(CONNECTOR, history=history(*seen)), None)) == expected


LAST = "2026-11-23T00:00:00+00:00"


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        ((), []),
        ((event(1),), []),
        ((event(1, ANN, "AccessDenied"),), []),
        ((event(1, error="AccessDenied"), event(2)), [{"count": "1", "last": LAST, "error": "AccessDenied"}]),
        (
            (event(1), event(2, error="AccessDenied")),
            [
                {
                    "count": "1",
                    "last": "2026-11-22T00:00:00+00:00",
                    "error": "AccessDenied",
                    "succeeded_since": LAST,
                }
            ],
        ),
        ((event(1, error="ThrottlingException"),), [{"count": "1", "last": LAST, "error": "ThrottlingException"}]),
        ((event(1), event(2, error="ThrottlingException")), []),
    ],
)
def test_a_refused_role_is_reported_unless_a_passing_fault_was_made_good(seen: Any, expected: Any) -> None:
    assert data(assume_role_failing(Evidence(CONNECTOR, history=history(*seen)), None)) == expected


@pytest.mark.parametrize("unread", [None, Unavailable("cloudtrail:LookupEvents", ROLE_ARN, Cause.ACCESS_DENIED)])
def test_an_unread_history_gives_no_warning(unread: Any) -> None:
    given = Evidence(CONNECTOR, history=unread)
    assert [*role_assumed_by_others(given, None), *assume_role_failing(given, None)] == []


def codes(cautions: tuple[Caution, ...]) -> list[str]:
    return [caution.code.value for caution in cautions]


def test_a_role_by_itself_gets_the_same_warnings() -> None:
    refusing = Role(ROLE_ARN, "orders", {"Version": "2012-10-17", "Statement": []})
    seen = history(event(1, error="AccessDenied"), event(2, ANN))
    whole = RoleEvidence(ROLE_ARN, refusing, (summary("a"), summary("b")), history=seen)
    assert codes(role_cautions(whole)) == [
        "trust-policy-denies-msk-connect",
        "role-shared",
        "role-assumed-by-others",
        "assume-role-failing",
    ]
    assert codes(role_cautions(RoleEvidence(ROLE_ARN, GONE))) == ["role-missing"]
    assert codes(role_cautions(RoleEvidence(ROLE_ARN, refusing))) == []
    assert codes(role_cautions(RoleEvidence(ROLE_ARN, connectors=(summary("a"),)))) == []


LINKED = "arn:aws:iam::111122223333:role/aws-service-role/kafkaconnect.amazonaws.com/AWSServiceRoleForKafkaConnect"


def test_a_service_linked_role_gets_its_own_warning_only_where_a_connector_names_it() -> None:
    linked = Role(LINKED, "AWSServiceRoleForKafkaConnect", {"Version": "2012-10-17", "Statement": []})
    named = RoleEvidence(LINKED, linked, (summary("catalog"),))
    assert codes(role_cautions(named)) == ["service-linked-role-as-execution-role"]
    assert codes(role_cautions(RoleEvidence(LINKED, linked))) == []
