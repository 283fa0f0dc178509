"""Every store of the history over the embedded AWS: its options there, and what is called to read it.

A store of the registry that has no double here fails the tests that go through the registry.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from bot.aws.history import reader_of
from bot.aws.history.event_history import EventHistory
from bot.aws.history.limiter import Limiter
from bot.aws.sessions import Clients
from bot.cloudtrail.stores import STORES, AthenaOptions, HistoryStore, LogsInsightsOptions, NoOptions, store_named
from bot.doctor.permissions import OPERATIONS, Purpose
from bot.pipe.ports import HistoryReader
from bot.sandbox.scenario.names import EU, log_group_arn
from bot.sandbox.scenario.table import DATABASE, TABLE

LOG_GROUP = log_group_arn("cloudtrail/management-events", EU)


@dataclass(frozen=True, slots=True)
class Double:
    """One store in the embedded AWS."""

    options: Any
    #: What is called to find events, and beside that to know how far silence goes.
    finding: tuple[str, ...]
    checking: tuple[str, ...] = ()
    #: What ends a query that does not end by itself.
    stop: str = ""
    #: Makes the reader where the bot's own way is not fit for a test.
    make: Callable[[Clients], HistoryReader] | None = None


DOUBLES: Mapping[str, Double] = {
    "event-history": Double(
        NoOptions(),
        finding=("cloudtrail:LookupEvents",),
        # A pace that does not hold a test up, and a count that is waited for.
        make=lambda clients: EventHistory(clients, limiter=Limiter(1000)),
    ),
    "logs-insights": Double(
        LogsInsightsOptions((LOG_GROUP,)),
        finding=("logs:StartQuery", "logs:GetQueryResults"),
        checking=(*OPERATIONS[Purpose.TRAILS], "logs:DescribeLogGroups"),
        stop="logs:StopQuery",
    ),
    "athena": Double(
        AthenaOptions(DATABASE, TABLE, output_location="s3://acme-athena-results/bot/", region=EU),
        finding=("athena:StartQueryExecution", "athena:GetQueryExecution", "athena:GetQueryResults"),
        checking=(*OPERATIONS[Purpose.TRAILS], "athena:GetTableMetadata"),
        stop="athena:StopQueryExecution",
    ),
}
#: The stores of the registry that have a double, by name; one of another name fails ``double``.
NAMES = tuple(store.name for store in STORES if store.name in DOUBLES)
READING_TRAILS = tuple(store.name for store in STORES if store.reads_trail)
FOR_FLEETS = tuple(store.name for store in STORES if store.answers_for_many)


def store(name: str) -> HistoryStore[Any]:
    """Return the store of a name."""
    found = store_named(name)
    assert found is not None, f"{name} is no store of the registry, bot/cloudtrail/stores/__init__.py"
    return found


def double(name: str) -> Double:
    """Return the double of a store."""
    assert name in DOUBLES, f"{name} has no test double: describe it in DOUBLES of tests/bot/aws/history/doubles.py"
    return DOUBLES[name]


def reader(name: str, clients: Clients) -> HistoryReader:
    """Make a store's reader over the embedded AWS."""
    found = double(name)
    return found.make(clients) if found.make else reader_of(store(name), found.options, clients)
