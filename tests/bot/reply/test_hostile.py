"""Whatever AWS or a person puts into names and values, Slack takes the reply and shows it as text."""

import json
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from typing import Any

from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.model import (
    S3,
    Answer,
    BucketState,
    Cause,
    Caution,
    CautionCode,
    CloudWatchLogs,
    Connector,
    ConnectorAnswer,
    ConnectorOperation,
    ConnectorSummary,
    DeliveryStreamState,
    EvidenceKind,
    EvidenceRef,
    Firehose,
    LastAccessed,
    LogGroupState,
    Properties,
    Reason,
    Role,
    RoleEvidence,
    ServiceLastAccessed,
    SessionActivity,
    Unavailable,
)
from bot.pipe.unanswerable import (
    AmbiguousConnector,
    ConnectorUnreadable,
    InvalidQuestion,
    NoSuchConnector,
    RegionOutOfScope,
)
from bot.reply import text, word
from bot.reply.json import document
from bot.reply.nouns import Reply
from bot.sandbox.slack.blocks import refuse_message, refuse_view
from bot.sandbox.slack.escaping import violations
from handlers import blocks
from tests.bot.reply import samples

NASTY = (
    "<!channel>", "<@U123>", "*bold* _it_ ~gone~ `code`", "&lt;!here&gt; & <b>", "<https://example.com|orders>",
    "```", "line\nbreak\ttab", "\u202egnirts", "\x00\x1b[31m", "🌩️" * 30, "{role} {0} %s", "a" * 3000, "\ud800", "", " ",
    ":smile: @here #general", "'; rm -rf / #", "“quotes”", "ﷺ" * 200,
)  # fmt: skip
hostile = st.one_of(st.sampled_from(NASTY), st.text(max_size=200), st.text(min_size=150, max_size=600))
few = st.lists(hostile, max_size=4)
many = st.lists(hostile, max_size=40)
moments = st.integers(0, 90 * 24 * 60).map(lambda minutes: samples.NOW - timedelta(minutes=minutes))


@st.composite
def explanations(draw: st.DrawFn) -> ConnectorAnswer:
    """An answer whose every name is hostile, through the real rules."""
    described = Connector(
        name=draw(hostile),
        arn=draw(st.one_of(hostile, hostile.map(lambda name: samples.connector_arn(name or "x")))),
        region=draw(hostile),
        state=draw(st.one_of(hostile, st.sampled_from(["RUNNING", "PAUSED", "FAILED", "DELETING", "CREATING"]))),
        role_arn=draw(st.one_of(hostile, hostile.map(lambda name: samples.role_arn(name or "x")))),
        authentication_type=draw(st.one_of(hostile, st.sampled_from(["IAM", "NONE"]))),
        configuration=Properties({**draw(_configurations), **dict(zip(draw(few), draw(few), strict=False))}),
        log_destinations=(S3(draw(hostile), draw(hostile)), CloudWatchLogs(draw(hostile)), Firehose(draw(hostile))),
        state_code=draw(hostile),
    )
    names = [draw(hostile) for _ in range(6)]
    gaps = tuple(_gap(operation, names[0], draw(st.sampled_from(Cause))) for operation in draw(few))
    read = samples.evidence(
        described,
        role=Role(described.role_arn, names[1], {"Statement": draw(hostile)}),
        log_destinations=(
            BucketState(described.log_destinations[0].bucket, None, draw(hostile)),  # type: ignore[union-attr]
            LogGroupState(described.log_destinations[1].log_group, (), ()),  # type: ignore[union-attr]
            DeliveryStreamState(described.log_destinations[2].delivery_stream, {}, False),  # type: ignore[union-attr]
        ),
        operations=tuple(ConnectorOperation(names[2], kind, names[3], draw(moments)) for kind in draw(few)),
        last_accessed=LastAccessed(
            samples.NOW, tuple(ServiceLastAccessed(name, draw(moments), names[4]) for name in draw(many))
        ),
        history=samples.history(
            *(
                samples.event(number, number, region=names[4], session_name=name, principal=draw(_principals))
                for number, name in enumerate(draw(many))
            ),
            coverage={"regions": tuple(draw(few)), "accounts": tuple(draw(few)), "source": names[5]},
            session_activity=(SessionActivity(names[0], names[1], 3, samples.NOW),),
        ),
        sharing=tuple(_summary(name) for name in draw(many)),
        gaps=gaps,
    )
    answer = samples.explained(read)
    extra = Caution(
        draw(st.sampled_from(CautionCode)),
        Reason(draw(hostile), _all_data(names[0])),
        (EvidenceRef(EvidenceKind.POLICY, names[1]),),
    )
    return replace(answer, cautions=(*answer.cautions, extra), unavailable=gaps)


_configurations = st.sampled_from([samples.S3_SINK, samples.JDBC_SOURCE, samples.UNKNOWN_CLASS, {}])
_principals = st.one_of(st.just("kafkaconnect.amazonaws.com"), hostile)


def _gap(operation: str, resource: str, cause: Cause) -> Unavailable:
    return Unavailable(operation, resource, cause, operation or None, resource or None)


def _summary(name: str) -> ConnectorSummary:
    return ConnectorSummary(name, samples.connector_arn(name), name, name)


def _all_data(name: str) -> dict[str, str]:
    return dict.fromkeys(("name", "missing", "present", "keys", "class", "role", "last", "connectors", "count"), name)


@st.composite
def role_answers(draw: st.DrawFn) -> Answer:
    """An answer about a role whose every name is hostile."""
    arn = draw(hostile)
    read = RoleEvidence(
        arn,
        Role(arn, draw(hostile), {"Statement": [{"Effect": "Allow", "Principal": {"AWS": draw(few)}}]}),
        tuple(_summary(name) for name in draw(many)),
        None,
        samples.history(),
        tuple(draw(few)),
        (),
        samples.NOW,
    )
    return samples.explained_role(read)


unanswerable = st.one_of(
    st.builds(InvalidQuestion, hostile, hostile),
    st.builds(RegionOutOfScope, hostile, few.map(tuple)),
    st.builds(
        NoSuchConnector, hostile, few.map(tuple), _rows := many.map(lambda names: tuple(map(_summary, names))), _rows
    ),
    st.builds(AmbiguousConnector, hostile, _rows),
    st.builds(
        ConnectorUnreadable, hostile, st.builds(_gap, hostile, hostile, st.sampled_from(Cause)).map(lambda g: (g,))
    ),
)
patient = settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))


@patient
@given(explanations())
def test_an_answer_about_a_connector_is_taken_by_slack_whatever_it_names(answer: ConnectorAnswer) -> None:
    for reply in (word.answer(answer), word.details(answer), word.query(answer), word.policies(answer)):
        _check(reply)
    _check(word.shared(answer, "U0ALICE001"), "U0ALICE001")
    json.dumps(document(answer))


@patient
@given(role_answers())
def test_an_answer_about_a_role_is_taken_by_slack_whatever_it_names(answer: Answer) -> None:
    for reply in (word.answer(answer), word.details(answer), word.query(answer), word.policies(answer)):
        _check(reply)


@patient
@given(unanswerable)
def test_a_failure_is_taken_by_slack_whatever_it_names(error: Any) -> None:
    _check(word.failure(error))


@patient
@given(hostile)
def test_a_reference_and_a_user_are_taken_by_slack_whatever_they_are(name: str) -> None:
    _check(word.crash(name))
    _check(word.shared(samples.dormant(), name), name)


def _check(reply: Reply, asker: str | None = None) -> None:
    printed, view, fallback = blocks.message(reply), blocks.modal(reply), text.fallback(reply)
    assert refuse_message(printed) is None
    assert refuse_view(view) is None
    assert not list(violations({"blocks": printed, "text": fallback}, asker))
    assert not list(violations(view, asker))
    assert len(printed) <= blocks.MESSAGE_BLOCKS
    assert blocks.size(printed) <= blocks.MESSAGE_SIZE
    assert 0 < len(fallback) <= text.LONGEST_FALLBACK + 2
    assert all(shown.isprintable() for shown in _shown(printed))
    assert all(line.isprintable() for line in text.plain(reply).split("\n"))


def _shown(node: object) -> Iterator[str]:
    """Yield the lines of every text of blocks."""
    if isinstance(node, dict):
        for key, value in node.items():
            if key == "text" and isinstance(value, str):
                yield from value.split("\n")
            else:
                yield from _shown(value)
    elif isinstance(node, list):
        for value in node:
            yield from _shown(value)


def test_a_very_long_reply_is_cut_with_a_word_about_it() -> None:
    answer = samples.explained(
        samples.evidence(
            samples.connector(),
            sharing=tuple(samples.summary(f"sink-{number}") for number in range(3000)),
            history=samples.history(
                *(
                    samples.event(number / 10, number, principal=f"arn:aws:iam::{samples.ACCOUNT}:user/{number:05}")
                    for number in range(5000)
                )
            ),
        )
    )
    details = word.details(answer)
    assert refuse_view(blocks.modal(details)) is None
    printed = blocks.message(details)
    assert refuse_message(printed) is None
    assert "more" in json.dumps(printed, ensure_ascii=False)
