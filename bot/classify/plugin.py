"""What the connector plugin itself talks to, as the catalogue knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogue import Catalogue
from bot.classify.access import access_finding
from bot.classify.connector import CLASS, class_of, entry_of, scope_of, shown_class, unknown_class
from bot.model import (
    Component,
    Connector,
    Evidence,
    Finding,
    ReasonCode,
)

_CONNECTORS_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-connectors.html"
# Words in a key that suggest AWS: a service, a role, a credentials provider, an access key.
_HINT = re.compile(
    r"(?:^|[._-])(?:aws|s3|kinesis|firehose|sqs|sns|dynamodb|lambda|glue|eventbridge|cloudwatch|redshift)(?:[._-]|$)"
    r"|role[._-]?arn|credentials?[._-]?provider|access[._-]?key",
    re.IGNORECASE,
)
# What a value holds that is meant for AWS: a mechanism, an ARN, a bucket, a host.
_VALUE_HINT = re.compile(r"AWS_MSK_IAM|IAMLoginModule|arn:aws|\bs3[an]?://|\.amazonaws\.com", re.IGNORECASE)
# Settings of Kafka Connect itself and of extensions that are judged by themselves.
_NOT_THE_PLUGINS = (
    CLASS, "consumer.override.", "producer.override.", "admin.override.", "key.converter", "value.converter",
    "header.converter", "transforms.", "predicates.", "config.providers",
)  # fmt: skip


def findings(evidence: Evidence, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield each system the plugin talks to; for a class that nobody knows, one finding that says so."""
    connector = evidence.connector
    entry = entry_of(connector, catalogue)
    if entry is None:
        yield _unknown(connector)
        return
    scope = scope_of(connector, entry)
    for access in entry.access:
        finding = access_finding(access, scope, connector, (CLASS,))
        if finding:
            yield finding


def hints(connector: Connector) -> tuple[str, ...]:
    """Return the keys that suggest, by their name or their value, that the plugin talks to AWS."""
    return tuple(
        sorted(
            key
            for key, value in connector.configuration.items()
            if _HINT.search(key) or (_VALUE_HINT.search(value) and not key.startswith(_NOT_THE_PLUGINS))
        )
    )


def _unknown(connector: Connector) -> Finding:
    suspicious = hints(connector)
    return unknown_class(
        Component.PLUGIN,
        ReasonCode.CONNECTOR_CLASS_UNKNOWN,
        {"class": shown_class(class_of(connector)), "keys": suspicious},
        _CONNECTORS_GUIDE,
        CLASS,
        *suspicious,
    )
