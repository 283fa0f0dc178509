"""HTTP: Slack connects to the bot. Bolt's WSGI adapter under gunicorn, one process with threads."""

from __future__ import annotations

import logging
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

from gunicorn.app.base import BaseApplication
from gunicorn.glogging import Logger
from slack_bolt.adapter.wsgi import SlackRequestHandler

from bot.compose.running import RunningBot, put_together
from bot.serve.probes import PATHS, Probes
from bot.serve.start import end
from bot.settings import Settings

if TYPE_CHECKING:
    from wsgiref.types import StartResponse, WSGIApplication, WSGIEnvironment

_log = logging.getLogger(__name__)

#: A request holds its thread only until it is acknowledged.
_THREADS = 16
#: Slack's requests are a few kilobytes; a longer body is not read into memory.
_LONGEST_BODY = 1_000_000


class _ToRoot(Logger):  # type: ignore[misc]  # gunicorn has no type information
    """gunicorn's messages among all others: structured, redacted, on standard error."""

    def setup(self, cfg: Any) -> None:
        """Take gunicorn's own handlers away."""
        super().setup(cfg)
        self.error_log.handlers.clear()
        self.error_log.propagate = True


class _Application:
    """Slack's requests and the probes, on one port."""

    def __init__(self, running: RunningBot) -> None:
        self._slack = SlackRequestHandler(running.bot.slack)
        self._probes = Probes(running.telemetry, lambda: True)

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        """Answer one request."""
        if environ.get("PATH_INFO") in PATHS:
            return self._probes(environ, start_response)
        length = str(environ.get("CONTENT_LENGTH") or "0")
        if not length.isdigit() or int(length) > _LONGEST_BODY:
            start_response("413 Content Too Large", [("Content-Length", "0")])
            return [b""]
        return self._slack(environ, start_response)


class _Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no type information
    """gunicorn, configured here and nowhere else: no files, no command line, no environment."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings
        self._running = put_together(settings)
        super().__init__()

    def load_config(self) -> None:
        """Set what differs from gunicorn's defaults."""
        for name, value in {
            "bind": f"0.0.0.0:{self._settings.http_port}",
            # One process: the limits for users and the kept answers hold for all requests. Replicas give more.
            "workers": 1,
            "worker_class": "gthread",
            "threads": _THREADS,
            "keepalive": 75,
            # The worker drains in worker_exit, after its last response; only then may it be killed.
            "graceful_timeout": int(self._settings.drain_seconds) + 5,
            "timeout": 60,
            "worker_exit": self._worker_exit,
            "control_socket_disable": True,
            "logger_class": _ToRoot,
            "proc_name": "msk-role",
        }.items():
            self.cfg.set(name, value)

    def load(self) -> WSGIApplication:
        """Start serving, in the worker: here and not before the fork, which threads and connections do not survive."""
        self._running.source.warm_up()
        _log.info("Ready for questions")
        return _Application(self._running)

    def _worker_exit(self, _arbiter: Any, _worker: Any) -> None:
        end(self._running.bot.stop(self._settings.drain_seconds))


def run(settings: Settings) -> None:
    """Run until SIGTERM or SIGINT; gunicorn ends the process. Raises SettingsError."""
    _Server(settings).run()
