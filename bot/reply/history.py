"""When the role was last assumed, how often, and over what: the sentence that the verdict rests on."""

from __future__ import annotations

from datetime import timedelta

from bot.cloudtrail.rhythm import beside, rhythm
from bot.model import (
    Answer,
    AssumeRoleHistory,
    CautionCode,
    ConnectorAnswer,
    Datum,
    RoleAnswer,
    StopCause,
    VerdictCode,
    VerdictReason,
)
from bot.reply.about import coverage, history_of, now_of, operations_of, regions, window_of
from bot.reply.lines import say, sentence
from bot.reply.moments import date, interval, moment, span, times
from bot.reply.nouns import Line, bold, code, text_of
from bot.reply.wording import phrases
from bot.reply.wording.names import HISTORY_SOURCES
from bot.reply.wording.verdicts import REASONS, VERDICTS, WAS_IN_USE


def verdict(answer: Answer) -> Line:
    """Say the verdict, and what it rests on."""
    history = history_of(answer)
    called = bold(text_of(say(phrases.VERDICT, verdict=_called(answer, history))))
    said = (called, *sentence(_REASONS[str(answer.verdict.reason.code)], _data(answer, history), now_of(answer)))
    if history is None:
        return said
    return (*said, *_extent(answer, history), *_explained(answer, history), *_shared(answer, history))


def _called(answer: Answer, history: AssumeRoleHistory | None) -> str:
    """Return the verdict in words."""
    missing = any(caution.code is CautionCode.ROLE_MISSING for caution in answer.cautions)
    if answer.verdict.code is VerdictCode.IN_USE and missing and history and history.last_assumed:
        return text_of(say(WAS_IN_USE, day=date(history.last_assumed)))
    return VERDICTS[answer.verdict.code]


_REASONS = {reason.value: templates for reason, templates in REASONS.items()}


def _data(answer: Answer, history: AssumeRoleHistory | None) -> dict[str, Datum]:
    data: dict[str, Datum] = {**answer.verdict.reason.data, "window": window_of(answer)}
    if history is not None:
        beat = rhythm(history.by_msk_connect)
        data["coverage"] = coverage(history.coverage)
        if isinstance(hours := data.get("hours"), int):
            data["ran"] = span(timedelta(hours=hours))
        data["times"] = _times(history)
        data["refused"] = times(len(history.failed))
        if beat and beat.median_gap:
            data["rhythm"] = text_of(say(phrases.TYPICALLY, gap=interval(beat.median_gap)))
    return data


def _times(history: AssumeRoleHistory) -> str:
    counted = times(len(history.by_msk_connect))
    return counted if history.coverage.complete else text_of(say(phrases.AT_LEAST_TIMES, times=counted))


def _extent(answer: Answer, history: AssumeRoleHistory) -> Line:
    """Say over what the count was made; the other reasons name it themselves."""
    if answer.verdict.reason.code != VerdictReason.ASSUMED_BY_MSK_CONNECT:
        return ()
    covered = history.coverage
    in_time = {covered.stopped_because, *(short.stopped_because for short in covered.shortfalls)} == {
        StopCause.DEADLINE
    }
    if in_time and covered.read_from < covered.window_to:
        return say(
            phrases.COUNTED_BACK,
            read_from=moment(covered.read_from),
            source=HISTORY_SOURCES.get(covered.source, covered.source),
            regions=regions(covered.regions),
        )
    template = phrases.FROM if covered.complete else phrases.AT_LEAST
    return say(template, coverage=coverage(covered))


def _explained(answer: Answer, history: AssumeRoleHistory) -> Line:
    """Name the operation that the newest event followed."""
    newest = history.by_msk_connect[:1]
    for explained in beside(operations_of(answer), newest):
        if explained.events:
            operation = explained.operation
            return say(phrases.FOLLOWED, operation=code(operation.type), at=moment(operation.started))
    return ()


def _shared(answer: Answer, history: AssumeRoleHistory) -> Line:
    """Say that CloudTrail tells of the role alone, where several connectors name it and there are events."""
    match answer:
        case ConnectorAnswer(evidence=evidence):
            connectors, name = len(evidence.sharing) + 1, evidence.connector.name
            longer = {other.name for other in evidence.sharing if name in other.name and name != other.name}
        case RoleAnswer(evidence=about):
            connectors, name, longer = len(about.connectors), "", set()
    if connectors < 2 or not history.events:
        return ()
    sessions = [event.session_name for event in history.by_msk_connect if name and name in event.session_name]
    named = sum(not any(other in session for other in longer) for session in sessions)
    said = say(phrases.SHARED, count=str(connectors))
    return (*said, *say(phrases.SHARED_BUT_NAMED, count=str(named))) if named else said
