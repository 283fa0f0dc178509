"""The document that other programs read."""

import json
from typing import Any

import pytest

from bot.model import AssumeRoleHistory, Cause
from bot.reply.json import document
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
