"""``python -m tests.mutants``: what share of small mistakes in the code that decides is caught by its tests.

The mistakes are mutmut's. They are tried here and not by its own command because that leaves out constants, needs a
copy of the tree and knows no limit of time: here each mistake lives in the memory of one forked process, which runs the
tests that reach its function, and where the time is up, what was tried is a sample drawn with a seed. What may survive
stands in ``mutants.toml``, with the reason.
"""

from __future__ import annotations

import argparse
import ast
import gc
import os
import pickle
import random
import signal
import sys
import tempfile
import time
import tomllib
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import partial
from importlib.abc import MetaPathFinder
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import spec_from_file_location
from pathlib import Path
from types import CodeType
from typing import Any

import libcst
import pytest
from coverage import Coverage
from mutmut.configuration import config
from mutmut.mutation.file_mutation import Mutation, create_mutations

#: The share that has to be caught.
ENOUGH = 0.9
#: What is mutated, and the tests that hold it. The ones over HTTP hold the history readers too, but take a minute.
SUITES: Mapping[str, tuple[str, ...]] = {
    "bot/judge": ("tests/bot/judge",),
    "bot/policy": ("tests/bot/policy",),
    "bot/classify/kafka.py": ("tests/bot/classify",),
    "bot/cloudtrail": ("tests/bot/cloudtrail",),
    "bot/aws/history": ("tests/bot/aws/history",),
}
_TOO_SLOW = frozenset({"tests/bot/aws/history/test_contract.py", "tests/bot/aws/history/test_many.py"})
_KEPT = Path(__file__).with_suffix(".toml")
_OURS = ("bot", "handlers", "tests")
#: How a child says that the mutated text is no Python.
_NO_MUTANT = 99


@dataclass(frozen=True, slots=True)
class Mutant:
    """One small mistake in one module."""

    path: str
    module: libcst.Module
    mutation: Mutation

    @property
    def text(self) -> str:
        """The module with the mistake in it."""
        changed = self.module.deep_replace(self.mutation.original_node, self.mutation.mutated_node)
        assert isinstance(changed, libcst.Module)
        return changed.code

    @property
    def change(self) -> tuple[str, str]:
        """The lines that differ, before and after, each joined to one."""
        was, became = self.module.code.splitlines(), self.text.splitlines()
        first = _first_difference(was, became)
        was, became = was[first:], became[first:]
        while was and became and was[-1] == became[-1]:
            del was[-1], became[-1]
        return _one_line(was), _one_line(became)

    def function(self, text: str) -> range | None:
        """Return the lines of the body of the innermost function that ``text`` differs in; None outside of all."""
        line = _first_difference(self.module.code.splitlines(), text.splitlines()) + 1
        functions = (node for node in ast.walk(ast.parse(self.module.code)) if isinstance(node, ast.FunctionDef))
        bodies = (range(node.body[0].lineno, (node.end_lineno or 0) + 1) for node in functions)
        return min((body for body in bodies if line in body), key=len, default=None)


@dataclass(frozen=True, slots=True)
class Survivor:
    """A mutant that no test caught, with the reason why it may live, if there is one."""

    path: str
    was: str
    became: str
    reason: str | None


@dataclass(slots=True)
class Running:
    """A process that tries one mutant."""

    mutant: Mutant
    until: float


class _Loader(SourceFileLoader):
    """Loads a module from a text in memory."""

    def __init__(self, name: str, path: str, text: str) -> None:
        super().__init__(name, path)
        self._text = text

    def get_code(self, fullname: str) -> CodeType:  # noqa: ARG002  # importlib's name
        return compile(self._text, self.path, "exec", dont_inherit=True)


class _Finder(MetaPathFinder):
    """Finds one module in memory, and leaves every other to Python."""

    def __init__(self, path: str, text: str) -> None:
        self._name = ".".join(Path(path).with_suffix("").parts).removesuffix(".__init__")
        self._loader = _Loader(self._name, str(Path(path).resolve()), text)

    def find_spec(self, fullname: str, path: Any, target: Any = None) -> ModuleSpec | None:  # noqa: ARG002  # as above
        if fullname != self._name:
            return None
        return spec_from_file_location(fullname, self._loader.path, loader=self._loader)


def mutants_of(path: Path) -> Iterator[Mutant]:
    """Yield every mutant of a module."""
    module, mutations, *_ = create_mutations(str(path), path.read_text("utf-8"))
    for mutation in mutations:
        yield Mutant(str(path), module, mutation)


def modules_of(target: str) -> list[Path]:
    """Return the modules that a target names."""
    path = Path(target)
    return [path] if path.is_file() else sorted(path.rglob("*.py"))


def tests_of(path: str) -> tuple[str, ...]:
    """Return the test files that hold a module."""
    target = next(target for target in SUITES if path.startswith(target))
    files = (str(file) for suite in SUITES[target] for file in sorted(Path(suite).rglob("test_*.py")))
    return tuple(file for file in files if file not in _TOO_SLOW)


def sampled(mutants: Sequence[Mutant], seed: int) -> list[Mutant]:
    """Order the mutants so that, wherever the time is up, as large a part of every module has been tried."""
    draw = random.Random(seed)  # noqa: S311
    by_path: dict[str, list[Mutant]] = {}
    for mutant in mutants:
        by_path.setdefault(mutant.path, []).append(mutant)
    placed: list[tuple[float, Mutant]] = []
    for group in by_path.values():
        draw.shuffle(group)
        placed += [((number + draw.random()) / len(group), mutant) for number, mutant in enumerate(group)]
    return [mutant for _, mutant in sorted(placed, key=lambda item: item[0])]


@dataclass(frozen=True, slots=True)
class Suite:
    """Test files, and what they did on the code as it is."""

    files: tuple[str, ...]
    #: How long each test took, by its id.
    seconds: Mapping[str, float]
    #: The tests that ran each line of each module.
    reached: Mapping[str, Mapping[int, Sequence[str]]]

    @classmethod
    def measured(cls, files: tuple[str, ...]) -> Suite:
        """Run the files, which must pass, and watch them."""
        with tempfile.NamedTemporaryFile() as told:
            child = _fork(lambda: _watch(files, told.name))
            if os.waitpid(child, 0)[1] != 0:
                sys.exit(f"the tests fail on the code as it is: {' '.join(files)}")
            seconds, reached = pickle.loads(Path(told.name).read_bytes())  # noqa: S301  # what our own child wrote
        return cls(files, seconds, reached)

    @property
    def patience(self) -> float:
        """How long a mutant may take: the other cores are busy too, and a mistake may loop for ever."""
        return 10 + 4 * sum(self.seconds.values())

    def fails(self, mutant: Mutant) -> int:
        """Run the tests that reach a mutant, quickest first; return what pytest returns, or that it is no mutant."""
        text = mutant.text
        try:
            compile(text, mutant.path, "exec", dont_inherit=True)
        except SyntaxError:
            return _NO_MUTANT
        body, lines = mutant.function(text), self.reached.get(mutant.path, {})
        chosen = set(self.seconds) if body is None else {test for line in body for test in lines.get(line, ())}
        if not chosen:
            return 0
        sys.meta_path.insert(0, _Finder(mutant.path, text))
        files = sorted({test.partition("::")[0] for test in chosen})
        return _pytest(files, _Chosen({test: self.seconds[test] for test in chosen}))


class _Chosen:
    """Keeps the tests that are wanted, quickest first."""

    def __init__(self, seconds: Mapping[str, float]) -> None:
        self._seconds = seconds

    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> None:
        items[:] = sorted(
            (item for item in items if item.nodeid in self._seconds), key=lambda item: self._seconds[item.nodeid]
        )


class _Watching:
    """Notes how long each test takes, and tells coverage which one is running."""

    def __init__(self, watch: Coverage) -> None:
        self._watch = watch
        self.seconds = Counter[str]()

    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        self._watch.switch_context(item.nodeid)

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        self.seconds[report.nodeid] += report.duration  # type: ignore[assignment]  # a Counter may hold any number


def _watch(files: Sequence[str], told: str) -> int:
    watch = Coverage(data_file=None, include=[str(path) for target in SUITES for path in modules_of(target)])
    watching = _Watching(watch)
    watch.start()
    code = _pytest(files, watching)
    watch.stop()
    data = watch.get_data()
    reached = {str(Path(path).relative_to(Path.cwd())): data.contexts_by_lineno(path) for path in data.measured_files()}
    Path(told).write_bytes(pickle.dumps((dict(watching.seconds), reached)))
    return code


def _pytest(files: Sequence[str], plugin: object) -> int:
    # Properties are left out: they try many values where a mutant falls to one, and not the same ones each time.
    return int(pytest.main(["-x", "-m", "not hypothesis", *files], plugins=[plugin]))


def _fork(work: Callable[[], int]) -> int:
    """Start a process that imports our modules anew, works in silence and ends with what the work returns."""
    child = os.fork()
    if child:
        return child
    os.setsid()
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    os.dup2(quiet, 2)
    code = 1
    try:
        for name in [name for name in sys.modules if name.partition(".")[0] in _OURS]:
            del sys.modules[name]
        code = work()
    finally:
        os._exit(code)


def attempt(mutants: Sequence[Mutant], *, jobs: int, until: float) -> Iterator[tuple[Mutant, bool]]:
    """Yield which mutants were tried before the time was up, and whether each was caught."""
    suites = {files: Suite.measured(files) for files in dict.fromkeys(tests_of(mutant.path) for mutant in mutants)}
    waiting, running = list(reversed(mutants)), dict[int, Running]()
    while running or (waiting and time.monotonic() < until):
        while waiting and len(running) < jobs and time.monotonic() < until:
            mutant = waiting.pop()
            suite = suites[tests_of(mutant.path)]
            running[_fork(partial(suite.fails, mutant))] = Running(mutant, time.monotonic() + suite.patience)
        yield from _ended(running)
        time.sleep(0.01)


def _ended(running: dict[int, Running]) -> Iterator[tuple[Mutant, bool]]:
    for child, job in list(running.items()):
        done, status = os.waitpid(child, os.WNOHANG)
        late = not done and time.monotonic() > job.until
        if late:
            os.killpg(child, signal.SIGKILL)
            os.waitpid(child, 0)
        if done or late:
            del running[child]
            if late or os.waitstatus_to_exitcode(status) != _NO_MUTANT:
                yield job.mutant, late or status != 0


def listed() -> dict[tuple[str, str, str], str]:
    """Return why a mutant may survive, by module and change, for the changes that are listed one by one."""
    return {(kept["module"], *change): kept["reason"] for kept in _kept() for change in kept.get("changes", ())}


def reasons() -> dict[tuple[str, str, str], str]:
    """Return why a mutant may survive, by module and change, for every change that may."""
    of_case = (kept for kept in _kept() if "changes" not in kept)
    return listed() | {
        (kept["module"], *change): kept["reason"] for kept in of_case for change in _changes_of_case(kept["module"])
    }


def _kept() -> list[Any]:
    return list(tomllib.loads(_KEPT.read_text("utf-8"))["survivor"])


def _changes_of_case(module: str) -> Iterator[tuple[str, str]]:
    """Yield the changes of a module that change nothing but the case of letters."""
    for mutant in mutants_of(Path(module)):
        was, became = mutant.change
        if was.casefold() == became.casefold():
            yield was, became


def _first_difference(was: Sequence[str], became: Sequence[str]) -> int:
    pairs = enumerate(zip(was, became, strict=False))
    return next((number for number, (old, new) in pairs if old != new), min(len(was), len(became)))


def _one_line(lines: Sequence[str]) -> str:
    return " ".join(line.strip() for line in lines)


def _warm(paths: Sequence[str]) -> None:
    """Import what the tests need of other people's, once for every child."""
    tests = sorted({file for path in paths for file in tests_of(path)})
    keep = os.dup(1)
    quiet = os.open(os.devnull, os.O_WRONLY)
    os.dup2(quiet, 1)
    pytest.main(["--collect-only", *tests])
    os.dup2(keep, 1)
    gc.freeze()


def main() -> int:
    """Print the share caught of each module and of all, and every survivor; 1 where the share is too small."""
    parser = argparse.ArgumentParser(prog="python -m tests.mutants", description=__doc__.partition("\n")[0])
    parser.add_argument("--seconds", type=float, default=900, help="when to stop (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=1, help="which sample is drawn (default: %(default)s)")
    parser.add_argument("--jobs", type=int, default=(os.cpu_count() or 1) + 1, help="processes (default: %(default)s)")
    parser.add_argument("targets", nargs="*", help="modules or folders (default: all)")
    options = parser.parse_args()

    begin = time.monotonic()
    targets = options.targets or [str(path) for path in config().source_paths]
    every = [mutant for target in targets for path in modules_of(target) for mutant in mutants_of(path)]
    _warm(sorted({mutant.path for mutant in every}))
    kept, survivors = reasons(), list[Survivor]()
    tried, caught, total = Counter[str](), Counter[str](), Counter(mutant.path for mutant in every)
    for mutant, was_caught in attempt(sampled(every, options.seed), jobs=options.jobs, until=begin + options.seconds):
        tried[mutant.path] += 1
        caught[mutant.path] += was_caught
        if not was_caught:
            change = mutant.change
            survivors.append(Survivor(mutant.path, *change, kept.get((mutant.path, *change))))
    for path in total:
        print(f"{path:40} {_share(caught[path], tried[path])}  of {total[path]}")
    for survivor in sorted(survivors, key=lambda survivor: (survivor.reason or "", survivor.path, survivor.was)):
        print(f"\n{survivor.path}\n  - {survivor.was}\n  + {survivor.became}\n  {survivor.reason or 'NO REASON'}")
    print(f"\nin all {_share(caught.total(), tried.total())}  of {total.total()}, {time.monotonic() - begin:.0f} s")
    missing = sum(survivor.reason is None for survivor in survivors)
    print(f"{len(survivors)} survived, {missing} of them without a reason in {_KEPT.name}")
    return int(caught.total() < ENOUGH * tried.total())


def _share(caught: int, tried: int) -> str:
    return f"{caught:4} of {tried:4} caught ({caught / tried:6.1%})" if tried else "not tried"


if __name__ == "__main__":
    sys.exit(main())
