"""Whole configurations, most of them published ones, with what must, may and must not be found in them.

A label's missing key means any value, a list means any of these. Nothing besides the labels may be found on the
execution role.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.aws.shapes import connector_from, worker_properties
from bot.model import ConnectorAnswer, Finding, Uses, WorkerConfiguration
from bot.pipe.explain import offline
from tests.bot.classify.support import CATALOGUE

_CASES = Path(__file__).parents[2] / "cases"
NAMES = sorted(path.parent.name for path in _CASES.glob("*/connector.json"))
_EVERY = json.loads((_CASES / "every.json").read_text())

Label = dict[str, Any]


def read(name: str) -> tuple[ConnectorAnswer, dict[str, Any]]:
    folder = _CASES / name
    connector = connector_from(json.loads((folder / "connector.json").read_text()))
    file = folder / "worker.properties"
    worker = WorkerConfiguration("", "", None, worker_properties(file.read_text())) if file.exists() else None
    return offline(connector, worker, CATALOGUE), json.loads((folder / "expected.json").read_text())


def _agrees(finding: Finding, label: Label) -> bool:
    return all(
        getattr(finding, key) in (wanted if isinstance(wanted, list) else [wanted]) for key, wanted in label.items()
    )


def _missing(findings: tuple[Finding, ...], labels: list[Label]) -> list[Label]:
    return [label for label in labels if not any(_agrees(finding, label) for finding in findings)]


def test_there_are_fifty_cases() -> None:
    assert len(NAMES) == 50


@pytest.mark.parametrize("name", NAMES)
def test_a_case_has_what_it_must_have_and_nothing_that_it_must_not(name: str) -> None:
    answer, expected = read(name)

    assert _missing(answer.findings, expected["findings"] + _EVERY["findings"]) == []
    allowed = expected["findings"] + expected["optional"] + _EVERY["findings"]
    assert [
        finding
        for finding in answer.findings
        if finding.uses_execution_role is Uses.YES and not any(_agrees(finding, label) for label in allowed)
    ] == []
    assert [
        (finding, label)
        for finding in answer.findings
        for label in expected["forbidden"] + _EVERY["forbidden"]
        if _agrees(finding, label)
    ] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_case_warns_of_what_it_must_and_of_nothing_that_it_must_not(name: str) -> None:
    answer, expected = read(name)

    codes = {caution.code.value for caution in answer.cautions}
    assert set(expected["warnings"]) <= codes
    assert codes.isdisjoint(expected["warnings_forbidden"])


@pytest.mark.parametrize("name", NAMES)
def test_a_case_shows_no_secret(name: str) -> None:
    answer, _ = read(name)

    assert "CANARY" not in repr(answer)
