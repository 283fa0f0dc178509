"""Policy documents, and what they are attached to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

#: A parsed IAM policy document, as JSON gives it. ``bot.policy`` reads it and tolerates any shape.
PolicyDocument: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Misfit:
    """A part of a statement that does not fit what was asked."""

    #: ``Principal``, ``Action``, ``Resource``, or a condition key as the statement spells it.
    name: str
    #: What the statement has there: values of a condition may be secrets.
    wanted: tuple[str, ...] = ()
    #: The request lacks this condition key.
    absent: bool = False


@dataclass(frozen=True, slots=True)
class Miss:
    """A statement that does not apply to what was asked, and why."""

    #: Its Sid, or ``#`` and its position.
    statement: str
    #: ``Allow`` or ``Deny``; empty for anything else.
    effect: str
    parts: tuple[Misfit, ...]

    @property
    def names(self) -> tuple[str, ...]:
        """The names of the parts that do not fit, in order."""
        return tuple(part.name for part in self.parts)


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """A policy attached to a resource: bucket policy, CloudWatch Logs resource policy, KMS key policy."""

    name: str
    #: The resource it is attached to, or the account where it has account scope.
    scope: str
    document: PolicyDocument
