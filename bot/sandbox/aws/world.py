"""The state of the embedded AWS that moto does not keep."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from threading import RLock
from typing import Any

from bot.sandbox.aws.trail import Trail

ACCOUNT = "111122223333"
REGIONS = ("eu-west-1", "us-east-1")


@dataclass(slots=True)
class Switches:
    """Behaviour that a test or a bench turns on over the control plane."""

    #: Enforce LookupEvents' two requests a second per account and region.
    lookup_limit: bool = False


@dataclass(slots=True)
class World:
    """One account. Regional things are keyed by (region, …); ``lock`` guards every change."""

    account: str = ACCOUNT
    lock: RLock = field(default_factory=RLock, repr=False)
    switches: Switches = field(default_factory=Switches)
    trail: Trail = field(default_factory=Trail, repr=False)
    #: State that a service keeps for itself, by service; cleared with the world.
    private: dict[str, Any] = field(default_factory=dict, repr=False)

    @property
    def now(self) -> datetime:
        """The sandbox's clock."""
        return datetime.now(UTC)
