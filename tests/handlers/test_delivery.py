"""What reaches a reader when Slack does not take the first form, and that it is known when nothing does."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from slack_sdk import WebClient

from bot.reply.nouns import Paragraph, Reply, line
from bot.reply.text import fallback
from bot.sandbox.slack import EmbeddedSlack
from bot.telemetry.metrics import MeasuredTelemetry
from handlers import delivery
from handlers.delivery import Delivery, Modal, ResponseUrl

SHORT = Reply(line("the answer as text"))
LONG = Reply(line("line 0"), tuple(Paragraph(line(f"line {number}")) for number in range(1, 1000)))


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


def post(place: Place, reply: Reply, *, in_channel: bool = False) -> str:
    """Deliver a reply beside the command."""
    return Delivery(place.telemetry)(client(place), reply, ResponseUrl(place.response_url, in_channel=in_channel))


def client(place: Place) -> WebClient:
    return WebClient(token=place.slack.workspace.credentials.bot_token, base_url=place.slack.api_url, timeout=1)


def opened(place: Place) -> bool:
    """Open a modal, as one process does."""
    return Delivery(place.telemetry).open(client(place), SHORT, modal(place))


def filled(place: Place) -> bool:
    """Fill it, as another process does that knows nothing of the first."""
    return Delivery(place.telemetry)(client(place), LONG, modal(place)) == "modal"


def modal(place: Place) -> Modal:
    return Modal(place.trigger_id, otherwise=ResponseUrl(""))


def test_a_message_that_slack_takes_is_sent_once(place: Place) -> None:
    assert post(place, SHORT) == "message"
    assert len(place.slack.calls) == 1
    assert place.slack.violations == []


@pytest.mark.parametrize(
    ("how", "reply", "arrived"),
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
def test_what_arrives_while_slack_keeps_failing(place: Place, how: str, reply: Reply, arrived: str) -> None:
    place.slack.fail("response_url", how)
    assert post(place, reply) == arrived


@pytest.mark.parametrize("how", ["error-500", "invalid_blocks"])
def test_one_failure_costs_the_blocks_but_not_the_answer(place: Place, how: str) -> None:
    place.slack.fail("response_url", how, times=1)
    assert post(place, SHORT) == "text"
    assert [message.text for message in place.slack.messages("C0OPS00001")] == ["the answer as text"]


def test_text_that_is_too_long_is_cut_at_a_line(place: Place) -> None:
    place.slack.fail("response_url", "error-500", times=2)
    assert post(place, LONG) == "short-text"
    lines = place.slack.messages("C0OPS00001")[0].text.splitlines()
    assert lines[0] == "line 0"
    assert lines[-1] == "…"
    assert lines[-2] in fallback(LONG).splitlines()


def test_a_rate_limit_is_waited_for_where_it_is_short(place: Place) -> None:
    place.slack.fail("response_url", "ratelimited", times=1, retry_after=0)
    assert post(place, SHORT) == "message"


def test_a_rate_limit_of_minutes_does_not_hold_a_worker(place: Place) -> None:
    place.slack.fail("response_url", "ratelimited", retry_after=300)
    assert post(place, SHORT) == ""
    assert place.refusals("response_url", "status-429") + place.refusals("response_url", "ratelimited") > 0


def test_an_address_that_is_gone_is_tried_once(place: Place) -> None:
    place.slack.fail("response_url", "expired_url")
    assert post(place, LONG) == ""
    assert len(place.slack.calls) == 1


def test_no_address_at_all_is_no_delivery(place: Place) -> None:
    assert Delivery(place.telemetry)(client(place), SHORT, ResponseUrl("")) == ""


def test_a_message_for_the_channel_is_seen_by_all(place: Place) -> None:
    post(place, SHORT, in_channel=True)
    assert [message.ephemeral_to for message in place.slack.messages("C0OPS00001")] == [None]


def test_a_modal_is_opened_by_one_process_and_filled_by_another(place: Place) -> None:
    assert opened(place)
    assert filled(place)
    assert [len(view.blocks) > 1 for view in place.slack.views] == [True]


@pytest.mark.parametrize("how", ["error-500", "expired_trigger_id", "hang", "garbage"])
def test_a_modal_that_cannot_be_opened_cannot_be_filled_and_both_say_so(place: Place, how: str) -> None:
    place.slack.fail("views.open", how)
    assert not opened(place)
    assert not filled(place)
    assert place.refusals("views.update", "not_found") == 1


@pytest.mark.parametrize("how", ["error-500", "invalid_blocks", "hang", "garbage"])
def test_a_modal_that_cannot_be_filled_says_so(place: Place, how: str) -> None:
    assert opened(place)
    place.slack.fail("views.update", how)
    assert not filled(place)
