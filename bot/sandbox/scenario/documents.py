"""Policy documents: trust policies, and the grants that log delivery needs."""

from typing import Any

from bot.model import LOG_DELIVERY_PRINCIPAL, MSK_CONNECT_PRINCIPAL
from bot.sandbox.aws.world import ACCOUNT
from bot.sandbox.scenario.names import log_group_arn

Document = dict[str, Any]
Statement = dict[str, Any]


def document(*statements: Statement) -> Document:
    """Make a policy document of statements."""
    return {"Version": "2012-10-17", "Statement": list(statements)}


def trust(source_arn: str | None = None, *, service: str = MSK_CONNECT_PRINCIPAL) -> Document:
    """Make a trust policy for a service, with both confused-deputy conditions where ``source_arn`` is given."""
    statement: Statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    if source_arn is not None:
        statement["Condition"] = {
            "StringEquals": {"aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": source_arn},
        }
    return document(statement)


def trust_connector(name: str, region: str) -> Document:
    """Make the trust policy that names a connector before its UUID is known."""
    return trust(f"arn:aws:kafkaconnect:{region}:{ACCOUNT}:connector/{name}/*")


def acl_check(bucket: str, region: str) -> Statement:
    """Let log delivery read a bucket's ACL."""
    return {
        "Sid": "AWSLogDeliveryAclCheck",
        "Effect": "Allow",
        "Principal": {"Service": LOG_DELIVERY_PRINCIPAL},
        "Action": "s3:GetBucketAcl",
        "Resource": f"arn:aws:s3:::{bucket}",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": _delivery(region)}},
    }


def write(bucket: str, region: str, prefix: str = "") -> Statement:
    """Let log delivery write objects, under ``prefix`` where it is given."""
    below = f"{prefix.strip('/')}/" if prefix else ""
    return {
        "Sid": "AWSLogDeliveryWrite",
        "Effect": "Allow",
        "Principal": {"Service": LOG_DELIVERY_PRINCIPAL},
        "Action": "s3:PutObject",
        "Resource": f"arn:aws:s3:::{bucket}/{below}AWSLogs/{ACCOUNT}/*",
        "Condition": {
            "StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": ACCOUNT},
            "ArnLike": {"aws:SourceArn": _delivery(region)},
        },
    }


def write_as_in_the_article(bucket: str) -> Statement:
    """Let log delivery write objects in the article's form, which has no SourceArn."""
    statement = write(bucket, "")
    statement["Condition"] = {"StringEquals": statement["Condition"]["StringEquals"]}
    return statement


def write_to_log_group(group: str, region: str, *, pattern: str | None = None) -> Statement:
    """Let log delivery write to a log group, or to all that match ``pattern``."""
    return {
        "Sid": "AWSLogDeliveryWrite20150319",
        "Effect": "Allow",
        "Principal": {"Service": LOG_DELIVERY_PRINCIPAL},
        "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
        "Resource": f"{log_group_arn(pattern or group, region)}:log-stream:*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": _delivery(region)}},
    }


def key_owner() -> Statement:
    """Leave a key to the account's IAM policies."""
    principal = {"AWS": f"arn:aws:iam::{ACCOUNT}:root"}
    return {"Sid": "Owner", "Effect": "Allow", "Principal": principal, "Action": "kms:*", "Resource": "*"}


def key_for_log_delivery(region: str) -> Statement:
    """Let log delivery use a key."""
    return {
        "Sid": "AllowLogDelivery",
        "Effect": "Allow",
        "Principal": {"Service": LOG_DELIVERY_PRINCIPAL},
        "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
        "Resource": "*",
        "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": {"aws:SourceArn": _delivery(region)}},
    }


def _delivery(region: str) -> str:
    return f"arn:aws:logs:{region}:{ACCOUNT}:*"
