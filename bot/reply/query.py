"""The CloudTrail query for a role, in the language of the store that the answer was read from."""

from __future__ import annotations

import shlex
from collections.abc import Iterator

from bot.cloudtrail.queries import AthenaTable, Partitions, article_query, athena_history
from bot.model import Answer, Coverage
from bot.reply.about import history_of, regions, role_arn_of, short_role, window_of
from bot.reply.lines import names, say
from bot.reply.nouns import Code, Line, Paragraph, Part, Reply, code, line
from bot.reply.wording import phrases


def query(answer: Answer) -> Reply:
    """Return the query, ready to copy."""
    arn = role_arn_of(answer)
    return Reply(say(phrases.QUERY, role=code(short_role(arn))), tuple(_parts(answer, arn)), title=phrases.QUERY_TITLE)


def _parts(answer: Answer, arn: str) -> Iterator[Part]:
    history, window = history_of(answer), window_of(answer)
    match history.coverage if history else None:
        case Coverage(source="athena", places=(place,)) as covered:
            yield Paragraph(say(phrases.QUERY_HOW_TABLE, places=code(place), window=window))
            yield Code(_sql(place, arn, covered))
            yield Paragraph(line(phrases.QUERY_LIMITS))
        case Coverage(source="logs-insights", places=places) if places:
            yield from _insights(arn, say(phrases.QUERY_HOW_GROUPS, places=names(places), window=window))
        case covered:
            where = covered.regions if covered else ()
            yield from _insights(arn, say(phrases.QUERY_HOW, window=window, regions=regions(where)))
            yield Paragraph(line(phrases.QUERY_CLI))
            yield Code("\n".join(_look_ups(arn, where)))


def _sql(table: str, arn: str, covered: Coverage) -> str:
    database, _, name = table.partition(".")
    within = Partitions(covered.accounts, covered.regions, covered.window_from, covered.window_to)
    return athena_history(AthenaTable(database, name), arn, within)


def _insights(arn: str, how: Line) -> Iterator[Part]:
    yield Paragraph(how)
    yield Code(article_query(arn))
    yield Paragraph(line(phrases.QUERY_LIMITS, phrases.QUERY_OTHERS))


def _look_ups(arn: str, where: tuple[str, ...]) -> Iterator[str]:
    attribute = shlex.quote(f"AttributeKey=ResourceName,AttributeValue={arn}")
    for at in [f" --region {region}" for region in where] or [""]:
        yield f"aws cloudtrail lookup-events --lookup-attributes {attribute}{at}"
