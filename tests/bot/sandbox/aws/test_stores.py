"""What AWS documents of Logs Insights' and Athena's queries, asked of the embedded AWS through boto3."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from botocore.exceptions import ClientError

from bot.cloudtrail import queries
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US, log_group_arn, role_arn
from bot.sandbox.scenario.table import DATABASE, TABLE

GROUP = "cloudtrail/management-events"
OUTPUT = {"OutputLocation": "s3://acme-athena-results/test/"}
NOW = datetime.now(UTC)
ROLE = role_arn("orders-s3-sink-role")


def code(refused: pytest.ExceptionInfo[ClientError]) -> str:
    return str(refused.value.response["Error"]["Code"])


# --- Logs Insights ---------------------------------------------------------------------------------------------------


def start_query(aws: EmbeddedAws, text: str = "fields eventName | limit 3", **parameters: Any) -> str:
    named = {} if set(parameters) & {"logGroupNames", "logGroupIdentifiers"} else {"logGroupName": GROUP}
    times = {"startTime": int((NOW - timedelta(days=90)).timestamp()), "endTime": int(NOW.timestamp())}
    answer = aws.client("logs").start_query(queryString=text, **{**times, **named, **parameters})
    return str(answer["queryId"])


def test_a_query_is_running_before_it_is_complete(aws: EmbeddedAws) -> None:
    query_id = start_query(aws)
    statuses = [aws.client("logs").get_query_results(queryId=query_id) for _ in range(3)]
    assert [answer["status"] for answer in statuses] == ["Running", "Complete", "Complete"]
    assert len(statuses[2]["results"]) == 3
    assert statuses[2]["statistics"]["bytesScanned"] > 0


def test_a_log_group_is_named_by_arn_too_but_without_an_asterisk(aws: EmbeddedAws) -> None:
    start_query(aws, logGroupIdentifiers=[log_group_arn(GROUP, EU)])
    with pytest.raises(ClientError) as refused:
        start_query(aws, logGroupIdentifiers=[f"{log_group_arn(GROUP, EU)}:*"])
    assert code(refused) == "InvalidParameterException"


@pytest.mark.parametrize(
    ("parameters", "expected"),
    [
        ({"logGroupName": "nowhere"}, "ResourceNotFoundException"),
        ({"logGroupNames": [GROUP], "logGroupName": GROUP}, "InvalidParameterException"),
        ({"startTime": 2_000_000_000}, "InvalidParameterException"),
        ({"queryString": "dedup everything"}, "MalformedQueryException"),
    ],
)
def test_a_query_that_aws_refuses_is_refused(aws: EmbeddedAws, parameters: dict[str, Any], expected: str) -> None:
    text = parameters.pop("queryString", "fields eventName")
    with pytest.raises(ClientError) as refused:
        start_query(aws, text, **parameters)
    assert code(refused) == expected


def test_a_stopped_query_is_cancelled_and_stopped_once(aws: EmbeddedAws) -> None:
    logs, query_id = aws.client("logs"), start_query(aws)
    assert logs.stop_query(queryId=query_id)["success"]
    assert logs.get_query_results(queryId=query_id)["status"] == "Cancelled"
    with pytest.raises(ClientError) as refused:
        logs.stop_query(queryId=query_id)
    assert code(refused) == "InvalidParameterException"


def test_a_query_that_nobody_started_is_not_found(aws: EmbeddedAws) -> None:
    with pytest.raises(ClientError) as refused:
        aws.client("logs").get_query_results(queryId="none")
    assert code(refused) == "ResourceNotFoundException"


def test_a_log_group_holds_what_its_trail_records(aws: EmbeddedAws) -> None:
    text = 'filter eventName = "AssumeRole" | stats count(*) as times'
    logs = aws.client("logs")

    def times() -> str:
        query_id = start_query(aws, text)
        logs.get_query_results(queryId=query_id)
        rows = logs.get_query_results(queryId=query_id)["results"]
        return str(rows[0][0]["value"]) if rows else "0"

    assert int(times()) > 1000
    writes = {"ReadWriteType": "WriteOnly", "IncludeManagementEvents": True, "DataResources": []}
    aws.client("cloudtrail").put_event_selectors(TrailName="management-events", EventSelectors=[writes])
    assert times() == "0"


# --- Athena ----------------------------------------------------------------------------------------------------------

WITHIN = queries.Partitions(("111122223333",), (EU, US), NOW - timedelta(days=90), NOW)
HISTORY = queries.athena_history(queries.AthenaTable(DATABASE, TABLE), ROLE, WITHIN)


def execute(aws: EmbeddedAws, text: str, **parameters: Any) -> tuple[str, dict[str, Any]]:
    athena = aws.client("athena")
    request = {"QueryString": text, "ResultConfiguration": OUTPUT, **parameters}
    execution_id = athena.start_query_execution(**request)["QueryExecutionId"]
    athena.get_query_execution(QueryExecutionId=execution_id)
    return execution_id, athena.get_query_execution(QueryExecutionId=execution_id)["QueryExecution"]


def test_a_query_succeeds_and_its_first_row_names_the_columns(aws: EmbeddedAws) -> None:
    execution_id, execution = execute(aws, HISTORY)
    assert execution["Status"]["State"] == "SUCCEEDED"
    assert execution["Statistics"]["DataScannedInBytes"] > 0
    rows = aws.client("athena").get_query_results(QueryExecutionId=execution_id)["ResultSet"]["Rows"]
    assert rows[0]["Data"][0] == {"VarCharValue": "eventtime"}
    assert len(rows) > 40
    error_code = [name["VarCharValue"] for name in rows[0]["Data"]].index("errorcode")
    assert rows[1]["Data"][error_code] == {}  # NULL


def test_results_come_in_pages_whose_tokens_belong_to_the_query(aws: EmbeddedAws) -> None:
    athena, (execution_id, _) = aws.client("athena"), execute(aws, HISTORY)
    first = athena.get_query_results(QueryExecutionId=execution_id, MaxResults=10)
    second = athena.get_query_results(QueryExecutionId=execution_id, MaxResults=10, NextToken=first["NextToken"])
    assert first["ResultSet"]["Rows"] != second["ResultSet"]["Rows"]
    other, _ = execute(aws, HISTORY)
    with pytest.raises(ClientError) as refused:
        athena.get_query_results(QueryExecutionId=other, MaxResults=10, NextToken=first["NextToken"])
    assert code(refused) == "InvalidRequestException"


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("SELECT 1 FROM", "SYNTAX_ERROR"),
        (f"DROP TABLE {DATABASE}.{TABLE}", "NOT_SUPPORTED"),
        (f"{HISTORY}; {HISTORY}", "NOT_SUPPORTED"),
        (HISTORY.replace(TABLE, "elsewhere"), "TABLE_NOT_FOUND"),
        (HISTORY.replace("account_id IN ('111122223333') AND ", ""), "CONSTRAINT_VIOLATION"),
        (HISTORY.replace(f"region IN ('{EU}', '{US}')", "1 = 1"), "CONSTRAINT_VIOLATION"),
        (f"{HISTORY.partition('WHERE')[0]} LIMIT 1", "CONSTRAINT_VIOLATION"),
        (HISTORY.replace("eventsource", "no_such_column"), "GENERIC_USER_ERROR"),
    ],
)
def test_a_query_that_athena_fails_is_failed(aws: EmbeddedAws, text: str, reason: str) -> None:
    _, execution = execute(aws, text)
    assert execution["Status"]["State"] == "FAILED"
    assert execution["Status"]["StateChangeReason"].startswith(reason)


def test_a_region_outside_of_the_projection_gives_no_rows_and_no_error(aws: EmbeddedAws) -> None:
    aws.assumptions(ROLE, oldest=9, newest=1, every=24, region="ap-southeast-2")
    within = queries.Partitions(("111122223333",), ("ap-southeast-2",), NOW - timedelta(days=90), NOW)
    execution_id, execution = execute(aws, queries.athena_history(queries.AthenaTable(DATABASE, TABLE), ROLE, within))
    assert execution["Status"]["State"] == "SUCCEEDED"
    rows = aws.client("athena").get_query_results(QueryExecutionId=execution_id)["ResultSet"]["Rows"]
    assert len(rows) == 1


@pytest.mark.parametrize("parameters", [{"ResultConfiguration": {}}, {"WorkGroup": "nobodys"}])
def test_a_query_without_a_place_for_its_results_is_refused(aws: EmbeddedAws, parameters: dict[str, Any]) -> None:
    with pytest.raises(ClientError) as refused:
        execute(aws, HISTORY, **parameters)
    assert code(refused) == "InvalidRequestException"


def test_results_of_a_query_that_was_stopped_are_refused(aws: EmbeddedAws) -> None:
    athena = aws.client("athena")
    started = athena.start_query_execution(QueryString=HISTORY, ResultConfiguration=OUTPUT)["QueryExecutionId"]
    athena.stop_query_execution(QueryExecutionId=started)
    state = athena.get_query_execution(QueryExecutionId=started)["QueryExecution"]["Status"]["State"]
    assert state == "CANCELLED"
    with pytest.raises(ClientError) as refused:
        athena.get_query_results(QueryExecutionId=started)
    assert code(refused) == "InvalidRequestException"


def test_a_table_is_described_with_its_projection(aws: EmbeddedAws) -> None:
    athena = aws.client("athena")
    names = {"CatalogName": "AwsDataCatalog", "DatabaseName": DATABASE, "TableName": TABLE}
    table = athena.get_table_metadata(**names)["TableMetadata"]
    assert [key["Name"] for key in table["PartitionKeys"]] == ["account_id", "region", "timestamp"]
    assert table["Parameters"]["projection.enabled"] == "true"
    with pytest.raises(ClientError) as refused:
        athena.get_table_metadata(**{**names, "TableName": "elsewhere"})
    assert code(refused) == "MetadataException"
