"""How much of a window the answers of a store of records cover, and what keeps its silence from being an absence."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from bot.aws.history.lookup import stop_cause
from bot.aws.history.rows import QueryResult
from bot.aws.history.trails import TrailCheck
from bot.model import Coverage, StopCause, Unavailable
from bot.pipe.ports import Window

#: How much later than a window, at most, a store may begin and still be said to cover it.
SLACK = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Store:
    """Where the records were looked for, and what it can be trusted to hold."""

    source: str
    regions: tuple[str, ...]
    trail: TrailCheck
    #: The store holds nothing before this; None where it does not say.
    kept_from: datetime | None = None
    #: False where it is known to lack the account or a region, whatever its trail records.
    covers: bool = True
    accounts: tuple[str, ...] = ()
    #: Failed reads of what the store holds.
    gaps: tuple[Unavailable, ...] = ()
    #: ``Coverage.places``.
    places: tuple[str, ...] = ()


def coverage(
    store: Store,
    window: Window,
    answers: Sequence[QueryResult],
    oldest: datetime | None,
    beside: Sequence[QueryResult] = (),
) -> Coverage:
    """Say how much of the window the answers cover, and what they cost.

    ``oldest`` is the oldest event of an answer that was cut at its limit. The answers ``beside`` cost too, but nothing
    of the window rests on them.
    """
    every = (*answers, *beside)
    whole = Coverage(
        source=store.source,
        regions=store.regions,
        window_from=window.start,
        window_to=window.end,
        read_from=window.start,
        gaps=(*_gaps(answers), *(store.trail.gaps if not store.trail.records_reads else ()), *store.gaps),
        # What several trails record is known by one of them that records it.
        aside=(*_gaps(beside), *(store.trail.gaps if store.trail.records_reads else ())),
        accounts=store.accounts,
        requests=sum(answer.requests for answer in every),
        bytes_scanned=_sum(answer.bytes_scanned for answer in every),
        selectors_record_reads=store.trail.records_reads,
        places=store.places,
    )
    limits = [*_cuts(answers, window, oldest), *_limits(store, window)]
    if not limits:
        return whole
    stopped = limits[0][0]
    read_from = min(max(since for _, since in limits), window.end)
    return replace(whole, stopped_because=stopped, read_from=read_from)


def _cuts(
    answers: Sequence[QueryResult], window: Window, oldest: datetime | None
) -> Iterable[tuple[StopCause, datetime]]:
    for answer in answers:
        if answer.stopped is StopCause.PAGE_LIMIT and oldest is not None:
            yield StopCause.PAGE_LIMIT, oldest + timedelta(seconds=1)
        elif answer.stopped is not None:
            yield answer.stopped, window.end
        if answer.unreadable:
            yield StopCause.MALFORMED, window.start


def _limits(store: Store, window: Window) -> Iterable[tuple[StopCause, datetime]]:
    """Yield what keeps a silent store from showing an absence, each with the time from which on it holds everything."""
    trail = store.trail
    if trail.records_reads is False:
        yield StopCause.SELECTORS, window.end
    for gap in trail.gaps if trail.records_reads is None else ():
        yield stop_cause(gap), window.end
    missing = trail.regions is not None and not trail.regions.issuperset(store.regions)
    if trail.records_reads is None or missing or not store.covers:
        yield StopCause.NOT_COVERED, window.end
    for gap in store.gaps:
        yield stop_cause(gap), window.end
    for since in (trail.since, store.kept_from):
        if since is not None and since > window.start + SLACK:
            yield StopCause.RETENTION, since


def _gaps(answers: Sequence[QueryResult]) -> Iterable[Unavailable]:
    return (answer.gap for answer in answers if answer.gap)


def _sum(numbers: Iterable[int | None]) -> int | None:
    known = [number for number in numbers if number is not None]
    return sum(known) if known else None
