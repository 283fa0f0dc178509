"""The command line: ``python -m bot COMMAND``.

Each command is a module of ``bot.cli``, imported only when it is called.
"""

from __future__ import annotations

import argparse
import importlib
import os
import sys
from collections.abc import Mapping, Sequence

COMMANDS: Mapping[str, str] = {
    "ask": "answer one question here, as Slack would get it (reads AWS)",
    "fleet": "list every role that connectors name, those that CloudTrail does not show first (reads AWS)",
    "classify": "explain `aws kafkaconnect describe-connector` output offline (no AWS call)",
    "demo": "real commands through the real app, on embedded AWS and Slack",
    "sandbox": "embedded AWS and Slack, kept running",
    "serve": "run the bot",
    "doctor": "say which AWS operations and Slack scopes the bot has, and what to do about the rest",
    "catalogue": "list the plugin families the classifier knows",
    "manifest": "print the Slack app manifest",
}


def main(arguments: Sequence[str] | None = None, environment: Mapping[str, str] | None = None) -> int:
    """Run one command and return its exit status: 0 answered, 1 no answer, 2 bad usage or unreadable input."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    overview = argparse.ArgumentParser(prog="python -m bot", formatter_class=argparse.RawDescriptionHelpFormatter)
    overview.epilog = "commands:\n" + "\n".join(f"  {name:<10} {line}" for name, line in COMMANDS.items())
    overview.add_argument("command", metavar="COMMAND", choices=COMMANDS, help="one of the commands below")
    command = overview.parse_args(words[:1]).command
    try:
        module = importlib.import_module(f"bot.cli.{command}")
    except ModuleNotFoundError as missing:
        print(f"python -m bot {command}: needs {missing.name}, which this installation leaves out", file=sys.stderr)
        return 2
    parser = argparse.ArgumentParser(prog=f"python -m bot {command}", description=COMMANDS[command])
    module.configure(parser)
    parsed = parser.parse_args(words[1:])
    try:
        status: int = module.run(parsed, os.environ if environment is None else environment)
        sys.stdout.flush()
    except BrokenPipeError:
        # Whoever read the output has seen enough. Python would complain once more when it closes the stream.
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 1
    return status


if __name__ == "__main__":
    sys.exit(main())
