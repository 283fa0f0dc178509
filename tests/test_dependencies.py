"""The pins are whole, nothing else is installed with them, and every licence is named."""

from __future__ import annotations

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PINS = ("requirements.txt", "requirements-dev.txt")
#: What the packages' own metadata call the licences of the table.
SPELLINGS = {
    "Apache License 2.0": "Apache-2.0",
    "Dual License": "BSD-3-Clause OR Apache-2.0",
}


def pinned(file: str) -> dict[str, str]:
    """Name to version of every requirement in a pins file."""
    text = (ROOT / file).read_text("utf-8")
    return dict(re.findall(r"^([A-Za-z0-9_.-]+)(?:\[[^]]*])?==([^\s;]+)", text, re.MULTILINE))


def licence(package: Distribution) -> str:
    """The licence a package states of itself, as an SPDX expression."""
    fields = (package.metadata.get_all(name) or () for name in ("License-Expression", "License"))
    stated = next((value for values in fields for value in values), "")
    return SPELLINGS.get(stated, stated)


def documented() -> dict[str, str]:
    """Package to licence, from the table in the documentation."""
    text = (ROOT / "docs" / "dependencies.md").read_text("utf-8")
    rows = re.findall(r"^\| ([a-z0-9-]+) \| ([^|]+) \|", text, re.MULTILINE)
    return {name: stated.strip() for name, stated in rows if name != "package"}


@pytest.mark.parametrize("file", PINS)
def test_every_pin_has_a_hash_and_no_address(file: str) -> None:
    text = (ROOT / file).read_text("utf-8")
    requirements = re.split(r"\n(?=[A-Za-z0-9])", text.split("\n", 2)[2])
    assert [r.split()[0] for r in requirements if "--hash=sha256:" not in r] == []
    assert "://" not in text


def test_the_development_pins_repeat_the_production_pins() -> None:
    development = pinned("requirements-dev.txt")
    assert {name: development.get(name) for name in pinned("requirements.txt")} == pinned("requirements.txt")


def test_every_production_package_is_installed_as_pinned_and_its_licence_is_documented() -> None:
    packages = {name: distribution(name) for name in pinned("requirements.txt")}
    assert {name: package.version for name, package in packages.items()} == pinned("requirements.txt")
    assert {name: licence(package) for name, package in packages.items()} == documented()


def test_no_production_package_needs_one_that_is_not_pinned() -> None:
    names = {name.lower().replace("_", "-") for name in pinned("requirements.txt")}
    needed = {
        re.split(r"[^A-Za-z0-9_.-]", requirement)[0].lower().replace("_", "-")
        for name in names
        for requirement in distribution(name).requires or []
        if ";" not in requirement
    }
    assert needed <= names
