"""Failures of botocore, as values."""

from __future__ import annotations

import logging
from typing import Any

import pytest
from botocore.exceptions import (
    ClientError,
    ConnectionClosedError,
    ConnectTimeoutError,
    EndpointConnectionError,
    NoCredentialsError,
    PaginationError,
    ParamValidationError,
    ProfileNotFound,
    ReadTimeoutError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import IncompleteRead, ProtocolError

from bot.aws.errors import attempt, unavailable
from bot.aws.shapes import MalformedAnswer
from bot.model import Cause, Unavailable

LIST = "kafkaconnect:ListConnectors"


def refusal(code: Any, status: int = 400, message: Any = "CANARY-message") -> ClientError:
    answer: Any = {"Error": {"Code": code, "Message": message}, "ResponseMetadata": {"HTTPStatusCode": status}}
    return ClientError(answer, "AnyOperation")


@pytest.mark.parametrize(
    ("error", "cause", "code"),
    [
        (refusal("AccessDenied", 403), Cause.ACCESS_DENIED, "AccessDenied"),
        (refusal("AccessDeniedException"), Cause.ACCESS_DENIED, "AccessDeniedException"),
        (refusal("ForbiddenException", 403), Cause.ACCESS_DENIED, "ForbiddenException"),
        (refusal("", 403), Cause.ACCESS_DENIED, None),
        (refusal("SlowDown", 503), Cause.THROTTLED, "SlowDown"),
        (refusal("Throttling"), Cause.THROTTLED, "Throttling"),
        (refusal("NewKindOfLimit", 429), Cause.THROTTLED, "NewKindOfLimit"),
        (refusal("NoSuchEntity", 404), Cause.NOT_FOUND, "NoSuchEntity"),
        (refusal("NoSuchBucket", 404), Cause.NOT_FOUND, "NoSuchBucket"),
        (refusal("NotFoundException", 404), Cause.NOT_FOUND, "NotFoundException"),
        (refusal("GatewayTimeout", 504), Cause.TIMEOUT, "GatewayTimeout"),
        (refusal("InternalError", 500), Cause.ERROR, "InternalError"),
        (refusal("ExpiredToken", 403), Cause.ERROR, "ExpiredToken"),
        (refusal("InvalidClientTokenId", 403), Cause.ERROR, "InvalidClientTokenId"),
        (refusal("500", 500), Cause.ERROR, None),
        (refusal("<!channel> not a code"), Cause.ERROR, None),
        (refusal({"nested": 1}), Cause.ERROR, None),
        (ReadTimeoutError(endpoint_url="http://x"), Cause.TIMEOUT, None),
        (ConnectTimeoutError(endpoint_url="http://x"), Cause.TIMEOUT, None),
        (EndpointConnectionError(endpoint_url="http://x"), Cause.ERROR, "EndpointConnectionError"),
        (NoCredentialsError(), Cause.ERROR, "NoCredentialsError"),
        (ProfileNotFound(profile="x"), Cause.ERROR, "ProfileNotFound"),
        (ResponseParserError("CANARY"), Cause.MALFORMED, None),
        (PaginationError(message="same token"), Cause.MALFORMED, None),
        (ParamValidationError(report="nextToken: CANARY"), Cause.MALFORMED, None),
        (MalformedAnswer("connectorArn"), Cause.MALFORMED, None),
        (
            ConnectionClosedError(endpoint_url="http://x", error=ProtocolError("broken", IncompleteRead(3, 7))),
            Cause.MALFORMED,
            None,
        ),
        (
            ConnectionClosedError(endpoint_url="http://x", error=ProtocolError("reset")),
            Cause.ERROR,
            "ConnectionClosedError",
        ),
        (AttributeError("CANARY"), Cause.MALFORMED, None),
    ],
    ids=lambda value: getattr(value, "name", None) or type(value).__name__,
)
def test_every_failure_has_a_cause_and_quotes_nothing(error: Exception, cause: Cause, code: str | None) -> None:
    value = unavailable(error, LIST, "eu-west-1")
    assert (value.cause, value.error_code) == (cause, code)
    assert "CANARY" not in repr(value)


@pytest.mark.parametrize(
    ("operation", "message", "action"),
    [
        (LIST, "Access forbidden", LIST),
        ("s3:GetBucketEncryption", "Access Denied", "s3:GetEncryptionConfiguration"),
        (
            "s3:GetBucketEncryption",
            "x is not authorized to perform: s3:GetBucketEncryption",
            "s3:GetEncryptionConfiguration",
        ),
        ("athena:StartQueryExecution", "x is not authorized to perform: glue:GetTable on resource: y", "glue:GetTable"),
        (LIST, {"not": "text"}, LIST),
    ],
)
def test_a_denied_read_names_the_action_that_would_mend_it(operation: str, message: Any, action: str) -> None:
    assert unavailable(refusal("AccessDenied", 403, message), operation, "x").missing_action == action


def test_a_defect_of_ours_is_logged_by_type_and_place_alone(caplog: pytest.LogCaptureFixture) -> None:
    def broken() -> str:
        return {"CANARY-key": 1}["CANARY-secret"]  # type: ignore[return-value]

    with caplog.at_level(logging.WARNING):
        assert attempt(LIST, "eu-west-1", broken) == Unavailable(LIST, "eu-west-1", Cause.MALFORMED)
    assert "KeyError at" in caplog.text
    assert "test_errors.py" in caplog.text
