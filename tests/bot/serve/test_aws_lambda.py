"""AWS Lambda with real signed events: answers, repetitions, refusals."""

import json
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from typing import Any

import pytest

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack, signed_headers
from tests.bot.serve.lambda_service import LambdaService
from tests.bot.serve.processes import surroundings
from tests.conftest import Canary

Starts = Callable[..., LambdaService]


@pytest.fixture
def start(slack: EmbeddedSlack, aws: EmbeddedAws, canary: Canary) -> Iterator[Starts]:
    with ExitStack() as stack:
        started: list[LambdaService] = []

        def begin(**options: Any) -> LambdaService:
            environment = surroundings(slack.environment, aws.environment, {"MSK_ROLE_REGIONS": "eu-west-1"})
            service = stack.enter_context(LambdaService(environment, **options))
            slack.request_url = f"{service.url}/slack/events"
            started.append(service)
            return service

        yield begin
    for service in started:
        canary.note("log of the function", service.log)


def audit(service: LambdaService) -> list[dict[str, Any]]:
    records = [json.loads(line) for line in service.log.splitlines()]
    return [record["audit"] for record in records if "audit" in record]


@pytest.mark.parametrize("version", ["2.0", "1.0"])
@pytest.mark.parametrize("instances", [1, 2])
def test_a_question_is_acknowledged_in_one_invocation_and_answered_in_another(
    slack: EmbeddedSlack, start: Starts, version: str, instances: int
) -> None:
    service = start(version=version, instances=instances)
    exchange = slack.command("orders-s3-sink", via="http")
    assert exchange.ack.error is None
    (answer,) = exchange.wait()
    assert "orders-s3-sink" in answer.text
    pressed = slack.click(answer, "details", via="http")
    assert pressed.ack.error is None
    service.settle()
    assert len(str(pressed.wait_view().blocks)) > 2000
    assert slack.refusals == []


def test_an_invocation_delivered_twice_to_one_instance_is_worked_on_once(slack: EmbeddedSlack, start: Starts) -> None:
    service = start(deliveries=2)
    exchange = slack.command("orders-s3-sink", via="http")
    exchange.wait()
    service.settle()
    assert len(exchange.replies) == 1


def test_an_invocation_delivered_to_two_instances_repeats_a_message_and_nothing_else(
    slack: EmbeddedSlack, start: Starts
) -> None:
    service = start(deliveries=2, instances=2)
    exchange = slack.command("orders-s3-sink", via="http")
    exchange.wait()
    service.settle()
    assert {message.text for message in exchange.replies} == {exchange.replies[0].text}


@pytest.mark.parametrize("reason", ["http_timeout", "http_error"])
def test_a_request_that_slack_repeats_is_acknowledged_and_not_worked_on_twice(
    slack: EmbeddedSlack, start: Starts, reason: str
) -> None:
    service = start()
    exchange = slack.command("orders-s3-sink", via="http")
    exchange.wait()
    event = json.loads(json.dumps(service.events[0]))
    event["headers"] |= {"x-slack-retry-num": "1", "x-slack-retry-reason": reason}
    assert service.invoke(event)["statusCode"] == 200
    service.settle()
    assert len(exchange.replies) == 1


def test_a_self_invocation_that_waited_too_long_is_refused(slack: EmbeddedSlack, start: Starts) -> None:
    service = start()
    body = b"command=%2Fmsk-role&text=help&user_id=U0ALICE001&trigger_id=1.2.3"
    old = signed_headers(slack.workspace.credentials.signing_secret, int(time.time()) - 301, body)
    event = service.event(old, body)
    event["headers"] |= {"x-slack-bolt-lazy-only": "1", "x-slack-bolt-lazy-function-name": "answer_command"}
    assert service.invoke(event)["statusCode"] == 401
    assert audit(service) == []


def test_a_function_that_may_not_invoke_itself_tells_the_user(slack: EmbeddedSlack, start: Starts) -> None:
    service = start(refuse_invoke="AccessDeniedException")
    exchange = slack.command("orders-s3-sink", via="http")
    assert exchange.ack.error is None
    (answer,) = exchange.wait()
    (record,) = audit(service)
    assert record["outcome"] == "crashed"
    assert record["request_id"] in answer.text


@pytest.mark.parametrize(
    ("event", "status"),
    [
        ({}, 400),
        ({"headers": None, "body": "x"}, 400),
        ({"headers": {}, "body": None}, 400),
        ({"headers": {}, "body": "x"}, 404),
        ({"headers": {}, "body": "/w==", "isBase64Encoded": True, "requestContext": {"http": {"method": "POST"}}}, 400),
        ({"headers": {}, "body": "", "requestContext": {"http": {"method": "GET"}}}, 404),
        ({"headers": {}, "body": "text=x", "requestContext": {"http": {"method": "POST"}}}, 401),
    ],
)
def test_events_that_are_not_slacks_are_refused(start: Starts, event: dict[str, Any], status: int) -> None:
    assert start().invoke(event)["statusCode"] == status
