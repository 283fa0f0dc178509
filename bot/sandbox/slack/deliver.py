"""How what a user did reaches the app: over a Socket Mode link, or as a signed HTTP request."""

from __future__ import annotations

import hashlib
import hmac
import json
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from dataclasses import dataclass
from http import HTTPStatus
from typing import Any, Literal, Protocol, TypeAlias
from urllib.parse import urlencode

from bot.sandbox.slack.core import Core
from bot.sandbox.slack.record import Ack, Exchange, Message

#: As Socket Mode names them.
EnvelopeType: TypeAlias = Literal["slash_commands", "interactive"]


class Links(Protocol):
    """The Socket Mode side, as far as sending goes."""

    def send(self, envelope: Mapping[str, Any]) -> bool:
        """Send over one of the links; False where there is none."""


def signature(signing_secret: str, timestamp: int, body: bytes) -> str:
    """Sign a request body as Slack does, for the header ``X-Slack-Signature``. ``timestamp`` is in epoch seconds."""
    base = b"v0:" + str(timestamp).encode() + b":" + body
    return "v0=" + hmac.new(signing_secret.encode(), base, hashlib.sha256).hexdigest()


def signed_headers(signing_secret: str, timestamp: int, body: bytes) -> dict[str, str]:
    """Return the headers Slack sends with ``body``."""
    return {
        "Content-Type": "application/x-www-form-urlencoded",
        "User-Agent": "Slackbot 1.0 (+https://api.slack.com/robots)",
        "X-Slack-Request-Timestamp": str(timestamp),
        "X-Slack-Signature": signature(signing_secret, timestamp, body),
    }


def form(kind: EnvelopeType, payload: Mapping[str, Any]) -> bytes:
    """Encode a payload as the body of Slack's HTTP request."""
    if kind == "slash_commands":
        return urlencode({name: str(value) for name, value in payload.items()}).encode()
    return urlencode({"payload": json.dumps(payload)}).encode()


@dataclass(slots=True)
class Delivery:
    """Sends payloads and settles exchanges."""

    core: Core
    links: Links
    #: Where signed requests go; None until a test or a bot in HTTP mode says so.
    request_url: str | None = None

    def send(self, exchange: Exchange, kind: EnvelopeType, payload: Mapping[str, Any]) -> None:
        """Deliver a payload; the exchange is settled when the app acknowledges, or when Slack gives up."""
        self.core.record.add_exchange(exchange)
        if exchange.via == "http":
            threading.Thread(target=self._post, args=(exchange, form(kind, payload)), daemon=True).start()
            return
        envelope = {
            "envelope_id": exchange.id,
            "type": kind,
            "accepts_response_payload": kind == "slash_commands",
            "payload": payload,
        }
        if not self.links.send(envelope):
            self._settle(exchange, Ack(0.0, error="dispatch_failed"))

    def acknowledge(self, exchange: Exchange, payload: dict[str, Any] | None) -> None:
        """Take the app's acknowledgement, in time or not, and show what it carries."""
        seconds = time.monotonic() - exchange.sent_at
        record = self.core.record
        if seconds > self.core.limits.ack_seconds:
            record.add_violation("late-ack", f"{exchange.kind}: acknowledged after {seconds:.2f} s")
            exchange.acknowledged_after = seconds
            self._settle(exchange, Ack(seconds, error="operation_timeout"))
            return
        if payload and exchange.kind != "command":
            record.add_violation("payload-ignored", f"{exchange.kind}: Slack reads no message in this acknowledgement")
        self._settle(exchange, Ack(seconds, payload or None))
        if payload and exchange.kind == "command" and exchange.channel is not None:
            self._show_ack(exchange, payload, exchange.channel)

    def _show_ack(self, exchange: Exchange, payload: dict[str, Any], channel: str) -> None:
        record = self.core.record
        record.add_received("ack", payload)
        refusal = self.core.examine(payload)
        if refusal:
            record.add_violation("refused-ack", f"{refusal.error}: {'; '.join(refusal.problems)}")
            return
        public = payload.get("response_type") == "in_channel"
        self.core.show(
            payload,
            source="ack",
            channel=channel,
            ephemeral_to=None if public else exchange.user,
            exchange=exchange,
        )

    def _settle(self, exchange: Exchange, ack: Ack) -> None:
        if exchange.settle(ack) and ack.error and exchange.kind == "command" and exchange.channel:
            text = f"/msk-role failed with the error “{ack.error}”"
            self.core.record.add_message(
                Message(
                    self.core.record.new_ts(), exchange.channel, text, [], exchange.user, "slack", exchange=exchange.id
                )
            )

    def _post(self, exchange: Exchange, body: bytes) -> None:
        if self.request_url is None:
            self._settle(exchange, Ack(0.0, error="dispatch_failed"))
            return
        headers = signed_headers(self.core.workspace.credentials.signing_secret, int(time.time()), body)
        request = urllib.request.Request(self.request_url, body, headers)  # noqa: S310 - the test's own bot
        try:
            with urllib.request.urlopen(request, timeout=self.core.limits.ack_seconds) as response:  # noqa: S310
                text, content_type = response.read().decode(), response.headers.get_content_type()
        except urllib.error.HTTPError as refused:
            refused.close()
            error = "http_service_error" if refused.code >= HTTPStatus.INTERNAL_SERVER_ERROR else "http_client_error"
            self._settle(exchange, Ack(time.monotonic() - exchange.sent_at, error=error))
        except TimeoutError:
            self._settle(exchange, Ack(time.monotonic() - exchange.sent_at, error="operation_timeout"))
        except OSError:
            self._settle(exchange, Ack(time.monotonic() - exchange.sent_at, error="dispatch_failed"))
        else:
            self.acknowledge(exchange, _payload(text, content_type))


def _payload(text: str, content_type: str) -> dict[str, Any] | None:
    """Read a response body: JSON is a message, any other text is the text of one."""
    if not text:
        return None
    if content_type == "application/json":
        document = json.loads(text)
        return document if isinstance(document, dict) else None
    return {"text": text}
