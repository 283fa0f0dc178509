"""Questions, the evidence read for them, and answers."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import TypeAlias

from bot.model.caution import Caution
from bot.model.connector import Connector, ConnectorOperation, ConnectorSummary, CustomPlugin, WorkerConfiguration
from bot.model.finding import Finding, Reason
from bot.model.gap import Unavailable
from bot.model.grant import DestinationGrant, LogDestinationState
from bot.model.history import AssumeRoleHistory
from bot.model.role import LastAccessed, Role


@dataclass(frozen=True, slots=True)
class Question:
    """What somebody asked: a connector by name or ARN, or a role by ARN, over a window of days."""

    #: The name or ARN as typed, stripped; hostile until printed through an escaping printer.
    subject: str
    window_days: int = 90
    #: None: all regions of the scope.
    region: str | None = None


@dataclass(frozen=True, slots=True)
class Evidence:
    """Everything that was read for one connector.

    A field that could not be read holds ``Unavailable``; one that was not read at all (offline) holds None.
    """

    connector: Connector
    worker_configuration: WorkerConfiguration | Unavailable | None = None
    custom_plugins: tuple[CustomPlugin | Unavailable, ...] = ()
    role: Role | Unavailable | None = None
    log_destinations: tuple[LogDestinationState, ...] = ()
    operations: tuple[ConnectorOperation, ...] | Unavailable | None = None
    last_accessed: LastAccessed | Unavailable | None = None
    history: AssumeRoleHistory | Unavailable | None = None
    #: Other connectors with the same role, over the regions that were searched.
    sharing: tuple[ConnectorSummary, ...] = ()
    #: Regions whose connectors were listed, and those that could not be.
    searched_regions: tuple[str, ...] = ()
    #: Reads that failed and have no field of their own (a region that could not be listed).
    gaps: tuple[Unavailable, ...] = ()
    #: When AWS was read; None offline.
    read_at: datetime | None = None


class VerdictCode(StrEnum):
    """About the *role*, not the connector. None of them says that a role may go."""

    IN_USE = "in-use"
    #: Somebody else assumed it successfully; MSK Connect was not seen.
    IN_USE_BY_OTHERS = "in-use-by-others"
    DORMANT = "dormant"
    UNCONFIRMED = "unconfirmed"
    REFERENCED = "referenced"
    UNREFERENCED = "unreferenced"


@dataclass(frozen=True, slots=True)
class Verdict:
    """The verdict and why. ``reason.code`` is one of ``VerdictReason``."""

    code: VerdictCode
    reason: Reason


class VerdictReason(StrEnum):
    """Why a verdict is as it is."""

    ASSUMED_BY_MSK_CONNECT = "assumed-by-msk-connect"
    ASSUMED_BY_OTHERS = "assumed-by-others"
    NOT_OBSERVED_IN_COMPLETE_WINDOW = "not-observed-in-complete-window"
    OFFLINE = "offline"
    HISTORY_UNAVAILABLE = "history-unavailable"
    HISTORY_INCOMPLETE = "history-incomplete"
    #: What was read was read completely, and lacks the region of the connector.
    REGION_NOT_READ = "region-not-read"
    #: Contradictions: the configuration requires assumptions that a completely read window does not show.
    CONNECTOR_CHANGED_IN_WINDOW = "connector-changed-in-window"
    RUNNING_REQUIRES_ROLE = "running-requires-role"
    #: IAM's RoleLastUsed lies in the window, and CloudTrail shows no event for it.
    LAST_USED_WITHOUT_EVENT = "last-used-without-event"
    #: A role that is younger than the window cannot have been silent in all of it.
    ROLE_YOUNGER_THAN_WINDOW = "role-younger-than-window"
    #: What CloudTrail shows assumed a deleted role of the same name.
    EVENTS_OF_PREDECESSOR = "events-of-predecessor"
    #: No connector runs with it, and one that was read names it as a role to assume.
    REFERRED_TO_ELSEWHERE = "referred-to-elsewhere"
    #: MSK Connect asked for the role in the window and was refused each time: not used, and yet needed.
    ATTEMPTS_FAILED = "attempts-failed"
    #: What would show a contradiction could not be read.
    OPERATIONS_UNAVAILABLE = "operations-unavailable"
    CONFIGURATION_UNCLEAR = "configuration-unclear"
    #: Another connector names the role, in a region of whose history nothing was asked.
    SHARED_IN_UNREAD_REGION = "shared-in-unread-region"
    #: The connector names something that nobody can assume, so nothing was asked about it.
    NOT_A_ROLE = "not-a-role"
    NAMED_BY_CONNECTORS = "named-by-connectors"
    NAMED_BY_NO_CONNECTOR = "named-by-no-connector"
    SEARCH_INCOMPLETE = "search-incomplete"
    #: What MSK Connect does with the role, or does not, decides nothing about it.
    SERVICE_LINKED_ROLE = "service-linked-role"
    MSK_CONNECT_NOT_TRUSTED = "msk-connect-not-trusted"
    #: Whom the trust policy admits could not be read.
    ROLE_UNREADABLE = "role-unreadable"


class Standing(StrEnum):
    """What a trust policy means for MSK Connect on behalf of one connector."""

    #: Admitted for this connector, and not for one of another account.
    SOUND = "sound"
    CONFUSED_DEPUTY = "confused-deputy"
    STALE_SOURCE_ARN = "stale-source-arn"
    REFUSED = "refused"
    #: The connector's ARN or the policy leaves it open.
    OPEN = "open"


@dataclass(frozen=True, slots=True)
class Trust:
    """What the role's trust policy says, judged."""

    #: For MSK Connect on behalf of each connector that names the role, by the connector's ARN.
    standings: Mapping[str, Standing] = field(default_factory=dict)
    #: Whether it names MSK Connect in an Allow statement, whatever its conditions.
    names_msk_connect: bool = False
    #: Everybody else whom an Allow statement names.
    others: tuple[str, ...] = ()
    #: Ids of users and roles that were deleted since: a policy keeps the id, and it admits nobody.
    deleted: tuple[str, ...] = ()
    #: Statements by which any principal of any account may assume the role.
    open_by: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ConnectorAnswer:
    """The whole answer about one connector, with every decision, before it is worded."""

    evidence: Evidence
    findings: tuple[Finding, ...]
    cautions: tuple[Caution, ...]
    verdict: Verdict
    #: One for each enabled log destination.
    grants: tuple[DestinationGrant, ...] = ()
    #: None where there is no role to trust anybody, or its policy was not read; none either for a service-linked role.
    trust: Trust | None = None
    #: Since when the connector is PAUSED, as far as its operations show that.
    paused_since: datetime | None = None
    unavailable: tuple[Unavailable, ...] = ()
    question: Question | None = None


@dataclass(frozen=True, slots=True)
class Referral:
    """A connector that does not run with a role, and leads to it all the same."""

    connector: ConnectorSummary
    #: Configuration keys whose values name the role.
    keys: tuple[str, ...] = ()
    #: Whether the role's trust policy names the connector's own role.
    trusted: bool = False
    #: Whether a session of the connector's own role assumed it.
    seen: bool = False


@dataclass(frozen=True, slots=True)
class RoleEvidence:
    """Everything that was read for a question about a role."""

    role_arn: str
    role: Role | Unavailable | None = None
    #: Connectors that name it, over ``searched_regions``.
    connectors: tuple[ConnectorSummary, ...] = ()
    last_accessed: LastAccessed | Unavailable | None = None
    history: AssumeRoleHistory | Unavailable | None = None
    searched_regions: tuple[str, ...] = ()
    gaps: tuple[Unavailable, ...] = ()
    read_at: datetime | None = None
    #: Connectors that lead to it otherwise, among those whose configuration was read.
    referrals: tuple[Referral, ...] = ()


@dataclass(frozen=True, slots=True)
class RoleAnswer:
    """The whole answer about one role, before it is worded."""

    evidence: RoleEvidence
    cautions: tuple[Caution, ...]
    verdict: Verdict
    #: As of a connector's answer.
    trust: Trust | None = None
    unavailable: tuple[Unavailable, ...] = ()
    question: Question | None = None


Answer: TypeAlias = ConnectorAnswer | RoleAnswer
