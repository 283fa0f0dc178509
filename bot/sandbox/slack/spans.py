"""Styled text for a terminal: spans, how wide they are, and how they wrap."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import TypeAlias

_BLANKS = " "
#: A blank at which no line is broken.
UNBROKEN = "\u00a0"
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
    """Break spans into lines of at most ``width`` columns: between words where it can, and at line breaks always.

    A word may change its style halfway, and blanks behind the last word of a line may stand over the edge.
    """
    lines: list[Line] = [[]]
    for word in _words(spans):
        if word[0].text == "\n":
            lines.append([])
            continue
        if lines[-1] and line_columns(lines[-1]) + _trimmed_columns(word) > width:
            lines.append([])
        for span in word:
            _put(lines, span, width)
    return lines


def _put(lines: list[Line], span: Span, width: int) -> None:
    """Add a part of a word to the last line, going on in new lines where no line is wide enough for it."""
    rest = span.text
    while (room := width - line_columns(lines[-1])) < columns(rest.rstrip(_BLANKS)):
        head = _head(rest, room)
        if head:
            lines[-1].append(Span(head, span.styles))
        lines.append([])
        rest = rest[len(head) :] if head or room < width else rest[1:]
    lines[-1].append(Span(rest, span.styles))


def _head(text: str, room: int) -> str:
    used = 0
    for index, character in enumerate(text):
        used += _columns(character)
        if used > room:
            return text[:index]
    return text


def _trimmed_columns(word: Line) -> int:
    return columns("".join(span.text for span in word).rstrip(_BLANKS))


def _words(spans: Iterable[Span]) -> Iterator[Line]:
    """Yield words with the blanks behind them, each as the spans it is made of, and line breaks by themselves."""
    word: Line = []
    for span in spans:
        for piece in re.findall(r"\n|[^ \n]+| +", printable(span.text)):
            ended = bool(word) and (word[-1].text.endswith(" ") and not piece.startswith(" "))
            if word and (ended or piece == "\n"):
                yield word
                word = []
            if piece == "\n":
                yield [Span(piece)]
            else:
                word.append(Span(piece, span.styles))
    if word:
        yield word


def to_text(line: Line, *, styled: bool) -> str:
    """Print a line, with ANSI sequences where ``styled``."""
    texts = [
        f"\x1b[{';'.join(span.styles)}m{span.text}\x1b[0m" if styled and span.styles else span.text for span in line
    ]
    return "".join(texts).rstrip().replace(UNBROKEN, " ")
