from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.cloudtrail.rhythm import Caller, Refusal, beside, callers, days, refusals, rhythm, timeline
from bot.model import MSK_CONNECT_PRINCIPAL, AssumeRoleEvent, AssumeRoleHistory, ConnectorOperation, Coverage

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
START = NOW - timedelta(days=90)


def event(
    hours_ago: float,
    principal: str = MSK_CONNECT_PRINCIPAL,
    *,
    error: str = "",
    region: str = "eu-west-1",
    name: str = "s",
) -> AssumeRoleEvent:
    at = NOW - timedelta(hours=hours_ago)
    return AssumeRoleEvent(at, region, f"id-{hours_ago}", principal, session_name=name, error_code=error)


def history(*events: AssumeRoleEvent, read_from: datetime = START) -> AssumeRoleHistory:
    coverage = Coverage("event-history", ("eu-west-1",), START, NOW, read_from)
    return AssumeRoleHistory("arn:aws:iam::111122223333:role/r", events, coverage)


def test_no_events_have_no_rhythm() -> None:
    assert rhythm(()) is None


def test_one_event_has_no_gap() -> None:
    found = rhythm([event(1)])
    assert found is not None
    assert (found.count, found.first, found.last, found.median_gap, found.longest_gap) == (
        1,
        event(1).at,
        event(1).at,
        None,
        None,
    )


def test_the_rhythm_is_the_median_gap_whatever_the_order() -> None:
    found = rhythm([event(hours) for hours in (0, 9, 1, 2, 3)])
    assert found is not None
    assert (found.count, found.median_gap, found.longest_gap) == (5, timedelta(hours=1), timedelta(hours=6))
    assert (found.first, found.last) == (event(9).at, event(0).at)


def test_workers_that_assume_the_role_together_are_one_beat() -> None:
    moments = [hours + second / 3600 for hours in (0, 1, 2, 3) for second in (0, 1, 20)]
    found = rhythm([event(moment) for moment in moments])
    assert found is not None
    assert found.count == 12
    assert found.median_gap == timedelta(hours=1)


@pytest.mark.parametrize(("seconds", "gap"), [(60, None), (61, timedelta(seconds=61))])
def test_a_beat_lasts_a_minute(seconds: int, gap: timedelta | None) -> None:
    found = rhythm([event(1), event(1 - seconds / 3600)])
    assert found is not None
    assert (found.median_gap, found.longest_gap) == (gap, gap)


def test_a_beat_is_counted_from_its_first_event() -> None:
    found = rhythm([event(1 - seconds / 3600) for seconds in (0, 40, 80)])
    assert found is not None
    assert found.longest_gap == timedelta(seconds=80)


def test_regions_and_sessions_are_counted_most_first() -> None:
    events = [event(1, region="us-east-1", name="b"), event(2, name="a"), event(3, name="a"), event(4, name="")]
    found = rhythm(events)
    assert found is not None
    assert found.regions == (("eu-west-1", 3), ("us-east-1", 1))
    assert found.sessions == ("a", "b")


@given(st.lists(st.floats(0, 2000), max_size=30))
def test_a_rhythm_never_contradicts_its_events(hours: list[float]) -> None:
    found = rhythm([event(each) for each in hours])
    if found is None:
        assert not hours
        return
    assert found.count == len(hours)
    assert found.first <= found.last
    if found.median_gap is not None and found.longest_gap is not None:
        assert timedelta(0) < found.median_gap <= found.longest_gap <= found.last - found.first


def test_sessions_of_one_role_are_one_caller() -> None:
    role = "arn:aws:sts::111122223333:assumed-role/ci"
    ana = "arn:aws:iam::111122223333:user/ana"
    found = callers([event(3, f"{role}/1"), event(1, f"{role}/2", error="AccessDenied"), event(2, ana), event(9, ana)])
    assert found == (Caller(ana, 2, 0, event(2).at), Caller(f"{role}/*", 1, 1, event(3).at))


def test_a_single_session_keeps_its_name() -> None:
    principal = "arn:aws:sts::111122223333:assumed-role/AWSReservedSSO_admin/ana@example.com"
    assert [caller.principal for caller in callers([event(1, principal)])] == [principal]


def test_refusals_are_counted_by_code() -> None:
    events = [event(1, error="AccessDenied"), event(2, error="Throttling"), event(3, error="AccessDenied"), event(0)]
    assert refusals(events) == (Refusal("AccessDenied", 2, event(1).at), Refusal("Throttling", 1, event(2).at))


def test_a_timeline_cuts_the_window_into_equal_stretches() -> None:
    marks = timeline(history(event(1), event(2, error="AccessDenied"), event(3, "somebody"), event(89 * 24)), 30)
    assert len(marks) == 30
    assert (marks[0].start, marks[-1].end) == (START, NOW)
    assert {mark.end - mark.start for mark in marks} == {timedelta(days=3)}
    assert (marks[-1].assumed, marks[-1].failed, marks[-1].others) == (1, 1, 1)
    assert (marks[0].assumed, sum(mark.assumed for mark in marks)) == (1, 2)
    assert all(mark.read for mark in marks)


def test_what_was_not_read_is_not_silent() -> None:
    marks = timeline(history(event(1), read_from=NOW - timedelta(days=10)), 9)
    assert [mark.read for mark in marks] == [False] * 8 + [True]


def test_an_event_after_the_window_by_a_late_clock_counts_in_the_last_stretch() -> None:
    assert timeline(history(event(-0.1)), 5)[-1].assumed == 1


def test_days_are_calendar_days_and_hold_every_event() -> None:
    cut = days(history(event(1), event(10), event(24 * 90 - 1)))
    assert len(cut) == 91
    assert {bucket.start.hour for bucket in cut} == {0}
    assert [(bucket.start.day, bucket.assumed) for bucket in cut if bucket.assumed] == [(26, 1), (23, 1), (24, 1)]


@pytest.mark.parametrize(("minutes", "explained"), [(-1, False), (0, True), (20, True), (35, True), (37, False)])
def test_an_assumption_within_half_an_hour_of_an_operation_is_laid_beside_it(minutes: int, *, explained: bool) -> None:
    started = NOW - timedelta(hours=5)
    operation = ConnectorOperation(
        "arn", "RESTART_CONNECTOR", "RESTART_COMPLETE", started, started + timedelta(minutes=6)
    )
    found = beside([operation], [event(5 - minutes / 60), event(5, "somebody")])
    assert [bool(each.events) for each in found] == [explained]


def test_operations_are_listed_newest_first() -> None:
    operations = [ConnectorOperation(str(days), "UPDATE", "DONE", NOW - timedelta(days=days)) for days in (3, 1, 2)]
    assert [each.operation.arn for each in beside(operations, ())] == ["1", "2", "3"]
