"""Replies as plain text: for a terminal, and for Slack where blocks are not shown or not accepted."""

from __future__ import annotations

import re
import textwrap
import unicodedata
from collections.abc import Iterator

from bot.reply.nouns import Bullets, Code, Heading, Line, Note, Paragraph, Part, Reply, Span, Table

WIDTH = 100
#: Slack cuts a message's text at 40,000 characters; nobody reads that much of a fallback.
LONGEST_FALLBACK = 12_000
_USER = re.compile(r"[UW][A-Z0-9]{1,30}")
_GAP = "  "


def plain(reply: Reply, width: int = WIDTH) -> str:
    """Return a reply for a terminal, wrapped at ``width`` columns; what is meant to be copied is not wrapped."""
    lines = [*_wrapped(_words(reply.headline), width)]
    for part in reply.parts:
        lines += ["", *_terminal(part, width)]
    return "\n".join(lines)


def fallback(reply: Reply) -> str:
    """Return a reply for Slack's ``text``: every line whole, ``&``, ``<`` and ``>`` escaped."""
    lines = [_escaped(reply.headline)]
    for part in reply.parts:
        lines += _slack(part)
    text = "\n".join(lines)
    return text if len(text) <= LONGEST_FALLBACK else text[:LONGEST_FALLBACK].rpartition("\n")[0] + "\n…"


def visible(text: str) -> str:
    """Replace what does not print: control characters, marks that turn the direction of text, halves of characters."""
    return "".join(char if char.isprintable() else " " if char in "\n\t\r" else "\ufffd" for char in text)


def lines_of(text: str) -> str:
    """Return text to copy, with its line breaks, and nothing else that does not print."""
    return "\n".join(visible(part) for part in text.split("\n"))


# --- for a terminal --------------------------------------------------------------------------------------------------


def _terminal(part: Part, width: int) -> Iterator[str]:
    match part:
        case Heading(text):
            yield f"== {visible(text)} =="
        case Paragraph(line) | Note(line):
            yield from _wrapped(_words(line), width)
        case Bullets(items):
            for item in items:
                yield from _wrapped(_words(item), width, "- ", "  ")
        case Code(text):
            yield from (f"    {line}".rstrip() for line in lines_of(text).split("\n"))
        case Table():
            yield from _table(part, width)


def _words(line: Line) -> str:
    return "".join(_word(span) for span in line)


def _word(span: Span) -> str:
    text = visible(span.text)
    return f"{text}: {visible(span.url)}" if span.url else text


def _wrapped(text: str, width: int, first: str = "", rest: str = "") -> list[str]:
    wrapper = textwrap.TextWrapper(
        width, initial_indent=first, subsequent_indent=rest, break_long_words=False, break_on_hyphens=False
    )
    return wrapper.wrap(text) or [first.rstrip()]


def _table(table: Table, width: int) -> Iterator[str]:
    rows = [[visible(cell) for cell in table.header], *([_words(cell) for cell in row] for row in table.rows)]
    widths = _widths(rows, width)
    for number, row in enumerate(rows):
        yield from _row(row, widths)
        if number == 0:
            yield _GAP.join("-" * columns for columns in widths)
    if table.more:
        yield visible(table.more)


def _row(row: list[str], widths: list[int]) -> Iterator[str]:
    cells = [_broken(cell, columns) for cell, columns in zip(row, widths, strict=True)]
    for height in range(max(map(len, cells))):
        parts = [cell[height] if height < len(cell) else "" for cell in cells]
        yield _GAP.join(_padded(text, columns) for text, columns in zip(parts, widths, strict=True)).rstrip()


def _widths(rows: list[list[str]], width: int) -> list[int]:
    """Give each column what it wants, and squeeze the widest ones where that is too much together."""
    widths = [max(map(_columns, column)) for column in zip(*rows, strict=True)]
    room = width - len(_GAP) * (len(widths) - 1)
    while sum(widths) > room and max(widths) > 12:
        widest = widths.index(max(widths))
        widths[widest] -= 1
    return widths


def _broken(text: str, columns: int) -> list[str]:
    return textwrap.wrap(text, columns, break_on_hyphens=False) or [""]


def _columns(text: str) -> int:
    """Return how many columns of a terminal a text takes: emoji and wide letters take two, combining marks none."""
    return sum(
        0 if unicodedata.combining(char) else 2 if unicodedata.east_asian_width(char) in "WF" else 1 for char in text
    )


def _padded(text: str, columns: int) -> str:
    return text + " " * (columns - _columns(text))


# --- for Slack -------------------------------------------------------------------------------------------------------


def _slack(part: Part) -> Iterator[str]:
    match part:
        case Heading(text):
            yield f"\n{_escape(visible(text))}"
        case Paragraph(line) | Note(line):
            yield _escaped(line)
        case Bullets(items):
            yield from (f"• {_escaped(item)}" for item in items)
        case Code(text):
            yield _escape(lines_of(text))
        case Table(rows=rows, more=more):
            yield from (f"• {' · '.join(_escaped(cell) for cell in row)}" for row in rows)
            if more:
                yield _escape(visible(more))


def _escaped(line: Line) -> str:
    return "".join(map(_escaped_span, line))


def _escaped_span(span: Span) -> str:
    if span.user and _USER.fullmatch(span.user):
        return f"<@{span.user}>"
    return _escape(_word(span))


def _escape(text: str) -> str:
    return text.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
