"""Failures on order, for every operation, as the real clients meet them."""

from __future__ import annotations

import threading
import time
from collections.abc import Mapping
from typing import Any

import pytest
from botocore import xform_name
from botocore.config import Config
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.session import Session

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, connect_arn, key_arn, role_arn

#: A call of each operation that succeeds.
CALLS: Mapping[str, Mapping[str, Any]] = {
    "kafkaconnect:ListConnectors": {},
    "kafkaconnect:DescribeConnector": {"connectorArn": connect_arn("connector", "orders-s3-sink", EU)},
    "kafkaconnect:DescribeWorkerConfiguration": {
        "workerConfigurationArn": connect_arn("worker-configuration", "plain-worker", EU)
    },
    "kafkaconnect:DescribeCustomPlugin": {"customPluginArn": connect_arn("custom-plugin", "confluent-s3", EU)},
    "kafkaconnect:ListConnectorOperations": {"connectorArn": connect_arn("connector", "orders-s3-sink", EU)},
    "iam:GetRole": {"RoleName": "orders-s3-sink-role"},
    "iam:GenerateServiceLastAccessedDetails": {"Arn": role_arn("orders-s3-sink-role")},
    "s3:GetBucketPolicy": {"Bucket": "acme-connect-logs"},
    "s3:GetBucketEncryption": {"Bucket": "acme-connect-logs"},
    "kms:GetKeyPolicy": {"KeyId": key_arn("connect-logs", EU)},
    "logs:DescribeResourcePolicies": {},
    "firehose:ListTagsForDeliveryStream": {"DeliveryStreamName": "clicks"},
    "cloudtrail:LookupEvents": {"MaxResults": 1},
    "cloudtrail:DescribeTrails": {},
    "cloudtrail:GetEventSelectors": {"TrailName": "management-events"},
}

#: Error code and HTTP status of each service's own refusals.
REFUSALS = {
    "access-denied": {
        "kafkaconnect": ("ForbiddenException", 403),
        "iam": ("AccessDenied", 403),
        "s3": ("AccessDenied", 403),
        "": ("AccessDeniedException", 400),
    },
    "throttled": {
        "kafkaconnect": ("TooManyRequestsException", 429),
        "iam": ("Throttling", 400),
        "s3": ("SlowDown", 503),
        "": ("ThrottlingException", 400),
    },
    "error-500": {
        "kafkaconnect": ("InternalServerErrorException", 500),
        "iam": ("ServiceFailure", 500),
        "s3": ("InternalError", 500),
        "": ("InternalFailure", 500),
    },
    "expired-token": {
        "iam": ("ExpiredToken", 403),
        "s3": ("ExpiredToken", 403),
        "": ("ExpiredTokenException", 403),
    },
}


def call(aws: EmbeddedAws, operation: str, region: str = EU) -> dict[str, Any]:
    service, _, name = operation.partition(":")
    answer: dict[str, Any] = getattr(aws.client(service, region), xform_name(name))(**CALLS[operation])
    return {key: value for key, value in answer.items() if key != "ResponseMetadata"}


def outcome(aws: EmbeddedAws, operation: str) -> object:
    """Return the answer, the error code of a refusal, or the kind of a failure to read the answer."""
    try:
        return call(aws, operation)
    except ClientError as refusal:
        return refusal.response["Error"]["Code"]
    except Exception as failure:  # noqa: BLE001  # botocore fails in many ways over a damaged answer
        return type(failure)


@pytest.mark.parametrize("how", REFUSALS)
@pytest.mark.parametrize("operation", CALLS)
def test_a_refusal_has_the_code_and_status_of_its_service(aws: EmbeddedAws, operation: str, how: str) -> None:
    aws.fail(operation, how, 1)
    by_service = REFUSALS[how]
    with pytest.raises(ClientError) as refusal:
        call(aws, operation)
    response = refusal.value.response
    expected = by_service.get(operation.partition(":")[0], by_service[""])
    assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == expected
    assert call(aws, operation)


@pytest.mark.parametrize("how", ["truncated", "wrong-types", "wrong-shapes", "empty"])
@pytest.mark.parametrize("operation", CALLS)
def test_a_damaged_answer_is_not_the_answer(aws: EmbeddedAws, operation: str, how: str) -> None:
    good = call(aws, operation)
    aws.fail(operation, how, 1)
    assert outcome(aws, operation) != good
    assert call(aws, operation).keys() == good.keys()


def test_a_truncated_json_answer_reaches_the_caller_as_success_without_members(aws: EmbeddedAws) -> None:
    """botocore does not check the length of an answer, and takes JSON that it cannot parse for an empty document."""
    aws.fail("kafkaconnect:ListConnectors", "truncated")
    assert call(aws, "kafkaconnect:ListConnectors") == {}


def test_a_hanging_call_is_let_go_by_the_reset(aws: EmbeddedAws) -> None:
    aws.fail("iam:GetRole", "hang")
    ended = threading.Event()

    def wait() -> None:
        outcome(aws, "iam:GetRole")
        ended.set()

    threading.Thread(target=wait, daemon=True).start()
    assert not ended.wait(0.3)
    assert aws.calls()[-1].ended is None
    aws.reset()
    assert ended.wait(5)


def test_a_client_with_a_read_timeout_gives_up_on_a_hanging_call(aws: EmbeddedAws) -> None:
    aws.fail("iam:GetRole", "hang")
    session = Session()
    session.set_credentials("AKIASANDBOX000000001", "x")
    impatient = Config(read_timeout=0.2, retries={"total_max_attempts": 1})
    client = session.create_client("iam", EU, endpoint_url=aws.endpoint_url, config=impatient)
    with pytest.raises(ReadTimeoutError):
        client.get_role(RoleName="orders-s3-sink-role")


def test_a_fault_can_be_narrowed_to_a_region_or_to_what_is_asked(aws: EmbeddedAws) -> None:
    aws.fail("kafkaconnect:ListConnectors", "access-denied", region="us-east-1")
    aws.fail("iam:GetRole", "throttled", containing="ledger-role")
    assert call(aws, "kafkaconnect:ListConnectors")
    with pytest.raises(ClientError):
        call(aws, "kafkaconnect:ListConnectors", "us-east-1")
    assert call(aws, "iam:GetRole")
    with pytest.raises(ClientError):
        aws.client("iam").get_role(RoleName="ledger-role")


def test_a_delay_of_one_operation_does_not_slow_the_others(aws: EmbeddedAws) -> None:
    aws.delay(0.2, "iam:GetRole")
    began = time.monotonic()
    call(aws, "kms:GetKeyPolicy")
    between = time.monotonic()
    call(aws, "iam:GetRole")
    assert between - began < 0.2 <= time.monotonic() - between


def test_delayed_calls_run_side_by_side(aws: EmbeddedAws) -> None:
    call(aws, "kafkaconnect:ListConnectors")
    aws.delay(0.3)
    began = time.monotonic()
    threads = [threading.Thread(target=call, args=(aws, "kafkaconnect:ListConnectors")) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert time.monotonic() - began < 0.9
