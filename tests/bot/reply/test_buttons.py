"""What a button carries, and what is refused in its place."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Question
from bot.pipe.unanswerable import InvalidQuestion
from bot.reply.buttons import VALUE_LIMIT, decode, encode

ARN = "arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders-s3-sink/11111111-2222-3333-4444-555555555555-2"


@pytest.mark.parametrize(
    "question",
    [
        Question(ARN),
        Question(ARN, 1, "eu-west-1"),
        Question(ARN, 90, "us-gov-west-1"),
        Question('"<!channel> {"*_~`', 30),
        Question("é" * 800),
    ],
)
def test_a_question_survives_the_way_through_slack(question: Question) -> None:
    value = encode(question)
    assert len(value) <= VALUE_LIMIT
    assert decode(value) == question


@pytest.mark.parametrize(
    "value",
    [
        None,
        7,
        "",
        "x",
        "null",
        "[]",
        "{}",
        '["a"]',
        '["a", 1, null, 2]',
        "[1, 1, null]",
        '["", 1, null]',
        '["a", 0, null]',
        '["a", 731, null]',
        '["a", true, null]',
        '["a", 1.0, null]',
        '["a", "1", null]',
        '["a", 1, "moon"]',
        '["a", 1, 2]',
        '["a\\nb", 1, null]',
        '["a\\u0000", 1, null]',
        f'["{"a" * 801}", 1, null]',
        f'["a", 1, null]{" " * VALUE_LIMIT}',
        "[" * 1990,
        '{"subject": "a", "days": 1, "region": null}',
    ],
)
def test_anything_the_bot_did_not_write_is_an_invalid_question(value: object) -> None:
    with pytest.raises(InvalidQuestion):
        decode(value)


@given(st.text() | st.recursive(st.none() | st.integers() | st.text(), st.lists).map(str))
def test_no_value_breaks_the_reading(value: str) -> None:
    with suppress(InvalidQuestion):
        assert isinstance(decode(value), Question)
