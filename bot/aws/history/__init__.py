"""CloudTrail behind one reader: a module for each store that may hold the records, and the choice among them."""

from collections.abc import Mapping
from importlib import import_module
from typing import Any, cast

from bot.arn import account_of
from bot.aws.history.event_history import utc_now
from bot.aws.history.many import FleetReader, RolesHistories
from bot.aws.sessions import Clients
from bot.cloudtrail.stores import HistoryStore
from bot.model import AssumeRoleHistory, Unavailable
from bot.pipe.ports import Clock, Deadline, HistoryReader, Window
from bot.settings import HistorySettings

__all__ = ["Histories", "RolesHistories", "history", "reader_of", "roles_history"]


class Histories:
    """A HistoryReader that asks the store of the role's account, else of the connector's region, else the default."""

    def __init__(
        self,
        default: HistoryStore[Any],
        overrides: Mapping[str, HistoryStore[Any]],
        readers: Mapping[HistoryStore[Any], HistoryReader],
    ) -> None:
        self._default = default
        self._overrides = overrides
        self._readers = readers

    def read(
        self, role_arn: str, connector_region: str, window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role."""
        return self._reader(role_arn, (connector_region,)).read(role_arn, connector_region, window, deadline)

    def read_regions(
        self, role_arn: str, regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role in exactly these regions: in the default store where theirs differ."""
        return self._reader(role_arn, regions).read_regions(role_arn, regions, window, deadline)

    def _reader(self, role_arn: str, regions: tuple[str, ...]) -> HistoryReader:
        return self._readers[_store(role_arn, regions, self._default, self._overrides)]


def history(settings: HistorySettings, clients: Clients, *, clock: Clock = utc_now) -> HistoryReader:
    """Make the reader that the settings ask for. One for the process: it keeps the pace that AWS admits."""
    readers = _readers(settings, clients, clock)
    if not settings.overrides:
        return readers[settings.default]
    return Histories(settings.default, settings.overrides, readers)


def roles_history(settings: HistorySettings, clients: Clients, *, clock: Clock = utc_now) -> RolesHistories:
    """Make the reader of whole fleets that the settings ask for; it asks the same store about a role as ``history``."""
    readers = _readers(settings, clients, clock)

    def choose(role_arn: str, regions: tuple[str, ...]) -> FleetReader | None:
        store = _store(role_arn, regions, settings.default, settings.overrides)
        return cast(FleetReader, readers[store]) if store.answers_for_many else None

    return RolesHistories(choose)


def reader_of(store: HistoryStore[Any], options: Any, clients: Clients, *, clock: Clock = utc_now) -> HistoryReader:
    """Make the reader over one store, from the class that the store's value names."""
    module, _, name = store.reader.partition(":")
    made: HistoryReader = getattr(import_module(module), name).of(clients, options, clock)
    return made


def _readers(settings: HistorySettings, clients: Clients, clock: Clock) -> dict[HistoryStore[Any], HistoryReader]:
    return {store: reader_of(store, settings.options_of(store), clients, clock=clock) for store in settings.stores}


def _store(
    role_arn: str, regions: tuple[str, ...], default: HistoryStore[Any], overrides: Mapping[str, HistoryStore[Any]]
) -> HistoryStore[Any]:
    by_region = {overrides.get(region, default) for region in regions}
    of_regions = by_region.pop() if len(by_region) == 1 else default
    return overrides.get(account_of(role_arn), of_regions)
