import json
from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aws.history.records import (
    SessionCall,
    activity,
    assume_role_event,
    distinct,
    principal,
    session_call,
)
from bot.aws.shapes import MalformedAnswer
from bot.model import AssumeRoleEvent, SessionActivity
from tests.bot.aws.history.direct import NOW, ROLE, assume_role
from tests.bot.aws.history.direct import session_call as a_session_call

_JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
_FIELDS = sorted(assume_role(NOW))


def test_an_assume_role_record_keeps_only_what_the_answer_needs() -> None:
    record = assume_role(NOW, number=7, sharedEventID="aa3bf71e-7679-41a2-861f-811b8b638ac9")
    assert assume_role_event(record, ROLE) == AssumeRoleEvent(
        at=NOW,
        region="eu-west-1",
        event_id="00000000-0000-4000-8000-000000000007",
        principal="kafkaconnect.amazonaws.com",
        session_name="connect-session",
        issued_key_id="ASIATEST000000000007",
        error_code="",
        shared_event_id="aa3bf71e-7679-41a2-861f-811b8b638ac9",
        role_id="AROATEST00000001",
    )


def test_no_token_address_agent_or_message_is_kept() -> None:
    for record in (assume_role(NOW), assume_role(NOW, error="AccessDenied")):
        kept = repr(assume_role_event(record, ROLE))
        assert "CANARY" not in kept
        assert "198.51.100.77" not in kept


def test_a_refused_call_has_an_error_and_no_key() -> None:
    event = assume_role_event(assume_role(NOW, error="AccessDenied"), ROLE)
    assert event is not None
    assert (event.succeeded, event.error_code, event.issued_key_id) == (False, "AccessDenied", "")


def test_an_error_code_that_is_no_code_stays_an_error() -> None:
    event = assume_role_event(assume_role(NOW, error="so long, and thanks"), ROLE)
    assert event is not None
    assert event.error_code == "Unknown"


@pytest.mark.parametrize(
    "change",
    [
        {"eventName": "GetRole"},
        {"requestParameters": {"roleArn": f"{ROLE}-2"}},
        {"requestParameters": {"roleArn": ROLE.replace("/connect/", "/other/")}},
    ],
)
def test_other_events_and_other_roles_are_not_events_of_the_role(change: dict[str, Any]) -> None:
    assert assume_role_event(assume_role(NOW) | change, ROLE) is None


@pytest.mark.parametrize(
    ("change", "where"),
    [
        ({"eventName": None}, "eventName"),
        ({"eventTime": None}, "eventTime"),
        ({"eventTime": "yesterday"}, "eventTime"),
        ({"eventTime": "2026-13-01T00:00:00Z"}, "eventTime"),
        ({"awsRegion": 7}, "awsRegion"),
        ({"awsRegion": "eu-west-1\n<!channel>"}, "awsRegion"),
        ({"requestParameters": {}}, "requestParameters.roleArn"),
        ({"requestParameters": "text"}, "requestParameters"),
        ({"userIdentity": None}, "userIdentity"),
        ({"userIdentity": {"type": "AWSService"}}, "userIdentity"),
        ({"userIdentity": {"type": "IAMUser", "arn": ["a", "list"]}}, "userIdentity"),
    ],
)
def test_a_record_that_may_be_the_roles_but_cannot_be_read_is_malformed(change: dict[str, Any], where: str) -> None:
    with pytest.raises(MalformedAnswer) as raised:
        assume_role_event(assume_role(NOW) | change, ROLE)
    assert raised.value.where == where


@pytest.mark.parametrize("name", ["eventSource", "eventName", "awsRegion", "eventTime"])
def test_a_call_that_cannot_be_read_is_malformed(name: str) -> None:
    record = a_session_call(NOW, "CreateTopic", "kafka-cluster.amazonaws.com", key_id="ASIATEST1", number=1)
    with pytest.raises(MalformedAnswer) as raised:
        session_call(record | {name: "<!here>"}, ROLE)
    assert raised.value.where == name


def test_what_is_no_record_is_malformed() -> None:
    for reduce in (assume_role_event, session_call):
        with pytest.raises(MalformedAnswer) as raised:
            reduce(["a", "list"], ROLE)
        assert raised.value.where == "record"


def test_sign_in_through_saml_or_web_identity_assumes_the_role_too() -> None:
    identity = {"type": "WebIdentityUser", "principalId": "accounts.example.com:app:7", "userName": "7"}
    record = assume_role(NOW, identity=identity) | {"eventName": "AssumeRoleWithWebIdentity"}
    event = assume_role_event(record, ROLE)
    assert event is not None
    assert event.principal == "accounts.example.com:app:7"


@pytest.mark.parametrize(
    ("identity", "expected"),
    [
        ({"type": "AWSService", "invokedBy": "kafkaconnect.amazonaws.com"}, "kafkaconnect.amazonaws.com"),
        ({"type": "AWSService", "invokedBy": "lambda.amazonaws.com"}, "lambda.amazonaws.com"),
        ({"type": "IAMUser", "arn": "arn:aws:iam::111122223333:user/ana"}, "arn:aws:iam::111122223333:user/ana"),
        # The caller's account sees the ARN, the role's account only the account and an id.
        ({"type": "AWSAccount", "principalId": "AROAEXAMPLE:ci", "accountId": "444455556666"}, "444455556666"),
        ({"type": "WebIdentityUser", "principalId": "accounts:app:7", "userName": "7"}, "accounts:app:7"),
        ({"type": "Unknown", "userName": "7", "invokedBy": "x.amazonaws.com"}, "7"),
        ({"type": "Unknown", "invokedBy": "x.amazonaws.com"}, "x.amazonaws.com"),
        # Forwarded by a service on behalf of somebody: that somebody's call.
        (
            {
                "type": "IAMUser",
                "arn": "arn:aws:iam::111122223333:user/ana",
                "invokedBy": "cloudformation.amazonaws.com",
            },
            "arn:aws:iam::111122223333:user/ana",
        ),
        # The article's query asks for invokedBy and nothing else.
        (
            {
                "type": "AssumedRole",
                "arn": "arn:aws:sts::1:assumed-role/a/b",
                "invokedBy": "kafkaconnect.amazonaws.com",
            },
            "kafkaconnect.amazonaws.com",
        ),
    ],
)
def test_the_principal_is_the_service_or_else_whoever_called(identity: dict[str, str], expected: str) -> None:
    assert principal(identity) == expected


def test_a_session_call_keeps_event_region_and_time() -> None:
    record = a_session_call(NOW, "CreateTopic", "kafka-cluster.amazonaws.com", key_id="ASIATEST000000000001", number=1)
    assert session_call(record, ROLE) == SessionCall("kafka-cluster.amazonaws.com", "CreateTopic", "eu-west-1", NOW)


def test_a_call_of_another_roles_session_is_left_out() -> None:
    record = a_session_call(
        NOW, "CreateTopic", "kafka-cluster.amazonaws.com", key_id="ASIATEST1", number=1, role=f"{ROLE}x"
    )
    assert session_call(record, ROLE) is None


def test_calls_are_counted_by_event_and_region_newest_first() -> None:
    earlier = NOW.replace(hour=1)
    calls = [
        SessionCall("s3.amazonaws.com", "PutObject", "eu-west-1", earlier),
        SessionCall("s3.amazonaws.com", "PutObject", "eu-west-1", NOW.replace(hour=2), count=3),
        SessionCall("kafka-cluster.amazonaws.com", "CreateTopic", "eu-west-1", NOW),
    ]
    assert activity(calls) == (
        SessionActivity("kafka-cluster.amazonaws.com", "CreateTopic", 1, NOW, "eu-west-1"),
        SessionActivity("s3.amazonaws.com", "PutObject", 4, NOW.replace(hour=2), "eu-west-1"),
    )


def test_a_call_recorded_in_two_accounts_or_given_twice_counts_once() -> None:
    def event(event_id: str, shared: str, hour: int) -> AssumeRoleEvent:
        at = NOW.replace(hour=hour)
        return AssumeRoleEvent(at, "eu-west-1", event_id, "444455556666", shared_event_id=shared)

    theirs, ours, again = event("a1", "s1", 3), event("a2", "s1", 3), event("a2", "s1", 3)
    later, unnamed = event("b1", "", 4), event("", "", 5)
    assert distinct([theirs, ours, again, later, unnamed]) == (unnamed, later, ours)


@given(st.dictionaries(st.sampled_from(_FIELDS), _JSON, max_size=4), st.sets(st.sampled_from(_FIELDS), max_size=3))
def test_a_hostile_record_is_read_or_malformed_and_leaks_nothing(changes: dict[str, Any], missing: set[str]) -> None:
    record = {name: value for name, value in (assume_role(NOW) | changes).items() if name not in missing}
    for reduce in (assume_role_event, session_call):
        try:
            kept = reduce(record, ROLE)
        except MalformedAnswer as error:
            kept = str(error)  # type: ignore[assignment]  # what is said must leak as little as what is kept
        assert "CANARY" not in repr(kept)
        assert "198.51.100.77" not in repr(kept)


@given(_JSON)
def test_anything_at_all_is_read_or_malformed(value: Any) -> None:
    for reduce in (assume_role_event, session_call):
        with suppress(MalformedAnswer):
            assert reduce(value, ROLE) is None


def test_the_documented_shape_is_read() -> None:
    text = json.dumps(assume_role(datetime(2026, 2, 9, 21, 27, 3, tzinfo=UTC)))
    event = assume_role_event(json.loads(text), ROLE)
    assert event is not None
    assert event.by_msk_connect
    assert event.at == datetime(2026, 2, 9, 21, 27, 3, tzinfo=UTC)


@pytest.mark.parametrize(("named", "counts"), [(ROLE, True), (f"{ROLE}-other", False)])
def test_a_refusal_without_parameters_counts_for_the_role_that_its_message_names(named: str, counts: bool) -> None:
    record = {
        **assume_role(NOW, error="AccessDenied"),
        "requestParameters": None,
        "resources": None,
        "errorMessage": f"User: x is not authorized to perform: sts:AssumeRole on resource: {named}",
    }
    assert (assume_role_event(record, ROLE) is not None) is counts
