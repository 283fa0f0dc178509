"""AWS Lambda: one question is acknowledged in one invocation, and worked on in another that the function asks for.

Both may be delivered more than once.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping
from functools import cached_property
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from slack_bolt import BoltRequest
from slack_bolt.adapter.aws_lambda import SlackRequestHandler
from slack_bolt.adapter.aws_lambda.lazy_listener_runner import LambdaLazyListenerRunner

from bot.aws.sessions import Clients, Patience
from bot.compose.slack import Bot, build
from bot.model import Answer, Question
from bot.pipe.ports import AnswerSource
from bot.serve.start import settings_from
from bot.settings import Mode, Settings
from bot.telemetry.log import Telemetry
from handlers.boundary import tell_unfinished

_log = logging.getLogger(__name__)


#: The invocation that asks for another one has Slack's 3 seconds for everything.
_PATIENCE = Patience(connect_seconds=0.7, read_seconds=1.5, attempts=2)

_BAD_REQUEST: dict[str, Any] = {"statusCode": 400, "body": "", "headers": {}}


class SelfInvocation(LambdaLazyListenerRunner):
    """Asks Lambda to run this function again for the work, and tells the user where Lambda refuses."""

    def __init__(self, bot: Bot, clients: Clients, region: str) -> None:
        super().__init__(_log)
        self._bot, self._clients, self._region = bot, clients, region

    def start(self, function: Callable[..., None], request: BoltRequest) -> None:
        """Start the work in another invocation."""
        try:
            self.lambda_client = self._clients.client("lambda", self._region)
            super().start(function, request)
        except (ClientError, BotoCoreError):
            _log.exception("The function cannot invoke itself")
            tell_unfinished(self._bot.desk, request, stopping=False)


class Function:
    """What Lambda calls, for one bot."""

    def __init__(self, bot: Bot, region: str) -> None:
        self._requests = SlackRequestHandler(bot.slack)
        bot.slack.listener_runner.lazy_listener_runner = SelfInvocation(bot, Clients(patience=_PATIENCE), region)

    def __call__(self, event: Mapping[str, Any], context: Any) -> dict[str, Any]:
        """Answer one event of a Function URL or of API Gateway (either payload version)."""
        if not isinstance(event.get("headers"), dict) or not isinstance(event.get("body"), str):
            return _BAD_REQUEST
        complete = {"isBase64Encoded": False, **event, "headers": dict(event["headers"])}
        try:
            response: dict[str, Any] = self._requests.handle(complete, context)  # type: ignore[no-untyped-call]
        except ValueError:  # a body that is no base64, or no text
            return _BAD_REQUEST
        return response


class LateAnswers:
    """Answers whose sources are put together for the first question: an acknowledgement must not wait for them."""

    def __init__(self, settings: Settings, telemetry: Telemetry) -> None:
        self._settings, self._telemetry = settings, telemetry

    def ask(self, question: Question, *, fresh: bool = False) -> Answer:
        """Answer the question; raises ``Unanswerable``."""
        return self._answers.ask(question, fresh=fresh)

    @cached_property
    def _answers(self) -> AnswerSource:
        from bot.compose.aws import answers_for, aws  # noqa: PLC0415  as the class says

        return answers_for(self._settings, aws(self._settings, self._telemetry))


def function(environment: Mapping[str, str]) -> Function:
    """Make what Lambda calls; raises SettingsError."""
    settings, telemetry = settings_from(environment, Mode.LAMBDA), Telemetry()
    bot = build(settings, LateAnswers(settings, telemetry), telemetry, on_lambda=True)
    return Function(bot, environment.get("AWS_REGION", ""))
