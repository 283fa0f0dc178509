"""AWS's protocols on the server side: what is checked before a handler is called and after it has answered."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from io import BytesIO
from typing import Any

import pytest

from bot.sandbox.aws.jsonwire import DefectError
from bot.sandbox.aws.service import AwsError
from bot.sandbox.aws.wire import Incoming, incoming
from bot.sandbox.scenario.names import EU, connect_arn

ORDERS = connect_arn("connector", "orders-s3-sink", EU)
LOGS = {"CONTENT_TYPE": "application/x-amz-json-1.1", "HTTP_X_AMZ_TARGET": "Logs_20140328.DescribeResourcePolicies"}
IAM = {"CONTENT_TYPE": "application/x-www-form-urlencoded"}
NOW = datetime(2026, 11, 24, 12, 30, 15, 250_000, tzinfo=UTC)


def environ(service: str, method: str, uri: str, body: bytes = b"", **more: str) -> dict[str, Any]:
    path, _, query = uri.partition("?")
    return {
        "REQUEST_METHOD": method,
        "SCRIPT_NAME": "",
        "PATH_INFO": path,
        "QUERY_STRING": query,
        "RAW_URI": uri,
        "SERVER_NAME": "127.0.0.1",
        "SERVER_PORT": "1",
        "SERVER_PROTOCOL": "HTTP/1.1",
        "HTTP_HOST": "127.0.0.1:1",
        "CONTENT_LENGTH": str(len(body)),
        "CONTENT_TYPE": "",
        "wsgi.url_scheme": "http",
        "wsgi.input": BytesIO(body),
        "HTTP_AUTHORIZATION": f"AWS4-HMAC-SHA256 Credential=AKIA1/20261124/{EU}/{service}/aws4_request, Signature=0",
        **more,
    }


def request(service: str, method: str, uri: str, body: bytes = b"", **more: str) -> Incoming:
    call = incoming(environ(service, method, uri, body, **more))
    assert call is not None
    return call


def describe_connector(arn: str = ORDERS) -> Incoming:
    return request("kafkaconnect", "GET", f"/v1/connectors/{arn.replace(':', '%3A').replace('/', '%2F')}")


def test_service_region_operation_and_session_are_found_in_the_request() -> None:
    call = describe_connector()
    assert (call.service, call.region, call.operation) == ("kafkaconnect", EU, "DescribeConnector")
    assert call.access_key_id == "AKIA1"
    assert call.parameters == {"connectorArn": ORDERS}


def test_an_unsigned_request_is_nobodys() -> None:
    assert incoming(environ("s3", "GET", "/") | {"HTTP_AUTHORIZATION": ""}) is None


def test_a_request_for_no_operation_is_unknown() -> None:
    assert request("kafkaconnect", "GET", "/v1/nonsense").operation == "Unknown"


@pytest.mark.parametrize(
    ("call", "code"),
    [
        (request("kafkaconnect", "GET", "/v1/connectors?maxResults=0"), "BadRequestException"),
        (request("kafkaconnect", "GET", "/v1/connectors?maxResults=101"), "BadRequestException"),
        (request("kafkaconnect", "GET", "/v1/connectors?maxResults=many"), "SerializationException"),
        (request("logs", "POST", "/", b'{"policyScope": "GROUP"}', **LOGS), "InvalidParameterException"),
        (request("logs", "POST", "/", b'{"limit": "ten"}', **LOGS), "SerializationException"),
        (request("iam", "POST", "/", b"Action=GetRole&Version=2010-05-08", **IAM), "ValidationError"),
        (
            request("iam", "POST", "/", b"Action=GetServiceLastAccessedDetails&Version=2010-05-08&JobId=1", **IAM),
            "ValidationError",
        ),
    ],
)
def test_input_that_breaks_the_model_is_refused_in_the_services_words(call: Incoming, code: str) -> None:
    with pytest.raises(AwsError) as refusal:
        _ = call.parameters
    assert refusal.value.code == code


def test_an_answer_is_written_with_the_models_names_and_formats() -> None:
    answer = {"connectorName": "x", "creationTime": NOW, "connectorDescription": None}
    reply = describe_connector().answer(answer)
    assert json.loads(reply.body) == {"connectorName": "x", "creationTime": "2026-11-24T12:30:15.250Z"}


@pytest.mark.parametrize(
    ("answer", "says"),
    [
        ({"connectorNme": "x"}, "connectorNme"),
        ({"connectorName": 7}, "connectorName is no string"),
        ({"creationTime": "2026-11-24"}, "creationTime is no timestamp"),
        ({"plugins": [{"customPlugin": {"revision": 1, "arn": "x"}}]}, "customPlugin has no member arn"),
    ],
)
def test_an_answer_that_the_model_does_not_admit_is_a_defect(answer: dict[str, Any], says: str) -> None:
    with pytest.raises(DefectError, match=says):
        describe_connector().answer(answer)


def test_an_xml_answer_is_checked_too() -> None:
    call = request("iam", "POST", "/", b"Action=GetServiceLastAccessedDetails&Version=2010-05-08&JobId=1", **IAM)
    with pytest.raises(DefectError, match="ServicesLastAccessed"):
        call.answer({"JobStatus": "COMPLETED", "JobCreationDate": NOW, "JobCompletionDate": NOW})


@pytest.mark.filterwarnings("ignore:.*does not match an error shape")
def test_a_refusal_has_the_models_status_or_else_its_own() -> None:
    assert describe_connector().refuse(AwsError("NotFoundException", "gone")).status == 404
    refused = describe_connector().refuse(AwsError("AccessDeniedException", "no", 403))
    assert refused.status == 403
    assert dict(refused.headers)["X-Amzn-Errortype"] == "AccessDeniedException"
