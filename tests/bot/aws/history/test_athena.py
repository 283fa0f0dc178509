"""Athena step by step: what is asked, what becomes of each answer, and what the table is trusted to hold."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest

from bot.aws.history.athena import Athena
from bot.aws.history.many import RolesHistories
from bot.cloudtrail import queries
from bot.cloudtrail.stores.athena import AthenaOptions
from bot.model import AssumeRoleEvent, AssumeRoleHistory, Cause, RolesHistory, RoleUse, StopCause, Unavailable
from bot.pipe.ports import Window
from bot.sandbox.aws.service import Call, Handler
from tests.bot.aws.history.direct import NINETY_DAYS, NOW, ROLE, Direct, refused, soon

WINDOW = Window(NOW - NINETY_DAYS, NOW)
TRAIL = "arn:aws:cloudtrail:us-east-1:111122223333:trail/management"
LONG_AGO = NOW - timedelta(days=900)
MSK_CONNECT = "kafkaconnect.amazonaws.com"
ID_1, ID_2, ID_3, SHARED = (f"00000000-0000-4000-8000-00000000000{number}" for number in (1, 2, 3, 9))

HISTORY_COLUMNS = (
    "eventtime", "awsregion", "eventid", "sharedeventid", "errorcode", "recipientaccountid", "identity_type",
    "invoked_by", "identity_arn", "identity_account", "identity_principal", "session_name", "issued_key",
)  # fmt: skip
BY_MSK_CONNECT = (
    "2026-11-24T08:00:00Z", "eu-west-1", ID_1, SHARED, None, "111122223333", "AWSService",
    MSK_CONNECT, None, None, None, "connect-session", "ASIATEST000000000001",
)  # fmt: skip
BY_ANN = (
    "2026-11-24T07:00:00Z", "us-east-1", ID_2, None, "AccessDenied", "111122223333", "IAMUser",
    None, "arn:aws:iam::111122223333:user/ann", "111122223333", "AIDATEST", "ann", None,
)  # fmt: skip
BY_AN_ACCOUNT = (
    "2026-11-24T06:00:00Z", "eu-west-1", ID_3, None, None, "111122223333", "AWSAccount",
    None, None, "444455556666", "AIDAOTHER:ci", "ci", "ASIATEST000000000003",
)  # fmt: skip
ANOTHER = ROLE.replace("orders-sink", "refunds-sink").replace("111122223333", "444455556666")
USES = [
    (role, times, "2026-11-24T08:30:00Z") for role, times in ((ROLE, "12"), (ANOTHER, "3"), (f"{ROLE}-of-others", "9"))
]
SESSION_COLUMNS = ("eventsource", "eventname", "awsregion", "times", "last_seen")

PARAMETERS = {
    "projection.enabled": "true",
    "projection.timestamp.format": "yyyy/MM/dd",
    "projection.timestamp.range": "2024/01/01,NOW",
    "projection.account_id.type": "enum",
    "projection.account_id.values": "111122223333, 444455556666",
    "projection.region.type": "enum",
    "projection.region.values": "eu-west-1,us-east-1",
    "storage.location.template": "s3://trail-logs/AWSLogs/${account_id}/CloudTrail/${region}/${timestamp}",
}


def page(*rows: tuple[str | None, ...], token: str | None = None) -> dict[str, Any]:
    cells = [{"Data": [{} if value is None else {"VarCharValue": value} for value in row]} for row in rows]
    return {"ResultSet": {"Rows": cells}, "NextToken": token}


def table(*, without: str = "", keys: tuple[str, ...] = ("account_id", "region", "timestamp"), **changes: str) -> Any:
    parameters = {**PARAMETERS, **{name.replace("__", "."): value for name, value in changes.items()}}
    parameters.pop(without, None)
    return {"TableMetadata": {"Parameters": parameters, "PartitionKeys": [{"Name": key} for key in keys]}}


class Store:
    """Athena and the trail behind it, answering what a test says."""

    def __init__(
        self,
        *pages: dict[str, Any],
        session: tuple[tuple[str, ...], ...] = (),
        status: Mapping[str, Any] | None = None,
        metadata: Any = None,
        **trail: Any,
    ) -> None:
        self._pages = {"history": list(pages) or [page(HISTORY_COLUMNS)], "session": [page(SESSION_COLUMNS, *session)]}
        self._pages["fleet"] = [page(("role_arn", "times", "last_seen"), *USES)]
        self._status = [{"State": "RUNNING"}, status or {"State": "SUCCEEDED"}]
        described = {"TrailARN": TRAIL, "HomeRegion": "us-east-1", "IsMultiRegionTrail": True} | {
            "S3BucketName": "trail-logs"
        }
        selectors = {"EventSelectors": [{"ReadWriteType": "All", "IncludeManagementEvents": True}]}
        logging = {"IsLogging": True, "StartLoggingTime": LONG_AGO}
        athena: dict[str, Handler] = {
            "StartQueryExecution": self._start,
            "GetQueryExecution": self._execution,
            "GetQueryResults": self._results,
            "StopQueryExecution": lambda _: {},
            "GetTableMetadata": lambda _: metadata or table(),
        }
        cloudtrail: dict[str, Handler] = {
            "DescribeTrails": lambda _: {"trailList": [{**described, **trail.get("described", {})}]},
            "GetEventSelectors": lambda _: trail.get("selectors", selectors),
            "GetTrailStatus": lambda _: trail.get("logging", logging),
        }
        self.direct = Direct({"athena": athena, "cloudtrail": cloudtrail})
        self._polls = 0

    def reader(self, **changes: Any) -> Athena:
        settings = AthenaOptions("trails", "logs", **{"output_location": "s3://results/bot/", **changes})
        return Athena(self.direct.clients(), settings, "eu-central-1", clock=lambda: NOW)

    def read(self, seconds: float = 3, **settings: Any) -> Any:
        return self.reader(**settings).read(ROLE, "eu-west-1", WINDOW, soon(seconds))

    def _start(self, call: Call) -> dict[str, Any]:
        kinds = {"AS role_arn": "fleet", "count(*)": "session"}
        text = call.parameters["QueryString"]
        return {"QueryExecutionId": next((kind for word, kind in kinds.items() if word in text), "history")}

    def _execution(self, call: Call) -> dict[str, Any]:
        if call.parameters["QueryExecutionId"] == "session":
            return {"QueryExecution": {"Status": {"State": "SUCCEEDED"}, "Statistics": {"DataScannedInBytes": 7}}}
        self._polls += 1
        status = self._status[min(self._polls, len(self._status)) - 1]
        return {"QueryExecution": {"Status": status, "Statistics": {"DataScannedInBytes": 1000}}}

    def _results(self, call: Call) -> dict[str, Any]:
        return self._pages[call.parameters["QueryExecutionId"]][int(call.parameters.get("NextToken", "0"))]


def test_rows_become_events_and_the_newest_session_is_followed() -> None:
    calls = (("s3.amazonaws.com", "PutObject", "eu-west-1", "12", "2026-11-24T08:30:00Z"),)
    store = Store(page(HISTORY_COLUMNS, BY_MSK_CONNECT, BY_ANN, BY_AN_ACCOUNT), session=calls)
    history = store.read()
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
        AssumeRoleEvent(
            NOW.replace(hour=6, minute=0),
            "eu-west-1",
            ID_3,
            "444455556666",
            session_name="ci",
            issued_key_id="ASIATEST000000000003",
        ),
    )
    assert [(a.event_source, a.event_name, a.count, a.last, a.region) for a in history.session_activity] == [
        ("s3.amazonaws.com", "PutObject", 12, NOW.replace(hour=8, minute=30), "eu-west-1")
    ]
    coverage = history.coverage
    assert (coverage.source, coverage.regions, coverage.complete) == ("athena", ("eu-west-1", "us-east-1"), True)
    assert (coverage.read_from, coverage.bytes_scanned) == (WINDOW.start, 1007)


def test_the_query_is_started_where_and_as_the_settings_say() -> None:
    store = Store()
    store.read(workgroup="audit", catalog="lake")
    (asked,) = store.direct.requests("StartQueryExecution")
    within = queries.Partitions(
        ("111122223333",), ("eu-west-1", "us-east-1"), WINDOW.start, WINDOW.end + timedelta(minutes=15)
    )
    assert asked.region == "eu-central-1"
    assert asked.parameters == {
        "QueryString": queries.athena_history(queries.AthenaTable("trails", "logs"), ROLE, within),
        "QueryExecutionContext": {"Catalog": "lake", "Database": "trails"},
        "WorkGroup": "audit",
        "ResultConfiguration": {"OutputLocation": "s3://results/bot/"},
    }
    (metadata,) = store.direct.requests("GetTableMetadata")
    assert metadata.region == "eu-central-1"
    assert metadata.parameters == {"CatalogName": "lake", "DatabaseName": "trails", "TableName": "logs"}
    assert [call.parameters for call in store.direct.requests("GetQueryResults")] == [
        {"QueryExecutionId": "history", "MaxResults": 1000}
    ]


def test_a_workgroup_may_say_where_results_go() -> None:
    store = Store()
    store.read(output_location="")
    (asked,) = store.direct.requests("StartQueryExecution")
    assert "ResultConfiguration" not in asked.parameters


def test_the_session_is_asked_for_by_its_key_in_the_same_partitions() -> None:
    store = Store(page(HISTORY_COLUMNS, BY_MSK_CONNECT))
    store.read()
    session = store.direct.requests("StartQueryExecution")[1].parameters["QueryString"]
    assert "useridentity.accesskeyid = 'ASIATEST000000000001'" in session
    assert "account_id IN ('111122223333') AND region IN ('eu-west-1', 'us-east-1')" in session


def test_a_session_without_a_key_is_asked_for_by_its_name() -> None:
    store = Store(page(HISTORY_COLUMNS, (*BY_MSK_CONNECT[:-1], None)))
    store.read()
    session = store.direct.requests("StartQueryExecution")[1].parameters["QueryString"]
    assert f"assumed-role/{ROLE.rpartition('/')[2]}/connect-session'" in session


def test_pages_are_read_to_the_last_and_only_the_first_names_the_columns() -> None:
    store = Store(page(HISTORY_COLUMNS, BY_MSK_CONNECT, token="1"), page(BY_ANN, token="2"), page(BY_AN_ACCOUNT))
    assert [event.event_id for event in store.read().events] == [ID_1, ID_2, ID_3]
    tokens = [call.parameters.get("NextToken") for call in store.direct.requests("GetQueryResults")]
    assert [token for token in tokens if token] == ["1", "2"]


@pytest.mark.parametrize(("limit", "complete"), [(3, False), (4, True)])
def test_as_many_rows_as_there_may_be_are_perhaps_not_all(
    monkeypatch: pytest.MonkeyPatch, limit: int, *, complete: bool
) -> None:
    monkeypatch.setattr(queries, "ATHENA_LIMIT", limit)
    coverage = Store(page(HISTORY_COLUMNS, BY_MSK_CONNECT, BY_ANN, BY_AN_ACCOUNT)).read().coverage
    assert coverage.complete is complete
    assert coverage.stopped_because is (None if complete else StopCause.PAGE_LIMIT)


@pytest.mark.parametrize(
    ("status", "error_code"),
    [
        ({"State": "FAILED"}, "FAILED"),
        ({"State": "CANCELLED", "AthenaError": {}}, "CANCELLED"),
        ({"State": "FAILED", "AthenaError": {"ErrorType": 1006, "ErrorMessage": "CANARY"}}, "FAILED-1006"),
    ],
)
def test_a_query_that_ends_badly_is_named_by_its_state_and_type(status: dict[str, Any], error_code: str) -> None:
    history = Store(status=status).read()
    assert history == Unavailable("athena:GetQueryExecution", "eu-central-1", Cause.ERROR, error_code=error_code)


@pytest.mark.parametrize("state", ["QUEUED", "RUNNING"])
def test_a_query_that_does_not_end_is_stopped(state: str) -> None:
    store = Store(status={"State": state})
    assert isinstance(store.read(seconds=0.4), Unavailable)
    waited = monotonic() + 3
    while not store.direct.requests("StopQueryExecution"):  # nobody waits for it but this test
        assert monotonic() < waited
        sleep(0.01)
    (stopped,) = store.direct.requests("StopQueryExecution")
    assert stopped.parameters == {"QueryExecutionId": "history"}


# --- what the table and the trail hold -------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("metadata", "read_days"),
    [
        (table(), 90),
        (table(keys=("region", "timestamp")), 0),
        (table(projection__enabled="false"), 0),
        (table(projection__enabled="TRUE"), 90),
        (table(projection__timestamp__format="yyyy-MM-dd"), 0),
        (table(projection__region__values="eu-west-1"), 0),
        (table(projection__region__type="injected", projection__region__values="eu-west-1"), 90),
        (table(projection__account_id__values="444455556666"), 0),
        (table(projection__account_id__type="injected", projection__account_id__values=""), 90),
        (table(projection__timestamp__range="2026/10/25,NOW"), 30),
        (table(projection__timestamp__range="NOW-3YEARS,NOW"), 90),
        (table(without="projection.timestamp.range"), 90),
        (table(without="storage.location.template", location="s3://trail-logs/AWSLogs/"), 90),
        (table(without="storage.location.template"), 0),
        (table(storage__location__template="s3a://trail-logs/x"), 90),
        (table(storage__location__template="s3://another/x"), 0),
        (table(storage__location__template="trail-logs/x"), 0),
    ],
)
def test_silence_reaches_as_far_as_the_tables_partitions(metadata: Any, read_days: int) -> None:
    coverage = Store(metadata=metadata).read().coverage
    assert (coverage.window_to - coverage.read_from).days == (read_days or 0)
    assert coverage.complete is (read_days == 90)


@pytest.mark.parametrize(
    ("trail", "expected"),
    [
        ({}, (True, True, None)),
        ({"logging": {"IsLogging": False, "StartLoggingTime": LONG_AGO}}, (False, False, StopCause.SELECTORS)),
        (
            {"selectors": {"EventSelectors": [{"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True}]}},
            (False, False, StopCause.SELECTORS),
        ),
        (
            {
                "selectors": {
                    "EventSelectors": None,
                    "AdvancedEventSelectors": [
                        {"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Management"]}]}
                    ],
                }
            },
            (True, True, None),
        ),
        ({"described": {"S3BucketName": "another"}}, (False, None, StopCause.NOT_COVERED)),
        ({"described": {"IsMultiRegionTrail": False}}, (False, True, StopCause.NOT_COVERED)),
        (
            {"logging": {"IsLogging": True, "StartLoggingTime": NOW - timedelta(days=7)}},
            (False, True, StopCause.RETENTION),
        ),
        ({"logging": {"IsLogging": True}}, (True, True, None)),
    ],
)
def test_silence_counts_where_the_trail_behind_the_table_records_it(
    trail: dict[str, Any], expected: tuple[bool, bool | None, StopCause | None]
) -> None:
    coverage = Store(**trail).read().coverage
    assert (coverage.complete, coverage.selectors_record_reads, coverage.stopped_because) == expected


def test_the_trail_is_found_from_where_athena_runs_and_asked_where_it_lives() -> None:
    store = Store()
    store.read()
    (described,) = store.direct.requests("DescribeTrails")
    assert (described.region, described.parameters) == ("eu-central-1", {"includeShadowTrails": True})
    (selectors,) = store.direct.requests("GetEventSelectors")
    assert (selectors.region, selectors.parameters) == ("us-east-1", {"TrailName": TRAIL})
    (logging,) = store.direct.requests("GetTrailStatus")
    assert (logging.region, logging.parameters) == ("us-east-1", {"Name": TRAIL})


@pytest.mark.parametrize(
    ("operation", "gap"),
    [
        ("GetTableMetadata", ("athena:GetTableMetadata", "trails.logs")),
        ("DescribeTrails", ("cloudtrail:DescribeTrails", "eu-central-1")),
        ("GetEventSelectors", ("cloudtrail:GetEventSelectors", TRAIL)),
        ("GetTrailStatus", ("cloudtrail:GetTrailStatus", TRAIL)),
    ],
)
def test_what_could_not_be_read_of_the_store_is_named(operation: str, gap: tuple[str, str]) -> None:
    store = Store()

    def between(call: Call, handler: Handler) -> dict[str, Any]:
        if call.operation == operation:
            raise refused("AccessDeniedException")
        return handler(call)

    store.direct.between = between
    coverage = store.read().coverage
    assert [(each.operation, each.resource, each.cause) for each in coverage.gaps] == [(*gap, Cause.ACCESS_DENIED)]
    assert (coverage.complete, coverage.read_from) == (False, WINDOW.end)


def test_the_days_of_a_table_begin_at_midnight_of_utc() -> None:
    coverage = Store(metadata=table(projection__timestamp__range=" 2026/11/01 ,NOW")).read().coverage
    assert coverage.read_from == datetime(2026, 11, 1, tzinfo=UTC)


def test_a_fleet_is_one_query_over_the_accounts_of_its_roles() -> None:
    store = Store()
    found = store.reader().fleet({ROLE, ANOTHER}, ("eu-west-1", "us-east-1"), WINDOW, soon(3))
    last = NOW.replace(hour=8, minute=30)
    assert isinstance(found, RolesHistory)
    assert set(found.uses) == {RoleUse(ROLE, 12, last), RoleUse(ANOTHER, 3, last)}
    accounts = ("111122223333", "444455556666")
    assert (found.coverage.complete, found.coverage.accounts) == (True, accounts)
    assert (found.coverage.places, found.coverage.window_from) == (("trails.logs",), WINDOW.start)
    within = queries.Partitions(accounts, ("eu-west-1", "us-east-1"), WINDOW.start, WINDOW.end + timedelta(minutes=15))
    (asked,) = store.direct.requests("StartQueryExecution")
    assert asked.parameters["QueryString"] == queries.athena_fleet(queries.AthenaTable("trails", "logs"), within)


def test_a_fleet_that_no_query_answers_for_is_unavailable() -> None:
    store = Store(status={"State": "FAILED"})
    store.direct.between = _failing
    found = store.reader().fleet({ROLE}, ("eu-west-1",), WINDOW, soon(3))
    assert isinstance(found, Unavailable)
    assert (found.operation, found.cause) == ("athena:StartQueryExecution", Cause.ACCESS_DENIED)


def test_each_role_of_a_fleet_gets_the_answer_of_its_store() -> None:
    store = Store()
    fleets = RolesHistories(lambda arn, _: None if arn == ANOTHER else store.reader())
    found = fleets.read({ROLE: ("eu-west-1",), ANOTHER: ("eu-west-1",)}, WINDOW, soon(3))
    assert set(found) == {ROLE}
    answer = found[ROLE]
    assert isinstance(answer, RolesHistory)
    assert [(use.role_arn, use.count) for use in answer.uses] == [(ROLE, 12)]
    assert answer.coverage.regions == ("eu-west-1", "us-east-1")


def test_the_start_of_a_window_is_in_it_and_the_end_is_not() -> None:
    moments = ("2026-08-26T09:29:59Z", "2026-08-26T09:30:00Z", "2026-11-24T09:44:59Z", "2026-11-24T09:45:00Z")
    rows = [(at, *BY_ANN[1:2], f"{ID_1[:-1]}{number}", *BY_ANN[3:]) for number, at in enumerate(moments)]
    events = Store(page(HISTORY_COLUMNS, *rows)).read().events
    assert [f"{event.at:%Y-%m-%dT%H:%M:%SZ}" for event in events] == [moments[2], moments[1]]


def _failing(call: Call, handler: Handler) -> dict[str, Any]:
    if call.operation == "StartQueryExecution":
        raise refused("AccessDeniedException")
    return handler(call)


def test_a_window_that_ended_long_ago_is_asked_to_its_end_alone() -> None:
    store = Store()
    past = Window(WINDOW.start, NOW - timedelta(hours=1))
    store.reader().read(ROLE, "eu-west-1", past, soon(3))
    (asked,) = store.direct.requests("StartQueryExecution")
    assert "eventtime < '2026-11-24T08:30:00Z'" in asked.parameters["QueryString"]


def test_what_is_no_role_is_not_asked_for() -> None:
    store = Store()
    found = store.reader().read("orders", "eu-west-1", WINDOW, soon(3))
    assert found == Unavailable("athena:StartQueryExecution", "orders", Cause.MALFORMED)
    assert store.direct.calls == []
