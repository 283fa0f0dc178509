"""Running one SQL query of Athena's dialect on the CloudTrail records that a trail delivered."""

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from bot.sandbox.aws import behind, delivered
from bot.sandbox.aws.service import Call
from bot.sandbox.aws.trail import Record
from bot.sandbox.aws.world import World

_TEXTS = (
    *("eventversion", "eventtime", "eventsource", "eventname", "awsregion", "sourceipaddress", "useragent"),
    *("errorcode", "errormessage", "requestparameters", "responseelements", "additionaleventdata", "requestid"),
    *("eventid", "eventtype", "apiversion", "readonly", "recipientaccountid", "serviceeventdetails", "sharedeventid"),
    "vpcendpointid",
)
_ISSUER = dict.fromkeys(("type", "principalid", "arn", "accountid", "username"), "VARCHAR")
_IDENTITY = {
    **dict.fromkeys(("type", "principalid", "arn", "accountid", "invokedby", "accesskeyid", "username"), "VARCHAR"),
    "sessioncontext": {
        "attributes": {"mfaauthenticated": "VARCHAR", "creationdate": "VARCHAR"},
        "sessionissuer": _ISSUER,
    },
}
PARTITIONS = ("account_id", "region", "timestamp")
#: The documented columns in DuckDB's types; a STRING that holds a structure of the record is its JSON.
COLUMNS: Mapping[str, Any] = {
    **dict.fromkeys((*_TEXTS, *PARTITIONS), "VARCHAR"),
    "useridentity": _IDENTITY,
    "resources": [{"arn": "VARCHAR", "accountid": "VARCHAR", "type": "VARCHAR"}],
}
_STRUCTURE = json.dumps([COLUMNS])
#: CloudTrail files records by when it delivers them.
_DELIVERY = timedelta(minutes=5)


class RefusedQueryError(ValueError):
    """Athena would fail the query; the text is its reason."""


@dataclass(slots=True)
class Result:
    """What a query gave, as texts."""

    columns: list[str] = field(default_factory=list)
    rows: list[Sequence[str | None]] = field(default_factory=list)
    bytes_scanned: int = 0


@dataclass(frozen=True, slots=True)
class _Partition:
    account: str
    region: str
    day: str


def run(world: World, call: Call) -> Result:
    """Run the query of a StartQueryExecution; raises RefusedQueryError."""
    import duckdb  # noqa: PLC0415  a development dependency
    import sqlglot  # noqa: PLC0415  as above
    from sqlglot import exp  # noqa: PLC0415  as above

    try:
        statements = sqlglot.parse(call.parameters["QueryString"], read="trino")
    except sqlglot.errors.SqlglotError as error:
        raise RefusedQueryError(f"SYNTAX_ERROR: {error}") from None
    if len(statements) != 1 or not isinstance(statements[0], exp.Select):
        raise RefusedQueryError("NOT_SUPPORTED: one SELECT statement is wanted")
    select = statements[0]
    tables = list(select.find_all(exp.Table))
    if len(tables) != 1:
        raise RefusedQueryError("NOT_SUPPORTED: one table is wanted")
    context = call.parameters.get("QueryExecutionContext", {})
    described = behind.table(call.account, call.region, tables[0].db or context.get("Database", ""), tables[0].name)
    if described is None:
        raise RefusedQueryError(f"TABLE_NOT_FOUND: {tables[0].sql()} does not exist")
    wanted = _wanted(select.args.get("where"))
    tables[0].replace(exp.to_table("records"))
    rows = json.dumps([_row(partition, record) for partition, record in _records(world, described, wanted)])
    with duckdb.connect() as connection:
        connection.execute(
            "CREATE TABLE records AS SELECT row.* FROM (SELECT unnest(from_json(?, ?)) AS row)", [rows, _STRUCTURE]
        )
        try:
            cursor = connection.execute(select.sql("duckdb"))
        except duckdb.Error as error:
            raise RefusedQueryError(f"GENERIC_USER_ERROR: {error}") from None
        found = [[None if cell is None else str(cell) for cell in row] for row in cursor.fetchall()]
        return Result([column[0] for column in cursor.description], list(found), len(rows))


def _wanted(where: Any) -> dict[str, Any]:
    """Return the partitions that the WHERE clause names, by column: a set of values, or a first and a last."""
    from sqlglot import exp  # noqa: PLC0415  as above

    wanted: dict[str, Any] = {}
    for test in (
        where.this.flatten() if where and isinstance(where.this, exp.And) else filter(None, [where and where.this])
    ):
        column = test.this.name if isinstance(test.this, exp.Column) and not test.this.table else ""
        if column not in PARTITIONS:
            continue
        if isinstance(test, exp.EQ):
            wanted[column] = {test.expression.name}
        elif isinstance(test, exp.In):
            wanted[column] = {value.name for value in test.expressions}
        elif isinstance(test, exp.Between):
            wanted[column] = (test.args["low"].name, test.args["high"].name)
        elif isinstance(test, exp.GTE):
            wanted[column] = (test.expression.name, "9999/12/31")
    for column in PARTITIONS:
        if column not in wanted:
            raise RefusedQueryError(
                f"CONSTRAINT_VIOLATION: For the injected projected partition column {column}, the WHERE clause must "
                "contain only static equality conditions, and at least one such condition must be present."
            )
    return wanted


def _records(world: World, table: Mapping[str, Any], wanted: Mapping[str, Any]) -> Iterator[tuple[_Partition, Record]]:
    """Yield the records of the partitions that exist in the projection and are wanted."""
    parameters = table.get("Parameters", {})
    place = parameters.get("storage.location.template") or table.get("StorageDescriptor", {}).get("Location", "")
    bucket = re.sub(r"^s3://([^/]*).*", r"\1", place)
    regions = set(parameters.get("projection.region.values", "").split(","))
    first = parameters.get("projection.timestamp.range", "").partition(",")[0]
    epoch, now = datetime(1970, 1, 1, tzinfo=UTC), datetime(9999, 1, 1, tzinfo=UTC)
    for record in delivered.to_bucket(world, bucket, epoch, now):
        day = datetime.fromisoformat(record["eventTime"]) + _DELIVERY
        partition = _Partition(record.get("recipientAccountId", ""), record["awsRegion"], f"{day:%Y/%m/%d}")
        if partition.region in regions and partition.day >= first and _is_wanted(partition, wanted):
            yield partition, record


def _is_wanted(partition: _Partition, wanted: Mapping[str, Any]) -> bool:
    days = wanted["timestamp"]
    in_days = days[0] <= partition.day <= days[1] if isinstance(days, tuple) else partition.day in days
    return in_days and partition.region in wanted["region"] and partition.account in wanted["account_id"]


def _row(partition: _Partition, record: Record) -> dict[str, Any]:
    row: dict[str, Any] = {name: _text(value) for name, value in _lower(record).items() if name in _TEXTS}
    row["useridentity"] = _lower(record.get("userIdentity") or {}, deep=True)
    row["resources"] = [_lower(resource) for resource in record.get("resources") or ()]
    return row | {"account_id": partition.account, "region": partition.region, "timestamp": partition.day}


def _text(value: Any) -> str | None:
    if value is None or isinstance(value, str):
        return value
    return json.dumps(value)


def _lower(record: Mapping[str, Any], *, deep: bool = False) -> dict[str, Any]:
    return {
        name.lower(): _lower(value, deep=True) if deep and isinstance(value, Mapping) else value
        for name, value in record.items()
    }
