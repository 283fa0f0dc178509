"""An AWS of plain values: readers that return what they were given, late or never where they were told so."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from typing import TypeVar

from bot.model import (
    S3,
    AssumeRoleHistory,
    BucketState,
    Cause,
    CloudWatchLogs,
    Connector,
    ConnectorOperation,
    ConnectorSummary,
    Coverage,
    CustomPlugin,
    DeliveryStreamState,
    LastAccessed,
    LogDestination,
    LogDestinationState,
    LogGroupState,
    Properties,
    RevisionRef,
    Role,
    Unavailable,
    WorkerConfiguration,
)
from bot.pipe.ports import Deadline, Readers, Window

NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
ACCOUNT = "111122223333"
ROLE_ARN = f"arn:aws:iam::{ACCOUNT}:role/orders-role"
WORKER_ARN = f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:worker-configuration/w/1-2"
PLUGIN_ARN = f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:custom-plugin/p/1-2"
REGIONS = ("eu-west-1", "us-east-1")

T = TypeVar("T")


def connector_arn(name: str, region: str = "eu-west-1") -> str:
    return f"arn:aws:kafkaconnect:{region}:{ACCOUNT}:connector/{name}/5d2b-2"


def connector(name: str, region: str = "eu-west-1", **changes: object) -> Connector:
    plain = Connector(
        name=name,
        arn=connector_arn(name, region),
        region=region,
        state="RUNNING",
        role_arn=ROLE_ARN,
        authentication_type="IAM",
        configuration=Properties({"connector.class": "io.confluent.connect.s3.S3SinkConnector"}),
    )
    return replace(plain, **changes)  # type: ignore[arg-type]


def full_connector(name: str = "orders") -> Connector:
    """Return a connector that names something of everything."""
    return connector(
        name,
        worker_configuration=RevisionRef(WORKER_ARN, 1),
        plugins=(RevisionRef(PLUGIN_ARN, 1),),
        log_destinations=(CloudWatchLogs("/logs"), S3("logs")),
    )


def denied(operation: str, resource: str) -> Unavailable:
    return Unavailable(operation, resource, Cause.ACCESS_DENIED, operation)


@dataclass
class PlainAws:
    """Readers over plain values. ``instead`` replaces what an operation returns, ``slow`` makes it wait.

    Their keys are ``operation``, ``operation resource``, and for one search by name ``list region prefix``.
    """

    connectors: list[Connector]
    instead: dict[str, object] = field(default_factory=dict)
    #: Seconds an operation takes; infinite for one that never answers.
    slow: Mapping[str, float] = field(default_factory=dict)
    asked: list[tuple[str, str]] = field(default_factory=list)
    #: When each operation was asked for first, on the monotonic clock.
    began: dict[str, float] = field(default_factory=dict)
    deadlines: list[Deadline] = field(default_factory=list)
    over: threading.Event = field(default_factory=threading.Event)

    def readers(self, regions: tuple[str, ...] = REGIONS) -> Readers:
        return Readers(_Connect(self), _Iam(self), _Logs(self), _Trail(self), regions)

    def operations(self) -> set[str]:
        return {operation for operation, _ in self.asked}

    def answer(self, operation: str, resource: str, value: T) -> T:
        """Return ``value``, or what stands for ``operation`` or for ``operation resource`` instead."""
        self.asked.append((operation, resource))
        self.began.setdefault(operation, time.monotonic())
        for key in (f"{operation} {resource}", operation):
            if key in self.slow:
                self.over.wait(min(self.slow[key], 60))
            if key in self.instead:
                return self.instead[key]  # type: ignore[return-value]
        return value


@dataclass
class _Connect:
    aws: PlainAws

    def list(self, region: str, prefix: str = "") -> tuple[ConnectorSummary, ...] | Unavailable:
        found = [c for c in self.aws.connectors if c.region == region and c.name.startswith(prefix)]
        summaries = tuple(ConnectorSummary(c.name, c.arn, c.region, c.state, c.role_arn) for c in found)
        by_name = f"list {region} {prefix}"
        if prefix and by_name in self.aws.instead:
            return self.aws.instead[by_name]  # type: ignore[return-value]
        return self.aws.answer("list", region, summaries)

    def describe(self, arn: str) -> Connector | Unavailable:
        missing = Unavailable("kafkaconnect:DescribeConnector", arn, Cause.NOT_FOUND)
        return self.aws.answer("describe", arn, next((c for c in self.aws.connectors if c.arn == arn), missing))

    def worker_configuration(self, arn: str) -> WorkerConfiguration | Unavailable:
        return self.aws.answer("worker_configuration", arn, WorkerConfiguration(arn, "w", 1, Properties()))

    def custom_plugin(self, arn: str) -> CustomPlugin | Unavailable:
        return self.aws.answer("custom_plugin", arn, CustomPlugin(arn, "p", "ACTIVE"))

    def operations(self, connector_arn: str, _: Window) -> tuple[ConnectorOperation, ...] | Unavailable:
        return self.aws.answer("operations", connector_arn, ())


@dataclass
class _Iam:
    aws: PlainAws

    def role(self, arn: str) -> Role | Unavailable:
        trust = {
            "Statement": [
                {
                    "Effect": "Allow",
                    "Principal": {"Service": "kafkaconnect.amazonaws.com"},
                    "Action": "sts:AssumeRole",
                    "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}},
                }
            ]
        }
        return self.aws.answer("role", arn, Role(arn, arn.rpartition("/")[2], trust))

    def named(self, name: str, _: str) -> Role | Unavailable:
        missing = Unavailable("iam:GetRole", name, Cause.NOT_FOUND, error_code="NoSuchEntity")
        return self.aws.answer("named", name, missing)

    def last_accessed(self, arn: str, deadline: Deadline) -> LastAccessed | Unavailable:
        self.aws.deadlines.append(deadline)
        return self.aws.answer("last_accessed", arn, LastAccessed(NOW, ()))


@dataclass
class _Logs:
    aws: PlainAws

    def read(self, destination: LogDestination, _: Connector, __: Deadline) -> LogDestinationState:
        match destination:
            case S3():
                return self.aws.answer("bucket", destination.bucket, BucketState(destination.bucket, None))
            case CloudWatchLogs():
                reading = LogGroupState(destination.log_group, (), ())
                return self.aws.answer("log_group", destination.log_group, reading)
        return self.aws.answer(
            "stream", destination.delivery_stream, DeliveryStreamState(destination.delivery_stream, {}, True)
        )


@dataclass
class _Trail:
    aws: PlainAws

    def read(
        self, role_arn: str, connector_region: str, window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        return self.read_regions(role_arn, (connector_region,), window, deadline)

    def read_regions(
        self, role_arn: str, regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        self.aws.deadlines.append(deadline)
        coverage = Coverage("event-history", regions, window.start, window.end, window.start)
        return self.aws.answer("history", role_arn, AssumeRoleHistory(role_arn, (), coverage))
