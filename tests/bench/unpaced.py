"""The bot in Socket Mode without its own pace for CloudTrail's event history, which would be the only thing measured.

In production two lookups a second in each region are all that AWS admits, so 40 roles take 20 seconds whatever the bot
does. Everything else here is as in ``python -m bot serve``.
"""

from __future__ import annotations

import os

import bot.compose.aws
from bot.aws.history.event_history import EventHistory
from bot.aws.history.limiter import Limiter
from bot.aws.sessions import Clients
from bot.pipe.ports import HistoryReader
from bot.serve import socket
from bot.serve.start import settings_from
from bot.settings import HistorySettings, Mode


def history(_settings: HistorySettings, clients: Clients) -> HistoryReader:
    """Make a reader of event history that never waits for its turn."""
    return EventHistory(clients, limiter=Limiter(per_second=1000))


if __name__ == "__main__":
    bot.compose.aws.history = history  # type: ignore[attr-defined, assignment]
    socket.run(settings_from(os.environ, Mode.SOCKET))
