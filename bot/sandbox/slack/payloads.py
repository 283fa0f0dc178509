"""The payloads Slack sends for what users do, in the form it sends them."""

from __future__ import annotations

import time
from collections.abc import Iterator, Mapping
from typing import Any

from bot.sandbox.slack.record import Blocks, Message, View
from bot.sandbox.slack.web_api import view_document
from bot.sandbox.slack.workspace import APP_ID, BOT_ID, BOT_USER_ID, Kind, Workspace

#: What Slack calls conversations whose names it does not tell an app.
_CHANNEL_NAMES: Mapping[Kind, str] = {Kind.PRIVATE: "privategroup", Kind.DIRECT: "directmessage"}


def slash_command(
    workspace: Workspace, text: str, *, user_id: str, channel_id: str, response_url: str, trigger_id: str
) -> dict[str, str]:
    """Make the payload of ``/msk-role <text>``. Slack strips the text and sends ``""`` where there is none."""
    user, channel = workspace.users.get(user_id), workspace.channels.get(channel_id)
    payload = {
        "token": workspace.credentials.verification_token,
        "team_id": user.team_id if user else workspace.team_id,
        "team_domain": workspace.team_domain,
        "channel_id": channel_id,
        "channel_name": _CHANNEL_NAMES.get(channel.kind, channel.name) if channel else "privategroup",
        "user_id": user_id,
        "user_name": user.name if user else "nobody",
        "command": "/msk-role",
        "text": text.strip(),
        "api_app_id": APP_ID,
        "is_enterprise_install": "false",
        "response_url": response_url,
        "trigger_id": trigger_id,
    }
    return payload | ({"enterprise_id": workspace.enterprise_id} if workspace.enterprise_id else {})


def find_element(blocks: Blocks, action_id: str) -> tuple[str, dict[str, Any]]:
    """Find an interactive element and the id of its block; ``LookupError`` names those there are."""
    found = dict(_elements(blocks))
    if action_id not in found:
        raise LookupError(f"no {action_id!r} here, only {sorted(found)}")
    return found[action_id]


def _elements(blocks: Blocks) -> Iterator[tuple[str, tuple[str, dict[str, Any]]]]:
    for index, block in enumerate(blocks):
        block_id = block.get("block_id", f"b{index}")
        for element in [*block.get("elements", ()), block.get("accessory"), block.get("element")]:
            if isinstance(element, dict) and "action_id" in element:
                yield element["action_id"], (block_id, element)


def block_action(
    workspace: Workspace,
    place: Message | View,
    element: Mapping[str, Any],
    *,
    user_id: str,
    response_url: str | None,
    trigger_id: str,
    option: str | None = None,
    forged: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """Make the payload of an interaction with ``element``."""
    user = workspace.users.get(user_id)
    action = {
        "type": element["type"],
        "action_id": element["action_id"],
        "block_id": element["block_id"],
        "action_ts": f"{time.time():.6f}",
    }
    for name in ("value", "text"):
        if name in element:
            action[name] = element[name]
    if option is not None:
        action["selected_option"] = _option(element, option)
    payload: dict[str, Any] = {
        "type": "block_actions",
        "token": workspace.credentials.verification_token,
        "api_app_id": APP_ID,
        "team": {"id": workspace.team_id, "domain": workspace.team_domain},
        "enterprise": None,
        "is_enterprise_install": False,
        "user": {
            "id": user_id,
            "username": user.name if user else "nobody",
            "name": user.name if user else "nobody",
            "team_id": user.team_id if user else workspace.team_id,
        },
        "trigger_id": trigger_id,
        "actions": [{**action, **(forged or {})}],
    }
    if isinstance(place, View):
        payload["container"] = {"type": "view", "view_id": place.id}
        payload["view"] = view_document(place, workspace.team_id)
        return payload
    channel = workspace.channels.get(place.channel)
    payload["container"] = {
        "type": "message",
        "message_ts": place.ts,
        "channel_id": place.channel,
        "is_ephemeral": place.ephemeral_to is not None,
    }
    payload["channel"] = {"id": place.channel, "name": channel.name if channel else "privategroup"}
    payload["response_url"] = response_url
    payload["state"] = {"values": {}}
    if place.ephemeral_to is None:
        # Slack keeps no copy of an ephemeral message, so only others come along.
        payload["message"] = {
            "type": "message",
            "bot_id": BOT_ID,
            "user": BOT_USER_ID,
            "ts": place.ts,
            "text": place.text,
            "blocks": place.blocks,
        }
    return payload


def _option(element: Mapping[str, Any], value: str) -> Mapping[str, Any]:
    """Return the option of a menu with this value; an external menu's options are not known here."""
    options: list[Mapping[str, Any]] = element.get("options", [])
    return next(
        (o for o in options if o["value"] == value), {"text": {"type": "plain_text", "text": value}, "value": value}
    )
