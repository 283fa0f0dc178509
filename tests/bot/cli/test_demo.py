"""``python -m bot demo`` and ``sandbox``, as somebody on a bare machine starts them."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import IO

import pytest

from bot.sandbox.scenes import SCENES


def start(*arguments: str) -> subprocess.Popen[str]:
    return subprocess.Popen(
        [sys.executable, "-m", "bot", *arguments],
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        env={**os.environ, "MSK_ROLE_ALLOWED_USERS": "U0NOBODY99", "AWS_PROFILE": "somebody-else"},
    )


def test_the_demo_plays_every_scene_within_a_minute_whatever_the_environment_holds() -> None:
    started = time.monotonic()
    process = start("demo")
    shown = process.communicate(timeout=120)[0]
    assert process.returncode == 0, shown
    assert time.monotonic() - started < 60
    assert [scene.text for scene in SCENES if f"/msk-role {scene.text}" not in shown] == []
    assert re.search(r"0 refused, 0 problems", shown)
    assert "┌─" in shown


@contextmanager
def sandbox(*arguments: str) -> Iterator[tuple[subprocess.Popen[str], IO[str], IO[str]]]:
    with start("sandbox", *arguments) as process:
        assert process.stdin
        assert process.stdout
        try:
            yield process, process.stdin, process.stdout
        finally:
            process.kill()


def read_until(output: IO[str], wanted: str) -> str:
    lines = []
    for line in output:
        lines.append(line)
        if wanted in line:
            return "".join(lines)
    pytest.fail(f"{wanted!r} never came after\n{''.join(lines)}")


@pytest.mark.shows_canary
def test_the_sandbox_prints_its_variables_and_obeys_what_is_typed() -> None:
    with sandbox() as (process, typed, shown):
        assert "export SLACK_API_BASE_URL=http://127.0.0.1:" in read_until(shown, "quit ")
        typed.write("as bob\n/msk-role orders-s3-snk\n")
        typed.flush()
        read_until(shown, "orders-s3-sink")
        typed.write("as nobody\nquit\n")
        typed.flush()
        read_until(shown, "no 'nobody' here")
        assert process.wait(60) == 0


@pytest.mark.shows_canary
def test_the_sandbox_outlives_its_input_and_ends_on_a_signal() -> None:
    with sandbox("--without-bot") as (process, typed, shown):
        read_until(shown, "quit ")
        typed.close()
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(1)
        process.send_signal(signal.SIGTERM)
        assert process.wait(30) == 0
