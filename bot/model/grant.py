"""What admits log delivery to a destination: what was read of it, what that was judged to be, and what to add."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import TypeAlias

from bot.model.connector import LogDestination
from bot.model.gap import Unavailable
from bot.model.names import LOG_DELIVERY_SERVICE_LINKED_ROLE, LOG_DELIVERY_TAG
from bot.model.policy import Miss, PolicyDocument, ResourcePolicy


@dataclass(frozen=True, slots=True)
class BucketState:
    """What is needed to judge log delivery to a bucket.

    ``policy`` None: the bucket has none. ``kms_key`` is empty where the bucket is not encrypted with SSE-KMS.
    """

    bucket: str
    policy: ResourcePolicy | Unavailable | None
    kms_key: str | Unavailable = ""
    #: Read only where ``kms_key`` names a customer managed key.
    key_policy: ResourcePolicy | Unavailable | None = None
    #: Whether the bucket has an S3 Bucket Key, so that its key is told of the bucket and not of each object; None where
    #: that is not known.
    bucket_key: bool | None = None


@dataclass(frozen=True, slots=True)
class LogGroupState:
    """The CloudWatch Logs resource policies that may admit log delivery: of the account, and of the log group."""

    log_group: str
    account_policies: tuple[ResourcePolicy, ...] | Unavailable
    group_policies: tuple[ResourcePolicy, ...] | Unavailable


@dataclass(frozen=True, slots=True)
class DeliveryStreamState:
    """Firehose has no resource policies: a tag and a service-linked role decide."""

    delivery_stream: str
    tags: Mapping[str, str] | Unavailable
    #: Whether ``AWSServiceRoleForLogDelivery`` exists in the account.
    service_linked_role: bool | Unavailable


LogDestinationState: TypeAlias = BucketState | LogGroupState | DeliveryStreamState


class GrantState(StrEnum):
    """Whether log delivery may write to a destination."""

    PRESENT = "present"
    MISSING = "missing"
    #: Something that decides could not be read, or holds a condition that nobody can judge from outside.
    UNREADABLE = "unreadable"
    #: Not read at all, as offline.
    UNCHECKED = "unchecked"


class LogPermission(StrEnum):
    """One thing that log delivery needs: a policy statement under the Sid that AWS gives it, a tag, a role."""

    BUCKET_ACL = "AWSLogDeliveryAclCheck"
    BUCKET_WRITE = "AWSLogDeliveryWrite"
    KEY = "AWSLogDeliveryKey"
    LOG_GROUP = "AWSLogDeliveryWrite20150319"
    STREAM_TAG = LOG_DELIVERY_TAG
    STREAM_ROLE = LOG_DELIVERY_SERVICE_LINKED_ROLE


@dataclass(frozen=True, slots=True)
class PermissionGrant:
    """One part, judged."""

    part: LogPermission
    state: GrantState
    #: The API operation whose answer shows it.
    operation: str
    #: Names of the policies that admit log delivery.
    policies: tuple[str, ...] = ()
    #: Sids of the Deny statements that shut it out.
    denied_by: tuple[str, ...] = ()
    #: Whether an Allow admits log delivery besides, so that it is the Deny alone which shuts it out.
    admitted: bool = False
    #: Actions on a key that AWS asks for besides those that S3 needs: logs may arrive without them.
    lacking: tuple[str, ...] = ()
    #: Where nothing admits it: every statement that does not apply, and why.
    misses: tuple[Miss, ...] = ()
    #: Condition keys, operators or elements that could not be judged, and the statements that hold them.
    doubts: tuple[str, ...] = ()
    doubtful: tuple[str, ...] = ()
    #: What is in doubt is the caller's address alone, and the policy refuses every address that it does not name.
    likely: bool = False
    #: The read that failed.
    gap: Unavailable | None = None
    #: The bucket is encrypted with a key of AWS, whose policy cannot be changed.
    aws_managed_key: bool = False
    #: The destination itself does not exist.
    absent: bool = False


@dataclass(frozen=True, slots=True)
class LogGrant:
    """Everything that log delivery to one destination needs. Without parts: not read."""

    parts: tuple[PermissionGrant, ...] = ()

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

    def in_state(self, state: GrantState) -> tuple[PermissionGrant, ...]:
        """Return the parts in this state."""
        return tuple(part for part in self.parts if part.state is state)


_GRAVEST_FIRST = (GrantState.MISSING, GrantState.UNREADABLE, GrantState.PRESENT, GrantState.UNCHECKED)


class PolicyTarget(StrEnum):
    """What a policy is attached to."""

    BUCKET = "bucket-policy"
    KEY = "key-policy"
    LOG_GROUP = "log-resource-policy"


@dataclass(frozen=True, slots=True)
class Addition:
    """Statements that a resource's policy lacks, filled in; where it has a policy already, they are added to it."""

    target: PolicyTarget
    #: The bucket's name, the key's id or ARN, the log group's name.
    resource: str
    document: PolicyDocument
    #: What to call a resource policy of CloudWatch Logs: under a name that exists it would replace that one.
    name: str = ""
    #: The log group whose own policy it is, where the account has no room for another.
    resource_arn: str = ""
    #: Whether the resource has a policy already, to whose statements these are added.
    merged: bool = False


@dataclass(frozen=True, slots=True)
class DestinationGrant:
    """One enabled log destination of a connector, judged, with what to add where something is missing."""

    destination: LogDestination
    #: What was read of it; None where nothing was, as offline.
    state: LogDestinationState | None
    grant: LogGrant
    additions: tuple[Addition, ...] = ()
