"""What a store of CloudTrail's records is: one value, from which everything else about it derives.

Pure: the reader is named by its path, so that whoever wants a title or a setting imports nothing of AWS. The words that
belong to one store alone stand in its value, and nowhere else, so that another store changes no table of wording.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from bot.model import Coverage

#: How far back a question may ask where the records are kept in a store of one's own, in days.
KEPT_DAYS = 730
#: What the doctor asks for where something is to be looked up by its id.
NO_ID = "00000000-0000-0000-0000-000000000000"

Options = TypeVar("Options")


@dataclass(frozen=True, slots=True)
class NoOptions:
    """The settings of a store that has none of its own."""


@dataclass(frozen=True, slots=True)
class Setting:
    """An environment variable that only one store reads. Its default is that of the field which it fills."""

    name: str
    #: The field of the store's options.
    field: str
    shape: re.Pattern[str]
    #: What is said to be expected where the shape does not fit.
    expected: str
    required: bool = False
    #: Whether it is a list.
    many: bool = False
    #: Left out where a value ends in it.
    suffix: str = ""


@dataclass(frozen=True, slots=True)
class Operation:
    """An AWS operation that the store is read by, as ``service:Operation``."""

    name: str
    #: What an answer lacks when it gave nothing; a template of ``bot.reply.wording``.
    lacks: str


@dataclass(frozen=True, slots=True)
class Trial:
    """A call that shows whether AWS admits it. It reads nothing that a question would not read, and scans no data."""

    operation: str
    region: str
    parameters: Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class WrittenQuery:
    """A query that a person runs where the records are."""

    language: str
    #: How and where to run it: a template, filled by ``language``, ``places``, ``window`` and ``regions``.
    how: str
    text: str
    #: Whether a trail's event selectors decide what it can find.
    over_trail: bool = True
    #: Whether a line keeps everybody but MSK Connect out.
    by_msk_connect: bool = False


@dataclass(frozen=True, slots=True)
class Columns:
    """What the store calls the parts of its rows."""

    #: By the names of ``bot.aws.history.rows.events_of``.
    event: Mapping[str, str]
    #: A counted role, and the newest time of what is counted.
    role: str
    last: str


NO_COLUMNS = Columns({}, "", "")


@dataclass(frozen=True, slots=True, eq=False)
class HistoryStore(Generic[Options]):
    """One store. Two of them are never equal, so that a store can be a key."""

    #: As MSK_ROLE_HISTORY and ``Coverage.source`` call it.
    name: str
    #: What a sentence calls it.
    title: str
    #: The Sid of the policy's statement that allows its operations.
    sid: str
    operations: tuple[Operation, ...]
    #: The operation that a question begins with.
    starts: str
    #: ``module:Class`` of the HistoryReader, which ``of`` makes from clients, options and a clock.
    reader: str
    #: Makes the options from the fields that were set.
    options: Callable[..., Options]
    #: The calls by which the doctor tries the operations: from the options, the bot's regions, and their partition.
    trials: Callable[[Options, tuple[str, ...], str], Iterable[Trial]]
    #: What somebody runs to see the events of a role, by its ARN and by what was read of it, where anything was.
    queries: Callable[[str, Coverage | None], Iterable[WrittenQuery]]
    settings: tuple[Setting, ...] = ()
    #: Whether it holds what a trail records, so that the trail has to be checked before silence counts.
    reads_trail: bool = True
    #: How far back a question may ask.
    longest_window_days: int = KEPT_DAYS
    #: Why it answers for one role at a time; empty where one query answers for many.
    one_by_one: str = ""
    #: Said beside what was read.
    remark: str = ""
    #: Empty where its answers are no rows.
    columns: Columns = NO_COLUMNS

    @property
    def answers_for_many(self) -> bool:
        """Whether one query answers for a whole fleet."""
        return not self.one_by_one
