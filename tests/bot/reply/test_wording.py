"""Every code has its sentence, and every sentence can be filled."""

from collections.abc import Iterator, Mapping
from enum import StrEnum

import pytest

from bot.doctor.permissions import OPERATIONS
from bot.model import (
    Activity,
    Basis,
    Cause,
    CautionCode,
    Component,
    PermissionPath,
    ReasonCode,
    StopCause,
    Timing,
    Unavailable,
    VerdictCode,
    VerdictReason,
)
from bot.pipe.parse import GRAMMAR, Problem
from bot.pipe.unanswerable import InvalidQuestion
from bot.reply import text, word
from bot.reply.buttons import FORGED, Press
from bot.reply.refusal import Refusal
from bot.reply.wording import Templates, choose, fill, gaps, names, phrases, placeholders
from bot.reply.wording.cautions import CAUTIONS, FINER
from bot.reply.wording.failures import OTHER_PROBLEM, PROBLEMS, REFUSALS
from bot.reply.wording.findings import FINDINGS
from bot.reply.wording.notes import NOTES, Topic, about
from bot.reply.wording.verdicts import REASONS, VERDICTS

#: What the rules give beside their codes, and what the reply adds of its own.
FINDING_DATA = {"keys", "principal", "service", "role", "key", "host", "class", "alias"}
CAUTION_DATA = {
    "account", "accounts", "alias", "arn", "class", "components", "connector", "connectors", "count", "created",
    "demanded", "denied_by", "doubtful", "doubts", "error", "has", "host", "key", "keys", "lacking", "last", "limit",
    "missing", "name", "namesake", "near", "open_by", "operation", "patterns", "pinned", "placeholders", "present",
    "principals", "revision", "role", "roles", "room", "roomiest", "searched", "subjects", "succeeded_since", "type",
    "unfit",
}  # fmt: skip
VERDICT_DATA = {
    "at", "change", "connector", "connectors", "coverage", "created", "error", "field", "last", "principals", "ran",
    "refused", "region", "regions", "rhythm", "times", "window",
}  # fmt: skip
GAP_DATA = {"operation", "resource", "missing_action", "error_code"}

COMPLETE: Mapping[type[StrEnum], object] = {
    Activity: names.ACTIVITIES,
    Component: names.COMPONENTS,
    PermissionPath: names.PATHS,
    Timing: names.TIMINGS,
    CautionCode: CAUTIONS,
    VerdictReason: REASONS,
    VerdictCode: VERDICTS,
    Cause: gaps.WHY,
    StopCause: gaps.STOPPED,
    Refusal: REFUSALS,
    Press: {**phrases.BUTTONS, Press.CHOOSE: "the connector's name"},
    Topic: {note.topic for note in NOTES},
}


@pytest.mark.parametrize("codes", COMPLETE, ids=lambda codes: codes.__name__)
def test_every_code_has_its_words(codes: type[StrEnum]) -> None:
    worded = COMPLETE[codes]
    assert isinstance(worded, Mapping | set)
    assert set(codes) == set(worded)


def test_every_reason_belongs_to_findings_or_to_finer_warnings() -> None:
    assert set(FINDINGS) | set(FINER) == set(ReasonCode)
    assert not set(FINDINGS) & set(FINER)


def test_every_basis_is_named_and_explained() -> None:
    assert set(Basis) == set(names.BASES) == set(names.BASIS_MEANS)


def test_every_problem_with_a_question_has_its_words() -> None:
    assert set(PROBLEMS) == {*Problem, FORGED}


def test_every_operation_says_what_the_answer_lacks_without_it() -> None:
    assert {operation for group in OPERATIONS.values() for operation in group} <= set(gaps.LACKS)


def test_every_kind_of_word_is_explained_in_the_help() -> None:
    assert {part.code for part in GRAMMAR} == set(phrases.HELP_PARTS)
    said = text.plain(word.help())
    assert all(part.form in said and part.example[:20] in said for part in GRAMMAR)


def _templates() -> Iterator[tuple[str, Templates, set[str]]]:
    for reason, why in FINDINGS.items():
        yield reason, why.brief, FINDING_DATA
        yield reason, why.full, FINDING_DATA
    for code, advice in (*CAUTIONS.items(), *FINER.items()):
        yield code, advice.says, CAUTION_DATA
        yield code, advice.remedy, CAUTION_DATA
    for verdict, templates in REASONS.items():
        yield verdict, templates, VERDICT_DATA
    for operation, lacks in gaps.LACKS.items():
        yield operation, (lacks,), GAP_DATA
    for cause in Cause:
        yield cause, gaps.WHY[cause], GAP_DATA
        yield cause, gaps.REMEDY[cause], GAP_DATA
    for error_code, pair in gaps.BY_CODE.items():
        yield error_code, pair, GAP_DATA
    for problem, templates in (*PROBLEMS.items(), ("other", OTHER_PROBLEM)):
        yield problem, templates, {"value"}


@pytest.mark.parametrize(("code", "templates", "known"), list(_templates()))
def test_a_sentence_asks_only_for_what_there_is(code: str, templates: Templates, known: set[str]) -> None:
    assert templates, code
    assert {name for template in templates for name in placeholders(template)} <= known


@pytest.mark.parametrize(("code", "templates", "known"), list(_templates()))
def test_a_sentence_never_says_what_must_not_be_said(code: str, templates: Templates, known: set[str]) -> None:
    said = " ".join(templates).lower()
    assert not [word for word in ("unused", "safe to delete") if word in said], code


@pytest.mark.parametrize("templates", [t for _, t, _ in _templates() if len(t) > 1])
def test_later_templates_need_no_more_than_earlier_ones(templates: Templates) -> None:
    assert len(placeholders(templates[-1])) <= len(placeholders(templates[0]))


def test_the_first_template_that_can_be_filled_is_taken() -> None:
    templates = ("{a} and {b}", "{a}", "nothing")
    assert fill(templates, {"a": "1", "b": "2"}) == "1 and 2"
    assert fill(templates, {"a": "1"}) == "1"
    assert fill(templates, {"b": "2"}) == choose(templates, {}) == "nothing"


@pytest.mark.parametrize("cause", Cause)
@pytest.mark.parametrize("code", [None, "SomeException"])
def test_every_failed_read_can_be_worded(cause: Cause, code: str | None) -> None:
    worded = gaps.worded(Unavailable("s3:GetBucketPolicy", "acme-logs", cause, "s3:GetBucketPolicy", code))
    for templates in (worded.lacks, worded.why, worded.remedy):
        said = fill(templates, worded.data)
        assert said.endswith(".")
        assert "{" not in said


def test_an_operation_and_a_problem_that_nobody_foresaw_are_worded_too() -> None:
    worded = gaps.worded(Unavailable("ec2:DescribeThings", "eu-west-1", Cause.ERROR))
    assert fill(worded.lacks, worded.data) == "ec2:DescribeThings gave no answer about eu-west-1."
    assert "not understood" in text.plain(word.failure(InvalidQuestion("something-new")))


def test_every_note_has_a_source_of_its_own_and_a_place() -> None:
    assert len({note.name for note in NOTES}) == len(NOTES)
    assert all(note.source.startswith("https://") for note in NOTES)
    assert {note for topic in Topic for note in about(topic)} == set(NOTES)
