"""What the demo shows: commands about the scenario's connectors, and the names their replies must contain."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Press:
    """A button of the reply, and the names that what it brings must contain."""

    action_id: str
    shows: tuple[str, ...]
    #: A modal opens; otherwise a message comes.
    modal: bool = True


@dataclass(frozen=True, slots=True)
class Scene:
    """One command, why it is interesting, and the names that its reply must contain."""

    why: str
    text: str
    shows: tuple[str, ...]
    presses: tuple[Press, ...] = ()


SCENES = (
    Scene(
        "Before an IAM clean-up: a sink that writes to S3 with its role",
        "orders-s3-sink",
        ("orders-s3-sink-role", "RUNNING", "eu-west-1"),
        (
            Press("details", ("orders-s3-sink-role", "s3:PutObject")),
            Press("query", ('eventName = "AssumeRole"', "role/orders-s3-sink-role")),
            Press("share", ("orders-s3-sink-role",), modal=False),
        ),
    ),
    Scene(
        "Debezium: the database has its own user; Kafka and the secrets need the role",
        "inventory-mysql-cdc 30d",
        ("inventory-mysql-cdc-role",),
    ),
    Scene(
        "A role that nobody assumed in 90 days, and that the next restart needs",
        "customers-jdbc-source",
        ("customers-jdbc-role",),
    ),
    Scene(
        "Worker logs whose grants are missing, with the policy to add",
        "events-snowflake-sink",
        ("events-snowflake-sink-role",),
        (Press("policy", ("AWSLogDeliveryAclCheck", "delivery.logs.amazonaws.com", "LogDeliveryEnabled")),),
    ),
    Scene(
        "A contradiction: the configuration needs the role, and CloudTrail shows nothing",
        "shipping-s3-sink",
        ("shipping-s3-sink-role", "us-east-1"),
    ),
    Scene(
        "A permission that the bot lacks",
        "sealed-s3-sink",
        ("sealed-s3-sink-role", "cloudtrail:LookupEvents"),
    ),
    Scene("A name that does not exist", "orders-s3-snk", ("orders-s3-sink",)),
    Scene("The beginning of a name", "orders", ("orders-s3-sink",)),
    Scene(
        "The same name in two regions",
        "metrics-s3-sink",
        ("eu-west-1", "us-east-1"),
        (Press("choose-0", ("metrics-s3-sink",), modal=False),),
    ),
    Scene("Names that would be more than text", "weather-http-source", ("weather@channel",)),
    Scene("What may be asked", "help", ("/msk-role",)),
)
