"""Fill the embedded AWS with the scenario's world."""

import base64
from datetime import datetime, timedelta

from bot.sandbox.aws import behind
from bot.sandbox.aws.fault import Fault, How
from bot.sandbox.aws.world import ACCOUNT, Accessed, Description, World
from bot.sandbox.scenario import table
from bot.sandbox.scenario.configurations import BROKERS, WORKER_PROPERTIES
from bot.sandbox.scenario.connectors import CONNECTORS
from bot.sandbox.scenario.destinations import (
    ACCOUNT_LOG_POLICIES,
    BUCKETS,
    GROUP_LOG_POLICIES,
    KEYS,
    LOG_GROUPS,
    PLUGINS,
    STREAMS,
)
from bot.sandbox.scenario.history import events
from bot.sandbox.scenario.names import EU, US, connect_arn, key_arn, log_group_arn, role_arn
from bot.sandbox.scenario.plan import Connector
from bot.sandbox.scenario.records import role_id
from bot.sandbox.scenario.roles import ROLES

#: The history of this role is behind a permission that the bot does not hold.
SEALED_ROLE = "sealed-s3-sink-role"


def populate(world: World) -> tuple[Fault, ...]:
    """Fill an empty world; return the failures that belong to it."""
    now = world.now
    with world.lock:
        for connector in CONNECTORS:
            add_connector(world, connector, now)
        _add_worker_configurations(world, now)
        _add_plugins(world, now)
        _add_roles(world, now)
        _add_destinations(world)
        _add_trails(now)
        world.trail.add(sorted(events(now), key=lambda event: event.at))
    return (Fault("cloudtrail:LookupEvents", How.ACCESS_DENIED, containing=SEALED_ROLE),)


def add_connector(world: World, connector: Connector, now: datetime) -> None:
    """Add one connector and its operations."""
    described = describe(connector, now)
    arn = described["connectorArn"]
    world.connect.connectors[arn] = described
    for number, operation in enumerate(connector.operations, start=1):
        operation_arn = f"{arn.replace(':connector/', ':connector-operation/')}/{number:08d}"
        started = now - timedelta(days=operation.days_ago)
        world.connect.operations[operation_arn] = {
            "connectorArn": arn,
            "connectorOperationArn": operation_arn,
            "connectorOperationType": operation.type,
            "connectorOperationState": operation.state,
            "operationSteps": [{"stepType": "VALIDATE_UPDATE", "stepState": "COMPLETED"}],
            "creationTime": started,
            "endTime": started + timedelta(minutes=6),
        }


def describe(connector: Connector, now: datetime) -> Description:
    """Describe a connector as DescribeConnector does."""
    region = connector.region
    encryption = "TLS" if connector.authentication == "IAM" or "scram" in connector.shows.lower() else "PLAINTEXT"
    vpc = {"securityGroups": ["sg-0a1b2c3d4e5f60718"], "subnets": ["subnet-0a1b2c3d", "subnet-1b2c3d4e"]}
    described: Description = {
        "connectorName": connector.name,
        "connectorArn": connect_arn("connector", connector.name, region),
        "connectorState": connector.state,
        "connectorConfiguration": dict(connector.configuration),
        "creationTime": now - timedelta(days=connector.created_days_ago),
        "currentVersion": "K3AEGXETSR30VB",
        "capacity": {"provisionedCapacity": {"mcuCount": 1, "workerCount": 2}},
        "kafkaCluster": {
            "apacheKafkaCluster": {
                "bootstrapServers": BROKERS[connector.authentication].format(region=region),
                "vpc": vpc,
            }
        },
        "kafkaClusterClientAuthentication": {"authenticationType": connector.authentication},
        "kafkaClusterEncryptionInTransit": {"encryptionType": encryption},
        "kafkaConnectVersion": "3.7.x",
        "logDelivery": connector.logs.described(),
        "plugins": [
            {"customPlugin": {"customPluginArn": connect_arn("custom-plugin", connector.plugin, region), "revision": 1}}
        ],
        "serviceExecutionRoleArn": connector.role,
    }
    if connector.description:
        described["connectorDescription"] = connector.description
    if connector.worker_configuration:
        name, revision = connector.worker_configuration
        arn = connect_arn("worker-configuration", name, region)
        described["workerConfiguration"] = {"workerConfigurationArn": arn, "revision": revision}
    if connector.failure:
        code, message = connector.failure
        described["stateDescription"] = {"code": code, "message": message}
    return described


def _add_worker_configurations(world: World, now: datetime) -> None:
    for name, properties in WORKER_PROPERTIES.items():
        arn = connect_arn("worker-configuration", name, EU)
        created = now - timedelta(days=310)
        world.connect.worker_configurations[arn] = {
            "name": name,
            "workerConfigurationArn": arn,
            "workerConfigurationState": "ACTIVE",
            "creationTime": created,
            "latestRevision": {
                "revision": 3 if name == "secrets-manager-worker" else 1,
                "creationTime": created,
                "propertiesFileContent": base64.b64encode(properties.encode()).decode(),
            },
        }


def _add_plugins(world: World, now: datetime) -> None:
    for region in (EU, US):
        for name, key in PLUGINS.items():
            arn = connect_arn("custom-plugin", name, region)
            created = now - timedelta(days=600)
            world.connect.custom_plugins[arn] = {
                "name": name,
                "customPluginArn": arn,
                "customPluginState": "ACTIVE",
                "creationTime": created,
                "latestRevision": {
                    "revision": 1,
                    "creationTime": created,
                    "contentType": "JAR" if key.endswith(".jar") else "ZIP",
                    "fileDescription": {"fileMd5": "d41d8cd98f00b204e9800998ecf8427e", "fileSize": 4_194_304},
                    "location": {"s3Location": {"bucketArn": "arn:aws:s3:::acme-connect-plugins", "fileKey": key}},
                },
            }


def _add_roles(world: World, now: datetime) -> None:
    for role in ROLES:
        arn = role_arn(role.name, role.path)
        behind.create_role(ACCOUNT, arn, role.trust, now - timedelta(days=600), role_id(arn))
        if role.last_used:
            days, region = role.last_used
            behind.set_last_used(ACCOUNT, arn, now - timedelta(days=days), region)
        world.accessed[arn] = tuple(
            Accessed(
                service.namespace,
                None if service.days_ago is None else now - timedelta(days=service.days_ago),
                service.region,
            )
            for service in role.accessed
        )


def _add_destinations(world: World) -> None:
    for key, policy in KEYS.items():
        behind.create_key(ACCOUNT, key_arn(key, EU), policy)
    for bucket in BUCKETS:
        encrypted_by = key_arn(bucket.key, bucket.region) if bucket.key else None
        behind.create_bucket(ACCOUNT, bucket.name, bucket.region, bucket.policy, encrypted_by)
    for group, region in LOG_GROUPS:
        behind.create_log_group(ACCOUNT, region, group)
    for name, policy in ACCOUNT_LOG_POLICIES.items():
        behind.put_account_log_policy(ACCOUNT, EU, name, policy)
    for group, policy in GROUP_LOG_POLICIES.items():
        world.log_group_policies[log_group_arn(group, EU)] = ("log-delivery", behind.as_json(policy))
    for stream, tags in STREAMS.items():
        behind.create_delivery_stream(ACCOUNT, EU, stream, tags)


def _add_trails(now: datetime) -> None:
    started = now - timedelta(days=400)
    group = f"{log_group_arn('cloudtrail/management-events', EU)}:*"
    behind.create_trail(ACCOUNT, EU, "management-events", log_group=group, writes_only=False, started=started)
    behind.create_trail(ACCOUNT, US, "write-events", log_group="", writes_only=True, started=started)
    behind.create_table(ACCOUNT, EU, table.DATABASE, table.TABLE, table.described(behind.CLOUDTRAIL_BUCKET, (EU, US)))
