"""Styled text for a terminal: spans, how wide they are, and how they wrap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

BOLD, DIM, ITALIC, STRIKE, CODE, LINK = "1", "2", "3", "9", "36", "4"


@dataclass(frozen=True, slots=True)
class Span:
    """Some text and the terminal's styles for it (numbers of SGR sequences)."""

    text: str
    styles: tuple[str, ...] = ()


Line: TypeAlias = list[Span]


def columns(text: str) -> int:
    """Count the terminal columns of ``text``: wide characters take two, combining ones none."""
    return sum(_columns(character) for character in text)


def _columns(character: str) -> int:
    if unicodedata.combining(character) or unicodedata.category(character) in ("Cf", "Mn", "Me"):
        return 0
    return 2 if unicodedata.east_asian_width(character) in ("W", "F") else 1


def line_columns(line: Line) -> int:
    """Count the terminal columns of a line."""
    return sum(columns(span.text) for span in line)


def printable(text: str) -> str:
    """Replace control characters: what a terminal would obey is shown as a box."""
    return "".join(c if c in "\n\t" or unicodedata.category(c) != "Cc" else "␦" for c in text).expandtabs(4)


def wrap(spans: Iterable[Span], width: int) -> list[Line]:
    """Break spans into lines of at most ``width`` columns, at blanks where there are any and at line breaks always."""
    lines: list[Line] = [[]]
    used = 0
    for span, piece in _pieces(spans):
        if piece == "\n":
            lines.append([])
            used = 0
            continue
        rest = piece
        if used and used + columns(rest.rstrip()) > width:
            lines.append([])
            used = 0
            rest = rest.lstrip()
        while columns(rest) > width and columns(rest.rstrip()) > width:
            head = _head(rest, width)
            lines[-1].append(Span(head, span.styles))
            lines.append([])
            rest = rest[len(head) :]
        if rest:
            lines[-1].append(Span(rest, span.styles))
            used += columns(rest)
    return lines


def _head(text: str, width: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > width:
            return text[: max(index, 1)]
    return text


def _pieces(spans: Iterable[Span]) -> Iterator[tuple[Span, str]]:
    """Yield words with the blanks behind them, and line breaks by themselves."""
    for span in spans:
        for piece in re.findall(r"\n|[^\s][^\s]*[^\S\n]*|[^\S\n]+", printable(span.text)):
            yield span, piece


def to_text(line: Line, *, styled: bool) -> str:
    """Print a line, with ANSI sequences where ``styled``."""
    if not styled:
        return "".join(span.text for span in line).rstrip()
    return "".join(
        f"\x1b[{';'.join(span.styles)}m{span.text}\x1b[0m" if span.styles else span.text for span in line
    ).rstrip()
