"""What needs a bot of its own: full queues, limits, lists, links that drop."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Literal

import pytest

from bot.pipe.ports import AnswerSource
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import Channel, EmbeddedSlack
from tests.handlers.running import Watched, real_answers, running

ALICE, BOB = "U0ALICE001", "U0BOB00001"


@pytest.fixture(scope="module")
def source(embedded_aws: EmbeddedAws) -> Iterator[AnswerSource]:
    with real_answers(embedded_aws) as answers:
        yield answers


@pytest.fixture
def answers(source: AnswerSource) -> Iterator[Watched]:
    watched = Watched(source)
    yield watched
    watched.gate.set()


def test_an_answer_is_not_shared_where_other_organisations_read(slack: EmbeddedSlack, answers: Watched) -> None:
    slack.workspace.add_channel(Channel("C0PARTNER", "partner", shared_with=("T0PARTNER1",)))
    for allowed in ("false", "true"):
        with running(slack, answers, {"MSK_ROLE_SHARE_TO_EXTERNAL": allowed}) as bot:
            answer = bot.answer(channel="C0PARTNER")
            (reply,) = slack.click(answer, "share").wait()
            assert (reply.ephemeral_to is None) is (allowed == "true")
            assert bot.audit(2)["outcome"] == ("answered" if allowed == "true" else "refused")


def test_an_allow_list_holds_for_channels(slack: EmbeddedSlack, answers: Watched) -> None:
    with running(slack, answers, {"MSK_ROLE_ALLOWED_CHANNELS": "C0OPS00001"}) as bot:
        bot.answer(channel="C0RANDOM01")
        bot.answer(channel="C0OPS00001")
        assert [bot.audit(1).get("detail"), bot.audit(2)["outcome"]] == ["channel-not-allowed", "answered"]


def test_a_full_queue_says_busy_in_the_acknowledgement_and_the_others_are_answered(
    slack: EmbeddedSlack, answers: Watched
) -> None:
    answers.gate.clear()
    with running(slack, answers, {"MSK_ROLE_WORKERS": "1", "MSK_ROLE_QUEUE": "1"}) as bot:
        taken = [slack.command("orders-s3-sink eu-west-1") for _ in range(2)]
        for exchange in taken:
            assert exchange.ack.error is None
        late = slack.command("orders-s3-sink eu-west-1")
        assert late.ack.payload is not None
        assert bot.audit()["outcome"] == "busy"
        answers.gate.set()
        for exchange in taken:
            assert "orders-s3-sink" in exchange.wait()[0].text
        assert late.replies == []


def test_a_press_is_told_busy_by_a_message(slack: EmbeddedSlack, answers: Watched) -> None:
    with running(slack, answers, {"MSK_ROLE_WORKERS": "1", "MSK_ROLE_QUEUE": "0"}) as bot:
        answer = bot.answer()
        bot.audit()
        bot.settle()
        answers.gate.clear()
        assert slack.command("orders-s3-sink eu-west-1").ack.error is None
        (reply,) = slack.click(answer, "refresh").wait()
        assert bot.audit(2)["outcome"] == "busy"
        assert "orders" not in reply.text
        answers.gate.set()


def test_a_user_who_asks_too_often_is_told_so_and_nobody_else(slack: EmbeddedSlack, answers: Watched) -> None:
    with running(slack, answers, {"MSK_ROLE_REQUESTS_PER_MINUTE": "2"}) as bot:
        for _ in range(3):
            assert slack.command("help").ack.error is None
        slack.command("help", user=BOB).wait()
        assert sorted(bot.audit(number)["outcome"] for number in range(1, 5)) == ["help", "help", "help", "too-many"]
        assert [record["user"] for record in bot.audits if record["outcome"] == "too-many"] == [ALICE]


def test_slow_questions_do_not_hold_up_acknowledgements(slack: EmbeddedSlack, answers: Watched) -> None:
    answers.gate.clear()
    with running(slack, answers) as bot:
        slow = [slack.command("orders-s3-sink eu-west-1") for _ in range(24)]
        assert max(exchange.ack.seconds for exchange in slow) < 1
        assert all(exchange.ack.error is None for exchange in slow)
        answers.gate.set()
        for exchange in slow:
            exchange.wait(timeout=30)
        assert {record["outcome"] for record in bot.audits} == {"answered"}


def test_people_of_the_same_grid_organisation_are_at_home(slack: EmbeddedSlack, answers: Watched) -> None:
    slack.workspace.add_user(replace(slack.users[ALICE], team_id="T0EXAMPLE2"))
    with running(slack, answers) as bot:
        slack.command("orders-s3-sink eu-west-1").wait()
        assert bot.audit()["detail"] == "other-organisation"


@pytest.mark.parametrize("press", ["", "details", "share"])
@pytest.mark.parametrize("how", ["close", "cut"])
def test_a_link_that_is_dropped_after_the_acknowledgement_does_not_cost_the_result(
    slack: EmbeddedSlack, answers: Watched, press: str, how: Literal["close", "cut"]
) -> None:
    with running(slack, answers) as bot:
        exchange = slack.command("orders-s3-sink eu-west-1")
        if press:
            (answer,) = exchange.wait()
            bot.audit()
            bot.forget()
            exchange = slack.click(answer, press)
        assert exchange.ack.error is None
        slack.drop_links(how)
        assert (bot.audit()["outcome"], bool(bot.audit()["delivered_as"])) == ("answered", True)


def test_a_link_that_is_cut_without_a_word_is_noticed_and_taken_up_again(
    slack: EmbeddedSlack, answers: Watched, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("bot.serve.socket._PING_SECONDS", 0.2)
    with running(slack, answers):
        slack.drop_links("cut")
        opened = ["apps.connections.open"] * 2
        slack.wait_until(lambda: [call.method for call in slack.calls if call.method in opened] == opened, 20)
        slack.wait_for_link()
        assert slack.command("help").wait()
