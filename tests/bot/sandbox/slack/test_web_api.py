"""The Web API, asked by the real slack_sdk client."""

from __future__ import annotations

from typing import Any

import pytest
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError

from bot.sandbox.slack import Channel, EmbeddedSlack
from bot.sandbox.slack.workspace import (
    BOB,
    DIRECT,
    GUEST,
    OPS,
    PLATFORM,
    RANDOM,
    SHARED,
    SINGLE_CHANNEL_GUEST,
    STRANGER,
)

QUIET: dict[str, Any] = {"unfurl_links": False, "unfurl_media": False}
MODAL = {
    "type": "modal",
    "title": {"type": "plain_text", "text": "T"},
    "blocks": [{"type": "divider"}],
}


@pytest.fixture
def client(slack: EmbeddedSlack) -> WebClient:
    return WebClient(slack.workspace.credentials.bot_token, base_url=slack.api_url, timeout=5)


def error_of(call: Any, *arguments: Any, **keywords: Any) -> str:
    with pytest.raises(SlackApiError) as caught:
        call(*arguments, **keywords)
    return str(caught.value.response["error"])


def test_auth_test_says_who_the_bot_is_and_what_it_may_do(client: WebClient) -> None:
    answer = client.auth_test()
    assert (answer["team_id"], answer["bot_id"]) == ("T0EXAMPLE1", "B0MSKROLE1")
    scopes = {name.lower(): value for name, value in answer.headers.items()}["x-oauth-scopes"]
    assert scopes == "channels:read,chat:write,commands,groups:read,users:read"


@pytest.mark.parametrize(("token", "error"), [("xoxb-other", "invalid_auth"), ("", "not_authed")])
def test_a_wrong_token_is_refused(slack: EmbeddedSlack, token: str, error: str) -> None:
    assert error_of(WebClient(token, base_url=slack.api_url).auth_test) == error


def test_a_socket_mode_link_needs_the_app_token(slack: EmbeddedSlack, client: WebClient) -> None:
    assert error_of(client.apps_connections_open, app_token="xapp-other") == "invalid_auth"
    bot_token, app_token = slack.environment["SLACK_BOT_TOKEN"], slack.environment["SLACK_APP_TOKEN"]
    assert error_of(client.apps_connections_open, app_token=bot_token) == "not_allowed_token_type"
    assert client.apps_connections_open(app_token=app_token)["url"].startswith("ws://127.0.0.1:")


def test_an_unknown_method_is_named(client: WebClient) -> None:
    assert error_of(client.api_call, "chat.shout") == "unknown_method"


def test_a_missing_scope_is_named(slack: EmbeddedSlack, client: WebClient) -> None:
    slack.workspace.scopes = frozenset({"chat:write"})
    with pytest.raises(SlackApiError) as caught:
        client.users_info(user=BOB.id)
    assert (caught.value.response["error"], caught.value.response["needed"]) == ("missing_scope", "users:read")


@pytest.mark.parametrize(
    ("user", "flags"),
    [
        (BOB, {"is_restricted": False, "is_ultra_restricted": False, "team_id": "T0EXAMPLE1"}),
        (GUEST, {"is_restricted": True, "is_ultra_restricted": False}),
        (SINGLE_CHANNEL_GUEST, {"is_restricted": True, "is_ultra_restricted": True}),
        (STRANGER, {"is_stranger": True, "team_id": "T0PARTNER1"}),
    ],
)
def test_users_info_tells_members_guests_and_strangers_apart(
    client: WebClient, user: Any, flags: dict[str, Any]
) -> None:
    document = client.users_info(user=user.id)["user"]
    assert {name: document.get(name) for name in flags} == flags


def test_users_info_knows_nobody_else(client: WebClient) -> None:
    assert error_of(client.users_info, user="U0NOBODY") == "user_not_found"


def test_conversations_info_tells_which_channels_are_shared(slack: EmbeddedSlack, client: WebClient) -> None:
    slack.workspace.add_channel(Channel("C0PENDING1", "soon", pending_shared=True))
    seen = {c: client.conversations_info(channel=c)["channel"] for c in (OPS.id, SHARED.id, "C0PENDING1", PLATFORM.id)}
    assert {c: (d["is_ext_shared"], d["is_pending_ext_shared"], d["is_private"]) for c, d in seen.items()} == {
        OPS.id: (False, False, False),
        SHARED.id: (True, False, False),
        "C0PENDING1": (False, True, False),
        PLATFORM.id: (False, False, True),
    }


def test_conversations_info_hides_what_the_bot_is_not_in(client: WebClient) -> None:
    assert error_of(client.conversations_info, channel=DIRECT.id) == "channel_not_found"
    assert client.conversations_info(channel=RANDOM.id)["channel"]["is_member"] is False


@pytest.mark.parametrize(
    ("channel", "error"),
    [
        (RANDOM.id, "not_in_channel"),
        (DIRECT.id, "channel_not_found"),
        ("C0NOWHERE1", "channel_not_found"),
        ("C0CLOSED01", "is_archived"),
    ],
)
def test_a_message_needs_the_bot_in_an_open_channel(
    slack: EmbeddedSlack, client: WebClient, channel: str, error: str
) -> None:
    slack.workspace.add_channel(Channel("C0CLOSED01", "closed", archived=True))
    assert error_of(client.chat_postMessage, channel=channel, text="a", **QUIET) == error


def test_a_message_is_kept_as_it_was_sent(slack: EmbeddedSlack, client: WebClient) -> None:
    blocks = [{"type": "section", "text": {"type": "mrkdwn", "text": "b"}}]
    client.chat_postMessage(channel=OPS.id, text="a", blocks=blocks, **QUIET)
    (message,) = slack.messages(OPS)
    assert (message.text, message.blocks, message.ephemeral_to) == ("a", blocks, None)
    assert slack.violations == []


def test_an_ephemeral_message_is_seen_by_one_user(slack: EmbeddedSlack, client: WebClient) -> None:
    client.chat_postEphemeral(channel=OPS.id, user=BOB.id, text="a")
    assert [m.text for m in slack.messages(OPS, BOB)] == ["a"]
    assert slack.messages(OPS, GUEST) == []
    assert error_of(client.chat_postEphemeral, channel=OPS.id, user="U0NOBODY", text="a") == "user_not_in_channel"


def test_a_refused_message_names_the_problem_and_is_not_shown(slack: EmbeddedSlack, client: WebClient) -> None:
    with pytest.raises(SlackApiError) as caught:
        client.chat_postMessage(channel=OPS.id, text="a", blocks=[{"type": "nonsense"}], **QUIET)
    assert caught.value.response["response_metadata"]["messages"] == [
        "[ERROR] unsupported type: nonsense is no block of a message [json-pointer:/blocks/0/type]"
    ]
    assert slack.messages() == []
    assert [call.error for call in slack.refusals] == ["invalid_blocks"]


@pytest.mark.filterwarnings("ignore:The top-level `text` argument is missing")
def test_an_empty_message_is_refused(client: WebClient) -> None:
    assert error_of(client.chat_postMessage, channel=OPS.id, text="", **QUIET) == "no_text"
    assert error_of(client.chat_postMessage, channel=OPS.id, text="x" * 40_001, **QUIET) == "msg_too_long"


def test_what_slack_lets_pass_and_the_bot_must_not_do_is_a_violation(slack: EmbeddedSlack, client: WebClient) -> None:
    client.chat_postMessage(channel=OPS.id, text="<!channel>")
    assert {violation.code for violation in slack.violations} == {"unescaped", "may-unfurl"}


@pytest.mark.parametrize("trigger", ["", "1.2.3"])
def test_a_modal_needs_a_trigger(client: WebClient, trigger: str) -> None:
    assert error_of(client.views_open, trigger_id=trigger, view=MODAL) == "invalid_trigger_id"


def test_form_bodies_are_read_as_well(slack: EmbeddedSlack, client: WebClient) -> None:
    client.api_call("chat.postMessage", data={"channel": OPS.id, "text": "a", "blocks": '[{"type": "divider"}]'})
    assert slack.messages(OPS)[0].blocks == [{"type": "divider"}]


def test_a_reset_forgets_everything_but_the_tokens(slack: EmbeddedSlack, client: WebClient) -> None:
    client.chat_postMessage(channel=OPS.id, text="a")
    slack.workspace.users.clear()
    slack.fail("*", "error-500")
    slack.reset()
    assert (slack.messages(), slack.calls, slack.violations) == ([], [], [])
    assert client.users_info(user=BOB.id)["ok"]
