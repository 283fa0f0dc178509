"""CloudWatch Logs' DescribeResourcePolicies with its scopes, which moto ignores."""

from typing import Any

from bot.sandbox.aws import behind
from bot.sandbox.aws.paging import page
from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.world import World


def service(world: World) -> Service:
    """Return the operation over moto's account policies and the world's log group policies."""

    def describe(call: Call) -> dict[str, Any]:
        arn = call.parameters.get("resourceArn")
        if call.parameters.get("policyScope", "ACCOUNT") == "ACCOUNT":
            rows = behind.account_log_policies(world.account, call.region)
        elif not arn:
            raise AwsError("InvalidParameterException", "resourceArn is required with policyScope RESOURCE")
        else:
            rows = _of_group(call, arn)
        taken, token = page(rows, call.parameters.get("limit", 50), call.parameters.get("nextToken"), f"{arn}")
        if taken is None:
            raise AwsError("InvalidParameterException", "The specified nextToken is invalid.")
        return {"resourcePolicies": taken, "nextToken": token}

    def _of_group(call: Call, arn: str) -> list[dict[str, Any]]:
        group = arn.removesuffix(":*")
        if not behind.log_group_exists(world.account, call.region, group):
            raise AwsError("ResourceNotFoundException", "The specified resource does not exist.")
        if group not in world.log_group_policies:
            return []
        name, document = world.log_group_policies[group]
        return [
            {
                "policyName": name,
                "policyDocument": document,
                "lastUpdatedTime": 1_700_000_000_000,
                "policyScope": "RESOURCE",
                "resourceArn": group,
                "revisionId": "1",
            }
        ]

    return {"DescribeResourcePolicies": describe}
