"""The composition root for AWS's side: settings in, answers out."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError

from bot.answers import Answers
from bot.aws.history import history
from bot.aws.history.event_history import utc_now
from bot.aws.reading import readers, warm
from bot.aws.sessions import Clients
from bot.catalogue import CatalogueError, load
from bot.explain import explain
from bot.model import Answer, Question
from bot.settings import Settings, SettingsError
from bot.telemetry import Telemetry

#: How much longer somebody waits for an identical question of somebody else.
_WAIT_MARGIN_SECONDS = 5


@dataclass(frozen=True, slots=True)
class Aws:
    """AWS's side of the bot: clients that count their requests, and the regions it searches."""

    clients: Clients
    regions: tuple[str, ...]

    def warm_up(self) -> None:
        """Make the clients that the first question would otherwise wait for, beside whatever goes on."""
        threading.Thread(target=warm, args=(self.clients, self.regions), name="warm", daemon=True).start()


def aws(settings: Settings, telemetry: Telemetry) -> Aws:
    """Choose the regions and prepare the clients; raises SettingsError where nothing says which region."""
    clients = Clients(observer=telemetry.aws_call)
    try:
        region = clients.default_region()
    except BotoCoreError as failed:
        raise SettingsError([f"the AWS session can not be made ({type(failed).__name__}): check AWS_PROFILE"]) from None
    regions = settings.regions or ((region,) if region else ())
    if not regions:
        raise SettingsError(["MSK_ROLE_REGIONS: missing, and the AWS session has no region of its own"])
    return Aws(clients, regions)


def answers_for(settings: Settings, source: Aws) -> Answers:
    """Make what answers questions from AWS; raises SettingsError for catalogue entries that can not be read."""
    try:
        catalogue = load(settings.plugins)
    except CatalogueError as unreadable:
        raise SettingsError([f"MSK_ROLE_PLUGINS: {unreadable}"]) from None
    read = readers(source.clients, source.regions, history(settings.history, source.clients))

    def answer(question: Question) -> Answer:
        return explain(question, read, catalogue, clock=utc_now, seconds=settings.deadline_seconds)

    return Answers(
        answer, keep_seconds=settings.cache_seconds, wait_seconds=settings.deadline_seconds + _WAIT_MARGIN_SECONDS
    )
