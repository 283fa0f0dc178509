"""``python -m bot catalogue``: the plugins the classifier knows, a deployer's own included."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path

from bot.catalogue import CatalogueError, load
from bot.catalogue.pages import markdown, overview
from bot.cli.classify import CATALOGUE_SETTING


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the form of the list."""
    parser.add_argument(
        "--markdown", action="store_true", help="print every class and rule, as docs/plugins.md has them"
    )


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:
    """List the families; 2 where a file of the catalogue cannot be used."""
    folder = environment.get(CATALOGUE_SETTING)
    try:
        catalogue = load(Path(folder) if folder else None)
    except CatalogueError as problem:
        print(f"python -m bot catalogue: {problem}", file=sys.stderr)
        return 2
    print(markdown(catalogue) if arguments.markdown else overview(catalogue), end="" if arguments.markdown else "\n")
    return 0
