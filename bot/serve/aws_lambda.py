"""AWS Lambda behind a Function URL or API Gateway: the handler is ``bot.serve.aws_lambda.handler``.

The app is built on import, which is Lambda's init phase. A question is acknowledged in one invocation and worked on in
a second one, which the function asks of itself; both may be delivered more than once.
"""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError
from slack_bolt import BoltRequest
from slack_bolt.adapter.aws_lambda import SlackRequestHandler
from slack_bolt.adapter.aws_lambda.lazy_listener_runner import LambdaLazyListenerRunner

from bot.app import Bot
from bot.aws.sessions import Clients, Patience
from bot.serve.start import bot_for, settings_from
from bot.settings import Mode
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
            _log.exception("The function can not invoke itself")
            tell_unfinished(self._bot.desk, request.body, stopping=False)


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


def _function(environment: Mapping[str, str]) -> Function:
    bot, _ = bot_for(settings_from(environment, Mode.LAMBDA), on_lambda=True)
    return Function(bot, environment.get("AWS_REGION", ""))


handler = _function(os.environ)
