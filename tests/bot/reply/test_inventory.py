"""What is said about a fleet, and what is not."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from bot.inventory.roles import Inventory, InventoryRole
from bot.model import Cause, ConnectorSummary, Coverage, RolesHistory, RoleUse, StopCause, Unavailable
from bot.reply import inventory, text
from tests.bot.reply.samples import ACCOUNT, NINETY_DAYS, NOW, REGIONS, summary

ROLE = f"arn:aws:iam::{ACCOUNT}:role/connect/orders-role"
COVERAGE = Coverage("athena", REGIONS, NOW - NINETY_DAYS, NOW, NOW - NINETY_DAYS, bytes_scanned=3 << 20)
CUT = replace(COVERAGE, stopped_because=StopCause.RETENTION, read_from=NOW - timedelta(days=30))
DENIED = Unavailable("logs:StartQuery", "eu-west-1", Cause.ACCESS_DENIED, "logs:StartQuery")
USE = RoleUse(ROLE, 31, NOW - timedelta(days=4))


def of(
    history: RolesHistory | Unavailable | None,
    use: RoleUse | None = None,
    *,
    arn: str = ROLE,
    connectors: tuple[ConnectorSummary, ...] = (summary("orders-s3-sink"),),
) -> Inventory:
    histories = (history,) if history else ()
    return Inventory((InventoryRole(arn, connectors, history, use),), 90, NOW, histories, searched_regions=REGIONS)


def said(answer: Inventory) -> str:
    return text.plain(inventory.overview(answer), 1000)


@pytest.mark.parametrize(
    ("answer", "cells"),
    [
        (of(RolesHistory((), COVERAGE)), "not observed in 90 days, read completely"),
        (of(RolesHistory((), CUT)), "not observed in 90 days, not read completely"),
        (of(RolesHistory((USE,), COVERAGE), USE), "4 days ago (2026-11-20 02:00 UTC)  31 times"),
        (of(RolesHistory((USE,), CUT), USE), "4 days ago (2026-11-20 02:00 UTC)  at least 31 times"),
        (of(DENIED), "not known, nothing was read"),
        (of(None), "not asked, see below"),
        (of(None, arn="arn:aws:iam::1:user/ana"), "nobody can assume what is no IAM role"),
    ],
)
def test_a_row_says_no_more_than_was_read(answer: Inventory, cells: str) -> None:
    row = said(answer).splitlines()[4]
    assert row.endswith(cells)
    assert "orders-s3-sink (RUNNING, eu-west-1)" in row


@pytest.mark.parametrize("history", [RolesHistory((), COVERAGE), RolesHistory((), CUT), DENIED, None])
def test_nothing_that_is_said_permits_anything(history: RolesHistory | Unavailable | None) -> None:
    words = said(of(history))
    assert "Not observed is no permission to delete" in words
    assert "unused" not in words.lower()
    assert "safe to delete" not in words.lower()


def test_coverage_cost_and_gaps_stand_below() -> None:
    cut = said(of(RolesHistory((), CUT)))
    assert "read back to 2026-10-25 02:00 UTC only, because the store keeps no more" in cut
    assert "3.0 MiB scanned" in said(of(RolesHistory((), replace(COVERAGE, requests=4))))
    assert "Allow logs:StartQuery to the bot" in said(of(DENIED))
    assert "Not asked: 1 role of which CloudTrail event history is the store." in said(of(None))


def test_a_gap_of_region_and_store_is_said_once() -> None:
    gap = Unavailable("kafkaconnect:ListConnectors", "us-east-1", Cause.THROTTLED)
    history = RolesHistory((), replace(CUT, gaps=(DENIED, DENIED)))
    words = said(replace(of(history), gaps=(gap, gap)))
    assert words.count("Connectors in us-east-1 could not be listed") == 1
    assert words.count("The CloudTrail log group could not be queried") == 1


def test_roles_of_several_accounts_are_named_whole() -> None:
    here = of(RolesHistory((), COVERAGE))
    assert ROLE not in said(here)
    there = replace(here.roles[0], arn=ROLE.replace(ACCOUNT, "444455556666"))
    assert ROLE in said(replace(here, roles=(*here.roles, there)))


def test_connectors_without_a_role_are_named() -> None:
    bare = summary("roleless", "us-east-1")
    assert "Listed by AWS without a role: roleless (us-east-1)." in said(replace(of(None), without_role=(bare,)))


def test_hostile_names_stay_in_their_cell() -> None:
    hostile = summary("x\n- y\x1b[31m\u202e", state="")
    words = said(of(RolesHistory((), COVERAGE), arn=f"{ROLE}\x1b]0;", connectors=(hostile,)))
    assert not {"\x1b", "\u202e"} & set(words)
    assert "x - y" in words
    assert "state not known" in words
