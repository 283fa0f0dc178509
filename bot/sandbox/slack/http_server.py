"""The HTTP side on loopback: ``/api/<method>`` and the hooks, with the failures that were ordered."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

from bot.sandbox.slack.answers import HttpAnswer, failed, read_body, refused
from bot.sandbox.slack.core import Core
from bot.sandbox.slack.faults import HANG
from bot.sandbox.slack.record import ApiCall
from bot.sandbox.slack.response_urls import refusal, respond
from bot.sandbox.slack.web_api import WebApi

#: A request that is ordered to hang is let go after this many seconds, with no answer.
HANG_SECONDS = 120.0


class _Server(ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256


class HttpServer:
    """Listens, reads requests, and keeps them with their answers."""

    def __init__(self, core: Core, web_api: WebApi) -> None:
        self._core = core
        self._web_api = web_api
        self._server = _Server(("127.0.0.1", 0), self._handler())
        self.origin = f"http://127.0.0.1:{self._server.server_address[1]}"
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.05,), name="slack-http", daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening and let go what hangs."""
        self._core.faults.clear()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(5)

    def answer(self, path: str, headers: Mapping[str, str], raw: bytes) -> HttpAnswer | None:
        """Answer one request; None where the connection closes without an answer."""
        is_api = path.startswith("/api/")
        method = path.removeprefix("/api/") if is_api else "response_url"
        at = time.monotonic()
        try:
            body = read_body(headers.get("Content-Type", ""), raw)
        except ValueError:
            body = {}
            answer: HttpAnswer | None = refused("invalid_json") if is_api else refusal("invalid_payload")
            injected = False
        else:
            answer, injected = self._answer_body(path, method, is_api, headers, body)
        kept = {name: value for name, value in body.items() if name != "token"}
        self._core.record.add_received(method, kept)
        status, error, problems = (answer.status, answer.error, answer.problems) if answer else (0, HANG, ())
        self._core.record.add_call(ApiCall(method, kept, status, error, problems, at, injected))
        return answer

    def _answer_body(
        self, path: str, method: str, is_api: bool, headers: Mapping[str, str], body: dict[str, Any]
    ) -> tuple[HttpAnswer | None, bool]:
        view = body.get("view")
        fault = self._core.faults.take(method, has_blocks=bool(body.get("blocks") or view))
        if fault is not None:
            if fault.how == HANG:
                self._core.faults.released.wait(HANG_SECONDS)
                return None, True
            return failed(fault) or (refused(fault.how) if is_api else refusal(fault.how)), True
        if is_api:
            token = headers.get("Authorization", "").removeprefix("Bearer ") or body.get("token")
            return self._web_api.call(method, token, body), False
        return respond(self._core, path, body), False

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        server = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                raw = self.rfile.read(int(self.headers.get("Content-Length", 0)))
                answer = server.answer(self.path.partition("?")[0], dict(self.headers), raw)
                if answer is None:
                    self.close_connection = True
                    return
                self.send_response(answer.status)
                for name, value in answer.headers.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(answer.body)))
                self.end_headers()
                self.wfile.write(answer.body)

            def log_message(self, format: str, *args: Any) -> None:  # noqa: A002 - the base class names it so
                """Keep standard error quiet: requests are in the record."""

        return Handler
