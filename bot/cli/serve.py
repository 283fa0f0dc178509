"""``python -m bot serve``: the bot, until it is told to stop."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping

from bot.settings import Mode, SettingsError


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the choice of how Slack reaches the bot."""
    ways = parser.add_mutually_exclusive_group()
    ways.add_argument("--socket", action="store_true", help="Socket Mode, the default: the bot connects to Slack")
    ways.add_argument("--http", action="store_true", help="HTTP: Slack connects to the bot, see MSK_ROLE_HTTP_PORT")


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Run until SIGTERM; return 0, or 2 where settings or tokens do not allow it."""
    from dotenv import load_dotenv  # noqa: PLC0415  so that `serve --help` needs neither Slack nor AWS

    from bot.serve import http, socket, start  # noqa: PLC0415  as above

    # What the environment sets already is left as it is; AWS's library reads the environment by itself.
    load_dotenv(".env")
    try:
        if arguments.http:
            http.run(start.settings_from(environment, Mode.HTTP))
        else:
            socket.run(start.settings_from(environment, Mode.SOCKET))
    except (SettingsError, socket.TokenRefused) as problem:
        print(problem, file=sys.stderr)
        return 2
    return 0
