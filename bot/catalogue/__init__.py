"""The plugins the classifier knows, as data: one TOML file a family.

A lookup costs the same however many entries there are. A deployer's own folder of the same files is read on top: an
entry of theirs is found before any of ours.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from pathlib import Path

from bot.catalogue.entry import Entry, Family, PluginType
from bot.catalogue.loader import families, shared
from bot.catalogue.table import CatalogueError

__all__ = ["Catalogue", "CatalogueError", "load"]

_HERE = Path(__file__).parent
_SUFFIX = {PluginType.CONNECTOR: "Connector", PluginType.CONVERTER: "Converter"}


class Catalogue:
    """Every entry, found by class name: the whole name, the package, or a short alias that means one entry only."""

    def __init__(self, families: tuple[Family, ...]) -> None:
        self.families = families
        ours = _Index(entry for family in families if not family.own for entry in family.entries)
        theirs = _Index(entry for family in families if family.own for entry in family.entries)
        self._indexes = (theirs, ours)

    def find(self, plugin_type: PluginType, class_name: str, settings: Mapping[str, str] | None = None) -> Entry | None:
        """Return the entry for a class name or alias, or None.

        Kafka Connect resolves an alias among the plugins of its worker. Which those are is not known here: where
        several entries share one, ``settings`` decide, and None is returned unless they fit exactly one.
        """
        for index in self._indexes:
            entry = index.find(plugin_type, class_name, settings or {})
            if entry:
                return entry
        return None


class _Index:
    """Dictionaries over some entries. Raises ``CatalogueError`` where two of them claim one class."""

    def __init__(self, entries: Iterator[Entry]) -> None:
        self._classes: dict[tuple[PluginType, str], Entry] = {}
        self._packages: dict[tuple[PluginType, str], Entry] = {}
        self._aliases: dict[tuple[PluginType, str], tuple[Entry, ...]] = {}
        for entry in entries:
            for name in entry.classes:
                self._claim(self._classes, entry, name)
                for alias in _aliases(entry.plugin_type, name):
                    known = self._aliases.get((entry.plugin_type, alias), ())
                    if entry not in known:
                        self._aliases[entry.plugin_type, alias] = (*known, entry)
            for package in entry.packages:
                self._claim(self._packages, entry, package)

    @staticmethod
    def _claim(index: dict[tuple[PluginType, str], Entry], entry: Entry, name: str) -> None:
        if (typed_name := (entry.plugin_type, name)) in index:
            raise CatalogueError(f"{entry.family}.toml", name, f"is already in {index[typed_name].family}.toml")
        index[typed_name] = entry

    def find(self, plugin_type: PluginType, class_name: str, settings: Mapping[str, str]) -> Entry | None:
        exact = self._classes.get((plugin_type, class_name))
        if exact:
            return exact
        fitting = [e for e in self._aliases.get((plugin_type, class_name), ()) if _fits(e, settings)]
        if len(fitting) == 1:
            return fitting[0]
        packages = ((plugin_type, package) for package in _packages(class_name))
        return next((self._packages[package] for package in packages if package in self._packages), None)


def _aliases(plugin_type: PluginType, class_name: str) -> Iterator[str]:
    """Yield the short names Kafka Connect accepts: the simple class name, and that without its suffix."""
    simple = class_name.rpartition(".")[2]
    yield simple
    suffix = _SUFFIX.get(plugin_type, "")
    if suffix and simple.endswith(suffix) and simple != suffix:
        yield simple.removesuffix(suffix)


def _fits(entry: Entry, settings: Mapping[str, str]) -> bool:
    return all(any(settings.get(spelling, "").strip() for spelling in key) for key in entry.needs)


def _packages(class_name: str) -> Iterator[str]:
    """Yield ``a.b.``, then ``a.`` for ``a.b.C``."""
    end = class_name.rfind(".")
    while end > 0:
        yield class_name[: end + 1]
        end = class_name.rfind(".", 0, end)


def load(extra: Path | None = None) -> Catalogue:
    """Return the catalogue, with a deployer's own folder on top. Raises ``CatalogueError``."""
    common = shared(_HERE / "shared.toml")
    ours = families(_HERE / "families", common)
    return Catalogue(ours + (families(extra, common, own=True) if extra else ()))
