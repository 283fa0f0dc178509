"""Config providers: counted only where the connector's configuration refers to them.

An alias is arbitrary; the worker configuration says which class is behind it.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from enum import Enum, auto
from urllib.parse import unquote

from bot.catalogue import Catalogue
from bot.catalogue.entry import Entry, PluginType
from bot.classify.access import access_finding
from bot.classify.connector import shown_class, unknown_class, worker_properties_of
from bot.classify.reference import Reference, references
from bot.classify.resources import split
from bot.classify.scope import Scope
from bot.model import (
    Component,
    Evidence,
    Finding,
    Properties,
    ReasonCode,
    Timing,
)

_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-config-provider.html"
# Variables of plugins' own file name templates, which Kafka Connect leaves alone unless a provider has that alias.
_TEMPLATE_VARIABLES = frozenset({"topic", "partition", "start_offset", "timestamp", "key"})
# Functions of Camel's Simple language, which Camel's connectors resolve by themselves.
_SIMPLE = frozenset(
    {
        "bean",
        "body",
        "bodyas",
        "date",
        "date-with-timezone",
        "env",
        "exchange",
        "exchangeid",
        "exchangeproperty",
        "file",
        "hash",
        "header",
        "headeras",
        "headers",
        "id",
        "iif",
        "jq",
        "jsonpath",
        "messageas",
        "properties",
        "propertiesexist",
        "property",
        "random",
        "ref",
        "replace",
        "routeid",
        "substring",
        "sys",
        "sysenv",
        "threadname",
        "type",
        "uuid",
        "variable",
        "variables",
        "xpath",
    }
)
_TIMING = (Timing.CREATION, Timing.RESTART, Timing.FAILOVER, Timing.UPDATE)


class Resolution(Enum):
    """What is behind an alias."""

    KNOWN = auto()
    #: The worker configuration could not be read.
    WORKER_MISSING = auto()
    #: The worker defines no such provider; Kafka Connect then leaves the text as it is.
    UNDEFINED = auto()
    #: The worker names a class that is not in the catalogue.
    UNKNOWN_CLASS = auto()
    #: The connector's own configuration defines it, and the worker does not.
    MISPLACED = auto()


@dataclass(frozen=True, slots=True)
class Usage:
    """One provider that the configuration refers to, and from where."""

    alias: str
    resolution: Resolution
    #: Keys of the connector's configuration that hold the references.
    keys: tuple[str, ...]
    references: tuple[Reference, ...]
    class_name: str = ""
    entry: Entry | None = None


def usages(evidence: Evidence, catalogue: Catalogue) -> Iterator[Usage]:
    """Yield each provider the configuration refers to, by alias."""
    found: dict[str, list[tuple[str, Reference]]] = {}
    for key, value in evidence.connector.configuration.items():
        for reference in references(value):
            found.setdefault(reference.provider, []).append((key, reference))
    worker = worker_properties_of(evidence)
    configuration = evidence.connector.configuration
    for alias, uses in found.items():
        resolution, class_name, entry = _resolve(alias, worker, catalogue)
        if resolution is Resolution.UNDEFINED and alias in misplaced_aliases(evidence):
            resolution, (class_name, entry) = Resolution.MISPLACED, _defined(alias, configuration, catalogue)
        is_provider = bool(class_name) or resolution is Resolution.MISPLACED
        meant = [(key, reference) for key, reference in uses if is_provider or not _is_template(alias, key)]
        if not meant:
            continue
        yield Usage(
            alias,
            resolution,
            tuple(dict.fromkeys(key for key, _ in meant)),
            tuple(dict.fromkeys(reference for _, reference in meant)),
            class_name,
            entry,
        )


def findings(evidence: Evidence, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what each referenced provider needs."""
    worker = worker_properties_of(evidence) or Properties()
    for usage in usages(evidence, catalogue):
        if usage.resolution in (Resolution.WORKER_MISSING, Resolution.UNKNOWN_CLASS):
            yield _unresolved(usage, ReasonCode.CONFIG_PROVIDER_UNRESOLVED)
        if usage.resolution is Resolution.MISPLACED:
            if usage.entry is None or usage.entry.access:
                yield _unresolved(usage, ReasonCode.CONFIG_PROVIDER_MISPLACED)
            continue
        for access in usage.entry.access if usage.entry else ():
            prefix = f"config.providers.{usage.alias}."
            scope = Scope({**worker, **_named(usage, prefix)}, (f"{prefix}param.", prefix))
            finding = access_finding(access, scope, evidence.connector, (*usage.keys, f"{prefix}class"))
            if finding:
                yield finding


def misplaced_aliases(evidence: Evidence) -> tuple[str, ...]:
    """Return the aliases that the connector's configuration defines and the worker, as it was read, does not."""
    worker = worker_properties_of(evidence)
    if worker is None:
        return ()
    here = split(evidence.connector.configuration.get("config.providers", ""))
    there = split(worker.get("config.providers", ""))
    return tuple(alias for alias in here if alias not in there)


def _is_template(alias: str, key: str) -> bool:
    """Whether ``${alias:…}`` is the plugin's own template there, unless the worker has a provider of that name."""
    return alias in _TEMPLATE_VARIABLES or (key.startswith("camel.") and alias.lower() in _SIMPLE)


def _defined(alias: str, properties: Mapping[str, str], catalogue: Catalogue) -> tuple[str, Entry | None]:
    class_name = properties.get(f"config.providers.{alias}.class", "").strip()
    return class_name, catalogue.find(PluginType.CONFIG_PROVIDER, class_name)


def _resolve(
    alias: str, worker: Mapping[str, str] | None, catalogue: Catalogue
) -> tuple[Resolution, str, Entry | None]:
    if worker is None:
        return Resolution.WORKER_MISSING, "", None
    class_name, entry = _defined(alias, worker, catalogue)
    if not class_name or alias not in split(worker.get("config.providers", "")):
        return Resolution.UNDEFINED, "", None
    return Resolution.KNOWN if entry else Resolution.UNKNOWN_CLASS, class_name, entry


def _named(usage: Usage, prefix: str) -> dict[str, str]:
    """Return what the references name, as settings that the catalogue's resources can use."""
    paths = {unquote(reference.path) for reference in usage.references}
    names = {unquote(reference.key).partition("?")[0] for reference in usage.references}
    return {
        f"{prefix}reference.paths": ",".join(
            sorted(path for path in paths if ":" not in path or path.startswith("arn:"))
        ),
        f"{prefix}reference.keys": ",".join(sorted(names)),
    }


def _unresolved(usage: Usage, code: ReasonCode) -> Finding:
    return unknown_class(
        Component.CONFIG_PROVIDER,
        code,
        {"alias": usage.alias, "class": shown_class(usage.class_name)},
        _GUIDE,
        *usage.keys,
        timing=_TIMING,
    )
