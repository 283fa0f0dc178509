"""A trail's records in S3, asked through Athena over the table that AWS documents."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.cloudtrail.queries import AthenaTable, Partitions, athena_history
from bot.cloudtrail.stores.store import NO_ID, Columns, HistoryStore, Operation, Setting, Trial, WrittenQuery
from bot.model import Coverage
from bot.regions import SHAPE

_SQL_NAME = re.compile(r"[A-Za-z0-9_]{1,255}")
_SQL_NAME_EXPECTED = "letters, digits and underscores"


@dataclass(frozen=True, slots=True)
class AthenaOptions:
    """The table that holds a trail's records, and where Athena may write results."""

    database: str
    table: str
    workgroup: str = "primary"
    catalog: str = "AwsDataCatalog"
    #: ``s3://bucket/prefix``; None where the workgroup brings its own.
    output_location: str | None = None
    #: None: the session's region.
    region: str | None = None


def _trials(options: AthenaOptions, regions: tuple[str, ...], _: str) -> Iterator[Trial]:
    region = options.region or regions[0]
    table = {"CatalogName": options.catalog, "DatabaseName": options.database, "TableName": options.table}
    output = {"ResultConfiguration": {"OutputLocation": options.output_location}} if options.output_location else {}
    yield Trial("athena:GetTableMetadata", region, table)
    yield Trial(
        "athena:StartQueryExecution", region, {"QueryString": "SELECT 1", "WorkGroup": options.workgroup, **output}
    )
    for operation in ("GetQueryExecution", "GetQueryResults", "StopQueryExecution"):
        yield Trial(f"athena:{operation}", region, {"QueryExecutionId": NO_ID})


def _queries(role_arn: str, covered: Coverage | None) -> Iterator[WrittenQuery]:
    """Yield the query for each table that was read."""
    if covered is None:
        return
    for place in covered.places:
        database, _, name = place.partition(".")
        within = Partitions(covered.accounts, covered.regions, covered.window_from, covered.window_to)
        yield WrittenQuery(
            language="Athena",
            how="For {language}, on {places}, for {window}. It shows whoever assumed the role.",
            text=athena_history(AthenaTable(database, name), role_arn, within),
        )


ATHENA = HistoryStore(
    name="athena",
    title="CloudTrail in S3, through Athena",
    sid="ReadTrailThroughAthena",
    operations=(
        Operation(
            "athena:GetTableMetadata",
            "The CloudTrail table could not be looked up: which accounts, regions and days it holds is not known.",
        ),
        Operation(
            "athena:StartQueryExecution",
            "The CloudTrail table could not be queried: silence there is no evidence.",
        ),
        Operation("athena:GetQueryExecution", "The CloudTrail query could not be followed: silence is no evidence."),
        Operation(
            "athena:GetQueryResults", "The CloudTrail query's results could not be fetched: silence is no evidence."
        ),
        Operation("athena:StopQueryExecution", "A CloudTrail query could not be stopped; it ends by itself."),
    ),
    starts="athena:StartQueryExecution",
    reader="bot.aws.history.athena:Athena",
    options=AthenaOptions,
    trials=_trials,
    queries=_queries,
    settings=(
        Setting("MSK_ROLE_ATHENA_DATABASE", "database", _SQL_NAME, _SQL_NAME_EXPECTED, required=True),
        Setting("MSK_ROLE_ATHENA_TABLE", "table", _SQL_NAME, _SQL_NAME_EXPECTED, required=True),
        Setting(
            "MSK_ROLE_ATHENA_WORKGROUP",
            "workgroup",
            re.compile(r"[A-Za-z0-9._-]{1,128}"),
            "the name of a workgroup",
        ),
        Setting(
            "MSK_ROLE_ATHENA_OUTPUT",
            "output_location",
            re.compile(r"s3://[a-z0-9][a-z0-9.-]{1,61}[a-z0-9](/\S*)?"),
            "s3://bucket/prefix",
        ),
        Setting("MSK_ROLE_ATHENA_CATALOG", "catalog", re.compile(r"[\w@./-]{1,256}"), "the name of a catalog"),
        Setting("MSK_ROLE_ATHENA_REGION", "region", re.compile(SHAPE, re.ASCII), "a region name"),
    ),
    columns=Columns(
        event={
            "at": "eventtime",
            "region": "awsregion",
            "event_id": "eventid",
            "shared_event_id": "sharedeventid",
            "error_code": "errorcode",
            "session_name": "session_name",
            "issued_key_id": "issued_key",
            "assumed_role_id": "assumed_role_id",
            "type": "identity_type",
            "invokedBy": "invoked_by",
            "arn": "identity_arn",
            "accountId": "identity_account",
            "principalId": "identity_principal",
        },
        role="role_arn",
        last="last_seen",
    ),
)
