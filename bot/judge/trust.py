"""What the role's trust policy says to MSK Connect on behalf of a connector, and to others.

MSK Connect assumes the role with ``aws:SourceAccount`` and ``aws:SourceArn`` set to the connector's, which a trust
policy can check against the confused deputy problem:
https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from bot.arn import connector_name, is_service_linked_role, part_of
from bot.judge.near import described, nearest
from bot.judge.service_call import service_context
from bot.model import (
    MSK_CONNECT_PRINCIPAL,
    Caution,
    CautionCode,
    Datum,
    EvidenceKind,
    EvidenceRef,
    PolicyDocument,
    Role,
    Standing,
    Trust,
    Unavailable,
    reason,
)
from bot.policy import Decision, Outcome, Request, condition_values, decide, principals, service_principal

_SHOWN_BY = (EvidenceRef(EvidenceKind.API, "iam:GetRole"),)
_REFUSED = (Outcome.DENIED, Outcome.NOT_ADMITTED)
#: An account whose connectors nobody means to serve.
_FOREIGN_ACCOUNT = "000000000000"
#: Connectors that a remedy names one by one; of more it names regions, so that no list can be cut.
_MOST_PATTERNS = 6
#: Gravest first.
_WARNED: Mapping[Standing, CautionCode] = {
    Standing.REFUSED: CautionCode.TRUST_POLICY_DENIES_MSK_CONNECT,
    Standing.STALE_SOURCE_ARN: CautionCode.TRUST_POLICY_STALE_SOURCE_ARN,
    Standing.CONFUSED_DEPUTY: CautionCode.TRUST_POLICY_CONFUSED_DEPUTY,
}


def trust_of(role: Role | Unavailable | None, connector_arns: Sequence[str]) -> Trust | None:
    """Judge a role's trust policy for each connector, and say whom else it names.

    None where the role was not read, and for a service-linked role, whose policy AWS sets.
    """
    if not isinstance(role, Role) or is_service_linked_role(role.arn):
        return None
    named = principals(role.trust_policy)
    return Trust(
        standings={arn: judge_standing(role.trust_policy, arn) for arn in connector_arns},
        names_msk_connect=MSK_CONNECT_PRINCIPAL in named,
        others=tuple(name for name in named if name != MSK_CONNECT_PRINCIPAL),
    )


def trust_cautions(
    role: Role | Unavailable | None, trust: Trust | None, sharing_arns: Sequence[str], searched: Sequence[str]
) -> Iterator[Caution]:
    """Warn of what the trust policy does: the gravest warning alone, since one policy serves every connector.

    Silent where an ARN or the policy leaves it open. ``sharing_arns`` are all connectors that name the role, none of
    which a remedy may lock out; ``searched`` the regions they were looked for in.
    """
    if not isinstance(role, Role) or trust is None:
        return
    gravest = next((standing for standing in _WARNED if standing in trust.standings.values()), None)
    if gravest is None:
        return
    concerned = [arn for arn, standing in trust.standings.items() if standing is gravest]
    data: dict[str, Datum] = {
        "connectors": tuple(dict.fromkeys(connector_name(arn) or arn for arn in concerned)),
        "patterns": _patterns(tuple(sharing_arns) or tuple(trust.standings)),
        "searched": tuple(dict.fromkeys(searched)),
        "account": part_of(concerned[0], "account"),
        **_obstacle(gravest, role.trust_policy, concerned[0]),
    }
    code = _WARNED[gravest]
    yield Caution(code, reason(code, **data), _SHOWN_BY)


def judge_standing(document: PolicyDocument, connector_arn: str) -> Standing:
    """Judge a trust policy for MSK Connect on behalf of a connector."""
    account = part_of(connector_arn, "account")
    if not account:
        return Standing.OPEN
    decision = _decide(document, account, connector_arn)
    if decision.outcome in _REFUSED:
        # Where some other connector's ARN may be admitted, it is the ARN that does not fit.
        stale = _decide(document, account, None).outcome not in _REFUSED
        return Standing.STALE_SOURCE_ARN if stale else Standing.REFUSED
    if not decision.allowed:
        return Standing.OPEN
    foreign = _decide(document, _FOREIGN_ACCOUNT, connector_arn.replace(f":{account}:", f":{_FOREIGN_ACCOUNT}:", 1))
    if foreign.allowed:
        return Standing.CONFUSED_DEPUTY
    return Standing.SOUND if foreign.outcome in _REFUSED else Standing.OPEN


def may_trust_msk_connect(document: PolicyDocument) -> bool:
    """Whether a trust policy admits MSK Connect for any connector at all, as far as can be judged."""
    asked = Request(("sts:AssumeRole",), service_principal(MSK_CONNECT_PRINCIPAL))
    return decide([document], asked).outcome in (Outcome.ALLOWED, Outcome.UNDECIDABLE)


def _obstacle(standing: Standing, document: PolicyDocument, connector_arn: str) -> dict[str, Datum]:
    """Name what stands in the way: the statements that deny, and those that nearly admit, with what they have."""
    if standing not in (Standing.REFUSED, Standing.STALE_SOURCE_ARN):
        return {}
    decision = _decide(document, part_of(connector_arn, "account"), connector_arn)
    near = described(() if decision.admitted else nearest(decision.misses))
    if standing is Standing.STALE_SOURCE_ARN:
        pinned = condition_values(document, "aws:SourceArn")
        return {"denied_by": decision.statements, "near": near["near"], "pinned": pinned}
    return {"denied_by": decision.statements, **near}


def _patterns(arns: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to admit as aws:SourceArn: by name, since a connector that is created anew has another UUID."""
    by_name = tuple(dict.fromkeys(f"{arn.rpartition('/')[0] or arn}/*" for arn in arns))
    if len(by_name) <= _MOST_PATTERNS:
        return by_name
    return tuple(dict.fromkeys(f"{arn.partition('/')[0]}/*" for arn in arns))


def _decide(document: PolicyDocument, account: str, connector_arn: str | None) -> Decision:
    """Judge MSK Connect's AssumeRole for a connector; without ARN, for one of the account that nobody knows."""
    context = service_context(MSK_CONNECT_PRINCIPAL, account, connector_arn)
    return decide([document], Request(("sts:AssumeRole",), service_principal(MSK_CONNECT_PRINCIPAL), context=context))
