"""``python -m bot doctor``: what the bot may do, what it lacks, and what to do about it.

Exits with 0 where nothing is wrong, 1 where AWS or Slack refuse something, 2 where the settings do not fit.
"""

from __future__ import annotations

import argparse
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError

from bot.aws.probe import examine
from bot.aws.sessions import Clients, Patience
from bot.diagnosis import AwsDiagnosis, Diagnosis
from bot.model import Cause, Unavailable
from bot.readers import Deadline
from bot.serve import start
from bot.settings import SECRET_NAMES, Mode, Settings, SettingsError
from handlers.reply.doctor import report
from handlers.tokens import examine_tokens

#: Long enough for every operation in a handful of regions, at the patience below.
_SECONDS = 60
_PATIENCE = Patience(connect_seconds=2, read_seconds=5, attempts=2)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the choice of how Slack will reach the bot, which decides which settings are needed."""
    ways = parser.add_mutually_exclusive_group()
    for mode in Mode:
        ways.add_argument(
            f"--{mode}", dest="mode", action="store_const", const=mode, help=f"check the settings that {mode} needs"
        )


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Examine settings, AWS and Slack, print what was found, and return the exit status."""
    start.load_dotenv_file()
    problems: tuple[str, ...] = ()
    try:
        settings = start.settings_from(environment, arguments.mode)
    except SettingsError as error:
        settings, problems = Settings(), error.problems
    given = (settings.bot_token, settings.app_token, settings.signing_secret)
    diagnosis = Diagnosis(
        aws=_examine_aws(settings),
        tokens=tuple(examine_tokens(settings)),
        unset=tuple(name for name, value in zip(SECRET_NAMES, given, strict=True) if not value),
        settings_problems=problems,
    )
    print(report(diagnosis))
    return diagnosis.exit_status


def _examine_aws(settings: Settings) -> AwsDiagnosis:
    clients = Clients(patience=_PATIENCE)
    try:
        region = clients.default_region()
        regions = settings.regions or ((region,) if region else ())
        if not regions:
            return AwsDiagnosis(_nowhere("NoRegionError"), ())
        return examine(clients, regions, settings.history, Deadline.after(_SECONDS))
    except BotoCoreError as failed:
        return AwsDiagnosis(_nowhere(type(failed).__name__), settings.regions)
    finally:
        clients.close()


def _nowhere(code: str) -> Unavailable:
    return Unavailable("sts:GetCallerIdentity", "", Cause.ERROR, error_code=code)
