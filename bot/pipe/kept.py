"""Answers kept for a minute, and identical questions asked once."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import Future

from cachetools import TTLCache

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
        self._wait_seconds = wait_seconds
        self._lock = threading.Lock()
        self._under_way: dict[Question, Future[Answer]] = {}
        self._kept: TTLCache[Question, Answer] = TTLCache(most, keep_seconds, monotonic)

    def ask(self, question: Question, *, fresh: bool = False) -> Answer:
        """Answer a question; ``fresh`` reads AWS even where a kept answer would do.

        Raises what ``answer`` raises, and ConnectorUnreadable where somebody else's question is not answered in time.
        """
        with self._lock:
            kept = None if fresh else self._kept.get(question)
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
            if answer is not None:
                self._kept[question] = answer
