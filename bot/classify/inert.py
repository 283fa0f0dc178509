"""Kafka client settings by their prefix: which ones no client reads, and which ones a client nobody knows may read."""

from __future__ import annotations

import re
from collections.abc import Mapping

from bot.catalogue.entry import Entry
from bot.classify import schema_history
from bot.classify.connector import scope_of
from bot.model import Connector

_SETTING = re.compile(r"(?P<prefix>(?:.*?\.)?)(?:sasl\..+|security\.protocol)")
_LOGIN = re.compile(r"(?P<prefix>(?:.*?\.)?)sasl\.(?:jaas\.config|mechanism)")
_FRAMEWORK = ("producer.", "consumer.", "admin.")
_OVERRIDES = tuple(f"{client}override." for client in _FRAMEWORK)
#: Converters hand their settings to a client of the schema registry, which logs in over HTTP.
_CONVERTERS = ("key.converter.", "value.converter.", "header.converter.")


def inert_settings(connector: Connector, entry: Entry | None) -> tuple[str, ...]:
    """Return the settings that no client reads.

    Where the class is not known, its plugin may read those without a prefix as well as Kafka Connect may not.
    """
    inert = _inert_prefixes(connector, entry)
    return tuple(sorted(name for name, prefix in _prefixes(connector, _SETTING).items() if prefix in inert))


def strange_logins(connector: Connector, entry: Entry | None) -> dict[str, tuple[str, ...]]:
    """Return the login settings under each prefix that no known client reads and that is not known to be inert."""
    accounted = {*_OVERRIDES, *_inert_prefixes(connector, entry), *_read(entry)}
    if entry:
        accounted |= set(entry.ignores)
    if entry and entry.schema_history:
        accounted |= schema_history.prefixes()
    found: dict[str, tuple[str, ...]] = {}
    for name, prefix in _prefixes(connector, _LOGIN).items():
        if prefix not in accounted and not prefix.startswith(_CONVERTERS):
            found[prefix] = (*found.get(prefix, ()), name)
    return found


def _inert_prefixes(connector: Connector, entry: Entry | None) -> set[str]:
    read = _read(entry)
    inert = {prefix for prefix in ("", *_FRAMEWORK) if prefix not in read}
    if entry:
        inert |= set(schema_history.inert_prefixes(entry, scope_of(connector, entry)))
        inert |= {f"{side}{client}" for side in read if side.endswith(".cluster.") for client in _FRAMEWORK}
    return inert


def _read(entry: Entry | None) -> set[str]:
    return {layer for client in entry.clients for layer in client.layers} if entry else set()


def _prefixes(connector: Connector, pattern: re.Pattern[str]) -> Mapping[str, str]:
    matches = (pattern.fullmatch(name) for name in connector.configuration if connector.configuration[name].strip())
    return {match[0]: match["prefix"] for match in matches if match}
