from datetime import UTC, datetime
from typing import Any

import pytest

from bot.aws.history.trails import TrailCheck, combined, records_assume_role

MANAGEMENT = {"Field": "eventCategory", "Equals": ["Management"]}


def basic(kind: str = "All", **more: Any) -> dict[str, Any]:
    return {"ReadWriteType": kind, "IncludeManagementEvents": True, "DataResources": [], **more}


def advanced(*fields: dict[str, Any]) -> dict[str, Any]:
    return {"Name": "selector", "FieldSelectors": [MANAGEMENT, *fields]}


@pytest.mark.parametrize(
    ("selectors", "recorded"),
    [
        ([basic()], True),
        ([basic("ReadOnly")], True),
        ([basic("WriteOnly")], False),
        ([basic("SomethingNew")], False),
        ([basic(IncludeManagementEvents=False)], False),
        ([basic(ExcludeManagementEventSources=["kms.amazonaws.com"])], True),
        ([basic(ExcludeManagementEventSources=["sts.amazonaws.com"])], False),
        ([basic("WriteOnly"), basic("ReadOnly")], True),
        ([], False),
    ],
)
def test_basic_selectors(selectors: list[dict[str, Any]], *, recorded: bool) -> None:
    assert records_assume_role(selectors, ()) is recorded


@pytest.mark.parametrize(
    ("fields", "recorded"),
    [
        ([], True),
        ([{"Field": "readOnly", "Equals": ["true"]}], True),
        ([{"Field": "readOnly", "Equals": ["false"]}], False),
        ([{"Field": "readOnly", "NotEquals": ["true"]}], False),
        ([{"Field": "eventSource", "NotEquals": ["kms.amazonaws.com", "rdsdata.amazonaws.com"]}], True),
        ([{"Field": "eventSource", "NotEquals": ["sts.amazonaws.com"]}], False),
        ([{"Field": "eventSource", "NotStartsWith": ["sts"]}], False),
        ([{"Field": "eventName", "StartsWith": ["Assume", "Get"]}], True),
        ([{"Field": "eventName", "EndsWith": ["User"]}], False),
        # What we do not know of an event beforehand may leave it out.
        ([{"Field": "userIdentity.arn", "NotEquals": ["arn:aws:iam::111122223333:role/x"]}], False),
    ],
)
def test_advanced_selectors(fields: list[dict[str, Any]], *, recorded: bool) -> None:
    assert records_assume_role((), [advanced(*fields)]) is recorded


def test_selectors_of_data_events_record_no_management_event() -> None:
    assert not records_assume_role((), [{"FieldSelectors": [{"Field": "eventCategory", "Equals": ["Data"]}]}])


def test_checks_of_several_stores_add_up_cautiously() -> None:
    early, late = datetime(2026, 1, 1, tzinfo=UTC), datetime(2026, 6, 1, tzinfo=UTC)
    here = TrailCheck(True, frozenset({"eu-west-1"}), early)
    there = TrailCheck(True, frozenset({"us-east-1"}), late)
    nowhere, unknown = TrailCheck(False), TrailCheck(None)
    assert combined([here, there]) == TrailCheck(True, frozenset({"eu-west-1", "us-east-1"}), late)
    assert combined([TrailCheck(True, None), here]).regions is None
    assert combined([nowhere, here]) == here
    assert combined([nowhere, nowhere]).records_reads is False
    assert combined([nowhere, unknown]).records_reads is None
    assert combined([]).records_reads is None
