"""Answers made by hand: evidence as AWS would give it, through the real rules and the real verdict."""

from collections.abc import Callable, Mapping
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any

from bot import catalogue
from bot.classify import classify
from bot.judge import judge_connector, judge_role
from bot.model import (
    S3,
    Answer,
    AssumeRoleEvent,
    AssumeRoleHistory,
    BucketState,
    Cause,
    CloudWatchLogs,
    Connector,
    ConnectorAnswer,
    ConnectorOperation,
    ConnectorSummary,
    Coverage,
    DeliveryStreamState,
    Evidence,
    Firehose,
    LastAccessed,
    LogDestination,
    LogGroupState,
    Properties,
    Question,
    ResourcePolicy,
    Role,
    RoleAnswer,
    RoleEvidence,
    RoleLastUsed,
    ServiceLastAccessed,
    SessionActivity,
    StopCause,
    Unavailable,
)

NOW = datetime(2026, 11, 24, 2, 0, 13, tzinfo=UTC)
ACCOUNT, REGION = "111122223333", "eu-west-1"
REGIONS = ("eu-west-1", "us-east-1")
NINETY_DAYS = timedelta(days=90)

S3_SINK = {
    "connector.class": "io.confluent.connect.s3.S3SinkConnector",
    "topics": "orders",
    "s3.bucket.name": "acme-orders",
    "s3.region": REGION,
}
JDBC_SOURCE = {
    "connector.class": "io.confluent.connect.jdbc.JdbcSourceConnector",
    "connection.url": "jdbc:postgresql://customers.internal.example/customers",
    "connection.user": "kafka_connect",
    "connection.password": "CANARY-customers-password",
    "topic.prefix": "customers.",
}
UNKNOWN_CLASS = {"connector.class": "com.example.weather.HttpSource", "aws.region": REGION, "topics": "weather"}

S3_ALLOWED: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Sid": "AWSLogDeliveryAclCheck",
            "Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": "s3:GetBucketAcl",
            "Resource": "arn:aws:s3:::acme-connect-logs",
        },
        {
            "Sid": "AWSLogDeliveryWrite",
            "Effect": "Allow",
            "Principal": {"Service": "delivery.logs.amazonaws.com"},
            "Action": "s3:PutObject",
            "Resource": f"arn:aws:s3:::acme-connect-logs/AWSLogs/{ACCOUNT}/*",
            "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control"}},
        },
    ],
}
TRUST: Mapping[str, Any] = {
    "Version": "2012-10-17",
    "Statement": [
        {
            "Effect": "Allow",
            "Principal": {"Service": "kafkaconnect.amazonaws.com"},
            "Action": "sts:AssumeRole",
            "Condition": {
                "StringEquals": {"aws:SourceAccount": ACCOUNT},
                "ArnLike": {"aws:SourceArn": f"arn:aws:kafkaconnect:{REGION}:{ACCOUNT}:connector/*"},
            },
        }
    ],
}
GRANTED = BucketState("acme-connect-logs", ResourcePolicy("acme-connect-logs", "acme-connect-logs", S3_ALLOWED))
DENIED_HISTORY = Unavailable(
    "cloudtrail:LookupEvents", REGION, Cause.ACCESS_DENIED, "cloudtrail:LookupEvents", "AccessDeniedException"
)


def role_arn(name: str) -> str:
    """Return a role's ARN."""
    return f"arn:aws:iam::{ACCOUNT}:role/{name}"


def connector_arn(name: str) -> str:
    """Return a connector's ARN."""
    return f"arn:aws:kafkaconnect:{REGION}:{ACCOUNT}:connector/{name}/2b7e1516-28ae-d2a6-abf7-158809cf4f3c-2"


def connector(
    name: str = "orders-s3-sink",
    configuration: Mapping[str, str] = S3_SINK,
    *,
    state: str = "RUNNING",
    authentication: str = "IAM",
    role: str | None = None,
    logs: tuple[LogDestination, ...] = (S3("acme-connect-logs"),),
    **more: Any,
) -> Connector:
    """Return a connector, created long before the window."""
    return Connector(
        name=name,
        arn=connector_arn(name),
        region=REGION,
        state=state,
        role_arn=role_arn(f"{name}-role") if role is None else role,
        authentication_type=authentication,
        configuration=Properties(configuration),
        created=NOW - timedelta(days=300),
        log_destinations=logs,
        **more,
    )


def event(hours_ago: float, number: int = 0, **more: Any) -> AssumeRoleEvent:
    """Return an AssumeRole by MSK Connect."""
    values: dict[str, Any] = {
        "at": NOW - timedelta(hours=hours_ago),
        "region": REGION,
        "event_id": f"event-{number}",
        "principal": "kafkaconnect.amazonaws.com",
        "session_name": "MskConnect-1",
        **more,
    }
    return AssumeRoleEvent(**values)


def history(
    *events: AssumeRoleEvent, role: str = "orders-s3-sink-role", coverage: Mapping[str, Any] | None = None, **more: Any
) -> AssumeRoleHistory:
    """Return a history over a completely read window of 90 days."""
    covered: dict[str, Any] = {
        "source": "event-history",
        "regions": REGIONS,
        "window_from": NOW - NINETY_DAYS,
        "window_to": NOW,
        "read_from": NOW - NINETY_DAYS,
        "requests": 2,
        "accounts": (ACCOUNT,),
        **(coverage or {}),
    }
    newest_first = tuple(sorted(events, key=lambda e: e.at, reverse=True))
    return AssumeRoleHistory(role_arn(role), newest_first, Coverage(**covered), **more)


def assumed_every(hours: int, since: int = 88) -> tuple[AssumeRoleEvent, ...]:
    """Return events at a steady pace, the newest 12 minutes ago."""
    return tuple(event(hour + 0.2, hour) for hour in range(0, since * 24, hours))


def evidence(described: Connector, **more: Any) -> Evidence:
    """Return evidence in which everything was read and nothing is wrong."""
    values: dict[str, Any] = {
        "connector": described,
        "role": Role(described.role_arn, described.role_arn.rpartition("/")[2], TRUST, last_used=None),
        "log_destinations": (GRANTED,) if described.log_destinations else (),
        "operations": (),
        "last_accessed": LastAccessed(NOW, (ServiceLastAccessed("s3", NOW - timedelta(hours=30), REGION),)),
        "history": history(role=described.role_arn.rpartition("/")[2]),
        "searched_regions": REGIONS,
        "read_at": NOW,
        **more,
    }
    return Evidence(**values)


@cache
def known_plugins() -> catalogue.Catalogue:
    """Return the catalogue, loaded once."""
    return catalogue.load()


def explained(read: Evidence, *, days: int = 90, asked: bool = True) -> ConnectorAnswer:
    """Classify and judge."""
    gone = [part for part in (read.role, read.history, read.operations, read.last_accessed) if _unread(part)]
    return judge_connector(
        read,
        classify(read, known_plugins()),
        unavailable=tuple(part for part in gone if isinstance(part, Unavailable)) + read.gaps,
        question=Question(read.connector.name, days) if asked else None,
    )


def _unread(part: object) -> bool:
    return isinstance(part, Unavailable)


def explained_role(read: RoleEvidence) -> RoleAnswer:
    """Judge a role asked about by itself."""
    return judge_role(read, unavailable=read.gaps, question=Question(read.role_arn))


def summary(name: str, region: str = REGION, state: str = "RUNNING", role: str = "") -> ConnectorSummary:
    """Return a row of ListConnectors."""
    arn = connector_arn(name).replace(REGION, region)
    return ConnectorSummary(name, arn, region, state, role_arn(role) if role else None)


# --- the answers of the golden files ---------------------------------------------------------------------------------


def in_use() -> ConnectorAnswer:
    """A sink with IAM, its own calls to S3, logs that arrive, and a restart."""
    return explained(
        evidence(
            connector(),
            history=history(
                *assumed_every(49),
                session_activity=(SessionActivity("kafka-cluster.amazonaws.com", "CreateTopic", 2, NOW),),
            ),
            operations=(
                ConnectorOperation("op", "RESTART_CONNECTOR", "RESTART_COMPLETE", NOW - timedelta(minutes=20)),
            ),
        )
    )


def dormant() -> ConnectorAnswer:
    """Nothing needs the role while it works."""
    quiet = LastAccessed(NOW, (ServiceLastAccessed("kafka-cluster", None),))
    described = connector("customers-jdbc-source", JDBC_SOURCE, authentication="NONE", logs=())
    return explained(evidence(described, last_accessed=quiet))


def contradicted() -> ConnectorAnswer:
    """The configuration needs what the history does not show."""
    return explained(evidence(connector("shipping-s3-sink", logs=())))


def paused() -> ConnectorAnswer:
    """Paused, logs to a stream that lacks the tag, and others who assume the role."""
    described = connector("clicks-s3-sink", state="PAUSED", logs=(Firehose("connect-logs"),))
    other = event(24, 1, principal=f"arn:aws:sts::{ACCOUNT}:assumed-role/Admin/alice", session_name="alice")
    return explained(
        evidence(
            described,
            log_destinations=(DeliveryStreamState("connect-logs", {}, service_linked_role=False),),
            history=history(other, role="clicks-s3-sink-role"),
        )
    )


def shared() -> ConnectorAnswer:
    """Two connectors on one role."""
    described = connector("returns-s3-sink", role=role_arn("shared-sinks-role"))
    return explained(
        evidence(
            described,
            sharing=(summary("refunds-s3-sink", role="shared-sinks-role"),),
            history=history(*assumed_every(60), role="shared-sinks-role"),
            role=Role(described.role_arn, "shared-sinks-role", TRUST, None, RoleLastUsed(NOW, REGION)),
        )
    )


def sealed() -> ConnectorAnswer:
    """CloudTrail may not be read."""
    return explained(evidence(connector("sealed-s3-sink"), history=DENIED_HISTORY))


def cut_short() -> ConnectorAnswer:
    """The time was up before the whole window was read."""
    stopped = {"stopped_because": StopCause.DEADLINE, "read_from": NOW - timedelta(days=12)}
    return explained(evidence(connector(), history=history(*assumed_every(1, 12), coverage=stopped)), days=90)


def gone() -> ConnectorAnswer:
    """The role no longer exists."""
    described = connector("search-s3-sink", logs=(CloudWatchLogs("/msk-connect/search"),))
    missing = Unavailable("iam:GetRole", described.role_arn, Cause.NOT_FOUND, error_code="NoSuchEntity")
    return explained(
        evidence(described, role=missing, log_destinations=(LogGroupState("/msk-connect/search", (), ()),))
    )


def unknown_class() -> ConnectorAnswer:
    """A plugin that is not in the catalogue, a failed connector, refused attempts."""
    described = connector("weather-source", UNKNOWN_CLASS, state="FAILED", state_code="InvalidInput.RoleNotAssumable")
    refused = tuple(event(12 * n + 5, n, error_code="AccessDenied") for n in range(9))
    return explained(evidence(described, history=history(*refused, role="weather-source-role")))


def offline() -> ConnectorAnswer:
    """From the description alone."""
    return explained(Evidence(connector()), asked=False)


def role_named() -> RoleAnswer:
    """A role that two connectors name."""
    arn = role_arn("shared-sinks-role")
    return explained_role(
        RoleEvidence(
            arn,
            Role(arn, "shared-sinks-role", TRUST),
            (summary("returns-s3-sink"), summary("refunds-s3-sink", "us-east-1", "PAUSED")),
            LastAccessed(NOW, ()),
            history(*assumed_every(60), role="shared-sinks-role"),
            REGIONS,
            (),
            NOW,
        )
    )


def role_candidate() -> RoleAnswer:
    """A role that nothing names and nothing was seen to use."""
    arn = role_arn("old-sink-role")
    return explained_role(
        RoleEvidence(arn, Role(arn, "old-sink-role", TRUST), (), LastAccessed(NOW, ()), history(), REGIONS, (), NOW)
    )


ANSWERS: Mapping[str, Callable[[], Answer]] = {
    "in-use": in_use,
    "dormant": dormant,
    "contradicted": contradicted,
    "paused": paused,
    "shared": shared,
    "sealed": sealed,
    "cut-short": cut_short,
    "gone": gone,
    "unknown-class": unknown_class,
    "offline": offline,
    "role-named": role_named,
    "role-candidate": role_candidate,
}
