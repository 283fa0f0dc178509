"""CloudTrail behind one reader: a module for each store that may hold the records, and the choice among them."""

from collections.abc import Mapping

from bot.aws.history.athena import Athena
from bot.aws.history.event_history import EventHistory, account_of, utc_now
from bot.aws.history.logs_insights import LogsInsights
from bot.aws.sessions import Clients
from bot.model import AssumeRoleHistory, Unavailable
from bot.readers import Clock, Deadline, HistoryReader, Window
from bot.settings import HistoryBackend, HistorySettings

__all__ = ["Athena", "EventHistory", "Histories", "LogsInsights", "history"]


class Histories:
    """A HistoryReader that asks the store of the role's account, else of the connector's region, else the default."""

    def __init__(
        self,
        default: HistoryBackend,
        overrides: Mapping[str, HistoryBackend],
        stores: Mapping[HistoryBackend, HistoryReader],
    ) -> None:
        self._default = default
        self._overrides = overrides
        self._stores = stores

    def read(
        self, role_arn: str, connector_region: str, window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role."""
        return self._store(role_arn, (connector_region,)).read(role_arn, connector_region, window, deadline)

    def read_regions(
        self, role_arn: str, regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role in exactly these regions: in the default store where theirs differ."""
        return self._store(role_arn, regions).read_regions(role_arn, regions, window, deadline)

    def _store(self, role_arn: str, regions: tuple[str, ...]) -> HistoryReader:
        by_region = {self._overrides.get(region, self._default) for region in regions}
        of_regions = by_region.pop() if len(by_region) == 1 else self._default
        return self._stores[self._overrides.get(account_of(role_arn), of_regions)]


def history(settings: HistorySettings, clients: Clients, *, clock: Clock = utc_now) -> HistoryReader:
    """Make the reader that the settings ask for. One for the process: it keeps the pace that AWS admits."""
    stores: dict[HistoryBackend, HistoryReader] = {
        HistoryBackend.EVENT_HISTORY: EventHistory(clients, clock=clock),
        HistoryBackend.LOGS_INSIGHTS: LogsInsights(clients, settings.log_groups, clock=clock),
    }
    if settings.athena is not None:
        region = settings.athena.region or clients.default_region() or "us-east-1"
        stores[HistoryBackend.ATHENA] = Athena(clients, settings.athena, region, clock=clock)
    if not settings.overrides:
        return stores[settings.default]
    return Histories(settings.default, settings.overrides, stores)
