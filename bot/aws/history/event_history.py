"""CloudTrail's event history (LookupEvents): needs no trail, keeps 90 days, and is slow to page through."""

from __future__ import annotations

import itertools
import threading
from collections.abc import Callable, Iterable, Mapping
from concurrent.futures import wait
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import partial
from time import monotonic
from typing import Any, TypeVar

from bot.arn import account_of, part_of
from bot.aws.history.limiter import Limiter, Stage
from bot.aws.history.lookup import OPERATION, Lookup, Span, Urgency
from bot.aws.history.parallel import together
from bot.aws.history.records import ASSUMING_EVENTS, SessionCall, activity, assume_role_event, distinct, session_call
from bot.aws.sessions import Clients
from bot.cloudtrail.stores import EVENT_HISTORY, NoOptions
from bot.model import AssumeRoleEvent, AssumeRoleHistory, Cause, Coverage, RegionShortfall, StopCause, Unavailable
from bot.pipe.ports import Clock, Deadline, Window
from bot.pipe.reads import Crew
from bot.regions import with_global_sts

RETENTION = timedelta(days=EVENT_HISTORY.longest_window_days)
#: A window that ends this recently is taken to end now, on AWS's clock instead of ours.
CLOCK_SKEW = timedelta(minutes=15)
#: How much older than AWS keeps it a window may begin: a window of 90 days begins seconds before the request.
SLACK = timedelta(hours=1)
#: How long an answer waits for the count, once it is known that MSK Connect assumed the role: a role that is assumed
#: every hour has 44 pages in 90 days, which take 22 s at AWS's pace.
COUNT_SECONDS = 5.0
#: How long an answer waits for the account of the credentials, once CloudTrail has said everything.
ACCOUNT_SECONDS = 1.0

Item = TypeVar("Item")


def utc_now() -> datetime:
    """Return the time of our own clock."""
    return datetime.now(UTC)


class EventHistory:
    """A HistoryReader over LookupEvents. One for the whole process: it holds the pace that AWS admits.

    The last assumption is known after one page in each region; counting goes on until the deadline, or for
    ``count_seconds`` where the first pages show that MSK Connect assumed the role. Questions about the same role and
    window that come while it is being read share the reading.
    """

    def __init__(
        self,
        clients: Clients,
        *,
        limiter: Limiter | None = None,
        clock: Clock = utc_now,
        count_seconds: float | None = None,
    ) -> None:
        self._clients = clients
        self._limiter = limiter or Limiter()
        self._clock = clock
        self._count_seconds = count_seconds
        self._questions = itertools.count()
        self._lock = threading.Lock()
        self._readings: dict[tuple[str, tuple[str, ...], tuple[int, int]], _RoleRead] = {}
        self._account = _Account(clients)

    @classmethod
    def of(cls, clients: Clients, _: NoOptions, clock: Clock) -> EventHistory:
        """Make the reader of a bot, whose answers do not wait for a count that takes long."""
        return cls(clients, clock=clock, count_seconds=COUNT_SECONDS)

    def read(
        self, role_arn: str, connector_region: str, window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role in the connector's region and, in partition ``aws``, in us-east-1.

        ``Unavailable`` only where not a single page could be read.
        """
        return self.read_regions(
            role_arn, with_global_sts(part_of(role_arn, "partition"), (connector_region,)), window, deadline
        )

    def read_regions(
        self, role_arn: str, regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role in exactly these regions."""
        if not account_of(role_arn):
            return Unavailable(OPERATION, role_arn, Cause.MALFORMED)
        key = (role_arn, regions, _rounded(window))
        with self._lock:
            self._readings = {k: reading for k, reading in self._readings.items() if reading.unfinished}
            reading = self._readings.get(key)
            if reading is None:
                reading = self._readings[key] = self._open(role_arn, regions, window, deadline)
                Crew(1).start(reading.run)
            reading.join(deadline, next(self._questions))
        return reading.result(deadline)

    def _open(self, role_arn: str, regions: tuple[str, ...], window: Window, deadline: Deadline) -> _RoleRead:
        now = self._clock()
        return _RoleRead(
            role_arn,
            regions,
            window,
            open_ended=window.end >= now - CLOCK_SKEW,
            kept_from=now - RETENTION,
            source=_Source(self._clients, self._limiter, Urgency(deadline, 0)),
            account=self._account,
            count_seconds=self._count_seconds,
        )


def _rounded(window: Window) -> tuple[int, int]:
    """Length and end in minutes: windows that differ by less show the same, since CloudTrail delivers after minutes."""
    minute = timedelta(minutes=1)
    return round((window.end - window.start) / minute), int(window.end.timestamp()) // 60


class _Account:
    """The account whose event history the credentials read; asked once."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients
        self.id = ""

    def find(self, region: str) -> None:
        """Ask STS, which needs no permission; ``id`` stays empty where it does not answer."""
        if self.id:
            return
        try:
            account = self._clients.client("sts", region).get_caller_identity().get("Account")
        except Exception:  # noqa: BLE001  not to know the account costs nothing but a check
            return
        self.id = account if isinstance(account, str) else ""


@dataclass(frozen=True, slots=True)
class _Source:
    """What every lookup of one reading shares."""

    clients: Clients
    limiter: Limiter
    urgency: Urgency

    def lookup(
        self,
        region: str,
        span: Span,
        reduce: Callable[[Mapping[str, Any]], Item | None],
        names: tuple[str, ...] | None = None,
    ) -> Lookup[Item]:
        return Lookup(
            region,
            span,
            reduce,
            names=names,
            client=partial(self.clients.paced, "cloudtrail", region),
            limiter=self.limiter,
            urgency=self.urgency,
        )


class _RoleRead:
    """The history of one role, read once for everybody who asks for it meanwhile."""

    def __init__(
        self,
        role_arn: str,
        regions: tuple[str, ...],
        window: Window,
        *,
        open_ended: bool,
        kept_from: datetime,
        source: _Source,
        account: _Account,
        count_seconds: float | None,
    ) -> None:
        self._role_arn = role_arn
        self._regions = regions
        self._window = window
        self._open_ended = open_ended
        self._kept_from = kept_from
        self._source = source
        self._account = account
        self._count_seconds = count_seconds
        self._by_arn = [self._assumptions(region, role_arn) for region in regions]
        self._by_name: list[Lookup[AssumeRoleEvent]] = []
        self._session: Lookup[SessionCall] | None = None
        self._finished = threading.Event()

    @property
    def unfinished(self) -> bool:
        """Whether pages are still being read."""
        return not self._finished.is_set()

    def join(self, deadline: Deadline, question: int) -> None:
        """Let the reading serve one more question, which makes it the newest, and wait as long as that one does."""
        urgency = self._source.urgency
        urgency.deadline = max(urgency.deadline, deadline, key=lambda d: d.at)
        urgency.question = question
        if urgency.counting is not None and self._count_seconds is not None:
            urgency.counting = Deadline.after(self._count_seconds)

    def run(self) -> None:
        """Read first pages, then the further ones beside what the newest session did, then by bare name if need be."""
        account = Crew(1).start(partial(self._account.find, self._regions[0]))
        try:
            together([partial(lookup.page, Stage.FIRST_PAGE) for lookup in self._by_arn])
            newest = self._newest_assumption()
            if newest is not None and self._count_seconds is not None:
                self._source.urgency.counting = Deadline.after(self._count_seconds)
            together([*self._follow_up(newest), *(lookup.rest for lookup in self._by_arn)])
            if not self._events():
                self._look_for_bare_name()
            wait([account], ACCOUNT_SECONDS)
        finally:
            self._finished.set()

    def result(self, deadline: Deadline) -> AssumeRoleHistory | Unavailable:
        """Wait until the reading ends or ``deadline`` passes, and say what is known by then."""
        self._finished.wait(max(0.0, deadline.at - monotonic()))
        lookups = (*self._by_arn, *self._by_name)
        if not any(lookup.pages for lookup in lookups):
            gaps = (lookup.gap for lookup in lookups)
            return next(filter(None, gaps), Unavailable(OPERATION, ", ".join(self._regions), Cause.TIMEOUT))
        coverage = self._coverage()  # before the events: a page that comes between must not count as read without them
        session = self._session
        return AssumeRoleHistory(
            self._role_arn, self._events(), coverage, activity(session.snapshot()) if session else ()
        )

    def _assumptions(self, region: str, name: str) -> Lookup[AssumeRoleEvent]:
        span = Span(
            "ResourceName",
            name,
            max(self._window.start, self._kept_from),
            # EndTime is inclusive and CloudTrail's times are whole seconds.
            None if self._open_ended else self._window.end - timedelta(seconds=1),
        )
        return self._source.lookup(region, span, partial(assume_role_event, role_arn=self._role_arn), ASSUMING_EVENTS)

    def _events(self) -> tuple[AssumeRoleEvent, ...]:
        return distinct(itertools.chain.from_iterable(lookup.snapshot() for lookup in (*self._by_arn, *self._by_name)))

    def _newest_assumption(self) -> AssumeRoleEvent | None:
        return next((event for event in self._events() if event.by_msk_connect and event.succeeded), None)

    def _follow_up(self, newest: AssumeRoleEvent | None) -> Iterable[Callable[[], None]]:
        """Ask what happened next with the newest credentials: one request."""
        if newest is None or not (newest.issued_key_id or newest.session_name):
            return
        key, value = (
            ("AccessKeyId", newest.issued_key_id) if newest.issued_key_id else ("Username", newest.session_name)
        )
        span = Span(key, value, newest.at, None)
        self._session = self._source.lookup(newest.region, span, partial(session_call, role_arn=self._role_arn))
        yield partial(self._session.page, Stage.FOLLOW_UP)

    def _look_for_bare_name(self) -> None:
        """Ask once more by the role's name alone: which form of the name CloudTrail indexes is not documented."""
        name = self._role_arn.rpartition("/")[2]
        if name == self._role_arn or not name:
            return
        readable = [lookup.region for lookup in self._by_arn if lookup.exhausted]
        self._by_name = [self._assumptions(region, name) for region in readable]
        together([partial(_whole, lookup) for lookup in self._by_name])

    def _coverage(self) -> Coverage:
        window, by_name, session = self._window, tuple(self._by_name), self._session
        lookups = (*self._by_arn, *by_name)
        stops = [cause for lookup in lookups if (cause := lookup.incomplete) is not None]
        if foreign := self._account.id not in ("", account_of(self._role_arn)):
            stops.append(StopCause.NOT_COVERED)
        if silent := not by_name and not self._events():
            stops.append(StopCause.DEADLINE)  # silence under the ARN alone says nothing yet
        if kept_too_short := window.start < self._kept_from - SLACK:
            stops.append(StopCause.RETENTION)
        everywhere = foreign or silent or kept_too_short
        shortfalls = [short for region in self._regions if (short := self._shortfall(region, lookups))]
        read_from = max(window.end if silent or foreign else lookup.read_from or window.end for lookup in lookups)
        gaps = [lookup.gap for lookup in lookups]
        return Coverage(
            source=EVENT_HISTORY.name,
            regions=self._regions,
            window_from=window.start,
            window_to=window.end,
            read_from=min(read_from, window.end) if stops else window.start,
            stopped_because=stops[0] if stops else None,
            gaps=tuple(filter(None, gaps)),
            accounts=(self._account.id,) if self._account.id else (),
            requests=sum(lookup.requests for lookup in lookups) + (session.requests if session else 0),
            asked_bare_name=bool(by_name),
            aside=(session.gap,) if session and session.gap else (),
            shortfalls=() if everywhere or len(shortfalls) == len(self._regions) else tuple(shortfalls),
        )

    def _shortfall(self, region: str, lookups: Iterable[Lookup[AssumeRoleEvent]]) -> RegionShortfall | None:
        there = [lookup for lookup in lookups if lookup.region == region]
        stops = [cause for lookup in there if (cause := lookup.incomplete) is not None]
        if not stops:
            return None
        read_from = max(lookup.read_from or self._window.end for lookup in there)
        return RegionShortfall(region, min(read_from, self._window.end), stops[0])


def _whole(lookup: Lookup[AssumeRoleEvent]) -> None:
    lookup.page(Stage.FOLLOW_UP)
    lookup.rest()
