"""Worker logs. They are vended logs: log delivery writes them, never the service execution role."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogue import Catalogue
from bot.classify.grants import DELIVERY_TAG, Grant, GrantState, judge_destination
from bot.model import (
    LOG_DELIVERY_PRINCIPAL,
    S3,
    Activity,
    Basis,
    CloudWatchLogs,
    Component,
    Connector,
    Evidence,
    EvidenceKind,
    EvidenceRef,
    Finding,
    Firehose,
    LogDestination,
    PermissionPath,
    Reason,
    ReasonCode,
    Timing,
)

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-V2-"
_DELIVERY_ROLE = "aws-service-role/delivery.logs.amazonaws.com/AWSServiceRoleForLogDelivery"


def findings(evidence: Evidence, _: Catalogue) -> Iterator[Finding]:
    """Yield one finding for each enabled destination, ``observed`` where what was read shows the grant."""
    for destination in evidence.connector.log_destinations:
        grant = judge_destination(evidence, destination)
        yield _finding(
            destination,
            evidence.connector,
            Basis.OBSERVED if grant.state is GrantState.PRESENT else Basis.DOCUMENTED,
            _shown(destination, grant),
        )


def _shown(destination: LogDestination, grant: Grant) -> tuple[EvidenceRef, ...]:
    """Return what was read that shows the grant: policies, or of a stream its tag and the role that writes."""
    if isinstance(destination, Firehose) and grant.state is GrantState.PRESENT:
        tag, role = f"{DELIVERY_TAG}=true", _DELIVERY_ROLE.rpartition("/")[2]
        return (EvidenceRef(EvidenceKind.API, tag), EvidenceRef(EvidenceKind.API, role))
    return tuple(EvidenceRef(EvidenceKind.POLICY, name) for name in grant.policies)


def _finding(
    destination: LogDestination, connector: Connector, basis: Basis, shown: tuple[EvidenceRef, ...]
) -> Finding:
    path, principal = PermissionPath.RESOURCE_POLICY, LOG_DELIVERY_PRINCIPAL
    partition, region, account = connector.partition, connector.region or "*", connector.account or "*"
    match destination:
        case S3(bucket=bucket, prefix=prefix):
            subject, code, guide = "s3", ReasonCode.LOGS_BY_BUCKET_POLICY, "S3"
            actions: tuple[str, ...] = ("s3:GetBucketAcl", "s3:PutObject")
            path_in_bucket = "/".join(part for part in (prefix.strip("/"), "AWSLogs", account, "*") if part)
            resources: tuple[str, ...] = (
                f"arn:{partition}:s3:::{bucket}",
                f"arn:{partition}:s3:::{bucket}/{path_in_bucket}",
            )
        case CloudWatchLogs(log_group=group):
            subject, code, guide = "logs", ReasonCode.LOGS_BY_RESOURCE_POLICY, "CloudWatchLogs"
            actions = ("logs:CreateLogStream", "logs:PutLogEvents")
            resources = (f"arn:{partition}:logs:{region}:{account}:log-group:{group}:log-stream:*",)
        case Firehose(delivery_stream=stream):
            subject, code, guide = "firehose", ReasonCode.LOGS_BY_SERVICE_LINKED_ROLE, "Firehose"
            path = PermissionPath.SERVICE_LINKED_ROLE
            principal = f"arn:{partition}:iam::{connector.account}:role/{_DELIVERY_ROLE}"
            actions = ("firehose:PutRecord", "firehose:PutRecordBatch")
            resources = (f"arn:{partition}:firehose:{region}:{account}:deliverystream/{stream}",)
    return Finding(
        activity=Activity.WORKER_LOGS,
        component=Component.WORKER,
        subject=subject,
        path=path,
        basis=basis,
        reason=Reason(code),
        source=_GUIDE + guide + ".html",
        principal=principal,
        actions=actions,
        resources=resources,
        timing=(Timing.LOG_DELIVERY,),
        evidence=(EvidenceRef(EvidenceKind.API, f"logDelivery.workerLogDelivery.{_SECTIONS[subject]}"), *shown),
    )


_SECTIONS = {"s3": "s3", "logs": "cloudWatchLogs", "firehose": "firehose"}
