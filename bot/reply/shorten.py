"""Shorter versions of a reply, for where it does not fit."""

from __future__ import annotations

import math
from bisect import bisect_left
from collections.abc import Callable
from dataclasses import replace
from functools import partial

from bot.reply.lines import say
from bot.reply.nouns import Bullets, Code, Heading, Line, Note, Paragraph, Part, Reply, Table, line, text_of
from bot.reply.wording import phrases

#: Step by step: the longest span, the most items of a list or rows of a table, the longest text to copy (of which half
#: is of no use), and the share of the reply's parts that is kept before the next step is taken.
_STEPS = ((2_000, 1_000, 6_000, 1.0), (600, 60, 6_000, 0.3), (150, 15, 5_000, 0.3), (60, 6, 2_000, 0.0))


def longest(reply: Reply, fits: Callable[[Reply], bool]) -> Reply | None:
    """Return the most of a reply that fits: its longest spans cut, then without its last parts, then both ever more so.

    None where not even the headline, cut, does.
    """
    for span, items, code, share in _STEPS:
        shorter = _cut(reply, span, items, code)
        if fits(shorter):
            return shorter
        counts = range(math.ceil(len(reply.parts) * share), len(reply.parts))
        fitting = bisect_left(counts, True, key=partial(_too_long, shorter, fits))
        if fitting:
            return _first_parts(shorter, counts[fitting - 1])
    return None


def _too_long(reply: Reply, fits: Callable[[Reply], bool], count: int) -> bool:
    return not fits(_first_parts(reply, count))


def _first_parts(reply: Reply, count: int) -> Reply:
    return replace(reply, parts=(*reply.parts[:count], Paragraph(line(phrases.CUT))))


def _cut(reply: Reply, span: int, items: int, code: int) -> Reply:
    return replace(
        reply,
        headline=_line(reply.headline, span),
        parts=tuple(_part(part, span, items, code) for part in reply.parts),
    )


def _part(part: Part, span: int, items: int, code: int) -> Part:
    match part:
        case Heading(text):
            return Heading(_text(text, span))
        case Paragraph(said):
            return Paragraph(_line(said, span))
        case Note(said):
            return Note(_line(said, span))
        case Code(text):
            return Code(_text(text, code))
        case Bullets(every):
            kept = tuple(_line(item, span) for item in every[:items])
            return Bullets((*kept, *((_more(len(every) - items),) if len(every) > items else ())))
        case Table(header, rows, more):
            kept_rows = tuple(tuple(_line(cell, span) for cell in row) for row in rows[:items])
            return Table(header, kept_rows, text_of(_more(len(rows) - items)) if len(rows) > items else more)


def _line(said: Line, span: int) -> Line:
    return tuple(replace(part, text=_text(part.text, span)) for part in said)


def _text(text: str, most: int) -> str:
    return text if len(text) <= most else text[: most - 1] + "…"


def _more(count: int) -> Line:
    return say(phrases.MORE_LEFT_OUT, count=str(count)) if count > 0 else line("")
