"""What a finding says: who acts, on what, by which permission path, and how we know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias


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
    #: A transformation of Kafka Connect's own kind, or a predicate that decides when one applies.
    TRANSFORM = "transform"


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
    """Why a finding, warning or verdict is as it is. The sentence for each code is in ``bot.reply.wording``."""

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
    #: A login module or a callback handler that is none of Kafka's or AWS's.
    CLIENT_LOGIN_UNKNOWN = "client-login-unknown"
    #: Settings of a Kafka client under a prefix that no known client reads.
    CLIENT_NOT_KNOWN = "client-not-known"
    # plugin, converter, config provider, JDBC driver, …
    DEFAULT_CREDENTIALS_CHAIN = "default-credentials-chain"
    ROLE_ASSUMED_BY_PLUGIN = "role-assumed-by-plugin"
    STATIC_KEYS_CONFIGURED = "static-keys-configured"
    CREDENTIALS_PROVIDER_UNKNOWN = "credentials-provider-unknown"
    CREDENTIALS_MISSING = "credentials-missing"
    #: A REST catalogue gives out credentials for the tables, or signs for the client.
    CATALOG_VENDS_CREDENTIALS = "catalog-vends-credentials"
    #: Where the tables lie is the catalogue's to say.
    TABLE_LOCATION_UNKNOWN = "table-location-unknown"
    CATALOG_MAY_VEND_CREDENTIALS = "catalog-may-vend-credentials"
    #: A named profile: MSK Connect's workers have no profile file.
    NAMED_PROFILE = "named-profile"
    #: Credentials from environment variables alone: what MSK Connect's workers have there is not documented.
    ENVIRONMENT_CREDENTIALS = "environment-credentials"
    #: Versions of the plugin decide otherwise, and the configuration does not say which one runs.
    DEPENDS_ON_VERSION = "depends-on-version"
    #: A JDBC driver that signs its requests, with whose credentials is not known.
    DRIVER_SIGNS = "driver-signs"
    ENDPOINT_NOT_AWS = "endpoint-not-aws"
    #: The endpoint is a ``${…}`` reference, so whether it is AWS is not known.
    ENDPOINT_UNRESOLVED = "endpoint-unresolved"
    #: A host that is not AWS's own, and may be a custom domain of an AWS service.
    ENDPOINT_PERHAPS_AWS = "endpoint-perhaps-aws"
    OWN_CREDENTIALS = "own-credentials"
    NO_CREDENTIALS_NEEDED = "no-credentials-needed"
    CONNECTOR_CLASS_UNKNOWN = "connector-class-unknown"
    CONVERTER_CLASS_UNKNOWN = "converter-class-unknown"
    SCHEMA_HISTORY_CLASS_UNKNOWN = "schema-history-class-unknown"
    EXTENSION_CLASS_UNKNOWN = "extension-class-unknown"
    CONFIG_PROVIDER_UNRESOLVED = "config-provider-unresolved"
    #: The connector's configuration defines the provider, where Kafka Connect's worker does not look.
    CONFIG_PROVIDER_MISPLACED = "config-provider-misplaced"
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
    #: A statement goes by address, and AWS's services do not call from an address of the account.
    LOG_GRANT_UNDECIDED_BY_ADDRESS = "log-grant-undecided-by-address"
    #: The policy of the bucket's customer managed key does not admit log delivery.
    LOG_GRANT_KEY = "log-grant-key"
    #: It admits what S3 needs for a put, and not all that AWS's page on log delivery asks for.
    LOG_GRANT_KEY_HALF_PRESENT = "log-grant-key-half-present"
    #: Only the owner of a bucket sees its policy.
    LOG_BUCKET_OF_ANOTHER_ACCOUNT = "log-bucket-of-another-account"
    #: As of log delivery: a statement of the trust policy goes by address.
    TRUST_POLICY_UNDECIDED_BY_ADDRESS = "trust-policy-undecided-by-address"
    LOG_DESTINATION_ABSENT = "log-destination-absent"
    PLAINTEXT_SECRET_IN_WORKER = "plaintext-secret-in-worker"  # noqa: S105  a code, not a secret


#: What may fill a sentence: text, a number, a time, several names or several numbers.
Datum: TypeAlias = str | int | datetime | tuple[str, ...] | tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Reason:
    """A code and what fills its sentence: keys, classes, ARNs, numbers, times; never the value of a secret.

    Several names are a tuple, even where it has one member: printers decide how a list looks.
    """

    code: str
    data: Mapping[str, Datum] = field(default_factory=dict)


def reason(code: str, **data: Datum | None) -> Reason:
    """Make a reason of what is known: a name without a value is left out."""
    return Reason(code, {name: value for name, value in data.items() if value not in (None, "", ())})


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
