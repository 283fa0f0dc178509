"""What could not be read: what the answer lacks because of it, why, and what would mend it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.cloudtrail.stores import STORES
from bot.model import Cause, StopCause, Unavailable
from bot.reply.wording import Templates

#: What the answer lacks when this operation gave nothing; ``{resource:code}`` is what was asked for.
LACKS: Mapping[str, str] = {
    "kafkaconnect:ListConnectors": "Connectors in {resource:code} could not be listed: what is there is not known.",
    "kafkaconnect:DescribeConnector": "The connector {resource:code} could not be read.",
    "kafkaconnect:DescribeWorkerConfiguration": (
        "The worker configuration could not be read: converters and config providers set in it are not known."
    ),
    "kafkaconnect:DescribeCustomPlugin": "The custom plugin could not be read: which S3 object it comes from is open.",
    "kafkaconnect:ListConnectorOperations": (
        "The connector's operations could not be read: whether it was restarted or updated lately is not known."
    ),
    "iam:GetRole": "The role {resource:code} could not be read: its trust policy was not checked.",
    "iam:GenerateServiceLastAccessedDetails": "IAM's last-accessed report could not be requested.",
    "iam:GetServiceLastAccessedDetails": "IAM's last-accessed report did not arrive.",
    "s3:GetBucketPolicy": "The policy of bucket {resource:code} could not be read: whether worker logs arrive is open.",
    "s3:GetBucketEncryption": "The encryption of bucket {resource:code} could not be read: a key may shut logs out.",
    "kms:GetKeyPolicy": "The policy of KMS key {resource:code} could not be read: whether logs may use it is open.",
    "logs:DescribeResourcePolicies": (
        "The CloudWatch Logs resource policies could not be read: whether worker logs arrive is open."
    ),
    "firehose:ListTagsForDeliveryStream": (
        "The tags of stream {resource:code} could not be read: whether worker logs arrive is open."
    ),
    "cloudtrail:GetEventSelectors": (
        "The trail's event selectors could not be read: whether it records AssumeRole at all is not known."
    ),
    "cloudtrail:DescribeTrails": (
        "The trails could not be listed: whether one records AssumeRole at all is not known."
    ),
    "cloudtrail:GetTrailStatus": (
        "The trail's status could not be read: whether it has been recording all the time is not known."
    ),
    **{operation.name: operation.lacks for store in STORES for operation in store.operations},
}
LACKS_SOMETHING = "{operation:code} gave no answer about {resource:code}."

WHY: Mapping[Cause, tuple[str, ...]] = {
    Cause.ACCESS_DENIED: (
        "The bot's own credentials lack {missing_action:code}.",
        "AWS refused {operation:code} to the bot's own credentials.",
    ),
    Cause.THROTTLED: ("AWS throttled {operation:code} until the time was up.",),
    Cause.TIMEOUT: ("{operation:code} did not answer in time.",),
    Cause.NOT_FOUND: ("AWS says that it does not exist.",),
    Cause.MALFORMED: ("AWS's answer to {operation:code} could not be understood.",),
    Cause.ERROR: ("{operation:code} failed with {error_code:code}.", "{operation:code} failed."),
}

REMEDY: Mapping[Cause, tuple[str, ...]] = {
    Cause.ACCESS_DENIED: (
        "Allow {missing_action:code} to the bot, and check resource policies and service control policies.",
        "Allow {operation:code} to the bot.",
    ),
    Cause.THROTTLED: ("Ask again in a minute.",),
    Cause.TIMEOUT: ("Ask again. If it stays so, check the bot's way to the AWS endpoint.",),
    Cause.NOT_FOUND: ("Check whether it was deleted, or lies in another account or region.",),
    Cause.MALFORMED: ("Ask again. If it stays so, check what stands between the bot and AWS.",),
    Cause.ERROR: ("Ask again. If it stays so, look for {error_code:code} in the AWS documentation.", "Ask again."),
}

#: Why and remedy for error codes that say more than their cause does.
BY_CODE: Mapping[str, tuple[str, str]] = {
    **dict.fromkeys(
        ("NoCredentialsError", "PartialCredentialsError", "CredentialRetrievalError"),
        (
            "The bot found no usable AWS credentials ({error_code:code}).",
            "Give the bot a role, a profile or access keys in the environment; python -m bot doctor checks them.",
        ),
    ),
    **dict.fromkeys(
        (
            "ExpiredToken",
            "ExpiredTokenException",
            "RequestExpired",
            "InvalidClientTokenId",
            "UnrecognizedClientException",
            "SignatureDoesNotMatch",
            "InvalidSignatureException",
            "AuthFailure",
            "TokenRetrievalError",
            "SSOTokenLoadError",
            "UnauthorizedSSOTokenError",
        ),
        (
            "AWS does not accept the bot's credentials ({error_code:code}).",
            "Renew the bot's credentials, and check the clock of its machine.",
        ),
    ),
    **dict.fromkeys(
        (
            "EndpointConnectionError",
            "ConnectionClosedError",
            "ProxyConnectionError",
            "SSLError",
            "HTTPClientError",
            "ConnectionError",
        ),
        (
            "The bot could not reach the endpoint of {operation:code} ({error_code:code}).",
            "Check the region's name, the network, proxies and VPC endpoints between the bot and AWS.",
        ),
    ),
    "OtherAccount": (
        "It belongs to an account that the bot's credentials do not read.",
        "Ask the bot that runs in that account.",
    ),
    "MethodNotAllowed": (
        "The bucket is another account's, and only its owner sees the policy.",
        "Ask the bucket's owner whether its policy admits delivery.logs.amazonaws.com for this account.",
    ),
    "KeyAlias": (
        "The bucket names its key by an alias, whose policy cannot be read directly.",
        "Look the alias up in KMS and check that key's policy for delivery.logs.amazonaws.com.",
    ),
}

#: Why a history ends before its window does.
STOPPED: Mapping[StopCause, str] = {
    StopCause.DEADLINE: "the time for one answer was up",
    StopCause.THROTTLED: "CloudTrail throttled the bot",
    StopCause.ACCESS_DENIED: "the bot lacks the permission to read further",
    StopCause.ERROR: "CloudTrail failed",
    StopCause.MALFORMED: "CloudTrail's answer could not be understood",
    StopCause.PAGE_LIMIT: "there were more events than the bot reads for one answer",
    StopCause.RETENTION: "the store keeps no more",
    StopCause.SELECTORS: "the trail does not record read-only events, and AssumeRole is one",
    StopCause.NOT_COVERED: "what the bot searches lacks the role's account, or a region that was asked for",
}


@dataclass(frozen=True, slots=True)
class Gap:
    """A failed read in words: what the answer lacks, why, what would mend it, and what fills these."""

    lacks: Templates
    why: Templates
    remedy: Templates
    data: Mapping[str, str]


def worded(gap: Unavailable) -> Gap:
    """Return the wording of a failed read, that of its error code where the code says more than the cause."""
    why, remedy = WHY[gap.cause], REMEDY[gap.cause]
    if known := BY_CODE.get(gap.error_code or ""):
        why, remedy = (known[0],), (known[1],)
    data = {
        "operation": gap.operation,
        "resource": gap.resource,
        "missing_action": gap.missing_action or "",
        "error_code": gap.error_code or "",
    }
    return Gap((LACKS.get(gap.operation, LACKS_SOMETHING),), why, remedy, data)
