"""Classes that a configuration adds to a plugin: transformations, predicates, post-processors, converters of types.

Each list names its members, and each member its class under ``<prefix><member>.type``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.catalogue.entry import PluginType
from bot.classify.access import access_finding
from bot.classify.connector import shown_class, unknown_class
from bot.classify.resources import split
from bot.classify.scope import Scope
from bot.model import (
    Component,
    Connector,
    Evidence,
    Finding,
    ReasonCode,
)


@dataclass(frozen=True, slots=True)
class _List:
    #: The setting that lists the members.
    key: str
    prefix: str
    plugin_type: PluginType
    source: str


_LISTS = (
    _List(
        "transforms", "transforms.", PluginType.TRANSFORM, "https://kafka.apache.org/documentation/#connect_transforms"
    ),
    _List(
        "predicates", "predicates.", PluginType.TRANSFORM, "https://kafka.apache.org/documentation/#connect_predicates"
    ),
    _List(
        "post.processors",
        "post.processors.",
        PluginType.POST_PROCESSOR,
        "https://debezium.io/documentation/reference/stable/post-processors/index.html",
    ),
    # Debezium's converters of column types.
    _List(
        "converters",
        "",
        PluginType.CONVERTER,
        "https://debezium.io/documentation/reference/stable/development/converters.html",
    ),
)


def findings(evidence: Evidence, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what each of these classes talks to; for a class that nobody knows, one finding that says so."""
    for listed in _LISTS:
        for member in split(evidence.connector.configuration.get(listed.key, "")):
            yield from _member(listed, f"{listed.prefix}{member}.", evidence.connector, catalogue)


def _member(listed: _List, prefix: str, connector: Connector, catalogue: Catalogue) -> Iterator[Finding]:
    key = f"{prefix}type"
    class_name = connector.configuration.get(key, "").strip()
    # Kafka Connect's own have a class for keys and one for values inside them: InsertField$Value.
    entry = catalogue.find(listed.plugin_type, class_name.partition("$")[0])
    if class_name and entry is None:
        yield unknown_class(
            Component(listed.plugin_type.value),
            ReasonCode.EXTENSION_CLASS_UNKNOWN,
            {"class": shown_class(class_name), "keys": (key,)},
            listed.source,
            key,
        )
    for access in entry.access if entry else ():
        finding = access_finding(access, Scope(connector.configuration, (prefix,)), connector, (key,))
        if finding:
            yield finding
