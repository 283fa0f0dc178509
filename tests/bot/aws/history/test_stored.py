"""What the stores of a trail's records share, at a standing clock and with odd answers."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

import pytest

from bot.aws.history.coverage import Store, coverage
from bot.aws.history.logs_insights import LogsInsights
from bot.aws.history.rows import QueryResult, calls_of, uses_of
from bot.aws.history.trails import TrailCheck
from bot.cloudtrail import queries
from bot.model import AssumeRoleHistory, Cause, RoleUse, StopCause, Unavailable
from bot.pipe.ports import Window
from bot.sandbox.aws.service import AwsError, Call, Handler
from tests.bot.aws.history.direct import NINETY_DAYS, NOW, ROLE, Direct, hourly, soon

WINDOW = Window(NOW - NINETY_DAYS, NOW)
GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail"
RECORDING = TrailCheck(True, None, NOW - timedelta(days=400))
STORE = Store("logs-insights", ("eu-west-1",), RECORDING, kept_from=NOW - timedelta(days=400))


def row(record: dict[str, Any]) -> list[dict[str, str]]:
    """Return a record as a row of Insights' results."""
    issued = (record["responseElements"] or {}).get("credentials", {}).get("accessKeyId")
    cells = {
        "eventTime": record["eventTime"],
        "eventID": record["eventID"],
        "awsRegion": record["awsRegion"],
        "errorCode": record.get("errorCode"),
        "requestParameters.roleSessionName": record["requestParameters"]["roleSessionName"],
        "responseElements.credentials.accessKeyId": issued,
        "userIdentity.type": record["userIdentity"]["type"],
        "userIdentity.invokedBy": record["userIdentity"]["invokedBy"],
    }
    return [{"field": name, "value": value} for name, value in cells.items() if value]


class Insights:
    """Insights that answers every poll of every query alike."""

    def __init__(self, answer: dict[str, Any], start: Handler = lambda _: {"queryId": "q"}) -> None:
        logs: dict[str, Handler] = {
            "StartQuery": start,
            "GetQueryResults": lambda _: answer,
            "StopQuery": lambda _: {"success": True},
        }
        trails: dict[str, Handler] = {"DescribeTrails": lambda _: {"trailList": []}}
        self.direct = Direct({"logs": logs, "cloudtrail": trails})
        self.reader = LogsInsights(self.direct.clients(), [GROUP], clock=lambda: NOW)

    def read(self, seconds: float = 3) -> Any:
        return self.reader.read(ROLE, "eu-west-1", WINDOW, soon(seconds))


def complete(records: Iterable[dict[str, Any]]) -> dict[str, Any]:
    return {"status": "Complete", "results": [row(record) for record in records], "statistics": {"bytesScanned": 10.0}}


def test_what_a_running_query_has_found_by_the_deadline_is_kept_and_is_not_complete() -> None:
    history = Insights({**complete(hourly(3)), "status": "Running"}).read(seconds=0.4)
    assert isinstance(history, AssumeRoleHistory)
    assert len(history.by_msk_connect) == 3
    assert (history.coverage.complete, history.coverage.stopped_because) == (False, StopCause.DEADLINE)
    assert history.coverage.read_from == WINDOW.end


@pytest.mark.parametrize(
    ("status", "cause"),
    [("Failed", Cause.ERROR), ("Cancelled", Cause.ERROR), ("Unknown", Cause.ERROR), ("Timeout", Cause.TIMEOUT)],
)
def test_a_query_that_ends_badly_is_unavailable(status: str, cause: Cause) -> None:
    history = Insights({"status": status, "results": []}).read()
    assert history == Unavailable("logs:GetQueryResults", "eu-west-1", cause, error_code=status)


def test_a_query_that_aws_is_too_busy_for_is_started_again() -> None:
    refusals = [AwsError("LimitExceededException", "too many queries") for _ in range(3)]

    def start(call: Call) -> dict[str, Any]:
        if refusals:
            raise refusals.pop()
        return {"queryId": "q"}

    assert len(Insights(complete(hourly(3)), start=start).read().by_msk_connect) == 3


def test_rows_beyond_the_limit_leave_the_older_part_unread(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(queries, "INSIGHTS_LIMIT", 5)
    history = Insights(complete(hourly(5))).read()
    assert len(history.events) == 5
    assert (history.coverage.complete, history.coverage.stopped_because) == (False, StopCause.PAGE_LIMIT)


def test_a_row_that_cannot_be_read_costs_the_completeness_and_nothing_else() -> None:
    answer = complete(hourly(3))
    answer["results"].append([{"field": "eventTime", "value": "yesterday"}])
    history = Insights(answer).read()
    assert len(history.events) == 3
    assert not history.coverage.complete


def test_times_are_asked_in_whole_seconds_with_the_end_kept_open_for_a_late_clock() -> None:
    insights = Insights(complete(()))
    insights.read()
    asked = insights.direct.requests("StartQuery")[0].parameters
    assert asked["startTime"] == int(WINDOW.start.timestamp())
    assert asked["endTime"] == int((WINDOW.end + timedelta(minutes=15)).timestamp()) - 1


# --- coverage --------------------------------------------------------------------------------------------------------


def seen(store: Store = STORE, *answers: QueryResult, oldest: Any = None) -> tuple[bool, StopCause | None, timedelta]:
    found = coverage(store, WINDOW, answers or [QueryResult(stopped=None)], oldest)
    return found.complete, found.stopped_because, found.window_to - found.read_from


def changed(**fields: Any) -> Store:
    return Store(**{**{name: getattr(STORE, name) for name in Store.__slots__}, **fields})


GAP = Unavailable("cloudtrail:GetEventSelectors", "trail", Cause.ACCESS_DENIED)
NOTHING = timedelta(0)


@pytest.mark.parametrize(
    ("store", "expected"),
    [
        (STORE, (True, None, NINETY_DAYS)),
        (changed(trail=TrailCheck(False)), (False, StopCause.SELECTORS, NOTHING)),
        (changed(trail=TrailCheck(None)), (False, StopCause.NOT_COVERED, NOTHING)),
        (changed(trail=TrailCheck(None, gaps=(GAP,))), (False, StopCause.ACCESS_DENIED, NOTHING)),
        (changed(trail=TrailCheck(True, frozenset({"us-east-1"}))), (False, StopCause.NOT_COVERED, NOTHING)),
        (changed(trail=TrailCheck(True, frozenset({"eu-west-1"}))), (True, None, NINETY_DAYS)),
        (changed(covers=False), (False, StopCause.NOT_COVERED, NOTHING)),
        (changed(gaps=(GAP,)), (False, StopCause.ACCESS_DENIED, NOTHING)),
        (changed(kept_from=NOW - timedelta(days=30)), (False, StopCause.RETENTION, timedelta(days=30))),
        (
            changed(trail=TrailCheck(True, None, NOW - timedelta(days=7)), kept_from=NOW - timedelta(days=30)),
            (False, StopCause.RETENTION, timedelta(days=7)),
        ),
        (changed(kept_from=NOW + timedelta(days=1)), (False, StopCause.RETENTION, NOTHING)),
    ],
)
def test_a_store_covers_what_it_is_known_to_hold(
    store: Store, expected: tuple[bool, StopCause | None, timedelta]
) -> None:
    assert seen(store) == expected


def test_the_worst_of_several_answers_counts() -> None:
    ended, late = QueryResult(stopped=None), QueryResult(stopped=StopCause.DEADLINE)
    assert seen(STORE, ended, late) == (False, StopCause.DEADLINE, NOTHING)
    cut = QueryResult(stopped=StopCause.PAGE_LIMIT)
    oldest = NOW - timedelta(days=3, seconds=1)
    assert seen(STORE, ended, cut, oldest=oldest) == (False, StopCause.PAGE_LIMIT, timedelta(days=3))


def test_bytes_and_requests_add_up_with_the_answers_beside() -> None:
    answers = [QueryResult(stopped=None, bytes_scanned=5, requests=2), QueryResult(stopped=None, requests=1)]
    found = coverage(STORE, WINDOW, answers, None, [QueryResult(bytes_scanned=7, requests=4)])
    assert (found.bytes_scanned, found.requests, found.complete) == (12, 7, True)


# --- rows ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("last", ["2026-11-24 09:30:00.000", "2026-11-24T09:30:00Z", str(int(NOW.timestamp() * 1000))])
def test_a_newest_time_is_read_in_every_form_that_insights_may_give_it(last: str) -> None:
    answer = QueryResult(
        rows=[{"role": ROLE, "times": "3", "last": last}, {"role": "another", "times": "1", "last": last}]
    )
    assert uses_of(answer, "role", "last", {ROLE}) == (RoleUse(ROLE, 3, NOW),)


@pytest.mark.parametrize("row", [{}, {"times": "many"}, {"times": "1", "last": "never"}, {"times": "1e999"}])
def test_rows_that_count_nothing_readable_are_noted(row: dict[str, str]) -> None:
    answer = QueryResult(rows=[row])
    assert calls_of(answer, "last") == []
    assert answer.unreadable == 1
