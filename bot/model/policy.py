"""Policy documents, and what they are attached to."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, TypeAlias

#: A parsed IAM policy document, as JSON gives it. ``bot.policy`` reads it and tolerates any shape.
PolicyDocument: TypeAlias = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ResourcePolicy:
    """A policy attached to a resource: bucket policy, CloudWatch Logs resource policy, KMS key policy."""

    name: str
    #: The resource it is attached to, or the account where it has account scope.
    scope: str
    document: PolicyDocument
