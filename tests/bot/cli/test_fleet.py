"""``python -m bot fleet`` over the embedded AWS, whose trail delivers to a log group and to an Athena table."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any, NamedTuple

import pytest

from bot.__main__ import main
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, log_group_arn, role_arn
from bot.sandbox.scenario.table import DATABASE, TABLE

INSIGHTS = {
    "MSK_ROLE_HISTORY": "logs-insights",
    "MSK_ROLE_LOG_GROUPS": log_group_arn("cloudtrail/management-events", EU),
}
ATHENA = {
    "MSK_ROLE_HISTORY": "athena",
    "MSK_ROLE_ATHENA_DATABASE": DATABASE,
    "MSK_ROLE_ATHENA_TABLE": TABLE,
    "MSK_ROLE_ATHENA_OUTPUT": "s3://acme-athena-results/bot/",
    "MSK_ROLE_ATHENA_REGION": EU,
}
SILENT = {"clicks-firehose-sink", "customers-jdbc", "ledger", "legacy-orders-s3-sink", "shipping-s3-sink"}


class Said(NamedTuple):
    status: int
    out: str
    err: str

    @property
    def documents(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.out.splitlines()]


Fleet = Callable[..., Said]


@pytest.fixture
def fleet(
    aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> Iterator[Fleet]:
    """Run the command in this process, whose AWS clients read the process's own environment."""
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("COLUMNS", "250")  # no line of the table is wrapped
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)

    def run(*words: str, settings: Mapping[str, str] = INSIGHTS) -> Said:
        status = main(("fleet", *words), {"MSK_ROLE_REGIONS": "eu-west-1,us-east-1", **settings})
        return Said(status, *capsys.readouterr())

    yield run
    logging.disable(logging.NOTSET)


@pytest.mark.parametrize("settings", [INSIGHTS, ATHENA], ids=["logs-insights", "athena"])
def test_every_role_is_one_object_and_those_not_observed_come_first(
    aws: EmbeddedAws, fleet: Fleet, settings: Mapping[str, str]
) -> None:
    said = fleet("--json", settings=settings)
    assert (said.status, said.err) == (0, "")
    sightings = [document["sighting"] for document in said.documents]
    assert sightings == ["not-observed"] * 6 + ["observed"] * 13
    silent = {document["role"]["arn"] for document in said.documents[:6]}
    assert {role_arn(f"{name}-role") for name in SILENT} < silent
    times = [document["trail"]["last_assumed"] for document in said.documents[6:]]
    assert times == sorted(times)
    started = ("logs:StartQuery", "athena:StartQueryExecution")
    assert sum(call.operation in started for call in aws.calls()) == 1


def test_an_object_names_connectors_coverage_and_count(fleet: Fleet) -> None:
    shared = next(d for d in fleet("--json").documents if d["role"]["arn"] == role_arn("shared-sinks-role"))
    assert list(shared) == ["role", "sighting", "trail", "unavailable"]
    connectors = shared["role"]["connectors"]
    assert [(c["name"], c["state"], c["region"]) for c in connectors] == [
        ("refunds-s3-sink", "RUNNING", EU),
        ("returns-s3-sink", "RUNNING", EU),
    ]
    trail = shared["trail"]
    assert (trail["source"], trail["complete"], trail["count"]) == ("logs-insights", True, 36)
    assert trail["bytes_scanned"] > 0
    assert shared["unavailable"] == []


def test_the_table_says_what_it_rests_on_and_what_comes_next(fleet: Fleet) -> None:
    said = fleet("10d", "us-east-1")
    assert said.status == 0
    text = said.out
    assert "8 roles, named by 8 connectors in us-east-1: 4 not observed in 10 days, read completely" in text
    assert "Not observed is no permission to delete" in text
    assert "KiB scanned" in text
    assert "python -m bot ask NAME" in text
    assert "/msk-role NAME" in text
    assert "unused" not in text
    assert "safe to delete" not in text


def test_athena_looks_further_back_than_event_history_keeps(fleet: Fleet) -> None:
    customers = {d["role"]["arn"]: d for d in fleet("200d", "--json", settings=ATHENA).documents}
    assert customers[role_arn("customers-jdbc-role")]["sighting"] == "observed"


def test_a_role_whose_store_is_event_history_is_not_called_silent(fleet: Fleet) -> None:
    settings = {**INSIGHTS, "MSK_ROLE_HISTORY": "event-history,us-east-1=logs-insights"}
    found = {d["role"]["arn"]: d for d in fleet("--json", settings=settings).documents}
    customers = found[role_arn("customers-jdbc-role")]
    assert (customers["sighting"], customers["trail"]) == ("not-asked", None)
    assert found[role_arn("shipping-s3-sink-role")]["sighting"] == "not-observed"


def test_what_could_not_be_read_is_part_of_the_answer(aws: EmbeddedAws, fleet: Fleet) -> None:
    aws.fail("logs:StartQuery", "access-denied")
    aws.fail("kafkaconnect:ListConnectors", "access-denied", region="us-east-1")
    said = fleet("--json")
    assert (said.status, said.err) == (0, "")
    assert {(d["sighting"], d["trail"]) for d in said.documents} == {("not-read", None)}
    (gaps,) = {tuple(gap["missing_action"] for gap in d["unavailable"]) for d in said.documents}
    assert gaps == ("kafkaconnect:ListConnectors", "logs:StartQuery")
    assert "when they were assumed is not known" in fleet().out


def test_a_trail_that_records_writes_only_shows_no_absence(aws: EmbeddedAws, fleet: Fleet) -> None:
    writes = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}
    aws.client("cloudtrail").put_event_selectors(TrailName="management-events", EventSelectors=[writes])
    text = fleet("10d").out
    assert "19 not observed in 10 days, not read completely" in text
    assert "days, read completely" not in text
    assert "the trail does not record read-only events" in text


@pytest.mark.parametrize(
    ("words", "settings", "expected"),
    [
        ((), {}, (2, "set MSK_ROLE_HISTORY to logs-insights or athena")),
        ((), {"MSK_ROLE_HISTORY": "athena"}, (2, "MSK_ROLE_ATHENA_DATABASE: missing")),
        (("orders-s3-sink",), INSIGHTS, (2, "orders-s3-sink is neither a window nor a region")),
        (("!",), INSIGHTS, (2, "! is neither a window nor a region")),
        (("help",), INSIGHTS, (2, "help is neither a window nor a region")),
        (("731d",), INSIGHTS, (2, "The window is 1d to 730d.")),
        (("7d", "8d"), INSIGHTS, (2, "One window at a time: 8d is the second.")),
        (("eu-central-1",), INSIGHTS, (1, "This bot does not search eu-central-1. It searches eu-west-1, us-east-1.")),
    ],
)
def test_what_has_no_answer_is_one_line_and_a_status(
    aws: EmbeddedAws, fleet: Fleet, words: tuple[str, ...], settings: Mapping[str, str], expected: tuple[int, str]
) -> None:
    status, line = expected
    said = fleet(*words, settings=settings)
    assert (said.status, said.out) == (status, "")
    assert line in said.err
    assert not [call for call in aws.calls() if call.operation == "kafkaconnect:ListConnectors"]


def test_a_scope_without_connectors_has_no_answer(aws: EmbeddedAws, fleet: Fleet) -> None:
    said = fleet(settings={**INSIGHTS, "MSK_ROLE_REGIONS": "ap-southeast-2"})
    assert (said.status, said.out) == (1, "")
    assert "No connector in ap-southeast-2" in said.err
    aws.fail("kafkaconnect:ListConnectors", "access-denied")
    said = fleet()
    assert (said.status, said.out) == (1, "")
    assert "lack kafkaconnect:ListConnectors" in said.err
    assert said.err.count("\n") == 1
