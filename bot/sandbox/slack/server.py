"""The embedded Slack as a test, the demo or another program uses it."""

from __future__ import annotations

import time
from collections.abc import Callable, Mapping
from types import TracebackType
from typing import Any, Literal, Self, TypeAlias

from bot.sandbox.slack.core import Core, Limits
from bot.sandbox.slack.deliver import Delivery, EnvelopeType
from bot.sandbox.slack.http_server import HttpServer
from bot.sandbox.slack.links import DropKind, LinkServer
from bot.sandbox.slack.payloads import block_action, find_element, slash_command
from bot.sandbox.slack.record import PATIENCE, ApiCall, Exchange, Message, View, Violation
from bot.sandbox.slack.web_api import WebApi
from bot.sandbox.slack.workspace import ALICE, OPS, Channel, User, Workspace

Via: TypeAlias = Literal["socket", "http"]


class EmbeddedSlack:
    """A Slack on loopback, in this process, that an unmodified app talks to through ``SLACK_API_BASE_URL``.

    It refuses what Slack refuses, keeps what it received, fails on order, and plays the users. A context manager;
    ``start`` opens it.
    """

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._core = Core(clock=clock)
        self._links = LinkServer(self._answered)
        self._http = HttpServer(self._core, WebApi(self._core, self._links.new_url))
        self._core.origin = self._http.origin
        self._delivery = Delivery(self._core, self._links)

    @classmethod
    def start(cls, clock: Callable[[], float] = time.monotonic) -> Self:
        """Open an embedded Slack. ``clock`` (seconds) ages its hooks and triggers."""
        return cls(clock)

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, traceback: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """Stop both servers; links are closed."""
        self._http.close()
        self._links.close()

    def reset(self) -> None:
        """Forget everything and go back to the defaults. Links stay up and tokens stay valid."""
        self._delivery.request_url = None
        self._core.reset()

    # --- for the app -------------------------------------------------------------------------------------------------

    @property
    def api_url(self) -> str:
        """``SLACK_API_BASE_URL``: loopback, with the slash at its end that slack_sdk joins method names to."""
        return f"{self._http.origin}/api/"

    @property
    def environment(self) -> dict[str, str]:
        """The SLACK_* variables for an app, in this process or another."""
        credentials = self.workspace.credentials
        return {
            "SLACK_API_BASE_URL": self.api_url,
            "SLACK_BOT_TOKEN": credentials.bot_token,
            "SLACK_APP_TOKEN": credentials.app_token,
            "SLACK_SIGNING_SECRET": credentials.signing_secret,
        }

    @property
    def request_url(self) -> str | None:
        """Where ``via="http"`` sends signed requests."""
        return self._delivery.request_url

    @request_url.setter
    def request_url(self, url: str | None) -> None:
        self._delivery.request_url = url

    @property
    def links(self) -> int:
        """How many Socket Mode links are up."""
        return self._links.count

    def wait_for_link(self, timeout: float = PATIENCE, count: int = 1) -> None:
        """Wait until the app is connected; raises ``TimeoutError``."""
        if not self._links.wait(count, timeout):
            raise TimeoutError(f"{self.links} of {count} Socket Mode links after {timeout:g} s")

    def drop_links(self, how: DropKind = "close") -> int:
        """Drop every link and return how many there were.

        ``close`` sends a closing frame, ``cut`` breaks the connection without one (slack_sdk then notices only by its
        pings), ``refresh`` and ``warning`` ask the app to reconnect and leave the link up until it does.
        """
        return self._links.drop(how)

    # --- users -------------------------------------------------------------------------------------------------------

    def command(
        self, text: str, *, user: User | str = ALICE, channel: Channel | str = OPS, via: Via = "socket"
    ) -> Exchange:
        """Let a user send ``/msk-role <text>`` in a channel. Returns at once; ask the exchange for ack and replies."""
        user_id, channel_id = _id(user), _id(channel)
        exchange = self._exchange("command", user_id, channel_id, via)
        payload = slash_command(
            self.workspace,
            text,
            user_id=user_id,
            channel_id=channel_id,
            response_url=self._core.new_hook(exchange, channel_id, user_id, None),
            trigger_id=self._core.new_trigger(exchange),
        )
        self._delivery.send(exchange, "slash_commands", payload)
        return exchange

    def click(
        self,
        place: Message | View,
        action_id: str,
        *,
        user: User | str | None = None,
        via: Via = "socket",
        option: str | None = None,
        **forged: Any,
    ) -> Exchange:
        """Let a user press a button, or choose ``option`` from a menu, in a message or modal.

        By default the user is the one who sees it. ``forged`` replaces fields of the action, as a tampered client
        could (``value="…"``). Raises ``LookupError``, naming the actions there are, where ``action_id`` is not on it.
        """
        block_id, element = find_element(place.blocks, action_id)
        user_id = _id(user) if user is not None else self._viewer(place)
        channel_id = place.channel if isinstance(place, Message) else None
        exchange = self._exchange("click", user_id, channel_id, via)
        view_id = place.id if isinstance(place, View) else None
        hook = self._core.new_hook(exchange, place.channel, user_id, place.ts) if isinstance(place, Message) else None
        payload = block_action(
            self.workspace,
            place,
            {**element, "block_id": block_id},
            user_id=user_id,
            response_url=hook,
            trigger_id=self._core.new_trigger(exchange, view_id),
            option=option,
            forged=forged,
        )
        self._delivery.send(exchange, "interactive", payload)
        return exchange

    def deliver(self, kind: EnvelopeType, payload: Mapping[str, Any], *, via: Via = "socket") -> Exchange:
        """Send a payload as it is, whatever it is."""
        doing = "command" if kind == "slash_commands" else "click"
        exchange = self._exchange(doing, str(payload.get("user_id", "")), payload.get("channel_id"), via)
        self._delivery.send(exchange, kind, payload)
        return exchange

    # --- what happened -----------------------------------------------------------------------------------------------

    @property
    def workspace(self) -> Workspace:
        """Team, users, channels, scopes and tokens; change them at will."""
        return self._core.workspace

    @property
    def users(self) -> dict[str, User]:
        """The people, by id."""
        return self._core.workspace.users

    @property
    def limits(self) -> Limits:
        """Slack's patience; change it at will."""
        return self._core.limits

    @property
    def views(self) -> list[View]:
        """Every modal as it stands, oldest first."""
        return self._core.record.views()

    def messages(self, channel: Channel | str | None = None, user: User | str | None = None) -> list[Message]:
        """Return the messages that stand in a channel (None: all), as one user sees it (None: everybody's)."""
        return self._core.record.visible(None if channel is None else _id(channel), None if user is None else _id(user))

    @property
    def deliveries(self) -> list[Message]:
        """Every message in the order of arrival, replaced and deleted ones included."""
        return self._core.record.deliveries()

    @property
    def calls(self) -> list[ApiCall]:
        """Every request to the Web API and to a ``response_url``, with its answer."""
        return list(self._core.record.calls)

    @property
    def refusals(self) -> list[ApiCall]:
        """The requests that were refused, other than those that ``fail`` ordered."""
        return self._core.record.refusals()

    @property
    def violations(self) -> list[Violation]:
        """What Slack would let pass and the bot must not do: pings, unescaped text, late acknowledgements."""
        return list(self._core.record.violations)

    @property
    def received(self) -> list[tuple[str, str]]:
        """Everything the app sent, as JSON text, with where it arrived; tokens left out."""
        return list(self._core.record.received)

    def wait_until(self, condition: Callable[[], bool], timeout: float = PATIENCE) -> None:
        """Wait until something holds; it is looked at whenever something arrives. Raises ``TimeoutError``."""
        if self._core.record.wait_for(lambda: condition() or None, timeout) is None:
            raise TimeoutError(f"did not happen within {timeout:g} s")

    # --- failures on order -------------------------------------------------------------------------------------------

    def fail(self, method: str, how: str, times: int | None = None, *, retry_after: int = 1) -> None:
        """Order a failure for a Web API method, for ``response_url``, or for ``*``; ``times`` None means until healed.

        ``how`` is ``ratelimited`` (429 with Retry-After), ``error-500``, ``hang``, ``garbage``,
        ``refused-with-200`` (a hook that says no politely), or any of Slack's error codes (``invalid_blocks``,
        ``expired_url``, ``channel_not_found``, …). Codes about blocks let a message without blocks through.
        """
        self._core.faults.add(method, how, times, retry_after)

    def heal(self) -> None:
        """Take back every failure, and let go what hangs."""
        self._core.faults.clear()

    # -----------------------------------------------------------------------------------------------------------------

    def _exchange(self, kind: str, user: str, channel: str | None, via: Via) -> Exchange:
        return Exchange(
            self._core.record, kind, user=user, channel=channel, via=via, limit=self._core.limits.ack_seconds
        )

    def _answered(self, envelope_id: str, payload: dict[str, Any] | None) -> None:
        exchange = next((x for x in self._core.record.exchanges if x.id == envelope_id), None)
        if exchange is not None:
            self._delivery.acknowledge(exchange, payload)

    def _viewer(self, place: Message | View) -> str:
        return place.user if isinstance(place, View) else place.ephemeral_to or ALICE.id


def _id(thing: User | Channel | str) -> str:
    return thing if isinstance(thing, str) else thing.id
