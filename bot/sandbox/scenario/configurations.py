"""Connector configurations and worker properties. Every value that would be a secret holds the word CANARY."""

from collections.abc import Mapping

from bot.sandbox.scenario.names import EU

Configuration = Mapping[str, str]

BROKERS = {
    "IAM": "b-1.acme.k1.c2.kafka.{region}.amazonaws.com:9098,b-2.acme.k1.c2.kafka.{region}.amazonaws.com:9098",
    "NONE": "b-1.acme.k1.c2.kafka.{region}.amazonaws.com:9094,b-2.acme.k1.c2.kafka.{region}.amazonaws.com:9094",
}
_IAM_CLIENT = {
    "security.protocol": "SASL_SSL",
    "sasl.mechanism": "AWS_MSK_IAM",
    "sasl.jaas.config": "software.amazon.msk.auth.iam.IAMLoginModule required;",
    "sasl.client.callback.handler.class": "software.amazon.msk.auth.iam.IAMClientCallbackHandler",
}


def s3_sink(topic: str, bucket: str, region: str, **more: str) -> Configuration:
    """Return Confluent's S3 sink with the default credentials chain."""
    return {
        "connector.class": "io.confluent.connect.s3.S3SinkConnector",
        "tasks.max": "2",
        "topics": topic,
        "s3.region": region,
        "s3.bucket.name": bucket,
        "storage.class": "io.confluent.connect.s3.storage.S3Storage",
        "format.class": "io.confluent.connect.s3.format.json.JsonFormat",
        "flush.size": "1000",
        **{key.replace("__", "."): value for key, value in more.items()},
    }


def debezium_mysql(database: str, *, stored_in: str) -> Configuration:
    """Return Debezium's MySQL source: its password behind the secrets manager, its own Kafka clients with IAM."""
    history = "schema.history.internal"
    return {
        "connector.class": "io.debezium.connector.mysql.MySqlConnector",
        "tasks.max": "1",
        "database.hostname": f"{database}.cluster-c1.{EU}.rds.amazonaws.com",
        "database.port": "3306",
        "database.user": f"${{secretsmanager:{stored_in}:username}}",
        "database.password": f"${{secretsmanager:{stored_in}:password}}",
        "database.server.id": "184054",
        "topic.prefix": database,
        "database.include.list": database,
        f"{history}.kafka.topic": f"{database}.schema-history",
        f"{history}.kafka.bootstrap.servers": BROKERS["IAM"].format(region=EU),
        **{f"{history}.producer.{key}": value for key, value in _IAM_CLIENT.items()},
        **{f"{history}.consumer.{key}": value for key, value in _IAM_CLIENT.items()},
    }


def jdbc_source(database: str) -> Configuration:
    """Return Confluent's JDBC source with a password in plain text."""
    return {
        "connector.class": "io.confluent.connect.jdbc.JdbcSourceConnector",
        "tasks.max": "1",
        "connection.url": f"jdbc:postgresql://{database}.internal.example:5432/{database}",
        "connection.user": "kafka_connect",
        "connection.password": f"CANARY-{database}-password",
        "mode": "incrementing",
        "incrementing.column.name": "id",
        "topic.prefix": f"{database}.",
    }


def jdbc_sink_with_scram(database: str) -> Configuration:
    """Return Confluent's JDBC sink, whose consumer logs in to Kafka with SCRAM."""
    jaas = "org.apache.kafka.common.security.scram.ScramLoginModule required"
    return {
        "connector.class": "io.confluent.connect.jdbc.JdbcSinkConnector",
        "tasks.max": "2",
        "topics": "payments",
        "connection.url": f"jdbc:postgresql://{database}.internal.example:5432/{database}",
        "connection.user": "payments_writer",
        "connection.password": f"CANARY-{database}-password",
        "consumer.override.security.protocol": "SASL_SSL",
        "consumer.override.sasl.mechanism": "SCRAM-SHA-512",
        "consumer.override.sasl.jaas.config": f'{jaas} username="payments" password="CANARY-{database}-scram";',
    }


def snowflake(topic: str) -> Configuration:
    """Return Snowflake's sink with a key pair."""
    return {
        "connector.class": "com.snowflake.kafka.connector.SnowflakeSinkConnector",
        "tasks.max": "4",
        "topics": topic,
        "snowflake.url.name": "acme-eu.snowflakecomputing.com:443",
        "snowflake.user.name": "KAFKA_CONNECT",
        "snowflake.private.key": "CANARY-snowflake-private-key",
        "snowflake.private.key.passphrase": "CANARY-snowflake-passphrase",
        "snowflake.role.name": "KAFKA_LOADER",
        "snowflake.database.name": "EVENTS",
        "snowflake.schema.name": "RAW",
    }


def firehose_sink(topic: str, stream: str) -> Configuration:
    """Return Amazon's Firehose sink with the default credentials chain."""
    return {
        "connector.class": "com.amazon.kinesis.kafka.FirehoseSinkConnector",
        "tasks.max": "1",
        "topics": topic,
        "region": EU,
        "deliveryStream": stream,
    }


def static_keys_sink(topic: str, bucket: str, region: str) -> Configuration:
    """Return Confluent's S3 sink with access keys in plain text."""
    keys = {"aws.access.key.id": "AKIACANARY0000000001", "aws.secret.access.key": "CANARY-s3-secret-access-key"}
    return {**s3_sink(topic, bucket, region), **keys}


def mongo_source(database: str) -> Configuration:
    """Return MongoDB's source with a password in its connection string."""
    return {
        "connector.class": "com.mongodb.kafka.connect.MongoSourceConnector",
        "tasks.max": "1",
        "connection.uri": f"mongodb://{database}:CANARY-mongo-password@mongo.internal.example:27017/?tls=true",
        "database": database,
        "topic.prefix": database,
    }


def hostile() -> Configuration:
    """Name a class that nobody knows, and text that means something to Slack in keys and values."""
    return {
        "connector.class": "com.example.weather.*bold*.HttpSource<!channel>",
        "tasks.max": "1",
        "topics": "_weather_ ~old~ `code` <https://example.com|click> &amp; 🌩️",
        "aws.region.<!here>": "eu-west-1",
        "weather.api.token": "CANARY-weather-token <!everyone>",
        "\n> quoted key": "line one\nline two",
    }


WORKER_PROPERTIES: Mapping[str, str] = {
    "secrets-manager-worker": """\
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
value.converter.basic.auth.user.info=registry:CANARY-registry-password
config.providers=secretsmanager
config.providers.secretsmanager.class=com.amazonaws.kafka.config.providers.SecretsManagerConfigProvider
config.providers.secretsmanager.param.region=eu-west-1
""",
    "plain-worker": """\
key.converter=org.apache.kafka.connect.storage.StringConverter
value.converter=org.apache.kafka.connect.json.JsonConverter
value.converter.schemas.enable=false
""",
}
