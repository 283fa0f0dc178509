"""The one place where a listener's failures end.

Bolt loses exceptions of lazy functions, and an exception right after ``ack()`` can lose the ack. So each listener body
runs in here: an expected failure is a reply, any other is a traceback in the log under a reference that the user sees
too, and every question leaves an audit record, whatever became of it.
"""

from __future__ import annotations

import functools
import logging
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from slack_bolt import BoltContext, BoltRequest
from slack_sdk import WebClient

from bot.model import Answer, Question
from bot.pipe.parse import DEFAULT_WINDOW_DAYS
from bot.pipe.ports import AnswerSource
from bot.pipe.unanswerable import Unanswerable
from bot.reply import word
from bot.reply.nouns import Reply
from bot.reply.refusal import Refusal
from bot.telemetry.log import Audit, Outcome, Telemetry, working_on
from handlers.access import Gate
from handlers.admission import ARRIVED, Admission
from handlers.delivery import Delivery, Modal, ResponseUrl
from handlers.incoming import Incoming, Seen, incoming

_log = logging.getLogger(__name__)


class Refused(Exception):  # noqa: N818  an outcome, not an error
    """Somebody may not ask, or may not show the answer there."""

    def __init__(self, refusal: Refusal) -> None:
        super().__init__(refusal.value)
        self.refusal = refusal


@dataclass(frozen=True, slots=True)
class Desk:
    """What the listeners work with."""

    answers: AnswerSource
    gate: Gate
    telemetry: Telemetry
    deliver: Delivery
    seen: Seen
    admission: Admission
    #: How far back the history behind the bot may be asked about.
    longest_window_days: int


class Case:
    """One request being worked on: what came in, where its result goes, and the audit record that grows with it."""

    def __init__(self, desk: Desk, request: Incoming, client: WebClient, *, in_modal: bool = False) -> None:
        self.request = request
        self.audit = Audit(
            kind=request.kind,
            request_id=request.reference,
            user=request.asker.user,
            team=request.asker.team,
            channel=request.asker.channel,
        )
        self._desk = desk
        self._client = client
        self._in_modal = in_modal

    @property
    def longest_window_days(self) -> int:
        """How far back this question may ask."""
        return self._desk.longest_window_days

    def check_access(self) -> None:
        """Raise Refused unless this person may ask here."""
        if refusal := self._desk.gate.refuses(self._client, self.request.asker):
            raise Refused(refusal)

    def check_sharing(self) -> None:
        """Raise Refused unless an answer may be shown to the whole channel."""
        if refusal := self._desk.gate.refuses_to_share(self._client, self.request.asker.channel):
            raise Refused(refusal)

    def ask(self, question: Question, *, fresh: bool = False) -> Answer:
        """Answer a question, and note in the audit record what was asked and what came of it."""
        self.audit.subject, self.audit.window_days, self.audit.region = (
            question.subject[:600],
            question.window_days,
            question.region,
        )
        answer = self._desk.answers.ask(question, fresh=fresh)
        self.audit.outcome, self.audit.detail = Outcome.ANSWERED, answer.verdict.code.value
        for gap in answer.unavailable:
            self._desk.telemetry.gap(gap.operation, gap.cause.value)
        return answer

    def send(self, reply: Reply, *, in_channel: bool = False, replace: bool = False) -> None:
        """Bring a reply to where the request came from, or note in the audit record that it did not arrive."""
        beside = ResponseUrl(self.request.response_url, in_channel=in_channel, replace=replace)
        to = Modal(self.request.trigger_id, otherwise=beside) if self._in_modal else beside
        self.audit.delivered_as = self._desk.deliver(self._client, reply, to)
        if not self.audit.delivered_as:
            self.audit.detail = f"{self.audit.outcome} {self.audit.detail}".strip()
            self.audit.outcome = Outcome.UNDELIVERED


def lazily(desk: Desk, work: Callable[[Case], None], *, in_modal: bool = False) -> Callable[..., None]:
    """Make a lazy listener of ``work``. It never raises, and leaves one audit record for each request."""

    def listener(request: BoltRequest, client: WebClient, context: BoltContext) -> None:
        try:
            arrived = incoming(request)
        except (KeyError, IndexError, TypeError, AttributeError):
            _log.exception("A payload lacks what every payload has")
            return
        if not desk.seen.first(work.__name__, arrived.trigger_id):
            return
        case = Case(desk, arrived, client, in_modal=in_modal)
        with working_on(arrived.reference) as calls:
            _work(case, work)
            case.audit.seconds = time.monotonic() - context[ARRIVED]
            case.audit.aws_calls = calls.count
            desk.telemetry.question(case.audit)

    # Lambda finds a lazy function by its name. functools.wraps would also set __wrapped__, from which Bolt would take
    # the names of the arguments to pass.
    listener.__name__ = work.__name__
    return listener


def _work(case: Case, work: Callable[[Case], None]) -> None:
    try:
        try:
            work(case)
        except Unanswerable as failure:
            case.audit.outcome, case.audit.detail = Outcome.NO_ANSWER, type(failure).__name__
            case.send(word.failure(failure, case.audit.window_days or DEFAULT_WINDOW_DAYS))
        except Refused as refused:
            case.audit.outcome, case.audit.detail = Outcome.REFUSED, refused.refusal.value
            case.send(word.refused(refused.refusal))
    except Exception as error:  # noqa: BLE001  the boundary
        _log.exception("A listener failed")
        case.audit.outcome, case.audit.detail = Outcome.CRASHED, type(error).__name__
        _tell_of_crash(case)


def _tell_of_crash(case: Case) -> None:
    try:
        case.send(word.crash(case.request.reference))
    except Exception:  # noqa: BLE001  as above
        _log.exception("The failure could not be told")


def promptly(acknowledge: Callable[..., Any]) -> Callable[..., Any]:
    """Make an ack listener, or a middleware that acks, of ``acknowledge``: whatever fails in it, Slack gets its ack."""

    @functools.wraps(acknowledge)
    def listener(**arguments: Any) -> Any:
        try:
            return acknowledge(**arguments)
        except Exception:  # noqa: BLE001  as above
            _log.exception("An acknowledgement failed")
            return arguments["ack"]()

    return listener


def tell_unfinished(desk: Desk, request: BoltRequest, *, stopping: bool) -> None:
    """Tell somebody whose request will not be worked on: because the bot stops, or because the work cannot start."""
    try:
        case = Case(desk, incoming(request), WebClient())
        case.audit.outcome = Outcome.INTERRUPTED if stopping else Outcome.CRASHED
        with working_on(case.request.reference):
            case.send(word.interrupted() if stopping else word.crash(case.request.reference))
            desk.telemetry.question(case.audit)
    except Exception:  # noqa: BLE001  as above
        _log.exception("Somebody could not be told that their request stays unfinished")
