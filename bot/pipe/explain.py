"""The pipe: a question is gathered into evidence, classified, judged, and comes out as an explanation.

Only a question that has no answer at all raises, as a subclass of ``Unanswerable``; whatever could not be read travels
on with the answer, in ``unavailable``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from bot.catalogue import Catalogue
from bot.classify import classify
from bot.judge import judge_connector, judge_role
from bot.model import (
    Answer,
    AssumeRoleHistory,
    BucketState,
    Connector,
    ConnectorAnswer,
    DeliveryStreamState,
    Evidence,
    LogGroupState,
    Question,
    RoleEvidence,
    Unavailable,
    WorkerConfiguration,
)
from bot.pipe.gather import gather
from bot.pipe.ports import Clock, Readers


def explain(question: Question, readers: Readers, catalogue: Catalogue, *, clock: Clock, seconds: float = 10) -> Answer:
    """Answer a question about a connector (by name or ARN) or about a role (by ARN) within ``seconds``.

    ``clock`` gives the time of reading, at which the window ends. Raises the subclasses of Unanswerable.
    """
    evidence = gather(question, readers, clock, seconds)
    if isinstance(evidence, RoleEvidence):
        return judge_role(evidence, unavailable=_gaps(evidence), question=question)
    return _explained(evidence, catalogue, question)


def offline(
    connector: Connector, worker_configuration: WorkerConfiguration | None, catalogue: Catalogue
) -> ConnectorAnswer:
    """Explain a connector from its description alone, without AWS."""
    return _explained(Evidence(connector, worker_configuration), catalogue)


def _explained(evidence: Evidence, catalogue: Catalogue, question: Question | None = None) -> ConnectorAnswer:
    return judge_connector(evidence, classify(evidence, catalogue), unavailable=_gaps(evidence), question=question)


def _gaps(evidence: Evidence | RoleEvidence) -> tuple[Unavailable, ...]:
    """Return each read that failed once, in the order of the evidence's fields."""
    return tuple(dict.fromkeys(_unavailable(evidence)))


def _unavailable(value: object) -> Iterator[Unavailable]:
    match value:
        case Unavailable():
            yield value
        case tuple():
            for item in value:
                yield from _unavailable(item)
        case AssumeRoleHistory():
            yield from (*value.coverage.gaps, *value.coverage.aside)
        case Evidence() | RoleEvidence() | BucketState() | LogGroupState() | DeliveryStreamState():
            for field in fields(value):
                yield from _unavailable(getattr(value, field.name))
