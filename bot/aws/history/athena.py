"""Athena, over the documented table of a trail's records in S3. It bills by the bytes that a query scans.

The store for windows beyond 90 days and for whole fleets. Each query names the partitions that it reads.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from bot.aws.errors import unavailable
from bot.aws.fields import member, optional
from bot.aws.history.coverage import Store
from bot.aws.history.event_history import utc_now
from bot.aws.history.polled import PolledQuery
from bot.aws.history.rows import Row
from bot.aws.history.stored import Scope, StoredHistory
from bot.aws.history.trails import Description, TrailCheck, check_trails
from bot.aws.sessions import Clients
from bot.cloudtrail import queries
from bot.cloudtrail.stores import ATHENA, AthenaOptions
from bot.model import AssumeRoleEvent, StopCause
from bot.pipe.ports import Clock

_PAGE = 1000
_PARTITIONS = ("account_id", "region", "timestamp")
_DAY_FORMAT = "yyyy/MM/dd"


class Athena(StoredHistory):
    """A HistoryReader over one table in one region; ``region`` is where Athena runs."""

    def __init__(self, clients: Clients, settings: AthenaOptions, region: str, *, clock: Clock = utc_now) -> None:
        super().__init__(ATHENA, (f"{settings.database}.{settings.table}",), clock=clock)
        self._clients = clients
        self._settings = settings
        self._region = region
        self._table = queries.AthenaTable(settings.database, settings.table)

    @classmethod
    def of(cls, clients: Clients, options: AthenaOptions, clock: Clock) -> Athena:
        """Make the reader where the options say, else in the session's region."""
        return cls(clients, options, options.region or clients.default_region() or "us-east-1", clock=clock)

    def history_queries(self, role_arn: str, scope: Scope) -> Sequence[PolledQuery]:
        """Return the one query for everybody's sessions of the role."""
        return [self._query(queries.athena_history(self._table, role_arn, _partitions(scope)), scope)]

    def session_queries(self, role_arn: str, newest: AssumeRoleEvent, scope: Scope) -> Sequence[PolledQuery]:
        """Return the query for one session."""
        text = queries.athena_session(
            self._table,
            role_arn,
            _partitions(scope),
            key_id=newest.issued_key_id,
            session_name=newest.session_name,
        )
        return [self._query(text, scope)]

    def fleet_queries(self, scope: Scope) -> Sequence[PolledQuery]:
        """Return the query for all roles."""
        return [self._query(queries.athena_fleet(self._table, _partitions(scope)), scope)]

    def store(self, scope: Scope) -> Store:
        """Read what the table holds, and what the trail that fills its bucket records."""
        operation, settings = "athena:GetTableMetadata", self._settings
        try:
            answer = self._clients.client("athena", self._region).get_table_metadata(
                CatalogName=settings.catalog, DatabaseName=settings.database, TableName=settings.table
            )
            table = _Projection.of(member(answer, "TableMetadata", dict))
        except Exception as error:  # noqa: BLE001  whatever AWS's library raises becomes a value
            gap = unavailable(error, operation, f"{settings.database}.{settings.table}")
            return Store(self.source, scope.regions, TrailCheck(None), accounts=scope.accounts, gaps=(gap,))

        def delivers(trail: Description) -> bool:
            return bool(table.bucket) and trail.get("S3BucketName") == table.bucket

        return Store(
            source=self.source,
            regions=scope.regions,
            trail=check_trails(self._clients, self._region, delivers),
            kept_from=table.begins,
            covers=table.holds(scope),
            accounts=scope.accounts,
        )

    def _query(self, text: str, scope: Scope) -> PolledQuery:
        return _Execution(self._clients, self._region, self._settings, text, scope)


def _partitions(scope: Scope) -> queries.Partitions:
    return queries.Partitions(scope.accounts, scope.regions, scope.start, scope.end)


@dataclass(frozen=True, slots=True)
class _Projection:
    """Partition projection of a table: a partition outside of it gives no rows and no error."""

    bucket: str
    usable: bool
    accounts: frozenset[str] | None
    regions: frozenset[str] | None
    begins: datetime | None

    @classmethod
    def of(cls, metadata: Description) -> _Projection:
        """Read the table's parameters."""
        found = member(metadata, "Parameters", dict)
        keys = {member(key, "Name", str) for key in member(metadata, "PartitionKeys", list)}
        location = re.match(
            r"s3a?://([^/]+)/", str(found.get("storage.location.template") or found.get("location") or "")
        )
        return cls(
            bucket=location.group(1) if location else "",
            usable=(
                keys == set(_PARTITIONS)
                and str(found.get("projection.enabled")).lower() == "true"
                and found.get("projection.timestamp.format") == _DAY_FORMAT
            ),
            accounts=_values(found, "account_id"),
            regions=_values(found, "region"),
            begins=_first_day(str(found.get("projection.timestamp.range") or "")),
        )

    def holds(self, scope: Scope) -> bool:
        """Whether the partitions asked for exist."""
        return (
            self.usable
            and (self.accounts is None or self.accounts.issuperset(scope.accounts))
            and (self.regions is None or self.regions.issuperset(scope.regions))
        )


def _values(parameters: Description, column: str) -> frozenset[str] | None:
    """Return the values of an enumerated partition column; None where any value is projected."""
    if parameters.get(f"projection.{column}.type") != "enum":
        return None
    return frozenset(str(parameters.get(f"projection.{column}.values") or "").replace(" ", "").split(","))


def _first_day(days: str) -> datetime | None:
    """Return where a range of days begins; None where that is relative to now or not understood."""
    try:
        return datetime.strptime(days.partition(",")[0].strip(), "%Y/%m/%d").replace(tzinfo=UTC)
    except ValueError:
        return None


class _Execution(PolledQuery):
    """One query execution."""

    service = "athena"

    def __init__(self, clients: Clients, region: str, settings: AthenaOptions, text: str, scope: Scope) -> None:
        super().__init__(clients, region, scope.deadline)
        self._request: dict[str, Any] = {
            "QueryString": text,
            "QueryExecutionContext": {"Catalog": settings.catalog, "Database": settings.database},
            "WorkGroup": settings.workgroup,
        }
        if settings.output_location:
            self._request["ResultConfiguration"] = {"OutputLocation": settings.output_location}
        self._id = ""

    def start(self) -> None:
        self._id = member(self.call("StartQueryExecution", **self._request), "QueryExecutionId", str)

    def poll(self) -> None:
        execution = member(self.call("GetQueryExecution", QueryExecutionId=self._id), "QueryExecution", dict)
        statistics = optional(execution, "Statistics", dict) or {}
        self.answer.bytes_scanned = optional(statistics, "DataScannedInBytes", int)
        status = member(execution, "Status", dict)
        state = member(status, "State", str)
        if state == "SUCCEEDED":
            self.running = False
            self._fetch()
        elif state not in ("QUEUED", "RUNNING"):
            self.failed(_why(state, status))

    def stop(self) -> None:
        self.call("StopQueryExecution", QueryExecutionId=self._id)

    def _fetch(self) -> None:
        """Read all rows, page by page, within the deadline."""
        names: list[str] = []
        further: dict[str, str] = {}
        while self._deadline.remaining():
            page = self.call("GetQueryResults", QueryExecutionId=self._id, MaxResults=_PAGE, **further)
            rows = [
                [optional(cell, "VarCharValue", str) for cell in member(row, "Data", list)]
                for row in member(member(page, "ResultSet", dict), "Rows", list)
            ]
            if not names:  # the first row of the first page names the columns
                names = [name or "" for name in rows.pop(0)]
            self.answer.rows.extend(map(partial(_row, names), rows))
            token = optional(page, "NextToken", str)
            if not token:
                full = len(self.answer.rows) >= queries.ATHENA_LIMIT
                self.answer.stopped = StopCause.PAGE_LIMIT if full else None
                return
            further = {"NextToken": token}


def _row(names: Sequence[str], values: Sequence[str | None]) -> Row:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _why(state: str, status: Mapping[str, Any]) -> str:
    """Name how a query ended: Athena's error type as a number, since its message quotes the query."""
    kind = optional(optional(status, "AthenaError", dict) or {}, "ErrorType", int)
    return state if kind is None else f"{state}-{kind}"
