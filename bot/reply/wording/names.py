"""What the model's codes are called in a sentence."""

from __future__ import annotations

from collections.abc import Mapping

from bot.cloudtrail.stores import STORES
from bot.model import Activity, Basis, Component, Finding, PermissionPath, Timing

#: IAM service prefixes, as AWS calls the services.
SERVICES: Mapping[str, str] = {
    "aoss": "OpenSearch Serverless",
    "athena": "Athena",
    "bedrock": "Bedrock",
    "cloudtrail": "CloudTrail",
    "cloudwatch": "CloudWatch",
    "comprehend": "Comprehend",
    "dynamodb": "DynamoDB",
    "ec2": "EC2",
    "ecs": "ECS",
    "eks": "EKS",
    "elasticache": "ElastiCache",
    "es": "OpenSearch",
    "events": "EventBridge",
    "execute-api": "API Gateway",
    "firehose": "Firehose",
    "glue": "Glue",
    "iam": "IAM",
    "kafka": "MSK",
    "kafka-cluster": "MSK clusters",
    "kinesis": "Kinesis",
    "kms": "KMS",
    "lambda": "Lambda",
    "logs": "CloudWatch Logs",
    "mq": "Amazon MQ",
    "neptune-db": "Neptune",
    "polly": "Polly",
    "rds": "RDS",
    "rds-db": "RDS (IAM login)",
    "redshift": "Redshift",
    "redshift-data": "Redshift",
    "redshift-serverless": "Redshift Serverless",
    "s3": "S3",
    "s3tables": "S3 Tables",
    "secretsmanager": "Secrets Manager",
    "ses": "SES",
    "sns": "SNS",
    "sqs": "SQS",
    "ssm": "Parameter Store",
    "sts": "STS",
    "swf": "Simple Workflow",
    "tag": "resource tags",
    "timestream": "Timestream",
    "translate": "Translate",
    "unknown": "AWS, if at all",
}

#: Systems outside of AWS, as their makers write them.
SYSTEMS: Mapping[str, str] = {
    "activemq": "ActiveMQ",
    "adobe-experience-platform": "Adobe Experience Platform",
    "azure": "Azure",
    "cassandra": "Cassandra",
    "clickhouse": "ClickHouse",
    "db2": "Db2",
    "elasticsearch": "Elasticsearch",
    "gcs": "Google Cloud Storage",
    "hdfs": "HDFS",
    "hive-metastore": "Hive metastore",
    "ibm-mq": "IBM MQ",
    "influxdb": "InfluxDB",
    "jms": "JMS",
    "mariadb": "MariaDB",
    "minio": "MinIO",
    "mongodb": "MongoDB",
    "mqtt": "MQTT",
    "mysql": "MySQL",
    "neo4j": "Neo4j",
    "nessie": "Nessie",
    "opensearch": "OpenSearch",
    "oracle": "Oracle",
    "postgresql": "PostgreSQL",
    "rabbitmq": "RabbitMQ",
    "redis": "Redis",
    "redshift": "Redshift",
    "salesforce": "Salesforce",
    "servicenow": "ServiceNow",
    "sftp": "SFTP",
    "snowflake": "Snowflake",
    "splunk": "Splunk",
    "sqlserver": "SQL Server",
}

ACTIVITIES: Mapping[Activity, str] = {
    Activity.PLUGIN_DOWNLOAD: "plugin download",
    Activity.UPDATE_VALIDATION: "update validation",
    Activity.CREDENTIAL_RENEWAL: "credential renewal",
    Activity.KAFKA_AUTH: "Kafka authentication",
    Activity.AWS_ACCESS: "calls to {subject}",
    Activity.EXTERNAL_ACCESS: "access to {subject}",
    Activity.WORKER_LOGS: "worker logs to {subject}",
    Activity.NETWORK_INTERFACES: "network interfaces",
}

COMPONENTS: Mapping[Component, str] = {
    Component.WORKER: "worker",
    Component.RECORDS: "records",
    Component.DEAD_LETTER_QUEUE: "dead letter queue",
    Component.PLUGIN: "plugin",
    Component.CONVERTER: "converter",
    Component.CONFIG_PROVIDER: "config provider",
    Component.SCHEMA_HISTORY: "schema history",
    Component.SIGNAL: "signal channel",
    Component.SOURCE_CLUSTER: "source cluster",
    Component.TARGET_CLUSTER: "target cluster",
    Component.CONTROL_TOPIC: "control topic",
    Component.REPORTER: "reporter",
    Component.METRICS: "metrics",
    Component.JDBC_DRIVER: "JDBC driver",
    Component.POST_PROCESSOR: "post-processor",
    Component.TRANSFORM: "transformation",
}

PATHS: Mapping[PermissionPath, str] = {
    PermissionPath.EXECUTION_ROLE: "service execution role",
    PermissionPath.ASSUMED_ROLE: "another role",
    PermissionPath.STATIC_CREDENTIALS: "AWS access keys in the configuration",
    PermissionPath.RESOURCE_POLICY: "resource policy",
    PermissionPath.SERVICE_LINKED_ROLE: "service-linked role",
    PermissionPath.NO_IAM: "no IAM",
    PermissionPath.UNKNOWN: "not known",
}
#: Whose credentials assume the other role.
VIA: Mapping[PermissionPath, str] = {
    PermissionPath.EXECUTION_ROLE: "another role, assumed by the service execution role",
    PermissionPath.STATIC_CREDENTIALS: "another role, assumed with AWS access keys",
    PermissionPath.UNKNOWN: "another role, assumed by credentials that are not known",
}
#: Where log delivery's permission lies, by destination.
LOG_PATHS: Mapping[str, str] = {
    "s3": "bucket policy",
    "logs": "CloudWatch Logs resource policy",
    "firehose": "service-linked role and a tag",
}

TIMINGS: Mapping[Timing, str] = {
    Timing.CREATION: "creation",
    Timing.RESTART: "restart",
    Timing.FAILOVER: "failover",
    Timing.UPDATE: "update",
    Timing.CREDENTIAL_EXPIRY: "when credentials expire",
    Timing.CONTINUOUSLY: "as it works",
    Timing.LOG_DELIVERY: "when logs are delivered",
}

BASES: Mapping[Basis, str] = {
    Basis.OBSERVED: "observed in AWS",
    Basis.CONFIGURED: "configured",
    Basis.DOCUMENTED: "documented",
    Basis.UNKNOWN: "not known",
}
BASIS_MEANS: Mapping[Basis, str] = {
    Basis.OBSERVED: "An answer of AWS shows the grant or its use.",
    Basis.CONFIGURED: "A setting decides it.",
    Basis.DOCUMENTED: "Documentation or source code says so.",
    Basis.UNKNOWN: "Nothing that was read decides it.",
}

HISTORY_SOURCES: Mapping[str, str] = {store.name: store.title for store in STORES}


def service(prefix: str) -> str:
    """Return a service's name, or the prefix where AWS has more services than this table."""
    return SERVICES.get(prefix, prefix)


def activity(finding: Finding) -> str:
    """Return what is done, such as "calls to S3"."""
    external = finding.activity is Activity.EXTERNAL_ACCESS
    subject = SYSTEMS.get(finding.subject, finding.subject) if external else service(finding.subject)
    return ACTIVITIES[finding.activity].replace("{subject}", subject)


def path(finding: Finding) -> str:
    """Return what authorises it."""
    if finding.path is PermissionPath.ASSUMED_ROLE:
        return VIA.get(finding.via or PermissionPath.UNKNOWN, VIA[PermissionPath.UNKNOWN])
    if finding.activity is Activity.WORKER_LOGS and finding.path is not PermissionPath.UNKNOWN:
        return LOG_PATHS.get(finding.subject, PATHS[finding.path])
    return PATHS[finding.path]
