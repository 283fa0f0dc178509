"""What may be asked, and what is no question."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.model import Question
from bot.pipe.parse import GRAMMAR, LONGEST_TEXT, Help, Problem, Slot, parse
from bot.pipe.unanswerable import InvalidQuestion
from bot.reply.buttons import encode
from tests.volume import examples

CONNECTOR = "arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders-s3-sink/2b7e1516-2"
ROLE = "arn:aws:iam::111122223333:role/connect/orders-s3-sink-role"

QUESTIONS = {
    "orders-s3-sink": Question("orders-s3-sink"),
    "  orders-s3-sink\n30d ": Question("orders-s3-sink", 30),
    "30d orders-s3-sink eu-west-1": Question("orders-s3-sink", 30, "eu-west-1"),
    "EU-WEST-1 Orders_S3.Sink 7D": Question("Orders_S3.Sink", 7, "eu-west-1"),
    "us-gov-west-1 orders": Question("orders", 90, "us-gov-west-1"),
    CONNECTOR: Question(CONNECTOR),
    f"{CONNECTOR} eu-west-1 1d": Question(CONNECTOR, 1, "eu-west-1"),
    ROLE: Question(ROLE),
    f"`{ROLE}` 90d": Question(ROLE, 90),
    "“orders-s3-sink”": Question("orders-s3-sink"),  # what a phone's keyboard makes of quotes
    "«orders-s3-sink», '30d'": Question("orders-s3-sink", 30),
    "orders-s3-sink?": Question("orders-s3-sink"),
    "<https://orders.example|orders.example>": Question("orders.example"),  # what Slack makes of an address
    "my-sink-1": Question("my-sink-1"),  # shaped like a region, and none
    "help orders": Problem.SEVERAL_SUBJECTS,
    "orders 0d": Problem.WINDOW_OUT_OF_RANGE,
    "orders 91d": Problem.WINDOW_OUT_OF_RANGE,
    "orders 999999999d": Problem.WINDOW_OUT_OF_RANGE,
    "orders 30d 7d": Problem.SEVERAL_WINDOWS,
    "orders eu-west-1 us-east-1": Problem.SEVERAL_REGIONS,
    "orders returns": Problem.SEVERAL_SUBJECTS,
    "30d": Problem.NO_SUBJECT,
    "eu-west-1 30d": Problem.NO_SUBJECT,
    f"{CONNECTOR} us-east-1": Problem.REGION_CONTRADICTS_ARN,
    "arn:aws:s3:::bucket": Problem.NOT_AN_ARN,
    "<!channel>": Problem.NOT_A_NAME,
    "&lt;!channel&gt;": Problem.NOT_A_NAME,
    "*bold*": Problem.NOT_A_NAME,
    "🌩️-sink": Problem.NOT_A_NAME,
    "-sink": Problem.NOT_A_NAME,
    "orders ٣d": Problem.NOT_A_NAME,  # digits, but not ours
    "x" * 129: Problem.NOT_A_NAME,
    "x" * 10_000: Problem.TOO_LONG,
    "": Help(),
    " \n\t": Help(),
    "help": Help(),
    "HELP": Help(),
    "?": Help(),
    "``": Help(),
}


@pytest.mark.parametrize("text", QUESTIONS, ids=lambda text: text[:40] or "nothing")
def test_a_text_is_a_question_or_says_what_is_wrong(text: str) -> None:
    expected = QUESTIONS[text]
    if isinstance(expected, Problem):
        with pytest.raises(InvalidQuestion) as raised:
            parse(text)
        assert raised.value.problem == expected
    else:
        assert parse(text) == expected


def test_a_history_that_looks_back_further_takes_a_longer_window() -> None:
    assert parse("orders 400d", longest_window_days=400) == Question("orders", 400)
    assert parse("orders", longest_window_days=30) == Question("orders", 30)


def test_the_examples_of_the_grammar_are_of_their_own_kind_alone() -> None:
    for part in GRAMMAR:
        assert [other.code for other in GRAMMAR if other.matches(part.example)] == [part.code]


@given(st.permutations(["orders-s3-sink", "30d", "eu-west-1"]))
def test_the_order_of_words_means_nothing(words: list[str]) -> None:
    assert parse(" ".join(words)) == Question("orders-s3-sink", 30, "eu-west-1")


_WORDS = ["orders", "30d", "eu-west-1", "help", "<!here>", "arn:aws:iam::1:role/x", "&amp;", "`"]
_HOSTILE = st.one_of(
    st.text(max_size=LONGEST_TEXT + 50),
    st.text(alphabet="arn:wskfcoet/-0123456789d <>!@#&;`*_~|\"'“”\n\t\u202e\u0000🌩", max_size=200),
    st.lists(st.sampled_from(_WORDS)).map(" ".join),
)


@examples(100, 100_000)
@given(_HOSTILE)
def test_any_text_gives_a_question_help_or_a_known_problem(text: str) -> None:
    parsed = _parsed(text)
    if isinstance(parsed, InvalidQuestion):
        assert parsed.problem in set(Problem)
        assert parsed.value.isprintable()
        assert len(parsed.value) <= 80
    elif isinstance(parsed, Question):
        assert _is_sound(parsed)


def _parsed(text: str) -> Question | Help | InvalidQuestion:
    try:
        return parse(text)
    except InvalidQuestion as problem:
        return problem


def _is_sound(question: Question) -> bool:
    encode(question)  # what was parsed also fits into a button
    return 1 <= question.window_days <= 90 and not re.search(r"\s", question.subject)


def test_each_slot_has_a_part() -> None:
    assert {part.slot for part in GRAMMAR} == set(Slot)


@pytest.mark.parametrize(
    ("text", "subject", "days"),
    [
        ("orders 2w", "orders", 14),
        ("orders 90 days", "orders", 90),
        ("30 Days orders", "orders", 30),
        ("1 week orders", "orders", 7),
        ("orders–s3–sink 7d", "orders-s3-sink", 7),  # noqa: RUF001  what a phone makes of a hyphen
        ("role orders-role", "role/orders-role", 90),
        ("Role orders+role@team 7d", "role/orders+role@team", 7),
        ("role/service-role/orders-role", "role/orders-role", 90),
        ("connector help", "connector/help", 90),
        ("role 30d", "role/30d", 90),
        (
            "arn:aws:sts::111122223333:assumed-role/orders-role/session-1",
            "arn:aws:iam::111122223333:role/orders-role",
            90,
        ),
        ("role", "role", 90),
    ],
)
def test_names_windows_and_dashes_are_taken_as_people_hold_them(text: str, subject: str, days: int) -> None:
    assert parse(text) == Question(subject, days)
