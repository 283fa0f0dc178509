"""A query that is started, polled until it ends, and stopped where it does not end in time."""

from __future__ import annotations

from abc import ABC, abstractmethod
from contextlib import suppress
from typing import Any

from botocore import xform_name
from botocore.exceptions import BotoCoreError, ClientError

from bot.aws.errors import unavailable
from bot.aws.history.lookup import stop_cause
from bot.aws.history.rows import QueryResult
from bot.aws.sessions import Clients
from bot.model import Cause, StopCause, Unavailable
from bot.pipe.ports import Deadline, pauses

#: Seconds between polls: the first pause, how it grows, and the longest.
FIRST_PAUSE, GROWTH, LONGEST_PAUSE = 0.1, 1.6, 1.0
#: A refusal of what may be asked a little later, beside throttling.
_BUSY = "ServiceUnavailableException"


class PolledQuery(ABC):
    """One query under way. ``run`` never raises; ``answer`` holds at any time what is known by then."""

    #: boto3's name of the service, which is its IAM prefix too.
    service: str

    def __init__(self, clients: Clients, region: str, deadline: Deadline) -> None:
        self.answer = QueryResult()
        self.running = False
        self._clients = clients
        self._region = region
        self._deadline = deadline
        self._operation = self.service
        self._pauses = pauses(FIRST_PAUSE, LONGEST_PAUSE, GROWTH)

    @abstractmethod
    def start(self) -> None:
        """Start the query."""

    @abstractmethod
    def poll(self) -> None:
        """Ask how far it is, and take what there is; ``running`` says whether to ask again."""

    @abstractmethod
    def stop(self) -> None:
        """Stop the query."""

    def run(self) -> None:
        """Run it to its end, or until the deadline with what it found so far."""
        try:
            self.start()
            self.running = True
            while self.running and self._pause():
                self.poll()
        except Exception as error:  # noqa: BLE001  whatever AWS's library raises becomes a value
            self._fail(unavailable(error, self._operation, self._region))
        if self.running:  # it would end by itself, only later and dearer
            with suppress(ClientError, BotoCoreError):
                self.stop()

    def call(self, operation: str, **request: Any) -> Any:
        """Make one request; where AWS is busy, again until the deadline."""
        self._operation = f"{self.service}:{operation}"
        method = getattr(self._clients.client(self.service, self._region), xform_name(operation))
        busy = False
        while True:
            self.answer.requests += 1
            try:
                answer = method(**request)
            except ClientError as error:
                gap = unavailable(error, self._operation, self._region)
                if gap.cause is not Cause.THROTTLED and gap.error_code != _BUSY:
                    raise
                busy = True
                self._fail(gap)
                if not self._pause():
                    raise
            else:
                if busy:
                    self.answer.gap, self.answer.stopped = None, StopCause.DEADLINE
                return answer

    def failed(self, code: str, cause: Cause = Cause.ERROR) -> None:
        """Say that the query itself ended badly, under AWS's name for it."""
        self.running = False
        self._fail(Unavailable(self._operation, self._region, cause, error_code=code))

    def _fail(self, gap: Unavailable) -> None:
        self.answer.gap = gap
        self.answer.stopped = stop_cause(gap)

    def _pause(self) -> bool:
        """Wait a while; False where the deadline has passed."""
        return self._deadline.pause(next(self._pauses))
