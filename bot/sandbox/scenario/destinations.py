"""Log buckets, keys, log groups and delivery streams, and the grants on them."""

from collections.abc import Mapping
from dataclasses import dataclass

from bot.sandbox.scenario.documents import (
    Document,
    acl_check,
    document,
    key_for_log_delivery,
    key_owner,
    write,
    write_as_in_the_article,
    write_to_log_group,
)
from bot.sandbox.scenario.names import EU, US


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket; ``policy`` None: it has none. ``key`` names the KMS key that encrypts it."""

    name: str
    region: str
    policy: Document | None = None
    key: str = ""


def _odd(bucket: str) -> Document:
    """Restrict the grant by a condition key that means nothing outside its organisation."""
    statement = write(bucket, US)
    statement["Condition"]["StringEquals"]["acme:Purpose"] = "worker-logs"
    return document(acl_check(bucket, US), statement)


def _granted(bucket: str, region: str, prefix: str = "") -> Document:
    return document(acl_check(bucket, region), write(bucket, region, prefix))


BUCKETS: tuple[Bucket, ...] = (
    Bucket("acme-connect-logs", EU, _granted("acme-connect-logs", EU)),
    Bucket("acme-connect-logs-half", EU, document(write_as_in_the_article("acme-connect-logs-half"))),
    Bucket("acme-connect-logs-bare", EU),
    Bucket("acme-connect-logs-kms", EU, _granted("acme-connect-logs-kms", EU, "returns"), key="connect-logs"),
    Bucket("acme-connect-logs-kms-locked", EU, _granted("acme-connect-logs-kms-locked", EU), key="connect-logs-locked"),
    Bucket("acme-connect-logs-odd", US, _odd("acme-connect-logs-odd")),
    Bucket("acme-orders-archive", EU),
    Bucket("acme-connect-plugins", EU),
)

#: Key policies by name; all keys are in eu-west-1.
KEYS: Mapping[str, Document] = {
    "connect-logs": document(key_owner(), key_for_log_delivery(EU)),
    "connect-logs-locked": document(key_owner()),
}

LOG_GROUPS: tuple[tuple[str, str], ...] = (
    ("/msk-connect/inventory-mysql-cdc", EU),
    ("/msk-connect/events-snowflake-sink", EU),
    ("/aws/vendedlogs/msk-connect/audit-s3-sink", EU),
    ("/msk-connect/_weather_#general", EU),
    ("/msk-connect/ledger-mongo-source", US),
    ("cloudtrail/management-events", EU),
)

#: Account-wide CloudWatch Logs resource policies in eu-west-1; us-east-1 has none.
ACCOUNT_LOG_POLICIES: Mapping[str, Document] = {
    "msk-connect-inventory": document(write_to_log_group("/msk-connect/inventory-mysql-cdc", EU)),
    "AWSLogDeliveryWrite20150319": document(write_to_log_group("", EU, pattern="/aws/vendedlogs/*")),
}

#: CloudWatch Logs resource policies of one log group in eu-west-1.
GROUP_LOG_POLICIES: Mapping[str, Document] = {
    "/msk-connect/events-snowflake-sink": document(write_to_log_group("/msk-connect/events-snowflake-sink", EU)),
}

#: Delivery streams in eu-west-1 and their tags.
STREAMS: Mapping[str, Mapping[str, str]] = {
    "connect-logs-tagged": {"LogDeliveryEnabled": "true", "team": "data"},
    "connect-logs-untagged": {"team": "data"},
    "clicks": {},
}

#: Custom plugins by name: the key of the file in ``acme-connect-plugins``. They exist in both regions.
PLUGINS: Mapping[str, str] = {
    "confluent-s3": "confluentinc-kafka-connect-s3-10.5.17.zip",
    "debezium-mysql": "debezium-connector-mysql-2.7.3.zip",
    "confluent-jdbc": "confluentinc-kafka-connect-jdbc-10.7.6.zip",
    "mongodb": "mongo-kafka-connect-1.13.0-all.jar",
    "snowflake": "snowflake-kafka-connector-2.4.0.zip",
    "kinesis-kafka": "amazon-kinesis-kafka-connector-0.0.9.zip",
    "weather": "plugins/<!here> *weather*.zip",
}
