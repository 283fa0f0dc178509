"""The verdict on a role: what CloudTrail showed, held against what the configuration requires.

Pure, and careful in one direction: whatever could not be read may turn a verdict into ``unconfirmed``, and nothing that
could not be read ever makes one more certain.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.arn import is_service_linked_role, role_name
from bot.cloudtrail.rhythm import callers
from bot.judge.role import requires_role_at_work
from bot.judge.trust import may_trust_msk_connect
from bot.model import (
    LONGEST_SESSION,
    AssumeRoleHistory,
    Cause,
    ConnectorOperation,
    Coverage,
    Datum,
    Evidence,
    Finding,
    Reason,
    Role,
    RoleEvidence,
    Unavailable,
    Verdict,
    VerdictCode,
    VerdictReason,
    WorkerConfiguration,
    reason,
)

#: States of work: a connector in one of them had to hold credentials, if it needs any.
_WORKING = frozenset({"RUNNING", "PAUSING"})
#: States in which a connector does no work, so that it needs no credentials.
_RESTING = frozenset({"PAUSED", "FAILED", "DELETING"})
#: States of a change that is under way.
_CHANGING = frozenset({"CREATING", "UPDATING", "RESTARTING", "RESUMING"})
#: Operations that stop work instead of starting it. Every other one, unknown ones included, may need the role.
_STOPPING = frozenset({"PAUSE_CONNECTOR", "ISOLATE_CONNECTOR"})


def connector_verdict(evidence: Evidence, findings: tuple[Finding, ...]) -> Verdict:
    """Judge the role of one connector."""
    history = evidence.history
    if history is None:
        asked = evidence.read_at is not None and role_name(evidence.connector.role_arn) is None
        return _unconfirmed(VerdictReason.NOT_A_ROLE if asked else VerdictReason.OFFLINE)
    if isinstance(history, Unavailable):
        return _unconfirmed(VerdictReason.HISTORY_UNAVAILABLE, cause=history.cause.value, operation=history.operation)
    if history.by_msk_connect:
        return _in_use(history)
    return next(_silent(evidence, findings, history))


def _silent(evidence: Evidence, findings: tuple[Finding, ...], history: AssumeRoleHistory) -> Iterator[Verdict]:
    """Yield what may be said of a role that MSK Connect was not seen to assume; dormant comes last."""
    if is_service_linked_role(evidence.connector.role_arn):
        yield _unconfirmed(VerdictReason.SERVICE_LINKED_ROLE)
    yield from _used_by_others(history)
    yield from _open_questions(history, evidence.connector.region)
    yield from _contradictions(evidence, findings, history.coverage)
    yield from _unread_sharing(evidence, history.coverage)
    yield from _of_the_role(evidence.role, history)
    yield Verdict(VerdictCode.DORMANT, _not_observed(history.coverage))


def role_verdict(evidence: RoleEvidence) -> Verdict:
    """Judge a role by itself: by its history, and by the connectors that name it."""
    return next(_role_verdicts(evidence))


def _role_verdicts(evidence: RoleEvidence) -> Iterator[Verdict]:
    """Yield what may be said, what decides first before what it hides; the candidate comes last."""
    yield from _seen_of_role(evidence)
    if evidence.connectors:
        named = reason(VerdictReason.NAMED_BY_CONNECTORS, count=len(evidence.connectors))
        yield Verdict(VerdictCode.REFERENCED, named)
    if evidence.referrals:
        names = tuple(dict.fromkeys(referral.connector.name for referral in evidence.referrals))
        yield _unconfirmed(VerdictReason.REFERRED_TO_ELSEWHERE, connectors=names)
    if isinstance(evidence.role, Role) and not may_trust_msk_connect(evidence.role.trust_policy):
        yield _unconfirmed(VerdictReason.MSK_CONNECT_NOT_TRUSTED)
    if evidence.gaps or not evidence.searched_regions:
        yield _unconfirmed(VerdictReason.SEARCH_INCOMPLETE, regions=tuple(gap.resource for gap in evidence.gaps))
    match evidence.history:
        case None:
            yield _unconfirmed(VerdictReason.OFFLINE)
        case Unavailable(cause=cause, operation=operation):
            yield _unconfirmed(VerdictReason.HISTORY_UNAVAILABLE, cause=cause.value, operation=operation)
        case history:
            yield from _open_questions(history)
            yield from _of_the_role(evidence.role, history)
    unnamed = reason(VerdictReason.NAMED_BY_NO_CONNECTOR, regions=evidence.searched_regions)
    yield Verdict(VerdictCode.UNREFERENCED, unnamed)


def _seen_of_role(evidence: RoleEvidence) -> Iterator[Verdict]:
    """Yield what CloudTrail showed of the role: its use by MSK Connect, by others, and refusals."""
    history = evidence.history
    if isinstance(history, AssumeRoleHistory) and history.by_msk_connect:
        yield _in_use(history)
    if _is_service_linked(evidence):
        yield _unconfirmed(VerdictReason.SERVICE_LINKED_ROLE)
    if isinstance(history, AssumeRoleHistory):
        yield from _used_by_others(history)
        if history.failed:
            yield Verdict(VerdictCode.REFERENCED if evidence.connectors else VerdictCode.UNCONFIRMED, _refused(history))


def _is_service_linked(evidence: RoleEvidence) -> bool:
    # The question may leave the path out, by which a service-linked role is known.
    return is_service_linked_role(evidence.role.arn if isinstance(evidence.role, Role) else evidence.role_arn)


def _used_by_others(history: AssumeRoleHistory) -> Iterator[Verdict]:
    """Yield that somebody else uses the role: however much was read, that much was seen."""
    others = [event for event in history.by_others if event.succeeded]
    if others:
        principals = tuple(caller.principal for caller in callers(others))
        told = reason(VerdictReason.ASSUMED_BY_OTHERS, principals=principals, last=others[0].at, count=len(others))
        yield Verdict(VerdictCode.IN_USE_BY_OTHERS, told)


def _of_the_role(role: Role | Unavailable | None, history: AssumeRoleHistory) -> Iterator[Verdict]:
    """Yield what IAM says of the role that its silence in CloudTrail must agree with."""
    if isinstance(role, Unavailable) and role.cause is not Cause.NOT_FOUND:
        yield _unconfirmed(VerdictReason.ROLE_UNREADABLE)
    if not isinstance(role, Role):
        return
    start = history.coverage.window_from
    if history.of_predecessors:
        before = history.of_predecessors
        yield _unconfirmed(VerdictReason.EVENTS_OF_PREDECESSOR, last=before[0].at, created=role.created)
    if role.last_used is not None and role.last_used.at >= start:
        used = role.last_used
        yield _unconfirmed(VerdictReason.LAST_USED_WITHOUT_EVENT, at=used.at, region=used.region)
    if role.created is not None and role.created > start:
        yield _unconfirmed(VerdictReason.ROLE_YOUNGER_THAN_WINDOW, created=role.created)


def _in_use(history: AssumeRoleHistory) -> Verdict:
    newest = history.by_msk_connect[0]
    count = len(history.by_msk_connect)
    seen = reason(VerdictReason.ASSUMED_BY_MSK_CONNECT, last=newest.at, count=count, region=newest.region)
    return Verdict(VerdictCode.IN_USE, seen)


def _not_observed(coverage: Coverage) -> Reason:
    window = {"from": coverage.window_from, "to": coverage.window_to}
    return reason(VerdictReason.NOT_OBSERVED_IN_COMPLETE_WINDOW, **window)


def _unconfirmed(code: VerdictReason, **data: Datum | None) -> Verdict:
    return Verdict(VerdictCode.UNCONFIRMED, reason(code, **data))


# --- what the history leaves open ------------------------------------------------------------------------------------


def _open_questions(history: AssumeRoleHistory, region: str = "") -> Iterator[Verdict]:
    """Yield why a history that shows no use does not show disuse either."""
    coverage = history.coverage
    if history.failed:
        # MSK Connect asked for the role and was refused: nobody saw it used, but somebody needs it.
        yield Verdict(VerdictCode.UNCONFIRMED, _refused(history))
    if not coverage.complete:
        stopped = coverage.stopped_because.value if coverage.stopped_because else None
        yield _unconfirmed(VerdictReason.HISTORY_INCOMPLETE, stopped=stopped, read_from=coverage.read_from)
    elif region and region not in coverage.regions:
        yield _unconfirmed(VerdictReason.REGION_NOT_READ, region=region)


def _refused(history: AssumeRoleHistory) -> Reason:
    newest = history.failed[0]
    return reason(VerdictReason.ATTEMPTS_FAILED, last=newest.at, error=newest.error_code, count=len(history.failed))


# --- what contradicts a silent history -------------------------------------------------------------------------------


def _contradictions(evidence: Evidence, findings: tuple[Finding, ...], coverage: Coverage) -> Iterator[Verdict]:
    """Yield what should have made MSK Connect assume the role, then what hides whether anything did."""
    connector = evidence.connector
    yield from _changes(evidence, coverage)
    yield from _requirements(evidence, findings, coverage)
    if not isinstance(evidence.operations, tuple):
        yield _unconfirmed(VerdictReason.OPERATIONS_UNAVAILABLE)
    if connector.created is None:
        yield _unconfirmed(VerdictReason.CONFIGURATION_UNCLEAR, field="creationTime")
    if connector.state not in _WORKING | _RESTING:
        yield _unconfirmed(VerdictReason.CONFIGURATION_UNCLEAR, field="connectorState")
    if not _worker_configuration_known(evidence):
        yield _unconfirmed(VerdictReason.CONFIGURATION_UNCLEAR, field="workerConfiguration")


def _changes(evidence: Evidence, coverage: Coverage) -> Iterator[Verdict]:
    connector = evidence.connector
    if connector.created is not None and connector.created >= coverage.window_from:
        yield _changed("CREATE_CONNECTOR", connector.created)
    for operation in _operations(evidence):
        if operation.type not in _STOPPING and (operation.ended or operation.started) >= coverage.window_from:
            yield _changed(operation.type, operation.started)
    if connector.state in _CHANGING:
        yield _changed(connector.state, coverage.window_to)


def _changed(what: str, at: datetime) -> Verdict:
    return _unconfirmed(VerdictReason.CONNECTOR_CHANGED_IN_WINDOW, change=what, at=at)


def _requirements(evidence: Evidence, findings: tuple[Finding, ...], coverage: Coverage) -> Iterator[Verdict]:
    requiring = [finding for finding in findings if requires_role_at_work(finding)]
    ran = _ran_until(evidence, coverage) - max(coverage.window_from, evidence.connector.created or coverage.window_from)
    if requiring and ran > LONGEST_SESSION:
        activities = tuple(dict.fromkeys(finding.activity.value for finding in requiring))
        subjects = tuple(dict.fromkeys(finding.subject for finding in requiring))
        hours = ran // timedelta(hours=1)
        yield _unconfirmed(VerdictReason.RUNNING_REQUIRES_ROLE, activities=activities, subjects=subjects, hours=hours)


def _ran_until(evidence: Evidence, coverage: Coverage) -> datetime:
    """Until when the connector is known to have run within the window; its beginning where nothing shows that."""
    if evidence.connector.state in _WORKING:
        return coverage.window_to
    paused = [operation for operation in _operations(evidence) if operation.paused]
    return min((operation.started for operation in paused), default=coverage.window_from)


def _unread_sharing(evidence: Evidence, coverage: Coverage) -> Iterator[Verdict]:
    """Yield where the role may have been assumed for another connector, in a region of which nothing was read."""
    for other in evidence.sharing:
        if other.region not in coverage.regions:
            yield _unconfirmed(VerdictReason.SHARED_IN_UNREAD_REGION, connector=other.name, region=other.region)
    unlisted = tuple(gap.resource for gap in evidence.gaps if gap.resource not in coverage.regions)
    if unlisted:
        yield _unconfirmed(VerdictReason.SEARCH_INCOMPLETE, regions=unlisted)


def _operations(evidence: Evidence) -> tuple[ConnectorOperation, ...]:
    return evidence.operations if isinstance(evidence.operations, tuple) else ()


def _worker_configuration_known(evidence: Evidence) -> bool:
    """Whether the properties that the workers run with were read: they name converters and config providers."""
    wanted, read = evidence.connector.worker_configuration, evidence.worker_configuration
    if wanted is None:
        return not isinstance(read, Unavailable)
    return isinstance(read, WorkerConfiguration) and wanted.revision in (None, read.latest_revision)
