"""What the connector plugin itself talks to, as the catalogue knows it."""

from __future__ import annotations

import re
from collections.abc import Iterator

from bot.catalogue import Catalogue
from bot.catalogue.entry import PluginType
from bot.classify.access import access_finding
from bot.classify.connector import CLASS, class_of, entry_of, keys, scope_of, shown_class
from bot.classify.scope import Scope
from bot.model import (
    Activity,
    Basis,
    Component,
    Connector,
    Datum,
    Evidence,
    Finding,
    PermissionPath,
    ReasonCode,
    Timing,
    reason,
)

_CONNECTORS_GUIDE = "https://docs.aws.amazon.com/msk/latest/developerguide/msk-connect-connectors.html"
# Words in a key that suggest AWS: a service, a role, a credentials provider, an access key.
_HINT = re.compile(
    r"(?:^|[._-])(?:aws|s3|kinesis|firehose|sqs|sns|dynamodb|lambda|glue|eventbridge|cloudwatch|redshift)(?:[._-]|$)"
    r"|role[._-]?arn|credentials?[._-]?provider|access[._-]?key",
    re.IGNORECASE,
)


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


def post_processors(evidence: Evidence, catalogue: Catalogue) -> Iterator[Finding]:
    """Yield what Debezium's post-processors talk to."""
    connector = evidence.connector
    for name in connector.configuration.get("post.processors", "").split(","):
        prefix = f"post.processors.{name.strip()}."
        key = f"{prefix}type"
        entry = catalogue.find(PluginType.POST_PROCESSOR, connector.configuration.get(key, "").strip())
        for access in entry.access if entry else ():
            finding = access_finding(access, Scope(connector.configuration, (prefix,)), connector, (key,))
            if finding:
                yield finding


def hints(connector: Connector) -> tuple[str, ...]:
    """Return the keys that suggest that the plugin talks to AWS."""
    return tuple(sorted(key for key in connector.configuration if _HINT.search(key)))


def _unknown(connector: Connector) -> Finding:
    suspicious = hints(connector)
    data: dict[str, Datum] = {"class": shown_class(class_of(connector)), "keys": suspicious}
    return Finding(
        activity=Activity.AWS_ACCESS,
        component=Component.PLUGIN,
        subject="unknown",
        path=PermissionPath.UNKNOWN,
        basis=Basis.UNKNOWN,
        reason=reason(ReasonCode.CONNECTOR_CLASS_UNKNOWN, **data),
        source=_CONNECTORS_GUIDE,
        timing=(Timing.CONTINUOUSLY,),
        evidence=keys(CLASS, *suspicious),
    )
