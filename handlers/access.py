"""Who may ask, and where an answer may be shown: pure decisions, and the cached look-ups in Slack that they need."""

from __future__ import annotations

import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from threading import Lock
from typing import Any, TypeVar

from cachetools import TTLCache
from slack_sdk import WebClient
from slack_sdk.web import SlackResponse

from bot.reply.refusal import Refusal
from bot.settings import AccessSettings

_log = logging.getLogger(__name__)

_KEEP_SECONDS = 600
_KEEP_ENTRIES = 2048

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Asker:
    """Where a question comes from, by Slack ids, as the signed payload says. Empty where the payload has none."""

    user: str
    team: str = ""
    enterprise: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Home:
    """The workspace, or the Enterprise Grid organisation, that the bot is installed in."""

    team: str
    enterprise: str = ""


@dataclass(frozen=True, slots=True)
class Person:
    """What ``users.info`` says about somebody."""

    team: str
    enterprise: str = ""
    guest: bool = False
    stranger: bool = False
    bot: bool = False
    deleted: bool = False


def refused_by_lists(asker: Asker, rules: AccessSettings) -> Refusal | None:
    """Say why the allow-lists refuse this, or None. Each list that is set must name where the question comes from."""
    if rules.teams and rules.teams.isdisjoint({asker.team, asker.enterprise}):
        return Refusal.TEAM_NOT_ALLOWED
    if rules.channels and asker.channel not in rules.channels:
        return Refusal.CHANNEL_NOT_ALLOWED
    if rules.users and asker.user not in rules.users:
        return Refusal.USER_NOT_ALLOWED
    return None


def refused_by_person(person: Person | None, home: Home | None) -> Refusal | None:
    """Say why this person may not ask, or None. What Slack would not tell (None) counts against them."""
    if person is None or home is None:
        return Refusal.UNKNOWN_PERSON
    if person.bot or person.deleted:
        return Refusal.NOT_A_PERSON
    same_team = person.team == home.team
    same_enterprise = bool(home.enterprise) and person.enterprise == home.enterprise
    if person.stranger or not (same_team or same_enterprise):
        return Refusal.OTHER_ORGANISATION
    return Refusal.GUEST if person.guest else None


def refused_to_share(shared_outside: bool | None, rules: AccessSettings) -> Refusal | None:
    """Say why an answer may not be shown to a channel, or None. ``shared_outside`` None: Slack would not tell."""
    if rules.share_to_external or shared_outside is False:
        return None
    return Refusal.UNKNOWN_CHANNEL if shared_outside is None else Refusal.SHARED_CHANNEL


class Gate:
    """The decisions for one bot: its rules, and what Slack says about people and channels."""

    def __init__(self, rules: AccessSettings, directory: Directory | None = None) -> None:
        self._rules = rules
        self._directory = directory or Directory()

    def refuses(self, client: WebClient, asker: Asker) -> Refusal | None:
        """Say why this question gets no answer, or None. Slack is asked only about people whom no list names."""
        refusal = refused_by_lists(asker, self._rules)
        if refusal or asker.user in self._rules.users:
            return refusal
        return refused_by_person(self._directory.person(client, asker.user), self._directory.home(client))

    def refuses_to_share(self, client: WebClient, channel: str) -> Refusal | None:
        """Say why an answer is not shown to this channel, or None."""
        if self._rules.share_to_external:
            return None
        return refused_to_share(self._directory.shared_outside(client, channel), self._rules)


class Directory:
    """Cached answers of ``auth.test``, ``users.info`` and ``conversations.info``; a failure is not kept.

    Any error of the client means that Slack would not tell.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._lock = Lock()
        self._homes: TTLCache[str, Home] = TTLCache(1, _KEEP_SECONDS, clock)
        self._people: TTLCache[str, Person] = TTLCache(_KEEP_ENTRIES, _KEEP_SECONDS, clock)
        self._shared: TTLCache[str, bool] = TTLCache(_KEEP_ENTRIES, _KEEP_SECONDS, clock)

    def home(self, client: WebClient) -> Home | None:
        """Where the bot is installed, or None where Slack would not tell."""
        return self._kept(self._homes, "", lambda: _home(client.auth_test()))

    def person(self, client: WebClient, user: str) -> Person | None:
        """Who somebody is, or None where Slack would not tell."""
        return self._kept(self._people, user, lambda: _person(client.users_info(user=user)["user"]))

    def shared_outside(self, client: WebClient, channel: str) -> bool | None:
        """Whether other organisations can read a channel, or None where Slack would not tell."""
        return self._kept(self._shared, channel, lambda: _shared(client.conversations_info(channel=channel)["channel"]))

    def _kept(self, cache: TTLCache[str, Value], key: str, read: Callable[[], Value]) -> Value | None:
        with self._lock:
            kept = cache.get(key)
        if kept is not None:
            return kept
        try:
            value = read()
        except Exception as error:  # noqa: BLE001  refused, unreachable, misshapen: each means that Slack would not tell
            _log.warning("Slack would not tell what access depends on: %s", error)
            return None
        with self._lock:
            cache[key] = value
        return value


def _home(answer: SlackResponse) -> Home:
    return Home(str(answer["team_id"]), str(answer.get("enterprise_id") or ""))


def _person(user: dict[str, Any]) -> Person:
    enterprise = user.get("enterprise_user") or {}
    return Person(
        team=str(user.get("team_id") or ""),
        enterprise=str(enterprise.get("enterprise_id") or ""),
        guest=bool(user.get("is_restricted") or user.get("is_ultra_restricted")),
        stranger=bool(user.get("is_stranger")),
        bot=bool(user.get("is_bot")),
        deleted=bool(user.get("deleted")),
    )


def _shared(channel: dict[str, Any]) -> bool:
    return bool(channel.get("is_ext_shared") or channel.get("is_pending_ext_shared"))
