"""What event history sends, counted and timed where it arrives."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta

import pytest

from bot.aws.history.event_history import EventHistory
from bot.aws.history.limiter import Limiter
from bot.aws.history.lookup import HOLD
from bot.aws.sessions import Clients
from bot.model import AssumeRoleHistory
from bot.pipe.ports import Window
from bot.sandbox.aws import EmbeddedAws, MadeCall
from bot.sandbox.aws.world import ACCOUNT
from bot.sandbox.scenario.names import EU
from tests.bot.aws.history.direct import assume_role, soon

LOOKUP = "cloudtrail:LookupEvents"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/pace/sink-role"


@pytest.fixture
def patient(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    """Clients as the bot makes them, which repeat what failed."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    clients = Clients()
    yield clients
    clients.close()


def read(clients: Clients) -> AssumeRoleHistory:
    now = datetime.now(UTC).replace(microsecond=0)
    reader = EventHistory(clients, limiter=Limiter(1000))
    history = reader.read_regions(ROLE, (EU,), Window(now - timedelta(days=90), now), soon(12))
    assert isinstance(history, AssumeRoleHistory)
    return history


def lookups(aws: EmbeddedAws) -> list[MadeCall]:
    return [call for call in aws.calls() if call.operation == LOOKUP]


@pytest.mark.parametrize(("how", "times"), [("throttled", 2), ("error-500", 2)])
def test_a_page_that_fails_costs_no_request_that_is_not_counted(
    aws: EmbeddedAws, patient: Clients, monkeypatch: pytest.MonkeyPatch, how: str, times: int
) -> None:
    monkeypatch.setattr("bot.aws.history.lookup.HOLD", 0.01)
    now = datetime.now(UTC)
    aws.events(assume_role(now - timedelta(hours=number), number=number, role=ROLE) for number in range(1, 61))
    aws.fail(LOOKUP, how, times)
    history = read(patient)
    assert (len(history.events), history.coverage.complete) == (60, True)
    pages_and_follow_up = 3
    assert len(lookups(aws)) == history.coverage.requests == pages_and_follow_up + times


def test_nothing_is_sent_while_a_throttled_region_is_held(aws: EmbeddedAws, patient: Clients) -> None:
    aws.fail(LOOKUP, "throttled", 2)
    assert read(patient).coverage.complete
    made = lookups(aws)
    refused = [place for place, call in enumerate(made) if call.status == 400]
    assert refused == [0, 1]
    assert all(made[place + 1].started - (made[place].ended or 0) >= HOLD - 0.05 for place in refused)


def test_the_checks_of_a_trail_are_still_repeated_unseen(aws: EmbeddedAws, patient: Clients) -> None:
    aws.fail("cloudtrail:DescribeTrails", "throttled", 2)
    assert patient.client("cloudtrail", EU).describe_trails()["trailList"]
    assert [call.status for call in aws.calls()] == [400, 400, 200]
