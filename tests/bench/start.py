"""What a start costs: the imports of the Lambda entry, and the time until the first command is heard."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from pathlib import Path

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack
from tests.bot.serve.lambda_service import LambdaService
from tests.bot.serve.processes import Process, surroundings

ROOT = Path(__file__).parents[2]
ROUNDS = 7
MOST_IMPORT_RATIO = 1.5
MOST_SECONDS_TO_READY = 2.0

#: Seconds of the processor, and the least of several rounds: what else runs here does not count.
_TIMED = "import time; t = time.process_time(); import {}; print(time.process_time() - t)"


def main() -> None:
    """Print the figures; raises AssertionError where one is over its limit."""
    with EmbeddedAws.start() as aws, EmbeddedSlack.start() as slack:
        environment = surroundings(slack.environment, aws.environment)
        base, entry = _import_seconds(environment)
        print(f"import slack_bolt, boto3          {base * 1000:6.0f} ms")
        print(f"import bot.serve.aws_lambda       {entry * 1000:6.0f} ms   {entry / base:.2f} times, at most 1.5")
        assert entry <= MOST_IMPORT_RATIO * base
        for name, seconds in _seconds_to_first_ack(environment, slack).items():
            print(f"{name:<33} {seconds * 1000:6.0f} ms   until the first command is acknowledged, at most 2000")
            assert seconds < MOST_SECONDS_TO_READY


def _import_seconds(environment: dict[str, str]) -> tuple[float, float]:
    """Return the least seconds of both imports, measured in turn so that a slow stretch hits both."""
    rounds = [
        (_timed("slack_bolt, boto3", environment), _timed("bot.serve.aws_lambda", environment)) for _ in range(ROUNDS)
    ]
    base, entry = zip(*rounds, strict=True)
    return min(base), min(entry)


def _timed(modules: str, environment: dict[str, str]) -> float:
    command = [sys.executable, "-c", _TIMED.format(modules)]
    done = subprocess.run(command, cwd=ROOT, env=environment, capture_output=True, text=True, check=True)
    return float(done.stdout)


def _seconds_to_first_ack(environment: dict[str, str], slack: EmbeddedSlack) -> dict[str, float]:
    seconds = {}
    for arguments in (("--socket",), ("--http",)):
        started = time.monotonic()
        with Process(environment, *arguments) as process:
            process.wait_ready()
            slack.request_url = f"http://127.0.0.1:{process.port}/slack/events"
            via = "http" if "--http" in arguments else "socket"
            _acknowledged(slack, via)
            seconds[f"serve {arguments[0]}"] = time.monotonic() - started
    started = time.monotonic()
    with LambdaService(environment) as service:
        slack.request_url = f"{service.url}/slack/events"
        _acknowledged(slack, "http")
        seconds["Lambda, cold"] = time.monotonic() - started
    return seconds


def _acknowledged(slack: EmbeddedSlack, via: str) -> None:
    ack = slack.command("help", via="http" if via == "http" else "socket").ack
    assert ack.error is None, ack


if __name__ == "__main__":
    os.chdir(ROOT)
    main()
