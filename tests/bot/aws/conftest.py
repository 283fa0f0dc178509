"""Clients of the embedded AWS, as the bot makes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.aws.sessions import Clients, Patience
from bot.sandbox.aws import EmbeddedAws


@pytest.fixture
def clients(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    """One attempt a call, so that a failure is not waited for."""
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    made = Clients(patience=Patience(connect_seconds=1, read_seconds=1, attempts=1))
    yield made
    made.close()
