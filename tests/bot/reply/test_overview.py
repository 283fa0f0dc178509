"""What the first message says first, by state, history and configuration."""

from dataclasses import replace
from datetime import timedelta
from typing import Any

import pytest

from bot.model import (
    AssumeRoleEvent,
    BucketState,
    Cause,
    CloudWatchLogs,
    ConnectorAnswer,
    ConnectorOperation,
    LastAccessed,
    LogGroupState,
    Properties,
    ResourcePolicy,
    RevisionRef,
    Role,
    RoleEvidence,
    ServiceLastAccessed,
    Unavailable,
    Uses,
    WorkerConfiguration,
)
from bot.reply import text, word
from bot.reply.connector import breaks
from bot.reply.nouns import Table, text_of
from bot.reply.rows import table
from tests.bot.reply import samples
from tests.bot.reply.samples import (
    JDBC_SOURCE,
    NOW,
    S3_SINK,
    connector,
    event,
    evidence,
    explained,
    explained_role,
    history,
)


def _said(answer: ConnectorAnswer) -> str:
    return " ".join(text.plain(word.answer(answer), 10_000).split())


@pytest.mark.parametrize(
    ("state", "said"),
    [
        ("RUNNING", "first to fail: Kafka authentication and calls to S3, at the latest when the credentials in use"),
        ("UPDATING", "first to fail: Kafka authentication and calls to S3"),
        ("PAUSED", "It is PAUSED and keeps everything, its role too. Without the role, it fails as soon as it resumes"),
        ("FAILED", "It is FAILED. Without the role, no restart or update brings it back"),
        ("CREATING", "needs the role now"),
        ("DELETING", "It is being deleted: keep the role until it is gone."),
        ("SOMETHING_NEW", "first to fail: Kafka authentication and calls to S3"),
    ],
)
def test_what_breaks_first_depends_on_the_state(state: str, said: str) -> None:
    assert said in text_of(breaks(explained(evidence(connector(state=state)))))


def test_a_connector_that_needs_the_role_only_to_start_says_so() -> None:
    said = text_of(breaks(samples.dormant()))
    assert said.startswith("Without the role nothing stops at once. The next restart or failover fails")


def test_what_may_need_the_role_is_named_as_not_known() -> None:
    assert "Whether this needs the role too is not known" in text_of(breaks(samples.unknown_class()))


def test_the_headline_says_keep_and_names_the_connector() -> None:
    assert _said(samples.in_use()).startswith(
        "Keep orders-s3-sink-role: orders-s3-sink (RUNNING, eu-west-1) names it Without the role"
    )


def test_a_role_that_is_no_role_is_not_to_be_kept() -> None:
    answer = explained(evidence(connector(role="arn:aws:iam::111122223333:user/alice")))
    assert "which is no IAM role" in _said(answer).partition("Without")[0]
    assert "names no role" in _said(explained(evidence(connector(role=""))))


LINKED = "arn:aws:iam::111122223333:role/aws-service-role/kafkaconnect.amazonaws.com/AWSServiceRoleForKafkaConnect"


def test_a_service_linked_role_is_neither_to_be_kept_nor_said_to_be_needed() -> None:
    said = _said(explained(evidence(connector(role=LINKED, state="FAILED"))))
    assert said.startswith(
        "orders-s3-sink (FAILED, eu-west-1) names AWSServiceRoleForKafkaConnect, which cannot serve as execution role"
    )
    assert "As it stands no restart, failover or update works" in said
    assert "still needed" not in said
    assert "trust policy" not in said


def test_a_trust_policy_that_refuses_msk_connect_lets_no_restart_work() -> None:
    described = connector()
    trust = {**samples.TRUST, "Statement": [{**samples.TRUST["Statement"][0], "Principal": {"Service": "ecs"}}]}
    answer = explained(evidence(described, role=Role(described.role_arn, "orders-s3-sink-role", trust)))
    assert text_of(breaks(answer)).startswith("As it stands no restart, failover or update works")


@pytest.mark.parametrize(
    ("arn", "service", "said"),
    [
        (LINKED, "kafkaconnect.amazonaws.com", "is a service-linked role: AWS uses it, whatever connectors name"),
        (samples.role_arn("bot"), "ecs-tasks.amazonaws.com", "does not trust MSK Connect: this bot cannot tell what"),
    ],
)
def test_a_role_that_is_not_for_connectors_is_no_candidate(arn: str, service: str, said: str) -> None:
    statement = {"Effect": "Allow", "Principal": {"Service": service}, "Action": "sts:AssumeRole"}
    role = Role(arn, arn.rpartition("/")[2], {"Version": "2012-10-17", "Statement": [statement]})
    answer = explained_role(RoleEvidence(arn, role, history=history(), searched_regions=samples.REGIONS, read_at=NOW))
    shown = " ".join(text.plain(word.answer(answer), 10_000).split())
    assert shown.startswith(f"{role.name} {said}")
    assert "candidate" not in shown


NO_BUCKET = Unavailable("s3:GetBucketPolicy", "acme-connect-logs", Cause.NOT_FOUND, error_code="NoSuchBucket")
ACL_ONLY, WRITE_ONLY = ({**samples.S3_ALLOWED, "Statement": [s]} for s in samples.S3_ALLOWED["Statement"])
KEY = "arn:aws:kms:eu-west-1:111122223333:key/0a1b2c3d-1111-2222-3333-444455556666"
KEY_POLICY = ResourcePolicy("default", KEY, {"Version": "2012-10-17", "Statement": []})


def _bucket(document: object, **more: Any) -> BucketState:
    return BucketState("acme-connect-logs", ResourcePolicy("p", "acme-connect-logs", document), **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("reading", "in_table", "warned"),
    [
        (
            BucketState("acme-connect-logs", NO_BUCKET, NO_BUCKET),
            "but the destination does not exist",
            "do not arrive: acme-connect-logs, where they are to go, does not exist",
        ),
        (_bucket(ACL_ONLY), "but the grant is missing", "do not arrive in acme-connect-logs: AWSLogDeliveryWrite is"),
        (_bucket(WRITE_ONLY), "but half of the grant is missing", "may not arrive in acme-connect-logs"),
        (
            _bucket(samples.S3_ALLOWED, kms_key=KEY, key_policy=KEY_POLICY),
            "but the grant is missing",
            f"the policy of its key {KEY} does not admit log delivery",
        ),
    ],
)
def test_the_table_and_the_warning_say_the_same_about_logs(reading: Any, in_table: str, warned: str) -> None:
    answer = explained(evidence(connector(), log_destinations=(reading,)))
    assert in_table in " ".join(text_of(row[2]) for row in table(answer.findings, answer.cautions).rows)
    assert warned in " ".join(text.plain(word.details(answer), 10_000).split())


def test_a_bucket_that_does_not_exist_is_what_log_delivery_lacks() -> None:
    answer = explained(evidence(connector(), log_destinations=(BucketState("acme-connect-logs", NO_BUCKET),)))
    said = " ".join(text.plain(word.policies(answer), 10_000).split())
    assert "acme-connect-logs does not exist. Create it under that name" in said
    assert "Nothing is known to be missing" not in said


@pytest.mark.parametrize(
    ("pinned", "said"),
    [
        (3, "Worker configuration: secrets, revision 3, the one that was read."),
        (2, "Worker configuration: secrets, of which the connector pins revision 2. AWS gives the latest alone, 3"),
    ],
)
def test_the_details_name_the_worker_configuration_and_what_rests_on_it(pinned: int, said: str) -> None:
    described = connector(worker_configuration=RevisionRef("arn:w", pinned))
    read = WorkerConfiguration("arn:w", "secrets", 3, Properties({}))
    answer = explained(evidence(described, worker_configuration=read))
    assert said in " ".join(text.plain(word.details(answer), 10_000).split())


def _trusting(*principals: str) -> Role:
    named = {"Service": "kafkaconnect.amazonaws.com", "AWS": list(principals)}
    statement = {**samples.TRUST["Statement"][0], "Principal": named}
    return Role(samples.role_arn("orders-s3-sink-role"), "r", {"Version": "2012-10-17", "Statement": [statement]})


@pytest.mark.parametrize(
    ("role", "said"),
    [
        (_trusting(), "for this connector, and not on behalf of another account. The trust policy names no principal"),
        (_trusting("444455556666"), "Besides MSK Connect, the trust policy names 444455556666."),
    ],
)
def test_the_details_say_whom_the_trust_policy_names(role: Role, said: str) -> None:
    answer = explained(evidence(connector(), role=role))
    assert said in " ".join(text.plain(word.details(answer), 10_000).split())


def test_a_bucket_that_a_warning_calls_absent_is_not_also_said_to_be_unread() -> None:
    answer = explained(evidence(connector(), log_destinations=(BucketState("acme-connect-logs", NO_BUCKET),)))
    answer = replace(answer, unavailable=(NO_BUCKET,))
    for reply in (word.answer(answer), word.details(answer)):
        said = " ".join(text.plain(reply, 10_000).split())
        assert "where they are to go, does not exist" in said
        assert "could not be read" not in said


def test_keys_that_hint_at_aws_are_named_though_the_class_is_no_java_name() -> None:
    described = connector(configuration={"connector.class": "<!here> *x*", "weather.aws.region": samples.REGION})
    said = " ".join(text.plain(word.details(explained(evidence(described))), 10_000).split())
    assert "The connector's class is not known. These keys hint at AWS: weather.aws.region." in said


def test_the_table_merges_rows_of_equal_path_and_reason_and_begins_with_the_role() -> None:
    shown = table(samples.in_use().findings)
    first_cells = [text_of(row[0]) for row in shown.rows]
    assert first_cells[0] == "Kafka authentication (worker, records)"
    assert "Plugin download, update validation, credential renewal" in first_cells
    paths = [text_of(row[1]) for row in shown.rows]
    assert paths == sorted(paths, key=lambda path: path != "service execution role")


def test_a_long_table_is_cut_and_counted() -> None:
    shown = table(samples.in_use().findings, most=2)
    assert isinstance(shown, Table)
    assert len(shown.rows) == 2
    assert shown.more == "… and 3 more in All details"


def test_the_row_of_logs_says_that_their_grant_is_missing() -> None:
    described = connector(logs=(CloudWatchLogs("/a"),))
    answer = explained(evidence(described, log_destinations=(LogGroupState("/a", (), ()),)))
    assert "but the grant is missing" in _said(answer)
    assert "grant is missing" not in _said(samples.in_use())


# --- history ---------------------------------------------------------------------------------------------------------


def _with(*events: AssumeRoleEvent, **more: object) -> str:
    return _said(explained(evidence(connector(), history=history(*events), **more)))


def test_last_assumed_is_told_with_how_often_and_over_what() -> None:
    said = _with(*samples.assumed_every(49))
    assert "MSK Connect last assumed the role 12 min ago (2026-11-24 01:48 UTC): 44 times in 90 days" in said
    assert "about every 49 h" in said
    assert "CloudTrail event history of eu-west-1 and us-east-1, read completely" in said


def test_a_count_over_a_window_that_was_not_read_completely_is_a_least_one() -> None:
    said = _said(samples.cut_short())
    assert "at least 288 times in 90 days" in said
    assert "Counted back to 2026-11-12 02:00 UTC only, to answer in time" in said


def test_absence_is_worded_with_window_and_coverage() -> None:
    assert (
        "AssumeRole by MSK Connect: not observed in 90 days, CloudTrail event history of eu-west-1 and us-east-1, "
        "read completely." in _said(samples.dormant())
    )


def test_a_contradiction_says_what_to_check() -> None:
    assert "check region, account and source of the history" in _said(samples.contradicted())


def test_an_event_that_follows_an_operation_is_explained_by_it() -> None:
    restarted = (ConnectorOperation("op", "RESTART_CONNECTOR", "DONE", NOW - timedelta(minutes=20)),)
    assert "The last one followed RESTART_CONNECTOR" in _with(event(0.2), operations=restarted)
    assert "The last one followed" not in _with(event(9), operations=restarted)


def test_events_of_a_shared_role_are_the_roles() -> None:
    said = _said(samples.shared())
    assert "2 connectors name the role: CloudTrail tells that it was assumed, not for which connector." in said
    assert "Warning" not in said


def test_a_session_name_may_tell_the_connector() -> None:
    described = connector("returns-s3-sink", role=samples.role_arn("shared"))
    read = evidence(
        described,
        sharing=(samples.summary("refunds-s3-sink"),),
        history=history(event(1, session_name="returns-s3-sink-1"), event(2, 1), role="shared"),
    )
    assert "1 of the events carry this connector's name in their session name" in _said(explained(read))


def test_a_session_name_of_a_longer_connector_name_is_not_claimed() -> None:
    described = connector("returns", role=samples.role_arn("shared"))
    named = (event(1, session_name="returns-s3-sink-1"), event(2, 1, session_name="returns-1"))
    read = evidence(described, sharing=(samples.summary("returns-s3-sink"),), history=history(*named, role="shared"))
    assert "1 of the events carry this connector's name" in _said(explained(read))


# --- IAM last accessed -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("hours_ago", "assumed", "said"),
    [
        (30.0, (event(7),), "MSK Connect assumed the role later, 7 h ago."),
        (None, (event(7),), "Yet MSK Connect assumed the role 7 h ago."),
        # what the report cannot hold yet, however old its newest date is
        (30.0, (event(0.2),), ""),
        (None, (event(0.2),), ""),
        (5.0, (event(0.2), event(3.9, 1), event(6, 2)), ""),
        (30.0, (), "CloudTrail shows no AssumeRole by MSK Connect in that time"),
        (2.0, (event(0.2),), ""),  # within the report's lag
        (100 * 24.0, (), ""),  # before the window
        (None, (), ""),
    ],
)
def test_a_disagreement_between_iam_and_cloudtrail_is_said_in_one_line(
    hours_ago: float | None, assumed: tuple[AssumeRoleEvent, ...], said: str
) -> None:
    at = None if hours_ago is None else NOW - timedelta(hours=hours_ago)
    shown = _with(*assumed, last_accessed=LastAccessed(NOW, (ServiceLastAccessed("s3", at),)))
    assert "It does not count: it sees neither Kafka data nor worker logs, and lags by up to four hours." in shown
    disagrees = any(part in shown for part in ("assumed the role later", "Yet MSK Connect", "in that time"))
    assert disagrees is bool(said)
    assert said in shown


def test_no_reply_about_a_dormant_role_says_that_it_may_go() -> None:
    for make in samples.ANSWERS.values():
        said = " ".join(
            text.plain(reply, 10_000) for reply in (word.answer(make()), word.details(make()), word.query(make()))
        ).lower()
        assert "unused" not in said
        assert "safe to delete" not in said
        assert "not needed" not in said


@pytest.mark.parametrize("configuration", [S3_SINK, JDBC_SOURCE])
@pytest.mark.parametrize("authentication", ["IAM", "NONE"])
def test_whatever_needs_the_role_is_told_before_what_does_not(
    configuration: dict[str, str], authentication: str
) -> None:
    answer = explained(evidence(connector(configuration=configuration, authentication=authentication)))
    paths = [text_of(row[1]) for row in table(answer.findings).rows]
    needing = sum(path == "service execution role" for path in paths)
    assert set(paths[:needing]) == {"service execution role"}
    assert any(finding.uses_execution_role is Uses.NO for finding in answer.findings)


def test_a_paused_connector_says_since_when() -> None:
    described = connector(state="PAUSED")
    long_ago = NOW - timedelta(days=100)
    paused = (ConnectorOperation("op", "PAUSE_CONNECTOR", "PAUSE_COMPLETE", long_ago),)
    answer = explained(evidence(described, operations=paused, history=history()))
    assert text_of(breaks(answer)).startswith(f"It has been PAUSED since {long_ago:%Y-%m-%d}, so no AssumeRole is expe")
    assert "PAUSED since 100 days ago" in text.plain(word.details(answer), 10_000)


def test_a_role_that_is_gone_was_in_use() -> None:
    described = connector()
    gone = Unavailable("iam:GetRole", described.role_arn, Cause.NOT_FOUND)
    said = _said(explained(evidence(described, role=gone, history=history(event(40 * 24)))))
    assert f"Verdict: was in use until {NOW - timedelta(days=40):%Y-%m-%d}; does not exist now." in said


def test_a_role_whose_path_was_left_out_is_told_the_role_of_that_name() -> None:
    arn, real = samples.role_arn("tickets"), samples.role_arn("connect/tickets")
    missing = Unavailable("iam:GetRole", arn, Cause.NOT_FOUND, namesake=real)
    answer = explained_role(
        RoleEvidence(arn, missing, history=history(), searched_regions=samples.REGIONS, read_at=NOW)
    )
    said = " ".join(text.plain(word.answer(answer), 10_000).split())
    assert said.startswith(f"{arn} does not exist")
    assert f"No role has the ARN {arn}; the role of that name is {real}." in said
