"""What every way of running does first: find the settings and the secrets, open the log, put the bot together."""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from bot.app import Aws, Bot, answers_for, aws, build
from bot.aws.errors import error_code
from bot.aws.sessions import Clients, Patience
from bot.settings import OAUTH_NAMES, SECRET_ARN, SECRET_NAMES, Mode, Settings, SettingsError
from bot.telemetry import Telemetry, configure_logging

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


def bot_for(settings: Settings, *, on_lambda: bool = False) -> tuple[Bot, Aws]:
    """Put the bot together; no request is made, and no thread started yet.

    Raises SettingsError for what only the whole can show.
    """
    telemetry = Telemetry()
    source = aws(settings, telemetry)
    return build(settings, answers_for(settings, source), telemetry, on_lambda=on_lambda), source


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


def _secret_values(environment: Mapping[str, str]) -> dict[str, str]:
    arn = environment.get(SECRET_ARN, "").strip()
    if not arn:
        return {}
    values = _parsed(_secret_text(arn))
    twice = [name for name in values if environment.get(name, "").strip()]
    unknown = [name for name in values if name not in SECRET_NAMES]
    if twice or unknown:
        raise SettingsError(
            [f"{name}: set in the environment and in the secret of {SECRET_ARN}; remove one" for name in twice]
            + [f"{SECRET_ARN}: the secret may hold {', '.join(SECRET_NAMES)} and nothing else"] * bool(unknown)
        )
    return values


def _secret_text(arn: str) -> str:
    region = (arn.split(":", 4) + [""] * 4)[3]
    clients = Clients(patience=Patience(attempts=5))
    try:
        answer = clients.client("secretsmanager", region).get_secret_value(SecretId=arn)
    except ClientError as refused:
        raise SettingsError([f"{SECRET_ARN}: AWS refused to read it ({error_code(refused)})"]) from None
    except (BotoCoreError, ValueError) as failed:
        raise SettingsError([f"{SECRET_ARN}: AWS could not be asked for it ({type(failed).__name__})"]) from None
    finally:
        clients.close()
    return str(answer.get("SecretString") or "")


def _parsed(text: str) -> dict[str, str]:
    try:
        values = json.loads(text)
    except ValueError:
        values = None
    if not isinstance(values, dict) or not all(isinstance(value, str) for value in values.values()):
        raise SettingsError([f"{SECRET_ARN}: the secret must be a JSON object of strings"])
    return values
