"""Everything that AWS says about one question, read side by side and at most four calls deep.

List, describe, read, follow up: what a connector's summary names is read while the connector is described, the rest
after that, and a reader may follow up once. Whatever has not answered when the time is up is left out by name.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import partial

from bot.arn import connector_name, has_path, part_of, role_name, role_session
from bot.model import (
    S3,
    AssumeRoleHistory,
    BucketState,
    Cause,
    CloudWatchLogs,
    Connector,
    ConnectorSummary,
    DeliveryStreamState,
    Evidence,
    Firehose,
    LastAccessed,
    LogDestination,
    LogDestinationState,
    LogGroupState,
    Question,
    Referral,
    Role,
    RoleEvidence,
    Unavailable,
)
from bot.pipe.find import Listed, collect, find, list_connectors, no_such_connector, regions_of
from bot.pipe.parse import CONNECTOR, ROLE
from bot.pipe.ports import Clock, Deadline, Readers, Window
from bot.pipe.reads import Pending, Reads
from bot.pipe.unanswerable import (
    AmbiguousName,
    ConnectorUnreadable,
    InvalidQuestion,
    NoSuchConnector,
    NoSuchRole,
)
from bot.policy import principals
from bot.regions import with_global_sts

#: Reads of one question at the same time; more wait for a free thread.
_THREADS = 16
#: Of the whole time: how long a region may hold up a connector that was found in another one.
_SEARCH_SHARE = 0.4
#: Of the whole time: how long CloudTrail waits to hear in which other regions connectors name the role.
_SHARERS_SHARE = 0.1
#: Of the whole time: how much earlier readers end, so that what they have by then still arrives.
_MARGIN_SHARE = 0.05
#: Connectors whose configuration is searched for a role that somebody asks about.
_MOST_DESCRIBED = 24
#: What does not follow where a role's ARN ends: more of a longer name, or of a path.
_ENDS = r"(?![\w/-])"
#: Seconds that the answer waits for a last-accessed report when everything else is there: one more look at it.
_GRACE = 0.25
#: Seconds in which a reader that is called off returns what it has.
_LAST_WORD = 0.05

_DESCRIBE = "kafkaconnect:DescribeConnector"


def gather(question: Question, readers: Readers, clock: Clock, seconds: float) -> Evidence | RoleEvidence:
    """Read everything about the connector or role that a question names, within ``seconds``.

    Raises the subclasses of Unanswerable.
    """
    subject, gathering = question.subject, partial(_Gathering, question, readers, clock(), seconds)
    if subject.startswith(ROLE):
        return gathering().role_by_name(subject.removeprefix(ROLE))
    if role_name(subject) is not None:
        return gathering().role(subject)
    if connector_name(subject) is not None:
        return gathering().connector_by_arn()
    if subject.startswith("arn:"):
        raise InvalidQuestion("not-a-connector-or-role", subject)
    named = subject.removeprefix(CONNECTOR)
    return gathering().connector_by_name(named, surely=named != subject)


@dataclass(frozen=True, slots=True)
class _RoleReads:
    """The reads about one role, under way."""

    arn: str
    role: Pending[Role]
    history: Pending[AssumeRoleHistory]
    report: Pending[LastAccessed]
    #: Of the last-accessed report.
    patience: Deadline

    def history_of_role(self) -> AssumeRoleHistory | Unavailable:
        """Return the history of exactly this role, without what assumed a predecessor of the same name."""
        history, role = self.history.value(), self.role.value()
        if isinstance(history, AssumeRoleHistory) and isinstance(role, Role):
            return history.of_role(role)
        return history

    def last_accessed(self) -> LastAccessed | Unavailable:
        """Return the report. To be called when everything else is there, since it must not delay the answer."""
        self.report.value(Deadline.after(min(_GRACE, self.patience.remaining())))
        self.patience.call_off()
        return self.report.value(Deadline.after(_LAST_WORD))


class _Gathering:
    """One question being read."""

    def __init__(self, question: Question, readers: Readers, now: datetime, seconds: float) -> None:
        self._question = question
        self._readers = readers
        self._now = now
        self._window = Window(now - timedelta(days=question.window_days), now)
        self._regions = regions_of(question, readers.regions)
        self._reads = Reads(Deadline.after(seconds), _THREADS)
        self._search_until = Deadline.after(_SEARCH_SHARE * seconds)
        self._sharers_until = Deadline.after(_SHARERS_SHARE * seconds)
        self._readers_until = Deadline.after((1 - _MARGIN_SHARE) * seconds)
        # The whole scope, whatever region was asked for: roles are global.
        self._everything = list_connectors(readers.connectors, readers.regions, self._reads)

    def connector_by_name(self, name: str, *, surely: bool) -> Evidence | RoleEvidence:
        """Gather a connector, or the role of the name where no connector has it and nobody said which is meant."""
        named = list_connectors(self._readers.connectors, self._regions, self._reads, name)
        role = None if surely else self._role_called(name)
        found = collect(named, self._search_until)
        try:
            summary = find(name, found, self._everything, self._search_until)
        except NoSuchConnector:
            if role and isinstance(called := role.value(self._search_until), Role):
                return self.role(called.arn, role)
            raise
        # IAM that does not answer must not hold up a connector that was found.
        if role and isinstance(called := role.value(self._sharers_until), Role):
            raise AmbiguousName(name, summary, called.arn)
        role_arn = summary.role_arn or ""
        about_role = self._about_role(role_arn, summary.region) if role_name(role_arn) else None
        return self._connector(summary.arn, found, about_role)

    def _role_called(self, name: str) -> Pending[Role]:
        region = self._readers.regions[0]
        return self._reads.start("iam:GetRole", name, partial(self._readers.roles.named, name, region))

    def role_by_name(self, name: str) -> RoleEvidence:
        """Gather the role of this name; raises NoSuchRole."""
        role = self._role_called(name)
        called = role.value()
        if isinstance(called, Unavailable):
            raise NoSuchRole(name, called)
        return self.role(called.arn, role)

    def connector_by_arn(self) -> Evidence:
        return self._connector(self._question.subject, Listed(regions=self._regions), None)

    def _connector(self, arn: str, found: Listed, about_role: _RoleReads | None) -> Evidence:
        readers, start = self._readers.connectors, self._reads.start
        describing = start(_DESCRIBE, arn, partial(readers.describe, arn))
        operations = start("kafkaconnect:ListConnectorOperations", arn, partial(readers.operations, arn, self._window))
        connector = describing.value()
        if isinstance(connector, Unavailable):
            raise self._undescribed(arn, connector, found)
        if role_name(connector.role_arn) is None:
            about_role = None  # nobody assumes what is no role: there is nothing to ask about it
        elif about_role is None or about_role.arn != connector.role_arn:
            about_role = self._about_role(connector.role_arn, connector.region)
        named = connector.worker_configuration
        worker = named and start(
            "kafkaconnect:DescribeWorkerConfiguration", named.arn, partial(readers.worker_configuration, named.arn)
        )
        plugins = [
            start("kafkaconnect:DescribeCustomPlugin", plugin.arn, partial(readers.custom_plugin, plugin.arn))
            for plugin in connector.plugins
        ]
        destinations = [(d, self._destination(d, connector)) for d in connector.log_destinations]
        listed = collect(self._everything)
        return Evidence(
            connector=connector,
            worker_configuration=worker.value() if worker else None,
            custom_plugins=tuple(plugin.value() for plugin in plugins),
            role=about_role.role.value() if about_role else None,
            log_destinations=tuple(_reading(destination, pending) for destination, pending in destinations),
            operations=operations.value(),
            history=about_role.history_of_role() if about_role else None,
            sharing=tuple(s for s in _naming(connector.role_arn, listed) if s.arn != connector.arn),
            searched_regions=listed.regions,
            gaps=tuple(dict.fromkeys((*found.gaps, *listed.gaps))),
            last_accessed=about_role.last_accessed() if about_role else None,
            read_at=self._now,
        )

    def role(self, arn: str, read: Pending[Role] | None = None) -> RoleEvidence:
        """Gather a role, which may be ``read`` already.

        A region in the question narrows nothing: a role that is needed elsewhere is needed.
        """
        about_role = self._about_role(arn, role=read)
        role = about_role.role.value()
        if isinstance(role, Unavailable) and role.namesake and not has_path(arn):
            about_role.patience.call_off()
            return self.role(role.namesake)  # people leave the path out, and names are unique in an account
        listed = collect(self._everything)
        naming = _naming(arn, listed)
        history = about_role.history_of_role()
        return RoleEvidence(
            role_arn=arn,
            role=role,
            connectors=naming,
            referrals=self._referrals(arn, role, history, listed),
            history=history,
            searched_regions=listed.regions,
            gaps=listed.gaps,
            last_accessed=about_role.last_accessed(),
            read_at=self._now,
        )

    def _referrals(
        self, arn: str, role: Role | Unavailable, history: AssumeRoleHistory | Unavailable, listed: Listed
    ) -> tuple[Referral, ...]:
        """Look for connectors that lead to a role without running with it.

        By its trust policy and its callers, and in their configurations: of those first, then of as many others as one
        answer may describe.
        """
        trusted = frozenset(principals(role.trust_policy)) if isinstance(role, Role) else frozenset()
        callers = {event.principal for event in history.by_others} if isinstance(history, AssumeRoleHistory) else set()
        others = [summary for summary in listed.connectors if summary.role_arn != arn]
        known = {s.arn: Referral(s, trusted=s.role_arn in trusted, seen=_called(s, callers)) for s in others}
        suspected = sorted(others, key=lambda s: not (known[s.arn].trusted or known[s.arn].seen))[:_MOST_DESCRIBED]
        describe, named = self._readers.connectors.describe, re.compile(re.escape(arn) + _ENDS)
        described = [(s, self._reads.start(_DESCRIBE, s.arn, partial(describe, s.arn))) for s in suspected]
        for summary, pending in described:
            connector = pending.value(self._readers_until)
            if isinstance(connector, Connector):
                keys = tuple(key for key, value in connector.configuration.items() if named.search(value))
                known[summary.arn] = replace(known[summary.arn], keys=keys)
        return tuple(each for each in known.values() if each.keys or each.trusted or each.seen)

    def _about_role(self, arn: str, connector_region: str = "", role: Pending[Role] | None = None) -> _RoleReads:
        """Begin to read what of a role is not read yet: its history in the whole scope, or where a connector leads."""
        patience = Deadline(self._readers_until.at)
        roles, start = self._readers.roles, self._reads.start
        return _RoleReads(
            arn,
            role=role or start("iam:GetRole", arn, partial(roles.role, arn)),
            history=start("cloudtrail:LookupEvents", arn, partial(self._history, arn, connector_region)),
            # Named for what did not arrive, however far IAM had got with it.
            report=start("iam:GetServiceLastAccessedDetails", arn, partial(roles.last_accessed, arn, patience)),
            patience=patience,
        )

    def _history(self, arn: str, connector_region: str) -> AssumeRoleHistory | Unavailable:
        history, window, until = self._readers.history, self._window, self._readers_until
        if not connector_region:
            return history.read_regions(
                arn, with_global_sts(part_of(arn, "partition"), self._readers.regions), window, until
            )
        # A region that is not listed in time is left out here, and the verdict holds that against its silence.
        sharing = _naming(arn, collect(self._everything, self._sharers_until))
        regions = with_global_sts(part_of(arn, "partition"), (connector_region,))
        shared = tuple(dict.fromkeys((*regions, *(summary.region for summary in sharing))))
        if shared == regions:
            return history.read(arn, connector_region, window, until)
        return history.read_regions(arn, shared, window, until)

    def _destination(self, destination: LogDestination, connector: Connector) -> Pending[LogDestinationState]:
        read = partial(self._readers.log_destinations.read, destination, connector, self._readers_until)
        return self._reads.start(*_first_call(destination), read)

    def _undescribed(self, arn: str, gap: Unavailable, found: Listed) -> NoSuchConnector | ConnectorUnreadable:
        name = connector_name(arn) or arn
        if gap.cause is Cause.NOT_FOUND:
            return no_such_connector(name, found, self._everything, self._search_until, but=arn)
        return ConnectorUnreadable(name, (*found.gaps, gap))


def _called(summary: ConnectorSummary, callers: set[str]) -> bool:
    """Whether a session of the connector's role is among the callers."""
    session = role_session(summary.role_arn or "")
    return bool(session) and any(caller.startswith(session) for caller in callers)


def _naming(role_arn: str, listed: Listed) -> tuple[ConnectorSummary, ...]:
    return tuple(summary for summary in listed.connectors if role_arn and summary.role_arn == role_arn)


def _first_call(destination: LogDestination) -> tuple[str, str]:
    match destination:
        case S3():
            return "s3:GetBucketPolicy", destination.bucket
        case CloudWatchLogs():
            return "logs:DescribeResourcePolicies", destination.log_group
        case Firehose():
            return "firehose:ListTagsForDeliveryStream", destination.delivery_stream


def _reading(destination: LogDestination, pending: Pending[LogDestinationState]) -> LogDestinationState:
    """Return what a reader says; where even that is overdue, nothing of the destination is known."""
    reading = pending.value()
    if not isinstance(reading, Unavailable):
        return reading
    match destination:
        case S3():
            return BucketState(destination.bucket, reading, reading)
        case CloudWatchLogs():
            return LogGroupState(destination.log_group, reading, reading)
        case Firehose():
            return DeliveryStreamState(destination.delivery_stream, reading, reading)
