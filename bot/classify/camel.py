"""Camel's generic connectors: one URL names the component, its resource and its settings.

``camel.sink.url=aws2-s3://bucket?useDefaultCredentialsProvider=true`` is what the connector of that component takes as
settings of its own, so that the catalogue's entry for that one holds here too.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from urllib.parse import unquote

_GENERIC = {
    "org.apache.camel.kafkaconnector.CamelSinkConnector": "sink",
    "org.apache.camel.kafkaconnector.CamelSourceConnector": "source",
}
_URL = re.compile(r"(?P<scheme>[a-z][a-z0-9-]*):(?://)?(?P<path>[^?]*)(?:\?(?P<query>.*))?", re.DOTALL)
_KAMELET = "kamelet"
# What the components of AWS call the path of their URL.
_PATHS = ("bucketNameOrArn", "queueNameOrArn", "topicNameOrArn", "streamName", "tableName", "function")
_PARAMETER = re.compile(r"(?:^|&)([\w.-]+)=((?:RAW\([^)]*\)|[^&])*)")


def url_key(configuration: Mapping[str, str]) -> str:
    """Return the setting that holds the URL; empty for any other class."""
    side = _GENERIC.get(configuration.get("connector.class", "").strip(), "")
    return f"camel.{side}.url" if side else ""


def component_class(configuration: Mapping[str, str]) -> str:
    """Return the class of the connector that serves the URL's component alone; empty where there is no such URL."""
    key, match = url_key(configuration), _parsed(configuration)
    if not match:
        return ""
    side = "Sink" if key == "camel.sink.url" else "Source"
    named = match["path"].split("/")[0] if match["scheme"] == _KAMELET else match["scheme"]
    package = named.replace("-", "")
    return f"org.apache.camel.kafkaconnector.{package}.Camel{package.capitalize()}{side}Connector"


def parameters(configuration: Mapping[str, str]) -> dict[str, str]:
    """Return what the URL sets, under the names that the component's own connector gives it."""
    key, match = url_key(configuration), _parsed(configuration)
    if not match:
        return {}
    side = "sink" if key == "camel.sink.url" else "source"
    query = {name: unquote(value) for name, value in _PARAMETER.findall(match["query"] or "")}
    if match["scheme"] == _KAMELET:
        kamelet = match["path"].split("/")[0]
        return {f"camel.kamelet.{kamelet}.{name}": value for name, value in query.items()}
    paths = {f"camel.{side}.path.{name}": match["path"] for name in _PATHS if match["path"]}
    return paths | {f"camel.{side}.endpoint.{name}": value for name, value in query.items()}


def _parsed(configuration: Mapping[str, str]) -> re.Match[str] | None:
    key = url_key(configuration)
    return _URL.fullmatch(configuration.get(key, "").strip()) if key else None
