"""The log groups that trails deliver to, asked through CloudWatch Logs Insights."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from bot.arn import PARTITION, parse_arn
from bot.cloudtrail.queries import article_query
from bot.cloudtrail.stores.store import NO_ID, Columns, HistoryStore, Operation, Setting, Trial, WrittenQuery
from bot.model import Coverage
from bot.regions import SHAPE


@dataclass(frozen=True, slots=True)
class LogsInsightsOptions:
    """Which log groups hold the records, as ARNs without the trailing ``:*``."""

    log_groups: tuple[str, ...] = ()


def _trials(options: LogsInsightsOptions, _: tuple[str, ...], __: str) -> Iterator[Trial]:
    # One second of 1970 holds no record, so nothing is scanned.
    query = {"queryString": "fields @timestamp | limit 1", "startTime": 0, "endTime": 1}
    for log_group in options.log_groups:
        parts = parse_arn(log_group)
        region = parts.region if parts else ""
        yield Trial("logs:DescribeLogGroups", region, {"limit": 1})
        yield Trial("logs:StartQuery", region, {"logGroupIdentifiers": [log_group], **query})
        yield Trial("logs:GetQueryResults", region, {"queryId": NO_ID})
        yield Trial("logs:StopQuery", region, {"queryId": NO_ID})


def _queries(role_arn: str, _: Coverage | None) -> Iterator[WrittenQuery]:
    yield WrittenQuery(
        language="CloudWatch Logs Insights",
        how="For {language}, on {places}. Select a time range of {window}.",
        text=article_query(role_arn),
        by_msk_connect=True,
    )


LOGS_INSIGHTS = HistoryStore(
    name="logs-insights",
    title="CloudTrail in CloudWatch Logs",
    sid="ReadTrailThroughLogsInsights",
    operations=(
        Operation(
            "logs:DescribeLogGroups",
            "The CloudTrail log group could not be looked up: how far back it reaches is not known.",
        ),
        Operation("logs:StartQuery", "The CloudTrail log group could not be queried: silence there is no evidence."),
        Operation(
            "logs:GetQueryResults", "The CloudTrail query's results could not be fetched: silence is no evidence."
        ),
        Operation("logs:StopQuery", "A CloudTrail query could not be stopped; it ends by itself."),
    ),
    starts="logs:StartQuery",
    reader="bot.aws.history.logs_insights:LogsInsights",
    options=LogsInsightsOptions,
    trials=_trials,
    queries=_queries,
    settings=(
        Setting(
            "MSK_ROLE_LOG_GROUPS",
            "log_groups",
            re.compile(rf"arn:{PARTITION}:logs:{SHAPE}:\d{{12}}:log-group:[\w./#-]{{1,512}}(:\*)?", re.ASCII),
            "ARNs of log groups",
            required=True,
            many=True,
            suffix=":*",
        ),
    ),
    columns=Columns(
        event={
            "at": "eventTime",
            "region": "awsRegion",
            "event_id": "eventID",
            "shared_event_id": "sharedEventID",
            "error_code": "errorCode",
            "session_name": "requestParameters.roleSessionName",
            "issued_key_id": "responseElements.credentials.accessKeyId",
            "assumed_role_id": "responseElements.assumedRoleUser.assumedRoleId",
            "type": "userIdentity.type",
            "invokedBy": "userIdentity.invokedBy",
            "arn": "userIdentity.arn",
            "accountId": "userIdentity.accountId",
            "principalId": "userIdentity.principalId",
        },
        role="requestParameters.roleArn",
        last="last",
    ),
)
