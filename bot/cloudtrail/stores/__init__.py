"""Where CloudTrail's records may be kept: a module each, and the registry that settings, doctor and reply derive from.

Another store is its module, its line in ``STORES``, its reader in ``bot.aws.history``, and its double among the tests.
"""

from typing import Any

from bot.cloudtrail.stores.athena import ATHENA, AthenaOptions
from bot.cloudtrail.stores.event_history import EVENT_HISTORY
from bot.cloudtrail.stores.logs_insights import LOGS_INSIGHTS, LogsInsightsOptions
from bot.cloudtrail.stores.store import (
    Columns,
    HistoryStore,
    NoOptions,
    Operation,
    Setting,
    Trial,
    WrittenQuery,
)

__all__ = [
    "ATHENA",
    "DEFAULT",
    "EVENT_HISTORY",
    "LOGS_INSIGHTS",
    "STORES",
    "AthenaOptions",
    "Columns",
    "HistoryStore",
    "LogsInsightsOptions",
    "NoOptions",
    "Operation",
    "Setting",
    "Trial",
    "WrittenQuery",
    "store_named",
]

#: In the order in which they are documented.
STORES: tuple[HistoryStore[Any], ...] = (EVENT_HISTORY, LOGS_INSIGHTS, ATHENA)
#: What is asked where the settings say nothing else; it needs none.
DEFAULT: HistoryStore[Any] = EVENT_HISTORY


def store_named(name: str) -> HistoryStore[Any] | None:
    """Return the store of a name; None where there is none."""
    return next((store for store in STORES if store.name == name), None)
