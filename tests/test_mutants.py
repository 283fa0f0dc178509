"""What the mutation tests rest on: mutants that can be tried, and survivors no older than the code."""

from __future__ import annotations

from collections import Counter
from pathlib import Path

from tests import mutants

ROOT = Path(__file__).parent.parent


def test_every_line_whose_mutants_may_survive_still_stands_in_its_module() -> None:
    kept = [(path, was) for path, was, _ in mutants.listed()]
    assert [(path, was) for path, was in kept if was not in " ".join((ROOT / path).read_text("utf-8").split())] == []


def test_every_module_that_is_mutated_has_tests() -> None:
    modules = [str(path) for target in mutants.SUITES for path in mutants.modules_of(target)]
    assert [path for path in modules if not mutants.tests_of(path)] == []


def test_wherever_the_time_is_up_as_large_a_part_of_each_module_was_tried() -> None:
    every = [mutant for name in ("log_context", "role") for mutant in mutants.mutants_of(Path(f"bot/judge/{name}.py"))]
    total = Counter(mutant.path for mutant in every)
    ordered = mutants.sampled(every, seed=1)
    half = Counter(mutant.path for mutant in ordered[: len(ordered) // 2])
    assert all(abs(half[path] / count - 0.5) < 0.1 for path, count in total.items())
    assert {id(mutant) for mutant in ordered} == {id(mutant) for mutant in every}
    assert [m.change for m in mutants.sampled(every, seed=1)[:5]] == [m.change for m in ordered[:5]]
