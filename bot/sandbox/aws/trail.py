"""The store of CloudTrail records behind every history backend of the sandbox.

Events are kept per region, newest first, with one index per lookup attribute, built when it is first asked for. A
record is the raw dictionary that CloudTrail writes to S3 and to CloudWatch Logs, and that LookupEvents gives as
``CloudTrailEvent``. So that a store of some hundred thousand events stays small, an event holds only what is looked
up, and writes its record when somebody reads it.
"""

from bisect import bisect_left, bisect_right
from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any, TypeAlias

Record: TypeAlias = Mapping[str, Any]

#: The attribute keys of LookupEvents.
LOOKUP_KEYS = (
    "EventId",
    "EventName",
    "ReadOnly",
    "Username",
    "ResourceType",
    "ResourceName",
    "EventSource",
    "AccessKeyId",
)


@dataclass(frozen=True, slots=True, eq=False)
class TrailEvent:
    """One management event: what LookupEvents indexes, and how to write the whole record."""

    at: datetime
    region: str
    event_id: str
    name: str
    source: str
    read_only: bool
    #: ``Resources`` of LookupEvents, which holds more than the record's ``resources``: (type, name) pairs.
    resources: tuple[tuple[str, str], ...]
    write: Callable[["TrailEvent"], Record] = field(repr=False)
    #: Empty where LookupEvents leaves them out.
    username: str = ""
    access_key_id: str = ""

    @property
    def record(self) -> Record:
        """The raw CloudTrail record."""
        return self.write(self)

    def values(self, key: str) -> tuple[str, ...]:
        """Return what the event is found by under a lookup attribute key."""
        match key:
            case "ResourceName":
                return tuple(dict.fromkeys(name for _, name in self.resources if name))
            case "ResourceType":
                return tuple(dict.fromkeys(kind for kind, _ in self.resources))
            case "ReadOnly":
                return ("true" if self.read_only else "false",)
        single = {
            "EventId": self.event_id,
            "EventName": self.name,
            "EventSource": self.source,
            "Username": self.username,
            "AccessKeyId": self.access_key_id,
        }[key]
        return (single,) if single else ()


def event_of(record: Record, resources: Iterable[tuple[str, str]] | None = None) -> TrailEvent:
    """Make an event that keeps ``record``; ``resources`` default to what CloudTrail indexes for such a record."""
    identity = record.get("userIdentity", {})
    issuer = identity.get("sessionContext", {}).get("sessionIssuer", {})
    session = str(identity.get("principalId", "")).partition(":")[2]
    return TrailEvent(
        at=datetime.fromisoformat(record["eventTime"]).astimezone(UTC),
        region=record["awsRegion"],
        event_id=record["eventID"],
        name=record["eventName"],
        source=record["eventSource"],
        read_only=bool(record.get("readOnly", False)),
        resources=tuple(lookup_resources(record) if resources is None else resources),
        write=lambda _: record,
        username=session or identity.get("userName", "") or issuer.get("userName", ""),
        access_key_id=identity.get("accessKeyId", ""),
    )


def lookup_resources(record: Record) -> Iterator[tuple[str, str]]:
    """``Resources`` of LookupEvents as (type, name): with the key and session that AssumeRole issued."""
    answer = record.get("responseElements") or {}
    if record["eventName"] == "AssumeRole" and "assumedRoleUser" in answer:
        session = answer["assumedRoleUser"]
        yield "AWS::IAM::AccessKey", answer["credentials"]["accessKeyId"]
        yield "AWS::STS::AssumedRole", session["assumedRoleId"]
        yield "AWS::STS::AssumedRole", session["assumedRoleId"].partition(":")[2]
        yield "AWS::STS::AssumedRole", session["arn"]
    for resource in record.get("resources") or ():
        yield resource.get("type", ""), resource["ARN"]


class _Slice:
    """Events in ascending order of time, with the times beside them for bisection."""

    __slots__ = ("events", "times")

    def __init__(self) -> None:
        self.events: list[TrailEvent] = []
        self.times: list[float] = []

    def add(self, event: TrailEvent) -> None:
        at = event.at.timestamp()
        place = len(self.times) if not self.times or at >= self.times[-1] else bisect_right(self.times, at)
        self.times.insert(place, at)
        self.events.insert(place, event)

    def between(self, start: datetime, end: datetime) -> Sequence[TrailEvent]:
        """Newest first; both ends included."""
        first, last = bisect_left(self.times, start.timestamp()), bisect_right(self.times, end.timestamp())
        return self.events[first:last][::-1]


class Trail:
    """CloudTrail's records of all regions. Safe to read and extend from several threads."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._regions: dict[str, _Slice] = defaultdict(_Slice)
        self._indexes: dict[tuple[str, str], dict[str, _Slice]] = {}

    def __len__(self) -> int:
        return sum(len(region.events) for region in self._regions.values())

    @property
    def regions(self) -> tuple[str, ...]:
        """Regions that hold events."""
        return tuple(sorted(self._regions))

    def add(self, events: Iterable[TrailEvent]) -> None:
        """Add events, in any order; in order of time it is cheapest."""
        with self._lock:
            for event in events:
                self._regions[event.region].add(event)
                for (region, key), index in self._indexes.items():
                    if region == event.region:
                        _put(index, key, event)

    def clear(self) -> None:
        """Forget every event."""
        with self._lock:
            self._regions.clear()
            self._indexes.clear()

    def lookup(self, region: str, key: str, value: str, start: datetime, end: datetime) -> Sequence[TrailEvent]:
        """Events of ``region`` with this lookup attribute, newest first, ``start`` and ``end`` included."""
        with self._lock:
            index = self._indexes.get((region, key))
            found = (self._build(region, key) if index is None else index).get(value)
            return found.between(start, end) if found else ()

    def between(self, region: str, start: datetime, end: datetime) -> Iterator[TrailEvent]:
        """All events of ``region``, newest first, ``start`` and ``end`` included."""
        with self._lock:
            found = self._regions[region].between(start, end) if region in self._regions else ()
        yield from found

    def _build(self, region: str, key: str) -> dict[str, _Slice]:
        index: dict[str, _Slice] = {}
        for event in self._regions[region].events if region in self._regions else ():
            _put(index, key, event)
        self._indexes[region, key] = index
        return index


def _put(index: dict[str, _Slice], key: str, event: TrailEvent) -> None:
    for value in event.values(key):
        index.setdefault(value, _Slice()).add(event)
