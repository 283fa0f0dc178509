import json
import threading
from collections.abc import Iterable
from datetime import timedelta
from time import monotonic, sleep
from typing import Any

import pytest
from botocore.exceptions import ConnectionClosedError, ConnectTimeoutError, EndpointConnectionError

from bot.arn import part_of
from bot.aws.history.event_history import EventHistory
from bot.aws.history.limiter import Limiter
from bot.model import AssumeRoleHistory, Cause, RegionShortfall, SessionActivity, StopCause, Unavailable
from bot.pipe.ports import Window
from bot.regions import with_global_sts
from bot.sandbox.aws import cloudtrail
from bot.sandbox.aws.service import AwsError, Call, Handler
from bot.sandbox.aws.trail import event_of
from bot.sandbox.aws.world import World
from tests.bot.aws.history.direct import (
    NINETY_DAYS,
    NOW,
    ROLE,
    Between,
    Direct,
    assume_role,
    hourly,
    session_call,
    soon,
)

WINDOW = Window(NOW - NINETY_DAYS, NOW)
ANA = {"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ana"}


class Trail:
    """An event history in this process, at a standing clock, with a pace that does not hold a test up."""

    def __init__(self, records: Iterable[dict[str, Any]] = (), *, account: str = "111122223333") -> None:
        self.world = World(clock=lambda: NOW)
        self.world.trail.add(event_of(record) for record in records)
        services = {
            "cloudtrail": cloudtrail.service(self.world),
            "sts": {"GetCallerIdentity": lambda _: {"Account": account}},
        }
        self.direct = Direct(services)
        self.reader = EventHistory(self.direct.clients(), limiter=Limiter(1000), clock=lambda: NOW)

    def read(self, window: Window = WINDOW, *, region: str = "eu-west-1", role: str = ROLE, seconds: float = 5) -> Any:
        return self.reader.read(role, region, window, soon(seconds))

    @property
    def lookups(self) -> list[tuple[str, str]]:
        """Region and attribute value of every request."""
        requests = self.direct.requests("LookupEvents")
        return [(call.region, call.parameters["LookupAttributes"][0]["AttributeValue"]) for call in requests]


def first_in(region: str, call: Call) -> bool:
    return call.operation == "LookupEvents" and call.region == region and "NextToken" not in call.parameters


def test_last_count_and_coverage_of_a_role_that_is_assumed_hourly() -> None:
    trail = Trail(hourly(120))
    history = trail.read()
    assert history.last_assumed == NOW - timedelta(minutes=10)
    assert len(history.by_msk_connect) == 120
    coverage = history.coverage
    assert (coverage.source, coverage.regions) == ("event-history", ("eu-west-1", "us-east-1"))
    assert (coverage.complete, coverage.stopped_because, coverage.gaps) == (True, None, ())
    assert (coverage.window_from, coverage.window_to, coverage.read_from) == (WINDOW.start, WINDOW.end, WINDOW.start)
    assert coverage.accounts == ("111122223333",)


def test_no_request_is_made_but_one_a_page_and_one_follow_up() -> None:
    trail = Trail(hourly(120))
    assert trail.read().coverage.requests == 3 + 1 + 1 == len(trail.lookups)


@pytest.mark.parametrize(
    ("role", "region", "expected"),
    [
        (ROLE, "eu-west-1", ("eu-west-1", "us-east-1")),
        (ROLE, "us-east-1", ("us-east-1",)),
        (ROLE.replace("aws", "aws-cn", 1), "cn-north-1", ("cn-north-1",)),
        (ROLE.replace("aws", "aws-us-gov", 1), "us-gov-west-1", ("us-gov-west-1",)),
    ],
)
def test_the_global_endpoint_is_searched_in_partition_aws_alone(
    role: str, region: str, expected: tuple[str, ...]
) -> None:
    assert with_global_sts(part_of(role, "partition"), (region,)) == expected


def test_events_of_both_regions_are_one_history_newest_first() -> None:
    here = assume_role(NOW - timedelta(hours=2), number=1)
    there = assume_role(NOW - timedelta(hours=1), number=2, region="us-east-1")
    history = Trail([here, there]).read()
    assert [event.region for event in history.events] == ["us-east-1", "eu-west-1"]


def test_callers_are_kept_apart_and_other_roles_are_left_out() -> None:
    records = [
        assume_role(NOW - timedelta(hours=1), number=1),
        assume_role(NOW - timedelta(hours=2), number=2, error="AccessDenied"),
        assume_role(NOW - timedelta(hours=3), number=3, identity=ANA),
        assume_role(NOW - timedelta(hours=4), number=4, role=f"{ROLE}-other"),
    ]
    history = Trail(records).read()
    assert [event.event_id[-1] for event in history.by_msk_connect] == ["1"]
    assert [event.error_code for event in history.failed] == ["AccessDenied"]
    assert [event.principal for event in history.by_others] == [ANA["arn"]]


def test_what_the_newest_session_did_is_asked_by_its_key() -> None:
    key = "ASIATEST000000000001"
    records = [
        assume_role(NOW - timedelta(hours=1), number=1),
        session_call(NOW - timedelta(minutes=50), "CreateTopic", "kafka-cluster.amazonaws.com", key_id=key, number=1),
        session_call(NOW - timedelta(minutes=40), "CreateTopic", "kafka-cluster.amazonaws.com", key_id=key, number=2),
        session_call(NOW - timedelta(minutes=30), "PutObject", "s3.amazonaws.com", key_id=f"{key[:-1]}2", number=3),
    ]
    history = Trail(records).read()
    at = NOW - timedelta(minutes=40)
    assert history.session_activity == (
        SessionActivity("kafka-cluster.amazonaws.com", "CreateTopic", 2, at, "eu-west-1"),
    )


def test_without_a_key_the_session_is_asked_by_name_and_by_role() -> None:
    newest = assume_role(NOW - timedelta(hours=1), number=1)
    newest["responseElements"] = None
    own = session_call(
        NOW - timedelta(minutes=5), "CreateTopic", "kafka-cluster.amazonaws.com", key_id="ASIA1", number=1
    )
    others = session_call(
        NOW - timedelta(minutes=4), "PutObject", "s3.amazonaws.com", key_id="ASIA2", number=2, role=f"{ROLE}-other"
    )
    trail = Trail([newest, own, others])
    assert [activity.event_name for activity in trail.read().session_activity] == ["CreateTopic"]
    assert ("eu-west-1", "connect-session") in trail.lookups


def test_a_follow_up_that_fails_is_named_and_takes_nothing_from_the_history() -> None:
    trail = Trail(hourly(3))

    def deny(call: Call, handler: Handler) -> dict[str, Any]:
        attributes = call.parameters.get("LookupAttributes")
        if attributes and attributes[0]["AttributeKey"] == "AccessKeyId":
            raise AwsError("AccessDeniedException", "no")
        return handler(call)

    trail.direct.between = deny
    history = trail.read()
    assert history.coverage.complete
    assert [gap.cause for gap in history.coverage.aside] == [Cause.ACCESS_DENIED]


# --- silence ---------------------------------------------------------------------------------------------------------


def test_before_none_is_said_the_bare_role_name_is_asked_too() -> None:
    trail = Trail()
    history = trail.read()
    assert history.events == ()
    assert (history.coverage.complete, history.coverage.asked_bare_name) == (True, True)
    assert sorted(trail.lookups) == [
        (region, name) for region in ("eu-west-1", "us-east-1") for name in (ROLE, "orders-sink-role")
    ]


def test_events_that_are_indexed_by_the_bare_name_alone_are_found() -> None:
    trail = Trail()
    indexed = [("AWS::IAM::Role", "orders-sink-role")]
    namesake = ROLE.replace("/connect/", "/other/")
    trail.world.trail.add(
        [
            event_of(assume_role(NOW - timedelta(hours=1), number=1), indexed),
            event_of(assume_role(NOW - timedelta(hours=2), number=2, role=namesake), indexed),
        ]
    )
    history = trail.read()
    assert [event.event_id[-1] for event in history.by_msk_connect] == ["1"]
    assert history.coverage.complete


def test_silence_under_the_arn_alone_is_not_complete() -> None:
    trail = Trail()

    def hang(call: Call, handler: Handler) -> dict[str, Any]:
        if call.operation == "LookupEvents" and call.parameters["LookupAttributes"][0]["AttributeValue"] != ROLE:
            sleep(1)
        return handler(call)

    trail.direct.between = hang
    coverage = trail.read(seconds=0.3).coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.DEADLINE)
    assert coverage.read_from == coverage.window_to


def test_a_role_of_an_account_that_is_not_read_is_never_completely_read() -> None:
    coverage = Trail(account="444455556666").read().coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.NOT_COVERED)
    assert coverage.read_from == coverage.window_to
    assert coverage.accounts == ("444455556666",)


def test_a_window_that_begins_before_event_history_does_is_not_complete() -> None:
    coverage = Trail(hourly(3)).read(Window(NOW - timedelta(days=120), NOW)).coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.RETENTION)
    assert coverage.read_from == NOW - NINETY_DAYS


# --- window edges and clocks -----------------------------------------------------------------------------------------


def test_the_start_of_a_window_is_in_it_and_the_end_is_not() -> None:
    window = Window(NOW - timedelta(days=10), NOW - timedelta(days=5))
    moments = (window.start - timedelta(seconds=1), window.start, window.end - timedelta(seconds=1), window.end)
    records = [assume_role(at, number=number) for number, at in enumerate(moments)]
    assert [event.event_id[-1] for event in Trail(records).read(window).events] == ["2", "1"]


def test_an_event_after_our_now_is_seen_all_the_same_where_our_clock_is_late() -> None:
    trail = Trail([assume_role(NOW + timedelta(minutes=4), number=1)])
    trail.direct.now = NOW + timedelta(minutes=5)
    assert trail.read().last_assumed == NOW + timedelta(minutes=4)


# --- failures never become "none" ------------------------------------------------------------------------------------


def failing(error: Exception, region: str = "us-east-1") -> Between:
    def between(call: Call, handler: Handler) -> dict[str, Any]:
        if call.operation == "LookupEvents" and call.region == region:
            raise error
        return handler(call)

    return between


@pytest.mark.parametrize(
    ("code", "stop", "cause"),
    [
        ("AccessDeniedException", StopCause.ACCESS_DENIED, Cause.ACCESS_DENIED),
        ("ExpiredTokenException", StopCause.ERROR, Cause.ERROR),
        ("InvalidTimeRangeException", StopCause.ERROR, Cause.ERROR),
    ],
)
def test_one_region_that_fails_leaves_the_other_and_a_gap(code: str, stop: StopCause, cause: Cause) -> None:
    for records in (list(hourly(2)), []):
        trail = Trail(records)
        trail.direct.between = failing(AwsError(code, "no"))
        history = trail.read()
        assert len(history.events) == len(records)
        assert (history.coverage.complete, history.coverage.stopped_because) == (False, stop)
        assert history.coverage.read_from == history.coverage.window_to
        assert history.coverage.shortfalls == (RegionShortfall("us-east-1", history.coverage.window_to, stop),)
        assert [(gap.operation, gap.resource, gap.cause) for gap in history.coverage.gaps] == [
            ("cloudtrail:LookupEvents", "us-east-1", cause)
        ]


def test_where_no_page_could_be_read_there_is_no_history() -> None:
    trail = Trail(hourly(2))
    trail.direct.between = failing(AwsError("AccessDeniedException", "no"), "eu-west-1")
    trail.reader._clients.client("cloudtrail", "us-east-1")
    history = trail.reader.read_regions(ROLE, ("eu-west-1",), WINDOW, soon())
    assert history == Unavailable(
        "cloudtrail:LookupEvents", "eu-west-1", Cause.ACCESS_DENIED, "cloudtrail:LookupEvents", "AccessDeniedException"
    )


def test_throttling_is_waited_out(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.aws.history.lookup.HOLD", 0.01)
    trail, left = Trail(hourly(60)), [4]

    def throttle(call: Call, handler: Handler) -> dict[str, Any]:
        if call.operation == "LookupEvents" and left[0]:
            left[0] -= 1
            raise AwsError("ThrottlingException", "Rate exceeded")
        return handler(call)

    trail.direct.between = throttle
    history = trail.read()
    assert (len(history.events), history.coverage.complete) == (60, True)


def test_throttling_that_lasts_is_said_and_never_silence() -> None:
    trail = Trail()
    trail.direct.between = failing(AwsError("ThrottlingException", "Rate exceeded"))
    coverage = trail.read(seconds=0.3).coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.THROTTLED)
    assert {gap.cause for gap in coverage.gaps} == {Cause.THROTTLED}


@pytest.mark.parametrize(
    "failure",
    [
        AwsError("InternalFailure", "no", 500),
        EndpointConnectionError(endpoint_url="https://cloudtrail.example"),
        ConnectTimeoutError(endpoint_url="https://cloudtrail.example"),
        ConnectionClosedError(endpoint_url="https://cloudtrail.example"),
    ],
    ids=lambda failure: type(failure).__name__,
)
def test_a_failure_that_may_pass_is_tried_again(failure: Exception) -> None:
    trail, left = Trail(hourly(2)), [2]

    def fail(call: Call, handler: Handler) -> dict[str, Any]:
        if first_in("eu-west-1", call) and left[0]:
            left[0] -= 1
            raise failure
        return handler(call)

    trail.direct.between = fail
    assert trail.read().coverage.complete
    assert left == [0]


def test_a_paging_token_that_expires_costs_a_request_and_no_event() -> None:
    trail = Trail(hourly(170))
    expired: list[Call] = []

    def expire(call: Call, handler: Handler) -> dict[str, Any]:
        if "NextToken" in call.parameters and not expired:
            expired.append(call)
            raise AwsError("InvalidNextTokenException", "expired")
        return handler(call)

    trail.direct.between = expire
    history = trail.read()
    assert expired
    assert (len(history.events), history.coverage.complete) == (170, True)


def test_paging_tokens_that_never_work_leave_the_first_page() -> None:
    trail = Trail(hourly(170))

    def expire(call: Call, handler: Handler) -> dict[str, Any]:
        if "NextToken" in call.parameters:
            raise AwsError("InvalidNextTokenException", "expired")
        return handler(call)

    trail.direct.between = expire
    history = trail.read()
    assert history.last_assumed == NOW - timedelta(minutes=10)
    assert (history.coverage.complete, history.coverage.stopped_because) == (False, StopCause.ERROR)
    assert history.coverage.read_from > history.coverage.window_from


def test_a_page_given_twice_counts_once_and_an_empty_page_ends_nothing() -> None:
    trail, odd = Trail(hourly(120)), ["twice", "empty"]
    first: list[dict[str, Any]] = []

    def between(call: Call, handler: Handler) -> dict[str, Any]:
        answer = handler(call)
        if call.region != "eu-west-1" or call.operation != "LookupEvents" or not odd:
            return answer
        if not first:
            first.append(answer)
            return answer
        if odd.pop(0) == "twice":
            return answer | {"Events": first[0]["Events"] + answer["Events"]}
        return {"Events": [], "NextToken": call.parameters.get("NextToken", "token")}

    trail.direct.between = between
    history = trail.read()
    assert len(history.events) == 120
    assert history.coverage.complete


def test_a_token_that_comes_back_for_ever_ends_as_an_error() -> None:
    trail = Trail(hourly(3))

    def loop(call: Call, handler: Handler) -> dict[str, Any]:
        answer = handler(call)
        return answer | {"NextToken": "again"} if call.operation == "LookupEvents" else answer

    trail.direct.between = loop
    coverage = trail.read().coverage
    assert (coverage.complete, coverage.stopped_because) == (False, StopCause.ERROR)
    assert coverage.requests < 20


@pytest.mark.parametrize(
    "item",
    [
        {},
        "text",
        {"EventName": "AssumeRole", "CloudTrailEvent": "{"},
        {"EventName": "AssumeRole", "CloudTrailEvent": 7},
        {"EventName": "AssumeRole", "CloudTrailEvent": "[" * 100_000},
        {"EventName": "AssumeRole", "CloudTrailEvent": json.dumps({"eventName": "AssumeRole"})},
        {"EventName": "AssumeRole", "CloudTrailEvent": json.dumps(assume_role(NOW) | {"userIdentity": None})},
    ],
)
def test_an_item_that_cannot_be_read_costs_the_completeness_and_nothing_else(item: Any) -> None:
    trail = Trail(hourly(60))

    def spoil(call: Call, handler: Handler) -> dict[str, Any]:
        answer = handler(call)
        return answer | {"Events": [item, *answer["Events"]]} if first_in("eu-west-1", call) else answer

    trail.direct.between = spoil
    history = trail.read()
    assert len(history.events) == 60
    assert (history.coverage.complete, history.coverage.stopped_because) == (False, StopCause.MALFORMED)


def test_an_unreadable_item_of_another_kind_costs_nothing() -> None:
    trail = Trail()

    def spoil(call: Call, handler: Handler) -> dict[str, Any]:
        answer = handler(call)
        item = {"EventName": "GetRole", "CloudTrailEvent": None}
        return answer | {"Events": [item]} if call.operation == "LookupEvents" else answer

    trail.direct.between = spoil
    assert trail.read().coverage.complete


@pytest.mark.parametrize("answer", [{}, {"Events": None}, {"Events": "text"}, {"Events": [], "NextToken": 7}])
def test_an_answer_of_another_shape_is_never_silence(answer: dict[str, Any]) -> None:
    trail = Trail()
    trail.direct.between = lambda call, handler: answer if call.operation == "LookupEvents" else handler(call)
    history = trail.read()
    assert isinstance(history, Unavailable)
    assert history.cause is Cause.MALFORMED


def test_a_role_that_is_no_arn_is_not_looked_up() -> None:
    trail = Trail()
    assert isinstance(trail.read(role="orders-sink-role"), Unavailable)
    assert trail.lookups == []


def slow(seconds: float) -> Between:
    def between(call: Call, handler: Handler) -> dict[str, Any]:
        sleep(seconds)
        return handler(call)

    return between


# --- deadlines and sharing -------------------------------------------------------------------------------------------


def test_the_deadline_ends_counting_and_keeps_what_was_read() -> None:
    trail = Trail(hourly(1000))
    trail.reader = EventHistory(trail.direct.clients(), limiter=Limiter(2), clock=lambda: NOW)
    begun = monotonic()
    history = trail.read(seconds=0.4)
    assert monotonic() - begun < 1
    assert isinstance(history, AssumeRoleHistory)
    assert history.last_assumed == NOW - timedelta(minutes=10)
    assert (history.coverage.complete, history.coverage.stopped_because) == (False, StopCause.DEADLINE)
    assert history.coverage.read_from == history.events[-1].at + timedelta(seconds=1)


def test_an_answer_that_lacks_only_the_count_does_not_wait_for_all_of_it() -> None:
    trail = Trail(hourly(1000))
    trail.reader = EventHistory(trail.direct.clients(), limiter=Limiter(2), clock=lambda: NOW, count_seconds=0.3)
    begun = monotonic()
    history = trail.read(seconds=20)
    assert monotonic() - begun < 2
    assert history.last_assumed == NOW - timedelta(minutes=10)
    assert history.coverage.stopped_because is StopCause.DEADLINE


def test_silence_is_read_to_its_end_whatever_a_count_may_take() -> None:
    trail = Trail(hourly(120, identity=ANA))
    trail.reader = EventHistory(trail.direct.clients(), limiter=Limiter(1000), clock=lambda: NOW, count_seconds=0)
    assert trail.read().coverage.complete


def test_a_request_that_hangs_does_not_hold_the_answer_beyond_the_deadline() -> None:
    trail, released = Trail(hourly(3)), threading.Event()

    def hang(call: Call, handler: Handler) -> dict[str, Any]:
        if call.region == "us-east-1":
            released.wait(5)
        return handler(call)

    trail.direct.between = hang
    begun = monotonic()
    history = trail.read(seconds=0.3)
    assert monotonic() - begun < 1
    assert len(history.events) == 3
    assert history.coverage.stopped_because is StopCause.DEADLINE
    released.set()


def test_where_everything_hangs_there_is_no_history_by_the_deadline() -> None:
    trail, released = Trail(hourly(3)), threading.Event()

    def hang(call: Call, handler: Handler) -> dict[str, Any]:
        released.wait(5)
        return handler(call)

    trail.direct.between = hang
    history = trail.read(seconds=0.2)
    assert isinstance(history, Unavailable)
    assert history.cause is Cause.TIMEOUT
    released.set()


def test_questions_about_one_role_at_the_same_time_share_one_reading() -> None:
    trail = Trail(hourly(120))
    trail.direct.between = slow(0.05)
    histories: list[Any] = []

    def ask(number: int) -> None:
        later = timedelta(milliseconds=number)
        histories.append(trail.read(Window(WINDOW.start + later, WINDOW.end + later)))

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [len(history.events) for history in histories] == [120] * 12
    assert len(trail.lookups) == 5


def test_whoever_joins_with_more_time_gets_the_time() -> None:
    trail = Trail(hourly(170))
    trail.direct.between = slow(0.1)
    histories: dict[float, Any] = {}
    threads = [
        threading.Thread(target=lambda s=s: histories.__setitem__(s, trail.read(seconds=s))) for s in (0.25, 5.0)
    ]
    for thread in threads:
        thread.start()
        sleep(0.01)
    for thread in threads:
        thread.join()
    assert not histories[0.25].coverage.complete
    assert histories[5.0].coverage.complete


def test_windows_of_different_length_are_different_questions() -> None:
    trail = Trail(hourly(120))
    trail.direct.between = slow(0.02)
    histories: dict[int, Any] = {}
    threads = [
        threading.Thread(target=lambda d=d: histories.__setitem__(d, trail.read(Window(NOW - timedelta(days=d), NOW))))
        for d in (1, 90)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {days: len(history.events) for days, history in histories.items()} == {1: 24, 90: 120}
