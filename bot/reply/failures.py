"""Replies where there is no answer."""

from __future__ import annotations

from collections.abc import Iterable

from bot.model import Cause, ConnectorSummary, Question, Unavailable
from bot.pipe.parse import GRAMMAR, quoted
from bot.pipe.unanswerable import (
    AmbiguousConnector,
    AmbiguousName,
    ConnectorUnreadable,
    InvalidQuestion,
    NoSuchConnector,
    NoSuchRole,
    RegionOutOfScope,
    Unanswerable,
)
from bot.reply.about import button, regions
from bot.reply.buttons import Press
from bot.reply.lines import names, say, sentence
from bot.reply.nouns import Bullets, Button, Line, Paragraph, Part, Reply, Span, bold, code, line
from bot.reply.wording import phrases
from bot.reply.wording.failures import OTHER_PROBLEM, PROBLEMS
from bot.reply.wording.gaps import worded

_MOST_OFFERED = 10
_MOST_BUTTONS = 5
_LABEL = 60


def failure(error: Unanswerable, window_days: int) -> Reply:
    """Say why there is no answer, and what would be one."""
    match error:
        case InvalidQuestion():
            return invalid(error)
        case NoSuchConnector():
            return _no_such(error, window_days)
        case AmbiguousConnector() | AmbiguousName():
            return _which(error, window_days)
        case ConnectorUnreadable() | NoSuchRole():
            return _unreadable(error)
        case RegionOutOfScope():
            said = say(phrases.REGION_OUT_OF_SCOPE, region=code(quoted(error.region)))
            return Reply(said, (Paragraph(say(phrases.REGIONS_ARE, regions=names(error.regions))),))
    return Reply(line(phrases.NO_ANSWER))


def _unreadable(error: ConnectorUnreadable | NoSuchRole) -> Reply:
    name = code(quoted(error.name))
    if isinstance(error, NoSuchRole):
        absent = error.gap.cause is Cause.NOT_FOUND
        said = say(phrases.NO_SUCH_ROLE if absent else phrases.ROLE_UNREADABLE, name=name)
        return Reply(said, () if absent else (Bullets(_gaps((error.gap,))),))
    gaps = (Bullets(_gaps(error.gaps)),) if error.gaps else ()
    return Reply(say(phrases.UNREADABLE, name=name), (*gaps, Paragraph(say(phrases.UNREADABLE_WHY))))


def _which(error: AmbiguousConnector | AmbiguousName, window_days: int) -> Reply:
    if isinstance(error, AmbiguousName):
        return _both(error, window_days)
    count = str(len(error.matches))
    said = say(phrases.AMBIGUOUS, count=count, name=code(quoted(error.name)))
    return Reply(said, (Bullets(_rows(error.matches)),), _choices(error.matches, window_days))


def _both(error: AmbiguousName, window_days: int) -> Reply:
    """Ask which is meant, the connector or the role."""
    connector = error.connector
    rows = (
        say(phrases.ROW, name=code(connector.arn), state=connector.state, region=connector.region),
        say(phrases.ROLE_ROW, name=code(error.role_arn)),
    )
    choices = (
        *button(Press.CHOOSE, Question(connector.arn, window_days), phrases.THE_CONNECTOR, 0),
        *button(Press.CHOOSE, Question(error.role_arn, window_days), phrases.THE_ROLE, 1),
    )
    return Reply(say(phrases.BOTH, name=code(quoted(error.name))), (Bullets(rows),), choices)


def invalid(error: InvalidQuestion) -> Reply:
    """Say what is wrong with a question."""
    templates = PROBLEMS.get(str(error.problem), OTHER_PROBLEM)
    examples = {part.code: part.example for part in GRAMMAR}
    example = f"{phrases.COMMAND} {examples['connector-name']} {examples['window']}"
    return Reply(
        line(phrases.INVALID),
        (
            Paragraph(sentence(templates, {"value": quoted(error.value)})),
            Paragraph(say(phrases.TRY, example=code(example), help=code(f"{phrases.COMMAND} help"))),
        ),
    )


def _no_such(error: NoSuchConnector, window_days: int) -> Reply:
    parts: list[Part] = [Bullets(_rows(error.elsewhere))] if error.elsewhere else []
    for heading, found in ((phrases.BEGIN_SO, error.candidates), (phrases.CLOSEST, error.closest)):
        if found:
            parts += [Paragraph(line(heading)), Bullets(_rows(found))]
    searched = say(phrases.SEARCHED_IN, regions=regions(error.searched))
    parts.append(Paragraph((*searched, Span(" "), Span(phrases.EXACT_ONLY))))
    if error.gaps:
        parts += [Paragraph(line(bold(phrases.NOT_SEARCHED))), Bullets(_gaps(error.gaps))]
    offered = tuple(dict.fromkeys((*error.elsewhere, *error.candidates, *error.closest)))
    return Reply(_not_found(error), tuple(parts), _choices(offered, window_days))


def _not_found(error: NoSuchConnector) -> Line:
    """Say that there is no such connector only where that is known of the whole scope."""
    renewed = error.arn and any(other.name == error.name for other in (*error.candidates, *error.closest))
    template = phrases.ELSEWHERE if error.elsewhere else phrases.NOT_FOUND if error.gaps else phrases.NO_SUCH
    template = phrases.RENEWED if renewed else template
    return say(
        template,
        name=code(quoted(error.name)),
        searched=regions(error.searched),
        elsewhere=regions(tuple(dict.fromkeys(c.region for c in error.elsewhere))),
        unsearched=regions(tuple(dict.fromkeys(gap.resource for gap in error.gaps))),
    )


def _rows(connectors: tuple[ConnectorSummary, ...]) -> tuple[Line, ...]:
    rows = [say(phrases.ROW, name=code(c.name), state=c.state, region=c.region) for c in connectors[:_MOST_OFFERED]]
    left = len(connectors) - _MOST_OFFERED
    return (*rows, *((say(phrases.AND_SO_MANY_MORE, count=str(left)),) if left > 0 else ()))


def _choices(connectors: tuple[ConnectorSummary, ...], window_days: int) -> tuple[Button, ...]:
    """Return a button for each of the first few, the region beside the name where the name alone says too little."""
    several = len({c.name for c in connectors}) < len(connectors)
    return tuple(
        chosen
        for number, c in enumerate(connectors[:_MOST_BUTTONS])
        for chosen in button(Press.CHOOSE, Question(c.arn, window_days), _label(c, with_region=several), number)
    )


def _label(connector: ConnectorSummary, *, with_region: bool) -> str:
    name = connector.name[:_LABEL]
    return f"{name} · {connector.region}" if with_region else name


def _gaps(gaps: Iterable[Unavailable]) -> tuple[Line, ...]:
    said = []
    for gap in list(gaps)[:_MOST_OFFERED]:
        words = worded(gap)
        said.append(
            (
                *sentence(words.lacks, words.data),
                Span(" "),
                *sentence(words.why, words.data),
                Span(" "),
                *sentence(words.remedy, words.data),
            )
        )
    return tuple(said)
