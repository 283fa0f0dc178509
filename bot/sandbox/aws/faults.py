"""The faults in force, and what they make of an answer, in each service's own words."""

import json
from collections.abc import Callable, Mapping
from dataclasses import replace
from threading import Event, RLock
from typing import Any
from xml.etree import ElementTree

from bot.sandbox.aws.fault import Fault, How
from bot.sandbox.aws.service import AwsError
from bot.sandbox.aws.wire import Incoming, Reply


class Faults:
    """The faults and delays in force."""

    def __init__(self) -> None:
        self._lock = RLock()
        self._standing: tuple[Fault, ...] = ()
        self._faults: list[Fault] = []
        self._delays: dict[str, float] = {}
        self._released = Event()

    def add(self, fault: Fault) -> None:
        """Let an operation fail from now on."""
        with self._lock:
            self._faults.append(fault)

    def stand(self, faults: tuple[Fault, ...]) -> None:
        """Set the faults that belong to the scenario and outlive a reset."""
        with self._lock:
            self._standing = faults

    def delay(self, seconds: float, operation: str | None = None) -> None:
        """Delay every call, or the calls of one operation, by so many seconds; 0 ends it."""
        with self._lock:
            self._delays[operation or "*"] = seconds

    def delay_of(self, operation: str) -> float:
        """Return the delay in force for an operation, in seconds."""
        with self._lock:
            return self._delays.get(operation, self._delays.get("*", 0.0))

    def take(self, call: Incoming) -> How | None:
        """Return the failure that the call meets, and count it."""
        with self._lock:
            for place, fault in enumerate(self._faults):
                if _hits(fault, call):
                    if fault.times is not None:
                        self._faults[place : place + 1] = (
                            [replace(fault, times=fault.times - 1)] if fault.times > 1 else []
                        )
                    return fault.how
            return next((fault.how for fault in self._standing if _hits(fault, call)), None)

    def hang(self) -> None:
        """Block the calling thread until the reset."""
        self._released.wait()

    def reset(self) -> None:
        """End every fault and delay but the scenario's, and let go what hangs."""
        with self._lock:
            self._faults.clear()
            self._delays.clear()
            self._released.set()
            self._released = Event()


def _hits(fault: Fault, call: Incoming) -> bool:
    return fault.hits(f"{call.service}:{call.operation}", call.region, lambda: call.text)


_XML_SERVICES = ("iam", "s3", "sts")


def denied(call: Incoming, message: str) -> AwsError:
    """Make the refusal of a caller that lacks a permission."""
    if call.service in _XML_SERVICES:
        return AwsError("AccessDenied", message, 403)
    return AwsError("AccessDeniedException", message, 403 if call.service == "kafkaconnect" else 400)


def refusal(how: How, call: Incoming) -> AwsError | None:
    """Make the error of a failure that is one; None for failures of another kind."""
    match how:
        case How.ACCESS_DENIED if call.service == "kafkaconnect":
            return AwsError("ForbiddenException", "Access forbidden. Correct your credentials and then retry.", 403)
        case How.ACCESS_DENIED:
            return denied(call, f"Not authorized to perform: {call.service}:{call.operation}")
        case How.THROTTLED:
            return _throttled(call.service)
        case How.ERROR_500:
            return _internal(call.service)
        case How.EXPIRED_TOKEN:
            code = "ExpiredToken" if call.service in _XML_SERVICES else "ExpiredTokenException"
            return AwsError(code, "The security token included in the request is expired", 403)
    return None


def _throttled(service: str) -> AwsError:
    match service:
        case "s3":
            return AwsError("SlowDown", "Please reduce your request rate.", 503)
        case "iam" | "sts":
            return AwsError("Throttling", "Rate exceeded", 400)
        case "kafkaconnect":
            return AwsError("TooManyRequestsException", "Too many requests", 429)
    return AwsError("ThrottlingException", "Rate exceeded", 400)


def _internal(service: str) -> AwsError:
    match service:
        case "s3":
            return AwsError("InternalError", "We encountered an internal error. Please try again.", 500)
        case "iam":
            return AwsError("ServiceFailure", "The request processing has failed.", 500)
        case "kafkaconnect":
            return AwsError("InternalServerErrorException", "The service met an error it did not expect.", 500)
    return AwsError("InternalFailure", "The request processing has failed because of an unknown error.", 500)


def spoil(how: How, reply: Reply) -> Reply:
    """Damage a good answer; answers that are refusals already stay as they are."""
    if reply.status >= 300:
        return reply
    if how is How.TRUNCATED:
        body = reply.body or b" " * 64
        return replace(reply, body=body[: len(body) // 2], length=len(body))
    try:
        return replace(reply, body=json.dumps(_JSON_DAMAGE[how](json.loads(reply.body))).encode())
    except ValueError:
        return replace(reply, body=_spoil_xml(how, reply.body))


def _wrong_leaf(value: Any) -> Any:
    match value:
        case Mapping():
            return {key: _wrong_leaf(member) for key, member in value.items()}
        case list():
            return [_wrong_leaf(member) for member in value]
        case str():
            return len(value)
        case None:
            return "null"
    return f"not {value}"


def _wrong_member(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: ["a", "list"] if isinstance(member, str) else "a text" for key, member in value.items()}
    return "a text"


_JSON_DAMAGE: Mapping[How, Callable[[Any], Any]] = {
    How.WRONG_TYPES: _wrong_leaf,
    How.WRONG_SHAPES: _wrong_member,
    How.EMPTY: lambda _: {},
}


def _spoil_xml(how: How, body: bytes) -> bytes:
    """XML has text only: leaves become a text that is neither a time nor a number nor a document."""
    root = ElementTree.fromstring(body)  # noqa: S314  # our own answer
    if how is How.WRONG_TYPES:
        for leaf in root.iter():
            if len(leaf) == 0:
                leaf.text = "17, yesterday"
    else:
        result = next((child for child in root if child.tag.endswith("Result")), root)
        for child in list(result):
            result.remove(child)
        result.text = "a text" if how is How.WRONG_SHAPES else None
    return ElementTree.tostring(root)
