"""Parsing of MSK Connect's answers into the bot's nouns. Pure: dictionaries and text in, values out.

Only what identifies a connector is required of an answer. Every other field may be missing, as AWS documents them as
optional, but a field that is there must have its documented type: a wrong one raises ``MalformedAnswer``, which names
the field and never quotes a value, since configurations hold secrets.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, TypeVar

import javaproperties

from bot.arn import connector_name, part_of
from bot.model import S3, CloudWatchLogs, Connector, Firehose, LogDestination, Properties, RevisionRef

T = TypeVar("T")


@dataclass(eq=False)
class MalformedAnswer(ValueError):  # noqa: N818 - says what happened, as the other errors of the bot do
    """An answer without the documented shape. ``where`` is the path of the field, such as ``connectorConfiguration``.

    Not frozen: Python itself sets ``__traceback__`` on exceptions in flight.
    """

    where: str

    def __str__(self) -> str:
        return f"not as documented: {self.where}"


def connector_from(description: Mapping[str, Any], region: str = "") -> Connector:
    """Return the connector that a DescribeConnector answer describes, from boto3 or as the AWS CLI prints it.

    ``region`` is the one asked; empty means the ARN's. Raises ``MalformedAnswer`` for anything but such an answer.
    """
    if not isinstance(description, Mapping):
        raise MalformedAnswer("the answer")
    arn = _text(description, "connectorArn")
    name = _text(description, "connectorName")
    if not arn and not name:
        raise MalformedAnswer("connectorArn")
    return Connector(
        name=name or connector_name(arn) or "",
        arn=arn,
        region=region or part_of(arn, "region"),
        state=_text(description, "connectorState"),
        role_arn=_text(description, "serviceExecutionRoleArn"),
        authentication_type=_text(_table(description, "kafkaClusterClientAuthentication"), "authenticationType"),
        configuration=_configuration(description),
        bootstrap_servers=_text(_table(_table(description, "kafkaCluster"), "apacheKafkaCluster"), "bootstrapServers"),
        created=_time(description, "creationTime"),
        log_destinations=_log_destinations(_table(_table(description, "logDelivery"), "workerLogDelivery")),
        plugins=tuple(
            _revision(_table(plugin, "customPlugin"), "customPluginArn") for plugin in _tables(description, "plugins")
        ),
        worker_configuration=_worker_configuration(description),
        state_code=_text(_table(description, "stateDescription"), "code"),
    )


def worker_properties(text: str) -> Properties:
    """Return the properties of a worker configuration, in the syntax of Java's ``Properties.load``.

    Raises ``MalformedAnswer`` where Java would refuse the text.
    """
    try:
        return Properties(javaproperties.loads(text))
    except ValueError as error:
        raise MalformedAnswer("propertiesFileContent") from error


def _field(table: Mapping[str, Any], key: str, kind: type[T], default: T) -> T:
    value = table.get(key)
    if value is None:
        return default
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise MalformedAnswer(key)
    return value


def _text(table: Mapping[str, Any], key: str) -> str:
    return _field(table, key, str, "")


def _table(table: Mapping[str, Any], key: str) -> Mapping[str, Any]:
    return _field(table, key, dict, {})


def _tables(table: Mapping[str, Any], key: str) -> list[Mapping[str, Any]]:
    rows: list[Mapping[str, Any]] = _field(table, key, list, [])
    if not all(isinstance(row, dict) for row in rows):
        raise MalformedAnswer(key)
    return rows


def _configuration(description: Mapping[str, Any]) -> Properties:
    configuration = _table(description, "connectorConfiguration")
    if not all(isinstance(key, str) for key in configuration):
        raise MalformedAnswer("connectorConfiguration")
    return Properties({key: _text(configuration, key) for key in configuration})


def _time(table: Mapping[str, Any], key: str) -> datetime | None:
    """Read a time as boto3 gives it (datetime), or as the AWS CLI prints it (ISO 8601, or epoch seconds)."""
    value = table.get(key)
    if value is None:
        return None
    try:
        if isinstance(value, str):
            value = datetime.fromisoformat(value)
        elif isinstance(value, int | float) and not isinstance(value, bool):
            value = datetime.fromtimestamp(value, UTC)
    except (ValueError, OverflowError, OSError) as error:
        raise MalformedAnswer(key) from error
    if not isinstance(value, datetime):
        raise MalformedAnswer(key)
    return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


def _log_destinations(delivery: Mapping[str, Any]) -> tuple[LogDestination, ...]:
    logs, s3, firehose = (_table(delivery, name) for name in ("cloudWatchLogs", "s3", "firehose"))
    destinations: list[LogDestination] = []
    if _field(logs, "enabled", bool, False):
        destinations.append(CloudWatchLogs(_text(logs, "logGroup")))
    if _field(s3, "enabled", bool, False):
        destinations.append(S3(_text(s3, "bucket"), _text(s3, "prefix")))
    if _field(firehose, "enabled", bool, False):
        destinations.append(Firehose(_text(firehose, "deliveryStream")))
    return tuple(destinations)


def _revision(table: Mapping[str, Any], arn_key: str) -> RevisionRef:
    revision: int | None = _field(table, "revision", int, 0) or None
    return RevisionRef(_text(table, arn_key), revision)


def _worker_configuration(description: Mapping[str, Any]) -> RevisionRef | None:
    named = _table(description, "workerConfiguration")
    return _revision(named, "workerConfigurationArn") if named else None
