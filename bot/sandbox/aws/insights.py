"""CloudWatch Logs Insights over the records that trails deliver to log groups; moto has no filters and no StopQuery.

The query language's subset is in ``insights_language``; what that does not understand is refused as malformed. A query
is Scheduled when it is started, Running when it is first polled, and Complete after ``Switches.query_polls`` polls.
"""

import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from bot.sandbox.aws import behind, delivered
from bot.sandbox.aws.insights_language import MalformedQueryError, Query, Row, parse
from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.world import World

LIMIT = 10_000
_ALIVE = ("Scheduled", "Running")


@dataclass(slots=True)
class _Execution:
    query: Query
    groups: tuple[str, ...]
    start: datetime
    end: datetime
    limit: int
    polls: int
    status: str = "Scheduled"
    results: list[list[dict[str, str]]] = field(default_factory=list)
    statistics: dict[str, float] = field(default_factory=dict)


class Executions:
    """The queries of one world."""

    def __init__(self, world: World) -> None:
        self._world = world

    def start(self, call: Call) -> dict[str, Any]:
        """Answer StartQuery."""
        parameters = call.parameters
        if parameters["startTime"] > parameters["endTime"]:
            raise AwsError("InvalidParameterException", "The end of the time range is before its start.")
        try:
            query = parse(parameters["queryString"])
        except MalformedQueryError as error:
            raise AwsError("MalformedQueryException", str(error)) from None
        query_id = str(uuid4())
        started = _Execution(
            query,
            groups=_groups(call),
            start=datetime.fromtimestamp(parameters["startTime"], UTC),
            end=datetime.fromtimestamp(parameters["endTime"], UTC),
            limit=min(parameters.get("limit", LIMIT), LIMIT),
            polls=self._world.switches.query_polls,
        )
        with self._world.lock:
            self._all[query_id] = started
        return {"queryId": query_id}

    def results(self, call: Call) -> dict[str, Any]:
        """Answer GetQueryResults; each call brings the query nearer to its end."""
        with self._world.lock:
            found = self._find(call)
            if found.status in _ALIVE:
                found.polls -= 1
                found.status = "Running" if found.polls >= 0 else "Complete"
                if found.status == "Complete":
                    _run(self._world, found)
            return {"status": found.status, "results": found.results, "statistics": found.statistics}

    def stop(self, call: Call) -> dict[str, Any]:
        """Answer StopQuery."""
        with self._world.lock:
            found = self._find(call)
            if found.status not in _ALIVE:
                raise AwsError("InvalidParameterException", "The query has ended already.")
            found.status = "Cancelled"
            return {"success": True}

    @property
    def _all(self) -> dict[str, _Execution]:
        found: dict[str, _Execution] = self._world.private.setdefault("insights", {})
        return found

    def _find(self, call: Call) -> _Execution:
        found = self._all.get(call.parameters["queryId"])
        if found is None:
            raise AwsError("ResourceNotFoundException", "The specified query does not exist.")
        return found


def service(world: World) -> Service:
    """Return StartQuery, GetQueryResults and StopQuery."""
    executions = Executions(world)
    return {"StartQuery": executions.start, "GetQueryResults": executions.results, "StopQuery": executions.stop}


def _groups(call: Call) -> tuple[str, ...]:
    """Return the log groups by ARN; exactly one of the three parameters names them."""
    given = [
        call.parameters[name]
        for name in ("logGroupName", "logGroupNames", "logGroupIdentifiers")
        if name in call.parameters
    ]
    if len(given) != 1:
        raise AwsError("InvalidParameterException", "Name the log groups in exactly one way.")
    names = [given[0]] if isinstance(given[0], str) else list(given[0])
    prefix = f"arn:aws:logs:{call.region}:{call.account}:log-group:"
    arns = tuple(name if name.startswith("arn:") else prefix + name for name in names)
    for arn in arns:
        if arn.endswith("*"):
            raise AwsError("InvalidParameterException", "A log group's ARN must not end in an asterisk here.")
        if not behind.log_group_exists(call.account, call.region, arn):
            raise AwsError("ResourceNotFoundException", "The specified log group does not exist.")
    return arns


def _run(world: World, execution: _Execution) -> None:
    scanned = 0
    rows: list[Row] = []
    for group in execution.groups:
        for record in delivered.to_log_group(world, group, execution.start, execution.end):
            message = json.dumps(record)
            scanned += len(message)
            at = datetime.fromisoformat(record["eventTime"])
            rows.append(Row({"@timestamp": f"{at:%Y-%m-%d %H:%M:%S}.000", "@message": message}, record))
    matched, results = execution.query.run(rows, execution.limit)
    execution.results = [[{"field": name, "value": value} for name, value in row.items()] for row in results]
    execution.statistics = {
        "recordsMatched": float(matched),
        "recordsScanned": float(len(rows)),
        "bytesScanned": float(scanned),
    }
