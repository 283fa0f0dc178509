from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.sandbox.aws.insights_language import MalformedQueryError, Row, parse

KINDS: list[tuple[int, str, dict[str, Any]]] = [(1, "a", {"only": "x"}), (2, "b", {}), (3, "a", {"list": [1]})]
ROWS = [
    Row({"@timestamp": f"2026-11-24 0{hour}:00:00.000"}, {"name": name, "deep": {"n": hour}, "ok": hour > 1, **more})
    for hour, name, more in KINDS
]


def hours(text: str) -> list[str]:
    _, found = parse(f"fields deep.n | {text}").run(ROWS, 100)
    return [row["deep.n"] for row in found]


@pytest.mark.parametrize(
    ("condition", "expected"),
    [
        ('name = "a"', ["1", "3"]),
        ("name = 'a'", ["1", "3"]),
        ('name != "a"', ["2"]),
        ("deep.n > 1", ["2", "3"]),
        ("deep.n >= 1 and deep.n < 3", ["1", "2"]),
        ("deep.n <= 1 or deep.n = 3", ["1", "3"]),
        ("not deep.n = 1", ["2", "3"]),
        ("not (deep.n = 1 or deep.n = 2)", ["3"]),
        ('name = "b" or name = "a" and deep.n = 1', ["1", "2"]),
        ('name in ["b", "c"]', ["2"]),
        ('name not in ["b", "c"]', ["1", "3"]),
        ("name like /^[ab]$/", ["1", "2", "3"]),
        ('name not like "a"', ["2"]),
        ("ispresent(only)", ["1"]),
        ("not ispresent(only)", ["2", "3"]),
        ("ok = 'true'", ["2", "3"]),
        # A field that is not there is neither equal nor different.
        ('only != "y"', ["1"]),
        ('only = "y"', []),
        ("name = 'a' # and never = 'mind'", ["1", "3"]),
    ],
)
def test_conditions(condition: str, expected: list[str]) -> None:
    assert hours(f"filter {condition}") == expected


def test_keywords_and_commands_are_read_in_any_case() -> None:
    assert hours('FILTER name = "a" AND NOT deep.n = 1 | SORT @timestamp DESC | LIMIT 5') == ["3"]


def test_sort_and_limit() -> None:
    assert hours("sort @timestamp desc | limit 2") == ["3", "2"]
    assert hours("sort name asc, deep.n desc") == ["3", "1", "2"]


def test_absent_fields_are_left_out_of_a_row_and_a_pointer_is_put_in() -> None:
    _, found = parse("fields name, only as other").run(ROWS[:2], 100)
    assert [sorted(set(row) - {"@ptr"}) for row in found] == [["name", "other"], ["name"]]
    assert all("@ptr" in row for row in found)


def test_display_chooses_among_the_fields() -> None:
    _, found = parse("fields name as who, deep.n | display who").run(ROWS[:1], 100)
    assert [name for name in found[0] if name != "@ptr"] == ["who"]


def test_stats_count_and_extremes_by_field() -> None:
    text = "stats count(*) as times, max(@timestamp) as last, min(deep.n) as first by name | sort name desc"
    matched, found = parse(text).run(ROWS, 100)
    assert matched == 3
    assert found == [
        {"name": "b", "times": "1", "last": "2026-11-24 02:00:00.000", "first": "2"},
        {"name": "a", "times": "2", "last": "2026-11-24 03:00:00.000", "first": "1"},
    ]


def test_stats_without_a_name_and_without_by() -> None:
    assert parse("stats count(*), count(only)").run(ROWS, 100)[1] == [{"count(*)": "3", "count(only)": "1"}]


@pytest.mark.parametrize(
    "text",
    [
        "",
        "|",
        "filter",
        "filter name",
        'filter name = "a',
        'filter name = "a" sort name',
        "filter name = a",
        "filter name ~ 'a'",
        "filter name = 'a' or",
        "filter (name = 'a'",
        "filter name in ['a'",
        "filter name like /(/",
        "filter strlen(name) = 1",
        "parse @message 'x' as y",
        "dedup name",
        "stats sum(deep.n)",
        "stats count(*) | stats count(*)",
        "limit many",
        "fields name name",
        "SELECT * FROM x",
        "fields and",
    ],
)
def test_what_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(MalformedQueryError):
        parse(text)


@given(st.text())
def test_any_text_is_parsed_or_refused(text: str) -> None:
    try:
        parse(text).run(ROWS, 10)
    except MalformedQueryError:
        return


@given(st.text(), st.text())
def test_a_quoted_text_equals_itself_and_nothing_else(value: str, other: str) -> None:
    quoted = '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    rows: list[Any] = [Row({}, {"name": value}), Row({}, {"name": f"{other}!"})]
    assert parse(f"filter name = {quoted}").run(rows, 10)[0] == 1 + (value == f"{other}!")
