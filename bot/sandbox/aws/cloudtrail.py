"""CloudTrail's event history: LookupEvents, which moto lacks.

Documented behaviour that it keeps: one attribute a call, at most 50 events a page, 90 days, newest first, page tokens
that are good for the same request only, and two requests a second in each account and region (on a switch).
"""

import base64
import hashlib
import json
from collections import deque
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any

from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.trail import LOOKUP_KEYS, Trail, TrailEvent
from bot.sandbox.aws.world import World

RETENTION = timedelta(days=90)
PAGE = 50
PER_SECOND = 2


def service(world: World) -> Service:
    """Return LookupEvents over the world's trail."""

    def lookup_events(call: Call) -> dict[str, Any]:
        if world.switches.lookup_limit:
            _throttle(world, call.region)
        attribute = _attribute(call.parameters.get("LookupAttributes", ()))
        size = call.parameters.get("MaxResults", PAGE)
        if not 1 <= size <= PAGE:
            raise AwsError("InvalidMaxResultsException", f"MaxResults must be between 1 and {PAGE}.")
        if call.parameters.get("EventCategory", "insight") != "insight":
            raise AwsError("InvalidEventCategoryException", "The event category is not valid.")
        start, end = _span(call)
        scope = json.dumps([attribute, call.region, *map(_plain, map(call.parameters.get, _BOUND))])
        offset, end = _position(call.parameters.get("NextToken"), scope, end)
        found = () if "EventCategory" in call.parameters else _found(world.trail, call.region, attribute, start, end)
        page = found[offset : offset + size]
        further = offset + size < len(found)
        return {
            "Events": [_item(event) for event in page],
            "NextToken": _token(offset + size, end, scope) if further else None,
        }

    return {"LookupEvents": lookup_events}


#: What a page token is bound to, beside the attribute.
_BOUND = ("StartTime", "EndTime", "EventCategory")


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime) else value


def _throttle(world: World, region: str) -> None:
    """Refuse the third request within a second; refused ones do not count."""
    now = monotonic()
    with world.lock:
        recent: deque[float] = world.private.setdefault("lookups", {}).setdefault(region, deque(maxlen=PER_SECOND))
        if len(recent) == PER_SECOND and now - recent[0] < 1:
            raise AwsError("ThrottlingException", "Rate exceeded", 400)
        recent.append(now)


def _attribute(attributes: Sequence[Mapping[str, str]]) -> tuple[str, str] | None:
    if not attributes:
        return None
    key, value = attributes[0]["AttributeKey"], attributes[0]["AttributeValue"]
    if len(attributes) > 1 or key not in LOOKUP_KEYS or not 1 <= len(value) <= 2000:
        raise AwsError("InvalidLookupAttributesException", "The lookup attributes are not valid.")
    if key == "ReadOnly" and value not in ("true", "false"):
        raise AwsError("InvalidLookupAttributesException", "ReadOnly is true or false.")
    return key, value


def _span(call: Call) -> tuple[datetime, datetime]:
    oldest = call.now - RETENTION
    start, end = call.parameters.get("StartTime", oldest), call.parameters.get("EndTime", call.now)
    if start > end:
        raise AwsError("InvalidTimeRangeException", "The start time is after the end time.")
    return max(start, oldest), end


def _position(token: str | None, scope: str, end: datetime) -> tuple[int, datetime]:
    """Read a page token: where its page begins, and the end of time as the first page saw it."""
    if token is None:
        return 0, end
    try:
        offset, moment = json.loads(base64.urlsafe_b64decode(token))["at"]
        end = datetime.fromtimestamp(moment, UTC)
        known = _token(offset, end, scope) == token
    except (ValueError, TypeError, LookupError, OverflowError):
        known = False
    if not known:
        raise AwsError("InvalidNextTokenException", "The NextToken is not valid, or was given for other parameters.")
    return offset, end


def _token(offset: int, end: datetime, scope: str) -> str:
    at = [offset, end.timestamp()]
    seal = hashlib.sha256(f"{at}{scope}".encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(json.dumps({"at": at, "seal": seal}).encode()).decode()


def _found(
    trail: Trail, region: str, attribute: tuple[str, str] | None, start: datetime, end: datetime
) -> Sequence[TrailEvent]:
    if attribute is None:
        return tuple(trail.between(region, start, end))
    return trail.lookup(region, *attribute, start, end)


def _item(event: TrailEvent) -> dict[str, Any]:
    return {
        "EventId": event.event_id,
        "EventName": event.name,
        "ReadOnly": "true" if event.read_only else "false",
        "AccessKeyId": event.access_key_id or None,
        "EventTime": event.at,
        "EventSource": event.source,
        "Username": event.username or None,
        "Resources": [{"ResourceType": kind, "ResourceName": name} for kind, name in event.resources],
        "CloudTrailEvent": json.dumps(event.record),
    }
