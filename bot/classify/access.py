"""Turns one access of a catalogue entry into a finding: the first rule that holds decides."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from bot.arn import parse_arn
from bot.catalogue.entry import ALWAYS, Access, Knowledge, Rule
from bot.classify.connector import keys, principal_of, shown_class
from bot.classify.endpoint import is_aws, shown_host
from bot.classify.jdbc_url import enters_otherwise, parse_jdbc_url
from bot.classify.reference import has_reference
from bot.classify.resources import fill, split
from bot.classify.scope import Scope, Setting, deciding, holds
from bot.model import Activity, Basis, Connector, Datum, Finding, PermissionPath, Reason, ReasonCode, reason

_SERVICE = re.compile(r"[a-z0-9-]{1,63}")
_ACCOUNT = re.compile(r"(?P<account>\d{12})(?!\d)")
#: What the execution role needs where another role does the work.
ASSUME_ROLE = "sts:AssumeRole"


def access_finding(access: Access, outer: Scope, connector: Connector, evidence: tuple[str, ...]) -> Finding | None:
    """Return what a plugin needs of one system, or None where it does not talk to it.

    ``outer`` holds the plugin's settings, ``evidence`` the keys that chose the plugin.
    """
    scope = outer.narrowed(access.prefixes)
    subject = _subject(access, scope)
    if not subject or not holds(access.when, scope):
        return None
    decision = _by_endpoint(access, scope) or _by_rule(access, scope)
    path = decision.path
    needs_iam = access.activity is Activity.AWS_ACCESS and path is not PermissionPath.NO_IAM
    role_arn = decision.role_arn
    return Finding(
        activity=access.activity,
        component=access.component,
        subject=subject,
        path=path,
        via=decision.via,
        basis=decision.basis,
        reason=decision.reason,
        source=access.source,
        principal=principal_of(connector, path, role_arn),
        actions=(*_actions(access, scope), *assuming(decision.via)) if needs_iam else (),
        resources=tuple(
            dict.fromkeys((*_resources(access, scope, connector, role_arn), *assumed(decision.via, role_arn)))
        )
        if needs_iam
        else (),
        timing=access.timing,
        evidence=keys(*evidence, *(s.name for s in deciding(access.when, scope)), *decision.decided_by),
    )


def assuming(via: PermissionPath | None) -> tuple[str, ...]:
    """Return the action that the execution role itself needs where it assumes another role."""
    return (ASSUME_ROLE,) if via is PermissionPath.EXECUTION_ROLE else ()


def assumed(via: PermissionPath | None, role_arn: str | None) -> tuple[str, ...]:
    """Return the role that the execution role has to be allowed to assume, where it is known."""
    return (role_arn,) if role_arn and via is PermissionPath.EXECUTION_ROLE else ()


@dataclass(frozen=True, slots=True)
class _Decision:
    path: PermissionPath
    basis: Basis
    reason: Reason
    decided_by: tuple[str, ...]
    via: PermissionPath | None = None
    role_arn: str | None = None


def _subject(access: Access, scope: Scope) -> str:
    if access.subject_key:
        named = scope.value(access.subject_key).lower()
        return named if _SERVICE.fullmatch(named) else access.subject
    if access.jdbc_url:
        url = parse_jdbc_url(scope.value(access.jdbc_url))
        return "" if enters_otherwise(url, scope.properties) else url.system or access.subject
    return access.subject


def _by_endpoint(access: Access, scope: Scope) -> _Decision | None:
    """Decide by an endpoint that is not AWS's: whatever credentials are sent there, IAM does not judge them."""
    for endpoint in access.endpoints:
        setting = scope.find(endpoint.key) if holds(endpoint.when, scope) else None
        if setting and has_reference(setting.value):
            unresolved = Reason(ReasonCode.ENDPOINT_UNRESOLVED, {"keys": (setting.name,)})
            return _Decision(PermissionPath.UNKNOWN, Basis.UNKNOWN, unresolved, (setting.name,))
        if setting and not is_aws(setting.value):
            told = reason(
                ReasonCode.ENDPOINT_PERHAPS_AWS if endpoint.custom_domains else ReasonCode.ENDPOINT_NOT_AWS,
                key=setting.name,
                keys=(setting.name,),
                host=shown_host(setting.value),
            )
            if endpoint.custom_domains:
                return _Decision(PermissionPath.UNKNOWN, Basis.UNKNOWN, told, (setting.name,))
            return _Decision(PermissionPath.NO_IAM, Basis.CONFIGURED, told, (setting.name,))
    return None


def _by_rule(access: Access, scope: Scope) -> _Decision:
    rule = next(rule for rule in access.rules if holds(rule.when, scope))
    role = scope.find(rule.role)
    role_arn = role.value if role and parse_arn(role.value) else None
    settings = [*deciding(rule.when, scope), *([role] if role else [])]
    return _Decision(
        path=rule.path,
        basis=_basis(rule, access),
        reason=_reason(rule, access, role_arn, settings),
        decided_by=tuple(setting.name for setting in settings),
        via=rule.via,
        role_arn=role_arn,
    )


def _basis(rule: Rule, access: Access) -> Basis:
    if rule.path is PermissionPath.UNKNOWN:
        return Basis.UNKNOWN
    # Where no key decides, the plugin's own default does, which its source or documentation tells.
    return Basis.DOCUMENTED if rule.when == ALWAYS or _is_unverified(rule, access) else Basis.CONFIGURED


def _is_unverified(rule: Rule, access: Access) -> bool:
    return not rule.verified or access.knowledge is Knowledge.UNVERIFIED


def _reason(rule: Rule, access: Access, role_arn: str | None, settings: list[Setting]) -> Reason:
    data: dict[str, Datum] = {"role": role_arn} if role_arn else {}
    if rule.reason is ReasonCode.CREDENTIALS_PROVIDER_UNKNOWN and (named := _class_among(settings)):
        data["class"] = named
    if settings:
        data["keys"] = tuple(dict.fromkeys(setting.name for setting in settings))
    if _is_unverified(rule, access) and rule.path is not PermissionPath.UNKNOWN:
        return Reason(ReasonCode.UNVERIFIED_CLAIM, data)
    return Reason(rule.reason, data)


def _class_among(settings: list[Setting]) -> str:
    """Return the class that the settings name, as far as one of them has the shape of one."""
    return next((value for setting in settings if "." in (value := shown_class(setting.value))), "")


def _actions(access: Access, scope: Scope) -> Iterator[str]:
    for group in access.actions:
        if holds(group.when, scope):
            yield from group.names


def _resources(access: Access, scope: Scope, connector: Connector, role_arn: str | None) -> Iterator[str]:
    # What an assumed role works on is most often in its own account.
    assumed = parse_arn(role_arn) if role_arn else None
    account = assumed.account if assumed else connector.account
    known = {
        "partition": connector.partition,
        "region": _or_any(scope.value(access.region)) or connector.region or "*",
        "account": _account(scope.value(access.account)) or account or "*",
    }
    extracted = [
        match.groupdict()
        for extract in access.extract
        for match in extract.pattern.finditer(_literal(scope.value(extract.key)))
    ]

    def lookup(name: str) -> Iterable[str]:
        if name in known:
            return (known[name],)
        found = [groups[name] for groups in extracted if groups.get(name)]
        return found or split(scope.value(tuple(name.split("|"))))

    for template in access.resources:
        yield from fill(template, lookup)


def _or_any(value: str) -> str:
    return "*" if has_reference(value) else value


def _account(value: str) -> str:
    """Return the account that a setting names, perhaps with more behind it; any account where it cannot be read."""
    match = _ACCOUNT.match(value)
    return match["account"] if match else "*" if value else ""


def _literal(value: str) -> str:
    return "" if has_reference(value) else value
