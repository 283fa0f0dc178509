"""Clients of the embedded AWS, as the bot makes them."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.aws.sessions import Clients, Patience
from bot.sandbox.aws import EmbeddedAws


@pytest.fixture(scope="module")
def made_clients(embedded_aws: EmbeddedAws) -> Iterator[Clients]:
    """Clients of a whole module, since making one takes longer than most of what it is asked."""
    with pytest.MonkeyPatch.context() as environment:
        for name, value in embedded_aws.environment.items():
            environment.setenv(name, value)
        made = Clients(patience=Patience(connect_seconds=1, read_seconds=1, attempts=1))
        yield made
        made.close()


@pytest.fixture
def clients(made_clients: Clients, aws: EmbeddedAws) -> Clients:
    """Clients of an AWS that was reset, with one attempt a call, so that a failure is not waited for."""
    return made_clients
