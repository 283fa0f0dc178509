"""The bot as in production, logging at DEBUG: whatever it is asked and whatever breaks, no planted secret comes out."""

from __future__ import annotations

import os
from collections.abc import Iterator

import pytest

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.connectors import BEYOND_THE_PATTERN, CONNECTORS
from bot.sandbox.slack import EmbeddedSlack, Exchange
from bot.sandbox.stage import Bot, embedded_environment, running_bot
from tests.conftest import CANARY, Canary

SETTINGS = {
    "MSK_ROLE_LOG_LEVEL": "DEBUG",
    "MSK_ROLE_DEADLINE_SECONDS": "4",
    "MSK_ROLE_CACHE_SECONDS": "0",
    "MSK_ROLE_REQUESTS_PER_MINUTE": "10000",
}
PATIENCE_SECONDS = 40.0
BROKEN = [f"{connector.name} {connector.region}" for connector in CONNECTORS[:3]]


@pytest.fixture(scope="module")
def started(embedded_aws: EmbeddedAws, embedded_slack: EmbeddedSlack) -> Iterator[Bot]:
    embedded_aws.reset()
    settings = {**embedded_environment(embedded_aws, embedded_slack), **SETTINGS}
    with running_bot(settings, os.environ, module=["tests.bench.unpaced"]) as bot:
        bot.wait_for_link(embedded_slack)
        yield bot


@pytest.fixture
def bot(started: Bot, aws: EmbeddedAws, slack: EmbeddedSlack, canary: Canary) -> Iterator[Bot]:
    """The bot between services that were reset; its log of this test is watched."""
    already = len(started.log())
    yield started
    canary.note("the bot's log", started.log()[already:])


def test_no_secret_comes_out_of_any_connector_or_its_details(bot: Bot, slack: EmbeddedSlack) -> None:
    asked = [slack.command(f"{connector.name} {connector.region}") for connector in CONNECTORS]
    replies = [exchange.wait(timeout=PATIENCE_SECONDS)[-1] for exchange in asked]
    pressed = [
        slack.click(reply, element["action_id"])
        for reply in replies
        for block in reply.blocks
        for element in block.get("elements", [])
        if element.get("action_id") in ("details", "query", "policy")
    ]
    for exchange in pressed:
        exchange.wait_view(2, PATIENCE_SECONDS)
    assert len(pressed) >= 2 * len(CONNECTORS)
    assert [call.problems for call in slack.refusals] == []
    assert slack.violations == []


def test_hostile_questions_and_names_are_answered_as_text(bot: Bot, aws: EmbeddedAws, slack: EmbeddedSlack) -> None:
    aws.hostile_names()
    texts = [
        *BEYOND_THE_PATTERN,
        *(name[:3] for name in BEYOND_THE_PATTERN),
        "x" * 10_000,
        "🌩️" * 500,
        "'\"`*_~|<>&",
        "a\nb",
        "<@U0BOB00001> <#C1|x>",
    ]
    for exchange in [slack.command(text) for text in texts]:
        exchange.wait(timeout=PATIENCE_SECONDS)
        assert exchange.ack.error is None
    assert slack.refusals == []
    assert slack.violations == []


@pytest.mark.parametrize(
    "how", ["access-denied", "throttled", "error-500", "expired-token", "hang", "truncated", "wrong-types", "empty"]
)
def test_no_secret_comes_out_when_aws_breaks(bot: Bot, aws: EmbeddedAws, slack: EmbeddedSlack, how: str) -> None:
    aws.fail("*", how)
    _answered([slack.command(text) for text in BROKEN])
    aws.reset()
    for operation in ("kafkaconnect:DescribeWorkerConfiguration", "cloudtrail:LookupEvents", "iam:GetRole"):
        aws.fail(operation, how)
    _answered([slack.command(text) for text in BROKEN])
    assert slack.violations == []


@pytest.mark.parametrize("how", ["ratelimited", "error-500", "invalid_blocks", "expired_url", "garbage"])
def test_no_secret_comes_out_when_slack_breaks(bot: Bot, slack: EmbeddedSlack, how: str) -> None:
    slack.fail("response_url", how, times=2, retry_after=0)
    asked = [slack.command(text) for text in BROKEN]
    slack.wait_until(lambda: len([call for call in slack.calls if call.method == "response_url"]) >= 3)
    assert [exchange.ack.error for exchange in asked] == [None, None, None]
    assert slack.violations == []


def test_there_are_secrets_to_leak_and_a_log_to_leak_them_to(bot: Bot, aws: EmbeddedAws) -> None:
    connect = aws.client("kafkaconnect")
    arns = [connector["connectorArn"] for connector in connect.list_connectors()["connectors"]]
    assert any(CANARY in str(connect.describe_connector(connectorArn=arn)) for arn in arns)
    assert '"audit"' in bot.log()


def _answered(exchanges: list[Exchange]) -> None:
    for exchange in exchanges:
        exchange.wait(timeout=PATIENCE_SECONDS)
        assert exchange.ack.error is None
