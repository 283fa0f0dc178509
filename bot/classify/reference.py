"""``${provider:path:key}`` references, which Kafka Connect's worker replaces with what a config provider returns."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

# Kafka's own pattern, but for the escape: `$${…}` is how Terraform writes a literal `${…}`. Without a colon, as in
# `${topic}`, it is a plugin's own template and no reference.
_REFERENCE = re.compile(r"(?<!\$)\$\{([^${}:]*):(?:([^}:]*):)?([^}]*)\}")


@dataclass(frozen=True, slots=True)
class Reference:
    """One reference. ``path`` is empty in the short form ``${provider:key}``."""

    provider: str
    path: str
    key: str


def references(value: str) -> Iterator[Reference]:
    """Yield the references in a value."""
    for match in _REFERENCE.finditer(value, 0, _end(value)):
        yield Reference(match[1], match[2] or "", match[3])


def has_reference(value: str) -> bool:
    """Whether a value holds a reference anywhere."""
    return _REFERENCE.search(value, 0, _end(value)) is not None


def is_reference(value: str) -> bool:
    """Whether a value is one reference and nothing else."""
    return _REFERENCE.fullmatch(value.strip()) is not None


def without_references(value: str, replacement: str = "") -> str:
    """Return the value with its references replaced, so that only its literal parts remain."""
    end = _end(value)
    return _REFERENCE.sub(lambda _: replacement, value[:end]) + value[end:]


def _end(value: str) -> int:
    """Return where the last reference may end: looking on from each opening brace would take quadratic time."""
    return value.rfind("}") + 1 if "${" in value else 0
