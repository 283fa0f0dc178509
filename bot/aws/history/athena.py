"""Athena, over the documented table of a trail's records in S3. It bills by the bytes that a query scans.

The store for windows beyond 90 days and for whole fleets. Each query names the partitions that it reads.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import partial
from typing import Any

from botocore.exceptions import BotoCoreError, ClientError

from bot import queries
from bot.aws.errors import error_code, unavailable
from bot.aws.fields import member, optional
from bot.aws.history.coverage import Store
from bot.aws.history.event_history import utc_now
from bot.aws.history.lookup import stop_cause
from bot.aws.history.rows import Answer, Row
from bot.aws.history.stored import Pauses, Scope, StoredHistory
from bot.aws.history.trails import Description, TrailCheck, check_trails
from bot.aws.sessions import Clients
from bot.explain import Clock
from bot.model import AssumeRoleEvent, Cause, StopCause, Unavailable
from bot.settings import AthenaSettings

_RUNNING = ("QUEUED", "RUNNING")
_BUSY = ("TooManyRequestsException", "ThrottlingException")
_PAGE = 1000
_PARTITIONS = ("account_id", "region", "timestamp")
_DAY_FORMAT = "yyyy/MM/dd"


class Athena(StoredHistory):
    """A HistoryReader over one table in one region; ``region`` is where Athena runs."""

    source = "athena"
    starts = "athena:StartQueryExecution"
    role_column = "role_arn"
    last_column = "last_seen"
    columns: Mapping[str, str] = {
        "at": "eventtime",
        "region": "awsregion",
        "event_id": "eventid",
        "shared_event_id": "sharedeventid",
        "error_code": "errorcode",
        "session_name": "session_name",
        "issued_key_id": "issued_key",
        "type": "identity_type",
        "invokedBy": "invoked_by",
        "arn": "identity_arn",
        "accountId": "identity_account",
        "principalId": "identity_principal",
    }

    def __init__(self, clients: Clients, settings: AthenaSettings, region: str, *, clock: Clock = utc_now) -> None:
        super().__init__(clock=clock)
        self._clients = clients
        self._settings = settings
        self._region = region
        self._table = queries.Table(settings.database, settings.table)

    def history_queries(self, role_arn: str, scope: Scope) -> Sequence[Callable[[], Answer]]:
        """Return the one query for everybody's sessions of the role."""
        return [self._query(queries.athena_history(self._table, role_arn, _partitions(scope)), scope)]

    def session_queries(self, role_arn: str, newest: AssumeRoleEvent, scope: Scope) -> Sequence[Callable[[], Answer]]:
        """Return the query for one session."""
        text = queries.athena_session(
            self._table,
            role_arn,
            _partitions(scope),
            key_id=newest.issued_key_id,
            session_name=newest.session_name,
        )
        return [self._query(text, scope)]

    def fleet_queries(self, scope: Scope) -> Sequence[Callable[[], Answer]]:
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

    def _query(self, text: str, scope: Scope) -> Callable[[], Answer]:
        return partial(_run, self._clients, self._region, self._settings, text, scope)


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


def _run(clients: Clients, region: str, settings: AthenaSettings, text: str, scope: Scope) -> Answer:
    """Run one query to its end, or stop it at the deadline."""
    execution = _Execution(region, Pauses(scope.deadline))
    request: dict[str, Any] = {
        "QueryString": text,
        "QueryExecutionContext": {"Catalog": settings.catalog, "Database": settings.database},
        "WorkGroup": settings.workgroup,
    }
    if settings.output_location:
        request["ResultConfiguration"] = {"OutputLocation": settings.output_location}
    try:
        execution.client = clients.client("athena", region)
        execution.start(request)
        if execution.wait():
            execution.fetch()
    except Exception as error:  # noqa: BLE001  whatever AWS's library raises becomes a value
        execution.answer.gap = unavailable(error, execution.operation, region)
        execution.answer.stopped = stop_cause(execution.answer.gap)
    execution.stop()
    return execution.answer


class _Execution:
    """One query under way."""

    client: Any = None

    def __init__(self, region: str, pauses: Pauses) -> None:
        self.operation = "athena:StartQueryExecution"
        self.answer = Answer()
        self._region = region
        self._pauses = pauses
        self._id = ""
        self._running = False

    def start(self, request: Mapping[str, Any]) -> None:
        """Start it; where too many queries run already, try again until the deadline."""
        while not self._id:
            self.answer.requests += 1
            try:
                self._id = member(self.client.start_query_execution(**request), "QueryExecutionId", str)
            except ClientError as error:
                if error_code(error) not in _BUSY or not self._pauses.pause():
                    raise
        self._running = True

    def wait(self) -> bool:
        """Wait until it ends or the deadline passes; True where it succeeded."""
        self.operation = "athena:GetQueryExecution"
        while self._pauses.pause():
            self.answer.requests += 1
            answer = self.client.get_query_execution(QueryExecutionId=self._id)
            execution = member(answer, "QueryExecution", dict)
            self.answer.bytes_scanned = optional(
                optional(execution, "Statistics", dict) or {}, "DataScannedInBytes", int
            )
            state = member(member(execution, "Status", dict), "State", str)
            self._running = state in _RUNNING
            if state == "SUCCEEDED":
                return True
            if not self._running:
                self.answer.gap = Unavailable(self.operation, self._region, Cause.ERROR, error_code=_why(execution))
                self.answer.stopped = StopCause.ERROR
                return False
        return False

    def fetch(self) -> None:
        """Read all rows, page by page, within the deadline."""
        self.operation = "athena:GetQueryResults"
        request: dict[str, Any] = {"QueryExecutionId": self._id, "MaxResults": _PAGE}
        names: list[str] = []
        while True:
            self.answer.requests += 1
            page = self.client.get_query_results(**request)
            rows = [
                [optional(cell, "VarCharValue", str) for cell in member(row, "Data", list)]
                for row in member(member(page, "ResultSet", dict), "Rows", list)
            ]
            if not names:  # the first row of the first page names the columns
                names = [name or "" for name in rows.pop(0)]
            self.answer.rows.extend(map(partial(_row, names), rows))
            token = optional(page, "NextToken", str)
            if not token:
                self.answer.stopped = StopCause.PAGE_LIMIT if len(self.answer.rows) >= queries.ATHENA_LIMIT else None
                return
            if self._pauses.over:
                return
            request["NextToken"] = token

    def stop(self) -> None:
        """Stop it where it still runs: it would end by itself, only later and dearer."""
        if self._running:
            self.answer.requests += 1
            with suppress(ClientError, BotoCoreError):
                self.client.stop_query_execution(QueryExecutionId=self._id)


def _row(names: Sequence[str], values: Sequence[str | None]) -> Row:
    return {name: value for name, value in zip(names, values, strict=True) if value is not None}


def _why(execution: Mapping[str, Any]) -> str:
    """Name how a query ended: Athena's error type as a number, since its message quotes the query."""
    status = execution["Status"]
    kind = optional(optional(status, "AthenaError", dict) or {}, "ErrorType", int)
    return f"{status['State']}-{kind}" if kind is not None else str(status["State"])
