"""A place in the queue, and each user's share."""

from bot.telemetry.log import Outcome, Telemetry
from handlers.admission import Admission, RateLimit
from handlers.delivery import Delivery
from handlers.incoming import Seen


def test_a_user_may_ask_so_often_in_any_minute() -> None:
    now = [0.0]
    limit = RateLimit(2, lambda: now[0])
    assert [limit.take("U1"), limit.take("U1"), limit.take("U1")] == [True, True, False]
    now[0] = 60.0
    assert limit.take("U1")


def test_a_refused_request_does_not_count_against_its_user() -> None:
    now = [0.0]
    limit = RateLimit(1, lambda: now[0])
    assert limit.take("U1")
    now[0] = 59.0
    assert not limit.take("U1")
    now[0] = 60.0
    assert limit.take("U1")


def test_one_user_does_not_use_up_another_ones_share() -> None:
    limit = RateLimit(1, lambda: 0.0)
    assert [limit.take("U1"), limit.take("U2"), limit.take("U1")] == [True, True, False]


def test_users_of_long_ago_are_forgotten() -> None:
    limit = RateLimit(1, lambda: 0.0)
    for number in range(10_000):
        limit.take(f"U{number}")
    assert len(limit._times) <= 4096


def test_a_full_queue_refuses_before_anybodys_share_is_counted() -> None:
    room = [False]
    telemetry = Telemetry()
    admission = Admission(
        RateLimit(1, lambda: 0.0),
        lambda: room[0],
        seen=Seen(),
        telemetry=telemetry,
        deliver=Delivery(telemetry),
        aside=lambda task: task(),
    )
    assert admission.refuses("U1") is Outcome.BUSY
    room[0] = True
    assert admission.refuses("U1") is None
    assert admission.refuses("U1") is Outcome.TOO_MANY
