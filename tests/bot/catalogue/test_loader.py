"""The loader refuses what it does not understand, and names the file and the entry."""

from __future__ import annotations

from pathlib import Path

import pytest

from bot.catalogue import CatalogueError, load
from bot.catalogue.entry import PluginType
from bot.classify.plugin import findings
from bot.model import Evidence
from tests.bot.classify.support import connector

_ENTRY = """
title = "In-house"
source = "https://git.example.com/acme-connector"

[credentials.acme]
rules = [
    { when = { has = ["acme.role | acme.role.arn"] }, path = "assumed-role", via = "service-execution-role" },
    { path = "service-execution-role" },
]

[access.queue]
service = "sqs"
credentials = "acme"
actions = ["sqs:SendMessage"]

[client.audit]
component = "reporter"
layers = ["audit."]
actions = ["kafka-cluster:Connect"]

[[connector]]
classes = ["com.acme.QueueSinkConnector"]
kind = "sink"
access = ["queue"]
clients = ["audit"]
"""


def _load(folder: Path, text: str) -> None:
    (folder / "acme.toml").write_text(text)
    load(folder)


def test_an_entry_of_ones_own_is_found_and_marked(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_text(_ENTRY)
    catalogue = load(tmp_path)
    entry = catalogue.find(PluginType.CONNECTOR, "com.acme.QueueSinkConnector")

    assert entry is not None
    assert entry.own
    assert entry.access[0].source == "https://git.example.com/acme-connector"
    (finding,) = findings(Evidence(connector({"connector.class": "QueueSink", "acme.role.arn": "x"})), catalogue)
    assert (finding.subject, finding.path, finding.via) == ("sqs", "assumed-role", "service-execution-role")


def test_an_entry_of_ones_own_comes_before_ours(tmp_path: Path) -> None:
    ours = "io.confluent.connect.s3.S3SinkConnector"
    (tmp_path / "acme.toml").write_text(_ENTRY.replace("com.acme.QueueSinkConnector", ours))
    found = load(tmp_path).find(PluginType.CONNECTOR, ours)
    untouched = load().find(PluginType.CONNECTOR, ours)

    assert found is not None
    assert untouched is not None
    assert (found.own, untouched.own) == (True, False)


def test_a_package_of_ones_own_comes_before_a_class_of_ours(tmp_path: Path) -> None:
    text = _ENTRY.replace('classes = ["com.acme.QueueSinkConnector"]', 'packages = ["io.confluent.connect.s3."]')
    (tmp_path / "acme.toml").write_text(text)
    found = load(tmp_path).find(PluginType.CONNECTOR, "io.confluent.connect.s3.S3SinkConnector")

    assert found is not None
    assert found.own


@pytest.mark.parametrize(
    ("old", "new", "entry", "problem"),
    [
        ("kind =", "kinds =", "com.acme.QueueSinkConnector", "kind belongs to every connector"),
        ("access = [", "acess = [", "com.acme.QueueSinkConnector", "unknown key acess"),
        ("title =", "titel =", "file", "no title"),
        ("[client.audit]", "[clients.audit]", "com.acme.QueueSinkConnector", "clients 'audit' is not defined"),
        ('service = "sqs"', 'servise = "sqs"', "file access queue", "one of service and system is needed"),
        ('actions = ["sqs', 'action = ["sqs', "file access queue", "unknown key action"),
        ("has = [", "hass = [", "file credentials acme rules 1 when", "unknown key hass"),
        ('path = "assumed-role"', 'path = "assume-role"', "file credentials acme rules 1", "path is 'assume-role'"),
        (
            'path = "assumed-role"',
            'path = "resource-policy"',
            "file credentials acme rules 1",
            "not a plugin's to choose",
        ),
        (', via = "service-execution-role"', "", "file credentials acme rules 1", "via belongs to assumed-role"),
        ('via = "service-execution-role"', 'via = "nobody"', "file credentials acme rules 1", "via is 'nobody'"),
        ('    { path = "service-execution-role" },\n', "", "file credentials acme", "the last rule must hold always"),
        ('"sqs:SendMessage"', '"SendMessage"', "file access queue", "'SendMessage' is not of the form service:Action"),
        ('"sqs:SendMessage"', '"sqs:Send*"', "file access queue", "is not of the form service:Action"),
        ('"kafka-cluster:Connect"', '"Connect"', "file client audit", "is not of the form service:Action"),
        ("source =", "#source =", "file client audit", "no source"),
        ('credentials = "acme"', 'credentials = "other"', "file access queue", "'other' are not defined"),
        ('credentials = "acme"', "", "file access queue", "no credentials"),
        ('access = ["queue"]', 'access = ["other"]', "com.acme.QueueSinkConnector", "'other' is not defined"),
        ('"com.acme.QueueSinkConnector"', '"Queue Sink"', "Queue Sink", "is no class name"),
        ('classes = ["com', '#classes = ["com', "file connector 1", "no classes"),
        ('kind = "sink"', 'kind = "drain"', "com.acme.QueueSinkConnector", "kind is 'drain'"),
        ('component = "reporter"', 'component = "nobody"', "file client audit", "component is 'nobody'"),
        ('layers = ["audit."]', "", "file client audit", "no layers"),
        ("[[connector]]", "[[conector]]", "file", "unknown key conector"),
        ('title = "In-house"', "title = 1", "file", "title is no text"),
        (
            'has = ["acme.role | acme.role.arn"]',
            "has = [1]",
            "file credentials acme rules 1 when",
            "is no list of texts",
        ),
        ('has = ["acme.role | acme.role.arn"]', 'equals = { a = "@nothing" }', "", "'@nothing' is no list of classes"),
        ('title = "In-house"', "title = ", "file", "Invalid value"),
        (
            'actions = ["sqs:SendMessage"]',
            'actions = []\nextract = [{ from = "a", pattern = "(" }]',
            "file access queue extract 1",
            "pattern: ",
        ),
    ],
)
def test_a_mistake_is_refused_by_name(tmp_path: Path, old: str, new: str, entry: str, problem: str) -> None:
    assert old in _ENTRY
    with pytest.raises(CatalogueError) as refused:
        _load(tmp_path, _ENTRY.replace(old, new, 1))

    assert refused.value.file == "acme.toml"
    assert entry in refused.value.entry
    assert problem in refused.value.problem
    assert str(refused.value) == f"acme.toml: {refused.value.entry}: {refused.value.problem}"


def test_a_connector_without_source_is_refused(tmp_path: Path) -> None:
    text = 'title = "In-house"\n[[connector]]\nclasses = ["com.acme.X"]\nkind = "sink"\n'
    with pytest.raises(CatalogueError, match=r"acme\.toml: com\.acme\.X: no source"):
        _load(tmp_path, text)


@pytest.mark.parametrize(
    "again",
    [
        '\n[[connector]]\nclasses = ["com.acme.QueueSinkConnector"]\nkind = "source"\n',
        '\n[[connector]]\nclasses = ["com.acme.Other", "com.acme.Other"]\nkind = "source"\n',
        '\n[[connector]]\npackages = ["com.acme."]\nkind = "sink"\n' * 2,
    ],
)
def test_a_class_that_two_entries_claim_is_refused(tmp_path: Path, again: str) -> None:
    with pytest.raises(CatalogueError, match="is already in"):
        _load(tmp_path, _ENTRY + again)


def test_two_files_may_not_claim_one_class(tmp_path: Path) -> None:
    (tmp_path / "a.toml").write_text(_ENTRY)
    (tmp_path / "b.toml").write_text(_ENTRY)

    with pytest.raises(CatalogueError) as refused:
        load(tmp_path)
    assert (refused.value.file, refused.value.problem) == ("b.toml", "is already in a.toml")


def test_a_package_ends_with_a_dot(tmp_path: Path) -> None:
    text = _ENTRY.replace('classes = ["com.acme.QueueSinkConnector"]', 'packages = ["com.acme"]')
    with pytest.raises(CatalogueError, match="a package ends with a dot"):
        _load(tmp_path, text)


def test_a_folder_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CatalogueError, match="does not exist"):
        load(tmp_path / "nowhere")


def test_a_file_that_is_no_text_is_refused(tmp_path: Path) -> None:
    (tmp_path / "acme.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(CatalogueError) as refused:
        load(tmp_path)
    assert refused.value.file == "acme.toml"
