from __future__ import annotations

from dataclasses import dataclass, fields

import pytest

from bot.aws.log_destinations import AWS_MANAGED_KEY, KEY_ALIAS, LogDestinations
from bot.aws.sessions import Clients
from bot.model import (
    S3,
    BucketState,
    Cause,
    CloudWatchLogs,
    Connector,
    DeliveryStreamState,
    Firehose,
    LogDestination,
    LogDestinationState,
    LogGroupState,
    ResourcePolicy,
    Unavailable,
)
from bot.pipe.ports import Deadline
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US, connect_arn, key_arn, log_group_arn

EUROPEAN = Connector("any", connect_arn("connector", "any", EU), EU, "RUNNING", "", "IAM")
AMERICAN = Connector("any", connect_arn("connector", "any", US), US, "RUNNING", "", "IAM")
SNOWFLAKE_LOGS = "/msk-connect/events-snowflake-sink"


@pytest.fixture
def destinations(clients: Clients) -> LogDestinations:
    return LogDestinations(clients)


def bucket(reader: LogDestinations, name: str, connector: Connector = EUROPEAN) -> BucketState:
    reading = reader.read(S3(name), connector, Deadline.after(5))
    assert isinstance(reading, BucketState)
    assert reading.bucket == name
    return reading


def log_group(reader: LogDestinations, name: str, connector: Connector = EUROPEAN) -> LogGroupState:
    reading = reader.read(CloudWatchLogs(name), connector, Deadline.after(5))
    assert isinstance(reading, LogGroupState)
    return reading


def stream(reader: LogDestinations, name: str) -> DeliveryStreamState:
    reading = reader.read(Firehose(name), EUROPEAN, Deadline.after(5))
    assert isinstance(reading, DeliveryStreamState)
    return reading


def sids(policy: object) -> list[str]:
    assert isinstance(policy, ResourcePolicy)
    return [statement["Sid"] for statement in policy.document["Statement"]]


def gaps(reading: LogDestinationState) -> dict[str, Cause]:
    values = (getattr(reading, field.name) for field in fields(reading))
    return {value.operation: value.cause for value in values if isinstance(value, Unavailable)}


# --- S3 and KMS ------------------------------------------------------------------------------------------------------


def test_a_bucket_comes_with_its_policy(destinations: LogDestinations) -> None:
    reading = bucket(destinations, "acme-connect-logs")
    assert sids(reading.policy) == ["AWSLogDeliveryAclCheck", "AWSLogDeliveryWrite"]
    assert (reading.kms_key, reading.key_policy) == ("", None)


def test_a_bucket_without_policy_is_read_as_such(destinations: LogDestinations) -> None:
    assert bucket(destinations, "acme-connect-logs-bare") == BucketState(
        "acme-connect-logs-bare", None, bucket_key=False
    )


def test_a_bucket_that_does_not_exist_is_no_bucket_without_policy(destinations: LogDestinations) -> None:
    reading = bucket(destinations, "acme-connect-logs-deleted", AMERICAN)
    assert gaps(reading) == {"s3:GetBucketPolicy": Cause.NOT_FOUND, "s3:GetBucketEncryption": Cause.NOT_FOUND}


def test_the_policy_of_a_customer_managed_key_is_read(aws: EmbeddedAws, destinations: LogDestinations) -> None:
    reading = bucket(destinations, "acme-connect-logs-kms")
    assert reading.kms_key == key_arn("connect-logs", EU)
    assert len(sids(reading.key_policy)) == 2
    assert len(aws.calls()) == 3


@pytest.mark.parametrize(
    ("key", "asked", "read"),
    [
        (None, AWS_MANAGED_KEY, None),
        (f"arn:aws:kms:{EU}:111122223333:alias/aws/s3", f"arn:aws:kms:{EU}:111122223333:alias/aws/s3", None),
        ("alias/logs", "alias/logs", Unavailable("kms:GetKeyPolicy", "alias/logs", Cause.ERROR, error_code=KEY_ALIAS)),
        ("key <!here>", "key <!here>", Unavailable("kms:GetKeyPolicy", "key <!here>", Cause.MALFORMED)),
    ],
)
def test_a_key_whose_policy_cannot_be_read_says_so(
    aws: EmbeddedAws, destinations: LogDestinations, key: str | None, asked: str, read: Unavailable | None
) -> None:
    encryption = {"SSEAlgorithm": "aws:kms", **({"KMSMasterKeyID": key} if key else {})}
    rule = {"Rules": [{"ApplyServerSideEncryptionByDefault": encryption}]}
    aws.client("s3", EU).put_bucket_encryption(Bucket="acme-connect-logs-bare", ServerSideEncryptionConfiguration=rule)
    reading = bucket(destinations, "acme-connect-logs-bare")
    assert (reading.kms_key, reading.key_policy) == (asked, read)


@pytest.mark.parametrize("enabled", [True, False, None])
def test_a_bucket_says_whether_it_has_a_bucket_key(
    aws: EmbeddedAws, destinations: LogDestinations, enabled: bool | None
) -> None:
    default = {"ApplyServerSideEncryptionByDefault": {"SSEAlgorithm": "aws:kms"}}
    rule = {"Rules": [default if enabled is None else {**default, "BucketKeyEnabled": enabled}]}
    aws.client("s3", EU).put_bucket_encryption(Bucket="acme-connect-logs-bare", ServerSideEncryptionConfiguration=rule)
    assert bucket(destinations, "acme-connect-logs-bare").bucket_key is bool(enabled)


@pytest.mark.parametrize("name", ["", "Upper", "a/b", "arn:aws:s3:eu-west-1:111122223333:accesspoint/x", "x" * 64])
def test_what_is_no_bucket_name_is_never_sent(aws: EmbeddedAws, destinations: LogDestinations, name: str) -> None:
    assert set(gaps(bucket(destinations, name)).values()) == {Cause.MALFORMED}
    assert not aws.calls()


# --- CloudWatch Logs -------------------------------------------------------------------------------------------------


def test_policies_of_the_account_and_of_the_log_group_are_told_apart(destinations: LogDestinations) -> None:
    reading = log_group(destinations, SNOWFLAKE_LOGS)
    assert isinstance(reading.account_policies, tuple)
    assert isinstance(reading.group_policies, tuple)
    names = {policy.name for policy in reading.account_policies}
    assert names == {"msk-connect-inventory", "AWSLogDeliveryWrite20150319"}
    assert [policy.scope for policy in reading.group_policies] == [log_group_arn(SNOWFLAKE_LOGS, EU)]


def test_a_log_group_without_any_policy_is_read_as_such(destinations: LogDestinations) -> None:
    reading = log_group(destinations, "/msk-connect/ledger-mongo-source", AMERICAN)
    assert (reading.account_policies, reading.group_policies) == ((), ())


def test_a_log_group_that_does_not_exist_is_not_found(destinations: LogDestinations) -> None:
    reading = log_group(destinations, "/nobody")
    assert gaps(reading) == {"logs:DescribeResourcePolicies": Cause.NOT_FOUND}


def test_every_page_of_policies_is_read(aws: EmbeddedAws, destinations: LogDestinations) -> None:
    client = aws.client("logs", US)
    for number in range(10):
        client.put_resource_policy(policyName=f"p{number}", policyDocument='{"Statement":[]}')
    reading = log_group(destinations, "/msk-connect/ledger-mongo-source", AMERICAN)
    assert isinstance(reading.account_policies, tuple)
    assert len(reading.account_policies) == 10


# --- Firehose --------------------------------------------------------------------------------------------------------


def test_a_stream_comes_with_its_tags_and_the_service_linked_role(destinations: LogDestinations) -> None:
    tags = {"LogDeliveryEnabled": "true", "team": "data"}
    assert stream(destinations, "connect-logs-tagged") == DeliveryStreamState("connect-logs-tagged", tags, True)


def test_a_service_linked_role_that_does_not_exist_is_an_answer(
    aws: EmbeddedAws, destinations: LogDestinations
) -> None:
    aws.client("iam").delete_role(RoleName="AWSServiceRoleForLogDelivery")
    assert stream(destinations, "connect-logs-tagged").service_linked_role is False


def test_a_stream_that_does_not_exist_is_not_found(destinations: LogDestinations) -> None:
    assert gaps(stream(destinations, "nobody")) == {"firehose:ListTagsForDeliveryStream": Cause.NOT_FOUND}


def test_tags_come_in_pages(aws: EmbeddedAws, destinations: LogDestinations) -> None:
    many = [{"Key": f"key{number:02}", "Value": "x"} for number in range(48)]
    aws.client("firehose", EU).tag_delivery_stream(DeliveryStreamName="clicks", Tags=many)
    tags = stream(destinations, "clicks").tags
    assert isinstance(tags, dict)
    assert len(tags) == 48


# --- failures --------------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Part:
    """One operation about one destination; ``containing`` tells requests of the same operation apart."""

    operation: str
    destination: LogDestination
    containing: str = ""


PARTS = [
    Part("s3:GetBucketPolicy", S3("acme-connect-logs-kms")),
    Part("s3:GetBucketEncryption", S3("acme-connect-logs-kms")),
    Part("kms:GetKeyPolicy", S3("acme-connect-logs-kms")),
    Part("logs:DescribeResourcePolicies", CloudWatchLogs(SNOWFLAKE_LOGS), "ACCOUNT"),
    Part("logs:DescribeResourcePolicies", CloudWatchLogs(SNOWFLAKE_LOGS), "RESOURCE"),
    Part("firehose:ListTagsForDeliveryStream", Firehose("connect-logs-tagged")),
    Part("iam:GetRole", Firehose("connect-logs-tagged")),
]


@pytest.mark.parametrize("part", PARTS, ids=lambda part: f"{part.operation}-{part.containing}")
@pytest.mark.parametrize(
    ("how", "cause"),
    [
        ("access-denied", Cause.ACCESS_DENIED),
        ("throttled", Cause.THROTTLED),
        ("error-500", Cause.ERROR),
        ("truncated", Cause.MALFORMED),
        ("wrong-types", Cause.MALFORMED),
        ("wrong-shapes", Cause.MALFORMED),
        ("empty", Cause.MALFORMED),
        ("hang", Cause.TIMEOUT),
    ],
)
def test_a_part_that_fails_costs_only_itself(
    aws: EmbeddedAws, destinations: LogDestinations, part: Part, how: str, cause: Cause
) -> None:
    destinations.read(part.destination, EUROPEAN, Deadline.after(5))  # makes the clients, which takes a while
    aws.fail(part.operation, how, containing=part.containing)
    reading = destinations.read(part.destination, EUROPEAN, Deadline.after(0.5 if how == "hang" else 5))
    assert gaps(reading) == {part.operation: cause}
