"""The grant on each log destination, judged, and the policy that would complete it."""

from __future__ import annotations

import json
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.judge import additions as completing
from bot.judge.grants import destination_grants, grant_cautions, judge_state
from bot.model import (
    S3,
    Addition,
    BucketState,
    Cause,
    CautionCode,
    CloudWatchLogs,
    Connector,
    DeliveryStreamState,
    DestinationGrant,
    Evidence,
    Firehose,
    GrantState,
    LogDestination,
    LogDestinationState,
    LogGroupState,
    PolicyTarget,
    ResourcePolicy,
    Unavailable,
)
from tests.bot.policy.test_policy import ANY_JSON, DOCUMENTS

ACCOUNT = "111122223333"
CONNECTOR = Connector(
    "orders-s3-sink",
    f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/orders-s3-sink/0a1b2c3d-1",
    "eu-west-1",
    "RUNNING",
    f"arn:aws:iam::{ACCOUNT}:role/orders",
    "IAM",
    log_destinations=(S3("orders-logs", "connect/"), CloudWatchLogs("/msk/orders"), Firehose("orders")),
)
PLAIN = replace(CONNECTOR, log_destinations=(S3("orders-logs"),))
SERVICE = {"Service": "delivery.logs.amazonaws.com"}
SOURCE = {
    "StringEquals": {"aws:SourceAccount": [ACCOUNT]},
    "ArnLike": {"aws:SourceArn": [f"arn:aws:logs:eu-west-1:{ACCOUNT}:*"]},
}
MISSING, PRESENT, UNREADABLE, UNCHECKED = (
    GrantState.MISSING,
    GrantState.PRESENT,
    GrantState.UNREADABLE,
    GrantState.UNCHECKED,
)


def denied(operation: str) -> Unavailable:
    return Unavailable(operation, "orders-logs", Cause.ACCESS_DENIED, operation)


def policy(*statements: Any, name: str = "orders-logs") -> ResourcePolicy:
    return ResourcePolicy(name, name, {"Version": "2012-10-17", "Statement": list(statements)})


ACL: dict[str, Any] = {
    "Sid": "AWSLogDeliveryAclCheck",
    "Effect": "Allow",
    "Principal": SERVICE,
    "Action": "s3:GetBucketAcl",
    "Resource": "arn:aws:s3:::orders-logs",
    "Condition": SOURCE,
}
WRITE: dict[str, Any] = {
    "Sid": "AWSLogDeliveryWrite",
    "Effect": "Allow",
    "Principal": SERVICE,
    "Action": "s3:PutObject",
    "Resource": f"arn:aws:s3:::orders-logs/AWSLogs/{ACCOUNT}/*",
    "Condition": {**SOURCE, "StringEquals": {**SOURCE["StringEquals"], "s3:x-amz-acl": "bucket-owner-full-control"}},
}
ARTICLE = {
    "Sid": "AWSLogDeliveryWrite",
    "Effect": "Allow",
    "Principal": {"Service": "delivery.logs.amazonaws.com"},
    "Action": "s3:PutObject",
    "Resource": f"arn:aws:s3:::orders-logs/AWSLogs/{ACCOUNT}/*",
    "Condition": {"StringEquals": {"s3:x-amz-acl": "bucket-owner-full-control", "aws:SourceAccount": ACCOUNT}},
}
#: The commonest Deny on buckets there is.
TLS_ONLY = {
    "Sid": "TlsOnly",
    "Effect": "Deny",
    "Principal": "*",
    "Action": "s3:*",
    "Resource": ["arn:aws:s3:::orders-logs", "arn:aws:s3:::orders-logs/*"],
    "Condition": {"Bool": {"aws:SecureTransport": "false"}},
}
#: A data perimeter, as AWS's examples spell it: services are let through.
PERIMETER = {
    **TLS_ONLY,
    "Sid": "Perimeter",
    "Condition": {
        "StringNotEqualsIfExists": {"aws:PrincipalOrgID": "o-1"},
        "BoolIfExists": {"aws:PrincipalIsAWSService": "false"},
    },
}


def conditioned(statement: dict[str, Any], operator: str, key: str, value: Any) -> dict[str, Any]:
    condition = {name: dict(keys) for name, keys in statement["Condition"].items()}
    condition.setdefault(operator, {})[key] = value
    return {**statement, "Condition": condition}


def additions(state: LogDestinationState, connector: Connector) -> tuple[Addition, ...]:
    return completing.additions(state, judge_state(state, connector), connector)


def states(reading: LogDestinationState, connector: Connector = PLAIN) -> dict[str, GrantState]:
    return {part.part.value: part.state for part in judge_state(reading, connector).parts}


@pytest.mark.parametrize(
    ("statements", "acl", "write"),
    [
        ([ACL, WRITE], PRESENT, PRESENT),
        ([ACL, WRITE, TLS_ONLY, PERIMETER], PRESENT, PRESENT),
        ([ACL], PRESENT, MISSING),
        ([WRITE], MISSING, PRESENT),
        ([ARTICLE], MISSING, PRESENT),
        ([], MISSING, MISSING),
        ([TLS_ONLY], MISSING, MISSING),
        # One statement may grant both, and more than is needed.
        ([{**ACL, "Action": "s3:*", "Resource": "*"}], PRESENT, PRESENT),
        ([{**ACL, "Principal": "*", "Action": "s3:Get*"}, WRITE], PRESENT, PRESENT),
        ([ACL, {**WRITE, "Resource": "arn:aws:s3:::orders-logs/*"}], PRESENT, PRESENT),
        ([ACL, {**WRITE, "Resource": "arn:aws:s3:::orders-logs/AWSLogs/444455556666/*"}], PRESENT, MISSING),
        ([ACL, {**WRITE, "Resource": "arn:aws:s3:::orders-logs/connect/AWSLogs/*"}], PRESENT, MISSING),
        ([{**ACL, "Principal": {"Service": "logging.s3.amazonaws.com"}}, WRITE], MISSING, PRESENT),
        # conditions that do not fit this account, region or ACL
        ([conditioned(ACL, "StringEquals", "aws:SourceAccount", "444455556666"), WRITE], MISSING, PRESENT),
        ([ACL, conditioned(WRITE, "StringEquals", "s3:x-amz-acl", "private")], PRESENT, MISSING),
        (
            [ACL, conditioned(WRITE, "ArnLike", "aws:SourceArn", f"arn:aws:logs:us-east-1:{ACCOUNT}:*")],
            PRESENT,
            MISSING,
        ),
        # conditions on what a service's call never carries
        ([ACL, conditioned(WRITE, "StringEquals", "aws:SourceVpce", "vpce-1")], PRESENT, MISSING),
        ([conditioned(ACL, "StringEquals", "aws:PrincipalOrgID", "o-1"), WRITE], MISSING, PRESENT),
        # conditions that nobody can judge from outside
        ([ACL, conditioned(WRITE, "StringEquals", "aws:SourceOrgID", "o-1")], PRESENT, UNREADABLE),
        ([ACL, WRITE, conditioned(TLS_ONLY, "NumericLessThan", "s3:TlsVersion", "1.2")], PRESENT, PRESENT),
        (
            [ACL, WRITE, {**TLS_ONLY, "Condition": {"NumericLessThan": {"s3:TlsVersion": "1.2"}}}],
            PRESENT,
            PRESENT,
        ),
        ([ACL, {**WRITE, "Condition": "always"}], PRESENT, UNREADABLE),
        # an explicit Deny wins
        ([ACL, WRITE, {**WRITE, "Effect": "Deny", "Sid": "NoLogs"}], PRESENT, MISSING),
        ([ACL, WRITE, {**TLS_ONLY, "Condition": {}}], MISSING, MISSING),
    ],
)
def test_a_bucket_needs_both_statements(statements: list[Any], acl: GrantState, write: GrantState) -> None:
    read = BucketState("orders-logs", policy(*statements))
    assert states(read) == {"AWSLogDeliveryAclCheck": acl, "AWSLogDeliveryWrite": write}


@pytest.mark.parametrize("prefix", ["connect", "connect/", "/connect/"])
def test_under_a_prefix_the_objects_lie_under_the_prefix(prefix: str) -> None:
    connector = replace(PLAIN, log_destinations=(S3("orders-logs", prefix),))
    under = {**WRITE, "Resource": f"arn:aws:s3:::orders-logs/connect/AWSLogs/{ACCOUNT}/*"}
    assert states(BucketState("orders-logs", policy(ACL, under)), connector)["AWSLogDeliveryWrite"] is PRESENT
    assert states(BucketState("orders-logs", policy(ACL, WRITE)), connector)["AWSLogDeliveryWrite"] is MISSING


def test_without_a_policy_everything_is_missing_and_without_a_reading_nothing_is() -> None:
    assert judge_state(BucketState("orders-logs", None), PLAIN).state is MISSING
    assert judge_state(BucketState("orders-logs", denied("s3:GetBucketPolicy")), PLAIN).state is UNREADABLE
    assert destination_grants(Evidence(PLAIN))[0].grant.state is UNCHECKED


KEY = f"arn:aws:kms:eu-west-1:{ACCOUNT}:key/1234"
USE_KEY: dict[str, Any] = {
    "Sid": "Allow Logs Delivery to use the key",
    "Effect": "Allow",
    "Principal": SERVICE,
    "Action": ["kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:DescribeKey"],
    "Resource": "*",
    "Condition": SOURCE,
}
ROOT = {
    "Effect": "Allow",
    "Principal": {"AWS": f"arn:aws:iam::{ACCOUNT}:root"},
    "Action": "kms:*",
    "Resource": "*",
}


@pytest.mark.parametrize(
    ("key", "key_policy", "state"),
    [
        ("", None, None),
        (KEY, policy(ROOT, USE_KEY), PRESENT),
        (KEY, policy(ROOT, {**USE_KEY, "Condition": {}}), PRESENT),
        (KEY, policy(ROOT, {**USE_KEY, "Resource": KEY}), PRESENT),
        (KEY, policy(ROOT), MISSING),
        (KEY, policy({**USE_KEY, "Action": ["kms:Decrypt", "kms:GenerateDataKey*"]}), MISSING),
        (KEY, policy(conditioned(USE_KEY, "StringEquals", "kms:ViaService", "s3.eu-west-1.amazonaws.com")), UNREADABLE),
        (KEY, denied("kms:GetKeyPolicy"), UNREADABLE),
        (KEY, None, UNREADABLE),
        ("1234", policy(USE_KEY), PRESENT),
        ("alias/aws/s3", None, MISSING),
        (f"arn:aws:kms:eu-west-1:{ACCOUNT}:alias/aws/s3", None, MISSING),
        (denied("s3:GetEncryptionConfiguration"), None, UNREADABLE),
    ],
)
def test_an_encrypted_bucket_needs_a_key_that_log_delivery_may_use(
    key: Any, key_policy: Any, state: GrantState | None
) -> None:
    read = BucketState("orders-logs", policy(ACL, WRITE), key, key_policy)
    assert states(read).get("AWSLogDeliveryKey") is state
    assert judge_state(read, PLAIN).state is (state or PRESENT)


BESIDES = ("kms:Encrypt", "kms:Decrypt", "kms:ReEncrypt*", "kms:DescribeKey")
OBJECTS = f"arn:aws:s3:::orders-logs/AWSLogs/{ACCOUNT}/*"


@pytest.mark.parametrize(
    ("actions", "state", "lacking"),
    [
        (["kms:*"], PRESENT, ()),
        (["kms:GenerateDataKey", *BESIDES], PRESENT, ()),
        ("kms:GenerateDataKey*", MISSING, BESIDES),
        (["kms:GenerateDataKey*", "kms:Decrypt"], MISSING, ("kms:Encrypt", "kms:ReEncrypt*", "kms:DescribeKey")),
        (["kms:GenerateDataKey*", "kms:*crypt*"], MISSING, ("kms:DescribeKey",)),
        # without what S3 needs for a put, the rest is worth nothing
        (["kms:GenerateDataKeyWithoutPlaintext", *BESIDES], MISSING, ()),
        (list(BESIDES), MISSING, ()),
    ],
)
def test_a_key_policy_is_judged_by_degree(actions: Any, state: GrantState, lacking: tuple[str, ...]) -> None:
    read = BucketState("orders-logs", policy(ACL, WRITE), KEY, policy({**USE_KEY, "Action": actions}))
    (part,) = (part for part in judge_state(read, PLAIN).parts if part.part.value == "AWSLogDeliveryKey")
    assert (part.state, part.lacking) == (state, lacking)
    if part.state is MISSING:
        ((_, reason, data),) = cautions(read)
        assert (reason, data["key"]) == ("log-grant-key-half-present" if lacking else "log-grant-key", KEY)
        assert data.get("lacking", ()) == lacking
        (addition,) = additions(read, PLAIN)
        completed = replace(read, key_policy=merged(read.key_policy, addition.document))  # type: ignore[arg-type]
        assert judge_state(completed, PLAIN).state is PRESENT


@pytest.mark.parametrize(
    ("pattern", "bucket_key", "state", "reason"),
    [
        (OBJECTS, False, MISSING, "log-grant-key-half-present"),
        (OBJECTS, True, MISSING, "log-grant-key"),
        (OBJECTS, None, UNREADABLE, "log-grant-undecided"),
        ("arn:aws:s3:::orders-logs", True, MISSING, "log-grant-key-half-present"),
        ("arn:aws:s3:::orders-logs", False, MISSING, "log-grant-key"),
        ("arn:aws:s3:::orders-logs*", None, MISSING, "log-grant-key-half-present"),
        ("arn:aws:s3:::payments-logs*", None, MISSING, "log-grant-key"),
    ],
)
def test_a_key_is_told_of_the_object_or_with_a_bucket_key_of_the_bucket(
    pattern: str, bucket_key: bool | None, state: GrantState, reason: str
) -> None:
    statement = conditioned(USE_KEY, "StringLike", "kms:EncryptionContext:aws:s3:arn", pattern)
    read = BucketState("orders-logs", policy(ACL, WRITE), KEY, policy(statement), bucket_key)
    assert states(read)["AWSLogDeliveryKey"] is state
    ((_, code, data),) = cautions(read)
    # DescribeKey carries no encryption context.
    assert (code, data.get("lacking")) == (reason, ("kms:DescribeKey",) if "half" in reason else None)


LOG_GROUP = f"arn:aws:logs:eu-west-1:{ACCOUNT}:log-group"
STREAMS: dict[str, Any] = {
    "Sid": "AWSLogDeliveryWrite20150319",
    "Effect": "Allow",
    "Principal": {"Service": ["delivery.logs.amazonaws.com"]},
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": [f"{LOG_GROUP}:/msk/orders:log-stream:*"],
    "Condition": SOURCE,
}
NO_LOGS = {**STREAMS, "Sid": "NoLogs", "Effect": "Deny"}


def named(*resources: str) -> dict[str, Any]:
    return {**STREAMS, "Resource": list(resources)}


@pytest.mark.parametrize(
    ("account_scope", "group_scope", "state"),
    [
        ((), (), MISSING),
        ((policy(STREAMS),), (), PRESENT),
        ((), (policy(STREAMS),), PRESENT),
        ((policy(named(f"{LOG_GROUP}:/msk/*")),), (), PRESENT),
        ((policy(named(f"{LOG_GROUP}:/msk/orders:*")),), (), PRESENT),
        ((policy(named("*")),), (), PRESENT),
        ((policy(named(f"{LOG_GROUP}:/aws/vendedlogs/*")),), (), MISSING),
        ((policy(named(f"{LOG_GROUP}:/msk/orders-old:log-stream:*")),), (), MISSING),
        ((policy(named(f"{LOG_GROUP}:/msk/orders")),), (), MISSING),
        # CDK's ARN of a log group ends in :*, and the name of a stream holds no colon.
        ((policy(named(f"{LOG_GROUP}:/msk/orders:*:log-stream:*")),), (), MISSING),
        ((policy(named(f"{LOG_GROUP}:/msk/orders:*:*")),), (), PRESENT),
        ((policy(named(f"{LOG_GROUP}:/msk/orders:log-stream:connect*")),), (), UNREADABLE),
        ((policy({**STREAMS, "Action": "logs:PutLogEvents"}),), (), MISSING),
        # Two policies may hold one half each.
        (
            (policy({**STREAMS, "Action": "logs:PutLogEvents"}), policy({**STREAMS, "Action": "logs:Create*"})),
            (),
            PRESENT,
        ),
        ((policy(STREAMS),), (policy(NO_LOGS),), MISSING),
        ((policy(conditioned(STREAMS, "StringEquals", "aws:SourceOrgID", "o-1")),), (), UNREADABLE),
        (denied("logs:DescribeResourcePolicies"), (), UNREADABLE),
        # What could not be read might hold a Deny.
        (denied("logs:DescribeResourcePolicies"), (policy(STREAMS),), UNREADABLE),
        ((policy(STREAMS),), denied("logs:DescribeResourcePolicies"), UNREADABLE),
        # A Deny that was read wins over whatever was not.
        ((policy(NO_LOGS),), denied("logs:DescribeResourcePolicies"), MISSING),
    ],
)
def test_a_log_group_needs_a_resource_policy_of_the_account_or_of_its_own(
    account_scope: Any, group_scope: Any, state: GrantState
) -> None:
    assert judge_state(LogGroupState("/msk/orders", account_scope, group_scope), CONNECTOR).state is state


def test_the_policy_for_all_vended_logs_covers_a_log_group_of_that_name() -> None:
    read = LogGroupState("/aws/vendedlogs/orders", (policy(named(f"{LOG_GROUP}:/aws/vendedlogs/*")),), ())
    assert judge_state(read, CONNECTOR).state is PRESENT


@pytest.mark.parametrize(
    ("tags", "role", "tag_state", "role_state"),
    [
        ({"LogDeliveryEnabled": "true"}, True, PRESENT, PRESENT),
        ({"LogDeliveryEnabled": "false"}, True, MISSING, PRESENT),
        ({"logdeliveryenabled": "true"}, True, MISSING, PRESENT),
        ({}, False, MISSING, MISSING),
        (denied("firehose:ListTagsForDeliveryStream"), True, UNREADABLE, PRESENT),
        ({"LogDeliveryEnabled": "true"}, denied("iam:GetRole"), PRESENT, UNREADABLE),
    ],
)
def test_a_stream_needs_its_tag_and_the_service_linked_role(
    tags: Any, role: Any, tag_state: GrantState, role_state: GrantState
) -> None:
    read = DeliveryStreamState("orders", tags, role)
    assert states(read, CONNECTOR) == {"LogDeliveryEnabled": tag_state, "AWSServiceRoleForLogDelivery": role_state}
    assert additions(read, CONNECTOR) == ()


def test_the_policies_that_grant_are_named() -> None:
    scopes = (policy(STREAMS, name="ours"), policy(name="empty"), policy(named("*"), name="wide"))
    assert judge_state(LogGroupState("/msk/orders", scopes, ()), CONNECTOR).policies == ("ours", "wide")


# --- warnings --------------------------------------------------------------------------------------------------------


NO_BUCKET = Unavailable("s3:GetBucketPolicy", "orders-logs", Cause.NOT_FOUND, error_code="NoSuchBucket")
NO_STREAM = Unavailable("firehose:ListTagsForDeliveryStream", "orders", Cause.NOT_FOUND)


@pytest.mark.parametrize(
    ("tags", "reason"),
    [({}, "log-grant-missing"), ({"LogDeliveryEnabled": "true"}, None), (NO_STREAM, "log-destination-absent")],
)
def test_without_its_tag_a_stream_gets_nothing_for_certain(tags: Any, reason: str | None) -> None:
    said = cautions(DeliveryStreamState("orders", tags, service_linked_role=True))
    assert [code for _, code, _ in said] == ([] if reason is None else [reason])


def test_nothing_is_added_to_what_does_not_exist() -> None:
    for read in (BucketState("orders-logs", NO_BUCKET), DeliveryStreamState("orders", NO_STREAM, True)):
        assert additions(read, CONNECTOR) == ()


def destination(state: LogDestinationState) -> LogDestination:
    match state:
        case BucketState(bucket=name):
            return S3(name)
        case LogGroupState(log_group=name):
            return CloudWatchLogs(name)
        case DeliveryStreamState(delivery_stream=name):
            return Firehose(name)


def cautions(*read: LogDestinationState) -> list[tuple[str, str, dict[str, Any]]]:
    granted = [DestinationGrant(destination(state), state, judge_state(state, PLAIN)) for state in read]
    return [(c.code.value, c.reason.code, dict(c.reason.data)) for c in grant_cautions(granted)]


@pytest.mark.parametrize(
    ("reading", "code", "reason", "data"),
    [
        (
            BucketState("orders-logs", None),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-missing",
            {
                "missing": (
                    "AWSLogDeliveryAclCheck",
                    "AWSLogDeliveryWrite",
                )
            },
        ),
        (
            BucketState("orders-logs", policy(ARTICLE)),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-half-present",
            {"missing": ("AWSLogDeliveryAclCheck",), "present": ("AWSLogDeliveryWrite",)},
        ),
        (
            BucketState("orders-logs", policy(ACL, WRITE, {**TLS_ONLY, "Condition": {}})),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-denied",
            {
                "missing": (
                    "AWSLogDeliveryAclCheck",
                    "AWSLogDeliveryWrite",
                ),
                "denied_by": ("TlsOnly",),
            },
        ),
        (
            BucketState("orders-logs", policy(ACL, WRITE), "alias/aws/s3"),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-aws-managed-key",
            {
                "missing": ("AWSLogDeliveryKey",),
                "present": (
                    "AWSLogDeliveryAclCheck",
                    "AWSLogDeliveryWrite",
                ),
            },
        ),
        (
            BucketState("orders-logs", policy(ACL)),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-missing",
            {"missing": ("AWSLogDeliveryWrite",), "present": ("AWSLogDeliveryAclCheck",)},
        ),
        (
            BucketState("orders-logs", policy(ACL, WRITE), "logs-key", policy()),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-key",
            {
                "key": "logs-key",
                "present": (
                    "AWSLogDeliveryAclCheck",
                    "AWSLogDeliveryWrite",
                ),
            },
        ),
        (
            BucketState("orders-logs", NO_BUCKET, NO_BUCKET),
            CautionCode.LOG_GRANT_MISSING,
            "log-destination-absent",
            {
                "missing": (
                    "AWSLogDeliveryAclCheck",
                    "AWSLogDeliveryWrite",
                )
            },
        ),
        (
            BucketState("orders-logs", denied("s3:GetBucketPolicy")),
            CautionCode.LOG_GRANT_UNREADABLE,
            "log-grant-unreadable",
            {
                "unreadable": (
                    "AWSLogDeliveryAclCheck",
                    "AWSLogDeliveryWrite",
                ),
                "operation": ("s3:GetBucketPolicy",),
                "cause": ("access-denied",),
            },
        ),
        (
            BucketState("orders-logs", policy(ACL, conditioned(WRITE, "StringEquals", "aws:SourceOrgID", "o-1"))),
            CautionCode.LOG_GRANT_UNREADABLE,
            "log-grant-undecided",
            {
                "unreadable": ("AWSLogDeliveryWrite",),
                "doubts": ("aws:SourceOrgID",),
                "doubtful": ("AWSLogDeliveryWrite",),
            },
        ),
        # Both of AWS's statements are there, for another account.
        (
            BucketState(
                "orders-logs",
                policy(
                    *(conditioned(each, "StringEquals", "aws:SourceAccount", "444455556666") for each in (ACL, WRITE))
                ),
            ),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-missing",
            {
                "missing": ("AWSLogDeliveryAclCheck", "AWSLogDeliveryWrite"),
                "near": ("AWSLogDeliveryAclCheck", "AWSLogDeliveryWrite"),
                "unfit": ("aws:SourceAccount",),
                "has": ("444455556666",),
            },
        ),
        (
            BucketState(
                "orders-logs", policy({**ARTICLE, "Action": ["s3:GetBucketAcl", "s3:PutObject"], "Resource": "*"})
            ),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-half-present",
            {
                "missing": ("AWSLogDeliveryAclCheck",),
                "present": ("AWSLogDeliveryWrite",),
                "near": ("AWSLogDeliveryWrite",),
                "demanded": ("s3:x-amz-acl",),
            },
        ),
        # A Deny and an Allow that does not fit: either alone would not help.
        (
            BucketState(
                "orders-logs",
                policy(
                    ACL,
                    conditioned(WRITE, "StringEquals", "aws:SourceAccount", "444455556666"),
                    {**WRITE, "Effect": "Deny", "Sid": "NoLogs"},
                ),
            ),
            CautionCode.LOG_GRANT_MISSING,
            "log-grant-denied",
            {
                "missing": ("AWSLogDeliveryWrite",),
                "present": ("AWSLogDeliveryAclCheck",),
                "denied_by": ("NoLogs",),
                "near": ("AWSLogDeliveryWrite",),
                "unfit": ("aws:SourceAccount",),
                "has": ("444455556666",),
            },
        ),
    ],
)
def test_a_warning_says_what_is_missing_or_in_doubt(
    reading: LogDestinationState, code: CautionCode, reason: str, data: dict[str, str]
) -> None:
    assert cautions(reading) == [(code.value, reason, {"destination": "s3", "name": "orders-logs", **data})]


def test_a_warning_about_a_log_group_counts_the_policies_of_the_account() -> None:
    ((code, _, data),) = cautions(LogGroupState("/msk/orders", (policy(),) * 9, ()))
    assert (code, data["destination"], data["account_policies"]) == ("log-grant-missing", "logs", 9)


ELSEWHERE = policy(named(f"{LOG_GROUP}:/other:log-stream:*"), name="small")
FULL = tuple(
    replace(policy(named(*[f"{LOG_GROUP}:/x{n}:log-stream:*" for n in range(90)])), name=str(i)) for i in range(9)
)


def test_an_eleventh_policy_is_neither_offered_nor_silent() -> None:
    read = LogGroupState("/msk/orders", (*FULL, ELSEWHERE), ())
    (_, _, _), (code, _, data) = cautions(read)
    assert (code, data["count"], data["roomiest"]) == ("log-policy-quota", 10, "small")
    assert data["policies"] == (*map(str, range(9)), "small")
    assert data["room"] == 5120 - min(data["sizes"])
    (addition,) = additions(read, CONNECTOR)
    assert (addition.name, addition.resource_arn, addition.merged) == ("", f"{LOG_GROUP}:/msk/orders", False)
    mended = replace(read, group_policies=(merged(None, addition.document),))
    assert judge_state(mended, CONNECTOR).state is PRESENT
    (addition,) = additions(replace(read, group_policies=(policy(),)), CONNECTOR)
    assert addition.merged


@pytest.mark.parametrize(
    "read",
    [
        LogGroupState("/msk/orders", (*FULL[:8], ELSEWHERE), ()),
        LogGroupState("/msk/orders", (*FULL, policy(STREAMS)), ()),
        LogGroupState("/msk/orders", (*FULL, ELSEWHERE), (policy(STREAMS),)),
        # No policy helps against a Deny.
        LogGroupState("/msk/orders", (*FULL, policy(NO_LOGS)), ()),
        LogGroupState("/msk/orders", denied("logs:DescribeResourcePolicies"), ()),
        BucketState("orders-logs", None),
    ],
)
def test_the_quota_of_log_policies_is_told_only_where_another_is_needed(read: LogDestinationState) -> None:
    assert "log-policy-quota" not in [code for code, _, _ in cautions(read)]


def test_the_bucket_of_another_account_is_told_from_one_that_the_bot_may_not_read() -> None:
    policy_gap = Unavailable("s3:GetBucketPolicy", "orders-logs", Cause.ERROR, error_code="MethodNotAllowed")
    key_gap = Unavailable("s3:GetBucketEncryption", "orders-logs", Cause.ACCESS_DENIED, error_code="AccessDenied")
    ((code, reason, _),) = cautions(BucketState("orders-logs", policy_gap, key_gap))
    assert (code, reason) == ("log-grant-unreadable", "log-bucket-of-another-account")
    ((_, reason, _),) = cautions(BucketState("orders-logs", key_gap, key_gap))
    assert reason == "log-grant-unreadable"


def test_a_complete_grant_and_an_unread_one_give_no_warning() -> None:
    assert cautions(BucketState("orders-logs", policy(ACL, WRITE))) == []
    assert cautions() == []


# --- the policy to add -----------------------------------------------------------------------------------------------


def test_the_policy_of_the_article_is_offered_filled_in_and_with_what_it_leaves_out() -> None:
    (addition,) = additions(BucketState("orders-logs", None), PLAIN)
    assert (addition.target, addition.resource) == (PolicyTarget.BUCKET, "orders-logs")
    source_arn = {"aws:SourceArn": f"arn:aws:logs:eu-west-1:{ACCOUNT}:*"}
    assert addition.document == {
        "Version": "2012-10-17",
        "Statement": [
            {
                "Sid": "AWSLogDeliveryAclCheck",
                "Effect": "Allow",
                "Principal": {"Service": "delivery.logs.amazonaws.com"},
                "Action": "s3:GetBucketAcl",
                "Resource": "arn:aws:s3:::orders-logs",
                "Condition": {"StringEquals": {"aws:SourceAccount": ACCOUNT}, "ArnLike": source_arn},
            },
            {**ARTICLE, "Condition": {**ARTICLE["Condition"], "ArnLike": source_arn}},  # type: ignore[dict-item]
        ],
    }


def merged(read: ResourcePolicy | None, added: Any) -> ResourcePolicy:
    statements = [*(read.document["Statement"] if read else ()), *added["Statement"]]
    assert len({s.get("Sid", id(s)) for s in statements}) == len(statements), "a Sid is taken twice"
    return policy(*statements)


@pytest.mark.parametrize(
    "existing",
    [
        None,
        policy(),
        policy(TLS_ONLY, PERIMETER),
        policy(ACL),
        policy(ARTICLE),
        policy(ACL, conditioned(WRITE, "StringEquals", "aws:SourceAccount", "444455556666")),
    ],
)
@pytest.mark.parametrize("partition", ["aws", "aws-cn", "aws-us-gov"])
@pytest.mark.parametrize("prefix", ["", "connect/"])
def test_a_bucket_policy_completed_with_what_is_offered_grants(
    existing: ResourcePolicy | None, partition: str, prefix: str
) -> None:
    arn = CONNECTOR.arn.replace("arn:aws:", f"arn:{partition}:")
    connector = replace(PLAIN, arn=arn, log_destinations=(S3("orders-logs", prefix),))
    (addition,) = additions(BucketState("orders-logs", existing), connector)
    assert json.loads(json.dumps(addition.document)) == addition.document
    read = BucketState("orders-logs", merged(existing, addition.document))
    assert judge_state(read, connector).state is PRESENT
    assert additions(read, connector) == ()


def test_a_prefix_with_wildcards_in_it_is_offered_literally() -> None:
    connector = replace(PLAIN, log_destinations=(S3("orders-logs", "$*?"),))
    (addition,) = additions(BucketState("orders-logs", None), connector)
    resource = addition.document["Statement"][1]["Resource"]
    assert resource == f"arn:aws:s3:::orders-logs/${{$}}${{*}}${{?}}/AWSLogs/{ACCOUNT}/*"
    assert judge_state(BucketState("orders-logs", merged(None, addition.document)), connector).state is PRESENT


def test_only_what_is_missing_is_offered() -> None:
    (addition,) = additions(BucketState("orders-logs", policy(ARTICLE)), PLAIN)
    assert [statement["Sid"] for statement in addition.document["Statement"]] == ["AWSLogDeliveryAclCheck"]


def test_a_key_policy_is_offered_beside_the_bucket_policy() -> None:
    read = BucketState("orders-logs", None, KEY, policy(ROOT))
    bucket, key = additions(read, PLAIN)
    assert (bucket.target, key.target, key.resource) == (PolicyTarget.BUCKET, PolicyTarget.KEY, KEY)
    whole = BucketState("orders-logs", merged(None, bucket.document), KEY, merged(policy(ROOT), key.document))
    assert judge_state(whole, PLAIN).state is PRESENT


@pytest.mark.parametrize(
    ("existing", "name"),
    [
        ((), "AWSLogDeliveryWrite20150319"),
        (("ours",), "AWSLogDeliveryWrite20150319"),
        # Under a name that exists, the new policy would replace the old one.
        (("AWSLogDeliveryWrite20150319",), "AWSLogDeliveryWrite20150319V2"),
        (("AWSLogDeliveryWrite20150319", "AWSLogDeliveryWrite20150319V2"), "AWSLogDeliveryWrite20150319V3"),
    ],
)
def test_a_log_groups_policy_gets_a_name_of_its_own(existing: tuple[str, ...], name: str) -> None:
    read = LogGroupState("/msk/orders", tuple(policy(name=taken) for taken in existing), ())
    (addition,) = additions(read, CONNECTOR)
    assert addition.name == name


def test_a_log_groups_policy_is_offered() -> None:
    read = LogGroupState("/msk/orders", (), ())
    (addition,) = additions(read, CONNECTOR)
    assert addition.document["Statement"][0]["Sid"] == "AWSLogDeliveryWrite20150319"
    assert judge_state(replace(read, account_policies=(merged(None, addition.document),)), CONNECTOR).state is PRESENT


@pytest.mark.parametrize(
    "reading",
    [
        BucketState("orders-logs", denied("s3:GetBucketPolicy")),
        BucketState("orders-logs", policy(ACL, WRITE)),
        BucketState("orders-logs", policy(ACL, WRITE), "alias/aws/s3"),
        # No Allow helps against a Deny.
        BucketState("orders-logs", policy(ACL, WRITE, {**TLS_ONLY, "Condition": {}})),
        LogGroupState("/msk/orders", (), denied("logs:DescribeResourcePolicies")),
    ],
)
def test_nothing_is_offered_where_adding_would_not_help_or_may_not_be_needed(reading: LogDestinationState) -> None:
    assert additions(reading, PLAIN) == ()


def test_nothing_is_offered_where_the_account_is_not_known() -> None:
    assert additions(BucketState("orders-logs", None), replace(PLAIN, arn="")) == ()


# --- not knowing -----------------------------------------------------------------------------------------------------

STATEMENTS = st.lists(
    st.sampled_from([ACL, WRITE, ARTICLE, TLS_ONLY, PERIMETER, {**WRITE, "Effect": "Deny"}, None]), max_size=4
)
POLICIES = st.none() | STATEMENTS.map(lambda statements: policy(*statements))
KEYS = st.sampled_from(["", KEY, "alias/aws/s3"])
READINGS: st.SearchStrategy[LogDestinationState] = st.builds(
    BucketState, st.just("orders-logs"), POLICIES, KEYS, st.just(policy(USE_KEY)) | POLICIES
) | st.builds(
    LogGroupState,
    st.just("/msk/orders"),
    st.lists(st.sampled_from([policy(STREAMS), policy(NO_LOGS)]), max_size=2).map(tuple),
    st.lists(st.sampled_from([policy(STREAMS), policy(NO_LOGS)]), max_size=2).map(tuple),
)


@given(READINGS, st.integers(0, 2))
@settings(max_examples=200, deadline=None)
def test_losing_a_reading_never_completes_a_grant_nor_raises_a_false_alarm(
    whole: LogDestinationState, which: int
) -> None:
    fields = {
        BucketState: ("policy", "kms_key", "key_policy"),
        LogGroupState: ("account_policies", "group_policies", "group_policies"),
    }
    names = next(names for kind, names in fields.items() if isinstance(whole, kind))
    lost: dict[str, Any] = {names[which]: denied("s3:GetBucketPolicy")}
    before, after = judge_state(whole, PLAIN).state, judge_state(replace(whole, **lost), PLAIN).state
    assert not (after is PRESENT and before is not PRESENT)
    assert not (after is MISSING and before is not MISSING)


@given(DOCUMENTS | ANY_JSON)
@settings(max_examples=200, deadline=None)
def test_no_document_makes_judging_or_completing_a_grant_raise(document: Any) -> None:
    read = ResourcePolicy("p", "p", document)
    for reading in (BucketState("orders-logs", read, KEY, read), LogGroupState("/msk/orders", (read,), (read,))):
        assert judge_state(reading, PLAIN).state in GrantState
        assert isinstance(additions(reading, PLAIN), tuple)
