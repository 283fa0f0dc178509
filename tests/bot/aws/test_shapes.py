"""DescribeConnector's answer, and worker properties, as they come."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.aws.shapes import MalformedAnswer, connector_from, worker_properties
from bot.model import S3, CloudWatchLogs, Firehose, RevisionRef
from tests.volume import examples

_CASE = Path(__file__).parents[2] / "cases" / "s77-all-three-log-destinations" / "connector.json"
_ARN = "arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders-s3-sink/0a1b-1"


def _described(**fields: Any) -> dict[str, Any]:
    return {"connectorArn": _ARN, "connectorName": "orders-s3-sink"} | fields


def test_a_whole_answer_is_read() -> None:
    connector = connector_from(json.loads(_CASE.read_text()))

    assert connector.name == "demo-connector-s77"
    assert (connector.region, connector.account, connector.partition) == ("us-east-1", "111122223333", "aws")
    assert connector.state == "RUNNING"
    assert connector.authentication_type == "NONE"
    assert connector.role_arn == "arn:aws:iam::111122223333:role/MskConnectExecution"
    assert connector.configuration["topic.prefix"] == "shop"
    assert connector.log_destinations == (
        CloudWatchLogs("/msk-connect/demo-connector-s77"),
        S3("example-worker-logs-s77", "msk-connect/"),
        Firehose("demo-connector-s77-logs"),
    )
    assert connector.worker_configuration is not None
    assert connector.worker_configuration.revision == 1
    assert connector.created is not None
    assert connector.created.tzinfo is UTC


def test_an_answer_with_nothing_but_its_name_is_read() -> None:
    connector = connector_from(_described())

    assert connector.region == "eu-west-1"
    assert (connector.state, connector.role_arn, connector.authentication_type) == ("", "", "")
    assert dict(connector.configuration) == {}
    assert connector.log_destinations == ()
    assert connector.plugins == ()
    assert connector.worker_configuration is None
    assert connector.created is None


def test_the_region_that_was_asked_comes_before_the_arns() -> None:
    assert connector_from(_described(), "us-east-1").region == "us-east-1"


def test_a_name_is_taken_from_the_arn_where_there_is_none() -> None:
    assert connector_from({"connectorArn": _ARN}).name == "orders-s3-sink"


@pytest.mark.parametrize(
    "value",
    [
        "2025-03-04T09:12:33.512000+00:00",
        "2025-03-04T09:12:33.512Z",
        "2025-03-04T11:12:33.512+02:00",
        1741079553.512,
        datetime(2025, 3, 4, 9, 12, 33, 512000, tzinfo=UTC),
        datetime(2025, 3, 4, 9, 12, 33, 512000),  # boto3 gives an offset, but nothing promises it
    ],
)
def test_a_time_comes_from_boto3_and_from_either_command_line(value: Any) -> None:
    assert connector_from(_described(creationTime=value)).created == datetime(2025, 3, 4, 9, 12, 33, 512000, tzinfo=UTC)


def test_only_enabled_destinations_count() -> None:
    delivery = {
        "cloudWatchLogs": {"enabled": False, "logGroup": "g"},
        "s3": {"enabled": True},
        "firehose": {"deliveryStream": "f"},
    }

    assert connector_from(_described(logDelivery={"workerLogDelivery": delivery})).log_destinations == (S3(""),)


def test_plugins_and_worker_configuration_keep_their_revisions() -> None:
    connector = connector_from(
        _described(
            plugins=[{"customPlugin": {"customPluginArn": "arn:p", "revision": 3}}, {}],
            workerConfiguration={"workerConfigurationArn": "arn:w"},
        )
    )

    assert connector.plugins == (RevisionRef("arn:p", 3), RevisionRef(""))
    assert connector.worker_configuration == RevisionRef("arn:w")


def test_values_that_aws_adds_are_kept_as_they_are() -> None:
    connector = connector_from(
        _described(
            connectorState="HIBERNATING", kafkaClusterClientAuthentication={"authenticationType": "OAUTH"}, new={}
        )
    )

    assert (connector.state, connector.authentication_type) == ("HIBERNATING", "OAUTH")


@pytest.mark.parametrize(
    ("answer", "where"),
    [
        ({}, "connectorArn"),
        ({"connectors": []}, "connectorArn"),
        ([], "the answer"),
        ("CANARY", "the answer"),
        (None, "the answer"),
        (_described(connectorConfiguration=["CANARY"]), "connectorConfiguration"),
        (_described(connectorConfiguration={"database.password": 12345}), "database.password"),
        (_described(connectorConfiguration={1: "x"}), "connectorConfiguration"),
        (_described(serviceExecutionRoleArn={"CANARY": 1}), "serviceExecutionRoleArn"),
        (_described(kafkaClusterClientAuthentication="CANARY"), "kafkaClusterClientAuthentication"),
        (_described(logDelivery={"workerLogDelivery": {"s3": {"enabled": "CANARY"}}}), "enabled"),
        (_described(plugins={"CANARY": 1}), "plugins"),
        (_described(plugins=["CANARY"]), "plugins"),
        (_described(workerConfiguration={"revision": True}), "revision"),
        (_described(creationTime="CANARY"), "creationTime"),
        (_described(creationTime=1e300), "creationTime"),
        (_described(creationTime=[]), "creationTime"),
    ],
)
def test_a_wrong_field_is_named_and_its_value_is_not(answer: Any, where: str) -> None:
    with pytest.raises(MalformedAnswer) as malformed:
        connector_from(answer)

    assert malformed.value.where == where
    assert "CANARY" not in f"{malformed.value} {malformed.value!r}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", {}),
        ("a=b\nc:d\ne f\n", {"a": "b", "c": "d", "e": "f"}),
        ("# comment\n! another\n\n  key   =  value with blanks  \n", {"key": "value with blanks  "}),
        ("long=one,\\\n     two\n", {"long": "one,two"}),
        ("empty=\nbare\n", {"empty": "", "bare": ""}),
        ("unicode=\\u00e9 \u00e9\r\nnext=1", {"unicode": "\u00e9 \u00e9", "next": "1"}),
        ("twice=1\ntwice=2", {"twice": "2"}),
        ("escaped\\=key=a\\:b", {"escaped=key": "a:b"}),
    ],
)
def test_worker_properties_are_read_as_java_does(text: str, expected: dict[str, str]) -> None:
    assert dict(worker_properties(text)) == expected


def test_properties_that_java_refuses_are_refused() -> None:
    with pytest.raises(MalformedAnswer, match="propertiesFileContent"):
        worker_properties("password=CANARY\\u00g0")


_PROPERTIES = st.lists(
    st.one_of(
        st.text(max_size=40), st.sampled_from(["config.providers=a", "x: y", "k\\", "\\u12", "# c", "\ufeffa = b"])
    )
).map("\n".join)


@examples(100, 10_000)
@given(_PROPERTIES)
def test_any_text_is_worker_properties_or_named_as_malformed(text: str) -> None:
    try:
        properties = worker_properties(text)
    except MalformedAnswer:
        return
    assert all(isinstance(value, str) for value in properties.values())
