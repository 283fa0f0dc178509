"""Whole configurations, most of them published ones, with what must, may and must not be found in them.

A label's missing key means any value, a list means any of these. Nothing besides the labels may be found on the
execution role. What a label's ``actions_include`` or ``resources_exclude`` and the like name is asked of all findings
that agree with it, taken together: a plain word has to be admitted by one of them, as IAM reads ``*`` and ``?``, and
``re:…`` is looked for in each.
"""

from __future__ import annotations

import json
import re
from fnmatch import fnmatchcase
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
_LISTED = ("actions_include", "actions_exclude", "resources_include", "resources_exclude")

Label = dict[str, Any]


def read(name: str) -> tuple[ConnectorAnswer, dict[str, Any]]:
    folder = _CASES / name
    connector = connector_from(json.loads((folder / "connector.json").read_text()))
    file = folder / "worker.properties"
    worker = WorkerConfiguration("", "", None, worker_properties(file.read_text())) if file.exists() else None
    return offline(connector, worker, CATALOGUE), json.loads((folder / "expected.json").read_text())


def _agrees(finding: Finding, label: Label) -> bool:
    return all(
        getattr(finding, key) in (wanted if isinstance(wanted, list) else [wanted])
        for key, wanted in label.items()
        if key not in _LISTED
    )


def _missing(findings: tuple[Finding, ...], labels: list[Label]) -> list[Label]:
    return [label for label in labels if not any(_agrees(finding, label) for finding in findings)]


def _admits(listed: list[str], text: str) -> bool:
    if text.startswith("re:"):
        return any(re.search(text[3:], one) for one in listed)
    return any(fnmatchcase(text.lower(), one.lower().replace("[", "[[]")) for one in listed)


def _unmet(findings: tuple[Finding, ...], label: Label) -> list[str]:
    agreeing = [finding for finding in findings if _agrees(finding, label)]
    unmet = []
    for key in _LISTED:
        field, _, included = key.partition("_")
        listed = [one for finding in agreeing for one in getattr(finding, field)]
        unmet += [f"{key} {text}" for text in label.get(key, ()) if _admits(listed, text) != (included == "include")]
    return unmet


def _is_granted(findings: tuple[Finding, ...], grant: dict[str, Any]) -> bool:
    return any(
        _agrees(finding, grant.get("in", {}))
        and _admits(list(finding.actions), grant["action"])
        and _admits(list(finding.resources), grant["resource"])
        for finding in findings
    )


def test_there_are_a_hundred_and_thirty_five_cases() -> None:
    assert len(NAMES) == 135


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
def test_a_case_lists_the_actions_and_resources_that_it_needs(name: str) -> None:
    answer, expected = read(name)

    assert [unmet for label in expected["findings"] for unmet in _unmet(answer.findings, label)] == []
    assert [grant for grant in expected.get("grants", ()) if not _is_granted(answer.findings, grant)] == []
    listed = [resource for finding in answer.findings for resource in finding.resources]
    assert [text for text in expected.get("resources_forbidden", ()) if _admits(listed, f"re:{text}")] == []


@pytest.mark.parametrize("name", NAMES)
def test_a_warning_of_a_case_names_the_keys_that_carry_the_fact(name: str) -> None:
    answer, expected = read(name)

    for code, wanted in expected.get("warning_keys", {}).items():
        told = [caution.reason.data["keys"] for caution in answer.cautions if caution.code == code]
        assert all(isinstance(names, tuple) for names in told)
        named = {name for names in told if isinstance(names, tuple) for name in names}
        assert set(wanted.get("include", ())) <= named
        assert named.isdisjoint(wanted.get("exclude", ()))


@pytest.mark.parametrize("name", NAMES)
def test_a_case_shows_no_secret(name: str) -> None:
    answer, _ = read(name)

    assert "CANARY" not in repr(answer)
