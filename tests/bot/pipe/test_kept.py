from __future__ import annotations

import threading
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import pytest

from bot.model import Answer, Cause, Question, RoleAnswer, RoleEvidence, Verdict, VerdictCode
from bot.model import Reason as Because
from bot.pipe.kept import KeptAnswers
from bot.pipe.unanswerable import ConnectorUnreadable, NoSuchConnector

ORDERS, INVOICES = Question("orders"), Question("invoices")


class Source:
    """KeptAnswers questions, and counts them; waits for ``go`` where it is told to."""

    def __init__(self) -> None:
        self.asked: list[Question] = []
        self.begun = threading.Event()
        self.go = threading.Event()
        self.go.set()
        self.error: Exception | None = None

    def __call__(self, question: Question) -> Answer:
        self.asked.append(question)
        self.begun.set()
        assert self.go.wait(10)
        if self.error:
            raise self.error
        verdict = Verdict(VerdictCode.UNCONFIRMED, Because("offline"))
        return RoleAnswer(RoleEvidence(f"{question.subject} {len(self.asked)}"), (), verdict)


@pytest.fixture
def source() -> Source:
    return Source()


def together(source: Source, ask: Callable[[], Answer], count: int) -> list[object]:
    """Ask from several threads while the first is being answered, and return answers and errors."""

    def outcome() -> object:
        try:
            return ask()
        except Exception as error:  # noqa: BLE001
            return error

    source.go.clear()
    with ThreadPoolExecutor(count) as threads:
        outcomes = [threads.submit(outcome)]
        assert source.begun.wait(10)
        outcomes += [threads.submit(outcome) for _ in range(count - 1)]
        time.sleep(0.1)  # until the others wait
        source.go.set()
        return [each.result() for each in outcomes]


def test_an_answer_is_kept_for_a_while(source: Source) -> None:
    now = 100.0
    answers = KeptAnswers(source, keep_seconds=60, monotonic=lambda: now)
    first = answers.ask(ORDERS)
    now += 59
    assert answers.ask(ORDERS) is first
    now += 2
    assert answers.ask(ORDERS) is not first
    assert len(source.asked) == 2


def test_other_questions_have_other_answers(source: Source) -> None:
    answers = KeptAnswers(source)
    assert answers.ask(ORDERS) is not answers.ask(Question("orders", window_days=30))
    assert answers.ask(ORDERS) is not answers.ask(Question("orders", region="eu-west-1"))


def test_a_fresh_answer_replaces_the_kept_one(source: Source) -> None:
    answers = KeptAnswers(source)
    first, second = answers.ask(ORDERS), answers.ask(ORDERS, fresh=True)
    assert first is not second
    assert answers.ask(ORDERS) is second


def test_an_error_is_raised_and_not_kept(source: Source) -> None:
    answers = KeptAnswers(source)
    source.error = NoSuchConnector("orders", ("eu-west-1",))
    for _ in range(2):
        with pytest.raises(NoSuchConnector):
            answers.ask(ORDERS)
    source.error = None
    answers.ask(ORDERS)
    assert len(source.asked) == 3


@pytest.mark.parametrize("fresh", [False, True])
def test_identical_questions_are_asked_once(source: Source, fresh: bool) -> None:
    answers = KeptAnswers(source)
    outcomes = together(source, lambda: answers.ask(ORDERS, fresh=fresh), 8)
    assert len(source.asked) == 1
    assert all(outcome is outcomes[0] for outcome in outcomes)


def test_everybody_who_waits_is_told_the_error(source: Source) -> None:
    answers = KeptAnswers(source)
    source.error = NoSuchConnector("orders", ("eu-west-1",))
    outcomes = together(source, lambda: answers.ask(ORDERS), 4)
    assert len(source.asked) == 1
    assert all(isinstance(outcome, NoSuchConnector) for outcome in outcomes)


def test_nobody_waits_longer_than_agreed_for_somebody_elses_question(source: Source) -> None:
    answers = KeptAnswers(source, wait_seconds=0.05)
    source.go.clear()
    with ThreadPoolExecutor(1) as threads:
        first = threads.submit(answers.ask, ORDERS)
        assert source.begun.wait(10)
        with pytest.raises(ConnectorUnreadable) as raised:
            answers.ask(ORDERS)
        source.go.set()
        assert first.result()
    assert [gap.cause for gap in raised.value.gaps] == [Cause.TIMEOUT]


def test_the_oldest_answers_go_first(source: Source) -> None:
    answers = KeptAnswers(source, most=1)
    answers.ask(ORDERS)
    answers.ask(INVOICES)
    answers.ask(INVOICES)
    assert source.asked == [ORDERS, INVOICES]
    answers.ask(ORDERS)
    assert source.asked[2:] == [ORDERS]


def test_nothing_is_kept_where_the_operator_wants_nothing_kept(source: Source) -> None:
    answers = KeptAnswers(source, keep_seconds=0)
    answers.ask(ORDERS)
    answers.ask(ORDERS)
    assert len(source.asked) == 2
