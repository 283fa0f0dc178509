"""A slash command or a button press, reduced to what the listeners use of Slack's payload."""

from __future__ import annotations

import hashlib
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from threading import Lock
from typing import Any

from cachetools import TTLCache
from slack_bolt import BoltRequest

from handlers.access import Asker

COMMAND = "command"
#: A request is known again for as long as Slack's signature on it is valid.
_REMEMBER_SECONDS = 300
_REMEMBER_REQUESTS = 65_536


@dataclass(frozen=True, slots=True)
class Incoming:
    """One request of one person. ``repr`` leaves out what could be used in their name."""

    #: ``command``, or the button's action_id without its number.
    kind: str
    asker: Asker
    #: The text after the command, or the button's value: hostile either way.
    text: str = field(repr=False)
    trigger_id: str = field(repr=False)
    #: Empty where Slack gave none, as for a button in a modal.
    response_url: str = field(default="", repr=False)

    @property
    def reference(self) -> str:
        """Eight characters that name this request in logs and replies, the same wherever it is worked on."""
        return hashlib.sha256(self.trigger_id.encode()).hexdigest()[:8]


def incoming(request: BoltRequest) -> Incoming:
    """Read a slash command's or a block action's payload; raises KeyError where a field that must exist is missing."""
    return _press(request.body) if "actions" in request.body else _command(request.body)


def _command(body: Mapping[str, Any]) -> Incoming:
    return Incoming(
        kind=COMMAND,
        asker=Asker(
            user=_required(body, "user_id"),
            team=body.get("team_id") or "",
            enterprise=body.get("enterprise_id") or "",
            channel=body.get("channel_id") or "",
        ),
        text=body.get("text") or "",
        trigger_id=_required(body, "trigger_id"),
        response_url=body.get("response_url") or "",
    )


def _press(body: Mapping[str, Any]) -> Incoming:
    action, user, team = body["actions"][0], body["user"], body.get("team") or {}
    return Incoming(
        kind=_required(action, "action_id").partition("-")[0],
        asker=Asker(
            user=_required(user, "id"),
            team=user.get("team_id") or team.get("id") or "",
            enterprise=(body.get("enterprise") or {}).get("id") or "",
            channel=(body.get("channel") or {}).get("id") or "",
        ),
        text=action.get("value") or "",
        trigger_id=_required(body, "trigger_id"),
        response_url=body.get("response_url") or "",
    )


def _required(fields: Mapping[str, Any], name: str) -> str:
    value = fields[name]
    if not isinstance(value, str) or not value:
        raise KeyError(name)
    return value


class Seen:
    """Which requests this process has worked on lately, so that one delivered twice is answered once.

    Slack and AWS Lambda deliver at least once. Another process does not share this memory; what it would repeat is a
    read and a message, never a change.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = Lock()
        self._requests: TTLCache[tuple[str, str], bool] = TTLCache(_REMEMBER_REQUESTS, _REMEMBER_SECONDS, clock)

    def first(self, listener: str, trigger_id: str) -> bool:
        """Return whether this listener has not seen the request before, and remember it."""
        with self._lock:
            seen = self._requests.get((listener, trigger_id), False)
            self._requests.setdefault((listener, trigger_id), True)
        return not seen
