"""How long an answer waits for AWS: with every call delayed, against no delay, and against the same calls in a row.

Caches are empty and clients are made. The pace that AWS demands of lookups in CloudTrail is left out: it has a bench of
its own.
"""

from __future__ import annotations

import os
import statistics
import time
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from botocore import xform_name

from bot.aws.history.event_history import EventHistory
from bot.aws.history.limiter import Limiter
from bot.aws.sessions import Clients
from bot.catalogue import load
from bot.compose.aws import Aws, readers_for
from bot.model import Question
from bot.pipe.explain import explain
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.aws.embedded import MadeCall
from bot.sandbox.scenario.names import EU, US

DELAY = 0.2
MOST_DELAYS = 4.5
LEAST_GAIN = 3.0
ROUNDS = 3
#: A bucket; a bucket with a customer managed key; all three log destinations; a worker configuration.
QUESTIONS = ("orders-s3-sink", "returns-s3-sink", "events-snowflake-sink", "payments-jdbc-sink")


@dataclass(frozen=True, slots=True)
class Sent:
    """One call as the bot made it, to be made again."""

    client: Any
    operation: str
    parameters: dict[str, Any]

    def again(self) -> None:
        """Make the call; a refusal takes as long as an answer."""
        with suppress(self.client.exceptions.ClientError):
            getattr(self.client, xform_name(self.operation))(**self.parameters)


class RecordingClients(Clients):
    """Clients that note every call."""

    def __init__(self) -> None:
        super().__init__()
        self.sent: list[Sent] = []

    def _make(self, service: str, region: str, config: Any) -> Any:
        client = super()._make(service, region, config)

        def note(params: dict[str, Any], model: Any, **_: Any) -> None:
            self.sent.append(Sent(client, model.name, dict(params)))

        client.meta.events.register_first("provide-client-params", note)
        return client


def main() -> None:
    """Print each figure beside its bound; raises AssertionError where one is broken."""
    with EmbeddedAws.start() as aws:
        os.environ.update(aws.environment)
        clients = RecordingClients()
        Aws(clients, (EU, US)).make_clients()
        catalogue = load()

        def cold(name: str) -> float:
            """Return the seconds of an answer over fresh readers."""
            scope = readers_for(Aws(clients, (EU, US)), EventHistory(clients, limiter=Limiter(1000)))
            return _seconds(lambda: explain(Question(name), scope, catalogue, clock=lambda: datetime.now(UTC)))

        print(f"every AWS call delayed by {DELAY * 1000:.0f} ms; an answer may take {MOST_DELAYS} delays more,")
        print(f"and the same calls one after another take at least {LEAST_GAIN} times as long")
        for name in QUESTIONS:
            cold(name)  # opens the connections
            plain = statistics.median(cold(name) for _ in range(ROUNDS))
            aws.delay(DELAY)
            delayed = statistics.median(cold(name) for _ in range(ROUNDS))
            aws.calls(clear=True)
            clients.sent.clear()
            cold(name)
            calls, sent = aws.calls(clear=True), list(clients.sent)
            in_a_row = _seconds(lambda sent=sent: [call.again() for call in sent])  # type: ignore[misc]
            aws.delay(0)
            more, gain = (delayed - plain) / DELAY, in_a_row / delayed
            print(f"\n{name}: {plain:.2f} s, delayed {delayed:.2f} s: {more:.1f} delays more")
            print(f"  the same {len(sent)} calls in a row {in_a_row:.2f} s: {gain:.1f} times as long")
            print(f"  calls  {_counted(calls)}")
            print(f"  longest chain  {' > '.join(call.operation for call in _longest_chain(calls))}", flush=True)
            assert more <= MOST_DELAYS, f"{name} takes {more:.1f} delays more"
            assert gain >= LEAST_GAIN, f"{name} gains {gain:.1f} times"


def _seconds(job: Callable[[], object]) -> float:
    begin = time.perf_counter()
    job()
    return time.perf_counter() - begin


def _counted(calls: list[MadeCall]) -> str:
    names = [call.operation for call in calls]
    return ", ".join(
        f"{name} x {names.count(name)}" if names.count(name) > 1 else name for name in dict.fromkeys(names)
    )


def _longest_chain(calls: list[MadeCall]) -> list[MadeCall]:
    """Return the most calls of which each began after the one before had ended."""
    chain: list[MadeCall] = []
    for call in sorted(calls, key=lambda call: call.ended or time.time()):
        if not chain or call.started >= (chain[-1].ended or call.started):
            chain.append(call)
    return chain
