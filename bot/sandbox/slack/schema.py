"""Small checkers that walk JSON and say what Slack would refuse, in Slack's own words and with its JSON pointers.

A ``Check`` takes a value and its pointer and yields problems; the functions here build checks from smaller ones. What
Block Kit admits is written with them in ``blocks`` and ``views``.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from typing import Any, TypeAlias

#: One line as in ``response_metadata.messages``: what is wrong, and where.
Problem: TypeAlias = str
Check: TypeAlias = Callable[[Any, str], Iterator[Problem]]


def problem(what: str, pointer: str) -> Problem:
    """Word one problem as Slack does."""
    return f"[ERROR] {what} [json-pointer:{pointer}]"


def string(maximum: int, minimum: int = 1) -> Check:
    """Admit a string of ``minimum`` to ``maximum`` characters."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, str):
            yield problem("must be a string", pointer)
        elif len(value) < minimum:
            yield problem(f"must be more than {minimum - 1} characters", pointer)
        elif len(value) > maximum:
            yield problem(f"must be less than {maximum + 1} characters", pointer)

    return check


def boolean(value: Any, pointer: str) -> Iterator[Problem]:
    """Admit true and false."""
    if not isinstance(value, bool):
        yield problem("must be a boolean", pointer)


def number(low: int, high: int) -> Check:
    """Admit an integer from ``low`` to ``high``."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, int) or isinstance(value, bool):
            yield problem("must be an integer", pointer)
        elif not low <= value <= high:
            yield problem(f"must be between {low} and {high}", pointer)

    return check


def choice(*admitted: str) -> Check:
    """Admit one of these strings."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if value not in admitted:
            yield problem(f"must be a valid enum value: {', '.join(admitted)}", pointer)

    return check


def items(of: Check, maximum: int, minimum: int = 1) -> Check:
    """Admit a list of ``minimum`` to ``maximum`` such things."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, list):
            yield problem("must be an array", pointer)
            return
        if len(value) < minimum:
            yield problem(f"no less than {minimum} items allowed", pointer)
        if len(value) > maximum:
            yield problem(f"no more than {maximum} items allowed", pointer)
        for index, item in enumerate(value):
            yield from of(item, f"{pointer}/{index}")

    return check


def record(required: Mapping[str, Check], optional: Mapping[str, Check] | None = None) -> Check:
    """Admit an object with these fields and no others."""
    known = {**required, **(optional or {})}

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        if not isinstance(value, dict):
            yield problem("must be an object", pointer)
            return
        for name in required:
            if value.get(name) is None:
                yield problem(f"missing required field: {name}", pointer)
        for name, inside in value.items():
            if name == "type":
                continue
            if name not in known:
                yield problem(f"invalid additional property: {name}", pointer)
            elif inside is not None:
                yield from known[name](inside, f"{pointer}/{name}")

    return check


def typed(kinds: Mapping[str, Check], what: str) -> Check:
    """Admit an object whose ``type`` is one of ``kinds``, checked by that kind's own check."""

    def check(value: Any, pointer: str) -> Iterator[Problem]:
        kind = value.get("type") if isinstance(value, dict) else None
        if not isinstance(kind, str) or kind not in kinds:
            yield problem(f"unsupported type: {str(kind)[:40]} is no {what}", f"{pointer}/type")
        else:
            yield from kinds[kind](value, pointer)

    return check
