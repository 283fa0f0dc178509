"""The limits of Block Kit, as ``bot.sandbox.slack.blocks`` holds them."""

from __future__ import annotations

from typing import Any

import pytest

from bot.sandbox.slack.blocks import message_size, refuse_message, refuse_view


def text(kind: str, length: int) -> dict[str, Any]:
    return {"type": kind, "text": "x" * length}


def section(length: int = 10) -> dict[str, Any]:
    return {"type": "section", "text": text("mrkdwn", length)}


def button(action_id: str = "go", **fields: Any) -> dict[str, Any]:
    return {"type": "button", "action_id": action_id, "text": text("plain_text", 5), **fields}


def actions(*elements: dict[str, Any]) -> dict[str, Any]:
    return {"type": "actions", "elements": list(elements)}


def rich(*elements: dict[str, Any], part: str = "rich_text_section") -> dict[str, Any]:
    return {"type": "rich_text", "elements": [{"type": part, "elements": list(elements)}]}


def cell(length: int) -> dict[str, Any]:
    return text("raw_text", length)


def table(rows: int, columns: int, length: int = 1) -> dict[str, Any]:
    return {"type": "table", "rows": [[cell(length)] * columns] * rows}


def select(options: int, length: int = 5) -> dict[str, Any]:
    option = {"text": text("plain_text", length), "value": "v"}
    return {"type": "static_select", "action_id": "s", "options": [option] * options}


@pytest.mark.parametrize(
    "blocks",
    [
        [section(3000)],
        [section(10)] * 50,
        [{"type": "header", "text": text("plain_text", 150)}],
        [{"type": "section", "fields": [text("mrkdwn", 1000)] * 10}],
        [{"type": "divider"}],
        [{"type": "context", "elements": [text("mrkdwn", 5)] * 10}],
        [actions(*(button(f"b{n}", value="v" * 2000) for n in range(5)))],
        [actions(select(100))],
        [{**section(), "accessory": button(style="danger")}],
        [table(100, 5)],
        [table(2, 20), section()],
        [rich({"type": "text", "text": "a", "style": {"code": True}}, {"type": "link", "url": "https://a.example"})],
        [rich({"type": "text", "text": "a"}, part="rich_text_preformatted")],
        [{"type": "markdown", "text": "x" * 12_000}],
        [actions(button("same")), actions(button("same"))],
    ],
)
def test_a_message_within_the_limits_is_taken(blocks: list[dict[str, Any]]) -> None:
    assert refuse_message(blocks) is None


@pytest.mark.parametrize(
    ("blocks", "error", "said"),
    [
        ([section(3001)], "invalid_blocks", "must be less than 3001 characters [json-pointer:/blocks/0/text/text]"),
        ([section(0)], "invalid_blocks", "must be more than 0 characters"),
        ([section(10)] * 51, "invalid_blocks", "no more than 50 items allowed"),
        ([{"type": "section"}], "invalid_blocks", "missing required field: text"),
        ([{"type": "header", "text": text("plain_text", 151)}], "invalid_blocks", "less than 151"),
        ([{"type": "header", "text": text("mrkdwn", 5)}], "invalid_blocks", "mrkdwn is no plain_text"),
        ([{"type": "section", "fields": [text("mrkdwn", 5)] * 11}], "invalid_blocks", "no more than 10"),
        ([{"type": "section", "fields": [text("mrkdwn", 2001)]}], "invalid_blocks", "less than 2001"),
        ([{"type": "context", "elements": [text("mrkdwn", 5)] * 11}], "invalid_blocks", "no more than 10"),
        ([actions(*(button(f"b{n}") for n in range(26)))], "invalid_blocks", "no more than 25"),
        ([actions(button(), button())], "invalid_blocks", "`action_id` go already exists"),
        ([{**section(), "block_id": "b"}] * 2, "invalid_blocks", "`block_id` b already exists"),
        ([actions(button(value="v" * 2001))], "invalid_blocks", "less than 2001"),
        ([actions(button(value=""))], "invalid_blocks", "more than 0"),
        ([actions(button("a" * 256))], "invalid_blocks", "less than 256"),
        ([actions(button(style="default"))], "invalid_blocks", "valid enum value"),
        ([actions({**button(), "text": text("plain_text", 76)})], "invalid_blocks", "less than 76"),
        ([actions(select(101))], "invalid_blocks", "no more than 100"),
        ([actions(select(1, 76))], "invalid_blocks", "less than 76"),
        ([table(101, 1)], "invalid_blocks", "no more than 100"),
        ([table(1, 21)], "invalid_blocks", "no more than 20"),
        ([table(1, 1, 0)], "invalid_blocks", "more than 0 characters [json-pointer:/blocks/0/rows/0/0/text]"),
        ([table(11, 1, 1000)], "invalid_blocks", "table exceeds 10000 characters"),
        ([table(1, 1), table(1, 1)], "invalid_attachments", "only_one_table_allowed"),
        ([rich()], "invalid_blocks", "no less than 1 items"),
        ([rich({"type": "text", "text": ""})], "invalid_blocks", "more than 0"),
        ([{"type": "markdown", "text": "x" * 12_001}], "invalid_blocks", "less than 12001"),
        ([{"type": "markdown", "text": "x" * 7000}] * 2, "msg_blocks_too_long", ""),
        ([section(2900)] * 5, "msg_blocks_too_long", ""),
        ([{"type": "sektion"}], "invalid_blocks", "unsupported type: sektion"),
        ([{"type": "input", "label": text("plain_text", 3)}], "invalid_blocks", "is no block of a message"),
        ([{**section(), "colour": "red"}], "invalid_blocks", "invalid additional property: colour"),
        (["hello"], "invalid_blocks", "unsupported type"),
        ({"type": "section"}, "invalid_blocks", "must be an array"),
    ],
)
def test_a_message_beyond_a_limit_is_refused_with_its_place(blocks: Any, error: str, said: str) -> None:
    refusal = refuse_message(blocks)
    assert refusal is not None
    assert refusal.error == error
    assert said in " ".join(refusal.problems)


def test_many_small_objects_use_up_a_message_before_their_text_does() -> None:
    elements = [{"type": "text", "text": "x" * 20}] * 400
    blocks = [rich(*elements)]
    assert message_size(blocks) > 13_200 > 400 * 20
    refusal = refuse_message(blocks)
    assert refusal is not None
    assert refusal.error == "msg_blocks_too_long"


def modal(**fields: Any) -> dict[str, Any]:
    return {"type": "modal", "title": text("plain_text", 24), "blocks": [section()], **fields}


@pytest.mark.parametrize(
    "view",
    [
        modal(),
        modal(blocks=[section()] * 100, private_metadata="m" * 3000, callback_id="c", close=text("plain_text", 24)),
        modal(blocks=[actions(button())]),
    ],
)
def test_a_modal_within_the_limits_is_taken(view: dict[str, Any]) -> None:
    assert refuse_view(view) is None


@pytest.mark.parametrize(
    ("view", "said"),
    [
        (modal(title=text("plain_text", 25)), "less than 25 characters [json-pointer:/view/title/text]"),
        (modal(blocks=[section()] * 101), "no more than 100"),
        (modal(blocks=[]), "no less than 1"),
        (modal(private_metadata="m" * 3001), "less than 3001"),
        (modal(blocks=[table(1, 1)]), "table is no block of a modal"),
        (modal(type="home"), "home is no view"),
        ({}, "unsupported type"),
        (None, "unsupported type"),
    ],
)
def test_a_modal_beyond_a_limit_is_refused_with_its_place(view: Any, said: str) -> None:
    refusal = refuse_view(view)
    assert refusal is not None
    assert refusal.error == "invalid_arguments"
    assert said in " ".join(refusal.problems)
