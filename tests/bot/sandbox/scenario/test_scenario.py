"""The scenario tells the article's story: each row has its connector, each connector is what it says."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime

import pytest
from botocore.loaders import Loader
from botocore.model import ServiceModel

from bot.judge.grants import judge_state
from bot.judge.trust import trust_cautions, trust_of
from bot.model import (
    S3,
    BucketState,
    CautionCode,
    DeliveryStreamState,
    GrantState,
    LogDestinationState,
    LogGroupState,
    ResourcePolicy,
)
from bot.model import Connector as BotConnector
from bot.model import Role as BotRole
from bot.sandbox.aws.jsonwire import json_body
from bot.sandbox.aws.world import ACCOUNT, World
from bot.sandbox.scenario.configurations import WORKER_PROPERTIES
from bot.sandbox.scenario.connectors import CONNECTORS
from bot.sandbox.scenario.destinations import (
    ACCOUNT_LOG_POLICIES,
    BUCKETS,
    GROUP_LOG_POLICIES,
    KEYS,
    LOG_GROUPS,
    PLUGINS,
    STREAMS,
)
from bot.sandbox.scenario.documents import Document
from bot.sandbox.scenario.history import events
from bot.sandbox.scenario.names import EU, SERVICE_LINKED_ROLE, US, connect_arn, role_arn
from bot.sandbox.scenario.plan import Connector
from bot.sandbox.scenario.records import assume_role, follow_up, seeded
from bot.sandbox.scenario.roles import ROLES
from bot.sandbox.scenario.seed import describe, populate

NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
MSK = "kafkaconnect.amazonaws.com"
BY_NAME = {(connector.name, connector.region): connector for connector in CONNECTORS}
#: Roles and buckets that the scenario names and that do not exist, on purpose.
DELETED_ROLES = {role_arn("search-s3-sink-role")}
DELETED_BUCKETS = {"acme-connect-logs-deleted"}


def connector(name: str, region: str = EU) -> Connector:
    return BY_NAME[name, region]


def reads_the_sources_database(c: Connector) -> bool:
    return "database.hostname" in c.configuration


#: Both tables of the article: the row, the connector that stands for it, and how one can see that it does.
ROWS: list[tuple[str, str, Callable[[Connector], object]]] = [
    ("downloading the custom plugin", "orders-s3-sink", lambda c: c.plugin in PLUGINS),
    ("permission validation on update", "events-snowflake-sink", lambda c: c.operations[0].type.startswith("UPDATE_")),
    ("renewing temporary credentials", "inventory-mysql-cdc", lambda c: c.state == "RUNNING"),
    ("authentication to Kafka with IAM", "orders-s3-sink", lambda c: c.authentication == "IAM"),
    ("the plugin's own calls to AWS", "orders-s3-sink", lambda c: c.configuration["s3.bucket.name"]),
    ("Kafka without authentication", "customers-jdbc-source", lambda c: c.authentication == "NONE"),
    ("Kafka with SCRAM", "payments-jdbc-sink", lambda c: "SCRAM" in str(c.configuration)),
    ("a source reading a non-AWS system", "inventory-mysql-cdc", reads_the_sources_database),
    ("worker logs to S3", "orders-s3-sink", lambda c: c.logs.bucket),
    ("worker logs to CloudWatch Logs", "inventory-mysql-cdc", lambda c: c.logs.log_group),
    ("worker logs to Firehose", "payments-jdbc-sink", lambda c: c.logs.stream),
]


@pytest.mark.parametrize(("row", "name", "shows"), ROWS, ids=[row for row, *_ in ROWS])
def test_each_row_of_the_article_has_a_connector(row: str, name: str, shows: Callable[[Connector], object]) -> None:
    assert shows(connector(name))


def test_there_are_at_least_twelve_connectors_over_two_regions() -> None:
    assert len(CONNECTORS) >= 12
    assert {c.region for c in CONNECTORS} == {EU, US}


@pytest.mark.parametrize("state", ["RUNNING", "PAUSED", "FAILED"])
def test_the_states_that_matter_are_there(state: str) -> None:
    assert any(c.state == state for c in CONNECTORS)


def test_what_a_connector_names_exists_unless_it_is_missing_on_purpose() -> None:
    roles = {role_arn(role.name, role.path) for role in ROLES}
    groups = {name for name, _ in LOG_GROUPS}
    buckets = {bucket.name for bucket in BUCKETS}
    assert {c.role for c in CONNECTORS} - roles == DELETED_ROLES
    assert {c.logs.log_group for c in CONNECTORS} - groups == {""}
    assert {c.logs.bucket for c in CONNECTORS} - buckets == {"", *DELETED_BUCKETS}
    assert {c.logs.stream for c in CONNECTORS} - STREAMS.keys() == {""}
    assert {c.plugin for c in CONNECTORS} <= PLUGINS.keys()
    assert {c.worker_configuration[0] for c in CONNECTORS if c.worker_configuration} == WORKER_PROPERTIES.keys()


def test_two_connectors_share_a_role_and_two_a_name() -> None:
    assert connector("returns-s3-sink").role == connector("refunds-s3-sink").role
    assert {("metrics-s3-sink", EU), ("metrics-s3-sink", US)} <= BY_NAME.keys()


def test_the_service_linked_role_is_somebodys_execution_role() -> None:
    assert connector("catalog-s3-sink", US).role == SERVICE_LINKED_ROLE


# --- secrets ---------------------------------------------------------------------------------------------------------

SECRET = re.compile(r"password|passphrase|secret|token|private\.key|access\.key|jaas|user\.info", re.IGNORECASE)
#: Values of keys that only sound secret: the provider's alias, class and region, a JAAS module without options.
HARMLESS = re.compile(r"^secretsmanager$|ConfigProvider$|^eu-west-1$|IAMLoginModule required;$")


def test_every_secret_like_value_is_a_canary_or_a_reference() -> None:
    configured = [(c.name, *item) for c in CONNECTORS for item in c.configuration.items()]
    for name, text in WORKER_PROPERTIES.items():
        configured += [(name, *_property(line)) for line in text.splitlines()]
    for owner, key, value in configured:
        if SECRET.search(key) and not HARMLESS.search(value):
            assert "CANARY" in value or value.startswith("${"), (owner, key)


def _property(line: str) -> tuple[str, str]:
    key, _, value = line.partition("=")
    return key, value


def test_session_tokens_are_canaries() -> None:
    issued = [event.record.get("responseElements") for event in events(NOW) if event.name == "AssumeRole"]
    assert all("CANARY" in answer["credentials"]["sessionToken"] for answer in issued if answer)


# --- the shape of what AWS answers -----------------------------------------------------------------------------------


@pytest.mark.parametrize("described", CONNECTORS, ids=lambda c: f"{c.name} {c.region}")
def test_descriptions_are_admitted_by_the_service_model(described: Connector) -> None:
    model = ServiceModel(Loader().load_service_model("kafkaconnect", "service-2"), "kafkaconnect")
    shape = model.operation_model("DescribeConnector").output_shape
    assert json_body(shape, describe(described, NOW))["connectorName"] == described.name


def test_assume_role_records_have_cloudtrails_members() -> None:
    record = assume_role(seeded(""), NOW, EU, role_arn("r"), "session", by=MSK)
    assert list(record) == [
        "eventVersion",
        "userIdentity",
        "eventTime",
        "eventSource",
        "eventName",
        "awsRegion",
        "sourceIPAddress",
        "userAgent",
        "requestParameters",
        "responseElements",
        "additionalEventData",
        "requestID",
        "eventID",
        "readOnly",
        "resources",
        "eventType",
        "managementEvent",
        "recipientAccountId",
        "sharedEventID",
        "eventCategory",
    ]
    assert record["userIdentity"] == {"type": "AWSService", "invokedBy": MSK}
    assert record["responseElements"]["credentials"]["expiration"] == "Nov 24, 2026, 1:00:00 PM"


def test_follow_up_calls_carry_the_issued_key_and_the_role() -> None:
    assumed = assume_role(seeded(""), NOW, EU, role_arn("r", "/p/"), "session", by=MSK)
    identity = follow_up(seeded(""), assumed, NOW - NOW, "kms.amazonaws.com", "Decrypt", reads=True)["userIdentity"]
    assert identity["accessKeyId"] == assumed["responseElements"]["credentials"]["accessKeyId"]
    assert identity["arn"] == f"arn:aws:sts::{ACCOUNT}:assumed-role/r/session"
    assert identity["sessionContext"]["sessionIssuer"]["arn"] == role_arn("r", "/p/")


# --- history ---------------------------------------------------------------------------------------------------------


def assumptions(role: str, by: str | None = MSK) -> int:
    """Count successful AssumeRole calls within 90 days."""
    return sum(
        event.name == "AssumeRole"
        and event.record["requestParameters"]["roleArn"] == role
        and "errorCode" not in event.record
        and (by is None or event.record["userIdentity"].get("invokedBy") == by)
        for event in events(NOW)
        if (NOW - event.at).days < 90
    )


def test_the_star_fits_on_one_page_and_the_config_provider_fills_many() -> None:
    assert 30 < assumptions(connector("orders-s3-sink").role) <= 50
    assert assumptions(connector("inventory-mysql-cdc").role) > 2000


@pytest.mark.parametrize(
    ("name", "region"),
    [
        ("customers-jdbc-source", EU),
        ("clicks-firehose-sink", EU),
        ("legacy-orders-s3-sink", EU),
        ("shipping-s3-sink", US),
        ("ledger-mongo-source", US),
    ],
)
def test_roles_that_msk_connect_did_not_assume_in_the_window(name: str, region: str) -> None:
    assert assumptions(connector(name, region).role) == 0


def test_a_role_is_assumed_by_a_person_a_service_and_another_account() -> None:
    kinds = {
        event.record["userIdentity"]["type"]
        for event in events(NOW)
        if event.name == "AssumeRole"
        and event.record["requestParameters"]["roleArn"] == connector("ledger-mongo-source", US).role
    }
    assert kinds == {"IAMUser", "AWSService", "AWSAccount"}


def test_refused_calls_are_there() -> None:
    refused = [event for event in events(NOW) if event.record.get("errorCode") == "AccessDenied"]
    assert {event.record["requestParameters"]["roleArn"] for event in refused} == {
        connector("legacy-orders-s3-sink").role
    }


def test_a_restart_is_followed_by_an_assumption_within_minutes() -> None:
    [restart] = connector("orders-s3-sink").operations
    minutes_after = [
        restart.days_ago * 24 * 60 - (NOW - event.at).total_seconds() / 60
        for event in events(NOW)
        if event.name == "AssumeRole"
        and event.record["requestParameters"]["roleArn"] == connector("orders-s3-sink").role
    ]
    assert any(0 <= minutes <= 10 for minutes in minutes_after)


def test_events_are_the_same_at_each_start() -> None:
    assert [event.event_id for event in events(NOW)] == [event.event_id for event in events(NOW)]


# --- grants and trust, as the bot itself judges them -----------------------------------------------------------------


def policy(document: Document | None) -> ResourcePolicy | None:
    return None if document is None else ResourcePolicy("policy", "scope", document)


def reading(c: Connector, destination: str) -> LogDestinationState:
    if destination == "firehose":
        return DeliveryStreamState(c.logs.stream, STREAMS[c.logs.stream], service_linked_role=True)
    if destination == "logs":
        own = GROUP_LOG_POLICIES.get(c.logs.log_group)
        account = ACCOUNT_LOG_POLICIES if c.region == EU else {}
        return LogGroupState(
            c.logs.log_group,
            tuple(ResourcePolicy(name, ACCOUNT, document) for name, document in account.items()),
            (ResourcePolicy("own", c.logs.log_group, own),) if own else (),
        )
    [bucket] = [bucket for bucket in BUCKETS if bucket.name == c.logs.bucket]
    return BucketState(bucket.name, policy(bucket.policy), bucket.key, policy(KEYS.get(bucket.key)))


@pytest.mark.parametrize(
    ("name", "region", "destination", "state"),
    [
        ("orders-s3-sink", EU, "s3", GrantState.PRESENT),
        ("inventory-mysql-cdc", EU, "logs", GrantState.PRESENT),
        ("payments-jdbc-sink", EU, "firehose", GrantState.PRESENT),
        ("events-snowflake-sink", EU, "logs", GrantState.PRESENT),
        ("events-snowflake-sink", EU, "s3", GrantState.MISSING),
        ("events-snowflake-sink", EU, "firehose", GrantState.MISSING),
        ("audit-s3-sink", EU, "logs", GrantState.PRESENT),
        ("legacy-orders-s3-sink", EU, "s3", GrantState.MISSING),
        ("returns-s3-sink", EU, "s3", GrantState.PRESENT),
        ("refunds-s3-sink", EU, "s3", GrantState.MISSING),
        ("weather-http-source", EU, "s3", GrantState.MISSING),
        ("weather-http-source", EU, "logs", GrantState.MISSING),
        ("fraud-s3-sink", US, "s3", GrantState.UNREADABLE),
        ("ledger-mongo-source", US, "logs", GrantState.MISSING),
    ],
)
def test_grants_are_present_missing_or_unreadable_as_intended(
    name: str, region: str, destination: str, state: GrantState
) -> None:
    planned = connector(name, region)
    arn = connect_arn("connector", name, region)
    to_s3 = (S3(planned.logs.bucket, planned.logs.prefix),) if planned.logs.bucket else ()
    described = BotConnector(name, arn, region, "RUNNING", planned.role, "IAM", log_destinations=to_s3)
    assert judge_state(reading(planned, destination), described).state is state


@pytest.mark.parametrize(
    ("name", "region", "codes"),
    [
        ("orders-s3-sink", EU, []),
        ("legacy-orders-s3-sink", EU, [CautionCode.TRUST_POLICY_STALE_SOURCE_ARN]),
        ("returns-s3-sink", EU, [CautionCode.TRUST_POLICY_CONFUSED_DEPUTY]),
        ("tickets-s3-sink", US, []),
    ],
)
def test_trust_policies_are_sound_stale_or_bare_as_intended(name: str, region: str, codes: list[CautionCode]) -> None:
    planned = connector(name, region)
    [role] = [role for role in ROLES if role_arn(role.name, role.path) == planned.role]
    read = BotRole(planned.role, role.name, role.trust)
    judged = trust_of(read, (connect_arn("connector", name, region),))
    assert [caution.code for caution in trust_cautions(read, judged, (), ())] == codes


def test_the_world_is_filled_with_all_of_it() -> None:
    world = World(clock=lambda: NOW)
    [sealed] = populate(world)
    assert len(world.connect.connectors) == len(CONNECTORS)
    assert len(world.trail) == len(list(events(NOW)))
    assert sealed.operation == "cloudtrail:LookupEvents"
