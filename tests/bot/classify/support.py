"""Shorthand for the tables of the classifier's tests: a configuration in, paths and codes out."""

from __future__ import annotations

from collections.abc import Mapping

from bot.catalogue import Catalogue, load
from bot.classify import Classification, classify
from bot.model import (
    Connector,
    Evidence,
    Finding,
    LogDestination,
    Properties,
    RevisionRef,
    WorkerConfiguration,
)

CATALOGUE = load()
ACCOUNT = "111122223333"
ROLE = f"arn:aws:iam::{ACCOUNT}:role/MskConnectExecution"
OTHER_ROLE = "arn:aws:iam::444455556666:role/DataAccess"
_WORKER_ARN = f"arn:aws:kafkaconnect:us-east-1:{ACCOUNT}:worker-configuration/demo/1-2"

#: What the execution role does by itself, through another role, and what static keys do.
EXECUTION_ROLE = {"service-execution-role"}
VIA_ROLE = {"assumed-role via service-execution-role"}
VIA_KEYS = {"assumed-role via static-credentials"}
KEYS = {"static-credentials"}
NO_IAM = {"no-iam"}
UNKNOWN = {"unknown"}
NOTHING: set[str] = set()

#: Warnings that nearly every connector gets, whatever its configuration says. Each has tests of its own; the many tests
#: that state all warnings of one configuration leave these out, so that one more of them changes no other test.
GENERAL: frozenset[str] = frozenset()


def connector(
    configuration: Mapping[str, str],
    *,
    authentication: str = "NONE",
    role: str = ROLE,
    partition: str = "aws",
    region: str = "us-east-1",
    names_worker: bool = False,
    log_destinations: tuple[LogDestination, ...] = (),
) -> Connector:
    """Return a connector called ``demo`` with this configuration."""
    return Connector(
        name="demo",
        arn=f"arn:{partition}:kafkaconnect:{region}:{ACCOUNT}:connector/demo/1-2",
        region=region,
        state="RUNNING",
        role_arn=role,
        authentication_type=authentication,
        configuration=Properties(configuration),
        worker_configuration=RevisionRef(_WORKER_ARN, 1) if names_worker else None,
        log_destinations=log_destinations,
    )


def classified(
    configuration: Mapping[str, str],
    worker: Mapping[str, str] | None = None,
    *,
    authentication: str = "NONE",
    catalogue: Catalogue = CATALOGUE,
) -> Classification:
    """Classify a configuration, with the worker's properties where there are any."""
    described = connector(configuration, authentication=authentication, names_worker=worker is not None)
    read = WorkerConfiguration(_WORKER_ARN, "demo", 1, Properties(worker)) if worker is not None else None
    return classify(Evidence(described, read), catalogue)


def matching(classification: Classification, activity: str, component: str = "", subject: str = "") -> list[Finding]:
    """Return the findings of an activity, a component and a subject; empty means any."""
    return [
        finding
        for finding in classification.findings
        if finding.activity == activity and component in ("", finding.component) and subject in ("", finding.subject)
    ]


def paths(classification: Classification, activity: str, component: str = "", subject: str = "") -> set[str]:
    """Return the paths of those findings, as ``assumed-role via static-credentials``."""
    return {
        f"{finding.path} via {finding.via}" if finding.via else str(finding.path)
        for finding in matching(classification, activity, component, subject)
    }


def codes(classification: Classification) -> set[str]:
    """Return the codes of the warnings, but for the general ones."""
    return {caution.code.value for caution in classification.cautions} - GENERAL


def actions(classification: Classification, component: str, subject: str) -> set[str]:
    """Return the actions that a component needs of a subject."""
    return {
        action
        for finding in classification.findings
        if (finding.component, finding.subject) == (component, subject)
        for action in finding.actions
    }


def resources(classification: Classification, component: str, subject: str) -> set[str]:
    """Return the resources that a component needs of a subject."""
    return {
        resource
        for finding in classification.findings
        if (finding.component, finding.subject) == (component, subject)
        for resource in finding.resources
    }
