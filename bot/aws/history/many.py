"""Whole fleets: one query for all the roles of a store, however many they are."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from functools import partial
from typing import Protocol

from bot.arn import part_of
from bot.aws.history.parallel import together
from bot.model import RolesHistory, Unavailable
from bot.pipe.ports import Deadline, Window
from bot.regions import with_global_sts


class FleetReader(Protocol):
    """A reader over a store that answers for many roles with one query."""

    def fleet(
        self, role_arns: Collection[str], regions: tuple[str, ...], window: Window, deadline: Deadline
    ) -> RolesHistory | Unavailable:
        """Read how often MSK Connect assumed each of many roles."""


class RolesHistories:
    """A RolesHistoryReader that asks each store once, for the roles that ``choose`` gives to it.

    ``choose`` gives None for a role whose store admits one question for each role.
    """

    def __init__(self, choose: Callable[[str, tuple[str, ...]], FleetReader | None]) -> None:
        self._choose = choose

    def read(
        self, roles: Mapping[str, tuple[str, ...]], window: Window, deadline: Deadline
    ) -> dict[str, RolesHistory | Unavailable]:
        """Read how often MSK Connect assumed each role, where its connectors' regions record that."""
        shares: dict[FleetReader, list[str]] = {}
        for arn, homes in roles.items():
            store = self._choose(arn, homes)
            if store is not None:
                shares.setdefault(store, []).append(arn)
        answers: dict[str, RolesHistory | Unavailable] = {}

        def ask(store: FleetReader, arns: list[str]) -> None:
            regions = dict.fromkeys(
                region for arn in arns for region in with_global_sts(part_of(arn, "partition"), roles[arn])
            )
            answers.update(dict.fromkeys(arns, store.fleet(frozenset(arns), tuple(regions), window, deadline)))

        together([partial(ask, store, arns) for store, arns in shares.items()])
        return answers
