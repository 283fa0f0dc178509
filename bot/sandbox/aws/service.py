"""How the embedded AWS answers an operation itself, beside moto.

A service is a mapping from operation name to handler. A module that supplies operations exports

    def service(world: World) -> Service

and is listed in ``bot.sandbox.aws.services``; operations that no service names go to moto. The server has found the
service, region and operation in the request and parsed and validated its parameters against botocore's service model
before it calls a handler, and it validates and serialises what the handler returns:

- ``Call.parameters`` has the model's member names (``LookupAttributes``, ``connectorNamePrefix``), timestamps as aware
  ``datetime`` in UTC, blobs as ``bytes``; members that were not sent are absent.
- A handler returns the answer with the model's member names, timestamps as aware ``datetime``, blobs as ``bytes``;
  members that are None are left out. An answer that the model does not admit is a defect of the sandbox and comes out
  as HTTP 500 ``DefectError``, which names the member.
- A handler refuses by raising ``AwsError`` with the code of the service's own error; its HTTP status is the model's,
  where the model has one.

Handlers run in several threads at once; whatever they change, they change under ``World.lock``. They never sleep:
delays, failures, throttling by switch and authorisation happen before they are called.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeAlias


@dataclass(frozen=True, slots=True)
class Call:
    """One request for one operation."""

    #: boto3's name of the service: ``kafkaconnect``, ``cloudtrail``, ``logs``, ``athena``, ``iam``.
    service: str
    #: As in the service model: ``ListConnectors``, ``LookupEvents``.
    operation: str
    region: str
    account: str
    parameters: Mapping[str, Any]
    #: The sandbox's clock, UTC.
    now: datetime
    #: The access key id that signed the request: one session, as far as AWS tells sessions apart.
    access_key_id: str


class AwsError(Exception):
    """A refusal in AWS's own words.

    ``code`` is the error's code on the wire (``NotFoundException``, ``ThrottlingException``). ``status`` counts where
    the service's model gives none for the code. ``fields`` are further members of the modelled error.
    """

    def __init__(self, code: str, message: str, status: int = 400, fields: Mapping[str, Any] | None = None) -> None:
        super().__init__(code, message)
        self.code = code
        self.message = message
        self.status = status
        self.fields = dict(fields or {})


Handler: TypeAlias = Callable[[Call], dict[str, Any]]
Service: TypeAlias = Mapping[str, Handler]
