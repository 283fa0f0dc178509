"""Connectors by the role that they name, and what CloudTrail shows of all these roles at once. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.arn import role_name
from bot.model import ConnectorSummary, RolesHistory, RoleUse, Unavailable


class Sighting(StrEnum):
    """What is known of a role's assumptions by MSK Connect, in the order in which a clean-up looks at roles."""

    NOT_OBSERVED = "not-observed"
    #: The store gave no answer at all.
    NOT_READ = "not-read"
    #: The role's store answers for one role at a time.
    NOT_ASKED = "not-asked"
    #: What the connectors name is no IAM role, so nobody can assume it.
    NOT_A_ROLE = "not-a-role"
    OBSERVED = "observed"


@dataclass(frozen=True, slots=True)
class InventoryRole:
    """A service execution role, the connectors that name it, and when MSK Connect assumed it."""

    arn: str
    connectors: tuple[ConnectorSummary, ...]
    #: What its store said of all the roles that it was asked for; None where it was not asked.
    history: RolesHistory | Unavailable | None
    #: None where it was not observed within the coverage of ``history``.
    use: RoleUse | None = None

    @property
    def sighting(self) -> Sighting:
        """Say what is known."""
        if self.use is not None:
            return Sighting.OBSERVED
        match self.history:
            case RolesHistory():
                return Sighting.NOT_OBSERVED
            case Unavailable():
                return Sighting.NOT_READ
            case None:
                return Sighting.NOT_ASKED if role_name(self.arn) else Sighting.NOT_A_ROLE


@dataclass(frozen=True, slots=True)
class Inventory:
    """Every role that a connector of the scope names, those that were not observed first."""

    roles: tuple[InventoryRole, ...]
    window_days: int
    read_at: datetime
    #: What each store said that was asked.
    histories: tuple[RolesHistory | Unavailable, ...] = ()
    #: Connectors that AWS listed without their role.
    without_role: tuple[ConnectorSummary, ...] = ()
    #: Regions whose connectors were listed, and those that could not be.
    searched_regions: tuple[str, ...] = ()
    gaps: tuple[Unavailable, ...] = ()


def by_role(connectors: Iterable[ConnectorSummary]) -> dict[str, tuple[ConnectorSummary, ...]]:
    """Group connectors by the ARN of the role that they name, leaving out those that name none."""
    named: dict[str, list[ConnectorSummary]] = {}
    for connector in sorted(connectors, key=lambda each: (each.name, each.region)):
        if connector.role_arn:
            named.setdefault(connector.role_arn, []).append(connector)
    return {arn: tuple(naming) for arn, naming in named.items()}


def rows(
    roles: Mapping[str, tuple[ConnectorSummary, ...]], histories: Mapping[str, RolesHistory | Unavailable]
) -> tuple[InventoryRole, ...]:
    """Put what the stores said beside the roles; roles that were observed come last, the longest ago first."""
    uses = {id(answer): _uses(answer) for answer in histories.values()}
    found = (
        InventoryRole(arn, naming, answer, uses[id(answer)].get(arn) if answer else None)
        for arn, naming in roles.items()
        for answer in (histories.get(arn),)
    )
    return tuple(sorted(found, key=_place))


def _uses(answer: RolesHistory | Unavailable) -> dict[str, RoleUse]:
    """Return the uses by role. A store that is queried in several places counts a role in each of them."""
    uses: dict[str, RoleUse] = {}
    for use in answer.uses if isinstance(answer, RolesHistory) else ():
        other = uses.get(use.role_arn)
        uses[use.role_arn] = (
            replace(use, count=use.count + other.count, last=max(use.last, other.last)) if other else use
        )
    return uses


_ORDER = {sighting: number for number, sighting in enumerate(Sighting)}


def _place(role: InventoryRole) -> tuple[int, float, str, str]:
    name = role.arn.rpartition("/")[2]
    return _ORDER[role.sighting], role.use.last.timestamp() if role.use else 0, name, role.arn
