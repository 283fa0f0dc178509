from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import timedelta
from math import inf
from time import monotonic

import pytest

from bot.inventory.roles import Inventory, Sighting
from bot.model import Cause, Connector, Coverage, Question, RolesHistory, Unavailable
from bot.pipe.ports import Deadline, Window
from bot.pipe.survey import survey
from bot.pipe.unanswerable import RegionOutOfScope
from tests.bot.pipe.plain import NOW, REGIONS, ROLE_ARN, PlainAws, connector, denied

OTHER_ROLE = ROLE_ARN.replace("orders", "other")
NO_ROLE = "arn:aws:iam::111122223333:user/ana"


@dataclass
class Silent:
    """A store that has read everything and seen nothing."""

    asked: list[Mapping[str, tuple[str, ...]]] = field(default_factory=list)

    def read(
        self, roles: Mapping[str, tuple[str, ...]], window: Window, deadline: Deadline
    ) -> Mapping[str, RolesHistory | Unavailable]:
        assert deadline.remaining() > 0
        self.asked.append(roles)
        coverage = Coverage("athena", REGIONS, window.start, window.end, window.start)
        return dict.fromkeys(roles, RolesHistory((), coverage))


def look(aws: PlainAws, store: Silent, region: str | None = None, *, seconds: float = 5) -> Inventory:
    question = Question("fleet", 30, region)
    readers = aws.readers()
    return survey(question, readers.connectors, store, REGIONS, clock=lambda: NOW, seconds=seconds)


def world(*more: Connector) -> PlainAws:
    return PlainAws([connector("a"), connector("b", "us-east-1"), connector("c", role_arn=OTHER_ROLE), *more])


def test_every_role_is_asked_about_once_with_the_regions_of_its_connectors() -> None:
    store = Silent()
    found = look(world(), store)
    assert store.asked == [{ROLE_ARN: REGIONS, OTHER_ROLE: ("eu-west-1",)}]
    assert [role.arn for role in found.roles] == [ROLE_ARN, OTHER_ROLE]
    assert (found.searched_regions, found.gaps, found.window_days, found.read_at) == (REGIONS, (), 30, NOW)
    (answer,) = found.histories
    assert isinstance(answer, RolesHistory)
    assert answer.coverage.window_from == NOW - timedelta(days=30)


def test_one_region_is_looked_at_where_it_is_named() -> None:
    found = look(world(), Silent(), "us-east-1")
    assert [connector.name for role in found.roles for connector in role.connectors] == ["b"]
    with pytest.raises(RegionOutOfScope):
        look(world(), Silent(), "eu-central-1")


def test_a_region_that_cannot_be_listed_is_a_gap() -> None:
    aws = world()
    gap = denied("kafkaconnect:ListConnectors", "us-east-1")
    aws.instead["list us-east-1"] = gap
    found = look(aws, Silent())
    assert (found.searched_regions, found.gaps) == (("eu-west-1",), (gap,))
    assert len(found.roles) == 2


def test_a_region_that_does_not_answer_leaves_time_for_the_history() -> None:
    aws = world()
    aws.slow = {"list us-east-1": inf}
    begun = monotonic()
    found = look(aws, Silent(), seconds=0.5)
    aws.over.set()
    assert monotonic() - begun < 0.45
    assert [(gap.resource, gap.cause) for gap in found.gaps] == [("us-east-1", Cause.TIMEOUT)]
    assert [role.sighting for role in found.roles] == [Sighting.NOT_OBSERVED] * 2


def test_what_is_no_role_is_not_asked_about_and_a_connector_without_role_is_kept_apart() -> None:
    store = Silent()
    found = look(world(connector("d", role_arn=NO_ROLE), connector("e", role_arn="")), store)
    assert NO_ROLE not in store.asked[0]
    assert found.roles[-1].sighting is Sighting.NOT_A_ROLE
    assert [connector.name for connector in found.without_role] == ["e"]


def test_without_connectors_there_are_no_roles() -> None:
    assert look(PlainAws([]), Silent()).roles == ()
