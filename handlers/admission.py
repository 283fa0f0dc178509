"""Whether a request is taken on at all: a place in the queue, and each user's share. Both are cheap and never wait."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from bot.telemetry.log import Outcome

_WINDOW_SECONDS = 60.0
_USERS = 4096


class RateLimit:
    """At most so many requests of one user in any minute, counted in this process."""

    def __init__(self, requests: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests = requests
        self._clock = clock
        self._lock = Lock()
        self._times: dict[str, deque[float]] = {}

    def take(self, user: str) -> bool:
        """Count one request of this user, and return whether it was within the limit; a refused one is not counted."""
        now = self._clock()
        with self._lock:
            times = self._times.pop(user, None) or deque()
            self._times[user] = times
            if len(self._times) > _USERS:
                del self._times[next(iter(self._times))]
            while times and now - times[0] >= _WINDOW_SECONDS:
                times.popleft()
            if len(times) >= self._requests:
                return False
            times.append(now)
            return True


class Admission:
    """The decision, from the state of the queue and the user's own recent requests."""

    def __init__(self, limit: RateLimit, has_room: Callable[[], bool] = lambda: True) -> None:
        self._limit = limit
        self._has_room = has_room

    def refuses(self, user: str) -> Outcome | None:
        """Return ``BUSY`` or ``TOO_MANY``, or None for a request that is taken on."""
        if not self._has_room():
            return Outcome.BUSY
        return None if self._limit.take(user) else Outcome.TOO_MANY
