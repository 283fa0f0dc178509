"""Reading a history from a store of a trail's records by queries that are started, polled and stopped."""

from __future__ import annotations

import itertools
from abc import ABC, abstractmethod
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from time import monotonic
from typing import Any

from bot.arn import account_of, part_of
from bot.aws.history.coverage import Store, coverage
from bot.aws.history.event_history import CLOCK_SKEW, utc_now
from bot.aws.history.parallel import together
from bot.aws.history.polled import PolledQuery
from bot.aws.history.records import activity, distinct
from bot.aws.history.rows import QueryResult, calls_of, events_of, uses_of
from bot.aws.history.trails import TrailCheck
from bot.cloudtrail.stores import HistoryStore
from bot.model import LONGEST_SESSION, AssumeRoleEvent, AssumeRoleHistory, Cause, RolesHistory, StopCause, Unavailable
from bot.pipe.ports import Clock, Deadline, Window
from bot.regions import with_global_sts


@dataclass(frozen=True, slots=True)
class Scope:
    """What is asked for: regions and times, ``end`` excluded, and until when anybody waits for it."""

    regions: tuple[str, ...]
    accounts: tuple[str, ...]
    start: datetime
    end: datetime
    deadline: Deadline


class StoredHistory(ABC):
    """A HistoryReader over a store of a trail's records. A subclass knows the store and its queries.

    Whether the trail records AssumeRole at all is read beside the query, before silence counts as absence.
    """

    def __init__(self, described: HistoryStore[Any], places: Sequence[str], *, clock: Clock = utc_now) -> None:
        self.source = described.name
        self._starts = described.starts
        self._columns = described.columns
        self._places = tuple(places)
        self._clock = clock

    @abstractmethod
    def store(self, scope: Scope) -> Store:
        """Read what the store can be trusted to hold."""

    @abstractmethod
    def history_queries(self, role_arn: str, scope: Scope) -> Sequence[PolledQuery]:
        """Return the queries for every session of a role that anybody asked for."""

    @abstractmethod
    def session_queries(self, role_arn: str, newest: AssumeRoleEvent, scope: Scope) -> Sequence[PolledQuery]:
        """Return the queries for what one session did."""

    @abstractmethod
    def fleet_queries(self, scope: Scope) -> Sequence[PolledQuery]:
        """Return the queries for every role that MSK Connect assumed."""

    def read(
        self, role_arn: str, connector_region: str, window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role; ``Unavailable`` only where no query gave anything."""
        return self.read_regions(
            role_arn, with_global_sts(part_of(role_arn, "partition"), (connector_region,)), window, deadline
        )

    def read_regions(
        self, role_arn: str, regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> AssumeRoleHistory | Unavailable:
        """Read the AssumeRole events of a role in these regions."""
        if not account_of(role_arn):
            return Unavailable(self._starts, role_arn, Cause.MALFORMED)
        scope = self._scope(regions, (account_of(role_arn),), window, deadline)
        answers, store = self._ask(self.history_queries(role_arn, scope), scope)
        if failed := _nothing(answers, self._starts, regions):
            return failed
        found = [events_of(answer, self._columns.event, scope.start, scope.end) for answer in answers]
        events = distinct(itertools.chain.from_iterable(found))
        cut = [each[-1].at for each, answer in zip(map(distinct, found), answers, strict=True) if _is_cut(answer, each)]
        beside = self._follow_up(role_arn, events, scope)
        calls = itertools.chain.from_iterable(calls_of(answer, self._columns.last) for answer in beside)
        return AssumeRoleHistory(
            role_arn, events, coverage(store, window, answers, max(cut, default=None), beside), activity(calls)
        )

    def fleet(
        self, role_arns: Collection[str], regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> RolesHistory | Unavailable:
        """Read how often MSK Connect assumed each of many roles: one query, however many they are."""
        accounts = tuple(sorted({account_of(arn) for arn in role_arns} - {""}))
        scope = self._scope(regions, accounts, window, deadline)
        answers, store = self._ask(self.fleet_queries(scope), scope)
        if failed := _nothing(answers, self._starts, regions):
            return failed
        uses = [uses_of(answer, self._columns.role, self._columns.last, role_arns) for answer in answers]
        return RolesHistory(tuple(itertools.chain.from_iterable(uses)), coverage(store, window, answers, None))

    def _scope(self, regions: tuple[str, ...], accounts: tuple[str, ...], window: Window, deadline: Deadline) -> Scope:
        """Bound what is asked for. A window that ends now stays open a little, in case our clock is behind AWS's."""
        now = self._clock()
        end = window.end + CLOCK_SKEW if window.end >= now - CLOCK_SKEW else window.end
        return Scope(regions, accounts, window.start, end, deadline)

    def _ask(self, asked: Sequence[PolledQuery], scope: Scope) -> tuple[list[QueryResult], Store]:
        """Run the queries, and beside them the check of the store; what the deadline overtakes stays as it is then."""
        stores = [Store(self.source, scope.regions, TrailCheck(None), accounts=scope.accounts)]

        def check() -> None:
            stores[0] = self.store(scope)

        return _answers(asked, scope.deadline, check), replace(stores[0], places=self._places)

    def _follow_up(self, role_arn: str, events: Sequence[AssumeRoleEvent], scope: Scope) -> list[QueryResult]:
        """Ask what happened next with the newest credentials of MSK Connect, if there is time."""
        newest = next((event for event in events if event.by_msk_connect and event.succeeded), None)
        if newest is None or not (newest.issued_key_id or newest.session_name) or monotonic() >= scope.deadline.at:
            return []
        within = replace(scope, start=newest.at, end=min(newest.at + LONGEST_SESSION, scope.end))
        return _answers(self.session_queries(role_arn, newest, within), scope.deadline)


def _answers(asked: Sequence[PolledQuery], deadline: Deadline, *beside: Callable[[], None]) -> list[QueryResult]:
    together([*(query.run for query in asked), *beside], deadline)
    return [replace(query.answer, rows=list(query.answer.rows)) for query in asked]


def _is_cut(answer: QueryResult, events: Sequence[AssumeRoleEvent]) -> bool:
    return answer.stopped is StopCause.PAGE_LIMIT and bool(events)


def _nothing(answers: Sequence[QueryResult], operation: str, regions: Sequence[str]) -> Unavailable | None:
    """Return the failure where no query ended or gave a row."""
    if any(answer.rows or answer.stopped is None for answer in answers):
        return None
    gaps = (answer.gap for answer in answers)
    return next(filter(None, gaps), Unavailable(operation, ", ".join(regions), Cause.TIMEOUT))
