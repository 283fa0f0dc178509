"""IAM's last-accessed jobs and the caller's identity, which moto lacks or answers for somebody else."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any
from uuid import uuid4

from bot.sandbox.aws import behind
from bot.sandbox.aws.paging import page
from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.world import Accessed, World

#: Who calls the sandbox, whatever the access key.
CALLER_ROLE = "msk-role-bot"


def caller_arn(account: str) -> str:
    """Return the ARN of the session that calls the sandbox."""
    return f"arn:aws:sts::{account}:assumed-role/{CALLER_ROLE}/sandbox"


@dataclass(slots=True)
class _Job:
    arn: str
    created: datetime
    access_key_id: str
    polls: int


def last_accessed(world: World) -> Service:
    """Return IAM's last-accessed jobs over the world's reports."""

    def jobs() -> dict[str, _Job]:
        found: dict[str, _Job] = world.private.setdefault("last-accessed", {})
        return found

    def generate(call: Call) -> dict[str, Any]:
        arn = call.parameters["Arn"]
        if arn not in world.accessed and not behind.role_exists(world.account, arn):
            raise AwsError("NoSuchEntity", f"ARN {arn} not found.", 404)
        job_id = str(uuid4())
        with world.lock:
            jobs()[job_id] = _Job(arn, call.now, call.access_key_id, world.switches.job_polls)
        return {"JobId": job_id}

    def get(call: Call) -> dict[str, Any]:
        job_id = call.parameters["JobId"]
        job = jobs().get(job_id)
        if job is None or job.access_key_id != call.access_key_id:
            raise AwsError("NoSuchEntity", f"No job with the id {job_id} was started by this session.", 404)
        with world.lock:
            job.polls -= 1
        if job.polls >= 0:
            return {
                "JobStatus": "IN_PROGRESS",
                "JobCreationDate": job.created,
                "JobCompletionDate": None,
                "ServicesLastAccessed": [],
            }
        rows = [_row(accessed, job.arn) for accessed in world.accessed.get(job.arn, ())]
        taken, marker = page(rows, call.parameters.get("MaxItems", 100), call.parameters.get("Marker"), job_id)
        if taken is None:
            raise AwsError("ValidationError", "Invalid Marker.", 400)
        return {
            "JobStatus": "COMPLETED",
            "JobType": "SERVICE_LEVEL",
            "JobCreationDate": job.created,
            "JobCompletionDate": call.now,
            "ServicesLastAccessed": taken,
            "IsTruncated": marker is not None,
            "Marker": marker,
        }

    return {"GenerateServiceLastAccessedDetails": generate, "GetServiceLastAccessedDetails": get}


def _row(accessed: Accessed, arn: str) -> dict[str, Any]:
    row: dict[str, Any] = {"ServiceName": accessed.namespace, "ServiceNamespace": accessed.namespace}
    if accessed.at is None:
        return row | {"TotalAuthenticatedEntities": 0}
    return row | {
        "LastAuthenticated": accessed.at,
        "LastAuthenticatedEntity": arn,
        "LastAuthenticatedRegion": accessed.region or None,
        "TotalAuthenticatedEntities": 1,
    }


def caller(world: World) -> Service:
    """Return STS's GetCallerIdentity for the one session that calls the sandbox."""

    def get_caller_identity(_: Call) -> dict[str, Any]:
        return {
            "UserId": "AROASANDBOXCALLER0001:sandbox",
            "Account": world.account,
            "Arn": caller_arn(world.account),
        }

    return {"GetCallerIdentity": get_caller_identity}
