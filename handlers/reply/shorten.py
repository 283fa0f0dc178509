"""Ever shorter versions of a reply, for where it does not fit."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from handlers.reply.lines import say
from handlers.reply.nouns import Bullets, Code, Heading, Line, Note, Paragraph, Part, Reply, Table, line, text_of
from handlers.reply.wording import phrases

#: Longest span, and most items of a list or rows of a table, step by step.
_STEPS = ((2_000, 1_000), (600, 200), (300, 60), (150, 30), (100, 15), (60, 8), (40, 4))
#: Text to copy is of no use in parts, so it is cut last.
_CODE = (6_000, 6_000, 6_000, 6_000, 5_000, 3_000, 1_500)


def shortened(reply: Reply) -> Iterator[Reply]:
    """Yield the reply with its longest spans cut, then with ever shorter spans and lists, then with fewer parts."""
    for (span, items), code in zip(_STEPS, _CODE, strict=True):
        yield _cut(reply, span, items, code)
    shortest = _cut(reply, *_STEPS[-1], _CODE[-1])
    for count in range(len(reply.parts) - 1, -1, -1):
        left_out = Paragraph(_more(len(reply.parts) - count))
        yield replace(shortest, parts=(*shortest.parts[:count], left_out))


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
