"""The store of CloudTrail records."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from bot.sandbox.aws.trail import LOOKUP_KEYS, Record, Trail, event_of
from bot.sandbox.scenario.names import EU, US, role_arn
from bot.sandbox.scenario.records import assume_role, follow_up, seeded

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
ROLE = role_arn("some-role", "/path/")
MSK = "kafkaconnect.amazonaws.com"


def assumed(hours_ago: float = 0, region: str = EU, by: str = MSK, error: str = "") -> Record:
    at = NOW - timedelta(hours=hours_ago)
    return assume_role(seeded(f"{hours_ago} {by}"), at, region, ROLE, "session", by=by, error=error)


def found(trail: Trail, key: str, value: str, hours: float = 100) -> list[float]:
    events = trail.lookup(EU, key, value, NOW - timedelta(hours=hours), NOW)
    return [(NOW - event.at) / timedelta(hours=1) for event in events]


def test_events_come_newest_first_in_whatever_order_they_were_added() -> None:
    trail = Trail()
    trail.add(event_of(assumed(hours)) for hours in (3, 1, 2))
    assert found(trail, "ResourceName", ROLE) == [1, 2, 3]


def test_events_that_are_added_later_are_found_by_an_index_that_was_built_before() -> None:
    trail = Trail()
    trail.add([event_of(assumed(3))])
    assert found(trail, "ResourceName", ROLE) == [3]
    trail.add([event_of(assumed(4)), event_of(assumed(1))])
    assert found(trail, "ResourceName", ROLE) == [1, 3, 4]


def test_both_ends_of_the_time_range_are_included() -> None:
    trail = Trail()
    trail.add(event_of(assumed(hours)) for hours in (0, 5, 6))
    assert found(trail, "EventName", "AssumeRole", hours=5) == [0, 5]


def test_regions_are_kept_apart() -> None:
    trail = Trail()
    trail.add([event_of(assumed(1, US))])
    assert found(trail, "ResourceName", ROLE) == []
    assert trail.regions == (US,)


@pytest.mark.parametrize("key", LOOKUP_KEYS)
def test_an_event_is_found_by_each_lookup_attribute(key: str) -> None:
    record = follow_up(seeded(""), assumed(2), timedelta(minutes=1), "kms.amazonaws.com", "Decrypt", reads=True)
    event = event_of(record, [("AWS::KMS::Key", "key-1")])
    trail = Trail()
    trail.add([event])
    [value] = event.values(key)
    assert len(found(trail, key, value)) == 1
    assert found(trail, key, "something else") == []


def test_an_assumed_role_is_indexed_by_role_session_and_issued_key() -> None:
    record = assumed()
    issued = record["responseElements"]
    names = event_of(record).values("ResourceName")
    assert names == (
        issued["credentials"]["accessKeyId"],
        issued["assumedRoleUser"]["assumedRoleId"],
        "session",
        "arn:aws:sts::111122223333:assumed-role/some-role/session",
        ROLE,
    )


def test_a_refused_call_is_indexed_by_the_role_alone() -> None:
    record = assumed(error="AccessDenied")
    assert record["responseElements"] is None
    assert event_of(record).values("ResourceName") == (ROLE,)


def test_a_services_call_has_no_user_and_no_access_key() -> None:
    event = event_of(assumed())
    assert (event.username, event.access_key_id) == ("", "")
