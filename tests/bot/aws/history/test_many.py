"""Which store is asked about which roles of a fleet, on the embedded AWS."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from bot.aws.history import roles_history
from bot.aws.sessions import Clients
from bot.cloudtrail.stores import ATHENA, EVENT_HISTORY, LOGS_INSIGHTS, HistoryStore
from bot.model import RolesHistory
from bot.pipe.ports import Window
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.names import EU, US, role_arn
from bot.settings import HistorySettings
from tests.bot.aws.history.direct import soon
from tests.bot.aws.history.doubles import FOR_FLEETS, double, store

OPTIONS = {store(name): double(name).options for name in FOR_FLEETS}
ORDERS, FRAUD, SHIPPING = (role_arn(f"{name}-s3-sink-role") for name in ("orders", "fraud", "shipping"))
ELSEWHERE = ORDERS.replace("111122223333", "444455556666")
ROLES = {ORDERS: (EU,), FRAUD: (US,), SHIPPING: (US, EU)}


@pytest.fixture
def clients(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    made = Clients()
    yield made
    made.close()


def queries(aws: EmbeddedAws) -> list[str]:
    started = ("logs:StartQuery", "athena:StartQueryExecution", "cloudtrail:LookupEvents")
    return sorted(call.operation for call in aws.calls() if call.operation in started)


def window() -> Window:
    now = datetime.now(UTC)
    return Window(now - timedelta(days=30), now)


@pytest.mark.parametrize("default", OPTIONS, ids=lambda store: store.name)
def test_one_store_answers_for_all_roles_with_one_query(
    aws: EmbeddedAws, clients: Clients, default: HistoryStore[Any]
) -> None:
    settings = HistorySettings(default, options=OPTIONS)
    answers = roles_history(settings, clients).read(ROLES, window(), soon())
    assert set(answers) == set(ROLES)
    (answer,) = {id(answer): answer for answer in answers.values()}.values()
    assert isinstance(answer, RolesHistory)
    assert {use.role_arn for use in answer.uses} == {ORDERS, FRAUD}
    assert (answer.coverage.complete, set(answer.coverage.regions)) == (True, {EU, US})
    assert len(queries(aws)) == 1


def test_each_role_is_looked_for_in_the_store_of_its_account_or_region(aws: EmbeddedAws, clients: Clients) -> None:
    overrides: dict[str, HistoryStore[Any]] = {US: LOGS_INSIGHTS, "444455556666": EVENT_HISTORY}
    settings = HistorySettings(ATHENA, overrides, OPTIONS)
    answers = roles_history(settings, clients).read({**ROLES, ELSEWHERE: (US,)}, window(), soon())
    sources = {arn: answer.coverage.source for arn, answer in answers.items() if isinstance(answer, RolesHistory)}
    assert sources == {ORDERS: "athena", FRAUD: "logs-insights", SHIPPING: "athena"}
    assert queries(aws) == ["athena:StartQueryExecution", "logs:StartQuery"]


def test_event_history_is_not_asked(aws: EmbeddedAws, clients: Clients) -> None:
    assert roles_history(HistorySettings(), clients).read(ROLES, window(), soon()) == {}
    assert queries(aws) == []
