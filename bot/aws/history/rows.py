"""What a query of a store of records gives, and its rows as events, session calls and uses of roles."""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TypeVar

from bot.aws.history.records import SessionCall, call, event, moment, principal
from bot.aws.shapes import MalformedAnswer
from bot.model import AssumeRoleEvent, RoleUse, StopCause, Unavailable

Row = Mapping[str, str]


#: How Insights may write a time that it took the maximum of.
_MILLISECONDS = re.compile(r"\d{12,14}(\.0+)?|\d\.\d+E1[12]", re.ASCII)

Item = TypeVar("Item")


@dataclass(slots=True)
class QueryResult:
    """What one query gave: rows as name and value, absent values left out."""

    rows: list[Row] = field(default_factory=list)
    #: None where it ran to its end and gave everything.
    stopped: StopCause | None = StopCause.DEADLINE
    gap: Unavailable | None = None
    bytes_scanned: int | None = None
    requests: int = 0
    #: Rows that could not be read.
    unreadable: int = 0


def events_of(answer: QueryResult, columns: Mapping[str, str], start: datetime, end: datetime) -> list[AssumeRoleEvent]:
    """Read rows as events of ``[start, end)``; ``columns`` says what each field is called in the store's rows."""

    def read(row: Row) -> AssumeRoleEvent:
        get = {name: row.get(column) for name, column in columns.items()}
        return event(
            at=get["at"],
            region=get["region"],
            event_id=get["event_id"],
            principal=principal({name: get[name] for name in ("type", "invokedBy", "arn", "accountId", "principalId")}),
            session_name=get["session_name"],
            issued_key_id=get["issued_key_id"],
            error_code=get["error_code"],
            shared_event_id=get["shared_event_id"],
            assumed_role_id=get["assumed_role_id"],
        )

    return [found for found in _read(answer, read) if start <= found.at < end]


def calls_of(answer: QueryResult, last: str) -> list[SessionCall]:
    """Read rows of counted session calls; ``last`` is the column of the newest one's time."""

    def read(row: Row) -> SessionCall:
        lower = {name.lower(): value for name, value in row.items()}
        source, name, region = (lower.get(column) for column in ("eventsource", "eventname", "awsregion"))
        return call(source, name, region, _iso(row.get(last)), _count(row))

    return _read(answer, read)


def uses_of(answer: QueryResult, role: str, last: str, wanted: Collection[str]) -> tuple[RoleUse, ...]:
    """Read rows of counted roles, those that are wanted; the most recently assumed first."""

    def read(row: Row) -> RoleUse:
        return RoleUse(row.get(role, ""), _count(row), moment(_iso(row.get(last))))

    uses = (use for use in _read(answer, read) if use.role_arn in wanted)
    return tuple(sorted(uses, key=lambda use: (use.last, use.role_arn), reverse=True))


def _read(answer: QueryResult, read: Callable[[Row], Item]) -> list[Item]:
    items: list[Item] = []
    for row in answer.rows:
        try:
            items.append(read(row))
        except MalformedAnswer:
            answer.unreadable += 1
    return items


def _count(row: Row) -> int:
    try:
        return int(float(row.get("times", "")))
    except (ValueError, OverflowError):
        raise MalformedAnswer("times") from None


def _iso(value: str | None) -> str | None:
    """Write a time as CloudTrail does; Insights gives ``2026-11-24 09:20:00.000``, or milliseconds of the epoch."""
    if value is None or not _MILLISECONDS.fullmatch(value):
        return value and value.replace(" ", "T").rstrip("Z") + "Z"
    return f"{datetime.fromtimestamp(float(value) / 1000, UTC):%Y-%m-%dT%H:%M:%SZ}"
