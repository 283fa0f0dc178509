"""Settings that stand in AWS Secrets Manager instead of the environment."""

from __future__ import annotations

import json
from collections.abc import Mapping

from botocore.exceptions import BotoCoreError, ClientError

from bot.arn import part_of
from bot.aws.errors import error_code
from bot.aws.sessions import Clients, Patience
from bot.settings import SECRET_ARN, SECRET_NAMES, SettingsError


def secret_values(environment: Mapping[str, str]) -> dict[str, str]:
    """Read the secret that ``MSK_ROLE_SECRET_ARN`` names.

    Raises SettingsError where it cannot be read, is misshapen, or holds what the environment holds too.
    """
    arn = environment[SECRET_ARN].strip()
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
    region = part_of(arn, "region")
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
