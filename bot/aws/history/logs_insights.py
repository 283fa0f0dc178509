"""CloudWatch Logs Insights, over the log groups that trails deliver to. It bills by the bytes that a query scans."""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

from bot.arn import part_of, region_of
from bot.aws.errors import unavailable
from bot.aws.fields import member, optional, rows
from bot.aws.history.coverage import Store
from bot.aws.history.event_history import utc_now
from bot.aws.history.parallel import together
from bot.aws.history.polled import PolledQuery
from bot.aws.history.stored import Scope, StoredHistory
from bot.aws.history.trails import Description, TrailCheck, check_trails, combined
from bot.aws.sessions import Clients
from bot.cloudtrail import queries
from bot.cloudtrail.stores import LOGS_INSIGHTS, LogsInsightsOptions
from bot.model import AssumeRoleEvent, Cause, StopCause, Unavailable
from bot.pipe.ports import Clock


class LogsInsights(StoredHistory):
    """A HistoryReader over the log groups of trails, by ARN without the trailing ``:*``.

    MSK Connect's calls and everybody else's are two queries at once: the first is the article's, and neither can crowd
    the other out of the 10,000 rows that a query gives.
    """

    def __init__(self, clients: Clients, log_groups: Sequence[str], *, clock: Clock = utc_now) -> None:
        super().__init__(LOGS_INSIGHTS, log_groups, clock=clock)
        self._clients = clients
        self._groups: dict[str, list[str]] = defaultdict(list)
        for arn in log_groups:
            self._groups[region_of(arn)].append(arn)

    @classmethod
    def of(cls, clients: Clients, options: LogsInsightsOptions, clock: Clock) -> LogsInsights:
        """Make the reader over the log groups of the options."""
        return cls(clients, options.log_groups, clock=clock)

    def history_queries(self, role_arn: str, scope: Scope) -> Sequence[PolledQuery]:
        """Return the article's query, and the one for other principals."""
        return self._queries((queries.insights_by_msk_connect(role_arn), queries.insights_by_others(role_arn)), scope)

    def session_queries(self, role_arn: str, newest: AssumeRoleEvent, scope: Scope) -> Sequence[PolledQuery]:
        """Return the query for one session."""
        text = queries.insights_session(role_arn, key_id=newest.issued_key_id, session_name=newest.session_name)
        return self._queries((text,), scope)

    def fleet_queries(self, scope: Scope) -> Sequence[PolledQuery]:
        """Return the query for all roles."""
        return self._queries((queries.insights_fleet(),), scope)

    def store(self, scope: Scope) -> Store:
        """Read the trails behind the log groups, and since when the groups keep records."""
        places = [_Place(self._clients, region, groups) for region, groups in self._groups.items()]
        together([check for place in places for check in (place.check_trails, place.check_retention)])
        return Store(
            source=self.source,
            regions=scope.regions,
            trail=combined([place.trail for place in places]),
            kept_from=max(filter(None, (place.kept_from(self._clock()) for place in places)), default=None),
            accounts=scope.accounts,
            gaps=tuple(gap for place in places for gap in place.gaps),
        )

    def _queries(self, texts: Sequence[str], scope: Scope) -> list[PolledQuery]:
        return [
            _Query(self._clients, region, groups, text, scope)
            for region, groups in self._groups.items()
            for text in texts
        ]


@dataclass(slots=True)
class _Place:
    """Log groups of one region, and what is known of them."""

    clients: Clients
    region: str
    groups: Sequence[str]
    trail: TrailCheck = field(default_factory=lambda: TrailCheck(None))
    gaps: list[Unavailable] = field(default_factory=list)
    _kept: list[tuple[datetime, timedelta | None]] = field(default_factory=list)

    def check_trails(self) -> None:
        """Find the trails that deliver to the groups."""

        def delivers(trail: Description) -> bool:
            return str(trail.get("CloudWatchLogsLogGroupArn") or "").removesuffix(":*") in self.groups

        self.trail = check_trails(self.clients, self.region, delivers)

    def check_retention(self) -> None:
        """Read when each group was made, and for how long it keeps records."""
        operation = "logs:DescribeLogGroups"
        for arn in self.groups:
            name = part_of(arn, "resource").removeprefix("log-group:")
            try:
                pages = self.clients.client("logs", self.region).get_paginator("describe_log_groups")
                found = rows(pages.paginate(logGroupNamePrefix=name), "logGroups")
                group = next(each for each in found if member(each, "logGroupName", str) == name)
                days = optional(group, "retentionInDays", int)
                created = datetime.fromtimestamp(member(group, "creationTime", int) / 1000, UTC)
                self._kept.append((created, timedelta(days=days) if days else None))
            except StopIteration:
                self.gaps.append(Unavailable(operation, arn, Cause.NOT_FOUND))
            except Exception as error:  # noqa: BLE001  whatever AWS's library raises becomes a value
                self.gaps.append(unavailable(error, operation, arn))

    def kept_from(self, now: datetime) -> datetime | None:
        """Return since when all groups hold records; None where no group says."""
        return max((max(made, now - kept) if kept else made for made, kept in self._kept), default=None)


class _Query(PolledQuery):
    """One query over log groups of one region."""

    service = "logs"

    def __init__(self, clients: Clients, region: str, groups: Sequence[str], text: str, scope: Scope) -> None:
        super().__init__(clients, region, scope.deadline)
        self._request = {
            "logGroupIdentifiers": list(groups),
            "queryString": text,
            # Both ends are included, and CloudTrail's times are whole seconds.
            "startTime": math.floor(scope.start.timestamp()),
            "endTime": math.ceil(scope.end.timestamp()) - 1,
        }
        self._id = ""

    def start(self) -> None:
        self._id = member(self.call("StartQuery", **self._request), "queryId", str)

    def poll(self) -> None:
        answer = self.call("GetQueryResults", queryId=self._id)
        status = member(answer, "status", str)
        self.answer.rows = [
            {member(cell, "field", str): member(cell, "value", str) for cell in row if "value" in cell}
            for row in member(answer, "results", list)
        ]
        statistics = optional(answer, "statistics", dict) or {}
        self.answer.bytes_scanned = int(optional(statistics, "bytesScanned", float) or 0)
        if status == "Complete":
            self.running = False
            full = len(self.answer.rows) >= queries.INSIGHTS_LIMIT
            self.answer.stopped = StopCause.PAGE_LIMIT if full else None
        elif status not in ("Scheduled", "Running"):
            self.failed(status, Cause.TIMEOUT if status == "Timeout" else Cause.ERROR)

    def stop(self) -> None:
        self.call("StopQuery", queryId=self._id)
