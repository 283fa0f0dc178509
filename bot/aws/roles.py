"""IAM roles, read with boto3: the role itself, and IAM's last-accessed report about it."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.arn import parse_arn, role_name
from bot.aws.errors import attempt
from bot.aws.fields import checked_policy, member, moment, optional
from bot.aws.sessions import Clients
from bot.aws.shapes import MalformedAnswer
from bot.model import Cause, LastAccessed, Role, RoleLastUsed, ServiceLastAccessed, Unavailable
from bot.pipe.ports import Deadline, pauses
from bot.regions import iam_region, partition_of

GET_ROLE = "iam:GetRole"
_GENERATE = "iam:GenerateServiceLastAccessedDetails"
_FETCH = "iam:GetServiceLastAccessedDetails"
#: Code of ``Unavailable`` where a role belongs to another account than the one that is read.
OTHER_ACCOUNT = "OtherAccount"
#: Seconds between two looks at a report that is not ready: the first pause, and the longest.
_FIRST_PAUSE, _LONGEST_PAUSE = 0.1, 2.0


class Roles:
    """A RoleReader over the ``iam`` API."""

    def __init__(self, clients: Clients) -> None:
        self._clients = clients

    def role(self, arn: str) -> Role | Unavailable:
        """Return a role with its trust policy.

        IAM is asked by name and answers for its own account only, so a role of another account is told apart from one
        that does not exist: its code is ``OTHER_ACCOUNT``.
        """
        found = attempt(GET_ROLE, arn, lambda: self._role(arn))
        missing = isinstance(found, Unavailable) and found.cause is Cause.NOT_FOUND
        return self._foreign(arn) or found if missing else found

    def named(self, name: str, region: str) -> Role | Unavailable:
        """Return the role of this name in the account of the credentials; ``region`` says in which partition."""

        def read() -> Role:
            client = self._clients.client("iam", iam_region(partition_of(region)))
            role = _described(client.get_role(RoleName=name))
            if role.name != name:
                raise MalformedAnswer("RoleName")
            return role

        return attempt(GET_ROLE, name, read)

    def last_accessed(self, arn: str, deadline: Deadline) -> LastAccessed | Unavailable:
        """Return IAM's last-accessed report, looked at again and again until it is ready or the deadline passes."""
        job = attempt(_GENERATE, arn, lambda: member(self._generate(arn), "JobId", str))
        if isinstance(job, Unavailable):
            return job
        for pause in pauses(_FIRST_PAUSE, _LONGEST_PAUSE):
            report = attempt(_FETCH, arn, lambda: self._report(arn, job))
            if report is not None:
                return report
            if not deadline.pause(pause):
                break
        return Unavailable(_FETCH, arn, Cause.TIMEOUT)

    def _iam(self, arn: str) -> Any:
        parts = parse_arn(arn)
        return self._clients.client("iam", iam_region(parts.partition if parts else ""))

    def _role(self, arn: str) -> Role | Unavailable:
        name = role_name(arn)
        if name is None:
            raise MalformedAnswer("role ARN")
        role = _described(self._iam(arn).get_role(RoleName=name))
        return role if role.arn == arn else _other(arn, role.arn)

    def _foreign(self, arn: str) -> Unavailable | None:
        """Say that a role belongs to another account, where STS, which needs no permission, shows that it does."""
        parts = parse_arn(arn)
        region = iam_region(parts.partition if parts else "")
        account = attempt(
            "sts:GetCallerIdentity",
            region,
            lambda: member(self._clients.client("sts", region).get_caller_identity(), "Account", str),
        )
        if isinstance(account, Unavailable) or parts is None or parts.account == account:
            return None
        return Unavailable(GET_ROLE, arn, Cause.ERROR, error_code=OTHER_ACCOUNT)

    def _generate(self, arn: str) -> Any:
        if role_name(arn) is None:
            raise MalformedAnswer("role ARN")
        return self._iam(arn).generate_service_last_accessed_details(Arn=arn)

    def _report(self, arn: str, job: str) -> LastAccessed | Unavailable | None:
        """Return the report, or None while IAM still works on it."""
        pages = self._report_pages(arn, job)
        first = next(pages)
        status = member(first, "JobStatus", str)
        if status == "IN_PROGRESS":
            return None
        if status != "COMPLETED":
            code = optional(optional(first, "Error", dict) or {}, "Code", str)
            return Unavailable(_FETCH, arn, Cause.ERROR, error_code=code)
        generated = moment(first, "JobCompletionDate")
        if generated is None:
            raise MalformedAnswer("JobCompletionDate")
        answers = (first, *pages)
        return LastAccessed(generated, tuple(_service(row) for a in answers for row in _services(a)))

    def _report_pages(self, arn: str, job: str) -> Iterator[Any]:
        seen: set[str | None] = set()
        marker: str | None = None
        while marker not in seen:
            seen.add(marker)
            page = {"Marker": marker} if marker else {}
            answer = self._iam(arn).get_service_last_accessed_details(JobId=job, MaxItems=1000, **page)
            yield answer
            if not optional(answer, "IsTruncated", bool):
                return
            marker = member(answer, "Marker", str)
        raise MalformedAnswer("Marker")


def _described(answer: Any) -> Role:
    """Return the role of a GetRole answer."""
    role = member(answer, "Role", dict)
    arn = member(role, "Arn", str)
    return Role(
        arn=arn,
        name=role_name(arn) or "",
        # botocore has decoded the document already, unless it is no JSON.
        trust_policy=checked_policy(member(role, "AssumeRolePolicyDocument", dict)),
        created=moment(role, "CreateDate"),
        last_used=_last_used(optional(role, "RoleLastUsed", dict) or {}),
        id=optional(role, "RoleId", str) or "",
    )


def _other(asked: str, read: str) -> Unavailable:
    """Names are unique in an account: another ARN under the name means another account, or another path."""
    here, there = parse_arn(read), parse_arn(asked)
    if here is None or there is None:
        raise MalformedAnswer("Arn")
    if here.account == there.account:
        return Unavailable(GET_ROLE, asked, Cause.NOT_FOUND, namesake=read)
    return Unavailable(GET_ROLE, asked, Cause.ERROR, error_code=OTHER_ACCOUNT)


def _last_used(answer: dict[str, Any]) -> RoleLastUsed | None:
    at = moment(answer, "LastUsedDate")
    return RoleLastUsed(at, optional(answer, "Region", str) or "") if at else None


def _services(answer: Any) -> list[Any]:
    return member(answer, "ServicesLastAccessed", list)


def _service(row: Any) -> ServiceLastAccessed:
    return ServiceLastAccessed(
        namespace=member(row, "ServiceNamespace", str),
        at=moment(row, "LastAuthenticated"),
        region=optional(row, "LastAuthenticatedRegion", str) or "",
    )
