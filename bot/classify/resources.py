"""ARNs and patterns of what a finding needs, as far as the configuration tells."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator
from itertools import product

from bot.classify.endpoint import host
from bot.classify.reference import has_reference
from bot.model import Connector
from bot.regions import PARTITIONS, SHAPE

_SUFFIXES = "|".join(re.escape(suffix) for partition in PARTITIONS.values() for suffix in partition.dns_suffixes)
_PLACEHOLDER = re.compile(r"\{([^{}]+)\}")
_MSK_HOST = re.compile(rf"\.kafka(?:-serverless)?\.(?P<region>{SHAPE})\.(?:{_SUFFIXES})$")

#: Returns every value that a name may stand for; none where it is not known.
Lookup = Callable[[str], Iterable[str]]


def fill(template: str, lookup: Lookup) -> Iterator[str]:
    """Yield the template with its ``{name}`` parts replaced, once for each combination of what they may stand for.

    Of ``A ?? B`` the first whose settings are all there is taken, else the last. Yields nothing where a part is not
    known, a ``${…}`` reference included: half an ARN helps nobody.
    """
    alternatives = template.split(" ?? ")
    for alternative in alternatives:
        values = [tuple(lookup(name)) for name in _PLACEHOLDER.findall(alternative)]
        if alternative == alternatives[-1] or all(any(found) for found in values):
            yield from (_joined(alternative, chosen) for chosen in product(*map(_literal, values)))
            return


def _joined(template: str, values: tuple[str, ...]) -> str:
    """Put values into a template. A value that is an ARN itself is used as it is, with what lies below it."""
    parts = _PLACEHOLDER.split(template)
    parts[1::2] = values
    whole = next((n for n in range(1, len(parts), 2) if parts[n].startswith("arn:")), None)
    if whole is None:
        return "".join(parts)
    below = "".join(parts[whole + 1 :])
    return parts[whole] + (below if below.startswith(("/", ":")) else "")


def _literal(values: Iterable[str]) -> list[str]:
    return [value for value in values if value and not has_reference(value)]


def split(value: str) -> tuple[str, ...]:
    """Return the elements of a comma-separated list."""
    return tuple(element for part in value.split(",") if (element := part.strip()))


class KafkaArns:
    """Patterns for the ``kafka-cluster`` resources of one cluster.

    DescribeConnector names no cluster, and a broker's host name holds the cluster's name in another spelling: both the
    name and the UUID are wildcards. The account is the connector's, the region that of the brokers.
    """

    def __init__(self, connector: Connector, bootstrap: str = "") -> None:
        match = _MSK_HOST.search(host((bootstrap or connector.bootstrap_servers).split(",")[0]))
        region = match["region"] if match else connector.region
        self._prefix = f"arn:{connector.partition}:kafka:{region or '*'}:{connector.account or '*'}"

    @property
    def cluster(self) -> str:
        """The cluster."""
        return f"{self._prefix}:cluster/*/*"

    def topics(self, names: Iterable[str]) -> tuple[str, ...]:
        """Topics, by name or pattern."""
        return tuple(f"{self._prefix}:topic/*/*/{name}" for name in names)

    def groups(self, names: Iterable[str]) -> tuple[str, ...]:
        """Consumer groups, by name or pattern."""
        return tuple(f"{self._prefix}:group/*/*/{name}" for name in names)

    def transactional_ids(self, names: Iterable[str]) -> tuple[str, ...]:
        """Transactional ids, by name or pattern."""
        return tuple(f"{self._prefix}:transactional-id/*/*/{name}" for name in names)
