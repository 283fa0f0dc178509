from __future__ import annotations

import logging
from concurrent.futures import ThreadPoolExecutor
from contextvars import ContextVar

import pytest
from botocore.exceptions import BotoCoreError, ClientError
from botocore.parsers import ResponseParserError

from bot.aws.sessions import AwsCall, Clients, Patience
from bot.sandbox.aws import EmbeddedAws

LIST = "kafkaconnect:ListConnectors"


@pytest.fixture(autouse=True)
def _environment(aws: EmbeddedAws, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, value in aws.environment.items():
        monkeypatch.setenv(name, value)


def test_a_paced_client_sends_one_request_a_call(aws: EmbeddedAws) -> None:
    clients = Clients()
    aws.fail(LIST, "throttled", 1)
    with pytest.raises(ClientError):
        clients.paced("kafkaconnect", "eu-west-1").list_connectors()
    assert len(aws.calls()) == 1
    assert clients.client("kafkaconnect", "eu-west-1") is not clients.paced("kafkaconnect", "eu-west-1")


def test_a_client_is_made_once_however_many_threads_want_it() -> None:
    clients = Clients()
    with ThreadPoolExecutor(8) as threads:
        made = {id(client) for client in threads.map(lambda _: clients.client("iam", "us-east-1"), range(32))}
    assert len(made) == 1
    assert clients.client("iam", "eu-west-1") is not clients.client("iam", "us-east-1")


def test_nothing_is_read_from_the_environment_before_a_client_is_wanted(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AWS_PROFILE", "nobody")
    clients = Clients()
    with pytest.raises(BotoCoreError):
        clients.client("iam", "us-east-1")


def test_every_request_is_observed_with_its_outcome_in_the_context_that_made_it(aws: EmbeddedAws) -> None:
    question = ContextVar("question", default="")
    calls: list[tuple[str, AwsCall]] = []
    clients = Clients(patience=Patience(attempts=2), observer=lambda call: calls.append((question.get(), call)))
    client = clients.client("kafkaconnect", "eu-west-1")
    aws.fail(LIST, "throttled", 1)
    question.set("q1")
    client.list_connectors()
    aws.fail(LIST, "truncated", 1)
    with pytest.raises(ResponseParserError):
        client.list_connectors()
    assert [(asked, call.operation, call.region, call.outcome, call.throttled) for asked, call in calls] == [
        ("q1", "ListConnectors", "eu-west-1", "TooManyRequestsException", True),
        ("q1", "ListConnectors", "eu-west-1", "ok", False),
        ("q1", "ListConnectors", "eu-west-1", "ResponseParserError", False),
    ]
    assert all(0 < call.seconds < 5 for _, call in calls)


def test_retries_end(aws: EmbeddedAws) -> None:
    aws.fail(LIST, "throttled", 20)
    client = Clients(patience=Patience(attempts=2)).client("kafkaconnect", "eu-west-1")
    with pytest.raises(ClientError):
        client.list_connectors()
    assert len(aws.calls()) == 2


@pytest.mark.parametrize(("service", "call"), [("kafkaconnect", "list_connectors"), ("cloudtrail", "lookup_events")])
def test_a_body_that_ends_early_is_refused_and_not_taken_for_an_empty_answer(
    aws: EmbeddedAws, service: str, call: str
) -> None:
    aws.fail("*", "truncated")
    client = Clients(patience=Patience(attempts=1)).client(service, "eu-west-1")
    with pytest.raises((ResponseParserError, BotoCoreError)):
        getattr(client, call)()


def test_botocore_never_logs_a_body_even_where_everything_logs_at_debug(
    caplog: pytest.LogCaptureFixture, aws: EmbeddedAws
) -> None:
    logging.getLogger("botocore").setLevel(logging.DEBUG)
    clients = Clients()
    with caplog.at_level(logging.DEBUG):
        client = clients.client("kafkaconnect", "eu-west-1")
        arn = client.list_connectors()["connectors"][0]["connectorArn"]
        client.describe_connector(connectorArn=arn)
    leaky = [record for record in caplog.records if record.name.startswith(("botocore", "boto3", "urllib3"))]
    assert not [record for record in leaky if record.levelno < logging.INFO]


def test_warming_makes_every_client(aws: EmbeddedAws) -> None:
    clients = Clients()
    clients.warm(("iam", "logs"), ("eu-west-1", "us-east-1"))
    clients.warm(("logs",), ("eu-west-1",), paced=True)
    assert len(clients._clients) == 5
    assert clients.default_region() == "eu-west-1"
    clients.close()
    assert not clients._clients
    assert not aws.calls()
