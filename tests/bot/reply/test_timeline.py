"""The window as a picture."""

from datetime import timedelta

import pytest

from bot.model import ConnectorOperation, StopCause
from bot.reply.timeline import calendar, is_telling, picture
from tests.bot.reply.samples import NOW, assumed_every, event, history


def _marks(drawn: str) -> str:
    return drawn.split("\n", maxsplit=1)[0][7:].rpartition(" ")[0].rpartition(" ")[0]


@pytest.mark.parametrize(
    ("days", "marks", "length"), [(90, 30, "3 days"), (30, 30, "1 day"), (7, 28, "6 hours"), (1, 24, "1 hour")]
)
def test_a_mark_stands_for_a_round_time(days: int, marks: int, length: str) -> None:
    start = {"window_from": NOW - timedelta(days=days), "read_from": NOW - timedelta(days=days)}
    drawn = picture(history(event(0.5), coverage=start))
    assert len(_marks(drawn)) == marks
    assert f"1 mark = {length}, " in drawn


def test_marks_are_as_high_as_their_counts_and_silence_is_a_dot() -> None:
    events = (event(1), event(2, 1), event(3, 2), event(4, 3), event(24 * 40, 4))
    marks = _marks(picture(history(*events)))
    assert marks == "·" * 16 + "▂" + "·" * 12 + "█"


def test_what_was_not_read_is_no_silence() -> None:
    cut = {"stopped_because": StopCause.DEADLINE, "read_from": NOW - timedelta(days=9)}
    drawn = picture(history(event(1), coverage=cut))
    assert _marks(drawn) == "?" * 27 + "··█"
    assert "? = not read" in drawn


def test_refusals_are_marked_where_nothing_succeeded() -> None:
    drawn = picture(history(event(1, error_code="AccessDenied")))
    assert _marks(drawn).endswith("!")
    assert "! = refused" in drawn


def test_operations_stand_under_their_time() -> None:
    operations = (
        ConnectorOperation("b", "RESTART_CONNECTOR", "DONE", NOW - timedelta(days=1)),
        ConnectorOperation("a", "UPDATE_CONNECTOR_CONFIGURATION", "DONE", NOW - timedelta(days=60)),
        ConnectorOperation("c", "SOMETHING_NEW", "DONE", NOW - timedelta(days=30)),
        ConnectorOperation("d", "RESTART_CONNECTOR", "DONE", NOW - timedelta(days=200)),
    )
    marks, below, _ = picture(history(*assumed_every(24)), operations).split("\n")
    assert below.endswith("u update, o other operation, r restart")
    assert below.index("r") == marks.rindex("█")


def test_a_calendar_has_a_line_a_week_with_its_count() -> None:
    lines = calendar(history(*assumed_every(24))).split("\n")
    assert len(lines) == 15
    assert lines[0].split() == ["assumed"]
    assert lines[1].split() == ["26", "Aug", "···████", "4"]
    assert lines[-2].split() == ["18", "Nov", "███████", "7"]


def test_a_calendar_counts_nothing_where_nothing_was_read() -> None:
    cut = {"stopped_because": StopCause.DEADLINE, "read_from": NOW - timedelta(days=9)}
    lines = calendar(history(event(1), event(2, 1, error_code="AccessDenied"), coverage=cut)).split("\n")
    assert lines[0].split() == ["assumed", "refused"]
    assert lines[1].split()[-2:] == ["?", "?"]
    assert lines[-3].split()[-2:] == ["0+", "0+"]
    assert lines[-2].split()[-2:] == ["1", "1"]


def test_a_picture_of_others_alone_would_tell_nothing() -> None:
    assert not is_telling(history(event(1, principal="arn:aws:iam::111122223333:user/alice")))
    assert is_telling(history(event(1)))
