"""The first message about a role by itself: who names it, who assumed it, and what to check before it goes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import datetime

from bot.model import CautionCode, ConnectorSummary, Datum, RoleAnswer, Trust, VerdictCode, VerdictReason
from bot.reply.about import called, history_of, now_of, regions, settled
from bot.reply.attention import attention
from bot.reply.history import verdict
from bot.reply.lines import names, say
from bot.reply.moments import ago, moment
from bot.reply.nouns import Bullets, Code, Line, Paragraph, Part, Span, Table, bold, code, line, text_of
from bot.reply.timeline import is_telling, picture
from bot.reply.wording import phrases

_MOST_ROWS = 8
#: A headline names so many, and counts the rest.
_HEADLINE_NAMES = 2
#: What the headline and the table of connectors say.
_TOLD = frozenset({CautionCode.ROLE_SHARED, CautionCode.ROLE_MISSING})


def headline(answer: RoleAnswer) -> Line:
    """Say whether somebody names or uses the role."""
    about = answer.evidence
    count = len(about.connectors)
    once, often, never = (
        (phrases.ROLE_ABSENT_NAMED_ONCE, phrases.ROLE_ABSENT_NAMED, phrases.ROLE_ABSENT)
        if _is_absent(answer)
        else (phrases.ROLE_NAMED_ONCE, phrases.ROLE_NAMED, _HEADLINES.get(answer.verdict.code, phrases.ROLE_OPEN))
    )
    template = (never, once)[count] if count < 2 else often
    if not _is_absent(answer):
        template = _BY_PURPOSE.get(answer.verdict.reason.code, template)
    data, now = answer.verdict.reason.data, now_of(answer)
    said = say(
        template,
        role=code(called(answer)),
        count=str(count),
        regions=regions(about.searched_regions),
        last=_ago(data.get("last"), now),
        who=_listed(data.get("principals")),
        connectors=_listed(data.get("connectors")),
    )
    return tuple(span if span.style != Span("").style else bold(span.text) for span in said)


def parts(answer: RoleAnswer) -> tuple[Part, ...]:
    """Return what stands under the headline."""
    return tuple(_parts(answer))


#: Where what the role is for counts for more than who names it.
_BY_PURPOSE: Mapping[str, str] = {
    VerdictReason.SERVICE_LINKED_ROLE: phrases.ROLE_SERVICE_LINKED,
    VerdictReason.MSK_CONNECT_NOT_TRUSTED: phrases.ROLE_FOR_OTHERS,
    VerdictReason.REFERRED_TO_ELSEWHERE: phrases.ROLE_LED_TO,
}
_HEADLINES = {
    VerdictCode.IN_USE: phrases.ROLE_USED,
    VerdictCode.IN_USE_BY_OTHERS: phrases.ROLE_USED_BY_OTHERS,
    VerdictCode.UNREFERENCED: phrases.ROLE_CANDIDATE,
}


def _ago(at: Datum | None, now: datetime | None) -> str:
    return (ago(at, now) or moment(at)) if isinstance(at, datetime) else ""


def _listed(values: Datum | None) -> Line:
    return names(map(str, values), _HEADLINE_NAMES) if isinstance(values, tuple) else ()


def _parts(answer: RoleAnswer) -> Iterator[Part]:
    about, history = answer.evidence, history_of(answer)
    yield Paragraph(verdict(answer))
    if history and is_telling(history):
        yield Code(picture(history))
    if about.connectors:
        yield _connectors(about.connectors)
        yield Paragraph(say(phrases.ASK_THE_CONNECTOR if len(about.connectors) == 1 else phrases.ASK_CONNECTOR))
    elif answer.verdict.reason.code == VerdictReason.MSK_CONNECT_NOT_TRUSTED:
        yield Paragraph(say(phrases.SERVES, others=_others(answer.trust)))
    elif answer.verdict.code is VerdictCode.UNREFERENCED and not _is_absent(answer):
        yield Paragraph(say(phrases.CHECK_FIRST))
        yield Bullets(tuple(say(check, others=_others(answer.trust)) for check in phrases.CHECKS))
    yield Paragraph(say(phrases.SEARCHED, regions=regions(about.searched_regions)))
    lines = tuple(attention(answer, settled=settled(answer, _TOLD)))
    if lines:
        yield Bullets(lines)


def _is_absent(answer: RoleAnswer) -> bool:
    return any(caution.code is CautionCode.ROLE_MISSING for caution in answer.cautions)


def _connectors(connectors: tuple[ConnectorSummary, ...]) -> Table:
    rows = tuple((line(code(c.name)), line(c.state), line(c.region)) for c in connectors[:_MOST_ROWS])
    left = len(connectors) - _MOST_ROWS
    more = text_of(say(phrases.MORE_ROWS, count=str(left))) if left > 0 else ""
    return Table(phrases.CONNECTOR_HEADER, rows, more)


def _others(trust: Trust | None) -> Line:
    if trust is None:
        return say(phrases.TRUST_NOT_READ)
    return names(trust.others) or say(phrases.NO_OTHERS)
