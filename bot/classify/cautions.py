"""Warnings that the configuration alone gives rise to."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping

from bot.catalogue import Catalogue
from bot.classify import config_provider, inert, kafka
from bot.classify.authentication import ROLE_OPTION, Base
from bot.classify.config_provider import Resolution
from bot.classify.connector import CLASS, class_of, entry_of, keys, shown_class, worker_properties_of
from bot.classify.plaintext import names_credentials, plaintext_secrets
from bot.classify.plugin import hints
from bot.model import (
    Caution,
    CautionCode,
    Datum,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Finding,
    PermissionPath,
    Reason,
    ReasonCode,
    WorkerConfiguration,
    reason,
)

#: What a warning of that code names, where the finding does.
_NAMED: Mapping[CautionCode, str] = {
    CautionCode.NON_AWS_ENDPOINT: "host",
    CautionCode.UNKNOWN_CREDENTIALS_PROVIDER: "class",
}


def unknown_connector_class(evidence: Evidence, catalogue: Catalogue) -> Iterator[Caution]:
    """Warn of a class that is not in the catalogue."""
    connector = evidence.connector
    if entry_of(connector, catalogue) is None:
        code = CautionCode.UNKNOWN_CONNECTOR_CLASS
        data: dict[str, Datum] = {"class": shown_class(class_of(connector)), "keys": hints(connector)}
        yield Caution(code, reason(code, **data), keys(CLASS, *hints(connector)))


def authentication_type_unknown(evidence: Evidence, _: Catalogue) -> Iterator[Caution]:
    """Warn of an authentication type that the bot does not know."""
    if kafka.base_of(evidence.connector) is Base.UNKNOWN_TYPE:
        code = CautionCode.AUTHENTICATION_TYPE_UNKNOWN
        data = {"type": evidence.connector.authentication_type}
        shown = EvidenceRef(EvidenceKind.API, "kafkaClusterClientAuthentication.authenticationType")
        yield Caution(code, Reason(code, data), (shown,))


def worker_configuration_missing(evidence: Evidence, _: Catalogue) -> Iterator[Caution]:
    """Warn where the connector names a worker configuration that could not be read."""
    named = evidence.connector.worker_configuration
    if named and worker_properties_of(evidence) is None:
        code = CautionCode.WORKER_CONFIGURATION_MISSING
        shown = EvidenceRef(EvidenceKind.API, "workerConfiguration.workerConfigurationArn")
        yield Caution(code, Reason(code, {"arn": named.arn}), (shown,))


def unresolved_config_provider(evidence: Evidence, catalogue: Catalogue) -> Iterator[Caution]:
    """Warn of each alias that the worker configuration does not define, or defines by a class nobody knows."""
    code = CautionCode.UNRESOLVED_CONFIG_PROVIDER
    for usage in config_provider.usages(evidence, catalogue):
        if usage.resolution in (Resolution.UNDEFINED, Resolution.UNKNOWN_CLASS):
            data = {"alias": usage.alias, "class": shown_class(usage.class_name)}
            yield Caution(code, Reason(code, data), keys(*usage.keys))


def config_provider_misplaced(evidence: Evidence, _: Catalogue) -> Iterator[Caution]:
    """Warn of config providers in the connector's configuration: AWS's guide wants them in the worker's.

    There they reach the plugin alone, and whether its own configuration class resolves them depends on the plugin.
    """
    code = CautionCode.CONFIG_PROVIDER_MISPLACED
    for alias in config_provider.misplaced_aliases(evidence):
        prefix = f"config.providers.{alias}."
        named = ("config.providers", *(key for key in evidence.connector.configuration if key.startswith(prefix)))
        yield Caution(code, Reason(code, {"alias": alias, "keys": named}), keys(*named))


def plaintext_secret(evidence: Evidence, _: Catalogue) -> Iterator[Caution]:
    """Warn of secrets that are written out in the connector's configuration, and of those in the worker's."""
    code = CautionCode.PLAINTEXT_SECRET
    if found := tuple(plaintext_secrets(evidence.connector.configuration)):
        yield Caution(code, Reason(code, {"keys": found}), keys(*found))
    if found := tuple(plaintext_secrets(worker_properties_of(evidence) or {})):
        data = {"keys": found, **_document(evidence)}
        yield Caution(code, Reason(ReasonCode.PLAINTEXT_SECRET_IN_WORKER, data), keys(*found))


def _document(evidence: Evidence) -> dict[str, Datum]:
    """Name the worker configuration that was read, with both revisions where another one runs."""
    pinned, read = evidence.connector.worker_configuration, evidence.worker_configuration
    if not isinstance(read, WorkerConfiguration):
        return {}
    named: dict[str, Datum] = {"name": read.name} if read.name else {}
    if pinned is None or pinned.revision in (None, read.latest_revision):
        return named
    return {**named, "revision": read.latest_revision or "?", "pinned": pinned.revision or "?"}


def inert_client_settings(evidence: Evidence, catalogue: Catalogue) -> Iterator[Caution]:
    """Warn of Kafka client settings that no client reads."""
    connector = evidence.connector
    found = inert.inert_settings(connector, entry_of(connector, catalogue))
    if found:
        code = CautionCode.INERT_CLIENT_SETTINGS
        yield Caution(code, Reason(code, {"keys": found}), keys(*found))


def assume_role_fallback(evidence: Evidence, catalogue: Catalogue) -> Iterator[Caution]:
    """Warn of clients that fall back to the execution role, silently, where assuming their role fails."""
    if not any(ROLE_OPTION in value for value in evidence.connector.configuration.values()):
        return
    falling = [client for client in kafka.clients(evidence, catalogue) if client.authentication.falls_back]
    if falling:
        code = CautionCode.ASSUME_ROLE_FALLBACK
        components = dict.fromkeys(client.component.value for client in falling)
        decided_by = (key for client in falling for key in client.authentication.decided_by)
        yield Caution(code, Reason(code, {"components": tuple(components)}), keys(*decided_by))


def of_findings(findings: Iterable[Finding]) -> Iterator[Caution]:
    """Yield the warnings that findings carry in themselves: one for each host or class that is named, or is not."""
    carrying: dict[tuple[CautionCode, str, str], dict[str, None]] = {}
    for finding in findings:
        for code in _carried(finding):
            named = _NAMED.get(code, "")
            what = str(finding.reason.data.get(named, ""))
            carrying.setdefault((code, named, what), {}).update(dict.fromkeys(_carriers(finding, code)))
    for (code, named, what), names in carrying.items():
        data: dict[str, Datum] = {"keys": tuple(names)}
        if what:
            data[named] = what
        if code is CautionCode.NON_AWS_ENDPOINT:
            data["key"] = next(iter(names), "")
        yield Caution(code, reason(code, **data), keys(*names))


def _carriers(finding: Finding, code: CautionCode) -> tuple[str, ...]:
    """Return the keys that carry the fact: of static credentials the credentials, else what the reason names."""
    given = finding.reason.data.get("keys", ())
    told = tuple(map(str, given)) if isinstance(given, tuple) else ()
    evidence = (r.name for r in finding.evidence if r.kind is EvidenceKind.KEY and r.name != CLASS)
    found = told or tuple(evidence)
    if code is not CautionCode.STATIC_CREDENTIALS:
        return found
    return tuple(name for name in found if names_credentials(name)) or found


def _carried(finding: Finding) -> Iterator[CautionCode]:
    if PermissionPath.STATIC_CREDENTIALS in (finding.path, finding.via):
        yield CautionCode.STATIC_CREDENTIALS
    if finding.reason.code == ReasonCode.ENDPOINT_NOT_AWS:
        yield CautionCode.NON_AWS_ENDPOINT
    if finding.reason.code == ReasonCode.CREDENTIALS_PROVIDER_UNKNOWN:
        yield CautionCode.UNKNOWN_CREDENTIALS_PROVIDER
