"""The window as a line of marks, one for each stretch of time, with the connector's operations below it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from datetime import timedelta

from bot.cloudtrail.rhythm import Bucket, days, timeline
from bot.model import AssumeRoleHistory, ConnectorOperation, Coverage
from bot.reply.lines import say
from bot.reply.moments import day
from bot.reply.nouns import text_of
from bot.reply.wording import phrases

_LEVELS = "▁▂▃▄▅▆▇█"
_NONE, _UNREAD, _FAILED = "·", "?", "!"
_HOUR, _DAY = timedelta(hours=1), timedelta(days=1)
#: How long a stretch may be, so that marks stand for round times.
_LENGTHS = (_HOUR, 2 * _HOUR, 6 * _HOUR, _DAY, 2 * _DAY, 3 * _DAY, 7 * _DAY, 14 * _DAY, 30 * _DAY)
_MOST_MARKS = 31
#: Letters under the marks, by how the operation's type begins.
_OPERATIONS = (
    ("RESTART", "r", "restart"),
    ("UPDATE", "u", "update"),
    ("PAUSE", "p", "pause"),
    ("RESUME", "s", "resume"),
    ("CREATE", "c", "creation"),
)
_OTHER_OPERATION = ("o", "other operation")


def is_telling(history: AssumeRoleHistory) -> bool:
    """Whether a picture would show anything: marks stand for calls by MSK Connect."""
    return bool(history.by_msk_connect or history.failed)


def picture(history: AssumeRoleHistory, operations: Iterable[ConnectorOperation] = ()) -> str:
    """Return two or three lines of characters: the marks between their dates, operations, and the legend."""
    coverage = history.coverage
    length = _length(coverage)
    buckets = timeline(history, max(1, round((coverage.window_to - coverage.window_from) / length)))
    before, after = f"{day(coverage.window_from):>6} ", f" {day(coverage.window_to)}"
    lines = [f"{before}{''.join(marks(buckets))}{after}"]
    below, letters = _below(buckets, operations)
    if letters:
        lines.append(" " * len(before) + below.rstrip() + "   " + ", ".join(letters))
    lines.append(" " * len(before) + _legend(buckets, length))
    return "\n".join(lines)


def calendar(history: AssumeRoleHistory) -> str:
    """Return one line a week, one mark a day, with how often the role was assumed and, where it was, refused."""
    buckets = days(history)
    weeks = [buckets[start : start + 7] for start in range(0, len(buckets), 7)]
    every = list(marks(buckets))
    heading = f"{'':14} {phrases.ASSUMED_COLUMN:>8}" + (f" {phrases.REFUSED_COLUMN:>8}" if history.failed else "")
    lines = [
        f"{day(week[0].start):>6} {''.join(every[number * 7 : number * 7 + 7]):<7}"
        f" {_counted(week, sum(bucket.assumed for bucket in week)):>8}"
        + (f" {_counted(week, sum(bucket.failed for bucket in week)):>8}" if history.failed else "")
        for number, week in enumerate(weeks)
    ]
    return "\n".join([heading, *lines, " " * 7 + _legend(buckets, _DAY)])


def _counted(week: tuple[Bucket, ...], count: int) -> str:
    """Return a week's count: with a plus where more may have happened, and ``?`` where nothing was read."""
    if all(bucket.read for bucket in week):
        return str(count)
    return f"{count}+" if count or any(bucket.read for bucket in week) else _UNREAD


def marks(buckets: tuple[Bucket, ...]) -> Iterator[str]:
    """Yield one mark for each stretch, as high as its count is beside the greatest."""
    greatest = max((bucket.assumed for bucket in buckets), default=0)
    for bucket in buckets:
        if bucket.assumed:
            yield _LEVELS[-(-bucket.assumed * len(_LEVELS) // greatest) - 1]
        elif bucket.failed:
            yield _FAILED
        else:
            yield _NONE if bucket.read else _UNREAD


def _length(coverage: Coverage) -> timedelta:
    window = coverage.window_to - coverage.window_from
    return next((length for length in _LENGTHS if window / length <= _MOST_MARKS), window / _MOST_MARKS)


def _below(buckets: tuple[Bucket, ...], operations: Iterable[ConnectorOperation]) -> tuple[str, list[str]]:
    row = [" "] * len(buckets)
    meanings = {letter: meaning for _, letter, meaning in (*_OPERATIONS, ("", *_OTHER_OPERATION))}
    for operation in sorted(operations, key=lambda o: o.started):
        place = next((n for n, bucket in enumerate(buckets) if bucket.start <= operation.started < bucket.end), None)
        if place is not None:
            row[place] = _letter(operation)
    return "".join(row), [f"{letter} {meanings[letter]}" for letter in dict.fromkeys(row) if letter in meanings]


def _letter(operation: ConnectorOperation) -> str:
    found = (letter for start, letter, _ in _OPERATIONS if operation.type.startswith(start))
    return next(found, _OTHER_OPERATION[0])


def _legend(buckets: tuple[Bucket, ...], length: timedelta) -> str:
    shown = set(marks(buckets))
    return text_of(
        say(
            phrases.LEGEND,
            length=_named(length),
            unread=phrases.LEGEND_UNREAD if _UNREAD in shown else "",
            failed=phrases.LEGEND_FAILED if _FAILED in shown else "",
        )
    )


def _named(length: timedelta) -> str:
    count, unit = (length // _DAY, "day") if length >= _DAY else (length // _HOUR, "hour")
    return f"{count} {unit}" if count == 1 else f"{count} {unit}s"
