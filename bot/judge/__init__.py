"""Decisions over findings and evidence: the verdict, the trust policy, the grants of log delivery, the warnings.

Everything is decided here, once: an answer carries every decision, and whoever prints it decides nothing again. Pure.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from itertools import chain

from bot.classify import Classification
from bot.judge import grants, role, trust
from bot.judge.verdict import connector_verdict, role_verdict
from bot.model import (
    Caution,
    CautionCode,
    ConnectorAnswer,
    Evidence,
    Question,
    RoleAnswer,
    RoleEvidence,
    Unavailable,
)

__all__ = ["judge_connector", "judge_role"]

_GRAVITY = {code: number for number, code in enumerate(CautionCode)}


def judge_connector(
    evidence: Evidence,
    classification: Classification,
    *,
    unavailable: tuple[Unavailable, ...] = (),
    question: Question | None = None,
) -> ConnectorAnswer:
    """Decide everything about a connector and its role."""
    connector, history = evidence.connector, evidence.history
    trusted = trust.trust_of(evidence.role, (connector.arn,))
    granted = grants.destination_grants(evidence)
    cautions = chain(
        classification.cautions,
        role.unusable_role(connector.role_arn) if connector.role_arn else (),
        role.role_missing(evidence.role, connector.role_arn),
        trust.trust_cautions(
            evidence.role, trusted, (connector.arn, *(named.arn for named in evidence.sharing)), _searched(evidence)
        ),
        role.assume_role_failing(history),
        role.role_went_silent(evidence, classification.findings),
        role.role_recreated(evidence.role, history),
        grants.grant_cautions(granted),
        role.role_shared(evidence.sharing),
        role.assumed_by_others(history),
    )
    return ConnectorAnswer(
        evidence=evidence,
        findings=tuple(grants.observed(classification.findings, granted)),
        cautions=_gravest_first(cautions),
        verdict=connector_verdict(evidence, classification.findings),
        grants=granted,
        trust=trusted,
        paused_since=_paused_since(evidence),
        unavailable=unavailable,
        question=question,
    )


def judge_role(
    evidence: RoleEvidence, *, unavailable: tuple[Unavailable, ...] = (), question: Question | None = None
) -> RoleAnswer:
    """Decide everything about a role that somebody asked about by itself."""
    named = tuple(connector.arn for connector in evidence.connectors)
    trusted = trust.trust_of(evidence.role, named)
    cautions = chain(
        role.unusable_role(evidence.role_arn) if named else (),
        role.role_missing(evidence.role, evidence.role_arn),
        trust.trust_cautions(evidence.role, trusted, named, _searched(evidence)),
        # One connector on a role is no sharing.
        role.role_shared(evidence.connectors if len(named) > 1 else ()),
        role.assumed_by_others(evidence.history),
        role.assume_role_failing(evidence.history),
        role.role_recreated(evidence.role, evidence.history),
        role.role_referred_to(evidence.referrals),
    )
    return RoleAnswer(
        evidence=evidence,
        cautions=_gravest_first(cautions),
        verdict=role_verdict(evidence),
        trust=trusted,
        unavailable=unavailable,
        question=question,
    )


def _gravest_first(cautions: Iterable[Caution]) -> tuple[Caution, ...]:
    return tuple(sorted(cautions, key=lambda caution: _GRAVITY[caution.code]))


def _searched(evidence: Evidence | RoleEvidence) -> tuple[str, ...]:
    """Return the regions whose connectors were listed."""
    failed = {gap.resource for gap in evidence.gaps}
    return tuple(region for region in evidence.searched_regions if region not in failed)


def _paused_since(evidence: Evidence) -> datetime | None:
    """Return since when a connector that is PAUSED has been so, as far as its operations show that."""
    if evidence.connector.state != "PAUSED" or not isinstance(evidence.operations, tuple):
        return None
    pauses = (operation for operation in evidence.operations if operation.paused)
    return max((pause.ended or pause.started for pause in pauses), default=None)
