"""The pipe: a question is gathered into evidence, classified, judged, and comes out as an explanation.

Only a question that has no answer at all raises, as a subclass of ``Unanswerable``; whatever could not be read travels
on with the answer, in ``unavailable``.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import fields

from bot.catalogue import Catalogue
from bot.classify import classify
from bot.classify.role import role_cautions
from bot.gather import evidence as gather
from bot.model import (
    Answer,
    AssumeRoleHistory,
    BucketReading,
    Connector,
    DeliveryStreamReading,
    Evidence,
    Explanation,
    LogGroupReading,
    Question,
    RoleEvidence,
    RoleExplanation,
    Unavailable,
    WorkerConfiguration,
)
from bot.readers import (
    Clock,
    ConnectorReader,
    Deadline,
    HistoryReader,
    LogDestinationReader,
    Readers,
    RoleReader,
    Window,
)
from bot.unanswerable import (
    AmbiguousConnector,
    ConnectorUnreadable,
    InvalidQuestion,
    NoSuchConnector,
    RegionOutOfScope,
    Unanswerable,
)
from bot.verdict import judge, judge_role

__all__ = [
    "AmbiguousConnector",
    "Clock",
    "ConnectorReader",
    "ConnectorUnreadable",
    "Deadline",
    "HistoryReader",
    "InvalidQuestion",
    "LogDestinationReader",
    "NoSuchConnector",
    "Readers",
    "RegionOutOfScope",
    "RoleReader",
    "Unanswerable",
    "Window",
    "explain",
    "offline",
]


def explain(question: Question, readers: Readers, catalogue: Catalogue, *, clock: Clock, seconds: float = 10) -> Answer:
    """Answer a question about a connector (by name or ARN) or about a role (by ARN) within ``seconds``.

    ``clock`` gives the time of reading, at which the window ends. Raises the subclasses of Unanswerable.
    """
    evidence = gather(question, readers, clock, seconds)
    if isinstance(evidence, RoleEvidence):
        return RoleExplanation(evidence, role_cautions(evidence), judge_role(evidence), _gaps(evidence), question)
    return _explained(evidence, catalogue, question)


def offline(
    connector: Connector, worker_configuration: WorkerConfiguration | None, catalogue: Catalogue
) -> Explanation:
    """Explain a connector from its description alone, without AWS."""
    return _explained(Evidence(connector, worker_configuration), catalogue)


def _explained(evidence: Evidence, catalogue: Catalogue, question: Question | None = None) -> Explanation:
    classification = classify(evidence, catalogue)
    return Explanation(
        evidence=evidence,
        findings=classification.findings,
        cautions=classification.cautions,
        verdict=judge(evidence, classification.findings),
        unavailable=_gaps(evidence),
        question=question,
    )


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
            yield from value.coverage.gaps
        case Evidence() | RoleEvidence() | BucketReading() | LogGroupReading() | DeliveryStreamReading():
            for field in fields(value):
                yield from _unavailable(getattr(value, field.name))
