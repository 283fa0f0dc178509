"""Which connector a question means: the scope of its search, exact names, and the names that come close."""

from __future__ import annotations

import difflib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import partial

from bot.arn import region_of
from bot.model import ConnectorSummary, Question, Unavailable
from bot.pipe.ports import ConnectorReader, Deadline
from bot.pipe.reads import Pending, Reads
from bot.pipe.unanswerable import AmbiguousConnector, ConnectorUnreadable, NoSuchConnector, RegionOutOfScope

LIST_CONNECTORS = "kafkaconnect:ListConnectors"
_MOST_CLOSEST = 5
_CLOSE_ENOUGH = 0.6

Summaries = tuple[ConnectorSummary, ...]
#: ListConnectors under way, by region.
Listing = Mapping[str, Pending[Summaries]]


@dataclass(frozen=True, slots=True)
class Listed:
    """What ListConnectors said over several regions."""

    connectors: Summaries = ()
    #: Regions that answered.
    regions: tuple[str, ...] = ()
    gaps: tuple[Unavailable, ...] = ()


def regions_of(question: Question, scope: tuple[str, ...]) -> tuple[str, ...]:
    """Return the regions that a question is about; raises RegionOutOfScope for one that is not searched."""
    own = region_of(question.subject)
    wanted = {region for region in (question.region, own) if region}
    for region in sorted(wanted):
        if region not in scope:
            raise RegionOutOfScope(region, scope)
    if len(wanted) > 1 and question.region:
        raise RegionOutOfScope(own, (question.region,))
    return tuple(region for region in scope if region in wanted) or scope


def list_connectors(reader: ConnectorReader, regions: Iterable[str], reads: Reads, prefix: str = "") -> Listing:
    """Begin to list the connectors of every region whose names begin with ``prefix``.

    AWS filters by prefix, so a name answers in one page where listing everything takes many.
    """
    return {region: reads.start(LIST_CONNECTORS, region, partial(reader.list, region, prefix)) for region in regions}


def collect(listing: Listing, deadline: Deadline | None = None) -> Listed:
    """Wait for a listing, and keep regions that could not be listed apart."""
    answers = {region: pending.value(deadline) for region, pending in listing.items()}
    listed = {region: answer for region, answer in answers.items() if not isinstance(answer, Unavailable)}
    return Listed(
        connectors=tuple(summary for summaries in listed.values() for summary in summaries),
        regions=tuple(listed),
        gaps=tuple(answer for answer in answers.values() if isinstance(answer, Unavailable)),
    )


def find(name: str, found: Listed, everything: Listing, deadline: Deadline) -> ConnectorSummary:
    """Return the connector of exactly this name among those ``found`` by its beginning.

    A region that could not be listed does not hold up a connector that is found elsewhere. Raises AmbiguousConnector,
    NoSuchConnector, and ConnectorUnreadable where no region could be listed.
    """
    exact = tuple(summary for summary in found.connectors if summary.name == name)
    if len(exact) > 1:
        raise AmbiguousConnector(name, exact)
    if exact:
        return exact[0]
    if not found.regions:
        raise ConnectorUnreadable(name, found.gaps)
    raise no_such_connector(name, found, everything, deadline)


def no_such_connector(
    name: str, found: Listed, everything: Listing, deadline: Deadline, *, but: str = ""
) -> NoSuchConnector:
    """Say where a name was looked for and what exists instead, leaving out the connector with the ARN ``but``."""
    candidates = tuple(s for s in sorted(found.connectors, key=lambda s: (s.name, s.region)) if s.arn != but)
    others = tuple(s for s in collect(everything, deadline).connectors if s.arn != but and s not in candidates)
    elsewhere = tuple(s for s in others if s.name == name and s.region not in found.regions)
    closest = _closest(name, (s for s in others if s not in elsewhere))
    return NoSuchConnector(name, found.regions, candidates, closest, found.gaps, elsewhere, but)


def _closest(name: str, summaries: Iterable[ConnectorSummary]) -> Summaries:
    asked = name.lower()
    scored = [(_closeness(asked, summary.name.lower()), summary) for summary in summaries]
    near = [(score, summary) for score, summary in scored if score >= _CLOSE_ENOUGH]
    near.sort(key=lambda pair: (pair[1].name.lower() != asked, -pair[0], pair[1].name, pair[1].region))
    return tuple(summary for _, summary in near[:_MOST_CLOSEST])


def _closeness(asked: str, name: str) -> float:
    """Return from 0 to 1 how close a name comes: as a whole, or by a part of it that was asked for or misspelt."""
    if asked in name:
        return 1
    whole = difflib.SequenceMatcher(None, name, asked, autojunk=False)
    beginning = difflib.SequenceMatcher(None, name[: len(asked) + 1], asked, autojunk=False)
    return max(m.ratio() if m.quick_ratio() >= _CLOSE_ENOUGH else 0 for m in (whole, beginning))
