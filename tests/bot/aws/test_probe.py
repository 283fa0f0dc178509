"""Trying every operation on the embedded AWS: what the policy takes away is denied, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.arn import parse_arn
from bot.aws.probe import discover, examine, made_up
from bot.aws.sessions import Clients, Patience
from bot.cloudtrail.stores import ATHENA, LOGS_INSIGHTS, AthenaOptions, LogsInsightsOptions
from bot.doctor.diagnosis import AwsDiagnosis, Reach
from bot.doctor.permissions import OPERATIONS, Purpose, action
from bot.model import Cause, Unavailable
from bot.pipe.ports import Deadline
from bot.sandbox.aws import EmbeddedAws
from bot.settings import HistorySettings

REGIONS = ("eu-west-1", "us-east-1")
POLICY: dict[str, Any] = json.loads((Path(__file__).parents[3] / "deploy" / "iam-policy.json").read_text())
CORE = [o for p in (Purpose.CONNECTORS, Purpose.ROLES, Purpose.LOG_GRANTS) for o in OPERATIONS[p]]


@pytest.fixture
def clients(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Clients:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    return Clients(patience=Patience(attempts=1))


def tried(clients: Clients, history: HistorySettings | None = None, seconds: float = 30) -> AwsDiagnosis:
    return examine(clients, REGIONS, history or HistorySettings(), Deadline.after(seconds))


def reached(diagnosis: AwsDiagnosis, reach: Reach) -> set[str]:
    return {probe.operation for probe in diagnosis.probes if probe.reach is reach}


def without(*actions: str) -> dict[str, Any]:
    statements = [dict(statement) for statement in POLICY["Statement"]]
    for statement in statements:
        listed = statement["Action"]
        statement["Action"] = [a for a in ([listed] if isinstance(listed, str) else listed) if a not in actions]
    return {**POLICY, "Statement": statements}


def test_under_the_bots_own_policy_every_operation_is_allowed(aws: EmbeddedAws, clients: Clients) -> None:
    aws.authorise(POLICY)
    diagnosis = tried(clients)
    assert reached(diagnosis, Reach.ALLOWED) == {*CORE, "cloudtrail:LookupEvents"}
    assert {probe.reach for probe in diagnosis.probes} == {Reach.ALLOWED}
    assert {probe.region for probe in diagnosis.probes} == set(REGIONS)


@pytest.mark.parametrize("operation", [*CORE, "cloudtrail:LookupEvents"])
def test_an_action_that_the_policy_lacks_is_found_denied_and_no_other(
    aws: EmbeddedAws, clients: Clients, operation: str
) -> None:
    aws.authorise(without(action(operation)))
    diagnosis = tried(clients)
    assert reached(diagnosis, Reach.DENIED) == {operation}
    assert {probe.action for probe in diagnosis.probes if probe.reach is Reach.DENIED} == {action(operation)}


def test_event_history_is_tried_where_global_calls_are_recorded_too(clients: Clients) -> None:
    diagnosis = examine(clients, ("eu-west-1",), HistorySettings(), Deadline.after(30))
    looked_up = [probe.region for probe in diagnosis.probes if probe.operation == "cloudtrail:LookupEvents"]
    assert looked_up == ["eu-west-1", "us-east-1"]


def test_only_the_history_that_the_settings_ask_for_is_tried(aws: EmbeddedAws, clients: Clients) -> None:
    log_group = "arn:aws:logs:eu-west-1:111122223333:log-group:trail"
    history = HistorySettings(
        LOGS_INSIGHTS,
        {"us-east-1": ATHENA},
        {LOGS_INSIGHTS: LogsInsightsOptions((log_group,)), ATHENA: AthenaOptions("audit", "cloudtrail_logs")},
    )
    aws.authorise({"Version": "2012-10-17", "Statement": []})
    denied = reached(tried(clients, history), Reach.DENIED)
    assert denied == {
        *CORE,
        *OPERATIONS[Purpose.TRAILS],
        *OPERATIONS[LOGS_INSIGHTS.sid],
        *OPERATIONS[ATHENA.sid],
    }


def test_an_operation_that_does_not_answer_is_unreachable_and_costs_only_itself(
    aws: EmbeddedAws, clients: Clients
) -> None:
    aws.fail("kms:GetKeyPolicy", "error-500")
    aws.fail("iam:GetRole", "throttled")
    assert reached(tried(clients), Reach.UNREACHABLE) == {"kms:GetKeyPolicy", "iam:GetRole"}


def test_a_hanging_aws_ends_at_the_deadline(aws: EmbeddedAws, clients: Clients) -> None:
    aws.fail("s3:GetBucketPolicy", "hang")
    diagnosis = tried(clients, seconds=3)
    assert reached(diagnosis, Reach.UNREACHABLE) == {"s3:GetBucketPolicy"}


def test_without_an_identity_nothing_else_is_tried(
    aws: EmbeddedAws, clients: Clients, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY"):
        monkeypatch.delenv(name)
    diagnosis = tried(clients)
    assert diagnosis.probes == ()
    assert isinstance(diagnosis.caller, Unavailable)
    assert (diagnosis.caller.cause, diagnosis.caller.error_code) == (Cause.ERROR, "NoCredentialsError")
    assert aws.calls() == []


def test_real_resources_are_tried_before_made_up_ones(aws: EmbeddedAws, clients: Clients) -> None:
    identity = parse_arn("arn:aws:sts::111122223333:assumed-role/bot/x")
    assert identity is not None
    found, invented = discover(clients, "eu-west-1", identity), made_up("eu-west-1", identity)
    assert found.connector != invented.connector
    assert found.role != invented.role
    assert found.bucket != invented.bucket
    aws.fail("kafkaconnect:ListConnectors", "access-denied")
    assert discover(clients, "eu-west-1", identity) == invented
