"""Calls under an identity policy."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US, connect_arn, role_arn
from tests.bot.sandbox.aws.test_faults import CALLS, call

CALLER = "arn:aws:sts::111122223333:assumed-role/msk-role-bot/sandbox"
POLICY = json.loads((Path(__file__).resolve().parents[4] / "deploy" / "iam-policy.json").read_text())


def policy(*statements: Mapping[str, Any]) -> dict[str, Any]:
    return {"Version": "2012-10-17", "Statement": list(statements)}


def allow(action: str, resource: str = "*", **more: Any) -> dict[str, Any]:
    return {"Effect": "Allow", "Action": action, "Resource": resource, **more}


def refusal(aws: EmbeddedAws, operation: str, region: str = EU) -> dict[str, Any]:
    with pytest.raises(ClientError) as caught:
        call(aws, operation, region)
    error: dict[str, Any] = caught.value.response["Error"]
    return error


@pytest.mark.parametrize("operation", CALLS)
def test_every_operation_needs_its_action(aws: EmbeddedAws, operation: str) -> None:
    aws.authorise(policy(allow("ec2:*")))
    # The protocols with XML call it otherwise than those with JSON.
    code = "AccessDenied" if operation.startswith(("iam:", "s3:")) else "AccessDeniedException"
    assert refusal(aws, operation)["Code"] == code
    aws.authorise(None)
    assert call(aws, operation)


@pytest.mark.parametrize("operation", CALLS)
def test_the_bots_own_policy_admits_what_the_bot_calls(aws: EmbeddedAws, operation: str) -> None:
    aws.authorise(POLICY)
    assert call(aws, operation)


def test_the_message_is_awss_own(aws: EmbeddedAws) -> None:
    aws.authorise(policy())
    assert refusal(aws, "iam:GetRole")["Message"] == (
        f"User: {CALLER} is not authorized to perform: iam:GetRole on resource: {role_arn('orders-s3-sink-role')} "
        "because no identity-based policy allows the iam:GetRole action"
    )


def test_the_message_names_an_explicit_deny(aws: EmbeddedAws) -> None:
    aws.authorise(policy(allow("*"), {"Effect": "Deny", "Action": "kms:*", "Resource": "*"}))
    assert refusal(aws, "kms:GetKeyPolicy")["Message"].endswith("with an explicit deny in an identity-based policy")


def test_the_action_is_iams_where_it_differs_from_the_operation(aws: EmbeddedAws) -> None:
    aws.authorise(policy(allow("s3:GetBucketEncryption")))
    assert "s3:GetEncryptionConfiguration" in refusal(aws, "s3:GetBucketEncryption")["Message"]
    aws.authorise(policy(allow("s3:GetEncryptionConfiguration", "arn:aws:s3:::acme-connect-logs")))
    assert call(aws, "s3:GetBucketEncryption")


def test_a_policy_can_admit_one_resource_only(aws: EmbeddedAws) -> None:
    orders = connect_arn("connector", "orders-s3-sink", EU)
    aws.authorise(policy(allow("kafkaconnect:DescribeConnector", orders)))
    assert call(aws, "kafkaconnect:DescribeConnector")
    with pytest.raises(ClientError, match="not authorized"):
        aws.client("kafkaconnect").describe_connector(connectorArn=connect_arn("connector", "audit-s3-sink", EU))


def test_a_role_is_authorised_on_its_arn_with_the_path(aws: EmbeddedAws) -> None:
    aws.authorise(policy(allow("iam:GetRole", "arn:aws:iam::111122223333:role/connect/*")))
    assert aws.client("iam").get_role(RoleName="tickets-s3-sink-role")
    refusal(aws, "iam:GetRole")


def test_a_condition_on_the_region_counts(aws: EmbeddedAws) -> None:
    only_here = {"StringEquals": {"aws:RequestedRegion": EU}}
    aws.authorise(policy(allow("kafkaconnect:ListConnectors", Condition=only_here)))
    assert call(aws, "kafkaconnect:ListConnectors")
    refusal(aws, "kafkaconnect:ListConnectors", US)


def test_the_callers_identity_needs_no_permission(aws: EmbeddedAws) -> None:
    aws.authorise(policy())
    assert aws.client("sts").get_caller_identity()["Arn"] == CALLER
