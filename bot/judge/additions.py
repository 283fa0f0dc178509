"""The policy that would let log delivery write, filled in and ready to paste."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import replace
from typing import Any

from bot.judge.log_context import MOST_LOG_POLICIES, bucket_arn, logs_arn, objects_arn
from bot.model import (
    LOG_DELIVERY_PRINCIPAL,
    Addition,
    BucketState,
    Connector,
    GrantState,
    LogDestinationState,
    LogGrant,
    LogGroupState,
    LogPermission,
    PolicyDocument,
    PolicyTarget,
    ResourcePolicy,
    Unavailable,
)
from bot.policy import sids


def additions(state: LogDestinationState, grant: LogGrant, connector: Connector) -> tuple[Addition, ...]:
    """Return what to add where, so that log delivery may write.

    Nothing where nothing is known to be missing, where a Deny stands in the way, and where no policy helps: a stream's
    tag and role, a key that AWS manages, and a destination that does not exist.
    """
    fillable = {
        part.part
        for part in grant.in_state(GrantState.MISSING)
        if not (part.denied_by or part.aws_managed_key or part.absent) and part.part in _STATEMENTS
    }
    if not connector.account:
        return ()
    return tuple(
        replace(_placed(state, connector), target=target, resource=resource, document=document)
        for target, resource, wanted, taken in _targets(state)
        if (parts := [part for part in wanted if part in fillable])
        and (document := _document(parts, state, connector, taken))
    )


def _placed(state: LogDestinationState, connector: Connector) -> Addition:
    """Say where a policy goes: to the log group itself where AWS would refuse the account another one."""
    blank = Addition(PolicyTarget.BUCKET, "", {})
    if not isinstance(state, LogGroupState) or isinstance(state.account_policies, Unavailable):
        return blank
    if len(state.account_policies) < MOST_LOG_POLICIES:
        return replace(blank, name=_free_name(state.account_policies))
    arn = f"{logs_arn(connector)}:log-group:{state.log_group}"
    return replace(blank, resource_arn=arn, merged=bool(state.group_policies))


def _targets(
    state: LogDestinationState,
) -> Iterator[tuple[PolicyTarget, str, tuple[LogPermission, ...], frozenset[str]]]:
    match state:
        case BucketState(bucket=bucket, policy=policy, kms_key=key, key_policy=key_policy):
            yield PolicyTarget.BUCKET, bucket, (LogPermission.BUCKET_ACL, LogPermission.BUCKET_WRITE), _sids_of(policy)
            yield PolicyTarget.KEY, str(key), (LogPermission.KEY,), _sids_of(key_policy)
        case LogGroupState(log_group=log_group):
            # A resource policy of its own, so no Sid is taken in it.
            yield PolicyTarget.LOG_GROUP, log_group, (LogPermission.LOG_GROUP,), frozenset()


def _sids_of(policy: ResourcePolicy | Unavailable | None) -> frozenset[str]:
    return sids(policy.document) if isinstance(policy, ResourcePolicy) else frozenset()


def _document(
    parts: list[LogPermission], state: LogDestinationState, connector: Connector, taken: frozenset[str]
) -> PolicyDocument:
    return {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": _free(part.value, taken),
                "Effect": "Allow",
                "Principal": {"Service": LOG_DELIVERY_PRINCIPAL},
                **_STATEMENTS[part](state, connector),
            }
            for part in parts
        ],
    }


def _free_name(policies: Iterable[ResourcePolicy]) -> str:
    return _free(LogPermission.LOG_GROUP.value, frozenset(policy.name for policy in policies))


def _free(name: str, taken: frozenset[str]) -> str:
    """Return AWS's own name for it, marked where that is taken. Sids are unique in a policy and hold no hyphens."""
    names = (name, *(f"{name}V{number}" for number in range(2, len(taken) + 2)))
    return next(free for free in names if free not in taken)


def _literal(text: str) -> str:
    """Spell what a policy would read as a wildcard or a variable; a prefix may hold any character."""
    return re.sub(r"[*?$]", lambda special: f"${{{special[0]}}}", text)


def _source_conditions(connector: Connector, **more: str) -> dict[str, Any]:
    return {
        "StringEquals": {**more, "aws:SourceAccount": connector.account},
        "ArnLike": {"aws:SourceArn": f"{logs_arn(connector)}:*"},
    }


def _acl_statement(state: Any, connector: Connector) -> dict[str, Any]:
    return {
        "Action": "s3:GetBucketAcl",
        "Resource": bucket_arn(state, connector),
        "Condition": _source_conditions(connector),
    }


def _write_statement(state: Any, connector: Connector) -> dict[str, Any]:
    return {
        "Action": "s3:PutObject",
        "Resource": f"{_literal(objects_arn(state, connector))}*",
        "Condition": _source_conditions(connector, **{"s3:x-amz-acl": "bucket-owner-full-control"}),
    }


def _key_statement(_: Any, connector: Connector) -> dict[str, Any]:
    return {
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": _source_conditions(connector),
    }


def _log_group_statement(state: Any, connector: Connector) -> dict[str, Any]:
    return {
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"{logs_arn(connector)}:log-group:{state.log_group}:log-stream:*",
        "Condition": _source_conditions(connector),
    }


_STATEMENTS: Mapping[LogPermission, Callable[[Any, Connector], dict[str, Any]]] = {
    LogPermission.BUCKET_ACL: _acl_statement,
    LogPermission.BUCKET_WRITE: _write_statement,
    LogPermission.KEY: _key_statement,
    LogPermission.LOG_GROUP: _log_group_statement,
}
