"""A TOML table that is read key by key and refuses what nobody read: a misspelt key is an error, not a silence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar

from bot.catalogue.entry import Key

E = TypeVar("E", bound=StrEnum)


@dataclass(eq=False)
class CatalogueError(Exception):
    """A file of the catalogue that cannot be used: which file, which entry of it, and what is wrong there.

    Not frozen: Python itself sets ``__traceback__`` on exceptions in flight.
    """

    file: str
    entry: str
    problem: str

    def __str__(self) -> str:
        return f"{self.file}: {self.entry}: {self.problem}"


class TomlTable:
    """One table of a file. Each reader takes a key away; ``done`` complains of what is left."""

    def __init__(self, values: Mapping[str, Any], file: str, name: str) -> None:
        self._left = dict(values)
        self.file = file
        self.name = name

    def error(self, problem: str) -> CatalogueError:
        """Return, not raise, an error about this table."""
        return CatalogueError(self.file, self.name, problem)

    def done(self) -> None:
        """Raise ``CatalogueError`` where a key was not read."""
        if self._left:
            raise self.error(f"unknown key {', '.join(sorted(self._left))}")

    def text(self, key: str, default: str | None = None) -> str:
        """Return a text that is not empty, or the default; without a default the key is required."""
        value = self._left.pop(key, default)
        if value is None:
            raise self.error(f"no {key}")
        if not isinstance(value, str) or (not value and default is None):
            raise self.error(f"{key} is no text")
        return value

    def flag(self, key: str, default: bool) -> bool:
        """Return true or false."""
        value = self._left.pop(key, default)
        if not isinstance(value, bool):
            raise self.error(f"{key} is neither true nor false")
        return value

    def texts(self, key: str) -> tuple[str, ...]:
        """Return a list of texts; a single text is a list of one, an absent key an empty list."""
        value = self._left.pop(key, [])
        values = [value] if isinstance(value, str) else value
        if not isinstance(values, list) or not all(isinstance(item, str) for item in values):
            raise self.error(f"{key} is no list of texts")
        return tuple(values)

    def choice(self, key: str, kind: type[E], default: E | None = None) -> E | None:
        """Return a member of an enumeration, or the default."""
        if key not in self._left:
            return default
        return self.member(key, kind, self.text(key))

    def choices(self, key: str, kind: type[E]) -> tuple[E, ...]:
        """Return a list of members of an enumeration."""
        return tuple(self.member(key, kind, word) for word in self.texts(key))

    def member(self, key: str, kind: type[E], word: str) -> E:
        """Return the member that a word names; raise ``CatalogueError`` listing the words there are."""
        try:
            return kind(word)
        except ValueError:
            raise self.error(f"{key} is {word!r}, not one of {', '.join(kind)}") from None

    def key(self, key: str) -> Key:
        """Return one setting, its spellings separated by ``|``; empty where absent."""
        return spellings(self.text(key, ""))

    def keys(self, key: str) -> tuple[Key, ...]:
        """Return a list of settings."""
        return tuple(spellings(item) for item in self.texts(key))

    def table(self, key: str) -> TomlTable:
        """Return a table, empty where absent."""
        value = self._left.pop(key, {})
        if not isinstance(value, dict):
            raise self.error(f"{key} is no table")
        return TomlTable(value, self.file, f"{self.name} {key}")

    def tables(self, key: str) -> tuple[TomlTable, ...]:
        """Return a list of tables, empty where absent."""
        value = self._left.pop(key, [])
        if not isinstance(value, list) or not all(isinstance(item, dict) for item in value):
            raise self.error(f"{key} is no list of tables")
        return tuple(TomlTable(item, self.file, f"{self.name} {key} {n}") for n, item in enumerate(value, 1))

    def named(self, key: str) -> dict[str, TomlTable]:
        """Return the tables of a table, by name."""
        outer = self.table(key)
        return {name: outer.table(name) for name in outer.remaining()}

    def remaining(self) -> tuple[str, ...]:
        """Return the keys nobody has read yet."""
        return tuple(self._left)


def spellings(text: str) -> Key:
    """Split ``"a | b"`` into the spellings of one setting."""
    return tuple(part.strip() for part in text.split("|") if part.strip())
