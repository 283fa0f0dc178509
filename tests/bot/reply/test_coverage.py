"""What was read of CloudTrail, region by region, and what an answer in time leaves out."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.model import Cause, Coverage, RegionShortfall, StopCause, Unavailable
from bot.reply.about import coverage
from bot.reply.history import verdict
from bot.reply.nouns import text_of
from tests.bot.reply.samples import NOW, assumed_every, connector, evidence, explained, history

START = NOW - timedelta(days=90)
REGIONS = ("eu-west-1", "us-east-1")
DENIED = Unavailable("cloudtrail:LookupEvents", "us-east-1", Cause.ACCESS_DENIED, "cloudtrail:LookupEvents")
CUT = NOW - timedelta(days=19)


def _covered(*shortfalls: RegionShortfall, gaps: tuple[Unavailable, ...] = ()) -> Coverage:
    stopped = shortfalls[0].stopped_because
    read_from = max(shortfall.read_from for shortfall in shortfalls)
    return Coverage("event-history", REGIONS, START, NOW, read_from, stopped, gaps, shortfalls=shortfalls)


@pytest.mark.parametrize(
    ("shortfall", "gaps", "said"),
    [
        (
            RegionShortfall("us-east-1", NOW, StopCause.ACCESS_DENIED),
            (DENIED,),
            "us-east-1 not read: the bot lacks cloudtrail:LookupEvents there",
        ),
        (
            RegionShortfall("us-east-1", NOW, StopCause.THROTTLED),
            (),
            "us-east-1 not read, because CloudTrail throttled the bot",
        ),
        (
            RegionShortfall("us-east-1", CUT, StopCause.ERROR),
            (),
            f"us-east-1 read back to {CUT:%Y-%m-%d %H:%M} UTC only, because CloudTrail failed",
        ),
    ],
)
def test_a_region_that_was_read_completely_is_told_apart_from_one_that_was_not(
    shortfall: RegionShortfall, gaps: tuple[Unavailable, ...], said: str
) -> None:
    expected = f"CloudTrail event history of eu-west-1, read completely; {said}"
    assert coverage(_covered(shortfall, gaps=gaps)) == expected


@pytest.mark.parametrize("shortfalls", [(), (RegionShortfall("eu-west-1", CUT, StopCause.DEADLINE),)])
def test_a_count_that_was_ended_in_time_says_what_else_was_not_looked_for(
    shortfalls: tuple[RegionShortfall, ...],
) -> None:
    whole = history(*assumed_every(60))
    covered = replace(whole.coverage, stopped_because=StopCause.DEADLINE, read_from=CUT, shortfalls=shortfalls)
    said = text_of(verdict(explained(evidence(connector(), history=replace(whole, coverage=covered)))))
    assert f"Counted back to {CUT:%Y-%m-%d %H:%M} UTC only, to answer in time" in said
    assert "who else assumed the role before that, and refusals, were not looked for" in said
