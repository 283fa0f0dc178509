"""The Socket Mode side: websocket links that carry envelopes to the app and acknowledgements back."""

from __future__ import annotations

import itertools
import json
import logging
import secrets
import socket
import threading
from collections.abc import Callable, Mapping
from contextlib import suppress
from http import HTTPStatus
from typing import Any, Literal, TypeAlias
from urllib.parse import parse_qs, urlsplit

from websockets.datastructures import Headers
from websockets.exceptions import ConnectionClosed
from websockets.frames import CloseCode
from websockets.http11 import Request, Response
from websockets.sync.server import Server, ServerConnection, serve

from bot.sandbox.slack.workspace import APP_ID

#: Slack admits ten links an app.
MAX_LINKS = 10

DropKind: TypeAlias = Literal["close", "cut", "refresh", "warning"]
_REASONS = {"refresh": "refresh_requested", "warning": "warning"}

_quiet = logging.getLogger("bot.sandbox.slack.websockets")
_quiet.setLevel(logging.CRITICAL)


class LinkServer:
    """Serves the links. ``on_answer`` gets each acknowledgement: envelope id and payload."""

    def __init__(self, on_answer: Callable[[str, dict[str, Any] | None], None]) -> None:
        self._on_answer = on_answer
        self._changed = threading.Condition()
        self._links: list[ServerConnection] = []
        self._turn = itertools.count()
        self._tickets: set[str] = set()
        self._server: Server = serve(
            self._serve_link,
            "127.0.0.1",
            0,
            process_request=self._admit,
            logger=_quiet,
            compression=None,
            ping_interval=None,
            close_timeout=1,
        )
        self._thread = threading.Thread(target=self._server.serve_forever, name="slack-links", daemon=True)
        self._thread.start()

    def new_url(self) -> str:
        """Return an address that opens one link, once."""
        ticket = secrets.token_urlsafe(16)
        self._tickets.add(ticket)
        port = self._server.socket.getsockname()[1]
        return f"ws://127.0.0.1:{port}/link/?ticket={ticket}&app_id={APP_ID}"

    @property
    def count(self) -> int:
        """How many links are up."""
        with self._changed:
            return len(self._links)

    def wait(self, count: int, timeout: float) -> bool:
        """Wait until at least ``count`` links are up."""
        with self._changed:
            return self._changed.wait_for(lambda: len(self._links) >= count, timeout)

    def send(self, envelope: Mapping[str, Any]) -> bool:
        """Send over the links in turn; False where none takes it."""
        text = json.dumps(envelope)
        with self._changed:
            links = list(self._links)
        first = next(self._turn)
        for offset in range(len(links)):
            try:
                links[(first + offset) % len(links)].send(text)
            except ConnectionClosed:
                continue
            return True
        return False

    def drop(self, how: DropKind) -> int:
        """Drop every link: by a closing frame, by cutting the connection, or by asking the app to come back."""
        with self._changed:
            links = list(self._links)
        for link in links:
            with suppress(ConnectionClosed):
                match how:
                    case "cut":
                        link.socket.shutdown(socket.SHUT_RDWR)
                    case "close":
                        link.close(CloseCode.GOING_AWAY)
                    case "refresh" | "warning":
                        link.send(json.dumps({"type": "disconnect", "reason": _REASONS[how]}))
        return len(links)

    def close(self) -> None:
        """Close every link and stop listening."""
        self._server.shutdown()
        self._thread.join(5)

    def _admit(self, _link: ServerConnection, request: Request) -> Response | None:
        ticket = parse_qs(urlsplit(request.path).query).get("ticket", [""])[0]
        if ticket not in self._tickets:
            return Response(HTTPStatus.FORBIDDEN, "Forbidden", Headers(), b"")
        self._tickets.discard(ticket)
        return None

    def _serve_link(self, link: ServerConnection) -> None:
        try:
            if self.count >= MAX_LINKS:
                link.send(json.dumps({"type": "disconnect", "reason": "too_many_websockets"}))
                return
            hello = {"type": "hello", "num_connections": self.count + 1, "connection_info": {"app_id": APP_ID}}
            link.send(json.dumps(hello))
            with self._changed:
                self._links.append(link)
                self._changed.notify_all()
            for text in link:
                self._take(text)
        except ConnectionClosed:
            pass
        finally:
            with self._changed:
                if link in self._links:
                    self._links.remove(link)
                self._changed.notify_all()

    def _take(self, text: str | bytes) -> None:
        answer = json.loads(text)
        payload = answer.get("payload")
        self._on_answer(str(answer.get("envelope_id")), payload if isinstance(payload, dict) else None)
