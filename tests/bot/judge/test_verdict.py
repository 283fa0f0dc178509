"""The verdict on a role: every way to it, and that not knowing never makes it more certain."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from itertools import product
from typing import Any

import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st

from bot.judge.verdict import connector_verdict, role_verdict
from bot.model import (
    Activity,
    AssumeRoleEvent,
    AssumeRoleHistory,
    Basis,
    Cause,
    Component,
    Connector,
    ConnectorOperation,
    ConnectorSummary,
    Coverage,
    Evidence,
    Finding,
    PermissionPath,
    Properties,
    Reason,
    Referral,
    RevisionRef,
    Role,
    RoleEvidence,
    RoleLastUsed,
    StopCause,
    Timing,
    Unavailable,
    VerdictCode,
    VerdictReason,
    WorkerConfiguration,
)

NOW = datetime(2026, 11, 24, tzinfo=UTC)
START = NOW - timedelta(days=90)
BEFORE = START - timedelta(days=30)
ROLE = "arn:aws:iam::111122223333:role/orders"
ARN = "arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders/0a1b2c3d-1"
ANN = "arn:aws:iam::111122223333:user/ann"
DENIED = Unavailable("cloudtrail:LookupEvents", ROLE, Cause.ACCESS_DENIED, "cloudtrail:LookupEvents")

COVERAGE = Coverage("event-history", ("eu-west-1", "us-east-1"), START, NOW, START)
SILENT = AssumeRoleHistory(ROLE, (), COVERAGE)
CONNECTOR = Connector("orders", ARN, "eu-west-1", "PAUSED", ROLE, "IAM", created=BEFORE)
WORKERS = RevisionRef("arn:aws:kafkaconnect:eu-west-1:111122223333:worker-configuration/w/1", 1)


def event(principal: str = "kafkaconnect.amazonaws.com", error: str = "", days: int = 3) -> AssumeRoleEvent:
    return AssumeRoleEvent(NOW - timedelta(days=days), "eu-west-1", f"e{days}", principal, error_code=error)


def operation(kind: str, days: float, state: str = "UPDATE_COMPLETE") -> ConnectorOperation:
    at = NOW - timedelta(days=days)
    return ConnectorOperation(f"{ARN}/{kind}", kind, state, at, at + timedelta(minutes=5))


def seen(*events: AssumeRoleEvent, **coverage: Any) -> AssumeRoleHistory:
    return AssumeRoleHistory(ROLE, events, replace(COVERAGE, **coverage))


def evidence(history: Any = SILENT, operations: Any = (), **connector: Any) -> Evidence:
    return Evidence(replace(CONNECTOR, **connector), history=history, operations=operations)


def finding(
    activity: Activity = Activity.KAFKA_AUTH,
    path: PermissionPath = PermissionPath.EXECUTION_ROLE,
    via: PermissionPath | None = None,
    timing: Iterable[Timing] = (Timing.CONTINUOUSLY,),
) -> Finding:
    reason = Reason("authentication-type-iam")
    return Finding(
        activity, Component.WORKER, "kafka", path, Basis.CONFIGURED, reason, "", via=via, timing=tuple(timing)
    )


ON_ROLE = (finding(),)


def said(given: Evidence, findings: tuple[Finding, ...] = ()) -> tuple[VerdictCode, str]:
    verdict = connector_verdict(given, findings)
    return verdict.code, verdict.reason.code


def unconfirmed(reason: VerdictReason) -> tuple[VerdictCode, str]:
    return VerdictCode.UNCONFIRMED, reason


IN_USE = (VerdictCode.IN_USE, VerdictReason.ASSUMED_BY_MSK_CONNECT)
BY_OTHERS = (VerdictCode.IN_USE_BY_OTHERS, VerdictReason.ASSUMED_BY_OTHERS)
DORMANT = (VerdictCode.DORMANT, VerdictReason.NOT_OBSERVED_IN_COMPLETE_WINDOW)


@pytest.mark.parametrize(
    ("history", "expected"),
    [
        (None, unconfirmed(VerdictReason.OFFLINE)),
        (DENIED, unconfirmed(VerdictReason.HISTORY_UNAVAILABLE)),
        (seen(event()), IN_USE),
        (seen(event(), event(error="AccessDenied", days=1)), IN_USE),
        (seen(event(), stopped_because=StopCause.DEADLINE), IN_USE),
        (seen(), DORMANT),
        (seen(event("arn:aws:iam::111122223333:user/ann")), BY_OTHERS),
        (seen(event("ec2.amazonaws.com")), BY_OTHERS),
        (seen(event("ec2.amazonaws.com"), stopped_because=StopCause.DEADLINE), BY_OTHERS),
        (seen(event("ec2.amazonaws.com", error="AccessDenied")), DORMANT),
        (seen(event("arn:aws:sts::111122223333:assumed-role/orders/itself")), DORMANT),
        (seen(event(error="AccessDenied")), unconfirmed(VerdictReason.ATTEMPTS_FAILED)),
        (seen(stopped_because=StopCause.DEADLINE), unconfirmed(VerdictReason.HISTORY_INCOMPLETE)),
        (seen(stopped_because=StopCause.THROTTLED), unconfirmed(VerdictReason.HISTORY_INCOMPLETE)),
        (seen(gaps=(DENIED,)), unconfirmed(VerdictReason.HISTORY_INCOMPLETE)),
        (seen(read_from=START + timedelta(seconds=1)), unconfirmed(VerdictReason.HISTORY_INCOMPLETE)),
        (seen(selectors_record_reads=False), unconfirmed(VerdictReason.HISTORY_INCOMPLETE)),
        (seen(selectors_record_reads=True), DORMANT),
        (seen(regions=("us-east-1",)), unconfirmed(VerdictReason.REGION_NOT_READ)),
    ],
)
def test_the_history_of_a_resting_connector_decides(history: Any, expected: tuple[VerdictCode, str]) -> None:
    assert said(evidence(history)) == expected


@pytest.mark.parametrize(
    ("operations", "expected"),
    [
        ((), DORMANT),
        (None, unconfirmed(VerdictReason.OPERATIONS_UNAVAILABLE)),
        (DENIED, unconfirmed(VerdictReason.OPERATIONS_UNAVAILABLE)),
        ((operation("RESTART_CONNECTOR", 100),), DORMANT),
        ((operation("RESTART_CONNECTOR", 90),), unconfirmed(VerdictReason.CONNECTOR_CHANGED_IN_WINDOW)),
        # Begun before the window, ended in it.
        ((operation("RESUME_CONNECTOR", 90.001),), unconfirmed(VerdictReason.CONNECTOR_CHANGED_IN_WINDOW)),
        *(
            ((operation(kind, 5),), unconfirmed(VerdictReason.CONNECTOR_CHANGED_IN_WINDOW))
            for kind in (
                "UPDATE_WORKER_SETTING",
                "UPDATE_CONNECTOR_CONFIGURATION",
                "RESTORE_CONNECTOR",
                "RESTART_CONNECTOR",
                "RESUME_CONNECTOR",
                # An operation that AWS may add may need the role.
                "REBALANCE_CONNECTOR",
            )
        ),
        ((operation("PAUSE_CONNECTOR", 5),), DORMANT),
        ((operation("ISOLATE_CONNECTOR", 5),), DORMANT),
    ],
)
def test_what_was_done_to_a_connector_contradicts_silence(operations: Any, expected: tuple[VerdictCode, str]) -> None:
    assert said(evidence(operations=operations)) == expected


@pytest.mark.parametrize(
    ("connector", "expected"),
    [
        ({"created": START}, unconfirmed(VerdictReason.CONNECTOR_CHANGED_IN_WINDOW)),
        ({"created": START - timedelta(seconds=1)}, DORMANT),
        ({"created": None}, unconfirmed(VerdictReason.CONFIGURATION_UNCLEAR)),
        ({"state": "FAILED"}, DORMANT),
        ({"state": "RUNNING"}, DORMANT),
        ({"state": "PAUSING"}, DORMANT),
        ({"state": "HIBERNATING"}, unconfirmed(VerdictReason.CONFIGURATION_UNCLEAR)),
        ({"state": ""}, unconfirmed(VerdictReason.CONFIGURATION_UNCLEAR)),
        *(
            ({"state": state}, unconfirmed(VerdictReason.CONNECTOR_CHANGED_IN_WINDOW))
            for state in ("CREATING", "UPDATING", "RESTARTING", "RESUMING")
        ),
    ],
)
def test_the_connector_itself_contradicts_silence(connector: dict[str, Any], expected: tuple[VerdictCode, str]) -> None:
    assert said(evidence(**connector)) == expected


REQUIRED = unconfirmed(VerdictReason.RUNNING_REQUIRES_ROLE)
ASSUMED, STATIC, UNKNOWN = PermissionPath.ASSUMED_ROLE, PermissionPath.STATIC_CREDENTIALS, PermissionPath.UNKNOWN


@pytest.mark.parametrize(
    ("findings", "expected"),
    [
        (ON_ROLE, REQUIRED),
        ((finding(Activity.AWS_ACCESS),), REQUIRED),
        ((finding(path=ASSUMED, via=PermissionPath.EXECUTION_ROLE),), REQUIRED),
        ((finding(timing=(Timing.CREATION, Timing.CONTINUOUSLY)),), REQUIRED),
        ((finding(path=STATIC), *ON_ROLE), REQUIRED),
        ((), DORMANT),
        ((finding(timing=(Timing.CREATION, Timing.RESTART)),), DORMANT),
        ((finding(Activity.CREDENTIAL_RENEWAL),), DORMANT),
        ((finding(Activity.PLUGIN_DOWNLOAD, timing=(Timing.CREATION,)),), DORMANT),
        ((finding(path=ASSUMED, via=STATIC),), DORMANT),
        ((finding(path=ASSUMED, via=UNKNOWN),), DORMANT),
        *(((finding(path=path),), DORMANT) for path in PermissionPath if path is not PermissionPath.EXECUTION_ROLE),
    ],
)
def test_a_running_connector_that_works_with_the_role_contradicts_silence(
    findings: tuple[Finding, ...], expected: tuple[VerdictCode, str]
) -> None:
    assert said(evidence(state="RUNNING"), findings) == expected


@pytest.mark.parametrize(
    ("state", "window_hours", "operations", "expected"),
    [
        ("RUNNING", 13, (), REQUIRED),
        ("PAUSING", 13, (), REQUIRED),
        # The longest session: credentials from just before the window may have lasted.
        ("RUNNING", 12, (), DORMANT),
        ("FAILED", 48, (), DORMANT),
        ("DELETING", 48, (), DORMANT),
        ("PAUSED", 48, (), DORMANT),
        ("PAUSED", 48, (operation("PAUSE_CONNECTOR", 1),), REQUIRED),
        ("PAUSED", 48, (operation("PAUSE_CONNECTOR", 1.6),), DORMANT),
        # A pause that failed stopped nothing: the connector ran on until the next one.
        (
            "PAUSED",
            48,
            (operation("PAUSE_CONNECTOR", 1.6, "PAUSE_FAILED"), operation("PAUSE_CONNECTOR", 1, "PAUSE_COMPLETE")),
            REQUIRED,
        ),
        ("PAUSED", 48, (operation("PAUSE_CONNECTOR", 1.6), operation("PAUSE_CONNECTOR", 0.5)), DORMANT),
        ("PAUSED", 48, DENIED, unconfirmed(VerdictReason.OPERATIONS_UNAVAILABLE)),
    ],
)
def test_only_more_than_the_longest_session_of_running_contradicts(
    state: str, window_hours: int, operations: Any, expected: tuple[VerdictCode, str]
) -> None:
    start = NOW - timedelta(hours=window_hours)
    history = seen(window_from=start, read_from=start)
    assert said(evidence(history, operations, state=state), ON_ROLE) == expected


@pytest.mark.parametrize(
    ("named", "read", "expected"),
    [
        (None, None, DORMANT),
        (WORKERS, WorkerConfiguration(WORKERS.arn, "w", 1, Properties()), DORMANT),
        (RevisionRef(WORKERS.arn), WorkerConfiguration(WORKERS.arn, "w", 3, Properties()), DORMANT),
        (WORKERS, WorkerConfiguration(WORKERS.arn, "w", 2, Properties()), None),
        (WORKERS, DENIED, None),
        (WORKERS, None, None),
    ],
)
def test_unread_worker_properties_may_hide_a_use_of_the_role(
    named: RevisionRef | None, read: Any, expected: tuple[VerdictCode, str] | None
) -> None:
    given = replace(evidence(worker_configuration=named), worker_configuration=read)
    assert said(given) == (expected or unconfirmed(VerdictReason.CONFIGURATION_UNCLEAR))


def test_a_contradiction_is_named_before_what_could_not_be_read() -> None:
    assert said(evidence(operations=DENIED, state="RUNNING"), ON_ROLE) == REQUIRED


@pytest.mark.parametrize(
    ("sharing", "gaps", "expected"),
    [
        (("eu-west-1",), (), DORMANT),
        (("us-east-1",), (), DORMANT),
        (("eu-central-1",), (), unconfirmed(VerdictReason.SHARED_IN_UNREAD_REGION)),
        # A region that could not be listed may hold such a connector; what was read of its history counts.
        ((), ("us-east-1",), DORMANT),
        ((), ("eu-central-1",), unconfirmed(VerdictReason.SEARCH_INCOMPLETE)),
    ],
)
def test_silence_of_regions_that_were_read_says_nothing_of_a_role_that_is_named_elsewhere(
    sharing: tuple[str, ...], gaps: tuple[str, ...], expected: tuple[VerdictCode, str]
) -> None:
    others = tuple(ConnectorSummary("returns", f"{ARN}2", region, "RUNNING", ROLE) for region in sharing)
    unlisted = tuple(Unavailable("kafkaconnect:ListConnectors", region, Cause.TIMEOUT) for region in gaps)
    assert said(replace(evidence(), sharing=others, gaps=unlisted)) == expected


def test_the_reason_carries_what_its_sentence_needs() -> None:
    assert connector_verdict(evidence(state="RUNNING"), ON_ROLE).reason.data == {
        "activities": ("kafka-auth",),
        "subjects": ("kafka",),
        "hours": 2160,
    }
    assert connector_verdict(evidence(seen(event(), event(days=9))), ()).reason.data["count"] == 2
    changed = connector_verdict(evidence(operations=(operation("RESTART_CONNECTOR", 5),)), ()).reason.data
    assert changed == {"change": "RESTART_CONNECTOR", "at": NOW - timedelta(days=5)}


# --- a role by itself ------------------------------------------------------------------------------------------------

NAMING = ConnectorSummary("orders", ARN, "eu-west-1", "RUNNING", ROLE)
UNLISTED = Unavailable("kafkaconnect:ListConnectors", "us-east-1", Cause.ACCESS_DENIED)
REFERENCED = (VerdictCode.REFERENCED, VerdictReason.NAMED_BY_CONNECTORS)
UNREFERENCED = (VerdictCode.UNREFERENCED, VerdictReason.NAMED_BY_NO_CONNECTOR)


@pytest.mark.parametrize(
    ("history", "connectors", "gaps", "regions", "expected"),
    [
        (seen(event()), (NAMING,), (), ("eu-west-1",), IN_USE),
        (seen(event()), (), (UNLISTED,), (), IN_USE),
        (SILENT, (NAMING,), (), ("eu-west-1",), REFERENCED),
        (
            seen(event(error="AccessDenied")),
            (NAMING,),
            (),
            ("eu-west-1",),
            (VerdictCode.REFERENCED, VerdictReason.ATTEMPTS_FAILED),
        ),
        (DENIED, (NAMING,), (), ("eu-west-1",), REFERENCED),
        (None, (NAMING,), (UNLISTED,), ("eu-west-1",), REFERENCED),
        (SILENT, (), (), ("eu-west-1",), UNREFERENCED),
        (seen(event("ec2.amazonaws.com")), (), (), ("eu-west-1",), BY_OTHERS),
        (SILENT, (), (UNLISTED,), ("eu-west-1",), unconfirmed(VerdictReason.SEARCH_INCOMPLETE)),
        (SILENT, (), (), (), unconfirmed(VerdictReason.SEARCH_INCOMPLETE)),
        (
            seen(stopped_because=StopCause.DEADLINE),
            (),
            (),
            ("eu-west-1",),
            unconfirmed(VerdictReason.HISTORY_INCOMPLETE),
        ),
        (seen(event(error="AccessDenied")), (), (), ("eu-west-1",), unconfirmed(VerdictReason.ATTEMPTS_FAILED)),
        (DENIED, (), (), ("eu-west-1",), unconfirmed(VerdictReason.HISTORY_UNAVAILABLE)),
        (None, (), (), ("eu-west-1",), unconfirmed(VerdictReason.OFFLINE)),
    ],
)
def test_a_role_is_judged_by_its_history_then_by_the_connectors_that_name_it(
    history: Any, connectors: Any, gaps: Any, regions: tuple[str, ...], expected: tuple[VerdictCode, str]
) -> None:
    given = RoleEvidence(ROLE, connectors=connectors, history=history, searched_regions=regions, gaps=gaps)
    verdict = role_verdict(given)
    assert (verdict.code, verdict.reason.code) == expected


LINKED = "arn:aws:iam::111122223333:role/aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery"


def role_for(service: str, arn: str = ROLE, created: datetime | None = None, **more: Any) -> Role:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole", **more}
    return Role(arn, arn.rpartition("/")[2], {"Version": "2012-10-17", "Statement": [statement]}, created)


NOT_FOUND = Unavailable("iam:GetRole", ROLE, Cause.NOT_FOUND)
REFUSED = Unavailable("iam:GetRole", ROLE, Cause.ACCESS_DENIED)
CONDITION: dict[str, Any] = {"Condition": {"StringEquals": {"aws:SourceAccount": "111122223333"}}}


@pytest.mark.parametrize(
    ("arn", "role", "connectors", "expected"),
    [
        (ROLE, role_for("kafkaconnect.amazonaws.com"), (), UNREFERENCED),
        (ROLE, role_for("kafkaconnect.amazonaws.com", **CONDITION), (), UNREFERENCED),
        (ROLE, NOT_FOUND, (), UNREFERENCED),
        (ROLE, REFUSED, (), unconfirmed(VerdictReason.ROLE_UNREADABLE)),
        (ROLE, role_for("ecs-tasks.amazonaws.com"), (), unconfirmed(VerdictReason.MSK_CONNECT_NOT_TRUSTED)),
        (ROLE, role_for("ecs-tasks.amazonaws.com"), (NAMING,), REFERENCED),
        (LINKED, role_for("delivery.logs.amazonaws.com", LINKED), (), unconfirmed(VerdictReason.SERVICE_LINKED_ROLE)),
        (LINKED, REFUSED, (NAMING,), unconfirmed(VerdictReason.SERVICE_LINKED_ROLE)),
        # the path left out, and filled in by IAM
        (ROLE, role_for("delivery.logs.amazonaws.com", LINKED), (), unconfirmed(VerdictReason.SERVICE_LINKED_ROLE)),
    ],
)
def test_only_a_role_that_may_be_for_msk_connect_is_a_candidate(
    arn: str, role: Any, connectors: Any, expected: tuple[VerdictCode, str]
) -> None:
    given = RoleEvidence(arn, role, connectors, history=SILENT, searched_regions=("eu-west-1",))
    verdict = role_verdict(given)
    assert (verdict.code, verdict.reason.code) == expected


def test_a_connector_on_a_service_linked_role_never_makes_that_dormant() -> None:
    given = Evidence(replace(CONNECTOR, role_arn=LINKED), operations=(), history=SILENT)
    assert connector_verdict(given, ()).reason.code == VerdictReason.SERVICE_LINKED_ROLE


# --- not knowing never makes a verdict more certain ------------------------------------------------------------------

MOMENTS = st.datetimes(datetime(2026, 7, 1), datetime(2026, 11, 24), timezones=st.just(UTC))
EVENTS = st.builds(
    AssumeRoleEvent,
    at=MOMENTS,
    region=st.just("eu-west-1"),
    event_id=st.text("abc", min_size=1, max_size=3),
    principal=st.sampled_from(["kafkaconnect.amazonaws.com", "arn:aws:iam::111122223333:user/ann"]),
    error_code=st.sampled_from(["", "AccessDenied"]),
)
COVERAGES = st.builds(
    Coverage,
    source=st.just("event-history"),
    regions=st.sampled_from([("eu-west-1", "us-east-1"), ("us-east-1",)]),
    window_from=st.just(START),
    window_to=st.just(NOW),
    read_from=st.sampled_from([START, START, NOW]),
    gaps=st.sampled_from([(), (), (DENIED,)]),
    stopped_because=st.none() | st.sampled_from(StopCause),
    selectors_record_reads=st.none() | st.booleans(),
)
HISTORIES = st.builds(
    AssumeRoleHistory,
    role_arn=st.just(ROLE),
    events=st.lists(EVENTS, max_size=3).map(tuple),
    coverage=st.just(COVERAGE) | COVERAGES,
)
OPERATIONS = st.builds(
    ConnectorOperation,
    arn=st.just(ARN),
    type=st.sampled_from(["PAUSE_CONNECTOR", "RESTART_CONNECTOR", "ISOLATE_CONNECTOR", "REBALANCE_CONNECTOR"]),
    state=st.just("UPDATE_COMPLETE"),
    started=MOMENTS,
    ended=st.none() | MOMENTS,
)
CONNECTORS = st.builds(
    replace,
    st.just(CONNECTOR),
    state=st.sampled_from(["RUNNING", "PAUSED", "FAILED", "PAUSING", "UPDATING", "HIBERNATING", ""]),
    created=st.none() | st.just(BEFORE) | MOMENTS,
    worker_configuration=st.none() | st.just(WORKERS),
)
EVIDENCE = st.builds(
    Evidence,
    connector=CONNECTORS,
    worker_configuration=st.none() | st.just(WorkerConfiguration(WORKERS.arn, "w", 1, Properties())),
    operations=st.none() | st.lists(OPERATIONS, max_size=2).map(tuple),
    history=st.none() | HISTORIES,
)
FINDINGS = st.lists(
    st.builds(
        finding,
        activity=st.sampled_from(Activity),
        path=st.sampled_from(PermissionPath),
        via=st.none() | st.sampled_from(PermissionPath),
        timing=st.lists(st.sampled_from(Timing), max_size=2),
    ),
    max_size=2,
).map(tuple)
READINGS = tuple(
    field.name
    for field in fields(Evidence)
    if field.name in ("worker_configuration", "role", "operations", "last_accessed", "history")
)


@given(EVIDENCE, FINDINGS, st.sets(st.sampled_from(READINGS), min_size=1))
@settings(max_examples=300, deadline=None)
def test_losing_any_reading_keeps_a_verdict_or_leaves_it_unconfirmed(
    whole: Evidence, findings: tuple[Finding, ...], lost: set[str]
) -> None:
    readings: dict[str, Any] = dict.fromkeys(lost, DENIED)
    before, after = connector_verdict(whole, findings), connector_verdict(replace(whole, **readings), findings)
    assert after.code in (before.code, VerdictCode.UNCONFIRMED)


@given(EVIDENCE, FINDINGS)
@settings(max_examples=200, deadline=None)
def test_a_gap_in_the_history_never_confirms_disuse(whole: Evidence, findings: tuple[Finding, ...]) -> None:
    assume(isinstance(whole.history, AssumeRoleHistory))
    assert isinstance(whole.history, AssumeRoleHistory)
    torn = replace(whole.history, coverage=replace(whole.history.coverage, gaps=(DENIED,)))
    before = connector_verdict(whole, findings).code
    seen_in_use = before in (VerdictCode.IN_USE, VerdictCode.IN_USE_BY_OTHERS)
    expected = before if seen_in_use else VerdictCode.UNCONFIRMED
    assert connector_verdict(replace(whole, history=torn), findings).code is expected


@given(EVIDENCE, FINDINGS)
@settings(max_examples=200, deadline=None)
def test_a_verdict_of_use_or_disuse_rests_on_what_was_seen(whole: Evidence, findings: tuple[Finding, ...]) -> None:
    verdict = connector_verdict(whole, findings)
    used = isinstance(whole.history, AssumeRoleHistory) and bool(whole.history.by_msk_connect)
    assert (verdict.code is VerdictCode.IN_USE) is used
    if verdict.code is VerdictCode.DORMANT:
        assert isinstance(whole.history, AssumeRoleHistory)
        assert whole.history.coverage.complete
        assert isinstance(whole.operations, tuple)


@pytest.mark.parametrize(
    ("history", "connectors", "gaps"),
    list(
        product(
            (SILENT, seen(event()), seen(stopped_because=StopCause.DEADLINE), DENIED),
            ((), (NAMING,)),
            ((), (UNLISTED,)),
        )
    ),
)
def test_losing_a_reading_about_a_role_never_makes_it_a_candidate(history: Any, connectors: Any, gaps: Any) -> None:
    whole = RoleEvidence(
        ROLE, connectors=connectors, history=history, gaps=gaps, searched_regions=("eu-west-1", "us-east-1")
    )
    before = role_verdict(whole).code
    without_history = role_verdict(replace(whole, history=DENIED)).code
    without_region = role_verdict(replace(whole, connectors=(), gaps=(UNLISTED,))).code
    assert VerdictCode.UNREFERENCED not in (without_history, without_region)
    assert without_region in (before, VerdictCode.UNCONFIRMED)


OLD = role_for("kafkaconnect.amazonaws.com", created=BEFORE)


def aged(**changes: Any) -> Role:
    return replace(OLD, **changes)


@pytest.mark.parametrize(
    ("role", "expected"),
    [
        (OLD, None),
        (aged(last_used=RoleLastUsed(BEFORE, "eu-west-1")), None),
        (aged(last_used=RoleLastUsed(START, "us-west-2")), VerdictReason.LAST_USED_WITHOUT_EVENT),
        (aged(last_used=RoleLastUsed(NOW - timedelta(hours=5), "")), VerdictReason.LAST_USED_WITHOUT_EVENT),
        (aged(created=START + timedelta(hours=1)), VerdictReason.ROLE_YOUNGER_THAN_WINDOW),
        (aged(created=None), None),
        (REFUSED, VerdictReason.ROLE_UNREADABLE),
    ],
)
def test_silence_in_cloudtrail_must_agree_with_what_iam_says_of_the_role(
    role: Role | Unavailable, expected: VerdictReason | None
) -> None:
    resting = connector_verdict(replace(evidence(), role=role), ())
    alone = role_verdict(RoleEvidence(ROLE, role, history=SILENT, searched_regions=("eu-west-1",)))
    assert (resting.code, resting.reason.code) == (unconfirmed(expected) if expected else DORMANT)
    assert (alone.code, alone.reason.code) == (unconfirmed(expected) if expected else UNREFERENCED)


def test_calls_that_assumed_a_deleted_role_of_the_same_name_say_nothing_of_this_one() -> None:
    now_there = aged(id="AROANEW000000001", created=BEFORE)
    earlier, later = replace(event(days=9), role_id="AROAOLD000000001"), replace(event(days=2), role_id=now_there.id)
    only_before = seen(earlier).of_role(now_there)
    assert (only_before.events, only_before.of_predecessors) == ((), (earlier,))
    gone = connector_verdict(replace(evidence(only_before), role=now_there), ())
    assert (gone.code, gone.reason.code) == unconfirmed(VerdictReason.EVENTS_OF_PREDECESSOR)
    both = seen(later, earlier).of_role(now_there)
    used = connector_verdict(replace(evidence(both), role=now_there), ())
    assert (used.code, used.reason.data["count"]) == (VerdictCode.IN_USE, 1)


def test_where_no_id_is_known_the_age_of_the_role_tells_a_predecessor() -> None:
    young = aged(created=NOW - timedelta(days=3))
    history = seen(event(days=1), event(days=4), event(error="AccessDenied", days=5)).of_role(young)
    assert [e.event_id for e in history.events] == ["e1", "e5"]
    assert [e.event_id for e in history.of_predecessors] == ["e4"]


def test_a_role_that_a_connector_leads_to_is_no_candidate_and_not_for_something_else() -> None:
    other = ConnectorSummary("cdc", f"{ARN}2", "eu-west-1", "RUNNING", f"{ROLE}-exec")
    elsewhere = role_for("lambda.amazonaws.com")
    for role in (OLD, elsewhere):
        given = RoleEvidence(
            ROLE, role, history=SILENT, searched_regions=("eu-west-1",), referrals=(Referral(other, ("s3.role",)),)
        )
        verdict = role_verdict(given)
        assert (verdict.code, verdict.reason.code) == unconfirmed(VerdictReason.REFERRED_TO_ELSEWHERE)


@given(EVIDENCE, FINDINGS, EVENTS.filter(lambda event: event.succeeded), st.booleans())
@settings(max_examples=200, deadline=None)
def test_more_evidence_of_use_never_leads_towards_disuse(
    whole: Evidence, findings: tuple[Finding, ...], more: AssumeRoleEvent, last_used: bool
) -> None:
    assume(isinstance(whole.history, AssumeRoleHistory))
    assert isinstance(whole.history, AssumeRoleHistory)
    richer = replace(whole, history=replace(whole.history, events=(*whole.history.events, more)))
    if last_used:
        richer = replace(whole, role=aged(last_used=RoleLastUsed(NOW, "eu-west-1")))
    assert connector_verdict(richer, findings).code is not VerdictCode.DORMANT


# --- what a verdict's reason says ------------------------------------------------------------------------------------

LAST = NOW - timedelta(days=3)
FAR = ConnectorSummary("far", ARN.replace("eu-west-1", "eu-north-1"), "eu-north-1", "RUNNING", ROLE)


@pytest.mark.parametrize(
    ("given", "findings", "data"),
    [
        (
            evidence(DENIED),
            (),
            {"cause": "access-denied", "operation": "cloudtrail:LookupEvents"},
        ),
        (evidence(seen(event(), event(days=4))), (), {"last": LAST, "count": 2, "region": "eu-west-1"}),
        (
            evidence(seen(event(error="AccessDenied"), event(error="Throttled", days=4))),
            (),
            {"last": LAST, "error": "AccessDenied", "count": 2},
        ),
        (
            evidence(seen(stopped_because=StopCause.DEADLINE, read_from=NOW)),
            (),
            {"stopped": "deadline", "read_from": NOW},
        ),
        (evidence(seen(selectors_record_reads=False)), (), {"stopped": None, "read_from": START}),
        (evidence(seen(regions=("us-east-1",))), (), {"region": "eu-west-1"}),
        (evidence(), (), {"from": START, "to": NOW}),
        (evidence(created=LAST), (), {"change": "CREATE_CONNECTOR", "at": LAST}),
        (
            evidence(operations=(operation("UPDATE_CONNECTOR", 5),)),
            (),
            {"change": "UPDATE_CONNECTOR", "at": NOW - timedelta(days=5)},
        ),
        (evidence(state="RESTARTING"), (), {"change": "RESTARTING", "at": NOW}),
        (
            evidence(state="RUNNING"),
            (finding(), finding(), finding(Activity.AWS_ACCESS)),
            {"activities": ("kafka-auth", "aws-access"), "subjects": ("kafka",), "hours": 90 * 24},
        ),
        (evidence(created=None), (), {"field": "creationTime"}),
        (evidence(state="UNHEARD_OF"), (), {"field": "connectorState"}),
        (evidence(worker_configuration=WORKERS), (), {"field": "workerConfiguration"}),
        (replace(evidence(), sharing=(FAR,)), (), {"connector": "far", "region": "eu-north-1"}),
        (
            replace(evidence(), gaps=(Unavailable("kafkaconnect:ListConnectors", "eu-north-1", Cause.TIMEOUT),)),
            (),
            {"regions": ("eu-north-1",)},
        ),
    ],
)
def test_a_reason_tells_what_it_rests_on(given: Evidence, findings: tuple[Finding, ...], data: dict[str, Any]) -> None:
    assert dict(connector_verdict(given, findings).reason.data) == {k: v for k, v in data.items() if v is not None}


@pytest.mark.parametrize(
    ("changes", "data"),
    [
        ({"connectors": (NAMING, NAMING)}, {"count": 2}),
        ({"history": seen(event(error="AccessDenied"))}, {"last": LAST, "error": "AccessDenied", "count": 1}),
        ({"gaps": (UNLISTED,)}, {"regions": (UNLISTED.resource,)}),
        ({"history": DENIED}, {"cause": "access-denied", "operation": "cloudtrail:LookupEvents"}),
        ({}, {"regions": ("eu-west-1", "us-east-1")}),
    ],
)
def test_a_reason_about_a_role_tells_what_it_rests_on(changes: dict[str, Any], data: dict[str, Any]) -> None:
    whole = RoleEvidence(ROLE, history=SILENT, searched_regions=("eu-west-1", "us-east-1"))
    assert dict(role_verdict(replace(whole, **changes)).reason.data) == data
