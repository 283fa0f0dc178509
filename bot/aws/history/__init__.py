"""CloudTrail behind one reader: a module for each store that may hold the records, and the choice among them."""

from collections.abc import Mapping

from bot.arn import account_of
from bot.aws.history.athena import Athena
from bot.aws.history.event_history import COUNT_SECONDS, EventHistory, utc_now
from bot.aws.history.logs_insights import LogsInsights
from bot.aws.history.many import RolesHistories
from bot.aws.history.stored import StoredHistory
from bot.aws.sessions import Clients
from bot.model import AssumeRoleHistory, Unavailable
from bot.pipe.ports import Clock, Deadline, HistoryReader, Window
from bot.settings import HistoryBackend, HistorySettings

__all__ = ["Athena", "EventHistory", "Histories", "LogsInsights", "RolesHistories", "history", "roles_history"]


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
        return self._stores[_backend(role_arn, regions, self._default, self._overrides)]


def history(settings: HistorySettings, clients: Clients, *, clock: Clock = utc_now) -> HistoryReader:
    """Make the reader that the settings ask for. One for the process: it keeps the pace that AWS admits."""
    stores = _stores(settings, clients, clock)
    if not settings.overrides:
        return stores[settings.default]
    return Histories(settings.default, settings.overrides, stores)


def roles_history(settings: HistorySettings, clients: Clients, *, clock: Clock = utc_now) -> RolesHistories:
    """Make the reader of whole fleets that the settings ask for; it asks the same store about a role as ``history``."""
    stores = _stores(settings, clients, clock)

    def choose(role_arn: str, regions: tuple[str, ...]) -> StoredHistory | None:
        store = stores[_backend(role_arn, regions, settings.default, settings.overrides)]
        return store if isinstance(store, StoredHistory) else None

    return RolesHistories(choose)


def _backend(
    role_arn: str, regions: tuple[str, ...], default: HistoryBackend, overrides: Mapping[str, HistoryBackend]
) -> HistoryBackend:
    by_region = {overrides.get(region, default) for region in regions}
    of_regions = by_region.pop() if len(by_region) == 1 else default
    return overrides.get(account_of(role_arn), of_regions)


def _stores(settings: HistorySettings, clients: Clients, clock: Clock) -> dict[HistoryBackend, HistoryReader]:
    stores: dict[HistoryBackend, HistoryReader] = {
        HistoryBackend.EVENT_HISTORY: EventHistory(clients, clock=clock, count_seconds=COUNT_SECONDS),
        HistoryBackend.LOGS_INSIGHTS: LogsInsights(clients, settings.log_groups, clock=clock),
    }
    if settings.athena is not None:
        region = settings.athena.region or clients.default_region() or "us-east-1"
        stores[HistoryBackend.ATHENA] = Athena(clients, settings.athena, region, clock=clock)
    return stores
