"""Debezium: databases, two generations of schema history, its storages, signals and post-processors."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import (
    EXECUTION_ROLE,
    KEYS,
    NO_IAM,
    NOTHING,
    OTHER_ROLE,
    UNKNOWN,
    VIA_ROLE,
    actions,
    classified,
    codes,
    paths,
    resources,
)
from tests.bot.classify.test_kafka import iam, scram

_RELATIONAL = {
    "mysql": "io.debezium.connector.mysql.MySqlConnector",
    "mariadb": "io.debezium.connector.mariadb.MariaDbConnector",
    "sqlserver": "io.debezium.connector.sqlserver.SqlServerConnector",
    "oracle": "io.debezium.connector.oracle.OracleConnector",
    "db2": "io.debezium.connector.db2.Db2Connector",
    "informix": "io.debezium.connector.informix.InformixConnector",
}
_WITHOUT_HISTORY = {
    "postgresql": "io.debezium.connector.postgresql.PostgresConnector",
    "mongodb": "io.debezium.connector.mongodb.MongoDbConnector",
    "vitess": "io.debezium.connector.vitess.VitessConnector",
    "spanner": "io.debezium.connector.spanner.SpannerConnector",
}
MYSQL = {"connector.class": _RELATIONAL["mysql"], "database.user": "cdc"}
POSTGRES = {"connector.class": _WITHOUT_HISTORY["postgresql"], "database.user": "cdc"}
_NEW = "schema.history.internal"
_OLD = "database.history"
_NEW_KAFKA = {f"{_NEW}.kafka.bootstrap.servers": "b-1:9098", f"{_NEW}.kafka.topic": "shop.history"}
_OLD_KAFKA = {f"{_OLD}.kafka.bootstrap.servers": "b-1:9098", f"{_OLD}.kafka.topic": "shop.history"}
_S3 = {_NEW: "io.debezium.storage.s3.history.S3SchemaHistory", f"{_NEW}.s3.bucket.name": "history"}


def _history(settings: dict[str, str], authentication: str = "NONE") -> set[str]:
    return paths(classified(MYSQL | settings, authentication=authentication), "kafka-auth", "schema-history")


@pytest.mark.parametrize(("system", "class_name"), [*_RELATIONAL.items(), *_WITHOUT_HISTORY.items()])
def test_a_database_admits_its_own_user(system: str, class_name: str) -> None:
    assert paths(classified({"connector.class": class_name}), "external-access", "plugin", system) == NO_IAM


@pytest.mark.parametrize("class_name", _RELATIONAL.values())
def test_a_relational_connector_keeps_a_history_in_kafka(class_name: str) -> None:
    settings = {"connector.class": class_name} | _NEW_KAFKA | iam(f"{_NEW}.producer.") | iam(f"{_NEW}.consumer.")

    assert paths(classified(settings), "kafka-auth", "schema-history") == EXECUTION_ROLE


@pytest.mark.parametrize("class_name", _WITHOUT_HISTORY.values())
@pytest.mark.parametrize("generation", [_NEW, _OLD])
def test_history_settings_of_a_connector_without_history_are_inert(class_name: str, generation: str) -> None:
    settings = {"connector.class": class_name} | _NEW_KAFKA | iam(f"{generation}.producer.")
    classification = classified(settings, authentication="IAM")

    assert paths(classification, "kafka-auth", "schema-history") == NOTHING
    assert "inert-client-settings" in codes(classification)


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (_NEW_KAFKA | iam(f"{_NEW}.producer.") | iam(f"{_NEW}.consumer."), EXECUTION_ROLE),
        (_OLD_KAFKA | iam(f"{_OLD}.producer.") | iam(f"{_OLD}.consumer."), EXECUTION_ROLE),
        (_NEW_KAFKA | scram(f"{_NEW}.producer.") | scram(f"{_NEW}.consumer."), NO_IAM),
        (_NEW_KAFKA, NO_IAM),
        (_NEW_KAFKA | {f"{_NEW}.producer.security.protocol": "SSL"}, NO_IAM),
        # The producer is the admin client's too, so that one side alone is seen.
        (_NEW_KAFKA | iam(f"{_NEW}.producer."), {"service-execution-role", "no-iam"}),
        # Only the settings of the generation that runs are read.
        ({"topic.prefix": "shop"} | _NEW_KAFKA | iam(f"{_OLD}.producer.") | iam(f"{_OLD}.consumer."), NO_IAM),
        (
            {"database.server.name": "shop"} | _OLD_KAFKA | iam(f"{_NEW}.producer.") | iam(f"{_NEW}.consumer."),
            NO_IAM,
        ),
        # A connector since 2.0 with nothing but settings of before has no history that it could open.
        ({"topic.prefix": "shop"} | _OLD_KAFKA | iam(f"{_OLD}.producer.") | iam(f"{_OLD}.consumer."), NOTHING),
        (
            {"topic.prefix": "shop", "database.server.name": "shop"}
            | _OLD_KAFKA
            | iam(f"{_OLD}.producer.")
            | iam(f"{_OLD}.consumer."),
            EXECUTION_ROLE,
        ),
        (
            {"topic.prefix": "shop", "database.server.name": "shop"}
            | _NEW_KAFKA
            | scram(f"{_OLD}.producer.")
            | iam(f"{_NEW}.producer.")
            | iam(f"{_NEW}.consumer."),
            EXECUTION_ROLE,
        ),
        ({_NEW: "io.debezium.storage.kafka.history.KafkaSchemaHistory"} | _NEW_KAFKA, NO_IAM),
        ({_OLD: "io.debezium.relational.history.KafkaDatabaseHistory"} | _OLD_KAFKA, NO_IAM),
        (_S3, NOTHING),
        ({_NEW: "io.debezium.storage.file.history.FileSchemaHistory"} | _NEW_KAFKA, NOTHING),
        ({_NEW: "io.debezium.relational.history.MemorySchemaHistory"}, NOTHING),
        ({}, NOTHING),
    ],
)
def test_the_clients_of_the_schema_history(settings: dict[str, str], expected: set[str]) -> None:
    assert _history(settings) == expected


def test_the_history_pays_no_heed_to_the_authentication_type() -> None:
    assert _history(_NEW_KAFKA, authentication="IAM") == NO_IAM


def test_a_history_with_a_role_of_its_own() -> None:
    role = f'awsRoleArn="{OTHER_ROLE}"'

    assert _history(_NEW_KAFKA | iam(f"{_NEW}.producer.", role) | iam(f"{_NEW}.consumer.", role)) == VIA_ROLE


def test_settings_of_the_other_generation_are_warned_of() -> None:
    settings = MYSQL | {"topic.prefix": "shop"} | _NEW_KAFKA | iam(f"{_OLD}.producer.")

    assert "inert-client-settings" in codes(classified(settings))
    assert "inert-client-settings" not in codes(classified(MYSQL | _NEW_KAFKA | iam(f"{_NEW}.producer.")))


def test_the_history_topic_is_named() -> None:
    settings = MYSQL | _NEW_KAFKA | iam(f"{_NEW}.producer.") | iam(f"{_NEW}.consumer.")

    assert {
        "arn:aws:kafka:us-east-1:111122223333:topic/*/*/shop.history",
        "arn:aws:kafka:us-east-1:111122223333:group/*/*/*-schemahistory",
    } <= resources(classified(settings), "schema-history", "kafka")


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (_S3, EXECUTION_ROLE),
        (_S3 | {f"{_NEW}.s3.access.key.id": "AKIACANARY", f"{_NEW}.s3.secret.access.key": "CANARY"}, KEYS),
        (_S3 | {f"{_NEW}.s3.access.key.id": "AKIACANARY"}, KEYS),  # one alone is enough to leave the chain
        (_S3 | {f"{_NEW}.s3.endpoint": "http://minio:9000"}, NO_IAM),
        (_NEW_KAFKA, NOTHING),
    ],
)
def test_a_history_in_s3(settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(MYSQL | settings), "aws-access", "schema-history", "s3") == expected


def test_a_history_in_a_class_nobody_knows_is_unknown() -> None:
    classification = classified(MYSQL | {_NEW: "com.acme.DynamoSchemaHistory"})

    assert paths(classification, "aws-access", "schema-history", "unknown") == UNKNOWN


@pytest.mark.parametrize(
    ("class_name", "system"),
    [
        ("io.debezium.storage.redis.history.RedisSchemaHistory", "redis"),
        ("io.debezium.storage.azure.blob.history.AzureBlobSchemaHistory", "azure"),
        ("io.debezium.storage.rocketmq.history.RocketMqSchemaHistory", "rocketmq"),
        ("io.debezium.storage.jdbc.history.JdbcSchemaHistory", "database"),
    ],
)
def test_a_history_elsewhere_touches_no_aws(class_name: str, system: str) -> None:
    classification = classified(MYSQL | {_NEW: class_name})

    assert paths(classification, "external-access", "schema-history", system) == NO_IAM
    assert paths(classification, "aws-access") == NOTHING


_SIGNAL = {"signal.kafka.bootstrap.servers": "b-1:9098", "signal.kafka.topic": "signals"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"signal.enabled.channels": "source,kafka"} | _SIGNAL | iam("signal.consumer."), EXECUTION_ROLE),
        ({"signal.enabled.channels": "kafka"} | _SIGNAL | scram("signal.consumer."), NO_IAM),
        ({"signal.enabled.channels": "kafka"} | _SIGNAL, NO_IAM),
        ({"signal.enabled.channels": "source,file"} | _SIGNAL | iam("signal.consumer."), NOTHING),
        (_SIGNAL | iam("signal.consumer."), NOTHING),  # the channel is off
    ],
)
@pytest.mark.parametrize("base", [MYSQL, POSTGRES])
def test_the_signal_channel(base: dict[str, str], settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(base | settings), "kafka-auth", "signal") == expected


_PROCESSOR = {
    "post.processors": "reselect, big",
    "post.processors.reselect.type": "io.debezium.processors.reselect.ReselectColumnsPostProcessor",
    "post.processors.big.type": "io.debezium.storage.s3.processor.S3LargeMessagePostProcessor",
    "post.processors.big.large.message.s3.bucket.name": "large",
}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, EXECUTION_ROLE),
        (
            {
                "post.processors.big.large.message.s3.access.key.id": "AKIACANARY",
                "post.processors.big.large.message.s3.secret.access.key": "CANARY",
            },
            KEYS,
        ),
        ({"post.processors.big.large.message.s3.endpoint": "http://minio:9000"}, NO_IAM),
        ({"post.processors": "reselect"}, NOTHING),  # configured, and not in the list
    ],
)
def test_the_post_processor_for_large_messages(settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(POSTGRES | _PROCESSOR | settings), "aws-access", "post-processor", "s3") == expected


def test_postgres_enters_with_iam_through_its_connection_factory() -> None:
    factory = "io.debezium.connector.postgresql.connection.PostgresAwsIamConnectionFactory"
    classification = classified(POSTGRES | {"database.connection.factory.class": factory})

    assert paths(classification, "aws-access", "plugin", "rds-db") == EXECUTION_ROLE
    assert paths(classification, "external-access") == NOTHING


def test_an_rds_host_alone_says_nothing_about_iam() -> None:
    host = {"database.hostname": "demo.abcdefghijkl.us-east-1.rds.amazonaws.com"}

    assert paths(classified(POSTGRES | host), "aws-access") == NOTHING


@pytest.mark.parametrize(
    "class_name",
    [
        "com.amazonaws.msk.debezium.mysql.connect.DebeziumMySqlMetricsConnector",
        "com.amazonaws.msk.debezium.mysql.DebeziumMySqlMetricsConnector",
    ],
)
def test_the_wrapper_sends_metrics_and_is_debezium_for_the_rest(class_name: str) -> None:
    settings = {"connector.class": class_name} | _NEW_KAFKA | iam(f"{_NEW}.producer.") | iam(f"{_NEW}.consumer.")
    classification = classified(settings)

    assert paths(classification, "aws-access", "metrics", "cloudwatch") == EXECUTION_ROLE
    assert actions(classification, "metrics", "cloudwatch") == {"cloudwatch:PutMetricData"}
    assert paths(classification, "external-access", "plugin", "mysql") == NO_IAM
    assert paths(classification, "kafka-auth", "schema-history") == EXECUTION_ROLE


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"mongodb.user": "cdc", "mongodb.password": "CANARY"}, NO_IAM),
        ({"mongodb.connection.string": "mongodb://u:CANARY@m:27017/?authMechanism=SCRAM-SHA-256"}, NO_IAM),
        ({"mongodb.connection.string": "mongodb://AKIACANARY:CANARY@m:27017/?authMechanism=MONGODB-AWS"}, KEYS),
        ({"mongodb.connection.string": "mongodb+srv://m.example.com/?authMechanism=MONGODB-AWS"}, UNKNOWN),
        ({"mongodb.authentication.class": "com.acme.AwsAuth"}, UNKNOWN),
    ],
)
@pytest.mark.parametrize("class_name", ["MongoDbConnector", "MongoDbSinkConnector"])
def test_what_admits_to_mongodb(class_name: str, settings: dict[str, str], expected: set[str]) -> None:
    configuration = {"connector.class": f"io.debezium.connector.mongodb.{class_name}"} | settings

    assert paths(classified(configuration), "external-access", "plugin", "mongodb") == expected
