"""Whether an endpoint is AWS's own."""

from __future__ import annotations

import re

from bot.regions import PARTITIONS

# VPC endpoints lie below the same names.
_AWS_SUFFIXES = tuple(f".{suffix}" for partition in PARTITIONS.values() for suffix in partition.dns_suffixes)
_SHAPE = re.compile(r"[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?")
_HOST = re.compile(r"^(?:[A-Za-z][\w+.-]*://)?(?:[^/@]*@)?(?P<host>[^/:?#\s]+)")


def host(url: str) -> str:
    """Return the host of a URL, with or without scheme, in lower case; empty where there is none."""
    match = _HOST.match(url.strip())
    return match["host"].lower().rstrip(".") if match else ""


def shown_host(url: str) -> str:
    """Return the host of a URL fit to be shown; empty for what cannot be one, so that no stray value is ever shown."""
    name = host(url)
    return name if _SHAPE.fullmatch(name) else ""


def is_aws(url: str) -> bool:
    """Whether a URL points at AWS: a service endpoint, or a VPC endpoint for one."""
    return f".{host(url)}".endswith(_AWS_SUFFIXES)
