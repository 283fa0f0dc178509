"""``python -m bot sandbox``: embedded AWS and Slack with the real bot between them, kept running.

Lines on standard input are what a person does in Slack; the variables it prints point other programs here.
"""

from __future__ import annotations

import argparse
import shlex
import signal
import sys
from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from types import FrameType

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import Channel, EmbeddedSlack, Message, User, View
from bot.sandbox.slack.render import render
from bot.sandbox.slack.workspace import ALICE, OPS
from bot.sandbox.stage import NotRunningError, embedded_environment, running_bot

_PATIENCE = 40.0
_USAGE = """\
  /msk-role TEXT     ask, as the command would (the /msk-role may be left out)
  press ACTION       press a button of the last reply: share, details, query, policy, refresh, choose-0 …
  as USER            be somebody else: {users}
  in CHANNEL         be somewhere else: {channels}
  quit               stop everything (so does Ctrl-C)
"""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the AWS port and the choice to leave the bot out."""
    parser.add_argument(
        "--aws-port", type=int, default=0, metavar="PORT", help="port of the embedded AWS (default: any)"
    )
    parser.add_argument("--without-bot", action="store_true", help="start no bot: yours connects with the variables")
    parser.add_argument("--width", type=int, default=110, help="columns of the printed replies (default %(default)s)")


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run until ``quit``, SIGINT or SIGTERM; the end of standard input only ends the typing."""
    signal.signal(signal.SIGTERM, _interrupt)
    try:
        with ExitStack() as stack:
            aws = stack.enter_context(EmbeddedAws.start(port=arguments.aws_port))
            slack = stack.enter_context(EmbeddedSlack.start())
            variables = embedded_environment(aws, slack)
            print("".join(f"export {name}={shlex.quote(value)}\n" for name, value in variables.items()))
            if not arguments.without_bot:
                stack.enter_context(running_bot(variables, environment)).wait_for_link(slack)
            people = ", ".join(user.name for user in slack.users.values())
            places = ", ".join(channel.name for channel in slack.workspace.channels.values())
            print(_USAGE.format(users=people, channels=places), flush=True)
            Person(slack, arguments.width).obey_standard_input()
    except KeyboardInterrupt:
        print()
    except NotRunningError as problem:
        print(problem, file=sys.stderr)
        return 1
    return 0


def _interrupt(_number: int, _frame: FrameType | None) -> None:
    raise KeyboardInterrupt


@dataclass(slots=True)
class Person:
    """Somebody who types into Slack."""

    slack: EmbeddedSlack
    width: int
    user: User = ALICE
    channel: Channel = OPS
    last: Message | View | None = None

    def obey_standard_input(self) -> None:
        """Do what each line says, until ``quit``; at the end of input, wait for a signal."""
        for line in sys.stdin:
            if line.strip() == "quit":
                return
            if line.strip():
                self.obey(line.strip())
        signal.pause()

    def obey(self, line: str) -> None:
        """Do what one line says, and print what came of it."""
        verb, _, rest = line.partition(" ")
        try:
            match verb:
                case "as":
                    self.user = next(u for u in self.slack.users.values() if u.name == rest)
                case "in":
                    self.channel = next(c for c in self.slack.workspace.channels.values() if c.name == rest)
                case "press":
                    self._press(rest)
                case _:
                    self._ask(line.removeprefix("/msk-role"))
        except StopIteration:
            print(f"no {rest!r} here", flush=True)
        except (TimeoutError, LookupError) as problem:
            print(problem, flush=True)

    def _ask(self, text: str) -> None:
        asked = self.slack.command(text, user=self.user, channel=self.channel)
        if asked.ack.payload:
            print(f"({asked.ack.payload.get('text', '')})", flush=True)
        self._print(asked.wait(timeout=_PATIENCE)[-1])

    def _press(self, action_id: str) -> None:
        if self.last is None:
            print("nothing to press yet", flush=True)
            return
        pressed = self.slack.click(self.last, action_id, user=self.user)
        self.slack.wait_until(lambda: bool(pressed.replies) or pressed.shown_view(2) is not None, _PATIENCE)
        self._print(pressed.shown_view(2) or pressed.replies[-1])

    def _print(self, what: Message | View) -> None:
        if isinstance(what, Message):
            self.last = what
        print(f"\n{render(what, width=self.width, styled=sys.stdout.isatty())}\n", flush=True)
