"""What the bot asks of AWS, for which purpose, and the IAM action that each operation needs.

Operations are spelled ``service:Operation`` with boto3's service name, which for every service used here is also the
IAM prefix. ``deploy/iam-policy.json`` allows exactly these actions, under these Sids.
"""

from __future__ import annotations

from collections.abc import Mapping
from enum import StrEnum

from bot.cloudtrail.stores import STORES


class Purpose(StrEnum):
    """What a group of operations is for, as the Sids of the policy name it; a store's own Sid stands in its value."""

    CONNECTORS = "ReadConnectors"
    ROLES = "ReadRoles"
    LOG_GRANTS = "ReadLogGrants"
    #: What the trail behind a log group or a table records, which decides whether silence there is an absence.
    TRAILS = "ReadTrails"


def _of_stores(*, reading_trails: bool) -> dict[str, tuple[str, ...]]:
    return {
        store.sid: tuple(operation.name for operation in store.operations)
        for store in STORES
        if store.reads_trail is reading_trails
    }


#: By Sid, in the order of the policy's statements.
OPERATIONS: Mapping[str, tuple[str, ...]] = {
    Purpose.CONNECTORS: (
        "kafkaconnect:ListConnectors",
        "kafkaconnect:DescribeConnector",
        "kafkaconnect:DescribeWorkerConfiguration",
        "kafkaconnect:DescribeCustomPlugin",
        "kafkaconnect:ListConnectorOperations",
    ),
    Purpose.ROLES: (
        "iam:GetRole",
        "iam:GenerateServiceLastAccessedDetails",
        "iam:GetServiceLastAccessedDetails",
    ),
    Purpose.LOG_GRANTS: (
        "s3:GetBucketPolicy",
        "s3:GetBucketEncryption",
        "kms:GetKeyPolicy",
        "logs:DescribeResourcePolicies",
        "firehose:ListTagsForDeliveryStream",
    ),
    **_of_stores(reading_trails=False),
    Purpose.TRAILS: ("cloudtrail:DescribeTrails", "cloudtrail:GetEventSelectors", "cloudtrail:GetTrailStatus"),
    **_of_stores(reading_trails=True),
}

#: Needs no permission.
FREE = frozenset({"sts:GetCallerIdentity"})
#: Needed on one secret and one function alone, so that the deployment's own template allows them.
DEPLOYMENT = frozenset({"secretsmanager:GetSecretValue", "lambda:Invoke"})

#: Only where the action is not called like the operation.
_ACTIONS = {"s3:GetBucketEncryption": "s3:GetEncryptionConfiguration"}


def action(operation: str) -> str:
    """Return the IAM action that allows an operation; IAM names a few of them differently."""
    return _ACTIONS.get(operation, operation)
