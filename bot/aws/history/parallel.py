"""Reads that run beside each other, within the time of whoever waits for them."""

import threading
from collections.abc import Callable, Sequence
from contextvars import copy_context
from time import monotonic

from bot.explain import Deadline


def start(job: Callable[[], None]) -> threading.Thread:
    """Run ``job`` in a thread of its own, in the caller's context.

    The thread does not keep the process alive: a request that hangs may outlast everybody who waited for it.
    """
    context = copy_context()
    thread = threading.Thread(target=lambda: context.run(job), daemon=True)
    thread.start()
    return thread


def together(jobs: Sequence[Callable[[], None]], deadline: Deadline | None = None) -> None:
    """Run all jobs at once and wait until the last is done, or the deadline passes. Jobs do not raise."""
    threads = [start(job) for job in jobs]
    for thread in threads:
        thread.join(None if deadline is None else max(0.0, deadline.at - monotonic()))
