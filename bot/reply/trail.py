"""Everything that CloudTrail showed, for the details."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cloudtrail.rhythm import EXPLAINED, Explained, beside, callers, refusals, rhythm
from bot.cloudtrail.stores import store_named
from bot.model import Answer, AssumeRoleHistory, Coverage
from bot.reply.about import coverage, history_of, now_of, operations_of
from bot.reply.history import verdict
from bot.reply.lines import names, say
from bot.reply.moments import both, moment, span, times
from bot.reply.nouns import Bullets, Code, Line, Paragraph, Part, code, line
from bot.reply.timeline import calendar, is_telling
from bot.reply.wording import phrases

_OPERATIONS_SHOWN = 10
_CALLERS_SHOWN = 10
_KIBIBYTE = 1024


def trail(answer: Answer) -> Iterator[Part]:
    """Yield the verdict's sentence, the weeks as a picture, and the numbers."""
    history = history_of(answer)
    yield Paragraph(verdict(answer))
    if history is None:
        return
    if is_telling(history):
        yield Code(calendar(history))
    now = now_of(answer)
    facts = (
        *_events(history, now),
        *_refused(history, now),
        *_others(history, now),
        *_operations(answer, history, now),
        *coverage_facts(history.coverage, found=bool(history.events)),
    )
    yield Bullets(facts)


def _events(history: AssumeRoleHistory, now: datetime | None) -> Iterator[Line]:
    beat = rhythm(history.by_msk_connect)
    if beat is None:
        return
    template = phrases.FIRST_AND_LAST if history.coverage.complete else phrases.OLDEST_AND_LAST
    newest = history.by_msk_connect[0]
    yield say(template, first=moment(beat.first), last=both(beat.last, now), event=code(newest.event_id))
    if beat.median_gap and beat.longest_gap:
        yield say(phrases.GAPS_BETWEEN, median=span(beat.median_gap), longest=span(beat.longest_gap))
    yield say(phrases.BY_REGION, regions=", ".join(f"{region} {times(count)}" for region, count in beat.regions))
    if beat.sessions:
        yield say(phrases.SESSIONS, names=names(beat.sessions))
    if not history.session_activity:
        yield say(phrases.NO_SESSION_ACTIVITY)
    for activity in history.session_activity:
        yield say(
            phrases.SESSION_ACTIVITY,
            session=code(newest.session_name or newest.issued_key_id),
            source=activity.event_source,
            name=activity.event_name,
            times=times(activity.count),
            last=both(activity.last, now),
            region=say(phrases.IN_REGION, region=activity.region) if activity.region else "",
        )


def _refused(history: AssumeRoleHistory, now: datetime | None) -> Iterator[Line]:
    for refusal in refusals(history.failed):
        error, last = code(refusal.error_code), both(refusal.last, now)
        yield say(phrases.REFUSED, times=times(refusal.count), error=error, last=last)


def _others(history: AssumeRoleHistory, now: datetime | None) -> Iterator[Line]:
    every = callers(history.by_others)
    for caller in every[:_CALLERS_SHOWN]:
        refused = say(phrases.OTHERS_FAILED, times=times(caller.failed)) if caller.count and caller.failed else ""
        yield say(
            phrases.OTHERS if caller.count else phrases.OTHERS_REFUSED,
            who=code(caller.principal),
            times=times(caller.count or caller.failed),
            last=both(caller.last, now),
            refused=refused,
        )
    if len(every) > _CALLERS_SHOWN:
        yield say(phrases.MORE_LEFT_OUT, count=str(len(every) - _CALLERS_SHOWN))


def _operations(answer: Answer, history: AssumeRoleHistory, now: datetime | None) -> Iterator[Line]:
    since = history.coverage.window_from
    within = (operation for operation in operations_of(answer) if (operation.ended or operation.started) >= since)
    for explained in beside(within, history.by_msk_connect)[:_OPERATIONS_SHOWN]:
        operation = explained.operation
        yield say(
            phrases.OPERATION,
            operation=code(operation.type),
            state=operation.state,
            at=both(operation.started, now),
            followed=_followed(explained),
        )


def _followed(explained: Explained) -> Line:
    if not explained.events:
        return say(phrases.OPERATION_ALONE)
    first = min(event.at for event in explained.events)
    count = times(len(explained.events))
    return say(phrases.OPERATION_FOLLOWED, times=count, span=span(EXPLAINED), first=moment(first))


def coverage_facts(covered: Coverage, *, found: bool = False) -> Iterator[Line]:
    """Yield what was read, where, and at which cost; ``found`` says whether it held any event."""
    start, end = moment(covered.window_from), moment(covered.window_to)
    yield say(phrases.COVERAGE_IS, coverage=coverage(covered), start=start, end=end)
    if covered.places:
        yield say(phrases.PLACES, places=names(covered.places))
        if covered.selectors_record_reads:
            yield say(phrases.SELECTORS_RECORD)
    if (store := store_named(covered.source)) and store.remark:
        yield line(store.remark)
    if covered.accounts:
        yield say(phrases.ACCOUNTS, accounts=", ".join(covered.accounts))
    if covered.asked_bare_name:
        yield say(phrases.BARE_NAME_FOUND if found else phrases.BARE_NAME)
    if covered.requests:
        scanned = "" if covered.bytes_scanned is None else say(phrases.SCANNED, size=_size(covered.bytes_scanned))
        requests = "1 request" if covered.requests == 1 else f"{covered.requests:,} requests"
        yield say(phrases.COST, requests=requests, scanned=scanned)


def _size(count: int) -> str:
    size, unit = float(count), "B"
    for unit in ("B", "KiB", "MiB", "GiB", "TiB"):
        if size < _KIBIBYTE or unit == "TiB":
            break
        size /= _KIBIBYTE
    return f"{size:.0f} {unit}" if unit == "B" else f"{size:.1f} {unit}"
