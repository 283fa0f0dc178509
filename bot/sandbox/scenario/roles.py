"""The roles, what they trust, and what IAM says about their use."""

from bot.sandbox.aws.world import ACCOUNT
from bot.sandbox.scenario.documents import document, trust, trust_connector
from bot.sandbox.scenario.names import EU, OTHER_ACCOUNT, US
from bot.sandbox.scenario.plan import LastAccessed, Role

_NEVER = LastAccessed("kafka-cluster", None)


def _plain(connector: str, region: str, *accessed: LastAccessed, used: float | None = None) -> Role:
    return Role(
        name=f"{connector}-role",
        trust=trust_connector(connector, region),
        last_used=(used, region) if used is not None else None,
        accessed=(_NEVER, *accessed),
    )


def _linked(name: str, service: str) -> Role:
    return Role(name, trust(service=service), path=f"/aws-service-role/{service}/")


_STALE = f"arn:aws:kafkaconnect:{EU}:{ACCOUNT}:connector/legacy-orders-s3-sink/0f5c6f6e-2d3b-4d8f-9a57-5f0f9f0e1c11-2"
_OTHERS = document(
    trust("*")["Statement"][0],
    {"Effect": "Allow", "Principal": {"Service": "lambda.amazonaws.com"}, "Action": "sts:AssumeRole"},
    {
        "Effect": "Allow",
        "Principal": {"AWS": [f"arn:aws:iam::{ACCOUNT}:user/alice", f"arn:aws:iam::{OTHER_ACCOUNT}:root"]},
        "Action": "sts:AssumeRole",
    },
)

ROLES: tuple[Role, ...] = (
    # The report lags behind CloudTrail: the role was assumed today.
    _plain("orders-s3-sink", EU, LastAccessed("s3", 97.0, EU), used=97.0),
    _plain("inventory-mysql-cdc", EU, LastAccessed("secretsmanager", 0.2, EU), used=0.2),
    Role("customers-jdbc-role", trust_connector("customers-jdbc-source", EU), accessed=(_NEVER,)),
    _plain("payments-jdbc-sink", EU),
    _plain("events-snowflake-sink", EU),
    _plain("audit-s3-sink", EU, LastAccessed("s3", 0.5, EU), used=0.5),
    _plain("clicks-firehose-sink", EU, LastAccessed("firehose", 101.0, EU), used=101.0),
    Role("legacy-orders-s3-sink-role", trust(_STALE), accessed=(_NEVER,)),
    Role("shared-sinks-role", trust(), last_used=(0.3, EU), accessed=(_NEVER, LastAccessed("s3", 0.3, EU))),
    Role("metrics-s3-sink-eu-role", trust_connector("metrics-s3-sink", EU), accessed=(LastAccessed("s3", 1.0, EU),)),
    Role("weather@channel", trust_connector("weather-http-source", EU), path="/<!channel>/*team*/"),
    Role("metrics-s3-sink-us-role", trust_connector("metrics-s3-sink", US), accessed=(LastAccessed("s3", 1.0, US),)),
    _plain("fraud-s3-sink", US),
    _plain("shipping-s3-sink", US),
    # Attempts by others count as well: the report cannot tell who made them.
    Role("ledger-role", _OTHERS, last_used=(1.0, US), accessed=(LastAccessed("dynamodb", 1.0, US),)),
    _plain("sealed-s3-sink", US),
    Role("tickets-s3-sink-role", trust_connector("tickets-s3-sink", US), path="/connect/"),
    # Named by no connector.
    Role("retired-sink-role", trust_connector("retired-s3-sink", EU), accessed=(_NEVER,)),
    Role("msk-role-bot", trust(service="ecs-tasks.amazonaws.com")),
    _linked("AWSServiceRoleForKafkaConnect", "kafkaconnect.amazonaws.com"),
    _linked("AWSServiceRoleForLogDelivery", "delivery.logs.amazonaws.com"),
)
