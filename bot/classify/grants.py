"""Whether log delivery may write to an enabled destination.

Worker logs are vended logs: the service principal ``delivery.logs.amazonaws.com`` writes them, and what admits it is
the destination's own policy. Firehose is the exception: it has no resource policies, so a tag and a service-linked role
decide. What each destination needs is described under
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Any

from bot.model import (
    LOG_DELIVERY_PRINCIPAL,
    S3,
    BucketReading,
    Cause,
    Caution,
    CautionCode,
    CloudWatchLogs,
    Connector,
    DeliveryStreamReading,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Firehose,
    LogDestination,
    LogDestinationReading,
    LogGroupReading,
    Reason,
    ReasonCode,
    ResourcePolicy,
    Unavailable,
)
from bot.policy import Context, Outcome, Request, StartsWith, decide, service_principal

#: Lets log delivery write to streams that carry the tag; its actions name no single stream.
DELIVERY_TAG = "LogDeliveryEnabled"
DELIVERY_SERVICE_LINKED_ROLE = "AWSServiceRoleForLogDelivery"


_KEY_ACTIONS = (
    "kms:Encrypt",
    "kms:Decrypt",
    "kms:ReEncryptFrom",
    "kms:ReEncryptTo",
    "kms:GenerateDataKey",
    "kms:DescribeKey",
)


class GrantState(StrEnum):
    """Whether log delivery may write to a destination."""

    PRESENT = "present"
    MISSING = "missing"
    #: Something that decides could not be read, or holds a condition that nobody can judge from outside.
    UNREADABLE = "unreadable"
    #: Not read at all, as offline.
    UNCHECKED = "unchecked"


class Part(StrEnum):
    """One thing that log delivery needs: a policy statement under the Sid that AWS gives it, a tag, a role."""

    BUCKET_ACL = "AWSLogDeliveryAclCheck"
    BUCKET_WRITE = "AWSLogDeliveryWrite"
    KEY = "AWSLogDeliveryKey"
    LOG_GROUP = "AWSLogDeliveryWrite20150319"
    STREAM_TAG = DELIVERY_TAG
    STREAM_ROLE = DELIVERY_SERVICE_LINKED_ROLE


@dataclass(frozen=True, slots=True)
class PartGrant:
    """One part, judged."""

    part: Part
    state: GrantState
    #: The API operation whose answer shows it.
    operation: str
    #: Names of the policies that admit log delivery.
    policies: tuple[str, ...] = ()
    #: Sids of the Deny statements that shut it out.
    denied_by: tuple[str, ...] = ()
    #: Condition keys, operators or elements that could not be judged.
    doubts: tuple[str, ...] = ()
    #: The read that failed.
    gap: Unavailable | None = None
    #: The bucket is encrypted with a key of AWS, whose policy cannot be changed.
    aws_managed_key: bool = False
    #: The destination itself does not exist.
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Grant:
    """Everything that log delivery to one destination needs. Without parts: not read."""

    parts: tuple[PartGrant, ...] = ()

    @property
    def state(self) -> GrantState:
        """Missing wins over unreadable: what is known to be missing stays missing whatever the rest says."""
        states = {part.state for part in self.parts} or {GrantState.UNCHECKED}
        return next(state for state in _GRAVEST_FIRST if state in states)

    @property
    def policies(self) -> tuple[str, ...]:
        """Names of the policies that admit log delivery, each once."""
        return tuple(dict.fromkeys(name for part in self.parts for name in part.policies))

    @property
    def absent(self) -> bool:
        """Whether the destination does not exist, so that no policy helps."""
        return any(part.absent for part in self.parts)

    def in_state(self, state: GrantState) -> tuple[PartGrant, ...]:
        """Return the parts in this state."""
        return tuple(part for part in self.parts if part.state is state)


_GRAVEST_FIRST = (GrantState.MISSING, GrantState.UNREADABLE, GrantState.PRESENT, GrantState.UNCHECKED)


def judge(reading: LogDestinationReading, connector: Connector) -> Grant:
    """Judge what was read for one of the connector's log destinations."""
    match reading:
        case BucketReading():
            return Grant((*_bucket(reading, connector), *_key(reading, connector)))
        case LogGroupReading():
            return Grant((_log_group(reading, connector),))
        case DeliveryStreamReading():
            return Grant(tuple(_stream(reading)))


def judge_destination(evidence: Evidence, destination: LogDestination) -> Grant:
    """Judge a destination by what the evidence holds about it; unchecked where that is nothing."""
    reading = next((reading for reading in evidence.log_destinations if _is_about(reading, destination)), None)
    return Grant() if reading is None else judge(reading, evidence.connector)


def log_grants(evidence: Evidence, _: object) -> Iterator[Caution]:
    """Warn of each destination that log delivery may not write to, and of each where that is not known."""
    for reading in evidence.log_destinations:
        grant = judge(reading, evidence.connector)
        if missing := grant.in_state(GrantState.MISSING):
            yield _missing(reading, grant, missing)
        if unreadable := grant.in_state(GrantState.UNREADABLE):
            yield _unreadable(reading, unreadable)


def _is_about(reading: LogDestinationReading, destination: LogDestination) -> bool:
    match reading, destination:
        case BucketReading(bucket=name), S3(bucket=wanted):
            return name == wanted
        case LogGroupReading(log_group=name), CloudWatchLogs(log_group=wanted):
            return name == wanted
        case DeliveryStreamReading(delivery_stream=name), Firehose(delivery_stream=wanted):
            return name == wanted
    return False


# --- judging ---------------------------------------------------------------------------------------------------------


def _context(connector: Connector) -> Context:
    """Return what is known of every request of log delivery; AWS does not say what follows the account in the ARN."""
    known: dict[str, tuple[str | StartsWith, ...]] = {
        "aws:PrincipalIsAWSService": ("true",),
        "aws:PrincipalServiceName": (LOG_DELIVERY_PRINCIPAL,),
        "aws:SecureTransport": ("true",),
    }
    if connector.account:
        known["aws:SourceAccount"] = (connector.account,)
        known["aws:SourceArn"] = (StartsWith(f"{logs_arn(connector)}:"),)
    return known


def logs_arn(connector: Connector) -> str:
    """Return how the ARN of everything in CloudWatch Logs begins, in the connector's region and account."""
    return f"arn:{connector.partition}:logs:{connector.region}:{connector.account}"


def objects_arn(reading: BucketReading, connector: Connector) -> str:
    """Return the beginning of the ARNs of all objects that log delivery writes."""
    prefixes = (d.prefix for d in connector.log_destinations if isinstance(d, S3) and d.bucket == reading.bucket)
    prefix = next(prefixes, "").strip("/")
    folder = f"{prefix}/" if prefix else ""
    return f"arn:{connector.partition}:s3:::{reading.bucket}/{folder}AWSLogs/{connector.account}/"


def _bucket(reading: BucketReading, connector: Connector) -> Iterator[PartGrant]:
    context = _context(connector)
    bucket = f"arn:{connector.partition}:s3:::{reading.bucket}"
    if _is_absent(reading.policy):
        for part in (Part.BUCKET_ACL, Part.BUCKET_WRITE):
            yield PartGrant(part, GrantState.MISSING, "s3:GetBucketPolicy", absent=True)
        return
    check = Request(("s3:GetBucketAcl",), resource=bucket, context={**context, "s3:x-amz-acl": ()})
    write = Request(
        ("s3:PutObject",),
        resource=StartsWith(objects_arn(reading, connector)),
        context={**context, "s3:x-amz-acl": ("bucket-owner-full-control",)},
    )
    yield _judge_policies(Part.BUCKET_ACL, "s3:GetBucketPolicy", (reading.policy,), check)
    yield _judge_policies(Part.BUCKET_WRITE, "s3:GetBucketPolicy", (reading.policy,), write)


def _key(reading: BucketReading, connector: Connector) -> Iterator[PartGrant]:
    if not reading.kms_key or _is_absent(reading.policy):
        return
    if isinstance(reading.kms_key, Unavailable):
        yield PartGrant(Part.KEY, GrantState.UNREADABLE, reading.kms_key.operation, gap=reading.kms_key)
        return
    if "alias/aws/" in reading.kms_key:
        yield PartGrant(Part.KEY, GrantState.MISSING, "s3:GetBucketEncryption", aws_managed_key=True)
        return
    key = reading.kms_key if ":key/" in reading.kms_key else StartsWith(f"arn:{connector.partition}:kms:")
    use = Request(_KEY_ACTIONS, resource=key, context=_context(connector))
    if reading.key_policy is None:
        # Every key has a policy, so none at all means that it was not read.
        yield PartGrant(Part.KEY, GrantState.UNREADABLE, "kms:GetKeyPolicy")
        return
    yield _judge_policies(Part.KEY, "kms:GetKeyPolicy", (reading.key_policy,), use)


def _log_group(reading: LogGroupReading, connector: Connector) -> PartGrant:
    streams = StartsWith(f"{logs_arn(connector)}:log-group:{reading.log_group}:log-stream:")
    write = Request(("logs:CreateLogStream", "logs:PutLogEvents"), resource=streams, context=_context(connector))
    policies: list[ResourcePolicy | Unavailable | None] = []
    for scope in (reading.account_policies, reading.group_policies):
        policies += [scope] if isinstance(scope, Unavailable) else scope
    return _judge_policies(Part.LOG_GROUP, "logs:DescribeResourcePolicies", policies, write)


def _stream(reading: DeliveryStreamReading) -> Iterator[PartGrant]:
    tags, role = reading.tags, reading.service_linked_role
    yield _judge_fact(
        Part.STREAM_TAG,
        "firehose:ListTagsForDeliveryStream",
        tags if isinstance(tags, Unavailable) else tags.get(DELIVERY_TAG) == "true",
    )
    yield _judge_fact(Part.STREAM_ROLE, "iam:GetRole", role)


def _is_absent(read: object) -> bool:
    """Whether AWS says that what was to be read about does not exist; a bucket without policy is none of these."""
    return isinstance(read, Unavailable) and read.cause is Cause.NOT_FOUND


def _judge_fact(part: Part, operation: str, holds: bool | Unavailable) -> PartGrant:
    if _is_absent(holds):
        return PartGrant(part, GrantState.MISSING, operation, absent=True)
    if isinstance(holds, Unavailable):
        return PartGrant(part, GrantState.UNREADABLE, operation, gap=holds)
    return PartGrant(part, GrantState.PRESENT if holds else GrantState.MISSING, operation)


def _judge_policies(
    part: Part, operation: str, read: list[ResourcePolicy | Unavailable | None] | tuple[Any, ...], asked: Request
) -> PartGrant:
    """Judge a request of log delivery by policies that count together; one that was not read may hold a Deny."""
    asked = replace(asked, principal=service_principal(LOG_DELIVERY_PRINCIPAL))
    policies = [policy for policy in read if isinstance(policy, ResourcePolicy)]
    decision = decide((policy.document for policy in policies), asked)
    gap = next((failed for failed in read if isinstance(failed, Unavailable)), None)
    if decision.outcome is Outcome.DENIED:
        return PartGrant(part, GrantState.MISSING, operation, denied_by=decision.statements)
    if gap is not None:
        return PartGrant(part, GrantState.UNREADABLE, operation, gap=gap)
    if decision.outcome is Outcome.UNDECIDABLE:
        return PartGrant(part, GrantState.UNREADABLE, operation, doubts=decision.doubts)
    if decision.outcome is Outcome.NOT_ADMITTED:
        return PartGrant(part, GrantState.MISSING, operation)
    admitting = [p.name for p in policies if decide([p.document], asked).outcome is not Outcome.NOT_ADMITTED]
    return PartGrant(part, GrantState.PRESENT, operation, policies=tuple(admitting))


# --- warnings --------------------------------------------------------------------------------------------------------


def _missing(reading: LogDestinationReading, grant: Grant, missing: tuple[PartGrant, ...]) -> Caution:
    present = grant.in_state(GrantState.PRESENT)
    denied = tuple(dict.fromkeys(sid for part in missing for sid in part.denied_by))
    lacked = {part.part for part in missing}
    code: str = CautionCode.LOG_GRANT_MISSING
    if grant.absent:
        code = ReasonCode.LOG_DESTINATION_ABSENT
    elif denied:
        code = ReasonCode.LOG_GRANT_DENIED
    elif any(part.aws_managed_key for part in missing):
        code = ReasonCode.LOG_GRANT_AWS_MANAGED_KEY
    elif Part.KEY in lacked:
        code = ReasonCode.LOG_GRANT_KEY
    elif lacked == {Part.BUCKET_ACL} and present:
        # Only this part may be dispensable: AWS's own article leaves it out.
        code = ReasonCode.LOG_GRANT_HALF_PRESENT
    key = str(reading.kms_key) if isinstance(reading, BucketReading) and code == ReasonCode.LOG_GRANT_KEY else ""
    data = {
        **_named(reading),
        "missing": _listed(part.part for part in missing if not (key and part.part is Part.KEY)),
        "key": key,
        "present": _listed(part.part for part in present),
        "denied_by": _listed(denied),
        "account_policies": _account_policies(reading),
    }
    return Caution(CautionCode.LOG_GRANT_MISSING, _reason(code, data), _shown_by(missing))


def _unreadable(reading: LogDestinationReading, unreadable: tuple[PartGrant, ...]) -> Caution:
    doubts = tuple(dict.fromkeys(doubt for part in unreadable for doubt in part.doubts))
    gaps = [part.gap for part in unreadable if part.gap is not None]
    data = {
        **_named(reading),
        "unreadable": _listed(part.part for part in unreadable),
        "doubts": _listed(doubts),
        "operation": _listed(dict.fromkeys(gap.operation for gap in gaps)),
        "cause": _listed(dict.fromkeys(gap.cause for gap in gaps)),
    }
    code = ReasonCode.LOG_GRANT_UNDECIDED if doubts and not gaps else CautionCode.LOG_GRANT_UNREADABLE
    return Caution(CautionCode.LOG_GRANT_UNREADABLE, _reason(code, data), _shown_by(unreadable))


def _account_policies(reading: LogDestinationReading) -> str:
    """How many of the ten resource policies that an account may have in CloudWatch Logs are taken."""
    if not isinstance(reading, LogGroupReading) or isinstance(reading.account_policies, Unavailable):
        return ""
    return str(len(reading.account_policies))


def _reason(code: str, data: Mapping[str, str]) -> Reason:
    return Reason(code, {name: value for name, value in data.items() if value})


def _listed(names: Any) -> str:
    return ", ".join(names)


def _shown_by(parts: tuple[PartGrant, ...]) -> tuple[EvidenceRef, ...]:
    return tuple(dict.fromkeys(EvidenceRef(EvidenceKind.API, part.operation) for part in parts))


def _named(reading: LogDestinationReading) -> dict[str, str]:
    match reading:
        case BucketReading(bucket=name):
            return {"destination": "s3", "name": name}
        case LogGroupReading(log_group=name):
            return {"destination": "logs", "name": name}
        case DeliveryStreamReading(delivery_stream=name):
            return {"destination": "firehose", "name": name}
