"""Kafka clients one by one: the worker's own, those that move the records, and those a plugin opens by itself."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.catalogue.entry import Client, Entry, Inherits, Kind, Knowledge
from bot.classify import inert, schema_history
from bot.classify.access import assumed, assuming
from bot.classify.authentication import SETTINGS, Authentication, Base, ClientSettings, authenticate
from bot.classify.connector import entry_of, keys, kind_of, principal_of, scope_of, worker_properties_of
from bot.classify.reference import has_reference
from bot.classify.resources import KafkaArns, fill, split
from bot.classify.scope import Scope, Setting, holds
from bot.model import (
    Activity,
    Basis,
    Component,
    Connector,
    Evidence,
    Finding,
    PermissionPath,
    Properties,
    Reason,
    ReasonCode,
    Timing,
)

_ROLE_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html"
_OVERRIDES = "https://cwiki.apache.org/confluence/display/KAFKA/KIP-458%3A+Connector+Client+Config+Override+Policy"

_EXACTLY_ONCE = (
    "https://cwiki.apache.org/confluence/display/KAFKA/KIP-618%3A+Exactly-Once+Support+for+Source+Connectors"
)

_CLUSTER = ("kafka-cluster:Connect", "kafka-cluster:DescribeCluster")
_READ = ("kafka-cluster:DescribeTopic", "kafka-cluster:ReadData")
_WRITE = ("kafka-cluster:DescribeTopic", "kafka-cluster:WriteData")
_CREATE = "kafka-cluster:CreateTopic"
_GROUP = ("kafka-cluster:AlterGroup", "kafka-cluster:DescribeGroup")
_TRANSACTIONS = (
    "kafka-cluster:WriteDataIdempotently",
    "kafka-cluster:DescribeTransactionalId",
    "kafka-cluster:AlterTransactionalId",
)
_INTERNAL = "__amazon_msk_connect_*"
# Kafka Connect's and Debezium's transformations that leave the topic as it is.
_KEEPS_TOPIC = re.compile(
    r"org\.apache\.kafka\.connect\.transforms\.(?!.*(?:Router|ExtractTopic)).*"
    r"|io\.debezium\.transforms\.(?!.*(?:Router|outbox)).*"
)
_DEAD_LETTERS = "errors.deadletterqueue.topic.name"


@dataclass(frozen=True, slots=True)
class KafkaClient:
    """One Kafka client of a connector, with how it authenticates and what it needs where that is IAM."""

    component: Component
    authentication: Authentication
    source: str
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    #: Keys besides those that decided the authentication.
    evidence: tuple[str, ...] = ()
    verified: bool = True


def findings(evidence: Evidence, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield one ``kafka-auth`` finding for each client."""
    for client in clients(evidence, catalogue):
        yield _finding(client, evidence.connector)


def clients(evidence: Evidence, catalogue: Catalogue) -> Iterator[KafkaClient]:
    """Yield every Kafka client of the connector."""
    entry = entry_of(evidence.connector, catalogue)
    yield from _framework(evidence, entry)
    if entry:
        scope = scope_of(evidence.connector, entry)
        for client in (*entry.clients, *schema_history.clients(entry, scope)):
            if holds(client.when, scope):
                yield _own_client(client, evidence.connector, scope)
    yield from _not_known(evidence.connector, entry)


def _not_known(connector: Connector, entry: Entry | None) -> Iterator[KafkaClient]:
    """Yield a client for each prefix with a login of its own that no known client reads, and that may well be read."""
    for prefix, names in inert.strange_logins(connector, entry).items():
        told = Reason(ReasonCode.CLIENT_NOT_KNOWN, {"keys": names, "prefix": prefix})
        authentication = Authentication(PermissionPath.UNKNOWN, Basis.UNKNOWN, told, names)
        yield KafkaClient(Component.PLUGIN, authentication, _OVERRIDES)


def base_of(connector: Connector) -> Base:
    """Return what the worker's clients authenticate with."""
    return {"IAM": Base.IAM, "NONE": Base.NONE}.get(connector.authentication_type, Base.UNKNOWN_TYPE)


def settings(scope: Scope, *layers: str) -> ClientSettings:
    """Return the authentication settings found under prefixes, a later prefix overriding an earlier one."""
    found: dict[str, Setting] = {}
    for name in SETTINGS:
        for layer in layers:
            setting = scope.find((layer + name,))
            if setting:
                found[name] = setting
    return found


def _framework(evidence: Evidence, entry: Entry | None) -> Iterator[KafkaClient]:
    connector = evidence.connector
    scope, base = scope_of(connector, entry), base_of(connector)
    yield _worker(KafkaArns(connector), base)
    if kind_of(connector, entry) is Kind.SINK:
        yield _reader(connector, scope, base)
        yield from _dead_letters(connector, scope, base)
    else:
        yield _writer(evidence, entry, scope, base)
        yield from _besides_writer(evidence, scope, base)


def _dead_letters(connector: Connector, scope: Scope, base: Base) -> Iterator[KafkaClient]:
    """Yield the producer of a sink's dead-letter queue, and the admin client that creates it where it is overridden."""
    queue = scope.value((_DEAD_LETTERS,))
    if not queue:
        return
    arns = KafkaArns(connector)
    resources = (arns.cluster, *arns.topics(split(queue)))
    admin = settings(scope, "admin.override.")
    for own in (settings(scope, "producer.override."), *([admin] if admin else [])):
        yield KafkaClient(
            Component.DEAD_LETTER_QUEUE,
            authenticate(own, base),
            _OVERRIDES,
            (*_CLUSTER, *_WRITE, _CREATE),
            resources,
            (_DEAD_LETTERS,),
        )


def _besides_writer(evidence: Evidence, scope: Scope, base: Base) -> Iterator[KafkaClient]:
    """Yield a source's further clients where they are overridden: who reads its own offsets, who creates its topics."""
    cluster = (KafkaArns(evidence.connector).cluster,)
    keeps_offsets = _exactly_once(evidence, scope) or scope.find(("offsets.storage.topic",)) is not None
    if keeps_offsets and (own := settings(scope, "consumer.override.")):
        yield KafkaClient(Component.RECORDS, authenticate(own, base), _EXACTLY_ONCE, (*_CLUSTER, *_READ), cluster)
    if _creates_topics(scope) and (own := settings(scope, "admin.override.")):
        yield KafkaClient(Component.RECORDS, authenticate(own, base), _OVERRIDES, (*_CLUSTER, _CREATE), cluster)


def _worker(arns: KafkaArns, base: Base) -> KafkaClient:
    return KafkaClient(
        Component.WORKER,
        authenticate({}, base),
        _ROLE_GUIDE,
        (*_CLUSTER, _CREATE, *_WRITE, *_READ, *_GROUP),
        (arns.cluster, *arns.topics([_INTERNAL]), *arns.groups([_INTERNAL, "connect-*"])),
    )


def _reader(connector: Connector, scope: Scope, base: Base) -> KafkaClient:
    prefix = "consumer.override."
    arns = KafkaArns(connector, scope.value((f"{prefix}bootstrap.servers",)))
    group = scope.value((f"{prefix}group.id",)) or f"connect-{connector.name}"
    names = [topic for topic in split(scope.value(("topics",))) if not has_reference(topic)]
    return KafkaClient(
        Component.RECORDS,
        authenticate(settings(scope, prefix), base),
        _ROLE_GUIDE,
        (*_CLUSTER, *_READ, *_GROUP),
        (arns.cluster, *arns.topics(names or ["*"]), *arns.groups([group])),
    )


def _writer(evidence: Evidence, entry: Entry | None, scope: Scope, base: Base) -> KafkaClient:
    prefix = "producer.override."
    arns = KafkaArns(evidence.connector, scope.value((f"{prefix}bootstrap.servers",)))
    names = tuple(_filled(entry.topics, scope, evidence.connector)) if entry and not _renames_topics(scope) else ()
    actions = [*_CLUSTER, *_WRITE]
    resources = [arns.cluster, *arns.topics(names or ["*"])]
    if _creates_topics(scope):
        actions.append(_CREATE)
    if _exactly_once(evidence, scope):
        actions += _TRANSACTIONS
        resources += arns.transactional_ids([scope.value((f"{prefix}transactional.id",)) or "*"])
    return KafkaClient(
        Component.RECORDS, authenticate(settings(scope, prefix), base), _ROLE_GUIDE, tuple(actions), tuple(resources)
    )


def _creates_topics(scope: Scope) -> bool:
    return any(key.startswith("topic.creation.") for key in scope.properties)


def _renames_topics(scope: Scope) -> bool:
    """Whether a transformation may send records to other topics: a router does, and so may a class nobody knows."""
    types = (scope.value((f"transforms.{name}.type",)) for name in split(scope.value(("transforms",))))
    return any(_KEEPS_TOPIC.fullmatch(class_name) is None for class_name in types)


def _exactly_once(evidence: Evidence, scope: Scope) -> bool:
    worker = worker_properties_of(evidence) or Properties()
    return (
        scope.value(("exactly.once.support",)).lower() == "required"
        or scope.find(("producer.override.transactional.id",)) is not None
        or scope.find(("transaction.boundary",)) is not None
        or worker.get("exactly.once.source.support", "").strip().lower() == "enabled"
    )


def _own_client(client: Client, connector: Connector, scope: Scope) -> KafkaClient:
    arns = KafkaArns(connector, scope.value(client.bootstrap))
    bootstrap = scope.find(client.bootstrap)
    return KafkaClient(
        client.component,
        authenticate(_built_in(client) | dict(settings(scope, *client.layers)), _own_base(client, connector)),
        client.source,
        client.actions,
        (
            arns.cluster,
            *arns.topics(_filled(client.topics, scope, connector)),
            *arns.groups(_filled(client.groups, scope, connector)),
            *arns.transactional_ids(_filled(client.transactional_ids, scope, connector)),
        ),
        (bootstrap.name,) if bootstrap else (),
        client.knowledge is not Knowledge.UNVERIFIED,
    )


def _built_in(client: Client) -> dict[str, Setting]:
    # What stands in the plugin's code has no key that could be named.
    return {name: Setting("", value) for name, value in client.built_in}


def _own_base(client: Client, connector: Connector) -> Base:
    if client.inherits is Inherits.NOTHING or base_of(connector) is Base.NONE:
        return Base.NOTHING
    return Base.UNCERTAIN


def _filled(templates: tuple[str, ...], scope: Scope, connector: Connector) -> Iterator[str]:
    def lookup(name: str) -> tuple[str, ...]:
        return (connector.name,) if name == "connector-name" else split(scope.value(tuple(name.split("|"))))

    for template in templates:
        yield from fill(template, lookup)


def _finding(client: KafkaClient, connector: Connector) -> Finding:
    authentication = client.authentication
    path, needs_iam = authentication.path, authentication.path is not PermissionPath.NO_IAM
    surely = client.verified or path is PermissionPath.UNKNOWN
    return Finding(
        activity=Activity.KAFKA_AUTH,
        component=client.component,
        subject="kafka",
        path=path,
        via=authentication.via,
        basis=authentication.basis if surely else Basis.DOCUMENTED,
        reason=authentication.reason if surely else Reason(ReasonCode.UNVERIFIED_CLAIM, authentication.reason.data),
        source=client.source,
        principal=principal_of(connector, path, authentication.role_arn),
        actions=tuple(dict.fromkeys((*client.actions, *assuming(authentication.via)))) if needs_iam else (),
        resources=(*client.resources, *assumed(authentication.via, authentication.role_arn)) if needs_iam else (),
        timing=(Timing.CONTINUOUSLY,),
        evidence=keys(*authentication.decided_by, *client.evidence),
    )
