"""HTTP mode as a real process: signatures, probes, answers, stop."""

import json
import time
import urllib.error
import urllib.request
from collections.abc import Iterator

import pytest

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack, signed_headers
from tests.bot.serve.processes import Process, surroundings
from tests.conftest import Canary

BODY = (
    b"command=%2Fmsk-role&text=help&user_id=U0ALICE001&team_id=T0EXAMPLE1&channel_id=C0OPS00001&trigger_id=1.2.CANARY"
)


@pytest.fixture
def bot(slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary) -> Iterator[Process]:
    with Process(surroundings(slack.environment, aws.environment), "--http") as process:
        process.wait_ready()
        slack.request_url = f"http://127.0.0.1:{process.port}/slack/events"
        yield process
    canary.note("log of the bot", process.log)


def post(bot: Process, body: bytes, headers: dict[str, str]) -> int:
    url = f"http://127.0.0.1:{bot.port}/slack/events"
    form = {"Content-Type": "application/x-www-form-urlencoded"}
    try:
        with urllib.request.urlopen(urllib.request.Request(url, body, {**form, **headers}), timeout=5) as answer:
            return int(answer.status)
    except urllib.error.HTTPError as refused:
        return refused.code


def test_a_question_is_answered_and_sigterm_ends_the_process(slack: EmbeddedSlack, bot: Process) -> None:
    exchange = slack.command("orders-s3-sink eu-west-1", via="http")
    assert exchange.ack.error is None
    (answer,) = exchange.wait()
    assert "orders-s3-sink" in answer.text
    slack.click(answer, "query", via="http").wait_view()
    bot.terminate()
    assert bot.wait() == 0


def test_sigterm_lets_a_running_question_finish(slack: EmbeddedSlack, aws: EmbeddedAws, bot: Process) -> None:
    aws.delay(0.3)
    exchange = slack.command("orders-s3-sink eu-west-1", via="http")
    assert exchange.ack.error is None
    bot.terminate()
    assert "orders-s3-sink" in exchange.wait()[0].text
    assert bot.wait() == 0


def test_signatures_that_do_not_hold_are_refused_and_logged_without_the_request(
    slack: EmbeddedSlack, bot: Process
) -> None:
    secret, now = slack.workspace.credentials.signing_secret, int(time.time())
    good = signed_headers(secret, now, BODY)
    cases = {
        "missing": {},
        "wrong": signed_headers("another-secret", now, BODY),
        "301 seconds old": signed_headers(secret, now - 301, BODY),
        "of the future": signed_headers(secret, now + 400, BODY),
        "of another body": signed_headers(secret, now, BODY + b"x"),
        "with another time": {**good, "X-Slack-Request-Timestamp": str(now - 5)},
        "not a time": {**good, "X-Slack-Request-Timestamp": "soon"},
    }
    assert {name: post(bot, BODY, headers) for name, headers in cases.items()} == dict.fromkeys(cases, 401)
    assert post(bot, BODY, good) == 200
    assert f"msk_role_bad_signatures_total {len(cases)}.0" in bot.probe("/metrics")[1]
    assert bot.log.count("signature does not hold") == len(cases)
    assert "trigger_id" not in bot.log


def test_a_replayed_request_is_acknowledged_and_not_worked_on_again(slack: EmbeddedSlack, bot: Process) -> None:
    headers = signed_headers(slack.workspace.credentials.signing_secret, int(time.time()), BODY)
    assert [post(bot, BODY, headers) for _ in range(3)] == [200, 200, 200]
    bot.terminate()
    assert bot.wait() == 0
    assert len([line for line in bot.log.splitlines() if "audit" in json.loads(line)]) == 1


@pytest.mark.parametrize(("path", "status"), [("/healthz", 200), ("/readyz", 200), ("/metrics", 200), ("/", 404)])
def test_probes(bot: Process, path: str, status: int) -> None:
    assert bot.probe(path)[0] == status


def test_a_body_that_slack_would_not_send_is_not_read(bot: Process) -> None:
    assert post(bot, b"x" * 1_000_001, {}) == 413


@pytest.mark.parametrize("mode", ["--socket", "--http"])
def test_it_answers_and_stops_as_a_user_who_may_write_nowhere_but_in_the_temporary_directory(
    mode: str, slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary
) -> None:
    environment = {**surroundings(slack.environment, aws.environment), "PYTHONDONTWRITEBYTECODE": "1"}
    with Process(environment, mode, writes_nowhere=True) as process:
        process.wait_ready()
        slack.request_url = f"http://127.0.0.1:{process.port}/slack/events"
        exchange = slack.command("orders-s3-sink eu-west-1", via="http" if mode == "--http" else "socket")
        assert "orders-s3-sink" in exchange.wait()[0].text
        process.terminate()
        assert process.wait() == 0
    assert "WROTE" not in process.log
    canary.note("log of the bot", process.log)
