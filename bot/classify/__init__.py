"""The rules: evidence in, findings and warnings out. Pure: no clock, no I/O."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from itertools import chain

from bot.catalogue import Catalogue
from bot.classify import (
    cautions,
    config_provider,
    converter,
    extension,
    jdbc,
    kafka,
    lifecycle,
    log_delivery,
    plugin,
    schema_history,
)
from bot.classify.rule import CautionRule, Rule
from bot.model import Caution, Evidence, Finding, Reason

__all__ = ["CAUTION_RULES", "RULES", "Classification", "classify"]

RULES: tuple[Rule, ...] = (
    lifecycle.findings,
    kafka.findings,
    plugin.findings,
    extension.findings,
    schema_history.findings,
    jdbc.findings,
    converter.findings,
    config_provider.findings,
    log_delivery.findings,
)

CAUTION_RULES: tuple[CautionRule, ...] = (
    cautions.authentication_type_unknown,
    cautions.unknown_connector_class,
    cautions.worker_configuration_missing,
    cautions.config_provider_misplaced,
    cautions.unresolved_config_provider,
    cautions.assume_role_fallback,
    cautions.plaintext_secret,
    cautions.inert_client_settings,
)


#: What a reason names that makes it another finding: a class nobody knows, a host that is not AWS's.
_TELLING = ("class", "host", "prefix")


@dataclass(frozen=True, slots=True)
class Classification:
    """What the rules found."""

    findings: tuple[Finding, ...]
    cautions: tuple[Caution, ...]


def classify(evidence: Evidence, catalogue: Catalogue) -> Classification:
    """Apply every rule. Never raises, whatever the configuration holds."""
    found = _merged(chain.from_iterable(rule(evidence, catalogue) for rule in RULES))
    warned = chain.from_iterable(rule(evidence, catalogue) for rule in CAUTION_RULES)
    return Classification(found, (*warned, *cautions.of_findings(found)))


def _merged(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """Merge findings that say the same, as those of a key and a value converter do; the first one's reason stays."""
    merged: dict[tuple[object, ...], Finding] = {}
    for finding in findings:
        told = tuple(finding.reason.data.get(name) for name in _TELLING)
        says = (
            finding.activity,
            finding.component,
            finding.subject,
            finding.path,
            finding.via,
            finding.principal,
            told,
        )
        first = merged.get(says)
        merged[says] = _together(first, finding) if first else finding
    return tuple(merged.values())


def _reasons(first: Reason, second: Reason) -> Reason:
    """Return the first reason, with the keys of the second where it is the same."""
    mine, others = first.data.get("keys"), second.data.get("keys")
    if first.code != second.code or not isinstance(mine, tuple) or not isinstance(others, tuple):
        return first
    return Reason(first.code, {**first.data, "keys": tuple(dict.fromkeys((*mine, *others)))})


def _together(first: Finding, second: Finding) -> Finding:
    return replace(
        first,
        reason=_reasons(first.reason, second.reason),
        actions=tuple(dict.fromkeys((*first.actions, *second.actions))),
        resources=tuple(dict.fromkeys((*first.resources, *second.resources))),
        timing=tuple(dict.fromkeys((*first.timing, *second.timing))),
        evidence=tuple(dict.fromkeys((*first.evidence, *second.evidence))),
    )
