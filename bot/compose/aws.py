"""Settings in, what reads AWS and answers questions out."""

from __future__ import annotations

import threading
from dataclasses import dataclass

from botocore.exceptions import BotoCoreError

from bot.aws.connectors import Connectors
from bot.aws.history import history, roles_history
from bot.aws.history.event_history import utc_now
from bot.aws.log_destinations import LogDestinations
from bot.aws.roles import Roles
from bot.aws.sessions import Clients
from bot.catalogue import CatalogueError, load
from bot.inventory.roles import Inventory
from bot.model import Answer, Question
from bot.pipe.explain import explain
from bot.pipe.kept import KeptAnswers
from bot.pipe.ports import HistoryReader, Readers
from bot.pipe.survey import survey
from bot.regions import iam_region, partition_of
from bot.settings import Settings, SettingsError
from bot.telemetry.log import Telemetry

#: How much longer somebody waits for an identical question of somebody else.
_WAIT_MARGIN_SECONDS = 5
#: boto3's names of the services that are read where connectors run.
_REGIONAL_SERVICES = ("kafkaconnect", "s3", "kms", "logs", "firehose", "cloudtrail", "sts")


@dataclass(frozen=True, slots=True)
class Aws:
    """AWS's side of the bot: clients that count their requests, and the regions it searches."""

    clients: Clients
    regions: tuple[str, ...]

    def warm_up(self) -> None:
        """Make the clients that the first question would otherwise wait for, beside whatever goes on."""
        threading.Thread(target=self.make_clients, name="warm", daemon=True).start()

    def make_clients(self) -> None:
        """Make every client that a question needs."""
        self.clients.warm(_REGIONAL_SERVICES, self.regions)
        self.clients.warm(("cloudtrail",), self.regions, paced=True)
        for partition in sorted({partition_of(region) for region in self.regions}):
            self.clients.warm(("iam",), (iam_region(partition),))


def aws(settings: Settings, telemetry: Telemetry) -> Aws:
    """Choose the regions and prepare the clients; raises SettingsError where nothing says which region."""
    clients = Clients(observer=telemetry.aws_call)
    try:
        region = clients.default_region()
    except BotoCoreError as failed:
        raise SettingsError([f"the AWS session cannot be made ({type(failed).__name__}): check AWS_PROFILE"]) from None
    regions = settings.regions or ((region,) if region else ())
    if not regions:
        raise SettingsError(["MSK_ROLE_REGIONS: missing, and the AWS session has no region of its own"])
    return Aws(clients, tuple(dict.fromkeys(regions)))


def readers_for(source: Aws, history: HistoryReader) -> Readers:
    """Put together everything that a question reads through."""
    clients = source.clients
    return Readers(
        connectors=Connectors(clients),
        roles=Roles(clients),
        log_destinations=LogDestinations(clients),
        history=history,
        regions=source.regions,
    )


def answers_for(settings: Settings, source: Aws) -> KeptAnswers:
    """Make what answers questions from AWS; raises SettingsError for catalogue entries that cannot be read."""
    try:
        catalogue = load(settings.plugins)
    except CatalogueError as unreadable:
        raise SettingsError([f"MSK_ROLE_PLUGINS: {unreadable}"]) from None
    read = readers_for(source, history(settings.history, source.clients))

    def answer(question: Question) -> Answer:
        return explain(question, read, catalogue, clock=utc_now, seconds=settings.deadline_seconds)

    return KeptAnswers(
        answer, keep_seconds=settings.cache_seconds, wait_seconds=settings.deadline_seconds + _WAIT_MARGIN_SECONDS
    )


def inventory(question: Question, settings: Settings, source: Aws, seconds: float) -> Inventory:
    """Read every role that a connector names; raises RegionOutOfScope."""
    histories = roles_history(settings.history, source.clients)
    connectors = Connectors(source.clients)
    return survey(question, connectors, histories, source.regions, clock=utc_now, seconds=seconds)
