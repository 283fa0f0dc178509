"""Which listener hears what: each request is admitted, acknowledged, then worked on lazily behind the boundary."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.reply import text, word
from bot.reply.buttons import Press
from bot.telemetry.log import Audit, Outcome
from handlers import actions, blocks, commands
from handlers.boundary import ARRIVED, Case, Desk, lazily, promptly
from handlers.delivery import Message, Modal
from handlers.incoming import COMMAND, Incoming, incoming

_MESSAGES: tuple[tuple[Press, Callable[[Case], None]], ...] = (
    (Press.SHARE, actions.share_answer),
    (Press.REFRESH, actions.refresh_answer),
    (Press.CHOOSE, actions.choose_connector),
)
_MODALS: tuple[tuple[Press, Callable[[Case], None]], ...] = (
    (Press.DETAILS, actions.show_details),
    (Press.QUERY, actions.show_query),
    (Press.POLICY, actions.show_policy),
)


def attach(app: App, desk: Desk) -> None:
    """Attach every listener. The command is the manifest's, whatever an operator has called it there."""
    middleware = [promptly(_admitting(desk))]
    app.command(re.compile("^/"), middleware=middleware)(
        ack=promptly(commands.acknowledge_command), lazy=[lazily(desk, commands.answer_command)]
    )
    for press, work in _MESSAGES:
        app.block_action(_action(press), middleware=middleware)(
            ack=promptly(actions.acknowledge_press), lazy=[lazily(desk, work)]
        )
    for press, work in _MODALS:
        app.block_action(_action(press), middleware=[*middleware, promptly(_expecting_modal(desk))])(
            ack=promptly(_opening_modal(desk)), lazy=[lazily(desk, work, in_modal=True)]
        )
    # Links are buttons too, and Slack shows a warning beside a press that nobody acknowledges.
    app.block_action(re.compile(""))(promptly(actions.acknowledge_press))


def _action(press: Press) -> re.Pattern[str]:
    return re.compile(rf"^{press}(-\d+)?$")


def _opening_modal(desk: Desk) -> Callable[..., None]:
    def open_modal(ack: Ack, body: dict[str, Any], client: WebClient) -> None:
        """Acknowledge, then show the modal within the 3 seconds that the press allows; it is filled in later."""
        ack()
        trigger_id = incoming(body).trigger_id
        try:
            Modal(client, trigger_id, desk.telemetry).open(blocks.modal(word.reading()))
        finally:
            desk.openings.end(trigger_id)

    return open_modal


def _expecting_modal(desk: Desk) -> Callable[..., BoltResponse]:
    # ``ack`` is what the boundary answers with where this fails.
    def expect_modal(
        ack: Ack,  # noqa: ARG001
        body: dict[str, Any],
        request: BoltRequest,
        next_: Callable[[], BoltResponse],
    ) -> BoltResponse:
        """Note, before opening and filling begin side by side, that the modal is on its way."""
        if not request.lazy_only:
            desk.openings.begin(incoming(body).trigger_id)
        return next_()

    return expect_modal


def _admitting(desk: Desk) -> Callable[..., BoltResponse | None]:
    def admit(ack: Ack, body: dict[str, Any], request: BoltRequest, next_: Callable[[], BoltResponse]) -> BoltResponse:
        """Let a request through once, unless the bot is full or this user has asked too often; they are told so."""
        request.context[ARRIVED] = time.monotonic()
        if request.lazy_only:  # admitted already, in the invocation that acknowledged it
            return next_()
        arrived = incoming(body)
        timed_out = "http_timeout" in request.headers.get("x-slack-retry-reason", ())
        if timed_out or not desk.seen.first("admission", arrived.trigger_id):  # it is being worked on
            return ack()
        refusal = desk.admission.refuses(arrived.asker.user)
        if refusal is None:
            return next_()
        desk.telemetry.question(_refused(arrived, refusal))
        reply = word.busy() if refusal is Outcome.BUSY else word.too_many()
        if arrived.kind == COMMAND:
            return ack(text=text.fallback(reply), response_type="ephemeral")
        message = Message(blocks.message(reply), text.fallback(reply))
        desk.aside(lambda: desk.post(arrived.response_url, message))
        return ack()

    return admit


def _refused(arrived: Incoming, refusal: Outcome) -> Audit:
    asker = arrived.asker
    return Audit(arrived.kind, arrived.reference, asker.user, asker.team, asker.channel, outcome=refusal)
