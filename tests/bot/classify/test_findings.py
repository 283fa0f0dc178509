"""What holds for every connector: the service's own activities, worker logs, partitions, and what a finding carries."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.classify import classify
from bot.model import (
    S3,
    Activity,
    Basis,
    CloudWatchLogs,
    CustomPlugin,
    Evidence,
    Firehose,
    LogDestination,
    Timing,
    Uses,
)
from tests.bot.classify.support import CATALOGUE, OTHER_ROLE, ROLE, classified, connector, matching
from tests.bot.classify.test_cases import NAMES, read

SINK = {"connector.class": "io.confluent.connect.s3.S3SinkConnector", "topics": "orders", "s3.bucket.name": "b"}


@pytest.mark.parametrize(
    ("activity", "uses", "timing"),
    [
        ("plugin-download", Uses.YES, {Timing.CREATION, Timing.RESTART, Timing.FAILOVER, Timing.UPDATE}),
        ("update-validation", Uses.YES, {Timing.UPDATE}),
        ("credential-renewal", Uses.YES, {Timing.CREDENTIAL_EXPIRY}),
        ("network-interfaces", Uses.NO, {Timing.CREATION, Timing.RESTART, Timing.FAILOVER}),
    ],
)
def test_the_service_acts_for_every_connector(activity: str, uses: Uses, timing: set[Timing]) -> None:
    for configuration in ({}, SINK):
        (finding,) = matching(classified(configuration), activity, "worker")

        assert finding.uses_execution_role is uses
        assert set(finding.timing) == timing
        assert finding.basis is Basis.DOCUMENTED


def test_the_plugins_file_is_named_where_it_is_known() -> None:
    plugin = CustomPlugin("arn:plugin", "p", "ACTIVE", 1, "arn:aws:s3:::plugins", "s3-sink.zip")
    classification = classify(Evidence(connector(SINK), custom_plugins=(plugin,)), CATALOGUE)

    assert matching(classification, "plugin-download")[0].resources == ("arn:aws:s3:::plugins/s3-sink.zip",)


@pytest.mark.parametrize(
    ("destination", "subject", "path", "resource"),
    [
        (S3("logs", "msk/"), "s3", "resource-policy", "arn:aws:s3:::logs/msk/AWSLogs/111122223333/*"),
        (S3("logs"), "s3", "resource-policy", "arn:aws:s3:::logs/AWSLogs/111122223333/*"),
        (
            CloudWatchLogs("/msk/demo"),
            "logs",
            "resource-policy",
            "arn:aws:logs:us-east-1:111122223333:log-group:/msk/demo:log-stream:*",
        ),
        (
            Firehose("demo"),
            "firehose",
            "service-linked-role",
            "arn:aws:firehose:us-east-1:111122223333:deliverystream/demo",
        ),
    ],
)
def test_worker_logs_never_use_the_role(destination: LogDestination, subject: str, path: str, resource: str) -> None:
    classification = classify(Evidence(connector(SINK, log_destinations=(destination,))), CATALOGUE)
    (finding,) = matching(classification, "worker-logs")

    assert (finding.subject, finding.path) == (subject, path)
    assert finding.uses_execution_role is Uses.NO
    assert resource in finding.resources


@pytest.mark.parametrize(("partition", "region"), [("aws-cn", "cn-north-1"), ("aws-us-gov", "us-gov-west-1")])
def test_every_arn_is_of_the_connectors_partition(partition: str, region: str) -> None:
    described = connector(
        SINK | {"value.converter": "com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter"},
        authentication="IAM",
        role=ROLE.replace("arn:aws:", f"arn:{partition}:"),
        partition=partition,
        region=region,
        log_destinations=(S3("logs"), CloudWatchLogs("g"), Firehose("f")),
    )
    classification = classify(Evidence(described), CATALOGUE)
    arns = [arn for f in classification.findings for arn in (*f.resources, f.principal or "") if arn.startswith("arn:")]

    assert arns
    assert all(arn.startswith(f"arn:{partition}:") for arn in arns)


def test_the_principal_is_who_acts() -> None:
    role = {
        "s3.credentials.provider.class": "io.confluent.connect.s3.auth.AwsAssumeRoleCredentialsProvider",
        "s3.credentials.provider.sts.role.arn": OTHER_ROLE,
    }

    assert matching(classified(SINK), "aws-access")[0].principal == ROLE
    assert matching(classified(SINK | role), "aws-access")[0].principal == OTHER_ROLE


def test_findings_that_say_the_same_are_one() -> None:
    glue = "com.amazonaws.services.schemaregistry.kafkaconnect.AWSKafkaAvroConverter"
    (finding,) = matching(
        classified(SINK | {"key.converter": glue, "value.converter": glue}), "aws-access", "converter"
    )

    assert {reference.name for reference in finding.evidence} == {"key.converter", "value.converter"}


@pytest.mark.parametrize("name", NAMES)
def test_every_finding_is_complete(name: str) -> None:
    classification, _ = read(name)

    for finding in classification.findings:
        assert finding.source.startswith("https://")
        assert finding.timing
        assert finding.subject
        assert (finding.basis is Basis.UNKNOWN) == (finding.path == "unknown")
        assert (finding.via is not None) == (finding.path == "assumed-role")
        assert all(":" in action for action in finding.actions)
        assert all("{" not in resource for resource in finding.resources)


def test_what_runs_continuously_says_so() -> None:
    classification = classified(SINK, authentication="IAM")

    for finding in matching(classification, "kafka-auth") + matching(classification, "aws-access"):
        assert Timing.CONTINUOUSLY in finding.timing


def test_a_connector_without_an_arn_still_has_findings() -> None:
    described = replace(connector(SINK, authentication="IAM"), arn="", region="")
    classification = classify(Evidence(described), CATALOGUE)

    assert {finding.activity for finding in classification.findings} >= {Activity.AWS_ACCESS, Activity.KAFKA_AUTH}
