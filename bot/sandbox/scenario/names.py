"""Names and ARNs of the scenario's world."""

from uuid import NAMESPACE_URL, uuid5

from bot.sandbox.aws.world import ACCOUNT

EU, US = "eu-west-1", "us-east-1"
OTHER_ACCOUNT = "444455556666"
SERVICE_LINKED_ROLE = (
    f"arn:aws:iam::{ACCOUNT}:role/aws-service-role/kafkaconnect.amazonaws.com/AWSServiceRoleForKafkaConnect"
)


def role_arn(name: str, path: str = "/") -> str:
    """Return the ARN of a role."""
    return f"arn:aws:iam::{ACCOUNT}:role{path}{name}"


def connect_arn(kind: str, name: str, region: str) -> str:
    """Return the ARN of a ``connector``, ``worker-configuration`` or ``custom-plugin``: the same at each start."""
    return f"arn:aws:kafkaconnect:{region}:{ACCOUNT}:{kind}/{name}/{uuid5(NAMESPACE_URL, f'{region} {name}')}-2"


def key_arn(name: str, region: str) -> str:
    """Return the ARN of a KMS key."""
    return f"arn:aws:kms:{region}:{ACCOUNT}:key/{uuid5(NAMESPACE_URL, f'{region} {name}')}"


def log_group_arn(name: str, region: str) -> str:
    """Return the ARN of a log group, without the trailing ``:*``."""
    return f"arn:aws:logs:{region}:{ACCOUNT}:log-group:{name}"
