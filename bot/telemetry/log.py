"""What the bot tells its operator: structured logs without secrets, and an audit record for each question.

Logs are one JSON object a line. Everything in a line is redacted as the last step before it is written, whatever its
logger, so that a library's message or a traceback cannot carry a token out.
"""

from __future__ import annotations

import json
import logging
import re
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any, Protocol, TextIO

#: The reference of the request that is being worked on: in each log line, and shown to the user when it fails.
request_id: ContextVar[str] = ContextVar("request_id", default="")


@dataclass(slots=True)
class CallCount:
    """How many requests went to AWS for the request that is being worked on, in all its threads."""

    count: int = 0


_calls: ContextVar[CallCount | None] = ContextVar("aws_calls", default=None)


@contextmanager
def working_on(reference: str) -> Iterator[CallCount]:
    """Put ``reference`` into every log line of this context, and count the calls of AWS made in it."""
    calls = CallCount()
    tokens = request_id.set(reference), _calls.set(calls)
    try:
        yield calls
    finally:
        request_id.reset(tokens[0])
        _calls.reset(tokens[1])


_log = logging.getLogger(__name__)
_audit = logging.getLogger("bot.audit")

#: Loggers that write request bodies, response bodies (connector configurations, session tokens), signed requests or
#: response_urls, or a line for each client, below these levels.
_LEAKY = {
    "slack_bolt": logging.WARNING,
    "slack_sdk": logging.WARNING,
    "boto3": logging.WARNING,
    "botocore": logging.WARNING,
    "s3transfer": logging.WARNING,
    "urllib3": logging.WARNING,
}

_REDACTED = "[redacted]"
_PATTERNS = (
    re.compile(r"x(?:ox[a-z](?:\.xox[a-z])?|app|wfp)-[\w-]+"),
    re.compile(r"(?<=://hooks\.slack\.com/)[^\s\"'<>]+"),
    re.compile(r"(?<=://hooks\.slack-gov\.com/)[^\s\"'<>]+"),
    re.compile(r"(?<=wss://)[^\s\"'<>]+"),
    re.compile(r"\b(?:AKIA|ASIA)[A-Z0-9]{12,}\b"),
    # Session tokens of STS, which are long and begin alike.
    re.compile(r"\b(?:FwoG|IQoJ|FQoG|AQoD)[\w/+=%-]{40,}"),
    # A name that says it is secret, and its value: JSON, properties, query strings, XML.
    re.compile(
        r"(?i)(?:password|passwd|secret|token|signature|ticket|api[._-]?key|access[._-]?key)"
        r"(?:\\?[\"'])?\s{0,4}[=:>]\s{0,4}(?:\\?[\"'])?(?P<value>[^\s\"'\\,;&<>}]+)"
    ),
)


@dataclass(frozen=True, slots=True)
class Redactor:
    """Takes secrets out of text: known values, and whatever looks like a token, a key or a one-time address."""

    known: tuple[str, ...] = field(default=(), repr=False)

    def __call__(self, text: str) -> str:
        """Return the text without what it recognises as secret."""
        for secret in self.known:
            text = text.replace(secret, _REDACTED)
        for pattern in _PATTERNS:
            text = pattern.sub(_without_value, text)
        return text


def _without_value(match: re.Match[str]) -> str:
    value = match.groupdict().get("value")
    return _REDACTED if value is None else match[0][: -len(value)] + _REDACTED


class JsonLines(logging.Formatter):
    """One JSON object a record; ``extra={"data": {…}}`` adds fields."""

    def __init__(self, redact: Redactor) -> None:
        super().__init__()
        self._redact = redact

    def format(self, record: logging.LogRecord) -> str:
        """Return the record as one line, redacted."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._redact(record.getMessage()),
        }
        if reference := request_id.get():
            line["request_id"] = reference
        data = getattr(record, "data", None)
        if isinstance(data, Mapping):
            line.update(self._clean(data))
        if record.exc_info:
            line["traceback"] = self._redact(self.formatException(record.exc_info))
        return json.dumps(line, default=str, ensure_ascii=False)

    def _clean(self, data: Mapping[str, Any]) -> dict[str, Any]:
        return {
            key: self._clean(value)
            if isinstance(value, Mapping)
            else self._redact(value)
            if isinstance(value, str)
            else value
            for key, value in data.items()
        }


def configure_logging(level: str, known_secrets: Iterable[str] = (), stream: TextIO | None = None) -> None:
    """Send every logger's lines to ``stream`` (standard error by default), as JSON and redacted.

    ``level`` holds for the bot; libraries that log bodies stay at the level where they do not. Audit records are
    written at any level.
    """
    handler = logging.StreamHandler(stream or sys.stderr)
    handler.setFormatter(JsonLines(Redactor(tuple(secret for secret in known_secrets if secret))))
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    hold_leaky_loggers()
    _audit.setLevel(logging.INFO)


def hold_leaky_loggers() -> None:
    """Keep the libraries that log bodies at the level where they do not, however much everything else logs."""
    for name, least in _LEAKY.items():
        logging.getLogger(name).setLevel(max(least, logging.getLogger().level))


class Outcome(StrEnum):
    """What came of a question or a press."""

    ANSWERED = "answered"
    HELP = "help"
    #: No such connector, several of that name, or no question at all.
    NO_ANSWER = "no-answer"
    #: Not for this person, or not in this place.
    REFUSED = "refused"
    BUSY = "busy"
    #: This user's minute was used up.
    TOO_MANY = "too-many"
    #: The bot stopped before the work was done.
    INTERRUPTED = "interrupted"
    #: Slack took no form of the result.
    UNDELIVERED = "undelivered"
    CRASHED = "crashed"


@dataclass(slots=True)
class Audit:
    """Who asked what, where, and what came of it. Filled in while the question is worked on, written once at its end.

    It never holds a token, a response_url, a configuration value or text that is not a valid question.
    """

    #: ``command``, or the button that was pressed.
    kind: str
    request_id: str
    user: str = ""
    team: str = ""
    channel: str = ""
    subject: str = ""
    window_days: int | None = None
    region: str | None = None
    outcome: Outcome = Outcome.CRASHED
    #: What makes the outcome precise: a verdict, a refusal, the class of an exception.
    detail: str = ""
    #: How the result reached Slack: ``message``, ``text``, ``short-text``, ``modal``; empty where it did not.
    delivered_as: str = ""
    seconds: float = 0.0
    aws_calls: int = 0


class Call(Protocol):
    """One request to AWS, as the clients report it."""

    @property
    def service(self) -> str:
        """boto3's name of the service."""

    @property
    def operation(self) -> str:
        """The operation, in AWS's spelling."""

    @property
    def outcome(self) -> str:
        """``ok``, AWS's error code, or the name of the exception."""

    @property
    def throttled(self) -> bool:
        """Whether AWS refused it as one too many."""


class Telemetry:
    """Audit records and events of one running bot, written to the log. Safe to use from several threads."""

    def question(self, audit: Audit) -> None:
        """Write the audit record of one question."""
        record = {key: value for key, value in asdict(audit).items() if value not in ("", None)}
        _audit.info("question", extra={"data": {"audit": {**record, "seconds": round(audit.seconds, 3)}}})

    def aws_call(self, call: Call) -> None:  # noqa: ARG002  for those who count what is called
        """Note one request to AWS, in the thread and context that made it."""
        if calls := _calls.get():
            calls.count += 1

    def gap(self, operation: str, cause: str) -> None:
        """Note one read that an answer had to do without; the answer itself says so."""

    def pending(self, questions: int) -> None:
        """Note how many questions are running or waiting."""

    def slack_refused(self, method: str, cause: str) -> None:
        """Log one request that Slack refused or that did not reach it."""
        _log.warning("Slack refused a request", extra={"data": {"method": method, "cause": cause}})

    def bad_signature(self) -> None:
        """Log one request that was refused for its signature; nothing of the request is kept."""
        _log.warning("Refused a request whose signature does not hold")
