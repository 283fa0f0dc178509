"""The trail behind a store of records: whether it records AssumeRole, where, and since when.

AssumeRole is a read-only management event. A trail that records writes alone never shows it, so that silence in its
records is no absence. The checks run beside the query and cost it no time.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from typing import Any

from bot.aws.errors import unavailable
from bot.aws.fields import member, moment, optional
from bot.aws.history.parallel import together
from bot.aws.sessions import Clients
from bot.model import Unavailable

#: What is known of an AssumeRole event beforehand, under the names of advanced event selectors.
_ASSUME_ROLE = {
    "eventCategory": "Management",
    "readOnly": "true",
    "eventSource": "sts.amazonaws.com",
    "eventName": "AssumeRole",
}
_OPERATORS: Mapping[str, Callable[[str, str], bool]] = {
    "Equals": str.__eq__,
    "StartsWith": str.startswith,
    "EndsWith": str.endswith,
}

Description = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class TrailCheck:
    """What the trails that deliver to a store record."""

    #: False: every trail leaves AssumeRole out. None: no trail was found, or its selectors could not be read.
    records_reads: bool | None
    #: Regions whose AssumeRole events arrive; None means all.
    regions: frozenset[str] | None = frozenset()
    #: When the trail began to record; None where it does not say.
    since: datetime | None = None
    gaps: tuple[Unavailable, ...] = ()


def check_trails(clients: Clients, region: str, delivers: Callable[[Description], bool]) -> TrailCheck:
    """Find the trails visible from ``region`` that deliver to the store, and read what they record."""
    operation = "cloudtrail:DescribeTrails"
    try:
        answer = clients.client("cloudtrail", region).describe_trails(includeShadowTrails=True)
        seen = [(_Trail(each), each) for each in member(answer, "trailList", list)]
        trails = [trail for trail, described in seen if delivers(described)]
    except Exception as error:  # noqa: BLE001  whatever AWS's library raises becomes a value
        return TrailCheck(None, gaps=(unavailable(error, operation, region),))
    together([partial(read, clients) for trail in trails for read in (trail.read_selectors, trail.read_status)])
    return _added(trails)


class _Trail:
    """One trail. It is asked in its home region, since shadows elsewhere answer for that region alone."""

    def __init__(self, description: Description) -> None:
        self.arn = member(description, "TrailARN", str)
        self.home = member(description, "HomeRegion", str)
        self.everywhere = optional(description, "IsMultiRegionTrail", bool) is True
        self.records: bool | None = None
        self.logging: bool | None = None
        self.since: datetime | None = None
        self.gaps: list[Unavailable] = []

    def read_selectors(self, clients: Clients) -> None:
        try:
            answer = clients.client("cloudtrail", self.home).get_event_selectors(TrailName=self.arn)
            advanced = optional(answer, "AdvancedEventSelectors", list)
            basic = member(answer, "EventSelectors", list) if not advanced else ()
            self.records = records_assume_role(basic, advanced or ())
        except Exception as error:  # noqa: BLE001  as above
            self.gaps.append(unavailable(error, "cloudtrail:GetEventSelectors", self.arn))

    def read_status(self, clients: Clients) -> None:
        try:
            answer = clients.client("cloudtrail", self.home).get_trail_status(Name=self.arn)
            self.logging = member(answer, "IsLogging", bool)
            self.since = moment(answer, "StartLoggingTime")
        except Exception as error:  # noqa: BLE001  as above
            self.gaps.append(unavailable(error, "cloudtrail:GetTrailStatus", self.arn))


def combined(checks: Sequence[TrailCheck]) -> TrailCheck:
    """Add up the checks of several stores that are read together."""
    recording = [check for check in checks if check.records_reads]
    gaps = tuple(gap for check in checks for gap in check.gaps)
    if not recording:
        told = bool(checks) and all(check.records_reads is False for check in checks)
        return TrailCheck(False if told else None, gaps=gaps)
    regions = [check.regions for check in recording]
    everywhere = None in regions
    return TrailCheck(
        True,
        regions=None if everywhere else frozenset().union(*filter(None, regions)),
        since=max((check.since for check in recording if check.since), default=None),
        gaps=gaps,
    )


def _added(trails: Sequence[_Trail]) -> TrailCheck:
    """Add up several trails that fill one store: it holds what any of them records."""
    gaps = tuple(gap for trail in trails for gap in trail.gaps)
    recording = [trail for trail in trails if trail.records and trail.logging]
    if not recording:
        told = bool(trails) and all(trail.records is False or trail.logging is False for trail in trails)
        return TrailCheck(False if told else None, gaps=gaps)
    wide = [trail for trail in recording if trail.everywhere]
    counted = wide or recording
    starts = [trail.since for trail in counted if trail.since]
    return TrailCheck(
        True,
        regions=None if wide else frozenset(trail.home for trail in recording),
        # Several trails cover a region from the first of them on; homes of their own are only as good as the last.
        since=(min if wide else max)(starts, default=None) if len(starts) == len(counted) else None,
        gaps=gaps,
    )


def records_assume_role(basic: Iterable[Description], advanced: Iterable[Description]) -> bool:
    """Whether event selectors let AssumeRole through; a condition that we do not know counts as one that does not."""
    return any(map(_admits, basic)) or any(map(_admits_advanced, advanced))


def _admits(selector: Description) -> bool:
    kind = member(selector, "ReadWriteType", str)
    excluded = optional(selector, "ExcludeManagementEventSources", list) or ()
    return (
        optional(selector, "IncludeManagementEvents", bool) is not False
        and kind in ("All", "ReadOnly")
        and _ASSUME_ROLE["eventSource"] not in excluded
    )


def _admits_advanced(selector: Description) -> bool:
    fields = member(selector, "FieldSelectors", list)
    return any(member(each, "Field", str) == "eventCategory" for each in fields) and all(map(_field_admits, fields))


def _field_admits(field: Description) -> bool:
    value = _ASSUME_ROLE.get(member(field, "Field", str))
    if value is None:
        return False
    for operator, matches in _OPERATORS.items():
        wanted, unwanted = optional(field, operator, list) or (), optional(field, f"Not{operator}", list) or ()
        if wanted and not any(matches(value, each) for each in wanted):
            return False
        if any(matches(value, each) for each in unwanted):
            return False
    return True
