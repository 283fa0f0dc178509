"""JDBC: whose URL asks AWS for what, whichever plugin opens it."""

from __future__ import annotations

import pytest

from bot.classify.jdbc_url import parse_jdbc_url
from tests.bot.classify.support import (
    EXECUTION_ROLE,
    KEYS,
    NO_IAM,
    NOTHING,
    UNKNOWN,
    classified,
    codes,
    paths,
    resources,
)

_HOST = "demo.abcdefghijkl.us-east-1.rds.amazonaws.com"
_SINKS = (
    "io.confluent.connect.jdbc.JdbcSinkConnector",
    "io.aiven.connect.jdbc.JdbcSinkConnector",
    "io.debezium.connector.jdbc.JdbcSinkConnector",
)
SINK = {"connector.class": _SINKS[0], "topics": "orders"}


def _url(url: str, **more: str) -> dict[str, str]:
    return SINK | {"connection.url": url} | more


@pytest.mark.parametrize("class_name", _SINKS)
@pytest.mark.parametrize(
    ("url", "system"),
    [
        (f"jdbc:mysql://{_HOST}:3306/shop", "mysql"),
        (f"jdbc:postgresql://{_HOST}:5432/shop", "postgresql"),
        (f"jdbc:sqlserver://{_HOST}:1433;databaseName=shop", "sqlserver"),
        (f"jdbc:oracle:thin:@{_HOST}:1521:shop", "oracle"),
        (f"jdbc:redshift://{_HOST}:5439/shop", "redshift"),
        (f"jdbc:aws-wrapper:mysql://{_HOST}:3306/shop?wrapperPlugins=failover,efm", "mysql"),
        (f"jdbc:aws-wrapper:postgresql://{_HOST}/shop", "postgresql"),
    ],
)
def test_a_database_with_its_own_user_touches_no_aws(class_name: str, url: str, system: str) -> None:
    classification = classified(_url(url) | {"connector.class": class_name})

    assert paths(classification, "external-access", "plugin", system) == NO_IAM
    assert paths(classification, "aws-access") == NOTHING


@pytest.mark.parametrize(
    ("settings", "service", "expected"),
    [
        (_url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=failover,iam"), "rds-db", EXECUTION_ROLE),
        (_url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=IAM"), "rds-db", EXECUTION_ROLE),
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop", **{"connection.wrapperPlugins": "iam"}),
            "rds-db",
            EXECUTION_ROLE,
        ),
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=iam&awsProfile=cdc"),
            "rds-db",
            EXECUTION_ROLE,  # without a profile file the chain goes on to the container's
        ),
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=federatedAuth"),
            "rds-db",
            {"assumed-role via unknown"},
        ),
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=okta"),
            "rds-db",
            {"assumed-role via unknown"},
        ),
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=awsSecretsManager&secretsManagerSecretId=db"),
            "secretsmanager",
            EXECUTION_ROLE,
        ),
        (_url(f"jdbc:redshift:iam://{_HOST}:5439/shop"), "redshift", EXECUTION_ROLE),
        (
            _url(f"jdbc:redshift:iam://{_HOST}:5439/shop?AccessKeyID=AKIACANARY&SecretAccessKey=CANARY"),
            "redshift",
            KEYS,
        ),
        (_url(f"jdbc:redshift:iam://{_HOST}:5439/shop?Profile=cdc"), "redshift", UNKNOWN),
        (_url(f"jdbc-secretsmanager:mysql://{_HOST}:3306/shop"), "secretsmanager", EXECUTION_ROLE),
        # Any key of any plugin, as Debezium's protocol is.
        (
            {
                "connector.class": "io.debezium.connector.mysql.MySqlConnector",
                "database.jdbc.protocol": "jdbc:aws-wrapper:mysql",
                "driver.wrapperPlugins": "iam",
            },
            "rds-db",
            EXECUTION_ROLE,
        ),
    ],
)
def test_a_driver_that_calls_aws(settings: dict[str, str], service: str, expected: set[str]) -> None:
    classification = classified(settings)

    assert paths(classification, "aws-access", "jdbc-driver") == expected
    assert paths(classification, "aws-access", "jdbc-driver", service) == expected


@pytest.mark.parametrize(
    ("settings", "service", "expected"),
    [
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=iam", **{"connection.user": "cdc"}),
            "rds-db",
            {"arn:aws:rds-db:us-east-1:111122223333:dbuser:*/cdc"},
        ),
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=iam", **{"connection.user": "${s:db:user}"}),
            "rds-db",
            set(),
        ),
        (
            _url(f"jdbc:aws-wrapper:mysql://{_HOST}/?wrapperPlugins=awsSecretsManager&secretsManagerSecretId=shop/db"),
            "secretsmanager",
            {"arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/db-??????"},
        ),
        (
            _url(f"jdbc-secretsmanager:mysql://{_HOST}:3306/shop", **{"connection.user": "shop/db"}),
            "secretsmanager",
            {"arn:aws:secretsmanager:us-east-1:111122223333:secret:shop/db-??????"},
        ),
    ],
)
def test_what_the_driver_asks_for_is_named(settings: dict[str, str], service: str, expected: set[str]) -> None:
    assert resources(classified(settings), "jdbc-driver", service) == expected


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        (f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=iam", NOTHING),
        (f"jdbc:redshift:iam://{_HOST}:5439/shop", NOTHING),
        # A password fetched from Secrets Manager is the database's own all the same.
        (f"jdbc:aws-wrapper:mysql://{_HOST}/shop?wrapperPlugins=awsSecretsManager", NO_IAM),
        (f"jdbc-secretsmanager:mysql://{_HOST}:3306/shop", NO_IAM),
        ("${secrets:db:url}", NO_IAM),
    ],
)
def test_a_password_admits_where_iam_does_not(url: str, expected: set[str]) -> None:
    assert paths(classified(_url(url)), "external-access", "plugin") == expected


def test_a_custom_credentials_provider_is_unknown() -> None:
    settings = _url(f"jdbc:mysql://{_HOST}/shop", **{"jdbc.credentials.provider.class": "com.acme.IamTokens"})
    classification = classified(settings)

    assert paths(classification, "external-access", "plugin", "mysql") == UNKNOWN
    assert "unknown-credentials-provider" in codes(classification)


def test_the_default_credentials_provider_is_known() -> None:
    provider = "io.confluent.connect.jdbc.util.DefaultJdbcCredentialsProvider"
    settings = _url(f"jdbc:mysql://{_HOST}/shop", **{"jdbc.credentials.provider.class": provider})

    assert codes(classified(settings)) == set()


@pytest.mark.parametrize(
    ("text", "driver"),
    [
        ("", ""),
        ("jdbc:", ""),
        ("jdbc:;;;", ""),
        ("mysql://host", ""),
        ("jdbc:aws-wrapper:", "wrapper"),
        ("jdbc:oracle:thin:@//", "plain"),
    ],
)
def test_what_is_no_jdbc_url_does_no_harm(text: str, driver: str) -> None:
    assert parse_jdbc_url(text).driver == driver


_WRAPPER = f"jdbc:aws-wrapper:postgresql://{_HOST}/shop?wrapperPlugins="


@pytest.mark.parametrize(
    ("settings", "service", "expected"),
    [
        (_url("jdbc:awsathena://AwsRegion=eu-west-1;S3OutputLocation=s3://results/x/"), "athena", EXECUTION_ROLE),
        (_url("jdbc:awsathena://AwsRegion=eu-west-1;S3OutputLocation=s3://results/x/"), "s3", EXECUTION_ROLE),
        (_url("jdbc:athena://Region=eu-west-1;User=AKIACANARY;Password=CANARY"), "athena", KEYS),
        (
            _url("jdbc:athena://Region=x", **{"connection.user": "AKIACANARY", "connection.password": "CANARY"}),
            "athena",
            KEYS,
        ),
        (_url("jdbc:athena://Region=x", **{"connection.user": "AKIACANARY"}), "athena", EXECUTION_ROLE),
        (_url("jdbc:athena://CredentialsProvider=DefaultChain"), "athena", EXECUTION_ROLE),
        (_url("jdbc:awsathena://AwsCredentialsProviderClass=com.acme.Vault"), "athena", UNKNOWN),
        (_url(f"jdbc:mariadb://{_HOST}/shop?credentialType=AWS-IAM"), "rds-db", EXECUTION_ROLE),
        (_url(f"jdbc:mysql://{_HOST}/shop", **{"connection.credentialType": "AWS-IAM"}), "rds-db", EXECUTION_ROLE),
        (_url(f"jdbc:mariadb://{_HOST}/shop?credentialType=AWS-IAM&accessKeyId=A&secretKey=CANARY"), "rds-db", KEYS),
        (_url(f"jdbc:mariadb://{_HOST}/shop?credentialType=ACME"), "unknown", UNKNOWN),
        (_url(f"jdbc:mysql:aws://{_HOST}/shop?useAwsIam=true"), "rds-db", EXECUTION_ROLE),
        (_url(f"jdbc:postgresql://{_HOST}/shop?authenticationPluginClassName=com.acme.Login"), "unknown", UNKNOWN),
        (_url("jdbc:timestream://Region=us-east-1"), "timestream", UNKNOWN),
        (_url("jdbc:timestream://AccessKeyId=AKIACANARY;SecretAccessKey=CANARY"), "timestream", KEYS),
        (_url("jdbc:neptune:opencypher://host:8182"), "neptune-db", UNKNOWN),
        (_url("jdbc:opensearch://https://host?auth=aws_sigv4"), "es", UNKNOWN),
        (
            _url("jdbc:redshift:iam://w.1.us-east-1.redshift-serverless.amazonaws.com/d"),
            "redshift-serverless",
            EXECUTION_ROLE,
        ),
        (
            _url("jdbc:redshift:iam://c:us-east-1/d?plugin_name=com.amazon.redshift.plugin.OktaCredentialsProvider"),
            "redshift",
            {"assumed-role via unknown"},
        ),
        (_url("jdbc:redshift:iam://c:us-east-1/d?plugin_name=com.acme.Plugin"), "redshift", UNKNOWN),
        (_url(f"{_WRAPPER}kmsEncryption"), "kms", EXECUTION_ROLE),
        (_url(f"{_WRAPPER}remoteQueryCache&cacheIamRegion=us-east-1"), "elasticache", EXECUTION_ROLE),
        (_url(f"jdbc:aws-wrapper:postgresql://{_HOST}/shop?wrapperProfileName=E"), "unknown", UNKNOWN),
        (
            _url(
                "jdbc:aws-wrapper:mysql://r.cluster-custom-abc.us-east-1.rds.amazonaws.com/d?wrapperPlugins=customEndpoint"
            ),
            "rds",
            EXECUTION_ROLE,
        ),
    ],
)
def test_further_drivers_that_call_aws(settings: dict[str, str], service: str, expected: set[str]) -> None:
    assert paths(classified(settings), "aws-access", "jdbc-driver", service) == expected


@pytest.mark.parametrize(
    "settings",
    [
        _url("jdbc:neptune:opencypher://host:8182;authScheme=None"),
        _url(f"jdbc:mysql:aws://{_HOST}/shop"),
        _url(f"jdbc:mariadb://{_HOST}/shop?credentialType=PROPERTY"),
        _url(f"jdbc:mysql://{_HOST}/shop?defaultAuthenticationPlugin=caching_sha2_password"),
        _url("jdbc:opensearch://https://host?auth=basic"),
        _url(f"{_WRAPPER}customEndpoint"),  # asked only for a custom endpoint's host
        _url(f"{_WRAPPER}remoteQueryCache&cachePassword=CANARY"),
    ],
)
def test_a_driver_that_could_and_does_not(settings: dict[str, str]) -> None:
    classification = classified(settings)

    assert paths(classification, "aws-access") == NOTHING
    assert paths(classification, "external-access", "plugin") == NO_IAM


def test_no_password_of_the_databases_own_where_aws_admits() -> None:
    for url in (
        "jdbc:athena://Region=x",
        "jdbc:timestream://Region=x",
        f"jdbc:mariadb://{_HOST}/?credentialType=AWS-IAM",
    ):
        assert paths(classified(_url(url)), "external-access", "plugin") == NOTHING


def test_the_keys_in_a_warning_are_those_that_hold_the_credentials() -> None:
    held = {"connection.user": "AKIACANARY", "connection.password": "CANARY"}
    (caution,) = (
        c for c in classified(_url("jdbc:athena://Region=x", **held)).cautions if c.code == "static-credentials"
    )

    assert caution.reason.data["keys"] == ("connection.user", "connection.password")
