from __future__ import annotations

import base64
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.aws.connectors import Connectors
from bot.aws.sessions import Clients
from bot.model import Cause, Connector, CustomPlugin, Unavailable, WorkerConfiguration
from bot.pipe.ports import Window
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US, connect_arn

NOW = datetime.now(UTC)
QUARTER = Window(NOW - timedelta(days=90), NOW)
ORDERS = connect_arn("connector", "orders-s3-sink", EU)
TICKETS = connect_arn("connector", "tickets-s3-sink", US)
WORKER = connect_arn("worker-configuration", "secrets-manager-worker", EU)
PLUGIN = connect_arn("custom-plugin", "confluent-s3", EU)


@pytest.fixture
def connectors(clients: Clients) -> Connectors:
    return Connectors(clients)


def gap(read: object) -> tuple[str, Cause]:
    assert isinstance(read, Unavailable)
    return read.operation, read.cause


def test_a_region_is_listed_with_the_roles_that_its_connectors_name(connectors: Connectors) -> None:
    listed = connectors.list(EU)
    assert isinstance(listed, tuple)
    orders = next(summary for summary in listed if summary.name == "orders-s3-sink")
    assert (orders.arn, orders.region, orders.state) == (ORDERS, EU, "RUNNING")
    assert orders.role_arn == "arn:aws:iam::111122223333:role/orders-s3-sink-role"
    assert len(listed) == 12


def test_all_pages_are_read(aws: EmbeddedAws, connectors: Connectors) -> None:
    description = aws.client("kafkaconnect", EU).describe_connector(connectorArn=ORDERS)
    del description["ResponseMetadata"]
    for number in range(120):
        name = f"copy-{number:03}"
        copy = {**description, "connectorName": name, "connectorArn": connect_arn("connector", name, EU)}
        aws.put("connector", _as_printed(copy))
    listed = connectors.list(EU, "copy-")
    assert isinstance(listed, tuple)
    assert [summary.name for summary in listed] == [f"copy-{number:03}" for number in range(120)]


def _as_printed(description: dict[str, Any]) -> dict[str, Any]:
    return {key: value.isoformat() if isinstance(value, datetime) else value for key, value in description.items()}


def test_a_prefix_filters_and_one_that_nothing_has_finds_nothing(connectors: Connectors) -> None:
    listed = connectors.list(EU, "orders-")
    assert isinstance(listed, tuple)
    assert [summary.name for summary in listed] == ["orders-s3-sink"]
    assert connectors.list(EU, "<!channel>*") == ()


def test_a_connector_is_described_with_its_configuration(connectors: Connectors) -> None:
    connector = connectors.describe(ORDERS)
    assert isinstance(connector, Connector)
    assert connector.configuration["connector.class"] == "io.confluent.connect.s3.S3SinkConnector"
    assert (connector.region, connector.authentication_type) == (EU, "IAM")


def test_the_worker_configuration_is_the_latest_revision_whatever_is_pinned(connectors: Connectors) -> None:
    read = connectors.worker_configuration(WORKER)
    assert isinstance(read, WorkerConfiguration)
    assert read.name == "secrets-manager-worker"
    assert read.latest_revision is not None
    assert read.latest_revision > 2
    assert "config.providers" in read.properties


def test_a_custom_plugin_names_its_file(connectors: Connectors) -> None:
    read = connectors.custom_plugin(PLUGIN)
    assert isinstance(read, CustomPlugin)
    assert read.bucket_arn == "arn:aws:s3:::acme-connect-plugins"
    assert read.file_key.startswith("confluentinc-kafka-connect-s3")


def test_operations_are_those_of_the_window_and_the_newest_pause_newest_first(connectors: Connectors) -> None:
    operations = connectors.operations(TICKETS, QUARTER)
    assert isinstance(operations, tuple)
    assert [o.type for o in operations] == ["RESUME_CONNECTOR", "PAUSE_CONNECTOR", "UPDATE_WORKER_SETTING"]
    before = connectors.operations(TICKETS, Window(NOW - timedelta(days=7), NOW))
    assert isinstance(before, tuple)
    assert [o.type for o in before] == ["PAUSE_CONNECTOR"]


@pytest.mark.parametrize(
    "arn",
    [
        "orders-s3-sink",
        "arn:aws:iam::111122223333:role/orders",
        "arn:aws:kafkaconnect::111122223333:connector/a/b",
        "arn:aws:kafkaconnect:evil.example:111122223333:connector/a/b",
    ],
)
def test_what_is_no_arn_of_msk_connect_is_never_sent(aws: EmbeddedAws, connectors: Connectors, arn: str) -> None:
    assert gap(connectors.describe(arn)) == ("kafkaconnect:DescribeConnector", Cause.MALFORMED)
    assert gap(connectors.custom_plugin(arn)) == ("kafkaconnect:DescribeCustomPlugin", Cause.MALFORMED)
    assert not aws.calls()


def test_a_connector_that_does_not_exist_is_not_found(connectors: Connectors) -> None:
    read = connectors.describe(connect_arn("connector", "nobody", EU))
    assert gap(read) == ("kafkaconnect:DescribeConnector", Cause.NOT_FOUND)


@pytest.mark.parametrize("content", ["not base64", base64.b64encode(b"key=\\uZZZZ").decode()])
def test_worker_properties_that_java_would_refuse_are_unreadable(
    aws: EmbeddedAws, connectors: Connectors, content: str
) -> None:
    arn = connect_arn("worker-configuration", "broken", EU)
    revision = {"revision": 1, "propertiesFileContent": content}
    aws.put("worker_configuration", {"workerConfigurationArn": arn, "name": "broken", "latestRevision": revision})
    assert gap(connectors.worker_configuration(arn)) == ("kafkaconnect:DescribeWorkerConfiguration", Cause.MALFORMED)


@pytest.mark.parametrize("how", ["truncated", "wrong-types", "wrong-shapes", "empty"])
def test_an_answer_of_another_shape_is_malformed_and_never_an_absence(
    aws: EmbeddedAws, connectors: Connectors, how: str
) -> None:
    aws.fail("*", how)
    reads = (
        connectors.list(EU),
        connectors.describe(ORDERS),
        connectors.worker_configuration(WORKER),
        connectors.custom_plugin(PLUGIN),
        connectors.operations(TICKETS, QUARTER),
    )
    assert {gap(read)[1] for read in reads} == {Cause.MALFORMED}
