"""The picture of the rooms is the contract that import-linter checks, and each room keeps to its subject."""

from __future__ import annotations

import ast
import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "architecture.md").read_text()
_ARROW = re.compile(r'^\s+(\w+)(?:\["([\w.]+)"\])? --> (\w+)(?:\["([\w.]+)"\])?$', re.MULTILINE)


def _layers() -> list[set[str]]:
    configured = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
    (contract,) = (each for each in configured if each["type"] == "layers")
    return [{name.strip() for name in layer.split("|")} for layer in contract["layers"]]


def _arrows() -> list[tuple[str, str]]:
    arrows = _ARROW.findall(PAGE)
    pairs = [pair for source, source_name, target, name in arrows for pair in ((source, source_name), (target, name))]
    names = {node: name for node, name in pairs if name}
    return [(names[source], names[target]) for source, _, target, _ in arrows]


def test_the_picture_has_the_rooms_of_the_contract_and_no_other() -> None:
    drawn = {name for arrow in _arrows() for name in arrow}
    assert drawn == set().union(*_layers())


def test_every_arrow_of_the_picture_leads_down_by_the_contract() -> None:
    place = {name: number for number, layer in enumerate(_layers()) for name in layer}
    assert [(source, target) for source, target in _arrows() if place[source] >= place[target]] == []


def test_every_room_is_a_module_or_package_and_stands_in_the_table() -> None:
    for name in set().union(*_layers()):
        path = ROOT / name.replace(".", "/")
        assert path.is_dir() or path.with_suffix(".py").is_file(), name
    packages = {path.parent.name for path in (ROOT / "bot").glob("*/__init__.py")}
    assert {f"bot.{name}" for name in packages} <= set().union(*_layers())
    assert all(f"`bot/{name}/`" in PAGE for name in packages)


def test_at_the_root_of_bot_stand_only_the_modules_agreed() -> None:
    assert {path.stem for path in (ROOT / "bot").glob("*.py")} == {"__init__", "__main__", "arn", "regions", "settings"}


def _imported(path: Path) -> Iterator[str]:
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module:
            yield node.module
        elif isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)


@pytest.mark.parametrize("path", sorted((ROOT / "handlers").rglob("*.py")), ids=lambda path: path.name)
def test_whatever_lives_with_the_handlers_speaks_slack(path: Path) -> None:
    speaks = any(name.partition(".")[0] in ("slack_bolt", "slack_sdk") for name in _imported(path))
    assert speaks or path.name == "__init__.py"


def test_every_file_that_the_page_names_exists() -> None:
    named = set(re.findall(r"`((?:bot|handlers|tests)/[\w/.]+\.(?:py|toml)|(?:bot|handlers|tests)/[\w/]+/)`", PAGE))
    assert [name for name in sorted(named) if not (ROOT / name).exists()] == []


def test_the_glossary_has_each_name_once() -> None:
    names = re.findall(r"^\| \*([\w ]+)\* \|", PAGE, re.MULTILINE)
    assert len(names) == len(set(names)) > 20
