"""What a person in Slack gets: answers, buttons, refusals, and what happens under pressure or to a defect."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest

from bot.model import Question
from bot.pipe.ports import AnswerSource
from bot.reply.buttons import encode
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack, Message
from tests.handlers.running import Running, Watched, real_answers, running

GUEST, STRANGER, ALICE = "U0GUEST001", "U0STRANGE1", "U0ALICE001"


@pytest.fixture(scope="module")
def source(embedded_aws: EmbeddedAws) -> Iterator[AnswerSource]:
    with real_answers(embedded_aws) as answers:
        yield answers


@pytest.fixture(scope="module")
def connected(embedded_slack: EmbeddedSlack, source: AnswerSource) -> Iterator[Running]:
    with running(embedded_slack, Watched(source), {"MSK_ROLE_REQUESTS_PER_MINUTE": "10000"}) as here:
        yield here


@pytest.fixture
def bot(slack: EmbeddedSlack, connected: Running) -> Running:
    connected.forget()
    return connected


@pytest.fixture
def answers(bot: Running) -> Iterator[Watched]:
    """What the bot gets its answers from, before it is asked anything."""
    watched = bot.bot.desk.answers
    assert isinstance(watched, Watched)
    watched.asked.clear()
    yield watched
    watched.defect = None


def modal(bot: Running, answer: Message, press: str, audits: int) -> str:
    """Press a button and return what its modal shows at the end; ``audits`` is the number of its audit record."""
    exchange = bot.slack.click(answer, press)
    assert bot.audit(audits)["delivered_as"] == "modal"
    return str(exchange.wait_view().body)


def test_the_answer_is_a_second_message_that_reads_well_on_its_own(bot: Running) -> None:
    exchange = bot.slack.command("orders-s3-sink 30d eu-west-1")
    assert exchange.ack.payload is not None
    (answer,) = exchange.wait()
    assert answer.source == "response_url"
    assert answer.ephemeral_to == ALICE
    assert "orders-s3-sink" in answer.text
    assert bot.audit() == {
        **bot.audit(),
        "kind": "command",
        "user": ALICE,
        "channel": "C0OPS00001",
        "subject": "orders-s3-sink",
        "window_days": 30,
        "region": "eu-west-1",
        "outcome": "answered",
        "delivered_as": "message",
    }


def test_every_button_of_an_answer_does_what_it_says(bot: Running, answers: Watched) -> None:
    answer = bot.answer()
    assert "All details" in modal(bot, answer, "details", 2)
    assert "filter eventName" in modal(bot, answer, "query", 3)
    (public,) = bot.slack.click(answer, "share").wait()
    assert public.ephemeral_to is None
    (again,) = bot.slack.click(answer, "refresh").wait()
    assert (again.ts, again.replaced) == (answer.ts, True)
    assert [fresh for _, fresh in answers.asked] == [False, False, False, False, True]
    assert bot.slack.violations == []
    assert bot.slack.refusals == []


def test_help_needs_no_answer(bot: Running, answers: Watched) -> None:
    for text in ("", "help"):
        assert "msk-role" in bot.slack.command(text).wait()[0].text
    assert answers.asked == []
    assert bot.audit()["outcome"] == "help"


@pytest.mark.parametrize(
    "text", ["no-such-connector", "🙂" * 50, "x" * 10_000, "a\nb\nc", "<!channel> *b* `c`", "moon-1"]
)
def test_a_question_without_an_answer_gets_one_reply_and_no_traceback(
    bot: Running, text: str, caplog: pytest.LogCaptureFixture
) -> None:
    exchange = bot.slack.command(text)
    (reply,) = exchange.wait()
    assert reply.text
    assert bot.audit()["outcome"] == "no-answer"
    assert "Traceback" not in caplog.text
    assert bot.slack.violations == []


@pytest.mark.parametrize("user", [GUEST, STRANGER])
def test_guests_and_strangers_are_refused_kindly_on_the_command_and_on_every_button(
    bot: Running, answers: Watched, user: str
) -> None:
    answer = bot.answer()
    before = len(answers.asked)
    assert "orders" not in bot.slack.command("orders-s3-sink", user=user).wait()[0].text
    for press in ("share", "refresh"):
        (refusal,) = bot.slack.click(answer, press, user=user).wait()
        assert refusal.ephemeral_to == user
    for number, press in enumerate(("details", "query"), 5):
        bot.slack.click(answer, press, user=user)
        assert bot.audit(number)["outcome"] == "refused"
    assert len(answers.asked) == before
    assert [record["outcome"] for record in bot.audits[1:]] == ["refused"] * 5


@pytest.mark.parametrize("value", ["", "x", "[]", '["<!channel>",7]', "[" * 2000, '["a",1000,null]', None, 7])
@pytest.mark.parametrize("press", ["share", "details", "refresh"])
def test_a_forged_button_value_is_no_question(bot: Running, answers: Watched, press: str, value: Any) -> None:
    answer = bot.answer()
    bot.slack.click(answer, press, value=value)
    assert bot.audit(2)["outcome"] == "no-answer"
    assert len(answers.asked) == 1
    assert bot.slack.violations == []


def test_a_forged_value_that_is_a_question_shows_no_more_than_asking_it(bot: Running, answers: Watched) -> None:
    answer = bot.answer()
    (reply,) = bot.slack.click(answer, "refresh", value=encode(Question("no-such-connector <!here>"))).wait()
    assert reply.ephemeral_to == ALICE
    assert bot.slack.violations == []


def test_one_of_several_can_be_picked_and_keeps_the_window(bot: Running, answers: Watched) -> None:
    several = bot.answer("orders 7d")
    (answer,) = bot.slack.click(several, "choose-0").wait()
    assert "orders" in answer.text
    assert bot.audit(2)["outcome"] == "answered"
    assert answers.asked[-1][0].window_days == 7


def test_a_defect_is_told_with_the_reference_of_its_traceback(
    bot: Running, answers: Watched, caplog: pytest.LogCaptureFixture
) -> None:
    answers.defect = RuntimeError("password=CANARY")
    (reply,) = bot.slack.command("orders-s3-sink").wait()
    record = bot.audit()
    assert (record["outcome"], record["detail"]) == ("crashed", "RuntimeError")
    assert record["request_id"] in reply.text
    assert "CANARY" not in reply.text
    assert "A listener failed" in caplog.text


def test_a_delivery_that_is_repeated_is_worked_on_once(bot: Running, answers: Watched) -> None:
    payload = {
        "command": "/msk-role",
        "text": "orders-s3-sink eu-west-1",
        "user_id": ALICE,
        "team_id": "T0EXAMPLE1",
        "channel_id": "C0OPS00001",
        "trigger_id": "1.2.repeated",
        "response_url": "",
    }
    for _ in range(3):
        assert bot.slack.deliver("slash_commands", payload).ack.error is None
    assert bot.audit()["outcome"] == "undelivered"
    assert len(answers.asked) == 1


@pytest.mark.parametrize(
    "payload",
    [
        {"command": "/msk-role"},
        {"command": "/msk-role", "user_id": None, "trigger_id": None},
        {"type": "block_actions", "actions": []},
        {"type": "block_actions", "actions": [{"action_id": "share"}]},
        {"type": "block_actions", "actions": [{"action_id": "no-such"}], "user": {"id": ALICE}},
    ],
)
def test_payloads_that_lack_what_slack_promises_break_nothing(bot: Running, payload: dict[str, Any]) -> None:
    bot.slack.deliver("slash_commands" if "command" in payload else "interactive", payload)
    assert bot.slack.command("help").wait()


def test_the_installation_may_call_the_command_something_else(bot: Running) -> None:
    payload = {
        "command": "/msk-role-staging",
        "text": "help",
        "user_id": ALICE,
        "team_id": "T0EXAMPLE1",
        "channel_id": "C0OPS00001",
        "trigger_id": "1.2.other",
        "response_url": "",
    }
    assert bot.slack.deliver("slash_commands", payload).ack.error is None
    assert bot.audit()["kind"] == "command"
