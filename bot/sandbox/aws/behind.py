"""What the sandbox reads from and writes into moto's backends directly. moto carries no types."""

from typing import Any

from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data


def reset() -> None:
    """Forget everything that moto keeps."""
    BackendDict.reset()
    reset_model_data()


def _backend(service: str, account: str, region: str) -> Any:
    get: Any = get_backend  # the overloads take literals only
    backends = get(service)
    return backends[account][region]


def iam(account: str) -> Any:
    """Return moto's IAM of the account."""
    return _backend("iam", account, "aws")


def role_exists(account: str, arn: str) -> bool:
    """Whether moto knows the role."""
    return any(role.arn == arn for role in iam(account).roles.values())


def role_arn(account: str, name: str) -> str:
    """Return the ARN of a role by its name, path included; the ARN without a path where there is no such role."""
    found = next((role.arn for role in iam(account).roles.values() if role.name == name), None)
    return str(found or f"arn:aws:iam::{account}:role/{name}")


def account_log_policies(account: str, region: str) -> list[dict[str, Any]]:
    """Return the CloudWatch Logs resource policies of account scope."""
    policies = _backend("logs", account, region).describe_resource_policies()
    return [policy.describe() | {"policyScope": "ACCOUNT"} for policy in policies]


def log_group_exists(account: str, region: str, arn: str) -> bool:
    """Whether moto knows the log group; its ARN without the trailing ``:*``."""
    return arn.partition(":log-group:")[2] in _backend("logs", account, region).groups


def buckets(account: str) -> Any:
    """Return moto's buckets by name."""
    return _backend("s3", account, "aws").buckets


def keys(account: str, region: str) -> Any:
    """Return moto's KMS keys of a region by key id."""
    return _backend("kms", account, region).keys
