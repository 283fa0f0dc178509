"""Everything that the pipe reads, over one set of clients."""

from __future__ import annotations

from collections.abc import Iterable

from bot.aws.connectors import Connectors
from bot.aws.log_destinations import LogDestinations
from bot.aws.roles import Roles, iam_region
from bot.aws.sessions import Clients
from bot.readers import HistoryReader, Readers

#: boto3's names of the services that are read where connectors run.
REGIONAL_SERVICES = ("kafkaconnect", "s3", "kms", "logs", "firehose", "cloudtrail", "sts")


def readers(clients: Clients, regions: Iterable[str], history: HistoryReader) -> Readers:
    """Put the readers together; ``regions`` is the scope of a search that names none."""
    return Readers(
        connectors=Connectors(clients),
        roles=Roles(clients),
        log_destinations=LogDestinations(clients),
        history=history,
        regions=tuple(dict.fromkeys(regions)),
    )


def warm(clients: Clients, regions: Iterable[str]) -> None:
    """Make every client that a question about these regions needs, so that the first one does not pay for them."""
    regions = tuple(regions)
    clients.warm(REGIONAL_SERVICES, regions)
    for partition in sorted({_partition(region) for region in regions}):
        clients.warm(("iam",), (iam_region(partition),))


def _partition(region: str) -> str:
    return {"cn": "aws-cn", "us-gov": "aws-us-gov"}.get(region.rsplit("-", 2)[0], "aws")
