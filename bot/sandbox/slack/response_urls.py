"""What a ``response_url`` does with what is posted to it."""

from __future__ import annotations

from typing import Any

from bot.sandbox.slack.answers import HttpAnswer, as_json
from bot.sandbox.slack.core import Core, Hook
from bot.sandbox.slack.record import Message

#: A used-up or expired address is gone; everything else about the message is the sender's mistake.
_STATUS = {"expired_url": 404, "used_url": 404, "no_such_hook": 404, "no_text": 500}


def refusal(error: str, problems: tuple[str, ...] = ()) -> HttpAnswer:
    """Refuse as a ``response_url`` does: by HTTP status, with a JSON body that tells little."""
    answer = as_json({"ok": False, "error": error}, _STATUS.get(error, 400))
    return HttpAnswer(answer.status, answer.body, answer.headers, error, problems)


def respond(core: Core, path: str, body: dict[str, Any]) -> HttpAnswer:
    """Take one use of the hook at ``path``."""
    hook = core.use_hook(path)
    if isinstance(hook, str):
        return refusal(hook)
    original = _original(core, hook)
    if body.get("delete_original"):
        if original is not None:
            core.record.remove_message(original.ts)
        return _taken(hook)
    if refused := core.examine(body):
        return refusal(refused.error, refused.problems)
    if hook.message_ts is not None and "replace_original" not in body:
        core.record.add_violation("replace-unsaid", "a reply to a button must say whether it replaces the message")
    # A message that is replaced keeps who sees it.
    replaced = original if body.get("replace_original") else None
    ephemeral_to = None if body.get("response_type") == "in_channel" else hook.user
    core.show(
        body,
        source="response_url",
        channel=hook.channel,
        ephemeral_to=replaced.ephemeral_to if replaced else ephemeral_to,
        exchange=hook.exchange,
        replaces=replaced.ts if replaced else None,
    )
    return _taken(hook)


def _original(core: Core, hook: Hook) -> Message | None:
    """Return the message that ``replace_original`` and ``delete_original`` mean, where Slack knows one."""
    if hook.message_ts is not None:
        return core.record.message(hook.message_ts)
    if not core.limits.slash_replaces:
        return None
    shown = [m for m in hook.exchange.messages if m.source == "ack"]
    return core.record.message(shown[0].ts) if shown else None


def _taken(hook: Hook) -> HttpAnswer:
    if hook.message_ts is None:
        return HttpAnswer(200, b"ok", {"Content-Type": "text/plain"})
    return as_json({"ok": True})
