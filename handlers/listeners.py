"""Which listener hears what: each request is admitted, acknowledged, then worked on lazily behind the boundary."""

from __future__ import annotations

import re
from collections.abc import Callable

from slack_bolt import Ack, App, BoltRequest, BoltResponse
from slack_sdk import WebClient

from bot.reply import word
from bot.reply.buttons import Press
from handlers import actions, commands
from handlers.boundary import Case, Desk, lazily, promptly
from handlers.delivery import Modal, ResponseUrl
from handlers.incoming import incoming

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
    middleware = [promptly(desk.admission.admit)]
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
    def open_modal(ack: Ack, request: BoltRequest, client: WebClient) -> None:
        """Acknowledge, then show the modal within the 3 seconds that the press allows; it is filled in later."""
        ack()
        desk.deliver.open(client, word.reading(), _modal(request))

    return open_modal


def _expecting_modal(desk: Desk) -> Callable[..., BoltResponse]:
    # ``ack`` is what the boundary answers with where this fails.
    def expect_modal(
        ack: Ack,  # noqa: ARG001
        request: BoltRequest,
        next_: Callable[[], BoltResponse],
    ) -> BoltResponse:
        """Note, before opening and filling begin side by side, that the modal is on its way."""
        if not request.lazy_only:
            desk.deliver.expect(_modal(request))
        return next_()

    return expect_modal


def _modal(request: BoltRequest) -> Modal:
    arrived = incoming(request)
    return Modal(arrived.trigger_id, otherwise=ResponseUrl(arrived.response_url))
