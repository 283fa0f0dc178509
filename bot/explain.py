"""The pipe: a question is gathered into evidence, classified, judged, and comes out as an explanation.

This module reads AWS only through the Protocols below, which ``bot.aws`` implements and a test may implement with plain
values. A reader never raises for what AWS may answer: a failed read is returned as ``Unavailable`` and travels on. Only
a question that has no answer at all raises, as a subclass of ``Unanswerable``.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.model import (
    AssumeRoleHistory,
    Connector,
    ConnectorOperation,
    ConnectorSummary,
    CustomPlugin,
    LastAccessed,
    LogDestination,
    LogDestinationReading,
    Role,
    Unavailable,
    WorkerConfiguration,
)

Clock = Callable[[], datetime]


@dataclass(frozen=True, slots=True)
class Window:
    """A stretch of time, ``start`` included and ``end`` excluded, both in UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Deadline:
    """A point on the monotonic clock (``time.monotonic()`` seconds) after which nobody waits for a read."""

    at: float


class ConnectorReader(Protocol):
    """MSK Connect. ``region`` is one of the scope's; ARNs carry their own region."""

    def list(self, region: str, prefix: str = "") -> tuple[ConnectorSummary, ...] | Unavailable: ...
    def describe(self, arn: str) -> Connector | Unavailable: ...
    def worker_configuration(self, arn: str) -> WorkerConfiguration | Unavailable: ...
    def custom_plugin(self, arn: str) -> CustomPlugin | Unavailable: ...
    def operations(self, connector_arn: str, window: Window) -> tuple[ConnectorOperation, ...] | Unavailable: ...


class RoleReader(Protocol):
    """IAM."""

    def role(self, arn: str) -> Role | Unavailable: ...
    def last_accessed(self, arn: str, deadline: Deadline) -> LastAccessed | Unavailable: ...


class LogDestinationReader(Protocol):
    """S3, KMS, CloudWatch Logs, Firehose: what grants log delivery. At most two calls one after another."""

    def read(self, destination: LogDestination, connector: Connector) -> LogDestinationReading: ...


class HistoryReader(Protocol):
    """CloudTrail, over whichever store holds it."""

    def read(
        self, role_arn: str, connector_region: str, window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable: ...


@dataclass(frozen=True, slots=True)
class Readers:
    """Everything the pipe reads through, for one scope of regions."""

    connectors: ConnectorReader
    roles: RoleReader
    log_destinations: LogDestinationReader
    history: HistoryReader
    regions: tuple[str, ...]


class Unanswerable(Exception):
    """A question without an answer. Subclasses carry values only; their sentences are in the wording.

    Not frozen: Python itself sets ``__traceback__`` on exceptions in flight.
    """


@dataclass(eq=False)
class InvalidQuestion(Unanswerable):
    """The text is no question. ``problem`` is a short code (``window-out-of-range``, ``not-a-name``, …)."""

    problem: str
    value: str = ""


@dataclass(eq=False)
class RegionOutOfScope(Unanswerable):
    """The region asked for is not among the regions the bot searches."""

    region: str
    regions: tuple[str, ...]


@dataclass(eq=False)
class NoSuchConnector(Unanswerable):
    """No connector has exactly this name in the regions searched."""

    name: str
    searched: tuple[str, ...]
    #: Names that begin with what was asked, then the closest names that exist.
    candidates: tuple[ConnectorSummary, ...] = ()
    closest: tuple[ConnectorSummary, ...] = ()
    #: Regions that could not be listed: silence there is no evidence.
    gaps: tuple[Unavailable, ...] = ()


@dataclass(eq=False)
class AmbiguousConnector(Unanswerable):
    """Several connectors have this name, in different regions."""

    name: str
    matches: tuple[ConnectorSummary, ...]


@dataclass(eq=False)
class ConnectorUnreadable(Unanswerable):
    """The connector exists or may exist, but DescribeConnector or every ListConnectors failed."""

    name: str
    gaps: tuple[Unavailable, ...] = field(default_factory=tuple)
