"""What grants log delivery at each kind of destination, read with boto3.

The parts of a destination are read beside each other and waited for until the deadline one by one, so that a part that
does not answer costs only itself.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from functools import partial
from typing import Any, TypeVar

from bot.arn import parse_arn
from bot.aws.errors import attempt
from bot.aws.fields import member, optional, policy_document, rows
from bot.aws.roles import GET_ROLE
from bot.aws.sessions import Clients
from bot.aws.shapes import MalformedAnswer
from bot.model import (
    LOG_DELIVERY_SERVICE_LINKED_ROLE,
    S3,
    BucketState,
    Cause,
    CloudWatchLogs,
    Connector,
    DeliveryStreamState,
    Firehose,
    LogDestination,
    LogDestinationState,
    LogGroupState,
    ResourcePolicy,
    Unavailable,
)
from bot.pipe.ports import Deadline
from bot.pipe.reads import Reads
from bot.regions import iam_region

T = TypeVar("T")

GET_BUCKET_POLICY = "s3:GetBucketPolicy"
GET_BUCKET_ENCRYPTION = "s3:GetBucketEncryption"
GET_KEY_POLICY = "kms:GetKeyPolicy"
DESCRIBE_RESOURCE_POLICIES = "logs:DescribeResourcePolicies"
LIST_TAGS = "firehose:ListTagsForDeliveryStream"
#: The key of AWS that encrypts a bucket which asks for SSE-KMS and names no key.
AWS_MANAGED_KEY = "alias/aws/s3"
#: Code of ``Unavailable`` where a bucket names its key by an alias. GetKeyPolicy takes none, and resolving one first
#: would be a third call after the bucket's encryption.
KEY_ALIAS = "KeyAlias"

_BUCKET = re.compile(r"[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]")
_KEY_ID = re.compile(r"(mrk-)?[0-9a-f-]{32,36}")
_MOST_TAG_PAGES = 10


@dataclass(frozen=True, slots=True)
class _Encryption:
    """How a bucket encrypts by default; without a key not by SSE-KMS."""

    kms_key: str = ""
    bucket_key: bool = False


class LogDestinations:
    """A LogDestinationReader over the ``s3``, ``kms``, ``logs``, ``firehose`` and ``iam`` APIs."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def read(self, destination: LogDestination, connector: Connector, deadline: Deadline) -> LogDestinationState:
        """Read what admits log delivery to one of the connector's destinations."""
        reads = Reads(deadline, threads=2)
        match destination:
            case S3():
                return self._bucket(destination, connector, reads)
            case CloudWatchLogs():
                return self._log_group(destination, connector, reads)
            case Firehose():
                return self._delivery_stream(destination, connector, reads)

    # --- S3 and KMS ----------------------------------------------------------------------------------------------

    def _bucket(self, destination: S3, connector: Connector, reads: Reads) -> BucketState:
        bucket, region = destination.bucket, connector.region
        policy = reads.start(GET_BUCKET_POLICY, bucket, partial(self._bucket_policy, bucket, region))
        key = reads.start(GET_BUCKET_ENCRYPTION, bucket, partial(self._bucket_encryption, bucket, region))
        encryption = key.value()
        if isinstance(encryption, Unavailable):
            return BucketState(bucket, policy.value(), encryption)
        key_policy = self._key_policy(encryption.kms_key, region, reads)
        return BucketState(bucket, policy.value(), encryption.kms_key, key_policy, encryption.bucket_key)

    def _bucket_policy(self, bucket: str, region: str) -> ResourcePolicy | Unavailable | None:
        def read() -> ResourcePolicy | None:
            answer = self._s3(bucket, region).get_bucket_policy(Bucket=bucket)
            return ResourcePolicy(bucket, bucket, policy_document(member(answer, "Policy", str)))

        return _none_if(attempt(GET_BUCKET_POLICY, bucket, read), "NoSuchBucketPolicy")

    def _bucket_encryption(self, bucket: str, region: str) -> _Encryption | Unavailable:
        def read() -> _Encryption:
            answer = self._s3(bucket, region).get_bucket_encryption(Bucket=bucket)
            return _encryption_of(member(answer, "ServerSideEncryptionConfiguration", dict))

        encryption = attempt(GET_BUCKET_ENCRYPTION, bucket, read)
        return _none_if(encryption, "ServerSideEncryptionConfigurationNotFoundError") or _Encryption()

    def _s3(self, bucket: str, region: str) -> Any:
        # boto3 would take ARNs of access points too, and ask another host.
        if not _BUCKET.fullmatch(bucket):
            raise MalformedAnswer("bucket")
        return self._clients.client("s3", region)

    def _key_policy(self, key: str, region: str, reads: Reads) -> ResourcePolicy | Unavailable | None:
        arn = parse_arn(key)
        if "alias/" in key:
            managed = key.endswith(AWS_MANAGED_KEY)
            return None if managed else Unavailable(GET_KEY_POLICY, key, Cause.ERROR, error_code=KEY_ALIAS)
        if not key:
            return None

        def read() -> ResourcePolicy:
            if not _KEY_ID.fullmatch(arn.resource.removeprefix("key/") if arn else key):
                raise MalformedAnswer("KMSMasterKeyID")
            client = self._clients.client("kms", (arn.region if arn else "") or region)
            answer = client.get_key_policy(KeyId=key, PolicyName="default")
            return ResourcePolicy("default", key, policy_document(member(answer, "Policy", str)))

        return reads.start(GET_KEY_POLICY, key, partial(attempt, GET_KEY_POLICY, key, read)).value()

    # --- CloudWatch Logs -----------------------------------------------------------------------------------------

    def _log_group(self, destination: CloudWatchLogs, connector: Connector, reads: Reads) -> LogGroupState:
        region, group = connector.region, destination.log_group
        arn = f"arn:{connector.partition}:logs:{region}:{connector.account}:log-group:{group}"
        of_account = partial(self._log_policies, region, region, {"policyScope": "ACCOUNT"})
        of_group = partial(self._log_policies, region, arn, {"policyScope": "RESOURCE", "resourceArn": arn})
        account = reads.start(DESCRIBE_RESOURCE_POLICIES, region, of_account)
        resource = reads.start(DESCRIBE_RESOURCE_POLICIES, arn, of_group)
        return LogGroupState(group, account.value(), resource.value())

    def _log_policies(
        self, region: str, resource: str, scope: dict[str, str]
    ) -> tuple[ResourcePolicy, ...] | Unavailable:
        def read() -> tuple[ResourcePolicy, ...]:
            pages = self._clients.client("logs", region).get_paginator("describe_resource_policies").paginate(**scope)
            return tuple(_log_policy(row, resource) for row in rows(pages, "resourcePolicies"))

        return attempt(DESCRIBE_RESOURCE_POLICIES, resource, read)

    # --- Firehose ------------------------------------------------------------------------------------------------

    def _delivery_stream(self, destination: Firehose, connector: Connector, reads: Reads) -> DeliveryStreamState:
        stream = destination.delivery_stream
        region = iam_region(connector.partition)
        tags = reads.start(LIST_TAGS, stream, partial(self._tags, stream, connector.region))
        role = reads.start(GET_ROLE, LOG_DELIVERY_SERVICE_LINKED_ROLE, partial(self._delivery_role_exists, region))
        return DeliveryStreamState(stream, tags.value(), role.value())

    def _tags(self, stream: str, region: str) -> dict[str, str] | Unavailable:
        name = stream.rpartition("deliverystream/")[2]

        def read() -> dict[str, str]:
            client = self._clients.client("firehose", region)
            tags: dict[str, str] = {}
            start: dict[str, str] = {}
            for _ in range(_MOST_TAG_PAGES):
                answer = client.list_tags_for_delivery_stream(DeliveryStreamName=name, **start)
                page = [(member(row, "Key", str), optional(row, "Value", str) or "") for row in _tag_rows(answer)]
                tags.update(page)
                if not member(answer, "HasMoreTags", bool):
                    return tags
                start = {"ExclusiveStartTagKey": page[-1][0]}
            raise MalformedAnswer("HasMoreTags")

        return attempt(LIST_TAGS, stream, read)

    def _delivery_role_exists(self, region: str) -> bool | Unavailable:
        def read() -> bool:
            role = member(
                self._clients.client("iam", region).get_role(RoleName=LOG_DELIVERY_SERVICE_LINKED_ROLE), "Role", dict
            )
            if member(role, "RoleName", str) != LOG_DELIVERY_SERVICE_LINKED_ROLE:
                raise MalformedAnswer("RoleName")
            return True

        found = attempt(GET_ROLE, LOG_DELIVERY_SERVICE_LINKED_ROLE, read)
        return False if isinstance(found, Unavailable) and found.cause is Cause.NOT_FOUND else found


def _none_if(read: T | Unavailable, code: str) -> T | Unavailable | None:
    """Return None where AWS's refusal says that there is nothing to read."""
    return None if isinstance(read, Unavailable) and read.error_code == code else read


def _encryption_of(configuration: Any) -> _Encryption:
    """Return a bucket's default encryption."""
    for rule in member(configuration, "Rules", list):
        default = optional(rule, "ApplyServerSideEncryptionByDefault", dict)
        algorithm = member(default, "SSEAlgorithm", str) if default else "AES256"
        if algorithm in ("aws:kms", "aws:kms:dsse"):
            key = optional(default, "KMSMasterKeyID", str) or AWS_MANAGED_KEY
            return _Encryption(key, bucket_key=optional(rule, "BucketKeyEnabled", bool) or False)
        if algorithm != "AES256":
            raise MalformedAnswer("SSEAlgorithm")
    return _Encryption()


def _log_policy(row: Any, resource: str) -> ResourcePolicy:
    return ResourcePolicy(
        name=optional(row, "policyName", str) or "",
        scope=optional(row, "resourceArn", str) or resource,
        document=policy_document(member(row, "policyDocument", str)),
    )


def _tag_rows(answer: Any) -> list[Any]:
    return member(answer, "Tags", list)
