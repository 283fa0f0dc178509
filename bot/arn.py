"""ARNs, taken apart."""

from __future__ import annotations

import re
from dataclasses import dataclass

from bot.regions import SHAPE

#: How the partition in an ARN looks.
PARTITION = r"aws[a-z-]{0,20}"
_ARN = re.compile(
    rf"arn:(?P<partition>{PARTITION}):(?P<service>[a-z0-9-]+):(?P<region>(?:{SHAPE})?)"
    r":(?P<account>(?:\d{12})?):(?P<resource>[^\s\x00-\x1f]+)"
)
_PARTS = ("arn", "partition", "service", "region", "account", "resource")


@dataclass(frozen=True, slots=True)
class Arn:
    """The parts of an ARN; ``region`` and ``account`` are empty where the ARN has none."""

    partition: str
    service: str
    region: str
    account: str
    #: Everything after the account, such as ``role/service/orders``.
    resource: str

    @property
    def kind(self) -> str:
        """What stands before the first slash of the resource, such as ``role``; empty where there is no slash."""
        return self.resource.partition("/")[0] if "/" in self.resource else ""


def parse_arn(text: str) -> Arn | None:
    """Take an ARN apart; None for anything that does not have the shape of one."""
    match = _ARN.fullmatch(text)
    return Arn(**{part: match[part] for part in Arn.__slots__}) if match else None


def part_of(text: str, part: str) -> str:
    """Return one part of a text that is an ARN by its colons alone, whatever stands in between; else an empty text.

    For what AWS, or a policy, calls an ARN and nobody has checked. ``part`` is a field of ``Arn``.
    """
    parts = text.split(":", 5)
    return parts[_PARTS.index(part)] if len(parts) == len(_PARTS) and parts[0] == "arn" else ""


def account_of(text: str) -> str:
    """Return the account id in an ARN; empty where it has none."""
    arn = parse_arn(text)
    return arn.account if arn else ""


def region_of(text: str) -> str:
    """Return the region in an ARN; empty where it has none."""
    arn = parse_arn(text)
    return arn.region if arn else ""


def role_name(text: str) -> str | None:
    """Return the name of the IAM role that an ARN names, without its path; None where it names none."""
    arn = parse_arn(text)
    if arn is None or (arn.service, arn.region, arn.kind) != ("iam", "", "role") or not arn.account:
        return None
    name = arn.resource.rpartition("/")[2]
    return name if re.fullmatch(r"[\w+=,.@-]{1,64}", name) else None


def role_of_session(text: str) -> str | None:
    """Return the ARN, without the path that nobody knows, of the role whose session an ARN names; else None."""
    arn = parse_arn(text)
    if arn is None or (arn.service, arn.region) != ("sts", ""):
        return None
    named = re.fullmatch(r"assumed-role/([^/]+)/[^/]+", arn.resource)
    role = f"arn:{arn.partition}:iam::{arn.account}:role/{named.group(1)}" if named else ""
    return role if role_name(role) else None


def has_path(role_arn: str) -> bool:
    """Whether the ARN of a role has a path before its name."""
    arn = parse_arn(role_arn)
    return arn is not None and arn.resource.count("/") > 1


def connector_name(text: str) -> str | None:
    """Return the name of the connector that an ARN names; None where it names none."""
    arn = parse_arn(text)
    if arn is None or (arn.service, arn.kind) != ("kafkaconnect", "connector") or not arn.region:
        return None
    return arn.resource.split("/")[1] or None


def role_session(arn: str, session_name: str = "") -> str:
    """Return the ARN of a session of a role, or without a name how the ARNs of all its sessions begin.

    The ARN of a session leaves the role's path out; empty for what is no role's ARN.
    """
    role, name = parse_arn(arn), role_name(arn)
    return f"arn:{role.partition}:sts::{role.account}:assumed-role/{name}/{session_name}" if role and name else ""


def is_service_linked_role(text: str) -> bool:
    """Whether an ARN names a role that AWS created for a service, trust policy included."""
    arn = parse_arn(text)
    return arn is not None and arn.service == "iam" and arn.resource.startswith("role/aws-service-role/")
