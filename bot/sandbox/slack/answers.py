"""What goes back over HTTP, and how a request body is read."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import parse_qsl

from bot.sandbox.slack.faults import GARBAGE, RATE_LIMITED, REFUSED_WITH_200, SERVER_ERROR, Fault


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """A whole HTTP response. ``error`` is Slack's code, for the record."""

    status: int
    body: bytes
    headers: Mapping[str, str] = field(default_factory=dict)
    error: str | None = None
    problems: tuple[str, ...] = ()


def as_json(document: Mapping[str, Any], status: int = 200, headers: Mapping[str, str] | None = None) -> HttpAnswer:
    """Answer with a JSON document; ``error`` is taken from it."""
    return HttpAnswer(
        status,
        json.dumps(document).encode(),
        {"Content-Type": "application/json; charset=utf-8", **(headers or {})},
        None if document.get("ok") else str(document.get("error")),
        tuple(document.get("response_metadata", {}).get("messages", ())),
    )


def refused(error: str, problems: tuple[str, ...] = (), **fields: Any) -> HttpAnswer:
    """Answer as the Web API refuses: HTTP 200, ``ok`` false, an error code, and what is wrong in detail."""
    details = {"response_metadata": {"messages": list(problems)}} if problems else {}
    return as_json({"ok": False, "error": error, **fields, **details})


def failed(fault: Fault) -> HttpAnswer | None:
    """Answer as ordered; None where the order is a plain Slack error code, which each surface words itself."""
    match fault.how:
        case how if how == RATE_LIMITED:
            return as_json({"ok": False, "error": how}, 429, {"Retry-After": str(fault.retry_after)})
        case how if how == SERVER_ERROR:
            return HttpAnswer(500, b"Internal Server Error", {"Content-Type": "text/plain"}, how)
        case how if how == GARBAGE:
            return HttpAnswer(200, b'{"ok": tr', {"Content-Type": "application/json; charset=utf-8"}, how)
        case how if how == REFUSED_WITH_200:
            return refused("invalid_blocks")
    return None


def read_body(content_type: str, raw: bytes) -> dict[str, Any]:
    """Read a request body as Slack does: JSON or a form, with JSON inside a form's ``blocks`` and ``view``.

    Raises ``ValueError`` for what is neither.
    """
    if content_type.startswith("application/json"):
        document = json.loads(raw or b"{}")
        if not isinstance(document, dict):
            raise ValueError("not an object")
        body = document
    else:
        body = dict(parse_qsl(raw.decode(), keep_blank_values=True))
    for name in ("blocks", "view", "attachments"):
        if isinstance(body.get(name), str):
            body[name] = json.loads(body[name])
    return body
