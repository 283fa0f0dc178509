"""The embedded AWS as one WSGI-like application: its own operations, the faults before them, moto behind them."""

import threading
import time
import traceback
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from io import BytesIO
from typing import Any

from moto.backends import list_of_moto_modules
from moto.moto_server.werkzeug_app import DomainDispatcherApplication, create_backend_app

from bot.sandbox.aws.fault import How
from bot.sandbox.aws.faults import Faults, refusal, spoil
from bot.sandbox.aws.jsonwire import DefectError
from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.wire import Environ, Incoming, Reply, incoming, plain
from bot.sandbox.aws.world import World


@dataclass(slots=True)
class CallRecord:
    """One call that arrived, as the call log shows it. Times are seconds since the epoch."""

    operation: str
    region: str
    started: float
    ended: float | None = None
    status: int | None = None
    #: User-Agent of the caller, by which the bot's own calls are told from a test's.
    agent: str = ""


@dataclass(slots=True)
class CallLog:
    """The calls since the last reset, in the order of their arrival."""

    records: list[CallRecord] = field(default_factory=list)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def begin(self, call: Incoming) -> CallRecord:
        """Note a call that has just arrived."""
        agent = call.environ.get("HTTP_USER_AGENT", "")
        record = CallRecord(f"{call.service}:{call.operation}", call.region, time.time(), agent=agent)
        with self._lock:
            self.records.append(record)
        return record

    def clear(self) -> None:
        """Forget every call."""
        with self._lock:
            self.records.clear()


_MOTO_SERVICES = frozenset(list_of_moto_modules())
#: How the names of operations begin that change nothing in moto.
_READING = ("Describe", "Get", "Head", "List")

#: Decides whether a call may be made; raises AwsError where not.
Gate = Callable[[Incoming], None]


class EmbeddedApplication:
    """Answers every AWS request, in this order: fault, permission, own operation, moto."""

    def __init__(self, world: World, services: Mapping[str, Service], gate: Gate) -> None:
        self.world = world
        self.faults = Faults()
        self.calls = CallLog()
        #: Called with ``service:Operation`` after each answer.
        self.after: Callable[[str], None] = lambda _: None
        self._services = services
        self._gate = gate
        self._moto = DomainDispatcherApplication(create_backend_app)

    def __call__(self, environ: Environ) -> Reply:
        """Answer one request."""
        call = incoming(environ)
        if call is None:
            self.world.changed = True
            return self._passed_on(environ)
        record = self.calls.begin(call)
        try:
            reply = self._answer(call)
        except AwsError as error:
            reply = call.refuse(error)
        except DefectError as defect:
            reply = plain(500, f"DefectError: {defect}", call.request_id)
        except Exception as error:  # noqa: BLE001  # a defect of the sandbox must not look like a hang
            traceback.print_exc()
            reply = plain(500, f"{type(error).__name__} in the sandbox", call.request_id)
        record.ended, record.status = time.time(), reply.status
        self.after(record.operation)
        return reply

    def _answer(self, call: Incoming) -> Reply:
        how = self.faults.take(call)
        if seconds := self.faults.delay_of(f"{call.service}:{call.operation}"):
            time.sleep(seconds)
        if how is How.HANG:
            self.faults.hang()
            how = None
        if how is not None and (error := refusal(how, call)):
            raise error
        self._gate(call)
        reply = self._served(call)
        return spoil(how, reply) if how is not None else reply

    def _served(self, call: Incoming) -> Reply:
        handler = self._services.get(call.service, {}).get(call.operation)
        if handler is None:
            return self._by_moto(call)
        return call.answer(
            handler(
                Call(
                    service=call.service,
                    operation=call.operation,
                    region=call.region,
                    account=self.world.account,
                    parameters=call.parameters,
                    now=self.world.now,
                    access_key_id=call.access_key_id,
                )
            )
        )

    def _by_moto(self, call: Incoming) -> Reply:
        self.world.changed |= not call.operation.startswith(_READING)
        missing = AwsError("NotImplemented", f"The sandbox does not have {call.service}:{call.operation}.", 501)
        if call.service.replace("-", "") not in _MOTO_SERVICES:
            raise missing
        try:
            return self._passed_on(call.environ)
        except NotImplementedError:
            raise missing from None

    def _passed_on(self, environ: Environ) -> Reply:
        """Let moto answer."""
        body = environ["wsgi.input"].getvalue()
        caught: dict[str, Any] = {}

        def start_response(status: str, headers: list[tuple[str, str]], exc_info: object = None) -> None:
            caught.update(status=int(status[:3]), headers=headers, error=exc_info)

        with _Closing(self._moto(environ | {"wsgi.input": BytesIO(body)}, start_response)) as parts:
            answer = b"".join(parts)
        headers = tuple((k, v) for k, v in caught["headers"] if k.lower() not in ("content-length", "connection"))
        length = next((int(v) for k, v in caught["headers"] if k.lower() == "content-length"), len(answer))
        return Reply(caught["status"], headers, answer, length=length if environ["REQUEST_METHOD"] == "HEAD" else None)


class _Closing:
    """A WSGI answer, closed after it was read."""

    def __init__(self, parts: Iterable[bytes]) -> None:
        self._parts = parts

    def __enter__(self) -> Iterable[bytes]:
        return self._parts

    def __exit__(self, *_: object) -> None:
        close = getattr(self._parts, "close", None)
        if close is not None:
            close()
