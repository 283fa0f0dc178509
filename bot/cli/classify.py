"""``python -m bot classify``: explain descriptions of connectors offline, without any AWS call."""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from bot.aws.shapes import MalformedAnswer, connector_from, worker_properties
from bot.catalogue import Catalogue, CatalogueError, load
from bot.model import WorkerConfiguration
from bot.pipe.explain import offline

CATALOGUE_SETTING = "MSK_ROLE_PLUGINS"
_SEVERAL = "--worker-configuration belongs to one connector, and there are several files"


class Unreadable(Exception):  # noqa: N818 - says what happened, as the other errors of the bot do
    """An input that cannot be used, and why; never a value from it."""


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the files and what to print."""
    parser.add_argument(
        "files",
        nargs="+",
        metavar="FILE",
        help="output of `aws kafkaconnect describe-connector`; - reads standard input",
    )
    parser.add_argument("--worker-configuration", metavar="FILE", help="worker properties, as text; for one FILE only")
    parser.add_argument("--json", action="store_true", help="print one JSON object a connector, one line each")


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """Explain each file; 2 where one of them cannot be used, after all the others."""
    if arguments.worker_configuration and len(arguments.files) > 1:
        return _complain(_SEVERAL)
    try:
        folder = environment.get(CATALOGUE_SETTING)
        catalogue = load(Path(folder) if folder else None)
        worker = _worker(arguments.worker_configuration) if arguments.worker_configuration else None
    except (CatalogueError, Unreadable) as problem:
        return _complain(str(problem))
    status = 0
    for number, file in enumerate(arguments.files):
        try:
            answer = _answer(file, worker, catalogue, as_json=arguments.json)
        except Unreadable as problem:
            status = _complain(str(problem))
        else:
            print(answer if arguments.json or not number else f"\n{answer}")
    return status


def _complain(problem: str) -> int:
    print(f"python -m bot classify: {problem}", file=sys.stderr)
    return 2


def _answer(file: str, worker: WorkerConfiguration | None, catalogue: Catalogue, *, as_json: bool) -> str:
    try:
        connector = connector_from(_description(file))
    except MalformedAnswer as problem:
        raise Unreadable(f"{file}: no `describe-connector` output: {problem}") from problem
    explanation = offline(connector, worker, catalogue)
    if as_json:
        from bot.reply.json import document  # noqa: PLC0415 - each printer is loaded only where it prints

        return json.dumps(document(explanation), ensure_ascii=False)
    from bot.reply import text, word  # noqa: PLC0415

    return text.plain(word.details(explanation))


def _description(file: str) -> Any:
    try:
        return json.loads(_text(file))
    except ValueError as error:
        # The error's own message would quote the file.
        raise Unreadable(f"{file}: no JSON") from error
    except RecursionError as error:
        raise Unreadable(f"{file}: JSON nested too deeply") from error


def _worker(file: str) -> WorkerConfiguration:
    try:
        return WorkerConfiguration(arn="", name=file, latest_revision=None, properties=worker_properties(_text(file)))
    except MalformedAnswer as problem:
        raise Unreadable(f"{file}: no Java properties") from problem


def _text(file: str) -> str:
    try:
        data = sys.stdin.buffer.read() if file == "-" else Path(file).read_bytes()
        return data.decode("utf-8-sig")
    except OSError as error:
        raise Unreadable(f"{file}: {error.strerror or 'cannot be read'}") from error
    except UnicodeDecodeError as error:
        raise Unreadable(f"{file}: no UTF-8 text") from error
