"""MirrorMaker 2, side by side, and Confluent's Replicator."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import (
    EXECUTION_ROLE,
    NO_IAM,
    NOTHING,
    OTHER_ROLE,
    VIA_KEYS,
    VIA_ROLE,
    classified,
    codes,
    paths,
    resources,
)
from tests.bot.classify.test_kafka import iam, scram

_MIRROR = "org.apache.kafka.connect.mirror.Mirror"
SOURCE = {
    "connector.class": f"{_MIRROR}SourceConnector",
    "source.cluster.alias": "a",
    "target.cluster.alias": "b",
    "source.cluster.bootstrap.servers": "b-1.src.a1b2c3.c4.kafka.us-west-2.amazonaws.com:9098",
    "target.cluster.bootstrap.servers": "b-1.dst.a1b2c3.c4.kafka.us-east-1.amazonaws.com:9098",
    "topics": "orders.*",
}
_ROLE = f'awsRoleArn="{OTHER_ROLE}"'
_KEYS = 'awsRoleAccessKeyId="AKIACANARY" awsRoleSecretAccessKey="CANARY"'


@pytest.mark.parametrize(
    ("settings", "source", "target"),
    [
        ({}, NO_IAM, NO_IAM),
        (iam("source.cluster."), EXECUTION_ROLE, NO_IAM),
        (iam("target.cluster."), NO_IAM, EXECUTION_ROLE),
        (iam("source.cluster.", _ROLE) | iam("target.cluster."), VIA_ROLE, EXECUTION_ROLE),
        (iam("source.cluster.", f"{_ROLE} {_KEYS}") | scram("target.cluster."), VIA_KEYS, NO_IAM),
        # A client's own prefix comes after the side's, and both after the cluster's.
        (scram("source.cluster.") | iam("consumer."), {"no-iam", "service-execution-role"}, NO_IAM),
        (
            scram("source.cluster.") | iam("source.consumer.") | iam("source.admin.") | iam("source.producer."),
            EXECUTION_ROLE,
            NO_IAM,
        ),
        (
            iam("consumer.") | scram("source.consumer.") | scram("source.admin.") | scram("source.producer."),
            NO_IAM,
            NO_IAM,
        ),
        (scram("target.cluster.") | iam("target.admin."), NO_IAM, EXECUTION_ROLE),
        (scram("target.cluster.") | iam("target.producer."), NO_IAM, NO_IAM),  # offsets are synchronised at the source
        (
            scram("target.cluster.") | iam("target.producer.") | {"offset-syncs.topic.location": "target"},
            NO_IAM,
            {"no-iam", "service-execution-role"},
        ),
        # Nobody reads this form.
        (scram("source.cluster.") | iam("source.cluster.consumer."), NO_IAM, NO_IAM),
        (scram("source.cluster.") | iam("source."), NO_IAM, NO_IAM),
    ],
)
def test_each_side_has_its_own_credentials(settings: dict[str, str], source: set[str], target: set[str]) -> None:
    classification = classified(SOURCE | settings)

    assert paths(classification, "kafka-auth", "source-cluster") == source
    assert paths(classification, "kafka-auth", "target-cluster") == target
    assert paths(classification, "kafka-auth", "records") == NO_IAM


@pytest.mark.parametrize(
    ("settings", "expected"),
    [
        (iam("source.cluster."), False),
        (iam("source.consumer."), False),
        (iam("consumer."), False),
        (iam("source.cluster.consumer."), True),
        (iam(""), True),
    ],
)
def test_the_form_that_nobody_reads_is_warned_of(settings: dict[str, str], expected: bool) -> None:
    assert ("inert-client-settings" in codes(classified(SOURCE | settings))) is expected


@pytest.mark.parametrize(
    ("class_name", "source", "target"),
    [
        ("SourceConnector", VIA_ROLE, VIA_ROLE),
        ("CheckpointConnector", VIA_ROLE, VIA_ROLE),
        ("HeartbeatConnector", NOTHING, VIA_ROLE),
    ],
)
def test_each_connector_opens_the_clients_it_needs(class_name: str, source: set[str], target: set[str]) -> None:
    settings = SOURCE | iam("source.cluster.", _ROLE) | iam("target.cluster.", _ROLE)
    classification = classified(settings | {"connector.class": _MIRROR + class_name})

    assert paths(classification, "kafka-auth", "source-cluster") == source
    assert paths(classification, "kafka-auth", "target-cluster") == target
    assert "assume-role-fallback" in codes(classification)


def test_the_records_follow_the_authentication_type_of_the_worker() -> None:
    settings = SOURCE | scram("source.cluster.") | scram("target.cluster.")

    assert paths(classified(settings, authentication="IAM"), "kafka-auth", "records") == EXECUTION_ROLE


def test_each_side_names_the_region_of_its_brokers() -> None:
    classification = classified(SOURCE | iam("source.cluster."))

    assert "arn:aws:kafka:us-west-2:111122223333:topic/*/*/*" in resources(classification, "source-cluster", "kafka")


def test_the_replicator_has_three_clients_of_its_own() -> None:
    settings = {
        "connector.class": "io.confluent.connect.replicator.ReplicatorSourceConnector",
        "confluent.topic.bootstrap.servers": "b-1:9092",
    }
    classification = classified(settings | iam("src.kafka.") | scram("dest.kafka."))

    assert paths(classification, "kafka-auth", "source-cluster") == EXECUTION_ROLE
    assert paths(classification, "kafka-auth", "target-cluster") == NO_IAM
    assert paths(classification, "kafka-auth", "reporter") == NO_IAM
