"""Answers kept for a minute, and identical questions asked once."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from concurrent.futures import Future

from bot.model import Answer, Cause, Question, Unavailable
from bot.pipe.unanswerable import ConnectorUnreadable


class KeptAnswers:
    """Answers questions through ``answer``, for many threads at once.

    A question that is being answered already is waited for, not asked again. Answers carry the time at which AWS was
    read (``evidence.read_at``); what ``answer`` raises is handed to everybody who waits, and not kept.
    """

    def __init__(
        self,
        answer: Callable[[Question], Answer],
        *,
        keep_seconds: float = 60,
        wait_seconds: float = 30,
        most: int = 500,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        """``wait_seconds`` bounds the wait for somebody else's question; give it a little more than ``answer`` takes.

        ``most`` is the number of answers kept; the oldest go first.
        """
        self._answer = answer
        self._keep_seconds = keep_seconds
        self._wait_seconds = wait_seconds
        self._most = most
        self._monotonic = monotonic
        self._lock = threading.Lock()
        self._under_way: dict[Question, Future[Answer]] = {}
        self._kept: OrderedDict[Question, tuple[float, Answer]] = OrderedDict()

    def ask(self, question: Question, *, fresh: bool = False) -> Answer:
        """Answer a question; ``fresh`` reads AWS even where a kept answer would do.

        Raises what ``answer`` raises, and ConnectorUnreadable where somebody else's question is not answered in time.
        """
        with self._lock:
            kept = None if fresh else self._fresh_enough(question)
            if kept is not None:
                return kept
            awaited = self._under_way.get(question)
            if awaited is None:
                mine = self._under_way[question] = Future()
        if awaited is not None:
            return self._wait(question, awaited)
        return self._find_out(question, mine)

    def _find_out(self, question: Question, future: Future[Answer]) -> Answer:
        try:
            answer = self._answer(question)
        except BaseException as error:
            self._finish(question)
            future.set_exception(error)
            raise
        self._finish(question, answer)
        future.set_result(answer)
        return answer

    def _wait(self, question: Question, awaited: Future[Answer]) -> Answer:
        try:
            return awaited.result(self._wait_seconds)
        except TimeoutError:
            gap = Unavailable("kafkaconnect:DescribeConnector", question.subject, Cause.TIMEOUT)
            raise ConnectorUnreadable(question.subject, (gap,)) from None

    def _finish(self, question: Question, answer: Answer | None = None) -> None:
        with self._lock:
            del self._under_way[question]
            self._kept.pop(question, None)
            if answer is not None and self._keep_seconds > 0:
                self._kept[question] = (self._monotonic(), answer)
            while len(self._kept) > self._most:
                self._kept.popitem(last=False)

    def _fresh_enough(self, question: Question) -> Answer | None:
        at, answer = self._kept.get(question, (0.0, None))
        return answer if answer is not None and self._monotonic() - at < self._keep_seconds else None
