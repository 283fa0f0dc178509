"""The real app in this process, connected to an embedded Slack, with its audit records at hand."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

from bot.app import Bot, build
from bot.sandbox.slack import EmbeddedSlack
from bot.serve.socket import Link
from bot.settings import Mode, Settings
from bot.telemetry import Telemetry
from handlers.boundary import Answers


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

    def audit(self, number: int = 1, seconds: float = 30) -> dict[str, Any]:
        """Wait for the audit record of this number, and return it."""
        with self._kept.added:
            arrived = self._kept.added.wait_for(lambda: len(self._kept.audits) >= number, seconds)
        assert arrived, f"{len(self._kept.audits)} audit records instead of {number}"
        return self._kept.audits[number - 1]


@contextmanager
def running(slack: EmbeddedSlack, answers: Answers, settings: Mapping[str, str] | None = None) -> Iterator[Running]:
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
