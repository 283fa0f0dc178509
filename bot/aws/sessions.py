"""boto3 clients: one for each service and region, made once, shared by all threads, and watched."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Any

import boto3
from botocore.config import Config
from botocore.parsers import ResponseParserError

from bot.aws.errors import is_throttling
from bot.telemetry.log import hold_leaky_loggers

_STARTED = "msk_role_started"


@dataclass(frozen=True, slots=True)
class AwsCall:
    """One HTTP request to AWS; a call that is retried is several of these."""

    #: boto3's name of the service.
    service: str
    operation: str
    region: str
    seconds: float
    #: ``ok``, AWS's error code, or the name of the exception.
    outcome: str
    #: Whether AWS refused it as one too many.
    throttled: bool = False


Observer = Callable[[AwsCall], None]


@dataclass(frozen=True, slots=True)
class Patience:
    """How long one call may take. The deadline of a whole answer is kept elsewhere."""

    connect_seconds: float = 2
    read_seconds: float = 6
    #: Requests for one call, the first included. Three span up to 3 s of backing off (1.5 s on average).
    attempts: int = 3


class Clients:
    """AWS clients from the usual environment: profiles, credentials, ``AWS_ENDPOINT_URL`` and the like.

    Nothing is read before the first client is wanted, so a missing profile or region is raised by ``client`` as one of
    botocore's exceptions. ``observer`` hears of every request, in the thread and context that made it.
    """

    def __init__(
        self, *, patience: Patience | None = None, observer: Observer | None = None, connections: int = 128
    ) -> None:
        patience = patience or Patience()
        self._config = Config(
            connect_timeout=patience.connect_seconds,
            read_timeout=patience.read_seconds,
            retries={"total_max_attempts": patience.attempts, "mode": "standard"},
            max_pool_connections=connections,
            user_agent_extra="msk-role",
        )
        self._once = self._config.merge(Config(retries={"total_max_attempts": 1, "mode": "standard"}))
        self._observer = observer
        self._session: boto3.session.Session | None = None
        self._clients: dict[tuple[str, str, bool], Any] = {}
        # boto3 sessions are not thread-safe; the clients that they make are.
        self._making = threading.Lock()
        hold_leaky_loggers()

    def client(self, service: str, region: str) -> Any:
        """Return the client for boto3's ``service`` in ``region``; raises botocore's exceptions where it cannot."""
        return self._kept(service, region, once=False)

    def paced(self, service: str, region: str) -> Any:
        """Return a client that sends one request a call, for a reader that keeps AWS's pace and must count requests.

        The reader has to repeat a failed request by itself; botocore would repeat it unseen, and out of pace.
        """
        return self._kept(service, region, once=True)

    def warm(self, services: Iterable[str], regions: Iterable[str], *, paced: bool = False) -> None:
        """Make the clients for every pair, since making one takes 50 to 100 ms and the first question should not."""
        regions = tuple(regions)
        make = self.paced if paced else self.client
        for service in services:
            for region in regions:
                make(service, region)

    def default_region(self) -> str | None:
        """Return the region that the environment or the profile names, if any."""
        with self._making:
            region: str | None = self._open().region_name
        return region

    def close(self) -> None:
        """Close the connections of every client made."""
        with self._making:
            clients = tuple(self._clients.values())
            self._clients.clear()
        for client in clients:
            client.close()

    def _kept(self, service: str, region: str, *, once: bool) -> Any:
        key = (service, region, once)
        if key not in self._clients:
            with self._making:
                if key not in self._clients:
                    self._clients[key] = self._make(service, region, self._once if once else self._config)
        return self._clients[key]

    def _make(self, service: str, region: str, config: Config) -> Any:
        client = self._open().client(service, region_name=region, config=config)
        client.meta.events.register("before-parse", _refuse_cut_answer)
        if self._observer is not None:
            _observe(client, service, region, self._observer)
        return client

    def _open(self) -> boto3.session.Session:
        if self._session is None:
            self._session = boto3.session.Session()
        return self._session


def _refuse_cut_answer(operation_model: Any, response_dict: Any, **_: Any) -> None:
    """Refuse a body that ends early. botocore takes broken JSON for an answer without members: nothing found."""
    body, announced = response_dict["body"], response_dict["headers"].get("content-length")
    if not isinstance(body, bytes) or not body:
        return
    # Whatever the status is by now: botocore makes an error 500 of S3's good answers that end early.
    if announced is not None and announced != str(len(body)):
        raise ResponseParserError("the body is shorter than announced")
    if response_dict["status_code"] < 300 and operation_model.service_model.resolved_protocol in ("json", "rest-json"):
        try:
            json.loads(body)
        except ValueError:
            raise ResponseParserError("the body is no JSON") from None


def _observe(client: Any, service: str, region: str, observer: Observer) -> None:
    """Report each request of ``client``. A request that breaks the parser is seen by ``after-call-error`` alone."""

    def started(request: Any, **_: Any) -> None:
        request.context[_STARTED] = time.monotonic()

    def finished(event_name: str, context: Any, exception: Exception | None = None, **event: Any) -> None:
        begin = context.pop(_STARTED, None)
        if begin is None:
            return
        operation = event_name.rsplit(".", 1)[-1]
        answer = event.get("parsed_response")
        outcome = type(exception).__name__ if exception is not None else _outcome(answer)
        throttled = exception is None and is_throttling(outcome, _status(answer))
        observer(AwsCall(service, operation, region, time.monotonic() - begin, outcome, throttled))

    events = client.meta.events
    events.register_first("request-created", started)
    events.register("response-received", finished)
    events.register("after-call-error", finished)


def _outcome(answer: Any) -> str:
    error = answer.get("Error") if isinstance(answer, dict) else None
    failed = isinstance(error, dict) and _status(answer) >= 300
    return str(error.get("Code") or "unknown") if failed and isinstance(error, dict) else "ok"


def _status(answer: Any) -> int:
    metadata = answer.get("ResponseMetadata", {}) if isinstance(answer, dict) else {}
    return int(metadata.get("HTTPStatusCode", 0))
