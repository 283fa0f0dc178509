"""What can be made to go wrong, per operation."""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum


class How(StrEnum):
    """The ways an operation can fail."""

    ACCESS_DENIED = "access-denied"
    THROTTLED = "throttled"
    ERROR_500 = "error-500"
    EXPIRED_TOKEN = "expired-token"  # noqa: S105  # the name of a failure
    #: Nothing is answered until the faults are reset.
    HANG = "hang"
    #: Half of the announced body, then the connection is closed.
    TRUNCATED = "truncated"
    #: HTTP 200 in the right shape, each value of a wrong type.
    WRONG_TYPES = "wrong-types"
    #: HTTP 200 with text where the model has lists and structures.
    WRONG_SHAPES = "wrong-shapes"
    #: HTTP 200 without any member.
    EMPTY = "empty"


@dataclass(frozen=True, slots=True)
class Fault:
    """A failure of ``service:Operation`` (``*`` for all), ``times`` calls long; None means until the reset."""

    operation: str
    how: How
    times: int | None = None
    #: Only calls in this region.
    region: str | None = None
    #: Only calls whose path, query or body holds this text.
    containing: str = ""

    def hits(self, operation: str, region: str, text: Callable[[], str]) -> bool:
        """Whether it applies to a call; ``text`` gives the call's path, query and body."""
        return (
            self.operation in ("*", operation)
            and self.region in (None, region)
            and (not self.containing or self.containing in text())
        )
