"""Operations that moto has but answers otherwise than AWS documents."""

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
