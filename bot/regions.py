"""Regions and partitions: how their names look, and what is global in each partition.

Pure, so that nothing that only reads text needs AWS's library; a test holds every line against botocore's own data.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

#: The shape of a region's name, where nothing else can stand: in an ARN, a record, a setting.
SHAPE = r"[a-z]{2,4}(?:-[a-z]{2,10})+-\d{1,2}"
_REGION = re.compile(SHAPE, re.ASCII)
#: The regions that there are, by their parts: among a question's words a connector's name may have the same shape.
_KNOWN = re.compile(
    r"(?:[a-z]{2}(?:-gov|-iso[a-z]?)?|eusc-[a-z]{2})"
    r"-(?:north|south|central|(?:north|south)?(?:east|west))-\d{1,2}",
    re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Partition:
    """What is one thing in a whole partition."""

    #: The region whose endpoint serves IAM.
    iam_region: str
    #: What the host names of services end in, for IPv4 and dual-stack; those of VPC endpoints end alike.
    dns_suffixes: tuple[str, ...]
    #: Where calls to the global endpoint of STS are recorded; None where there is no such endpoint.
    global_sts_region: str | None = None


PARTITIONS: Mapping[str, Partition] = {
    "aws": Partition("us-east-1", ("amazonaws.com", "api.aws"), global_sts_region="us-east-1"),
    "aws-cn": Partition("cn-north-1", ("amazonaws.com.cn", "api.amazonwebservices.com.cn")),
    "aws-us-gov": Partition("us-gov-west-1", ("amazonaws.com", "api.aws")),
    "aws-eusc": Partition("eusc-de-east-1", ("amazonaws.eu", "api.amazonwebservices.eu")),
    "aws-iso": Partition("us-iso-east-1", ("c2s.ic.gov", "api.aws.ic.gov")),
    "aws-iso-b": Partition("us-isob-east-1", ("sc2s.sgov.gov", "api.aws.scloud")),
    "aws-iso-e": Partition("eu-isoe-west-1", ("cloud.adc-e.uk", "api.cloud-aws.adc-e.uk")),
    "aws-iso-f": Partition("us-isof-south-1", ("csp.hci.ic.gov", "api.aws.hci.ic.gov")),
}
#: By how the names of a partition's regions begin; any other region is one of partition ``aws``.
_BEGINNINGS = {
    "cn-": "aws-cn",
    "us-gov-": "aws-us-gov",
    "eusc-": "aws-eusc",
    "us-iso-": "aws-iso",
    "us-isob-": "aws-iso-b",
    "eu-isoe-": "aws-iso-e",
    "us-isof-": "aws-iso-f",
}


def is_region(text: str) -> bool:
    """Whether a text has the shape of a region's name."""
    return _REGION.fullmatch(text) is not None


def names_region(word: str) -> bool:
    """Whether a word names a region, in capitals or not, where a connector's name might stand as well."""
    return _KNOWN.fullmatch(word.lower()) is not None


def partition_of(region: str) -> str:
    """Return the partition that a region belongs to."""
    return next((name for beginning, name in _BEGINNINGS.items() if region.startswith(beginning)), "aws")


def iam_region(partition: str) -> str:
    """Return the region whose endpoint serves IAM; that of ``aws`` for a partition that is not known."""
    return PARTITIONS.get(partition, PARTITIONS["aws"]).iam_region


def with_global_sts(partition: str, regions: tuple[str, ...]) -> tuple[str, ...]:
    """Add the region in which calls to the global endpoint of STS are recorded, where the partition has one."""
    known = PARTITIONS.get(partition)
    everywhere = known.global_sts_region if known else None
    return tuple(dict.fromkeys((*regions, *((everywhere,) if everywhere else ()))))
