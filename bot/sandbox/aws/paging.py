"""Opaque page tokens: good for the listing that gave them, refused by every other."""

import base64
import hashlib
from collections.abc import Sequence
from typing import TypeVar

Row = TypeVar("Row")


def page(rows: Sequence[Row], size: int, token: str | None, scope: str) -> tuple[list[Row] | None, str | None]:
    """Cut one page of ``rows``; None in place of the page where ``token`` is not one of this ``scope``'s."""
    start = 0 if token is None else _offset(token, scope)
    if start is None:
        return None, None
    end = start + size
    return list(rows[start:end]), _token(end, scope) if end < len(rows) else None


def _token(offset: int, scope: str) -> str:
    seal = hashlib.sha256(f"{offset} {scope}".encode()).hexdigest()[:16]
    return base64.urlsafe_b64encode(f"{offset}.{seal}".encode()).decode()


def _offset(token: str, scope: str) -> int | None:
    try:
        offset = int(base64.urlsafe_b64decode(token).decode().partition(".")[0])
    except ValueError:
        return None
    return offset if _token(offset, scope) == token else None
