"""One line each, only where there is something to say: what was not read, the gravest warning, IAM last accessed."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.model import Answer, AssumeRoleHistory, Cause, Caution, CautionCode, LastAccessed, ReasonCode, Unavailable
from bot.reply.about import now_of, role_arn_of
from bot.reply.lines import say, sentence
from bot.reply.moments import ago, both, moment
from bot.reply.nouns import Line, Span, bold, code
from bot.reply.wording import phrases
from bot.reply.wording.cautions import CAUTIONS, FINER, Advice
from bot.reply.wording.gaps import worded
from bot.reply.wording.names import service

#: An AssumeRole since then is no disagreement: the report lags.
_LAG = timedelta(hours=4)


def attention(answer: Answer, *, settled: frozenset[CautionCode] = frozenset()) -> Iterator[Line]:
    """Yield the lines; ``settled`` are warnings that the reply gives elsewhere."""
    if gaps := unread(answer):
        yield _unread(gaps)
    cautions = [caution for caution in answer.cautions if caution.code not in settled]
    if cautions:
        yield _warning(cautions, now_of(answer))
    if isinstance(answer.evidence.last_accessed, LastAccessed):
        yield last_accessed(answer.evidence.last_accessed, answer.evidence.history, now_of(answer))


def unread(answer: Answer) -> tuple[Unavailable, ...]:
    """Return the reads that left something open: not those of a role or log destination that a warning calls absent."""
    warned = (c.reason for c in answer.cautions if c.reason.code == ReasonCode.LOG_DESTINATION_ABSENT)
    absent = {role_arn_of(answer), *(reason.data.get("name", "") for reason in warned)}
    return tuple(gap for gap in answer.unavailable if gap.cause is not Cause.NOT_FOUND or gap.resource not in absent)


def warning(caution: Caution) -> Advice:
    """Return a warning's wording: that of its finer reason, where it has one."""
    return _FINER.get(caution.reason.code, CAUTIONS[caution.code])


_FINER = {code.value: wording for code, wording in FINER.items()}


def last_accessed(report: LastAccessed, history: object, now: datetime | None) -> Line:
    """Say what IAM reports, that it does not count, and where CloudTrail disagrees."""
    latest = report.latest
    if latest is None or latest.at is None:
        said: Line = say(phrases.LAST_ACCESSED_NOTHING)
    else:
        said = say(phrases.LAST_ACCESSED, service=service(latest.namespace), at=both(latest.at, now))
    at = latest.at if latest else None
    return (*said, Span(phrases.DOES_NOT_COUNT), *_disagreement(at, history, now))


def _disagreement(at: datetime | None, history: object, now: datetime | None) -> Line:
    if not isinstance(history, AssumeRoleHistory):
        return ()
    reported_by = (now or history.coverage.window_to) - _LAG
    later = next((e.at for e in history.by_msk_connect if e.at <= reported_by and (at is None or e.at > at)), None)
    if later is not None:
        template = phrases.DISAGREES_NOTHING if at is None else phrases.DISAGREES_LATER
        return say(template, at=ago(later, now) or moment(later))
    if history.last_assumed is None and at is not None and at >= history.coverage.window_from:
        return _others(history, now) or say(phrases.DISAGREES_NOT_SEEN)
    return ()


def _others(history: AssumeRoleHistory, now: datetime | None) -> Line:
    """Say who else assumed the role, which explains an access that is not MSK Connect's."""
    newest = next((event for event in history.by_others if event.succeeded), None)
    if newest is None:
        return ()
    return say(phrases.FITS_OTHERS, who=code(newest.principal), at=ago(newest.at, now) or moment(newest.at))


def _unread(unread: tuple[Unavailable, ...]) -> Line:
    first = worded(unread[0])
    lacks, why = sentence(first.lacks, first.data), sentence(first.why, first.data)
    return (bold(phrases.COULD_NOT_READ), *lacks, Span(" "), *why, *_more(len(unread) - 1))


def _warning(cautions: list[Caution], now: datetime | None) -> Line:
    said = sentence(warning(cautions[0]).says, cautions[0].reason.data, now)
    return (bold(phrases.WARNING), *said, *_more(len(cautions) - 1))


def _more(count: int) -> Line:
    return say(phrases.AND_MORE, count=str(count)) if count > 0 else ()
