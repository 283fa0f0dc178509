"""CloudTrail records as CloudTrail writes them: AssumeRole by anybody, refused or not, and what the sessions did."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any
from uuid import UUID

from bot.sandbox.aws.trail import Record
from bot.sandbox.aws.world import ACCOUNT

_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567"


def seeded(seed: str) -> Random:
    """Return a source of identifiers that gives the same ones each time."""
    return Random(seed)  # noqa: S311  # nothing here is secret


def new_uuid(random: Random) -> str:
    """Draw a UUID."""
    return str(UUID(int=random.getrandbits(128), version=4))


def new_id(random: Random, prefix: str) -> str:
    """Draw an identifier of 20 characters: an access key id (``ASIA``), a role id (``AROA``)."""
    return prefix + "".join(random.choices(_LETTERS, k=16))


def role_id(role_arn: str) -> str:
    """Return the id of a role, the same at each call."""
    return new_id(seeded(role_arn), "AROA")


def caller(who: str) -> dict[str, Any]:
    """Make ``userIdentity`` of a service principal, of a user's ARN, or of another account's id."""
    if who.endswith(".amazonaws.com"):
        return {"type": "AWSService", "invokedBy": who}
    if who.isdigit():
        return {"type": "AWSAccount", "principalId": "AIDAOTHERACCOUNT00001:deploy", "accountId": who}
    name = who.rpartition("/")[2]
    identity = {"type": "IAMUser", "principalId": "AIDAEXAMPLEUSER000001", "arn": who, "accountId": ACCOUNT}
    return identity | {"accessKeyId": "AKIAEXAMPLEUSER00001", "userName": name}


def assume_role(
    random: Random, at: datetime, region: str, role_arn: str, session: str, *, by: str, error: str = ""
) -> Record:
    """Make the record of one AssumeRole call; ``error`` is CloudTrail's errorCode of a refused one."""
    source = by if by.endswith(".amazonaws.com") else "198.51.100.7"
    record: dict[str, Any] = {
        "eventVersion": "1.11",
        "userIdentity": caller(by),
        "eventTime": _iso(at),
        "eventSource": "sts.amazonaws.com",
        "eventName": "AssumeRole",
        "awsRegion": region,
        "sourceIPAddress": source,
        "userAgent": source if source == by else "aws-cli/2.17.0",
    }
    if error:
        record["errorCode"] = error
        record["errorMessage"] = f"User: {by} is not authorized to perform: sts:AssumeRole on resource: {role_arn}"
    record["requestParameters"] = {"roleArn": role_arn, "roleSessionName": session, "durationSeconds": 3600}
    record["responseElements"] = None if error else _issued(random, at, role_arn, session)
    record |= {
        "additionalEventData": {"ExtendedRequestId": "CANARY-extended-request-id"},
        "requestID": new_uuid(random),
        "eventID": new_uuid(random),
        "readOnly": True,
        "resources": [{"accountId": ACCOUNT, "type": "AWS::IAM::Role", "ARN": role_arn}],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "sharedEventID": new_uuid(random),
        "eventCategory": "Management",
    }
    return record


def follow_up(random: Random, assumed: Record, after: timedelta, source: str, name: str, *, reads: bool) -> Record:
    """Make the record of a call by the session that ``assumed`` opened."""
    session = assumed["responseElements"]["assumedRoleUser"]
    role_arn = assumed["requestParameters"]["roleArn"]
    return {
        "eventVersion": "1.11",
        "userIdentity": {
            "type": "AssumedRole",
            "principalId": session["assumedRoleId"],
            "arn": session["arn"],
            "accountId": ACCOUNT,
            "accessKeyId": assumed["responseElements"]["credentials"]["accessKeyId"],
            "sessionContext": {
                "sessionIssuer": {
                    "type": "Role",
                    "principalId": role_id(role_arn),
                    "arn": role_arn,
                    "accountId": ACCOUNT,
                    "userName": role_arn.rpartition("/")[2],
                },
                "attributes": {"creationDate": assumed["eventTime"], "mfaAuthenticated": "false"},
            },
        },
        "eventTime": _iso(datetime.fromisoformat(assumed["eventTime"]) + after),
        "eventSource": source,
        "eventName": name,
        "awsRegion": assumed["awsRegion"],
        "sourceIPAddress": "203.0.113.24",
        "userAgent": "aws-sdk-java/2.28.1",
        "requestParameters": {"note": "CANARY-request-parameter"},
        "responseElements": None,
        "requestID": new_uuid(random),
        "eventID": new_uuid(random),
        "readOnly": reads,
        "resources": [],
        "eventType": "AwsApiCall",
        "managementEvent": True,
        "recipientAccountId": ACCOUNT,
        "eventCategory": "Management",
    }


def _issued(random: Random, at: datetime, role_arn: str, session: str) -> Mapping[str, Any]:
    role = role_arn.rpartition("/")[2]
    return {
        "credentials": {
            "accessKeyId": new_id(random, "ASIA"),
            "sessionToken": f"CANARY-session-token-{new_uuid(random)}",
            "expiration": f"{at + timedelta(hours=1):%b %-d, %Y, %-I:%M:%S %p}",
        },
        "assumedRoleUser": {
            "assumedRoleId": f"{role_id(role_arn)}:{session}",
            "arn": f"arn:aws:sts::{ACCOUNT}:assumed-role/{role}/{session}",
        },
    }


def _iso(at: datetime) -> str:
    return f"{at:%Y-%m-%dT%H:%M:%SZ}"
