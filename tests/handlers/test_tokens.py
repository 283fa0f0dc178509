"""What Slack says about the bot's tokens."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.doctor.diagnosis import TokenDiagnosis
from bot.sandbox.slack import EmbeddedSlack
from bot.settings import Settings
from handlers.tokens import examine_tokens


def settings(slack: EmbeddedSlack) -> Settings:
    credentials = slack.workspace.credentials
    return Settings(credentials.bot_token, credentials.app_token, slack_api_base_url=slack.api_url)


def test_accepted_tokens_are_named_with_the_workspace(slack: EmbeddedSlack) -> None:
    assert list(examine_tokens(settings(slack))) == [
        TokenDiagnosis("SLACK_BOT_TOKEN", team="Example Corp"),
        TokenDiagnosis("SLACK_APP_TOKEN"),
    ]


def test_scopes_that_the_token_lacks_are_named(slack: EmbeddedSlack) -> None:
    slack.workspace.scopes = frozenset({"commands", "chat:write", "channels:read"})
    (bot, _) = examine_tokens(settings(slack))
    assert bot.missing_scopes == ("users:read", "groups:read")


def test_a_refused_token_carries_slacks_code(slack: EmbeddedSlack) -> None:
    (bot,) = examine_tokens(replace(settings(slack), bot_token="xoxb-wrong", app_token=""))
    assert bot == TokenDiagnosis("SLACK_BOT_TOKEN", problem="invalid_auth")


@pytest.mark.parametrize("how", ["ratelimited", "error-500", "garbage"])
def test_a_slack_in_trouble_is_a_problem_and_no_traceback(slack: EmbeddedSlack, how: str) -> None:
    slack.fail("*", how)
    assert all(token.problem for token in examine_tokens(settings(slack)))


def test_a_slack_out_of_reach_is_a_problem_and_no_traceback() -> None:
    (bot,) = examine_tokens(Settings("xoxb-1", slack_api_base_url="http://127.0.0.1:9/api/"))
    assert bot.problem == "URLError"


def test_no_token_asks_nothing() -> None:
    assert list(examine_tokens(Settings())) == []
