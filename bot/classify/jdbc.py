"""JDBC drivers that call AWS to get into a database, whichever plugin opens the connection."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.classify.connector import keys
from bot.classify.jdbc_url import JdbcUrl, parse_jdbc_url, wrapper_plugins
from bot.model import (
    Activity,
    Basis,
    Component,
    Connector,
    Evidence,
    Finding,
    PermissionPath,
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
            yield from _of_url(parse_jdbc_url(value), key, connector)


def _of_url(url: JdbcUrl, key: str, connector: Connector) -> Iterator[Finding]:
    if url.driver == "wrapper":
        yield from _of_wrapper(url, key, connector)
    elif url.driver == "redshift-iam":
        static = url.parameter("AccessKeyID") and url.parameter("SecretAccessKey")
        credentials = _STATIC if static else _PROFILE if url.parameter("Profile") else _UNVERIFIED_ROLE
        yield _finding(_REDSHIFT_CREDENTIALS, credentials, key, connector)
    elif url.driver == "secrets-manager":
        yield _finding(_DRIVER_SECRET, _UNVERIFIED_ROLE, key, connector)


def _of_wrapper(url: JdbcUrl, key: str, connector: Connector) -> Iterator[Finding]:
    plugins = wrapper_plugins(url, connector.configuration)
    credentials = _PROFILE if url.parameter("awsProfile") else _ROLE
    if "iam" in plugins:
        yield _finding(_TOKEN, credentials, key, connector)
    elif plugins & {"federatedauth", "okta"}:
        yield _finding(_TOKEN, _FEDERATED, key, connector)
    if plugins & _SECRETS_PLUGINS:
        yield _finding(_WRAPPED_SECRET, credentials, key, connector)


def _finding(need: _Need, credentials: _Credentials, key: str, connector: Connector) -> Finding:
    return Finding(
        activity=Activity.AWS_ACCESS,
        component=Component.JDBC_DRIVER,
        subject=need.service,
        path=credentials.path,
        via=credentials.via,
        basis=credentials.basis,
        reason=Reason(credentials.code, {"keys": key}),
        source=need.source,
        principal=(connector.role_arn or None) if credentials.path is PermissionPath.EXECUTION_ROLE else None,
        actions=(need.action,),
        timing=_TIMING,
        evidence=keys(key),
    )
