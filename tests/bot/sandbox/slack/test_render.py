"""Messages as a terminal shows them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack import Message, View
from bot.sandbox.slack.render import render, words
from bot.sandbox.slack.spans import columns


def message(*blocks: dict[str, Any], text: str = "") -> Message:
    return Message("1.1", "C1", text, list(blocks), None, "response_url")


def mrkdwn(text: str) -> dict[str, Any]:
    return {"type": "section", "text": {"type": "mrkdwn", "text": text}}


def rich(part: str, *elements: dict[str, Any], **fields: Any) -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": part, "elements": list(elements), **fields}]}


def word(text: str, **style: bool) -> dict[str, Any]:
    return {"type": "text", "text": text} | ({"style": style} if style else {})


def raw(text: str) -> dict[str, Any]:
    return {"type": "raw_text", "text": text}


@pytest.mark.parametrize(
    ("block", "shown"),
    [
        ({"type": "header", "text": {"type": "plain_text", "text": "Keep *it*"}}, "Keep *it*"),
        (mrkdwn("*Keep* `role` &lt;a&gt; _now_"), "Keep role <a> now"),
        (mrkdwn("<https://a.example|guide>, <https://b.ex>"), "guide (https://a.example), https://b.ex"),
        (mrkdwn("role_name_x 2*3*4"), "role_name_x 2*3*4"),
        (mrkdwn(":warning: careful, at 10:30:00"), "⚠️ careful, at 10:30:00"),
        ({"type": "divider"}, "─" * 40),
        (
            {"type": "context", "elements": [{"type": "mrkdwn", "text": "a"}, {"type": "plain_text", "text": "b"}]},
            "a  b",
        ),
        (
            {
                "type": "actions",
                "elements": [
                    {"type": "button", "text": {"type": "plain_text", "text": "Share"}, "action_id": "s"},
                    {"type": "static_select", "placeholder": {"type": "plain_text", "text": "Pick"}, "action_id": "p"},
                ],
            },
            "[ Share ] [ Pick ▾ ]",
        ),
        (rich("rich_text_section", word("a "), word("<!channel>", code=True)), "a <!channel>"),
        (rich("rich_text_preformatted", word("fields @timestamp\n| limit 20")), "▏ fields @timestamp\n▏ | limit 20"),
        (rich("rich_text_quote", word("said")), "┃ said"),
        (
            rich(
                "rich_text_list",
                {"type": "rich_text_section", "elements": [word("first thing that is longer than a line of forty")]},
                {"type": "rich_text_section", "elements": [word("second")]},
                style="bullet",
            ),
            "• first thing that is longer than a line\n  of forty\n• second",
        ),
        (rich("rich_text_section", {"type": "link", "url": "https://a.example", "text": "A"}), "A (https://a.example)"),
        (rich("rich_text_section", {"type": "emoji", "name": "unheard_of"}), ":unheard_of:"),
    ],
)
def test_a_block_is_shown_as_slack_shows_it(block: dict[str, Any], shown: str) -> None:
    assert render(message(block), width=40) == shown


def test_a_table_has_borders_and_wraps_its_widest_column() -> None:
    rows = [[raw("Activity"), raw("Path")], [raw("plugin download, update validation"), raw("role")]]
    assert render(message({"type": "table", "rows": rows}), width=36).splitlines() == [
        "┌───────────────────────────┬──────┐",
        "│ Activity                  │ Path │",
        "├───────────────────────────┼──────┤",
        "│ plugin download, update   │ role │",
        "│ validation                │      │",
        "└───────────────────────────┴──────┘",
    ]


def test_no_line_is_wider_than_asked_for() -> None:
    rows = [[raw(f"{'wide ' * 9}{row}{column}") for column in range(4)] for row in range(3)]
    blocks = [{"type": "table", "rows": rows}, mrkdwn("x" * 200), mrkdwn("漢字 " * 50)]
    for line in render(message(*blocks), width=60).splitlines():
        assert columns(line) <= 60


def test_a_word_is_not_broken_where_only_its_style_changes() -> None:
    block = rich("rich_text_section", word("typically every "), word("49", bold=True), word("."))
    assert render(message(block), width=18) == "typically every\n49."


def test_a_message_without_blocks_shows_its_text() -> None:
    assert render(message(text="a &amp; b")) == "a & b"


def test_words_are_whole_whatever_the_layout() -> None:
    name = "a-name-that-is-much-longer-than-any-cell-of-a-table-would-ever-want-to-be"
    table = {"type": "table", "rows": [[raw(name)], [rich("rich_text_section", word(name), word("b"))]]}
    assert words(message(table, mrkdwn("&lt;c&gt;"))) == f"{name}\n{name}\nb\n<c>"


def test_a_modal_shows_its_title() -> None:
    body = {"title": {"type": "plain_text", "text": "Details"}, "blocks": [mrkdwn("a")]}
    view = View("V1", "h", body, "U1", None, "V1")
    assert render(view, width=20) == "┌─ Details ─────────\n│ a"


def test_what_a_terminal_would_obey_is_shown_as_a_box() -> None:
    assert render(message(mrkdwn("a\x1b[31mb\x07"))) == "a␦[31mb␦"


def test_styles_are_for_terminals_that_want_them() -> None:
    block = mrkdwn("*Keep* it")
    assert render(message(block), styled=True) == "\x1b[1mKeep\x1b[0m it"
