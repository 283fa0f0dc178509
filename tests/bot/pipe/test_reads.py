from __future__ import annotations

import threading
import time
from contextvars import ContextVar
from itertools import islice

import pytest

from bot.model import Cause, Unavailable
from bot.pipe.ports import Deadline, pauses
from bot.pipe.reads import Crew, Reads


def test_a_crew_never_works_in_more_threads_than_it_has() -> None:
    crew, gate, running, most = Crew(3), threading.Lock(), 0, 0

    def job() -> None:
        nonlocal running, most
        with gate:
            running += 1
            most = max(most, running)
        time.sleep(0.005)
        with gate:
            running -= 1

    for future in [crew.start(job) for _ in range(20)]:
        future.result(10)
    assert most == 3


def test_no_thread_is_left_when_the_work_is_done() -> None:
    before = threading.active_count()
    crew = Crew(4)
    for future in [crew.start(lambda: None) for _ in range(8)]:
        future.result(10)
    end = time.monotonic() + 5
    while threading.active_count() > before and time.monotonic() < end:
        time.sleep(0.005)
    assert threading.active_count() == before


def test_a_job_runs_in_the_context_of_whoever_started_it() -> None:
    name: ContextVar[str] = ContextVar("name", default="")
    name.set("question")
    assert Crew(1).start(name.get).result(10) == "question"


def test_what_a_job_raises_is_raised_where_it_is_awaited() -> None:
    def broken() -> None:
        raise KeyError("x")

    with pytest.raises(KeyError):
        Crew(1).start(broken).result(10)


def test_a_read_that_is_overdue_is_named() -> None:
    never = threading.Event()
    reads = Reads(Deadline.after(0.05), threads=2)
    late = reads.start("iam:GetRole", "orders", lambda: str(never.wait(10)))
    done = reads.start("iam:GetRole", "invoices", lambda: "read")
    assert done.value() == "read"
    assert late.value() == Unavailable("iam:GetRole", "orders", Cause.TIMEOUT)
    never.set()


def test_a_deadline_that_is_called_off_has_no_time_left() -> None:
    deadline = Deadline.after(60)
    assert deadline.remaining() > 59
    assert deadline.pause(0.001)
    threading.Timer(0.02, deadline.call_off).start()
    assert not deadline.pause(30)
    assert deadline.remaining() == 0


def test_pauses_grow_up_to_the_longest() -> None:
    assert list(islice(pauses(1, 30), 7)) == [1, 2, 4, 8, 16, 30, 30]
    assert list(islice(pauses(0.5, 1, 1.5), 4)) == [0.5, 0.75, 1, 1]
