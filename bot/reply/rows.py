"""The table: findings of equal path and reason in one row, those that need the role first."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field

from bot.model import (
    Activity,
    Basis,
    Caution,
    CautionCode,
    Component,
    Datum,
    EvidenceKind,
    Finding,
    ReasonCode,
    Timing,
    Uses,
)
from bot.reply.lines import say, sentence, words
from bot.reply.nouns import Line, Span, Table, bold, line, text_of
from bot.reply.wording import phrases
from bot.reply.wording.findings import FINDINGS, Why
from bot.reply.wording.names import BASES, COMPONENTS, activity, path, service

MOST_ROWS = 8
#: How many keys one cell names; they are long.
_KEYS_SHOWN = 1
#: What a warning adds to the row of the destination that it is about.
_GRANTS = {
    CautionCode.LOG_GRANT_MISSING: phrases.GRANT_MISSING,
    CautionCode.LOG_GRANT_UNREADABLE: phrases.GRANT_NOT_KNOWN,
}
#: The same, by a warning's finer reason.
_FINER_GRANTS: Mapping[str, str] = {
    ReasonCode.LOG_GRANT_HALF_PRESENT: phrases.GRANT_HALF_MISSING,
    ReasonCode.LOG_GRANT_KEY_HALF_PRESENT: phrases.GRANT_HALF_MISSING,
    ReasonCode.LOG_DESTINATION_ABSENT: phrases.GRANT_WITHOUT_DESTINATION,
}
_ORDER = {Uses.YES: 0, Uses.UNKNOWN: 1, Uses.NO: 2}
#: What everybody knows is there goes last.
_LAST = frozenset({Activity.NETWORK_INTERFACES})


@dataclass(slots=True)
class _Row:
    path: str
    uses: Uses
    reason: Line
    basis: Basis
    #: Who acts, by what is done.
    activities: dict[str, list[str]] = field(default_factory=dict)


def table(findings: Iterable[Finding], cautions: Iterable[Caution] = (), most: int = MOST_ROWS) -> Table:
    """Return at most ``most`` rows; the rest is counted. Warnings about log grants stand in the logs' rows too."""
    rows = _merged(findings, _grants(cautions))
    cells = tuple((_activities(row), _path(row), _how(row)) for row in rows[:most])
    left = len(rows) - most
    more = text_of(say(phrases.MORE_ROWS, count=str(left))) if left > 0 else ""
    return Table(phrases.TABLE_HEADER, cells, more)


def _grants(cautions: Iterable[Caution]) -> dict[str, str]:
    """Return what to add to the row of each destination: of several warnings about one, the first and gravest."""
    said: dict[str, str] = {}
    for caution in cautions:
        if caution.code in _GRANTS:
            words = _FINER_GRANTS.get(caution.reason.code, _GRANTS[caution.code])
            said.setdefault(str(caution.reason.data.get("destination", "")), words)
    return said


def why(finding: Finding) -> Why:
    """Return the wording of a finding's reason; of a code that is not ours, the code itself."""
    return _BY_CODE.get(finding.reason.code, Why((finding.reason.code,), (finding.reason.code,)))


def data_of(finding: Finding) -> dict[str, Datum]:
    """Return what fills the wording of a finding's reason.

    Of a Kafka client the evidence is the settings that decide; of others it may be mere references.
    """
    deciding = finding.evidence if finding.activity is Activity.KAFKA_AUTH else ()
    keys = tuple(reference.name for reference in deciding if reference.kind is EvidenceKind.KEY)
    return {
        "keys": keys,
        "principal": finding.principal or "",
        "service": service(finding.subject),
        **finding.reason.data,
    }


def component(finding: Finding) -> str:
    """Return who acts, in words; empty where the activity says it already."""
    if finding.component is Component.WORKER and finding.activity is not Activity.KAFKA_AUTH:
        return ""
    return COMPONENTS[finding.component]


def capitalised(text: str) -> str:
    """Return a text with its first letter as a sentence has it."""
    return text[:1].upper() + text[1:]


def work(findings: Iterable[Finding]) -> str:
    """Return what is done by these findings, in words, each activity once."""
    return words(dict.fromkeys(activity(finding) for finding in findings))


def in_order(findings: Iterable[Finding]) -> list[Finding]:
    """Return findings that need the role first, and of them those that break first without it."""
    return sorted(findings, key=_place)


_BY_CODE = {code.value: wording for code, wording in FINDINGS.items()}


def _merged(findings: Iterable[Finding], grants: Mapping[str, str]) -> list[_Row]:
    rows: dict[tuple[str, str, Basis], _Row] = {}
    for finding in in_order(findings):
        reason = sentence(why(finding).brief, _few_keys(data_of(finding)))
        if finding.activity is Activity.WORKER_LOGS and finding.subject in grants:
            reason = (*reason, Span(grants[finding.subject]))
        key = (path(finding), text_of(reason), finding.basis)
        row = rows.setdefault(key, _Row(path(finding), finding.uses_execution_role, reason, finding.basis))
        who = row.activities.setdefault(activity(finding), [])
        if (name := component(finding)) and name not in who:
            who.append(name)
    return list(rows.values())


def _place(finding: Finding) -> tuple[int, bool, bool]:
    return (
        _ORDER[finding.uses_execution_role],
        Timing.CONTINUOUSLY not in finding.timing,
        finding.activity in _LAST,
    )


def _few_keys(data: dict[str, Datum]) -> dict[str, Datum]:
    keys = data["keys"]
    few = isinstance(keys, tuple) and len(keys) > _KEYS_SHOWN
    return {**data, "keys": (*keys[:_KEYS_SHOWN], "…")} if few and isinstance(keys, tuple) else data


def _activities(row: _Row) -> Line:
    said = [f"{what} ({', '.join(who)})" if who else what for what, who in row.activities.items()]
    return line(capitalised(", ".join(said)))


def _path(row: _Row) -> Line:
    return line(bold(row.path) if row.uses is Uses.YES else row.path)


def _how(row: _Row) -> Line:
    return (*row.reason, Span(f" ({BASES[row.basis]})"))
