"""The pipe over plain values: which connector is meant, what is read, and what becomes of what does not answer."""

from __future__ import annotations

import math
import time
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.catalogue import Catalogue, load
from bot.model import (
    Answer,
    AssumeRoleHistory,
    Cause,
    ConnectorAnswer,
    Firehose,
    LastAccessed,
    Properties,
    Question,
    Role,
    RoleAnswer,
    StopCause,
    Unavailable,
    VerdictCode,
    VerdictReason,
)
from bot.pipe.explain import explain, offline
from bot.pipe.parse import parse
from bot.pipe.unanswerable import (
    AmbiguousConnector,
    AmbiguousName,
    ConnectorUnreadable,
    InvalidQuestion,
    NoSuchConnector,
    NoSuchRole,
    RegionOutOfScope,
)
from bot.reply import word
from bot.reply.nouns import text_of
from tests.bot.pipe.plain import (
    ACCOUNT,
    NOW,
    PLUGIN_ARN,
    REGIONS,
    ROLE_ARN,
    WORKER_ARN,
    PlainAws,
    connector,
    connector_arn,
    denied,
    full_connector,
)

NEVER = math.inf
LIST = "kafkaconnect:ListConnectors"


@pytest.fixture(scope="module")
def catalogue() -> Catalogue:
    return load()


@pytest.fixture
def aws() -> Iterator[PlainAws]:
    plain = PlainAws(
        [
            full_connector("orders"),
            connector("orders-copy"),
            connector("invoices", role_arn=f"arn:aws:iam::{ACCOUNT}:role/other"),
            connector("twice"),
            connector("twice", "us-east-1"),
            connector("refunds", "us-east-1"),
        ]
    )
    yield plain
    plain.over.set()


def ask(aws: PlainAws, question: Question | str, catalogue: Catalogue, seconds: float = 5) -> Answer:
    asked = Question(question) if isinstance(question, str) else question
    return explain(asked, aws.readers(), catalogue, clock=lambda: NOW, seconds=seconds)


def explained(aws: PlainAws, question: Question | str, catalogue: Catalogue, seconds: float = 5) -> ConnectorAnswer:
    answer = ask(aws, question, catalogue, seconds)
    assert isinstance(answer, ConnectorAnswer)
    return answer


# --- which connector is meant ----------------------------------------------------------------------------------------


def test_an_exact_name_is_answered_though_others_begin_with_it(aws: PlainAws, catalogue: Catalogue) -> None:
    assert explained(aws, "orders", catalogue).evidence.connector.name == "orders"


def test_a_prefix_lists_candidates_and_never_answers(aws: PlainAws, catalogue: Catalogue) -> None:
    with pytest.raises(NoSuchConnector) as raised:
        ask(aws, "order", catalogue)
    assert [summary.name for summary in raised.value.candidates] == ["orders", "orders-copy"]
    assert raised.value.searched == REGIONS


@pytest.mark.parametrize(
    ("name", "closest"),
    [
        ("ordres", ["orders", "orders-copy"]),
        ("ordrs-copy", ["orders-copy", "orders"]),
        ("copy", ["orders-copy"]),
        ("INVOICE", ["invoices"]),
        ("ORDERS", ["orders", "orders-copy"]),
        ("zzz", []),
    ],
)
def test_an_unknown_name_is_told_the_closest_ones(
    aws: PlainAws, catalogue: Catalogue, name: str, closest: list[str]
) -> None:
    with pytest.raises(NoSuchConnector) as raised:
        ask(aws, name, catalogue)
    assert [summary.name for summary in raised.value.closest] == closest
    assert not raised.value.candidates


def test_a_name_in_several_regions_is_for_the_asker_to_choose(aws: PlainAws, catalogue: Catalogue) -> None:
    with pytest.raises(AmbiguousConnector) as raised:
        ask(aws, "twice", catalogue)
    assert [summary.region for summary in raised.value.matches] == list(REGIONS)
    chosen = explained(aws, Question("twice", region="us-east-1"), catalogue)
    assert chosen.evidence.connector.region == "us-east-1"


def test_a_name_that_exists_in_another_region_is_known_to_be_there(aws: PlainAws, catalogue: Catalogue) -> None:
    with pytest.raises(NoSuchConnector) as raised:
        ask(aws, Question("refunds", region="eu-west-1"), catalogue)
    assert raised.value.searched == ("eu-west-1",)
    assert [(summary.name, summary.region) for summary in raised.value.elsewhere] == [("refunds", "us-east-1")]
    assert not raised.value.closest


@pytest.mark.parametrize(
    ("question", "region"),
    [
        (Question("orders", region="eu-central-1"), "eu-central-1"),
        (Question(connector_arn("orders", "eu-central-1")), "eu-central-1"),
        (Question(connector_arn("refunds", "us-east-1"), region="eu-west-1"), "us-east-1"),
        (Question(ROLE_ARN, region="eu-central-1"), "eu-central-1"),
    ],
)
def test_a_region_out_of_scope_is_refused_by_name_before_anything_is_read(
    aws: PlainAws, catalogue: Catalogue, question: Question, region: str
) -> None:
    with pytest.raises(RegionOutOfScope) as raised:
        ask(aws, question, catalogue)
    assert raised.value.region == region
    assert not aws.asked


@pytest.mark.parametrize(
    "arn",
    [f"arn:aws:s3:::{ACCOUNT}", f"arn:aws:iam::{ACCOUNT}:user/alice", WORKER_ARN, "arn:aws:kafkaconnect:<!here>"],
)
def test_an_arn_of_anything_else_is_no_question(aws: PlainAws, catalogue: Catalogue, arn: str) -> None:
    with pytest.raises(InvalidQuestion):
        ask(aws, arn, catalogue)
    assert not aws.asked


def test_a_connector_arn_is_described_at_once(aws: PlainAws, catalogue: Catalogue) -> None:
    answer = explained(aws, connector_arn("orders"), catalogue)
    assert answer.evidence.connector.name == "orders"
    assert {resource for operation, resource in aws.asked if operation == "list"} == set(REGIONS)
    assert [summary.name for summary in answer.evidence.sharing] == ["orders-copy", "twice", "twice", "refunds"]


def test_an_arn_that_no_longer_exists_names_its_successor(aws: PlainAws, catalogue: Catalogue) -> None:
    gone = f"arn:aws:kafkaconnect:eu-west-1:{ACCOUNT}:connector/orders/0000-1"
    with pytest.raises(NoSuchConnector) as raised:
        ask(aws, gone, catalogue)
    assert raised.value.name == "orders"
    assert raised.value.closest[0].arn == connector_arn("orders")


def test_a_connector_that_disappears_between_two_calls_does_not_exist(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.instead["describe"] = Unavailable("kafkaconnect:DescribeConnector", "x", Cause.NOT_FOUND)
    with pytest.raises(NoSuchConnector) as raised:
        ask(aws, "orders", catalogue)
    named = (*raised.value.candidates, *raised.value.closest)
    assert connector_arn("orders") not in [summary.arn for summary in named]


# --- regions that cannot be listed -----------------------------------------------------------------------------------


def test_a_region_that_cannot_be_listed_is_a_gap_where_the_connector_is_found_elsewhere(
    aws: PlainAws, catalogue: Catalogue
) -> None:
    gap = denied(LIST, "us-east-1")
    aws.instead["list us-east-1"] = gap
    answer = explained(aws, "orders", catalogue)
    assert answer.evidence.searched_regions == ("eu-west-1",)
    assert answer.evidence.gaps == (gap,)
    assert gap in answer.unavailable


def test_a_region_in_which_only_the_name_could_not_be_looked_for_is_a_gap_too(
    aws: PlainAws, catalogue: Catalogue
) -> None:
    gap = denied(LIST, "us-east-1")
    aws.instead["list us-east-1 orders"] = gap
    assert explained(aws, "orders", catalogue).unavailable == (gap,)


def test_a_region_that_only_failed_to_list_everything_is_a_gap(aws: PlainAws, catalogue: Catalogue) -> None:
    gap = denied(LIST, "us-east-1")
    aws.instead["list us-east-1"] = gap
    aws.instead["list us-east-1 orders"] = ()
    assert explained(aws, "orders", catalogue).unavailable == (gap,)


def test_what_could_not_be_listed_stands_before_what_could_not_be_described(
    aws: PlainAws, catalogue: Catalogue
) -> None:
    unlisted, undescribed = denied(LIST, "us-east-1"), denied("kafkaconnect:DescribeConnector", "x")
    aws.instead |= {"list us-east-1 orders": unlisted, "describe": undescribed}
    with pytest.raises(ConnectorUnreadable) as raised:
        ask(aws, "orders", catalogue)
    assert raised.value.gaps == (unlisted, undescribed)


def test_not_found_names_the_regions_that_could_not_be_listed(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.instead["list us-east-1"] = denied(LIST, "us-east-1")
    with pytest.raises(NoSuchConnector) as raised:
        ask(aws, "refunds", catalogue)
    assert (raised.value.searched, raised.value.gaps) == (("eu-west-1",), (denied(LIST, "us-east-1"),))


def test_where_no_region_can_be_listed_the_connector_is_unreadable(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.instead["list"] = denied(LIST, "any")
    with pytest.raises(ConnectorUnreadable) as raised:
        ask(aws, "orders", catalogue)
    assert set(raised.value.gaps) == {denied(LIST, "any")}


def test_a_connector_that_cannot_be_described_is_unreadable(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.instead["describe"] = denied("kafkaconnect:DescribeConnector", "x")
    with pytest.raises(ConnectorUnreadable) as raised:
        ask(aws, "orders", catalogue)
    assert raised.value.gaps == (denied("kafkaconnect:DescribeConnector", "x"),)


def test_a_region_that_hangs_does_not_keep_a_connector_of_another_one(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.slow = {"list us-east-1": NEVER}
    answer = explained(aws, "orders", catalogue, seconds=0.5)
    assert answer.evidence.gaps == (Unavailable(LIST, "us-east-1", Cause.TIMEOUT),)
    assert answer.evidence.worker_configuration is not None


# --- what is read ----------------------------------------------------------------------------------------------------


def test_everything_that_a_connector_names_is_read(aws: PlainAws, catalogue: Catalogue) -> None:
    answer = explained(aws, Question("orders", window_days=30), catalogue)
    evidence = answer.evidence
    assert aws.operations() == {
        "list", "describe", "operations", "named", "role", "history", "last_accessed", "worker_configuration",
        "custom_plugin", "log_group", "bucket",
    }  # fmt: skip
    assert [type(reading).__name__ for reading in evidence.log_destinations] == ["LogGroupState", "BucketState"]
    assert isinstance(evidence.history, AssumeRoleHistory)
    assert evidence.history.coverage.window_from == NOW - timedelta(days=30)
    assert isinstance(evidence.last_accessed, LastAccessed)
    assert evidence.read_at == NOW
    assert answer.question == Question("orders", window_days=30)
    assert answer.unavailable == ()


def test_a_connector_that_names_nothing_reads_no_more_than_it_needs(aws: PlainAws, catalogue: Catalogue) -> None:
    answer = explained(aws, "orders-copy", catalogue)
    assert answer.evidence.worker_configuration is None
    assert not aws.operations() & {"worker_configuration", "custom_plugin", "log_group", "bucket", "stream"}


@pytest.mark.parametrize("role_arn", ["", "orders-role", f"arn:aws:iam::{ACCOUNT}:user/alice"])
def test_nothing_is_asked_about_what_is_no_role_and_its_silence_confirms_nothing(
    aws: PlainAws, catalogue: Catalogue, role_arn: str
) -> None:
    aws.connectors = [connector("orders", role_arn=role_arn)]
    answer = explained(aws, "orders", catalogue)
    assert not aws.operations() & {"role", "history", "last_accessed"}
    assert (answer.verdict.code, answer.verdict.reason.code) == (VerdictCode.UNCONFIRMED, VerdictReason.NOT_A_ROLE)
    assert answer.unavailable == ()
    assert answer.evidence.sharing == ()


def test_failed_reads_are_listed_once_in_the_order_of_the_evidence(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.instead = {
        "history": denied("cloudtrail:LookupEvents", ROLE_ARN),
        "role": denied("iam:GetRole", ROLE_ARN),
        "worker_configuration": denied("kafkaconnect:DescribeWorkerConfiguration", WORKER_ARN),
        "list us-east-1": denied(LIST, "us-east-1"),
        "last_accessed": denied("iam:GetRole", ROLE_ARN),
    }
    assert [gap.operation for gap in explained(aws, "orders", catalogue).unavailable] == [
        "kafkaconnect:DescribeWorkerConfiguration",
        "iam:GetRole",
        "cloudtrail:LookupEvents",
        LIST,
    ]


def test_gaps_of_a_history_are_gaps_of_the_answer(aws: PlainAws, catalogue: Catalogue) -> None:
    whole = explained(aws, "orders", catalogue).evidence.history
    assert isinstance(whole, AssumeRoleHistory)
    gap = denied("cloudtrail:LookupEvents", "us-east-1")
    aws.instead["history"] = replace(
        whole, coverage=replace(whole.coverage, gaps=(gap,), stopped_because=StopCause.ERROR)
    )
    assert explained(aws, "orders", catalogue).unavailable == (gap,)


# --- the deadline ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("operation", "overdue"),
    [
        ("worker_configuration", Unavailable("kafkaconnect:DescribeWorkerConfiguration", WORKER_ARN, Cause.TIMEOUT)),
        ("custom_plugin", Unavailable("kafkaconnect:DescribeCustomPlugin", PLUGIN_ARN, Cause.TIMEOUT)),
        ("operations", Unavailable("kafkaconnect:ListConnectorOperations", connector_arn("orders"), Cause.TIMEOUT)),
        ("role", Unavailable("iam:GetRole", ROLE_ARN, Cause.TIMEOUT)),
        ("history", Unavailable("cloudtrail:LookupEvents", ROLE_ARN, Cause.TIMEOUT)),
        ("bucket", Unavailable("s3:GetBucketPolicy", "logs", Cause.TIMEOUT)),
        ("log_group", Unavailable("logs:DescribeResourcePolicies", "/logs", Cause.TIMEOUT)),
    ],
)
def test_a_read_that_hangs_costs_only_itself(
    aws: PlainAws, catalogue: Catalogue, operation: str, overdue: Unavailable
) -> None:
    aws.slow = {operation: NEVER}
    begin = time.monotonic()
    answer = explained(aws, "orders", catalogue, seconds=0.4)
    assert time.monotonic() - begin < 2
    assert answer.unavailable == (overdue,)


def test_a_stream_that_hangs_is_named_too(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.connectors = [connector("orders", log_destinations=(Firehose("stream"),))]
    aws.slow = {"stream": NEVER}
    overdue = Unavailable("firehose:ListTagsForDeliveryStream", "stream", Cause.TIMEOUT)
    assert explained(aws, "orders", catalogue, seconds=0.4).unavailable == (overdue,)


@pytest.mark.parametrize("operation", ["list", "describe"])
def test_where_nothing_answers_the_connector_is_unreadable_at_the_deadline(
    aws: PlainAws, catalogue: Catalogue, operation: str
) -> None:
    aws.slow = {operation: NEVER}
    begin = time.monotonic()
    with pytest.raises(ConnectorUnreadable) as raised:
        ask(aws, "orders", catalogue, seconds=0.4)
    assert time.monotonic() - begin < 2
    assert {gap.cause for gap in raised.value.gaps} == {Cause.TIMEOUT}


def test_the_last_accessed_report_never_delays_the_answer(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.slow = {"last_accessed": NEVER}
    begin = time.monotonic()
    answer = explained(aws, "orders", catalogue, seconds=30)
    assert time.monotonic() - begin < 2
    overdue = Unavailable("iam:GetServiceLastAccessedDetails", ROLE_ARN, Cause.TIMEOUT)
    assert answer.unavailable == (overdue,)
    assert min(deadline.remaining() for deadline in aws.deadlines) == 0  # its reader is told that nobody waits


def test_readers_end_a_little_earlier_than_the_answer(aws: PlainAws, catalogue: Catalogue) -> None:
    end = time.monotonic() + 5
    explained(aws, "orders", catalogue, seconds=5)
    assert all(deadline.at < end for deadline in aws.deadlines)


# --- a question about a role -----------------------------------------------------------------------------------------


def test_a_role_is_answered_with_the_connectors_that_name_it(aws: PlainAws, catalogue: Catalogue) -> None:
    answer = ask(aws, ROLE_ARN, catalogue)
    assert isinstance(answer, RoleAnswer)
    assert [c.name for c in answer.evidence.connectors] == ["orders", "orders-copy", "twice", "twice", "refunds"]
    assert answer.verdict.code is VerdictCode.REFERENCED
    assert isinstance(answer.evidence.history, AssumeRoleHistory)
    assert answer.evidence.history.coverage.regions == REGIONS


def test_a_role_that_nothing_names_is_unreferenced_only_where_everything_was_searched(
    aws: PlainAws, catalogue: Catalogue
) -> None:
    arn = f"arn:aws:iam::{ACCOUNT}:role/nobodys"
    answer = ask(aws, arn, catalogue)
    assert isinstance(answer, RoleAnswer)
    assert answer.verdict.code is VerdictCode.UNREFERENCED
    aws.instead["list us-east-1"] = denied(LIST, "us-east-1")
    weaker = ask(aws, arn, catalogue)
    assert isinstance(weaker, RoleAnswer)
    assert weaker.verdict.code is VerdictCode.UNCONFIRMED
    assert weaker.unavailable == (denied(LIST, "us-east-1"),)


def test_the_global_endpoint_of_a_role_is_asked_in_its_own_partition_alone(aws: PlainAws, catalogue: Catalogue) -> None:
    for partition, regions in {"aws": ("eu-west-1", "us-east-1"), "aws-cn": ("eu-west-1",)}.items():
        question = Question(f"arn:{partition}:iam::{ACCOUNT}:role/r")
        answer = explain(question, aws.readers(("eu-west-1",)), catalogue, clock=lambda: NOW, seconds=5)
        assert isinstance(answer, RoleAnswer)
        assert isinstance(answer.evidence.history, AssumeRoleHistory)
        assert answer.evidence.history.coverage.regions == regions
        assert answer.evidence.searched_regions == ("eu-west-1",)


def test_a_region_narrows_nothing_about_a_role(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.connectors = [connector("orders")]
    answer = ask(aws, Question(ROLE_ARN, region="us-east-1"), catalogue)
    assert isinstance(answer, RoleAnswer)
    assert answer.verdict.code is VerdictCode.REFERENCED
    assert answer.evidence.searched_regions == REGIONS
    assert isinstance(answer.evidence.history, AssumeRoleHistory)
    assert answer.evidence.history.coverage.regions == REGIONS


# --- a role that connectors of several regions name ------------------------------------------------------------------


def test_the_history_covers_every_region_in_which_a_connector_names_the_role(
    aws: PlainAws, catalogue: Catalogue
) -> None:
    aws.connectors = [connector("orders"), connector("far", "eu-central-1")]
    readers = aws.readers(("eu-west-1", "eu-central-1"))
    answer = explain(Question("orders"), readers, catalogue, clock=lambda: NOW, seconds=5)
    assert isinstance(answer, ConnectorAnswer)
    assert isinstance(answer.evidence.history, AssumeRoleHistory)
    assert answer.evidence.history.coverage.regions == ("eu-west-1", "us-east-1", "eu-central-1")


def test_a_listing_that_comes_late_does_not_delay_the_history(aws: PlainAws, catalogue: Catalogue) -> None:
    aws.connectors = [connector("orders", state="PAUSED", created=NOW - timedelta(days=200))]
    aws.slow = {"list eu-central-1": NEVER}
    readers = aws.readers(("eu-west-1", "eu-central-1"))
    answer = explain(Question(connector_arn("orders")), readers, catalogue, clock=lambda: NOW, seconds=1)
    assert isinstance(answer, ConnectorAnswer)
    assert isinstance(answer.evidence.history, AssumeRoleHistory)
    assert (answer.verdict.code, answer.verdict.reason.code) == (
        VerdictCode.UNCONFIRMED,
        VerdictReason.SEARCH_INCOMPLETE,
    )


@pytest.mark.parametrize(
    ("seconds_late", "regions"),
    [(0.02, ("eu-west-1", "us-east-1", "eu-central-1")), (NEVER, ("eu-west-1",))],
)
def test_cloudtrail_waits_a_tenth_of_the_time_to_hear_of_other_regions(
    aws: PlainAws, catalogue: Catalogue, seconds_late: float, regions: tuple[str, ...]
) -> None:
    aws.connectors = [connector("orders"), connector("far", "eu-central-1")]
    aws.slow = {"list eu-central-1": seconds_late}
    begin = time.monotonic()
    readers = aws.readers(("eu-west-1", "eu-central-1"))
    answer = explain(Question(connector_arn("orders")), readers, catalogue, clock=lambda: NOW, seconds=2)
    assert isinstance(answer, ConnectorAnswer)
    assert isinstance(answer.evidence.history, AssumeRoleHistory)
    assert answer.evidence.history.coverage.regions == regions
    # A tenth is 0.2 s; the search for a name may take 0.8 s.
    assert (aws.began["history"] - begin >= 0.2) is (seconds_late == NEVER)
    assert aws.began["history"] - begin < 0.7


# --- without AWS -----------------------------------------------------------------------------------------------------


def test_offline_a_connector_is_explained_from_its_description_alone(catalogue: Catalogue) -> None:
    answer = offline(full_connector(), None, catalogue)
    assert answer.findings
    assert answer.verdict.code is VerdictCode.UNCONFIRMED
    assert (answer.evidence.history, answer.unavailable, answer.question) == (None, (), None)


CALLED = Role(ROLE_ARN, "orders-role", {"Version": "2012-10-17", "Statement": []})


@pytest.mark.parametrize("text", ["orders-role", "role orders-role", "role/orders-role"])
def test_a_role_is_found_by_its_name(text: str, catalogue: Catalogue) -> None:
    aws = PlainAws(connectors=[connector("orders")])
    aws.instead["named orders-role"] = CALLED
    question = parse(text)
    assert isinstance(question, Question)
    aws.instead["role"] = Unavailable("iam:GetRole", ROLE_ARN, Cause.THROTTLED)  # a second read would not do
    answer = ask(aws, question, catalogue)
    assert isinstance(answer, RoleAnswer)
    assert (answer.evidence.role_arn, answer.evidence.role) == (ROLE_ARN, CALLED)


def test_a_name_that_a_connector_and_a_role_have_is_asked_about_again(catalogue: Catalogue) -> None:
    aws = PlainAws(connectors=[connector("orders")])
    aws.instead["named orders"] = CALLED
    with pytest.raises(AmbiguousName) as asked:
        ask(aws, Question("orders"), catalogue)
    assert (asked.value.connector.arn, asked.value.role_arn) == (connector_arn("orders"), ROLE_ARN)
    said = parse("connector orders")
    assert isinstance(said, Question)
    assert isinstance(ask(aws, said, catalogue), ConnectorAnswer)


def test_a_name_that_nobody_has_and_a_role_that_does_not_exist_have_no_answer(catalogue: Catalogue) -> None:
    aws = PlainAws(connectors=[connector("orders")])
    with pytest.raises(NoSuchConnector):
        ask(aws, Question("payments"), catalogue)
    with pytest.raises(NoSuchRole):
        ask(aws, Question("role/payments"), catalogue)


def test_an_arn_without_the_path_leads_to_the_role_that_has_one(catalogue: Catalogue) -> None:
    aws = PlainAws(connectors=[connector("orders")])
    bare, whole = f"arn:aws:iam::{ACCOUNT}:role/cdc", f"arn:aws:iam::{ACCOUNT}:role/service-role/cdc"
    aws.instead[f"role {bare}"] = Unavailable("iam:GetRole", bare, Cause.NOT_FOUND, namesake=whole)
    answer = ask(aws, Question(bare), catalogue)
    assert isinstance(answer, RoleAnswer)
    assert answer.evidence.role_arn == whole


def test_an_old_arn_of_a_name_that_exists_says_whose_name_it_is_now(catalogue: Catalogue) -> None:
    aws = PlainAws(connectors=[connector("orders")])
    old = connector_arn("orders").rpartition("/")[0] + "/ffffffff-0000-4000-8000-000000000000-4"
    aws.instead[f"describe {old}"] = Unavailable("kafkaconnect:DescribeConnector", old, Cause.NOT_FOUND)
    with pytest.raises(NoSuchConnector) as none:
        ask(aws, Question(old), catalogue)
    said = text_of(word.failure(none.value).headline)
    assert said == "The connector of that ARN does not exist any more; another one is called orders now"


def test_a_connector_that_leads_to_a_role_is_named_with_it(catalogue: Catalogue) -> None:
    target = f"arn:aws:iam::{ACCOUNT}:role/target"
    assuming = connector("assuming", configuration=Properties({"s3.credentials.provider.sts.role.arn": target}))
    answer = ask(PlainAws(connectors=[assuming]), Question(target), catalogue)
    assert isinstance(answer, RoleAnswer)
    assert [(r.connector.name, r.keys) for r in answer.evidence.referrals] == [
        ("assuming", ("s3.credentials.provider.sts.role.arn",))
    ]
    assert [c.code.value for c in answer.cautions] == ["role-referred-to-elsewhere"]


@pytest.mark.parametrize(
    ("value", "leads"),
    [
        ("{}", True),
        ("{},arn:aws:iam::111122223333:role/another", True),
        ('{{"role": "{}"}}', True),
        ("{}-of-others", False),
        ("{}2", False),
        ("{}/nested", False),
    ],
)
def test_a_value_names_a_role_where_its_arn_ends(value: str, leads: bool, catalogue: Catalogue) -> None:
    target = f"arn:aws:iam::{ACCOUNT}:role/target"
    other = connector("other", configuration=Properties({"some.key": value.format(target)}))
    answer = ask(PlainAws(connectors=[other]), Question(target), catalogue)
    assert isinstance(answer, RoleAnswer)
    assert bool(answer.evidence.referrals) is leads
