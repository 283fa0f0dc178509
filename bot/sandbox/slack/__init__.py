"""An embedded Slack on loopback that enforces what Slack enforces."""

from bot.sandbox.slack.deliver import signature, signed_headers
from bot.sandbox.slack.record import Ack, ApiCall, Exchange, Message, View, Violation
from bot.sandbox.slack.server import EmbeddedSlack
from bot.sandbox.slack.workspace import Channel, Kind, Standing, User, Workspace

__all__ = [
    "Ack",
    "ApiCall",
    "Channel",
    "EmbeddedSlack",
    "Exchange",
    "Kind",
    "Message",
    "Standing",
    "User",
    "View",
    "Violation",
    "Workspace",
    "signature",
    "signed_headers",
]
