"""Raw CloudTrail records, reduced to what an answer needs.

A raw record of AssumeRole holds a session token, and any record the address and user agent of whoever called. None of
that leaves this module: fields are picked by name, and what is picked must look like what it should be.
"""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from bot.aws.shapes import MalformedAnswer
from bot.model import MSK_CONNECT_PRINCIPAL, AssumeRoleEvent, SessionActivity
from bot.regions import SHAPE

#: The calls that give somebody a session of a role; ``requestParameters.roleArn`` names it in all of them.
ASSUMING_EVENTS = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")

_REGION = re.compile(SHAPE, re.ASCII)
_EVENT_ID = re.compile(r"[0-9A-Fa-f-]{8,64}")
_ERROR_CODE = re.compile(r"[\w.:-]{1,128}", re.ASCII)
_SESSION_NAME = re.compile(r"[\w+=,.@-]{2,64}", re.ASCII)
#: Access key ids are upper-case; secret keys and session tokens are not.
_KEY_ID = re.compile(r"[A-Z0-9]{16,128}")
#: "… is not authorized to perform: sts:AssumeRole on resource: <role ARN>"
_ON_RESOURCE = re.compile(r"on resource: (arn:[^\s\"\']{1,2000})")
#: Of ``AROA…:session``, what stands before the colon.
_ROLE_ID = re.compile(r"AROA[A-Z0-9]{4,124}")
_PRINCIPAL = re.compile(r"[\x21-\x7e]{1,2048}")
_EVENT_SOURCE = re.compile(r"[a-z0-9.-]{1,128}")
_EVENT_NAME = re.compile(r"[A-Za-z0-9_]{1,128}")
_TIME = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d{1,6})?Z", re.ASCII)


def assume_role_event(record: object, role_arn: str) -> AssumeRoleEvent | None:
    """Reduce a raw record; None where it is no call that assumed, or tried to assume, ``role_arn``.

    Raises MalformedAnswer where that cannot be told, or who called and when cannot.
    """
    fields = _mapping(record, "record")
    if _text(fields, "eventName", _EVENT_NAME) not in ASSUMING_EVENTS:
        return None
    request = fields.get("requestParameters")
    # A call that was refused early may be recorded without any name; the lookup by role found it all the same.
    refused = _refused_role(fields) or role_arn
    asked = refused if request is None else _mapping(request, "requestParameters").get("roleArn")
    if not isinstance(asked, str):
        raise MalformedAnswer("requestParameters.roleArn")
    if asked != role_arn:
        return None
    return event(
        at=fields.get("eventTime"),
        region=fields.get("awsRegion"),
        event_id=fields.get("eventID"),
        principal=principal(fields.get("userIdentity")),
        session_name=_inside(request, "roleSessionName"),
        issued_key_id=_inside(_inside(fields.get("responseElements"), "credentials"), "accessKeyId"),
        error_code=fields.get("errorCode"),
        shared_event_id=fields.get("sharedEventID"),
        assumed_role_id=_inside(_inside(fields.get("responseElements"), "assumedRoleUser"), "assumedRoleId"),
    )


def _refused_role(fields: Mapping[str, Any]) -> str | None:
    """Return the role that a refusal without parameters names in its message; None where it names none."""
    message = fields.get("errorMessage")
    named = _ON_RESOURCE.search(message) if isinstance(message, str) else None
    return named.group(1) if named else None


def event(
    *,
    at: object,
    region: object,
    event_id: object,
    principal: str,
    session_name: object = None,
    issued_key_id: object = None,
    error_code: object = None,
    shared_event_id: object = None,
    assumed_role_id: object = None,
) -> AssumeRoleEvent:
    """Make an event of picked values, as CloudTrail writes them.

    Time, region and principal must be there (MalformedAnswer); any other value that does not look right is left
    out, save that an odd error code stays an error.
    """
    return AssumeRoleEvent(
        at=moment(at),
        region=_value(region, _REGION, "awsRegion"),
        event_id=_optional(event_id, _EVENT_ID),
        principal=principal,
        session_name=_optional(session_name, _SESSION_NAME),
        issued_key_id=_optional(issued_key_id, _KEY_ID),
        error_code=(_optional(error_code, _ERROR_CODE) or "Unknown") if error_code else "",
        shared_event_id=_optional(shared_event_id, _EVENT_ID),
        role_id=_optional(_before_colon(assumed_role_id), _ROLE_ID),
    )


def principal(identity: object) -> str:
    """Say who called: the service for a service, else the caller's ARN, else the account of a caller elsewhere.

    A call that MSK Connect makes counts as its own under whatever identity, as in the article's query. A call forwarded
    by another service on somebody's behalf counts as that somebody's. Raises MalformedAnswer where nothing tells.
    """
    fields = _mapping(identity, "userIdentity")
    invoked_by = fields.get("invokedBy")
    service = invoked_by == MSK_CONNECT_PRINCIPAL or fields.get("type") == "AWSService"
    order = ("invokedBy",) if service else ("arn", "accountId", "principalId", "userName", "invokedBy")
    for name in order:
        value = fields.get(name)
        if isinstance(value, str) and _PRINCIPAL.fullmatch(value):
            return value
    raise MalformedAnswer("userIdentity")


@dataclass(frozen=True, slots=True)
class SessionCall:
    """One call made with a session's credentials, or several of a kind: the newest of them and their number."""

    event_source: str
    event_name: str
    region: str
    at: datetime
    count: int = 1


def session_call(record: object, role_arn: str) -> SessionCall | None:
    """Reduce a raw record of what a session of ``role_arn`` did; None where another role issued the session.

    Raises MalformedAnswer.
    """
    fields = _mapping(record, "record")
    issuer = _inside(_inside(_inside(fields.get("userIdentity"), "sessionContext"), "sessionIssuer"), "arn")
    if issuer is not None and issuer != role_arn:
        return None
    return call(fields.get("eventSource"), fields.get("eventName"), fields.get("awsRegion"), fields.get("eventTime"))


def call(event_source: object, event_name: object, region: object, at: object, count: int = 1) -> SessionCall:
    """Make a call of picked values, as CloudTrail writes them. Raises MalformedAnswer."""
    return SessionCall(
        _value(event_source, _EVENT_SOURCE, "eventSource"),
        _value(event_name, _EVENT_NAME, "eventName"),
        _value(region, _REGION, "awsRegion"),
        moment(at),
        count,
    )


def activity(calls: Iterable[SessionCall]) -> tuple[SessionActivity, ...]:
    """Count calls by event and region, newest first."""
    kinds: dict[tuple[str, str, str], list[SessionCall]] = defaultdict(list)
    for each in calls:
        kinds[each.event_source, each.event_name, each.region].append(each)
    counted = (
        SessionActivity(source, name, sum(c.count for c in kind), max(c.at for c in kind), region)
        for (source, name, region), kind in kinds.items()
    )
    return tuple(sorted(counted, key=lambda a: (a.last, a.event_source, a.event_name), reverse=True))


def distinct(events: Iterable[AssumeRoleEvent]) -> tuple[AssumeRoleEvent, ...]:
    """Sort newest first and count each call once, though CloudTrail may record it in two accounts or give it twice."""
    seen: set[str] = set()
    kept: list[AssumeRoleEvent] = []
    for each in sorted(set(events), key=lambda e: (e.at, e.event_id), reverse=True):
        names = {each.event_id, each.shared_event_id} - {""}
        if not names & seen:
            kept.append(each)
        seen |= names
    return tuple(kept)


def moment(value: object) -> datetime:
    """Read CloudTrail's ``eventTime``: UTC, to the second. Raises MalformedAnswer."""
    if not isinstance(value, str) or not _TIME.fullmatch(value):
        raise MalformedAnswer("eventTime")
    try:
        return datetime.fromisoformat(value).astimezone(UTC)
    except (ValueError, OverflowError):
        raise MalformedAnswer("eventTime") from None


def _before_colon(value: object) -> object:
    return value.partition(":")[0] if isinstance(value, str) else value


def _mapping(value: object, where: str) -> Mapping[str, Any]:
    if not isinstance(value, Mapping):
        raise MalformedAnswer(where)
    return value


def _inside(value: object, name: str) -> object:
    return value.get(name) if isinstance(value, Mapping) else None


def _text(fields: Mapping[str, Any], name: str, pattern: re.Pattern[str]) -> str:
    return _value(fields.get(name), pattern, name)


def _value(value: object, pattern: re.Pattern[str], where: str) -> str:
    if not isinstance(value, str) or not pattern.fullmatch(value):
        raise MalformedAnswer(where)
    return value


def _optional(value: object, pattern: re.Pattern[str]) -> str:
    return value if isinstance(value, str) and pattern.fullmatch(value) else ""
