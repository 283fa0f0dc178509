"""``python -m bot doctor``: what the bot may do, what it lacks, and what to do about it.

Exits with 0 where nothing is wrong, 1 where AWS or Slack refuse something, 2 where the settings do not fit.
"""

from __future__ import annotations

import argparse
import logging
from collections.abc import Mapping

from dotenv import load_dotenv

from bot.aws.probe import examine
from bot.compose.aws import answers_for, aws
from bot.doctor.diagnosis import AwsDiagnosis, Diagnosis
from bot.pipe.ports import Deadline
from bot.reply.doctor import report
from bot.serve import start
from bot.settings import SECRET_NAMES, Mode, Settings, SettingsError
from bot.telemetry.log import Telemetry
from handlers.tokens import examine_tokens

#: Long enough for every operation in a handful of regions, at the patience below.
_SECONDS = 60


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the choice of how Slack will reach the bot, which decides which settings are needed."""
    ways = parser.add_mutually_exclusive_group()
    for mode in Mode:
        ways.add_argument(
            f"--{mode}", dest="mode", action="store_const", const=mode, help=f"check the settings that {mode} needs"
        )


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Examine settings, AWS and Slack, print what was found, and return the exit status."""
    load_dotenv(".env")
    # The report says what went wrong; what AWS's library tells of its doings would only stand in between.
    logging.disable(logging.INFO)
    problems: list[str] = []
    try:
        settings = start.settings_from(environment, arguments.mode)
    except SettingsError as error:
        # What can be told without them is still worth telling.
        settings = Settings()
        problems += error.problems
    found: AwsDiagnosis | None = None
    try:
        found = _examine_aws(settings)
    except SettingsError as error:
        problems += error.problems
    given = (settings.bot_token, settings.app_token, settings.signing_secret)
    diagnosis = Diagnosis(
        aws=found,
        tokens=tuple(examine_tokens(settings)),
        unset=tuple(name for name, value in zip(SECRET_NAMES, given, strict=True) if not value),
        settings_problems=tuple(problems),
    )
    print(report(diagnosis))
    return diagnosis.exit_status


def _examine_aws(settings: Settings) -> AwsDiagnosis:
    source = aws(settings, Telemetry())
    try:
        # Nothing is asked; settings that only fail together fail here, as they would at the start of the bot.
        answers_for(settings, source)
        return examine(source.clients, source.regions, settings.history, Deadline.after(_SECONDS))
    finally:
        source.clients.close()
