"""Numbers: a busy account's other events, a fleet of connectors, names that MSK Connect would refuse."""

from collections.abc import Iterator
from datetime import datetime, timedelta

from bot.sandbox.aws import behind
from bot.sandbox.aws.trail import Record, TrailEvent
from bot.sandbox.aws.world import ACCOUNT, World
from bot.sandbox.scenario.configurations import s3_sink
from bot.sandbox.scenario.connectors import BEYOND_THE_PATTERN
from bot.sandbox.scenario.documents import trust_connector
from bot.sandbox.scenario.history import assumptions
from bot.sandbox.scenario.names import EU, role_arn
from bot.sandbox.scenario.plan import Assumptions, Connector, Logs
from bot.sandbox.scenario.records import assume_role, new_uuid, role_id, seeded
from bot.sandbox.scenario.seed import add_connector

#: What else happens in an account: source, name, whether it reads, and how often among a hundred.
_TRAFFIC = (
    ("ec2.amazonaws.com", "DescribeInstances", True, 40),
    ("sts.amazonaws.com", "AssumeRole", True, 25),
    ("kms.amazonaws.com", "Decrypt", True, 15),
    ("ssm.amazonaws.com", "UpdateInstanceInformation", False, 15),
    ("s3.amazonaws.com", "PutBucketTagging", False, 5),
)
_CALLERS = ("ec2.amazonaws.com", "lambda.amazonaws.com", "ecs-tasks.amazonaws.com")


def background(now: datetime, count: int, days: float, region: str) -> Iterator[TrailEvent]:
    """Make ``count`` events of other people's work, spread over so many days, in order of time.

    A quarter is AssumeRole of roles that have nothing to do with MSK Connect. The records are written when somebody
    reads them, so that some hundred thousand events fit into memory.
    """
    random = seeded(f"{count} {region}")
    weights = [weight for *_, weight in _TRAFFIC]
    start, step = now - timedelta(days=days), timedelta(days=days) / max(count, 1)
    for number, (source, name, reads, _) in enumerate(random.choices(_TRAFFIC, weights, k=count)):
        assumed = role_arn(f"service-{random.randrange(200)}")
        yield TrailEvent(
            at=start + number * step,
            region=region,
            event_id=new_uuid(random),
            name=name,
            source=source,
            read_only=reads,
            resources=(("AWS::IAM::Role", assumed),) if name == "AssumeRole" else (),
            write=_write,
        )


def _write(event: TrailEvent) -> Record:
    random = seeded(event.event_id)
    arn = event.resources[0][1] if event.resources else role_arn("nobody")
    by = random.choice(_CALLERS)
    record = {**assume_role(random, event.at, event.region, arn, "work", by=by), "eventID": event.event_id}
    if event.name != "AssumeRole":
        record |= {"eventSource": event.source, "eventName": event.name, "readOnly": event.read_only}
        record |= {"requestParameters": {}, "responseElements": None, "resources": []}
    return record


def add_fleet(world: World, count: int, region: str = EU) -> list[str]:
    """Add ``count`` connectors, each with a role of its own that was assumed every third day; return their names."""
    now = world.now
    names = [f"fleet-{number:04d}-s3-sink" for number in range(1, count + 1)]
    with world.lock:
        for name in names:
            _add(world, name, region, f"{name}-role", now)
    world.trail.add(
        event
        for name in names
        for event in assumptions(
            seeded(name),
            Assumptions(role_arn(f"{name}-role"), region, oldest=88.0, newest=1.0, every=72.0),
            now,
        )
    )
    return names


def add_hostile_names(world: World, region: str = EU) -> list[str]:
    """Add connectors under names that MSK Connect's own rules refuse; return the names."""
    with world.lock:
        for number, name in enumerate(BEYOND_THE_PATTERN, start=1):
            _add(world, name, region, f"hostile-{number}-role", world.now)
    return list(BEYOND_THE_PATTERN)


def _add(world: World, name: str, region: str, role: str, now: datetime) -> None:
    connector = Connector(
        name=name,
        region=region,
        role=role_arn(role),
        configuration=s3_sink(name, "acme-fleet", region),
        logs=Logs(bucket="acme-connect-logs"),
        shows="one of many",
    )
    created, trust = now - timedelta(days=410), trust_connector(name, region)
    behind.create_role(ACCOUNT, connector.role, trust, created, role_id(connector.role))
    add_connector(world, connector, now)
