"""Bolt's app, behind a count of the requests whose signature does not hold."""

from __future__ import annotations

import re
from http import HTTPStatus
from typing import Any

from slack_bolt import App, BoltRequest, BoltResponse

from bot.telemetry.log import Telemetry


class SignedApp(App):
    """Bolt's app, which also counts the requests whose signature does not hold."""

    def __init__(self, telemetry: Telemetry, **options: Any) -> None:
        super().__init__(**options)
        self._telemetry = telemetry

    def dispatch(self, req: BoltRequest) -> BoltResponse:
        """Answer one request from Slack."""
        # Bolt's check of the signature raises on a time that is no number, which would be an error of ours.
        times = req.headers.get("x-slack-request-timestamp", ["0"])
        well_formed = req.mode == "socket_mode" or all(re.fullmatch(r"\d{1,12}", time, re.ASCII) for time in times)
        response = super().dispatch(req) if well_formed else BoltResponse(status=HTTPStatus.UNAUTHORIZED)
        if response.status == HTTPStatus.UNAUTHORIZED:
            self._telemetry.bad_signature()
        return response
