"""What text would do in Slack beyond being read: ping people, link somewhere, or show a half-escaped character.

Slack accepts all of this, so nothing here refuses a message. It is recorded as a violation, because the bot prints
names and words that strangers chose, and promises that they stay text.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Any

_SEQUENCE = re.compile(r"<([^<>\n]*)>")
_ENTITY = re.compile(r"&(?!(?:amp|lt|gt);)")
_LINK = re.compile(r"(?:https?://|mailto:)[^|\s]+(?:\|[^|]*)?")
_PINGING_ELEMENTS = {"broadcast", "usergroup", "user", "channel"}


def violations(message: dict[str, Any], asker: str | None = None) -> Iterator[str]:
    """Yield what is wrong with the text of a message or view, each as one line that names the place.

    ``asker`` is the id of the user who asked: mentioning that one person is the only ping that is meant.
    """
    if message.get("link_names") or message.get("parse") == "full":
        yield "the whole message: link_names or parse=full turns plain @names into pings"
    text = message.get("text")
    if isinstance(text, str):
        yield from (f"text: {problem}" for problem in _in_mrkdwn(text, asker))
    yield from _walk(message.get("blocks"), "blocks", asker)


def _walk(node: Any, where: str, asker: str | None) -> Iterator[str]:
    if isinstance(node, list):
        for index, item in enumerate(node):
            yield from _walk(item, f"{where}/{index}", asker)
        return
    if not isinstance(node, dict):
        return
    kind = node.get("type")
    text = node.get("text")
    if kind == "mrkdwn" and isinstance(text, str):
        yield from (f"{where}: {problem}" for problem in _in_mrkdwn(text, asker))
    elif kind in _PINGING_ELEMENTS and "action_id" not in node and node.get("user_id") != asker:
        yield f"{where}: a {kind} element pings"
    for key, value in node.items():
        yield from _walk(value, f"{where}/{key}", asker)


def _in_mrkdwn(text: str, asker: str | None) -> Iterator[str]:
    for found in _SEQUENCE.finditer(text):
        inside = found[1]
        if inside.startswith("!date^") or _LINK.fullmatch(inside) or (asker and inside == f"@{asker}"):
            continue
        verb = "pings" if inside.startswith(("!", "@", "#")) else "is not escaped"
        yield f"{found[0][:80]} {verb}"
    rest = _SEQUENCE.sub("", text)
    if "<" in rest or ">" in rest:
        yield "< or > stands unescaped"
    if _ENTITY.search(text):
        yield "& stands unescaped"
