"""Warnings that the configuration alone gives rise to, and those it must not."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.classify import classify
from bot.classify.plaintext import plaintext_secrets
from bot.model import CautionCode, Evidence, Properties, RevisionRef, WorkerConfiguration
from tests.bot.classify.support import CATALOGUE, classified, codes, connector

SINK = {"connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector", "topics": "orders"}
_REFERENCE = "${secrets:db:value}"
_SCRAM = 'org.apache.kafka.common.security.scram.ScramLoginModule required username="u" password='
_IAM = "software.amazon.msk.auth.iam.IAMLoginModule required "


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("database.password", "CANARY"),
        ("connection.password", "12345"),
        ("aws.access.key.id", "AKIACANARY"),
        ("aws.secret.access.key", "CANARY"),
        ("aws_secret_access_key", "CANARY"),
        ("aws.secret.key.id", "CANARY"),
        ("aws.secret.key", "CANARY"),
        ("secret.key", "CANARY"),
        ("connect.s3.aws.secret.key", "CANARY"),
        ("camel.kamelet.aws-s3-sink.secretKey", "CANARY"),
        ("camel.kamelet.aws-s3-sink.sessionToken", "CANARY"),
        ("sqs.credentials.provider.accessKeyId", "AKIACANARY"),
        ("iceberg.catalog.s3.secret-access-key", "CANARY"),
        ("iceberg.catalog.credential", "id:CANARY"),
        ("iceberg.catalog.token", "CANARY"),
        ("snowflake.private.key", "CANARY"),
        ("snowflake.private.key.passphrase", "CANARY"),
        ("splunk.hec.token", "CANARY"),
        ("value.converter.basic.auth.user.info", "u:CANARY"),
        ("azure.storage.account.key", "CANARY"),
        ("azure.servicebus.sas.key", "CANARY"),
        ("datadog.api_key", "CANARY"),
        ("http.headers.authorization", "Bearer CANARY"),
        ("headers", "Authorization: Basic CANARY"),
        ("headers", "Content-Type:application/json|X-Api-Key:CANARY"),
        ("s3.sse.customer.key", "CANARY"),
        ("http.api.url", "https://hooks.example.com/x?token=CANARY"),
        ("connection.url", "jdbc:sqlserver://db:1433;databaseName=x;trustStorePassword=CANARY"),
        ("connection.url", "jdbc:aws-wrapper:postgresql://h/db?wrapperPlugins=okta&idpPassword=CANARY"),
        ("ssl.keystore.password", "CANARY"),
        ("acme.client_secret", "CANARY"),
        ("acme.password", f"CANARY{_REFERENCE}"),  # half of it is written out
        ("sasl.jaas.config", f'{_SCRAM}"CANARY";'),
        ("consumer.override.sasl.jaas.config", f"{_SCRAM}'CANARY';"),
        ("source.cluster.sasl.jaas.config", f"{_SCRAM}CANARY;"),
        ("sasl.jaas.config", f'{_IAM}awsRoleArn="x" awsRoleAccessKeyId="A" awsRoleSecretAccessKey="CANARY";'),
        ("connection.uri", "mongodb://user:CANARY@mongo:27017/?authSource=admin"),
        ("connection.uri", "mongodb+srv://user:CANARY@mongo.example.com"),
        ("connection.url", "https://user:CANARY@search.example.com"),
        ("connection.url", "jdbc:mysql://host/shop?user=u&password=CANARY"),
        ("connection.url", "jdbc:sqlserver://host:1433;user=u;password=CANARY;encrypt=true"),
        ("connection.url", "jdbc:oracle:thin:scott/CANARY@//host:1521/shop"),
        ("ssl.keystore.key", "-----BEGIN PRIVATE KEY-----\nCANARY\n-----END PRIVATE KEY-----"),
        ("keyfile", '{"type": "service_account", "private_key": "CANARY"}'),
    ],
)
def test_a_secret_that_is_written_out_is_found(key: str, value: str) -> None:
    assert list(plaintext_secrets({key: value})) == [key]
    assert "plaintext-secret" in codes(classified(SINK | {key: value}))


@pytest.mark.parametrize(
    ("key", "value"),
    [
        ("database.password", _REFERENCE),
        ("database.password", ""),
        ("database.password", "   "),
        ("database.password", "$${secrets:db:value}"),
        ("database.password", "********"),
        ("aws.secret.access.key", _REFERENCE),
        ("database.user", "cdc_user"),
        ("connection.user", "iam_user"),
        ("connection.username", "loader"),
        ("aws.dynamodb.credentials.provider.sts.role.external.id", "123"),
        ("s3.credentials.provider.class", "com.acme.SecretProvider"),
        ("iceberg.catalog.client.credentials-provider", "com.acme.Vault"),
        ("camel.kamelet.aws-s3-sink.useSessionCredentials", "true"),
        ("confluent.license", "CANARY"),
        ("ssl.keystore.location", "/etc/secret"),
        ("password.file", "/etc/password"),
        ("sasl.oauthbearer.token.endpoint.url", "https://login.example.com/oauth2/token"),
        ("value.converter.basic.auth.credentials.source", "USER_INFO"),
        ("key.converter", "org.apache.kafka.connect.storage.StringConverter"),
        ("transforms.extractKey.field", "password_hash"),
        ("table.include.list", "public.access_key"),
        ("config.providers.secrets.param.secret.prefix", "shop/"),
        ("sasl.jaas.config", f'{_SCRAM}"{_REFERENCE}";'),
        ("sasl.jaas.config", f'{_IAM}awsRoleArn="arn:aws:iam::111122223333:role/X";'),
        ("sasl.jaas.config", _REFERENCE),
        ("connection.uri", "mongodb://${ssm::/user}:${ssm::/password}@mongo:27017/"),
        ("connection.uri", "mongodb://a:27017,b:27017/?email=x@example.com"),
        ("connection.url", f"jdbc:mysql://host/shop?user=u&password={_REFERENCE}"),
        ("connection.url", "jdbc:oracle:thin:@//host:1521/shop"),
        ("connection.url", "https://search.example.com:443"),
        ("bootstrap.servers", "b-1:9098,b-2:9098"),
        ("headers", f"Authorization: Bearer {_REFERENCE}"),
        ("headers", f"Content-Type:application/json|X-Api-Key:{_REFERENCE}"),
        ("http.api.url", f"https://hooks.example.com/x?token={_REFERENCE}"),
        ("connection.url", "jdbc:sqlserver://db:1433;databaseName=x;trustStorePassword=${file:/x:y};encrypt=true"),
        ("ssl.truststore.certificates", "-----BEGIN CERTIFICATE-----\nMII\n-----END CERTIFICATE-----"),
    ],
)
def test_what_is_no_secret_is_left_alone(key: str, value: str) -> None:
    assert list(plaintext_secrets({key: value})) == []


def test_the_workers_secrets_count_too() -> None:
    worker = {
        "config.providers": "p",
        "config.providers.p.class": "com.github.jcustenborder.kafka.config.aws.SecretsManagerConfigProvider",
        "config.providers.p.param.aws.access.key": "AKIACANARY",
        "config.providers.p.param.aws.secret.key": "CANARY",
    }

    assert codes(classified(SINK, worker)) == {"plaintext-secret"}  # nothing refers to it: not in effect
    assert codes(classified(SINK | {"acme.password": "${p:db:password}"}, worker)) == {
        "plaintext-secret",
        "static-credentials",
    }


@pytest.mark.parametrize(
    ("authentication", "expected"),
    [
        ("IAM", set()),
        ("NONE", set()),
        ("SASL_SCRAM", {"authentication-type-unknown"}),
        ("", {"authentication-type-unknown"}),
    ],
)
def test_an_authentication_type_outside_the_enumeration_is_warned_of(authentication: str, expected: set[str]) -> None:
    assert codes(classified(SINK, authentication=authentication)) == expected


def test_a_missing_worker_configuration_is_warned_of_where_one_is_named() -> None:
    assert codes(classify(Evidence(connector(SINK, names_worker=True)), CATALOGUE)) == {"worker-configuration-missing"}
    assert codes(classify(Evidence(connector(SINK)), CATALOGUE)) == set()


def test_a_warning_names_its_keys_and_no_value() -> None:
    (caution,) = classified(SINK | {"acme.password": "CANARY"}).cautions

    assert [reference.name for reference in caution.evidence] == ["acme.password"]
    assert caution.reason.data == {"keys": ("acme.password",)}


WORKER_ARN = "arn:aws:kafkaconnect:eu-west-1:111122223333:worker-configuration/w/1-2"


@pytest.mark.parametrize(
    ("pinned", "document"),
    [
        (3, {"name": "w"}),
        (None, {"name": "w"}),
        (2, {"name": "w", "revision": 3, "pinned": 2}),
    ],
)
def test_a_secret_is_said_to_stand_in_the_document_that_was_read(pinned: int | None, document: dict[str, str]) -> None:
    read = WorkerConfiguration(WORKER_ARN, "w", 3, Properties({"acme.password": "CANARY"}))
    described = replace(
        connector(SINK | {"database.password": "CANARY"}), worker_configuration=RevisionRef(WORKER_ARN, pinned)
    )
    cautions = classify(Evidence(described, read), CATALOGUE).cautions
    assert [(c.reason.code, dict(c.reason.data)) for c in cautions if c.code is CautionCode.PLAINTEXT_SECRET] == [
        ("plaintext-secret", {"keys": ("database.password",)}),
        ("plaintext-secret-in-worker", {"keys": ("acme.password",), **document}),
    ]


_MINIO = "http://minio.internal:9000"
_S3 = {
    "connector.class": "io.confluent.connect.s3.S3SinkConnector",
    "topics": "orders",
    "s3.bucket.name": "lake",
    "flush.size": "1",
}
_EVENTS = {
    "connector.class": "software.amazon.event.kafkaconnector.EventBridgeSinkConnector",
    "topics": "orders",
    "aws.eventbridge.offloading.default.s3.bucket": "lake",
}
_OFFLOADING = "aws.eventbridge.offloading.default.s3.endpoint.uri"


def _told(settings: dict[str, str], code: str) -> list[dict[str, object]]:
    return [dict(caution.reason.data) for caution in classified(settings).cautions if caution.code == code]


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (_S3 | {"store.url": _MINIO}, [("minio.internal", ("store.url",))]),
        (
            _EVENTS | {"aws.eventbridge.endpoint.uri": "http://a:1", _OFFLOADING: "http://b:1"},
            [("a", ("aws.eventbridge.endpoint.uri",)), ("b", (_OFFLOADING,))],
        ),
        (
            _EVENTS | {"aws.eventbridge.endpoint.uri": "http://a:1", _OFFLOADING: "http://a:2"},
            [("a", ("aws.eventbridge.endpoint.uri", _OFFLOADING))],
        ),
        # What has not the shape of a host is not shown.
        (_S3 | {"store.url": "CANARY_{x}"}, [(None, ("store.url",))]),
        (_S3 | {"store.url": "https://s3.us-east-1.amazonaws.com"}, []),
        (_S3, []),
    ],
)
def test_an_endpoint_is_named_once_for_each_host(settings: dict[str, str], expected: list[object]) -> None:
    assert [(data.get("host"), data["keys"]) for data in _told(settings, "non-aws-endpoint")] == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (
            _S3 | {"s3.credentials.provider.class": "com.acme.Vault"},
            [("com.acme.Vault", ("s3.credentials.provider.class",))],
        ),
        (_S3 | {"s3.credentials.provider.class": "CANARY ?"}, [(None, ("s3.credentials.provider.class",))]),
        (_S3 | {"s3.credentials.provider.class": "CANARYword"}, [(None, ("s3.credentials.provider.class",))]),
        (_S3, []),
    ],
)
def test_a_credentials_provider_is_named(settings: dict[str, str], expected: list[object]) -> None:
    told = _told(settings, "unknown-credentials-provider")

    assert [(data.get("class"), data["keys"]) for data in told] == expected


_KEYS = {"aws.access.key.id": "AKIACANARY", "aws.secret.access.key": "CANARY"}


@pytest.mark.parametrize(
    "more",
    [
        {},
        {
            "s3.credentials.provider.class": "io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider",
            "s3.credentials.provider.sts.role.arn": "arn:aws:iam::444455556666:role/DataAccess",
        },
    ],
)
def test_static_credentials_are_warned_of_by_the_keys_that_hold_them(more: dict[str, str]) -> None:
    (data,) = _told(_S3 | _KEYS | more, "static-credentials")

    assert data["keys"] == ("aws.access.key.id", "aws.secret.access.key")


_HERE = {
    "config.providers": "secrets",
    "config.providers.secrets.class": "com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider",
}


def test_a_config_provider_in_the_connectors_configuration_is_misplaced() -> None:
    classification = classified(SINK | _HERE | {"acme.password": _REFERENCE})
    (caution,) = classification.cautions

    assert caution.code == "config-provider-misplaced"
    assert caution.reason.data == {
        "alias": "secrets",
        "keys": ("config.providers", "config.providers.secrets.class"),
    }
    # The plugin may resolve it, or not.
    (finding,) = (f for f in classification.findings if f.component == "config-provider")
    assert finding.path == "unknown"


@pytest.mark.parametrize(
    ("settings", "worker"),
    [
        (SINK | _HERE | {"acme.password": _REFERENCE}, _HERE),  # the worker has it too
        (SINK | {"acme.password": _REFERENCE}, _HERE),
        (SINK, None),
    ],
)
def test_a_config_provider_in_its_place_is_not(settings: dict[str, str], worker: dict[str, str] | None) -> None:
    assert codes(classified(settings, worker)) == set()


def test_whether_a_config_provider_is_misplaced_is_not_said_of_a_worker_that_was_not_read() -> None:
    unread = classify(Evidence(connector(SINK | _HERE, names_worker=True)), CATALOGUE)

    assert codes(unread) == {"worker-configuration-missing"}
