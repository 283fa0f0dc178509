"""Converters for keys, values and headers: the connector's own, or the worker's where the connector names none.

A converter takes its settings from where it is named: Kafka Connect looks a connector's converter up in the connector's
configuration and falls back to the worker's as a whole.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from bot.catalogue import Catalogue
from bot.catalogue.entry import PluginType
from bot.classify.access import access_finding
from bot.classify.connector import entry_of, keys, kind_of, shown_class, worker_properties_of
from bot.classify.scope import Scope
from bot.model import (
    Activity,
    Basis,
    Component,
    Evidence,
    Finding,
    PermissionPath,
    Reason,
    ReasonCode,
    Timing,
)

_CONVERTERS = ("key.converter", "value.converter", "header.converter")
_GUIDE = "https://kafka.apache.org/documentation/#connectconfigs_key.converter"
_HINT = re.compile(r"aws|amazon|glue|assume\.?role", re.IGNORECASE)


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
            yield from _unknown(key, class_name, settings)


def _settings(key: str, evidence: Evidence) -> Mapping[str, str]:
    configuration = evidence.connector.configuration
    if configuration.get(key, "").strip():
        return configuration
    return worker_properties_of(evidence) or {}


def _unknown(key: str, class_name: str, settings: Mapping[str, str]) -> Iterator[Finding]:
    """Yield a finding for a converter nobody knows where its class or its keys suggest AWS.

    Most converters talk to nobody, so that naming every unknown one would bury the ones that matter.
    """
    suspicious = sorted(name for name in settings if name.startswith(f"{key}.") and _HINT.search(name))
    if suspicious or _HINT.search(class_name):
        yield Finding(
            activity=Activity.AWS_ACCESS,
            component=Component.CONVERTER,
            subject="unknown",
            path=PermissionPath.UNKNOWN,
            basis=Basis.UNKNOWN,
            reason=Reason(ReasonCode.CONVERTER_CLASS_UNKNOWN, {"class": shown_class(class_name), "key": key}),
            source=_GUIDE,
            timing=(Timing.CONTINUOUSLY,),
            evidence=keys(key, *suspicious),
        )
