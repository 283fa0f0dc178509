"""What the role's trust policy says to MSK Connect on behalf of a connector, and to others.

MSK Connect assumes the role with ``aws:SourceAccount`` and ``aws:SourceArn`` set to the connector's, which a trust
policy can check against the confused deputy problem:
https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html.
"""

from __future__ import annotations

from collections.abc import Iterator

from bot.model import (
    MSK_CONNECT_PRINCIPAL,
    Caution,
    CautionCode,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    PolicyDocument,
    Reason,
    Role,
)
from bot.policy import Decision, Outcome, Request, condition_values, decide, principals, service_principal

_SHOWN_BY = (EvidenceRef(EvidenceKind.API, "iam:GetRole"),)
_REFUSED = (Outcome.DENIED, Outcome.NOT_ADMITTED)
#: An account whose connectors nobody means to serve.
_FOREIGN_ACCOUNT = "000000000000"


def trust_policy(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn where the trust policy refuses MSK Connect for this connector, or admits it for anybody's."""
    if isinstance(evidence.role, Role):
        yield from judge_trust(evidence.role, evidence.connector.arn)


def judge_trust(role: Role, connector_arn: str) -> Iterator[Caution]:
    """Judge the role's trust policy for one connector; silent where the ARN or the policy leaves it open."""
    parts = connector_arn.split(":", 5)
    if len(parts) < 6:
        return
    account = parts[4]
    foreign_arn = ":".join((*parts[:4], _FOREIGN_ACCOUNT, parts[5]))
    decision = _decide(role.trust_policy, account, connector_arn)
    if decision.outcome in _REFUSED:
        yield _refusal(role.trust_policy, account, connector_arn, decision)
    elif decision.allowed and _decide(role.trust_policy, _FOREIGN_ACCOUNT, foreign_arn).allowed:
        yield _caution(CautionCode.TRUST_POLICY_CONFUSED_DEPUTY, account=account, connector=connector_arn)


def other_principals(role: Role) -> tuple[str, ...]:
    """Everybody but MSK Connect whom the trust policy names in an Allow statement."""
    return tuple(name for name in principals(role.trust_policy) if name != MSK_CONNECT_PRINCIPAL)


def _refusal(document: PolicyDocument, account: str, connector_arn: str, decision: Decision) -> Caution:
    if _decide(document, account, None).outcome not in _REFUSED:
        # Some other connector's ARN may be admitted, so it is the ARN that does not fit.
        pinned = ", ".join(condition_values(document, "aws:SourceArn"))
        return _caution(CautionCode.TRUST_POLICY_STALE_SOURCE_ARN, pinned=pinned, connector=connector_arn)
    return _caution(
        CautionCode.TRUST_POLICY_DENIES_MSK_CONNECT,
        denied_by=", ".join(decision.statements),
        accounts=", ".join(condition_values(document, "aws:SourceAccount")),
        account=account,
    )


def _caution(code: CautionCode, **data: str) -> Caution:
    return Caution(code, Reason(code, {name: value for name, value in data.items() if value}), _SHOWN_BY)


def _decide(document: PolicyDocument, account: str, connector_arn: str | None) -> Decision:
    """Judge MSK Connect's AssumeRole for a connector; without ARN, for one of the account that nobody knows."""
    context = {
        "aws:PrincipalIsAWSService": ("true",),
        "aws:PrincipalServiceName": (MSK_CONNECT_PRINCIPAL,),
        "aws:SecureTransport": ("true",),
        "aws:SourceAccount": (account,),
        **({} if connector_arn is None else {"aws:SourceArn": (connector_arn,)}),
    }
    return decide([document], Request(("sts:AssumeRole",), service_principal(MSK_CONNECT_PRINCIPAL), context=context))
