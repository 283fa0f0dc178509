"""What is said of regions and partitions, held against botocore's own data."""

from __future__ import annotations

from typing import Any

import botocore.session
import pytest

from bot.arn import parse_arn, region_of
from bot.aws.history.records import call
from bot.cloudtrail.stores import LOGS_INSIGHTS
from bot.model import Question
from bot.pipe.parse import parse
from bot.regions import PARTITIONS, iam_region, is_region, names_region, partition_of, with_global_sts
from bot.reply.buttons import decode, encode
from bot.settings import Settings

_SESSION = botocore.session.get_session()
_DATA: list[dict[str, Any]] = _SESSION.get_data("partitions")["partitions"]
REGIONS = [(p["id"], region) for p in _DATA for region in p["regions"] if not region.endswith("-global")]


def test_every_partition_of_botocore_is_known_with_its_host_names() -> None:
    known = {name: set(partition.dns_suffixes) for name, partition in PARTITIONS.items()}
    assert known == {p["id"]: {p["outputs"]["dnsSuffix"], p["outputs"]["dualStackDnsSuffix"]} for p in _DATA}


@pytest.mark.parametrize(("partition", "region"), REGIONS)
def test_every_region_of_botocore_is_taken_everywhere(partition: str, region: str) -> None:
    assert is_region(region)
    assert names_region(region)
    assert names_region(region.upper())
    assert partition_of(region) == partition
    arn = f"arn:{partition}:kafkaconnect:{region}:111122223333:connector/orders/0a1b2c3d-1"
    assert region_of(arn) == region
    assert parse(f"orders {region}") == Question("orders", 90, region)
    assert parse(arn) == Question(arn, 90, None)
    assert decode(encode(Question("orders", 90, region))).region == region
    assert call("sts.amazonaws.com", "AssumeRole", region, "2026-11-24T00:00:00Z").region == region
    log_group = f"arn:{partition}:logs:{region}:111122223333:log-group:trail"
    environment = {
        "MSK_ROLE_REGIONS": region,
        "MSK_ROLE_HISTORY": f"{region}=logs-insights",
        "MSK_ROLE_LOG_GROUPS": log_group,
    }
    settings = Settings.from_env(environment)
    assert settings.regions == (region,)
    assert settings.history.options_of(LOGS_INSIGHTS).log_groups == (log_group,)


@pytest.mark.parametrize(
    "word", ["my-sink-1", "s3-sink-2", "orders-east-1", "us-orders-1", "eu-west", "eusc-sink-east-1x"]
)
def test_a_connectors_name_is_not_taken_for_a_region(word: str) -> None:
    assert not names_region(word)


def _iam_regions() -> dict[str, str]:
    """Return where botocore signs requests to IAM, for the partitions whose IAM it knows."""
    found: dict[str, str] = {}
    for partition in _SESSION.get_data("endpoints")["partitions"]:
        endpoints = partition["services"].get("iam", {}).get("endpoints", {})
        scope = endpoints.get(f"{partition['partition']}-global", {}).get("credentialScope", {})
        if scope:
            found[partition["partition"]] = scope["region"]
    return found


def test_iam_is_asked_where_the_partition_keeps_it() -> None:
    assert {name: iam_region(name) for name in _iam_regions()} == _iam_regions()
    # Of these botocore knows no global endpoint; each has one region.
    assert [iam_region(name) for name in ("aws-eusc", "aws-iso-e")] == ["eusc-de-east-1", "eu-isoe-west-1"]
    assert iam_region("aws-unheard-of") == "us-east-1"


def test_sts_has_a_global_endpoint_where_botocore_says_so() -> None:
    for partition in _SESSION.get_data("endpoints")["partitions"]:
        name = partition["partition"]
        has_one = partition["services"].get("sts", {}).get("partitionEndpoint") is not None
        assert (PARTITIONS[name].global_sts_region is not None) is has_one
    assert with_global_sts("aws", ("eu-west-1", "us-east-1")) == ("eu-west-1", "us-east-1")
    assert with_global_sts("aws-eusc", ("eusc-de-east-1",)) == ("eusc-de-east-1",)


def test_an_arn_of_the_european_sovereign_cloud_is_one() -> None:
    arn = parse_arn("arn:aws-eusc:iam::111122223333:role/orders")
    assert arn is not None
    assert arn.partition == "aws-eusc"
