"""The subset of the Logs Insights query language that CloudTrail queries need: a parser and an evaluator.

Commands: fields, display, filter, sort, limit, stats with count, max and min. Conditions: and, or, not, ispresent, in,
like with a text or a regular expression, and comparisons. Anything else is refused.
"""

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

#: What stands between two tokens: blanks, and comments up to the end of their line.
_BETWEEN = re.compile(r"(?:\s|#[^\n]*)*")
_TOKEN = re.compile(
    r"""
        (?P<text>"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*')
      | (?P<regex>/(?:[^/\\\n]|\\.)+/)
      | (?P<number>-?\d+(?:\.\d+)?)(?![\w.@])
      | (?P<name>[@A-Za-z_][\w.@]*|`[^`]+`)
      | (?P<mark>!=|<=|>=|[=<>()\[\],|*])
    """,
    re.VERBOSE,
)
_KEYWORDS = frozenset({"and", "or", "not", "in", "like", "as", "by", "asc", "desc"})


class MalformedQueryError(ValueError):
    """The text is no query, or uses what this subset lacks."""


@dataclass(slots=True)
class Row:
    """A log event: the fields that Logs makes, and the record that its message holds."""

    made: dict[str, str]
    record: Mapping[str, Any]

    def get(self, name: str) -> str | None:
        """Return a field's value as text; None where the event has no such field."""
        if name in self.made:
            return self.made[name]
        value: Any = self.record
        for part in name.split("."):
            value = value.get(part) if isinstance(value, Mapping) else None
        if value is None or isinstance(value, Mapping | list):
            return None
        return str(value).lower() if isinstance(value, bool) else str(value)


Item = TypeVar("Item")
Test: TypeAlias = Callable[[Row], bool]
Result: TypeAlias = dict[str, str]


@dataclass(frozen=True, slots=True)
class Aggregate:
    """One column of ``stats``."""

    function: str
    of: str
    name: str


@dataclass(slots=True)
class Query:
    """A parsed query."""

    fields: list[tuple[str, str]] = field(default_factory=list)
    shown: list[str] = field(default_factory=list)
    tests: list[Test] = field(default_factory=list)
    sort: list[tuple[str, bool]] = field(default_factory=list)
    limit: int | None = None
    aggregates: list[Aggregate] = field(default_factory=list)
    by: list[str] = field(default_factory=list)

    def run(self, rows: Sequence[Row], limit: int) -> tuple[int, list[Result]]:
        """Return how many rows matched, and the results."""
        matched = [row for row in rows if all(test(row) for test in self.tests)]
        results = self._counted(matched) if self.aggregates else self._listed(matched)
        return len(matched), results[: min(limit, self.limit or limit)]

    def _listed(self, rows: Sequence[Row]) -> list[Result]:
        for name, descending in reversed(self.sort):
            rows = sorted(rows, key=lambda row: _order(row.get(name)), reverse=descending)
        columns = self.fields or [("@timestamp", "@timestamp"), ("@message", "@message")]
        if self.shown:
            sources = {name: of for of, name in columns}
            columns = [(sources.get(name, name), name) for name in self.shown]
        listed = []
        for number, row in enumerate(rows):
            values = {name: value for of, name in columns if (value := row.get(of)) is not None}
            listed.append({**values, "@ptr": f"CmEKJgoi{number:08d}"})
        return listed

    def _counted(self, rows: Sequence[Row]) -> list[Result]:
        groups: dict[tuple[str | None, ...], list[Row]] = {}
        for row in rows:
            groups.setdefault(tuple(row.get(name) for name in self.by), []).append(row)
        counted = []
        for key, group in groups.items():
            values = [*zip(self.by, key, strict=True), *((a.name, _aggregate(a, group)) for a in self.aggregates)]
            counted.append({name: value for name, value in values if value is not None})
        for name, descending in reversed(self.sort):
            counted.sort(key=lambda result: _order(result.get(name)), reverse=descending)
        return counted


def _order(value: str | None) -> tuple[int, float, str]:
    if value is None:
        return (0, 0.0, "")
    number = _number(value)
    return (1, number, "") if number is not None else (2, 0.0, value)


def _number(value: str) -> float | None:
    return float(value) if re.fullmatch(r"-?\d+(\.\d+)?", value) else None


def _aggregate(aggregate: Aggregate, rows: Sequence[Row]) -> str | None:
    values = [value for row in rows if (value := row.get(aggregate.of)) is not None]
    match aggregate.function:
        case "count":
            return str(len(rows) if aggregate.of == "*" else len(values))
        case "max":
            return max(values, key=_order, default=None)
        case _:
            return min(values, key=_order, default=None)


def parse(text: str) -> Query:
    """Parse a query; raises MalformedQueryError."""
    return _Parser(text).query()


class _Parser:
    def __init__(self, text: str) -> None:
        self._tokens = _tokens(text)
        self._place = 0

    def query(self) -> Query:
        query = Query()
        self._skip("|")
        while True:
            self._command(query)
            if self._at_end():
                return query
            self._expect("|")

    def _command(self, query: Query) -> None:
        match self._word():
            case "fields":
                query.fields += self._list(self._field)
            case "display":
                query.shown += self._list(self._name)
            case "filter":
                query.tests.append(self._either())
            case "sort":
                query.sort += self._list(self._order)
            case "limit":
                query.limit = int(self._take("number"))
            case "stats" if not query.aggregates:
                query.aggregates = self._list(self._aggregate)
                query.by = self._list(self._name) if self._skip("by") else []
            case other:
                raise MalformedQueryError(f"unexpected command {other}")

    # --- tokens ---

    def _peek(self) -> tuple[str, str]:
        return self._tokens[self._place] if self._place < len(self._tokens) else ("end", "")

    def _at_end(self) -> bool:
        return self._peek()[0] == "end"

    def _take(self, kind: str) -> str:
        found, value = self._peek()
        if found != kind:
            raise MalformedQueryError(f"expected a {kind} at {value!r}")
        self._place += 1
        return value

    def _skip(self, word: str) -> bool:
        kind, value = self._peek()
        if kind in ("mark", "name") and value.lower() == word:
            self._place += 1
            return True
        return False

    def _expect(self, mark: str) -> None:
        if not self._skip(mark):
            raise MalformedQueryError(f"expected {mark} at {self._peek()[1]!r}")

    def _word(self) -> str:
        return self._take("name").lower()

    def _name(self) -> str:
        name = self._take("name")
        if name.lower() in _KEYWORDS:
            raise MalformedQueryError(f"{name} is no field")
        return name.strip("`")

    def _list(self, item: Callable[[], Item]) -> list[Item]:
        items = [item()]
        while self._skip(","):
            items.append(item())
        return items

    # --- parts of commands ---

    def _field(self) -> tuple[str, str]:
        name = self._name()
        return name, self._name() if self._skip("as") else name

    def _order(self) -> tuple[str, bool]:
        name = self._name()
        descending = self._skip("desc")
        if not descending:
            self._skip("asc")
        return name, descending

    def _aggregate(self) -> Aggregate:
        function = self._word()
        if function not in ("count", "max", "min"):
            raise MalformedQueryError(f"unknown aggregation {function}")
        self._expect("(")
        of = "*" if function == "count" and self._skip("*") else self._name()
        self._expect(")")
        return Aggregate(function, of, self._name() if self._skip("as") else f"{function}({of})")

    # --- conditions ---

    def _either(self) -> Test:
        tests = [self._both()]
        while self._skip("or"):
            tests.append(self._both())
        return lambda row: any(test(row) for test in tests)

    def _both(self) -> Test:
        tests = [self._single()]
        while self._skip("and"):
            tests.append(self._single())
        return lambda row: all(test(row) for test in tests)

    def _single(self) -> Test:
        if self._skip("not"):
            return _negated(self._single())
        if self._skip("("):
            inner = self._either()
            self._expect(")")
            return inner
        name = self._name()
        if name.lower() == "ispresent" and self._skip("("):
            present = self._name()
            self._expect(")")
            return lambda row: row.get(present) is not None
        return self._comparison(name)

    def _comparison(self, name: str) -> Test:
        if self._skip("not"):
            return _negated(self._membership(name) if self._peek()[1].lower() == "in" else self._likeness(name))
        if self._peek()[1].lower() == "in":
            return self._membership(name)
        if self._peek()[1].lower() == "like":
            return self._likeness(name)
        operator = self._take("mark")
        if operator not in _COMPARISONS:
            raise MalformedQueryError(f"unexpected {operator}")
        compare, value = _COMPARISONS[operator], self._literal()

        def test(row: Row) -> bool:
            """Compare; whatever it is, a field that is not there is neither equal nor different."""
            found = row.get(name)
            return found is not None and compare(_order(found), _order(value))

        return test

    def _membership(self, name: str) -> Test:
        self._expect("in")
        self._expect("[")
        values = frozenset(self._list(self._literal))
        self._expect("]")
        return lambda row: row.get(name) in values

    def _likeness(self, name: str) -> Test:
        self._expect("like")
        kind, value = self._peek()
        if kind == "regex":
            self._place += 1
            try:
                pattern = re.compile(value[1:-1])
            except re.error:
                raise MalformedQueryError("a regular expression that is none") from None
            return lambda row: (found := row.get(name)) is not None and pattern.search(found) is not None
        wanted = self._literal()
        return lambda row: wanted in (row.get(name) or "")

    def _literal(self) -> str:
        kind, value = self._peek()
        if kind == "number":
            self._place += 1
            return value
        return re.sub(r"\\(.)", r"\1", self._take("text")[1:-1])


def _negated(test: Test) -> Test:
    return lambda row: not test(row)


_COMPARISONS: Mapping[str, Callable[[Any, Any], bool]] = {
    "=": lambda a, b: bool(a == b),
    "!=": lambda a, b: bool(a != b),
    "<": lambda a, b: bool(a < b),
    "<=": lambda a, b: bool(a <= b),
    ">": lambda a, b: bool(a > b),
    ">=": lambda a, b: bool(a >= b),
}


def _tokens(text: str) -> list[tuple[str, str]]:
    tokens: list[tuple[str, str]] = []
    place = _after_blanks(text, 0)
    while place < len(text):
        found = _TOKEN.match(text, place)
        if found is None or found.lastgroup is None:
            raise MalformedQueryError(f"unexpected character at {place}")
        tokens.append((found.lastgroup, found.group(found.lastgroup)))
        place = _after_blanks(text, found.end())
    return tokens


def _after_blanks(text: str, place: int) -> int:
    found = _BETWEEN.match(text, place)
    return found.end() if found else place
