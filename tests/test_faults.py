"""The matrix of failures, with one attempt a call and short timeouts; ``make faults`` runs all of it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from bot.sandbox.aws import EmbeddedAws
from tests.faults import Bench, Cell, cells, problems

#: The other stores of the history have a matrix of their own, beside their readers.
CELLS = [cell for cell in cells() if cell.store == "event-history"]


@pytest.fixture(scope="module")
def bench(embedded_aws: EmbeddedAws) -> Iterator[Bench]:
    with pytest.MonkeyPatch.context() as environment:
        for name, value in embedded_aws.environment.items():
            environment.setenv(name, value)
        yield Bench(embedded_aws, seconds=3, hang_seconds=0.5, attempts=1)
    embedded_aws.reset()


@pytest.mark.parametrize("cell", CELLS, ids=str)
def test_an_operation_that_fails_costs_the_answer_no_more_than_it_says(bench: Bench, cell: Cell) -> None:
    usual = bench.usual(cell)
    assert usual.gaps == ()
    assert list(problems(cell, bench.run(cell), usual, bench.seconds)) == []
