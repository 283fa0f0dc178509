"""README.md says what is so: its files exist, its commands are commands, and what it calls a setting is one."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from bot import settings
from bot.__main__ import COMMANDS

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "README.md").read_text("utf-8")
TARGETS = re.findall(r"^([a-z]+):", (ROOT / "Makefile").read_text("utf-8"), re.MULTILINE)


@pytest.mark.parametrize("target", re.findall(r"\]\((?!https://)([^)#]+)", TEXT))
def test_every_file_it_points_to_exists(target: str) -> None:
    assert (ROOT / target).exists()


@pytest.mark.parametrize("anchor", re.findall(r"\]\(docs/operating\.md#([a-z-]+)\)", TEXT))
def test_every_section_it_points_to_exists(anchor: str) -> None:
    headings = re.findall(r"^##+ (.+)$", (ROOT / "docs" / "operating.md").read_text("utf-8"), re.MULTILINE)
    assert anchor in [heading.lower().replace(" ", "-") for heading in headings]


@pytest.mark.parametrize("target", sorted(set(re.findall(r"`?make ([a-z]+)", TEXT))))
def test_every_make_target_exists(target: str) -> None:
    assert target in TARGETS


@pytest.mark.parametrize("command", sorted(set(re.findall(r"-m bot ([a-z]+)", TEXT))))
def test_every_command_exists(command: str) -> None:
    assert command in COMMANDS


@pytest.mark.parametrize("name", sorted(set(re.findall(r"`((?:MSK_ROLE|SLACK)_[A-Z_]+)`", TEXT))))
def test_every_setting_exists(name: str) -> None:
    assert name in settings.NAMES


def test_the_two_commands_for_a_newcomer_install_what_they_need_themselves() -> None:
    makefile = (ROOT / "Makefile").read_text("utf-8")
    assert re.search(r"^demo: venv$", makefile, re.MULTILINE)
    assert re.search(r"^test: venv$", makefile, re.MULTILINE)
