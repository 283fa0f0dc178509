"""Slack's side of the bot: listeners, parsing, wording. Importing this package imports no Slack library."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from slack_bolt import App

    from handlers.boundary import Desk


def register(app: App, desk: Desk) -> None:
    """Attach every listener to ``app``, each with its acknowledgement, its error boundary and its lazy work."""
    from handlers.listeners import attach  # noqa: PLC0415  so that parsing and wording need no Slack library

    attach(app, desk)
