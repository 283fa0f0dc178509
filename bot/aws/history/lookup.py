"""One lookup of CloudTrail's event history: one attribute in one region, page by page, at AWS's pace."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Container, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, Generic, TypeVar

from botocore import exceptions
from botocore.exceptions import ClientError

from bot.aws.errors import unavailable
from bot.aws.fields import member, optional
from bot.aws.history.limiter import Limiter, Stage
from bot.aws.shapes import MalformedAnswer
from bot.cloudtrail.stores import EVENT_HISTORY
from bot.model import Cause, StopCause, Unavailable
from bot.pipe.ports import Deadline

OPERATION = EVENT_HISTORY.starts
PAGE = 50
#: Refused paging tokens and failed requests that one lookup survives.
RESTARTS = 2
RETRIES = 2
#: Seconds without any request in a region after AWS called one too many.
HOLD = 1.5

_BAD_TOKEN = "InvalidNextTokenException"  # noqa: S105  an error code
_STOPS = {
    Cause.ACCESS_DENIED: StopCause.ACCESS_DENIED,
    Cause.THROTTLED: StopCause.THROTTLED,
    Cause.TIMEOUT: StopCause.DEADLINE,
    Cause.MALFORMED: StopCause.MALFORMED,
}

Item = TypeVar("Item")


def stop_cause(gap: Unavailable) -> StopCause:
    """Say why a read stopped whose request failed like this."""
    return _STOPS.get(gap.cause, StopCause.ERROR)


@dataclass(slots=True)
class Span:
    """What is looked up. ``end`` None: up to whatever AWS takes for now, so that our clock need not be right."""

    key: str
    value: str
    start: datetime
    end: datetime | None


@dataclass(slots=True)
class Urgency:
    """Until when lookups may go on, and how they stand among others; all of it may grow meanwhile."""

    deadline: Deadline
    question: int
    #: An earlier end of counting, once the count is all that is missing.
    counting: Deadline | None = None

    def until(self, stage: Stage) -> Deadline:
        """Return the deadline of a request of this stage."""
        if stage is Stage.COUNT and self.counting is not None:
            return min(self.deadline, self.counting, key=lambda deadline: deadline.at)
        return self.deadline


class Lookup(Generic[Item]):
    """Events of ``span`` in one region, newest first, reduced by ``reduce``.

    ``client`` sends one request a call, since every request has to keep the pace of ``limiter`` and be counted.

    ``reduce`` gets a raw record and returns None for one that is not wanted; MalformedAnswer from it costs the
    lookup its completeness, since the record may have been a wanted one. Items whose ``EventName`` is none of ``names``
    are passed over unread; None wants them all. Pages are read by one thread at a time; whatever is public may be read
    by another.
    """

    def __init__(
        self,
        region: str,
        span: Span,
        reduce: Callable[[Mapping[str, Any]], Item | None],
        *,
        names: Container[str] | None = None,
        client: Callable[[], Any],
        limiter: Limiter,
        urgency: Urgency,
    ) -> None:
        self.region = region
        self.items: list[Item] = []
        self.requests = 0
        self.pages = 0
        #: True once AWS said that there is nothing further.
        self.exhausted = False
        #: Why no further page is asked for, where that is not for want of pages.
        self.stopped: StopCause | None = None
        self._span = span
        self._reduce = reduce
        self._names = names
        self._client = client
        self._limiter = limiter
        self._urgency = urgency
        self._token: str | None = None
        self._tokens: set[str] = set()
        self._seen: set[str] = set()
        self._oldest: datetime | None = None
        self._refused: Unavailable | None = None
        self._unreadable: Unavailable | None = None
        self._restarts = RESTARTS
        self._retries = RETRIES
        self._lock = threading.Lock()

    @property
    def more(self) -> bool:
        """Whether another page is worth asking for."""
        return not self.exhausted and self.stopped is None

    @property
    def gap(self) -> Unavailable | None:
        """The failed request that the lookup stands at, else the item that could not be read."""
        return self._refused or self._unreadable

    @property
    def incomplete(self) -> StopCause | None:
        """Why not the whole span was read and understood so far; None where it was."""
        if self.exhausted and self.stopped is None:
            return StopCause.MALFORMED if self._unreadable else None
        return self.stopped or (stop_cause(self._refused) if self._refused else StopCause.DEADLINE)

    @property
    def read_from(self) -> datetime | None:
        """Everything of the span from here on was read; None where nothing was.

        Events of the oldest second seen may go on on the next page, so that second does not count.
        """
        with self._lock:
            if self.exhausted:
                return self._span.start
            return self._oldest + timedelta(seconds=1) if self._oldest else None

    def snapshot(self) -> tuple[Item, ...]:
        """Return the items so far."""
        with self._lock:
            return tuple(self.items)

    def rest(self) -> None:
        """Read every page that is left, within the deadline."""
        while self.more:
            self.page(Stage.COUNT)

    def page(self, stage: Stage) -> None:
        """Read one page, however many requests that takes; where it cannot be, ``stopped`` and ``gap`` say why."""
        while True:
            slot = self._limiter.enter(self.region, stage, self._urgency.question, self._urgency.until(stage))
            if slot is None:
                if monotonic() < self._urgency.until(stage).at:
                    continue  # somebody who waits longer has joined
                self.stopped = self.incomplete
                return
            self.requests += 1
            try:
                self._take(self._client().lookup_events(**self._request()))
            except Exception as error:  # noqa: BLE001  whatever AWS's library raises becomes a value
                self._refused = unavailable(error, OPERATION, self.region)
                again = self._may_retry(self._refused, error)
            else:
                self._refused = None
                return
            finally:
                self._limiter.leave(self.region, slot)
            if not again:
                self.stopped = stop_cause(self._refused)
                return

    def _request(self) -> dict[str, Any]:
        span = self._span
        request: dict[str, Any] = {
            "LookupAttributes": [{"AttributeKey": span.key, "AttributeValue": span.value}],
            "StartTime": span.start,
            "MaxResults": PAGE,
        }
        if span.end is not None:
            request["EndTime"] = span.end
        if self._token is not None:
            request["NextToken"] = self._token
        return request

    def _may_retry(self, refused: Unavailable, error: Exception) -> bool:
        if refused.cause is Cause.THROTTLED:
            self._limiter.hold(self.region, HOLD)
            return True
        if refused.error_code == _BAD_TOKEN:
            return self._restart()
        if _passing(error) and self._retries:
            self._retries -= 1
            return True
        return False

    def _restart(self) -> bool:
        """Go on from the oldest event seen, without the token that AWS no longer takes."""
        if self._token is None or not self._restarts:
            return False
        self._restarts -= 1
        self._token = None
        self._tokens.clear()
        if self._oldest is not None:
            self._span.end = self._oldest
        return True

    def _take(self, answer: Mapping[str, Any]) -> None:
        events, token = member(answer, "Events", list), optional(answer, "NextToken", str)
        found = [item for event in events if self._is_new(event) and (item := self._reduced(event)) is not None]
        with self._lock:
            self.pages += 1
            self.items.extend(found)
            self._oldest = min(filter(None, (self._oldest, *map(_time, events))), default=None)
            self.exhausted = not token
        repeated, self._token = token in self._tokens, token or None
        if token:
            self._tokens.add(token)
        if repeated and not self._restart():
            self.stopped = StopCause.ERROR

    def _is_new(self, event: object) -> bool:
        """Whether an item may be wanted and was on no page before."""
        if not isinstance(event, Mapping):
            return True
        name, event_id = event.get("EventName"), event.get("EventId")
        if self._names is not None and isinstance(name, str) and name not in self._names:
            return False
        if not isinstance(event_id, str):
            return True
        new = event_id not in self._seen
        self._seen.add(event_id)
        return new

    def _reduced(self, event: object) -> Item | None:
        try:
            return self._reduce(_record(event))
        except MalformedAnswer:
            self._unreadable = Unavailable(OPERATION, self.region, Cause.MALFORMED)
            return None


def _passing(error: Exception) -> bool:
    """Whether a failure may be gone with the next request."""
    if isinstance(error, ClientError):
        return bool(error.response.get("ResponseMetadata", {}).get("HTTPStatusCode", 0) >= 500)
    return isinstance(error, exceptions.ConnectionError | exceptions.HTTPClientError)


def _record(event: object) -> Mapping[str, Any]:
    raw = event.get("CloudTrailEvent") if isinstance(event, Mapping) else None
    try:
        record = json.loads(raw) if isinstance(raw, str) else None
    except (ValueError, RecursionError):
        record = None
    if not isinstance(record, Mapping):
        raise MalformedAnswer("CloudTrailEvent")
    return record


def _time(event: object) -> datetime | None:
    at = event.get("EventTime") if isinstance(event, Mapping) else None
    return at.astimezone(UTC) if isinstance(at, datetime) else None
