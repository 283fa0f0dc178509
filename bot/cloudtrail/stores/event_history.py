"""CloudTrail's event history: there without any trail, for 90 days, at two requests a second."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from bot.cloudtrail.queries import article_query
from bot.cloudtrail.stores.store import HistoryStore, NoOptions, Operation, Trial, WrittenQuery
from bot.model import Coverage
from bot.regions import with_global_sts

_LOOKUP = "cloudtrail:LookupEvents"


def _trials(_: NoOptions, regions: tuple[str, ...], partition: str) -> Iterator[Trial]:
    for region in with_global_sts(partition, regions):
        yield Trial(_LOOKUP, region, {"MaxResults": 1})


def _queries(role_arn: str, covered: Coverage | None) -> Iterator[WrittenQuery]:
    """Yield the article's query, for whoever has a trail too, and the command for whoever has none."""
    yield WrittenQuery(
        language="CloudWatch Logs Insights",
        how=(
            "For {language}, on the log group that your trail writes to, in the one region where that group is. "
            "Select a time range of {window}. The trail has to record {regions}."
        ),
        text=article_query(role_arn),
        by_msk_connect=True,
    )
    yield WrittenQuery(
        language="AWS CLI",
        how="Without a trail, CloudTrail event history has the last 90 days:",
        text="\n".join(_look_ups(role_arn, covered.regions if covered else ())),
        over_trail=False,
    )


def _look_ups(role_arn: str, regions: tuple[str, ...]) -> Iterator[str]:
    attribute = shlex.quote(f"AttributeKey=ResourceName,AttributeValue={role_arn}")
    for at in [f" --region {region}" for region in regions] or [""]:
        yield f"aws cloudtrail lookup-events --lookup-attributes {attribute}{at}"


EVENT_HISTORY = HistoryStore(
    name="event-history",
    title="CloudTrail event history",
    sid="ReadEventHistory",
    operations=(Operation(_LOOKUP, "CloudTrail was not read to its end: silence in it is no evidence."),),
    starts=_LOOKUP,
    reader="bot.aws.history.event_history:EventHistory",
    options=NoOptions,
    trials=_trials,
    queries=_queries,
    reads_trail=False,
    longest_window_days=90,
    one_by_one="CloudTrail event history admits two requests a second, each for one role",
    remark="Event history needs no trail: it records management events by itself, read-only ones too.",
)
