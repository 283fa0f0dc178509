"""Commands and presses as signed HTTP requests, answered by Bolt behind a WSGI server."""

from __future__ import annotations

import logging
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from typing import Any
from wsgiref.simple_server import WSGIRequestHandler, make_server

import pytest
from slack_bolt import App
from slack_bolt.adapter.wsgi import SlackRequestHandler
from slack_sdk import WebClient
from slack_sdk.signature import SignatureVerifier

from bot.sandbox.slack import EmbeddedSlack, signed_headers
from bot.sandbox.slack.workspace import OPS

BUTTON = {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}}


class Quiet(WSGIRequestHandler):
    def log_message(self, format: str, *args: Any) -> None: ...  # noqa: A002


@pytest.fixture
def bot_url(slack: EmbeddedSlack) -> Iterator[str]:
    """A Bolt app behind HTTP: replies to commands in the acknowledgement, and to a press with nothing."""
    variables = slack.environment
    client = WebClient(variables["SLACK_BOT_TOKEN"], base_url=variables["SLACK_API_BASE_URL"])
    # Without a logger Bolt would copy the root's level onto its own, for all tests that follow.
    app = App(logger=logging.getLogger("slack_bolt"), client=client, signing_secret=variables["SLACK_SIGNING_SECRET"])

    @app.command("/msk-role")
    def command(ack: Any, body: dict[str, Any]) -> None:
        if body["text"] == "slow":
            time.sleep(0.3)
        ack(text=f"got {body['text']}", blocks=[{"type": "actions", "elements": [BUTTON]}])

    @app.action("go")
    def go(ack: Any, respond: Any) -> None:
        ack()
        respond(text="pressed", replace_original=True)

    handler: Any = SlackRequestHandler(app)
    server = make_server("127.0.0.1", 0, handler, handler_class=Quiet)
    thread = threading.Thread(target=server.serve_forever, args=(0.05,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/slack/events"
    server.shutdown()
    server.server_close()
    thread.join()


def test_a_signed_command_is_taken_and_its_answer_shown(slack: EmbeddedSlack, bot_url: str) -> None:
    slack.request_url = bot_url
    exchange = slack.command("orders & more", via="http")
    assert exchange.ack.error is None
    slack.wait_until(lambda: [m.text for m in slack.messages(OPS)] == ["got orders & more"])


def test_a_signed_press_is_taken(slack: EmbeddedSlack, bot_url: str) -> None:
    slack.request_url = bot_url
    slack.command("orders", via="http")
    slack.wait_until(lambda: bool(slack.messages(OPS)))
    (replaced,) = slack.click(slack.messages(OPS)[0], "go", via="http").wait()
    assert replaced.text == "pressed"


def test_a_slow_answer_is_a_timeout(slack: EmbeddedSlack, bot_url: str) -> None:
    slack.request_url = bot_url
    slack.limits.ack_seconds = 0.1
    assert slack.command("slow", via="http").ack.error == "operation_timeout"


def test_a_wrong_secret_is_told_as_a_failure(slack: EmbeddedSlack, bot_url: str) -> None:
    slack.request_url = bot_url.replace("/slack/events", "/elsewhere")
    assert slack.command("orders", via="http").ack.error == "http_client_error"


def test_no_server_is_told_as_a_failure(slack: EmbeddedSlack) -> None:
    assert slack.command("orders", via="http").ack.error == "dispatch_failed"
    slack.request_url = "http://127.0.0.1:9/slack/events"
    assert slack.command("orders", via="http").ack.error == "dispatch_failed"


@pytest.mark.parametrize(("age", "holds"), [(0, True), (299, True), (301, False)])
def test_signatures_are_those_of_slack(age: int, holds: bool) -> None:
    body = b"token=a&text=b"
    headers = signed_headers("secret", int(time.time()) - age, body)
    assert SignatureVerifier("secret").is_valid_request(body, headers) is holds


def test_a_request_with_a_changed_body_is_refused(slack: EmbeddedSlack, bot_url: str) -> None:
    secret = slack.workspace.credentials.signing_secret
    headers = signed_headers(secret, int(time.time()), b"command=%2Fmsk-role&text=a")
    request = urllib.request.Request(bot_url, b"command=%2Fmsk-role&text=b", headers)  # noqa: S310
    with pytest.raises(urllib.error.HTTPError, match="401"):
        urllib.request.urlopen(request)  # noqa: S310
