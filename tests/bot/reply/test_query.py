"""The query is one that can be run where the answer was read."""

from dataclasses import replace

import pytest

from bot.model import AssumeRoleHistory, ConnectorAnswer
from bot.reply import text, word
from tests.bot.reply import samples

GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail"


def read_from(source: str, *places: str) -> ConnectorAnswer:
    answer = samples.in_use()
    history = answer.evidence.history
    assert isinstance(history, AssumeRoleHistory)
    stored = replace(history, coverage=replace(history.coverage, source=source, places=places))
    return replace(answer, evidence=replace(answer.evidence, history=stored))


@pytest.mark.parametrize(
    ("source", "places", "has", "lacks"),
    [
        ("event-history", (), ("in the one region where that group is", "lookup-events"), ("SELECT",)),
        ("logs-insights", (GROUP,), (f"on {GROUP}", "| filter eventName"), ("lookup-events", "SELECT")),
        ("athena", ("audit.trail",), ('FROM "audit"."trail"', "region IN ('eu-west-1'"), ("lookup-events", "| filter")),
    ],
)
def test_a_query_is_in_the_language_of_its_store(
    source: str, places: tuple[str, ...], has: tuple[str, ...], lacks: tuple[str, ...]
) -> None:
    said = " ".join(text.plain(word.query(read_from(source, *places))).split())
    assert all(part in said for part in has)
    assert not any(part in said for part in lacks)


@pytest.mark.parametrize(("source", "places"), [("logs-insights", (GROUP,)), ("athena", ("audit.trail",))])
def test_the_details_name_the_store(source: str, places: tuple[str, ...]) -> None:
    said = text.plain(word.details(read_from(source, *places)))
    assert f"Searched: {places[0]}" in said
