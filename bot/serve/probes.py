"""What a platform and Prometheus ask of a long-running bot: ``/healthz``, ``/readyz`` and ``/metrics``."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterable
from socketserver import ThreadingMixIn
from typing import TYPE_CHECKING
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer, make_server

from prometheus_client import CONTENT_TYPE_LATEST

from bot.telemetry.metrics import MeasuredTelemetry

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIEnvironment

PATHS = ("/healthz", "/readyz", "/metrics")


class Probes:
    """A WSGI application. ``ready`` says whether a question would be heard now; being alive is answering at all."""

    def __init__(self, telemetry: MeasuredTelemetry, ready: Callable[[], bool]) -> None:
        self._telemetry = telemetry
        self._ready = ready

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one probe."""
        path, content_type = environ.get("PATH_INFO"), "text/plain; charset=utf-8"
        status, body = "200 OK", b"ok\n"
        if path == "/metrics":
            body, content_type = self._telemetry.exposition(), CONTENT_TYPE_LATEST
        elif path == "/readyz" and not self._ready():
            status, body = "503 Service Unavailable", b"not ready\n"
        elif path not in PATHS:
            status, body = "404 Not Found", b"not found\n"
        start_response(status, [("Content-Type", content_type), ("Content-Length", str(len(body)))])
        return [body]


class _Server(ThreadingMixIn, WSGIServer):
    daemon_threads = True


class _Quiet(WSGIRequestHandler):
    def log_message(self, *_: object) -> None:
        """Leave out access logs: a probe comes every few seconds."""


def serve_probes(probes: Probes, port: int) -> WSGIServer:
    """Serve the probes on all interfaces in threads of their own; the caller closes the server."""
    server = make_server("", port, probes, server_class=_Server, handler_class=_Quiet)
    threading.Thread(target=server.serve_forever, name="probes", daemon=True).start()
    return server
