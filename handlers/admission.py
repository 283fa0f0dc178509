"""Whether a request is taken on at all: once, with a place in the queue, and within its user's share. Never waits."""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable
from threading import Lock

from cachetools import LRUCache
from slack_bolt import Ack, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.reply import text, word
from bot.telemetry.log import Audit, Outcome, Telemetry
from handlers.delivery import Delivery, ResponseUrl
from handlers.incoming import COMMAND, Incoming, Seen, incoming

#: Where the context of a request holds ``time.monotonic()`` of its arrival in this process.
ARRIVED = "arrived"
_WINDOW_SECONDS = 60.0
_USERS = 4096


class RateLimit:
    """At most so many requests of one user in any minute, counted in this process."""

    def __init__(self, requests: int, clock: Callable[[], float] = time.monotonic) -> None:
        self._requests = requests
        self._clock = clock
        self._lock = Lock()
        self._times: LRUCache[str, deque[float]] = LRUCache(_USERS)

    def take(self, user: str) -> bool:
        """Count one request of this user, and return whether it was within the limit; a refused one is not counted."""
        now = self._clock()
        with self._lock:
            times = self._times.setdefault(user, deque())
            while times and now - times[0] >= _WINDOW_SECONDS:
                times.popleft()
            if len(times) >= self._requests:
                return False
            times.append(now)
            return True


class Admission:
    """Bolt middleware that lets a request through once, or tells its user why it is not worked on."""

    def __init__(
        self,
        limit: RateLimit,
        has_room: Callable[[], bool],
        *,
        seen: Seen,
        telemetry: Telemetry,
        deliver: Delivery,
        aside: Callable[[Callable[[], object]], object],
    ) -> None:
        """``aside`` runs something small soon, or drops it: what a listener must not wait for."""
        self._limit = limit
        self._has_room = has_room
        self._seen = seen
        self._telemetry = telemetry
        self._deliver = deliver
        self._aside = aside

    def refuses(self, user: str) -> Outcome | None:
        """Return ``BUSY`` or ``TOO_MANY``, or None for a request that is taken on."""
        if not self._has_room():
            return Outcome.BUSY
        return None if self._limit.take(user) else Outcome.TOO_MANY

    def admit(
        self, ack: Ack, request: BoltRequest, client: WebClient, next_: Callable[[], BoltResponse]
    ) -> BoltResponse:
        """Let a request through once, unless the bot is full or this user has asked too often; they are told so."""
        request.context[ARRIVED] = time.monotonic()
        if request.lazy_only:  # admitted already, in the invocation that acknowledged it
            return next_()
        arrived = incoming(request)
        timed_out = "http_timeout" in request.headers.get("x-slack-retry-reason", ())
        if timed_out or not self._seen.first("admission", arrived.trigger_id):  # it is being worked on
            return ack()
        refusal = self.refuses(arrived.asker.user)
        return next_() if refusal is None else self._refuse(ack, arrived, client, refusal)

    def _refuse(self, ack: Ack, arrived: Incoming, client: WebClient, refusal: Outcome) -> BoltResponse:
        asker = arrived.asker
        self._telemetry.question(
            Audit(arrived.kind, arrived.reference, asker.user, asker.team, asker.channel, outcome=refusal)
        )
        reply = word.busy() if refusal is Outcome.BUSY else word.too_many()
        if arrived.kind == COMMAND:
            return ack(text=text.fallback(reply), response_type="ephemeral")
        self._aside(lambda: self._deliver(client, reply, ResponseUrl(arrived.response_url)))
        return ack()
