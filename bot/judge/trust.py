"""What the role's trust policy says to MSK Connect on behalf of a connector, and to others.

MSK Connect assumes the role with ``aws:SourceAccount`` and ``aws:SourceArn`` set to the connector's, which a trust
policy can check against the confused deputy problem:
https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-service-execution-role.html.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from types import MappingProxyType

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
    Reason,
    ReasonCode,
    Role,
    Standing,
    Trust,
    Unavailable,
    reason,
)
from bot.policy import (
    Context,
    Decision,
    Outcome,
    Principal,
    Request,
    StartsWith,
    Stranger,
    condition_values,
    decide,
    principals,
    service_principal,
)

_SHOWN_BY = (EvidenceRef(EvidenceKind.API, "iam:GetRole"),)
_REFUSED = (Outcome.DENIED, Outcome.NOT_ADMITTED)
#: An account whose connectors nobody means to serve.
_FOREIGN_ACCOUNT = "000000000000"
#: The id that a policy keeps of a user or role which was deleted.
_DELETED = re.compile(r"A(?:ROA|IDA)[A-Z0-9]{12,}")
#: Keys whose value whoever calls may choose, so that a condition on them keeps nobody out.
_CHOSEN = re.compile(
    r"aws:(principalarn|userid|useragent|requestedregion|tagkeys|(principal|request)tag/.*)"
    r"|sts:(rolesessionname|sourceidentity|transitivetagkeys)"
)
#: Connectors that a remedy names one by one; of more it names regions, so that no list can be cut.
_MOST_PATTERNS = 6
_NOTHING: Context = MappingProxyType({})
#: Gravest first.
_WARNED: Mapping[Standing, CautionCode] = {
    Standing.REFUSED: CautionCode.TRUST_POLICY_DENIES_MSK_CONNECT,
    Standing.STALE_SOURCE_ARN: CautionCode.TRUST_POLICY_STALE_SOURCE_ARN,
    Standing.CONFUSED_DEPUTY: CautionCode.TRUST_POLICY_CONFUSED_DEPUTY,
    Standing.OPEN: CautionCode.TRUST_POLICY_UNDECIDED,
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
        others=tuple(name for name in named if name != MSK_CONNECT_PRINCIPAL and not _DELETED.fullmatch(name)),
        deleted=tuple(name for name in named if _DELETED.fullmatch(name)),
        open_by=_open_by(role.trust_policy, part_of(role.arn, "partition")),
    )


def trust_cautions(
    role: Role | Unavailable | None, trust: Trust | None, sharing_arns: Sequence[str], searched: Sequence[str]
) -> Iterator[Caution]:
    """Warn of what the trust policy does: whom it lets in, and of MSK Connect the gravest alone.

    One policy serves every connector. Silent where an ARN says nothing. ``sharing_arns`` are all connectors that name
    the role, none of which a remedy may lock out; ``searched`` the regions they were looked for in.
    """
    if not isinstance(role, Role) or trust is None:
        return
    patterns = _patterns(tuple(sharing_arns) or tuple(trust.standings))
    if trust.open_by:
        code = CautionCode.ROLE_OPEN_TO_ANYBODY
        yield Caution(code, reason(code, open_by=trust.open_by, **_relying(role, trust, patterns)), _SHOWN_BY)
    standings = {arn: standing for arn, standing in trust.standings.items() if _warns(role, trust, arn)}
    gravest = next((standing for standing in _WARNED if standing in standings.values()), None)
    if gravest is None:
        return
    concerned = [arn for arn, standing in standings.items() if standing is gravest]
    obstacle = _obstacle(gravest, role.trust_policy, concerned[0])
    data: dict[str, Datum] = {
        "connectors": tuple(dict.fromkeys(connector_name(arn) or arn for arn in concerned)),
        "patterns": patterns,
        "searched": tuple(dict.fromkeys(searched)),
        "account": part_of(concerned[0], "account"),
        **obstacle.data,
    }
    yield Caution(_WARNED[gravest], reason(obstacle.code, **data), _SHOWN_BY)


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
    foreign = _decide_foreign(document, connector_arn)
    if foreign.allowed:
        return Standing.CONFUSED_DEPUTY
    return Standing.SOUND if foreign.outcome in _REFUSED else Standing.OPEN


def may_trust_msk_connect(document: PolicyDocument) -> bool:
    """Whether a trust policy admits MSK Connect for any connector at all, as far as can be judged."""
    asked = Request(("sts:AssumeRole",), service_principal(MSK_CONNECT_PRINCIPAL))
    return decide([document], asked).outcome in (Outcome.ALLOWED, Outcome.UNDECIDABLE)


def _obstacle(standing: Standing, document: PolicyDocument, connector_arn: str) -> Reason:
    """Name what stands in the way: the statements that deny, and those that nearly admit, with what they have."""
    decision = _decide(document, part_of(connector_arn, "account"), connector_arn)
    code = _WARNED[standing]
    if standing is Standing.OPEN:
        return _doubt(document, connector_arn, decision)
    if standing is Standing.CONFUSED_DEPUTY:
        return reason(code)
    near = described(() if decision.admitted else nearest(decision.misses))
    if standing is Standing.STALE_SOURCE_ARN:
        pinned = condition_values(document, "aws:SourceArn")
        near = {"near": near["near"], "placeholders": near["placeholders"], "pinned": pinned}
    # Where the account alone is in the way, it is all that a cure has to name.
    accounts = near["has"] if near.get("unfit") == ("aws:SourceAccount",) and not near["demanded"] else ()
    return reason(code, denied_by=decision.statements, accounts=accounts, **near)


def _doubt(document: PolicyDocument, connector_arn: str, decision: Decision) -> Reason:
    """Name what leaves it open, for the connector or for one of another account; an address very likely refuses."""
    anywhere = _decide(document, part_of(connector_arn, "account"), connector_arn, {"aws:SourceIp": ()})
    open_one = _decide_foreign(document, connector_arn) if decision.allowed else decision
    likely = anywhere.outcome in _REFUSED
    code = ReasonCode.TRUST_POLICY_UNDECIDED_BY_ADDRESS if likely else CautionCode.TRUST_POLICY_UNDECIDED
    return reason(code, doubts=open_one.doubts, doubtful=open_one.statements)


def _warns(role: Role, trust: Trust, connector_arn: str) -> bool:
    """Whether a standing is worth a warning beside that of a role which is open to anybody.

    Not where another account comes in by nothing else; nor for a connector whose ARN says nothing.
    """
    account = part_of(connector_arn, "account")
    if not account or trust.standings[connector_arn] in (Standing.REFUSED, Standing.STALE_SOURCE_ARN):
        return bool(account)
    own, foreign = _decide(role.trust_policy, account, connector_arn), _decide_foreign(role.trust_policy, connector_arn)
    return not own.allowed or not set(foreign.statements) <= set(trust.open_by)


def _relying(role: Role, trust: Trust, patterns: tuple[str, ...]) -> dict[str, Datum]:
    """Return what a statement of its own must hold MSK Connect to, where only what is open to all admits it."""
    for arn in trust.standings:
        account = part_of(arn, "account")
        decision = _decide(role.trust_policy, account, arn)
        if decision.allowed and set(decision.statements) <= set(trust.open_by):
            return {"account": account, "patterns": patterns}
    return {}


def _open_by(document: PolicyDocument, partition: str) -> tuple[str, ...]:
    """Return the statements by which somebody of an account that nobody knows may assume the role."""
    for organisation in ((), (Stranger(),)):
        context: Context = {
            "aws:PrincipalAccount": (_FOREIGN_ACCOUNT,),
            "aws:PrincipalArn": (StartsWith(f"arn:{partition}:iam::{_FOREIGN_ACCOUNT}:"),),
            "aws:PrincipalOrgID": organisation,
            "aws:PrincipalOrgPaths": organisation,
            "aws:PrincipalIsAWSService": ("false",),
            "aws:MultiFactorAuthPresent": ("true",),
            "aws:MultiFactorAuthAge": ("1",),
            "aws:SecureTransport": ("true",),
            # These are of a service's call.
            **dict.fromkeys(("aws:PrincipalServiceName", "aws:SourceAccount", "aws:SourceArn", "aws:SourceOrgID"), ()),
        }
        decision = decide([document], Request(("sts:AssumeRole",), Principal("AWS", frozenset()), context=context))
        chosen = bool(decision.doubts) and all(_CHOSEN.fullmatch(doubt.lower()) for doubt in decision.doubts)
        if decision.allowed or (chosen and not decision.admitted):
            return decision.statements
    return ()


def _patterns(arns: tuple[str, ...]) -> tuple[str, ...]:
    """Return what to admit as aws:SourceArn: by name, since a connector that is created anew has another UUID."""
    by_name = tuple(dict.fromkeys(f"{arn.rpartition('/')[0] or arn}/*" for arn in arns))
    if len(by_name) <= _MOST_PATTERNS:
        return by_name
    return tuple(dict.fromkeys(f"{arn.partition('/')[0]}/*" for arn in arns))


def _decide_foreign(document: PolicyDocument, connector_arn: str) -> Decision:
    """Judge MSK Connect's AssumeRole for the connector's like in another account."""
    account = part_of(connector_arn, "account")
    return _decide(document, _FOREIGN_ACCOUNT, connector_arn.replace(f":{account}:", f":{_FOREIGN_ACCOUNT}:", 1))


def _decide(document: PolicyDocument, account: str, connector_arn: str | None, more: Context = _NOTHING) -> Decision:
    """Judge MSK Connect's AssumeRole for a connector; without ARN, for one of the account that nobody knows."""
    context = {**service_context(MSK_CONNECT_PRINCIPAL, account, connector_arn), **more}
    return decide([document], Request(("sts:AssumeRole",), service_principal(MSK_CONNECT_PRINCIPAL), context=context))
