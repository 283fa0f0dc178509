"""The body of an answer in AWS's JSON protocols, checked against the service's model in the same pass.

moto's serialiser and botocore's validator do this too, at three times the cost, and most operations that the sandbox
answers itself speak JSON.
"""

import base64
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

_TYPES: Mapping[str, Any] = {
    "boolean": bool,
    "blob": bytes,
    "double": (float, int),
    "float": (float, int),
    "integer": int,
    "list": (list, tuple),
    "long": int,
    "map": Mapping,
    "string": str,
    "structure": Mapping,
    "timestamp": datetime,
}


class DefectError(Exception):
    """A handler answered what the service's model does not admit."""


def json_body(shape: Any, value: Any, where: str = "answer") -> Any:
    """Turn an answer into what ``json.dumps`` takes; raises DefectError naming the member that the model refuses.

    Members that are None are left out, required ones too: the documentation lets some of them be null.
    """
    kind = shape.type_name
    if not isinstance(value, _TYPES[kind]):
        raise DefectError(f"{where} is no {kind}")
    match kind:
        case "structure":
            return _structure(shape, value, where)
        case "list":
            return [json_body(shape.member, member, where) for member in value]
        case "map":
            return {str(key): json_body(shape.value, member, f"{where}.{key}") for key, member in value.items()}
        case "timestamp":
            return _time(shape.serialization.get("timestampFormat", "unixtimestamp"), value)
        case "blob":
            return base64.b64encode(value).decode()
    return value


def _structure(shape: Any, value: Mapping[str, Any], where: str) -> dict[str, Any]:
    members = shape.members
    if missing := [name for name in shape.required_members if name not in value]:
        raise DefectError(f"{where} lacks {', '.join(missing)}")
    document = {}
    for name, member in value.items():
        if name not in members:
            raise DefectError(f"{where} has no member {name}")
        if member is not None:
            wire_name = members[name].serialization.get("name", name)
            document[wire_name] = json_body(members[name], member, f"{where}.{name}")
    return document


def _time(format_: str, value: datetime) -> float | str:
    if format_ == "iso8601":
        return f"{value.astimezone(UTC):%Y-%m-%dT%H:%M:%S}.{value.microsecond // 1000:03}Z"
    return round(value.timestamp(), 3)
