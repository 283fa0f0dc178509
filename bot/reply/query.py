"""The CloudTrail query for a role, in the language of the store that the answer was read from."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from bot.cloudtrail.stores import DEFAULT, HistoryStore, store_named
from bot.model import Answer, Coverage
from bot.reply.about import history_of, regions, role_arn_of, short_role, window_of
from bot.reply.lines import names, say
from bot.reply.nouns import Code, Paragraph, Part, Reply, code, line
from bot.reply.wording import phrases


def query(answer: Answer) -> Reply:
    """Return the query, ready to copy."""
    arn = role_arn_of(answer)
    return Reply(say(phrases.QUERY, role=code(short_role(arn))), tuple(_parts(answer, arn)), title=phrases.QUERY_TITLE)


def _parts(answer: Answer, arn: str) -> Iterator[Part]:
    history = history_of(answer)
    covered = history.coverage if history else None
    places = names(covered.places if covered else ())
    where = regions(covered.regions if covered else ())
    for written in _store(covered).queries(arn, covered):
        how = say(written.how, language=written.language, places=places, window=window_of(answer), regions=where)
        yield Paragraph(how)
        yield Code(written.text)
        limits = (phrases.QUERY_LIMITS,) if written.over_trail else ()
        others = (phrases.QUERY_OTHERS,) if written.by_msk_connect else ()
        if limits or others:
            yield Paragraph(line(*limits, *others))


def _store(covered: Coverage | None) -> HistoryStore[Any]:
    """Return the store that was read; the default one where none was, or where it is not known by which places."""
    store = store_named(covered.source) if covered else None
    if store is None or covered is None or (store.reads_trail and not covered.places):
        return DEFAULT
    return store
