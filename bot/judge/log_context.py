"""How the ARNs look that log delivery calls with, and of what it writes."""

from __future__ import annotations

from bot.model import S3, BucketState, Connector


def logs_arn(connector: Connector) -> str:
    """Return how the ARN of everything in CloudWatch Logs begins, in the connector's region and account."""
    return f"arn:{connector.partition}:logs:{connector.region}:{connector.account}"


def objects_arn(state: BucketState, connector: Connector) -> str:
    """Return the beginning of the ARNs of all objects that log delivery writes."""
    prefixes = (d.prefix for d in connector.log_destinations if isinstance(d, S3) and d.bucket == state.bucket)
    prefix = next(prefixes, "").strip("/")
    folder = f"{prefix}/" if prefix else ""
    return f"arn:{connector.partition}:s3:::{state.bucket}/{folder}AWSLogs/{connector.account}/"
