"""A connector and what belongs to it, as MSK Connect's API describes them."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import TypeAlias

from bot.arn import part_of

#: Type of the operation that pauses a connector.
PAUSE = "PAUSE_CONNECTOR"


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
    bootstrap_servers: str = ""
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
        return part_of(self.arn, "partition") or "aws"

    @property
    def account(self) -> str:
        """The account id, from the ARN; empty where the ARN has none."""
        return part_of(self.arn, "account")


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

    @property
    def failed(self) -> bool:
        """Whether it did not take effect; an update whose health check fails is rolled back."""
        return self.state.endswith("_FAILED") or self.state.startswith("ROLLBACK")

    @property
    def paused(self) -> bool:
        """Whether it paused the connector, or is about to: a pause that failed is none."""
        return self.type == PAUSE and not self.failed
