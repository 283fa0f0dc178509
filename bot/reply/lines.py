"""Templates to lines: what fills a template becomes a span of its own, which no printer takes for its own words."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from string import Formatter

from bot.model import Datum
from bot.reply.moments import both
from bot.reply.nouns import Line, Span, code
from bot.reply.wording import Templates, choose

#: How many names of a list are shown before the rest is counted.
_LISTED = 6


def say(template: str, **values: Span | Line | str) -> Line:
    """Fill a template with spans, lines or plain words."""
    spans: list[Span] = []
    for words, name, _, _ in Formatter().parse(template):
        if words:
            spans.append(Span(words))
        if name:
            value = values[name]
            spans.extend((Span(value),) if isinstance(value, str) else (value,) if isinstance(value, Span) else value)
    return tuple(span for span in spans if span.text or span.user)


def sentence(templates: Templates, data: Mapping[str, Datum], now: datetime | None = None) -> Line:
    """Fill the first template that the data suffices for; a name that is missing is left out."""
    spans: list[Span] = []
    for words, name, form, _ in Formatter().parse(choose(templates, data)):
        if words:
            spans.append(Span(words))
        if name and data.get(name):
            spans.extend(_shown(data[name], form or "", now))
    return tuple(spans)


def names(values: Iterable[str], shown: int = _LISTED) -> Line:
    """Return names as a list with commas, the last few counted where there are many."""
    every = list(values)
    spans: list[Span] = []
    for number, value in enumerate(every[:shown]):
        if number:
            spans.append(Span(", "))
        spans.append(code(value))
    if len(every) > shown:
        spans.append(Span(f" and {len(every) - shown} more"))
    return tuple(spans)


def words(values: Iterable[str]) -> str:
    """Return words as a list that ends in "and"."""
    every = list(values)
    return " and ".join(filter(None, (", ".join(every[:-1]), every[-1]))) if every else ""


def _shown(value: Datum, form: str, now: datetime | None) -> Line:
    if isinstance(value, datetime):
        return (Span(both(value, now)),)
    if form == "code":
        return names(_texts(value))
    if form == "every":  # a remedy that leaves one out would harm that one
        return names(every := _texts(value), len(every))
    return (Span(", ".join(_texts(value))),)


def _texts(value: Datum) -> tuple[str, ...]:
    return tuple(map(str, value)) if isinstance(value, tuple) else (str(value),)
