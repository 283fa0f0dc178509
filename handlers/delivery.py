"""Brings a reply to Slack and says whether it arrived.

A message goes to the ``response_url`` of the request: first as blocks, then as plain text, then as shorter text, since
Slack refuses a whole message for one block it does not like, and says so in a status instead of an exception. A modal
that cannot be shown becomes a message.
"""

from __future__ import annotations

import hashlib
import re
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from http import HTTPStatus
from http.client import HTTPException
from threading import Event, Lock
from typing import Any, TypeAlias

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.http_retry import (
    ConnectionErrorRetryHandler,
    HttpRequest,
    HttpResponse,
    RateLimitErrorRetryHandler,
    RetryHandler,
    RetryState,
)
from slack_sdk.webhook import WebhookClient

from bot.reply import text
from bot.reply.nouns import Reply
from bot.telemetry.log import Telemetry
from handlers import blocks

TIMEOUT_SECONDS = 5
_LONGEST_WAIT_SECONDS = 10
#: What Slack says about a response_url that is used up or too old; another attempt can only fail again.
_GONE = frozenset({"expired_url", "used_url", "invalid_token", "no_active_hooks", "no_service", "channel_not_found"})
#: What Slack answers for a message that it shows; anything else may come from something in between.
_TAKEN = re.compile(r'\s*(ok|\{\s*"ok"\s*:\s*true\b.*)?\s*', re.DOTALL)
_SHORT_TEXT = 2500
#: A modal is opened while its content is read, so an update may come before Slack has the modal.
_UPDATE_ATTEMPTS = 6
_UPDATE_PAUSE_SECONDS = 0.4


class PatientRateLimitHandler(RateLimitErrorRetryHandler):
    """Waits as long as Slack asks for, unless that would hold a worker for longer than somebody waits for an answer."""

    def _can_retry(
        self,
        *,
        state: RetryState,
        request: HttpRequest,
        response: HttpResponse | None = None,
        error: Exception | None = None,
    ) -> bool:
        if not super()._can_retry(state=state, request=request, response=response, error=error) or response is None:
            return False
        waits = [str(values[0]) for name, values in response.headers.items() if name.lower() == "retry-after"]
        return all(wait.isdigit() and int(wait) <= _LONGEST_WAIT_SECONDS for wait in waits)


def retry_handlers() -> list[RetryHandler]:
    """Make the handlers for every client of Slack. Server errors are not retried: that could post a message twice."""
    return [ConnectionErrorRetryHandler(), PatientRateLimitHandler()]


@dataclass(frozen=True, slots=True)
class ResponseUrl:
    """Beside the command or button that asked. Slack takes five messages there, within half an hour."""

    #: Empty where Slack gave none: nothing can be delivered there.
    url: str = field(repr=False)
    #: For everybody in the channel, instead of the one who asked.
    in_channel: bool = False
    #: In the place of the message that holds the button.
    replace: bool = False


@dataclass(frozen=True, slots=True)
class Modal:
    """In the modal that a press opens at once, filled in when its content has been read.

    Its ``external_id`` is derived from the request, so that opening and filling need not share any state.
    """

    trigger_id: str = field(repr=False)
    #: Where the reply goes if the modal cannot be shown.
    otherwise: ResponseUrl

    @property
    def external_id(self) -> str:
        """The name by which both calls know the view; unique in a workspace, at most 255 characters."""
        return "msk-role-" + hashlib.sha256(self.trigger_id.encode()).hexdigest()[:32]


#: Where a reply goes.
ReplyTo: TypeAlias = ResponseUrl | Modal


class Delivery:
    """Prints replies and brings them to where they go."""

    def __init__(self, telemetry: Telemetry) -> None:
        self._telemetry = telemetry
        self._openings = _Openings()

    def __call__(self, client: WebClient, reply: Reply, to: ReplyTo) -> str:
        """Deliver a reply and return the form that arrived: ``modal``, ``message``, ``text``, ``short-text``, or ""."""
        match to:
            case ResponseUrl():
                return self._post(reply, to) if to.url else ""
            case Modal():
                return "modal" if self._fill(client, reply, to) else self(client, reply, to.otherwise)

    def expect(self, to: Modal) -> None:
        """Note, before opening and filling begin side by side, that the modal is on its way."""
        self._openings.begin(to.trigger_id)

    def open(self, client: WebClient, reply: Reply, to: Modal) -> bool:
        """Show a modal; must be called within 3 seconds of the press. Returns whether Slack took it."""
        try:
            named = {**blocks.modal(reply), "external_id": to.external_id}
            problem = _api_problem(lambda: client.views_open(trigger_id=to.trigger_id, view=named))
            return self._took("views.open", problem)
        finally:
            self._openings.end(to.trigger_id)

    def _fill(self, client: WebClient, reply: Reply, to: Modal) -> bool:
        """Replace a modal's content, waiting for it to be open. Returns whether Slack took it."""
        self._openings.wait(to.trigger_id)
        named = {**blocks.modal(reply), "external_id": to.external_id}
        problem: str | None = None
        for attempt in range(_UPDATE_ATTEMPTS):
            time.sleep(_UPDATE_PAUSE_SECONDS if attempt else 0)
            problem = _api_problem(lambda: client.views_update(external_id=to.external_id, view=named))
            if problem != "not_found":
                break
        return self._took("views.update", problem)

    def _post(self, reply: Reply, to: ResponseUrl) -> str:
        client = WebhookClient(to.url, timeout=TIMEOUT_SECONDS, retry_handlers=retry_handlers())
        options = {
            "response_type": "in_channel" if to.in_channel else "ephemeral",
            "replace_original": to.replace,
            "unfurl_links": False,
            "unfurl_media": False,
        }
        for form, content in _forms(reply):
            problem = _webhook_problem(client, {**options, **content})
            if self._took("response_url", problem):
                return form
            if problem in _GONE:
                break
        return ""

    def _took(self, method: str, problem: str | None) -> bool:
        if problem is not None:
            self._telemetry.slack_refused(method, problem)
        return problem is None


class _Openings:
    """The modals that this process is opening, so that filling one need not ask Slack in vain.

    Where another process opens it, nothing is known here, and filling tries until Slack has it.
    """

    def __init__(self) -> None:
        self._lock = Lock()
        self._opening: dict[str, Event] = {}

    def begin(self, trigger_id: str) -> None:
        with self._lock:
            self._opening[trigger_id] = Event()

    def end(self, trigger_id: str) -> None:
        """Note that it has been opened, or not."""
        with self._lock:
            self._opening.pop(trigger_id, Event()).set()

    def wait(self, trigger_id: str) -> None:
        """Wait while it is being opened."""
        with self._lock:
            opening = self._opening.get(trigger_id)
        if opening:
            opening.wait(2 * TIMEOUT_SECONDS)


def _forms(reply: Reply) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a reply in ever plainer forms."""
    plain = text.fallback(reply)
    yield "message", {"blocks": blocks.message(reply), "text": plain}
    yield "text", {"text": plain}
    if len(plain) > _SHORT_TEXT:
        # Cut at a line, so that no link or escaped character is cut in two.
        yield "short-text", {"text": plain[:_SHORT_TEXT].rpartition("\n")[0] + "\n…"}


def _webhook_problem(client: WebhookClient, body: dict[str, Any]) -> str | None:
    try:
        response = client.send_dict(body)
    except (OSError, HTTPException, ValueError) as error:
        return type(error).__name__
    if response.status_code == HTTPStatus.OK and _TAKEN.fullmatch(response.body):
        return None
    return _code(response.body, response.status_code)


def _api_problem(call: Callable[[], object]) -> str | None:
    try:
        call()
    except SlackApiError as error:
        return _code(str(error.response.get("error") or ""), error.response.status_code)
    except (OSError, HTTPException, SlackClientError, ValueError) as error:
        return type(error).__name__
    return None


def _code(answer: str, status: int) -> str:
    """Find Slack's error code in an answer, or name the status: a label must not hold just anything."""
    found = re.fullmatch(r'[a-z_]{3,40}|.*"error":\s*"([a-z_]{3,40})".*', answer, re.DOTALL)
    return (found[1] or found[0]) if found else f"status-{status}"
