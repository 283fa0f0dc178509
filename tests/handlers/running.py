"""The real app in this process, connected to an embedded Slack, with its audit records at hand."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.compose.aws import answers_for, aws
from bot.compose.slack import Bot, build
from bot.model import Answer, Question
from bot.pipe.ports import AnswerSource
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack, Message
from bot.serve.socket import Link
from bot.settings import Mode, Settings
from bot.telemetry.log import Telemetry
from handlers.access import Directory


class _Keep(logging.Handler):
    def __init__(self) -> None:
        super().__init__()
        self.audits: list[dict[str, Any]] = []
        self.added = threading.Condition()

    def emit(self, record: logging.LogRecord) -> None:
        with self.added:
            self.audits.append(record.data["audit"])  # type: ignore[attr-defined]
            self.added.notify_all()


@dataclass
class Running:
    """A connected bot."""

    bot: Bot
    slack: EmbeddedSlack
    link: Link
    _kept: _Keep = field(default_factory=_Keep)

    @property
    def audits(self) -> list[dict[str, Any]]:
        """The audit records so far."""
        return list(self._kept.audits)

    def answer(self, text: str = "orders-s3-sink eu-west-1", channel: str = "C0OPS00001") -> Message:
        """Ask, and return the reply once it has arrived and its audit record is written."""
        number = len(self._kept.audits) + 1
        (reply,) = self.slack.command(text, channel=channel).wait()
        self.audit(number)
        return reply

    def settle(self) -> None:
        """Wait until everything that was taken on is finished."""
        _wait(lambda: not self.bot.work._requests)

    def forget(self) -> None:
        """Begin anew with the audit records, and with what Slack said about people and channels."""
        self.settle()
        self._kept.audits.clear()
        self.bot.desk.gate._directory = Directory()

    def audit(self, number: int = 1, seconds: float = 30) -> dict[str, Any]:
        """Wait for the audit record of this number, and return it."""
        with self._kept.added:
            arrived = self._kept.added.wait_for(lambda: len(self._kept.audits) >= number, seconds)
        assert arrived, f"{len(self._kept.audits)} audit records instead of {number}"
        return self._kept.audits[number - 1]


def _set() -> threading.Event:
    event = threading.Event()
    event.set()
    return event


@dataclass
class Watched:
    """Answers of another source, with what was asked, and a way to hold them back or break them."""

    source: AnswerSource
    asked: list[tuple[Question, bool]] = field(default_factory=list)
    gate: threading.Event = field(default_factory=_set)
    defect: Exception | None = None

    def ask(self, question: Question, *, fresh: bool = False) -> Answer:
        self.asked.append((question, fresh))
        self.gate.wait(20)
        if self.defect:
            raise self.defect
        return self.source.ask(question, fresh=fresh)


@contextmanager
def real_answers(embedded_aws: EmbeddedAws) -> Iterator[AnswerSource]:
    """Answers from an embedded AWS, read once and then kept."""
    embedded_aws.reset()
    with pytest.MonkeyPatch.context() as patch:
        for name, value in embedded_aws.environment.items():
            patch.setenv(name, value)
        settings = Settings.from_env({"MSK_ROLE_REGIONS": "eu-west-1,us-east-1", "MSK_ROLE_CACHE_SECONDS": "3600"})
        yield answers_for(settings, aws(settings, Telemetry()))


@contextmanager
def running(
    slack: EmbeddedSlack, answers: AnswerSource, settings: Mapping[str, str] | None = None
) -> Iterator[Running]:
    """Connect a bot that gets its answers from ``answers``, and stop it at the end."""
    read = Settings.from_env({**slack.environment, **(settings or {})}, Mode.SOCKET)
    bot = build(read, answers, Telemetry())
    here = Running(bot, slack, Link(bot, read))
    audit_log = logging.getLogger("bot.audit")
    audit_log.setLevel(logging.INFO)
    audit_log.addHandler(here._kept)
    try:
        assert here.link.connect(threading.Event())
        slack.wait_for_link()
        yield here
    finally:
        here.link.close()
        bot.stop(5)
        audit_log.removeHandler(here._kept)
        _wait(lambda: slack.links == 0)


def _wait(condition: Any, seconds: float = 5) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:
        time.sleep(0.02)
