"""How fast the catalogue loads and connectors are classified, and that neither the catalogue's size matters."""

from __future__ import annotations

import json
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from bot.aws.shapes import connector_from, worker_properties
from bot.catalogue import Catalogue, load
from bot.classify import classify
from bot.model import Evidence, WorkerConfiguration

_CASES = Path(__file__).parents[1] / "cases"
_LEAST_A_SECOND = 1_000
_MOST_MILLISECONDS = 100
_MOST_RATIO = 1.25
_TIMES = 10


def main() -> None:
    """Print each figure beside its bound."""
    evidence = _evidence()
    catalogue = load()
    grown = _grown(catalogue)
    loading = _best(lambda: load())  # noqa: PLW0108 - the call is what is measured
    once, many = _interleaved(
        lambda: [classify(e, catalogue) for e in evidence], lambda: [classify(e, grown) for e in evidence]
    )
    entries = sum(len(family.entries) for family in catalogue.families)
    print(f"load the catalogue, {entries} entries    {loading * 1000:8.1f} ms   (at most {_MOST_MILLISECONDS})")
    print(
        f"classify {len(evidence)} parsed connectors     {len(evidence) / once:8.0f} /s   (at least {_LEAST_A_SECOND})"
    )
    print(f"cost with {_TIMES} times the entries        {many / once:8.2f} x    (at most {_MOST_RATIO})")


def _evidence() -> list[Evidence]:
    found = []
    for file in sorted(_CASES.glob("*/connector.json")):
        worker = file.with_name("worker.properties")
        read = WorkerConfiguration("", "", None, worker_properties(worker.read_text())) if worker.exists() else None
        found.append(Evidence(connector_from(json.loads(file.read_text())), read))
    return found


def _grown(catalogue: Catalogue) -> Catalogue:
    """Return the catalogue with copies of every entry under other class names beside the originals."""
    copies = tuple(
        replace(
            family,
            entries=tuple(
                replace(
                    entry,
                    classes=tuple(f"copy{n}.{name}{n}" for name in entry.classes),
                    packages=tuple(f"copy{n}.{package}" for package in entry.packages),
                )
                for entry in family.entries
            ),
        )
        for n in range(1, _TIMES)
        for family in catalogue.families
    )
    return Catalogue((*catalogue.families, *copies))


def _best(work: Callable[[], object], runs: int = 7) -> float:
    return min(_timed(work) for _ in range(runs))


def _interleaved(first: Callable[[], object], second: Callable[[], object], runs: int = 15) -> tuple[float, float]:
    """Return the best time of each, measured in turns, so that a busy machine slows both alike."""
    pairs = [(_timed(first), _timed(second)) for _ in range(runs)]
    return min(a for a, _ in pairs), min(b for _, b in pairs)


def _timed(work: Callable[[], object]) -> float:
    start = time.perf_counter()
    work()
    return time.perf_counter() - start


if __name__ == "__main__":
    main()
