"""MSK Connect, read with boto3."""

from __future__ import annotations

import base64
from collections.abc import Callable
from typing import Any, TypeVar

from bot.arn import parse_arn
from bot.aws.errors import attempt
from bot.aws.fields import member, moment, optional, rows
from bot.aws.sessions import Clients
from bot.aws.shapes import MalformedAnswer, connector_from, worker_properties
from bot.model import (
    Connector,
    ConnectorOperation,
    ConnectorSummary,
    CustomPlugin,
    Unavailable,
    WorkerConfiguration,
)
from bot.pipe.ports import Window

T = TypeVar("T")


class Connectors:
    """A ConnectorReader over the ``kafkaconnect`` API."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def list(self, region: str, prefix: str = "") -> tuple[ConnectorSummary, ...] | Unavailable:
        """Return the connectors of a region whose names begin with ``prefix``: AWS knows no exact match."""

        def read() -> tuple[ConnectorSummary, ...]:
            pages = self._pages("list_connectors", region, **({"connectorNamePrefix": prefix} if prefix else {}))
            return tuple(_summary(row, region) for row in rows(pages, "connectors"))

        return attempt("kafkaconnect:ListConnectors", region, read)

    def describe(self, arn: str) -> Connector | Unavailable:
        """Return a connector with its configuration."""

        def read(client: Any, region: str) -> Connector:
            connector = connector_from(client.describe_connector(connectorArn=arn), region)
            if connector.arn != arn:
                raise MalformedAnswer("connectorArn")
            return connector

        return self._about("DescribeConnector", arn, read)

    def worker_configuration(self, arn: str) -> WorkerConfiguration | Unavailable:
        """Return the latest revision of a worker configuration: the API gives no other."""

        def read(client: Any, _: str) -> WorkerConfiguration:
            answer = client.describe_worker_configuration(workerConfigurationArn=arn)
            latest = member(answer, "latestRevision", dict)
            content = base64.b64decode(member(latest, "propertiesFileContent", str), validate=True)
            return WorkerConfiguration(
                arn=arn,
                name=member(answer, "name", str),
                latest_revision=optional(latest, "revision", int),
                # Kafka Connect reads the file as Java reads properties from a stream.
                properties=worker_properties(content.decode("latin-1")),
            )

        return self._about("DescribeWorkerConfiguration", arn, read)

    def custom_plugin(self, arn: str) -> CustomPlugin | Unavailable:
        """Return a custom plugin with the place of its latest file."""

        def read(client: Any, _: str) -> CustomPlugin:
            answer = client.describe_custom_plugin(customPluginArn=arn)
            latest = optional(answer, "latestRevision", dict) or {}
            file = optional(optional(latest, "location", dict) or {}, "s3Location", dict) or {}
            return CustomPlugin(
                arn=arn,
                name=member(answer, "name", str),
                state=optional(answer, "customPluginState", str) or "",
                latest_revision=optional(latest, "revision", int),
                bucket_arn=optional(file, "bucketArn", str) or "",
                file_key=optional(file, "fileKey", str) or "",
            )

        return self._about("DescribeCustomPlugin", arn, read)

    def operations(self, connector_arn: str, window: Window) -> tuple[ConnectorOperation, ...] | Unavailable:
        """Return what was done to a connector within the window, newest first, and the newest pause before it.

        That pause tells since when a paused connector has needed no credentials.
        """

        def read(_: Any, region: str) -> tuple[ConnectorOperation, ...]:
            pages = self._pages("list_connector_operations", region, connectorArn=connector_arn)
            operations = (_operation(row) for row in rows(pages, "connectorOperations"))
            begun = sorted((o for o in operations if o.started < window.end), key=lambda o: o.started, reverse=True)
            pause = next((o for o in begun if o.paused), None)
            return tuple(o for o in begun if o is pause or (o.ended or o.started) >= window.start)

        return self._about("ListConnectorOperations", connector_arn, read)

    def _about(self, operation: str, arn: str, read: Callable[[Any, str], T]) -> T | Unavailable:
        """Read with the client of the ARN's own region."""

        def parsed() -> T:
            parts = parse_arn(arn)
            if parts is None or parts.service != "kafkaconnect" or not parts.region:
                raise MalformedAnswer("ARN")
            return read(self._clients.client("kafkaconnect", parts.region), parts.region)

        return attempt(f"kafkaconnect:{operation}", arn, parsed)

    def _pages(self, operation: str, region: str, **parameters: str) -> Any:
        return self._clients.client("kafkaconnect", region).get_paginator(operation).paginate(**parameters)


def _summary(row: Any, region: str) -> ConnectorSummary:
    return ConnectorSummary(
        name=member(row, "connectorName", str),
        arn=member(row, "connectorArn", str),
        region=region,
        state=optional(row, "connectorState", str) or "",
        role_arn=optional(row, "serviceExecutionRoleArn", str),
    )


def _operation(row: Any) -> ConnectorOperation:
    started = moment(row, "creationTime")
    if started is None:
        raise MalformedAnswer("creationTime")
    return ConnectorOperation(
        arn=optional(row, "connectorOperationArn", str) or "",
        type=optional(row, "connectorOperationType", str) or "",
        state=optional(row, "connectorOperationState", str) or "",
        started=started,
        ended=moment(row, "endTime"),
    )
