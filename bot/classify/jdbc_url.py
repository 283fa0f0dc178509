"""JDBC URLs: which database, through which driver, with which of the AWS drivers' own ways to authenticate.

Some drivers call AWS whatever their parameters say, as Athena's does; others by a scheme (``jdbc:redshift:iam:``), by
plugins (the AWS Advanced JDBC Wrapper) or by a parameter (MariaDB's ``credentialType=AWS-IAM``).
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from urllib.parse import unquote

from bot.model import Properties

#: The wrapper's plugins that fetch a database token signed with AWS credentials.
IAM_PLUGINS = frozenset({"iam", "federatedauth", "okta"})

#: Schemes by the driver that reads them, a longer one before a shorter one.
_DRIVERS = (
    ("jdbc:aws-wrapper:", "wrapper"),
    ("jdbc-secretsmanager:", "secrets-manager"),
    ("jdbc:redshift:iam:", "redshift-iam"),
    ("jdbc:awsathena:", "athena"),
    ("jdbc:athena:", "athena"),
    ("jdbc:mysql:aws:", "aws-driver"),
    ("jdbc:postgresql:aws:", "aws-driver"),
    ("jdbc:timestream:", "timestream"),
    ("jdbc:neptune:", "neptune"),
    ("jdbc:opensearch:", "opensearch"),
    ("jdbc:elasticsearch:", "opensearch"),
)
_SIGNING = frozenset({"redshift-iam", "athena", "timestream"})
_SYSTEM = re.compile(r"(?:jdbc|jdbc-secretsmanager):(?:aws-wrapper:)?(?P<system>[A-Za-z0-9]+)")
_PARAMETER = re.compile(r"(?:[?&;]|//)\s*([\w.]+)\s*=\s*([^&;]*)")
#: Drivers whose scheme is not the name of the database they talk to.
_SYSTEMS = {"jtds": "sqlserver", "postgres": "postgresql"}
# Properties that name a class, or a kind of credentials, that the driver asks for the password.
_LOGIN_CLASSES = (
    "authenticationPluginClassName", "authenticationPlugins", "defaultAuthenticationPlugin", "credentialType",
    "accessTokenCallbackClass",
)  # fmt: skip
_KNOWN_LOGINS = ("com.mysql.", "org.mariadb.", "org.postgresql.")
#: What MariaDB's driver has besides AWS-IAM: user and password, from the properties or from the environment.
_PLAIN_CREDENTIALS = frozenset({"property", "env"})


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


def is_aws_iam(url: JdbcUrl, properties: Mapping[str, str]) -> bool:
    """Whether a driver's parameter asks for a token of RDS in place of the password."""
    if driver_property(url, properties, "credentialType").upper() == "AWS-IAM":
        return True
    return url.driver == "aws-driver" and driver_property(url, properties, "useAwsIam").lower() == "true"


def login_class(url: JdbcUrl, properties: Mapping[str, str]) -> str:
    """Return the driver's property that names a login class nobody knows; empty where there is none."""
    return next((n for n in _LOGIN_CLASSES if not _is_known_login(n, driver_property(url, properties, n))), "")


def _is_known_login(name: str, value: str) -> bool:
    if name == "credentialType":
        return not value or value.upper() == "AWS-IAM" or value.lower() in _PLAIN_CREDENTIALS
    return all("." not in one or one.startswith(_KNOWN_LOGINS) for one in map(str.strip, value.split(",")))


def enters_otherwise(url: JdbcUrl, properties: Mapping[str, str]) -> bool:
    """Whether something else than the database's own user and password admits, or may admit."""
    if not url.system:
        return False
    if url.driver in _SIGNING or is_aws_iam(url, properties) or login_class(url, properties):
        return True
    if url.driver == "wrapper":
        hidden = driver_property(url, properties, "wrapperProfileName")
        return bool(hidden) or not wrapper_plugins(url, properties).isdisjoint(IAM_PLUGINS)
    if url.driver == "neptune":
        return driver_property(url, properties, "authScheme").lower() != "none"
    return url.driver == "opensearch" and driver_property(url, properties, "auth").lower() == "aws_sigv4"


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
    return next((driver for scheme, driver in _DRIVERS if url.startswith(scheme)), "plain")
