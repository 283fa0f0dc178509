"""Every sentence the bot says, by code.

Templates name what fills them in braces: text, numbers, times, or several names; ``{name:code}`` is a name from AWS or
a configuration, or several of them, ``{names:every}`` the same with none left out. Where a code may come
with more or less data, its wording is several templates, the most telling first: the first whose names are all there is
used, and the last needs the fewest.
"""

from __future__ import annotations

from collections.abc import Mapping
from string import Formatter
from typing import TypeAlias

from bot.model import Datum

#: Alternatives, the most telling first.
Templates: TypeAlias = tuple[str, ...]


def placeholders(template: str) -> tuple[str, ...]:
    """Return the names that a template needs, in order."""
    return tuple(name for _, name, _, _ in Formatter().parse(template) if name)


def choose(templates: Templates, data: Mapping[str, Datum]) -> str:
    """Return the first template for which ``data`` has every name, or the last."""
    return next((t for t in templates if all(data.get(name) for name in placeholders(t))), templates[-1])


def fill(templates: Templates, data: Mapping[str, str]) -> str:
    """Return the sentence as plain text; what the last template needs and lacks is left out."""
    template = choose(templates, data)
    return "".join(words + data.get(name or "", "") for words, name, _, _ in Formatter().parse(template))
