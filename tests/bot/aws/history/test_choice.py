from typing import Any

import pytest

from bot.aws.history import Histories, history
from bot.aws.history.athena import Athena
from bot.aws.history.event_history import EventHistory
from bot.aws.history.logs_insights import LogsInsights
from bot.aws.sessions import Clients
from bot.cloudtrail.stores import (
    ATHENA,
    EVENT_HISTORY,
    LOGS_INSIGHTS,
    STORES,
    AthenaOptions,
    HistoryStore,
    LogsInsightsOptions,
)
from bot.model import Cause, Unavailable
from bot.pipe.ports import Deadline, Window
from bot.settings import HistorySettings
from tests.bot.aws.history.direct import NINETY_DAYS, NOW, ROLE, soon

GROUP = "arn:aws:logs:eu-west-1:111122223333:log-group:trail"
ELSEWHERE = ROLE.replace("111122223333", "444455556666")


class Named:
    """A store that answers with its name."""

    def __init__(self, name: str) -> None:
        self._answer = Unavailable(name, "", Cause.ERROR)

    def read(self, *_: Any) -> Unavailable:
        return self._answer

    def read_regions(self, *_: Any) -> Unavailable:
        return self._answer


def test_event_history_needs_no_settings() -> None:
    assert isinstance(history(HistorySettings(), Clients()), EventHistory)


def test_the_settings_choose_the_store() -> None:
    insights = HistorySettings(LOGS_INSIGHTS, options={LOGS_INSIGHTS: LogsInsightsOptions((GROUP,))})
    athena = HistorySettings(ATHENA, options={ATHENA: AthenaOptions("trails", "records", region="eu-west-1")})
    assert isinstance(history(insights, Clients()), LogsInsights)
    assert isinstance(history(athena, Clients()), Athena)


@pytest.mark.parametrize(
    ("role", "region", "store"),
    [
        (ROLE, "eu-west-1", "event-history"),
        (ROLE, "us-east-1", "logs-insights"),
        (ELSEWHERE, "eu-west-1", "athena"),
        (ELSEWHERE, "us-east-1", "athena"),
    ],
)
def test_an_account_has_its_store_or_else_the_region_or_else_the_default(role: str, region: str, store: str) -> None:
    overrides: dict[str, HistoryStore[Any]] = {"444455556666": ATHENA, "us-east-1": LOGS_INSIGHTS}
    chosen = Histories(EVENT_HISTORY, overrides, {store: Named(store.name) for store in STORES})
    window = Window(NOW - NINETY_DAYS, NOW)
    answer = chosen.read(role, region, window, soon())
    assert isinstance(answer, Unavailable)
    assert answer.operation == store
    over_regions = chosen.read_regions(role, (region, "eu-central-1"), window, Deadline.after(1))
    assert isinstance(over_regions, Unavailable)
    assert over_regions.operation == ("athena" if role == ELSEWHERE else "event-history")
