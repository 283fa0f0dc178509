"""What an operator sees, and what no log line may carry."""

import io
import json
import logging
from collections.abc import Iterator
from types import SimpleNamespace
from typing import Any

import pytest

from bot.telemetry.log import Audit, Outcome, Redactor, configure_logging, request_id, working_on
from bot.telemetry.metrics import MeasuredTelemetry

ACCESS_KEY = "AKIA" + "IOSFODNN7EXAMPLE"
SESSION_TOKEN = "IQoJb3JpZ2luX2Vj" + "Ab/+=" * 40


@pytest.fixture
def lines() -> Iterator[io.StringIO]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    stream = io.StringIO()
    configure_logging("DEBUG", ["known-canary-value"], stream)
    yield stream
    root.handlers[:] = handlers
    root.setLevel(level)


def read(lines: io.StringIO) -> list[dict[str, Any]]:
    return [json.loads(line) for line in lines.getvalue().splitlines()]


@pytest.mark.parametrize(
    "secret",
    [
        "xoxb-1234-abcd-EFGH",
        "xoxe.xoxp-1-abc",
        "xapp-1-A0-1-abcdef",
        ACCESS_KEY,
        ACCESS_KEY.replace("AKIA", "ASIA"),
        SESSION_TOKEN,
        "known-canary-value",
    ],
)
@pytest.mark.parametrize("around", ["{}", "a {} b", '{{"x": "{}"}}', "x={}", "'{}'"])
def test_whatever_looks_like_a_secret_is_taken_out(secret: str, around: str) -> None:
    assert secret not in Redactor(("known-canary-value",))(around.format(secret))


@pytest.mark.parametrize(
    ("text", "kept", "gone"),
    [
        ("POST https://hooks.slack.com/commands/T1/2/abc failed", "hooks.slack.com", "T1/2/abc"),
        ("wss://wss-primary.slack.com/link/?ticket=abc-1&app_id=2", "wss://", "abc-1"),
        ('"database.password": "hunter2"', "database.password", "hunter2"),
        (r"\"database.password\": \"hunter2\"", "database.password", "hunter2"),
        ("aws.secret.access.key=abcdef", "aws.secret.access.key", "abcdef"),
        ("sasl.jaas.config = x password='hunter2';", "sasl.jaas.config", "hunter2"),
        ("<SessionToken>abc</SessionToken>", "SessionToken", "abc"),
        ("?X-Amz-Signature=abc123&x=1", "x=1", "abc123"),
        ("Authorization token: abc123", "token", "abc123"),
    ],
)
def test_values_behind_telling_names_are_taken_out(text: str, kept: str, gone: str) -> None:
    redacted = Redactor()(text)
    assert kept in redacted
    assert gone not in redacted


@pytest.mark.parametrize(
    "text",
    [
        "arn:aws:iam::111122223333:role/orders-s3-sink",
        "https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect.html",
        "kafkaconnect:DescribeConnector refused: AccessDeniedException",
        "the tokens are missing",
    ],
)
def test_names_and_addresses_of_documents_stay(text: str) -> None:
    assert Redactor()(text) == text


def test_a_line_is_json_with_the_request_it_belongs_to(lines: io.StringIO) -> None:
    with working_on("abcd1234"):
        logging.getLogger("bot.x").info("read %s", "orders", extra={"data": {"cause": "timeout", "seconds": 2}})
    logging.getLogger("bot.x").info("later")
    first, second = read(lines)
    assert first["message"] == "read orders"
    assert (first["request_id"], first["cause"], first["seconds"]) == ("abcd1234", "timeout", 2)
    assert first["time"].endswith("+00:00")
    assert "request_id" not in second
    assert request_id.get() == ""


def test_tracebacks_arguments_and_fields_are_redacted_too(lines: io.StringIO) -> None:
    log = logging.getLogger("bot.x")
    try:
        int("known-canary-value")
    except ValueError:
        log.exception("failed with %s", "xoxb-1-canary", extra={"data": {"a": {"b": "known-canary-value"}}})
    assert "canary" not in lines.getvalue()
    assert "ValueError" in read(lines)[0]["traceback"]


@pytest.mark.parametrize(
    ("name", "level"),
    [
        ("slack_bolt.RequestVerification", logging.INFO),
        ("slack_bolt.App", logging.DEBUG),
        ("slack_sdk.webhook.client", logging.DEBUG),
        ("botocore.parsers", logging.DEBUG),
        ("botocore.endpoint", logging.DEBUG),
        ("urllib3.connectionpool", logging.DEBUG),
    ],
)
def test_loggers_that_write_bodies_are_held_even_at_debug(lines: io.StringIO, name: str, level: int) -> None:
    logging.getLogger(name).log(level, "a whole body")
    assert read(lines) == []


def test_an_audit_record_is_written_at_any_level_without_empty_fields(lines: io.StringIO) -> None:
    logging.getLogger().setLevel(logging.ERROR)
    MeasuredTelemetry().question(
        Audit(
            "command",
            "abcd1234",
            "U1",
            "T1",
            "C1",
            "orders",
            30,
            outcome=Outcome.ANSWERED,
            seconds=1.23456,
            aws_calls=7,
        )
    )
    (line,) = read(lines)
    assert line["logger"] == "bot.audit"
    assert line["audit"] == {
        "kind": "command",
        "request_id": "abcd1234",
        "user": "U1",
        "team": "T1",
        "channel": "C1",
        "subject": "orders",
        "window_days": 30,
        "outcome": "answered",
        "seconds": 1.235,
        "aws_calls": 7,
    }


def test_metrics_count_questions_calls_throttles_gaps_and_refusals() -> None:
    telemetry = MeasuredTelemetry()
    telemetry.question(Audit("command", "r", outcome=Outcome.ANSWERED, seconds=0.2))
    telemetry.aws_call(SimpleNamespace(service="iam", operation="GetRole", outcome="ok", throttled=False))
    refused = {"outcome": "ThrottlingException", "throttled": True}
    telemetry.aws_call(SimpleNamespace(service="cloudtrail", operation="LookupEvents", **refused))
    telemetry.gap("iam:GetRole", "access-denied")
    telemetry.slack_refused("response_url", "invalid_blocks")
    telemetry.bad_signature()
    text = telemetry.exposition().decode()
    for sample in (
        'msk_role_questions_total{kind="command",outcome="answered"} 1.0',
        'msk_role_question_seconds_bucket{kind="command",le="0.25"} 1.0',
        'msk_role_aws_calls_total{operation="iam:GetRole",outcome="ok"} 1.0',
        'msk_role_aws_throttles_total{operation="cloudtrail:LookupEvents"} 1.0',
        'msk_role_gaps_total{cause="access-denied",operation="iam:GetRole"} 1.0',
        'msk_role_slack_refusals_total{cause="invalid_blocks",method="response_url"} 1.0',
        "msk_role_bad_signatures_total 1.0",
    ):
        assert sample in text


def test_calls_of_aws_count_for_the_request_they_were_made_for() -> None:
    telemetry = MeasuredTelemetry()
    call = SimpleNamespace(service="iam", operation="GetRole", outcome="ok", throttled=False)
    with working_on("a") as outer:
        telemetry.aws_call(call)
        with working_on("b") as inner:
            telemetry.aws_call(call)
    telemetry.aws_call(call)
    assert (outer.count, inner.count) == (1, 1)


def test_two_bots_in_one_process_do_not_share_metrics() -> None:
    one, other = MeasuredTelemetry(), MeasuredTelemetry()
    one.bad_signature()
    assert b"msk_role_bad_signatures_total 0.0" in other.exposition()
