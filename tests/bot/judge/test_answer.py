"""All decisions about a connector or a role together, as an answer carries them."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.classify import Classification
from bot.judge import judge_connector, judge_role
from bot.model import (
    S3,
    Activity,
    Basis,
    BucketState,
    Cause,
    CloudWatchLogs,
    Component,
    Connector,
    ConnectorOperation,
    ConnectorSummary,
    DeliveryStreamState,
    Evidence,
    Finding,
    Firehose,
    LogGroupState,
    PermissionPath,
    Reason,
    Role,
    RoleEvidence,
    Unavailable,
)
from tests.bot.judge.test_grants import ACL, CONNECTOR, WRITE, policy
from tests.bot.judge.test_verdict import ANN, NOW, ON_ROLE, event, seen
from tests.bot.judge.test_verdict import evidence as resting

GROUP_POLICY = {
    "Effect": "Allow",
    "Principal": {"Service": "delivery.logs.amazonaws.com"},
    "Action": ["logs:CreateLogStream", "logs:PutLogEvents"],
    "Resource": "*",
}
READ = (
    DeliveryStreamState("orders", {"LogDeliveryEnabled": "true"}, True),
    LogGroupState("/msk/orders", (policy(GROUP_POLICY, name="vended"),), ()),
    BucketState("orders-logs", policy(ACL, WRITE)),
)


def finding(activity: Activity, subject: str) -> Finding:
    return Finding(
        activity, Component.WORKER, subject, PermissionPath.SERVICE_LINKED_ROLE, Basis.DOCUMENTED, Reason("x"), ""
    )


FINDINGS = (
    finding(Activity.WORKER_LOGS, "s3"),
    finding(Activity.WORKER_LOGS, "logs"),
    finding(Activity.WORKER_LOGS, "firehose"),
    finding(Activity.AWS_ACCESS, "s3"),
)


def judged(evidence: Evidence, findings: tuple[Finding, ...] = ()) -> Any:
    return judge_connector(evidence, Classification(findings, ()))


def test_each_destination_is_judged_by_what_was_read_of_it() -> None:
    answer = judged(Evidence(CONNECTOR, log_destinations=READ))
    assert [(type(g.destination), type(g.state), g.grant.state.value) for g in answer.grants] == [
        (S3, BucketState, "missing"),  # its policy is for another prefix
        (CloudWatchLogs, LogGroupState, "present"),
        (Firehose, DeliveryStreamState, "present"),
    ]


def test_a_destination_of_which_nothing_was_read_is_unchecked() -> None:
    other = BucketState("another", policy(ACL, WRITE))
    answer = judged(Evidence(CONNECTOR, log_destinations=(other,)))
    assert [(g.state, g.grant.state.value, g.additions) for g in answer.grants] == [(None, "unchecked", ())] * 3
    assert answer.cautions == ()


def test_a_finding_about_logs_rests_on_the_grant_that_was_seen() -> None:
    plain = replace(CONNECTOR, log_destinations=(S3("orders-logs"), *CONNECTOR.log_destinations[1:]))
    bucket, group, stream, other = judged(Evidence(plain, log_destinations=READ), FINDINGS).findings
    assert {found.basis for found in (bucket, group, stream)} == {Basis.OBSERVED}
    assert [(shown.kind.value, shown.name) for shown in bucket.evidence] == [("policy", "orders-logs")]
    assert [(shown.kind.value, shown.name) for shown in group.evidence] == [("policy", "vended")]
    assert [(shown.kind.value, shown.name) for shown in stream.evidence] == [
        ("api", "LogDeliveryEnabled=true"),
        ("api", "AWSServiceRoleForLogDelivery"),
    ]
    assert other == FINDINGS[3]


def test_a_finding_about_logs_stays_as_it_is_where_no_grant_was_seen() -> None:
    assert judged(Evidence(CONNECTOR), FINDINGS).findings == FINDINGS


def paused(state: str, *operations: tuple[str, str, datetime, datetime | None]) -> Any:
    connector = replace(CONNECTOR, state=state)
    return judged(
        Evidence(connector, operations=tuple(ConnectorOperation("arn", *operation) for operation in operations))
    ).paused_since


EARLY, LATE = NOW - timedelta(days=9), NOW - timedelta(days=2)


@pytest.mark.parametrize(
    ("state", "operations", "since"),
    [
        ("PAUSED", [("PAUSE_CONNECTOR", "PAUSE_COMPLETE", EARLY, EARLY + timedelta(minutes=5))], timedelta(minutes=5)),
        ("PAUSED", [("PAUSE_CONNECTOR", "PAUSE_IN_PROGRESS", EARLY, None)], timedelta(0)),
        (
            "PAUSED",
            [("PAUSE_CONNECTOR", "PAUSE_COMPLETE", at, at) for at in (EARLY, LATE)],
            LATE - EARLY,
        ),
        ("PAUSED", [("UPDATE_CONNECTOR", "UPDATE_COMPLETE", EARLY, EARLY)], None),
        ("RUNNING", [("PAUSE_CONNECTOR", "PAUSE_COMPLETE", EARLY, EARLY)], None),
        ("PAUSED", [], None),
    ],
)
def test_a_pause_lasts_since_its_last_operation(state: str, operations: Any, since: timedelta | None) -> None:
    assert paused(state, *operations) == (None if since is None else EARLY + since)


def test_operations_that_were_not_read_show_no_pause() -> None:
    unread = Unavailable("kafkaconnect:ListConnectorOperations", "x", Cause.TIMEOUT)
    assert judged(Evidence(replace(CONNECTOR, state="PAUSED"), operations=unread)).paused_since is None


ROLE = CONNECTOR.role_arn
GONE = Unavailable("iam:GetRole", ROLE, Cause.NOT_FOUND)
TRUST = {
    "Statement": [
        {"Effect": "Allow", "Principal": {"Service": "kafkaconnect.amazonaws.com"}, "Action": "sts:AssumeRole"}
    ]
}
OTHER = ConnectorSummary("other", CONNECTOR.arn.replace("orders-s3-sink", "other"), "eu-west-1", "RUNNING", ROLE)


def codes(answer: Any) -> list[str]:
    return [caution.code.value for caution in answer.cautions]


def test_the_warnings_about_a_connectors_role_come_gravest_first() -> None:
    history = seen(event(ANN), event(error="AccessDenied", days=1))
    evidence = Evidence(replace(CONNECTOR, log_destinations=()), role=GONE, history=history, sharing=(OTHER,))
    assert codes(judged(evidence)) == ["role-missing", "assume-role-failing", "role-assumed-by-others", "role-shared"]
    named_wrongly = replace(evidence, connector=replace(evidence.connector, role_arn=ANN))
    assert "execution-role-not-a-role" in codes(judged(named_wrongly))
    unnamed = replace(evidence, connector=replace(evidence.connector, role_arn=""))
    assert "execution-role-not-a-role" not in codes(judged(unnamed))


@pytest.mark.parametrize(("connectors", "shared"), [((), False), ((OTHER,), False), ((OTHER, OTHER), True)])
def test_a_role_is_shared_by_two(connectors: tuple[ConnectorSummary, ...], *, shared: bool) -> None:
    answer = judge_role(RoleEvidence(ROLE, connectors=connectors, searched_regions=("eu-west-1",)))
    assert ("role-shared" in codes(answer)) is shared


@pytest.mark.parametrize(("connectors", "warned"), [((), False), ((OTHER,), True)])
def test_what_is_no_role_is_warned_of_where_a_connector_names_it(connectors: Any, *, warned: bool) -> None:
    answer = judge_role(RoleEvidence(ANN, connectors=connectors, searched_regions=("eu-west-1",)))
    assert ("execution-role-not-a-role" in codes(answer)) is warned


def test_the_trust_warning_names_the_regions_that_were_searched() -> None:
    role = Role(ROLE, "orders", TRUST)
    unlisted = Unavailable("kafkaconnect:ListConnectors", "us-east-1", Cause.TIMEOUT)
    regions = ("eu-west-1", "us-east-1", "eu-north-1")
    evidence = Evidence(CONNECTOR, role=role, searched_regions=regions, gaps=(unlisted,), sharing=(OTHER,))
    for answer in (
        judged(evidence),
        judge_role(RoleEvidence(ROLE, role, (OTHER,), searched_regions=regions, gaps=(unlisted,))),
    ):
        (caution,) = [c for c in answer.cautions if c.code == "trust-policy-confused-deputy"]
        assert caution.reason.data["searched"] == ("eu-west-1", "eu-north-1")
        assert [(shown.kind.value, shown.name) for shown in caution.evidence] == [("api", "iam:GetRole")]


def test_an_answer_carries_what_it_was_asked_and_what_it_lacks() -> None:
    gap = Unavailable("iam:GetRole", ROLE, Cause.TIMEOUT)
    evidence = Evidence(Connector("c", CONNECTOR.arn, "eu-west-1", "RUNNING", ROLE, "IAM"))
    answer = judge_connector(evidence, Classification(FINDINGS, ()), unavailable=(gap,))
    assert (answer.evidence, answer.findings, answer.unavailable) == (evidence, FINDINGS, (gap,))
    about_role = judge_role(RoleEvidence(ROLE), unavailable=(gap,))
    assert (about_role.evidence, about_role.unavailable) == (RoleEvidence(ROLE), (gap,))


def test_a_missing_grant_names_its_destination_and_what_shows_that() -> None:
    read = (
        BucketState("orders-logs", None),
        LogGroupState("/msk/orders", (), ()),
        DeliveryStreamState("orders", {}, False),
    )
    told = [
        (
            caution.reason.data["destination"],
            caution.reason.data["name"],
            caution.reason.data["missing"],
            [(shown.kind.value, shown.name) for shown in caution.evidence],
        )
        for caution in judged(Evidence(CONNECTOR, log_destinations=read)).cautions
    ]
    assert told == [
        (
            "s3",
            "orders-logs",
            ("AWSLogDeliveryAclCheck", "AWSLogDeliveryWrite"),
            [("api", "s3:GetBucketPolicy")],
        ),
        ("logs", "/msk/orders", ("AWSLogDeliveryWrite20150319",), [("api", "logs:DescribeResourcePolicies")]),
        (
            "firehose",
            "orders",
            ("LogDeliveryEnabled", "AWSServiceRoleForLogDelivery"),
            [("api", "firehose:ListTagsForDeliveryStream"), ("api", "iam:GetRole")],
        ),
    ]


def test_an_unreadable_grant_names_its_destination_and_what_failed() -> None:
    def failed(operation: str) -> Unavailable:
        return Unavailable(operation, "x", Cause.TIMEOUT)

    read = (
        BucketState("orders-logs", failed("s3:GetBucketPolicy")),
        LogGroupState("/msk/orders", failed("logs:DescribeResourcePolicies"), ()),
        DeliveryStreamState("orders", failed("firehose:ListTagsForDeliveryStream"), failed("iam:GetRole")),
    )
    told = [
        (caution.code.value, *(caution.reason.data[name] for name in ("destination", "name", "operation", "cause")))
        for caution in judged(Evidence(CONNECTOR, log_destinations=read)).cautions
    ]
    assert told == [
        ("log-grant-unreadable", "s3", "orders-logs", ("s3:GetBucketPolicy",), ("timeout",)),
        ("log-grant-unreadable", "logs", "/msk/orders", ("logs:DescribeResourcePolicies",), ("timeout",)),
        (
            "log-grant-unreadable",
            "firehose",
            "orders",
            ("firehose:ListTagsForDeliveryStream", "iam:GetRole"),
            ("timeout",),
        ),
    ]


def test_the_verdict_weighs_the_findings() -> None:
    running = resting(state="RUNNING")
    assert judged(running).verdict.reason.code == "not-observed-in-complete-window"
    assert judged(running, ON_ROLE).verdict.reason.code == "running-requires-role"


def test_the_trust_policy_tells_whom_it_names() -> None:
    trusted = judged(Evidence(CONNECTOR, role=Role(ROLE, "orders", TRUST))).trust
    assert (trusted.names_msk_connect, trusted.others) == (True, ())
    foreign = {"Statement": [{**TRUST["Statement"][0], "Principal": {"AWS": ANN}}]}
    trusted = judged(Evidence(CONNECTOR, role=Role(ROLE, "orders", foreign))).trust
    assert (trusted.names_msk_connect, trusted.others) == (False, (ANN,))
