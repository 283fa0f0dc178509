"""What the sandbox reads from and writes into moto's backends directly. moto carries no types."""

import json
from collections.abc import Mapping
from datetime import datetime
from typing import Any

from moto.backends import get_backend
from moto.core.base_backend import BackendDict
from moto.core.model_instances import reset_model_data

from bot.model import PolicyDocument

CLOUDTRAIL_BUCKET = "acme-cloudtrail"


def reset() -> None:
    """Forget everything that moto keeps."""
    BackendDict.reset()
    reset_model_data()


def _backend(service: str, account: str, region: str) -> Any:
    get: Any = get_backend  # the overloads take literals only
    return get(service)[account][region]


def as_json(document: PolicyDocument) -> str:
    """Write a policy document as AWS keeps it."""
    return json.dumps(document)


# --- IAM -------------------------------------------------------------------------------------------------------------


def role_exists(account: str, arn: str) -> bool:
    """Whether there is such a role."""
    return any(role.arn == arn for role in _roles(account))


def role_arn(account: str, name: str) -> str:
    """Return the ARN of a role by its name, path included; the ARN without a path where there is no such role."""
    found = next((role.arn for role in _roles(account) if role.name == name), None)
    return str(found or f"arn:aws:iam::{account}:role/{name}")


def _roles(account: str) -> Any:
    return _backend("iam", account, "aws").roles.values()


def create_role(account: str, arn: str, trust: PolicyDocument, created: datetime, role_id: str) -> None:
    """Create the role with this ARN and this id, by which CloudTrail's records name it too."""
    path, _, name = arn.partition(":role")[2].rpartition("/")
    backend = _backend("iam", account, "aws")
    role = backend.create_role(
        role_name=name,
        assume_role_policy_document=as_json(trust),
        path=f"{path}/",
        permissions_boundary=None,
        description="",
        tags=[],
        max_session_duration=None,
    )
    role.create_date = created
    del backend.roles[role.id]
    role.id = role_id
    backend.roles[role_id] = role


def set_last_used(account: str, arn: str, at: datetime, region: str) -> None:
    """Set a role's ``RoleLastUsed``."""
    role = next(role for role in _roles(account) if role.arn == arn)
    role.last_used, role.last_used_region = at, region


# --- S3, KMS, CloudWatch Logs, Firehose ------------------------------------------------------------------------------


def buckets(account: str) -> Any:
    """Return moto's buckets by name."""
    return _backend("s3", account, "aws").buckets


def create_bucket(account: str, name: str, region: str, policy: PolicyDocument | None, key_arn: str | None) -> None:
    """Create a bucket, with a policy and with SSE-KMS where they are given."""
    s3 = _backend("s3", account, "aws")
    s3.create_bucket(name, region)
    if policy is not None:
        s3.put_bucket_policy(name, as_json(policy).encode())
    if key_arn is not None:
        default = {"SSEAlgorithm": "aws:kms", "KMSMasterKeyID": key_arn}
        s3.put_bucket_encryption(name, {"Rule": {"ApplyServerSideEncryptionByDefault": default}})


def keys(account: str, region: str) -> Any:
    """Return moto's KMS keys of a region by key id."""
    return _backend("kms", account, region).keys


def create_key(account: str, arn: str, policy: PolicyDocument) -> None:
    """Create a customer managed key with this ARN."""
    region, key_id = arn.split(":")[3], arn.rpartition("/")[2]
    kms = _backend("kms", account, region)
    key = kms.create_key(as_json(policy), "ENCRYPT_DECRYPT", "SYMMETRIC_DEFAULT", "worker logs", [])
    del kms.keys[key.id]
    key.id, key.arn = key_id, arn
    kms.keys[key_id] = key


def account_log_policies(account: str, region: str) -> list[dict[str, Any]]:
    """Return the CloudWatch Logs resource policies of account scope."""
    policies = _backend("logs", account, region).describe_resource_policies()
    return [policy.describe() | {"policyScope": "ACCOUNT"} for policy in policies]


def put_account_log_policy(account: str, region: str, name: str, policy: PolicyDocument) -> None:
    """Add a CloudWatch Logs resource policy of account scope."""
    _backend("logs", account, region).put_resource_policy(name, as_json(policy))


def log_group_exists(account: str, region: str, arn: str) -> bool:
    """Whether there is such a log group; its ARN without the trailing ``:*``."""
    return arn.partition(":log-group:")[2] in _backend("logs", account, region).groups


def create_log_group(account: str, region: str, name: str) -> None:
    """Create a log group."""
    _backend("logs", account, region).create_log_group(name, {})


def create_delivery_stream(account: str, region: str, name: str, tags: Mapping[str, str]) -> None:
    """Create a delivery stream that writes to S3."""
    destinations = ("extended_s3", "redshift", "elasticsearch", "splunk", "http_endpoint", "snowflake", "iceberg")
    _backend("firehose", account, region).create_delivery_stream(
        region=region,
        delivery_stream_name=name,
        delivery_stream_type="DirectPut",
        kinesis_stream_source_configuration={},
        delivery_stream_encryption_configuration_input={},
        s3_destination_configuration={
            "RoleARN": f"arn:aws:iam::{account}:role/firehose",
            "BucketARN": f"arn:aws:s3:::{name}",
        },
        **{f"{destination}_destination_configuration": {} for destination in destinations},
        tags=[{"Key": key, "Value": value} for key, value in tags.items()],
    )


# --- CloudTrail ------------------------------------------------------------------------------------------------------


def all_trails(account: str) -> list[Any]:
    """Return moto's trails of all regions."""
    get: Any = get_backend
    return [trail for backend in get("cloudtrail")[account].values() for trail in backend.trails.values()]


def table(account: str, region: str, database: str, name: str) -> dict[str, Any] | None:
    """Return a table of the Glue catalog as its creator described it; None where there is none."""
    found = _backend("glue", account, region).databases.get(database)
    described = found.tables.get(name) if found else None
    return dict(described.as_dict()) if described else None


def work_groups(account: str, region: str) -> dict[str, str]:
    """Return Athena's work groups by name, each with its own output location, which may be empty."""
    groups = _backend("athena", account, region).work_groups
    return {
        name: (group.configuration or {}).get("ResultConfiguration", {}).get("OutputLocation", "")
        for name, group in groups.items()
    }


def create_table(account: str, region: str, database: str, name: str, description: dict[str, Any]) -> None:
    """Create a table in the Glue catalog, and its database where there is none."""
    glue = _backend("glue", account, region)
    if database not in glue.databases:
        glue.create_database(database, {"Name": database})
    glue.create_table(database, name, description)


def create_trail(
    account: str, region: str, name: str, *, log_group: str, writes_only: bool, started: datetime | None = None
) -> None:
    """Create a multi-region trail of management events, all of them or writes only, and start it.

    It has recorded since ``started``, and its log group is as old; None means now.
    """
    if CLOUDTRAIL_BUCKET not in buckets(account):
        create_bucket(account, CLOUDTRAIL_BUCKET, region, None, None)
    cloudtrail = _backend("cloudtrail", account, region)
    cloudtrail.create_trail(
        name=name,
        bucket_name=CLOUDTRAIL_BUCKET,
        s3_key_prefix="",
        sns_topic_name=None,
        is_global=True,
        is_multi_region=True,
        log_validation=True,
        is_org_trail=False,
        cw_log_group_arn=log_group or None,
        cw_role_arn=f"arn:aws:iam::{account}:role/cloudtrail" if log_group else None,
        kms_key_id=None,
        tags_list=[],
    )
    selector: dict[str, Any] = {
        "ReadWriteType": "WriteOnly" if writes_only else "All",
        "IncludeManagementEvents": True,
        "DataResources": [],
        "ExcludeManagementEventSources": [],
    }
    cloudtrail.put_event_selectors(name, event_selectors=[selector], advanced_event_selectors=[])
    cloudtrail.start_logging(name)
    if started is not None:
        started = started.replace(tzinfo=None)  # moto's times are UTC without saying so
        cloudtrail.trails[name].status.started = started
        group = log_group.partition(":log-group:")[2].removesuffix(":*")
        if group:
            _backend("logs", account, region).groups[group].creation_time = started


def trails(account: str, region: str) -> list[Any]:
    """Return moto's trails that are seen in a region: its own, and the multi-region ones of others."""
    return list(_backend("cloudtrail", account, region).describe_trails(include_shadow_trails=True))
