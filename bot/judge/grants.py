"""Whether log delivery may write to an enabled destination.

Worker logs are vended logs: the service principal ``delivery.logs.amazonaws.com`` writes them, and what admits it is
the destination's own policy. Firehose is the exception: it has no resource policies, so a tag and a service-linked role
decide. What each destination needs is described under
https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-and-resource-policy.html.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace

from bot.judge.additions import additions
from bot.judge.log_context import LONGEST_LOG_POLICY, MOST_LOG_POLICIES, bucket_arn, logs_arn, objects_arn
from bot.judge.near import described, nearest
from bot.judge.service_call import service_context
from bot.model import (
    LOG_DELIVERY_PRINCIPAL,
    LOG_DELIVERY_SERVICE_LINKED_ROLE,
    LOG_DELIVERY_TAG,
    S3,
    Activity,
    Basis,
    BucketState,
    Cause,
    Caution,
    CautionCode,
    CloudWatchLogs,
    Connector,
    Datum,
    DeliveryStreamState,
    DestinationGrant,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Finding,
    Firehose,
    GrantState,
    LogDestination,
    LogDestinationState,
    LogGrant,
    LogGroupState,
    LogPermission,
    PermissionGrant,
    ReasonCode,
    ResourcePolicy,
    Unavailable,
    reason,
)
from bot.policy import Context, OneOf, Outcome, Request, StartsWith, decide, service_principal

#: What S3 needs of a key for a put: https://docs.aws.amazon.com/AmazonS3/latest/userguide/UsingKMSEncryption.html.
_KEY_ACTION = "kms:GenerateDataKey"
#: What AWS's page on log delivery asks for besides, as it spells that, and the actions it means.
_KEY_ACTIONS_BESIDES = {
    "kms:Encrypt": ("kms:Encrypt",),
    "kms:Decrypt": ("kms:Decrypt",),
    "kms:ReEncrypt*": ("kms:ReEncryptFrom", "kms:ReEncryptTo"),
    "kms:DescribeKey": ("kms:DescribeKey",),
}
_S3_ARN = "kms:EncryptionContext:aws:s3:arn"
#: S3's answer to whoever asks for the policy of another account's bucket, whatever permissions they have.
_ANOTHER_ACCOUNTS = "MethodNotAllowed"
#: IAM's prefix of the service behind each kind of destination, by which findings name it.
_SUBJECTS: dict[type[LogDestination], str] = {S3: "s3", CloudWatchLogs: "logs", Firehose: "firehose"}


def destination_grants(evidence: Evidence) -> tuple[DestinationGrant, ...]:
    """Judge every enabled log destination of the connector; unchecked where nothing was read of it."""
    return tuple(_destination(evidence, destination) for destination in evidence.connector.log_destinations)


def observed(findings: Iterable[Finding], granted: Sequence[DestinationGrant]) -> Iterator[Finding]:
    """Yield the findings, those about worker logs with what was read that shows their grant."""
    shown = {_SUBJECTS[type(each.destination)]: each for each in granted if each.grant.state is GrantState.PRESENT}
    for finding in findings:
        if finding.activity is Activity.WORKER_LOGS and finding.subject in shown:
            evidence = (*finding.evidence, *_shown_grant(shown[finding.subject]))
            yield replace(finding, basis=Basis.OBSERVED, evidence=evidence)
        else:
            yield finding


def grant_cautions(granted: Sequence[DestinationGrant]) -> Iterator[Caution]:
    """Warn of each destination that log delivery may not write to, and of each where that is not known."""
    for each in granted:
        if each.state is None:
            continue
        if missing := each.grant.in_state(GrantState.MISSING):
            yield _missing(each.state, each.grant, missing)
            yield from _quota(each.state, missing)
        if unreadable := each.grant.in_state(GrantState.UNREADABLE):
            yield _unreadable(each.state, unreadable)


def judge_state(state: LogDestinationState, connector: Connector) -> LogGrant:
    """Judge what was read of one of the connector's log destinations."""
    match state:
        case BucketState():
            return LogGrant((*_bucket(state, connector), *_key(state, connector)))
        case LogGroupState():
            return LogGrant((_log_group(state, connector),))
        case DeliveryStreamState():
            return LogGrant(tuple(_stream(state)))


def _destination(evidence: Evidence, destination: LogDestination) -> DestinationGrant:
    state = next((state for state in evidence.log_destinations if _is_about(state, destination)), None)
    if state is None:
        return DestinationGrant(destination, None, LogGrant())
    grant = judge_state(state, evidence.connector)
    return DestinationGrant(destination, state, grant, additions(state, grant, evidence.connector))


def _shown_grant(granted: DestinationGrant) -> tuple[EvidenceRef, ...]:
    """Return what was read that shows a grant: policies, or of a stream its tag and the role that writes."""
    if isinstance(granted.destination, Firehose):
        names = (f"{LOG_DELIVERY_TAG}=true", LOG_DELIVERY_SERVICE_LINKED_ROLE)
        return tuple(EvidenceRef(EvidenceKind.API, name) for name in names)
    return tuple(EvidenceRef(EvidenceKind.POLICY, name) for name in granted.grant.policies)


def _is_about(state: LogDestinationState, destination: LogDestination) -> bool:
    match state, destination:
        case BucketState(bucket=name), S3(bucket=wanted):
            return name == wanted
        case LogGroupState(log_group=name), CloudWatchLogs(log_group=wanted):
            return name == wanted
        case DeliveryStreamState(delivery_stream=name), Firehose(delivery_stream=wanted):
            return name == wanted
    return False


# --- judging ---------------------------------------------------------------------------------------------------------


def _context(connector: Connector) -> Context:
    """Return what is known of every request of log delivery; AWS does not say what follows the account in the ARN."""
    source = StartsWith(f"{logs_arn(connector)}:") if connector.account else None
    return service_context(LOG_DELIVERY_PRINCIPAL, connector.account, source)


def _bucket(state: BucketState, connector: Connector) -> Iterator[PermissionGrant]:
    context = _context(connector)
    bucket = bucket_arn(state, connector)
    if _is_absent(state.policy):
        for part in (LogPermission.BUCKET_ACL, LogPermission.BUCKET_WRITE):
            yield PermissionGrant(part, GrantState.MISSING, "s3:GetBucketPolicy", absent=True)
        return
    check = Request(("s3:GetBucketAcl",), resource=bucket, context={**context, "s3:x-amz-acl": ()})
    write = Request(
        ("s3:PutObject",),
        resource=StartsWith(objects_arn(state, connector)),
        context={**context, "s3:x-amz-acl": ("bucket-owner-full-control",)},
    )
    yield _judge_policies(LogPermission.BUCKET_ACL, "s3:GetBucketPolicy", (state.policy,), check)
    yield _judge_policies(LogPermission.BUCKET_WRITE, "s3:GetBucketPolicy", (state.policy,), write)


def _key(state: BucketState, connector: Connector) -> Iterator[PermissionGrant]:
    if not state.kms_key or _is_absent(state.policy):
        return
    if isinstance(state.kms_key, Unavailable):
        yield PermissionGrant(LogPermission.KEY, GrantState.UNREADABLE, state.kms_key.operation, gap=state.kms_key)
        return
    if "alias/aws/" in state.kms_key:
        yield PermissionGrant(LogPermission.KEY, GrantState.MISSING, "s3:GetBucketEncryption", aws_managed_key=True)
        return
    key = state.kms_key if ":key/" in state.kms_key else StartsWith(f"arn:{connector.partition}:kms:")
    if state.key_policy is None:
        # Every key has a policy, so none at all means that it was not read.
        yield PermissionGrant(LogPermission.KEY, GrantState.UNREADABLE, "kms:GetKeyPolicy")
        return
    yield _use_of_key(state, key, connector)


def _use_of_key(state: BucketState, key: str | StartsWith, connector: Connector) -> PermissionGrant:
    """Judge a key's policy by degree: what S3 needs for a put, then what AWS asks for besides."""

    def judged(*actions: str) -> PermissionGrant:
        told = () if actions == ("kms:DescribeKey",) else _encryption_context(state, connector)
        use = Request(actions, resource=key, context={**_context(connector), _S3_ARN: told})
        return _judge_policies(LogPermission.KEY, "kms:GetKeyPolicy", (state.key_policy,), use)

    needed = judged(_KEY_ACTION)
    if needed.state is not GrantState.PRESENT:
        return needed
    besides = {name: judged(*actions) for name, actions in _KEY_ACTIONS_BESIDES.items()}
    lacking = tuple(name for name, grant in besides.items() if grant.state is GrantState.MISSING)
    if not lacking:
        return next((grant for grant in besides.values() if grant.state is GrantState.UNREADABLE), needed)
    denied = tuple(dict.fromkeys(sid for grant in besides.values() for sid in grant.denied_by))
    return replace(needed, state=GrantState.MISSING, denied_by=denied, lacking=lacking)


def _encryption_context(state: BucketState, connector: Connector) -> tuple[str | StartsWith, ...] | OneOf:
    """Return what S3 tells the key of: the object, or the bucket where that has an S3 Bucket Key."""
    of_object = (StartsWith(objects_arn(state, connector)),)
    of_bucket = (bucket_arn(state, connector),)
    if state.bucket_key is None:
        return OneOf((of_object, of_bucket))
    return of_bucket if state.bucket_key else of_object


def _log_group(state: LogGroupState, connector: Connector) -> PermissionGrant:
    # The name of a stream holds no colon.
    streams = StartsWith(f"{logs_arn(connector)}:log-group:{state.log_group}:log-stream:", without=":")
    write = Request(("logs:CreateLogStream", "logs:PutLogEvents"), resource=streams, context=_context(connector))
    policies: list[ResourcePolicy | Unavailable | None] = []
    for scope in (state.account_policies, state.group_policies):
        policies += [scope] if isinstance(scope, Unavailable) else scope
    return _judge_policies(LogPermission.LOG_GROUP, "logs:DescribeResourcePolicies", policies, write)


def _stream(state: DeliveryStreamState) -> Iterator[PermissionGrant]:
    tags, role = state.tags, state.service_linked_role
    yield _judge_fact(
        LogPermission.STREAM_TAG,
        "firehose:ListTagsForDeliveryStream",
        tags if isinstance(tags, Unavailable) else tags.get(LOG_DELIVERY_TAG) == "true",
    )
    yield _judge_fact(LogPermission.STREAM_ROLE, "iam:GetRole", role)


def _is_absent(read: object) -> bool:
    """Whether AWS says that what was to be read about does not exist; a bucket without policy is none of these."""
    return isinstance(read, Unavailable) and read.cause is Cause.NOT_FOUND


def _judge_fact(part: LogPermission, operation: str, holds: bool | Unavailable) -> PermissionGrant:
    if _is_absent(holds):
        return PermissionGrant(part, GrantState.MISSING, operation, absent=True)
    if isinstance(holds, Unavailable):
        return PermissionGrant(part, GrantState.UNREADABLE, operation, gap=holds)
    return PermissionGrant(part, GrantState.PRESENT if holds else GrantState.MISSING, operation)


def _judge_policies(
    part: LogPermission, operation: str, read: Sequence[ResourcePolicy | Unavailable | None], asked: Request
) -> PermissionGrant:
    """Judge a request of log delivery by policies that count together; one that was not read may hold a Deny."""
    asked = replace(asked, principal=service_principal(LOG_DELIVERY_PRINCIPAL))
    policies = [policy for policy in read if isinstance(policy, ResourcePolicy)]
    decision = decide((policy.document for policy in policies), asked)
    gap = next((failed for failed in read if isinstance(failed, Unavailable)), None)
    if decision.outcome is Outcome.DENIED:
        denied, admitted = decision.statements, decision.admitted
        return PermissionGrant(
            part, GrantState.MISSING, operation, denied_by=denied, admitted=admitted, misses=decision.misses
        )
    if gap is not None:
        return PermissionGrant(part, GrantState.UNREADABLE, operation, gap=gap)
    if decision.outcome is Outcome.UNDECIDABLE:
        doubts, doubtful, likely = decision.doubts, decision.statements, _refused_by_address(policies, asked)
        return PermissionGrant(part, GrantState.UNREADABLE, operation, doubts=doubts, doubtful=doubtful, likely=likely)
    if decision.outcome is Outcome.NOT_ADMITTED:
        return PermissionGrant(part, GrantState.MISSING, operation, misses=decision.misses)
    admitting = [p.name for p in policies if decide([p.document], asked).outcome is not Outcome.NOT_ADMITTED]
    return PermissionGrant(part, GrantState.PRESENT, operation, policies=tuple(admitting))


def _refused_by_address(policies: Sequence[ResourcePolicy], asked: Request) -> bool:
    """Whether an address that no policy names would be refused: AWS's services call from none of a company's."""
    anywhere = replace(asked, context={**asked.context, "aws:SourceIp": ()})
    return decide((policy.document for policy in policies), anywhere).outcome in (Outcome.DENIED, Outcome.NOT_ADMITTED)


# --- warnings --------------------------------------------------------------------------------------------------------


def _missing(state: LogDestinationState, grant: LogGrant, missing: tuple[PermissionGrant, ...]) -> Caution:
    present = grant.in_state(GrantState.PRESENT)
    code = _why_missing(grant, missing, present)
    denied = tuple(dict.fromkeys(sid for part in missing for sid in part.denied_by))
    key = str(state.kms_key) if isinstance(state, BucketState) and code in _ABOUT_KEYS else ""
    told = reason(
        code,
        **_named(state),
        missing=tuple(part.part.value for part in missing if not (key and part.part is LogPermission.KEY)),
        key=key,
        lacking=tuple(action for part in missing for action in part.lacking),
        present=tuple(part.part.value for part in present),
        denied_by=denied,
        **_near(missing, code),
        account_policies=_account_policies(state),
    )
    return Caution(CautionCode.LOG_GRANT_MISSING, told, _shown_by(missing))


_ABOUT_KEYS = (ReasonCode.LOG_GRANT_KEY, ReasonCode.LOG_GRANT_KEY_HALF_PRESENT)


def _why_missing(grant: LogGrant, missing: tuple[PermissionGrant, ...], present: tuple[PermissionGrant, ...]) -> str:
    """Return the finest code for what is missing: what is certain to shut logs out before what may be dispensable."""
    certain = [part for part in missing if not part.lacking]
    lacked = {part.part for part in certain}
    causes: tuple[tuple[str, bool], ...] = (
        (ReasonCode.LOG_DESTINATION_ABSENT, grant.absent),
        (ReasonCode.LOG_GRANT_DENIED, any(part.denied_by for part in certain)),
        (ReasonCode.LOG_GRANT_AWS_MANAGED_KEY, any(part.aws_managed_key for part in certain)),
        (ReasonCode.LOG_GRANT_KEY, LogPermission.KEY in lacked),
        (ReasonCode.LOG_GRANT_KEY_HALF_PRESENT, not lacked),
        # AWS's own article leaves the ACL check out.
        (ReasonCode.LOG_GRANT_HALF_PRESENT, lacked == {LogPermission.BUCKET_ACL} and bool(present)),
    )
    return next((code for code, holds in causes if holds), CautionCode.LOG_GRANT_MISSING)


def _quota(state: LogDestinationState, missing: tuple[PermissionGrant, ...]) -> Iterator[Caution]:
    """Warn where the policy that is missing has no room beside the account's: AWS would refuse an eleventh."""
    count = _account_policies(state)
    if not isinstance(state, LogGroupState) or isinstance(state.account_policies, Unavailable):
        return
    if count is None or count < MOST_LOG_POLICIES or all(part.denied_by for part in missing):
        return
    sizes = {policy.name: len(json.dumps(policy.document, separators=(",", ":"))) for policy in state.account_policies}
    roomiest = min(sizes, key=lambda name: sizes[name])
    code = CautionCode.LOG_POLICY_QUOTA
    told = reason(
        code,
        **_named(state),
        count=count,
        limit=LONGEST_LOG_POLICY,
        policies=tuple(sizes),
        sizes=tuple(sizes.values()),
        roomiest=roomiest,
        room=max(0, LONGEST_LOG_POLICY - sizes[roomiest]),
    )
    yield Caution(code, told, _shown_by(missing))


def _near(missing: tuple[PermissionGrant, ...], code: str) -> dict[str, Datum]:
    """Describe the statements that nearly grant what is missing, in the policy that the warning is about.

    What a Deny shuts out needs no other Allow where one applies already.
    """
    about = (part for part in missing if (part.part is LogPermission.KEY) is (code == ReasonCode.LOG_GRANT_KEY))
    return described(miss for part in about if not part.admitted for miss in nearest(part.misses))


def _unreadable(state: LogDestinationState, unreadable: tuple[PermissionGrant, ...]) -> Caution:
    doubts = tuple(dict.fromkeys(doubt for part in unreadable for doubt in part.doubts))
    gaps = [part.gap for part in unreadable if part.gap is not None]
    code: str = CautionCode.LOG_GRANT_UNREADABLE
    if any(gap.error_code == _ANOTHER_ACCOUNTS for gap in gaps):
        code = ReasonCode.LOG_BUCKET_OF_ANOTHER_ACCOUNT
    elif doubts and not gaps:
        likely = any(part.likely for part in unreadable)
        code = ReasonCode.LOG_GRANT_UNDECIDED_BY_ADDRESS if likely else ReasonCode.LOG_GRANT_UNDECIDED
    told = reason(
        code,
        **_named(state),
        unreadable=tuple(part.part.value for part in unreadable),
        doubts=doubts,
        doubtful=tuple(dict.fromkeys(label for part in unreadable for label in part.doubtful)),
        operation=tuple(dict.fromkeys(gap.operation for gap in gaps)),
        cause=tuple(dict.fromkeys(gap.cause.value for gap in gaps)),
    )
    return Caution(CautionCode.LOG_GRANT_UNREADABLE, told, _shown_by(unreadable))


def _account_policies(state: LogDestinationState) -> int | None:
    """How many of the ten resource policies that an account may have in CloudWatch Logs are taken."""
    if not isinstance(state, LogGroupState) or isinstance(state.account_policies, Unavailable):
        return None
    return len(state.account_policies)


def _shown_by(parts: tuple[PermissionGrant, ...]) -> tuple[EvidenceRef, ...]:
    return tuple(dict.fromkeys(EvidenceRef(EvidenceKind.API, part.operation) for part in parts))


def _named(state: LogDestinationState) -> dict[str, Datum]:
    match state:
        case BucketState(bucket=name):
            return {"destination": "s3", "name": name}
        case LogGroupState(log_group=name):
            return {"destination": "logs", "name": name}
        case DeliveryStreamState(delivery_stream=name):
            return {"destination": "firehose", "name": name}
