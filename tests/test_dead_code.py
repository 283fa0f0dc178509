"""The list of names that only look dead is no longer than it has to be."""

from __future__ import annotations

import tomllib
from fnmatch import fnmatchcase
from pathlib import Path

from vulture import Vulture

ROOT = Path(__file__).parent.parent


def test_every_name_that_vulture_ignores_looks_dead_to_it() -> None:
    settings = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["tool"]["vulture"]
    search = Vulture()
    search.scavenge([ROOT / path for path in settings["paths"]])
    dead = {item.name for item in search.get_unused_code(min_confidence=60)}
    ignored = settings["ignore_names"]
    assert [name for name in ignored if not any(fnmatchcase(found, name) for found in dead)] == []
