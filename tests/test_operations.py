"""How the run's AWS operations are held against the policy."""

from __future__ import annotations

import json

import pytest

from bot.doctor.permissions import OPERATIONS, action
from tests.operations import POLICY, allowed_actions, differences

ALLOWED = frozenset({"iam:GetRole", "s3:GetEncryptionConfiguration"})


@pytest.mark.parametrize(
    ("operations", "whole", "expected"),
    [
        (["iam:GetRole", "s3:GetBucketEncryption"], True, []),
        (["iam:GetRole"], False, []),
        (["iam:GetRole"], True, ["iam-policy.json allows s3:GetEncryptionConfiguration, which the bot never used"]),
        (["iam:GetRole", "iam:ListRoles"], False, ["iam-policy.json lacks iam:ListRoles, which the bot used"]),
        # needs no permission, or one on a single resource that the deployment names
        (["sts:GetCallerIdentity", "lambda:Invoke", "secretsmanager:GetSecretValue"], False, []),
    ],
)
def test_the_policy_may_lack_nothing_and_after_a_whole_run_hold_nothing_more(
    operations: list[str], whole: bool, expected: list[str]
) -> None:
    assert differences(operations, ALLOWED, whole=whole) == expected


def test_the_policy_file_is_read_as_it_is_written() -> None:
    policy = json.loads(POLICY.read_text())
    assert allowed_actions(policy) == {action(operation) for group in OPERATIONS.values() for operation in group}
