"""The bot as it runs in production, in a process of its own, between an embedded AWS and an embedded Slack."""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US
from bot.sandbox.slack import EmbeddedSlack

ROOT = Path(__file__).parents[2]

#: The bot as in production.
SERVE = ("bot", "serve", "--socket")

#: What the bot may inherit: no token, key or setting of whoever runs this.
_INHERITED = ("PATH", "HOME", "LANG", "LC_ALL", "TMPDIR", "SYSTEMROOT")


class NotRunningError(Exception):
    """The bot did not come up."""


@dataclass(frozen=True, slots=True)
class Bot:
    """The bot's process and the file that takes its output."""

    process: subprocess.Popen[bytes]
    _log: Path

    def log(self) -> str:
        """Return everything the bot has written so far."""
        return self._log.read_text(errors="replace")

    def wait_for_link(self, slack: EmbeddedSlack, seconds: float = 30) -> None:
        """Wait until the bot hears Slack; raises ``NotRunningError`` where it ends before, or takes longer."""
        deadline = time.monotonic() + seconds
        while self.process.poll() is None and time.monotonic() < deadline:
            with suppress(TimeoutError):
                return slack.wait_for_link(0.2)
        raise NotRunningError(
            f"the bot is not connected after {seconds:g} s or has ended; it wrote:\n{self.log()[-4000:]}"
        )

    def stop(self, seconds: float = 30) -> int:
        """Ask the bot to stop as a platform does, and return its exit status; it is killed after ``seconds``."""
        self.process.terminate()
        try:
            return self.process.wait(seconds)
        except subprocess.TimeoutExpired:
            self.process.kill()
            return self.process.wait()


def embedded_environment(aws: EmbeddedAws, slack: EmbeddedSlack) -> dict[str, str]:
    """Return the variables that point a bot, or another program, at the embedded services."""
    return {**aws.environment, **slack.environment, "MSK_ROLE_REGIONS": f"{EU},{US}"}


@contextmanager
def running_bot(
    settings: Mapping[str, str], environment: Mapping[str, str], *, module: Sequence[str] = SERVE
) -> Iterator[Bot]:
    """Run the bot (``module``: its name and arguments) in an empty folder and stop it at the end.

    It gets ``settings``, and of ``environment`` (the caller's own) only what says nothing about AWS, Slack or the bot.
    """
    inherited = {name: environment[name] for name in _INHERITED if name in environment}
    with tempfile.TemporaryDirectory(prefix="msk-role-") as place:
        folder, log = Path(place, "empty"), Path(place, "log")
        folder.mkdir()
        with log.open("wb") as output:
            process = subprocess.Popen(  # noqa: S603  our own command under our own interpreter
                [sys.executable, "-m", *module],
                env={**inherited, "PYTHONPATH": str(ROOT), "PYTHONUNBUFFERED": "1", **settings},
                cwd=folder,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        bot = Bot(process, log)
        try:
            yield bot
        finally:
            bot.stop()
