"""CloudWatch Logs Insights step by step: what is asked where, what the rows become, and how long a group keeps them."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.aws.history.logs_insights import LogsInsights
from bot.cloudtrail import queries
from bot.model import AssumeRoleEvent, AssumeRoleHistory, Cause, RolesHistory, RoleUse, StopCause
from bot.pipe.ports import Window
from bot.sandbox.aws.service import Call, Handler
from tests.bot.aws.history.direct import NINETY_DAYS, NOW, ROLE, Direct, refused, soon

WINDOW = Window(NOW - NINETY_DAYS, NOW)
GROUP = "arn:aws:logs:us-east-1:111122223333:log-group:trail/management"
TRAIL = "arn:aws:cloudtrail:eu-west-1:111122223333:trail/management"
LONG_AGO = NOW - timedelta(days=900)
MSK_CONNECT = "kafkaconnect.amazonaws.com"
ID_1, ID_2, SHARED = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 9))

BY_MSK_CONNECT = {
    "eventTime": "2026-11-24T08:00:00Z",
    "eventID": ID_1,
    "sharedEventID": SHARED,
    "awsRegion": "eu-west-1",
    "requestParameters.roleSessionName": "connect-session",
    "responseElements.credentials.accessKeyId": "ASIATEST000000000001",
    "userIdentity.type": "AWSService",
    "userIdentity.invokedBy": MSK_CONNECT,
}
BY_ANN = {
    "eventTime": "2026-11-24T07:00:00Z",
    "eventID": ID_2,
    "awsRegion": "us-east-1",
    "errorCode": "AccessDenied",
    "requestParameters.roleSessionName": "ann",
    "userIdentity.type": "IAMUser",
    "userIdentity.arn": "arn:aws:iam::111122223333:user/ann",
    "userIdentity.accountId": "111122223333",
    "userIdentity.principalId": "AIDATEST",
}
DID = {
    "eventSource": "s3.amazonaws.com",
    "eventName": "PutObject",
    "awsRegion": "eu-west-1",
    "times": "12",
    "last": "2026-11-24T08:30:00Z",
}

ANOTHER = ROLE.replace("orders-sink", "refunds-sink")
USES = [
    {"requestParameters.roleArn": role, "times": times, "last": "2026-11-24 08:30:00.000"}
    for role, times in ((ROLE, "12"), (ANOTHER, "3"), (f"{ROLE}-of-others", "9"))
]


def answer(*rows: dict[str, str]) -> dict[str, Any]:
    results = [[{"field": name, "value": value} for name, value in row.items()] for row in rows]
    return {"status": "Complete", "results": results, "statistics": {"bytesScanned": 10.0}}


def group(*, days: int | None = None, made: datetime = LONG_AGO, name: str = "trail/management") -> dict[str, Any]:
    return {"logGroupName": name, "creationTime": int(made.timestamp() * 1000), "retentionInDays": days}


class Store:
    """Insights and the trail behind it, answering what a test says."""

    def __init__(self, *events: dict[str, str], groups: tuple[dict[str, Any], ...] = (group(),), trail: Any = None):
        by_others = [event for event in events if "userIdentity.invokedBy" not in event]
        self._answers = {
            "session": answer(DID),
            "fleet": answer(*USES),
            "by-others": answer(*by_others),
            "by-msk-connect": answer(*(event for event in events if event not in by_others)),
        }
        described = {"TrailARN": TRAIL, "HomeRegion": "eu-west-1", "IsMultiRegionTrail": True}
        described |= {"CloudWatchLogsLogGroupArn": f"{GROUP}:*"} | (trail or {})
        logs: dict[str, Handler] = {
            "StartQuery": self._start,
            "GetQueryResults": lambda call: self._answers[call.parameters["queryId"]],
            "StopQuery": lambda _: {},
            "DescribeLogGroups": lambda _: {"logGroups": list(groups)},
        }
        selectors = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}
        cloudtrail: dict[str, Handler] = {
            "DescribeTrails": lambda _: {"trailList": [described]},
            "GetEventSelectors": lambda _: selectors,
            "GetTrailStatus": lambda _: {"IsLogging": True, "StartLoggingTime": LONG_AGO},
        }
        self.direct = Direct({"logs": logs, "cloudtrail": cloudtrail})

    def read(self) -> Any:
        reader = LogsInsights(self.direct.clients(), [GROUP], clock=lambda: NOW)
        return reader.read(ROLE, "eu-west-1", WINDOW, soon(3))

    def _start(self, call: Call) -> dict[str, Any]:
        text = call.parameters["queryString"]
        kinds = {"by requestParameters": "fleet", "stats": "session", "not ispresent": "by-others"}
        return {"queryId": next((kind for word, kind in kinds.items() if word in text), "by-msk-connect")}


def test_rows_become_events_and_the_newest_session_is_followed() -> None:
    history = Store(BY_MSK_CONNECT, BY_ANN).read()
    assert isinstance(history, AssumeRoleHistory)
    assert history.events == (
        AssumeRoleEvent(
            NOW.replace(hour=8, minute=0),
            "eu-west-1",
            ID_1,
            MSK_CONNECT,
            session_name="connect-session",
            issued_key_id="ASIATEST000000000001",
            shared_event_id=SHARED,
        ),
        AssumeRoleEvent(
            NOW.replace(hour=7, minute=0),
            "us-east-1",
            ID_2,
            "arn:aws:iam::111122223333:user/ann",
            session_name="ann",
            error_code="AccessDenied",
        ),
    )
    assert [(a.event_source, a.event_name, a.count, a.last, a.region) for a in history.session_activity] == [
        ("s3.amazonaws.com", "PutObject", 12, NOW.replace(hour=8, minute=30), "eu-west-1")
    ]
    coverage = history.coverage
    assert (coverage.source, coverage.places, coverage.complete) == ("logs-insights", (GROUP,), True)
    assert (coverage.read_from, coverage.bytes_scanned) == (WINDOW.start, 30)


def test_both_queries_are_asked_of_the_group_in_its_own_region() -> None:
    store = Store()
    store.read()
    asked = store.direct.requests("StartQuery")
    assert {call.region for call in asked} == {"us-east-1"}
    assert {call.parameters["queryString"] for call in asked} == {
        queries.insights_by_msk_connect(ROLE),
        queries.insights_by_others(ROLE),
    }
    assert [call.parameters["logGroupIdentifiers"] for call in asked] == [[GROUP], [GROUP]]


@pytest.mark.parametrize(
    ("event", "text"),
    [
        (BY_MSK_CONNECT, queries.insights_session(ROLE, key_id="ASIATEST000000000001")),
        (
            {name: value for name, value in BY_MSK_CONNECT.items() if "accessKeyId" not in name},
            queries.insights_session(ROLE, session_name="connect-session"),
        ),
    ],
)
def test_a_session_is_asked_for_by_its_key_or_its_name(event: dict[str, str], text: str) -> None:
    store = Store(event)
    store.read()
    assert store.direct.requests("StartQuery")[-1].parameters["queryString"] == text


@pytest.mark.parametrize(
    ("groups", "read_days"),
    [
        ((group(),), 90),
        ((group(days=365),), 90),
        ((group(days=30),), 30),
        ((group(days=30, made=NOW - timedelta(days=10)),), 10),
        ((group(made=NOW - timedelta(days=10)),), 10),
        ((group(days=1, name="trail/management-old"), group()), 90),
    ],
)
def test_silence_reaches_as_far_as_the_group_keeps_records(groups: tuple[dict[str, Any], ...], read_days: int) -> None:
    store = Store(groups=groups)
    coverage = store.read().coverage
    assert (coverage.window_to - coverage.read_from).days == read_days
    assert coverage.stopped_because is (None if read_days == 90 else StopCause.RETENTION)
    (asked,) = store.direct.requests("DescribeLogGroups")
    assert (asked.region, asked.parameters) == ("us-east-1", {"logGroupNamePrefix": "trail/management"})


@pytest.mark.parametrize(
    ("trail", "complete"),
    [
        ({}, True),
        ({"CloudWatchLogsLogGroupArn": GROUP}, True),
        ({"CloudWatchLogsLogGroupArn": f"{GROUP}-old:*"}, False),
        ({"CloudWatchLogsLogGroupArn": None}, False),
    ],
)
def test_silence_counts_where_a_trail_delivers_to_the_group(trail: dict[str, Any], *, complete: bool) -> None:
    assert Store(trail=trail).read().coverage.complete is complete


def test_a_group_that_does_not_exist_is_named() -> None:
    coverage = Store(groups=(group(name="trail"),)).read().coverage
    assert [(gap.operation, gap.resource, gap.cause) for gap in coverage.gaps] == [
        ("logs:DescribeLogGroups", GROUP, Cause.NOT_FOUND)
    ]
    assert not coverage.complete


def test_a_group_that_may_not_be_described_is_named() -> None:
    store = Store()

    def between(call: Call, handler: Handler) -> dict[str, Any]:
        if call.operation == "DescribeLogGroups":
            raise refused("AccessDeniedException")
        return handler(call)

    store.direct.between = between
    coverage = store.read().coverage
    assert [(gap.operation, gap.resource, gap.cause) for gap in coverage.gaps] == [
        ("logs:DescribeLogGroups", GROUP, Cause.ACCESS_DENIED)
    ]
    assert not coverage.complete


def test_a_fleet_is_one_query_and_only_its_roles_are_told() -> None:
    store = Store()
    reader = LogsInsights(store.direct.clients(), [GROUP], clock=lambda: NOW)
    found = reader.fleet({ROLE, ANOTHER}, ("eu-west-1", "us-east-1"), WINDOW, soon(3))
    last = NOW.replace(hour=8, minute=30)
    assert isinstance(found, RolesHistory)
    assert set(found.uses) == {RoleUse(ROLE, 12, last), RoleUse(ANOTHER, 3, last)}
    assert (found.coverage.complete, found.coverage.accounts) == (True, ("111122223333",))
    (asked,) = store.direct.requests("StartQuery")
    assert asked.parameters["queryString"] == queries.insights_fleet()
