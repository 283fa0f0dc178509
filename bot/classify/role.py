"""What AWS answers about the role itself: whether it exists, who shares it, who assumes it, and who is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.arn import is_service_linked_role, parse_arn
from bot.classify.trust import judge_trust, searched_completely
from bot.model import (
    AssumeRoleEvent,
    AssumeRoleHistory,
    Cause,
    Caution,
    CautionCode,
    ConnectorSummary,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Reason,
    Role,
    RoleEvidence,
    Unavailable,
)

#: Names and events listed in one warning; the count says how many there are.
_LISTED = 10
_EVENTS_SHOWN = 3


def role_missing(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn where IAM says that the role does not exist; a read that failed otherwise says nothing."""
    yield from _missing(evidence.role, evidence.connector.role_arn)


def role_shared(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn where other connectors name the role: CloudTrail does not tell whose work an event was."""
    yield from _shared(evidence.sharing)


def role_assumed_by_others(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn where somebody besides MSK Connect assumed the role: deleting it would break them too."""
    yield from _assumed_by_others(evidence.history)


def assume_role_failing(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn where MSK Connect was refused the role in the window, and say if it has succeeded since."""
    yield from _failing(evidence.history)


def role_cautions(evidence: RoleEvidence) -> tuple[Caution, ...]:
    """Every warning about a role that somebody asked about by itself."""
    role, history = evidence.role, evidence.history
    # One connector on a role is no sharing.
    sharing = evidence.connectors if len(evidence.connectors) > 1 else ()
    named = tuple(connector.arn for connector in evidence.connectors)
    return (
        *(execution_role_warning(evidence.role_arn) if named else ()),
        *_missing(role, evidence.role_arn),
        *(judge_trust(role, named, named, searched_completely(evidence)) if isinstance(role, Role) else ()),
        *_shared(sharing),
        *_assumed_by_others(history),
        *_failing(history),
    )


def execution_role(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn of an execution role that is a service-linked role, or no role at all."""
    if evidence.connector.role_arn:
        yield from execution_role_warning(evidence.connector.role_arn)


def execution_role_warning(text: str) -> Iterator[Caution]:
    """Warn of an ARN that cannot serve as execution role."""
    arn = parse_arn(text)
    if arn is None or arn.service != "iam" or arn.kind != "role":
        code = CautionCode.EXECUTION_ROLE_NOT_A_ROLE
    elif is_service_linked_role(text):
        code = CautionCode.SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE
    else:
        return
    shown = EvidenceRef(EvidenceKind.API, "serviceExecutionRoleArn")
    yield Caution(code, Reason(code, {"arn": text}), (shown,))


def _missing(role: Role | Unavailable | None, arn: str) -> Iterator[Caution]:
    if isinstance(role, Unavailable) and role.cause is Cause.NOT_FOUND:
        evidence = EvidenceRef(EvidenceKind.API, role.operation)
        data = {"role": arn, **({"namesake": role.namesake} if role.namesake else {})}
        yield Caution(CautionCode.ROLE_MISSING, Reason(CautionCode.ROLE_MISSING, data), (evidence,))


def _shared(connectors: tuple[ConnectorSummary, ...]) -> Iterator[Caution]:
    if not connectors:
        return
    data = {
        "count": str(len(connectors)),
        "connectors": _listed(connector.name for connector in connectors),
        "regions": _listed(connector.region for connector in connectors),
    }
    evidence = EvidenceRef(EvidenceKind.API, "kafkaconnect:ListConnectors")
    yield Caution(CautionCode.ROLE_SHARED, Reason(CautionCode.ROLE_SHARED, data), (evidence,))


def _assumed_by_others(history: AssumeRoleHistory | Unavailable | None) -> Iterator[Caution]:
    events = [e for e in history.by_others if e.succeeded] if isinstance(history, AssumeRoleHistory) else []
    if not events:
        return
    data = {
        "principals": _listed(event.principal for event in events),
        "count": str(len(events)),
        "last": events[0].at.isoformat(),
    }
    reason = Reason(CautionCode.ROLE_ASSUMED_BY_OTHERS, data)
    yield Caution(CautionCode.ROLE_ASSUMED_BY_OTHERS, reason, _shown(events))


def _failing(history: AssumeRoleHistory | Unavailable | None) -> Iterator[Caution]:
    if not isinstance(history, AssumeRoleHistory):
        return
    recovered = history.last_assumed
    # A throttled or interrupted call that was made good is no news; a refusal may come back with the next restart.
    failed = [e for e in history.failed if "Denied" in e.error_code or recovered is None or e.at > recovered]
    if not failed:
        return
    newest = failed[0]
    data = {"count": str(len(failed)), "last": newest.at.isoformat(), "error": newest.error_code}
    if recovered is not None and recovered > newest.at:
        data["succeeded_since"] = recovered.isoformat()
    yield Caution(CautionCode.ASSUME_ROLE_FAILING, Reason(CautionCode.ASSUME_ROLE_FAILING, data), _shown(failed))


def _shown(events: Iterable[AssumeRoleEvent]) -> tuple[EvidenceRef, ...]:
    return tuple(EvidenceRef(EvidenceKind.EVENT, event.event_id) for event in list(events)[:_EVENTS_SHOWN])


def _listed(names: Iterable[str]) -> str:
    return ", ".join(list(dict.fromkeys(name for name in names if name))[:_LISTED])
