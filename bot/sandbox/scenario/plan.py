"""The words in which the scenario is written down. Ages are in days before the sandbox starts."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from bot.model import MSK_CONNECT_PRINCIPAL
from bot.sandbox.aws.world import Description
from bot.sandbox.scenario.documents import Document


@dataclass(frozen=True, slots=True)
class Logs:
    """Where worker logs go: a log group, a bucket with a prefix, a delivery stream."""

    log_group: str = ""
    bucket: str = ""
    prefix: str = ""
    stream: str = ""

    def described(self) -> Description:
        """As DescribeConnector answers."""
        return {
            "workerLogDelivery": {
                "cloudWatchLogs": {"enabled": bool(self.log_group), "logGroup": self.log_group or None},
                "firehose": {"enabled": bool(self.stream), "deliveryStream": self.stream or None},
                "s3": {"enabled": bool(self.bucket), "bucket": self.bucket or None, "prefix": self.prefix or None},
            }
        }


@dataclass(frozen=True, slots=True)
class Operation:
    """Something done to a connector."""

    type: str
    days_ago: float
    state: str = "UPDATE_COMPLETE"


@dataclass(frozen=True, slots=True)
class Connector:
    """A connector of the scenario, and what it is there to show."""

    name: str
    region: str
    role: str
    configuration: Mapping[str, str]
    #: The row of the article, or the special case, that the connector stands for.
    shows: str
    authentication: str = "IAM"
    state: str = "RUNNING"
    plugin: str = "confluent-s3"
    logs: Logs = field(default_factory=Logs)
    #: Name and pinned revision.
    worker_configuration: tuple[str, int] | None = None
    created_days_ago: float = 400
    operations: tuple[Operation, ...] = ()
    description: str = ""
    #: ``stateDescription`` of a FAILED connector: code and message.
    failure: tuple[str, str] | None = None


@dataclass(frozen=True, slots=True)
class LastAccessed:
    """A service in a role's last-accessed report; None means no attempt in the tracking period."""

    namespace: str
    days_ago: float | None
    region: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """A role of the scenario."""

    name: str
    trust: Document
    path: str = "/"
    #: ``RoleLastUsed``: days ago and region.
    last_used: tuple[float, str] | None = None
    accessed: tuple[LastAccessed, ...] = ()


@dataclass(frozen=True, slots=True)
class Assumptions:
    """AssumeRole of one role at an even pace, from ``oldest`` to ``newest`` days ago, ``every`` so many hours."""

    role_arn: str
    region: str
    oldest: float
    newest: float
    every: float
    by: str = MSK_CONNECT_PRINCIPAL
    #: CloudTrail's errorCode of calls that failed.
    error: str = ""
    #: Text that session names begin with.
    session: str = "MskConnect"
    #: Calls that the newest session made: (event source, event name, is read-only).
    follow_up: tuple[tuple[str, str, bool], ...] = ()
    #: Whether LookupEvents indexes the role by its bare name only.
    bare_name: bool = False
