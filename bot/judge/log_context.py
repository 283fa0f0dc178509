"""How the ARNs look that log delivery calls with, and of what it writes, and what an account has room for."""

from __future__ import annotations

from bot.model import S3, BucketState, Connector

#: Resource policies of CloudWatch Logs that an account may have in a region, and the characters that each may have:
#: https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/cloudwatch_limits_cwl.html.
MOST_LOG_POLICIES, LONGEST_LOG_POLICY = 10, 5120


def logs_arn(connector: Connector) -> str:
    """Return how the ARN of everything in CloudWatch Logs begins, in the connector's region and account."""
    return f"arn:{connector.partition}:logs:{connector.region}:{connector.account}"


def bucket_arn(state: BucketState, connector: Connector) -> str:
    """Return the ARN of the bucket."""
    return f"arn:{connector.partition}:s3:::{state.bucket}"


def objects_arn(state: BucketState, connector: Connector) -> str:
    """Return the beginning of the ARNs of all objects that log delivery writes."""
    prefixes = (d.prefix for d in connector.log_destinations if isinstance(d, S3) and d.bucket == state.bucket)
    prefix = next(prefixes, "").strip("/")
    folder = f"{prefix}/" if prefix else ""
    return f"{bucket_arn(state, connector)}/{folder}AWSLogs/{connector.account}/"
