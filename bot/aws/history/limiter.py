"""The pace of LookupEvents: AWS admits two requests a second in each account and region, whoever asks."""

from __future__ import annotations

import itertools
import threading
from collections import defaultdict
from dataclasses import dataclass, field
from enum import IntEnum
from time import monotonic

from bot.pipe.ports import Deadline

#: AWS counts a request when it arrives, which we do not see: not later than its answer, and hardly later than this
#: after it was sent, in seconds.
ARRIVAL = 1.0


class Stage(IntEnum):
    """What a request is for. A lower stage goes first, so that no answer waits behind another one's count."""

    FIRST_PAGE = 0
    FOLLOW_UP = 1
    COUNT = 2


@dataclass(order=True, slots=True)
class _Ticket:
    stage: Stage
    #: Negative: the newest question is the smallest.
    question: int
    arrival: int


@dataclass(slots=True)
class Lane:
    """Requests of one account and region: who waits, and when each of the slots is free again.

    Knows no clock; times are seconds of one monotonic clock.
    """

    slots: list[float]
    waiting: list[_Ticket] = field(default_factory=list)
    #: Nothing is sent before this, whatever the slots say: a refused request gives its own slot back at once.
    held_until: float = 0.0

    def free_at(self) -> float:
        """When the next request may be sent."""
        return max(self.held_until, min(self.slots))

    def take(self, now: float) -> float:
        """Occupy a slot for a request that is sent ``now``, and return until when: a name for ``give``."""
        until = now + ARRIVAL + 1
        self.slots[self.slots.index(min(self.slots))] = until
        return until

    def give(self, until: float, now: float) -> None:
        """Let the slot be used again a second after the answer, unless it was long overdue and the slot is reused."""
        if until in self.slots:
            self.slots[self.slots.index(until)] = min(until, now + 1)

    def hold(self, until: float) -> None:
        """Send nothing before ``until``."""
        self.held_until = max(self.held_until, until)


class Limiter:
    """Admits ``per_second`` requests in any second of each lane; first pages first, then the newest question.

    One for the whole process, shared by all questions. A slot is taken when a request is sent and is free a second
    after its answer came, so that AWS never sees more than the limit, however long requests are under way.
    """

    def __init__(self, per_second: int = 2) -> None:
        self._lanes: dict[str, Lane] = defaultdict(lambda: Lane([0.0] * per_second))
        self._changed = threading.Condition()
        self._arrivals = itertools.count()

    def enter(self, lane: str, stage: Stage, question: int, deadline: Deadline) -> float | None:
        """Wait for a slot of ``lane`` and take it; None where the deadline passes first. ``leave`` gives it back.

        The higher ``question``, the newer.
        """
        ticket = _Ticket(stage, -question, next(self._arrivals))
        with self._changed:
            line = self._lanes[lane]
            line.waiting.append(ticket)
            try:
                while (now := monotonic()) < deadline.at:
                    first = min(line.waiting) is ticket
                    if first and line.free_at() <= now:
                        return line.take(now)
                    self._changed.wait(min(deadline.at, line.free_at() if first else deadline.at) - now)
            finally:
                line.waiting.remove(ticket)
                self._changed.notify_all()
        return None

    def leave(self, lane: str, slot: float) -> None:
        """Say that the answer to a request has come, or will not."""
        with self._changed:
            self._lanes[lane].give(slot, monotonic())
            self._changed.notify_all()

    def hold(self, lane: str, seconds: float) -> None:
        """Send nothing in ``lane`` for a while, after AWS refused a request as one too many."""
        with self._changed:
            self._lanes[lane].hold(monotonic() + seconds)
            self._changed.notify_all()  # whoever is first waits anew, for as long as the lane is held
