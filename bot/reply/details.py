"""All details: every finding with its evidence and source, every warning with its remedy, the history, the notes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from bot.model import (
    Activity,
    Answer,
    Basis,
    Caution,
    CautionCode,
    Component,
    ConnectorAnswer,
    EvidenceKind,
    EvidenceRef,
    Finding,
    LastAccessed,
    RevisionRef,
    Role,
    RoleAnswer,
    Standing,
    Unavailable,
    WorkerConfiguration,
)
from bot.reply.about import now_of, role_arn_of
from bot.reply.attention import last_accessed, unread, warning
from bot.reply.lines import names, say, sentence
from bot.reply.moments import both
from bot.reply.nouns import Bullets, Heading, Line, Paragraph, Part, Reply, Span, bold, code, link
from bot.reply.overview import headline
from bot.reply.rows import capitalised, component, data_of, in_order, why
from bot.reply.trail import trail
from bot.reply.wording import phrases
from bot.reply.wording.gaps import worded
from bot.reply.wording.names import BASES, BASIS_MEANS, COMPONENTS, TIMINGS, activity, path, service
from bot.reply.wording.notes import Statement, Topic, about

_ACTIONS_SHOWN = 12
_RESOURCES_SHOWN = 6
_EVIDENCE_SHOWN = 8


def details(answer: Answer) -> Reply:
    """Return everything that is known."""
    return Reply(headline(answer), tuple(_parts(answer)), title=phrases.DETAILS_TITLE)


def _parts(answer: Answer) -> Iterator[Part]:
    yield Bullets(tuple(_identity(answer)))
    if isinstance(answer, ConnectorAnswer):
        yield Heading(phrases.ACTIVITIES)
        for finding in in_order(answer.findings):
            yield from _finding(finding)
    if answer.cautions:
        yield Heading(phrases.WARNINGS)
        yield Bullets(tuple(_caution(caution, answer) for caution in answer.cautions))
    yield Heading(phrases.HISTORY)
    yield from trail(answer)
    yield Bullets(_notes(Topic.HISTORY))
    yield Heading(phrases.LAST_ACCESSED_HEADING)
    yield Bullets((*_last_accessed(answer), *_notes(Topic.LAST_ACCESSED)))
    if gaps := unread(answer):
        yield Heading(phrases.GAPS)
        yield Bullets(tuple(gap_line(gap) for gap in gaps))
    yield Heading(phrases.GOOD_TO_KNOW)
    yield Bullets(_notes(*_topics(answer)))


def _identity(answer: Answer) -> Iterator[Line]:
    yield say(phrases.ROLE_IS, role=code(role_arn_of(answer)))
    if trust := tuple(_trust(answer)):
        yield trust
    if isinstance(answer, RoleAnswer):
        return
    evidence = answer.evidence
    yield say(phrases.CONNECTOR_IS, arn=code(evidence.connector.arn))
    if evidence.connector.created:
        yield say(phrases.CREATED_AT, at=both(evidence.connector.created, now_of(answer)))
    if since := answer.paused_since:
        yield say(phrases.PAUSED_AT, at=both(since, now_of(answer)))
    if not evidence.connector.log_destinations:
        yield say(phrases.LOGS_OFF)
    if evidence.sharing:
        sharing = (f"{connector.name} ({connector.region})" for connector in evidence.sharing)
        yield say(phrases.SHARING, connectors=names(sharing))
    pinned, read = evidence.connector.worker_configuration, evidence.worker_configuration
    if pinned and isinstance(read, WorkerConfiguration):
        yield say(phrases.WORKER_CONFIGURATION, name=code(read.name or read.arn), revision=_revision(pinned, read))


def _revision(pinned: RevisionRef, read: WorkerConfiguration) -> Line:
    latest = str(read.latest_revision or "?")
    if pinned.revision is None:
        return ()
    if pinned.revision == read.latest_revision:
        return say(phrases.REVISION, latest=latest)
    return say(phrases.PINNED_REVISION, pinned=str(pinned.revision), latest=latest)


def _trust(answer: Answer) -> Iterator[Span]:
    """Say what the trust policy means for the connector, unless a warning does, and whom else it names."""
    trust = answer.trust
    if trust is None:
        return
    if isinstance(answer, ConnectorAnswer):
        standing = trust.standings[answer.evidence.connector.arn]
        warned = any(caution.code is CautionCode.TRUST_POLICY_UNDECIDED for caution in answer.cautions)
        yield from () if warned else say(_STANDINGS.get(standing, ""))
    if trust.deleted:
        yield from say(phrases.TRUST_DELETED, deleted=names(trust.deleted))
    if trust.others:
        template = phrases.TRUST_OTHERS if trust.names_msk_connect else phrases.TRUST_NAMES
        yield from say(template, others=names(trust.others))
    elif trust.names_msk_connect:
        yield from say(phrases.TRUST_NO_OTHERS)


_STANDINGS: Mapping[Standing, str] = {Standing.SOUND: phrases.TRUST_SOUND, Standing.OPEN: phrases.TRUST_OPEN}


# --- findings --------------------------------------------------------------------------------------------------------


def _finding(finding: Finding) -> Iterator[Part]:
    who = component(finding) or COMPONENTS[finding.component]
    yield Paragraph(
        say(phrases.FINDING, activity=bold(capitalised(activity(finding))), component=who, path=bold(path(finding)))
    )
    how = say(
        phrases.HOW_WE_KNOW,
        basis=BASES[finding.basis],
        means=BASIS_MEANS[finding.basis],
        shown=_shown_by(finding.evidence, phrases.RESTS_ON if finding.basis is Basis.DOCUMENTED else phrases.SHOWN_BY),
    )
    why_so = sentence(why(finding).full, data_of(finding))
    scope = tuple(_scope(finding))
    yield Bullets(
        (
            (*why_so, Span(" "), link(phrases.SOURCE, finding.source)),
            how,
            *((scope,) if scope else ()),
        )
    )


def _scope(finding: Finding) -> Iterator[Span]:
    if finding.principal:
        yield from say(phrases.FINDING_WHO, principal=code(finding.principal))
    if finding.actions:
        yield from say(phrases.FINDING_ACTIONS, actions=names(finding.actions, _ACTIONS_SHOWN))
    if finding.resources:
        yield from say(phrases.FINDING_RESOURCES, resources=names(finding.resources, _RESOURCES_SHOWN))
    if finding.timing:
        yield from say(phrases.FINDING_WHEN, timing=", ".join(TIMINGS[timing] for timing in finding.timing))


def _shown_by(evidence: tuple[EvidenceRef, ...], template: str = phrases.SHOWN_BY) -> Line:
    events = [reference.name for reference in evidence if reference.kind is EvidenceKind.EVENT]
    others = [reference.name for reference in evidence if reference.kind is not EvidenceKind.EVENT]
    return (
        *(say(template, evidence=names(others, _EVIDENCE_SHOWN)) if others else ()),
        *(say(phrases.SHOWN_BY_EVENTS, events=names(events, _EVIDENCE_SHOWN)) if events else ()),
    )


def _caution(caution: Caution, answer: Answer) -> Line:
    words, data, now = warning(caution), caution.reason.data, now_of(answer)
    remedy = say(phrases.WHAT_TO_DO, remedy=sentence(words.remedy, data, now))
    return (*sentence(words.says, data, now), *remedy, *_shown_by(caution.evidence))


# --- IAM last accessed, gaps, notes ----------------------------------------------------------------------------------


def _last_accessed(answer: Answer) -> Iterator[Line]:
    evidence, now = answer.evidence, now_of(answer)
    report = evidence.last_accessed
    if isinstance(report, LastAccessed):
        yield last_accessed(report, evidence.history, now)
        dated = sorted(((s.at, s) for s in report.services if s.at), key=lambda pair: pair[0], reverse=True)
        for at, accessed in dated:
            region = say(phrases.IN_REGION, region=accessed.region) if accessed.region else ""
            yield say(phrases.SERVICE_LAST, service=service(accessed.namespace), at=both(at, now), region=region)
        never = [service(s.namespace) for s in report.services if not s.at]
        if never:
            yield say(phrases.SERVICE_NEVER, services=", ".join(never))
    if isinstance(evidence.role, Role):
        yield _role_last_used(evidence.role, answer)


def _role_last_used(role: Role, answer: Answer) -> Line:
    used = role.last_used
    if used is None:
        return say(phrases.ROLE_NEVER_USED)
    region = say(phrases.IN_REGION, region=used.region) if used.region else ""
    return say(phrases.ROLE_LAST_USED, at=both(used.at, now_of(answer)), region=region)


def gap_line(gap: Unavailable) -> Line:
    """Return a failed read: what the answer lacks, why, and what would mend it."""
    words = worded(gap)
    remedy = say(phrases.WHAT_TO_DO, remedy=sentence(words.remedy, words.data))
    return (*sentence(words.lacks, words.data), Span(" "), *sentence(words.why, words.data), *remedy)


def _topics(answer: Answer) -> Iterator[Topic]:
    yield Topic.ROLE
    if isinstance(answer, RoleAnswer):
        return
    yield Topic.KAFKA
    if any(finding.component is Component.CONFIG_PROVIDER for finding in answer.findings):
        yield Topic.CONFIG_PROVIDER
    logs = [finding for finding in answer.findings if finding.activity is Activity.WORKER_LOGS]
    if logs:
        yield Topic.LOGS
    if any(finding.subject == "firehose" for finding in logs):
        yield Topic.FIREHOSE


def _notes(*topics: Topic) -> tuple[Line, ...]:
    return tuple(_note(note) for note in about(*topics))


def _note(note: Statement) -> Line:
    return (Span(f"{note.says} "), link(phrases.SOURCE, note.source))
