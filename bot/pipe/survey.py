"""Reading a whole fleet: the connectors of every region side by side, then the history of all their roles at once."""

from __future__ import annotations

from datetime import timedelta

from bot.arn import role_name
from bot.inventory.roles import Inventory, by_role, rows
from bot.model import Question
from bot.pipe.find import collect, list_connectors, regions_of
from bot.pipe.ports import Clock, ConnectorReader, Deadline, RolesHistoryReader, Window
from bot.pipe.reads import Reads

#: Of the whole time: how long a region may take to list its connectors.
_LISTING_SHARE = 0.4


def survey(
    question: Question,
    connectors: ConnectorReader,
    histories: RolesHistoryReader,
    regions: tuple[str, ...],
    *,
    clock: Clock,
    seconds: float,
) -> Inventory:
    """Read every role that a connector names, within ``seconds``.

    Of the question only window and region count; ``regions`` is the scope where it names none. ``clock`` gives the
    time at which the window ends. Raises RegionOutOfScope.
    """
    now = clock()
    wanted = regions_of(question, regions)
    deadline = Deadline.after(seconds)
    listing = list_connectors(connectors, wanted, Reads(deadline, len(wanted)))
    listed = collect(listing, Deadline.after(_LISTING_SHARE * seconds))
    roles = by_role(listed.connectors)
    homes = {arn: tuple(dict.fromkeys(c.region for c in naming)) for arn, naming in roles.items() if role_name(arn)}
    answers = histories.read(homes, Window(now - timedelta(days=question.window_days), now), deadline)
    return Inventory(
        roles=rows(roles, answers),
        window_days=question.window_days,
        read_at=now,
        histories=tuple({id(answer): answer for answer in answers.values()}.values()),
        without_role=tuple(connector for connector in listed.connectors if not connector.role_arn),
        searched_regions=listed.regions,
        gaps=listed.gaps,
    )
