"""Reads the catalogue's files, one a family, and refuses whatever it does not understand.

A file has named ``[credentials.…]`` (ordered rules), ``[access.…]`` (systems a plugin talks to) and ``[client.…]``
(Kafka clients of its own), and the entries that use them: ``[[connector]]``, ``[[converter]]``,
``[[config-provider]]``, ``[[schema-history]]``, ``[[post-processor]]`` and ``[[transform]]``.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from bot.catalogue.entry import (
    ALWAYS,
    Access,
    Actions,
    Client,
    Condition,
    Endpoint,
    Entry,
    Extract,
    Family,
    Inherits,
    Key,
    Kind,
    Knowledge,
    PluginType,
    Rule,
)
from bot.catalogue.table import CatalogueError, TomlTable, spellings
from bot.model import Activity, Component, PermissionPath, ReasonCode, Timing

_ACTION = re.compile(r"[a-z0-9-]+:[A-Za-z][A-Za-z0-9]*")
_CLASS = re.compile(r"[A-Za-z_$][\w$]*(\.[A-Za-z_$][\w$]*)+")

_REASONS: Mapping[PermissionPath, ReasonCode] = {
    PermissionPath.EXECUTION_ROLE: ReasonCode.DEFAULT_CREDENTIALS_CHAIN,
    PermissionPath.ASSUMED_ROLE: ReasonCode.ROLE_ASSUMED_BY_PLUGIN,
    PermissionPath.STATIC_CREDENTIALS: ReasonCode.STATIC_KEYS_CONFIGURED,
    PermissionPath.NO_IAM: ReasonCode.OWN_CREDENTIALS,
    PermissionPath.UNKNOWN: ReasonCode.CREDENTIALS_PROVIDER_UNKNOWN,
}
_OWN_CREDENTIALS = Rule(ALWAYS, PermissionPath.NO_IAM, ReasonCode.OWN_CREDENTIALS)


@dataclass(frozen=True, slots=True)
class Shared:
    """What every family may refer to without defining it."""

    #: Lists of classes that conditions refer to as ``@name``.
    classes: Mapping[str, tuple[str, ...]]
    rules: Mapping[str, tuple[Rule, ...]]
    clients: Mapping[str, Client]


def families(folder: Path, shared: Shared, *, own: bool = False) -> tuple[Family, ...]:
    """Read every ``*.toml`` of a folder, by name. Raises ``CatalogueError`` naming the file and the entry."""
    if not folder.is_dir():
        raise CatalogueError(str(folder), "folder", "does not exist")
    return tuple(_family(path, shared, own) for path in sorted(folder.glob("*.toml")))


def shared(path: Path) -> Shared:
    """Read the definitions that all families share."""
    file = TomlTable(_toml(path), path.name, "file")
    lists = file.table("classes")
    classes = {name: lists.texts(name) for name in lists.remaining()}
    reader = _FamilyReader(file, Shared(classes, {}, {}), path.stem, own=False)
    file.done()
    return Shared(classes, reader.rules, reader.clients)


def _toml(path: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, tomllib.TOMLDecodeError) as error:
        raise CatalogueError(path.name, "file", str(error)) from error


def _family(path: Path, shared: Shared, own: bool) -> Family:
    file = TomlTable(_toml(path), path.name, "file")
    reader = _FamilyReader(file, shared, path.stem, own)
    family = Family(
        name=path.stem, title=file.text("title"), source=reader.source, entries=tuple(reader.entries()), own=own
    )
    file.done()
    return family


@dataclass(frozen=True, slots=True)
class _Defaults:
    source: str
    knowledge: Knowledge


class _FamilyReader:
    """Reads one file; holds its named tables while its entries are read."""

    def __init__(self, file: TomlTable, shared: Shared, name: str, own: bool) -> None:
        self._file, self._classes, self._name, self._own = file, shared.classes, name, own
        self.source = file.text("source", "")
        self._defaults = self._provenance(file, _Defaults(self.source, Knowledge.SOURCE), self.source)
        self.rules = {**shared.rules, **{n: self._ordered(table) for n, table in file.named("credentials").items()}}
        self.clients = {**shared.clients, **{n: self._client(table) for n, table in file.named("client").items()}}
        self._access = {name: self._one_access(table) for name, table in file.named("access").items()}

    def entries(self) -> list[Entry]:
        """Return the entries of all roles."""
        return [
            self._entry(plugin_type, table) for plugin_type in PluginType for table in self._file.tables(plugin_type)
        ]

    def _provenance(self, table: TomlTable, above: _Defaults, source: str | None = None) -> _Defaults:
        found = table.text("source", above.source) if source is None else source
        knowledge = table.choice("knowledge", Knowledge, above.knowledge) or above.knowledge
        return _Defaults(found, knowledge)

    def _entry(self, plugin_type: PluginType, table: TomlTable) -> Entry:
        classes, packages = table.texts("classes"), table.texts("packages")
        table.name = (classes or packages or (table.name,))[0]
        if not classes and not packages:
            raise table.error("no classes")
        for name in (*classes, *(package.removesuffix(".") + ".X" for package in packages)):
            if not _CLASS.fullmatch(name):
                raise table.error(f"{name!r} is no class name")
        if not all(package.endswith(".") for package in packages):
            raise table.error("a package ends with a dot")
        provenance = self._provenance(table, self._defaults)
        if not provenance.source:
            raise table.error("no source")
        kind = table.choice("kind", Kind)
        if (plugin_type is PluginType.CONNECTOR) != (kind is not None):
            raise table.error("kind belongs to every connector, and to nothing else")
        prefixes = table.texts("prefixes")
        entry = Entry(
            plugin_type=plugin_type,
            family=self._name,
            classes=classes,
            packages=packages,
            source=provenance.source,
            knowledge=provenance.knowledge,
            kind=kind,
            access=tuple(
                self._used(access, plugin_type, provenance, prefixes)
                for access in self._pick(table, "access", self._access)
            ),
            clients=self._pick(table, "clients", self.clients),
            needs=table.keys("needs"),
            topics=table.texts("topics"),
            ignores=table.texts("ignores"),
            schema_history=table.flag("schema-history", default=False),
            own=self._own,
        )
        table.done()
        return entry

    @staticmethod
    def _pick(table: TomlTable, key: str, named: Mapping[str, Any]) -> tuple[Any, ...]:
        names = table.texts(key)
        for name in names:
            if name not in named:
                raise table.error(f"{key} {name!r} is not defined in this file")
        return tuple(named[name] for name in names)

    @staticmethod
    def _used(access: Access, plugin_type: PluginType, provenance: _Defaults, prefixes: tuple[str, ...]) -> Access:
        """Complete a named access with what the entry that uses it says."""
        component = plugin_type.component if access.component is Component.PLUGIN else access.component
        return replace(
            access,
            component=component,
            source=access.source or provenance.source,
            knowledge=max(access.knowledge, provenance.knowledge, key=list(Knowledge).index),
            prefixes=prefixes or access.prefixes,
        )

    def _one_access(self, table: TomlTable) -> Access:
        provenance = self._provenance(table, _Defaults("", self._defaults.knowledge))
        service, system = table.text("service", ""), table.text("system", "")
        subject_key, jdbc_url = table.key("service-named-by"), table.key("system-named-by-url")
        if sum(map(bool, (service or subject_key, system or jdbc_url))) != 1:
            raise table.error("one of service and system is needed")
        is_service = bool(service or subject_key)
        access = Access(
            activity=Activity.AWS_ACCESS if is_service else Activity.EXTERNAL_ACCESS,
            component=table.choice("component", Component, Component.PLUGIN) or Component.PLUGIN,
            subject=service or system,
            rules=self._access_rules(table, is_service),
            source=provenance.source,
            knowledge=provenance.knowledge,
            when=self._condition(table.table("when")),
            prefixes=table.texts("prefixes") or ("",),
            actions=self._actions(table),
            resources=table.texts("resources"),
            extract=tuple(self._extract(row) for row in table.tables("extract")),
            region=table.key("region"),
            account=table.key("account"),
            timing=table.choices("timing", Timing) or (Timing.CONTINUOUSLY,),
            endpoints=tuple(self._endpoint(row) for row in table.tables("endpoints")),
            no_endpoints=table.text("no-endpoints", ""),
            subject_key=subject_key,
            jdbc_url=jdbc_url,
        )
        table.done()
        return access

    def _access_rules(self, table: TomlTable, is_service: bool) -> tuple[Rule, ...]:
        name = table.text("credentials", "")
        if name:
            if name not in self.rules:
                raise table.error(f"credentials {name!r} are not defined in this file")
            return self.rules[name]
        rows = table.tables("rules")
        if rows:
            return self._rule_rows(table, rows)
        if is_service:
            raise table.error("no credentials")
        return (_OWN_CREDENTIALS,)

    def _ordered(self, table: TomlTable) -> tuple[Rule, ...]:
        rules = self._rule_rows(table, table.tables("rules"))
        table.done()
        return rules

    def _rule_rows(self, table: TomlTable, rows: tuple[TomlTable, ...]) -> tuple[Rule, ...]:
        rules = tuple(self._rule(row) for row in rows)
        if not rules or rules[-1].when != ALWAYS:
            raise table.error("the last rule must hold always, so that one of them does")
        return rules

    def _rule(self, table: TomlTable) -> Rule:
        path = table.member("path", PermissionPath, table.text("path"))
        if path not in _REASONS:
            raise table.error(f"path {path} is not a plugin's to choose")
        via = table.choice("via", PermissionPath)
        if (path is PermissionPath.ASSUMED_ROLE) != (via is not None):
            raise table.error("via belongs to assumed-role, and to nothing else")
        rule = Rule(
            when=self._condition(table.table("when")),
            path=path,
            reason=table.choice("reason", ReasonCode, _REASONS[path]) or _REASONS[path],
            via=via,
            role=table.key("role"),
            verified=table.flag("verified", default=True),
        )
        table.done()
        return rule

    def _actions(self, table: TomlTable) -> tuple[Actions, ...]:
        always = self._action_names(table)
        more = [Actions(self._condition(row.table("when")), self._action_names(row)) for row in self._rows(table)]
        return ((Actions(ALWAYS, always),) if always else ()) + tuple(more)

    @staticmethod
    def _rows(table: TomlTable) -> tuple[TomlTable, ...]:
        return table.tables("more-actions")

    @staticmethod
    def _action_names(table: TomlTable) -> tuple[str, ...]:
        names = table.texts("actions")
        for name in names:
            if not _ACTION.fullmatch(name):
                raise table.error(f"action {name!r} is not of the form service:Action")
        return names

    @staticmethod
    def _extract(table: TomlTable) -> Extract:
        key, pattern = spellings(table.text("from")), table.text("pattern")
        table.done()
        try:
            return Extract(key, re.compile(pattern))
        except re.error as error:
            raise table.error(f"pattern: {error}") from error

    def _endpoint(self, table: TomlTable) -> Endpoint:
        endpoint = Endpoint(
            spellings(table.text("key")),
            self._condition(table.table("when")),
            table.flag("custom-domains", default=False),
        )
        table.done()
        return endpoint

    def _client(self, table: TomlTable) -> Client:
        provenance = self._provenance(table, self._defaults)
        if not provenance.source:
            raise table.error("no source")
        client = Client(
            component=table.member("component", Component, table.text("component")),
            layers=table.texts("layers"),
            actions=self._action_names(table),
            source=provenance.source,
            knowledge=provenance.knowledge,
            when=self._condition(table.table("when")),
            inherits=table.choice("inherits", Inherits, Inherits.NOTHING) or Inherits.NOTHING,
            bootstrap=table.key("bootstrap"),
            topics=table.texts("topics"),
            groups=table.texts("groups"),
            transactional_ids=table.texts("transactional-ids"),
            built_in=self._built_in(table.table("built-in")),
        )
        if not client.layers and not client.built_in:
            raise table.error("no layers")
        table.done()
        return client

    @staticmethod
    def _built_in(table: TomlTable) -> tuple[tuple[str, str], ...]:
        return tuple((name, table.text(name)) for name in table.remaining())

    def _condition(self, table: TomlTable) -> Condition:
        condition = Condition(
            has=table.keys("has"),
            has_any=table.keys("has-any"),
            lacks=table.keys("lacks"),
            equals=self._comparisons(table.table("equals")),
            unless=self._comparisons(table.table("unless")),
            differs=self._comparisons(table.table("differs")),
            begins=self._comparisons(table.table("begins")),
            lists=self._comparisons(table.table("lists")),
            contains=self._comparisons(table.table("contains")),
            hidden=table.keys("hidden"),
            kind=table.choice("kind", Kind),
            any=tuple(self._condition(row) for row in table.tables("any")),
            none=tuple(self._condition(row) for row in table.tables("none")),
        )
        table.done()
        return condition

    def _comparisons(self, table: TomlTable) -> tuple[tuple[Key, tuple[str, ...]], ...]:
        return tuple((spellings(key), self._words(table, key)) for key in table.remaining())

    def _words(self, table: TomlTable, key: str) -> tuple[str, ...]:
        words: list[str] = []
        for word in table.texts(key):
            if word.startswith("@") and word != "@":
                if word[1:] not in self._classes:
                    raise table.error(f"{word!r} is no list of classes")
                words += self._classes[word[1:]]
            else:
                words.append(word)
        return tuple(words)
