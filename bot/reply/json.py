"""The answer as a JSON document for other programs: codes, names and times, and never the configuration itself."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Any

from bot.cloudtrail.rhythm import callers
from bot.model import (
    Answer,
    AssumeRoleHistory,
    Caution,
    Connector,
    ConnectorAnswer,
    ConnectorSummary,
    Datum,
    EvidenceRef,
    Finding,
    Reason,
    RoleAnswer,
    Unavailable,
    Verdict,
)
from bot.reply.wording import fill
from bot.reply.wording.gaps import Gap, worded


def document(answer: Answer) -> dict[str, Any]:
    """Return the answer as JSON types; times are ISO 8601 in UTC, and codes are the model's."""
    match answer:
        case ConnectorAnswer(evidence=evidence):
            return {
                "connector": _connector(evidence.connector),
                "verdict": _verdict(answer.verdict),
                "findings": [_finding(finding) for finding in answer.findings],
                "warnings": _warnings(answer.cautions),
                "trail": _trail(evidence.history),
                "unavailable": gap_objects(answer.unavailable),
            }
        case RoleAnswer(evidence=about):
            return {
                "role": {
                    "arn": about.role_arn,
                    "connectors": [summary_object(connector) for connector in about.connectors],
                    "searched_regions": list(about.searched_regions),
                },
                "verdict": _verdict(answer.verdict),
                "warnings": _warnings(answer.cautions),
                "trail": _trail(about.history),
                "unavailable": gap_objects(answer.unavailable),
            }


def _connector(connector: Connector) -> dict[str, Any]:
    return {
        "name": connector.name,
        "arn": connector.arn,
        "state": connector.state,
        "region": connector.region,
        "role_arn": connector.role_arn,
        "authentication_type": connector.authentication_type,
    }


def summary_object(connector: ConnectorSummary) -> dict[str, Any]:
    """Return what a list of connectors says of one."""
    return {"name": connector.name, "arn": connector.arn, "state": connector.state, "region": connector.region}


def _verdict(verdict: Verdict) -> dict[str, Any]:
    return {"code": verdict.code.value, "reason": _reason(verdict.reason)}


def _finding(finding: Finding) -> dict[str, Any]:
    return {
        "activity": finding.activity.value,
        "component": finding.component.value,
        "subject": finding.subject,
        "path": finding.path.value,
        "via": finding.via.value if finding.via else None,
        "uses_execution_role": finding.uses_execution_role.value,
        "principal": finding.principal,
        "actions": list(finding.actions),
        "resources": list(finding.resources),
        "timing": [timing.value for timing in finding.timing],
        "basis": finding.basis.value,
        "reason": _reason(finding.reason),
        "evidence": _evidence(finding.evidence),
        "source": finding.source,
    }


def _warnings(cautions: Iterable[Caution]) -> list[dict[str, Any]]:
    return [
        {"code": caution.code.value, "reason": _reason(caution.reason), "evidence": _evidence(caution.evidence)}
        for caution in cautions
    ]


def _reason(reason: Reason) -> dict[str, Any]:
    return {"code": str(reason.code), "data": {name: _datum(value) for name, value in reason.data.items()}}


def _datum(value: Datum) -> str | int | list[str | int]:
    """Return what fills a reason as JSON has it: a time as all times of the document, several names as an array."""
    match value:
        case datetime():
            return utc(value)
        case tuple():
            return [*value]
        case _:
            return value


def _evidence(references: Iterable[EvidenceRef]) -> list[dict[str, str]]:
    return [{"kind": reference.kind.value, "name": reference.name} for reference in references]


def _trail(history: AssumeRoleHistory | Unavailable | None) -> dict[str, Any] | None:
    """Return what CloudTrail showed; None where it was not asked or gave nothing at all."""
    if not isinstance(history, AssumeRoleHistory):
        return None
    coverage = history.coverage
    return {
        "source": coverage.source,
        "regions": list(coverage.regions),
        "window_from": utc(coverage.window_from),
        "window_to": utc(coverage.window_to),
        "read_from": utc(coverage.read_from),
        "complete": coverage.complete,
        "stopped_because": coverage.stopped_because.value if coverage.stopped_because else None,
        "last_assumed": utc(history.last_assumed) if history.last_assumed else None,
        "count": len(history.by_msk_connect),
        "failed": len(history.failed),
        "others": [
            {"principal": caller.principal, "count": caller.count, "last": utc(caller.last)}
            for caller in callers(event for event in history.by_others if event.succeeded)
        ],
    }


def gap_objects(gone: Iterable[Unavailable]) -> list[dict[str, Any]]:
    """Return failed reads, each with its words."""
    return [_gap(gap, worded(gap)) for gap in gone]


def _gap(gap: Unavailable, words: Gap) -> dict[str, Any]:
    return {
        "operation": gap.operation,
        "resource": gap.resource,
        "cause": gap.cause.value,
        "missing_action": gap.missing_action,
        "what": fill(words.lacks, words.data),
        "why": fill(words.why, words.data),
        "remedy": fill(words.remedy, words.data),
    }


def utc(at: datetime) -> str:
    """Return a time as every time of the document is written: ISO 8601 in UTC, with ``Z``."""
    return at.astimezone(UTC).isoformat().replace("+00:00", "Z")
