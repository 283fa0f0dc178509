"""Who assumed which role when, over the 90 days before the sandbox starts and a little longer."""

from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from bot.sandbox.aws.trail import TrailEvent, event_of, lookup_resources
from bot.sandbox.aws.world import ACCOUNT
from bot.sandbox.scenario.names import EU, OTHER_ACCOUNT, US, role_arn
from bot.sandbox.scenario.plan import Assumptions
from bot.sandbox.scenario.records import assume_role, follow_up, seeded

_KAFKA = "kafka-cluster.amazonaws.com"
_SECRETS = "secretsmanager.amazonaws.com"
_DAY = 24.0

HISTORY: tuple[Assumptions, ...] = (
    # One page of LookupEvents, a few of them through the global endpoint; the newest follows the restart.
    Assumptions(
        role_arn("orders-s3-sink-role"),
        EU,
        oldest=88.0,
        newest=0.1,
        every=49.0,
        follow_up=((_KAFKA, "CreateTopic", False), ("kms.amazonaws.com", "GenerateDataKey", True)),
    ),
    Assumptions(role_arn("orders-s3-sink-role"), US, oldest=60.0, newest=20.0, every=20 * _DAY),
    Assumptions(role_arn("orders-s3-sink-role"), EU, oldest=2.997, newest=2.997, every=_DAY),
    # Restarted by its config provider again and again: many pages.
    Assumptions(
        role_arn("inventory-mysql-cdc-role"),
        EU,
        oldest=89.9,
        newest=0.02,
        every=1.0,
        session="inventory-mysql-cdc",
        follow_up=((_SECRETS, "GetSecretValue", True), (_KAFKA, "CreateTopic", False)),
    ),
    Assumptions(role_arn("payments-jdbc-sink-role"), EU, oldest=29.99, newest=11.99, every=18 * _DAY),
    Assumptions(role_arn("events-snowflake-sink-role"), EU, oldest=19.99, newest=19.99, every=_DAY),
    Assumptions(role_arn("audit-s3-sink-role"), EU, oldest=89.0, newest=0.3, every=72.0),
    Assumptions(role_arn("legacy-orders-s3-sink-role"), EU, oldest=20.9, newest=0.2, every=12.0, error="AccessDenied"),
    Assumptions(role_arn("shared-sinks-role"), EU, oldest=89.5, newest=0.3, every=60.0),
    Assumptions(role_arn("metrics-s3-sink-eu-role"), EU, oldest=80.0, newest=1.0, every=9 * _DAY),
    Assumptions(
        role_arn("weather@channel", "/<!channel>/*team*/"), EU, oldest=70.0, newest=2.0, every=68.0, session="@here"
    ),
    Assumptions(role_arn("metrics-s3-sink-us-role"), US, oldest=80.0, newest=1.0, every=9 * _DAY),
    Assumptions(role_arn("fraud-s3-sink-role"), US, oldest=85.0, newest=0.5, every=66.0),
    Assumptions(role_arn("search-s3-sink-role"), US, oldest=89.0, newest=40.0, every=7 * _DAY),
    Assumptions(role_arn("sealed-s3-sink-role"), US, oldest=85.0, newest=1.0, every=7 * _DAY),
    Assumptions(
        role_arn("tickets-s3-sink-role", "/connect/"), US, oldest=80.0, newest=0.6, every=5 * _DAY, bare_name=True
    ),
    # Others only: a person, a function, another account.
    Assumptions(
        role_arn("ledger-role"),
        US,
        oldest=80.0,
        newest=3.0,
        every=11 * _DAY,
        by=f"arn:aws:iam::{ACCOUNT}:user/alice",
        session="alice",
        follow_up=(("dynamodb.amazonaws.com", "DescribeTable", True),),
    ),
    Assumptions(
        role_arn("ledger-role"),
        US,
        oldest=75.0,
        newest=1.0,
        every=5 * _DAY,
        by="lambda.amazonaws.com",
        session="ledger-export",
    ),
    Assumptions(
        role_arn("ledger-role"), US, oldest=44.0, newest=14.0, every=30 * _DAY, by=OTHER_ACCOUNT, session="deploy"
    ),
    # Older than any window: it must never be counted.
    Assumptions(role_arn("customers-jdbc-role"), EU, oldest=140.0, newest=95.0, every=15 * _DAY),
)


def events(now: datetime) -> Iterator[TrailEvent]:
    """Make every event of the history, the same each time but for ``now``."""
    random = seeded("history")
    for planned in HISTORY:
        yield from assumptions(random, planned, now)


def assumptions(random: Random, planned: Assumptions, now: datetime) -> Iterator[TrailEvent]:
    """Make the events of one plan, newest first."""
    step = timedelta(hours=planned.every)
    at, oldest = now - timedelta(days=planned.newest), now - timedelta(days=planned.oldest)
    newest = True
    while at >= oldest:
        session = f"{planned.session}-{random.getrandbits(40):010x}"
        record = assume_role(random, at, planned.region, planned.role_arn, session, by=planned.by, error=planned.error)
        resources = list(lookup_resources(record))
        if planned.bare_name:
            resources[-1] = ("AWS::IAM::Role", planned.role_arn.rpartition("/")[2])
        yield event_of(record, resources)
        for number, (source, name, reads) in enumerate(planned.follow_up if newest else (), start=1):
            yield event_of(follow_up(random, record, timedelta(minutes=2 * number), source, name, reads=reads))
        newest = False
        at -= step + timedelta(seconds=random.randrange(-600, 600)) * (planned.every < 12 * _DAY)
