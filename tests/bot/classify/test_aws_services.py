"""Plugins for one AWS service each, and Camel's, old and new."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import (
    EXECUTION_ROLE,
    KEYS,
    NO_IAM,
    NOTHING,
    OTHER_ROLE,
    UNKNOWN,
    VIA_KEYS,
    VIA_ROLE,
    actions,
    classified,
    codes,
    paths,
    resources,
)
from tests.bot.classify.test_kafka import iam

_CHAIN = "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"
_CUSTOM = "com.acme.Vault"

KINESIS = {
    "connector.class": "com.amazon.kinesis.kafka.AmazonKinesisSinkConnector",
    "streamName": "demo",
    "topics": "o",
}
FIREHOSE = {
    "connector.class": "com.amazon.kinesis.kafka.FirehoseSinkConnector",
    "deliveryStream": "demo",
    "topics": "o",
}
KINESIS_SOURCE = {"connector.class": "io.confluent.connect.kinesis.KinesisSourceConnector", "kinesis.stream": "demo"}
TRUSTPILOT = {"connector.class": "com.trustpilot.connector.dynamodb.DynamoDBSourceConnector"}
DYNAMOK = {"connector.class": "dynamok.sink.DynamoDbSinkConnector", "topics": "orders", "region": "us-east-1"}
DYNAMODB = {"connector.class": "io.confluent.connect.aws.dynamodb.DynamoDbSinkConnector", "topics": "orders"}
_DYNAMODB_PROVIDER = "aws.dynamodb.credentials.provider"
_DYNAMODB_STS = {
    f"{_DYNAMODB_PROVIDER}.class": "io.confluent.connect.aws.dynamodb.auth.AwsAssumeRoleCredentialsProvider",
    f"{_DYNAMODB_PROVIDER}.sts.role.arn": OTHER_ROLE,
}
NORDSTROM_LAMBDA = {"connector.class": "com.nordstrom.kafka.connect.lambda.LambdaSinkConnector", "topics": "orders"}
LAMBDA = {"connector.class": "io.confluent.connect.aws.lambda.AwsLambdaSinkConnector", "topics": "orders"}
NORDSTROM_SQS = {
    "connector.class": "com.nordstrom.kafka.connect.sqs.SqsSourceConnector",
    "sqs.queue.url": "https://sqs.eu-west-1.amazonaws.com/444455556666/demo",
}
SQS = {"connector.class": "io.confluent.connect.sqs.source.SqsSourceConnector"}
EVENTS = {"connector.class": "software.amazon.event.kafkaconnector.EventBridgeSinkConnector", "topics": "orders"}
TIMESTREAM = {"connector.class": "software.amazon.timestream.TimestreamSinkConnector", "topics": "orders"}
LOGS = {"connector.class": "io.confluent.connect.aws.cloudwatch.AwsCloudWatchSourceConnector"}
METRICS = {
    "connector.class": "io.confluent.connect.aws.cloudwatch.metrics.AwsCloudWatchMetricsSinkConnector",
    "topics": "orders",
}
_AWS_KEYS = {"aws.access.key.id": "AKIACANARY", "aws.secret.access.key": "CANARY"}
_OFFLOADING = {"aws.eventbridge.offloading.default.s3.bucket": "large"}
_SQS_CLASS = "sqs.credentials.provider.class"
_NORDSTROM_ROLE = "com.nordstrom.kafka.connect.auth.AWSAssumeRoleCredentialsProvider"
_NORDSTROM_USER = "com.nordstrom.kafka.connect.auth.AWSUserCredentialsProvider"
_EVENTS_CLASS = "aws.eventbridge.auth.credentials_provider.class"


@pytest.mark.parametrize(
    ("settings", "service", "expected"),
    [
        (KINESIS, "kinesis", EXECUTION_ROLE),
        (KINESIS | {"roleARN": OTHER_ROLE, "roleSessionName": "demo"}, "kinesis", VIA_ROLE),
        (KINESIS | {"kinesisEndpoint": "vpce-1.kinesis.us-east-1.vpce.amazonaws.com"}, "kinesis", EXECUTION_ROLE),
        (KINESIS | {"kinesisEndpoint": "localstack:4566"}, "kinesis", NO_IAM),
        (KINESIS, "cloudwatch", NOTHING),  # metrics are off by default
        (KINESIS | {"metricsLevel": "none"}, "cloudwatch", NOTHING),
        (KINESIS | {"metricsLevel": "detailed"}, "cloudwatch", EXECUTION_ROLE),
        (KINESIS | {"metricsLevel": "summary", "roleARN": OTHER_ROLE}, "cloudwatch", VIA_ROLE),
        (FIREHOSE, "firehose", EXECUTION_ROLE),
        (FIREHOSE | {"roleARN": OTHER_ROLE}, "firehose", VIA_ROLE),
        (FIREHOSE | {"kinesisEndpoint": "https://firehose.us-east-1.amazonaws.com"}, "firehose", EXECUTION_ROLE),
        (KINESIS_SOURCE, "kinesis", EXECUTION_ROLE),
        (KINESIS_SOURCE | {"aws.access.key.id": "AKIACANARY", "aws.secret.key.id": "CANARY"}, "kinesis", KEYS),
        (KINESIS_SOURCE | _AWS_KEYS, "kinesis", EXECUTION_ROLE),  # the secret has another name here
        (KINESIS_SOURCE | {"kinesis.credentials.provider.class": _CUSTOM}, "kinesis", UNKNOWN),
        (TRUSTPILOT, "dynamodb", EXECUTION_ROLE),
        (TRUSTPILOT, "tag", EXECUTION_ROLE),
        (TRUSTPILOT | {"dynamodb.table.whitelist": "orders"}, "tag", NOTHING),  # nothing to discover
        (TRUSTPILOT | {"aws.access.key.id": "AKIACANARY", "aws.secret.key": "CANARY"}, "dynamodb", KEYS),
        (TRUSTPILOT | _AWS_KEYS, "dynamodb", EXECUTION_ROLE),
        (TRUSTPILOT | {"dynamodb.service.endpoint": "http://localhost:8000"}, "dynamodb", NO_IAM),
        (TRUSTPILOT | {"resource.tagging.service.endpoint": "http://localhost:8000"}, "tag", NO_IAM),
        (TRUSTPILOT, "cloudwatch", NOTHING),
        (DYNAMOK, "dynamodb", EXECUTION_ROLE),
        (DYNAMOK | {"access.key.id": "AKIACANARY", "secret.key": "CANARY"}, "dynamodb", KEYS),
        (DYNAMOK | {"connector.class": "dynamok.source.DynamoDbSourceConnector"}, "dynamodb", EXECUTION_ROLE),
        (DYNAMODB, "dynamodb", EXECUTION_ROLE),
        (DYNAMODB | _AWS_KEYS, "dynamodb", KEYS),
        (DYNAMODB | _DYNAMODB_STS, "dynamodb", VIA_ROLE),
        (DYNAMODB | _DYNAMODB_STS | _AWS_KEYS, "dynamodb", VIA_KEYS),
        (DYNAMODB | {"aws.dynamodb.endpoint": "http://localhost:8000"}, "dynamodb", NO_IAM),
        (NORDSTROM_LAMBDA, "lambda", EXECUTION_ROLE),
        (NORDSTROM_LAMBDA | {"aws.credentials.provider.class": _NORDSTROM_ROLE}, "lambda", VIA_ROLE),
        (NORDSTROM_LAMBDA | {"aws.credentials.provider.class": _NORDSTROM_USER}, "lambda", KEYS),
        (NORDSTROM_LAMBDA | {"aws.credentials.provider.class": _CUSTOM}, "lambda", UNKNOWN),
        (NORDSTROM_LAMBDA | _AWS_KEYS, "lambda", EXECUTION_ROLE),
        (LAMBDA, "lambda", EXECUTION_ROLE),
        (LAMBDA | _AWS_KEYS, "lambda", KEYS),
        (LAMBDA | {"aws.credentials.provider.class": _CUSTOM}, "lambda", UNKNOWN),
        (NORDSTROM_SQS, "sqs", EXECUTION_ROLE),
        (NORDSTROM_SQS | {_SQS_CLASS: _NORDSTROM_USER}, "sqs", KEYS),
        (
            NORDSTROM_SQS | {_SQS_CLASS: _NORDSTROM_ROLE, "sqs.credentials.provider.role.arn": OTHER_ROLE},
            "sqs",
            VIA_ROLE,
        ),
        (NORDSTROM_SQS | {_SQS_CLASS: _CHAIN}, "sqs", EXECUTION_ROLE),
        (NORDSTROM_SQS | {_SQS_CLASS: _CUSTOM}, "sqs", UNKNOWN),
        (NORDSTROM_SQS | {"sqs.endpoint.url": "http://elasticmq:9324"}, "sqs", NO_IAM),
        (
            NORDSTROM_SQS | {"connector.class": "com.nordstrom.kafka.connect.sqs.SqsSinkConnector", "topics": "orders"},
            "sqs",
            EXECUTION_ROLE,
        ),
        (SQS, "sqs", EXECUTION_ROLE),
        (SQS | {"aws.access.key.id": "AKIACANARY", "aws.secret.key.id": "CANARY"}, "sqs", KEYS),
        (SQS | _AWS_KEYS, "sqs", EXECUTION_ROLE),
        (EVENTS, "events", EXECUTION_ROLE),
        (EVENTS, "s3", NOTHING),
        (
            EVENTS | {"aws.eventbridge.iam.role.arn": OTHER_ROLE, "aws.eventbridge.iam.external.id": "x"},
            "events",
            VIA_ROLE,
        ),
        (EVENTS | {_EVENTS_CLASS: _CUSTOM, "aws.eventbridge.iam.role.arn": OTHER_ROLE}, "events", UNKNOWN),
        (
            EVENTS
            | {
                _EVENTS_CLASS: "software.amazon.awssdk.auth.credentials.DefaultCredentialsProvider",
                "aws.eventbridge.iam.role.arn": OTHER_ROLE,
            },
            "events",
            EXECUTION_ROLE,  # the class comes before the role
        ),
        (EVENTS | {"aws.eventbridge.iam.profile.name": "cdc"}, "events", EXECUTION_ROLE),
        (EVENTS | {"aws.eventbridge.endpoint.uri": "http://localhost:4566"}, "events", NO_IAM),
        (EVENTS | _OFFLOADING, "s3", EXECUTION_ROLE),
        (EVENTS | _OFFLOADING | {"aws.eventbridge.iam.role.arn": OTHER_ROLE}, "s3", VIA_ROLE),
        (TIMESTREAM, "timestream", EXECUTION_ROLE),
        (TIMESTREAM | _AWS_KEYS, "timestream", EXECUTION_ROLE),  # it knows no keys
        (TIMESTREAM | {"timestream.schema.s3.bucket.name": "schemas"}, "s3", EXECUTION_ROLE),
        (
            TIMESTREAM | {"timestream.ingestion.endpoint": "https://ingest-cell1.timestream.us-east-1.amazonaws.com"},
            "timestream",
            EXECUTION_ROLE,
        ),
        (LOGS, "logs", EXECUTION_ROLE),
        (LOGS | _AWS_KEYS, "logs", KEYS),
        (LOGS | {"aws.cloudwatch.logs.url": "https://logs.us-east-1.amazonaws.com"}, "logs", EXECUTION_ROLE),
        (METRICS, "cloudwatch", EXECUTION_ROLE),
        (METRICS | {"aws.credentials.provider.class": _CUSTOM}, "cloudwatch", UNKNOWN),
        (METRICS | {"aws.cloudwatch.metrics.url": "http://localhost:4566"}, "cloudwatch", NO_IAM),
    ],
)
def test_what_authorises_the_service(settings: dict[str, str], service: str, expected: set[str]) -> None:
    assert paths(classified(settings), "aws-access", "plugin", service) == expected


@pytest.mark.parametrize(
    ("settings", "service", "resource"),
    [
        (KINESIS, "kinesis", "arn:aws:kinesis:us-east-1:111122223333:stream/demo"),
        (KINESIS | {"region": "eu-west-1"}, "kinesis", "arn:aws:kinesis:eu-west-1:111122223333:stream/demo"),
        # What an assumed role works on is in its own account.
        (KINESIS | {"roleARN": OTHER_ROLE}, "kinesis", "arn:aws:kinesis:us-east-1:444455556666:stream/demo"),
        (FIREHOSE, "firehose", "arn:aws:firehose:us-east-1:111122223333:deliverystream/demo"),
        (NORDSTROM_SQS, "sqs", "arn:aws:sqs:eu-west-1:444455556666:demo"),
        (EVENTS | _OFFLOADING, "s3", "arn:aws:s3:::large/*"),
    ],
)
def test_the_resource_is_named(settings: dict[str, str], service: str, resource: str) -> None:
    assert resource in resources(classified(settings), "plugin", service)


def test_a_resource_behind_a_reference_is_not_named() -> None:
    assert resources(classified(KINESIS | {"streamName": "${ssm::stream}"}), "plugin", "kinesis") == set()


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, NOTHING),
        ({"reporter.bootstrap.servers": "b-1:9092"}, NO_IAM),
        ({"confluent.topic.bootstrap.servers": "b-1:9092"}, NO_IAM),
        ({"confluent.topic.bootstrap.servers": "b-1:9098"} | iam("confluent.topic."), EXECUTION_ROLE),
        (
            {"reporter.bootstrap.servers": "b-1:9098"} | iam("reporter.producer.") | iam("reporter.admin."),
            EXECUTION_ROLE,
        ),
        ({"reporter.bootstrap.servers": "b-1:9098"} | iam("reporter."), EXECUTION_ROLE),
    ],
)
def test_commercial_connectors_report_through_clients_of_their_own(
    settings: dict[str, str], expected: set[str]
) -> None:
    assert paths(classified(LAMBDA | settings, authentication="IAM"), "kafka-auth", "reporter") == expected


def test_redshift_over_jdbc_is_a_database_for_all_its_aws_keys() -> None:
    settings = {
        "connector.class": "io.confluent.connect.aws.redshift.RedshiftSinkConnector",
        "topics": "orders",
        "aws.redshift.user": "loader",
        "aws.redshift.password": "${secrets:redshift:password}",
    }
    classification = classified(settings)

    assert paths(classification, "external-access", "plugin", "redshift") == NO_IAM
    assert paths(classification, "aws-access") == NOTHING


_NEW_CAMEL = "org.apache.camel.kafkaconnector."
_SQS_SOURCE = {"connector.class": f"{_NEW_CAMEL}awssqssource.CamelAwssqssourceSourceConnector"}
_PREFIX = "camel.kamelet.aws-sqs-source."
_OLD_SQS = {"connector.class": f"{_NEW_CAMEL}aws2sqs.CamelAws2sqsSinkConnector", "topics": "orders"}


def _camel(prefix: str, **settings: str) -> dict[str, str]:
    return {prefix + key: value for key, value in settings.items()}


@pytest.mark.parametrize(
    ("base", "prefix"),
    [
        (_SQS_SOURCE, _PREFIX),
        (_OLD_SQS, "camel.component.aws2-sqs."),
        (_OLD_SQS, "camel.sink.endpoint."),
    ],
)
@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({}, UNKNOWN),  # the chain is off, and there is nothing else
        ({"useDefaultCredentialsProvider": "true"}, EXECUTION_ROLE),
        ({"useDefaultCredentialsProvider": "false"}, UNKNOWN),
        ({"accessKey": "AKIACANARY", "secretKey": "CANARY"}, KEYS),
        ({"accessKey": "AKIACANARY"}, UNKNOWN),
        ({"accessKey": "A", "secretKey": "CANARY", "useDefaultCredentialsProvider": "true"}, EXECUTION_ROLE),
        ({"useProfileCredentialsProvider": "true", "profileCredentialsName": "cdc"}, UNKNOWN),
        (
            {
                "useSessionCredentials": "true",
                "sessionToken": "CANARY",
                "accessKey": "ASIACANARY",
                "secretKey": "CANARY",
            },
            KEYS,
        ),
        (
            {
                "useDefaultCredentialsProvider": "true",
                "overrideEndpoint": "true",
                "uriEndpointOverride": "http://localhost:4566",
            },
            NO_IAM,
        ),
        ({"useDefaultCredentialsProvider": "true", "uriEndpointOverride": "http://localhost:4566"}, EXECUTION_ROLE),
    ],
)
def test_camel_has_to_be_told(base: dict[str, str], prefix: str, settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(base | _camel(prefix, **settings)), "aws-access", "plugin", "sqs") == expected


def test_camels_old_endpoint_comes_before_its_component() -> None:
    component = _camel("camel.component.aws2-sqs.", useDefaultCredentialsProvider="true")
    endpoint = _camel("camel.sink.endpoint.", useDefaultCredentialsProvider="false", accessKey="A", secretKey="CANARY")

    assert paths(classified(_OLD_SQS | component | endpoint), "aws-access", "plugin", "sqs") == KEYS


@pytest.mark.parametrize(
    ("kamelet", "service"),
    [
        ("aws-s3-sink", "s3"),
        ("aws-s3-source", "s3"),
        ("aws-s3-streaming-upload-sink", "s3"),
        ("aws-ddb-sink", "dynamodb"),
        ("aws-ddb-streams-source", "dynamodb"),
        ("aws-kinesis-sink", "kinesis"),
        ("aws-kinesis-source", "kinesis"),
        ("aws-kinesis-firehose-sink", "firehose"),
        ("aws-lambda-sink", "lambda"),
        ("aws-sqs-sink", "sqs"),
        ("aws-sqs-source", "sqs"),
        ("aws-sns-sink", "sns"),
        ("aws-ses-sink", "ses"),
        ("aws-cloudwatch-sink", "cloudwatch"),
        ("aws-cloudtrail-source", "cloudtrail"),
        ("aws-eventbridge-sink", "events"),
        ("aws-secrets-manager-sink", "secretsmanager"),
        ("aws-ec2-sink", "ec2"),
    ],
)
def test_every_kamelet_reads_its_own_prefix(kamelet: str, service: str) -> None:
    package = kamelet.replace("-", "")
    kind = "Sink" if kamelet.endswith("sink") else "Source"
    settings = {"connector.class": f"{_NEW_CAMEL}{package}.Camel{package.capitalize()}{kind}Connector"}
    on = {f"camel.kamelet.{kamelet}.useDefaultCredentialsProvider": "true"}

    assert paths(classified(settings | on), "aws-access", "plugin", service) == EXECUTION_ROLE
    assert paths(classified(settings), "aws-access", "plugin", service) == UNKNOWN


@pytest.mark.parametrize(
    "name", ["awsredshiftsink.CamelAwsredshiftsinkSink", "awsredshiftsource.CamelAwsredshiftsourceSource"]
)
def test_camels_redshift_is_a_database(name: str) -> None:
    classification = classified({"connector.class": f"{_NEW_CAMEL}{name}Connector"})

    assert paths(classification, "external-access", "plugin", "redshift") == NO_IAM
    assert paths(classification, "aws-access") == NOTHING


def test_a_kamelet_nobody_listed_is_unknown() -> None:
    classification = classified(
        {"connector.class": f"{_NEW_CAMEL}awstimestreamsink.CamelAwstimestreamsinkSinkConnector"}
    )

    assert paths(classification, "aws-access", "plugin") == UNKNOWN
    assert codes(classification) == {"unknown-connector-class"}


_TIMESTREAM = {
    "connector.class": "software.amazon.timestream.TimestreamSinkConnector",
    "topics": "metrics",
    "timestream.database.name": "shop",
    "timestream.table.name": "metrics",
}
_LIVE, _INFLUX = "timestream.target.liveanalytics", "timestream.target.influxdb"


@pytest.mark.parametrize(
    ("settings", "writes"),
    [
        ({}, True),
        ({_LIVE: "true"}, True),
        ({_LIVE: "true", _INFLUX: "true"}, True),
        ({_LIVE: "false", _INFLUX: "true"}, False),
        ({_INFLUX: "true"}, False),
    ],
)
def test_timestream_is_asked_at_the_start_and_written_to_as_told(settings: dict[str, str], writes: bool) -> None:
    needed = actions(classified(_TIMESTREAM | settings), "plugin", "timestream")

    assert {"timestream:DescribeDatabase", "timestream:DescribeTable", "timestream:DescribeEndpoints"} <= needed
    assert ("timestream:WriteRecords" in needed) is writes


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        ({"errors.deadletterqueue.topic.name": "dlq"}, EXECUTION_ROLE),  # whatever the authentication type is
        ({}, NOTHING),
    ],
)
def test_timestreams_own_dead_letter_producer(settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(_TIMESTREAM | settings), "kafka-auth", "reporter") == expected


_FILES = {
    "connector.class": "io.streamthoughts.kafka.connect.filepulse.source.FilePulseSourceConnector",
    "topic": "files",
    "fs.listing.class": "io.streamthoughts.kafka.connect.filepulse.fs.AmazonS3FileSystemListing",
}
_FILE_KEYS = {"aws.access.key.id": "AKIACANARY", "aws.secret.access.key": "CANARY"}
_FILE_PROVIDER = "aws.credentials.provider.class"


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (_FILES, UNKNOWN),  # environment variables alone
        (_FILES | _FILE_KEYS, KEYS),
        (_FILES | {_FILE_PROVIDER: "com.amazonaws.auth.DefaultAWSCredentialsProviderChain"}, EXECUTION_ROLE),
        (_FILES | {_FILE_PROVIDER: "com.acme.Vault"}, UNKNOWN),
        (_FILES | {"aws.s3.service.endpoint": "http://minio:9000"}, NO_IAM),
        (
            _FILES | {"fs.listing.class": "io.streamthoughts.kafka.connect.filepulse.fs.LocalFSDirectoryListing"},
            NOTHING,
        ),
    ],
)
def test_files_that_are_read_from_s3(settings: dict[str, str], expected: set[str]) -> None:
    assert paths(classified(settings), "aws-access", "plugin", "s3") == expected
