"""Trying each operation of the bot once, to see whether AWS admits it.

IAM tells only those who may ask it what a policy allows, and nothing about key policies or service control policies. So
each operation is really called: on a resource that some connector names, else on a made-up one of the same account,
which AWS admits and then does not find. Nothing is read that a question would not read, and no query scans any data.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

from botocore import xform_name

from bot.arn import Arn, parse_arn
from bot.aws.connectors import Connectors
from bot.aws.errors import attempt
from bot.aws.fields import member
from bot.aws.sessions import Clients
from bot.cloudtrail.stores import Trial
from bot.cloudtrail.stores.store import NO_ID
from bot.doctor.diagnosis import AwsDiagnosis, Probe
from bot.model import S3, CloudWatchLogs, Connector, Firehose, Unavailable
from bot.pipe.ports import Deadline
from bot.pipe.reads import Reads
from bot.regions import iam_region
from bot.settings import HistorySettings

_THREADS = 8
#: Connectors of a region that are looked at for resources to try.
_CONNECTORS = 10
_NAME = "msk-role-doctor"


@dataclass(frozen=True, slots=True)
class Resources:
    """What the operations are tried on, in one region."""

    connector: str
    worker_configuration: str
    custom_plugin: str
    role: str
    bucket: str
    delivery_stream: str = _NAME


def examine(clients: Clients, regions: tuple[str, ...], history: HistorySettings, deadline: Deadline) -> AwsDiagnosis:
    """Try every operation that the settings call for, in every region where it would be called."""
    reads = Reads(deadline, _THREADS)
    caller = reads.start("sts:GetCallerIdentity", regions[0], partial(_caller, clients, regions[0])).value()
    identity = None if isinstance(caller, Unavailable) else parse_arn(caller)
    if identity is None:
        # Without an identity every call would fail in the same way.
        return AwsDiagnosis(caller, regions)
    discoveries = {region: reads.start("", region, partial(discover, clients, region, identity)) for region in regions}
    resources = {
        region: made_up(region, identity) if isinstance(found := pending.value(), Unavailable) else found
        for region, pending in discoveries.items()
    }
    calls = [*_core_calls(resources, identity), *_history_calls(regions, history, identity)]
    started = [(call, reads.start(call.operation, call.region, partial(_try, clients, call))) for call in calls]
    return AwsDiagnosis(
        caller, regions, tuple(Probe(call.operation, call.region, pending.value()) for call, pending in started)
    )


def _caller(clients: Clients, region: str) -> str | Unavailable:
    def read() -> str:
        return member(clients.client("sts", region).get_caller_identity(), "Arn", str)

    return attempt("sts:GetCallerIdentity", region, read)


def _try(clients: Clients, call: Trial) -> Unavailable | None:
    service, _, name = call.operation.partition(":")

    def read() -> None:
        getattr(clients.client(service, call.region), xform_name(name))(**call.parameters)

    return attempt(call.operation, call.region, read)


# --- resources -------------------------------------------------------------------------------------------------------


def made_up(region: str, identity: Arn) -> Resources:
    """Return resources that fit the account and do not exist."""
    account = identity.account
    connect = f"arn:{identity.partition}:kafkaconnect:{region}:{account}"
    return Resources(
        connector=f"{connect}:connector/{_NAME}/{NO_ID}-0",
        worker_configuration=f"{connect}:worker-configuration/{_NAME}/{NO_ID}-0",
        custom_plugin=f"{connect}:custom-plugin/{_NAME}/{NO_ID}-0",
        role=f"arn:{identity.partition}:iam::{account}:role/{_NAME}",
        bucket=f"{_NAME}-{account}",
    )


def discover(clients: Clients, region: str, identity: Arn) -> Resources:
    """Return the resources that the first connectors of a region name; made up where they name none."""
    reader = Connectors(clients)
    found = made_up(region, identity)
    summaries = reader.list(region)
    if isinstance(summaries, Unavailable):
        return found
    # The first ones are looked at last, so that theirs are the resources which stay.
    for summary in reversed(summaries[:_CONNECTORS]):
        connector = reader.describe(summary.arn)
        if isinstance(connector, Connector):
            found = replace(found, **_named_by(connector))
    return found


def _named_by(connector: Connector) -> dict[str, str]:
    named = {"connector": connector.arn, "role": connector.role_arn}
    if connector.worker_configuration is not None:
        named["worker_configuration"] = connector.worker_configuration.arn
    if connector.plugins:
        named["custom_plugin"] = connector.plugins[0].arn
    for destination in connector.log_destinations:
        match destination:
            case S3(bucket=bucket):
                named["bucket"] = bucket
            case Firehose(delivery_stream=stream):
                named["delivery_stream"] = stream
            case CloudWatchLogs():
                pass  # its policies are listed by account
    return {name: value for name, value in named.items() if value}


# --- calls -----------------------------------------------------------------------------------------------------------

_PARAMETERS: Mapping[str, Callable[[Resources], dict[str, Any]]] = {
    "kafkaconnect:ListConnectors": lambda _: {"maxResults": 1},
    "kafkaconnect:DescribeConnector": lambda on: {"connectorArn": on.connector},
    "kafkaconnect:DescribeWorkerConfiguration": lambda on: {"workerConfigurationArn": on.worker_configuration},
    "kafkaconnect:DescribeCustomPlugin": lambda on: {"customPluginArn": on.custom_plugin},
    "kafkaconnect:ListConnectorOperations": lambda on: {"connectorArn": on.connector, "maxResults": 1},
    "iam:GetRole": lambda on: {"RoleName": on.role.rpartition("/")[2]},
    "iam:GenerateServiceLastAccessedDetails": lambda on: {"Arn": on.role},
    "iam:GetServiceLastAccessedDetails": lambda _: {"JobId": NO_ID},
    "s3:GetBucketPolicy": lambda on: {"Bucket": on.bucket},
    "s3:GetBucketEncryption": lambda on: {"Bucket": on.bucket},
    "kms:GetKeyPolicy": lambda _: {"KeyId": NO_ID, "PolicyName": "default"},
    "logs:DescribeResourcePolicies": lambda _: {"limit": 1},
    "firehose:ListTagsForDeliveryStream": lambda on: {"DeliveryStreamName": on.delivery_stream},
}


def _core_calls(resources: Mapping[str, Resources], identity: Arn) -> Iterator[Trial]:
    for operation, parameters in _PARAMETERS.items():
        for region, tried in resources.items():
            if not operation.startswith("iam:"):
                yield Trial(operation, region, parameters(tried))
        if operation.startswith("iam:"):
            yield Trial(operation, iam_region(identity.partition), parameters(next(iter(resources.values()))))


def _history_calls(regions: tuple[str, ...], history: HistorySettings, identity: Arn) -> Iterator[Trial]:
    def trials(*, reading_trails: bool) -> Iterator[Trial]:
        for store in history.stores:
            if store.reads_trail is reading_trails:
                yield from store.trials(history.options_of(store), regions, identity.partition)

    yield from trials(reading_trails=False)
    if any(store.reads_trail for store in history.stores):
        yield Trial("cloudtrail:DescribeTrails", regions[0], {})
        yield Trial("cloudtrail:GetEventSelectors", regions[0], {"TrailName": _NAME})
        yield Trial("cloudtrail:GetTrailStatus", regions[0], {"Name": _NAME})
    yield from trials(reading_trails=True)
