"""A bot that keeps running, over a socket or HTTP: everything is put together before the first question."""

from __future__ import annotations

from dataclasses import dataclass

from bot.compose.aws import Aws, answers_for, aws
from bot.compose.slack import Bot, build
from bot.settings import Settings
from bot.telemetry.metrics import MeasuredTelemetry


@dataclass(frozen=True, slots=True)
class RunningBot:
    """A bot, where its answers come from, and what it counts."""

    bot: Bot
    source: Aws
    telemetry: MeasuredTelemetry


def put_together(settings: Settings) -> RunningBot:
    """Make the bot; no request is made, and no thread started yet.

    Raises SettingsError for what only the whole can show.
    """
    telemetry = MeasuredTelemetry()
    source = aws(settings, telemetry)
    return RunningBot(build(settings, answers_for(settings, source), telemetry), source, telemetry)
