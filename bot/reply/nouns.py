"""A reply before it is printed: what is said, in which form, and nothing about where it will be shown.

Text that came from AWS or from a person stands in spans of its own and is never part of a format that a printer
interprets; escaping is the printers' work.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum
from typing import TypeAlias

from bot.reply.buttons import Press


class Style(StrEnum):
    """How a span looks."""

    PLAIN = "plain"
    BOLD = "bold"
    CODE = "code"


@dataclass(frozen=True, slots=True)
class Span:
    """A run of text in one style. With ``url`` it is a link; with ``user`` it mentions a person by Slack id."""

    text: str
    style: Style = Style.PLAIN
    url: str = ""
    user: str = ""


Line: TypeAlias = tuple[Span, ...]


@dataclass(frozen=True, slots=True)
class Heading:
    """Opens a section of a long reply."""

    text: str


@dataclass(frozen=True, slots=True)
class Paragraph:
    """A few sentences."""

    line: Line


@dataclass(frozen=True, slots=True)
class Bullets:
    """A list without order."""

    items: tuple[Line, ...]


@dataclass(frozen=True, slots=True)
class Table:
    """Rows under a header; ``more`` says what was left out, where something was."""

    header: tuple[str, ...]
    rows: tuple[tuple[Line, ...], ...]
    more: str = ""


@dataclass(frozen=True, slots=True)
class Code:
    """Text to copy, or a picture made of characters: every blank and line break counts."""

    text: str


@dataclass(frozen=True, slots=True)
class Note:
    """Small print."""

    line: Line


@dataclass(frozen=True, slots=True)
class Button:
    """Something to press. ``value`` is the question it is about; ``number`` tells several of one kind apart."""

    label: str
    press: Press
    value: str
    number: int | None = None


Part: TypeAlias = Heading | Paragraph | Bullets | Table | Code | Note


@dataclass(frozen=True, slots=True)
class Reply:
    """One thing said. ``title`` names the window it is shown in, where it gets one of its own (24 characters)."""

    headline: Line
    parts: tuple[Part, ...] = ()
    buttons: tuple[Button, ...] = field(default=())
    title: str = "msk-role"


def bold(text: str) -> Span:
    """Return an emphasised span."""
    return Span(text, Style.BOLD)


def code(text: str) -> Span:
    """Return a span for a name: of a role, a key, an action."""
    return Span(text, Style.CODE)


def link(text: str, url: str) -> Span:
    """Return a span that leads somewhere."""
    return Span(text, url=url)


def line(*spans: Span | str) -> Line:
    """Make a line; strings are plain."""
    return tuple(Span(span) if isinstance(span, str) else span for span in spans)


def text_of(spans: Line) -> str:
    """Return a line's characters alone."""
    return "".join(span.text for span in spans)
