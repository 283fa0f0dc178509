from collections.abc import Mapping
from datetime import timedelta

import pytest

from bot.inventory.roles import InventoryRole, Sighting, by_role, rows
from bot.model import Cause, ConnectorSummary, Coverage, RolesHistory, RoleUse, Unavailable
from tests.bot.pipe.plain import NOW, ROLE_ARN, connector_arn

SILENT = Unavailable("logs:StartQuery", "eu-west-1", Cause.TIMEOUT)
COVERAGE = Coverage("athena", ("eu-west-1",), NOW - timedelta(days=90), NOW, NOW - timedelta(days=90))


def summary(name: str, role: str | None = ROLE_ARN, region: str = "eu-west-1") -> ConnectorSummary:
    return ConnectorSummary(name, connector_arn(name, region), region, "RUNNING", role)


def role(name: str) -> str:
    return ROLE_ARN.replace("orders-role", name)


def use(name: str, days_ago: float, count: int = 1) -> RoleUse:
    return RoleUse(role(name), count, NOW - timedelta(days=days_ago))


def read(*uses: RoleUse) -> RolesHistory:
    return RolesHistory(uses, COVERAGE)


def put(names: str, histories: Mapping[str, RolesHistory | Unavailable]) -> list[InventoryRole]:
    naming = by_role(summary(f"{name}-sink", role(name)) for name in names)
    return list(rows(naming, {role(name): answer for name, answer in histories.items()}))


def test_connectors_of_all_regions_are_grouped_by_role_and_ordered_by_name() -> None:
    listed = [
        summary("b"),
        summary("a", region="us-east-1"),
        summary("c", role("other")),
        summary("a"),
        summary("d", ""),
    ]
    grouped = by_role([*listed, summary("e", None)])
    assert {arn: [(c.name, c.region) for c in naming] for arn, naming in grouped.items()} == {
        ROLE_ARN: [("a", "eu-west-1"), ("a", "us-east-1"), ("b", "eu-west-1")],
        role("other"): [("c", "eu-west-1")],
    }


def test_what_was_not_observed_comes_first_and_what_was_just_observed_last() -> None:
    answer = read(use("a", 1), use("b", 40))
    found = put("dcba", {**dict.fromkeys("abc", answer), "d": SILENT})
    assert [(each.arn[-1], each.sighting) for each in found] == [
        ("c", Sighting.NOT_OBSERVED),
        ("d", Sighting.NOT_READ),
        ("b", Sighting.OBSERVED),
        ("a", Sighting.OBSERVED),
    ]


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (ROLE_ARN, Sighting.NOT_ASKED),
        ("arn:aws:iam::111122223333:user/ana", Sighting.NOT_A_ROLE),
        ("orders-role", Sighting.NOT_A_ROLE),
    ],
)
def test_a_role_that_no_store_was_asked_about_is_not_called_silent(arn: str, expected: Sighting) -> None:
    (found,) = rows(by_role([summary("a", arn)]), {})
    assert found.sighting is expected


def test_counts_of_several_places_of_one_store_are_added_up() -> None:
    (found,) = put("a", {"a": read(use("a", 9, 30), use("a", 2, 4))})
    assert found.use == use("a", 2, 34)


def test_the_same_role_in_another_store_keeps_its_own_answer() -> None:
    found = {each.arn[-1]: each for each in put("ab", {"a": read(use("b", 1)), "b": read()})}
    assert found["a"].sighting is found["b"].sighting is Sighting.NOT_OBSERVED
