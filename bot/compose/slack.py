"""Settings and answers in, a Bolt app with everything attached out.

Bolt would share five threads between acknowledgements and work. Here each has its own pool, so that slow questions
never cost an acknowledgement its three seconds, and the pool for work knows when it is full.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from dataclasses import dataclass

from slack_bolt import App
from slack_bolt.authorization import AuthorizeResult
from slack_sdk import WebClient

from bot.pipe.ports import AnswerSource
from bot.settings import Settings
from bot.telemetry.log import Telemetry
from handlers import register
from handlers.access import Gate
from handlers.admission import Admission, RateLimit
from handlers.boundary import Desk, tell_unfinished
from handlers.delivery import TIMEOUT_SECONDS, Delivery, retry_handlers
from handlers.incoming import Seen
from handlers.pools import AsidePool, WorkPool, ack_pool
from handlers.signed import SignedApp


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
            tell_unfinished(self.desk, request, stopping=True)
        return len(unfinished)


def build(settings: Settings, answers: AnswerSource, telemetry: Telemetry, *, on_lambda: bool = False) -> Bot:
    """Make the app. No request leaves the process: the token is tried when it is first needed."""
    work = WorkPool(telemetry, settings.workers, settings.queue)
    seen, deliver = Seen(), Delivery(telemetry)
    desk = Desk(
        answers=answers,
        gate=Gate(settings.access),
        telemetry=telemetry,
        deliver=deliver,
        seen=seen,
        admission=Admission(
            RateLimit(settings.requests_per_minute),
            # Lambda runs one request in each process; its own concurrency limit is the queue there.
            (lambda: True) if on_lambda else work.has_room,
            seen=seen,
            telemetry=telemetry,
            deliver=deliver,
            aside=_at_once if on_lambda else AsidePool(),
        ),
        longest_window_days=settings.longest_window_days,
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
        listener_executor=ack_pool(),
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
