"""The first message about a connector."""

from __future__ import annotations

from collections.abc import Iterator
from collections.abc import Set as AbstractSet

from bot.model import Activity, CautionCode, Connector, ConnectorAnswer, Finding, Timing, Uses
from bot.reply.about import called, history_of, operations_of, settled
from bot.reply.attention import attention
from bot.reply.history import verdict
from bot.reply.lines import say
from bot.reply.moments import date
from bot.reply.nouns import Bullets, Code, Line, Paragraph, Part, Span, bold, code
from bot.reply.rows import table, work
from bot.reply.timeline import is_telling, picture
from bot.reply.wording import phrases

_PAUSED = frozenset({"PAUSED", "PAUSING"})
_BROKEN = frozenset({"FAILED", "CREATING"})
#: What every connector does with the role before and between its work.
_LIFECYCLE = frozenset({Activity.PLUGIN_DOWNLOAD, Activity.UPDATE_VALIDATION, Activity.CREDENTIAL_RENEWAL})
#: Warnings that the headline gives already.
_IN_HEADLINE = frozenset(
    {
        CautionCode.ROLE_MISSING,
        CautionCode.EXECUTION_ROLE_NOT_A_ROLE,
        CautionCode.SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE,
    }
)
#: What MSK Connect can never assume.
_NOT_USABLE = frozenset({CautionCode.EXECUTION_ROLE_NOT_A_ROLE, CautionCode.SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE})
_REFUSED = frozenset({CautionCode.TRUST_POLICY_DENIES_MSK_CONNECT, CautionCode.TRUST_POLICY_STALE_SOURCE_ARN})


def headline(answer: ConnectorAnswer) -> Line:
    """Say which connector names the role, and to keep it."""
    connector = answer.evidence.connector
    codes = {caution.code for caution in answer.cautions}
    template = phrases.KEEP
    if not connector.role_arn:
        template = phrases.NO_ROLE
    elif CautionCode.EXECUTION_ROLE_NOT_A_ROLE in codes:
        template = phrases.NOT_A_ROLE
    elif CautionCode.SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE in codes:
        template = phrases.NOT_USABLE
    elif CautionCode.ROLE_MISSING in codes:
        template = phrases.ROLE_GONE
    line = say(
        template,
        role=code(called(answer)),
        connector=code(connector.name),
        state=connector.state or phrases.NO_STATE,
        region=connector.region or phrases.NO_REGION,
    )
    return tuple(span if span.style != Span("").style else bold(span.text) for span in line)


def parts(answer: ConnectorAnswer) -> tuple[Part, ...]:
    """Return what stands under the headline."""
    history = history_of(answer)
    told = {CautionCode.ROLE_SHARED} if history and history.events else set()
    lines = tuple(attention(answer, settled=settled(answer, _IN_HEADLINE | told)))
    return (
        Paragraph(breaks(answer)),
        Paragraph(verdict(answer)),
        *((Code(picture(history, operations_of(answer))),) if history and is_telling(history) else ()),
        table(answer.findings, answer.cautions),
        *((Bullets(lines),) if lines else ()),
    )


def breaks(answer: ConnectorAnswer) -> Line:
    """Say what breaks first without the role, and when."""
    return tuple(span for part in _breaks(answer) for span in part)


def _breaks(answer: ConnectorAnswer) -> Iterator[Line]:
    connector = answer.evidence.connector
    since = answer.paused_since
    yield say(phrases.PAUSED_SINCE, day=date(since)) if since else say(phrases.STATE_FIRST.get(connector.state, ""))
    if connector.state_code:
        yield say(phrases.FAILED_WITH, code=code(connector.state_code))
    if connector.state != "DELETING":
        yield _stops(connector, answer.findings, {caution.code for caution in answer.cautions})
    open_work = work(f for f in answer.findings if f.uses_execution_role is Uses.UNKNOWN)
    if open_work:
        yield say(phrases.MAY_NEED, work=open_work)


def _stops(connector: Connector, findings: tuple[Finding, ...], codes: AbstractSet[CautionCode]) -> Line:
    if codes & _NOT_USABLE:
        return say(phrases.ROLE_NOT_USABLE)
    needing = [f for f in findings if f.uses_execution_role is Uses.YES and f.activity not in _LIFECYCLE]
    at_work = work(f for f in needing if Timing.CONTINUOUSLY in f.timing)
    if CautionCode.ROLE_MISSING in codes:
        return say(phrases.ROLE_IS_GONE, work=work(needing) or work(findings))
    if codes & _REFUSED:
        return say(phrases.ROLE_REFUSED, work=work(needing) or work(f for f in findings if f.activity in _LIFECYCLE))
    if connector.state in _BROKEN:
        return say(phrases.CANNOT_COME_BACK)
    if at_work:
        template = phrases.WORK_CANNOT_RESUME if connector.state in _PAUSED else phrases.WORK_STOPS
        return say(template, work=at_work)
    at_start = work(needing)
    return say(phrases.NOTHING_STOPS, besides=say(phrases.BESIDES, work=at_start) if at_start else "")
