"""Text that does more than be read, as ``bot.sandbox.slack.escaping`` sees it."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.escaping import violations


def mrkdwn(text: str) -> dict[str, Any]:
    return {"blocks": [{"type": "section", "text": {"type": "mrkdwn", "text": text}}]}


def rich(element: dict[str, Any]) -> dict[str, Any]:
    return {"blocks": [{"type": "rich_text", "elements": [{"type": "rich_text_section", "elements": [element]}]}]}


@pytest.mark.parametrize(
    "message",
    [
        {"text": "a &lt;!channel&gt; b &amp; c"},
        mrkdwn("see <https://docs.aws.amazon.com/a?b=1|the guide>"),
        mrkdwn("since <!date^1795487245^{date_short}|24 Nov>"),
        mrkdwn("shared by <@U1>"),
        {"blocks": [{"type": "header", "text": {"type": "plain_text", "text": "<!channel> & more"}}]},
        rich({"type": "text", "text": "<!channel>"}),
        rich({"type": "user", "user_id": "U1"}),
    ],
)
def test_text_that_stays_text_is_no_violation(message: dict[str, Any]) -> None:
    assert list(violations(message, asker="U1")) == []


@pytest.mark.parametrize(
    ("message", "said"),
    [
        ({"text": "a <!channel>"}, "text: <!channel> pings"),
        (mrkdwn("<!here>"), "blocks/0/text: <!here> pings"),
        (mrkdwn("<!subteam^S1>"), "pings"),
        (mrkdwn("<@U2>"), "<@U2> pings"),
        (mrkdwn("<#C1>"), "pings"),
        (mrkdwn("List<String>"), "<String> is not escaped"),
        (mrkdwn("a < b"), "stands unescaped"),
        (mrkdwn("R&D"), "& stands unescaped"),
        (rich({"type": "broadcast", "range": "channel"}), "a broadcast element pings"),
        (rich({"type": "user", "user_id": "U2"}), "a user element pings"),
        ({"text": "@channel", "link_names": True}, "link_names"),
    ],
)
def test_text_that_pings_or_breaks_is_a_violation(message: dict[str, Any], said: str) -> None:
    assert said in " ".join(violations(message, asker="U1"))
