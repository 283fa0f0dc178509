"""The Web API methods the bot and Bolt call, with the checks Slack makes before it answers."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.sandbox.slack.answers import HttpAnswer, as_json, refused
from bot.sandbox.slack.blocks import refuse_view
from bot.sandbox.slack.core import Core, Trigger
from bot.sandbox.slack.escaping import violations
from bot.sandbox.slack.record import Exchange, View
from bot.sandbox.slack.workspace import APP_ID, BOT_ID, BOT_USER_ID, Channel, Kind, Standing

Body = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Method:
    """A method: what answers it, and the scope its token must hold (None: any bot token)."""

    answer: Callable[[Body], HttpAnswer]
    scope: str | None = None
    app_level: bool = False


class WebApi:
    """Answers ``/api/<method>``."""

    def __init__(self, core: Core, new_link_url: Callable[[], str]) -> None:
        self._core = core
        self._new_link_url = new_link_url
        self._methods: Mapping[str, Method] = {
            "api.test": Method(lambda _: as_json({"ok": True})),
            "auth.test": Method(self._auth_test),
            "apps.connections.open": Method(self._connections_open, app_level=True),
            "bots.info": Method(self._bots_info, "users:read"),
            "chat.postEphemeral": Method(self._post_ephemeral, "chat:write"),
            "chat.postMessage": Method(self._post_message, "chat:write"),
            "conversations.info": Method(self._conversations_info),
            "team.info": Method(self._team_info, "team:read"),
            "users.info": Method(self._users_info, "users:read"),
            "views.open": Method(self._views_open),
            "views.push": Method(self._views_push),
            "views.update": Method(self._views_update),
        }

    def call(self, name: str, token: str | None, body: Body) -> HttpAnswer:
        """Answer one request."""
        method = self._methods.get(name)
        if method is None:
            return refused("unknown_method", req_method=name)
        credentials = self._core.workspace.credentials
        if not token:
            return refused("not_authed")
        if token not in (credentials.bot_token, credentials.app_token):
            return refused("invalid_auth")
        if (token == credentials.app_token) is not method.app_level:
            return refused("not_allowed_token_type")
        if method.scope is not None and (missing := self._lacks(method.scope)):
            return missing
        answer = method.answer(body)
        scopes = "connections:write" if method.app_level else ",".join(sorted(self._core.workspace.scopes))
        return HttpAnswer(
            answer.status, answer.body, {**answer.headers, "X-OAuth-Scopes": scopes}, answer.error, answer.problems
        )

    def _lacks(self, scope: str) -> HttpAnswer | None:
        held = self._core.workspace.scopes
        if scope in held:
            return None
        return refused("missing_scope", needed=scope, provided=",".join(sorted(held)))

    # --- who and what ------------------------------------------------------------------------------------------------

    def _auth_test(self, _: Body) -> HttpAnswer:
        workspace = self._core.workspace
        return as_json(
            {
                "ok": True,
                "url": f"https://{workspace.team_domain}.slack.com/",
                "team": workspace.team_name,
                "user": "msk-role",
                "team_id": workspace.team_id,
                "user_id": BOT_USER_ID,
                "bot_id": BOT_ID,
                "is_enterprise_install": False,
            }
        )

    def _connections_open(self, _: Body) -> HttpAnswer:
        return as_json({"ok": True, "url": self._new_link_url()})

    def _bots_info(self, body: Body) -> HttpAnswer:
        if body.get("bot") not in (None, BOT_ID):
            return refused("bot_not_found")
        bot = {"id": BOT_ID, "deleted": False, "name": "msk-role", "app_id": APP_ID, "user_id": BOT_USER_ID}
        return as_json({"ok": True, "bot": bot})

    def _team_info(self, _: Body) -> HttpAnswer:
        workspace = self._core.workspace
        team = {"id": workspace.team_id, "name": workspace.team_name, "domain": workspace.team_domain}
        return as_json({"ok": True, "team": team})

    def _users_info(self, body: Body) -> HttpAnswer:
        user = self._core.workspace.users.get(str(body.get("user")))
        if user is None:
            return refused("user_not_found")
        standing = user.standing
        document: dict[str, Any] = {
            "id": user.id,
            "team_id": user.team_id,
            "name": user.name,
            "real_name": user.name.title(),
            "deleted": standing is Standing.DELETED,
            "is_bot": False,
            "is_app_user": False,
        }
        if standing is not Standing.DELETED:
            document |= {
                "is_admin": False,
                "is_owner": False,
                "is_restricted": standing in (Standing.GUEST, Standing.SINGLE_CHANNEL_GUEST),
                "is_ultra_restricted": standing is Standing.SINGLE_CHANNEL_GUEST,
            }
        if standing is Standing.STRANGER:
            document["is_stranger"] = True
        return as_json({"ok": True, "user": document})

    def _conversations_info(self, body: Body) -> HttpAnswer:
        channel = self._core.workspace.channels.get(str(body.get("channel")))
        hidden = channel is not None and channel.kind is not Kind.PUBLIC and not channel.bot_is_member
        if channel is None or hidden:
            return refused("channel_not_found")
        if missing := self._lacks("groups:read" if channel.kind is Kind.PRIVATE else "channels:read"):
            return missing
        shared = bool(channel.shared_with)
        document = {
            "id": channel.id,
            "name": channel.name,
            "is_channel": channel.kind is Kind.PUBLIC,
            "is_group": channel.kind is Kind.PRIVATE,
            "is_private": channel.kind is Kind.PRIVATE,
            "is_im": False,
            "is_mpim": False,
            "is_archived": channel.archived,
            "is_member": channel.bot_is_member,
            "is_shared": shared,
            "is_org_shared": False,
            "is_ext_shared": shared,
            "is_pending_ext_shared": channel.pending_shared,
            "context_team_id": self._core.workspace.team_id,
            "shared_team_ids": [self._core.workspace.team_id, *channel.shared_with],
        }
        return as_json({"ok": True, "channel": document})

    # --- messages ----------------------------------------------------------------------------------------------------

    def _postable(self, body: Body) -> Channel | HttpAnswer:
        channel = self._core.workspace.channels.get(str(body.get("channel")))
        if channel is None or (channel.kind is not Kind.PUBLIC and not channel.bot_is_member):
            return refused("channel_not_found")
        if not channel.bot_is_member:
            return refused("not_in_channel")
        if channel.archived:
            return refused("is_archived")
        refusal = self._core.examine(body)
        return refused(refusal.error, refusal.problems) if refusal else channel

    def _post_message(self, body: Body) -> HttpAnswer:
        channel = self._postable(body)
        if isinstance(channel, HttpAnswer):
            return channel
        exchange = self._core.record.latest_exchange(channel.id, None)
        message = self._core.show(
            body, source="chat.postMessage", channel=channel.id, ephemeral_to=None, exchange=exchange
        )
        document = {"type": "message", "text": message.text, "blocks": message.blocks, "ts": message.ts}
        return as_json({"ok": True, "channel": channel.id, "ts": message.ts, "message": document})

    def _post_ephemeral(self, body: Body) -> HttpAnswer:
        user = str(body.get("user"))
        if user not in self._core.workspace.users:
            return refused("user_not_in_channel")
        channel = self._postable(body)
        if isinstance(channel, HttpAnswer):
            return channel
        exchange = self._core.record.latest_exchange(channel.id, user)
        message = self._core.show(
            body, source="chat.postEphemeral", channel=channel.id, ephemeral_to=user, exchange=exchange
        )
        return as_json({"ok": True, "message_ts": message.ts})

    # --- modals ------------------------------------------------------------------------------------------------------

    def _views_open(self, body: Body) -> HttpAnswer:
        return self._with_trigger(body, push=False)

    def _views_push(self, body: Body) -> HttpAnswer:
        return self._with_trigger(body, push=True)

    def _with_trigger(self, body: Body, *, push: bool) -> HttpAnswer:
        trigger = self._core.use_trigger(str(body.get("trigger_id")))
        if isinstance(trigger, str):
            return refused(trigger)
        if refusal := refuse_view(body.get("view")):
            return refused(refusal.error, refusal.problems)
        return self._show_view(body["view"], trigger, push=push)

    def _show_view(self, view: Body, trigger: Trigger, *, push: bool) -> HttpAnswer:
        record = self._core.record
        under = record.view(trigger.view_id) if push and trigger.view_id else None
        if push and under is None:
            return refused("invalid_trigger_id")
        if under and under.previous_id and under.previous_id != under.root_id:
            return refused("push_limit_reached")
        view_id = record.new_id("V")
        shown = View(
            id=view_id,
            hash=record.new_ts(),
            body=view,
            user=trigger.exchange.user,
            exchange=trigger.exchange.id,
            root_id=under.root_id if under else view_id,
            previous_id=under.id if under else None,
        )
        return self._put(shown, trigger.exchange)

    def _views_update(self, body: Body) -> HttpAnswer:
        record = self._core.record
        external = body.get("external_id")
        view = next((v for v in record.views() if external and v.body.get("external_id") == external), None)
        view = view or record.view(str(body.get("view_id")))
        if view is None:
            return refused("not_found")
        if body.get("hash") not in (None, view.hash):
            return refused("hash_conflict")
        if refusal := refuse_view(body.get("view")):
            return refused(refusal.error, refusal.problems)
        exchange = next((x for x in record.exchanges if x.id == view.exchange), None)
        shown = View(
            id=view.id,
            hash=record.new_ts(),
            body=body["view"],
            user=view.user,
            exchange=view.exchange,
            root_id=view.root_id,
            previous_id=view.previous_id,
            version=view.version + 1,
        )
        return self._put(shown, exchange)

    def _put(self, view: View, exchange: Exchange | None) -> HttpAnswer:
        for detail in violations(view.body, exchange.user if exchange else None):
            self._core.record.add_violation("unescaped", f"view: {detail}")
        self._core.record.put_view(view)
        return as_json({"ok": True, "view": view_document(view, self._core.workspace.team_id)})


def view_document(view: View, team_id: str) -> dict[str, Any]:
    """Describe a modal as Slack does in answers and in payloads."""
    defaults = {"private_metadata": "", "callback_id": "", "external_id": "", "close": None, "submit": None}
    return {
        **defaults,
        **view.body,
        "id": view.id,
        "team_id": team_id,
        "app_id": APP_ID,
        "bot_id": BOT_ID,
        "hash": view.hash,
        "root_view_id": view.root_id,
        "previous_view_id": view.previous_id,
        "state": {"values": {}},
    }
