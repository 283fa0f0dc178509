"""The bot answers the whole scenario under exactly its own policy as it does where everything is allowed."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from bot.aws.history import history
from bot.aws.history.event_history import EventHistory
from bot.aws.history.limiter import Limiter
from bot.aws.sessions import Clients
from bot.catalogue import Catalogue, load
from bot.cloudtrail.stores import EVENT_HISTORY
from bot.compose.aws import Aws, readers_for
from bot.doctor.permissions import DEPLOYMENT, FREE, OPERATIONS, Purpose
from bot.model import Answer, AssumeRoleHistory, Question
from bot.pipe.explain import explain
from bot.pipe.ports import Readers
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.scenario.connectors import CONNECTORS
from bot.sandbox.scenario.names import EU, US, role_arn
from bot.sandbox.scenario.roles import ROLES
from bot.settings import HistorySettings
from tests.bot.aws.history import doubles

REGIONS = (EU, US)
POLICY = json.loads((Path(__file__).parents[2] / "deploy" / "iam-policy.json").read_text())
NOW = datetime.now(UTC)
QUESTIONS = (
    *(Question(connector.name, region=connector.region) for connector in CONNECTORS),
    *(Question(role_arn(role.name, role.path)) for role in ROLES[:4]),
)


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture
def clients(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> Iterator[Clients]:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)
    aws.lookup_limit(False)
    clients = Clients()
    yield clients
    clients.close()


@pytest.fixture
def scope(clients: Clients) -> Readers:
    return readers_for(Aws(clients, REGIONS), EventHistory(clients, limiter=Limiter(1000)))


def answers(scope: Readers, catalogue: Catalogue, questions: Sequence[Question] = QUESTIONS) -> list[Answer]:
    def ask(question: Question) -> Answer:
        return explain(question, scope, catalogue, clock=lambda: NOW, seconds=20)

    with ThreadPoolExecutor(4) as threads:
        return list(threads.map(ask, questions))


def said(answer: Answer) -> tuple[Any, ...]:
    return answer.verdict, answer.cautions, answer.unavailable, getattr(answer, "findings", ())


def test_the_policy_takes_nothing_from_any_answer(aws: EmbeddedAws, scope: Readers, catalogue: Catalogue) -> None:
    unrestricted = answers(scope, catalogue)
    aws.authorise(POLICY)
    for free, restricted in zip(unrestricted, answers(scope, catalogue), strict=True):
        assert said(restricted) == said(free)


@pytest.mark.parametrize("name", doubles.READING_TRAILS)
def test_nor_where_the_history_lies_in_a_trails_records(
    aws: EmbeddedAws, clients: Clients, catalogue: Catalogue, name: str
) -> None:
    store = doubles.store(name)
    settings = HistorySettings(store, options={store: doubles.double(name).options})
    scope = readers_for(Aws(clients, REGIONS), history(settings, clients))
    unrestricted = answers(scope, catalogue, QUESTIONS[:3])
    assert all(isinstance(answer.evidence.history, AssumeRoleHistory) for answer in unrestricted)
    aws.authorise(POLICY)
    for free, restricted in zip(unrestricted, answers(scope, catalogue, QUESTIONS[:3]), strict=True):
        assert said(restricted) == said(free)


def test_the_scenario_needs_every_operation_that_the_policy_is_for(
    aws: EmbeddedAws, scope: Readers, catalogue: Catalogue
) -> None:
    answers(scope, catalogue)
    purposes = (Purpose.CONNECTORS, Purpose.ROLES, Purpose.LOG_GRANTS, EVENT_HISTORY.sid)
    made = {call.operation for call in aws.calls() if call.agent.endswith("msk-role")}
    assert made - FREE - DEPLOYMENT == {operation for purpose in purposes for operation in OPERATIONS[purpose]}


@pytest.mark.parametrize("purpose", [Purpose.ROLES, Purpose.LOG_GRANTS, EVENT_HISTORY.sid])
def test_without_a_statement_an_answer_names_each_action_that_it_lacks(
    aws: EmbeddedAws, scope: Readers, catalogue: Catalogue, purpose: str
) -> None:
    statements = [statement for statement in POLICY["Statement"] if statement["Sid"] != purpose]
    aws.authorise({**POLICY, "Statement": statements})
    lacking = {gap.missing_action for answer in answers(scope, catalogue, QUESTIONS[:8]) for gap in answer.unavailable}
    (removed,) = [statement for statement in POLICY["Statement"] if statement["Sid"] == purpose]
    actions = removed["Action"] if isinstance(removed["Action"], list) else [removed["Action"]]
    # What depends on a job or an encryption that could not be read is not asked for.
    assert set(actions) - {"iam:GetServiceLastAccessedDetails", "kms:GetKeyPolicy"} <= lacking
