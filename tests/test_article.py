"""The AWS re:Post article that this bot answers for, statement by statement.

Each row is one statement: what somebody asks the bot, about which of the scenario's connectors, the finding, warning or
note that answers it, its source, and words of the reply that say it. A statement without a row is a defect.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

import pytest

from bot.model import (
    ARTICLE,
    Activity,
    Basis,
    CautionCode,
    Component,
    ConnectorAnswer,
    Finding,
    PermissionPath,
    Timing,
    Uses,
)
from bot.pipe.parse import Help, parse
from bot.pipe.ports import AnswerSource
from bot.reply import text, word
from bot.reply.wording.notes import NOTES
from bot.sandbox.aws import EmbeddedAws
from tests.handlers.running import real_answers

GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide/"
LOGS = "https://docs.aws.amazon.com/AmazonCloudWatch/latest/logs/"
ROLE, NO_IAM = PermissionPath.EXECUTION_ROLE, PermissionPath.NO_IAM


@dataclass(frozen=True, slots=True)
class Row:
    """One statement of the article and what answers it."""

    statement: str
    asked: str
    #: How the source of the answer begins.
    source: str
    #: Fields of the finding that says it; ``timing`` names moments that it must have among others.
    finding: Mapping[str, Any] = field(default_factory=dict)
    note: str = ""
    caution: CautionCode | None = None
    #: Words of the first message or of the details.
    said: tuple[str, ...] = ()
    #: Words of the reply behind the button "CloudTrail query".
    query: tuple[str, ...] = ()


USED = (
    Row(
        "The custom plugin is downloaded from S3 with the role, at creation, restart and failover.",
        "orders-s3-sink",
        ARTICLE,
        {
            "activity": Activity.PLUGIN_DOWNLOAD,
            "path": ROLE,
            "basis": Basis.DOCUMENTED,
            "timing": {Timing.CREATION, Timing.RESTART, Timing.FAILOVER},
            "actions": ("s3:GetObject",),
        },
        said=("downloads the custom plugin from S3 with the role",),
    ),
    Row(
        "Permissions are validated with the role when the connector is updated.",
        "orders-s3-sink",
        ARTICLE,
        {"activity": Activity.UPDATE_VALIDATION, "path": ROLE, "basis": Basis.DOCUMENTED, "timing": {Timing.UPDATE}},
        said=("validated with the role's permissions",),
    ),
    Row(
        "Temporary credentials are renewed on their expiry.",
        "orders-s3-sink",
        ARTICLE,
        {"activity": Activity.CREDENTIAL_RENEWAL, "path": ROLE, "timing": {Timing.CREDENTIAL_EXPIRY}},
        said=("assumes the role again to renew them",),
    ),
    Row(
        "Authentication to the Kafka cluster uses the role with authenticationType=IAM.",
        "orders-s3-sink",
        GUIDE,
        {"activity": Activity.KAFKA_AUTH, "path": ROLE, "basis": Basis.CONFIGURED, "timing": {Timing.CONTINUOUSLY}},
        said=("authenticationType is IAM",),
    ),
    Row(
        "With IAM, even a source that reads a database uses the role for Kafka.",
        "inventory-mysql-cdc",
        GUIDE,
        {"activity": Activity.KAFKA_AUTH, "component": Component.RECORDS, "path": ROLE},
        note="kafka-iam-covers-internal-topics",
        said=("sources included",),
    ),
    Row(
        "The plugin's own calls to AWS, such as an S3 sink's writing, use the role as the plugin works.",
        "orders-s3-sink",
        "https://github.com/confluentinc/kafka-connect-storage-cloud",
        {
            "activity": Activity.AWS_ACCESS,
            "component": Component.PLUGIN,
            "subject": "s3",
            "path": ROLE,
            "timing": {Timing.CONTINUOUSLY},
        },
        said=("Calls to S3 (plugin)", "s3:PutObject"),
    ),
)

NOT_USED = (
    Row(
        "Kafka access with authenticationType=NONE is authorised by nothing in IAM.",
        "customers-jdbc-source",
        GUIDE,
        {"activity": Activity.KAFKA_AUTH, "component": Component.RECORDS, "path": NO_IAM, "basis": Basis.CONFIGURED},
        said=("authenticationType is NONE",),
    ),
    Row(
        "Kafka access with SASL/SCRAM is authorised by the SCRAM user.",
        "payments-jdbc-sink",
        "https://",
        {
            "activity": Activity.KAFKA_AUTH,
            "component": Component.RECORDS,
            "path": NO_IAM,
            "reason": "client-uses-scram",
        },
        note="scram-is-not-a-type",
        said=("SASL/SCRAM", "consumer.override.sasl.mechanism"),
    ),
    Row(
        "A source that reads a system outside AWS, such as Debezium MySQL, logs in with the database's own user.",
        "inventory-mysql-cdc",
        "https://",
        {"activity": Activity.EXTERNAL_ACCESS, "component": Component.PLUGIN, "subject": "mysql", "path": NO_IAM},
        said=("Access to MySQL (plugin): no IAM",),
    ),
    Row(
        "Worker logs to S3 are authorised by the bucket policy, for delivery.logs.amazonaws.com.",
        "orders-s3-sink",
        LOGS,
        {
            "activity": Activity.WORKER_LOGS,
            "subject": "s3",
            "path": PermissionPath.RESOURCE_POLICY,
            "basis": Basis.OBSERVED,
            "principal": "delivery.logs.amazonaws.com",
        },
        said=("Worker logs to S3 (worker): bucket policy", "delivery.logs.amazonaws.com"),
    ),
    Row(
        "Worker logs to CloudWatch Logs are authorised by a resource policy, for delivery.logs.amazonaws.com.",
        "inventory-mysql-cdc",
        LOGS,
        {
            "activity": Activity.WORKER_LOGS,
            "subject": "logs",
            "path": PermissionPath.RESOURCE_POLICY,
            "basis": Basis.OBSERVED,
            "principal": "delivery.logs.amazonaws.com",
        },
        said=("CloudWatch Logs resource policy",),
    ),
    Row(
        'Worker logs to Firehose are authorised by what the article calls "Firehose resource policy".',
        "payments-jdbc-sink",
        LOGS,
        {
            "activity": Activity.WORKER_LOGS,
            "subject": "firehose",
            "path": PermissionPath.SERVICE_LINKED_ROLE,
            "basis": Basis.OBSERVED,
        },
        note="firehose-has-no-resource-policy",
        said=('The article says "Firehose resource policy"', "LogDeliveryEnabled=true"),
    ),
)

BESIDES = (
    Row(
        "The service principal kafkaconnect.amazonaws.com assumes the role with sts:AssumeRole, and its temporary "
        "credentials reach AWS.",
        "orders-s3-sink",
        ARTICLE,
        note="who-assumes",
        said=("kafkaconnect.amazonaws.com", "sts:AssumeRole", "temporary credentials"),
    ),
    Row(
        "The role is not in continuous use while a connector is RUNNING: it depends on the configuration.",
        "customers-jdbc-source",
        ARTICLE,
        note="who-assumes",
        said=("not observed in 90 days", "Dormant does not mean that the role may go", "nothing stops at once"),
    ),
    Row(
        "Worker logs are vended logs and never use the role.",
        "audit-s3-sink",
        ARTICLE,
        note="vended-logs",
        said=("Worker logs are vended logs", "the service execution role is not used"),
    ),
    Row(
        "AWS adds the bucket policy by itself when delivery is first enabled, if the creator holds s3:GetBucketPolicy "
        "and s3:PutBucketPolicy.",
        "orders-s3-sink",
        ARTICLE,
        note="bucket-policy-added-by-aws",
        said=("s3:GetBucketPolicy", "s3:PutBucketPolicy"),
    ),
    Row(
        "IAM last accessed does not record data-plane actions such as kafka-cluster:ReadData.",
        "orders-s3-sink",
        "https://docs.aws.amazon.com/IAM/",
        note="last-accessed-data-plane",
        said=("It does not count: it sees neither Kafka data", "kafka-cluster:ReadData"),
    ),
    Row(
        "IAM last accessed does not see vended logs, which never touch the role.",
        "orders-s3-sink",
        ARTICLE,
        note="last-accessed-vended-logs",
        said=("nor worker logs", "vended logs never touch the role"),
    ),
    Row(
        "IAM last accessed lags by up to four hours.",
        "orders-s3-sink",
        "https://docs.aws.amazon.com/IAM/",
        note="last-accessed-lags",
        said=("lags by up to four hours",),
    ),
    Row(
        "The sound way is CloudTrail's AssumeRole events.",
        "orders-s3-sink",
        ARTICLE,
        note="cloudtrail-is-sound",
        said=("MSK Connect last assumed the role",),
        query=(
            'filter eventName = "AssumeRole"',
            'and userIdentity.invokedBy = "kafkaconnect.amazonaws.com"',
            'and requestParameters.roleArn = "arn:aws:iam::111122223333:role/orders-s3-sink-role"',
            "| sort @timestamp desc",
            "| limit 20",
        ),
    ),
    Row(
        "The role of an existing connector cannot be changed: delete and recreate.",
        "search-s3-sink",
        ARTICLE,
        note="role-cannot-be-changed",
        caution=CautionCode.ROLE_MISSING,
        said=("cannot be changed", "Delete the connector and create it anew"),
    ),
    Row(
        "The service-linked role AWSServiceRoleForKafkaConnect cannot serve as execution role.",
        "catalog-s3-sink",
        ARTICLE,
        note="service-linked-role-cannot-serve",
        caution=CautionCode.SERVICE_LINKED_ROLE_AS_EXECUTION_ROLE,
        said=("A service-linked role is given as the execution role, and it cannot serve as one",),
    ),
    Row(
        "The trust policy should carry aws:SourceAccount and aws:SourceArn against the confused deputy.",
        "returns-s3-sink",
        GUIDE,
        note="confused-deputy",
        caution=CautionCode.TRUST_POLICY_CONFUSED_DEPUTY,
        said=("the confused deputy problem", "aws:SourceAccount", "aws:SourceArn"),
    ),
)

ROWS = (*USED, *NOT_USED, *BESIDES)


@pytest.fixture(scope="module")
def answers(embedded_aws: EmbeddedAws) -> Iterator[AnswerSource]:
    with real_answers(embedded_aws) as source:
        yield source


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.statement[:60])
def test_a_statement_of_the_article_is_answered_with_its_source(row: Row, answers: AnswerSource) -> None:
    question = parse(row.asked)
    assert not isinstance(question, Help)
    answer = answers.ask(question)
    assert isinstance(answer, ConnectorAnswer)

    assert row.source in _sources(row, answer)
    said = _words(word.answer(answer)) + _words(word.details(answer))
    assert [words for words in row.said if words not in said] == []
    asked_trail = _words(word.query(answer))
    assert [words for words in row.query if words not in asked_trail] == []


def test_what_the_article_says_uses_the_role_does_and_the_rest_does_not(answers: AnswerSource) -> None:
    for row in (*USED, *NOT_USED):
        question = parse(row.asked)
        assert not isinstance(question, Help)
        answer = answers.ask(question)
        assert isinstance(answer, ConnectorAnswer)
        uses = {finding.uses_execution_role for finding in answer.findings if _matches(finding, row.finding)}
        assert uses == {Uses.YES if row in USED else Uses.NO}, row.statement


def test_every_note_from_the_article_answers_a_statement() -> None:
    answering = {row.note for row in ROWS}
    assert {note.name for note in NOTES if note.source == ARTICLE} <= answering


def _sources(row: Row, answer: ConnectorAnswer) -> set[str]:
    """Return the sources that the answer gives for the statement, cut to the length of the one expected."""
    given = [note.source for note in NOTES if note.name == row.note]
    if row.finding:
        found = [finding for finding in answer.findings if _matches(finding, row.finding)]
        assert found, f"no finding {row.finding}"
        given += [finding.source for finding in found]
    if row.caution:
        assert row.caution in {caution.code for caution in answer.cautions}
    return {source[: len(row.source)] for source in given}


def _matches(finding: Finding, expected: Mapping[str, Any]) -> bool:
    return all(_agrees(finding, name, value) for name, value in expected.items())


def _agrees(finding: Finding, name: str, value: Any) -> bool:
    actual = finding.reason.code if name == "reason" else getattr(finding, name)
    return bool(set(actual) >= value if isinstance(value, set) else actual == value)


def _words(reply: Any) -> str:
    return " ".join(text.plain(reply, width=10_000).split())
