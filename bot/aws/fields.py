"""Members of an answer, with their documented types.

botocore checks what is sent and not what is received: a list may turn out to be text, and a missing one is the same as
an empty one. Members that carry the meaning of an answer are therefore required here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from itertools import islice
from typing import Any, TypeVar

from bot.aws.shapes import MalformedAnswer
from bot.model import PolicyDocument

T = TypeVar("T")

#: An answer with more pages than this does not end.
_MOST_PAGES = 1000


def member(answer: Any, name: str, kind: type[T]) -> T:
    """Return a member that must be there; raises MalformedAnswer where it is not, or is of another type."""
    value = optional(answer, name, kind)
    if value is None:
        raise MalformedAnswer(name)
    return value


def optional(answer: Any, name: str, kind: type[T]) -> T | None:
    """Return a member that may be absent; raises MalformedAnswer where it is of another type."""
    if not isinstance(answer, Mapping):
        raise MalformedAnswer(f"what holds {name}")
    value = answer.get(name)
    if value is None:
        return None
    if not isinstance(value, kind) or (kind is int and isinstance(value, bool)):
        raise MalformedAnswer(name)
    return value


def moment(answer: Any, name: str) -> datetime | None:
    """Return a time in UTC, or None where there is none."""
    value = optional(answer, name, datetime)
    return None if value is None else value.astimezone(UTC)


def rows(pages: Iterable[Any], name: str) -> Iterator[Any]:
    """Yield the members of a list that comes in pages."""
    for number, page in enumerate(islice(pages, _MOST_PAGES + 1)):
        if number == _MOST_PAGES:
            raise MalformedAnswer("nextToken")
        yield from member(page, name, list)


def policy_document(text: str) -> PolicyDocument:
    """Parse a policy document; raises MalformedAnswer, which quotes nothing of it."""
    try:
        document = json.loads(text)
    except (ValueError, RecursionError):
        raise MalformedAnswer("policy document") from None
    return checked_policy(document)


def checked_policy(document: Any) -> PolicyDocument:
    """Return a parsed policy document if it has what AWS demands of any: a document without it says nothing."""
    statements = document.get("Statement") if isinstance(document, dict) else None
    statements = [statements] if isinstance(statements, dict) else statements
    if not isinstance(statements, list) or not all(_is_statement(statement) for statement in statements):
        raise MalformedAnswer("policy document")
    checked: PolicyDocument = document
    return checked


def _is_statement(statement: Any) -> bool:
    return isinstance(statement, dict) and statement.get("Effect") in ("Allow", "Deny")
