"""What AWS answers about the role itself: whether it exists, who shares it, who assumes it, and who is refused."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from bot.arn import is_service_linked_role, parse_arn
from bot.model import (
    LONGEST_SESSION,
    Activity,
    AssumeRoleEvent,
    AssumeRoleHistory,
    Cause,
    Caution,
    CautionCode,
    ConnectorSummary,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Finding,
    Referral,
    Role,
    Timing,
    Unavailable,
    Uses,
    reason,
)

#: Names and events listed in one warning; the count says how many there are.
_LISTED = 10
_EVENTS_SHOWN = 3


def unusable_role(arn: str) -> Iterator[Caution]:
    """Warn of an ARN that cannot serve as execution role: that of a service-linked role, or of no role at all."""
    parts = parse_arn(arn)
    if parts is None or parts.service != "iam" or parts.kind != "role":
        code = CautionCode.EXECUTION_ROLE_NOT_A_ROLE
    elif is_service_linked_role(arn):
        code = CautionCode.SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE
    else:
        return
    yield Caution(code, reason(code, arn=arn), (EvidenceRef(EvidenceKind.API, "serviceExecutionRoleArn"),))


def role_missing(role: Role | Unavailable | None, arn: str) -> Iterator[Caution]:
    """Warn where IAM says that the role does not exist; a read that failed otherwise says nothing."""
    if isinstance(role, Unavailable) and role.cause is Cause.NOT_FOUND:
        code = CautionCode.ROLE_MISSING
        shown = EvidenceRef(EvidenceKind.API, role.operation)
        yield Caution(code, reason(code, role=arn, namesake=role.namesake), (shown,))


def role_recreated(
    role: Role | Unavailable | None, history: AssumeRoleHistory | Unavailable | None
) -> Iterator[Caution]:
    """Warn where calls in the window assumed a deleted role of the same name: policies that named that one are dead."""
    if isinstance(role, Role) and isinstance(history, AssumeRoleHistory) and history.of_predecessors:
        code, before = CautionCode.ROLE_RECREATED, history.of_predecessors
        told = reason(code, role=role.name, created=role.created, count=len(before), last=before[0].at)
        yield Caution(code, told, _shown(before))


def role_went_silent(evidence: Evidence, findings: Iterable[Finding]) -> Iterator[Caution]:
    """Warn where a running connector needs the role all the time, and its last session must be over long since.

    Only where everything since then was read. Source: the longest session,
    https://docs.aws.amazon.com/STS/latest/APIReference/API_AssumeRole.html.
    """
    history = evidence.history
    if evidence.connector.state != "RUNNING" or not isinstance(history, AssumeRoleHistory) or not history.last_assumed:
        return
    last, covered = history.last_assumed, history.coverage
    silent = covered.window_to - last > LONGEST_SESSION and (covered.complete or covered.read_from <= last)
    needing = tuple(dict.fromkeys(finding.subject for finding in findings if requires_role_at_work(finding)))
    if silent and needing:
        code = CautionCode.ROLE_WENT_SILENT
        yield Caution(code, reason(code, last=last, subjects=needing), _shown(history.by_msk_connect[:1]))


def role_referred_to(referrals: tuple[Referral, ...]) -> Iterator[Caution]:
    """Warn where connectors that do not run with the role lead to it all the same: by their keys, or by their role."""
    by_key = [referral for referral in referrals if referral.keys]
    by_role = [referral for referral in referrals if not referral.keys]
    code = CautionCode.ROLE_REFERRED_TO_ELSEWHERE
    if by_key:
        keys = _first(key for referral in by_key for key in referral.keys)
        shown = tuple(EvidenceRef(EvidenceKind.KEY, key) for key in keys)
        yield Caution(code, reason(code, connectors=_names(by_key), keys=keys), shown)
    if by_role:
        roles = _first(referral.connector.role_arn or "" for referral in by_role)
        reads = {
            "iam:GetRole": any(referral.trusted for referral in by_role),
            "cloudtrail:LookupEvents": any(referral.seen for referral in by_role),
        }
        shown = tuple(EvidenceRef(EvidenceKind.API, read) for read, showed in reads.items() if showed)
        yield Caution(code, reason(code, connectors=_names(by_role), roles=roles), shown)


def _names(referrals: Iterable[Referral]) -> tuple[str, ...]:
    return _first(referral.connector.name for referral in referrals)


def requires_role_at_work(finding: Finding) -> bool:
    """Whether a finding says that a connector uses the role as long as it runs."""
    return (
        finding.activity in (Activity.KAFKA_AUTH, Activity.AWS_ACCESS)
        and Timing.CONTINUOUSLY in finding.timing
        and finding.uses_execution_role is Uses.YES
    )


def role_shared(connectors: tuple[ConnectorSummary, ...]) -> Iterator[Caution]:
    """Warn where other connectors name the role: CloudTrail does not tell whose work an event was."""
    if connectors:
        code = CautionCode.ROLE_SHARED
        names, regions = (_first(c.name for c in connectors), _first(c.region for c in connectors))
        shown = EvidenceRef(EvidenceKind.API, "kafkaconnect:ListConnectors")
        yield Caution(code, reason(code, count=len(connectors), connectors=names, regions=regions), (shown,))


def assumed_by_others(history: AssumeRoleHistory | Unavailable | None) -> Iterator[Caution]:
    """Warn where somebody besides MSK Connect assumed the role: deleting it would break them too."""
    events = [e for e in history.by_others if e.succeeded] if isinstance(history, AssumeRoleHistory) else []
    if events:
        code = CautionCode.ROLE_ASSUMED_BY_OTHERS
        principals = _first(event.principal for event in events)
        told = reason(code, principals=principals, count=len(events), last=events[0].at)
        yield Caution(code, told, _shown(events))


def assume_role_failing(history: AssumeRoleHistory | Unavailable | None) -> Iterator[Caution]:
    """Warn where MSK Connect was refused the role in the window, and say if it has succeeded since."""
    if not isinstance(history, AssumeRoleHistory):
        return
    recovered = history.last_assumed
    # A throttled or interrupted call that was made good is no news; a refusal may come back with the next restart.
    failed = [e for e in history.failed if "Denied" in e.error_code or recovered is None or e.at > recovered]
    if not failed:
        return
    code, newest = CautionCode.ASSUME_ROLE_FAILING, failed[0]
    since = recovered if recovered is not None and recovered > newest.at else None
    told = reason(code, count=len(failed), last=newest.at, error=newest.error_code, succeeded_since=since)
    yield Caution(code, told, _shown(failed))


def _shown(events: Iterable[AssumeRoleEvent]) -> tuple[EvidenceRef, ...]:
    return tuple(EvidenceRef(EvidenceKind.EVENT, event.event_id) for event in list(events)[:_EVENTS_SHOWN])


def _first(names: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for name in names if name))[:_LISTED]
