"""Converters for keys, values and headers: the connector's own, or the worker's where the connector names none.

A converter takes its settings from where it is named: Kafka Connect looks a connector's converter up in the connector's
configuration and falls back to the worker's as a whole.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.catalogue import Catalogue
from bot.catalogue.entry import PluginType
from bot.classify.access import access_finding
from bot.classify.connector import entry_of, kind_of, shown_class, unknown_class, worker_properties_of
from bot.classify.scope import Scope
from bot.model import (
    Component,
    Evidence,
    Finding,
    ReasonCode,
)

_CONVERTERS = ("key.converter", "value.converter", "header.converter")
_GUIDE = "https://kafka.apache.org/documentation/#connectconfigs_key.converter"


def findings(evidence: Evidence, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what each converter in effect talks to."""
    connector = evidence.connector
    kind = kind_of(connector, entry_of(connector, catalogue))
    for key in _CONVERTERS:
        settings = _settings(key, evidence)
        class_name = settings.get(key, "").strip()
        entry = catalogue.find(PluginType.CONVERTER, class_name)
        scope = Scope(settings, (f"{key}.",), kind)
        for access in entry.access if entry else ():
            finding = access_finding(access, scope, connector, (key,))
            if finding:
                yield finding
        if class_name and not entry:
            yield unknown_class(
                Component.CONVERTER,
                ReasonCode.CONVERTER_CLASS_UNKNOWN,
                {"class": shown_class(class_name), "key": key},
                _GUIDE,
                key,
            )


def _settings(key: str, evidence: Evidence) -> Mapping[str, str]:
    configuration = evidence.connector.configuration
    if configuration.get(key, "").strip():
        return configuration
    return worker_properties_of(evidence) or {}
