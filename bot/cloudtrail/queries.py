"""The text of the CloudTrail queries, for whoever runs them: the history readers, and people who copy one.

Pure. Every value is quoted for the language it stands in, so that no role, session or table name can end its literal.
Times are UTC.
"""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.model import MSK_CONNECT_PRINCIPAL

#: The most rows that one query of CloudWatch Logs Insights gives.
INSIGHTS_LIMIT = 10_000
ATHENA_LIMIT = 10_000

_ASSUMING = ("AssumeRole", "AssumeRoleWithSAML", "AssumeRoleWithWebIdentity")
_EVENT_FIELDS = (
    "@timestamp, eventTime, eventID, awsRegion, requestParameters.roleSessionName, "
    "responseElements.credentials.accessKeyId, responseElements.assumedRoleUser.assumedRoleId, "
    "errorCode, sharedEventID, recipientAccountId"
)
_IDENTITY_FIELDS = (
    "userIdentity.type, userIdentity.invokedBy, userIdentity.arn, userIdentity.accountId, userIdentity.principalId"
)


def article_query(role_arn: str) -> str:
    """Return the article's CloudWatch Logs Insights query for one role, with the fields that are worth reading.

    Without fields Insights shows whole records, which hold session tokens.
    """
    fields = (
        "@timestamp, eventID, awsRegion, requestParameters.roleSessionName, "
        "responseElements.credentials.accessKeyId, errorCode"
    )
    return f"fields {fields}\n{_article(role_arn)}\n| sort @timestamp desc\n| limit 20"


def insights_by_msk_connect(role_arn: str) -> str:
    """Return the article's query with the fields and the limit that a whole history needs."""
    fields = f"{_EVENT_FIELDS}, {_IDENTITY_FIELDS}"
    return f"fields {fields}\n{_article(role_arn)}\n| sort @timestamp desc\n| limit {INSIGHTS_LIMIT}"


def insights_by_others(role_arn: str) -> str:
    """Return the query for sessions of one role that anybody but MSK Connect asked for."""
    return (
        f"fields {_EVENT_FIELDS}, {_IDENTITY_FIELDS}\n"
        f"| filter eventName in [{', '.join(map(_insights, _ASSUMING))}]\n"
        f"   and requestParameters.roleArn = {_insights(role_arn)}\n"
        f"   and (not ispresent(userIdentity.invokedBy)\n"
        f"        or userIdentity.invokedBy != {_insights(MSK_CONNECT_PRINCIPAL)})\n"
        f"| sort @timestamp desc\n"
        f"| limit {INSIGHTS_LIMIT}"
    )


def insights_session(role_arn: str, *, key_id: str = "", session_name: str = "") -> str:
    """Return the query for what one session did: by the key it was issued, else by its name."""
    session = (
        f"userIdentity.accessKeyId = {_insights(key_id)}"
        if key_id
        else f"userIdentity.arn = {_insights(session_arn(role_arn, session_name))}"
    )
    return (
        f"filter {session}\n"
        f"   and userIdentity.sessionContext.sessionIssuer.arn = {_insights(role_arn)}\n"
        f"| stats count(*) as times, max(eventTime) as last by eventSource, eventName, awsRegion\n"
        f"| limit {INSIGHTS_LIMIT}"
    )


def insights_fleet() -> str:
    """Return the one query for every role that MSK Connect assumed."""
    return (
        f'filter eventName = "AssumeRole"\n'
        f"   and userIdentity.invokedBy = {_insights(MSK_CONNECT_PRINCIPAL)}\n"
        f"   and not ispresent(errorCode)\n"
        f"| stats count(*) as times, max(@timestamp) as last by requestParameters.roleArn\n"
        f"| limit {INSIGHTS_LIMIT}"
    )


def _article(role_arn: str) -> str:
    return (
        f'| filter eventName = "AssumeRole"\n'
        f"   and userIdentity.invokedBy = {_insights(MSK_CONNECT_PRINCIPAL)}\n"
        f"   and requestParameters.roleArn = {_insights(role_arn)}"
    )


def _insights(value: str) -> str:
    """Quote a string of the Insights language, on one line."""
    escaped = value.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(char if char.isprintable() else "\ufffd" for char in escaped) + '"'


def session_arn(role_arn: str, session_name: str) -> str:
    """Return the ARN of a session of a role, which leaves the role's path out."""
    head, _, role = role_arn.partition(":role/")
    return f"{head.replace(':iam:', ':sts:')}:assumed-role/{role.rpartition('/')[2]}/{session_name}"


@dataclass(frozen=True, slots=True)
class Partitions:
    """What of an Athena table is read: accounts, regions and times, ``end`` excluded."""

    accounts: tuple[str, ...]
    regions: tuple[str, ...]
    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class AthenaTable:
    """A table of CloudTrail records as AWS documents it, partitioned by account_id, region and timestamp (a day)."""

    database: str
    name: str

    def __str__(self) -> str:
        return f"{_identifier(self.database)}.{_identifier(self.name)}"


def athena_history(table: AthenaTable, role_arn: str, within: Partitions) -> str:
    """Return the query for every session of one role that anybody asked for, newest first."""
    return (
        "SELECT eventtime, awsregion, eventid, sharedeventid, errorcode, recipientaccountid,\n"
        "       useridentity.type AS identity_type, useridentity.invokedby AS invoked_by,\n"
        "       useridentity.arn AS identity_arn, useridentity.accountid AS identity_account,\n"
        "       useridentity.principalid AS identity_principal,\n"
        "       json_extract_scalar(requestparameters, '$.roleSessionName') AS session_name,\n"
        "       json_extract_scalar(responseelements, '$.credentials.accessKeyId') AS issued_key,\n"
        "       json_extract_scalar(responseelements, '$.assumedRoleUser.assumedRoleId') AS assumed_role_id\n"
        f"FROM {table}\n"
        f"WHERE {_within(within)}\n"
        f"  AND eventsource = 'sts.amazonaws.com' AND eventname IN ({_literals(_ASSUMING)})\n"
        f"  AND json_extract_scalar(requestparameters, '$.roleArn') = {_literal(role_arn)}\n"
        f"ORDER BY eventtime DESC LIMIT {ATHENA_LIMIT}"
    )


def athena_session(
    table: AthenaTable, role_arn: str, within: Partitions, *, key_id: str = "", session_name: str = ""
) -> str:
    """Return the query for what one session did: by the key it was issued, else by its name."""
    session = (
        f"useridentity.accesskeyid = {_literal(key_id)}"
        if key_id
        else f"useridentity.arn = {_literal(session_arn(role_arn, session_name))}"
    )
    return (
        "SELECT eventsource, eventname, awsregion, count(*) AS times, max(eventtime) AS last_seen\n"
        f"FROM {table}\n"
        f"WHERE {_within(within)}\n"
        f"  AND {session}\n"
        f"  AND useridentity.sessioncontext.sessionissuer.arn = {_literal(role_arn)}\n"
        "GROUP BY 1, 2, 3 ORDER BY last_seen DESC LIMIT 1000"
    )


def athena_fleet(table: AthenaTable, within: Partitions) -> str:
    """Return the one query for every role that MSK Connect assumed."""
    return (
        "SELECT json_extract_scalar(requestparameters, '$.roleArn') AS role_arn,\n"
        "       count(DISTINCT coalesce(sharedeventid, eventid)) AS times, max(eventtime) AS last_seen\n"
        f"FROM {table}\n"
        f"WHERE {_within(within)}\n"
        "  AND eventsource = 'sts.amazonaws.com' AND eventname = 'AssumeRole' AND errorcode IS NULL\n"
        f"  AND useridentity.invokedby = {_literal(MSK_CONNECT_PRINCIPAL)}\n"
        "GROUP BY 1 ORDER BY last_seen DESC"
    )


def _within(partitions: Partitions) -> str:
    """Name the partitions, which bounds the cost, and the exact times within them.

    CloudTrail files a record by when it was delivered, minutes after the event: it may lie in the next day's partition.
    """
    last_day = partitions.end + timedelta(days=1)
    return (
        f"account_id IN ({_literals(partitions.accounts)}) AND region IN ({_literals(partitions.regions)})\n"
        f"  AND \"timestamp\" BETWEEN '{partitions.start:%Y/%m/%d}' AND '{last_day:%Y/%m/%d}'\n"
        f"  AND eventtime >= '{partitions.start:%Y-%m-%dT%H:%M:%SZ}'\n"
        f"  AND eventtime < '{partitions.end:%Y-%m-%dT%H:%M:%SZ}'"
    )


def _literals(values: Iterable[str]) -> str:
    return ", ".join(map(_literal, values))


def _literal(value: str) -> str:
    """Quote a string of SQL; a backslash has no meaning there, and what cannot be printed cannot be in a name."""
    return "'" + "".join(char if char.isprintable() else "\ufffd" for char in value).replace("'", "''") + "'"


def _identifier(name: str) -> str:
    return '"' + "".join(char if char.isprintable() else "\ufffd" for char in name).replace('"', '""') + '"'
