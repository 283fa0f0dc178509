"""Matching in policies: wildcards, policy variables, and values of which only the beginning is known.

A match is three-valued: True, False, or None where what is known does not decide it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import TypeAlias

Truth: TypeAlias = bool | None


def every(truths: Iterable[Truth]) -> Truth:
    """And: False wins over unknown, unknown over True; True for nothing."""
    seen = set(truths)
    return False if False in seen else None if None in seen else True


def some(truths: Iterable[Truth]) -> Truth:
    """Or: True wins over unknown, unknown over False; False for nothing."""
    seen = set(truths)
    return True if True in seen else None if None in seen else False


def negate(truth: Truth) -> Truth:
    """Not: unknown stays unknown."""
    return None if truth is None else not truth


@dataclass(frozen=True, slots=True)
class StartsWith:
    """A value of a request that is known to begin so; what follows, if anything, is not known."""

    prefix: str
    #: Characters that what follows cannot hold.
    without: str = ""


@dataclass(frozen=True, slots=True)
class Stranger:
    """A value that belongs to nobody whom a policy spells out; what a wildcard would make of it is not known."""


Value: TypeAlias = str | StartsWith | Stranger

#: Looks a policy variable up by its key: its value, None where the request has none, or ``UNKNOWN``.
Lookup: TypeAlias = Callable[[str], str | None]
#: What a lookup answers where nobody knows the value. No policy can spell it.
UNKNOWN = "\0unknown"
#: What a lookup answers where the request has none, and that decides nothing; see ``negatable``.
UNFILLED = "\0unfilled"

# Tokens of a pattern that are longer than one character never equal a character of a text.
_MANY = "any characters"
_ONE = "any character"
_NONE = "no character"
_WILDCARDS = {"*": _MANY, "?": _ONE}
#: An account's id, or the unique id of a user or role.
_SOMEBODY = re.compile(r"\b(?:\d{12}|A[A-Z]{3}[A-Z0-9]{12,})\b")
_VARIABLE = re.compile(r"\$\{([^{}]*)\}")
_DEFAULT = re.compile(r"^\s*([^,]*?)\s*(?:,\s*'([^']*)')?\s*$")


@dataclass(frozen=True, slots=True)
class Pattern:
    """A value of a policy, ready to match. Not ``certain`` where it holds a variable that nobody can fill."""

    tokens: tuple[str, ...]
    certain: bool = True

    def matches(self, value: Value) -> Truth:
        """Whether the whole of the value matches, whatever follows a known beginning."""
        truth = self._matches_stranger() if isinstance(value, Stranger) else _match(self.tokens, value)
        return truth if self.certain or truth is False else None

    def _matches_stranger(self) -> Truth:
        if all(token == _MANY for token in self.tokens):
            return bool(self.tokens)
        spelt = "".join(token if len(token) == 1 else " " for token in self.tokens)
        return None if _has_wildcard(self.tokens) and not _SOMEBODY.search(spelt) else False

    def split(self, separator: str, parts: int) -> tuple[Pattern, ...]:
        """Cut at the first ``parts - 1`` separators that no wildcard stands for."""
        pieces: list[list[str]] = [[]]
        for token in self.tokens:
            if token == separator and len(pieces) < parts:
                pieces.append([])
            else:
                pieces[-1].append(token)
        return tuple(Pattern(tuple(piece), self.certain) for piece in pieces)


def compile_pattern(text: str, lookup: Lookup | None = None, *, wildcards: bool = True) -> Pattern:
    """Read a policy's value. Without a lookup, ``${…}`` is literal, as in policies of version 2008-10-17."""
    tokens: list[str] = []
    certain = True
    position = 0
    for variable in _VARIABLE.finditer(text) if lookup else ():
        tokens += _literal(text[position : variable.start()], wildcards=wildcards)
        filled = _fill(variable.group(1), lookup)
        certain = certain and filled is not UNKNOWN
        tokens += [_NONE] if filled is None else [_MANY] if filled is UNKNOWN else filled
        position = variable.end()
    return Pattern((*tokens, *_literal(text[position:], wildcards=wildcards)), certain)


def negatable(lookup: Lookup | None) -> Lookup | None:
    """Return the lookup for a comparison that is negated, where matching nothing would decide for the statement.

    What a variable that the request cannot fill stands for in ``NotResource`` or ``StringNotEquals`` is not documented.
    """
    return lookup and (lambda key: UNFILLED if (found := lookup(key)) is None else found)


def _literal(text: str, *, wildcards: bool) -> Iterable[str]:
    return (_WILDCARDS.get(character, character) for character in text) if wildcards else text


def _fill(variable: str, lookup: Lookup | None) -> str | None:
    if variable in ("*", "?", "$") or lookup is None:
        return variable
    parts = _DEFAULT.match(variable)
    if parts is None:
        return UNKNOWN
    found = lookup(parts.group(1))
    if found not in (None, UNFILLED):
        return found
    return UNKNOWN if parts.group(2) is None and found == UNFILLED else parts.group(2)


def _has_wildcard(tokens: tuple[str, ...]) -> bool:
    return _MANY in tokens or _ONE in tokens


def _match(tokens: tuple[str, ...], value: str | StartsWith) -> Truth:
    text = value.prefix if isinstance(value, StartsWith) else value
    reached = _reach(tokens, text)
    if isinstance(value, str):
        return len(tokens) in reached
    if any(place < len(tokens) and all(token == _MANY for token in tokens[place:]) for place in reached):
        return True
    # From wherever the pattern stands after the known beginning, some continuation completes it, unless it may not.
    barred = {_NONE, *value.without}
    return None if any(barred.isdisjoint(tokens[place:]) for place in reached) else False


def _reach(tokens: tuple[str, ...], text: str) -> set[int]:
    """Return the places in the pattern that all of the text can lead to; linear in pattern times text."""
    places = _over_wildcards(tokens, {0})
    for character in text:
        stepped = {place for place in places if place < len(tokens) and tokens[place] == _MANY}
        stepped |= {place + 1 for place in places if place < len(tokens) and tokens[place] in (_ONE, character)}
        if not stepped:
            return stepped
        places = _over_wildcards(tokens, stepped)
    return places


def _over_wildcards(tokens: tuple[str, ...], places: set[int]) -> set[int]:
    closed = set(places)
    for place in places:
        following = place
        while following < len(tokens) and tokens[following] == _MANY:
            following += 1
            closed.add(following)
    return closed
