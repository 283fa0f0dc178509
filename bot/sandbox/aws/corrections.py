"""Operations that moto has but answers otherwise than AWS documents."""

from datetime import UTC, timedelta
from typing import Any

from bot.sandbox.aws import behind
from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.world import World


def s3(world: World) -> Service:
    """Return GetBucketEncryption as it is since January 2023: a bucket without settings of its own has SSE-S3."""

    def get_bucket_encryption(call: Call) -> dict[str, Any]:
        name = call.parameters["Bucket"]
        bucket = behind.buckets(world.account).get(name)
        if bucket is None:
            raise AwsError("NoSuchBucket", "The specified bucket does not exist", 404, {"BucketName": name})
        rule = (bucket.encryption or {}).get("Rule") or {}
        default = rule.get("ApplyServerSideEncryptionByDefault") or {"SSEAlgorithm": "AES256"}
        enabled = str(rule.get("BucketKeyEnabled", False)).lower() == "true"
        answer = {"ApplyServerSideEncryptionByDefault": dict(default), "BucketKeyEnabled": enabled}
        return {"ServerSideEncryptionConfiguration": {"Rules": [answer]}}

    return {"GetBucketEncryption": get_bucket_encryption}


def kms(world: World) -> Service:
    """Return GetKeyPolicy, whose only policy is called ``default`` and need not be named; aliases are not keys."""

    def get_key_policy(call: Call) -> dict[str, Any]:
        asked = call.parameters["KeyId"]
        if call.parameters.get("PolicyName", "default") != "default":
            raise AwsError("NotFoundException", "No such policy exists")
        key = behind.keys(world.account, call.region).get(asked.rpartition("/")[2])
        if key is None or asked not in (key.id, key.arn):
            raise AwsError("NotFoundException", f"Key '{asked}' does not exist")
        return {"Policy": key.policy, "PolicyName": "default"}

    return {"GetKeyPolicy": get_key_policy}


#: What a trail records that nobody has given selectors: every management event, no data events.
_DEFAULT_SELECTOR = {
    "ReadWriteType": "All",
    "IncludeManagementEvents": True,
    "DataResources": [],
    "ExcludeManagementEventSources": [],
}


def cloudtrail(world: World) -> Service:
    """Return what a trail is: DescribeTrails heeds its list of names, GetEventSelectors knows the default."""

    def describe_trails(call: Call) -> dict[str, Any]:
        asked = call.parameters.get("trailNameList")
        shadows = call.parameters.get("includeShadowTrails", True)
        found = [
            trail
            for trail in behind.trails(world.account, call.region)
            if (shadows or trail.region_name == call.region) and (not asked or _is_named(trail, asked, call.region))
        ]
        return {"trailList": [_trail(trail) for trail in found]}

    def get_event_selectors(call: Call) -> dict[str, Any]:
        trail = named(call, "TrailName")
        basic, advanced = trail.get_event_selectors()
        selectors = (
            {"AdvancedEventSelectors": advanced} if advanced else {"EventSelectors": basic or [_DEFAULT_SELECTOR]}
        )
        return {"TrailARN": trail.arn, **selectors}

    def get_trail_status(call: Call) -> dict[str, Any]:
        status = named(call, "Name").status
        delivered = call.now - timedelta(minutes=5) if status.is_logging else None
        started = status.started.replace(tzinfo=UTC) if status.started else None
        return {"IsLogging": status.is_logging, "StartLoggingTime": started, "LatestDeliveryTime": delivered}

    def named(call: Call, parameter: str) -> Any:
        name = call.parameters[parameter]
        trails = behind.trails(world.account, call.region)
        found = next((trail for trail in trails if _is_named(trail, [name], call.region)), None)
        if found is None:
            raise AwsError("TrailNotFoundException", f"Unknown trail: {name} for the user: {world.account}")
        return found

    return {
        "DescribeTrails": describe_trails,
        "GetEventSelectors": get_event_selectors,
        "GetTrailStatus": get_trail_status,
    }


def _is_named(trail: Any, names: list[str], region: str) -> bool:
    """Whether a trail is meant: by its ARN anywhere, by its name in its home region only."""
    return trail.arn in names or (trail.region_name == region and trail.trail_name in names)


def _trail(trail: Any) -> dict[str, Any]:
    described = {key: value for key, value in trail.description(include_region=True).items() if value != ""}
    return described | {"HasCustomEventSelectors": any(trail.get_event_selectors())}
