"""What several parts of a reply need to know of an answer: its time, window, role, region names and coverage."""

from __future__ import annotations

from datetime import datetime

from bot.arn import role_name
from bot.model import (
    Answer,
    AssumeRoleHistory,
    CautionCode,
    ConnectorAnswer,
    ConnectorOperation,
    Coverage,
    Question,
    RegionShortfall,
    Unavailable,
)
from bot.pipe.unanswerable import InvalidQuestion
from bot.reply.buttons import Press, encode
from bot.reply.lines import say, words
from bot.reply.moments import days, moment
from bot.reply.nouns import Button, text_of
from bot.reply.wording import gaps, phrases
from bot.reply.wording.names import HISTORY_SOURCES


def now_of(answer: Answer) -> datetime | None:
    """Return when AWS was read, which is the present for every "ago" of the reply; None offline."""
    history = answer.evidence.history
    read_at = answer.evidence.read_at
    return read_at or (history.coverage.window_to if isinstance(history, AssumeRoleHistory) else None)


def history_of(answer: Answer) -> AssumeRoleHistory | None:
    """Return the history, where there is one."""
    history = answer.evidence.history
    return history if isinstance(history, AssumeRoleHistory) else None


def role_arn_of(answer: Answer) -> str:
    """Return the ARN of the role that the answer is about."""
    return answer.evidence.connector.role_arn if isinstance(answer, ConnectorAnswer) else answer.evidence.role_arn


def short_role(arn: str) -> str:
    """Return a role's name, or the whole text where it is no role's ARN."""
    return role_name(arn) or arn


def called(answer: Answer) -> str:
    """Return what a headline calls the role: its name, or the ARN where another role has the name."""
    role, arn = answer.evidence.role, role_arn_of(answer)
    return arn if isinstance(role, Unavailable) and role.namesake else short_role(arn)


def settled(answer: Answer, told: frozenset[CautionCode]) -> frozenset[CautionCode]:
    """Return the warnings that a headline settles: not that a role is missing while another has its name."""
    return told - {CautionCode.ROLE_MISSING} if called(answer) != short_role(role_arn_of(answer)) else told


def window_of(answer: Answer) -> str:
    """Return the window in words, as it was asked for, else as it was read."""
    if answer.question is not None:
        return days(answer.question.window_days)
    history = history_of(answer)
    return days((history.coverage.window_to - history.coverage.window_from).days) if history else days(90)


def regions(names: tuple[str, ...]) -> str:
    """Return regions as a list in words."""
    return words(names) or phrases.NO_REGION


def coverage(covered: Coverage) -> str:
    """Return what was read of CloudTrail, such as "CloudTrail event history of eu-west-1, read completely"."""
    source = HISTORY_SOURCES.get(covered.source, covered.source)
    if covered.shortfalls:
        short = {shortfall.region for shortfall in covered.shortfalls}
        return text_of(
            say(
                phrases.READ_IN_PART,
                source=source,
                regions=regions(tuple(region for region in covered.regions if region not in short)),
                shortfalls="; ".join(_shortfall(shortfall, covered) for shortfall in covered.shortfalls),
            )
        )
    return text_of(say(phrases.COVERAGE, source=source, regions=regions(covered.regions), extent=_extent(covered)))


def _shortfall(shortfall: RegionShortfall, covered: Coverage) -> str:
    region, stopped = shortfall.region, gaps.STOPPED[shortfall.stopped_because]
    if shortfall.read_from < covered.window_to:
        since = moment(shortfall.read_from)
        return text_of(say(phrases.REGION_BACK_TO, region=region, read_from=since, stopped=stopped))
    missing = next((gap.missing_action for gap in covered.gaps if gap.resource == region and gap.missing_action), None)
    if missing:
        return text_of(say(phrases.REGION_LACKS, region=region, action=missing))
    return text_of(say(phrases.REGION_NOT_READ, region=region, stopped=stopped))


def _extent(covered: Coverage) -> str:
    if covered.complete:
        return phrases.READ_COMPLETELY
    stopped = gaps.STOPPED[covered.stopped_because] if covered.stopped_because else phrases.NO_REASON
    template = phrases.READ_NOTHING if covered.read_from >= covered.window_to else phrases.READ_BACK_TO
    return text_of(say(template, read_from=moment(covered.read_from), stopped=stopped))


def operations_of(answer: Answer) -> tuple[ConnectorOperation, ...]:
    """Return the connector's operations, as far as they were read."""
    operations = answer.evidence.operations if isinstance(answer, ConnectorAnswer) else None
    return () if operations is None or isinstance(operations, Unavailable) else operations


def button(press: Press, question: Question, label: str | None = None, number: int | None = None) -> tuple[Button, ...]:
    """Return a button about a question; none where the question does not fit into a button."""
    try:
        value = encode(question)
    except InvalidQuestion:
        return ()
    return (Button(phrases.BUTTONS[press] if label is None else label, press, value, number),)
