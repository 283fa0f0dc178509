"""JDBC drivers that call AWS to get into a database, whichever plugin opens the connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.classify.connector import keys, principal_of
from bot.classify.jdbc_url import IAM_PLUGINS, JdbcUrl, driver_property, parse_jdbc_url, wrapper_plugins
from bot.classify.resources import fill
from bot.model import (
    Activity,
    Basis,
    Component,
    Connector,
    Evidence,
    Finding,
    PermissionPath,
    Properties,
    Reason,
    ReasonCode,
    Timing,
)

_WRAPPER = (
    "https://github.com/aws/aws-advanced-jdbc-wrapper/blob/cb7137e/wrapper/src/main/java/software/amazon/jdbc/"
    "authentication/AwsCredentialsManager.java"
)
_REDSHIFT = "https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-configure-jdbc-odbc.html"
_SECRETS = "https://github.com/aws/aws-secretsmanager-jdbc"
#: Connections are opened at the start and after a failure; an open one needs no further token.
_TIMING = (Timing.CREATION, Timing.RESTART, Timing.FAILOVER)
# Names of users and secrets; a reference, a template or anything else is not shown.
_NAME = re.compile(r"[\w/+=.@:-]{1,512}")
_SECRETS_PLUGINS = frozenset({"awssecretsmanager", "awssecretsmanager2"})


@dataclass(frozen=True, slots=True)
class _Credentials:
    path: PermissionPath
    code: ReasonCode
    basis: Basis
    via: PermissionPath | None = None


@dataclass(frozen=True, slots=True)
class _Need:
    service: str
    action: str
    source: str


_TOKEN = _Need("rds-db", "rds-db:connect", _WRAPPER)
_WRAPPED_SECRET = _Need("secretsmanager", "secretsmanager:GetSecretValue", _WRAPPER)
_DRIVER_SECRET = _Need("secretsmanager", "secretsmanager:GetSecretValue", _SECRETS)
_REDSHIFT_CREDENTIALS = _Need("redshift", "redshift:GetClusterCredentials", _REDSHIFT)

_ROLE = _Credentials(PermissionPath.EXECUTION_ROLE, ReasonCode.DEFAULT_CREDENTIALS_CHAIN, Basis.CONFIGURED)
_UNVERIFIED_ROLE = _Credentials(PermissionPath.EXECUTION_ROLE, ReasonCode.UNVERIFIED_CLAIM, Basis.DOCUMENTED)
_PROFILE = _Credentials(PermissionPath.UNKNOWN, ReasonCode.NAMED_PROFILE, Basis.UNKNOWN)
_STATIC = _Credentials(PermissionPath.STATIC_CREDENTIALS, ReasonCode.STATIC_KEYS_CONFIGURED, Basis.CONFIGURED)
#: AssumeRoleWithSAML is called with an assertion of the identity provider, with nobody's AWS credentials.
_FEDERATED = _Credentials(
    PermissionPath.ASSUMED_ROLE, ReasonCode.UNVERIFIED_CLAIM, Basis.DOCUMENTED, PermissionPath.UNKNOWN
)


def findings(evidence: Evidence, _: Catalogue) -> Iterator[Finding]:
    """Yield what the driver of each JDBC URL in the configuration needs of AWS."""
    connector = evidence.connector
    for key, value in connector.configuration.items():
        if value.lstrip().startswith("jdbc"):
            url = parse_jdbc_url(value)
            for need, credentials, resource in _needs(url, connector.configuration):
                yield _finding(need, credentials, key, resource, connector)


def _needs(url: JdbcUrl, properties: Properties) -> Iterator[tuple[_Need, _Credentials, str]]:
    """Yield what is needed, by which credentials, and on what, as a template for the resource's ARN."""
    if url.driver == "wrapper":
        yield from _needs_of_wrapper(url, properties)
    elif url.driver == "redshift-iam":
        yield _REDSHIFT_CREDENTIALS, _redshift_credentials(url, properties), ""
    elif url.driver == "secrets-manager":
        yield _DRIVER_SECRET, _UNVERIFIED_ROLE, _secret(_user(properties))


def _needs_of_wrapper(url: JdbcUrl, properties: Properties) -> Iterator[tuple[_Need, _Credentials, str]]:
    plugins = wrapper_plugins(url, properties)
    credentials = _PROFILE if driver_property(url, properties, "awsProfile") else _ROLE
    user = _user(properties)
    database_user = f"arn:{{partition}}:rds-db:{{region}}:{{account}}:dbuser:*/{user}" if user else ""
    if "iam" in plugins:
        yield _TOKEN, credentials, database_user
    elif not plugins.isdisjoint(IAM_PLUGINS):
        yield _TOKEN, _FEDERATED, database_user
    if not plugins.isdisjoint(_SECRETS_PLUGINS):
        yield _WRAPPED_SECRET, credentials, _secret(driver_property(url, properties, "secretsManagerSecretId"))


def _redshift_credentials(url: JdbcUrl, properties: Properties) -> _Credentials:
    if all(driver_property(url, properties, name) for name in ("AccessKeyID", "SecretAccessKey")):
        return _STATIC
    return _PROFILE if driver_property(url, properties, "Profile") else _UNVERIFIED_ROLE


def _user(properties: Properties) -> str:
    keys = ("connection.user", "connection.username", "database.user")
    return next((value for key in keys if _NAME.fullmatch(value := properties.get(key, "").strip())), "")


def _secret(secret: str) -> str:
    if not _NAME.fullmatch(secret):
        return ""
    return (
        secret
        if secret.startswith("arn:")
        else f"arn:{{partition}}:secretsmanager:{{region}}:{{account}}:secret:{secret}-??????"
    )


def _finding(need: _Need, credentials: _Credentials, key: str, resource: str, connector: Connector) -> Finding:
    known = {"partition": connector.partition, "region": connector.region, "account": connector.account}
    return Finding(
        activity=Activity.AWS_ACCESS,
        component=Component.JDBC_DRIVER,
        subject=need.service,
        path=credentials.path,
        via=credentials.via,
        basis=credentials.basis,
        reason=Reason(credentials.code, {"keys": (key,)}),
        source=need.source,
        principal=principal_of(connector, credentials.path),
        actions=(need.action,),
        resources=tuple(fill(resource, lambda name: (known[name] or "*",))) if resource else (),
        timing=_TIMING,
        evidence=keys(key),
    )
