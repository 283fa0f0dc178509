"""The composition root for Slack's side: settings and answers in, a Bolt app with everything attached out.

Bolt would share five threads between acknowledgements and work. Here each has its own pool, so that slow questions
never cost an acknowledgement its three seconds, and the pool for work knows when it is full.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from http import HTTPStatus
from threading import BoundedSemaphore, Condition
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse
from slack_bolt.authorization import AuthorizeResult
from slack_bolt.lazy_listener import LazyListenerRunner
from slack_sdk import WebClient

from bot.settings import Settings
from bot.telemetry import Telemetry
from handlers import register
from handlers.access import Gate
from handlers.admission import Admission, RateLimit
from handlers.boundary import Answers, Desk, Seen, tell_unfinished
from handlers.delivery import TIMEOUT_SECONDS, Openings, Post, retry_handlers

_log = logging.getLogger(__name__)

_ACK_WORKERS = 16
_ASIDE_WORKERS = 2
_ASIDE_WAITING = 64


class WorkPool(LazyListenerRunner):
    """Bolt's runner for lazy listeners, on threads of its own. It knows what it has not finished."""

    def __init__(self, telemetry: Telemetry, workers: int, queue: int) -> None:
        self.logger = _log
        self._threads = ThreadPoolExecutor(workers, thread_name_prefix="work")
        self._limit = workers + queue
        self._telemetry = telemetry
        self._changed = Condition()
        self._requests: dict[int, BoltRequest] = {}

    def has_room(self) -> bool:
        """Whether one more question may be taken on. A few that arrive at the same moment may be taken on together."""
        return len(self._requests) < self._limit

    def start(self, function: Callable[..., None], request: BoltRequest) -> None:
        """Work on a request as soon as a thread is free."""
        with self._changed:
            self._requests[id(request)] = request
            self._telemetry.pending(len(self._requests))
        try:
            self._threads.submit(self.run, function, request).add_done_callback(lambda _: self._finished(request))
        except RuntimeError:  # shut down: the request stays among the unfinished, who are told
            _log.warning("A request came in while the bot was stopping")

    def _finished(self, request: BoltRequest) -> None:
        with self._changed:
            self._requests.pop(id(request), None)
            self._telemetry.pending(len(self._requests))
            self._changed.notify_all()

    def drain(self, seconds: float) -> list[BoltRequest]:
        """Take no more work, wait until all is finished or the time is up, and return the requests left unfinished."""
        with self._changed:
            self._changed.wait_for(lambda: not self._requests, seconds)
            unfinished = list(self._requests.values())
        self._threads.shutdown(wait=False, cancel_futures=True)
        return unfinished


class AsidePool:
    """A few threads for small things that nobody is promised; what does not fit is dropped."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(_ASIDE_WORKERS, thread_name_prefix="aside")
        self._room = BoundedSemaphore(_ASIDE_WAITING)

    def __call__(self, task: Callable[[], object]) -> None:
        """Run the task soon, or drop it."""
        if self._room.acquire(blocking=False):
            self._threads.submit(task).add_done_callback(lambda _: self._room.release())


class SignedApp(App):
    """Bolt's app, which also counts the requests whose signature does not hold."""

    def __init__(self, telemetry: Telemetry, **options: Any) -> None:
        super().__init__(**options)
        self._telemetry = telemetry

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer one request from Slack."""
        # Bolt's check of the signature raises on a time that is no number, which would be an error of ours.
        times = req.headers.get("x-slack-request-timestamp", ["0"])
        well_formed = req.mode == "socket_mode" or all(re.fullmatch(r"\d{1,12}", time, re.ASCII) for time in times)
        response = super().dispatch(req) if well_formed else BoltResponse(status=HTTPStatus.UNAUTHORIZED)
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._telemetry.bad_signature()
        return response


@dataclass(frozen=True, slots=True)
class Bot:
    """One running bot: Slack's app, and what it takes to stop it without losing a question."""

    slack: App
    work: WorkPool
    desk: Desk
    telemetry: Telemetry

    def stop(self, seconds: float) -> int:
        """Let running questions finish, tell those who would wait in vain, and return how many were told.

        Nothing may come in from Slack any more when this is called.
        """
        unfinished = self.work.drain(seconds)
        for request in unfinished:
            tell_unfinished(self.desk, request.body, stopping=True)
        return len(unfinished)


def build(settings: Settings, answers: Answers, telemetry: Telemetry, *, on_lambda: bool = False) -> Bot:
    """Make the app. No request leaves the process: the token is tried when it is first needed."""
    work = WorkPool(telemetry, settings.workers, settings.queue)
    desk = Desk(
        answers=answers,
        gate=Gate(settings.access),
        telemetry=telemetry,
        post=Post(telemetry),
        seen=Seen(),
        openings=Openings(),
        # Lambda runs one request in each process; its own concurrency limit is the queue there.
        admission=Admission(RateLimit(settings.requests_per_minute), (lambda: True) if on_lambda else work.has_room),
        longest_window_days=settings.longest_window_days,
        aside=_at_once if on_lambda else AsidePool(),
    )
    app = SignedApp(
        telemetry,
        # Bolt gives its own loggers the level of this one.
        logger=logging.getLogger("slack_bolt"),
        name="msk-role",
        client=WebClient(
            base_url=settings.slack_api_base_url, timeout=TIMEOUT_SECONDS, retry_handlers=retry_handlers()
        ),
        signing_secret=settings.signing_secret,
        authorize=_always(settings.bot_token),
        process_before_response=on_lambda,
        listener_executor=ThreadPoolExecutor(_ACK_WORKERS, thread_name_prefix="ack"),
    )
    app.listener_runner.lazy_listener_runner = work
    register(app, desk)
    return Bot(app, work, desk, telemetry)


def _at_once(task: Callable[[], object]) -> None:
    task()


def _always(bot_token: str) -> Callable[..., AuthorizeResult]:
    """Authorise each request with the one token there is, without asking Slack about it first."""

    def authorize(enterprise_id: str | None, team_id: str | None) -> AuthorizeResult:
        return AuthorizeResult(enterprise_id=enterprise_id, team_id=team_id, bot_token=bot_token)

    return authorize
