"""Clients that reach the embedded services in this process, without HTTP: for what needs exact times or odd answers."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from time import monotonic
from typing import Any, cast

from botocore import xform_name
from botocore.exceptions import ClientError

from bot.aws.sessions import Clients
from bot.model import MSK_CONNECT_PRINCIPAL
from bot.pipe.ports import Deadline
from bot.sandbox.aws.service import AwsError, Call, Handler
from bot.sandbox.aws.world import ACCOUNT

ROLE = f"arn:aws:iam::{ACCOUNT}:role/connect/orders-sink-role"
NOW = datetime(2026, 11, 24, 9, 30, tzinfo=UTC)
NINETY_DAYS = timedelta(days=90)

#: Gets a call and what comes next, and answers in its place.
Between = Callable[[Call, Handler], dict[str, Any]]


def soon(seconds: float = 5.0) -> Deadline:
    return Deadline(monotonic() + seconds)


def refused(code: str, status: int = 400) -> ClientError:
    metadata = {"HTTPStatusCode": status}
    return ClientError({"Error": {"Code": code, "Message": "no"}, "ResponseMetadata": metadata}, "Operation")


@dataclass(slots=True)
class Direct:
    """Stands where ``Clients`` does. ``between`` may change what the services answer."""

    services: Mapping[str, Mapping[str, Handler]]
    between: Between = lambda call, handler: handler(call)
    now: datetime = NOW
    calls: list[Call] = field(default_factory=list)

    def client(self, service: str, region: str) -> "_Client":
        return _Client(self, service, region)

    paced = client

    def clients(self) -> Clients:
        return cast(Clients, self)

    def answer(self, call: Call) -> dict[str, Any]:
        self.calls.append(call)
        try:
            answer = self.between(call, self.services[call.service][call.operation])
        except AwsError as error:
            raise refused(error.code, error.status) from None
        return {name: value for name, value in answer.items() if value is not None}

    def requests(self, operation: str) -> list[Call]:
        return [call for call in self.calls if call.operation == operation]


@dataclass(slots=True)
class _Client:
    direct: Direct
    service: str
    region: str

    def get_paginator(self, method: str) -> "_OnePage":
        return _OnePage(getattr(self, method))

    def __getattr__(self, method: str) -> Callable[..., dict[str, Any]]:
        handlers = self.direct.services[self.service]
        operation = next(name for name in handlers if xform_name(name) == method)

        def invoke(**parameters: Any) -> dict[str, Any]:
            call = Call(self.service, operation, self.region, ACCOUNT, parameters, self.direct.now, "AKIATEST00000001")
            return self.direct.answer(call)

        return invoke


@dataclass(slots=True)
class _OnePage:
    """A paginator of an operation that answers in one page."""

    method: Callable[..., dict[str, Any]]

    def paginate(self, **parameters: Any) -> Iterator[dict[str, Any]]:
        yield self.method(**parameters)


def assume_role(
    at: datetime,
    *,
    number: int = 0,
    role: str = ROLE,
    region: str = "eu-west-1",
    identity: Mapping[str, Any] | None = None,
    session: str = "connect-session",
    error: str = "",
    **fields: Any,
) -> dict[str, Any]:
    """Return a raw record as CloudTrail writes it, planted secrets included."""
    event_id = f"00000000-0000-4000-8000-{number:012d}"
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/{session}"
    issued = {
        "credentials": {
            "accessKeyId": f"ASIATEST{number:012d}",
            "sessionToken": "CANARY-session-token",
            "expiration": "Nov 24, 2026, 9:57:03 PM",
        },
        "assumedRoleUser": {"assumedRoleId": f"AROATEST00000001:{session}", "arn": arn},
    }
    return {
        "eventVersion": "1.11",
        "userIdentity": dict(identity or {"type": "AWSService", "invokedBy": MSK_CONNECT_PRINCIPAL}),
        "eventTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "awsRegion": region,
        "sourceIPAddress": "198.51.100.77",
        "userAgent": "CANARY-user-agent",
        "requestParameters": {"roleArn": role, "roleSessionName": session, "durationSeconds": 3600},
        "responseElements": None if error else issued,
        "requestID": f"11111111-0000-4000-8000-{number:012d}",
        "eventID": event_id,
        "readOnly": True,
        "resources": [{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": role}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
        **({"errorCode": error, "errorMessage": "CANARY-message"} if error else {}),
        **fields,
    }


def session_call(
    at: datetime,
    name: str,
    source: str,
    *,
    key_id: str,
    number: int,
    role: str = ROLE,
    session: str = "connect-session",
) -> dict[str, Any]:
    """Return the record of a call made with a session's credentials."""
    arn = f"arn:aws:sts::{ACCOUNT}:assumed-role/{role.rpartition('/')[2]}/{session}"
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": f"AROATEST00000001:{session}",
            "arn": arn,
            "accountId": ACCOUNT,
            "accessKeyId": key_id,
            "sessionContext": {"sessionIssuer": {"type": "Role", "arn": role, "accountId": ACCOUNT}},
        },
        "eventTime": f"{at.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}",
        "eventSource": source,
        "eventName": name,
        "awsRegion": "eu-west-1",
        "sourceIPAddress": "198.51.100.77",
        "eventID": f"22222222-0000-4000-8000-{number:012d}",
        "readOnly": False,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }


def hourly(count: int, *, until: datetime = NOW, start: int = 0, **fields: Any) -> Iterator[dict[str, Any]]:
    """Yield one AssumeRole an hour, newest first, the newest ten minutes before ``until``."""
    for number in range(count):
        at = until - timedelta(hours=number, minutes=10)
        yield assume_role(at, number=start + number, **fields)
