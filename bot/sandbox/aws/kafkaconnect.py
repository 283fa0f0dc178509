"""MSK Connect's read operations, which moto does not have."""

import re
from collections.abc import Mapping
from typing import Any

from bot.sandbox.aws.paging import page
from bot.sandbox.aws.service import AwsError, Call, Service
from bot.sandbox.aws.world import Description, World, name_of, region_of

_ARN = re.compile(r"arn:aws[a-z-]*:kafkaconnect:[a-z0-9-]+:\d{12}:[a-z-]+/.+", re.DOTALL)

#: What ListConnectors leaves out of a connector's description.
_NOT_IN_SUMMARY = ("connectorConfiguration", "stateDescription")
_IN_OPERATION_SUMMARY = (
    "connectorOperationArn",
    "connectorOperationType",
    "connectorOperationState",
    "creationTime",
    "endTime",
)


def service(world: World) -> Service:
    """Return MSK Connect over the world's resources."""

    def list_connectors(call: Call) -> dict[str, Any]:
        prefix = call.parameters.get("connectorNamePrefix", "")
        found = sorted((c for arn, c in world.connect.connectors.items() if region_of(arn) == call.region), key=name_of)
        named = [_summary(c) for c in found if name_of(c).startswith(prefix)]
        return _paged(call, "connectors", named, prefix)

    def describe_connector(call: Call) -> dict[str, Any]:
        return dict(_find(world.connect.connectors, call, "connectorArn"))

    def list_operations(call: Call) -> dict[str, Any]:
        connector = _find(world.connect.connectors, call, "connectorArn")["connectorArn"]
        own = [o for o in world.connect.operations.values() if o["connectorArn"] == connector]
        own.sort(key=lambda o: o["creationTime"], reverse=True)
        rows = [{key: o[key] for key in _IN_OPERATION_SUMMARY if key in o} for o in own]
        return _paged(call, "connectorOperations", rows, connector)

    def describe_operation(call: Call) -> dict[str, Any]:
        return dict(_find(world.connect.operations, call, "connectorOperationArn"))

    def describe_worker_configuration(call: Call) -> dict[str, Any]:
        return dict(_find(world.connect.worker_configurations, call, "workerConfigurationArn"))

    def describe_custom_plugin(call: Call) -> dict[str, Any]:
        return dict(_find(world.connect.custom_plugins, call, "customPluginArn"))

    return {
        "ListConnectors": list_connectors,
        "DescribeConnector": describe_connector,
        "ListConnectorOperations": list_operations,
        "DescribeConnectorOperation": describe_operation,
        "DescribeWorkerConfiguration": describe_worker_configuration,
        "DescribeCustomPlugin": describe_custom_plugin,
    }


def _summary(connector: Description) -> Description:
    return {key: value for key, value in connector.items() if key not in _NOT_IN_SUMMARY}


def _paged(call: Call, member: str, rows: list[Description], scope: str) -> dict[str, Any]:
    size = call.parameters.get("maxResults", 100)
    taken, token = page(rows, size, call.parameters.get("nextToken"), f"{member} {scope}")
    if taken is None:
        raise AwsError(
            "BadRequestException", "Invalid parameter value(s): nextToken", fields={"invalidParameter": "nextToken"}
        )
    return {member: taken, "nextToken": token}


def _find(resources: Mapping[str, Description], call: Call, parameter: str) -> Description:
    arn = call.parameters[parameter]
    if not _ARN.fullmatch(arn):
        raise _bad(parameter)
    found = resources.get(arn)
    if found is None or region_of(arn) != call.region:
        raise AwsError("NotFoundException", "The resource was not found.")
    return found


def _bad(parameter: str) -> AwsError:
    message = f"Invalid parameter value(s): {parameter}"
    return AwsError("BadRequestException", message, fields={"invalidParameter": parameter})
