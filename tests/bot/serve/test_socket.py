"""Socket Mode as a real process: start, answer, reconnect, stop."""

import json
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack
from tests.bot.serve.processes import Process, surroundings
from tests.conftest import Canary

ORDERS = "orders-s3-sink eu-west-1"


@pytest.fixture
def fresh_slack() -> Iterator[EmbeddedSlack]:
    """A Slack of its own, since these tests take links down."""
    with EmbeddedSlack.start() as slack:
        yield slack


@contextmanager
def serving(slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary, **settings: str) -> Iterator[Process]:
    environment = surroundings(
        slack.environment, aws.environment, {"MSK_ROLE_REGIONS": "eu-west-1,us-east-1"}, settings
    )
    with Process(environment) as process:
        yield process
    canary.note("log of the bot", process.log)


def audit(process: Process) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in process.log.splitlines()]
    return [record["audit"] for record in records if "audit" in record]


def test_a_question_is_acknowledged_answered_and_audited(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary
) -> None:
    with serving(fresh_slack, aws, canary) as bot:
        bot.wait_ready()
        exchange = fresh_slack.command(ORDERS)
        assert exchange.ack.error is None
        (answer,) = exchange.wait()
        assert "orders-s3-sink" in answer.text
        details = fresh_slack.click(answer, "details")
        fresh_slack.wait_until(lambda: len(str(fresh_slack.views[-1:])) > 2000)
        assert details.ack.error is None
        assert "msk_role_aws_calls_total{" in bot.probe("/metrics")[1]
        bot.terminate()
        assert bot.wait() == 0
    assert [(record["kind"], record["outcome"], record["delivered_as"]) for record in audit(bot)] == [
        ("command", "answered", "message"),
        ("details", "answered", "modal"),
    ]
    assert audit(bot)[0]["aws_calls"] > 5
    assert fresh_slack.violations == []
    assert fresh_slack.refusals == []


def test_sigterm_lets_a_running_question_finish(fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary) -> None:
    aws.delay(0.3)
    with serving(fresh_slack, aws, canary) as bot:
        bot.wait_ready()
        exchange = fresh_slack.command(ORDERS)
        assert exchange.ack.error is None
        bot.terminate()
        (answer,) = exchange.wait()
        assert "orders-s3-sink" in answer.text
        assert bot.wait() == 0
    assert audit(bot)[0]["outcome"] == "answered"


def test_sigterm_tells_those_who_would_wait_in_vain(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary
) -> None:
    aws.delay(4)
    with serving(fresh_slack, aws, canary, MSK_ROLE_DRAIN_SECONDS="1", MSK_ROLE_WORKERS="1") as bot:
        bot.wait_ready()
        running, waiting = fresh_slack.command(ORDERS), fresh_slack.command("payments-jdbc-source")
        assert [exchange.ack.error for exchange in (running, waiting)] == [None, None]
        bot.terminate()
        for exchange in (running, waiting):
            exchange.wait()
        assert bot.wait(6) == 0
    assert [record["outcome"] for record in audit(bot)] == ["interrupted", "interrupted"]


@pytest.mark.parametrize("how", ["close", "refresh"])
def test_a_dropped_link_is_taken_up_again(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary, how: Any
) -> None:
    with serving(fresh_slack, aws, canary) as bot:
        bot.wait_ready()
        fresh_slack.drop_links(how)
        fresh_slack.wait_until(lambda: [call.method for call in fresh_slack.calls].count("apps.connections.open") == 2)
        fresh_slack.wait_for_link()
        assert fresh_slack.command("help").wait()
        bot.terminate()
        assert bot.wait() == 0


@pytest.mark.parametrize("how", ["error-500", "ratelimited", "garbage"])
def test_a_slack_that_is_down_at_start_is_waited_for(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary, how: str
) -> None:
    fresh_slack.fail("apps.connections.open", how, times=1, retry_after=60)
    with serving(fresh_slack, aws, canary) as bot:
        bot.wait_for("No link to Slack yet")
        assert bot.probe("/healthz")[0] == 200
        bot.wait_ready()
        assert fresh_slack.command("help").wait()


def test_sigterm_ends_the_wait_for_a_slack_that_is_down(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary
) -> None:
    fresh_slack.fail("auth.test", "error-500")
    with serving(fresh_slack, aws, canary) as bot:
        bot.wait_for("No link to Slack yet")
        assert bot.probe("/readyz")[0] == 503
        bot.terminate()
        assert bot.wait(5) == 0


@pytest.mark.parametrize(
    ("method", "setting"), [("auth.test", "SLACK_BOT_TOKEN"), ("apps.connections.open", "SLACK_APP_TOKEN")]
)
def test_a_token_that_slack_does_not_accept_stops_the_start_and_is_named(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary, method: str, setting: str
) -> None:
    fresh_slack.fail(method, "invalid_auth")
    with serving(fresh_slack, aws, canary) as bot:
        assert bot.wait() == 2
    assert bot.log.splitlines()[-1] == f"Slack does not accept {setting}: invalid_auth"


def test_settings_that_do_not_fit_stop_the_start_with_one_message(canary: Canary) -> None:
    with Process(surroundings({"SLACK_BOT_TOKEN": "xapp-CANARY", "MSK_ROLE_WORKERS": "CANARY"})) as bot:
        assert bot.wait() == 2
    canary.note("log of the bot", bot.log)
    for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "MSK_ROLE_WORKERS"):
        assert name in bot.log


def test_an_aws_that_is_down_at_start_does_not_stop_the_bot_and_costs_an_answer_its_reads(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary
) -> None:
    with serving(fresh_slack, aws, canary, AWS_ENDPOINT_URL="http://127.0.0.1:9") as bot:
        bot.wait_ready()
        (answer,) = fresh_slack.command(ORDERS).wait(timeout=30)
        assert answer.text
        bot.terminate()
        assert bot.wait() == 0
    assert audit(bot)[0]["outcome"] == "no-answer"


def test_two_replicas_answer_each_others_buttons(fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary) -> None:
    with serving(fresh_slack, aws, canary) as one:
        one.wait_ready()
        (answer,) = fresh_slack.command(ORDERS).wait()
        with serving(fresh_slack, aws, canary) as other:
            other.wait_ready()
            one.terminate()
            assert one.wait() == 0
            (again,) = fresh_slack.click(answer, "refresh").wait()
            assert "orders-s3-sink" in again.text


@pytest.mark.parametrize("held_in", ["secret", "both", "nowhere"])
def test_tokens_may_stand_in_secrets_manager(
    fresh_slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary, held_in: str
) -> None:
    tokens = {name: fresh_slack.environment[name] for name in ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN")}
    secrets = aws.client("secretsmanager")
    arn = "arn:aws:secretsmanager:eu-west-1:111122223333:secret:none-AbCdEf"
    if held_in != "nowhere":
        arn = secrets.create_secret(Name=f"msk-role-{held_in}", SecretString=json.dumps(tokens))["ARN"]
    settings = {"MSK_ROLE_SECRET_ARN": arn, **({} if held_in == "both" else dict.fromkeys(tokens, ""))}
    with serving(fresh_slack, aws, canary, **settings) as bot:
        if held_in == "secret":
            bot.wait_ready()
            return
        assert bot.wait() == 2
    expected = "SLACK_BOT_TOKEN: set in the environment and in the secret" if held_in == "both" else "NotFound"
    assert expected in bot.log
