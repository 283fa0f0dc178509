"""Whether an endpoint is AWS's own."""

from __future__ import annotations

import re

# Every partition's DNS suffixes, as botocore's partitions.json lists them. VPC endpoints lie below amazonaws.com.
_AWS_SUFFIXES = (
    ".amazonaws.com",
    ".amazonaws.com.cn",
    ".api.aws",
    ".api.amazonwebservices.com.cn",
    ".amazonaws.eu",
    ".api.amazonwebservices.eu",
    ".c2s.ic.gov",
    ".sc2s.sgov.gov",
    ".cloud.adc-e.uk",
    ".csp.hci.ic.gov",
)
_HOST = re.compile(r"^(?:[A-Za-z][\w+.-]*://)?(?:[^/@]*@)?(?P<host>[^/:?#\s]+)")


def host(url: str) -> str:
    """Return the host of a URL, with or without scheme, in lower case; empty where there is none."""
    match = _HOST.match(url.strip())
    return match["host"].lower().rstrip(".") if match else ""


def is_aws(url: str) -> bool:
    """Whether a URL points at AWS: a service endpoint, or a VPC endpoint for one."""
    return f".{host(url)}".endswith(_AWS_SUFFIXES)
