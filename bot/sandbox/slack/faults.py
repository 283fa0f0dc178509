"""Failures on order: what the embedded Slack does wrong, for which method, and how often."""

from __future__ import annotations

import threading
from dataclasses import dataclass

#: Answers that are no Slack error code. Anything else given to ``fail`` is answered as Slack's ``error``.
RATE_LIMITED = "ratelimited"
SERVER_ERROR = "error-500"
HANG = "hang"
GARBAGE = "garbage"
#: Only for a ``response_url``: refused with HTTP 200 and ``{"ok": false}``, as happens.
REFUSED_WITH_200 = "refused-with-200"

#: Error codes that concern blocks and therefore let a message without blocks through.
ABOUT_BLOCKS = frozenset({"invalid_blocks", "invalid_blocks_format", "msg_blocks_too_long", REFUSED_WITH_200})


@dataclass(slots=True)
class Fault:
    """One order: ``method`` is a Web API method, ``response_url`` or ``*``; ``left`` is None for every time."""

    method: str
    how: str
    left: int | None
    retry_after: int


class Faults:
    """The orders that stand, newest first."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._faults: list[Fault] = []
        #: Set to let everything go that hangs.
        self.released = threading.Event()

    def add(self, method: str, how: str, times: int | None, retry_after: int) -> None:
        """Order a failure."""
        with self._lock:
            self.released.clear()
            self._faults.insert(0, Fault(method, how, times, retry_after))

    def take(self, method: str, *, has_blocks: bool) -> Fault | None:
        """Return the failure this request gets, and count it off."""
        with self._lock:
            for fault in self._faults:
                if fault.method not in (method, "*") or fault.left == 0:
                    continue
                if fault.how in ABOUT_BLOCKS and not has_blocks:
                    continue
                if fault.left is not None:
                    fault.left -= 1
                return fault
            return None

    def clear(self) -> None:
        """Heal: forget all orders and let go what hangs."""
        with self._lock:
            self._faults.clear()
            self.released.set()
