"""``python -m tests.faults``: every AWS operation by every way it can fail, and what the bot answers then.

Each cell asks a real question of the embedded AWS while one operation fails, and is held against what an answer must
be: there in time, naming what it lacks and what would mend it, with a verdict that is no stronger than without the
failure.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property

from bot.aws.sessions import Clients, Patience
from bot.catalogue import Catalogue, load
from bot.cloudtrail.stores import DEFAULT, STORES
from bot.compose.aws import Aws, readers_for
from bot.doctor import permissions
from bot.doctor.permissions import FREE, OPERATIONS, Purpose
from bot.model import Answer, Cause, Question, Unavailable, Verdict, VerdictCode
from bot.pipe.explain import explain
from bot.pipe.unanswerable import ConnectorUnreadable, NoSuchConnector, Unanswerable
from bot.reply import word
from bot.reply.text import plain
from bot.reply.wording import fill
from bot.reply.wording.gaps import worded
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US
from tests.bot.aws.history import doubles

REGIONS = (EU, US)
#: How an operation fails, how many calls long, and the cause that the answer gives for it.
FAULTS: Mapping[str, tuple[int | None, Cause]] = {
    "access-denied": (None, Cause.ACCESS_DENIED),
    "throttled": (20, Cause.THROTTLED),
    "error-500": (None, Cause.ERROR),
    "hang": (None, Cause.TIMEOUT),
    "truncated": (None, Cause.MALFORMED),
    "wrong-types": (None, Cause.MALFORMED),
}
#: The answer does not wait for these, so that a retry may come too late: the report did not arrive, then.
_NEVER_WAITED_FOR = ("iam:GenerateServiceLastAccessedDetails", "iam:GetServiceLastAccessedDetails")
#: Needed by none but the stores that are not asked unless the settings say so.
_OF_STORES = frozenset({Purpose.TRAILS, *(store.sid for store in STORES if store is not DEFAULT)})


@dataclass(frozen=True, slots=True)
class Cell:
    """One operation failing in one way while one question is asked over one store of the history."""

    operation: str
    how: str
    question: str
    store: str = DEFAULT.name

    def __str__(self) -> str:
        return f"{self.operation} {self.how} {self.store}"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a question."""

    seconds: float
    verdict: Verdict | None
    gaps: tuple[Unavailable, ...]
    #: The reply and everything behind its buttons, as the terminal shows it, on one line.
    text: str


def cells() -> Iterator[Cell]:
    """Yield the matrix."""
    core = [o for purpose, operations in OPERATIONS.items() if purpose not in _OF_STORES for o in operations]
    for how in FAULTS:
        for operation in (*core, *sorted(FREE)):
            yield Cell(operation, how, _question(operation))
        for store in STORES:
            if store is not DEFAULT:
                trails = OPERATIONS[Purpose.TRAILS] if store.reads_trail else ()
                for operation in (*trails, *OPERATIONS[store.sid]):
                    if operation != doubles.double(store.name).stop:  # called where a query does not end by itself
                        yield Cell(operation, how, _question(operation), store.name)


def _question(operation: str) -> str:
    """Return a question whose answer needs the operation."""
    service = operation.partition(":")[0]
    by_service = {"s3": "returns-s3-sink", "kms": "returns-s3-sink", "logs": "events-snowflake-sink"}
    return by_service.get(service, "payments-jdbc-sink")


class Bench:
    """The bot's reads over an embedded AWS. Its clients wait less long where an operation is known to hang."""

    def __init__(self, aws: EmbeddedAws, *, seconds: float, hang_seconds: float, attempts: int) -> None:
        self.seconds = seconds
        self._aws = aws
        self._patient = Clients(patience=Patience(attempts=attempts))
        self._hasty = Clients(patience=Patience(read_seconds=hang_seconds, attempts=attempts))
        self._usual: dict[tuple[str, str], Outcome] = {}
        for clients in (self._patient, self._hasty):
            Aws(clients, REGIONS).make_clients()
            clients.warm(("athena",), (EU,))

    @cached_property
    def _catalogue(self) -> Catalogue:
        return load()

    def run(self, cell: Cell) -> Outcome:
        """Ask a cell's question while its operation fails."""
        self.usual(cell)
        self._aws.reset()
        self._aws.fail(cell.operation, cell.how, FAULTS[cell.how][0])
        return self._ask(cell, self._hasty if cell.how == "hang" else self._patient)

    def usual(self, cell: Cell) -> Outcome:
        """Return what the cell's question comes to without a failure."""
        key = (cell.question, cell.store)
        if key not in self._usual:
            self._aws.reset()
            self._usual[key] = self._ask(cell, self._patient)
        return self._usual[key]

    def _ask(self, cell: Cell, clients: Clients) -> Outcome:
        scope = readers_for(Aws(clients, REGIONS), doubles.reader(cell.store, clients))
        begin = time.monotonic()
        try:
            answer: Answer = explain(
                Question(cell.question), scope, self._catalogue, clock=lambda: datetime.now(UTC), seconds=self.seconds
            )
        except Unanswerable as error:
            gaps = error.gaps if isinstance(error, ConnectorUnreadable | NoSuchConnector) else ()
            return Outcome(time.monotonic() - begin, None, gaps, _one_line(plain(word.failure(error))))
        took = time.monotonic() - begin
        text = plain(word.answer(answer)) + plain(word.details(answer))
        return Outcome(took, answer.verdict, answer.unavailable, _one_line(text))


def problems(cell: Cell, outcome: Outcome, usual: Outcome, seconds: float) -> Iterator[str]:
    """Yield what is wrong with what came of a cell."""
    if outcome.seconds > seconds + 1:
        yield f"took {outcome.seconds:.1f} s of {seconds} s"
    if outcome.verdict and usual.verdict and outcome.verdict.code not in (usual.verdict.code, VerdictCode.UNCONFIRMED):
        yield f"the verdict became {outcome.verdict.code} where it is {usual.verdict.code}"
    gap = gap_of(cell, outcome)
    if gap is not None:
        yield from _wrong_with(gap, cell, outcome)
    elif cell.operation not in FREE and not _outlasted(cell, outcome, usual):  # the free one is a cross-check alone
        yield "the answer does not say what it lacks"


def _wrong_with(gap: Unavailable, cell: Cell, outcome: Outcome) -> Iterator[str]:
    # A store's query that outlasts the throttling may have been started too late to end in time.
    retried = cell.how == "throttled" and cell.store != DEFAULT.name
    late = gap.cause is Cause.TIMEOUT and (cell.operation in _NEVER_WAITED_FOR or retried)
    if gap.cause is not FAULTS[cell.how][1] and not late:
        yield f"the cause is given as {gap.cause}"
    if gap.cause is Cause.ACCESS_DENIED:
        if gap.missing_action != permissions.action(cell.operation):
            yield f"the missing action is given as {gap.missing_action}"
        elif gap.missing_action not in outcome.text:
            yield "the reply does not name the missing action"
    if not all(said(gap)):
        yield "there are no words for the gap"


def _outlasted(cell: Cell, outcome: Outcome, usual: Outcome) -> bool:
    """Whether a reader that retries until its deadline got through when the throttling was over."""
    same = outcome.verdict and usual.verdict and outcome.verdict.code is usual.verdict.code
    return cell.how == "throttled" and bool(same) and not outcome.gaps


def gap_of(cell: Cell, outcome: Outcome) -> Unavailable | None:
    """Return the gap that a cell's failure left in the answer."""
    alike = _NEVER_WAITED_FOR if cell.operation in _NEVER_WAITED_FOR else (cell.operation,)
    return next((gap for gap in outcome.gaps if gap.operation in alike), None)


def said(gap: Unavailable) -> tuple[str, str]:
    """Return what the reply says that it lacks, and what would mend it."""
    words = worded(gap)
    return fill(words.lacks, words.data), fill(words.remedy, words.data)


def _one_line(text: str) -> str:
    return " ".join(text.split())


def main() -> int:
    """Print the matrix; 1 where a cell is wrong."""
    wrong = 0
    with EmbeddedAws.start() as aws:
        os.environ.update(aws.environment)
        bench = Bench(aws, seconds=6, hang_seconds=1, attempts=Patience().attempts)
        for cell in cells():
            outcome = bench.run(cell)
            found = list(problems(cell, outcome, bench.usual(cell), bench.seconds))
            wrong += bool(found)
            gap = gap_of(cell, outcome)
            words = " ".join(said(gap)) if gap else "nothing is lacking"
            verdict = outcome.verdict.code if outcome.verdict else "no answer possible"
            print(f"{cell!s:75} {outcome.seconds:5.2f} s  {verdict:18}  {'; '.join(found) or words}", flush=True)
    print(f"{wrong} of the cells are wrong")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
