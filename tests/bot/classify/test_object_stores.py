"""S3 connectors: five plugins, five orders of precedence."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import (
    EXECUTION_ROLE,
    KEYS,
    NO_IAM,
    OTHER_ROLE,
    UNKNOWN,
    VIA_KEYS,
    VIA_ROLE,
    classified,
    codes,
    paths,
    resources,
)

CONFLUENT = {
    "connector.class": "io.confluent.connect.s3.S3SinkConnector",
    "topics": "orders",
    "s3.bucket.name": "example-sink",
}
CONFLUENT_SOURCE = {
    "connector.class": "io.confluent.connect.s3.source.S3SourceConnector",
    "s3.bucket.name": "example-source",
}
AIVEN = {
    "connector.class": "io.aiven.kafka.connect.s3.AivenKafkaConnectS3SinkConnector",
    "topics": "orders",
    "aws.s3.bucket.name": "example-sink",
}
LENSES = {
    "connector.class": "io.lenses.streamreactor.connect.aws.s3.sink.S3SinkConnector",
    "topics": "orders",
    "connect.s3.kcql": "INSERT INTO example-sink:orders SELECT * FROM orders STOREAS `JSON`",
}
SPREDFAST = {
    "connector.class": "com.spredfast.kafka.connect.s3.sink.S3SinkConnector",
    "topics": "orders",
    "s3.bucket": "example-sink",
}
_KEYS = {"aws.access.key.id": "AKIACANARY", "aws.secret.access.key": "CANARY"}
_STS = {
    "s3.credentials.provider.class": "io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider",
    "s3.credentials.provider.sts.role.arn": OTHER_ROLE,
    "s3.credentials.provider.sts.role.session.name": "demo",
}
_PROVIDER = "s3.credentials.provider.class"
_LENSES_KEYS = {"connect.s3.aws.access.key": "AKIACANARY", "connect.s3.aws.secret.key": "CANARY"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (CONFLUENT, EXECUTION_ROLE),
        (CONFLUENT | _KEYS, KEYS),
        (CONFLUENT | {"aws.access.key.id": "AKIACANARY"}, EXECUTION_ROLE),  # half a pair counts for nothing
        (CONFLUENT | _KEYS | {"aws.secret.access.key": "  "}, EXECUTION_ROLE),
        (CONFLUENT | dict.fromkeys(_KEYS, "${secrets:aws:key}"), KEYS),  # a reference is a value
        (CONFLUENT | _STS, VIA_ROLE),
        (CONFLUENT | _STS | _KEYS, VIA_KEYS),  # a Configurable provider gets the keys as the base of the role
        (CONFLUENT | _STS | {"aws.access.key.id": "AKIACANARY"}, VIA_ROLE),
        (CONFLUENT | {_PROVIDER: "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"}, EXECUTION_ROLE),
        (CONFLUENT | {_PROVIDER: "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider"}, EXECUTION_ROLE),
        (CONFLUENT | _KEYS | {_PROVIDER: "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"}, KEYS),
        (CONFLUENT | {_PROVIDER: "com.acme.Vault"}, UNKNOWN),
        (CONFLUENT | _KEYS | {_PROVIDER: "com.acme.Vault"}, UNKNOWN),  # it may be Configurable and ignore the keys
        (CONFLUENT | {"store.url": "http://minio.example.internal:9000"}, NO_IAM),
        (CONFLUENT | _KEYS | {"store.url": "https://storage.googleapis.com"}, NO_IAM),
        (CONFLUENT | {"store.url": "https://s3.eu-west-1.amazonaws.com"}, EXECUTION_ROLE),
        (CONFLUENT | {"store.url": "https://bucket.vpce-0a1b-c2d3.s3.us-east-1.vpce.amazonaws.com"}, EXECUTION_ROLE),
        (CONFLUENT | {"store.url": "https://s3.amazonaws.com.evil.example"}, NO_IAM),
        (CONFLUENT | {"store.url": "${env:STORE}"}, UNKNOWN),
        (CONFLUENT_SOURCE, EXECUTION_ROLE),
        (CONFLUENT_SOURCE | _KEYS, KEYS),
        (CONFLUENT_SOURCE | _STS, VIA_ROLE),
        (AIVEN, EXECUTION_ROLE),
        (AIVEN | _KEYS, KEYS),
        (AIVEN | {"aws_access_key_id": "AKIACANARY", "aws_secret_access_key": "CANARY"}, KEYS),
        (AIVEN | {"aws.sts.role.arn": OTHER_ROLE, "aws.sts.role.session.name": "demo"}, VIA_ROLE),
        # The role comes before the keys, and is assumed with the default chain all the same.
        (AIVEN | _KEYS | {"aws.sts.role.arn": OTHER_ROLE, "aws.sts.role.session.name": "demo"}, VIA_ROLE),
        (AIVEN | _KEYS | {"aws.sts.role.arn": OTHER_ROLE}, KEYS),  # no session name, no role
        (AIVEN | {"aws.credentials.provider": "com.acme.Vault"}, UNKNOWN),
        (AIVEN | {"aws.credentials.provider": "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"}, EXECUTION_ROLE),
        (AIVEN | {"aws.s3.endpoint": "http://minio:9000"}, NO_IAM),
        (AIVEN | {"aws_s3_endpoint": "http://minio:9000"}, NO_IAM),
        (AIVEN | {"connector.class": "io.aiven.kafka.connect.s3.source.S3SourceConnector"}, EXECUTION_ROLE),
        (LENSES, EXECUTION_ROLE),
        (LENSES | _LENSES_KEYS, EXECUTION_ROLE),  # keys are ignored in the default mode
        (LENSES | _LENSES_KEYS | {"connect.s3.aws.auth.mode": "Default"}, EXECUTION_ROLE),
        (LENSES | _LENSES_KEYS | {"connect.s3.aws.auth.mode": "Credentials"}, KEYS),
        (LENSES | {"connect.s3.aws.auth.mode": "Credentials"}, UNKNOWN),
        (LENSES | {"aws.auth.mode": "Credentials", "aws.access.key": "AKIACANARY", "aws.secret.key": "CANARY"}, KEYS),
        (LENSES | {"connect.s3.custom.endpoint": "http://minio:9000"}, NO_IAM),
        (LENSES | {"aws.custom.endpoint": "http://minio:9000"}, NO_IAM),
        (SPREDFAST, EXECUTION_ROLE),
        (SPREDFAST | {_PROVIDER: "com.acme.Vault"}, EXECUTION_ROLE),  # declared, and never read
        (SPREDFAST | {"s3.endpoint": "http://minio:9000"}, NO_IAM),
    ],
)
def test_what_authorises_the_bucket(settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(settings), "aws-access", "plugin", "s3") == expected


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (CONFLUENT, set()),
        (CONFLUENT | _KEYS, {"plaintext-secret", "static-credentials"}),
        (CONFLUENT | _KEYS | _STS, {"plaintext-secret", "static-credentials"}),
        (CONFLUENT | _STS, set()),
        (CONFLUENT | {_PROVIDER: "com.acme.Vault"}, {"unknown-credentials-provider"}),
        # What a store of one's own is given are no AWS keys.
        (CONFLUENT | _KEYS | {"store.url": "http://minio:9000"}, {"plaintext-secret", "non-aws-endpoint"}),
        (LENSES | _LENSES_KEYS, {"plaintext-secret"}),  # in clear, and not in effect
        (LENSES | {"connect.s3.aws.auth.mode": "Credentials"}, set()),
        (SPREDFAST | {_PROVIDER: "com.acme.Vault"}, set()),
    ],
)
def test_what_is_warned_of(settings: dict[str, str], expected: set[str]) -> None:
    assert codes(classified(settings)) == expected


@pytest.mark.parametrize("settings", [CONFLUENT, AIVEN, LENSES, SPREDFAST])
def test_the_bucket_is_named(settings: dict[str, str]) -> None:
    assert resources(classified(settings), "plugin", "s3") == {
        "arn:aws:s3:::example-sink",
        "arn:aws:s3:::example-sink/*",
    }


def test_a_key_for_encryption_needs_kms_on_the_same_path() -> None:
    settings = CONFLUENT | _STS | {"s3.sse.kms.key.id": "alias/example", "s3.ssea.name": "aws:kms"}

    assert paths(classified(settings), "aws-access", "plugin", "kms") == VIA_ROLE


def test_an_old_bucket_setting_counts() -> None:
    settings = {key: value for key, value in AIVEN.items() if key != "aws.s3.bucket.name"} | {"aws_s3_bucket": "old"}

    assert "arn:aws:s3:::old" in resources(classified(settings), "plugin", "s3")


@pytest.mark.parametrize(
    ("alias", "settings"),
    [
        ("S3Sink", CONFLUENT),
        ("S3SinkConnector", CONFLUENT),
        ("S3SinkConnector", LENSES),
        ("S3SinkConnector", SPREDFAST),
        ("AivenKafkaConnectS3Sink", AIVEN),
    ],
)
def test_a_short_name_means_the_plugin_whose_settings_are_there(alias: str, settings: dict[str, str]) -> None:
    classification = classified(settings | {"connector.class": alias})

    assert paths(classification, "aws-access", "plugin", "s3") == EXECUTION_ROLE
    assert "unknown-connector-class" not in codes(classification)


def test_a_short_name_that_may_mean_several_plugins_is_unknown() -> None:
    classification = classified({"connector.class": "S3SinkConnector", "topics": "orders"})

    assert paths(classification, "aws-access", "plugin") == UNKNOWN
    assert codes(classification) == {"unknown-connector-class"}
