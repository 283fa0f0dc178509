"""JDBC URLs: which database, through which driver, with which of the AWS drivers' own ways to authenticate.

Three drivers call AWS: the AWS Advanced JDBC Wrapper by its plugins, Amazon Redshift's by ``jdbc:redshift:iam:``, and
the Secrets Manager driver by its ``jdbc-secretsmanager:`` scheme.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.model import Properties

#: The wrapper's plugins that fetch a database token signed with AWS credentials.
IAM_PLUGINS = frozenset({"iam", "federatedauth", "okta"})

_WRAPPER = "jdbc:aws-wrapper:"
_SECRETS = "jdbc-secretsmanager:"
_REDSHIFT_IAM = "jdbc:redshift:iam:"
_SYSTEM = re.compile(r"(?:jdbc|jdbc-secretsmanager):(?:aws-wrapper:)?(?P<system>[A-Za-z0-9]+)")
_PARAMETER = re.compile(r"[?&;]\s*([\w.]+)\s*=\s*([^&;]*)")
#: Drivers whose scheme is not the name of the database they talk to.
_SYSTEMS = {"jtds": "sqlserver", "postgres": "postgresql"}


@dataclass(frozen=True, slots=True)
class JdbcUrl:
    """A JDBC URL taken apart. ``system`` is empty for what is no JDBC URL. Parameters may hold passwords."""

    system: str = ""
    driver: str = ""
    parameters: Properties = field(default_factory=Properties)


def driver_property(url: JdbcUrl, properties: Mapping[str, str], name: str) -> str:
    """Return a property of the driver: a parameter of the URL, or a setting that is passed on; empty where absent.

    Names are compared without regard to case. Which prefix passes a setting on differs from plugin to plugin
    (``connection.``, ``driver.``, ``database.``), so that any does.
    """
    wanted = name.lower()
    inside = next((value for key, value in url.parameters.items() if key.lower() == wanted), "")
    return inside or next((v.strip() for k, v in properties.items() if k.lower().rpartition(".")[2] == wanted), "")


def wrapper_plugins(url: JdbcUrl, properties: Mapping[str, str]) -> frozenset[str]:
    """Return the names of the wrapper's plugins, in lower case."""
    listed = driver_property(url, properties, "wrapperPlugins")
    return frozenset(name.strip().lower() for name in listed.split(",") if name.strip())


def enters_by_iam(url: JdbcUrl, properties: Mapping[str, str]) -> bool:
    """Whether IAM admits to the database, so that no password of its own does."""
    if url.driver == "wrapper":
        return not wrapper_plugins(url, properties).isdisjoint(IAM_PLUGINS)
    return url.driver == "redshift-iam"


def parse_jdbc_url(value: str) -> JdbcUrl:
    """Take a JDBC URL apart; an empty one for any other text. Never raises."""
    url = value.strip()
    match = _SYSTEM.match(url)
    if not match:
        return JdbcUrl()
    system = match["system"].lower()
    parameters = Properties({m[1]: unquote(m[2]).strip() for m in _PARAMETER.finditer(url)})
    return JdbcUrl(_SYSTEMS.get(system, system), _driver(url.lower()), parameters)


def _driver(url: str) -> str:
    if url.startswith(_WRAPPER):
        return "wrapper"
    if url.startswith(_SECRETS):
        return "secrets-manager"
    return "redshift-iam" if url.startswith(_REDSHIFT_IAM) else "plain"
