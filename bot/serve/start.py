"""What every way of running does first and last: find settings and secrets, open the log; end the process."""

from __future__ import annotations

import logging
import os
from collections.abc import Mapping

from bot.settings import OAUTH_NAMES, SECRET_ARN, SECRET_NAMES, Mode, Settings
from bot.telemetry.log import configure_logging

_log = logging.getLogger(__name__)

#: Variables of AWS whose values must not show up in a log.
_AWS_SECRETS = ("AWS_SECRET_ACCESS_KEY", "AWS_SESSION_TOKEN", "AWS_CONTAINER_AUTHORIZATION_TOKEN")


def settings_from(environment: Mapping[str, str], mode: Mode | None) -> Settings:
    """Read the settings, the ones in AWS Secrets Manager included, and open the log.

    Raises SettingsError, which names everything that keeps the bot from starting.
    """
    configure_logging("INFO", _secrets(environment))
    complete = {**environment, **_secret_values(environment)}
    settings = Settings.from_env(complete, mode)
    # Bolt would read it a second time, and warn that it does not need it.
    os.environ.pop("SLACK_BOT_TOKEN", None)
    configure_logging(settings.log_level, _secrets(complete))
    return settings


def end(interrupted: int) -> None:
    """Say that the bot has stopped; where questions were interrupted, end the process here.

    Their users have been told. Their threads may still wait for AWS, and Python would wait for them.
    """
    _log.info("Stopped", extra={"data": {"interrupted": interrupted}})
    if interrupted:
        logging.shutdown()
        os._exit(0)


def _secrets(environment: Mapping[str, str]) -> list[str]:
    return [environment.get(name, "") for name in (*SECRET_NAMES, *OAUTH_NAMES, *_AWS_SECRETS)]


def _secret_values(environment: Mapping[str, str]) -> Mapping[str, str]:
    if not environment.get(SECRET_ARN, "").strip():
        return {}
    from bot.serve.secrets import secret_values  # noqa: PLC0415  reads AWS, which most starts need not

    return secret_values(environment)
