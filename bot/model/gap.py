"""Reads that failed, as values."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum


class Cause(StrEnum):
    """Why a read gave nothing."""

    ACCESS_DENIED = "access-denied"
    THROTTLED = "throttled"
    TIMEOUT = "timeout"
    NOT_FOUND = "not-found"
    MALFORMED = "malformed"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Unavailable:
    """A read that failed, as a value: it travels with the answer, which says what it lacks because of it."""

    #: Service and operation as IAM and CloudTrail spell them, for example ``kafkaconnect:DescribeWorkerConfiguration``.
    operation: str
    #: What was asked for: an ARN, a name, a region.
    resource: str
    cause: Cause
    #: The IAM action the bot lacks; only with ``access-denied``.
    missing_action: str | None = None
    #: AWS's error code where there is one (``ThrottlingException``), never its message, which may quote input.
    error_code: str | None = None
    #: With ``not-found`` only: the ARN of what has the same name instead.
    namesake: str | None = None
