import bisect
import threading
from time import monotonic, sleep

from hypothesis import given
from hypothesis import strategies as st

from bot.aws.history.limiter import Lane, Limiter, Stage
from bot.pipe.ports import Deadline


@given(st.lists(st.tuples(st.floats(0, 3), st.floats(0, 0.999), st.floats(0, 9)), max_size=40))
def test_never_more_than_two_requests_arrive_in_any_second(requests: list[tuple[float, float, float]]) -> None:
    """Each request is asked for after a pause, arrives after a while (under a second), and is answered later still."""
    lane, now = Lane([0.0, 0.0]), 0.0
    arrivals: list[float] = []
    answers: list[tuple[float, float]] = []
    for pause, way, work in requests:
        now += pause
        while answers and answers[0][0] <= max(now, lane.free_at()):
            answered, slot = answers.pop(0)
            lane.give(slot, answered)
        now = max(now, lane.free_at())
        arrivals.append(now + way)
        bisect.insort(answers, (now + way + work, lane.take(now)))
    arrivals.sort()
    assert all(third - first >= 1 - 1e-9 for first, third in zip(arrivals, arrivals[2:], strict=False))


def test_a_third_request_waits_a_second_after_an_answer() -> None:
    limiter = Limiter()
    far = Deadline(monotonic() + 5)
    slots = [limiter.enter("eu-west-1", Stage.FIRST_PAGE, 1, far) for _ in range(2)]
    for slot in slots:
        assert slot is not None
        limiter.leave("eu-west-1", slot)
    answered = monotonic()
    assert limiter.enter("eu-west-1", Stage.FIRST_PAGE, 1, far) is not None
    assert 0.99 <= monotonic() - answered <= 1.5


def test_regions_do_not_wait_for_each_other() -> None:
    limiter = Limiter()
    begun = monotonic()
    for region in ("eu-west-1", "us-east-1", "ap-southeast-2"):
        for _ in range(2):
            assert limiter.enter(region, Stage.COUNT, 1, Deadline(begun + 5)) is not None
    assert monotonic() - begun < 0.5


def test_whoever_waits_past_the_deadline_gets_nothing() -> None:
    limiter = Limiter(per_second=1)
    assert limiter.enter("eu-west-1", Stage.COUNT, 1, Deadline(monotonic() + 1)) is not None
    begun = monotonic()
    assert limiter.enter("eu-west-1", Stage.COUNT, 2, Deadline(begun + 0.1)) is None
    assert monotonic() - begun < 0.5


def test_first_pages_go_before_follow_ups_before_counts_and_the_newest_question_first() -> None:
    limiter = Limiter(per_second=1)
    slot = limiter.enter("eu-west-1", Stage.COUNT, 0, Deadline(monotonic() + 1))
    assert slot is not None
    served: list[tuple[Stage, int]] = []

    def free(taken: float) -> None:
        limiter._lanes["eu-west-1"].slots[0] = 0.0  # no second of waiting in a test
        limiter.leave("eu-west-1", taken)

    def ask(stage: Stage, question: int) -> None:
        taken = limiter.enter("eu-west-1", stage, question, Deadline(monotonic() + 9))
        assert taken is not None
        served.append((stage, question))
        free(taken)

    waiting = [
        threading.Thread(target=ask, args=(stage, question))
        for question in (1, 2, 3)
        for stage in (Stage.COUNT, Stage.FOLLOW_UP, Stage.FIRST_PAGE)
    ]
    for thread in waiting:
        thread.start()
    while len(limiter._lanes["eu-west-1"].waiting) < len(waiting):
        sleep(0.005)
    free(slot)
    for thread in waiting:
        thread.join()
    assert served == [
        (stage, question) for stage in (Stage.FIRST_PAGE, Stage.FOLLOW_UP, Stage.COUNT) for question in (3, 2, 1)
    ]


def test_after_a_refusal_nothing_is_sent_for_a_while() -> None:
    limiter = Limiter()
    limiter.hold("eu-west-1", 0.3)
    begun = monotonic()
    assert limiter.enter("eu-west-1", Stage.FIRST_PAGE, 1, Deadline(begun + 5)) is not None
    assert monotonic() - begun >= 0.29


def test_the_refused_requests_own_slot_is_held_too() -> None:
    lane = Lane([0.0, 0.0])
    refused = lane.take(10.0)
    lane.hold(11.6)
    lane.give(refused, 10.1)
    assert lane.free_at() == 11.6


def test_a_shorter_hold_does_not_end_a_longer_one() -> None:
    lane = Lane([0.0, 0.0])
    lane.hold(3.0)
    lane.hold(2.0)
    assert lane.free_at() == 3.0


def test_whoever_waits_for_a_slot_waits_on_where_the_lane_is_held_meanwhile() -> None:
    limiter = Limiter(per_second=1)
    first = limiter.enter("eu-west-1", Stage.COUNT, 1, Deadline(monotonic() + 5))
    assert first is not None
    admitted: list[float] = []

    def wait() -> None:
        assert limiter.enter("eu-west-1", Stage.COUNT, 2, Deadline(monotonic() + 5)) is not None
        admitted.append(monotonic())

    waiting = threading.Thread(target=wait)
    waiting.start()
    held = monotonic()
    limiter.hold("eu-west-1", 1.3)
    limiter.leave("eu-west-1", first)
    waiting.join()
    assert 1.29 <= admitted[0] - held < 2
