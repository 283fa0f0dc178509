"""The nouns of the bot, in AWS's and Kafka Connect's own words.

Every value here is frozen, carries no behaviour beyond what can be derived from its fields, and knows neither AWS's
client library nor Slack. Enumerations are closed because *we* write them; whatever AWS enumerates (connector states,
authentication types, operation types) stays a ``str``, since AWS adds values without notice.

Times are timezone-aware ``datetime`` values in UTC.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, TypeAlias

MSK_CONNECT_PRINCIPAL = "kafkaconnect.amazonaws.com"
#: Type of the operation that pauses a connector.
PAUSE = "PAUSE_CONNECTOR"
LOG_DELIVERY_PRINCIPAL = "delivery.logs.amazonaws.com"


class Properties(Mapping[str, str]):
    """Connector configuration or worker properties: a read-only map that never shows a value by accident.

    ``repr`` and ``str`` show keys only, because configurations hold passwords and AWS keys.
    """

    __slots__ = ("_values",)

    def __init__(self, values: Mapping[str, str] | None = None) -> None:
        self._values = dict(values or {})

    def __getitem__(self, key: str) -> str:
        return self._values[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._values)

    def __len__(self) -> int:
        return len(self._values)

    def __contains__(self, key: object) -> bool:
        return key in self._values

    def __repr__(self) -> str:
        return f"Properties(keys={sorted(self._values)})"

    __str__ = __repr__


# --- what a finding says ---------------------------------------------------------------------------------------------


class Activity(StrEnum):
    """What is done on behalf of a connector."""

    PLUGIN_DOWNLOAD = "plugin-download"
    UPDATE_VALIDATION = "update-validation"
    CREDENTIAL_RENEWAL = "credential-renewal"
    KAFKA_AUTH = "kafka-auth"
    AWS_ACCESS = "aws-access"
    EXTERNAL_ACCESS = "external-access"
    WORKER_LOGS = "worker-logs"
    NETWORK_INTERFACES = "network-interfaces"


class Component(StrEnum):
    """Who acts. ``WORKER`` covers the worker's internal clients and whatever the service itself does."""

    WORKER = "worker"
    RECORDS = "records"
    DEAD_LETTER_QUEUE = "dead-letter-queue"
    PLUGIN = "plugin"
    CONVERTER = "converter"
    CONFIG_PROVIDER = "config-provider"
    SCHEMA_HISTORY = "schema-history"
    SIGNAL = "signal"
    SOURCE_CLUSTER = "source-cluster"
    TARGET_CLUSTER = "target-cluster"
    CONTROL_TOPIC = "control-topic"
    REPORTER = "reporter"
    METRICS = "metrics"
    JDBC_DRIVER = "jdbc-driver"
    POST_PROCESSOR = "post-processor"


class PermissionPath(StrEnum):
    """What authorises an activity. ``STATIC_CREDENTIALS`` means AWS access keys and nothing else."""

    EXECUTION_ROLE = "service-execution-role"
    ASSUMED_ROLE = "assumed-role"
    STATIC_CREDENTIALS = "static-credentials"
    RESOURCE_POLICY = "resource-policy"
    SERVICE_LINKED_ROLE = "service-linked-role"
    NO_IAM = "no-iam"
    UNKNOWN = "unknown"


class Uses(StrEnum):
    """Whether an activity uses the service execution role."""

    YES = "yes"
    NO = "no"
    UNKNOWN = "unknown"


class Timing(StrEnum):
    """When an activity happens."""

    CREATION = "creation"
    RESTART = "restart"
    FAILOVER = "failover"
    UPDATE = "update"
    CREDENTIAL_EXPIRY = "credential-expiry"
    CONTINUOUSLY = "continuously"
    LOG_DELIVERY = "log-delivery"


class Basis(StrEnum):
    """How we know the path: the weakest step that decides it."""

    OBSERVED = "observed"
    CONFIGURED = "configured"
    DOCUMENTED = "documented"
    UNKNOWN = "unknown"


class EvidenceKind(StrEnum):
    """What kind of thing an evidence reference names."""

    KEY = "key"
    POLICY = "policy"
    EVENT = "event"
    API = "api"


class ReasonCode(StrEnum):
    """Why a finding, warning or verdict is as it is. The sentence for each code is in ``handlers.reply.wording``."""

    # lifecycle of the connector
    ROLE_READS_PLUGIN = "role-reads-plugin"
    ROLE_VALIDATES_UPDATE = "role-validates-update"
    ROLE_CREDENTIALS_EXPIRE = "role-credentials-expire"
    SERVICE_LINKED_ROLE_MANAGES_INTERFACES = "service-linked-role-manages-interfaces"
    # Kafka
    AUTHENTICATION_TYPE_IAM = "authentication-type-iam"
    AUTHENTICATION_TYPE_NONE = "authentication-type-none"
    AUTHENTICATION_TYPE_UNKNOWN = "authentication-type-unknown"
    CLIENT_USES_IAM = "client-uses-iam"
    CLIENT_ASSUMES_ROLE = "client-assumes-role"
    CLIENT_HAS_STATIC_KEYS = "client-has-static-keys"
    CLIENT_USES_SCRAM = "client-uses-scram"
    CLIENT_USES_PLAIN = "client-uses-plain"
    CLIENT_USES_OAUTH = "client-uses-oauth"
    CLIENT_USES_KERBEROS = "client-uses-kerberos"
    CLIENT_USES_TLS = "client-uses-tls"
    CLIENT_USES_NO_AUTHENTICATION = "client-uses-no-authentication"
    CLIENT_MECHANISM_UNKNOWN = "client-mechanism-unknown"
    CLIENT_SETTINGS_UNRESOLVED = "client-settings-unresolved"
    # plugin, converter, config provider, JDBC driver, …
    DEFAULT_CREDENTIALS_CHAIN = "default-credentials-chain"
    ROLE_ASSUMED_BY_PLUGIN = "role-assumed-by-plugin"
    STATIC_KEYS_CONFIGURED = "static-keys-configured"
    CREDENTIALS_PROVIDER_UNKNOWN = "credentials-provider-unknown"
    CREDENTIALS_MISSING = "credentials-missing"
    #: A REST catalogue gives out credentials for the tables, or signs for the client.
    CATALOG_VENDS_CREDENTIALS = "catalog-vends-credentials"
    #: A named profile: MSK Connect's workers have no profile file.
    NAMED_PROFILE = "named-profile"
    ENDPOINT_NOT_AWS = "endpoint-not-aws"
    #: The endpoint is a ``${…}`` reference, so whether it is AWS is not known.
    ENDPOINT_UNRESOLVED = "endpoint-unresolved"
    OWN_CREDENTIALS = "own-credentials"
    NO_CREDENTIALS_NEEDED = "no-credentials-needed"
    CONNECTOR_CLASS_UNKNOWN = "connector-class-unknown"
    CONVERTER_CLASS_UNKNOWN = "converter-class-unknown"
    SCHEMA_HISTORY_CLASS_UNKNOWN = "schema-history-class-unknown"
    EXTENSION_CLASS_UNKNOWN = "extension-class-unknown"
    CONFIG_PROVIDER_UNRESOLVED = "config-provider-unresolved"
    UNVERIFIED_CLAIM = "unverified-claim"
    # worker logs
    LOGS_BY_BUCKET_POLICY = "logs-by-bucket-policy"
    LOGS_BY_RESOURCE_POLICY = "logs-by-resource-policy"
    LOGS_BY_SERVICE_LINKED_ROLE = "logs-by-service-linked-role"
    # warnings, where one code has several causes; the others use the warning's own code
    LOG_GRANT_HALF_PRESENT = "log-grant-half-present"
    LOG_GRANT_DENIED = "log-grant-denied"
    LOG_GRANT_AWS_MANAGED_KEY = "log-grant-aws-managed-key"
    LOG_GRANT_UNDECIDED = "log-grant-undecided"
    #: The policy of the bucket's customer managed key does not admit log delivery.
    LOG_GRANT_KEY = "log-grant-key"
    LOG_DESTINATION_ABSENT = "log-destination-absent"
    PLAINTEXT_SECRET_IN_WORKER = "plaintext-secret-in-worker"  # noqa: S105  a code, not a secret


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and the names that fill its sentence: keys, classes, ARNs, numbers; never the value of a secret."""

    code: str
    data: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, order=True)
class EvidenceRef:
    """One thing that shows a statement to be so, by name: a configuration key, a policy, an event id, an API call."""

    kind: EvidenceKind
    name: str


@dataclass(frozen=True, slots=True)
class Finding:
    """For one activity: who acts, on what, by which permission path, and how we know."""

    activity: Activity
    component: Component
    #: IAM service prefix for ``aws-access``; ``s3``, ``logs`` or ``firehose`` for ``worker-logs``; ``kafka`` for
    #: ``kafka-auth``; the system's name for ``external-access``; the AWS service for the rest.
    subject: str
    path: PermissionPath
    basis: Basis
    reason: Reason
    #: URL of the documentation or source code behind the statement.
    source: str
    #: With ``assumed-role`` only: whose credentials call ``sts:AssumeRole``.
    via: PermissionPath | None = None
    #: ARN or service principal that acts, where it is known.
    principal: str | None = None
    actions: tuple[str, ...] = ()
    resources: tuple[str, ...] = ()
    timing: tuple[Timing, ...] = ()
    evidence: tuple[EvidenceRef, ...] = ()

    @property
    def uses_execution_role(self) -> Uses:
        """Derived: the role itself, or a role that it assumes, means yes; an unknown step means unknown."""
        deciding = self.via if self.path is PermissionPath.ASSUMED_ROLE else self.path
        if deciding is PermissionPath.EXECUTION_ROLE:
            return Uses.YES
        if deciding in (PermissionPath.UNKNOWN, None):
            return Uses.UNKNOWN
        return Uses.NO


class CautionCode(StrEnum):
    """The warnings the bot gives. ``warnings`` in JSON."""

    UNKNOWN_CONNECTOR_CLASS = "unknown-connector-class"
    UNKNOWN_CREDENTIALS_PROVIDER = "unknown-credentials-provider"
    AUTHENTICATION_TYPE_UNKNOWN = "authentication-type-unknown"
    INERT_CLIENT_SETTINGS = "inert-client-settings"
    PLAINTEXT_SECRET = "plaintext-secret"  # noqa: S105  a code, not a secret
    STATIC_CREDENTIALS = "static-credentials"
    SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE = "service-linked-role-as-execution-role"
    EXECUTION_ROLE_NOT_A_ROLE = "execution-role-not-a-role"
    NON_AWS_ENDPOINT = "non-aws-endpoint"
    UNRESOLVED_CONFIG_PROVIDER = "unresolved-config-provider"
    ASSUME_ROLE_FALLBACK = "assume-role-fallback"
    WORKER_CONFIGURATION_MISSING = "worker-configuration-missing"
    LOG_GRANT_MISSING = "log-grant-missing"
    LOG_GRANT_UNREADABLE = "log-grant-unreadable"
    TRUST_POLICY_DENIES_MSK_CONNECT = "trust-policy-denies-msk-connect"
    TRUST_POLICY_CONFUSED_DEPUTY = "trust-policy-confused-deputy"
    TRUST_POLICY_STALE_SOURCE_ARN = "trust-policy-stale-source-arn"
    ROLE_SHARED = "role-shared"
    ROLE_MISSING = "role-missing"
    ROLE_ASSUMED_BY_OTHERS = "role-assumed-by-others"
    ASSUME_ROLE_FAILING = "assume-role-failing"


@dataclass(frozen=True, slots=True)
class Caution:
    """Something a reader must know before acting. ``reason.code`` is the caution's code unless a finer one exists."""

    code: CautionCode
    reason: Reason
    evidence: tuple[EvidenceRef, ...] = ()


# --- what AWS answers ------------------------------------------------------------------------------------------------


class Cause(StrEnum):
    """Why a read gave nothing."""

    ACCESS_DENIED = "access-denied"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    NOT_FOUND = "not-found"
    MALFORMED = "malformed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A read that failed, as a value: it travels with the answer, which says what it lacks because of it."""

    #: Service and operation as IAM and CloudTrail spell them, for example ``kafkaconnect:DescribeWorkerConfiguration``.
    operation: str
    #: What was asked for: an ARN, a name, a region.
    resource: str
    cause: Cause
    #: The IAM action the bot lacks; only with ``access-denied``.
    missing_action: str | None = None
    #: AWS's error code where there is one (``ThrottlingException``), never its message, which may quote input.
    error_code: str | None = None
    #: With ``not-found`` only: the ARN of what has the same name instead.
    namesake: str | None = None


@dataclass(frozen=True, slots=True)
class CloudWatchLogs:
    """Worker logs go to this log group."""

    log_group: str


@dataclass(frozen=True, slots=True)
class S3:
    """Worker logs go to this bucket, under ``prefix`` where it is not empty."""

    bucket: str
    prefix: str = ""


@dataclass(frozen=True, slots=True)
class Firehose:
    """Worker logs go to this delivery stream."""

    delivery_stream: str


LogDestination: TypeAlias = CloudWatchLogs | S3 | Firehose


@dataclass(frozen=True, slots=True)
class RevisionRef:
    """The worker configuration or custom plugin that a connector names, pinned to a revision."""

    arn: str
    revision: int | None = None


@dataclass(frozen=True, slots=True)
class ConnectorSummary:
    """One row of ListConnectors; it lacks the configuration."""

    name: str
    arn: str
    region: str
    state: str
    role_arn: str | None = None


@dataclass(frozen=True, slots=True)
class Connector:
    """What DescribeConnector says. Enumerated fields are AWS's own strings, empty where the answer had none."""

    name: str
    arn: str
    region: str
    state: str
    role_arn: str
    authentication_type: str
    configuration: Properties = field(default_factory=Properties)
    encryption_in_transit: str = ""
    bootstrap_servers: str = ""
    kafka_connect_version: str = ""
    created: datetime | None = None
    #: Enabled worker log destinations only.
    log_destinations: tuple[LogDestination, ...] = ()
    plugins: tuple[RevisionRef, ...] = ()
    worker_configuration: RevisionRef | None = None
    #: ``stateDescription.code`` of a FAILED connector; its message may quote configuration and is not kept.
    state_code: str = ""

    @property
    def partition(self) -> str:
        """``aws``, ``aws-cn`` or ``aws-us-gov``, from the ARN; ``aws`` where the ARN has none."""
        return _arn_part(self.arn, 1) or "aws"

    @property
    def account(self) -> str:
        """The account id, from the ARN; empty where the ARN has none."""
        return _arn_part(self.arn, 4)


def _arn_part(arn: str, index: int) -> str:
    parts = arn.split(":", 5)
    return parts[index] if len(parts) == 6 and parts[0] == "arn" else ""


@dataclass(frozen=True, slots=True)
class WorkerConfiguration:
    """The *latest* revision: DescribeWorkerConfiguration gives no other, while a connector may pin an older one."""

    arn: str
    name: str
    latest_revision: int | None
    properties: Properties


@dataclass(frozen=True, slots=True)
class CustomPlugin:
    """A custom plugin's file in S3, as DescribeCustomPlugin names it."""

    arn: str
    name: str
    state: str
    latest_revision: int | None = None
    bucket_arn: str = ""
    file_key: str = ""


@dataclass(frozen=True, slots=True)
class ConnectorOperation:
    """One row of ListConnectorOperations: what was done to the connector, and when."""

    arn: str
    type: str
    state: str
    started: datetime
    ended: datetime | None = None


#: A parsed IAM policy document, as JSON gives it. ``bot.policy`` reads it and tolerates any shape.
PolicyDocument: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """A policy attached to a resource: bucket policy, CloudWatch Logs resource policy, KMS key policy."""

    name: str
    #: The resource it is attached to, or the account where it has account scope.
    scope: str
    document: PolicyDocument


@dataclass(frozen=True, slots=True)
class RoleLastUsed:
    """``GetRole.RoleLastUsed``: a recent date is positive evidence, its absence is no evidence."""

    at: datetime
    region: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role with its trust policy."""

    arn: str
    name: str
    trust_policy: PolicyDocument
    created: datetime | None = None
    last_used: RoleLastUsed | None = None


@dataclass(frozen=True, slots=True)
class ServiceLastAccessed:
    """One service of a last-accessed report. ``at`` is the last *attempt*, denied ones included."""

    namespace: str
    at: datetime | None
    region: str = ""


@dataclass(frozen=True, slots=True)
class LastAccessed:
    """IAM's last-accessed report for a role; shown beside CloudTrail because it misleads (see the notes)."""

    generated: datetime
    services: tuple[ServiceLastAccessed, ...]

    @property
    def latest(self) -> ServiceLastAccessed | None:
        """The service with the newest attempt, or None where the report holds none."""
        return max((s for s in self.services if s.at), key=lambda s: s.at or self.generated, default=None)


@dataclass(frozen=True, slots=True)
class BucketReading:
    """What is needed to judge log delivery to a bucket.

    ``policy`` None: the bucket has none. ``kms_key`` is empty where the bucket is not encrypted with SSE-KMS.
    """

    bucket: str
    policy: ResourcePolicy | Unavailable | None
    kms_key: str | Unavailable = ""
    #: Read only where ``kms_key`` names a customer managed key.
    key_policy: ResourcePolicy | Unavailable | None = None


@dataclass(frozen=True, slots=True)
class LogGroupReading:
    """The CloudWatch Logs resource policies that may admit log delivery: of the account, and of the log group."""

    log_group: str
    account_policies: tuple[ResourcePolicy, ...] | Unavailable
    group_policies: tuple[ResourcePolicy, ...] | Unavailable


@dataclass(frozen=True, slots=True)
class DeliveryStreamReading:
    """Firehose has no resource policies: a tag and a service-linked role decide."""

    delivery_stream: str
    tags: Mapping[str, str] | Unavailable
    #: Whether ``AWSServiceRoleForLogDelivery`` exists in the account.
    service_linked_role: bool | Unavailable


LogDestinationReading: TypeAlias = BucketReading | LogGroupReading | DeliveryStreamReading


# --- CloudTrail ------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class AssumeRoleEvent:
    """One AssumeRole of the role, reduced to what the answer needs: no token, no source address, no raw event."""

    at: datetime
    region: str
    event_id: str
    #: The service principal for a service (``kafkaconnect.amazonaws.com``), else the caller's ARN.
    principal: str
    session_name: str = ""
    #: The access key id that was issued; an identifier, not a secret.
    issued_key_id: str = ""
    #: CloudTrail's errorCode; empty for a successful call.
    error_code: str = ""
    #: CloudTrail's sharedEventID, by which one call seen twice is counted once.
    shared_event_id: str = ""

    @property
    def by_msk_connect(self) -> bool:
        """Whether MSK Connect made the call."""
        return self.principal == MSK_CONNECT_PRINCIPAL

    @property
    def succeeded(self) -> bool:
        """Whether the call was allowed and answered."""
        return not self.error_code


@dataclass(frozen=True, slots=True)
class SessionActivity:
    """What a session of the role did afterwards, where management events show it: counts by event, no details."""

    event_source: str
    event_name: str
    count: int
    last: datetime
    region: str = ""


class StopCause(StrEnum):
    """Why a read of the history ended before its window did."""

    DEADLINE = "deadline"
    THROTTLED = "throttled"
    ACCESS_DENIED = "access-denied"
    ERROR = "error"
    MALFORMED = "malformed"
    PAGE_LIMIT = "page-limit"
    #: The store begins later than the window: event history keeps 90 days, a log group its retention, and a trail
    #: records nothing before it was started.
    RETENTION = "retention"
    #: The trail does not record read-only management events, so AssumeRole can not appear in it.
    SELECTORS = "selectors"
    #: What was searched does not hold the role's account, or not every region that was asked for.
    NOT_COVERED = "not-covered"


@dataclass(frozen=True, slots=True)
class RegionShortfall:
    """A region whose history was not read to its end."""

    region: str
    #: Everything from here on was read; the window's end where nothing was.
    read_from: datetime
    stopped_because: StopCause


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked of CloudTrail and what was really read. Every verdict rests on it."""

    #: ``event-history``, ``logs-insights`` or ``athena``.
    source: str
    regions: tuple[str, ...]
    window_from: datetime
    window_to: datetime
    #: Everything from here to ``window_to`` was read, in every region; ``window_to`` where nothing was.
    read_from: datetime
    complete: bool
    stopped_because: StopCause | None = None
    #: Failed reads behind ``stopped_because``.
    gaps: tuple[Unavailable, ...] = ()
    accounts: tuple[str, ...] = ()
    #: Requests made for this history, and bytes the store scanned for it (None where it does not say).
    requests: int = 0
    bytes_scanned: int | None = None
    #: True where event selectors were read and record AssumeRole; None where the source does not depend on a trail.
    selectors_record_reads: bool | None = None
    #: True where nothing was found under the role's ARN and the bare role name was asked too.
    asked_bare_name: bool = False
    #: Where the read fell short in some regions alone: those. Empty too where the source does not tell regions apart.
    shortfalls: tuple[RegionShortfall, ...] = ()
    #: ARNs of the log groups, or the table as ``database.name``; empty for event history.
    places: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class AssumeRoleHistory:
    """AssumeRole events of one role in a window, newest first, and how much of the window they cover."""

    role_arn: str
    events: tuple[AssumeRoleEvent, ...]
    coverage: Coverage
    #: What the newest sessions of MSK Connect did; empty where it was not asked or nothing was seen.
    session_activity: tuple[SessionActivity, ...] = ()

    @property
    def by_msk_connect(self) -> tuple[AssumeRoleEvent, ...]:
        """Successful calls by MSK Connect, newest first."""
        return tuple(e for e in self.events if e.by_msk_connect and e.succeeded)

    @property
    def failed(self) -> tuple[AssumeRoleEvent, ...]:
        """Refused or failed calls by MSK Connect, newest first."""
        return tuple(e for e in self.events if e.by_msk_connect and not e.succeeded)

    @property
    def by_others(self) -> tuple[AssumeRoleEvent, ...]:
        """Calls by anybody else, newest first."""
        return tuple(e for e in self.events if not e.by_msk_connect)

    @property
    def last_assumed(self) -> datetime | None:
        """When MSK Connect last assumed the role; None means not observed within the coverage."""
        return next((e.at for e in self.by_msk_connect), None)


@dataclass(frozen=True, slots=True)
class RoleUse:
    """How often MSK Connect assumed one role in a window, failed calls left out, and when last."""

    role_arn: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class FleetHistory:
    """Which of many roles MSK Connect assumed, from one query. A role that is not among ``uses`` was not observed."""

    uses: tuple[RoleUse, ...]
    coverage: Coverage


# --- question and answer ---------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked: a connector by name or ARN, or a role by ARN, over a window of days."""

    #: The name or ARN as typed, stripped; hostile until printed through an escaping printer.
    subject: str
    window_days: int = 90
    #: None: all regions of the scope.
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was read for one connector.

    A field that could not be read holds ``Unavailable``; one that was not read at all (offline) holds None.
    """

    connector: Connector
    worker_configuration: WorkerConfiguration | Unavailable | None = None
    custom_plugins: tuple[CustomPlugin | Unavailable, ...] = ()
    role: Role | Unavailable | None = None
    log_destinations: tuple[LogDestinationReading, ...] = ()
    operations: tuple[ConnectorOperation, ...] | Unavailable | None = None
    last_accessed: LastAccessed | Unavailable | None = None
    history: AssumeRoleHistory | Unavailable | None = None
    #: Other connectors with the same role, over the regions that were searched.
    sharing: tuple[ConnectorSummary, ...] = ()
    #: Regions whose connectors were listed, and those that could not be.
    searched_regions: tuple[str, ...] = ()
    #: Reads that failed and have no field of their own (a region that could not be listed).
    gaps: tuple[Unavailable, ...] = ()
    #: When AWS was read; None offline.
    read_at: datetime | None = None


class VerdictCode(StrEnum):
    """About the *role*, not the connector. None of them says that a role may go."""

    IN_USE = "in-use"
    DORMANT = "dormant"
    UNCONFIRMED = "unconfirmed"
    REFERENCED = "referenced"
    UNREFERENCED = "unreferenced"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict and why. ``reason.code`` is one of ``VerdictReason``."""

    code: VerdictCode
    reason: Reason


class VerdictReason(StrEnum):
    """Why a verdict is as it is."""

    ASSUMED_BY_MSK_CONNECT = "assumed-by-msk-connect"
    NOT_OBSERVED_IN_COMPLETE_WINDOW = "not-observed-in-complete-window"
    OFFLINE = "offline"
    HISTORY_UNAVAILABLE = "history-unavailable"
    HISTORY_INCOMPLETE = "history-incomplete"
    #: Contradictions: the configuration requires assumptions that a completely read window does not show.
    CONNECTOR_CHANGED_IN_WINDOW = "connector-changed-in-window"
    RUNNING_REQUIRES_ROLE = "running-requires-role"
    #: MSK Connect asked for the role in the window and was refused each time: not used, and yet needed.
    ATTEMPTS_FAILED = "attempts-failed"
    #: What would show a contradiction could not be read.
    OPERATIONS_UNAVAILABLE = "operations-unavailable"
    CONFIGURATION_UNCLEAR = "configuration-unclear"
    #: Another connector names the role, in a region of whose history nothing was asked.
    SHARED_IN_UNREAD_REGION = "shared-in-unread-region"
    #: The connector names something that nobody can assume, so nothing was asked about it.
    NOT_A_ROLE = "not-a-role"
    NAMED_BY_CONNECTORS = "named-by-connectors"
    NAMED_BY_NO_CONNECTOR = "named-by-no-connector"
    SEARCH_INCOMPLETE = "search-incomplete"
    #: What MSK Connect does with the role, or does not, decides nothing about it.
    SERVICE_LINKED_ROLE = "service-linked-role"
    MSK_CONNECT_NOT_TRUSTED = "msk-connect-not-trusted"
    #: Whom the trust policy admits could not be read.
    ROLE_UNREADABLE = "role-unreadable"


@dataclass(frozen=True, slots=True)
class Explanation:
    """The whole answer about one connector, before it is worded."""

    evidence: Evidence
    findings: tuple[Finding, ...]
    cautions: tuple[Caution, ...]
    verdict: Verdict
    unavailable: tuple[Unavailable, ...] = ()
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class RoleEvidence:
    """Everything that was read for a question about a role."""

    role_arn: str
    role: Role | Unavailable | None = None
    #: Connectors that name it, over ``searched_regions``.
    connectors: tuple[ConnectorSummary, ...] = ()
    last_accessed: LastAccessed | Unavailable | None = None
    history: AssumeRoleHistory | Unavailable | None = None
    searched_regions: tuple[str, ...] = ()
    gaps: tuple[Unavailable, ...] = ()
    read_at: datetime | None = None


@dataclass(frozen=True, slots=True)
class RoleExplanation:
    """The whole answer about one role, before it is worded."""

    evidence: RoleEvidence
    cautions: tuple[Caution, ...]
    verdict: Verdict
    unavailable: tuple[Unavailable, ...] = ()
    question: Question | None = None


Answer: TypeAlias = Explanation | RoleExplanation
