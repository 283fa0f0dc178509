"""The state of the embedded AWS that moto does not keep."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from bot.sandbox.aws.trail import Trail

ACCOUNT = "111122223333"

#: A dictionary in the shape of an operation's answer, as botocore's service model has it.
Description = dict[str, Any]


@dataclass(slots=True)
class Switches:
    """Behaviour that a test or a bench turns on over the control plane."""

    #: Enforce LookupEvents' two requests a second per account and region.
    lookup_limit: bool = False
    #: How often a last-accessed job answers IN_PROGRESS before it is COMPLETED.
    job_polls: int = 1
    #: How often a query of Logs Insights or Athena answers that it is running before it has ended.
    query_polls: int = 1


@dataclass(slots=True)
class MskConnect:
    """MSK Connect's resources by ARN, each as its Describe operation answers."""

    connectors: dict[str, Description] = field(default_factory=dict)
    worker_configurations: dict[str, Description] = field(default_factory=dict)
    custom_plugins: dict[str, Description] = field(default_factory=dict)
    operations: dict[str, Description] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Accessed:
    """One service of a role's last-accessed report; ``at`` None means no attempt in the tracking period."""

    namespace: str
    at: datetime | None = None
    region: str = ""


@dataclass(slots=True)
class World:
    """One account. ``lock`` guards every change."""

    account: str = ACCOUNT
    #: The sandbox's clock, UTC.
    clock: Callable[[], datetime] = lambda: datetime.now(UTC)
    lock: RLock = field(default_factory=RLock, repr=False)
    switches: Switches = field(default_factory=Switches)
    trail: Trail = field(default_factory=Trail, repr=False)
    connect: MskConnect = field(default_factory=MskConnect, repr=False)
    #: Last-accessed reports by role ARN.
    accessed: dict[str, tuple[Accessed, ...]] = field(default_factory=dict, repr=False)
    #: CloudWatch Logs resource policies of one log group, by its ARN: (policy name, document as JSON).
    log_group_policies: dict[str, tuple[str, str]] = field(default_factory=dict, repr=False)
    #: State that a service keeps for itself, by service; forgotten with the world.
    private: dict[str, Any] = field(default_factory=dict, repr=False)
    #: Whether anything but ``switches`` and ``private`` may have changed since the world was filled.
    changed: bool = False

    @property
    def now(self) -> datetime:
        """What the sandbox's clock shows."""
        return self.clock()

    def clear(self) -> None:
        """Forget everything; the clock stays."""
        with self.lock:
            self.switches = Switches()
            self.trail.clear()
            self.connect = MskConnect()
            self.accessed.clear()
            self.log_group_policies.clear()
            self.private.clear()


def region_of(arn: str) -> str:
    """Return the region of an ARN; empty where it has none."""
    parts = arn.split(":", 5)
    return parts[3] if len(parts) == 6 else ""


def name_of(description: Mapping[str, Any]) -> str:
    """Return the name in a connector's description."""
    return str(description["connectorName"])
