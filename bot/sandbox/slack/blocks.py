"""What Slack refuses in blocks: shapes, counts, lengths, duplicate ids, and the size of a whole message.

Only block types that have been seen working in messages or modals are admitted; anything else is refused, as Slack
refuses what a surface does not take. Sources: the Block Kit reference at docs.slack.dev, and, for the limits of a table
and of a whole message, slackapi/bolt-js#2509 and #2867.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.schema import (
    Check,
    Problem,
    boolean,
    choice,
    items,
    number,
    problem,
    record,
    string,
    typed,
)

MESSAGE_BLOCKS = 50
MODAL_BLOCKS = 100
TABLE_CHARACTERS = 10_000
MARKDOWN_CHARACTERS = 12_000
#: Text of a whole message, and what each JSON object in its blocks is taken to add. Slack publishes neither number:
#: 13,297 characters of one markdown block passed, 11,341 in many rich_text elements did not.
MESSAGE_CHARACTERS = 13_200
CHARACTERS_AN_OBJECT = 20

INVALID_BLOCKS = "invalid_blocks"
BLOCKS_TOO_LONG = "msg_blocks_too_long"
#: The code of a message with two tables.
ONE_TABLE = "invalid_attachments"


@dataclass(frozen=True, slots=True)
class Refusal:
    """Why Slack takes a message or view not: its error code, and one line for each problem."""

    error: str
    problems: tuple[Problem, ...] = ()


# --- composition objects ---------------------------------------------------------------------------------------------


def plain_text(maximum: int) -> Check:
    """Admit a ``plain_text`` object."""
    return typed({"plain_text": record({"text": string(maximum)}, {"emoji": boolean})}, "plain_text")


def any_text(maximum: int) -> Check:
    """Admit a ``plain_text`` or ``mrkdwn`` object."""
    return typed(
        {
            "plain_text": record({"text": string(maximum)}, {"emoji": boolean}),
            "mrkdwn": record({"text": string(maximum)}, {"verbatim": boolean}),
        },
        "text object",
    )


_OPTION = record({"text": any_text(75), "value": string(150)}, {"description": any_text(75), "url": string(3000)})
_CONFIRM = record(
    {"title": plain_text(100), "text": any_text(300), "confirm": plain_text(30), "deny": plain_text(30)},
    {"style": choice("primary", "danger")},
)
_IDENTIFIED: Mapping[str, Check] = {"action_id": string(255)}
_MENU: Mapping[str, Check] = {**_IDENTIFIED, "confirm": _CONFIRM, "focus_on_load": boolean}

_BUTTON = record(
    {"text": plain_text(75)},
    {
        **_IDENTIFIED,
        "value": string(2000),
        "url": string(3000),
        "style": choice("primary", "danger"),
        "confirm": _CONFIRM,
        "accessibility_label": string(75),
    },
)
_STATIC_SELECT = record(
    {"options": items(_OPTION, 100)}, {**_MENU, "placeholder": plain_text(150), "initial_option": _OPTION}
)
_EXTERNAL_SELECT = record(
    {},
    {**_MENU, "placeholder": plain_text(150), "initial_option": _OPTION, "min_query_length": number(0, 3000)},
)
_OVERFLOW = record({"options": items(_OPTION, 5)}, {**_IDENTIFIED, "confirm": _CONFIRM})
_IMAGE_ELEMENT = record({"image_url": string(3000), "alt_text": string(2000)})
_PLAIN_TEXT_INPUT = record(
    {},
    {
        **_IDENTIFIED,
        "placeholder": plain_text(150),
        "initial_value": string(3000, 0),
        "multiline": boolean,
        "min_length": number(0, 3000),
        "max_length": number(1, 3000),
        "focus_on_load": boolean,
    },
)

_INTERACTIVE: Mapping[str, Check] = {
    "button": _BUTTON,
    "static_select": _STATIC_SELECT,
    "external_select": _EXTERNAL_SELECT,
    "overflow": _OVERFLOW,
}

# --- rich text -------------------------------------------------------------------------------------------------------

_STYLE = record({}, {"bold": boolean, "italic": boolean, "strike": boolean, "code": boolean, "underline": boolean})
_RICH_ELEMENT = typed(
    {
        "text": record({"text": string(100_000)}, {"style": _STYLE}),
        "link": record({"url": string(3000)}, {"text": string(3000), "unsafe": boolean, "style": _STYLE}),
        "emoji": record({"name": string(255)}, {"unicode": string(255), "skin_tone": number(1, 6), "style": _STYLE}),
        "user": record({"user_id": string(255)}, {"style": _STYLE}),
        "channel": record({"channel_id": string(255)}, {"style": _STYLE}),
        "usergroup": record({"usergroup_id": string(255)}, {"style": _STYLE}),
        "broadcast": record({"range": choice("here", "channel", "everyone")}, {"style": _STYLE}),
        "date": record(
            {"timestamp": number(0, 2**40), "format": string(255)},
            {"url": string(3000), "fallback": string(255), "style": _STYLE},
        ),
    },
    "rich text element",
)
_RICH_ELEMENTS = items(_RICH_ELEMENT, 1000)
_RICH_SECTION = record({"elements": _RICH_ELEMENTS})
_RICH_PART = typed(
    {
        "rich_text_section": _RICH_SECTION,
        "rich_text_list": record(
            {
                "style": choice("bullet", "ordered"),
                "elements": items(typed({"rich_text_section": _RICH_SECTION}, "rich_text_section"), 1000),
            },
            {"indent": number(0, 8), "offset": number(0, 10_000), "border": number(0, 1)},
        ),
        "rich_text_preformatted": record(
            {"elements": _RICH_ELEMENTS}, {"border": number(0, 1), "language": string(255)}
        ),
        "rich_text_quote": record({"elements": _RICH_ELEMENTS}, {"border": number(0, 1)}),
    },
    "part of rich text",
)
_RICH_TEXT = record({"elements": items(_RICH_PART, 1000)}, {"block_id": string(255)})

# --- blocks ----------------------------------------------------------------------------------------------------------

_BLOCK_ID: Mapping[str, Check] = {"block_id": string(255)}
_CELL = typed({"raw_text": record({"text": string(TABLE_CHARACTERS)}), "rich_text": _RICH_TEXT}, "table cell")
_COLUMN = record({}, {"align": choice("left", "center", "right"), "is_wrapped": boolean})


def _section(value: Any, pointer: str) -> Iterator[Problem]:
    yield from record(
        {},
        {
            **_BLOCK_ID,
            "text": any_text(3000),
            "fields": items(any_text(2000), 10),
            "accessory": typed({**_INTERACTIVE, "image": _IMAGE_ELEMENT}, "accessory"),
            "expand": boolean,
        },
    )(value, pointer)
    if not value.get("text") and not value.get("fields"):
        yield problem("missing required field: text", pointer)


_EVERYWHERE: Mapping[str, Check] = {
    "section": _section,
    "header": record({"text": plain_text(150)}, _BLOCK_ID),
    "divider": record({}, _BLOCK_ID),
    "context": record(
        {
            "elements": items(
                typed(
                    {
                        "image": _IMAGE_ELEMENT,
                        "plain_text": record({"text": string(3000)}, {"emoji": boolean}),
                        "mrkdwn": record({"text": string(3000)}, {"verbatim": boolean}),
                    },
                    "context element",
                ),
                10,
            )
        },
        _BLOCK_ID,
    ),
    "actions": record({"elements": items(typed(_INTERACTIVE, "interactive element"), 25)}, _BLOCK_ID),
    "image": record({"image_url": string(3000), "alt_text": string(2000)}, {**_BLOCK_ID, "title": plain_text(2000)}),
    "rich_text": _RICH_TEXT,
}
_MESSAGE_BLOCK = typed(
    {
        **_EVERYWHERE,
        "table": record(
            {"rows": items(items(_CELL, 20), 100)}, {**_BLOCK_ID, "column_settings": items(_COLUMN, 20, 0)}
        ),
        "markdown": record({"text": string(MARKDOWN_CHARACTERS)}, _BLOCK_ID),
    },
    "block of a message",
)
_MODAL_BLOCK = typed(
    {
        **_EVERYWHERE,
        "input": record(
            {
                "label": plain_text(2000),
                "element": typed(
                    {
                        "plain_text_input": _PLAIN_TEXT_INPUT,
                        "static_select": _STATIC_SELECT,
                        "external_select": _EXTERNAL_SELECT,
                    },
                    "input element",
                ),
            },
            {**_BLOCK_ID, "hint": plain_text(2000), "optional": boolean, "dispatch_action": boolean},
        ),
    },
    "block of a modal",
)
_VIEW = record(
    {"title": plain_text(24), "blocks": items(_MODAL_BLOCK, MODAL_BLOCKS)},
    {
        "close": plain_text(24),
        "submit": plain_text(24),
        "private_metadata": string(3000, 0),
        "callback_id": string(255),
        "external_id": string(255),
        "clear_on_close": boolean,
        "notify_on_close": boolean,
        "submit_disabled": boolean,
    },
)


def refuse_message(blocks: Any) -> Refusal | None:
    """Say why Slack would refuse these blocks in a message; None means that it takes them."""
    problems = [
        *items(_MESSAGE_BLOCK, MESSAGE_BLOCKS, 0)(blocks, "/blocks"),
        *_duplicate_ids(blocks, "/blocks"),
    ]
    if problems:
        return Refusal(INVALID_BLOCKS, tuple(problems))
    tables = [block for block in blocks if block["type"] == "table"]
    if len(tables) > 1:
        return Refusal(ONE_TABLE, (problem("only_one_table_allowed", "/blocks"),))
    if any(text_length(table["rows"]) > TABLE_CHARACTERS for table in tables):
        return Refusal(INVALID_BLOCKS, (problem(f"table exceeds {TABLE_CHARACTERS} characters", "/blocks"),))
    if sum(len(block["text"]) for block in blocks if block["type"] == "markdown") > MARKDOWN_CHARACTERS:
        return Refusal(BLOCKS_TOO_LONG)
    if message_size(blocks) > MESSAGE_CHARACTERS:
        return Refusal(BLOCKS_TOO_LONG)
    return None


def refuse_view(view: Any) -> Refusal | None:
    """Say why Slack would refuse this modal; None means that it takes it."""
    problems = list(typed({"modal": _VIEW}, "view")(view, "/view"))
    if isinstance(view, dict):
        problems += _duplicate_ids(view.get("blocks"), "/view/blocks")
    return Refusal("invalid_arguments", tuple(problems)) if problems else None


def message_size(blocks: Any) -> int:
    """Characters these blocks count for against the limit of a whole message."""
    return text_length(blocks) + CHARACTERS_AN_OBJECT * _objects(blocks)


def text_length(node: Any) -> int:
    """Characters of everything a person would read in ``node``."""
    if isinstance(node, list):
        return sum(text_length(item) for item in node)
    if not isinstance(node, dict):
        return 0
    own = sum(len(node[key]) for key in ("text", "alt_text") if isinstance(node.get(key), str))
    return own + sum(text_length(value) for value in node.values() if isinstance(value, dict | list))


def _objects(node: Any) -> int:
    if isinstance(node, list):
        return sum(_objects(item) for item in node)
    if isinstance(node, dict):
        return 1 + sum(_objects(value) for value in node.values())
    return 0


def _duplicate_ids(blocks: Any, pointer: str) -> Iterator[Problem]:
    """Yield block ids used twice in a message, and action ids used twice in a block."""
    seen_blocks: set[str] = set()
    for index, block in enumerate(blocks if isinstance(blocks, list) else []):
        if not isinstance(block, dict):
            continue
        block_id = block.get("block_id")
        if isinstance(block_id, str):
            if block_id in seen_blocks:
                yield problem(f"`block_id` {block_id[:40]} already exists", f"{pointer}/{index}/block_id")
            seen_blocks.add(block_id)
        seen_actions: set[str] = set()
        for action_id in _action_ids(block):
            if action_id in seen_actions:
                yield problem(f"`action_id` {action_id[:40]} already exists", f"{pointer}/{index}")
            seen_actions.add(action_id)


def _action_ids(block: dict[str, Any]) -> Iterator[str]:
    elements = block.get("elements")
    for element in [*(elements if isinstance(elements, list) else []), block.get("accessory"), block.get("element")]:
        action_id = element.get("action_id") if isinstance(element, dict) else None
        if isinstance(action_id, str):
            yield action_id
