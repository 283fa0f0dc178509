"""What every test may ask for: an embedded AWS and an embedded Slack, and the watch for leaked secrets.

``aws`` and ``slack`` are started once for each pytest-xdist worker and brought back to their defaults for each test
that asks for them.

**The canary.** Every secret that the scenario, the embedded services and the test data plant contains the word CANARY:
passwords in connector configurations and worker properties, session tokens in CloudTrail events, Slack's tokens, its
signing secret and every response_url. The watch runs around every test and fails it when the word turns up in

- anything an embedded Slack received: messages, modals, acknowledgements;
- a log line, written as the bot writes it with its level at DEBUG (library loggers held back and lines redacted as in
  production, tracebacks included);
- what was printed, by a command called in this process or run to its end in another;
- a file that our own code opened for writing.

A test that reads a long-running bot's output itself hands it to ``canary.note``. A test that must show the word where
it is watched for is marked ``@pytest.mark.shows_canary``.
"""

from __future__ import annotations

import io
import logging
import subprocess
import sys
from collections.abc import Callable, Iterator
from functools import wraps
from pathlib import Path
from types import FrameType
from typing import Any

import pytest
from hypothesis import HealthCheck, settings

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack
from bot.sandbox.slack.record import Record
from bot.telemetry.log import JsonLines, Redactor, configure_logging
from tests.operations import OperationsPlugin

# Other tests run beside each property, so that the time of one example says nothing about it.
settings.register_profile("beside-others", deadline=None, suppress_health_check=[HealthCheck.too_slow])
settings.load_profile("beside-others")

CANARY = "CANARY"
ROOT = Path(__file__).resolve().parent.parent
#: Code whose files are watched; the embedded services may keep what they like.
_OURS = (str(ROOT / "bot"), str(ROOT / "handlers"))
_NOT_OURS = str(ROOT / "bot" / "sandbox")


def pytest_addoption(parser: pytest.Parser) -> None:
    """Let the golden files be written anew from what is said now."""
    parser.addoption("--update-golden", action="store_true", help="write the golden files instead of comparing")


class Canary:
    """Collects what was said where, and finds the word in it."""

    def __init__(self) -> None:
        self._said: list[tuple[str, str]] = []
        self._records: list[logging.LogRecord] = []
        self._files: set[str] = set()
        self._formatter = JsonLines(Redactor())

    def note(self, where: str, text: str) -> None:
        """Watch this text too."""
        self._said.append((where, text))

    def note_record(self, record: logging.LogRecord) -> None:
        """Watch a log record; it is formatted at the end of the test, when everything has been attached to it."""
        self._records.append(record)

    def note_file(self, path: str) -> None:
        """Watch a file; it is read at the end of the test."""
        self._files.add(path)

    def findings(self) -> list[str]:
        """Return where the word was seen since the last call, with what stood around it."""
        said, self._said = self._said, []
        records, self._records = self._records, []
        files, self._files = self._files, set()
        said += [(f"log of {record.name}", self._formatter.format(record)) for record in records]
        said += [(path, Path(path).read_text(errors="replace")) for path in files if Path(path).is_file()]
        return [f"{where}: …{_around(text)}…" for where, text in said if CANARY in text]


def _around(text: str) -> str:
    at = text.index(CANARY)
    return text[max(0, at - 120) : at + 40]


def _written_by_us(frame: FrameType | None) -> bool:
    while frame is not None:
        code = frame.f_code.co_filename
        if code.startswith(_OURS) and not code.startswith(_NOT_OURS):
            return True
        frame = frame.f_back
    return False


def _watch_files(watch: Canary) -> None:
    def hook(event: str, arguments: tuple[Any, ...]) -> None:
        if event != "open":
            return
        path, mode, flags = arguments
        writes = any(letter in (mode or "") for letter in "wax+") or (mode is None and flags & 3)
        if writes and isinstance(path, str) and _written_by_us(sys._getframe(1)):
            watch.note_file(path)

    sys.addaudithook(hook)


def _also(function: Callable[..., Any], tell: Callable[..., None]) -> Callable[..., Any]:
    """Wrap a method so that ``tell`` gets its arguments and its result too."""

    @wraps(function)
    def wrapper(*arguments: Any, **keywords: Any) -> Any:
        result = function(*arguments, **keywords)
        tell(result, *arguments)
        return result

    return wrapper


def pytest_configure(config: pytest.Config) -> None:
    """Register our marker, and what watches the bot's AWS operations."""
    config.pluginmanager.register(OperationsPlugin(config))
    config.addinivalue_line("markers", "shows_canary: this test shows a planted secret on purpose, where it is watched")


@pytest.fixture(scope="session")
def canary() -> Iterator[Canary]:
    """The watch, over the whole session."""
    watch = Canary()
    _watch_files(watch)
    make = logging.getLogRecordFactory()

    def keep(*arguments: Any, **keywords: Any) -> logging.LogRecord:
        record = make(*arguments, **keywords)
        watch.note_record(record)
        return record

    def tell_printed(result: Any, *_: Any) -> None:
        for name, text in zip(("stdout", "stderr"), result, strict=True):
            if text:
                watch.note(name, text.decode(errors="replace") if isinstance(text, bytes) else text)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(pytest.CaptureFixture, "readouterr", _also(pytest.CaptureFixture.readouterr, tell_printed))
        patch.setattr(subprocess.Popen, "communicate", _also(subprocess.Popen.communicate, tell_printed))
        patch.setattr(
            Record, "add_received", _also(Record.add_received, lambda _, __, where, what: watch.note(where, repr(what)))
        )
        # A factory sees every record, whatever a test does to handlers.
        logging.setLogRecordFactory(keep)
        yield watch
        logging.setLogRecordFactory(make)


@pytest.fixture(autouse=True)
def _nothing_leaks(canary: Canary, request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail the test in which the word was seen."""
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    configure_logging("DEBUG", stream=io.StringIO())
    root.handlers[:] = handlers
    yield
    root.setLevel(level)
    findings = canary.findings()
    if findings and request.node.get_closest_marker("shows_canary") is None:
        pytest.fail("a planted secret was seen in\n" + "\n".join(findings), pytrace=False)


@pytest.fixture(scope="session")
def embedded_aws() -> Iterator[EmbeddedAws]:
    """The embedded AWS with the scenario's world, in its own process. Tests ask for ``aws``."""
    with EmbeddedAws.start() as aws:
        yield aws


@pytest.fixture
def aws(embedded_aws: EmbeddedAws) -> EmbeddedAws:
    """The embedded AWS, reset: the scenario's world, no faults, no delays, no calls yet."""
    embedded_aws.reset()
    return embedded_aws


@pytest.fixture(scope="session")
def embedded_slack() -> Iterator[EmbeddedSlack]:
    """The embedded Slack, in this process. Tests ask for ``slack``."""
    with EmbeddedSlack.start() as slack:
        yield slack


@pytest.fixture
def slack(embedded_slack: EmbeddedSlack) -> Iterator[EmbeddedSlack]:
    """The embedded Slack, reset: its default workspace and limits, no faults, nothing received."""
    embedded_slack.reset()
    yield embedded_slack
    # A bot of the next module connects before its first test asks for this fixture.
    embedded_slack.heal()
