"""What the pipe reads AWS through: Protocols that ``bot.aws`` implements, and a test may implement with plain values.

A reader never raises for what AWS may answer: a failed read is returned as ``Unavailable`` and travels on.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol

from bot.model import (
    Answer,
    AssumeRoleHistory,
    Connector,
    ConnectorOperation,
    ConnectorSummary,
    CustomPlugin,
    LastAccessed,
    LogDestination,
    LogDestinationState,
    Question,
    Role,
    RolesHistory,
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
    _called_off: threading.Event = field(default_factory=threading.Event, repr=False, compare=False)

    @classmethod
    def after(cls, seconds: float) -> Deadline:
        """Return the deadline that passes in so many seconds."""
        return cls(time.monotonic() + seconds)

    def remaining(self) -> float:
        """Return the seconds left, never less than 0."""
        return 0 if self._called_off.is_set() else max(0.0, self.at - time.monotonic())

    def pause(self, seconds: float) -> bool:
        """Wait; return whether anybody still waits for the read after that."""
        self._called_off.wait(min(seconds, self.remaining()))
        return self.remaining() > 0

    def call_off(self) -> None:
        """Say that nobody waits any longer."""
        self._called_off.set()


def pauses(first: float, longest: float, growth: float = 2) -> Iterator[float]:
    """Yield the seconds to wait after each try in vain: ``growth`` times as long as before, up to ``longest``."""
    pause = first
    while True:
        yield pause
        pause = min(pause * growth, longest)


class AnswerSource(Protocol):
    """Whatever answers questions."""

    def ask(self, question: Question, *, fresh: bool = False) -> Answer:
        """Answer the question; ``fresh`` reads AWS even where a kept answer would do. Raises ``Unanswerable``."""


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
    def named(self, name: str, region: str) -> Role | Unavailable: ...
    def last_accessed(self, arn: str, deadline: Deadline) -> LastAccessed | Unavailable: ...


class LogDestinationReader(Protocol):
    """S3, KMS, CloudWatch Logs, Firehose: what grants log delivery. At most two calls one after another.

    It answers by the deadline, with the fields that were read and ``Unavailable`` for the others.
    """

    def read(self, destination: LogDestination, connector: Connector, deadline: Deadline) -> LogDestinationState: ...


class HistoryReader(Protocol):
    """CloudTrail, over whichever store holds it: where a connector's role is assumed, or in exactly some regions."""

    def read(
        self, role_arn: str, connector_region: str, window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable: ...
    def read_regions(
        self, role_arn: str, regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable: ...


class RolesHistoryReader(Protocol):
    """CloudTrail for many roles at once. ``roles`` maps the ARN of each to the regions of its connectors.

    Every store is asked once, so that all its roles have one answer in common. A role is left out where its store
    cannot be asked for many.
    """

    def read(
        self, roles: Mapping[str, tuple[str, ...]], window: Window, deadline: Deadline
    ) -> Mapping[str, RolesHistory | Unavailable]: ...


@dataclass(frozen=True, slots=True)
class Readers:
    """Everything the pipe reads through, for one scope of regions."""

    connectors: ConnectorReader
    roles: RoleReader
    log_destinations: LogDestinationReader
    history: HistoryReader
    regions: tuple[str, ...]
