"""An IAM role, and what IAM says of its last use."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.model.policy import PolicyDocument


@dataclass(frozen=True, slots=True)
class RoleLastUsed:
    """``GetRole.RoleLastUsed``: a recent date is positive evidence, its absence is no evidence."""

    at: datetime
    region: str = ""


@dataclass(frozen=True, slots=True)
class Role:
    """An IAM role with its trust policy."""

    arn: str
    name: str
    trust_policy: PolicyDocument
    created: datetime | None = None
    last_used: RoleLastUsed | None = None
    #: ``AROA…``: a role that is created again under the same name has another one. Empty where the answer had none.
    id: str = ""


@dataclass(frozen=True, slots=True)
class ServiceLastAccessed:
    """One service of a last-accessed report. ``at`` is the last *attempt*, denied ones included."""

    namespace: str
    at: datetime | None
    region: str = ""


@dataclass(frozen=True, slots=True)
class LastAccessed:
    """IAM's last-accessed report for a role; shown beside CloudTrail because it misleads (see the notes)."""

    generated: datetime
    services: tuple[ServiceLastAccessed, ...]

    @property
    def latest(self) -> ServiceLastAccessed | None:
        """The service with the newest attempt, or None where the report holds none."""
        return max((s for s in self.services if s.at), key=lambda s: s.at or self.generated, default=None)
