"""Failures on order, as the real clients meet them."""

from __future__ import annotations

import threading
import time
from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.http_retry import RateLimitErrorRetryHandler

from bot.sandbox.slack import EmbeddedSlack
from bot.sandbox.slack.workspace import BOB, OPS

BLOCKS = [{"type": "divider"}]


def client_of(slack: EmbeddedSlack, **options: Any) -> WebClient:
    return WebClient(slack.workspace.credentials.bot_token, base_url=slack.api_url, **options)


def test_rate_limiting_says_how_long_to_wait_and_counts_down(slack: EmbeddedSlack) -> None:
    slack.fail("chat.postMessage", "ratelimited", times=1, retry_after=0)
    client = client_of(slack, retry_handlers=[RateLimitErrorRetryHandler(max_retry_count=1)])
    client.chat_postMessage(channel=OPS.id, text="a")
    assert [(call.status, call.error, call.injected) for call in slack.calls] == [
        (429, "ratelimited", True),
        (200, None, False),
    ]
    assert slack.refusals == []


@pytest.mark.parametrize(
    ("how", "status", "said"),
    [
        ("error-500", 500, "Internal Server Error"),
        ("channel_not_found", 200, "channel_not_found"),
    ],
)
def test_a_failure_on_order_reaches_the_client(slack: EmbeddedSlack, how: str, status: int, said: str) -> None:
    slack.fail("chat.postMessage", how)
    with pytest.raises(SlackApiError, match=said) as caught:
        client_of(slack).chat_postMessage(channel=OPS.id, text="a")
    assert caught.value.response.status_code == status
    assert client_of(slack).users_info(user=BOB.id)["ok"]


def test_garbage_breaks_the_client_in_its_own_way(slack: EmbeddedSlack) -> None:
    slack.fail("auth.test", "garbage")
    with pytest.raises(ValueError, match="Expecting value"):
        client_of(slack).auth_test()
    with pytest.raises(SlackApiError, match="non-JSON"):
        client_of(slack, retry_handlers=[]).auth_test()


def test_a_code_about_blocks_lets_plain_text_through(slack: EmbeddedSlack) -> None:
    slack.fail("chat.postMessage", "invalid_blocks")
    with pytest.raises(SlackApiError, match="invalid_blocks"):
        client_of(slack).chat_postMessage(channel=OPS.id, text="a", blocks=BLOCKS)
    client_of(slack).chat_postMessage(channel=OPS.id, text="a")
    assert [m.text for m in slack.messages(OPS)] == ["a"]


def test_every_method_can_fail_until_it_is_healed(slack: EmbeddedSlack) -> None:
    slack.fail("*", "fatal_error")
    with pytest.raises(SlackApiError, match="fatal_error"):
        client_of(slack).auth_test()
    slack.heal()
    assert client_of(slack).auth_test()["ok"]


def test_a_request_can_hang_past_the_patience_of_the_client(slack: EmbeddedSlack) -> None:
    slack.fail("auth.test", "hang")
    with pytest.raises(TimeoutError):
        client_of(slack, timeout=0.2, retry_handlers=[]).auth_test()
    slack.heal()


def test_healing_lets_go_what_hangs(slack: EmbeddedSlack) -> None:
    slack.fail("auth.test", "hang")
    threading.Timer(0.1, slack.heal).start()
    started = time.monotonic()
    with pytest.raises(OSError, match=r".*"):
        client_of(slack, timeout=10, retry_handlers=[]).auth_test()
    assert time.monotonic() - started < 5


def test_a_failed_request_uses_up_nothing(slack: EmbeddedSlack) -> None:
    slack.fail("chat.postMessage", "error-500", times=1)
    with pytest.raises(SlackApiError):
        client_of(slack).chat_postMessage(channel=OPS.id, text="lost")
    assert slack.messages() == []
