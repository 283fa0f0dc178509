"""Whole replies against files. ``pytest --update-golden`` writes them anew; read the difference before committing."""

import json
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from bot.model import (
    S3,
    Answer,
    BucketState,
    Cause,
    CloudWatchLogs,
    DeliveryStreamState,
    Firehose,
    LogGroupState,
    Unavailable,
)
from bot.pipe.parse import Problem
from bot.pipe.unanswerable import (
    AmbiguousConnector,
    ConnectorUnreadable,
    InvalidQuestion,
    NoSuchConnector,
    RegionOutOfScope,
    Unanswerable,
)
from bot.reply import text, word
from bot.reply.json import document
from bot.reply.nouns import Reply
from bot.reply.refusal import Refusal
from handlers import blocks
from tests.bot.reply import samples

GOLDEN = Path(__file__).resolve().parents[2] / "golden"
#: Words that no reply may hold, whatever is read.
FORBIDDEN = ("unused", "safe to delete", "CANARY")


def _lacking() -> Reply:
    described = samples.connector(
        "events-sink",
        logs=(S3("acme-bare-logs", "connect"), CloudWatchLogs("/msk-connect/events"), Firehose("events-logs")),
    )
    readings = (
        BucketState("acme-bare-logs", None),
        LogGroupState("/msk-connect/events", (), ()),
        DeliveryStreamState("events-logs", {}, service_linked_role=False),
    )
    return word.policies(samples.explained(samples.evidence(described, log_destinations=readings)))


def _no_such() -> Unanswerable:
    return NoSuchConnector(
        "orders",
        samples.REGIONS,
        candidates=(samples.summary("orders-s3-sink"), samples.summary("orders-jdbc-source", "us-east-1", "PAUSED")),
        closest=(samples.summary("reorders"),),
        gaps=(Unavailable("kafkaconnect:ListConnectors", "us-west-2", Cause.THROTTLED, None, "ThrottlingException"),),
    )


def _elsewhere() -> Unanswerable:
    there = (samples.summary("orders-s3-sink", "us-east-1"),)
    return NoSuchConnector("orders-s3-sink", ("eu-west-1",), elsewhere=there)


def _unreadable() -> Unanswerable:
    denied = Unavailable(
        "kafkaconnect:DescribeConnector",
        samples.connector_arn("orders-s3-sink"),
        Cause.ACCESS_DENIED,
        "kafkaconnect:DescribeConnector",
        "AccessDeniedException",
    )
    keyless = Unavailable("kafkaconnect:ListConnectors", "us-east-1", Cause.ERROR, error_code="NoCredentialsError")
    return ConnectorUnreadable("orders-s3-sink", (denied, keyless))


def _first(make: Callable[[], Answer]) -> Callable[[], Reply]:
    return lambda: word.answer(make())


def _ambiguous() -> Unanswerable:
    return AmbiguousConnector(
        "metrics-sink", (samples.summary("metrics-sink"), samples.summary("metrics-sink", "us-east-1"))
    )


REPLIES: Mapping[str, Callable[[], Reply]] = {
    **{name: _first(make) for name, make in samples.ANSWERS.items()},
    "shared-in-channel": lambda: word.shared(samples.in_use(), "U0ALICE001"),
    "details-in-use": lambda: word.details(samples.in_use()),
    "details-paused": lambda: word.details(samples.paused()),
    "details-role-candidate": lambda: word.details(samples.role_candidate()),
    "query": lambda: word.query(samples.in_use()),
    "policies": _lacking,
    "policies-none": lambda: word.policies(samples.dormant()),
    "no-such-connector": lambda: word.failure(_no_such()),
    "in-another-region": lambda: word.failure(_elsewhere()),
    "ambiguous": lambda: word.failure(_ambiguous()),
    "unreadable": lambda: word.failure(_unreadable()),
    "region-out-of-scope": lambda: word.failure(RegionOutOfScope("ap-south-1", samples.REGIONS)),
    "not-a-name": lambda: word.failure(InvalidQuestion(Problem.NOT_A_NAME, "<!channel>")),
    "refused": lambda: word.refused(Refusal.GUEST),
    "help": word.help,
    "reading": word.reading,
    "busy": word.busy,
    "too-many": word.too_many,
    "interrupted": word.interrupted,
    "crash": lambda: word.crash("0a1b2c3d"),
}


@pytest.mark.parametrize("name", REPLIES)
def test_a_reply_reads_as_agreed(name: str, request: pytest.FixtureRequest) -> None:
    reply = REPLIES[name]()
    _compare(f"{name}.txt", text.plain(reply) + "\n", request)


@pytest.mark.parametrize("name", ["in-use", "paused", "ambiguous", "policies", "shared-in-channel"])
def test_a_message_has_the_blocks_agreed(name: str, request: pytest.FixtureRequest) -> None:
    printed = json.dumps(blocks.message(REPLIES[name]()), indent=1, ensure_ascii=False)
    _compare(f"{name}.blocks.json", printed + "\n", request)


@pytest.mark.parametrize("name", ["in-use", "dormant", "sealed", "offline", "role-named"])
def test_a_document_has_the_fields_agreed(name: str, request: pytest.FixtureRequest) -> None:
    printed = json.dumps(document(samples.ANSWERS[name]()), indent=1, ensure_ascii=False)
    _compare(f"{name}.document.json", printed + "\n", request)


@pytest.mark.parametrize("path", sorted(GOLDEN.iterdir()), ids=lambda path: path.name)
def test_no_golden_file_says_what_is_never_said(path: Path) -> None:
    said = path.read_text()
    assert not [word for word in FORBIDDEN if word.lower() in said.lower()]


def test_every_golden_file_belongs_to_a_reply() -> None:
    assert {path.name.partition(".")[0] for path in GOLDEN.iterdir()} == set(REPLIES)


def test_the_first_message_has_eight_blocks_at_most() -> None:
    for name in samples.ANSWERS:
        assert len(blocks.message(REPLIES[name]())) <= 8, name


def _compare(name: str, printed: str, request: pytest.FixtureRequest) -> None:
    path = GOLDEN / name
    if request.config.getoption("--update-golden"):
        path.write_text(printed)
    assert path.read_text() == printed
