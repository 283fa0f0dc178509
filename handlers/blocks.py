"""Replies as Block Kit. Names and sentences go into ``rich_text`` and ``plain_text``, which interpret nothing.

Slack refuses a whole message for one limit exceeded, and slack_sdk checks only some of them. So everything is counted
here: characters, blocks, cells, and the size of the whole, and what does not fit is cut with a mark.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import Any, TypeAlias

from slack_sdk.models.blocks import ActionsBlock, ButtonElement, HeaderBlock
from slack_sdk.models.views import View

from bot.reply.nouns import Bullets, Button, Code, Heading, Line, Note, Paragraph, Part, Reply, Span, Style, Table
from bot.reply.shorten import longest
from bot.reply.text import lines_of, visible
from bot.reply.wording import phrases

Block: TypeAlias = dict[str, Any]

MESSAGE_BLOCKS = 50
MODAL_BLOCKS = View.blocks_max_length
#: Slack publishes no limit for all blocks of a message together: 13,200 characters have been refused, and many small
#: elements are refused earlier. Each JSON object is counted as 20 characters besides.
MESSAGE_SIZE = 12_000
#: A view may be larger; this many characters are more than anybody scrolls through.
MODAL_SIZE = 60_000
OBJECT_SIZE = 20
TABLE_CHARACTERS = 9_000
#: Slack refuses empty text.
_EMPTY = "-"
_TITLE = View.title_max_length
_HEADING = HeaderBlock.text_max_length
_LABEL = ButtonElement.text_max_length
_NOTE = 2_000
_BUTTONS = ActionsBlock.elements_max_length
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_URL = re.compile(r"https://[\x21-\x7e]{1,2900}")


def message(reply: Reply) -> list[Block]:
    """Return the blocks of a message."""
    return _fitting(reply, lambda r: [*_blocks(r, tables=True), *_actions(r.buttons)], MESSAGE_BLOCKS, MESSAGE_SIZE)


def modal(reply: Reply) -> Block:
    """Return a modal view. It has no buttons, since a modal's presses bring no ``response_url``."""
    return {
        "type": "modal",
        "title": _plain_text(reply.title, _TITLE),
        "close": _plain_text(phrases.CLOSE, _TITLE),
        "blocks": _fitting(reply, lambda r: list(_blocks(r, tables=False)), MODAL_BLOCKS, MODAL_SIZE),
    }


def size(node: object) -> int:
    """Return what blocks count for: the characters that people see, and something for each object around them."""
    if isinstance(node, list):
        return sum(map(size, node))
    if not isinstance(node, dict):
        return 0
    seen = sum(len(node[key]) for key in ("text", "url") if isinstance(node.get(key), str))
    return OBJECT_SIZE + seen + sum(size(value) for value in node.values())


def _fitting(reply: Reply, build: Callable[[Reply], list[Block]], most: int, largest: int) -> list[Block]:
    def fits(shorter: Reply) -> bool:
        blocks = build(shorter)
        return len(blocks) <= most and size(blocks) <= largest

    return build(longest(reply, fits) or Reply(reply.headline[:1]))


# --- parts to blocks -------------------------------------------------------------------------------------------------


def _blocks(reply: Reply, *, tables: bool) -> Iterator[Block]:
    """Yield one block for what belongs together; a message has one table at most."""
    run: list[Block] = [_section(_emphasised(reply.headline))]
    for number, part in enumerate(reply.parts):
        if isinstance(part, Table) and (not tables or not _fits(part)):
            run += _as_list(part)
        elif element := _in_rich_text(part):
            if _opens(part, run, first=number == 0):
                yield _rich_text(run)
                run = []
            run.append(element)
        else:
            if run:
                yield _rich_text(run)
                run = []
            yield from _apart(part)
            tables = tables and not isinstance(part, Table)
    if run:
        yield _rich_text(run)


def _opens(part: Part, run: list[Block], *, first: bool) -> bool:
    """Whether a part begins a block of its own, which Slack sets apart; what follows code belongs to it."""
    follows_text = bool(run) and run[-1]["type"] != "rich_text_preformatted"
    return isinstance(part, Paragraph) and follows_text and not first


def _in_rich_text(part: Part) -> Block | None:
    match part:
        case Paragraph(line):
            return _section(line)
        case Bullets(items) if items:
            return _list(items)
        case Code(text):
            return {"type": "rich_text_preformatted", "elements": [_text(lines_of(text))]}
    return None


def _apart(part: Part) -> Iterator[Block]:
    match part:
        case Heading(text):
            yield {"type": "header", "text": _plain_text(text, _HEADING)}
        case Note(line):
            yield {"type": "context", "elements": [_plain_text("".join(span.text for span in line), _NOTE)]}
        case Table(header, rows, more):
            yield {
                "type": "table",
                "column_settings": [{"is_wrapped": True} for _ in header],
                "rows": [[_raw_cell(cell) for cell in header], *([_cell(cell) for cell in row] for row in rows)],
            }
            if more:
                yield {"type": "context", "elements": [_plain_text(more, _NOTE)]}


def _as_list(table: Table) -> list[Block]:
    rows = [tuple(_separated(row)) for row in table.rows]
    listed = [_list(rows)] if rows else []
    return [*listed, *([_section((Span(table.more),))] if table.more else [])]


def _separated(row: Iterable[Line]) -> Iterator[Span]:
    for number, cell in enumerate(row):
        yield from (*((Span(" · "),) if number else ()), *cell)


def _fits(table: Table) -> bool:
    characters = sum(len(span.text) for row in table.rows for cell in row for span in cell)
    return bool(table.rows) and characters <= TABLE_CHARACTERS


def _actions(buttons: tuple[Button, ...]) -> Iterator[Block]:
    if buttons:
        yield {"type": "actions", "elements": [_button(button) for button in buttons[:_BUTTONS]]}


def _button(button: Button) -> Block:
    number = "" if button.number is None else f"-{button.number}"
    return {
        "type": "button",
        "action_id": f"{button.press}{number}",
        "text": _plain_text(button.label, _LABEL),
        "value": button.value,
    }


# --- elements --------------------------------------------------------------------------------------------------------


def _rich_text(elements: list[Block]) -> Block:
    return {"type": "rich_text", "elements": elements}


def _section(line: Line) -> Block:
    return {"type": "rich_text_section", "elements": [_element(span) for span in line if span.text] or [_text(_EMPTY)]}


def _list(items: Iterable[Line]) -> Block:
    return {"type": "rich_text_list", "style": "bullet", "elements": [_section(item) for item in items]}


def _element(span: Span) -> Block:
    style = {} if span.style is Style.PLAIN else {"style": {span.style.value: True}}
    if span.user and _USER.fullmatch(span.user):
        return {"type": "user", "user_id": span.user}
    if span.url and _URL.fullmatch(span.url):
        return {"type": "link", "url": span.url, "text": visible(span.text)}
    return {**_text(visible(span.text)), **style}


def _text(text: str) -> Block:
    return {"type": "text", "text": text or _EMPTY}


def _emphasised(line: Line) -> Line:
    return tuple(replace(span, style=Style.BOLD) if span.style is Style.PLAIN else span for span in line)


def _cell(line: Line) -> Block:
    return _rich_text([_section(line)])


def _raw_cell(text: str) -> Block:
    return {"type": "raw_text", "text": visible(text) or _EMPTY}


def _plain_text(text: str, most: int) -> Block:
    shown = visible(text) or _EMPTY
    return {"type": "plain_text", "text": shown if len(shown) <= most else shown[: most - 1] + "…", "emoji": False}
