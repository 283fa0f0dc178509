"""``python -m bot ask``: the answer that Slack would get, here. AWS comes from the usual environment."""

from __future__ import annotations

import argparse
import json
import logging
import sys
from collections.abc import Mapping

from bot.pipe.parse import Help, parse
from bot.pipe.unanswerable import InvalidQuestion, Unanswerable
from bot.reply import text, word
from bot.reply.json import document
from bot.settings import Settings, SettingsError

#: Columns enough for any paragraph, so that only what is a part of its own is set apart.
_UNWRAPPED = 100_000


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the question, in the words that follow ``/msk-role`` in Slack."""
    parser.add_argument("text", nargs="*", metavar="TEXT", help="connector name or ARN, window such as 30d, region")
    forms = parser.add_mutually_exclusive_group()
    forms.add_argument("--details", action="store_true", help="print every finding with its evidence and source")
    forms.add_argument("--json", action="store_true", help="print one JSON object")


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Answer; return 1 where the question has no answer, 2 where it is none or the settings do not fit."""
    from dotenv import load_dotenv  # noqa: PLC0415  so that `ask help` waits for no library

    from bot.compose.aws import answers_for, aws  # noqa: PLC0415  as above
    from bot.telemetry.log import Telemetry  # noqa: PLC0415  as above

    load_dotenv(".env")
    # What could not be read is part of the answer; standard error is for what keeps it from being one.
    logging.disable(logging.WARNING)
    try:
        settings = Settings.from_env(environment)
        question = parse(" ".join(arguments.text), settings.longest_window_days)
        if isinstance(question, Help):
            print(text.plain(word.help(settings.longest_window_days)))
            return 0
        answer = answers_for(settings, aws(settings, Telemetry())).ask(question)
    except SettingsError as problem:
        print(problem, file=sys.stderr)
        return 2
    except Unanswerable as failure:
        print(f"python -m bot ask: {_one_line(text.plain(word.failure(failure), _UNWRAPPED))}", file=sys.stderr)
        return 2 if isinstance(failure, InvalidQuestion) else 1
    if arguments.json:
        print(json.dumps(document(answer), ensure_ascii=False))
    else:
        print(text.plain(word.details(answer) if arguments.details else word.answer(answer)))
    return 0


def _one_line(paragraphs: str) -> str:
    """Join what stands in paragraphs, so that each failure is one line of standard error."""
    return " · ".join(line.strip(" -") for line in paragraphs.splitlines() if line.strip())
