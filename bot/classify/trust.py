"""What the role's trust policy says to MSK Connect on behalf of a connector, and to others.

MSK Connect assumes the role with ``aws:SourceAccount`` and ``aws:SourceArn`` set to the connector's, which a trust
policy can check against the confused deputy problem:
https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from enum import StrEnum

from bot.arn import is_service_linked_role
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
    RoleEvidence,
)
from bot.policy import Decision, Outcome, Request, condition_values, decide, principals, service_principal

_SHOWN_BY = (EvidenceRef(EvidenceKind.API, "iam:GetRole"),)
_REFUSED = (Outcome.DENIED, Outcome.NOT_ADMITTED)
#: An account whose connectors nobody means to serve.
_FOREIGN_ACCOUNT = "000000000000"
#: Connectors that a remedy names one by one; of more it names regions, so that no list can be cut.
_MOST_PATTERNS = 6


def trust_policy(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn where the trust policy refuses MSK Connect for this connector, or admits it for anybody's."""
    if isinstance(evidence.role, Role):
        own = evidence.connector.arn
        searched = searched_completely(evidence)
        yield from judge_trust(evidence.role, (own,), (own, *(named.arn for named in evidence.sharing)), searched)


def judge_trust(
    role: Role, connector_arns: Sequence[str], sharing_arns: Sequence[str] = (), searched: Sequence[str] = ()
) -> Iterator[Caution]:
    """Judge the role's trust policy for connectors: the gravest warning alone, since one policy serves them all.

    Silent where an ARN or the policy leaves it open, and for a service-linked role, whose policy AWS sets.
    ``sharing_arns`` are all connectors that name the role, none of which a remedy may lock out; ``searched`` the
    regions they were looked for in.
    """
    if is_service_linked_role(role.arn):
        return
    standings = [(arn, judge_standing(role.trust_policy, arn)) for arn in connector_arns]
    gravest = next((s for s in _WARNED for _, standing in standings if standing is s), None)
    if gravest is None:
        return
    concerned = [arn for arn, standing in standings if standing is gravest]
    yield _caution(
        gravest,
        role.trust_policy,
        concerned[0],
        connectors=_listed(_name(arn) for arn in concerned),
        patterns=_listed(_patterns(tuple(sharing_arns) or tuple(connector_arns))),
        searched=_listed(searched),
    )


def searched_completely(evidence: Evidence | RoleEvidence) -> tuple[str, ...]:
    """Return the regions whose connectors were listed."""
    failed = {gap.resource for gap in evidence.gaps}
    return tuple(region for region in evidence.searched_regions if region not in failed)


class Standing(StrEnum):
    """What a trust policy means for MSK Connect on behalf of one connector."""

    #: Admitted for this connector, and not for one of another account.
    SOUND = "sound"
    CONFUSED_DEPUTY = "confused-deputy"
    STALE_SOURCE_ARN = "stale-source-arn"
    REFUSED = "refused"
    #: The connector's ARN or the policy leaves it open.
    OPEN = "open"


def judge_standing(document: PolicyDocument, connector_arn: str) -> Standing:
    """Judge a trust policy for MSK Connect on behalf of a connector."""
    parts = connector_arn.split(":", 5)
    if len(parts) < 6:
        return Standing.OPEN
    decision = _decide(document, parts[4], connector_arn)
    if decision.outcome in _REFUSED:
        # Where some other connector's ARN may be admitted, it is the ARN that does not fit.
        stale = _decide(document, parts[4], None).outcome not in _REFUSED
        return Standing.STALE_SOURCE_ARN if stale else Standing.REFUSED
    if not decision.allowed:
        return Standing.OPEN
    foreign = _decide(document, _FOREIGN_ACCOUNT, ":".join((*parts[:4], _FOREIGN_ACCOUNT, parts[5])))
    if foreign.allowed:
        return Standing.CONFUSED_DEPUTY
    return Standing.SOUND if foreign.outcome in _REFUSED else Standing.OPEN


def other_principals(role: Role) -> tuple[str, ...]:
    """Everybody but MSK Connect whom the trust policy names in an Allow statement."""
    return tuple(name for name in principals(role.trust_policy) if name != MSK_CONNECT_PRINCIPAL)


#: Gravest first.
_WARNED: Mapping[Standing, CautionCode] = {
    Standing.REFUSED: CautionCode.TRUST_POLICY_DENIES_MSK_CONNECT,
    Standing.STALE_SOURCE_ARN: CautionCode.TRUST_POLICY_STALE_SOURCE_ARN,
    Standing.CONFUSED_DEPUTY: CautionCode.TRUST_POLICY_CONFUSED_DEPUTY,
}


def _caution(standing: Standing, document: PolicyDocument, connector_arn: str, **data: str) -> Caution:
    account = connector_arn.split(":")[4]
    data["account"] = account
    if standing is Standing.REFUSED:
        data["denied_by"] = _listed(_decide(document, account, connector_arn).statements)
        data["accounts"] = _listed(condition_values(document, "aws:SourceAccount"))
    if standing is Standing.STALE_SOURCE_ARN:
        data["pinned"] = _listed(condition_values(document, "aws:SourceArn"))
    code = _WARNED[standing]
    return Caution(code, Reason(code, {name: value for name, value in data.items() if value}), _SHOWN_BY)


def _patterns(arns: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to admit as aws:SourceArn: by name, since a connector that is created anew has another UUID."""
    by_name = tuple(dict.fromkeys(f"{arn.rpartition('/')[0] or arn}/*" for arn in arns))
    if len(by_name) <= _MOST_PATTERNS:
        return by_name
    return tuple(dict.fromkeys(f"{arn.partition('/')[0]}/*" for arn in arns))


def _name(arn: str) -> str:
    return [*arn.split(":", 5)[-1].split("/"), arn][1]


def _listed(names: Iterable[str]) -> str:
    return ", ".join(dict.fromkeys(names))


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
