"""Commands and presses over Socket Mode, answered by an unmodified Bolt app with slack_sdk's own client."""

from __future__ import annotations

import logging
import time
from collections.abc import Iterator
from typing import Any

import pytest
from slack_bolt import App
from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError
from slack_sdk.webhook import WebhookClient

from bot.sandbox.slack import EmbeddedSlack
from bot.sandbox.slack.workspace import ALICE, BOB, OPS, PLATFORM, STRANGER

BUTTONS = {
    "type": "actions",
    "elements": [
        {"type": "button", "action_id": "go", "text": {"type": "plain_text", "text": "Go"}, "value": "carried"},
        {"type": "button", "action_id": "modal", "text": {"type": "plain_text", "text": "Modal"}},
        {"type": "button", "action_id": "noisy", "text": {"type": "plain_text", "text": "Noisy"}},
    ],
}


def view(title: str) -> dict[str, Any]:
    return {"type": "modal", "title": {"type": "plain_text", "text": title}, "blocks": [BUTTONS]}


class Recorder:
    """Listeners that do one thing each, chosen by the command's text, and keep the payloads they got."""

    def __init__(self, app: App) -> None:
        self.payloads: list[dict[str, Any]] = []
        app.command("/msk-role")(self.command)
        app.action("go")(self.go)
        app.action("modal")(self.modal)
        app.action("noisy")(self.noisy)

    def command(self, ack: Any, body: dict[str, Any], respond: Any) -> None:
        self.payloads.append(body)
        match body["text"]:
            case "late":
                time.sleep(0.4)
                ack("too late")
            case "silent":
                return
            case "bad ack":
                ack(blocks=[{"type": "nonsense"}])
            case "replace":
                ack("reading")
                respond(text="result", replace_original=True)
            case "in channel":
                ack()
                respond(text="a", response_type="in_channel", unfurl_links=False, unfurl_media=False)
            case _:
                ack("reading")
                respond(text="result", blocks=[BUTTONS])

    def go(self, ack: Any, body: dict[str, Any], respond: Any) -> None:
        self.payloads.append(body)
        ack()
        respond(text="replaced", replace_original=True)

    def modal(self, ack: Any, body: dict[str, Any], client: WebClient) -> None:
        self.payloads.append(body)
        ack()
        if body.get("view"):
            client.views_push(trigger_id=body["trigger_id"], view=view("Pushed"))
            client.views_update(view_id=body["view"]["id"], hash=body["view"]["hash"], view=view("Updated"))
        else:
            client.views_open(trigger_id=body["trigger_id"], view=view("Opened"))

    def noisy(self, ack: Any) -> None:
        ack("not a place for text")


@pytest.fixture(scope="module")
def bolt(embedded_slack: EmbeddedSlack) -> Iterator[Recorder]:
    variables = embedded_slack.environment
    client = WebClient(variables["SLACK_BOT_TOKEN"], base_url=variables["SLACK_API_BASE_URL"])
    # Without a logger Bolt would copy the root's level onto its own, for all tests that follow.
    app = App(logger=logging.getLogger("slack_bolt"), client=client, signing_secret=variables["SLACK_SIGNING_SECRET"])
    recorder = Recorder(app)
    handler: Any = SocketModeHandler(app, variables["SLACK_APP_TOKEN"], ping_interval=0.5)
    handler.connect()
    embedded_slack.wait_for_link()
    yield recorder
    handler.close()


@pytest.fixture
def recorder(bolt: Recorder, slack: EmbeddedSlack) -> Recorder:
    bolt.payloads.clear()
    slack.wait_for_link()
    return bolt


def test_a_command_is_acknowledged_and_answered(slack: EmbeddedSlack, recorder: Recorder) -> None:
    exchange = slack.command("orders", user=BOB, channel=PLATFORM)
    assert exchange.ack.payload == {"text": "reading"}
    assert exchange.ack.error is None
    assert exchange.ack.seconds < 1
    assert [m.text for m in exchange.wait()] == ["result"]
    assert {m.text for m in slack.messages(PLATFORM, BOB)} == {"reading", "result"}
    assert slack.messages(PLATFORM, ALICE) == []


def test_the_payload_has_what_slack_sends(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("  spaced  ", user=STRANGER, channel=PLATFORM).wait()
    (payload,) = recorder.payloads
    assert (payload["text"], payload["user_id"], payload["team_id"]) == ("spaced", STRANGER.id, "T0PARTNER1")
    assert payload["channel_name"] == "privategroup"
    assert payload["response_url"].startswith(slack.api_url.removesuffix("/api/") + "/commands/")


def test_no_text_arrives_as_an_empty_text(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("").wait()
    assert recorder.payloads[0]["text"] == ""


def test_a_late_acknowledgement_is_shown_to_the_user_as_a_failure(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.limits.ack_seconds = 0.2
    exchange = slack.command("late")
    assert exchange.ack.error == "operation_timeout"
    slack.wait_until(lambda: (exchange.acknowledged_after or 0) > 0.4)
    assert [v.code for v in slack.violations] == ["late-ack"]
    assert [m.text for m in slack.messages(OPS)] == ["/msk-role failed with the error “operation_timeout”"]


def test_no_acknowledgement_is_a_timeout(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.limits.ack_seconds = 0.1
    exchange = slack.command("silent")
    assert exchange.ack.error == "operation_timeout"
    assert exchange.acknowledged_after is None
    with pytest.raises(TimeoutError, match="command by U0ALICE001: no 1 replies"):
        exchange.wait(timeout=0.01)


def test_an_acknowledgement_with_bad_blocks_shows_nothing(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("bad ack").ack  # noqa: B018
    slack.wait_until(lambda: bool(slack.violations))
    assert slack.messages(OPS) == []
    assert slack.violations[0].code == "refused-ack"


def test_the_acknowledgement_of_a_command_is_not_replaced(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("replace").wait()
    slack.wait_until(lambda: {m.text for m in slack.messages(OPS)} == {"reading", "result"})


def test_a_switch_lets_the_acknowledgement_be_replaced(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.limits.slash_replaces = True
    slack.command("replace").wait()
    slack.wait_until(lambda: [m.text for m in slack.messages(OPS)] in (["result"], ["reading", "result"]))


def test_a_message_in_the_channel_is_for_everybody(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("in channel").wait()
    assert [m.text for m in slack.messages(OPS, BOB)] == ["a"]
    assert slack.violations == []


def test_a_press_replaces_its_message(slack: EmbeddedSlack, recorder: Recorder) -> None:
    (message,) = slack.command("orders").wait()
    (replaced,) = slack.click(message, "go").wait()
    assert (replaced.ts, replaced.text, replaced.replaced) == (message.ts, "replaced", True)
    payload = recorder.payloads[1]
    assert payload["actions"][0]["value"] == "carried"
    assert payload["container"]["is_ephemeral"] is True
    assert "message" not in payload


def test_a_press_can_be_forged(slack: EmbeddedSlack, recorder: Recorder) -> None:
    (message,) = slack.command("orders").wait()
    slack.click(message, "go", user=BOB, value="forged").wait()
    assert (recorder.payloads[1]["actions"][0]["value"], recorder.payloads[1]["user"]["id"]) == ("forged", BOB.id)


def test_a_payload_can_be_sent_as_it_is(slack: EmbeddedSlack, recorder: Recorder) -> None:
    payload = {"command": "/msk-role", "text": "silent", "user_id": BOB.id, "channel_id": OPS.id, "team_id": "T0"}
    slack.deliver("slash_commands", payload)
    slack.wait_until(lambda: recorder.payloads == [payload])


def test_a_button_that_is_not_there_can_not_be_pressed(slack: EmbeddedSlack, recorder: Recorder) -> None:
    (message,) = slack.command("orders").wait()
    with pytest.raises(LookupError, match=r"no 'away' here, only \['go', 'modal', 'noisy'\]"):
        slack.click(message, "away")


def test_text_in_the_acknowledgement_of_a_press_is_read_by_nobody(slack: EmbeddedSlack, recorder: Recorder) -> None:
    (message,) = slack.command("orders").wait()
    assert slack.click(message, "noisy").ack.error is None
    assert [v.code for v in slack.violations] == ["payload-ignored"]


def test_a_modal_opens_is_pushed_upon_and_is_updated(slack: EmbeddedSlack, recorder: Recorder) -> None:
    (message,) = slack.command("orders").wait()
    opened = slack.click(message, "modal").wait_view()
    assert opened.body["title"]["text"] == "Opened"
    slack.click(opened, "modal")
    slack.wait_until(lambda: [v.body["title"]["text"] for v in slack.views] == ["Updated", "Pushed"])
    assert slack.views[1].previous_id == opened.id


def test_a_trigger_opens_one_modal_and_not_for_long(slack: EmbeddedSlack, recorder: Recorder) -> None:
    client = WebClient(slack.workspace.credentials.bot_token, base_url=slack.api_url)
    slack.command("orders").wait()
    trigger = recorder.payloads[0]["trigger_id"]
    client.views_open(trigger_id=trigger, view=view("Once"))
    with pytest.raises(SlackApiError, match="exchanged_trigger_id"):
        client.views_open(trigger_id=trigger, view=view("Twice"))
    slack.command("orders").wait()
    slack.limits.trigger_seconds = 0
    with pytest.raises(SlackApiError, match="expired_trigger_id"):
        client.views_open(trigger_id=recorder.payloads[1]["trigger_id"], view=view("Late"))


def test_a_response_url_is_used_up_after_five_messages(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("orders").wait()
    hook = WebhookClient(recorder.payloads[0]["response_url"])
    assert [hook.send(text="again").status_code for _ in range(5)] == [200, 200, 200, 200, 404]
    assert slack.refusals[-1].error == "used_url"


def test_a_response_url_expires(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("orders").wait()
    slack.limits.hook_seconds = 0
    answer = WebhookClient(recorder.payloads[0]["response_url"]).send(text="late")
    assert (answer.status_code, answer.body) == (404, '{"ok": false, "error": "expired_url"}')


def test_a_response_url_says_no_by_status_and_not_by_exception(slack: EmbeddedSlack, recorder: Recorder) -> None:
    slack.command("orders").wait()
    hook = WebhookClient(recorder.payloads[0]["response_url"])
    assert hook.send(text="a", blocks=[{"type": "nonsense"}]).status_code == 400
    assert hook.send(text="").status_code == 500
    assert [call.error for call in slack.refusals] == ["invalid_blocks", "no_text"]


def test_a_message_can_be_taken_away(slack: EmbeddedSlack, recorder: Recorder) -> None:
    (message,) = slack.command("orders").wait()
    slack.click(message, "go").wait()
    WebhookClient(recorder.payloads[1]["response_url"]).send_dict({"delete_original": True})
    assert message.ts not in {m.ts for m in slack.messages(OPS)}


def test_a_reply_to_a_press_that_does_not_say_whether_it_replaces_is_a_violation(
    slack: EmbeddedSlack, recorder: Recorder
) -> None:
    (message,) = slack.command("orders").wait()
    slack.click(message, "go").wait()
    WebhookClient(recorder.payloads[1]["response_url"]).send(text="a")
    assert [v.code for v in slack.violations] == ["replace-unsaid"]


@pytest.mark.parametrize("how", ["refresh", "warning", "close"])
def test_the_app_comes_back_when_its_link_is_dropped(slack: EmbeddedSlack, recorder: Recorder, how: Any) -> None:
    assert slack.drop_links(how) == 1
    deadline = time.monotonic() + 5
    while time.monotonic() < deadline:
        exchange = slack.command("orders")
        if exchange.ack.error is None:
            break
        time.sleep(0.1)
    assert [m.text for m in exchange.wait()] == ["result"]


def test_a_command_without_a_link_fails_at_once() -> None:
    with EmbeddedSlack.start() as alone:
        assert alone.command("orders").ack.error == "dispatch_failed"
