"""Another store of the history needs its value in the registry, and nothing else."""

from __future__ import annotations

import json
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Any

import pytest

from bot.cloudtrail.stores import DEFAULT, STORES, HistoryStore, store_named
from bot.cloudtrail.stores.athena import ATHENA, AthenaOptions
from bot.cloudtrail.stores.event_history import EVENT_HISTORY
from bot.cloudtrail.stores.logs_insights import LOGS_INSIGHTS, LogsInsightsOptions
from bot.cloudtrail.stores.store import NO_ID, NoOptions, Trial
from bot.reply.wording import placeholders
from tests.bot.aws.history import doubles

OPTIONS = "LakeOptions(store_id='eds-1', pace='slow')"


@pytest.fixture(scope="module")
def seen() -> dict[str, Any]:
    """What a bot with a fourth store says of it."""
    made = subprocess.run(
        [sys.executable, "-m", "tests.bot.cloudtrail.fourth_store"],
        cwd=Path(__file__).parents[3],
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert made.returncode == 0, made.stderr
    found: dict[str, Any] = json.loads(made.stdout)
    return found


def test_the_settings_take_a_fourth_store(seen: dict[str, Any]) -> None:
    assert seen["options"] == OPTIONS
    assert seen["missing"] == ["MSK_ROLE_LAKE_STORE: missing; MSK_ROLE_HISTORY asks for lake"]
    assert seen["misshapen"] == ["MSK_ROLE_LAKE_PACE: expected slow or fast"]
    assert seen["unasked"] == ["MSK_ROLE_LAKE_PACE: MSK_ROLE_HISTORY never asks for lake"]
    assert "athena, lake, and account=" in seen["unknown"][0]


def test_questions_reach_as_far_back_as_a_fourth_store(seen: dict[str, Any]) -> None:
    assert (seen["longest"], seen["button"]) == (2500, 2500)


def test_the_doctor_tries_a_fourth_store_and_the_trail_behind_it(seen: dict[str, Any]) -> None:
    assert seen["operations"] == ["lake:StartQuery"]
    assert seen["tried"][-1] == "lake:StartQuery"
    assert "cloudtrail:GetTrailStatus" in seen["tried"]
    assert "allow lake:StartQuery, as statement ReadTrailThroughLake of" in seen["doctor"]
    assert "Without it an answer lacks when the role was last assumed" in seen["doctor"]


def test_answers_speak_of_a_fourth_store_by_its_own_words(seen: dict[str, Any]) -> None:
    assert seen["lacks"] == "The lake could not be queried: silence there is no evidence."
    assert "CloudTrail in a lake of eu-west-1" in seen["details"]
    assert "Searched: eds-1." in seen["details"]
    assert "A lake keeps what it is told to." in seen["details"]
    assert "For Lake SQL, on eds-1, for 90 days." in seen["query"]
    assert "SELECT 'arn:aws:iam:" in seen["query"]
    assert "set MSK_ROLE_HISTORY to logs-insights or athena or lake" in seen["fleet"]


def test_a_fourth_store_is_asked_about_roles_and_about_fleets(seen: dict[str, Any]) -> None:
    assert (seen["reader"], seen["fleet_reader"]) == (OPTIONS, OPTIONS)


def test_a_store_without_a_double_is_told_so() -> None:
    with pytest.raises(AssertionError, match="lake has no test double: describe it in DOUBLES"):
        doubles.double("lake")


@pytest.mark.parametrize("store", STORES, ids=lambda store: store.name)
def test_each_store_of_the_registry_is_whole(store: HistoryStore[Any]) -> None:
    assert store_named(store.name) is store
    assert store.starts in {operation.name for operation in store.operations}
    module, _, name = store.reader.partition(":")
    reader = getattr(import_module(module), name)
    assert callable(reader.of)
    assert hasattr(reader, "fleet") is store.answers_for_many
    double = doubles.double(store.name)
    tried = {trial.operation for trial in store.trials(double.options, ("eu-west-1",), "aws")}
    assert tried == {operation.name for operation in store.operations}
    assert {*double.finding, *filter(None, [double.stop])} <= tried
    for operation in store.operations:
        assert set(placeholders(operation.lacks)) <= {"operation", "resource"}


def test_the_registry_is_read_without_the_library_of_aws() -> None:
    code = "import sys, bot.settings, bot.reply.word; print({'boto3', 'botocore'} & set(sys.modules))"
    root = Path(__file__).parents[3]
    made = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True, check=True)
    assert made.stdout == "set()\n"


def test_no_name_setting_sid_or_operation_belongs_to_two_stores() -> None:
    for of_store in (
        [store.name for store in STORES],
        [store.sid for store in STORES],
        [setting.name for store in STORES for setting in store.settings],
        [operation.name for store in STORES for operation in store.operations],
    ):
        assert len(of_store) == len(set(of_store))


def test_the_store_that_is_asked_by_default_needs_no_setting() -> None:
    assert DEFAULT in STORES
    assert not DEFAULT.settings
    assert store_named("sea") is None


def test_event_history_is_tried_in_the_connectors_regions_and_where_global_sts_calls_are() -> None:
    assert list(EVENT_HISTORY.trials(NoOptions(), ("eu-west-1",), "aws")) == [
        Trial("cloudtrail:LookupEvents", region, {"MaxResults": 1}) for region in ("eu-west-1", "us-east-1")
    ]


def test_athena_is_tried_on_its_table_with_a_query_that_scans_nothing() -> None:
    options = AthenaOptions("trails", "logs", output_location="s3://results/bot/", region="eu-central-1")
    tried = {trial.operation: trial for trial in ATHENA.trials(options, ("eu-west-1",), "aws")}
    assert {trial.region for trial in tried.values()} == {"eu-central-1"}
    assert {name: trial.parameters for name, trial in tried.items()} == {
        "athena:GetTableMetadata": {
            "CatalogName": "AwsDataCatalog",
            "DatabaseName": "trails",
            "TableName": "logs",
        },
        "athena:StartQueryExecution": {
            "QueryString": "SELECT 1",
            "WorkGroup": "primary",
            "ResultConfiguration": {"OutputLocation": "s3://results/bot/"},
        },
        **{
            f"athena:{name}": {"QueryExecutionId": NO_ID}
            for name in ("GetQueryExecution", "GetQueryResults", "StopQueryExecution")
        },
    }


def test_a_log_group_is_tried_in_its_own_region() -> None:
    group = "arn:aws:logs:eu-central-1:111122223333:log-group:trail/management"
    assert list(LOGS_INSIGHTS.trials(LogsInsightsOptions((group,)), ("eu-west-1",), "aws")) == [
        Trial("logs:DescribeLogGroups", "eu-central-1", {"limit": 1}),
        Trial(
            "logs:StartQuery",
            "eu-central-1",
            {
                "logGroupIdentifiers": [group],
                "queryString": "fields @timestamp | limit 1",
                "startTime": 0,
                "endTime": 1,
            },
        ),
        Trial("logs:GetQueryResults", "eu-central-1", {"queryId": NO_ID}),
        Trial("logs:StopQuery", "eu-central-1", {"queryId": NO_ID}),
    ]
