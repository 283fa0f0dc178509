"""Failed calls as values: every exception that AWS's library may raise, mapped to ``Unavailable``.

Error *codes* are kept, error *messages* never, since AWS quotes what it was sent. The one thing taken out of a message
is the name of the IAM action that it says is missing.
"""

from __future__ import annotations

import logging
import re
from collections.abc import Callable
from typing import Any, TypeVar

from botocore.exceptions import (
    BotoCoreError,
    ClientError,
    ConnectTimeoutError,
    PaginationError,
    ParamValidationError,
    ReadTimeoutError,
    ResponseStreamingError,
)
from botocore.parsers import ResponseParserError
from urllib3.exceptions import IncompleteRead

from bot.aws.shapes import MalformedAnswer
from bot.doctor import permissions
from bot.model import Cause, Unavailable

T = TypeVar("T")

_logger = logging.getLogger(__name__)

_DENIED = frozenset(
    {
        "AccessDenied",
        "AccessDeniedException",
        "AuthorizationError",
        "AuthorizationErrorException",
        "Forbidden",
        "ForbiddenException",
        "NotAuthorized",
        "UnauthorizedOperation",
    }
)
_THROTTLED = frozenset(
    {
        "BandwidthLimitExceeded",
        "LimitExceededException",
        "PriorRequestNotComplete",
        "ProvisionedThroughputExceededException",
        "RequestLimitExceeded",
        "RequestThrottled",
        "RequestThrottledException",
        "SlowDown",
        "Throttled",
        "ThrottledException",
        "Throttling",
        "ThrottlingException",
        "TooManyRequests",
        "TooManyRequestsException",
    }
)
_NOT_FOUND = frozenset(
    {
        "NoSuchBucket",
        "NoSuchBucketPolicy",
        "NoSuchEntity",
        "NoSuchEntityException",
        "NotFound",
        "NotFoundException",
        "ResourceNotFoundException",
        "ServerSideEncryptionConfigurationNotFoundError",
    }
)
_TIMED_OUT = frozenset({"RequestTimeout", "RequestTimeoutException", "GatewayTimeout"})
#: The last two: a token or a name that came from AWS cannot be sent back to it.
_UNREADABLE = (MalformedAnswer, ResponseParserError, ResponseStreamingError, PaginationError, ParamValidationError)
_ACTION_IN_MESSAGE = re.compile(r"not authorized to perform:? ([a-z0-9-]{1,40}:[A-Za-z]{1,80})\b")
_CODE = re.compile(r"[A-Za-z][A-Za-z0-9._-]{0,99}")


def attempt(operation: str, resource: str, read: Callable[[], T]) -> T | Unavailable:
    """Return what ``read`` returns, or why it failed; see ``unavailable``."""
    try:
        return read()
    except Exception as error:  # noqa: BLE001  whatever AWS answers must not stop the question
        return unavailable(error, operation, resource)


def unavailable(error: Exception, operation: str, resource: str) -> Unavailable:
    """Say why a read failed. ``operation`` is ``service:Operation`` with the service's IAM prefix.

    What is neither AWS's refusal nor a failure to reach AWS is taken for an answer that could not be parsed; it is
    logged by type and place, because it may be a defect of ours.
    """
    if isinstance(error, ClientError):
        return _refused(error, operation, resource)
    if isinstance(error, ConnectTimeoutError | ReadTimeoutError | TimeoutError):
        return Unavailable(operation, resource, Cause.TIMEOUT)
    if isinstance(error, _UNREADABLE) or _was_cut(error):
        return Unavailable(operation, resource, Cause.MALFORMED)
    if isinstance(error, BotoCoreError):
        return Unavailable(operation, resource, Cause.ERROR, error_code=type(error).__name__)
    _logger.warning("%s: unreadable answer: %s at %s", operation, type(error).__name__, _place(error))
    return Unavailable(operation, resource, Cause.MALFORMED)


def error_code(error: ClientError) -> str:
    """AWS's code for a refusal; empty where the answer had none that looks like a code."""
    details = error.response.get("Error")
    code = details.get("Code") if isinstance(details, dict) else None
    return code if isinstance(code, str) and _CODE.fullmatch(code) else ""


def is_throttling(code: str, status: int | None) -> bool:
    """Whether AWS refused a request as one too many; the code is AWS's, the status that of HTTP."""
    return code in _THROTTLED or status == 429


def _refused(error: ClientError, operation: str, resource: str) -> Unavailable:
    code, status = error_code(error), _status(error)
    if code in _DENIED or (status == 403 and not code):
        return Unavailable(operation, resource, Cause.ACCESS_DENIED, _missing_action(error, operation), code or None)
    if is_throttling(code, status):
        cause = Cause.THROTTLED
    elif code in _NOT_FOUND:
        cause = Cause.NOT_FOUND
    elif code in _TIMED_OUT or status == 504:
        cause = Cause.TIMEOUT
    else:
        cause = Cause.ERROR
    return Unavailable(operation, resource, cause, error_code=code or None)


def _missing_action(error: ClientError, operation: str) -> str:
    message = error.response["Error"].get("Message")
    named = _ACTION_IN_MESSAGE.search(message) if isinstance(message, str) else None
    action = named.group(1) if named else operation
    return permissions.action(action)


def _status(error: ClientError) -> int | None:
    metadata: Any = error.response.get("ResponseMetadata")
    return metadata.get("HTTPStatusCode") if isinstance(metadata, dict) else None


def _was_cut(error: Exception) -> bool:
    """Whether the connection closed in the middle of an answer; botocore keeps urllib3's error in ``kwargs``."""
    inner: Any = getattr(error, "kwargs", {}).get("error")
    return any(isinstance(part, IncompleteRead) for part in (inner, *getattr(inner, "args", ())))


def _place(error: Exception) -> str:
    trace = error.__traceback__
    while trace is not None and trace.tb_next is not None:
        trace = trace.tb_next
    return f"{trace.tb_frame.f_code.co_filename}:{trace.tb_lineno}" if trace else "?"
