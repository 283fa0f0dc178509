"""What the rules ask of a connector again and again: its class, its kind, its settings."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.catalogue import Catalogue
from bot.catalogue.entry import Entry, Kind, PluginType
from bot.classify import camel
from bot.classify.scope import Scope
from bot.model import (
    Activity,
    Basis,
    Component,
    Connector,
    Datum,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Finding,
    PermissionPath,
    Properties,
    ReasonCode,
    Timing,
    WorkerConfiguration,
    reason,
)

CLASS = "connector.class"
_CLASS_NAME = re.compile(r"[A-Za-z_$][\w$.]{0,200}")


def class_of(connector: Connector) -> str:
    """Return the connector's class as configured; empty where it has none."""
    return connector.configuration.get(CLASS, "").strip()


def shown_class(name: str) -> str:
    """Return a class name fit to be shown; empty for what cannot be one, so that no stray value is ever shown."""
    return name if _CLASS_NAME.fullmatch(name) else ""


def entry_of(connector: Connector, catalogue: Catalogue) -> Entry | None:
    """Return the catalogue's entry for the connector's class, or None."""
    name = camel.component_class(connector.configuration) or class_of(connector)
    return catalogue.find(PluginType.CONNECTOR, name, connector.configuration)


def kind_of(connector: Connector, entry: Entry | None) -> Kind:
    """Return the way the connector moves records.

    An entry says so of the classes it lists. Of any other class its name tells, or else the topics: most sources do not
    name theirs as sinks must.
    """
    name = class_of(connector)
    if entry and entry.kind and name in entry.classes:
        return entry.kind
    if name.endswith("SinkConnector"):
        return Kind.SINK
    if name.endswith("SourceConnector"):
        return Kind.SOURCE
    if entry and entry.kind:
        return entry.kind
    reads = any(connector.configuration.get(key, "").strip() for key in ("topics", "topics.regex"))
    return Kind.SINK if reads else Kind.SOURCE


def scope_of(connector: Connector, entry: Entry | None) -> Scope:
    """Return the connector's configuration as the catalogue's conditions see it."""
    parameters = camel.parameters(connector.configuration)
    properties = {**connector.configuration, **parameters} if parameters else connector.configuration
    inside = dict.fromkeys(parameters, camel.url_key(connector.configuration))
    return Scope(properties, kind=kind_of(connector, entry), inside=inside)


def worker_properties_of(evidence: Evidence) -> Properties | None:
    """Return the worker's properties: empty for MSK Connect's default worker, None where they could not be read."""
    configuration = evidence.worker_configuration
    if isinstance(configuration, WorkerConfiguration):
        return configuration.properties
    if evidence.connector.worker_configuration is None and configuration is None:
        return Properties()
    return None


def principal_of(connector: Connector, path: PermissionPath, assumed_role: str | None = None) -> str | None:
    """Return the ARN of the role that acts, where one does and it is known."""
    return (connector.role_arn or None) if path is PermissionPath.EXECUTION_ROLE else assumed_role


def keys(*names: str) -> tuple[EvidenceRef, ...]:
    """Return references to configuration keys, each once, in order."""
    return tuple(EvidenceRef(EvidenceKind.KEY, name) for name in dict.fromkeys(names))


def unknown_class(
    component: Component,
    code: ReasonCode,
    data: Mapping[str, Datum],
    source: str,
    *decided_by: str,
    timing: tuple[Timing, ...] = (Timing.CONTINUOUSLY,),
) -> Finding:
    """Return what may be said of a class that nobody knows: that it may talk to AWS, and by which keys it is there."""
    return Finding(
        activity=Activity.AWS_ACCESS,
        component=component,
        subject="unknown",
        path=PermissionPath.UNKNOWN,
        basis=Basis.UNKNOWN,
        reason=reason(code, **data),
        source=source,
        timing=timing,
        evidence=keys(*decided_by),
    )
