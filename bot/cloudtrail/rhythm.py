"""What a history of AssumeRole events amounts to: counts, gaps, who else, and days for a picture.

Pure statistics over ``bot.model``'s events. Nothing is assumed about how often MSK Connect renews credentials: that is
documented nowhere, so only what was observed is said.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from statistics import median

from bot.model import AssumeRoleEvent, AssumeRoleHistory, ConnectorOperation, Coverage

#: Workers of one connector assume the role within moments of each other: together one beat, not many with no gap.
BEAT = timedelta(seconds=60)
#: How soon after an operation of the connector an AssumeRole explains itself by it.
EXPLAINED = timedelta(minutes=30)


@dataclass(frozen=True, slots=True)
class Rhythm:
    """How often something happened. All times are of the events given, so within what was read."""

    count: int
    first: datetime
    last: datetime
    #: Between successive beats; None with fewer than two.
    median_gap: timedelta | None
    longest_gap: timedelta | None
    #: Events by region, most first.
    regions: tuple[tuple[str, int], ...]
    #: Session names seen, most frequent first.
    sessions: tuple[str, ...]


def rhythm(events: Iterable[AssumeRoleEvent]) -> Rhythm | None:
    """Say how often; None where there are no events."""
    newest_first = sorted(events, key=lambda e: e.at, reverse=True)
    if not newest_first:
        return None
    gaps = _gaps([event.at for event in reversed(newest_first)])
    return Rhythm(
        count=len(newest_first),
        first=newest_first[-1].at,
        last=newest_first[0].at,
        median_gap=timedelta(seconds=median(g.total_seconds() for g in gaps)) if gaps else None,
        longest_gap=max(gaps, default=None),
        regions=tuple(Counter(event.region for event in newest_first).most_common()),
        sessions=tuple(
            name for name, _ in Counter(e.session_name for e in newest_first if e.session_name).most_common()
        ),
    )


def _gaps(ascending: Sequence[datetime]) -> list[timedelta]:
    beats: list[datetime] = []
    for moment in ascending:
        if not beats or moment - beats[-1] > BEAT:
            beats.append(moment)
    return [later - earlier for earlier, later in pairwise(beats)]


@dataclass(frozen=True, slots=True)
class Caller:
    """Somebody who assumed the role, or tried to."""

    #: A service principal, an ARN or an account id; an assumed role with several sessions ends in ``/*``.
    principal: str
    #: Calls that succeeded, and calls that were refused.
    count: int
    failed: int
    #: The newest that succeeded; the newest refusal where none did.
    last: datetime


def callers(events: Iterable[AssumeRoleEvent]) -> tuple[Caller, ...]:
    """Count events by who made them, the most recent caller first. Sessions of one role are one caller."""
    groups: dict[str, list[AssumeRoleEvent]] = {}
    for event in events:
        groups.setdefault(_without_session(event.principal), []).append(event)
    found = (
        Caller(
            principal=_common_name(group),
            count=sum(event.succeeded for event in group),
            failed=sum(not event.succeeded for event in group),
            last=max(group, key=lambda event: (event.succeeded, event.at)).at,
        )
        for group in groups.values()
    )
    return tuple(sorted(found, key=lambda caller: (caller.last, caller.principal), reverse=True))


def _without_session(principal: str) -> str:
    return principal.rpartition("/")[0] if ":assumed-role/" in principal else principal


def _common_name(group: Sequence[AssumeRoleEvent]) -> str:
    principals = {event.principal for event in group}
    return principals.pop() if len(principals) == 1 else f"{_without_session(group[0].principal)}/*"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Failed attempts that CloudTrail records under one error code."""

    error_code: str
    count: int
    last: datetime


def refusals(events: Iterable[AssumeRoleEvent]) -> tuple[Refusal, ...]:
    """Count failed events by error code, the most recent first."""
    groups: dict[str, list[datetime]] = {}
    for event in events:
        if not event.succeeded:
            groups.setdefault(event.error_code, []).append(event.at)
    found = (Refusal(code, len(times), max(times)) for code, times in groups.items())
    return tuple(sorted(found, key=lambda refusal: (refusal.last, refusal.error_code), reverse=True))


@dataclass(frozen=True, slots=True)
class Bucket:
    """A stretch of the window, for one mark of a timeline; ``end`` excluded."""

    start: datetime
    end: datetime
    #: Successful and failed calls by MSK Connect, and calls by anybody else.
    assumed: int
    failed: int
    others: int
    #: False where some of the stretch was not read: an empty bucket is then no silence.
    read: bool


def timeline(history: AssumeRoleHistory, marks: int) -> tuple[Bucket, ...]:
    """Cut the window into ``marks`` stretches of the same length, oldest first."""
    coverage = history.coverage
    length = (coverage.window_to - coverage.window_from) / marks
    edges = [coverage.window_from + length * n for n in range(marks)] + [coverage.window_to]
    return _buckets(history, pairwise(edges))


def days(history: AssumeRoleHistory) -> tuple[Bucket, ...]:
    """Cut the window into the calendar days of UTC that it touches, oldest first."""
    coverage = history.coverage
    first, last = coverage.window_from.astimezone(UTC).date(), coverage.window_to.astimezone(UTC).date()
    midnights = [_midnight(first + timedelta(days=n)) for n in range((last - first).days + 2)]
    return _buckets(history, pairwise(midnights))


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def _buckets(history: AssumeRoleHistory, edges: Iterable[tuple[datetime, datetime]]) -> tuple[Bucket, ...]:
    spans = tuple(edges)
    return tuple(
        Bucket(
            start,
            end,
            assumed=sum(e.by_msk_connect and e.succeeded for e in events),
            failed=sum(e.by_msk_connect and not e.succeeded for e in events),
            others=sum(not e.by_msk_connect for e in events),
            read=_was_read(history.coverage, start),
        )
        for (start, end), events in zip(spans, _sorted_into(spans, history.events), strict=True)
    )


def _sorted_into(
    spans: Sequence[tuple[datetime, datetime]], events: Iterable[AssumeRoleEvent]
) -> Iterator[list[AssumeRoleEvent]]:
    """Give each span its events; one that lies after the last span, by the clocks' difference, counts in the last."""
    ascending = sorted(events, key=lambda e: e.at)
    place = 0
    for number, (_, end) in enumerate(spans, start=1):
        begin = place
        while place < len(ascending) and (ascending[place].at < end or number == len(spans)):
            place += 1
        yield ascending[begin:place]


def _was_read(coverage: Coverage, start: datetime) -> bool:
    return coverage.complete or coverage.read_from <= max(start, coverage.window_from)


@dataclass(frozen=True, slots=True)
class Explained:
    """An operation of the connector and the AssumeRole events by MSK Connect that followed it closely."""

    operation: ConnectorOperation
    events: tuple[AssumeRoleEvent, ...]


def beside(operations: Iterable[ConnectorOperation], events: Iterable[AssumeRoleEvent]) -> tuple[Explained, ...]:
    """Lay each operation beside what followed from its start to half an hour after its end, newest operation first.

    CloudTrail names roles, not connectors: on a shared role an event may be another connector's.
    """
    ascending = sorted((e for e in events if e.by_msk_connect), key=lambda e: e.at)
    return tuple(
        Explained(
            operation,
            tuple(
                e for e in ascending if operation.started <= e.at <= (operation.ended or operation.started) + EXPLAINED
            ),
        )
        for operation in sorted(operations, key=lambda o: o.started, reverse=True)
    )
