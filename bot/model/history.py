"""AssumeRole events of a role, and how much of a window they cover."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from enum import StrEnum

from bot.arn import role_session
from bot.model.gap import Unavailable
from bot.model.names import MSK_CONNECT_PRINCIPAL
from bot.model.role import Role


@dataclass(frozen=True, slots=True)
class AssumeRoleEvent:
    """One AssumeRole of the role, reduced to what the answer needs: no token, no source address, no raw event."""

    at: datetime
    region: str
    event_id: str
    #: The service principal for a service (``kafkaconnect.amazonaws.com``), else the caller's ARN.
    principal: str
    session_name: str = ""
    #: The access key id that was issued; an identifier, not a secret.
    issued_key_id: str = ""
    #: CloudTrail's errorCode; empty for a successful call.
    error_code: str = ""
    #: CloudTrail's sharedEventID, by which one call seen twice is counted once.
    shared_event_id: str = ""
    #: ``AROA…`` of the role that was assumed; empty for a call that failed, and where the record does not say.
    role_id: str = ""

    @property
    def by_msk_connect(self) -> bool:
        """Whether MSK Connect made the call."""
        return self.principal == MSK_CONNECT_PRINCIPAL

    @property
    def succeeded(self) -> bool:
        """Whether the call was allowed and answered."""
        return not self.error_code


@dataclass(frozen=True, slots=True)
class SessionActivity:
    """What a session of the role did afterwards, where management events show it: counts by event, no details."""

    event_source: str
    event_name: str
    count: int
    last: datetime
    region: str = ""


class StopCause(StrEnum):
    """Why a read of the history ended before its window did."""

    DEADLINE = "deadline"
    THROTTLED = "throttled"
    ACCESS_DENIED = "access-denied"
    ERROR = "error"
    MALFORMED = "malformed"
    PAGE_LIMIT = "page-limit"
    #: The store begins later than the window: event history keeps 90 days, a log group its retention, and a trail
    #: records nothing before it was started.
    RETENTION = "retention"
    #: The trail does not record read-only management events, so AssumeRole cannot appear in it.
    SELECTORS = "selectors"
    #: What was searched does not hold the role's account, or not every region that was asked for.
    NOT_COVERED = "not-covered"


@dataclass(frozen=True, slots=True)
class RegionShortfall:
    """A region whose history was not read to its end."""

    region: str
    #: Everything from here on was read; the window's end where nothing was.
    read_from: datetime
    stopped_because: StopCause


@dataclass(frozen=True, slots=True)
class Coverage:
    """What was asked of CloudTrail and what was really read. Every verdict rests on it."""

    #: The name of the store, as MSK_ROLE_HISTORY has it.
    source: str
    regions: tuple[str, ...]
    window_from: datetime
    window_to: datetime
    #: Everything from here to ``window_to`` was read, in every region; ``window_to`` where nothing was.
    read_from: datetime
    stopped_because: StopCause | None = None
    #: Failed reads behind ``stopped_because``.
    gaps: tuple[Unavailable, ...] = ()
    accounts: tuple[str, ...] = ()
    #: Requests made for this history, and bytes the store scanned for it (None where it does not say).
    requests: int = 0
    bytes_scanned: int | None = None
    #: True where event selectors were read and record AssumeRole; None where the source does not depend on a trail.
    selectors_record_reads: bool | None = None
    #: True where nothing was found under the role's ARN and the bare role name was asked too.
    asked_bare_name: bool = False
    #: Where the read fell short in some regions alone: those. Empty too where the source does not tell regions apart.
    shortfalls: tuple[RegionShortfall, ...] = ()
    #: ARNs of the log groups, or the table as ``database.name``; empty for event history.
    places: tuple[str, ...] = ()
    #: Failed reads on which nothing of the window rests, such as that of what a session did next.
    aside: tuple[Unavailable, ...] = ()

    @property
    def complete(self) -> bool:
        """Whether a verdict may rest on its silence: the window was read whole, where AssumeRole is recorded."""
        return (
            self.stopped_because is None
            and not self.gaps
            and not self.shortfalls
            and self.read_from <= self.window_from
            and self.selectors_record_reads is not False
        )


@dataclass(frozen=True, slots=True)
class AssumeRoleHistory:
    """AssumeRole events of one role in a window, newest first, and how much of the window they cover."""

    role_arn: str
    events: tuple[AssumeRoleEvent, ...]
    coverage: Coverage
    #: What the newest sessions of MSK Connect did; empty where it was not asked or nothing was seen.
    session_activity: tuple[SessionActivity, ...] = ()
    #: Calls that assumed a deleted role of the same name: they say nothing of this one.
    of_predecessors: tuple[AssumeRoleEvent, ...] = ()

    def of_role(self, role: Role) -> AssumeRoleHistory:
        """Return the history of exactly this role, with the calls that assumed a predecessor set apart."""
        before = tuple(event for event in self.events if _is_of_predecessor(event, role))
        return replace(
            self,
            events=tuple(event for event in self.events if event not in before),
            of_predecessors=(*self.of_predecessors, *before),
            session_activity=() if before[:1] == self.by_msk_connect[:1] and before else self.session_activity,
        )

    @property
    def by_msk_connect(self) -> tuple[AssumeRoleEvent, ...]:
        """Successful calls by MSK Connect, newest first."""
        return tuple(e for e in self.events if e.by_msk_connect and e.succeeded)

    @property
    def failed(self) -> tuple[AssumeRoleEvent, ...]:
        """Refused or failed calls by MSK Connect, newest first."""
        return tuple(e for e in self.events if e.by_msk_connect and not e.succeeded)

    @property
    def by_others(self) -> tuple[AssumeRoleEvent, ...]:
        """Calls by anybody else, newest first. A role that assumes itself is nobody else."""
        own = role_session(self.role_arn) or " "
        others = (e for e in self.events if not e.by_msk_connect)
        return tuple(e for e in others if e.principal != self.role_arn and not e.principal.startswith(own))

    @property
    def last_assumed(self) -> datetime | None:
        """When MSK Connect last assumed the role; None means not observed within the coverage."""
        return next((e.at for e in self.by_msk_connect), None)


def _is_of_predecessor(event: AssumeRoleEvent, role: Role) -> bool:
    """Whether a call assumed another role: by the role's id where both are known, else by its age."""
    if event.role_id and role.id:
        return event.role_id != role.id
    return event.succeeded and role.created is not None and event.at < role.created


@dataclass(frozen=True, slots=True)
class RoleUse:
    """How often MSK Connect assumed one role in a window, failed calls left out, and when last."""

    role_arn: str
    count: int
    last: datetime


@dataclass(frozen=True, slots=True)
class RolesHistory:
    """Which of many roles MSK Connect assumed, from one query. A role that is not among ``uses`` was not observed."""

    uses: tuple[RoleUse, ...]
    coverage: Coverage
