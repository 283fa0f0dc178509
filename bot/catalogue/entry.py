"""What the catalogue says about a plugin, as values.

An ``Entry`` is one plugin under all its class names. It has *accesses*, the systems it talks to, each with an ordered
list of rules of which the first that holds decides the permission path, and *clients*, the Kafka clients it opens on
its own. Settings are named by ``Key``: all spellings of one setting, the one that wins first.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from re import Pattern
from typing import TypeAlias

from bot.model import Activity, Component, PermissionPath, ReasonCode, Timing

Key: TypeAlias = tuple[str, ...]


class PluginType(StrEnum):
    """What a class is to Kafka Connect, which calls this so too; the names of the tables in a family's file."""

    CONNECTOR = "connector"
    CONVERTER = "converter"
    CONFIG_PROVIDER = "config-provider"
    SCHEMA_HISTORY = "schema-history"
    POST_PROCESSOR = "post-processor"
    TRANSFORM = "transform"

    @property
    def component(self) -> Component:
        """The component that acts for it."""
        return Component.PLUGIN if self is PluginType.CONNECTOR else Component(self.value)


class Kind(StrEnum):
    """Which way a connector moves records."""

    SOURCE = "source"
    SINK = "sink"


class Knowledge(StrEnum):
    """Where an entry's statements come from, surest first."""

    SOURCE = "source"
    DOCUMENTATION = "documentation"
    #: A public worked example of a plugin whose source is closed.
    EXAMPLE = "example"
    UNVERIFIED = "unverified"


class Inherits(StrEnum):
    """What a client of a plugin uses where its own settings say nothing."""

    #: Kafka's defaults: no authentication.
    NOTHING = "nothing"
    #: Perhaps the worker's settings; whether that works on MSK Connect is not verified.
    PERHAPS_WORKER = "perhaps-worker"


@dataclass(frozen=True, slots=True)
class Condition:
    """All parts must hold; an empty condition always holds. Values are compared without regard to case."""

    #: Every one of these is set; a blank value is not set, a ``${…}`` reference is.
    has: tuple[Key, ...] = ()
    has_any: tuple[Key, ...] = ()
    lacks: tuple[Key, ...] = ()
    equals: tuple[tuple[Key, tuple[str, ...]], ...] = ()
    #: Not set, or to none of these.
    unless: tuple[tuple[Key, tuple[str, ...]], ...] = ()
    #: Set, and to none of these.
    differs: tuple[tuple[Key, tuple[str, ...]], ...] = ()
    begins: tuple[tuple[Key, tuple[str, ...]], ...] = ()
    #: A comma-separated list with one of these among its elements.
    lists: tuple[tuple[Key, tuple[str, ...]], ...] = ()
    #: A text with one of these in it.
    contains: tuple[tuple[Key, tuple[str, ...]], ...] = ()
    #: Wholly a ``${…}`` reference, so that nothing of the value is known.
    hidden: tuple[Key, ...] = ()
    kind: Kind | None = None
    any: tuple[Condition, ...] = ()
    none: tuple[Condition, ...] = ()


ALWAYS = Condition()


@dataclass(frozen=True, slots=True)
class Rule:
    """When this holds, that is the path."""

    when: Condition
    path: PermissionPath
    reason: ReasonCode
    via: PermissionPath | None = None
    #: The setting that names the assumed role.
    role: Key = ()
    verified: bool = True


@dataclass(frozen=True, slots=True)
class Actions:
    """IAM actions that are needed when the condition holds."""

    when: Condition
    names: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Endpoint:
    """A setting that points the plugin at another endpoint than AWS's own."""

    key: Key
    when: Condition = ALWAYS
    #: Whether a host that is not AWS's may yet be a custom domain of an AWS service.
    custom_domains: bool = False


@dataclass(frozen=True, slots=True)
class Extract:
    """Names hidden inside a setting's value, as a bucket is in a URL: the pattern's named groups."""

    key: Key
    pattern: Pattern[str]


@dataclass(frozen=True, slots=True)
class Access:
    """One system that a plugin talks to."""

    activity: Activity
    component: Component
    #: IAM service prefix or the system's name; ``""`` where ``subject_key`` or ``jdbc_url`` names it.
    subject: str
    rules: tuple[Rule, ...]
    source: str
    knowledge: Knowledge
    when: Condition = ALWAYS
    #: Settings are looked up under these prefixes, the first that has one wins.
    prefixes: tuple[str, ...] = ("",)
    actions: tuple[Actions, ...] = ()
    #: ARNs with ``{partition}``, ``{region}``, ``{account}``, ``{a setting's key}`` and extracted names to fill in.
    #: ``A ?? B`` is A where all its settings are there, else B.
    resources: tuple[str, ...] = ()
    extract: tuple[Extract, ...] = ()
    #: The setting that names the region, where it may differ from the connector's.
    region: Key = ()
    #: The setting that names the account, where it may be another than that of whoever acts.
    account: Key = ()
    timing: tuple[Timing, ...] = (Timing.CONTINUOUSLY,)
    endpoints: tuple[Endpoint, ...] = ()
    #: Why an AWS service has no ``endpoints``.
    no_endpoints: str = ""
    #: The setting whose value is the service prefix, as a SigV4 signing name is.
    subject_key: Key = ()
    #: The JDBC URL that names the database.
    jdbc_url: Key = ()


@dataclass(frozen=True, slots=True)
class Client:
    """A Kafka client that a plugin opens on its own, apart from the framework's."""

    component: Component
    #: Prefixes of its settings, a later one overriding an earlier one.
    layers: tuple[str, ...]
    actions: tuple[str, ...]
    source: str
    knowledge: Knowledge
    when: Condition = ALWAYS
    inherits: Inherits = Inherits.NOTHING
    bootstrap: Key = ()
    #: Topics, consumer groups and transactional ids: names or patterns, settings in braces.
    topics: tuple[str, ...] = ()
    groups: tuple[str, ...] = ()
    transactional_ids: tuple[str, ...] = ()
    #: Settings that are built in, below those of the layers.
    built_in: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class Entry:
    """One plugin, as the catalogue knows it."""

    plugin_type: PluginType
    family: str
    classes: tuple[str, ...]
    #: Packages, each with its last dot: every class below belongs to the entry.
    packages: tuple[str, ...]
    source: str
    knowledge: Knowledge
    kind: Kind | None = None
    access: tuple[Access, ...] = ()
    clients: tuple[Client, ...] = ()
    #: Settings it cannot do without; they tell it from others of the same short name.
    needs: tuple[Key, ...] = ()
    #: Topics a source connector writes: names or patterns, settings in braces.
    topics: tuple[str, ...] = ()
    #: Prefixes of Kafka client settings that it is known to leave alone, so that they are no client nobody knows.
    ignores: tuple[str, ...] = ()
    #: Whether it keeps a schema history, as Debezium's relational connectors do.
    schema_history: bool = False
    #: Whether it is a deployer's own entry.
    own: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """One file of the catalogue."""

    name: str
    title: str
    source: str
    entries: tuple[Entry, ...] = field(default=())
    own: bool = False
