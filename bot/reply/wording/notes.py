"""Statements that hold for every connector, each with its source: what AWS's article and its documentation say."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from bot.model import ARTICLE

_MSK = "https://docs.aws.amazon.com/msk/latest/developerguide/"
_IAM = "https://docs.aws.amazon.com/IAM/latest/UserGuide/"
_LOGS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
_TRAIL = "https://docs.aws.amazon.com/awscloudtrail/latest/userguide/"


class Topic(StrEnum):
    """What a note is about, which decides where it is shown."""

    ROLE = "role"
    LAST_ACCESSED = "last-accessed"
    HISTORY = "history"
    LOGS = "logs"
    FIREHOSE = "firehose"
    KAFKA = "kafka"
    CONFIG_PROVIDER = "config-provider"


@dataclass(frozen=True, slots=True)
class Statement:
    """One statement and where it stands."""

    name: str
    topic: Topic
    says: str
    source: str


NOTES: tuple[Statement, ...] = (
    Statement(
        "who-assumes",
        Topic.ROLE,
        "MSK Connect (kafkaconnect.amazonaws.com) assumes the service execution role with sts:AssumeRole and works "
        "with the temporary credentials. It does not use the role all the time: how often depends on the "
        "configuration.",
        ARTICLE,
    ),
    Statement(
        "role-cannot-be-changed",
        Topic.ROLE,
        "The role of an existing connector cannot be changed: UpdateConnector takes no role. Delete the connector and "
        "create it anew.",
        ARTICLE,
    ),
    Statement(
        "service-linked-role-cannot-serve",
        Topic.ROLE,
        "The service-linked role AWSServiceRoleForKafkaConnect cannot serve as execution role. It makes network "
        "interfaces, nothing else.",
        ARTICLE,
    ),
    Statement(
        "confused-deputy",
        Topic.ROLE,
        "The trust policy should carry aws:SourceAccount and aws:SourceArn, against the confused deputy. A connector's "
        "ARN ends in an id that is not known before it exists: connector/<name>/* fits.",
        f"{_MSK}msk-connect-service-execution-role.html",
    ),
    Statement(
        "paused-keeps-everything",
        Topic.ROLE,
        "A PAUSED connector keeps everything, its role too. No AssumeRole while it is paused is no sign of disuse.",
        f"{_MSK}mkc-pause-resume-connector.html",
    ),
    Statement(
        "last-accessed-data-plane",
        Topic.LAST_ACCESSED,
        "IAM last accessed does not see data-plane actions such as kafka-cluster:ReadData, so a role that only talks "
        "to Kafka looks idle.",
        f"{_IAM}access_policies_last-accessed.html",
    ),
    Statement(
        "last-accessed-vended-logs",
        Topic.LAST_ACCESSED,
        "IAM last accessed does not see worker logs: vended logs never touch the role.",
        ARTICLE,
    ),
    Statement(
        "last-accessed-lags",
        Topic.LAST_ACCESSED,
        "IAM last accessed lags by up to four hours.",
        f"{_IAM}access_policies_last-accessed.html",
    ),
    Statement(
        "last-accessed-attempts",
        Topic.LAST_ACCESSED,
        "IAM last accessed counts attempts, refused ones too. A recent date of RoleLastUsed shows use; its absence "
        "shows nothing.",
        f"{_IAM}access_policies_last-accessed.html",
    ),
    Statement(
        "cloudtrail-is-sound",
        Topic.HISTORY,
        "The sound way is CloudTrail: AssumeRole events with userIdentity.invokedBy kafkaconnect.amazonaws.com for "
        "this role. In Slack, CloudTrail query under the answer gives the query.",
        ARTICLE,
    ),
    Statement(
        "session-names-undocumented",
        Topic.HISTORY,
        "AWS documents neither MSK Connect's session names nor how often it renews credentials. What is shown here was "
        "observed, nothing is assumed.",
        f"{_MSK}msk-connect-service-execution-role.html",
    ),
    Statement(
        "delivery-delay",
        Topic.HISTORY,
        "CloudTrail delivers events about 5 minutes after the call, on average. Event history keeps 90 days of "
        "management events.",
        f"{_TRAIL}view-cloudtrail-events.html",
    ),
    Statement(
        "roles-not-connectors",
        Topic.HISTORY,
        "CloudTrail names roles, not connectors: where several connectors share a role, an event may be any one's.",
        f"{_TRAIL}cloudtrail-event-reference.html",
    ),
    Statement(
        "kafka-iam-covers-internal-topics",
        Topic.KAFKA,
        "With authenticationType IAM the role covers all Kafka traffic of the connector, sources included: its topics, "
        "the internal topics __amazon_msk_connect_* and the groups __amazon_msk_connect_* and connect-*.",
        f"{_MSK}msk-connect-service-execution-role.html",
    ),
    Statement(
        "scram-is-not-a-type",
        Topic.KAFKA,
        "authenticationType is NONE or IAM. SASL/SCRAM exists only as client settings of a connector with type NONE, "
        "and then the SCRAM user decides, not the role.",
        f"{_MSK}msk-connect-service-execution-role.html",
    ),
    Statement(
        "config-provider-restarts",
        Topic.CONFIG_PROVIDER,
        "MSK Connect by default restarts a connector that uses a config provider often, and every restart needs the "
        "role. config.action.reload=none in the connector's configuration keeps it from that.",
        f"{_MSK}msk-connect-config-provider.html",
    ),
    Statement(
        "vended-logs",
        Topic.LOGS,
        "Worker logs are vended logs. delivery.logs.amazonaws.com writes them, admitted by the destination's policy; "
        "the service execution role is not used.",
        ARTICLE,
    ),
    Statement(
        "bucket-policy-added-by-aws",
        Topic.LOGS,
        "AWS adds the bucket policy by itself when delivery is first enabled, if the creator holds s3:GetBucketPolicy "
        "and s3:PutBucketPolicy.",
        ARTICLE,
    ),
    Statement(
        "two-bucket-statements",
        Topic.LOGS,
        "A log bucket needs two statements, AWSLogDeliveryAclCheck and AWSLogDeliveryWrite. The article shows the "
        "second one alone.",
        f"{_LOGS}AWS-logs-infrastructure-S3.html",
    ),
    Statement(
        "setting-up-uses-the-caller",
        Topic.LOGS,
        "Setting log delivery up takes the caller's permissions (logs:CreateLogDelivery and others), not the role's.",
        f"{_LOGS}AWS-logs-and-resource-policy.html",
    ),
    Statement(
        "firehose-has-no-resource-policy",
        Topic.FIREHOSE,
        'The article says "Firehose resource policy". Firehose has none: AWSServiceRoleForLogDelivery writes, and only '
        "to streams tagged LogDeliveryEnabled=true.",
        f"{_LOGS}AWS-logs-infrastructure-Firehose.html",
    ),
)


def about(*topics: Topic) -> tuple[Statement, ...]:
    """Return the statements about these topics."""
    return tuple(note for note in NOTES if note.topic in topics)
