from typing import Any

import pytest

from bot.aws.history import Athena, EventHistory, Histories, LogsInsights, history
from bot.aws.sessions import Clients
from bot.model import Cause, Unavailable
from bot.pipe.ports import Deadline, Window
from bot.settings import AthenaSettings, HistoryBackend, HistorySettings
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
    insights = HistorySettings(HistoryBackend.LOGS_INSIGHTS, log_groups=(GROUP,))
    athena = HistorySettings(HistoryBackend.ATHENA, athena=AthenaSettings("trails", "records", region="eu-west-1"))
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
    overrides = {"444455556666": HistoryBackend.ATHENA, "us-east-1": HistoryBackend.LOGS_INSIGHTS}
    chosen = Histories(HistoryBackend.EVENT_HISTORY, overrides, {kind: Named(kind.value) for kind in HistoryBackend})
    window = Window(NOW - NINETY_DAYS, NOW)
    answer = chosen.read(role, region, window, soon())
    assert isinstance(answer, Unavailable)
    assert answer.operation == store
    over_regions = chosen.read_regions(role, (region, "eu-central-1"), window, Deadline.after(1))
    assert isinstance(over_regions, Unavailable)
    assert over_regions.operation == ("athena" if role == ELSEWHERE else "event-history")
