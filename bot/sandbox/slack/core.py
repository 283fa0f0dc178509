"""What the parts of the embedded Slack share: its workspace, memory, orders for failures, hooks and triggers."""

from __future__ import annotations

import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from bot.sandbox.slack.blocks import Refusal, refuse_message
from bot.sandbox.slack.escaping import violations
from bot.sandbox.slack.faults import Faults
from bot.sandbox.slack.record import Exchange, Message, Record
from bot.sandbox.slack.workspace import CANARY, Workspace


@dataclass(slots=True)
class Limits:
    """Slack's patience, adjustable. Seconds, unless the name says otherwise."""

    ack_seconds: float = 3.0
    trigger_seconds: float = 3.0
    hook_uses: int = 5
    hook_seconds: float = 30 * 60
    #: Whether ``replace_original`` replaces what the acknowledgement of a slash command showed. Slack's documentation
    #: is silent and people report that it does not.
    slash_replaces: bool = False


@dataclass(slots=True)
class Hook:
    """A ``response_url``."""

    exchange: Exchange
    channel: str
    user: str
    made_at: float
    #: The message whose button was pressed; None for a slash command.
    message_ts: str | None
    uses: int = 0


@dataclass(slots=True)
class Trigger:
    """A ``trigger_id``."""

    exchange: Exchange
    made_at: float
    view_id: str | None = None
    used: bool = False


@dataclass(slots=True)
class Core:
    """The embedded Slack without its servers."""

    clock: Callable[[], float] = time.monotonic
    workspace: Workspace = field(default_factory=Workspace)
    limits: Limits = field(default_factory=Limits)
    record: Record = field(default_factory=Record)
    faults: Faults = field(default_factory=Faults)
    #: ``http://127.0.0.1:<port>``, once the server listens.
    origin: str = ""
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _hooks: dict[str, Hook] = field(default_factory=dict)
    _triggers: dict[str, Trigger] = field(default_factory=dict)

    def reset(self) -> None:
        """Go back to the defaults and forget everything; credentials stay, since a connected bot holds them."""
        self.faults.clear()
        credentials = self.workspace.credentials
        self.workspace = Workspace(credentials=credentials)
        self.limits = Limits()
        with self._lock:
            self._hooks.clear()
            self._triggers.clear()
        self.record.clear()

    def new_hook(self, exchange: Exchange, channel: str, user: str, message_ts: str | None) -> str:
        """Make a ``response_url``."""
        kind = "commands" if message_ts is None else "actions"
        path = f"/{kind}/{self.workspace.team_id}/{CANARY}{secrets.token_hex(8)}"
        with self._lock:
            self._hooks[path] = Hook(exchange, channel, user, self.clock(), message_ts)
        return self.origin + path

    def use_hook(self, path: str) -> Hook | str:
        """Count one use of a ``response_url``; Slack's error code where there is none left."""
        with self._lock:
            hook = self._hooks.get(path)
            if hook is None:
                return "no_such_hook"
            if self.clock() - hook.made_at > self.limits.hook_seconds:
                return "expired_url"
            if hook.uses >= self.limits.hook_uses:
                return "used_url"
            hook.uses += 1
            return hook

    def new_trigger(self, exchange: Exchange, view_id: str | None = None) -> str:
        """Make a ``trigger_id``."""
        trigger_id = f"{secrets.randbelow(10**12)}.{secrets.randbelow(10**12)}.{secrets.token_hex(16)}"
        with self._lock:
            self._triggers[trigger_id] = Trigger(exchange, self.clock(), view_id)
        return trigger_id

    def use_trigger(self, trigger_id: str) -> Trigger | str:
        """Spend a ``trigger_id``; Slack's error code where it does not open anything any more."""
        with self._lock:
            trigger = self._triggers.get(trigger_id)
            if trigger is None:
                return "invalid_trigger_id"
            if trigger.used:
                return "exchanged_trigger_id"
            if self.clock() - trigger.made_at > self.limits.trigger_seconds:
                return "expired_trigger_id"
            trigger.used = True
            return trigger

    def examine(self, body: dict[str, Any]) -> Refusal | None:
        """Say why Slack would refuse this message; None means that it takes it."""
        text, blocks = body.get("text"), body.get("blocks")
        if isinstance(text, str) and len(text) > 40_000:
            return Refusal("msg_too_long")
        if blocks:
            return refuse_message(blocks)
        if not text and not body.get("attachments"):
            return Refusal("no_text")
        return None

    def show(
        self,
        body: dict[str, Any],
        *,
        source: str,
        channel: str,
        ephemeral_to: str | None,
        exchange: Exchange | None,
        replaces: str | None = None,
    ) -> Message:
        """Show a message that was examined, and note what it does beyond being read."""
        for detail in violations(body, exchange.user if exchange else None):
            self.record.add_violation("unescaped", f"{source}: {detail}")
        if ephemeral_to is None and (body.get("unfurl_links") is not False or body.get("unfurl_media") is not False):
            self.record.add_violation("may-unfurl", f"{source}: unfurl_links and unfurl_media are not both false")
        message = Message(
            ts=replaces or self.record.new_ts(),
            channel=channel,
            text=body.get("text") or "",
            blocks=body.get("blocks") or [],
            ephemeral_to=ephemeral_to,
            source=source,
            exchange=exchange.id if exchange else None,
            replaced=replaces is not None,
        )
        self.record.add_message(message)
        return message
