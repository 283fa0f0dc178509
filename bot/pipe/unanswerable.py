"""Questions without an answer, as typed errors. They carry values only; their sentences are in the wording."""

from __future__ import annotations

from dataclasses import dataclass, field

from bot.model import ConnectorSummary, Unavailable


class Unanswerable(Exception):  # noqa: N818  what is asked is at fault, nothing failed
    """A question without an answer. Subclasses carry values only; their sentences are in the wording.

    Not frozen: Python itself sets ``__traceback__`` on exceptions in flight.
    """


@dataclass(eq=False)
class InvalidQuestion(Unanswerable):
    """The text is no question. ``problem`` is a short code (``window-out-of-range``, ``not-a-name``, …)."""

    problem: str
    value: str = ""


@dataclass(eq=False)
class RegionOutOfScope(Unanswerable):
    """The region asked for is not among the regions the bot searches."""

    region: str
    regions: tuple[str, ...]


@dataclass(eq=False)
class NoSuchConnector(Unanswerable):
    """No connector has exactly this name in the regions searched."""

    name: str
    searched: tuple[str, ...]
    #: Names that begin with what was asked, then the closest names that exist.
    candidates: tuple[ConnectorSummary, ...] = ()
    closest: tuple[ConnectorSummary, ...] = ()
    #: Regions that could not be listed: silence there is no evidence.
    gaps: tuple[Unavailable, ...] = ()
    #: Connectors of exactly this name in regions that the question left out.
    elsewhere: tuple[ConnectorSummary, ...] = ()
    #: The ARN that was asked for, where it was one: another connector may have the name now.
    arn: str = ""


@dataclass(eq=False)
class AmbiguousConnector(Unanswerable):
    """Several connectors have this name, in different regions."""

    name: str
    matches: tuple[ConnectorSummary, ...]


@dataclass(eq=False)
class AmbiguousName(Unanswerable):
    """A connector and a role have this name."""

    name: str
    connector: ConnectorSummary
    role_arn: str


@dataclass(eq=False)
class NoSuchRole(Unanswerable):
    """No role has this name in the account, or it could not be read: ``gap`` says which."""

    name: str
    gap: Unavailable


@dataclass(eq=False)
class ConnectorUnreadable(Unanswerable):
    """The connector exists or may exist, but DescribeConnector or every ListConnectors failed."""

    name: str
    gaps: tuple[Unavailable, ...] = field(default_factory=tuple)
