"""Every call of Slack in every way it fails: the result arrives in some form, or an audit record says it did not."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack, Exchange, Message
from handlers import delivery
from tests.handlers.running import Running, real_answers, running

FAILURES = ("ratelimited", "error-500", "invalid_blocks", "expired_url", "hang", "garbage")

#: What somebody does, and each call of Slack that this makes.
CALLS = (
    ("command", "auth.test"),
    ("command", "users.info"),
    ("command", "response_url"),
    ("refresh", "response_url"),
    ("share", "conversations.info"),
    ("share", "response_url"),
    ("details", "views.open"),
    ("details", "views.update"),
    ("query", "views.update"),
)


@pytest.fixture(scope="module")
def connected(embedded_slack: EmbeddedSlack, embedded_aws: EmbeddedAws) -> Iterator[Running]:
    with pytest.MonkeyPatch.context() as patch, real_answers(embedded_aws) as answers:
        for client in ("bot.compose.slack", "handlers.delivery", "bot.serve.socket"):
            patch.setattr(f"{client}.TIMEOUT_SECONDS", 1.0)
        patch.setattr(delivery, "_UPDATE_PAUSE_SECONDS", 0.02)
        with running(embedded_slack, answers, {"MSK_ROLE_REQUESTS_PER_MINUTE": "10000"}) as here:
            yield here


@pytest.fixture
def bot(slack: EmbeddedSlack, connected: Running) -> Iterator[Running]:
    connected.forget()
    yield connected
    slack.heal()


def asked(bot: Running) -> Message:
    """Return an answer that has arrived, with its buttons; what Slack said for it is forgotten."""
    answer = bot.answer()
    bot.forget()
    return answer


def do(bot: Running, gesture: str, answer: Message | None) -> Exchange:
    if answer is None:
        return bot.slack.command("orders-s3-sink")
    return bot.slack.click(answer, gesture)


@pytest.mark.parametrize("how", FAILURES)
@pytest.mark.parametrize(("gesture", "method"), CALLS)
def test_nothing_is_lost(bot: Running, gesture: str, method: str, how: str) -> None:
    answer = None if gesture == "command" else asked(bot)
    bot.slack.fail(method, how, retry_after=60)
    exchange = do(bot, gesture, answer)
    assert exchange.ack.error is None
    record = bot.audit()
    came_of_it = (record["outcome"], record.get("delivered_as"), bool(exchange.replies))
    assert came_of_it == what_comes_of(method, how)
    assert record["request_id"]


def what_comes_of(method: str, how: str) -> tuple[str, str | None, bool]:
    """Return the outcome, how it was delivered and whether it arrived."""
    if method == "response_url":
        # Nothing else takes an answer; without its blocks this one is taken.
        return ("answered", "text", True) if how == "invalid_blocks" else ("undelivered", None, False)
    if method.startswith("views.") or how == "invalid_blocks":  # nothing that is asked before an answer has blocks
        return "answered", "message", True
    return "refused", "message", True  # nobody can tell who asks


def test_a_short_rate_limit_is_waited_for(bot: Running) -> None:
    bot.slack.fail("response_url", "ratelimited", times=1, retry_after=0)
    (answer,) = bot.slack.command("orders-s3-sink").wait()
    assert answer.blocks
    assert bot.audit()["delivered_as"] == "message"


def test_a_modal_that_cannot_be_shown_becomes_a_message(bot: Running) -> None:
    answer = asked(bot)
    bot.slack.fail("views.open", "expired_trigger_id")
    exchange = bot.slack.click(answer, "query")
    (message,) = exchange.wait()
    assert "kafkaconnect.amazonaws.com" in message.text
    assert bot.audit()["delivered_as"] == "message"
