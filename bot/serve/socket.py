"""Socket Mode: the bot opens the connection to Slack itself and needs no public address."""

from __future__ import annotations

import logging
import signal
import threading
import time
from contextlib import ExitStack, suppress
from http.client import HTTPException
from socket import SHUT_RDWR

from slack_bolt.adapter.socket_mode import SocketModeHandler
from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.socket_mode import SocketModeClient
from slack_sdk.socket_mode.request import SocketModeRequest

from bot.compose.running import put_together
from bot.compose.slack import Bot
from bot.pipe.ports import pauses
from bot.serve.probes import Probes, serve_probes
from bot.serve.start import end
from bot.settings import Settings
from handlers.delivery import TIMEOUT_SECONDS, retry_handlers

_log = logging.getLogger(__name__)

#: Threads that hand deliveries to Bolt; each is held only until the delivery is acknowledged.
_DELIVERIES = 16
#: A link that is cut without a word is noticed after four of these.
_PING_SECONDS = 3
_FIRST_PAUSE_SECONDS = 1.0
_LONGEST_PAUSE_SECONDS = 30.0
_LAST_ACKS_SECONDS = 2.0
#: Slack's words for tokens that no waiting will make good.
_HOPELESS = frozenset(
    {
        "account_inactive",
        "invalid_auth",
        "missing_scope",
        "not_allowed_token_type",
        "not_authed",
        "token_expired",
        "token_revoked",
    }
)


class TokenRefused(Exception):  # noqa: N818  told to the operator as it is
    """Slack does not accept a token; ``str`` names the token's setting and Slack's word for it."""


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT.

    Raises TokenRefused; a Slack that cannot be reached is tried until it can.
    """
    stopping = threading.Event()
    for name in (signal.SIGTERM, signal.SIGINT):
        signal.signal(name, lambda *_: stopping.set())
    running = put_together(settings)
    running.source.warm_up()
    link = Link(running.bot, settings)
    with ExitStack() as stack:
        if settings.metrics_port:
            stack.callback(serve_probes(Probes(running.telemetry, link.up), settings.metrics_port).shutdown)
        if link.connect(stopping):
            _log.info("Ready for questions")
            stopping.wait()
        _log.info("Stopping")
        deadline = time.monotonic() + settings.drain_seconds
        link.close()
        interrupted = running.bot.stop(max(0.0, deadline - time.monotonic()))
    end(interrupted)


class _Handler(SocketModeHandler):
    """Bolt's handler, which also knows how many deliveries it has not acknowledged yet."""

    def __init__(self, bot: Bot, settings: Settings) -> None:
        super().__init__(
            bot.slack,
            settings.app_token,
            web_client=_web_client(settings),
            ping_interval=_PING_SECONDS,
            concurrency=_DELIVERIES,
        )
        self.unacknowledged = 0
        self._counting = threading.Lock()

    def handle(self, client: SocketModeClient, req: SocketModeRequest) -> None:  # type: ignore[override]
        """Hand one delivery to Bolt and send its acknowledgement."""
        self._count(1)
        try:
            super().handle(client, req)
        finally:
            self._count(-1)

    def _count(self, change: int) -> None:
        with self._counting:
            self.unacknowledged += change


class Link:
    """The connection to Slack."""

    def __init__(self, bot: Bot, settings: Settings) -> None:
        self._settings = settings
        self._handler = _Handler(bot, settings)

    def up(self) -> bool:
        """Whether a question asked in Slack would be heard."""
        return self._handler.client.is_connected()

    def connect(self, stopping: threading.Event) -> bool:
        """Connect, however long it takes, unless ``stopping`` is set first; return whether it did.

        Raises TokenRefused. Once this has connected, slack_sdk keeps the link up by itself.
        """
        for pause in pauses(_FIRST_PAUSE_SECONDS, _LONGEST_PAUSE_SECONDS):
            if stopping.is_set():
                break
            try:
                self._try_to_connect()
            except SlackApiError as refused:
                self._explain(refused)
            except (OSError, HTTPException, SlackClientError, ValueError) as failed:
                _log.warning("Slack cannot be reached", extra={"data": {"cause": type(failed).__name__}})
            if self.up():
                return True
            _log.warning("No link to Slack yet", extra={"data": {"retry_in_seconds": pause}})
            stopping.wait(pause)
        return False

    def _try_to_connect(self) -> None:
        client = _web_client(self._settings)
        client.auth_test(token=self._settings.bot_token)
        # Asked here first: slack_sdk would sleep through a rate limit, deaf to SIGTERM.
        self._handler.client.wss_uri = str(client.apps_connections_open(app_token=self._settings.app_token)["url"])
        self._handler.client.connect()

    def _explain(self, refused: SlackApiError) -> None:
        code = str(refused.response.get("error") or refused.response.status_code)
        method = "SLACK_APP_TOKEN" if "apps.connections.open" in refused.response.api_url else "SLACK_BOT_TOKEN"
        if code in _HOPELESS:
            raise TokenRefused(f"Slack does not accept {method}: {code}")
        _log.warning("Slack refused a connection", extra={"data": {"token": method, "cause": code[:80]}})

    def close(self) -> None:
        """Hear nothing more from Slack; what has been heard is acknowledged first."""
        client = self._handler.client
        client.auto_reconnect_enabled = False
        deadline = time.monotonic() + _LAST_ACKS_SECONDS
        while time.monotonic() < deadline and (self._handler.unacknowledged or not client.message_queue.empty()):
            time.sleep(0.02)
        session = client.current_session
        if session is not None and session.sock is not None:
            # Otherwise slack_sdk waits until its blocking read times out, 3 seconds.
            with suppress(OSError):
                session.sock.shutdown(SHUT_RDWR)
        client.close()


def _web_client(settings: Settings) -> WebClient:
    return WebClient(
        base_url=settings.slack_api_base_url,
        timeout=TIMEOUT_SECONDS,
        retry_handlers=retry_handlers(),
        logger=logging.getLogger("slack_sdk"),
    )
