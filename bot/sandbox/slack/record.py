"""What the embedded Slack saw: exchanges, messages, views, calls, refusals and violations, in the order they happened.

Threads of the HTTP server and of the Socket Mode links write here; a test reads and waits. One condition guards it all.
"""

from __future__ import annotations

import itertools
import json
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any, TypeAlias, TypeVar

Blocks: TypeAlias = list[dict[str, Any]]
T = TypeVar("T")

#: Seconds a test waits for what should come, unless it says otherwise.
PATIENCE = 10.0


@dataclass(frozen=True, slots=True)
class Message:
    """One message as Slack took it. A replacement is a new value with the ``ts`` of what it replaces."""

    ts: str
    channel: str
    text: str
    blocks: Blocks
    #: Id of the only user who sees it; None: everybody in the channel does.
    ephemeral_to: str | None
    #: ``ack``, ``response_url``, ``chat.postMessage``, ``chat.postEphemeral``, or ``slack`` for Slack's own words.
    source: str
    #: The exchange it answers, where that is known.
    exchange: str | None = None
    replaced: bool = False


@dataclass(frozen=True, slots=True)
class View:
    """A modal as it stands."""

    id: str
    hash: str
    #: What the app sent: title, blocks, private_metadata, callback_id, …
    body: dict[str, Any]
    user: str
    exchange: str | None
    root_id: str
    previous_id: str | None = None
    #: 1 as opened, one more for each update.
    version: int = 1

    @property
    def blocks(self) -> Blocks:
        """The blocks of the modal."""
        blocks: Blocks = self.body["blocks"]
        return blocks


@dataclass(frozen=True, slots=True)
class Ack:
    """How the app acknowledged a delivery."""

    #: Seconds from sending to acknowledgement, or to giving up.
    seconds: float
    #: What came with it; None for a bare acknowledgement.
    payload: dict[str, Any] | None = None
    #: What the user was told instead of an answer: ``operation_timeout``, ``dispatch_failed``, ``http_service_error``.
    error: str | None = None


@dataclass(frozen=True, slots=True)
class ApiCall:
    """One request to the Web API or to a ``response_url``, with what was answered."""

    #: ``chat.postMessage``, …, or ``response_url``.
    method: str
    body: Mapping[str, Any]
    status: int
    #: Slack's error code; None where it was taken.
    error: str | None
    problems: tuple[str, ...]
    at: float
    #: True where ``fail`` ordered it.
    injected: bool = False


@dataclass(frozen=True, slots=True)
class Violation:
    """Something Slack lets pass, but which the bot must not do."""

    #: ``unescaped``, ``late-ack``, ``payload-ignored``, ``may-unfurl``, ``replace-unsaid``.
    code: str
    detail: str


class Exchange:
    """One thing a user did, and everything the app did about it.

    Made by ``EmbeddedSlack.command`` and ``click``. The properties ``ack`` and the ``wait…`` methods block.
    """

    def __init__(self, record: Record, kind: str, *, user: str, channel: str | None, via: str, limit: float) -> None:
        self.id = record.new_id("E")
        self.kind = kind
        self.user = user
        self.channel = channel
        self.via = via
        self.sent_at = time.monotonic()
        #: Seconds from sending to acknowledgement, also where that came too late; None until it comes.
        self.acknowledged_after: float | None = None
        self._record = record
        self._limit = limit
        self._ack: Ack | None = None

    @property
    def ack(self) -> Ack:
        """The acknowledgement, or the error the user was shown; waits for either."""
        wait = max(0.0, self._limit + 0.1 - (time.monotonic() - self.sent_at))
        ack = self._record.wait_for(lambda: self._ack, wait)
        return ack or Ack(time.monotonic() - self.sent_at, error="operation_timeout")

    @property
    def messages(self) -> list[Message]:
        """Every message this exchange caused so far, those of its acknowledgement and replacements included."""
        return [m for m in self._record.deliveries() if m.exchange == self.id]

    @property
    def replies(self) -> list[Message]:
        """As ``messages``, without what the acknowledgement itself showed."""
        return [m for m in self.messages if m.source not in ("ack", "slack")]

    def wait(self, count: int = 1, timeout: float = PATIENCE) -> list[Message]:
        """Return the replies once there are ``count``; raise ``TimeoutError`` saying what did happen instead."""
        if self._record.wait_for(lambda: len(self.replies) >= count or None, timeout) is None:
            raise TimeoutError(self._account(f"{count} replies", timeout))
        return self.replies

    def shown_view(self, version: int = 1) -> View | None:
        """Return the modal this exchange opened, if it is in this version or a later one by now."""
        view = self._record.view_of(self.id)
        return view if view is not None and view.version >= version else None

    def wait_view(self, version: int = 1, timeout: float = PATIENCE) -> View:
        """Return the modal this exchange opened, once it is in this version or a later one; raise as ``wait`` does."""
        view = self._record.wait_for(lambda: self.shown_view(version), timeout)
        if view is None:
            raise TimeoutError(self._account(f"modal in version {version}", timeout))
        return view

    def settle(self, ack: Ack) -> bool:
        """Note the acknowledgement or its failure; False where that was settled before."""
        with self._record.changed:
            if ack.error is None and self.acknowledged_after is None:
                self.acknowledged_after = ack.seconds
            if self._ack is not None:
                return False
            self._ack = ack
            self._record.changed.notify_all()
            return True

    def _account(self, wanted: str, timeout: float) -> str:
        refused = [f"{call.method}: {call.error} {'; '.join(call.problems)}" for call in self._record.refusals()]
        return (
            f"{self.kind} by {self.user}: no {wanted} within {timeout:g} s; ack: {self._ack}; "
            f"shown: {[m.text[:120] for m in self.messages]}; refused: {refused}"
        )


@dataclass(slots=True)
class Record:
    """The shared memory of the embedded Slack."""

    changed: threading.Condition = field(default_factory=lambda: threading.Condition(threading.RLock()))
    exchanges: list[Exchange] = field(default_factory=list)
    calls: list[ApiCall] = field(default_factory=list)
    violations: list[Violation] = field(default_factory=list)
    #: Everything the app sent, as JSON text, with a word on where it arrived.
    received: list[tuple[str, str]] = field(default_factory=list)
    _deliveries: list[Message] = field(default_factory=list)
    _visible: dict[str, Message] = field(default_factory=dict)
    _views: dict[str, View] = field(default_factory=dict)
    _numbers: itertools.count[int] = field(default_factory=lambda: itertools.count(1))

    def new_id(self, prefix: str) -> str:
        """Return an id nobody else has, in Slack's form."""
        return f"{prefix}0{next(self._numbers):08X}"

    def new_ts(self) -> str:
        """Return a message id nobody else has: seconds since the epoch with six decimals that only grow."""
        return f"{int(time.time())}.{next(self._numbers):06d}"

    def wait_for(self, condition: Callable[[], T | None], timeout: float) -> T | None:
        """Wait until ``condition`` returns something; None after ``timeout`` seconds."""
        deadline = time.monotonic() + timeout
        with self.changed:
            while (found := condition()) is None:
                left = deadline - time.monotonic()
                if left <= 0:
                    return None
                # Not everything a condition looks at lives here.
                self.changed.wait(min(left, 0.1))
            return found

    def add_exchange(self, exchange: Exchange) -> None:
        """Note that a user did something."""
        with self.changed:
            self.exchanges.append(exchange)

    def add_message(self, message: Message) -> None:
        """Show a message, in place of the one with its ``ts`` where there is one."""
        with self.changed:
            self._deliveries.append(message)
            self._visible[message.ts] = message
            self.changed.notify_all()

    def remove_message(self, ts: str) -> None:
        """Take a message away."""
        with self.changed:
            self._visible.pop(ts, None)
            self.changed.notify_all()

    def message(self, ts: str) -> Message | None:
        """Return the message as it stands."""
        with self.changed:
            return self._visible.get(ts)

    def visible(self, channel: str | None, user: str | None) -> list[Message]:
        """Return what stands in a channel (None: everywhere) for one user (None: for anybody)."""
        with self.changed:
            return [
                m
                for m in self._visible.values()
                if (channel is None or m.channel == channel) and (user is None or m.ephemeral_to in (None, user))
            ]

    def deliveries(self) -> list[Message]:
        """Return every message in the order of arrival, replaced and deleted ones included."""
        with self.changed:
            return list(self._deliveries)

    def put_view(self, view: View) -> None:
        """Show a modal, or the new state of one."""
        with self.changed:
            self._views[view.id] = view
            self.changed.notify_all()

    def views(self) -> list[View]:
        """Return every modal as it stands, oldest first."""
        with self.changed:
            return list(self._views.values())

    def view(self, view_id: str) -> View | None:
        """Return a modal as it stands."""
        with self.changed:
            return self._views.get(view_id)

    def view_of(self, exchange: str) -> View | None:
        """Return the newest modal that an exchange opened or changed."""
        with self.changed:
            return next((v for v in reversed(self._views.values()) if v.exchange == exchange), None)

    def add_call(self, call: ApiCall) -> None:
        """Note a request and its answer."""
        with self.changed:
            self.calls.append(call)
            self.changed.notify_all()

    def refusals(self) -> list[ApiCall]:
        """Return the requests that Slack refused of its own accord, in order."""
        with self.changed:
            return [c for c in self.calls if c.error is not None and not c.injected]

    def add_violation(self, code: str, detail: str) -> None:
        """Note something Slack lets pass and the bot must not do."""
        with self.changed:
            self.violations.append(Violation(code, detail))

    def add_received(self, where: str, what: Any) -> None:
        """Keep what the app sent, as text."""
        with self.changed:
            self.received.append((where, json.dumps(what, ensure_ascii=False, default=str)))

    def latest_exchange(self, channel: str, user: str | None) -> Exchange | None:
        """Return the newest exchange in a channel (of one user), to which a message that names none belongs."""
        with self.changed:
            return next(
                (x for x in reversed(self.exchanges) if x.channel == channel and user in (None, x.user)),
                None,
            )

    def clear(self) -> None:
        """Forget everything."""
        with self.changed:
            for memory in (self.exchanges, self.calls, self.violations, self.received, self._deliveries):
                memory.clear()
            self._visible.clear()
            self._views.clear()
            self.changed.notify_all()
