"""Many people at once: the bot in a process of its own, the embedded AWS in another.

Three loads. A rush on the bot as in production: 50 commands about 10 connectors within one second, with CloudTrail's
limit of two lookups a second in force. A siege, with that limit off and every AWS call 200 ms slow: 200 questions from
50 people about 40 connectors in 10 seconds. And a smaller siege after it, which must leave no more threads or sockets
behind than the first one did.
"""

from __future__ import annotations

import json
import os
import socket
import time
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from random import Random
from typing import Any
from urllib.request import urlopen

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.aws.ceiling import measure
from bot.sandbox.scenario.names import EU, connect_arn, role_arn
from bot.sandbox.scenario.records import assume_role
from bot.sandbox.slack import EmbeddedSlack, Exchange, User
from bot.sandbox.stage import Bot, embedded_environment, running_bot

CONNECTORS = [f"load-{number:02d}-s3-sink" for number in range(40)]
PEOPLE = [User(f"U0LOAD{number:04d}", f"person{number}") for number in range(50)]
PATIENCE_SECONDS = 60.0


def main() -> None:
    """Run the loads and print what was measured; raises ``AssertionError`` where a bound is broken."""
    with EmbeddedAws.start() as aws, EmbeddedSlack.start() as slack:
        for person in PEOPLE:
            slack.workspace.add_user(person)
        add_connectors(aws)
        port = free_port()
        settings = {**embedded_environment(aws, slack), "MSK_ROLE_METRICS_PORT": str(port)}
        aws.lookup_limit(True)
        with running_bot(settings, os.environ) as bot:
            bot.wait_for_link(slack)
            _rush(slack, bot)
            assert gaps(port) == {}
        aws.lookup_limit(False)
        aws.delay(0.2)
        with running_bot(settings, os.environ, module=["tests.bench.unpaced"]) as bot:
            bot.wait_for_link(slack)
            _sieges(aws, slack, bot)
            assert gaps(port) == {}
        aws.reset()
        print("embedded AWS: its own ceiling, in requests a second")
        for operation, rate in measure(aws.endpoint_url).items():
            print(f"  {operation:<28}{rate:6.0f}")
        assert slack.refusals == []


def _rush(slack: EmbeddedSlack, bot: Bot) -> None:
    rush = Load.run(slack, bot, "rush", questions=50, seconds=1.0, connectors=10)
    rush.check(busy=0, slowest_ack=1.0)
    print(f"             {Process.of(bot)}", flush=True)


def _sieges(aws: EmbeddedAws, slack: EmbeddedSlack, bot: Bot) -> None:
    # A bot that has been up for a minute has made its AWS clients; its caches know none of the siege's connectors.
    slack.command("orders-s3-sink").wait(timeout=PATIENCE_SECONDS)
    aws.calls(clear=True)
    siege = Load.run(slack, bot, "siege", questions=200, seconds=10.0, connectors=40)
    calls, before = len(aws.calls()), Process.of(bot)
    print(f"             {before}; {calls} AWS calls", flush=True)
    siege.check(busy=20, slowest_ack=1.0, p99=0.3)
    second = Load.run(slack, bot, "second siege", questions=50, seconds=2.5, connectors=40)
    after = Process.of(bot)
    print(f"             {after}", flush=True)
    second.check(busy=5, slowest_ack=1.0, p99=0.3)
    assert after.peak_megabytes < 250
    assert after.threads <= before.threads
    assert after.sockets <= before.sockets


@dataclass(frozen=True, slots=True)
class Load:
    """What became of one load."""

    name: str
    exchanges: tuple[Exchange, ...]
    seconds: float
    #: Outcomes in the bot's audit records.
    audited: Counter[str]

    @classmethod
    def run(cls, slack: EmbeddedSlack, bot: Bot, name: str, *, questions: int, seconds: float, connectors: int) -> Load:
        """Ask at an even pace, wait for the last answer, print a line."""
        already, started = len(list(audit_records(bot))), time.monotonic()
        exchanges = []
        for number in range(questions):
            time.sleep(max(0.0, started + number * seconds / questions - time.monotonic()))
            subject, person = CONNECTORS[number * 7 % connectors], PEOPLE[number % len(PEOPLE)]
            exchanges.append(slack.command(f"{subject} {EU}", user=person))
        slack.wait_until(lambda: all(_is_over(exchange) for exchange in exchanges), PATIENCE_SECONDS)
        took = time.monotonic() - started
        deadline = time.monotonic() + 5
        while len(records := list(audit_records(bot))) < already + questions and time.monotonic() < deadline:
            time.sleep(0.1)
        load = cls(name, tuple(exchanges), took, Counter(record["outcome"] for record in records[already:]))
        print(load, flush=True)
        return load

    @property
    def answered(self) -> int:
        """Commands that were answered with blocks."""
        return sum(bool(exchange.replies and exchange.replies[-1].blocks) for exchange in self.exchanges)

    def ack_percentile(self, percent: int) -> float:
        """Return the seconds within which this share of acknowledgements came; infinite where one never came."""
        times = sorted(exchange.acknowledged_after or float("inf") for exchange in self.exchanges)
        return times[min(len(times) - 1, len(times) * percent // 100)]

    def check(self, *, busy: int, slowest_ack: float, p99: float = float("inf")) -> None:
        """Hold the load against its bounds: how many are told busy, and seconds to acknowledgements."""
        told_busy = self.audited["busy"]
        assert self.ack_percentile(99) < p99, f"{self.name}: p99 of acks {self.ack_percentile(99):.3f} s"
        assert self.ack_percentile(100) < slowest_ack, f"{self.name}: slowest ack {self.ack_percentile(100):.2f} s"
        assert told_busy <= busy, f"{self.name}: {told_busy} told busy"
        assert self.answered + told_busy == len(self.exchanges), f"{self.name}: {self}"
        assert self.audited["answered"] == self.answered, f"{self.name}: {self.audited}"

    def __str__(self) -> str:
        return (
            f"{self.name:<13}{len(self.exchanges):4} commands in {self.seconds:5.1f} s: {self.answered} answered, "
            f"{self.audited['busy']} told busy; acks p50 {self.ack_percentile(50) * 1000:.0f} ms, "
            f"p99 {self.ack_percentile(99) * 1000:.0f} ms, slowest {self.ack_percentile(100) * 1000:.0f} ms"
        )


def _is_over(exchange: Exchange) -> bool:
    """Whether it was acknowledged and answered, or told in the acknowledgement itself that the bot is busy."""
    if exchange.acknowledged_after is None:
        return False
    return bool(exchange.replies) or "busy" in json.dumps(exchange.ack.payload)


def audit_records(bot: Bot) -> Iterator[dict[str, Any]]:
    """Yield the audit records the bot has written."""
    for line in bot.log().splitlines():
        if line.startswith("{") and '"audit"' in line:
            yield json.loads(line)["audit"]


def free_port() -> int:
    """Return a port nobody listens on."""
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def gaps(port: int) -> dict[str, float]:
    """Return how often the bot's answers had to do without a read, by operation and cause, from its metrics.

    IAM's last-accessed job is left out: by design an answer does not wait for it.
    """
    with urlopen(f"http://127.0.0.1:{port}/metrics") as response:
        lines = response.read().decode().splitlines()
    counted = (line.rpartition(" ") for line in lines if line.startswith("msk_role_gaps_total"))
    return {labels: float(count) for labels, _, count in counted if "LastAccessed" not in labels}


@dataclass(frozen=True, slots=True)
class Process:
    """What the bot's process holds, from ``/proc``."""

    threads: int
    sockets: int
    peak_megabytes: float

    def __str__(self) -> str:
        return f"bot: peak {self.peak_megabytes:.0f} MB, {self.threads} threads, {self.sockets} sockets"

    @classmethod
    def of(cls, bot: Bot) -> Process:
        """Look at the process once its connections to Slack have had a second to close."""
        time.sleep(1)
        place = Path("/proc", str(bot.process.pid))
        status = dict(line.split(":", 1) for line in (place / "status").read_text().splitlines())
        links = [_target(link) for link in (place / "fd").iterdir()]
        return cls(
            threads=int(status["Threads"]),
            sockets=sum(link.startswith("socket:") for link in links),
            peak_megabytes=int(status["VmHWM"].split()[0]) / 1024,
        )


def _target(link: Path) -> str:
    try:
        return str(link.readlink())
    except FileNotFoundError:
        return ""


def add_connectors(aws: EmbeddedAws) -> None:
    """Add 40 connectors like the scenario's star, each with a role of its own that was assumed daily."""
    connect, iam = aws.client("kafkaconnect", EU), aws.client("iam", EU)
    star = connect.describe_connector(connectorArn=connect_arn("connector", "orders-s3-sink", EU))
    trust = json.dumps(iam.get_role(RoleName="orders-s3-sink-role")["Role"]["AssumeRolePolicyDocument"])
    random, now = Random(7), datetime.now(UTC)  # noqa: S311  no secret
    for name in CONNECTORS:
        role = iam.create_role(RoleName=f"{name}-role", AssumeRolePolicyDocument=trust)["Role"]["Arn"]
        assert role == role_arn(f"{name}-role")
        described = {
            **{key: value for key, value in star.items() if key != "ResponseMetadata"},
            "connectorName": name,
            "connectorArn": connect_arn("connector", name, EU),
            "serviceExecutionRoleArn": role,
        }
        aws.put("connector", json.loads(json.dumps(described, default=datetime.isoformat)))
        days = (now - timedelta(days=day, hours=1) for day in range(30))
        aws.events(assume_role(random, at, EU, role, f"session-{name}", by="kafkaconnect.amazonaws.com") for at in days)
