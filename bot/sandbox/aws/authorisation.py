"""Whether the caller's identity policy admits a call, and AWS's own words where it does not."""

from collections.abc import Callable, Mapping
from typing import Any

from bot.model import PolicyDocument
from bot.policy import Outcome, Request, decide
from bot.sandbox.aws import behind
from bot.sandbox.aws.faults import denied
from bot.sandbox.aws.identity import CALLER_ROLE, caller_arn
from bot.sandbox.aws.service import AwsError
from bot.sandbox.aws.wire import Incoming
from bot.sandbox.aws.world import World

#: Operations whose IAM action has another name.
IAM_ACTIONS: Mapping[str, str] = {
    "s3:GetBucketEncryption": "s3:GetEncryptionConfiguration",
    "s3:HeadBucket": "s3:ListBucket",
    "s3:HeadObject": "s3:GetObject",
    "s3:ListBuckets": "s3:ListAllMyBuckets",
    "s3:ListObjectsV2": "s3:ListBucket",
}
#: Operations that need no permission.
FREE = frozenset({"sts:GetCallerIdentity"})

_Resource = Callable[[Mapping[str, Any], str, str], str]


def iam_action(operation: str) -> str:
    """Return the IAM action that a ``service:Operation`` needs."""
    return IAM_ACTIONS.get(operation, operation)


class Authoriser:
    """Holds the caller's identity policy; without one every call is admitted."""

    def __init__(self, world: World) -> None:
        self._world = world
        self.policy: PolicyDocument | None = None

    def check(self, call: Incoming) -> None:
        """Raise the service's access-denied error where the policy does not admit the call."""
        operation = f"{call.service}:{call.operation}"
        if self.policy is None or operation in FREE:
            return
        action, resource = iam_action(operation), self._resource(call)
        account = self._world.account
        context = {
            "aws:RequestedRegion": (call.region,),
            "aws:PrincipalAccount": (account,),
            "aws:PrincipalArn": (f"arn:aws:iam::{account}:role/{CALLER_ROLE}",),
        }
        decision = decide([self.policy], Request(actions=(action,), resource=resource, context=context, complete=True))
        if decision.outcome is not Outcome.ALLOWED:
            raise denied(call, self._message(action, resource, explicit=decision.outcome is Outcome.DENIED))

    def _message(self, action: str, resource: str, *, explicit: bool) -> str:
        why = (
            "with an explicit deny in an identity-based policy"
            if explicit
            else f"because no identity-based policy allows the {action} action"
        )
        on = "" if resource == "*" else f" on resource: {resource}"
        return f"User: {caller_arn(self._world.account)} is not authorized to perform: {action}{on} {why}"

    def _resource(self, call: Incoming) -> str:
        try:
            parameters = call.parameters
        except AwsError:  # AWS refuses the permission before it looks at the parameters
            return "*"
        named = _RESOURCES.get(f"{call.service}:{call.operation}") or _RESOURCES.get(call.service)
        return named(parameters, call.region, self._world.account) if named else "*"


def _connect(parameters: Mapping[str, Any], _region: str, _account: str) -> str:
    return str(next((value for name, value in parameters.items() if name.endswith("Arn")), "*"))


def _role(parameters: Mapping[str, Any], _region: str, account: str) -> str:
    return behind.role_arn(account, parameters["RoleName"])


def _bucket(parameters: Mapping[str, Any], _region: str, _account: str) -> str:
    key = f"/{parameters['Key']}" if "Key" in parameters else ""
    return f"arn:aws:s3:::{parameters['Bucket']}{key}" if "Bucket" in parameters else "*"


def _key(parameters: Mapping[str, Any], region: str, account: str) -> str:
    key = str(parameters.get("KeyId", ""))
    return key if key.startswith("arn:") else f"arn:aws:kms:{region}:{account}:key/{key}"


def _stream(parameters: Mapping[str, Any], region: str, account: str) -> str:
    return f"arn:aws:firehose:{region}:{account}:deliverystream/{parameters['DeliveryStreamName']}"


def _trail(parameters: Mapping[str, Any], region: str, account: str) -> str:
    name = str(parameters.get("TrailName") or parameters["Name"])
    return name if name.startswith("arn:") else f"arn:aws:cloudtrail:{region}:{account}:trail/{name}"


def _log_group(parameters: Mapping[str, Any], region: str, account: str) -> str:
    identifiers = parameters.get("logGroupIdentifiers") or parameters.get("logGroupNames") or ()
    name = str(next(iter(identifiers), parameters.get("logGroupName", "*")))
    arn = name.removesuffix(":*") if name.startswith("arn:") else f"arn:aws:logs:{region}:{account}:log-group:{name}"
    return f"{arn}:*"


def _every_log_group(_parameters: Mapping[str, Any], region: str, account: str) -> str:
    return f"arn:aws:logs:{region}:{account}:log-group:*"


def _work_group(parameters: Mapping[str, Any], region: str, account: str) -> str:
    return f"arn:aws:athena:{region}:{account}:workgroup/{parameters.get('WorkGroup', 'primary')}"


#: The resource that an operation is authorised on, by operation or by service; ``*`` for all others.
_RESOURCES: Mapping[str, _Resource] = {
    "athena": _work_group,
    "cloudtrail:GetEventSelectors": _trail,
    "cloudtrail:GetTrailStatus": _trail,
    "firehose:ListTagsForDeliveryStream": _stream,
    "firehose:DescribeDeliveryStream": _stream,
    "iam:GetRole": _role,
    "iam:GenerateServiceLastAccessedDetails": lambda parameters, _region, _account: str(parameters["Arn"]),
    "kafkaconnect": _connect,
    "kms": _key,
    "logs:DescribeLogGroups": _every_log_group,
    "logs:StartQuery": _log_group,
    "s3": _bucket,
}
