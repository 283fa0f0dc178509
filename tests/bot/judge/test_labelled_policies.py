"""Policies of public repositories, each labelled with what it means for MSK Connect or for log delivery."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from bot.catalogue import load
from bot.classify import classify
from bot.judge import judge_connector
from bot.model import (
    S3,
    Basis,
    BucketState,
    CautionCode,
    CloudWatchLogs,
    Connector,
    ConnectorAnswer,
    Evidence,
    LogDestination,
    LogDestinationState,
    LogGroupState,
    ResourcePolicy,
    Role,
)

CASES = [json.loads(path.read_text()) for path in sorted((Path(__file__).parents[2] / "policies").glob("*.json"))]
CATALOGUE = load()
#: What a warning about the trust policy means; without any it is sound.
TRUST = {
    CautionCode.ROLE_OPEN_TO_ANYBODY: "open-to-anybody",
    CautionCode.TRUST_POLICY_DENIES_MSK_CONNECT: "refused",
    CautionCode.TRUST_POLICY_STALE_SOURCE_ARN: "stale-source-arn",
    CautionCode.TRUST_POLICY_UNDECIDED: "unknown",
    CautionCode.TRUST_POLICY_CONFUSED_DEPUTY: "open-to-any-account",
}


def answer(case: dict[str, Any]) -> ConnectorAnswer:
    """Judge the case as that of one connector whose worker logs, or whose role, its documents are about."""
    asked = case["request"]
    destination, state = _destination(case)
    connector = Connector(
        "orders-s3-sink",
        asked["connector_arn"],
        asked["region"],
        "RUNNING",
        asked.get("role_arn") or f"arn:{asked['partition']}:iam::{asked['account']}:role/orders-exec",
        "IAM",
        log_destinations=(destination,) if destination else (),
    )
    trust = next(iter(_attached(case, "role")), None)
    role = Role(connector.role_arn, connector.role_arn.rpartition("/")[2], trust.document) if trust else None
    evidence = Evidence(connector, role=role, log_destinations=(state,) if state else ())
    return judge_connector(evidence, classify(evidence, CATALOGUE))


def _destination(case: dict[str, Any]) -> tuple[LogDestination | None, LogDestinationState | None]:
    asked = case["request"]
    if case["kind"] == "trust":
        return None, None
    if case["kind"] == "logs":
        group = asked["log_group"]
        return CloudWatchLogs(group), LogGroupState(group, _attached(case, "account"), _attached(case, "log-group"))
    bucket, key = (next(iter(_attached(case, kind)), None) for kind in ("bucket", "key"))
    state = BucketState(asked["bucket"], bucket, asked.get("kms_key", ""), key)
    return S3(asked["bucket"], asked.get("prefix", "")), state


def _attached(case: dict[str, Any], to: str) -> tuple[ResourcePolicy, ...]:
    documents = [document for document in case["documents"] if document["attached_to"] == to]
    return tuple(ResourcePolicy(each.get("name", to), to, each["policy"]) for each in documents)


def meant(case: dict[str, Any], answered: ConnectorAnswer) -> str:
    """Return the class that the answer amounts to."""
    warned = {caution.code: caution.reason.code for caution in answered.cautions}
    if case["kind"] == "trust":
        return next((TRUST[code] for code in TRUST if code in warned), "sound")
    if (code := warned.get(CautionCode.LOG_GRANT_MISSING)) is not None:
        return next((word for word in ("half", "denied") if word in code), "missing")
    if CautionCode.LOG_GRANT_UNREADABLE in warned:
        return "unknown"
    (logs,) = (finding for finding in answered.findings if finding.activity == "worker-logs")
    return "granted" if logs.basis is Basis.OBSERVED else "not judged"


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case['id']}: {case['why']}")
def test_a_policy_of_the_wild_means_what_its_label_says(case: dict[str, Any]) -> None:
    assert meant(case, answer(case)) in case["accept"]
