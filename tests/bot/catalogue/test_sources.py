"""Where statements come from: a file of a repository at one commit, or a page of a documented host.

``sources.txt`` lists every link that the catalogue and the rules give. ``opened`` means that the file was found at that
place of the repository, ``commit`` that the repository was read at that commit and this very file was not opened again,
``unopened`` that the page of a documented host was not opened. A new link has to be opened and written down there.
"""

from __future__ import annotations

import pkgutil
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path

import bot.classify
from bot.catalogue import load

_FILE = Path(__file__).parent / "sources.txt"
_REPOSITORY = re.compile(
    r"https://github\.com/[\w.-]+/[\w.-]+/(?:blob|tree)/[0-9a-f]{7,40}/[^\s#]+(?:#L\d+(?:-L\d+)?)?"
)
#: Documentation without a commit: of Kafka, of AWS, and of vendors whose source is closed or whose manual says more.
_HOSTS = (
    "https://cwiki.apache.org/confluence/display/KAFKA/",
    "https://debezium.io/documentation/reference/stable/",
    "https://docs.aws.amazon.com/",
    "https://docs.confluent.io/",
    "https://jdbc.postgresql.org/documentation/",
    "https://kafka.apache.org/documentation/",
    "https://repost.aws/articles/",
    "https://www.apicur.io/registry/docs/",
)


def _of_catalogue() -> Iterator[str]:
    for family in load().families:
        yield from (family.source,) if family.source else ()
        for entry in family.entries:
            yield entry.source
            yield from (access.source for access in entry.access)
            yield from (client.source for client in entry.clients)


def _of_rules() -> Iterator[str]:
    for module in pkgutil.iter_modules(bot.classify.__path__):
        values = vars(import_module(f"bot.classify.{module.name}"))
        yield from (value for value in values.values() if isinstance(value, str) and value.startswith("https://"))


_LINKS = {link for link in (*_of_catalogue(), *_of_rules()) if not link.endswith("-")}
_LISTED = {link: state for state, link in (line.split() for line in _FILE.read_text().splitlines() if line[0] != "#")}


def test_every_source_is_a_file_at_a_commit_or_a_page_of_a_documented_host() -> None:
    assert [link for link in _LINKS if not _REPOSITORY.fullmatch(link) and not link.startswith(_HOSTS)] == []


def test_every_source_is_listed_and_no_other() -> None:
    assert set(_LISTED) == _LINKS


def test_every_repository_was_opened() -> None:
    assert set(_LISTED.values()) <= {"opened", "commit", "unopened"}
    assert [link for link, state in _LISTED.items() if state == "unopened" and not link.startswith(_HOSTS)] == []
