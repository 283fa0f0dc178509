"""A view of settings as the catalogue names them, and the conditions that are asked of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache

from bot.catalogue.entry import Condition, Key, Kind
from bot.classify.reference import is_reference


@dataclass(frozen=True, slots=True)
class Setting:
    """A setting that is there: its whole name, and its value without surrounding blanks."""

    name: str
    value: str

    def __repr__(self) -> str:
        return f"Setting(name={self.name!r})"


@dataclass(frozen=True, slots=True)
class Scope:
    """Settings seen through prefixes, the first that has one winning. A blank value counts as absent."""

    properties: Mapping[str, str]
    prefixes: tuple[str, ...] = ("",)
    kind: Kind | None = None
    #: Settings that stand inside another one, as the parameters of a URL do, with that one's name.
    inside: Mapping[str, str] = field(default_factory=dict)

    def find(self, key: Key) -> Setting | None:
        """Return the setting under the first spelling that is set, or None."""
        for spelling in key:
            for prefix in self.prefixes:
                value = self.properties.get(prefix + spelling)
                if value is not None and (value := value.strip()):
                    return Setting(self.inside.get(prefix + spelling, prefix + spelling), value)
        return None

    def value(self, key: Key) -> str:
        """Return the setting's value, or an empty text."""
        found = self.find(key)
        return found.value if found else ""

    def narrowed(self, prefixes: tuple[str, ...]) -> Scope:
        """Return the same settings behind further prefixes."""
        if prefixes == ("",):
            return self
        return Scope(self.properties, tuple(a + b for a in self.prefixes for b in prefixes), self.kind, self.inside)


def holds(condition: Condition, scope: Scope) -> bool:
    """Whether every part of the condition holds."""
    return (
        (condition.kind is None or condition.kind is scope.kind)
        and all(scope.find(key) for key in condition.has)
        and not any(scope.find(key) for key in condition.lacks)
        and (not condition.has_any or any(scope.find(key) for key in condition.has_any))
        and all(scope.value(key).lower() in _lowered(words) for key, words in condition.equals)
        and not any(scope.value(key).lower() in _lowered(words) for key, words in condition.unless)
        and all(_differs(scope.value(key).lower(), _lowered(words)) for key, words in condition.differs)
        and all(scope.value(key).lower().startswith(_lowered(words)) for key, words in condition.begins)
        and all(not _elements(scope.value(key)).isdisjoint(_lowered(words)) for key, words in condition.lists)
        and all(any(word in scope.value(key).lower() for word in _lowered(words)) for key, words in condition.contains)
        and all(is_reference(scope.value(key)) for key in condition.hidden)
        and (not condition.any or any(holds(part, scope) for part in condition.any))
        and not any(holds(part, scope) for part in condition.none)
    )


def deciding(condition: Condition, scope: Scope) -> Iterator[Setting]:
    """Yield the settings that a condition which holds looked at."""
    compared = (condition.equals, condition.differs, condition.begins, condition.lists, condition.contains)
    keys = [*condition.has, *condition.has_any, *condition.hidden, *(key for pairs in compared for key, _ in pairs)]
    for key in keys:
        setting = scope.find(key)
        if setting:
            yield setting
    for part in condition.any:
        if holds(part, scope):
            yield from deciding(part, scope)


@cache
def _lowered(words: tuple[str, ...]) -> tuple[str, ...]:
    """Return the words in lower case; kept, since the same few are asked for with every connector."""
    return tuple(word.lower() for word in words)


def _differs(value: str, words: tuple[str, ...]) -> bool:
    return bool(value) and value not in words


def _elements(value: str) -> frozenset[str]:
    return frozenset(element.strip().lower() for element in value.split(","))
