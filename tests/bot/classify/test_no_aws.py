"""Plugins that touch no AWS of their own accord, and classes that nobody knows."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import KEYS, NO_IAM, NOTHING, UNKNOWN, classified, codes, matching, paths
from tests.bot.classify.test_kafka import scram


@pytest.mark.parametrize(
    ("class_name", "system"),
    [
        ("com.snowflake.kafka.connector.SnowflakeSinkConnector", "snowflake"),
        ("com.snowflake.kafka.connector.SnowflakeStreamingSinkConnector", "snowflake"),
        ("com.mongodb.kafka.connect.MongoSinkConnector", "mongodb"),
        ("com.mongodb.kafka.connect.MongoSourceConnector", "mongodb"),
        ("com.wepay.kafka.connect.bigquery.BigQuerySinkConnector", "bigquery"),
        ("io.confluent.salesforce.SalesforceCdcSourceConnector", "salesforce"),
        ("io.confluent.connect.http.HttpSinkConnector", "http"),
        ("io.aiven.kafka.connect.http.HttpSinkConnector", "http"),
        ("com.splunk.kafka.connect.SplunkSinkConnector", "splunk"),
        ("streams.kafka.connect.sink.Neo4jSinkConnector", "neo4j"),
        ("org.neo4j.connectors.kafka.sink.Neo4jConnector", "neo4j"),
        ("com.couchbase.connect.kafka.CouchbaseSourceConnector", "couchbase"),
        ("com.couchbase.connect.kafka.CouchbaseSinkConnector", "couchbase"),
        ("com.arangodb.kafka.ArangoSinkConnector", "arangodb"),
        ("com.datadoghq.connect.logs.DatadogLogsSinkConnector", "datadog"),
        ("com.newrelic.telemetry.logs.TelemetryLogsSinkConnector", "newrelic"),
        ("io.confluent.connect.azure.blob.AzureBlobStorageSinkConnector", "azure"),
        ("io.confluent.connect.gcs.GcsSinkConnector", "gcs"),
        ("com.datastax.oss.kafka.sink.CassandraSinkConnector", "cassandra"),
    ],
)
def test_a_system_with_credentials_of_its_own(class_name: str, system: str) -> None:
    classification = classified({"connector.class": class_name}, authentication="IAM")

    assert paths(classification, "external-access", "plugin", system) == NO_IAM
    assert paths(classification, "aws-access") == NOTHING
    assert codes(classification) == set()


@pytest.mark.parametrize(
    "class_name",
    [
        "io.confluent.kafka.connect.datagen.DatagenConnector",
        "com.github.jcustenborder.kafka.connect.simulator.SimulatorSinkConnector",
        "com.github.jcustenborder.kafka.connect.simulator.SimulatorSourceConnector",
        "org.apache.kafka.connect.file.FileStreamSourceConnector",
        "org.apache.kafka.connect.file.FileStreamSinkConnector",
        "org.apache.kafka.connect.tools.VerifiableSourceConnector",
        "com.amazonaws.mskdatagen.GeneratorSourceConnector",
        "Datagen",
        "FileStreamSink",
    ],
)
def test_a_plugin_that_talks_to_nobody(class_name: str) -> None:
    classification = classified({"connector.class": class_name}, authentication="IAM")

    assert matching(classification, "external-access") == matching(classification, "aws-access") == []
    assert codes(classification) == set()


def test_a_role_of_snowflakes_is_no_role_of_iams() -> None:
    settings = {
        "connector.class": "com.snowflake.kafka.connector.SnowflakeSinkConnector",
        "snowflake.role.name": "LOADER",
        "snowflake.private.key": "CANARY",
    }

    assert paths(classified(settings), "external-access", "plugin") == NO_IAM
    assert codes(classified(settings)) == {"plaintext-secret"}


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"connection.uri": "mongodb://u:CANARY@m:27017"}, NO_IAM),
        ({"connection.uri": "mongodb://AKIACANARY:CANARY@m/?authMechanism=MONGODB-AWS"}, KEYS),
        ({"connection.uri": "mongodb://m/?authSource=%24external&authMechanism=MONGODB-AWS"}, UNKNOWN),
        ({"mongo.custom.auth.mechanism.enable": "true", "mongo.custom.auth.mechanism.providerClass": "x.Y"}, UNKNOWN),
        ({"mongo.custom.auth.mechanism.enable": "false"}, NO_IAM),
        ({"connection.uri": "${secrets:mongo:uri}"}, UNKNOWN),
        ({"connection.uri": "mongodb://${secrets:mongo:user}:${secrets:mongo:password}@m:27017"}, NO_IAM),
    ],
)
def test_what_admits_to_mongodb(settings: dict[str, str], expected: set[str]) -> None:
    classification = classified({"connector.class": "com.mongodb.kafka.connect.MongoSinkConnector"} | settings)

    assert paths(classification, "external-access", "plugin", "mongodb") == expected


def test_metrics_of_the_wrapped_mongodb_sink_go_to_cloudwatch() -> None:
    class_name = "com.amazonaws.msk.kafka.mongodb.connect.KafkaMongodbMetricsSinkConnector"
    classification = classified({"connector.class": class_name})

    assert paths(classification, "aws-access", "metrics", "cloudwatch") == {"service-execution-role"}
    assert paths(classification, "external-access", "plugin", "mongodb") == NO_IAM


@pytest.mark.parametrize(
    "class_name",
    [
        "com.acme.SomethingSinkConnector",
        "org.apache.kafka.connect.transforms.RegexRouter",
        "io.confluent.connect.s3.S3SinkConnectorX",
        "com.snowflake.kafka.connector.",
        "connector",
        "",
    ],
)
def test_a_class_nobody_knows_is_unknown_and_never_no_aws(class_name: str) -> None:
    settings = {"connector.class": class_name, "topics": "orders", "s3.bucket.name": "b", "acme.role.arn": "x"}
    classification = classified(settings)
    (finding,) = matching(classification, "aws-access")

    assert (finding.component, finding.subject, finding.path) == ("plugin", "unknown", "unknown")
    assert finding.reason.data["keys"] == ("acme.role.arn", "s3.bucket.name")
    assert "unknown-connector-class" in codes(classification)


@pytest.mark.parametrize(
    ("class_name", "prefix"),
    [
        ("io.confluent.salesforce.SalesforceSObjectSinkConnector", "consumer.override."),
        ("io.confluent.salesforce.SalesforceCdcSourceConnector", "producer.override."),
        ("io.confluent.connect.gcs.GcsSourceConnector", "producer.override."),
        ("com.acme.SomethingSourceConnector", "producer.override."),
        ("com.acme.SomethingSinkConnector", "consumer.override."),
        ("com.acme.Something", "consumer.override."),  # it names topics, as sinks must
    ],
)
def test_which_way_records_move_is_told_by_the_name_where_nothing_else_tells(class_name: str, prefix: str) -> None:
    settings = {"connector.class": class_name, "topics": "orders"} | scram(prefix)

    assert paths(classified(settings, authentication="IAM"), "kafka-auth", "records") == NO_IAM


def test_no_configuration_at_all_is_unknown_too() -> None:
    assert paths(classified({}), "aws-access", "plugin") == UNKNOWN


def test_a_value_that_cannot_be_a_class_is_not_shown() -> None:
    classification = classified({"connector.class": "password=CANARY secret"})

    assert "CANARY" not in repr(classification)
