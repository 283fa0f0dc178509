"""The document that other programs read."""

import json
from datetime import timedelta
from typing import Any

import pytest

from bot.model import AssumeRoleHistory, Cause, RegionShortfall, StopCause, Unavailable
from bot.reply.history import verdict
from bot.reply.json import document
from bot.reply.nouns import text_of
from tests.bot.reply import samples

CONNECTOR = {"connector", "verdict", "findings", "warnings", "trail", "unavailable"}
ROLE = {"role", "verdict", "warnings", "trail", "unavailable"}
FINDING = {
    "activity", "component", "subject", "path", "via", "uses_execution_role", "principal", "actions", "resources",
    "timing", "basis", "reason", "evidence", "source",
}  # fmt: skip
TRAIL = {
    "source", "regions", "window_from", "window_to", "read_from", "complete", "stopped_because", "last_assumed",
    "count", "failed", "others",
}  # fmt: skip


@pytest.mark.parametrize("name", samples.ANSWERS)
def test_a_document_has_the_agreed_keys_and_survives_json(name: str) -> None:
    answer = samples.ANSWERS[name]()
    made = document(answer)
    assert set(made) == (CONNECTOR if "connector" in made else ROLE)
    assert all(set(finding) == FINDING for finding in made.get("findings", ()))
    assert set(made["trail"] or ()) == (TRAIL if isinstance(answer.evidence.history, AssumeRoleHistory) else set())
    assert json.loads(json.dumps(made)) == made


def test_a_document_of_an_offline_answer_has_no_trail() -> None:
    made = document(samples.offline())
    assert made["trail"] is None
    assert made["verdict"]["code"] == "unconfirmed"


def test_a_document_names_who_else_assumed_the_role() -> None:
    [other] = document(samples.paused())["trail"]["others"]
    assert other == {
        "principal": f"arn:aws:sts::{samples.ACCOUNT}:assumed-role/Admin/alice",
        "count": 1,
        "last": "2026-11-23T02:00:13Z",
    }


def test_a_failed_read_says_what_why_and_what_would_mend_it() -> None:
    [gap] = document(samples.sealed())["unavailable"]
    assert gap["cause"] == Cause.ACCESS_DENIED
    assert gap["missing_action"] == "cloudtrail:LookupEvents"
    assert "cloudtrail:LookupEvents" in gap["why"]
    assert gap["remedy"].startswith("Allow cloudtrail:LookupEvents to the bot")


def test_no_document_holds_a_value_of_the_configuration() -> None:
    answer = samples.dormant()
    values = {value for value in answer.evidence.connector.configuration.values() if len(value) > 12}
    made: dict[str, Any] = document(answer)
    said = json.dumps({**made, "findings": [{**f, "reason": None} for f in made["findings"]]})
    assert not [value for value in values if value in said]


def test_a_reason_holds_arrays_numbers_and_times() -> None:
    made = document(samples.in_use())
    data = made["verdict"]["reason"]["data"]
    assert (data["count"], data["last"]) == (44, "2026-11-24T01:48:13Z")
    [secret] = [w for w in document(samples.dormant())["warnings"] if w["code"] == "plaintext-secret"]
    assert secret["reason"]["data"] == {"keys": ["connection.password"]}


@pytest.mark.parametrize("name", ["20260101T0000Z", "2026-01-01T00:00:00+00:00", "a, b", "12"])
def test_a_name_that_looks_like_a_time_a_number_or_a_list_stays_a_name(name: str) -> None:
    others = (samples.summary(name, role="orders-s3-sink-role"), samples.summary("refunds", role="orders-s3-sink-role"))
    made = document(samples.explained(samples.evidence(samples.connector(), sharing=others)))
    [shared] = [w for w in made["warnings"] if w["code"] == "role-shared"]
    assert shared["reason"]["data"] == {
        "count": 2,
        "connectors": [name, "refunds"],
        "regions": ["eu-west-1"],
    }


@pytest.mark.parametrize(
    "coverage",
    [
        {},
        {"stopped_because": StopCause.THROTTLED, "read_from": samples.NOW},
        {"gaps": (Unavailable("cloudtrail:LookupEvents", "us-east-1", Cause.TIMEOUT),)},
        {"shortfalls": (RegionShortfall("us-east-1", samples.NOW, StopCause.ERROR),)},
        {"read_from": samples.NOW - timedelta(days=3)},
        {"selectors_record_reads": False},
        {"aside": (Unavailable("cloudtrail:LookupEvents", "us-east-1", Cause.ACCESS_DENIED),)},
    ],
)
def test_a_history_is_complete_for_the_document_the_verdict_and_the_words_alike(coverage: dict[str, Any]) -> None:
    """A resting connector and silence: incomplete in one place is incomplete in all, and so is complete."""
    resting = samples.connector(state="PAUSED")
    answer = samples.explained(samples.evidence(resting, history=samples.history(coverage=coverage)))
    made, said = document(answer), text_of(verdict(answer))
    complete = made["trail"]["complete"]
    assert complete is (made["verdict"]["reason"]["code"] != "history-incomplete")
    assert complete is ("What was not read may hold it" not in said)
    assert complete is ("read completely." in said)
