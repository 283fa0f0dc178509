"""A whole fleet: every role that a connector names, those that CloudTrail does not show first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from bot.arn import parse_arn
from bot.cloudtrail.stores import STORES, HistoryStore
from bot.inventory.roles import Inventory, InventoryRole, Sighting
from bot.model import RolesHistory, RoleUse, Unavailable
from bot.pipe.parse import quoted
from bot.pipe.unanswerable import InvalidQuestion, RegionOutOfScope, Unanswerable
from bot.reply.about import regions, short_role
from bot.reply.details import gap_line
from bot.reply.json import gap_objects, summary_object, utc
from bot.reply.lines import names, say, sentence
from bot.reply.moments import both, days, times
from bot.reply.nouns import Bullets, Code, Line, Paragraph, Part, Reply, Table, code, line
from bot.reply.trail import coverage_facts
from bot.reply.wording import inventory as said
from bot.reply.wording import phrases
from bot.reply.wording.failures import OTHER_PROBLEM


def overview(fleet: Inventory) -> Reply:
    """Return the table and what it rests on; without a single role, why there is none."""
    if not fleet.roles and not fleet.without_role:
        return Reply(_nothing(fleet))
    return Reply(_headline(fleet), tuple(_parts(fleet)))


def documents(fleet: Inventory) -> Iterator[dict[str, Any]]:
    """Yield one object of JSON types a role, in the order of the table.

    ``trail`` is null where nothing was read; its ``bytes_scanned`` are those of the one query for all roles.
    """
    for role in fleet.roles:
        history = role.history
        unread = history.coverage.gaps if isinstance(history, RolesHistory) else (history,) if history else ()
        yield {
            "role": {
                "arn": role.arn,
                "connectors": [summary_object(connector) for connector in role.connectors],
                "searched_regions": list(fleet.searched_regions),
            },
            "sighting": role.sighting.value,
            "trail": _trail(history, role.use) if isinstance(history, RolesHistory) else None,
            "unavailable": gap_objects((*fleet.gaps, *unread)),
        }


def one_by_one(asked: Iterable[HistoryStore[Any]]) -> Reply:
    """Return why these stores are not asked about a fleet, and which ones would be."""
    able = " or ".join(store.name for store in STORES if store.answers_for_many)
    return Reply(say(said.ONE_BY_ONE, stores=able, why="; ".join(store.one_by_one for store in asked)))


def failure(error: Unanswerable) -> Reply:
    """Return, in one line, why there is no answer."""
    match error:
        case InvalidQuestion():
            templates = said.PROBLEMS.get(str(error.problem), OTHER_PROBLEM)
            return Reply((*sentence(templates, {"value": quoted(error.value)}), *line(" ", said.USAGE)))
        case RegionOutOfScope():
            refused = say(phrases.REGION_OUT_OF_SCOPE, region=code(quoted(error.region)))
            return Reply((*refused, *line(". "), *say(phrases.REGIONS_ARE, regions=names(error.regions))))
    return Reply(line(phrases.NO_ANSWER))


def _nothing(fleet: Inventory) -> Line:
    if fleet.gaps:
        return say(said.NOTHING_LISTED, gap=gap_line(fleet.gaps[0]))
    return say(said.NO_CONNECTORS, regions=regions(fleet.searched_regions))


def _headline(fleet: Inventory) -> Line:
    read = [answer for answer in fleet.histories if isinstance(answer, RolesHistory)]
    silent = sum(role.sighting is Sighting.NOT_OBSERVED for role in fleet.roles)
    complete = len(read) == len(fleet.histories) and all(answer.coverage.complete for answer in read)
    return say(
        said.HEADLINE if read else said.HEADLINE_UNREAD,
        roles=_counted(len(fleet.roles), "role"),
        connectors=_counted(sum(len(role.connectors) for role in fleet.roles), "connector"),
        regions=regions(fleet.searched_regions),
        silent=str(silent or "none"),
        not_observed=_not_observed(fleet, complete=complete),
    )


def _parts(fleet: Inventory) -> Iterator[Part]:
    accounts = {arn.account for arn in (parse_arn(role.arn) for role in fleet.roles) if arn}
    yield Table(said.HEADER, tuple(_row(role, fleet, whole_arn=len(accounts) > 1) for role in fleet.roles))
    yield Paragraph(line(said.REMINDER))
    yield Bullets(tuple(_facts(fleet)))
    yield Paragraph(line(said.NEXT))
    yield Code(said.COMMANDS.format(command=phrases.COMMAND))


def _row(role: InventoryRole, fleet: Inventory, *, whole_arn: bool) -> tuple[Line, ...]:
    name = code(role.arn if whole_arn else short_role(role.arn))
    connectors = names(f"{c.name} ({c.state or phrases.NO_STATE}, {c.region})" for c in role.connectors)
    history, use = role.history, role.use
    if not isinstance(history, RolesHistory):
        return (line(name), connectors, line(said.CELLS[role.sighting]), line(""))
    complete = history.coverage.complete
    if use is None:
        return (line(name), connectors, line(_not_observed(fleet, complete=complete)), line(""))
    counted = line(times(use.count)) if complete else say(phrases.AT_LEAST_TIMES, times=times(use.count))
    return (line(name), connectors, line(both(use.last, fleet.read_at)), counted)


def _not_observed(fleet: Inventory, *, complete: bool) -> str:
    extent = phrases.READ_COMPLETELY if complete else said.NOT_COMPLETELY
    return said.NOT_OBSERVED.format(window=days(fleet.window_days), extent=extent)


def _facts(fleet: Inventory) -> Iterator[Line]:
    """Yield what was read of CloudTrail, at which cost, and what was not."""
    read = [answer.coverage for answer in fleet.histories if isinstance(answer, RolesHistory)]
    for covered in read:
        yield from coverage_facts(covered)
    yield say(phrases.SEARCHED, regions=regions(fleet.searched_regions))
    if unasked := sum(role.sighting is Sighting.NOT_ASKED for role in fleet.roles):
        store = " or ".join(store.title for store in STORES if not store.answers_for_many)
        yield say(said.NOT_ASKED, roles=_counted(unasked, "role"), store=store)
    if fleet.without_role:
        yield say(said.WITHOUT_ROLE, connectors=names(f"{c.name} ({c.region})" for c in fleet.without_role))
    unread = (answer for answer in fleet.histories if isinstance(answer, Unavailable))
    gaps = dict.fromkeys((*fleet.gaps, *unread, *(gap for covered in read for gap in covered.gaps)))
    yield from map(gap_line, gaps)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" if count == 1 else f"{count:,} {noun}s"


def _trail(history: RolesHistory, use: RoleUse | None) -> dict[str, Any]:
    coverage = history.coverage
    return {
        "source": coverage.source,
        "regions": list(coverage.regions),
        "window_from": utc(coverage.window_from),
        "window_to": utc(coverage.window_to),
        "read_from": utc(coverage.read_from),
        "complete": coverage.complete,
        "stopped_because": coverage.stopped_because.value if coverage.stopped_because else None,
        "last_assumed": utc(use.last) if use else None,
        "count": use.count if use else 0,
        "bytes_scanned": coverage.bytes_scanned,
    }
