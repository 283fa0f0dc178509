"""Reads that run beside each other, within the time of whoever waits for them."""

from collections.abc import Callable, Sequence
from concurrent.futures import wait

from bot.pipe.ports import Deadline
from bot.pipe.reads import Crew


def together(jobs: Sequence[Callable[[], None]], deadline: Deadline | None = None) -> None:
    """Run all jobs at once, and wait until the last is done or the deadline passes; raises what a job raised."""
    crew = Crew(len(jobs))
    futures = [crew.start(job) for job in jobs]
    for future in wait(futures, None if deadline is None else deadline.remaining()).done:
        future.result()
