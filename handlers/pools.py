"""Threads for Bolt: acknowledgements and work each have their own, and the pool for work knows when it is full."""

from __future__ import annotations

import logging
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import BoundedSemaphore, Condition

from slack_bolt import BoltRequest
from slack_bolt.lazy_listener import LazyListenerRunner

from bot.telemetry.log import Telemetry

_log = logging.getLogger(__name__)

_ACK_WORKERS = 16
_ASIDE_WORKERS = 2
_ASIDE_WAITING = 64


def ack_pool() -> ThreadPoolExecutor:
    """Return threads for acknowledgements, which nothing slow may hold: each has Slack's 3 seconds."""
    return ThreadPoolExecutor(_ACK_WORKERS, thread_name_prefix="ack")


class WorkPool(LazyListenerRunner):
    """Bolt's runner for lazy listeners, on threads of its own. It knows what it has not finished."""

    def __init__(self, telemetry: Telemetry, workers: int, queue: int) -> None:
        self.logger = _log
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work")
        self._limit = workers + queue
        self._telemetry = telemetry
        self._changed = Condition()
        self._requests: dict[int, BoltRequest] = {}

    def has_room(self) -> bool:
        """Whether one more question may be taken on. A few that arrive at the same moment may be taken on together."""
        return len(self._requests) < self._limit

    def start(self, function: Callable[..., None], request: BoltRequest) -> None:
        """Work on a request as soon as a thread is free."""
        with self._changed:
            self._requests[id(request)] = request
            self._telemetry.pending(len(self._requests))
        try:
            self._threads.submit(self.run, function, request).add_done_callback(lambda _: self._finished(request))
        except RuntimeError:  # shut down: the request stays among the unfinished, who are told
            _log.warning("A request came in while the bot was stopping")

    def _finished(self, request: BoltRequest) -> None:
        with self._changed:
            self._requests.pop(id(request), None)
            self._telemetry.pending(len(self._requests))
            self._changed.notify_all()

    def drain(self, seconds: float) -> list[BoltRequest]:
        """Take no more work, wait until all is finished or the time is up, and return the requests left unfinished."""
        with self._changed:
            self._changed.wait_for(lambda: not self._requests, seconds)
            unfinished = list(self._requests.values())
        self._threads.shutdown(wait=False, cancel_futures=True)
        return unfinished


class AsidePool:
    """A few threads for small things that nobody is promised; what does not fit is dropped."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_ASIDE_WORKERS, thread_name_prefix="aside")
        self._room = BoundedSemaphore(_ASIDE_WAITING)

    def __call__(self, task: Callable[[], object]) -> None:
        """Run the task soon, or drop it."""
        if self._room.acquire(blocking=False):
            self._threads.submit(task).add_done_callback(lambda _: self._room.release())
