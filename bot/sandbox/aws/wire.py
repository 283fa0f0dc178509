"""AWS's protocols on the server side: a request becomes parameters, an answer or a refusal becomes bytes.

The parsers, serialisers and routers are moto's, which work from botocore's service models; both directions are
validated against the model here, since moto trusts what it is given.
"""

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from functools import cached_property
from io import BytesIO
from typing import Any
from uuid import uuid4

from botocore.utils import parse_timestamp
from botocore.validate import ParamValidator
from moto.core.parse import PROTOCOL_PARSERS
from moto.core.request import Request, determine_request_protocol
from moto.core.routing import get_service_router
from moto.core.serialize import SerializationContext, get_serializer_class
from werkzeug.exceptions import HTTPException

from bot.sandbox.aws.jsonwire import DefectError, json_body
from bot.sandbox.aws.service import AwsError

Environ = dict[str, Any]

_SCOPE = re.compile(r"Credential=(?P<key>[^/,\s]+)/\d{8}/(?P<region>[^/]+)/(?P<service>[^/]+)/aws4_request")
_JSON_PROTOCOLS = {"json": "application/x-amz-json-1.1", "rest-json": "application/json"}
#: Services whose signing name is not boto3's name.
_BOTO_NAMES = {"eventbridge": "events", "monitoring": "cloudwatch", "elasticloadbalancing": "elbv2"}


@dataclass(frozen=True, slots=True)
class Reply:
    """An HTTP answer. ``length`` is the Content-Length to announce, where it differs from the body's."""

    status: int
    headers: tuple[tuple[str, str], ...]
    body: bytes
    length: int | None = None


class Incoming:
    """A signed request: whose, for which operation where, and its parameters."""

    def __init__(self, environ: Environ, scope: Mapping[str, str]) -> None:
        self.environ = environ
        self.region = scope["region"]
        self.access_key_id = scope["key"]
        self.service = _BOTO_NAMES.get(scope["service"], scope["service"])
        self.request_id = str(uuid4())
        self._body: bytes = environ["wsgi.input"].getvalue()
        self._request = Request(environ | {"wsgi.input": BytesIO(self._body)})
        self._model, self._uri = self._match()

    def _match(self) -> tuple[Any, dict[str, Any]]:
        try:
            return get_service_router(self.service).match(self._request)
        except (HTTPException, NotImplementedError, LookupError, ValueError):
            return None, {}

    @property
    def operation(self) -> str:
        """The operation's name in the service model; ``Unknown`` where the request names none."""
        return str(self._model.name) if self._model else "Unknown"

    @property
    def text(self) -> str:
        """Everything a fault may look for: the path, the query and the body."""
        return f"{self._request.raw_url} {self._body.decode('utf-8', 'replace')}"

    @cached_property
    def parameters(self) -> dict[str, Any]:
        """The operation's input, validated; raises AwsError in the service's own words."""
        parser = PROTOCOL_PARSERS[self._protocol](self._model, timestamp_parser=aware)
        try:
            parsed = parser.parse(
                {
                    "method": self._request.method,
                    "values": self._request.values,
                    "headers": self._request.headers,
                    "body": self._request.data,
                    "url_path": self._request.path,
                    "url_params": self._uri,
                }
            )
        except (ValueError, TypeError, AttributeError, KeyError):
            raise AwsError("SerializationException", "The request could not be read.") from None
        if self._model.input_shape is not None:
            _check_input(self.service, parsed, self._model.input_shape)
        return dict(parsed)

    @property
    def _protocol(self) -> str:
        return str(determine_request_protocol(self._model.service_model, self._request.content_type))

    def answer(self, result: Mapping[str, Any]) -> Reply:
        """Serialise a handler's result; raises DefectError where the model does not admit it."""
        shape = self._model.output_shape
        if shape is None:
            if result:
                raise DefectError(f"{self.operation} answers nothing")
        elif self._protocol in _JSON_PROTOCOLS:
            headers = (("Content-Type", _JSON_PROTOCOLS[self._protocol]), ("x-amzn-RequestId", self.request_id))
            return Reply(200, headers, json.dumps(json_body(shape, result)).encode())
        else:
            _check_output(shape, result)
        return self._serialise(_without_none(result))

    def refuse(self, error: AwsError) -> Reply:
        """Serialise a refusal in the service's protocol, with the model's status where it has one."""
        if self._model is None:
            return plain(error.status, f"{error.code}: {error.message}", self.request_id)
        modelled = {shape.name for shape in self._model.service_model.error_shapes if shape.metadata.get("error")}
        return self._serialise(_RefusalError(error), status=None if error.code in modelled else error.status)

    def _serialise(self, result: object, status: int | None = None) -> Reply:
        serialiser = get_serializer_class(self.service, self._protocol)(
            operation_model=self._model, context=SerializationContext(self.request_id)
        )
        done = serialiser.serialize(result)
        body = done["body"]
        return Reply(
            status=status or done["status_code"],
            headers=(*done["headers"].items(), ("x-amzn-RequestId", self.request_id)),
            body=body if isinstance(body, bytes) else body.encode(),
        )


def incoming(environ: Environ) -> Incoming | None:
    """Read a request; None where it is not signed with Signature Version 4."""
    scope = _SCOPE.search(environ.get("HTTP_AUTHORIZATION", ""))
    return Incoming(environ, scope.groupdict()) if scope else None


def plain(status: int, text: str, request_id: str = "") -> Reply:
    """Make an answer outside any service's protocol."""
    return Reply(status, (("Content-Type", "text/plain"), ("x-amzn-RequestId", request_id)), text.encode())


def _check_output(shape: Any, result: Mapping[str, Any]) -> None:
    """Check what moto's serialiser will write; a required time may be null, as the documentation has it."""
    null = {name: _EPOCH for name, value in result.items() if value is None and name in shape.required_members}
    if (report := ParamValidator().validate(_without_none(result) | null, shape)).has_errors():
        raise DefectError(report.generate_report())


_EPOCH = datetime.fromtimestamp(0, UTC)


class _RefusalError(Exception):
    """What moto's serialisers take for an error: attributes by the names of the error's members."""

    def __init__(self, error: AwsError) -> None:
        super().__init__(error.message)
        self.code = error.code
        self.message = error.message
        for name, value in error.fields.items():
            setattr(self, name, value)


def aware(value: Any) -> datetime:
    """Read a timestamp in any of AWS's formats."""
    parsed: datetime = parse_timestamp(value)
    return parsed.astimezone(UTC)


def _without_none(value: Any) -> Any:
    if isinstance(value, Mapping):
        return {key: _without_none(member) for key, member in value.items() if member is not None}
    if isinstance(value, list | tuple):
        return [_without_none(member) for member in value]
    return value


#: What a service answers to input that breaks its model, where it is not ValidationException.
_INVALID_INPUT = {
    "athena": "InvalidRequestException",
    "firehose": "InvalidArgumentException",
    "iam": "ValidationError",
    "kafkaconnect": "BadRequestException",
    "logs": "InvalidParameterException",
    "sts": "ValidationError",
}
_INVALID_MEMBER = {
    ("cloudtrail", "MaxResults"): "InvalidMaxResultsException",
}


def _check_input(service: str, parsed: dict[str, Any], shape: Any) -> None:
    code = _INVALID_INPUT.get(service, "ValidationException")
    report = ParamValidator().validate(parsed, shape)
    if report.has_errors():
        raise AwsError(code, report.generate_report())
    for name, value in parsed.items():
        if problem := _beyond(shape.members[name], value):
            raise AwsError(
                _INVALID_MEMBER.get((service, name), code),
                f"1 validation error detected: Value at '{name[0].lower() + name[1:]}' failed to satisfy constraint: "
                f"Member must {problem}",
            )


def _beyond(shape: Any, value: Any) -> str:
    """Say which of the model's constraints a member breaks; botocore's validator checks lower bounds only."""
    metadata = shape.metadata
    size = value if isinstance(value, int) else len(value) if hasattr(value, "__len__") else 0
    if "max" in metadata and size > metadata["max"]:
        return f"have value or length less than or equal to {metadata['max']}"
    if isinstance(value, str):
        if metadata.get("enum") and value not in metadata["enum"]:
            return f"satisfy enum value set: [{', '.join(metadata['enum'])}]"
        if "pattern" in metadata and not _matches(metadata["pattern"], value):
            return f"satisfy regular expression pattern: {metadata['pattern']}"
    return ""


def _matches(pattern: str, value: str) -> bool:
    try:
        return re.fullmatch(pattern, value) is not None
    except re.error:  # a pattern in Java's dialect that Python does not read
        return True
