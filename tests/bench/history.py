"""CloudTrail at scale: what a history costs in requests, who waits for whom, and how many queries a fleet takes.

The embedded AWS runs in its own process and holds LookupEvents to two requests a second in each region, as AWS does.
Requests are counted there, so that nothing the bot sends is overlooked.
"""

from __future__ import annotations

import math
import os
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from random import Random

from bot.aws.history.athena import Athena
from bot.aws.history.event_history import EventHistory
from bot.aws.history.limiter import Limiter
from bot.aws.history.logs_insights import LogsInsights
from bot.aws.sessions import AwsCall, Clients
from bot.cloudtrail.stores import AthenaOptions
from bot.model import AssumeRoleHistory, RolesHistory
from bot.pipe.ports import Deadline, Window
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US, log_group_arn, role_arn
from bot.sandbox.scenario.table import DATABASE, TABLE

EVENTS = 200_000
DAYS = 90
PAGE = 50
PEOPLE = 20
HOURLY = role_arn("bench-hourly-role")
ROLES = [role_arn(f"bench-role-{number}") for number in range(5)]
FLEET = 1_000
LOOKUP = "cloudtrail:LookupEvents"


def main() -> None:
    """Print each figure beside its bound; raises AssertionError where one is broken."""
    with EmbeddedAws.start() as aws, _environment(aws.environment):
        events = _seed(aws)
        hourly = events[HOURLY]
        aws.lookup_limit(on=True)
        _last_assumed(aws)
        time.sleep(1)  # the next reader has a pace of its own, and knows nothing of the requests of this one
        _count_and_rush(aws, events)
        aws.lookup_limit(on=False)
        _by_event_name(aws, hourly)
        aws.reset()
        _fleet(aws)


def _seed(aws: EmbeddedAws) -> dict[str, int]:
    """Fill 90 days; return how often each role was assumed."""
    begun = time.monotonic()
    every = {HOURLY: 1.0, **dict.fromkeys(ROLES, 22.0)}
    made = {role: aws.assumptions(role, oldest=DAYS - 0.1, newest=0.02, every=hours) for role, hours in every.items()}
    aws.background(EVENTS - sum(made.values()), days=DAYS)
    print(f"{EVENTS} management events in {DAYS} days, made in {time.monotonic() - begun:.1f} s")
    return made


def _last_assumed(aws: EmbeddedAws) -> None:
    """One request a second and region, and less than a second: what is known then was known from one request each."""
    aws.calls(clear=True)
    history = _ask(EventHistory(Clients(), limiter=Limiter(1)), HOURLY, seconds=0.9)
    made = _lookups(aws)
    print(f"last assumed                      {made} requests, 1 in each of 2 regions")
    assert history.last_assumed is not None
    assert history.last_assumed > datetime.now(UTC) - timedelta(hours=2)
    assert made == 2


def _count_and_rush(aws: EmbeddedAws, events: Mapping[str, int]) -> None:
    """Start a long count; then twenty people ask about five roles within a second."""
    watch = _Watch()
    clients = Clients(observer=watch.saw)
    clients.warm(("cloudtrail", "sts"), (EU, US))
    reader = EventHistory(clients)
    aws.calls(clear=True)
    counted: list[AssumeRoleHistory] = []
    begun = time.monotonic()
    long_count = threading.Thread(target=lambda: counted.append(_ask(reader, HOURLY, seconds=60)))
    long_count.start()
    time.sleep(2)
    asked = [_Asked(reader, ROLES[number % len(ROLES)]) for number in range(PEOPLE)]
    moments = sorted(Random(5).uniform(0, 1) for _ in asked)  # noqa: S311  # reproducible on purpose
    rush = time.monotonic()
    watch.seconds.clear()
    for person, moment in zip(asked, moments, strict=True):
        time.sleep(max(0.0, rush + moment - time.monotonic()))
        person.start()
    for person in asked:
        person.join()
    answered = time.monotonic() - rush
    long_count.join()
    took = time.monotonic() - begun
    calls = [call for call in aws.calls() if call.operation == LOOKUP]
    refused = sum(call.status != 200 for call in calls)

    hourly = events[HOURLY]
    needed = _needed(hourly)
    made = counted[0].coverage.requests
    print(
        f"full count of {hourly} events       {made} requests, {needed} needed: ratio {made / needed:.3f}, at most 1.05"
    )
    assert (len(counted[0].events), counted[0].coverage.complete) == (hourly, True)
    assert made <= 1.05 * needed

    # Beside its pages each question needs to know what the newest session did next.
    rush_made, rush_needed = len(calls) - made, sum(_needed(events[role]) + 1 for role in ROLES)
    print(
        f"{PEOPLE} people, {len(ROLES)} roles, 1 second       {rush_made} requests, {rush_needed} needed: "
        f"ratio {rush_made / rush_needed:.3f}, at most 1.1; {refused} refused"
    )
    assert all(person.history.coverage.complete for person in asked)
    assert all(len(person.history.events) == events[person.role] for person in asked)
    assert rush_made <= 1.1 * rush_needed
    assert refused == 0

    first = watch.first_pages(len(ROLES)) - rush
    print(
        f"last first page after             {first:.1f} s, every answer after {answered:.1f} s, "
        f"while the count took {took:.1f} s"
    )
    assert first <= len(ROLES) / 2 + 2  # two requests a second, and whatever is under way when the first asks


def _by_event_name(aws: EmbeddedAws, hourly: int) -> None:
    """Page ``EventName=AssumeRole`` as others do, with the limit off: only the number of requests counts."""
    aws.calls(clear=True)
    begun = time.monotonic()
    attribute = {"AttributeKey": "EventName", "AttributeValue": "AssumeRole"}
    pages = aws.client("cloudtrail").get_paginator("lookup_events").paginate(LookupAttributes=[attribute])
    found = sum(HOURLY in event["CloudTrailEvent"] for page in pages for event in page["Events"])
    made = _lookups(aws)
    ratio = made / _needed(hourly)
    print(
        f"paging EventName=AssumeRole       {made} requests for the same {found} events: {ratio:.0f} times as many "
        f"({time.monotonic() - begun:.1f} s without the limit, {made / 2:.0f} s with it)"
    )
    assert found == hourly
    assert ratio > 10


def _fleet(aws: EmbeddedAws) -> None:
    """Ask for a thousand roles at once."""
    roles = [role_arn(f"{name}-role") for name in aws.fleet(FLEET)]
    clients = Clients()
    settings = AthenaOptions(DATABASE, TABLE, output_location="s3://acme-athena-results/bench/")
    backends: Mapping[str, Athena | LogsInsights] = {
        "athena:StartQueryExecution": Athena(clients, settings, EU),
        "logs:StartQuery": LogsInsights(clients, [log_group_arn("cloudtrail/management-events", EU)]),
    }
    now = datetime.now(UTC)
    for operation, reader in backends.items():
        aws.calls(clear=True)
        begun = time.monotonic()
        fleet = reader.fleet(roles, (EU, US), Window(now - timedelta(days=10), now), Deadline.after(60))
        assert isinstance(fleet, RolesHistory)
        started = sum(call.operation == operation for call in aws.calls())
        scanned = (fleet.coverage.bytes_scanned or 0) / 1e6
        print(
            f"fleet of {FLEET} roles               {started} query ({reader.source}): {len(fleet.uses)} roles assumed, "
            f"{scanned:.0f} MB scanned, {time.monotonic() - begun:.1f} s"
        )
        assert started == 1
        assert len(fleet.uses) == FLEET
        assert fleet.coverage.complete


@dataclass(slots=True)
class _Watch:
    """When lookups were answered, on the monotonic clock."""

    seconds: list[float] = field(default_factory=list)

    def saw(self, call: AwsCall) -> None:
        if call.operation == "LookupEvents" and call.region == EU:
            self.seconds.append(time.monotonic())

    def first_pages(self, number: int) -> float:
        """Return when that many first pages were there at the latest: they go before everything else."""
        return sorted(self.seconds)[number + 1]  # two requests of the count may have been under way


class _Asked(threading.Thread):
    """Somebody who asks about a role."""

    def __init__(self, reader: EventHistory, role: str) -> None:
        super().__init__()
        self._reader = reader
        self.role = role

    def run(self) -> None:
        self.history = _ask(self._reader, self.role, seconds=40)


def _ask(reader: EventHistory, role: str, *, seconds: float) -> AssumeRoleHistory:
    now = datetime.now(UTC)
    history = reader.read(role, EU, Window(now - timedelta(days=DAYS), now), Deadline.after(seconds))
    assert isinstance(history, AssumeRoleHistory), history
    return history


def _needed(events: int) -> int:
    """Return the requests that so many events in one region need, and silence in the other."""
    return math.ceil(events / PAGE) + 1


def _lookups(aws: EmbeddedAws) -> int:
    return sum(call.operation == LOOKUP for call in aws.calls())


@contextmanager
def _environment(variables: Mapping[str, str]) -> Iterator[None]:
    """Point this process's AWS clients at the embedded AWS."""
    before = dict(os.environ)
    os.environ.update(variables)
    try:
        yield
    finally:
        os.environ.clear()
        os.environ.update(before)


if __name__ == "__main__":
    main()
