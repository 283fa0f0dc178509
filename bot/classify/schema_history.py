"""Debezium's schema history: what its relational connectors remember of the tables, in Kafka or elsewhere.

Debezium 2.0 renamed the settings; a connector reads those of its own generation only. ``topic.prefix`` exists since 2.0
and replaced ``database.server.name``, which tells the generations apart.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.catalogue.entry import Client, Entry, Knowledge, PluginType
from bot.classify.access import access_finding
from bot.classify.connector import entry_of, scope_of, shown_class, unknown_class
from bot.classify.scope import Scope
from bot.model import (
    Component,
    Evidence,
    Finding,
    ReasonCode,
)

_KAFKA_STORAGE = (
    "https://github.com/debezium/debezium/blob/aad55199/debezium-storage/debezium-storage-kafka/src/main/java/"
    "io/debezium/storage/kafka/history/KafkaSchemaHistory.java"
)
_KAFKA_CLASSES = frozenset(
    {
        "io.debezium.storage.kafka.history.KafkaSchemaHistory",
        "io.debezium.relational.history.KafkaDatabaseHistory",
    }
)
_ACTIONS = (
    "kafka-cluster:Connect",
    "kafka-cluster:DescribeCluster",
    "kafka-cluster:CreateTopic",
    "kafka-cluster:DescribeTopic",
    "kafka-cluster:DescribeTopicDynamicConfiguration",
    "kafka-cluster:ReadData",
    "kafka-cluster:WriteData",
    "kafka-cluster:AlterGroup",
    "kafka-cluster:DescribeGroup",
)


@dataclass(frozen=True, slots=True)
class Generation:
    """The names of one generation's settings."""

    #: The setting that names the storage class.
    storage: str
    prefix: str
    #: The consumer's group.
    group: str


SINCE_2 = Generation(
    "schema.history.internal",
    "schema.history.internal.",
    "{schema.history.internal.consumer.group.id} ?? {topic.prefix|database.server.name}-schemahistory"
    " ?? *-schemahistory",
)
BEFORE_2 = Generation(
    "database.history",
    "database.history.",
    "{database.history.consumer.group.id} ?? {database.server.name|topic.prefix}-dbhistory ?? *-dbhistory",
)


def generation(scope: Scope) -> Generation | None:
    """Return the generation that is read, or None where there are no history settings of it."""
    present = [g for g in (SINCE_2, BEFORE_2) if any(key.startswith(g.storage) for key in scope.properties)]
    prefix, server_name = scope.find(("topic.prefix",)), scope.find(("database.server.name",))
    if len(present) == 2:
        return BEFORE_2 if server_name and not prefix else SINCE_2
    if present == [BEFORE_2] and prefix and not server_name:
        return None
    return present[0] if present else None


def clients(entry: Entry, scope: Scope) -> Iterator[Client]:
    """Yield the producer and the consumer of a schema history that is kept in Kafka."""
    settings = generation(scope) if entry.schema_history else None
    if settings is None or not _is_kept_in_kafka(scope.value((settings.storage,))):
        return
    for client in ("producer.", "consumer."):
        yield Client(
            component=Component.SCHEMA_HISTORY,
            layers=(settings.prefix + client,),
            actions=_ACTIONS,
            source=_KAFKA_STORAGE,
            knowledge=Knowledge.SOURCE,
            bootstrap=(f"{settings.prefix}kafka.bootstrap.servers",),
            topics=(f"{{{settings.prefix}kafka.topic}}",),
            groups=(settings.group,),
        )


def findings(evidence: Evidence, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what a schema history that is kept elsewhere needs."""
    connector = evidence.connector
    entry = entry_of(connector, catalogue)
    scope = scope_of(connector, entry)
    settings = generation(scope) if entry and entry.schema_history else None
    class_name = scope.value((settings.storage,)) if settings else ""
    if not settings or not class_name:
        return
    storage = catalogue.find(PluginType.SCHEMA_HISTORY, class_name)
    if storage is None:
        yield _unknown(class_name, settings)
        return
    for access in storage.access:
        finding = access_finding(access, scope.narrowed((settings.prefix,)), connector, (settings.storage,))
        if finding:
            yield finding


def _unknown(class_name: str, settings: Generation) -> Finding:
    return unknown_class(
        Component.SCHEMA_HISTORY,
        ReasonCode.SCHEMA_HISTORY_CLASS_UNKNOWN,
        {"class": shown_class(class_name)},
        _KAFKA_STORAGE,
        settings.storage,
    )


def _is_kept_in_kafka(storage_class: str) -> bool:
    return not storage_class or storage_class in _KAFKA_CLASSES


def prefixes() -> set[str]:
    """Return the prefixes of the history's clients, of either generation, and those above them, which nobody reads."""
    return {g.prefix + client for g in (SINCE_2, BEFORE_2) for client in ("", "producer.", "consumer.")}


def inert_prefixes(entry: Entry, scope: Scope) -> list[str]:
    """Return the prefixes of history clients that the connector does not read."""
    settings = generation(scope) if entry.schema_history else None
    read = settings.prefix if settings and _is_kept_in_kafka(scope.value((settings.storage,))) else ""
    return [g.prefix + client for g in (SINCE_2, BEFORE_2) if g.prefix != read for client in ("producer.", "consumer.")]
