"""``python -m bot demo``: real commands through the real bot, on embedded AWS and Slack, with the replies printed.

Nothing leaves the machine. What is printed is what the embedded Slack received. The exit status is 0 when every scene
showed what it should, Slack refused nothing, and no planted secret was seen.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenes import SCENES, Press, Scene
from bot.sandbox.slack import EmbeddedSlack, Exchange, Message, View
from bot.sandbox.slack.render import render, words
from bot.sandbox.slack.workspace import CANARY
from bot.sandbox.stage import Bot, NotRunningError, embedded_environment, running_bot

WIDTH = 110
#: Lines of a reply that are printed.
LONGEST = 60
_PATIENCE = 30.0
_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the form of the output."""
    parser.add_argument("--width", type=int, default=WIDTH, help="columns of the printed replies (default %(default)s)")
    parser.add_argument("--full", action="store_true", help=f"print long replies beyond their first {LONGEST} lines")


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Play every scene; return 0, or 1 where something was missing."""
    started = time.monotonic()
    with EmbeddedAws.start() as aws, EmbeddedSlack.start() as slack:
        with running_bot(embedded_environment(aws, slack), environment) as bot:
            longest = sys.maxsize if arguments.full else LONGEST
            play = Play(slack, arguments.width, styled=sys.stdout.isatty(), longest=longest)
            play.everything(bot)
            problems = [*play.problems, *_aftermath(slack, bot)]
        if bot.process.returncode != 0:
            problems.append(f"the bot ended with status {bot.process.returncode}")
        for problem in problems:
            print(f"FAILED  {problem}", file=sys.stderr)
        print(
            f"{play.exchanges} commands and presses in {time.monotonic() - started:.0f} s, "
            f"slowest acknowledgement {play.slowest_ack * 1000:.0f} ms, {len(aws.calls())} AWS calls, "
            f"{len(slack.calls)} Slack calls, {len(slack.refusals)} refused, {len(problems)} problems"
        )
    return 1 if problems else 0


@dataclass(slots=True)
class Play:
    """The scenes on one stage, and what went wrong in them."""

    slack: EmbeddedSlack
    width: int
    styled: bool
    #: Lines of a reply that are printed; what a reply must show is looked for in all of it.
    longest: int
    problems: list[str] = field(default_factory=list)
    exchanges: int = 0
    slowest_ack: float = 0.0

    def everything(self, bot: Bot) -> None:
        """Wait for the bot and play all scenes."""
        try:
            bot.wait_for_link(self.slack)
        except NotRunningError as problem:
            self.problems.append(str(problem))
            return
        for scene in SCENES:
            try:
                self._scene(scene)
            except (TimeoutError, LookupError) as problem:
                self.problems.append(f"{scene.text}: {problem}")

    def _scene(self, scene: Scene) -> None:
        self._say(f"\n━━━ {scene.why} ", f"/msk-role {scene.text}")
        asked = self.slack.command(scene.text)
        reply = asked.wait(timeout=_PATIENCE)[-1]
        self._show(scene.text, asked, reply, scene.shows)
        for press in scene.presses:
            self._press(scene, reply, press)

    def _press(self, scene: Scene, reply: Message, press: Press) -> None:
        pressed = self.slack.click(reply, press.action_id)
        self._say("", f"press “{press.action_id}”")
        # A modal opens at once to beat Slack's 3 seconds, and its second version has the content.
        came = pressed.wait_view(2, _PATIENCE) if press.modal else pressed.wait(timeout=_PATIENCE)[-1]
        self._show(f"{scene.text}; {press.action_id}", pressed, came, press.shows)

    def _show(self, what: str, exchange: Exchange, came: Message | View, shows: Iterable[str]) -> None:
        self.exchanges += 1
        ack = exchange.ack
        self.slowest_ack = max(self.slowest_ack, ack.seconds)
        if ack.error:
            self.problems.append(f"{what}: acknowledgement: {ack.error}")
        lines = render(came, width=self.width, styled=self.styled).splitlines()
        print("\n".join(lines[: self.longest]))
        if len(lines) > self.longest:
            print(f"… and {len(lines) - self.longest} more lines (--full shows them)")
        said = words(came)
        self.problems += [f"{what}: does not show {name}" for name in shows if name not in said]
        if isinstance(came, Message) and not came.blocks:
            self.problems.append(f"{what}: came as plain text")

    def _say(self, line: str, typed: str) -> None:
        bold, dim, plain = (_BOLD, _DIM, _PLAIN) if self.styled else ("", "", "")
        if line:
            print(f"{dim}{line}{'━' * max(0, self.width - len(line))}{plain}")
        print(f"\n{bold}alice in #ops: {typed}{plain}\n", flush=True)


def _aftermath(slack: EmbeddedSlack, bot: Bot) -> list[str]:
    """Say what no scene shows: refusals, violations, and planted secrets where none may be."""
    refused = [f"Slack refused {call.method}: {call.error} {'; '.join(call.problems)}" for call in slack.refusals]
    violations = [f"{violation.code}: {violation.detail}" for violation in slack.violations]
    leaks = [f"a planted secret reached Slack through {where}" for where, text in slack.received if CANARY in text]
    if CANARY in bot.log():
        leaks.append("a planted secret reached the bot's log")
    return [*refused, *violations, *leaks]
