"""Times as people read them: in UTC, beside how long ago that was, as of when AWS was read."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

_MINUTE, _HOUR, _DAY = timedelta(minutes=1), timedelta(hours=1), timedelta(days=1)


def moment(at: datetime) -> str:
    """Return a time to the minute, such as ``2026-11-24 01:48 UTC``."""
    return at.astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC")


def day(at: datetime) -> str:
    """Return the day of a time, such as ``24 Nov``."""
    return f"{at.astimezone(UTC).day} {at.astimezone(UTC):%b}"


def date(at: datetime) -> str:
    """Return the date of a time, such as ``2026-11-24``."""
    return f"{at.astimezone(UTC):%Y-%m-%d}"


def span(length: timedelta) -> str:
    """Return a length of time in its largest fitting unit, such as ``12 min``, ``49 h`` or ``5 days``."""
    if length < _MINUTE:
        return "less than a minute"
    if length < _HOUR:
        return f"{round(length / _MINUTE)} min"
    if length < 3 * _DAY:
        return f"{round(length / _HOUR)} h"
    return f"{round(length / _DAY)} days"


def interval(length: timedelta) -> str:
    """Return a length of time as it follows "every": ``hour`` for one, else as ``span``."""
    return {"1 h": "hour", "1 min": "minute"}.get(span(length), span(length))


def ago(at: datetime, now: datetime | None) -> str:
    """Return how long before ``now`` that was; empty without a now, and for what lies after it."""
    if now is None or at > now + _MINUTE:
        return ""
    return "just now" if now - at < _MINUTE else f"{span(now - at)} ago"


def both(at: datetime, now: datetime | None) -> str:
    """Return the time and how long ago it was, such as ``12 min ago (2026-11-24 01:48 UTC)``."""
    passed = ago(at, now)
    return f"{passed} ({moment(at)})" if passed else moment(at)


def days(count: int) -> str:
    """Return a number of days; one as ``24 hours``, since it is no calendar day."""
    return "24 hours" if count == 1 else f"{count} days"


def times(count: int) -> str:
    """Return how often."""
    return {1: "once", 2: "twice"}.get(count, f"{count:,} times")
