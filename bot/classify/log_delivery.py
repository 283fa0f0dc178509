"""Worker logs. They are vended logs: log delivery writes them, never the service execution role."""

from __future__ import annotations

from collections.abc import Iterator

from bot.catalogue import Catalogue
from bot.model import (
    LOG_DELIVERY_PRINCIPAL,
    LOG_DELIVERY_SERVICE_LINKED_ROLE,
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
    service_linked_role_arn,
)

_GUIDE = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/AWS-logs-infrastructure-"


def findings(evidence: Evidence, _: Catalogue) -> Iterator[Finding]:
    """Yield one finding for each enabled destination. Whether the grant is there is judged elsewhere."""
    for destination in evidence.connector.log_destinations:
        yield _finding(destination, evidence.connector)


def _finding(destination: LogDestination, connector: Connector) -> Finding:
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
            principal = service_linked_role_arn(
                partition, connector.account, LOG_DELIVERY_PRINCIPAL, LOG_DELIVERY_SERVICE_LINKED_ROLE
            )
            actions = ("firehose:PutRecord", "firehose:PutRecordBatch")
            resources = (f"arn:{partition}:firehose:{region}:{account}:deliverystream/{stream}",)
    return Finding(
        activity=Activity.WORKER_LOGS,
        component=Component.WORKER,
        subject=subject,
        path=path,
        basis=Basis.DOCUMENTED,
        reason=Reason(code),
        source=_GUIDE + guide + ".html",
        principal=principal,
        actions=actions,
        resources=resources,
        timing=(Timing.LOG_DELIVERY,),
        evidence=(EvidenceRef(EvidenceKind.API, f"logDelivery.workerLogDelivery.{_SECTIONS[subject]}"),),
    )


_SECTIONS = {"s3": "s3", "logs": "cloudWatchLogs", "firehose": "firehose"}
