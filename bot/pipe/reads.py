"""Reads that run beside each other, in the context of whoever started them, and are waited for until a deadline."""

from __future__ import annotations

import threading
from collections import deque
from collections.abc import Callable
from concurrent.futures import Future
from contextvars import copy_context
from typing import Generic, TypeVar

from bot.model import Cause, Unavailable
from bot.pipe.ports import Deadline

T = TypeVar("T")


class Crew:
    """Runs jobs in at most ``size`` threads, which end when there is nothing left to do.

    The threads are daemons, unlike those of an executor: a request that hangs outlasts whoever waited for it, and must
    not keep the process from ending.
    """

    def __init__(self, size: int) -> None:
        self._lock = threading.Lock()
        self._waiting: deque[Callable[[], None]] = deque()
        self._free = size

    def start(self, job: Callable[[], T]) -> Future[T]:
        """Run ``job`` as soon as a thread is free; what it raises is raised again by ``Future.result``."""
        future: Future[T] = Future()
        context = copy_context()

        def run() -> None:
            try:
                future.set_result(context.run(job))
            except BaseException as error:  # noqa: BLE001  handed to whoever waits
                future.set_exception(error)

        with self._lock:
            self._waiting.append(run)
            if self._free:
                self._free -= 1
                threading.Thread(target=self._work, daemon=True).start()
        return future

    def _work(self) -> None:
        while True:
            with self._lock:
                if not self._waiting:
                    self._free += 1
                    return
                run = self._waiting.popleft()
            run()


class Pending(Generic[T]):
    """A read under way."""

    def __init__(self, future: Future[T | Unavailable], overdue: Unavailable, deadline: Deadline) -> None:
        self._future = future
        self._overdue = overdue
        self._deadline = deadline

    def value(self, deadline: Deadline | None = None) -> T | Unavailable:
        """Wait until ``deadline``, or that of all reads, and return what was read; a timeout where it took longer."""
        try:
            return self._future.result((deadline or self._deadline).remaining())
        except TimeoutError:
            return self._overdue


class Reads:
    """Reads that belong together: each begins at once, beside the others, and is waited for until the deadline."""

    def __init__(self, deadline: Deadline, threads: int) -> None:
        self.deadline = deadline
        self._crew = Crew(threads)

    def start(self, operation: str, resource: str, read: Callable[[], T | Unavailable]) -> Pending[T]:
        """Begin to read; ``operation`` and ``resource`` say what is missing if it does not answer in time."""
        overdue = Unavailable(operation, resource, Cause.TIMEOUT)
        return Pending(self._crew.start(read), overdue, self.deadline)
