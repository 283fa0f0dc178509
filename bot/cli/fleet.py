"""``python -m bot fleet``: every role that a connector names, those that CloudTrail does not show first."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Mapping
from shutil import get_terminal_size
from typing import cast

from dotenv import load_dotenv

from bot.compose.aws import aws, inventory
from bot.inventory.roles import Inventory
from bot.model import Question
from bot.pipe.parse import parse
from bot.pipe.unanswerable import InvalidQuestion, Unanswerable
from bot.reply import inventory as reply
from bot.reply import text
from bot.reply.nouns import Reply
from bot.settings import Settings, SettingsError
from bot.telemetry.log import Telemetry

#: A query over a fleet takes longer than the answer that somebody waits for in Slack.
_SECONDS = 120
_ONE_LINE = 10_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the window and the region, as a question has them."""
    parser.add_argument("scope", nargs="*", metavar="WINDOW | REGION", help="window such as 30d, one region of several")
    parser.add_argument("--json", action="store_true", help="print one JSON object a role, one line each")


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Print the roles; return 1 where there is none, 2 for what is no scope or for settings that do not fit."""
    load_dotenv(".env")
    # What could not be read is part of the answer; standard error is for what keeps it from being one.
    logging.disable(logging.WARNING)
    try:
        settings = Settings.from_env(environment)
        if not any(store.answers_for_many for store in settings.history.stores):
            return _complain(reply.one_by_one(settings.history.stores), 2)
        # The command's own name stands where a question names its connector, so that this is no call for help.
        question = cast(Question, parse(" ".join(("fleet", *arguments.scope)), settings.longest_window_days))
        found = _survey(question, settings)
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 2
    except Unanswerable as failure:
        return _complain(reply.failure(failure), 2 if isinstance(failure, InvalidQuestion) else 1)
    if not found.roles and not found.without_role:
        return _complain(reply.overview(found), 1)
    if arguments.json:
        for document in reply.documents(found):
            print(json.dumps(document, ensure_ascii=False))
    else:
        print(text.plain(reply.overview(found), max(text.WIDTH, get_terminal_size().columns)))
    return 0


def _survey(question: Question, settings: Settings) -> Inventory:
    return inventory(question, settings, aws(settings, Telemetry()), max(_SECONDS, settings.deadline_seconds))


def _complain(said: Reply, status: int) -> int:
    print(f"python -m bot fleet: {text.plain(said, _ONE_LINE)}", file=sys.stderr)
    return status
