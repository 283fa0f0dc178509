"""What AWS documents of each operation, asked of the embedded AWS through boto3 as the bot asks it."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore import xform_name
from botocore.exceptions import ClientError
from botocore.validate import ParamValidator

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.aws.authorisation import iam_action
from bot.sandbox.scenario.names import EU, US, connect_arn, key_arn, log_group_arn, role_arn

POLICY = Path(__file__).resolve().parents[4] / "deploy" / "iam-policy.json"
#: Operations whose documented behaviour is asked elsewhere: CloudTrail's stores have tests of their own.
ELSEWHERE = ("cloudtrail:LookupEvents", "athena:", "logs:StartQuery", "logs:GetQueryResults", "logs:StopQuery")

ORDERS = connect_arn("connector", "orders-s3-sink", EU)
TICKETS = connect_arn("connector", "tickets-s3-sink", US)
GRANTED_KEY = key_arn("connect-logs", EU)
OWN_POLICY_GROUP = log_group_arn("/msk-connect/events-snowflake-sink", EU)


@dataclass(frozen=True)
class Behaviour:
    """One documented statement: the call, and what its answer shows or how it is refused."""

    says: str
    operation: str
    parameters: Mapping[str, Any] = field(default_factory=dict)
    shows: Callable[[dict[str, Any]], object] = lambda _: None
    value: object = None
    #: Error code and HTTP status.
    refused: tuple[str, int] | None = None
    region: str = EU

    def __str__(self) -> str:
        return f"{self.operation} {self.says}"


def names(answer: dict[str, Any]) -> list[str]:
    return [connector["connectorName"] for connector in answer["connectors"]]


CONNECT = [
    Behaviour(
        "filters by prefix, not by name",
        "kafkaconnect:ListConnectors",
        {"connectorNamePrefix": "re"},
        names,
        ["refunds-s3-sink", "returns-s3-sink"],
    ),
    Behaviour(
        "answers with an empty list where nothing has the prefix",
        "kafkaconnect:ListConnectors",
        {"connectorNamePrefix": "orders-s3-sink-"},
        names,
        [],
    ),
    Behaviour(
        "lists the connectors of the region that is asked",
        "kafkaconnect:ListConnectors",
        {"connectorNamePrefix": "orders"},
        names,
        [],
        region=US,
    ),
    Behaviour(
        "leaves the configuration out of its summaries",
        "kafkaconnect:ListConnectors",
        shows=lambda answer: [c for c in answer["connectors"] if "connectorConfiguration" in c],
        value=[],
    ),
    Behaviour(
        "carries the role in its summaries",
        "kafkaconnect:ListConnectors",
        {"connectorNamePrefix": "orders"},
        lambda answer: answer["connectors"][0]["serviceExecutionRoleArn"],
        role_arn("orders-s3-sink-role"),
    ),
    Behaviour(
        "gives at most maxResults rows and a token for the rest",
        "kafkaconnect:ListConnectors",
        {"maxResults": 5},
        lambda answer: (len(answer["connectors"]), bool(answer.get("nextToken"))),
        (5, True),
    ),
    Behaviour(
        "gives at most 100 rows",
        "kafkaconnect:ListConnectors",
        {"maxResults": 101},
        refused=("BadRequestException", 400),
    ),
    Behaviour(
        "refuses a token that it did not give",
        "kafkaconnect:ListConnectors",
        {"nextToken": "AAAA"},
        refused=("BadRequestException", 400),
    ),
    Behaviour(
        "gives the configuration",
        "kafkaconnect:DescribeConnector",
        {"connectorArn": ORDERS},
        lambda answer: answer["connectorConfiguration"]["s3.bucket.name"],
        "acme-orders-archive",
    ),
    Behaviour(
        "says which log destinations are enabled",
        "kafkaconnect:DescribeConnector",
        {"connectorArn": ORDERS},
        lambda answer: {k: v["enabled"] for k, v in answer["logDelivery"]["workerLogDelivery"].items()},
        {"cloudWatchLogs": False, "firehose": False, "s3": True},
    ),
    Behaviour(
        "does not find a connector of another region",
        "kafkaconnect:DescribeConnector",
        {"connectorArn": ORDERS},
        region=US,
        refused=("NotFoundException", 404),
    ),
    Behaviour(
        "does not find a connector that is gone",
        "kafkaconnect:DescribeConnector",
        {"connectorArn": connect_arn("connector", "gone", EU)},
        refused=("NotFoundException", 404),
    ),
    Behaviour(
        "refuses what is no ARN",
        "kafkaconnect:DescribeConnector",
        {"connectorArn": "orders-s3-sink"},
        refused=("BadRequestException", 400),
    ),
    Behaviour(
        "gives the latest revision only",
        "kafkaconnect:DescribeWorkerConfiguration",
        {"workerConfigurationArn": connect_arn("worker-configuration", "secrets-manager-worker", EU)},
        lambda answer: answer["latestRevision"]["revision"],
        3,
    ),
    Behaviour(
        "does not find a worker configuration that is gone",
        "kafkaconnect:DescribeWorkerConfiguration",
        {"workerConfigurationArn": connect_arn("worker-configuration", "gone", EU)},
        refused=("NotFoundException", 404),
    ),
    Behaviour(
        "says where in S3 the plugin's file is",
        "kafkaconnect:DescribeCustomPlugin",
        {"customPluginArn": connect_arn("custom-plugin", "confluent-s3", EU)},
        lambda answer: answer["latestRevision"]["location"]["s3Location"]["bucketArn"],
        "arn:aws:s3:::acme-connect-plugins",
    ),
    Behaviour(
        "lists what was done to the connector, newest first",
        "kafkaconnect:ListConnectorOperations",
        {"connectorArn": TICKETS},
        lambda answer: [o["connectorOperationType"] for o in answer["connectorOperations"]],
        ["RESUME_CONNECTOR", "PAUSE_CONNECTOR", "UPDATE_WORKER_SETTING"],
        region=US,
    ),
    Behaviour(
        "does not find the operations of a connector that is gone",
        "kafkaconnect:ListConnectorOperations",
        {"connectorArn": connect_arn("connector", "gone", EU)},
        refused=("NotFoundException", 404),
    ),
    Behaviour(
        "gives an operation's steps",
        "kafkaconnect:DescribeConnectorOperation",
        {
            "connectorOperationArn": ORDERS.replace(":connector/", ":connector-operation/") + "/00000001",
        },
        lambda answer: [step["stepType"] for step in answer["operationSteps"]],
        ["VALIDATE_UPDATE"],
    ),
]

IDENTITY = [
    Behaviour(
        "gives the trust policy as a parsed document",
        "iam:GetRole",
        {"RoleName": "shared-sinks-role"},
        lambda answer: answer["Role"]["AssumeRolePolicyDocument"]["Statement"][0]["Principal"],
        {"Service": "kafkaconnect.amazonaws.com"},
    ),
    Behaviour(
        "is asked by the bare name and answers with the path",
        "iam:GetRole",
        {"RoleName": "tickets-s3-sink-role"},
        lambda answer: answer["Role"]["Arn"],
        role_arn("tickets-s3-sink-role", "/connect/"),
    ),
    Behaviour(
        "gives the region of the last use",
        "iam:GetRole",
        {"RoleName": "audit-s3-sink-role"},
        lambda answer: answer["Role"]["RoleLastUsed"]["Region"],
        EU,
    ),
    Behaviour(
        "leaves the last use empty where none is tracked",
        "iam:GetRole",
        {"RoleName": "customers-jdbc-role"},
        lambda answer: answer["Role"]["RoleLastUsed"],
        {},
    ),
    Behaviour(
        "does not find a role that is gone",
        "iam:GetRole",
        {"RoleName": "search-s3-sink-role"},
        refused=("NoSuchEntity", 404),
    ),
    Behaviour(
        "does not start a job for a role that is gone",
        "iam:GenerateServiceLastAccessedDetails",
        {"Arn": role_arn("search-s3-sink-role")},
        refused=("NoSuchEntity", 404),
    ),
    Behaviour(
        "does not find a job that was never started",
        "iam:GetServiceLastAccessedDetails",
        {"JobId": "0" * 36},
        refused=("NoSuchEntity", 404),
    ),
    Behaviour(
        "names the session that calls",
        "sts:GetCallerIdentity",
        {},
        lambda answer: (answer["Account"], answer["Arn"].split("/")[1]),
        ("111122223333", "msk-role-bot"),
    ),
]

LOG_DESTINATIONS = [
    Behaviour(
        "gives the policy as text",
        "s3:GetBucketPolicy",
        {"Bucket": "acme-connect-logs"},
        lambda answer: [s["Sid"] for s in json.loads(answer["Policy"])["Statement"]],
        ["AWSLogDeliveryAclCheck", "AWSLogDeliveryWrite"],
    ),
    Behaviour(
        "refuses where the bucket has no policy",
        "s3:GetBucketPolicy",
        {"Bucket": "acme-connect-logs-bare"},
        refused=("NoSuchBucketPolicy", 404),
    ),
    Behaviour(
        "refuses where there is no bucket",
        "s3:GetBucketPolicy",
        {"Bucket": "acme-connect-logs-deleted"},
        refused=("NoSuchBucket", 404),
    ),
    Behaviour(
        "answers SSE-S3 for a bucket without settings",
        "s3:GetBucketEncryption",
        {"Bucket": "acme-connect-logs"},
        lambda answer: answer["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"],
        {"SSEAlgorithm": "AES256"},
    ),
    Behaviour(
        "names the key of a bucket with SSE-KMS",
        "s3:GetBucketEncryption",
        {"Bucket": "acme-connect-logs-kms"},
        lambda answer: answer["ServerSideEncryptionConfiguration"]["Rules"][0]["ApplyServerSideEncryptionByDefault"],
        {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": GRANTED_KEY},
    ),
    Behaviour(
        "refuses where there is no bucket",
        "s3:GetBucketEncryption",
        {"Bucket": "acme-connect-logs-deleted"},
        refused=("NoSuchBucket", 404),
    ),
    Behaviour(
        "needs no policy name",
        "kms:GetKeyPolicy",
        {"KeyId": GRANTED_KEY},
        lambda answer: (answer["PolicyName"], len(json.loads(answer["Policy"])["Statement"])),
        ("default", 2),
    ),
    Behaviour("takes no alias", "kms:GetKeyPolicy", {"KeyId": "alias/logs"}, refused=("NotFoundException", 400)),
    Behaviour(
        "does not find a key of another region",
        "kms:GetKeyPolicy",
        {"KeyId": GRANTED_KEY},
        region=US,
        refused=("NotFoundException", 400),
    ),
    Behaviour(
        "gives the account's policies where no scope is asked",
        "logs:DescribeResourcePolicies",
        {},
        lambda answer: [(p["policyName"], p["policyScope"]) for p in answer["resourcePolicies"]],
        [("msk-connect-inventory", "ACCOUNT"), ("AWSLogDeliveryWrite20150319", "ACCOUNT")],
    ),
    Behaviour(
        "gives the account's policies of one region",
        "logs:DescribeResourcePolicies",
        {"policyScope": "ACCOUNT"},
        lambda answer: answer["resourcePolicies"],
        [],
        region=US,
    ),
    Behaviour(
        "gives a log group's own policy where its ARN is asked",
        "logs:DescribeResourcePolicies",
        {"policyScope": "RESOURCE", "resourceArn": OWN_POLICY_GROUP},
        lambda answer: [(p["policyScope"], p["resourceArn"]) for p in answer["resourcePolicies"]],
        [("RESOURCE", OWN_POLICY_GROUP)],
    ),
    Behaviour(
        "gives nothing for a log group without a policy of its own",
        "logs:DescribeResourcePolicies",
        {
            "policyScope": "RESOURCE",
            "resourceArn": log_group_arn("/msk-connect/inventory-mysql-cdc", EU),
        },
        lambda answer: answer["resourcePolicies"],
        [],
    ),
    Behaviour(
        "does not find a log group that is gone",
        "logs:DescribeResourcePolicies",
        {"policyScope": "RESOURCE", "resourceArn": log_group_arn("/gone", EU)},
        refused=("ResourceNotFoundException", 400),
    ),
    Behaviour(
        "refuses a scope that it does not know",
        "logs:DescribeResourcePolicies",
        {"policyScope": "GROUP"},
        refused=("InvalidParameterException", 400),
    ),
    Behaviour(
        "pages by limit",
        "logs:DescribeResourcePolicies",
        {"limit": 1},
        lambda answer: (len(answer["resourcePolicies"]), bool(answer.get("nextToken"))),
        (1, True),
    ),
    Behaviour(
        "gives the tags that admit log delivery",
        "firehose:ListTagsForDeliveryStream",
        {"DeliveryStreamName": "connect-logs-tagged"},
        lambda answer: {tag["Key"]: tag["Value"] for tag in answer["Tags"]},
        {"LogDeliveryEnabled": "true", "team": "data"},
    ),
    Behaviour(
        "says whether there are more tags than the limit",
        "firehose:ListTagsForDeliveryStream",
        {"DeliveryStreamName": "connect-logs-tagged", "Limit": 1},
        lambda answer: (len(answer["Tags"]), answer["HasMoreTags"]),
        (1, True),
    ),
    Behaviour(
        "does not find a stream that is gone",
        "firehose:ListTagsForDeliveryStream",
        {"DeliveryStreamName": "gone"},
        refused=("ResourceNotFoundException", 400),
    ),
]

TRAILS = [
    Behaviour(
        "finds log groups by prefix",
        "logs:DescribeLogGroups",
        {"logGroupNamePrefix": "cloudtrail/"},
        lambda answer: [group["logGroupName"] for group in answer["logGroups"]],
        ["cloudtrail/management-events"],
    ),
    Behaviour(
        "leaves the retention out where events never expire",
        "logs:DescribeLogGroups",
        {"logGroupNamePrefix": "cloudtrail/"},
        lambda answer: "retentionInDays" in answer["logGroups"][0],
        False,
    ),
    Behaviour(
        "shows the multi-region trails of other regions too",
        "cloudtrail:DescribeTrails",
        {},
        lambda answer: [trail["Name"] for trail in answer["trailList"]],
        ["management-events", "write-events"],
    ),
    Behaviour(
        "leaves them out where shadow trails are not wanted",
        "cloudtrail:DescribeTrails",
        {"includeShadowTrails": False},
        lambda answer: [trail["Name"] for trail in answer["trailList"]],
        ["management-events"],
    ),
    Behaviour(
        "gives only the trails that are named",
        "cloudtrail:DescribeTrails",
        {"trailNameList": ["no-such-trail"]},
        lambda answer: answer["trailList"],
        [],
    ),
    Behaviour(
        "says that a trail records reads and writes",
        "cloudtrail:GetEventSelectors",
        {"TrailName": "management-events"},
        lambda answer: answer["EventSelectors"][0]["ReadWriteType"],
        "All",
    ),
    Behaviour(
        "says that a trail records writes only",
        "cloudtrail:GetEventSelectors",
        {"TrailName": "write-events"},
        lambda answer: answer["EventSelectors"][0]["ReadWriteType"],
        "WriteOnly",
        region=US,
    ),
    Behaviour(
        "knows a trail's name in its home region only",
        "cloudtrail:GetEventSelectors",
        {"TrailName": "write-events"},
        refused=("TrailNotFoundException", 400),
    ),
    Behaviour(
        "says that a trail is being written, whose ARN is known in every region",
        "cloudtrail:GetTrailStatus",
        {"Name": f"arn:aws:cloudtrail:{US}:111122223333:trail/write-events"},
        lambda answer: answer["IsLogging"],
        True,
    ),
    Behaviour(
        "does not find a trail that is gone",
        "cloudtrail:GetTrailStatus",
        {"Name": "no-such-trail"},
        refused=("TrailNotFoundException", 400),
    ),
]

BEHAVIOURS = CONNECT + IDENTITY + LOG_DESTINATIONS + TRAILS


def ask(aws: EmbeddedAws, operation: str, region: str = EU, **parameters: Any) -> dict[str, Any]:
    """Call ``service:Operation`` through boto3, past the client's own validation of parameters."""
    service, _, name = operation.partition(":")
    client = aws.client(service, region)
    answer: dict[str, Any] = getattr(client, xform_name(name))(**parameters)
    return answer


@pytest.mark.parametrize("behaviour", BEHAVIOURS, ids=str)
def test_embedded_aws_does_what_is_documented(aws: EmbeddedAws, behaviour: Behaviour) -> None:
    if behaviour.refused is not None:
        with pytest.raises(ClientError) as refusal:
            ask(aws, behaviour.operation, behaviour.region, **behaviour.parameters)
        response = refusal.value.response
        assert (response["Error"]["Code"], response["ResponseMetadata"]["HTTPStatusCode"]) == behaviour.refused
        return
    answer = ask(aws, behaviour.operation, behaviour.region, **behaviour.parameters)
    assert behaviour.shows(answer) == behaviour.value
    assert_admitted_by_model(aws, behaviour.operation, answer)


def assert_admitted_by_model(aws: EmbeddedAws, operation: str, answer: dict[str, Any]) -> None:
    """botocore's parser drops what it does not know; what is left must be complete and of the right types."""
    service, _, name = operation.partition(":")
    shape = aws.client(service).meta.service_model.operation_model(name).output_shape
    parsed = {key: value for key, value in answer.items() if key != "ResponseMetadata"}
    if operation == "iam:GetRole":  # botocore parses the document, the model calls it a string
        parsed["Role"] = parsed["Role"] | {"AssumeRolePolicyDocument": "{}"}
    report = ParamValidator().validate(parsed, shape)
    assert not report.has_errors(), report.generate_report()


def test_every_operation_of_the_bots_policy_has_a_documented_behaviour() -> None:
    statements = json.loads(POLICY.read_text())["Statement"]
    actions = {a for s in statements for a in ([s["Action"]] if isinstance(s["Action"], str) else s["Action"])}
    covered = {iam_action(behaviour.operation) for behaviour in BEHAVIOURS}
    assert {action for action in actions - covered if not action.startswith(ELSEWHERE)} == set()


def test_pages_hold_every_connector_once(aws: EmbeddedAws) -> None:
    pages = aws.client("kafkaconnect").get_paginator("list_connectors").paginate(PaginationConfig={"PageSize": 5})
    listed = [name for page in pages for name in names(page)]
    assert listed == names(ask(aws, "kafkaconnect:ListConnectors"))
    assert len(listed) == len(set(listed)) > 10


def test_a_token_is_good_for_the_listing_that_gave_it_only(aws: EmbeddedAws) -> None:
    token = ask(aws, "kafkaconnect:ListConnectors", maxResults=2)["nextToken"]
    with pytest.raises(ClientError, match="nextToken"):
        ask(aws, "kafkaconnect:ListConnectors", connectorNamePrefix="o", nextToken=token)


def test_a_last_accessed_job_is_in_progress_before_it_is_completed(aws: EmbeddedAws) -> None:
    aws.switch("job_polls", 2)
    job = ask(aws, "iam:GenerateServiceLastAccessedDetails", Arn=role_arn("orders-s3-sink-role"))["JobId"]
    polls = [ask(aws, "iam:GetServiceLastAccessedDetails", JobId=job) for _ in range(3)]
    assert [poll["JobStatus"] for poll in polls] == ["IN_PROGRESS", "IN_PROGRESS", "COMPLETED"]
    assert "JobCompletionDate" not in polls[0]
    services = {s["ServiceNamespace"]: s for s in polls[-1]["ServicesLastAccessed"]}
    assert services["s3"]["LastAuthenticatedRegion"] == EU
    assert "LastAuthenticated" not in services["kafka-cluster"]
    assert services["kafka-cluster"]["TotalAuthenticatedEntities"] == 0


def test_a_last_accessed_job_is_good_for_the_session_that_started_it_only(aws: EmbeddedAws) -> None:
    job = ask(aws, "iam:GenerateServiceLastAccessedDetails", Arn=role_arn("orders-s3-sink-role"))["JobId"]
    other = boto3.Session("AKIAOTHERSESSION00001", "x").client("iam", EU, endpoint_url=aws.endpoint_url)
    with pytest.raises(ClientError) as refusal:
        other.get_service_last_accessed_details(JobId=job)
    assert refusal.value.response["Error"]["Code"] == "NoSuchEntity"


def test_a_trail_without_selectors_records_every_management_event(aws: EmbeddedAws) -> None:
    client = aws.client("cloudtrail")
    client.create_trail(Name="fresh", S3BucketName="acme-cloudtrail")
    [selector] = client.get_event_selectors(TrailName="fresh")["EventSelectors"]
    assert (selector["ReadWriteType"], selector["IncludeManagementEvents"]) == ("All", True)


def test_a_stopped_trail_is_not_being_written(aws: EmbeddedAws) -> None:
    aws.client("cloudtrail").stop_logging(Name="management-events")
    assert ask(aws, "cloudtrail:GetTrailStatus", Name="management-events")["IsLogging"] is False


def test_advanced_selectors_stand_in_place_of_basic_ones(aws: EmbeddedAws) -> None:
    client = aws.client("cloudtrail")
    fields = [{"Field": "eventCategory", "Equals": ["Management"]}, {"Field": "readOnly", "Equals": ["false"]}]
    client.put_event_selectors(
        TrailName="management-events", AdvancedEventSelectors=[{"Name": "writes", "FieldSelectors": fields}]
    )
    answer = client.get_event_selectors(TrailName="management-events")
    assert answer["AdvancedEventSelectors"][0]["FieldSelectors"] == fields
    assert "EventSelectors" not in answer


def test_buckets_are_found_on_loopback_whatever_the_region_of_the_client(aws: EmbeddedAws) -> None:
    for region in (EU, US):
        assert ask(aws, "s3:GetBucketPolicy", region, Bucket="acme-connect-logs-odd")["Policy"]


def test_what_neither_we_nor_moto_have_is_refused_in_the_services_protocol(aws: EmbeddedAws) -> None:
    with pytest.raises(ClientError) as refusal:
        aws.client("kafkaconnect").list_custom_plugins()
    assert refusal.value.response["Error"]["Code"] == "NotImplemented"
