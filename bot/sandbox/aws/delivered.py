"""What trails deliver: the world's records as their event selectors let them through, to a log group or to a bucket."""

from collections.abc import Iterable, Iterator
from datetime import datetime
from typing import Any

from bot.sandbox.aws import behind
from bot.sandbox.aws.trail import Record, TrailEvent
from bot.sandbox.aws.world import World


def to_log_group(world: World, arn: str, start: datetime, end: datetime) -> Iterator[Record]:
    """Yield the records in a log group between two times, both included, each once, newest first within a region."""
    trails = [
        trail for trail in behind.all_trails(world.account) if (trail.cw_log_group_arn or "").removesuffix(":*") == arn
    ]
    return _delivered(world, trails, start, end)


def to_bucket(world: World, bucket: str, start: datetime, end: datetime) -> Iterator[Record]:
    """Yield the records in a bucket between two times, both included, each once."""
    return _delivered(
        world, [trail for trail in behind.all_trails(world.account) if trail.bucket_name == bucket], start, end
    )


def _delivered(world: World, trails: Iterable[Any], start: datetime, end: datetime) -> Iterator[Record]:
    trails = tuple(trails)
    for region in world.trail.regions:
        here = [trail for trail in trails if trail.is_multi_region or trail.region_name == region]
        if not here:
            continue
        for event in world.trail.between(region, start, end):
            if any(_lets_through(trail, event) for trail in here):
                yield event.record


def _lets_through(trail: Any, event: TrailEvent) -> bool:
    """Whether the selectors admit a management event; a trail without selectors records all of them."""
    basic, advanced = trail.get_event_selectors()
    if not basic and not advanced:
        return True
    for selector in basic:
        kinds = ("All", "ReadOnly" if event.read_only else "WriteOnly")
        if selector.get("IncludeManagementEvents", True) and selector.get("ReadWriteType", "All") in kinds:
            return True
    wanted = "true" if event.read_only else "false"
    for selector in advanced:
        fields = {field["Field"]: field.get("Equals", []) for field in selector["FieldSelectors"]}
        if fields.get("eventCategory") == ["Management"] and wanted in fields.get("readOnly", [wanted]):
            return True
    return False
