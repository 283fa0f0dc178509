"""What reaches a reader when Slack does not take the first form, and that it is known when nothing does."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from slack_sdk import WebClient

from bot.sandbox.slack import EmbeddedSlack
from bot.telemetry.metrics import MeasuredTelemetry
from handlers import delivery
from handlers.delivery import Message, Modal, Post

BLOCKS = [{"type": "section", "text": {"type": "plain_text", "text": "the answer", "emoji": False}}]
VIEW = {"type": "modal", "title": {"type": "plain_text", "text": "Details"}, "blocks": BLOCKS}
SHORT = Message(BLOCKS, "the answer as text")
LONG = Message(BLOCKS, "\n".join(f"line {number}" for number in range(1000)))


@dataclass(frozen=True)
class Place:
    """A command that waits for its result, and what a listener would know of it."""

    slack: EmbeddedSlack
    response_url: str
    trigger_id: str
    telemetry: MeasuredTelemetry

    def refusals(self, method: str, cause: str) -> float:
        labels = {"method": method, "cause": cause}
        return self.telemetry.registry.get_sample_value("msk_role_slack_refusals_total", labels) or 0


@pytest.fixture
def place(slack: EmbeddedSlack, monkeypatch: pytest.MonkeyPatch) -> Iterator[Place]:
    monkeypatch.setattr(delivery, "TIMEOUT_SECONDS", 0.3)
    monkeypatch.setattr(delivery, "_UPDATE_PAUSE_SECONDS", 0.02)
    exchange = slack._exchange("command", "U0ALICE001", "C0OPS00001", "socket")
    yield Place(
        slack,
        slack._core.new_hook(exchange, "C0OPS00001", "U0ALICE001", None),
        slack._core.new_trigger(exchange),
        MeasuredTelemetry(),
    )
    slack.heal()


def modal(place: Place) -> Modal:
    client = WebClient(token=place.slack.workspace.credentials.bot_token, base_url=place.slack.api_url, timeout=1)
    return Modal(client, place.trigger_id, place.telemetry)


def test_a_message_that_slack_takes_is_sent_once(place: Place) -> None:
    assert Post(place.telemetry)(place.response_url, SHORT) == "message"
    assert len(place.slack.calls) == 1
    assert place.slack.violations == []


@pytest.mark.parametrize(
    ("how", "message", "arrived"),
    [
        ("invalid_blocks", SHORT, "text"),
        ("msg_blocks_too_long", SHORT, "text"),
        ("refused-with-200", SHORT, "text"),
        ("error-500", SHORT, ""),
        ("error-500", LONG, ""),
        ("garbage", SHORT, ""),
        ("hang", SHORT, ""),
        ("expired_url", SHORT, ""),
        ("used_url", LONG, ""),
    ],
)
def test_what_arrives_while_slack_keeps_failing(place: Place, how: str, message: Message, arrived: str) -> None:
    place.slack.fail("response_url", how)
    assert Post(place.telemetry)(place.response_url, message) == arrived


@pytest.mark.parametrize("how", ["error-500", "invalid_blocks"])
def test_one_failure_costs_the_blocks_but_not_the_answer(place: Place, how: str) -> None:
    place.slack.fail("response_url", how, times=1)
    assert Post(place.telemetry)(place.response_url, SHORT) == "text"
    assert [message.text for message in place.slack.messages("C0OPS00001")] == ["the answer as text"]


def test_text_that_is_too_long_is_cut_at_a_line(place: Place) -> None:
    place.slack.fail("response_url", "error-500", times=2)
    assert Post(place.telemetry)(place.response_url, LONG) == "short-text"
    lines = place.slack.messages("C0OPS00001")[0].text.splitlines()
    assert lines[0] == "line 0"
    assert lines[-1] == "…"
    assert lines[-2] in LONG.text.splitlines()


def test_a_rate_limit_is_waited_for_where_it_is_short(place: Place) -> None:
    place.slack.fail("response_url", "ratelimited", times=1, retry_after=0)
    assert Post(place.telemetry)(place.response_url, SHORT) == "message"


def test_a_rate_limit_of_minutes_does_not_hold_a_worker(place: Place) -> None:
    place.slack.fail("response_url", "ratelimited", retry_after=300)
    assert Post(place.telemetry)(place.response_url, SHORT) == ""
    assert place.refusals("response_url", "status-429") + place.refusals("response_url", "ratelimited") > 0


def test_an_address_that_is_gone_is_tried_once(place: Place) -> None:
    place.slack.fail("response_url", "expired_url")
    assert Post(place.telemetry)(place.response_url, LONG) == ""
    assert len(place.slack.calls) == 1


def test_no_address_at_all_is_no_delivery(place: Place) -> None:
    assert Post(place.telemetry)("", SHORT) == ""


def test_a_message_for_the_channel_is_seen_by_all(place: Place) -> None:
    Post(place.telemetry)(place.response_url, SHORT, in_channel=True)
    assert [message.ephemeral_to for message in place.slack.messages("C0OPS00001")] == [None]


def test_a_modal_is_opened_by_one_process_and_filled_by_another(place: Place) -> None:
    assert modal(place).open(VIEW)
    assert modal(place).fill({**VIEW, "blocks": BLOCKS * 2})
    assert [len(view.blocks) for view in place.slack.views] == [2]


@pytest.mark.parametrize("how", ["error-500", "expired_trigger_id", "hang", "garbage"])
def test_a_modal_that_cannot_be_opened_cannot_be_filled_and_both_say_so(place: Place, how: str) -> None:
    place.slack.fail("views.open", how)
    assert not modal(place).open(VIEW)
    assert not modal(place).fill(VIEW)
    assert place.refusals("views.update", "not_found") == 1


@pytest.mark.parametrize("how", ["error-500", "invalid_blocks", "hang", "garbage"])
def test_a_modal_that_cannot_be_filled_says_so(place: Place, how: str) -> None:
    assert modal(place).open(VIEW)
    place.slack.fail("views.update", how)
    assert not modal(place).fill(VIEW)
