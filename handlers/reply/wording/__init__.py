"""Every sentence the bot says, by code. Nothing outside this package and ``word``'s templates is prose.

Templates name what fills them in braces. Where a code may come with more or less data, its wording is several
templates, the most telling first: the first whose names are all there is used, and the last needs the fewest.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from string import Formatter
from typing import TypeAlias

#: Alternatives, the most telling first.
Templates: TypeAlias = tuple[str, ...]


def placeholders(template: str) -> tuple[str, ...]:
    """Return the names that a template needs, in order."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def choose(templates: Templates, data: Mapping[str, str]) -> str:
    """Return the first template for which ``data`` has every name, or the last."""
    return next((t for t in templates if all(data.get(name) for name in placeholders(t))), templates[-1])


def pieces(template: str, data: Mapping[str, str]) -> Iterator[tuple[str, bool]]:
    """Yield the template's words (False) and what fills them (True), apart: what fills may be hostile.

    A name that is missing is left out, because a sentence with a gap is better than no answer.
    """
    for words, name, _, _ in Formatter().parse(template):
        if words:
            yield words, False
        if name and data.get(name):
            yield data[name], True


def fill(templates: Templates, data: Mapping[str, str]) -> str:
    """Return the sentence as plain text."""
    return "".join(piece for piece, _ in pieces(choose(templates, data), data))
