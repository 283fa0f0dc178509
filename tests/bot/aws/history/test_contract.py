"""What every history backend keeps, over the embedded AWS."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from time import monotonic, sleep
from typing import Any

import pytest

from bot.aws.history.event_history import EventHistory
from bot.aws.sessions import Clients
from bot.cloudtrail.stores import STORES
from bot.model import AssumeRoleHistory, StopCause, Unavailable
from bot.pipe.ports import HistoryReader, Window
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.aws.world import ACCOUNT
from bot.sandbox.scenario.names import EU, US
from tests.bot.aws.history import doubles
from tests.bot.aws.history.direct import assume_role, session_call, soon

ROLE = f"arn:aws:iam::{ACCOUNT}:role/contract/sink-role"
ANA = {"type": "IAMUser", "arn": f"arn:aws:iam::{ACCOUNT}:user/ana", "accountId": ACCOUNT}
OTHER_ACCOUNT = {"type": "AWSAccount", "principalId": "AIDAOTHER:ci", "accountId": "444455556666"}
FAULTS = (
    "access-denied",
    "throttled",
    "error-500",
    "expired-token",
    "truncated",
    "wrong-types",
    "wrong-shapes",
    "empty",
)


@pytest.fixture
def make(clients: Clients) -> Callable[[str], HistoryReader]:
    return lambda kind: doubles.reader(kind, clients)


@pytest.fixture(params=[store.name for store in STORES])
def kind(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def reader(make: Callable[[str], HistoryReader], kind: str) -> HistoryReader:
    return make(kind)


def now() -> datetime:
    return datetime.now(UTC).replace(microsecond=0)


def ninety_days() -> Window:
    return Window(now() - timedelta(days=90), now())


def ago(hours: float, number: int, **fields: Any) -> dict[str, Any]:
    return assume_role(now() - timedelta(hours=hours), number=number, **{"role": ROLE, **fields})


def read(reader: HistoryReader, window: Window | None = None, *, role: str = ROLE, seconds: float = 8) -> Any:
    return reader.read(role, EU, window or ninety_days(), soon(seconds))


def test_the_history_says_who_assumed_the_role_when_where_and_with_what_success(
    aws: EmbeddedAws, reader: HistoryReader, kind: str
) -> None:
    aws.events(
        [
            ago(1, 1),
            ago(2, 2, region=US),
            ago(3, 3, error="AccessDenied"),
            ago(4, 4, identity=ANA),
            ago(5, 5, identity=OTHER_ACCOUNT),
            ago(6, 6, role=f"{ROLE}-other"),
        ]
    )
    history = read(reader)
    assert [event.event_id[-1] for event in history.events] == ["1", "2", "3", "4", "5"]
    assert [event.event_id[-1] for event in history.by_msk_connect] == ["1", "2"]
    assert [event.error_code for event in history.failed] == ["AccessDenied"]
    assert [event.principal for event in history.by_others] == [ANA["arn"], "444455556666"]
    newest = history.events[0]
    assert (newest.region, newest.session_name, newest.issued_key_id) == (EU, "connect-session", "ASIATEST000000000001")
    assert now() - timedelta(hours=1, seconds=30) < history.last_assumed <= now() - timedelta(hours=1)
    coverage = history.coverage
    assert (coverage.source, coverage.regions) == (kind, (EU, US))
    assert (coverage.complete, coverage.stopped_because, coverage.gaps) == (True, None, ())
    assert coverage.read_from == coverage.window_from
    assert coverage.accounts == (ACCOUNT,)
    assert (coverage.selectors_record_reads, coverage.bytes_scanned is None) == (
        (True, False) if kind in doubles.READING_TRAILS else (None, True)
    )


def test_what_the_newest_session_did_next_is_read(aws: EmbeddedAws, reader: HistoryReader) -> None:
    key = "ASIATEST000000000001"
    at = now() - timedelta(minutes=30)
    aws.events(
        [
            ago(1, 1),
            ago(9, 2),
            session_call(at, "CreateTopic", "kafka-cluster.amazonaws.com", key_id=key, number=1, role=ROLE),
            session_call(at, "CreateTopic", "kafka-cluster.amazonaws.com", key_id=key, number=2, role=ROLE),
            session_call(at, "PutObject", "s3.amazonaws.com", key_id="ASIATEST000000000002", number=3, role=ROLE),
        ]
    )
    (activity,) = read(reader).session_activity
    assert (activity.event_source, activity.event_name) == ("kafka-cluster.amazonaws.com", "CreateTopic")
    assert (activity.count, activity.last, activity.region) == (2, at, EU)


def test_silence_over_a_whole_window_is_complete(reader: HistoryReader) -> None:
    history = read(reader)
    assert isinstance(history, AssumeRoleHistory)
    assert history.events == ()
    assert history.coverage.complete


def test_the_start_of_a_window_is_in_it_and_the_end_is_not(aws: EmbeddedAws, reader: HistoryReader) -> None:
    window = Window(now() - timedelta(days=10), now() - timedelta(days=5))
    moments = (window.start - timedelta(seconds=1), window.start, window.end - timedelta(seconds=1), window.end)
    aws.events(assume_role(at, number=number, role=ROLE) for number, at in enumerate(moments))
    assert [event.event_id[-1] for event in read(reader, window).events] == ["2", "1"]


def test_a_call_recorded_in_two_accounts_counts_once(aws: EmbeddedAws, reader: HistoryReader) -> None:
    shared = "aa3bf71e-7679-41a2-861f-811b8b638ac9"
    aws.events([ago(1, 1, sharedEventID=shared), ago(1, 2, sharedEventID=shared)])
    assert len(read(reader).events) == 1


@pytest.mark.parametrize("name", ["x\\", "*", "%"])
def test_a_role_name_finds_that_role_and_no_other(aws: EmbeddedAws, reader: HistoryReader, name: str) -> None:
    aws.events([ago(1, 1), ago(2, 2, role=f"arn:aws:iam::{ACCOUNT}:role/x")])
    assert read(reader, role=f"arn:aws:iam::{ACCOUNT}:role/{name}").events == ()


@pytest.mark.parametrize(
    "name",
    [
        "x' OR '1'='1",
        "x') OR 1=1 --",
        'x" or eventName = "AssumeRole',
        'x"\n| filter 1 = 1 #',
    ],
)
def test_what_is_no_role_name_is_not_asked_for(aws: EmbeddedAws, reader: HistoryReader, name: str) -> None:
    aws.events([ago(1, 1), ago(2, 2, role=f"arn:aws:iam::{ACCOUNT}:role/x")])
    assert isinstance(read(reader, role=f"arn:aws:iam::{ACCOUNT}:role/{name}"), Unavailable)


def test_no_token_address_agent_or_message_is_kept(aws: EmbeddedAws, reader: HistoryReader) -> None:
    aws.events([ago(1, 1), ago(2, 2, error="AccessDenied"), ago(3, 3, identity=ANA)])
    history = read(reader)
    assert len(history.events) == 3
    assert "CANARY" not in repr(history)
    assert "198.51.100.77" not in repr(history)


@pytest.mark.parametrize("how", FAULTS)
@pytest.mark.parametrize(
    ("kind", "operation"), [(kind, each) for kind in doubles.NAMES for each in doubles.DOUBLES[kind].finding]
)
def test_a_failure_to_find_events_is_never_silence(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader], kind: str, operation: str, how: str
) -> None:
    aws.events([ago(1, 1)])
    aws.fail(operation, how)
    waited_out = how == "throttled"  # until the deadline, as it may pass
    history = read(make(kind), seconds=1.5 if waited_out else 8)
    if (kind, how) == ("event-history", "wrong-types"):
        # Each region fails by itself, and an answer whose parts make no sense still names its region.
        assert not history.coverage.complete
        assert operation in {gap.operation for gap in history.coverage.gaps}
    else:
        assert isinstance(history, Unavailable)
        assert history.operation == operation


@pytest.mark.parametrize("how", ["access-denied", "error-500", "wrong-types", "empty"])
@pytest.mark.parametrize(
    ("kind", "operation"), [(kind, each) for kind in doubles.NAMES for each in doubles.DOUBLES[kind].checking]
)
def test_silence_is_not_complete_where_what_the_store_holds_could_not_be_read(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader], kind: str, operation: str, how: str
) -> None:
    aws.fail(operation, how)
    history = read(make(kind))
    assert history.events == ()
    assert not history.coverage.complete
    assert history.coverage.read_from == history.coverage.window_to
    assert operation in {gap.operation for gap in history.coverage.gaps}


def test_a_hanging_store_is_left_at_the_deadline(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader], kind: str
) -> None:
    aws.fail(doubles.double(kind).finding[0], "hang")
    begun = datetime.now(UTC)
    assert isinstance(read(make(kind), seconds=0.4), Unavailable)
    assert datetime.now(UTC) - begun < timedelta(seconds=2)


def test_one_region_that_fails_leaves_the_other_regions_events(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader]
) -> None:
    aws.events([ago(1, 1), ago(2, 2, region=US)])
    aws.fail("cloudtrail:LookupEvents", "access-denied", region=US)
    history = read(make("event-history"))
    assert [event.event_id[-1] for event in history.events] == ["1"]
    assert (history.coverage.complete, history.coverage.stopped_because) == (False, StopCause.ACCESS_DENIED)


def test_the_real_limit_is_kept_and_nothing_is_refused(aws: EmbeddedAws, clients: Clients) -> None:
    aws.events(ago(1 + number / 100, number) for number in range(160))
    aws.lookup_limit(on=True)
    history = read(EventHistory(clients))
    assert (len(history.events), history.coverage.complete) == (160, True)
    lookups = [call for call in aws.calls() if call.operation == "cloudtrail:LookupEvents"]
    assert {call.status for call in lookups} == {200}
    arrivals = sorted(call.started for call in lookups if call.region == EU)
    assert all(third - first >= 1 for first, third in zip(arrivals, arrivals[2:], strict=False))


# --- stores of a trail's records -------------------------------------------------------------------------------------


@pytest.mark.parametrize("kind", doubles.READING_TRAILS)
def test_a_trail_that_records_writes_only_never_shows_an_absence(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader], kind: str
) -> None:
    aws.events([ago(1, 1)])
    writes = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}
    aws.client("cloudtrail").put_event_selectors(TrailName="management-events", EventSelectors=[writes])
    coverage = read(make(kind)).coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.SELECTORS)
    assert coverage.selectors_record_reads is False


@pytest.mark.parametrize("kind", doubles.READING_TRAILS)
def test_a_trail_that_was_stopped_shows_no_absence(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader], kind: str
) -> None:
    aws.client("cloudtrail").stop_logging(Name="management-events")
    assert not read(make(kind)).coverage.complete


@pytest.mark.parametrize("kind", doubles.READING_TRAILS)
def test_a_query_that_does_not_end_is_stopped_at_the_deadline(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader], kind: str
) -> None:
    aws.switch("query_polls", 1_000_000)
    history = read(make(kind), seconds=0.6)
    assert isinstance(history, Unavailable)
    stop = doubles.double(kind).stop
    waited = monotonic() + 3
    while stop not in {call.operation for call in aws.calls()}:
        assert monotonic() < waited
        sleep(0.02)


def test_athena_reads_beyond_ninety_days(aws: EmbeddedAws, make: Callable[[str], HistoryReader]) -> None:
    aws.events([ago(24 * 200, 1)])
    history = read(make("athena"), Window(now() - timedelta(days=365), now()))
    assert len(history.by_msk_connect) == 1
    assert history.coverage.complete


def test_a_window_before_the_trail_began_is_not_complete(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader]
) -> None:
    coverage = read(make("athena"), Window(now() - timedelta(days=600), now())).coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.RETENTION)
    assert now() - timedelta(days=401) < coverage.read_from < now() - timedelta(days=399)


def test_a_log_group_that_keeps_less_than_the_window_is_not_complete(
    aws: EmbeddedAws, make: Callable[[str], HistoryReader]
) -> None:
    name = doubles.LOG_GROUP.partition(":log-group:")[2]
    aws.client("logs").put_retention_policy(logGroupName=name, retentionInDays=30)
    coverage = read(make("logs-insights")).coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.RETENTION)
    assert now() - timedelta(days=31) < coverage.read_from <= now() - timedelta(days=29)


@pytest.mark.parametrize("kind", doubles.READING_TRAILS)
def test_a_region_that_the_store_lacks_is_not_silent(
    aws: EmbeddedAws, clients: Clients, make: Callable[[str], HistoryReader], kind: str
) -> None:
    if kind == "athena":
        history = make(kind).read(ROLE, "ap-southeast-2", ninety_days(), soon())
    else:
        aws.client("cloudtrail").update_trail(Name="management-events", IsMultiRegionTrail=False)
        history = make(kind).read(ROLE, EU, ninety_days(), soon())
    assert isinstance(history, AssumeRoleHistory)
    assert (history.coverage.complete, history.coverage.stopped_because) == (False, StopCause.NOT_COVERED)


@pytest.mark.parametrize("kind", doubles.FOR_FLEETS)
def test_a_whole_fleet_is_one_query(aws: EmbeddedAws, make: Callable[[str], Any], kind: str) -> None:
    roles = [f"arn:aws:iam::{ACCOUNT}:role/fleet-{number}" for number in range(30)]
    aws.events(ago(1 + number, number, role=role) for number, role in enumerate(roles[:20]) if number != 7)
    aws.events([ago(1, 100, role=roles[3]), ago(2, 101, role=roles[25], error="AccessDenied"), ago(1, 102)])
    aws.calls(clear=True)
    fleet = make(kind).fleet(roles, (EU, US), ninety_days(), soon())
    assert {use.role_arn for use in fleet.uses} == {*roles[:20]} - {roles[7]}
    assert {use.role_arn: use.count for use in fleet.uses}[roles[3]] == 2
    assert fleet.coverage.complete
    started = [call for call in aws.calls() if call.operation == doubles.double(kind).finding[0]]
    assert len(started) == 1
