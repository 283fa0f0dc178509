"""Camel's generic connectors, whose URL names the component, and Camel's own templates."""

from __future__ import annotations

import pytest

from tests.bot.classify.support import EXECUTION_ROLE, KEYS, NOTHING, UNKNOWN, classified, codes, paths, resources

_CAMEL = "org.apache.camel.kafkaconnector."
SINK = {"connector.class": f"{_CAMEL}CamelSinkConnector", "topics": "orders"}
SOURCE = {"connector.class": f"{_CAMEL}CamelSourceConnector"}
_CHAIN = "useDefaultCredentialsProvider=true"


@pytest.mark.parametrize(
    ("settings", "service", "expected"),
    [
        (SINK | {"camel.sink.url": f"aws2-s3://lake?{_CHAIN}"}, "s3", EXECUTION_ROLE),
        (SINK | {"camel.sink.url": "aws2-s3://lake?accessKey=AKIACANARY&secretKey=RAW(CA&NARY)"}, "s3", KEYS),
        (
            SINK | {"camel.sink.url": "aws2-s3:lake", "camel.component.aws2-s3.useDefaultCredentialsProvider": "true"},
            "s3",
            EXECUTION_ROLE,
        ),
        (SINK | {"camel.sink.url": "aws2-s3:lake"}, "s3", UNKNOWN),  # neither keys nor the chain: it does not start
        (SOURCE | {"camel.source.url": f"aws2-sqs:orders?{_CHAIN}"}, "sqs", EXECUTION_ROLE),
        (SINK | {"camel.sink.url": f"kamelet:aws-sns-sink?topicNameOrArn=t&{_CHAIN}"}, "sns", EXECUTION_ROLE),
        (SINK | {"camel.sink.url": "jms:queue:orders"}, "unknown", UNKNOWN),
        (SINK | {"camel.sink.url": ""}, "unknown", UNKNOWN),
        (SINK, "unknown", UNKNOWN),
        # A URL counts only for the generic class.
        (SINK | {"connector.class": "com.acme.Sink", "camel.sink.url": f"aws2-s3:lake?{_CHAIN}"}, "unknown", UNKNOWN),
    ],
)
def test_the_url_names_the_component(settings: dict[str, str], service: str, expected: set[str]) -> None:
    assert paths(classified(settings), "aws-access", "plugin") == expected
    assert paths(classified(settings), "aws-access", "plugin", service) == expected


def test_the_url_names_the_resource() -> None:
    settings = SOURCE | {"camel.source.url": f"aws2-sqs:orders?{_CHAIN}&region=eu-west-1"}

    assert resources(classified(settings), "plugin", "sqs") == {"arn:aws:sqs:eu-west-1:111122223333:orders"}


def test_a_warning_names_the_setting_that_is_there() -> None:
    url = {"camel.sink.url": "aws2-s3://lake?accessKey=AKIACANARY&secretKey=CANARY"}
    (caution,) = (c for c in classified(SINK | url).cautions if c.code == "static-credentials")

    assert caution.reason.data["keys"] == ("camel.sink.url",)


_S3 = {
    "connector.class": f"{_CAMEL}awss3sink.CamelAwss3sinkSinkConnector",
    "topics": "orders",
    "camel.kamelet.aws-s3-sink.bucketNameOrArn": "lake",
    "camel.kamelet.aws-s3-sink.useDefaultCredentialsProvider": "true",
}
_KEY_NAME = "camel.kamelet.aws-s3-sink.keyName"


@pytest.mark.parametrize("value", ["${date:now:yyyyMMdd}", "${header:kafka.KEY}", "${random:10}", "${body}"])
def test_camels_own_functions_are_no_config_providers(value: str) -> None:
    classification = classified(_S3 | {_KEY_NAME: value})

    assert codes(classification) == set()
    assert paths(classification, "aws-access", "config-provider") == NOTHING


@pytest.mark.parametrize("settings", [_S3 | {_KEY_NAME: "${secrets:a:b}"}, _S3 | {"acme.date": "${date:now:yyyyMMdd}"}])
def test_any_other_reference_is_one(settings: dict[str, str]) -> None:
    assert codes(classified(settings)) == {"unresolved-config-provider"}


def test_a_function_that_the_worker_defines_is_the_workers() -> None:
    worker = {
        "config.providers": "date",
        "config.providers.date.class": "com.amazonaws.kafka.config.providers.SsmParamStoreConfigProvider",
    }
    classification = classified(_S3 | {_KEY_NAME: "${date::/now}"}, worker)

    assert paths(classification, "aws-access", "config-provider", "ssm") == EXECUTION_ROLE
