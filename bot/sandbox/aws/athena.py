"""Athena over the records that trails deliver to S3: real SQL, on the documented table with partition projection.

A query is parsed in Trino's dialect and run by DuckDB on the partitions that it names. It must name them: a table whose
accounts are injected has no other way of knowing them, and the sandbox wants all three columns. The tables stand in
moto's Glue catalog. Both engines are development dependencies, and imported when a query runs.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any
from uuid import uuid4

from bot.sandbox.aws import behind
from bot.sandbox.aws.athena_engine import RefusedQueryError, Result, run
from bot.sandbox.aws.paging import page
from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.world import World

CATALOG = "AwsDataCatalog"


@dataclass(slots=True)
class _Execution:
    call: Call
    polls: int
    state: str = "QUEUED"
    reason: str = ""
    result: Result = field(default_factory=Result)
    completed: datetime | None = None


class Executions:
    """The queries of one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def start(self, call: Call) -> dict[str, Any]:
        """Answer StartQueryExecution."""
        output = call.parameters.get("ResultConfiguration", {}).get("OutputLocation", "")
        group = call.parameters.get("WorkGroup", "primary")
        known = behind.work_groups(call.account, call.region)
        if group not in known:
            raise _invalid(f"WorkGroup {group} is not found.")
        if not output.startswith("s3://") and not known[group]:
            raise _invalid("No output location provided. An output location is required.")
        execution_id = str(uuid4())
        with self._world.lock:
            self._all[execution_id] = _Execution(call, self._world.switches.query_polls)
        return {"QueryExecutionId": execution_id}

    def describe(self, call: Call) -> dict[str, Any]:
        """Answer GetQueryExecution; each call brings the query nearer to its end."""
        with self._world.lock:
            execution = self._find(call)
            if execution.state in ("QUEUED", "RUNNING"):
                execution.polls -= 1
                execution.state = "RUNNING"
                if execution.polls < 0:
                    self._finish(execution, call.now)
        status: dict[str, Any] = {
            "State": execution.state,
            "SubmissionDateTime": execution.call.now,
            "CompletionDateTime": execution.completed,
        }
        if execution.reason:
            status["StateChangeReason"] = execution.reason
            status["AthenaError"] = {"ErrorCategory": 2, "ErrorType": 1006, "ErrorMessage": execution.reason}
        return {
            "QueryExecution": {
                "QueryExecutionId": call.parameters["QueryExecutionId"],
                "Query": execution.call.parameters["QueryString"],
                "StatementType": "DML",
                "WorkGroup": execution.call.parameters.get("WorkGroup", "primary"),
                "Status": status,
                "Statistics": {"DataScannedInBytes": execution.result.bytes_scanned},
            }
        }

    def results(self, call: Call) -> dict[str, Any]:
        """Answer GetQueryResults: the column names are the first row of the first page."""
        execution = self._find(call)
        if execution.state != "SUCCEEDED":
            raise _invalid(f"Query has not yet finished. Current state: {execution.state}")
        result = execution.result
        rows: list[Sequence[str | None]] = [result.columns, *result.rows]
        execution_id = call.parameters["QueryExecutionId"]
        taken, token = page(
            rows, call.parameters.get("MaxResults", 1000), call.parameters.get("NextToken"), execution_id
        )
        if taken is None:
            raise _invalid("The NextToken is not valid.")
        columns = [{"Name": name, "Type": "varchar"} for name in result.columns]
        return {
            "ResultSet": {
                "Rows": [{"Data": [{} if cell is None else {"VarCharValue": cell} for cell in row]} for row in taken],
                "ResultSetMetadata": {"ColumnInfo": columns},
            },
            "NextToken": token,
        }

    def stop(self, call: Call) -> dict[str, Any]:
        """Answer StopQueryExecution."""
        with self._world.lock:
            execution = self._find(call)
            if execution.state in ("QUEUED", "RUNNING"):
                execution.state, execution.completed = "CANCELLED", call.now
        return {}

    @property
    def _all(self) -> dict[str, _Execution]:
        found: dict[str, _Execution] = self._world.private.setdefault("athena", {})
        return found

    def _find(self, call: Call) -> _Execution:
        found = self._all.get(call.parameters["QueryExecutionId"])
        if found is None:
            raise _invalid("QueryExecution was not found.")
        return found

    def _finish(self, execution: _Execution, now: datetime) -> None:
        execution.completed = now
        try:
            execution.result = run(self._world, execution.call)
            execution.state = "SUCCEEDED"
        except RefusedQueryError as error:
            execution.state, execution.reason = "FAILED", str(error)


def _invalid(message: str) -> AwsError:
    return AwsError("InvalidRequestException", message)


def service(world: World) -> Service:
    """Return the operations of queries, and the one that describes a table."""
    executions = Executions(world)

    def get_table_metadata(call: Call) -> dict[str, Any]:
        names = call.parameters
        if names["CatalogName"] != CATALOG:
            raise _invalid(f"Data catalog {names['CatalogName']} was not found.")
        table = behind.table(call.account, call.region, names["DatabaseName"], names["TableName"])
        if table is None:
            raise AwsError("MetadataException", f"EntityNotFoundException: Table {names['TableName']} not found.")
        stored = table.get("StorageDescriptor", {})
        return {
            "TableMetadata": {
                "Name": names["TableName"],
                "CreateTime": call.now,
                "TableType": table.get("TableType", "EXTERNAL_TABLE"),
                "Columns": stored.get("Columns", []),
                "PartitionKeys": table.get("PartitionKeys", []),
                "Parameters": {**table.get("Parameters", {}), "location": stored.get("Location", "")},
            }
        }

    return {
        "StartQueryExecution": executions.start,
        "GetQueryExecution": executions.describe,
        "GetQueryResults": executions.results,
        "StopQueryExecution": executions.stop,
        "GetTableMetadata": get_table_metadata,
    }
