"""JDBC drivers that call AWS to get into a database, or as the database, whichever plugin opens the connection."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.catalogue import Catalogue
from bot.classify.connector import keys, principal_of, shown_class
from bot.classify.jdbc_url import (
    IAM_PLUGINS,
    JdbcUrl,
    driver_property,
    enters_otherwise,
    is_aws_iam,
    login_class,
    parse_jdbc_url,
    wrapper_plugins,
)
from bot.classify.resources import fill
from bot.model import (
    Activity,
    Basis,
    Component,
    Connector,
    Datum,
    Evidence,
    Finding,
    PermissionPath,
    Properties,
    ReasonCode,
    Timing,
    reason,
)

_WRAPPER = (
    "https://github.com/aws/aws-advanced-jdbc-wrapper/blob/cb7137e/wrapper/src/main/java/software/amazon/jdbc/"
    "authentication/AwsCredentialsManager.java"
)
_WRAPPER_PLUGINS = (
    "https://github.com/aws/aws-advanced-jdbc-wrapper/blob/cb7137e/wrapper/src/main/java/software/amazon/jdbc/"
    "ConnectionPluginChainBuilder.java"
)
_AWS_DRIVER = "https://github.com/awslabs/aws-mysql-jdbc/blob/d330824328617a547fe4790740ab83f394b4e3e5/README.md"
_MARIADB = (
    "https://github.com/mariadb-corporation/mariadb-connector-j/blob/c3ccb9fb57cb0b33b31650714cd2689b34efa524/src/main/java/org/mariadb/jdbc/plugin/"
    "credential/aws/AwsCredentialGenerator.java"
)
_REDSHIFT = "https://docs.aws.amazon.com/redshift/latest/mgmt/generating-iam-credentials-configure-jdbc-odbc.html"
_ATHENA = "https://docs.aws.amazon.com/athena/latest/ug/jdbc-v3-driver-iam-credentials.html"
_SECRETS = "https://github.com/aws/aws-secretsmanager-jdbc/blob/b7af1d13cecc045960facada03759ec8081c8958/README.md"
_TIMESTREAM = (
    "https://github.com/awslabs/amazon-timestream-driver-jdbc/blob/c977bf63a15798ef09eb7f8714ea9a9ecc5c4c18/README.md"
)
_NEPTUNE = "https://github.com/aws/amazon-neptune-jdbc-driver/blob/2134222274acb871249c132c54361b3d6968773e/README.md"
_OPENSEARCH = "https://github.com/opensearch-project/sql-jdbc/blob/820681055e54205d6f3aa261de8a71d9a53f2dda/README.md"
_PGJDBC = "https://jdbc.postgresql.org/documentation/use/"
#: Connections are opened at the start and after a failure; an open one needs no further token.
_OPENING = (Timing.CREATION, Timing.RESTART, Timing.FAILOVER)
_ALWAYS = (Timing.CONTINUOUSLY,)
# Names of users and secrets; a reference, a template or anything else is not shown.
_NAME = re.compile(r"[\w/+=.@:-]{1,512}")
_BUCKET = re.compile(r"s3://(?P<bucket>[a-z0-9][a-z0-9.-]+)")
_SECRETS_PLUGINS = frozenset({"awssecretsmanager", "awssecretsmanager2"})
_DEFAULT_CHAINS = ("defaultchain", "defaultawscredentialsproviderchain", "defaultcredentialsprovider")


@dataclass(frozen=True, slots=True)
class _Credentials:
    path: PermissionPath
    code: ReasonCode
    basis: Basis
    via: PermissionPath | None = None
    #: The class that provides them, where it is named.
    provider: str = ""
    #: Settings besides the URL that hold them.
    keys: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Need:
    service: str
    actions: tuple[str, ...]
    source: str
    timing: tuple[Timing, ...] = _OPENING


@dataclass(frozen=True, slots=True)
class _Call:
    """What is needed, by which credentials, and on what, as templates for ARNs."""

    need: _Need
    credentials: _Credentials
    resources: tuple[str, ...] = ()


_TOKEN = _Need("rds-db", ("rds-db:connect",), _WRAPPER)
_MARIADB_TOKEN = _Need("rds-db", ("rds-db:connect",), _MARIADB)
_DRIVER_TOKEN = _Need("rds-db", ("rds-db:connect",), _AWS_DRIVER)
_WRAPPED_SECRET = _Need("secretsmanager", ("secretsmanager:GetSecretValue",), _WRAPPER)
_DRIVER_SECRET = _Need("secretsmanager", ("secretsmanager:GetSecretValue",), _SECRETS)
_AWS_DRIVER_SECRET = _Need("secretsmanager", ("secretsmanager:GetSecretValue",), _AWS_DRIVER)
_ENDPOINTS = _Need("rds", ("rds:DescribeDBClusterEndpoints",), _WRAPPER_PLUGINS, _ALWAYS)
_KEY = _Need("kms", ("kms:Decrypt", "kms:GenerateDataKey"), _WRAPPER_PLUGINS, _ALWAYS)
_CACHE = _Need("elasticache", ("elasticache:Connect",), _WRAPPER_PLUGINS)
_UNKNOWN_NEED = _Need("unknown", (), _PGJDBC)
_PROFILED_NEED = _Need("unknown", (), _WRAPPER_PLUGINS)
_REDSHIFT_CREDENTIALS = _Need("redshift", ("redshift:GetClusterCredentials", "redshift:DescribeClusters"), _REDSHIFT)
_REDSHIFT_GROUPS = _Need("redshift", ("redshift:GetClusterCredentialsWithIAM", "redshift:DescribeClusters"), _REDSHIFT)
_REDSHIFT_SERVERLESS = _Need("redshift-serverless", ("redshift-serverless:GetCredentials",), _REDSHIFT)
_QUERIES = _Need(
    "athena",
    ("athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults", "athena:StopQueryExecution"),
    _ATHENA,
    _ALWAYS,
)
_TABLES = _Need(
    "glue",
    (
        "glue:GetDatabase",
        "glue:GetDatabases",
        "glue:GetTable",
        "glue:GetTables",
        "glue:GetPartition",
        "glue:GetPartitions",
    ),
    _ATHENA,
    _ALWAYS,
)
_RESULTS = _Need(
    "s3",
    ("s3:GetBucketLocation", "s3:ListBucket", "s3:GetObject", "s3:PutObject", "s3:AbortMultipartUpload"),
    _ATHENA,
    _ALWAYS,
)
_TIMESTREAM_QUERIES = _Need("timestream", ("timestream:Select", "timestream:DescribeEndpoints"), _TIMESTREAM, _ALWAYS)
_GRAPH = _Need("neptune-db", ("neptune-db:ReadDataViaQuery",), _NEPTUNE, _ALWAYS)
_SEARCH = _Need("es", ("es:ESHttpGet", "es:ESHttpPost"), _OPENSEARCH, _ALWAYS)

_ROLE = _Credentials(PermissionPath.EXECUTION_ROLE, ReasonCode.DEFAULT_CREDENTIALS_CHAIN, Basis.CONFIGURED)
_UNVERIFIED_ROLE = _Credentials(PermissionPath.EXECUTION_ROLE, ReasonCode.UNVERIFIED_CLAIM, Basis.DOCUMENTED)
_PROFILE = _Credentials(PermissionPath.UNKNOWN, ReasonCode.NAMED_PROFILE, Basis.UNKNOWN)
#: Without a profile file the named profile fails, and the default chain goes on to the container's credentials.
_PROFILE_OR_ROLE = _Credentials(PermissionPath.EXECUTION_ROLE, ReasonCode.NAMED_PROFILE, Basis.DOCUMENTED)
_STATIC = _Credentials(PermissionPath.STATIC_CREDENTIALS, ReasonCode.STATIC_KEYS_CONFIGURED, Basis.CONFIGURED)
_SIGNED = _Credentials(PermissionPath.UNKNOWN, ReasonCode.DRIVER_SIGNS, Basis.UNKNOWN)
_LOGIN_CLASS = _Credentials(PermissionPath.UNKNOWN, ReasonCode.EXTENSION_CLASS_UNKNOWN, Basis.UNKNOWN)
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
            for call in _calls(url, value, connector.configuration):
                yield _finding(call, key, connector)


def _calls(url: JdbcUrl, value: str, properties: Properties) -> Iterator[_Call]:
    yield from _login(url, properties)
    if url.driver == "wrapper":
        yield from _wrapper(url, value, properties)
    elif url.driver == "redshift-iam":
        yield from _redshift(url, value, properties)
    elif url.driver == "athena":
        yield from _athena(url, properties)
    else:
        yield from _others(url, properties)


def _login(url: JdbcUrl, properties: Properties) -> Iterator[_Call]:
    """Yield what stands in for the password, whichever driver asks for it: a class, or a token of RDS."""
    if named := login_class(url, properties):
        yield _Call(_UNKNOWN_NEED, _with(_LOGIN_CLASS, shown_class(driver_property(url, properties, named))))
    elif url.driver != "wrapper" and is_aws_iam(url, properties):
        need = _DRIVER_TOKEN if url.driver == "aws-driver" else _MARIADB_TOKEN
        credentials = _keys_or(url, properties, ("accessKeyId", "secretKey"), _ROLE)
        yield _Call(need, credentials, _database_user(url, properties))


def _others(url: JdbcUrl, properties: Properties) -> Iterator[_Call]:
    if url.driver == "secrets-manager":
        yield _Call(_DRIVER_SECRET, _UNVERIFIED_ROLE, _secret(_user(url, properties)))
    elif url.driver == "timestream":
        yield _Call(_TIMESTREAM_QUERIES, _keys_or(url, properties, ("AccessKeyId", "SecretAccessKey"), _SIGNED))
    elif url.driver in ("neptune", "opensearch") and enters_otherwise(url, properties):
        yield _Call(_GRAPH if url.driver == "neptune" else _SEARCH, _SIGNED)
    elif "secretsmanager" in driver_property(url, properties, "connectionPluginFactories").lower():
        yield _Call(_AWS_DRIVER_SECRET, _ROLE, _secret(driver_property(url, properties, "secretsManagerSecretId")))


def _wrapper(url: JdbcUrl, value: str, properties: Properties) -> Iterator[_Call]:
    if driver_property(url, properties, "wrapperProfileName"):
        # The plugins stand in a profile of the wrapper's, which the configuration does not show.
        yield _Call(_PROFILED_NEED, _PROFILE)
    plugins = wrapper_plugins(url, properties)
    credentials = _PROFILE_OR_ROLE if driver_property(url, properties, "awsProfile") else _ROLE
    unverified = _PROFILE_OR_ROLE if credentials is _PROFILE_OR_ROLE else _UNVERIFIED_ROLE
    if "iam" in plugins or is_aws_iam(url, properties):
        yield _Call(_TOKEN, credentials, _database_user(url, properties))
    elif not plugins.isdisjoint(IAM_PLUGINS):
        yield _Call(_TOKEN, _FEDERATED, _database_user(url, properties))
    if not plugins.isdisjoint(_SECRETS_PLUGINS):
        yield _Call(_WRAPPED_SECRET, credentials, _secret(driver_property(url, properties, "secretsManagerSecretId")))
    if "customendpoint" in plugins and ".cluster-custom-" in value:
        yield _Call(_ENDPOINTS, credentials)
    if "kmsencryption" in plugins:
        yield _Call(_KEY, unverified)
    if "remotequerycache" in plugins and not driver_property(url, properties, "cachePassword"):
        yield _Call(_CACHE, unverified)


def _redshift(url: JdbcUrl, value: str, properties: Properties) -> Iterator[_Call]:
    serverless = "redshift-serverless" in value or driver_property(url, properties, "isServerless").lower() == "true"
    if serverless or driver_property(url, properties, "serverlessWorkGroup"):
        need = _REDSHIFT_SERVERLESS
    elif driver_property(url, properties, "groupFederation").lower() == "true":
        need = _REDSHIFT_GROUPS
    else:
        need = _REDSHIFT_CREDENTIALS
    yield _Call(need, _redshift_credentials(url, properties))


def _redshift_credentials(url: JdbcUrl, properties: Properties) -> _Credentials:
    if plugin := driver_property(url, properties, "plugin_name"):
        # An identity provider's assertion is exchanged for credentials.
        if plugin.startswith("com.amazon.redshift.plugin."):
            return _FEDERATED
        return _with(_LOGIN_CLASS, shown_class(plugin))
    credentials = _keys_or(url, properties, ("AccessKeyID", "SecretAccessKey"), _UNVERIFIED_ROLE)
    return _PROFILE if credentials is _UNVERIFIED_ROLE and driver_property(url, properties, "Profile") else credentials


def _athena(url: JdbcUrl, properties: Properties) -> Iterator[_Call]:
    credentials = _athena_credentials(url, properties)
    region = driver_property(url, properties, "AwsRegion") or driver_property(url, properties, "Region")
    place = f"{region if _NAME.fullmatch(region) else '{region}'}:{{account}}"
    group = driver_property(url, properties, "WorkGroup")
    yield _Call(
        _QUERIES,
        credentials,
        (f"arn:{{partition}}:athena:{place}:workgroup/{group if _NAME.fullmatch(group) else '*'}",),
    )
    kinds = ("catalog", "database/*", "table/*")
    yield _Call(_TABLES, credentials, tuple(f"arn:{{partition}}:glue:{place}:{kind}" for kind in kinds))
    output = driver_property(url, properties, "S3OutputLocation") or driver_property(url, properties, "OutputLocation")
    if bucket := _BUCKET.match(output):
        arn = f"arn:{{partition}}:s3:::{bucket['bucket']}"
        yield _Call(_RESULTS, credentials, (arn, f"{arn}/*"))


def _athena_credentials(url: JdbcUrl, properties: Properties) -> _Credentials:
    named = driver_property(url, properties, "CredentialsProvider")
    named = named or driver_property(url, properties, "AwsCredentialsProviderClass")
    if named:
        if named.lower().endswith(_DEFAULT_CHAINS):
            return _UNVERIFIED_ROLE
        if "profile" in named.lower():
            return _PROFILE
        code = ReasonCode.CREDENTIALS_PROVIDER_UNKNOWN
        return _Credentials(PermissionPath.UNKNOWN, code, Basis.UNKNOWN, provider=shown_class(named))
    # The driver takes user and password for the two halves of an access key.
    if _set(url, properties, "User", "UID") and _set(url, properties, "Password", "PWD"):
        held = tuple(key for key in (*_USER_KEYS, "connection.password") if properties.get(key, "").strip())
        return _Credentials(_STATIC.path, _STATIC.code, _STATIC.basis, keys=held)
    return _UNVERIFIED_ROLE


_USER_KEYS = ("connection.user", "connection.username", "database.user")


def _set(url: JdbcUrl, properties: Properties, *names: str) -> bool:
    inside = {name.lower() for name, value in url.parameters.items() if value}
    beside = (f"connection.{ending}" for name in names for ending in (name.lower(), f"{name.lower()}name"))
    return any(name.lower() in inside for name in names) or any(properties.get(key, "").strip() for key in beside)


def _keys_or(url: JdbcUrl, properties: Properties, names: tuple[str, str], otherwise: _Credentials) -> _Credentials:
    return _STATIC if all(driver_property(url, properties, name) for name in names) else otherwise


def _with(credentials: _Credentials, provider: str) -> _Credentials:
    return _Credentials(credentials.path, credentials.code, credentials.basis, credentials.via, provider)


def _user(url: JdbcUrl, properties: Properties) -> str:
    inside = next((value for name, value in url.parameters.items() if name.lower() == "user"), "")
    named = (inside, *(properties.get(key, "").strip() for key in _USER_KEYS))
    return next((value for value in named if _NAME.fullmatch(value)), "")


def _database_user(url: JdbcUrl, properties: Properties) -> tuple[str, ...]:
    user = driver_property(url, properties, "dbUser") or _user(url, properties)
    return (f"arn:{{partition}}:rds-db:{{region}}:{{account}}:dbuser:*/{user}",) if _NAME.fullmatch(user) else ()


def _secret(secret: str) -> tuple[str, ...]:
    if not _NAME.fullmatch(secret):
        return ()
    if secret.startswith("arn:"):
        return (secret,)
    return (f"arn:{{partition}}:secretsmanager:{{region}}:{{account}}:secret:{secret}-??????",)


def _finding(call: _Call, key: str, connector: Connector) -> Finding:
    known = {"partition": connector.partition, "region": connector.region, "account": connector.account}
    need, credentials = call.need, call.credentials
    told: dict[str, Datum] = {"keys": credentials.keys or (key,), "class": credentials.provider}
    return Finding(
        activity=Activity.AWS_ACCESS,
        component=Component.JDBC_DRIVER,
        subject=need.service,
        path=credentials.path,
        via=credentials.via,
        basis=credentials.basis,
        reason=reason(credentials.code, **told),
        source=need.source,
        principal=principal_of(connector, credentials.path),
        actions=need.actions,
        resources=tuple(
            arn for template in call.resources for arn in fill(template, lambda name: (known[name] or "*",))
        ),
        timing=need.timing,
        evidence=keys(key, *credentials.keys),
    )
