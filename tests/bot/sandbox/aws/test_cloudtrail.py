"""What CloudTrail documents of LookupEvents, asked of the embedded service."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import pytest

from bot.sandbox.aws import cloudtrail
from bot.sandbox.aws.service import AwsError, Call
from bot.sandbox.aws.trail import event_of
from bot.sandbox.aws.world import ACCOUNT, World
from tests.bot.aws.history.direct import NOW, ROLE, assume_role, hourly

ROLE_NAME = {"AttributeKey": "ResourceName", "AttributeValue": ROLE}


class Lookup:
    def __init__(self, records: Any = ()) -> None:
        self.world = World(clock=lambda: NOW)
        self.world.trail.add(event_of(record) for record in records)
        self.handler = cloudtrail.service(self.world)["LookupEvents"]

    def __call__(self, region: str = "eu-west-1", **parameters: Any) -> dict[str, Any]:
        return self.handler(Call("cloudtrail", "LookupEvents", region, ACCOUNT, parameters, NOW, "AKIA"))


def ids(answer: Mapping[str, Any]) -> list[int]:
    return [int(event["EventId"][-4:]) for event in answer["Events"]]


def test_an_item_is_found_by_the_arn_of_the_role_and_holds_the_raw_record_as_text() -> None:
    (item,) = Lookup([assume_role(NOW - timedelta(hours=1), number=1)])(LookupAttributes=[ROLE_NAME])["Events"]
    assert (item["EventName"], item["EventSource"], item["ReadOnly"]) == ("AssumeRole", "sts.amazonaws.com", "true")
    assert (item["Username"], item["AccessKeyId"]) == (None, None)
    assert {"ResourceType": "AWS::IAM::Role", "ResourceName": ROLE} in item["Resources"]
    assert isinstance(item["CloudTrailEvent"], str)


def test_pages_hold_fifty_events_newest_first_and_a_token_leads_on() -> None:
    lookup = Lookup(hourly(120))
    first = lookup(LookupAttributes=[ROLE_NAME])
    second = lookup(LookupAttributes=[ROLE_NAME], NextToken=first["NextToken"])
    third = lookup(LookupAttributes=[ROLE_NAME], NextToken=second["NextToken"])
    assert ids(first) + ids(second) + ids(third) == list(range(120))
    assert third["NextToken"] is None


def test_a_token_is_good_for_the_same_request_only() -> None:
    lookup = Lookup(hourly(120))
    token = lookup(LookupAttributes=[ROLE_NAME])["NextToken"]
    other = {"AttributeKey": "EventName", "AttributeValue": "AssumeRole"}
    for parameters in (
        {"LookupAttributes": [other]},
        {"LookupAttributes": [ROLE_NAME], "StartTime": NOW - timedelta(days=1)},
        {"LookupAttributes": [ROLE_NAME], "region": "us-east-1"},
    ):
        with pytest.raises(AwsError) as refused:
            lookup(**parameters, NextToken=token)
        assert refused.value.code == "InvalidNextTokenException"


def test_events_that_arrive_between_two_pages_do_not_shift_the_second() -> None:
    lookup = Lookup(hourly(60))
    first = lookup(LookupAttributes=[ROLE_NAME])
    lookup.world.trail.add([event_of(assume_role(NOW + timedelta(seconds=1), number=999))])
    second = lookup(LookupAttributes=[ROLE_NAME], NextToken=first["NextToken"])
    assert ids(second) == list(range(50, 60))


def test_events_older_than_ninety_days_are_gone() -> None:
    records = [assume_role(NOW - timedelta(days=days), number=days) for days in (89, 90, 91)]
    assert ids(Lookup(records)(LookupAttributes=[ROLE_NAME], StartTime=NOW - timedelta(days=400))) == [89, 90]


def test_start_and_end_are_included() -> None:
    lookup = Lookup(hourly(5))
    at = NOW - timedelta(hours=2, minutes=10)
    assert ids(lookup(LookupAttributes=[ROLE_NAME], StartTime=at, EndTime=at)) == [2]


def test_regions_are_apart() -> None:
    lookup = Lookup([assume_role(NOW - timedelta(hours=1), number=1, region="us-east-1")])
    assert ids(lookup(LookupAttributes=[ROLE_NAME])) == []
    assert ids(lookup("us-east-1", LookupAttributes=[ROLE_NAME])) == [1]


@pytest.mark.parametrize(
    ("parameters", "code"),
    [
        ({"LookupAttributes": [ROLE_NAME, ROLE_NAME]}, "InvalidLookupAttributesException"),
        ({"LookupAttributes": [{"AttributeKey": "Colour", "AttributeValue": "x"}]}, "InvalidLookupAttributesException"),
        (
            {"LookupAttributes": [{"AttributeKey": "ReadOnly", "AttributeValue": "x"}]},
            "InvalidLookupAttributesException",
        ),
        ({"MaxResults": 51}, "InvalidMaxResultsException"),
        ({"MaxResults": 0}, "InvalidMaxResultsException"),
        ({"StartTime": NOW, "EndTime": NOW - timedelta(days=1)}, "InvalidTimeRangeException"),
        ({"EventCategory": "colour"}, "InvalidEventCategoryException"),
        ({"NextToken": "made-up"}, "InvalidNextTokenException"),
        ({"NextToken": "eyJhdCI6IFtdfQ=="}, "InvalidNextTokenException"),
    ],
)
def test_what_aws_refuses_is_refused_in_its_words(parameters: dict[str, Any], code: str) -> None:
    with pytest.raises(AwsError) as refused:
        Lookup()(**parameters)
    assert refused.value.code == code


def test_the_third_request_within_a_second_is_throttled_in_its_region_alone() -> None:
    lookup = Lookup()
    lookup.world.switches.lookup_limit = True
    lookup()
    lookup()
    with pytest.raises(AwsError) as refused:
        lookup()
    assert refused.value.code == "ThrottlingException"
    lookup("us-east-1")
