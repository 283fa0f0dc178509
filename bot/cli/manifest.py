"""``python -m bot manifest``: the Slack app manifest, for Socket Mode or with request URLs.

The HTTP variant is made from the text of ``manifest.yaml``, so that its layout survives and no YAML library is needed
in production. A test parses both and holds them against Slack's schema.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

MANIFEST = Path(__file__).parents[2] / "manifest.yaml"
EVENTS_PATH = "/slack/events"
_LONGEST_URL = 3000

#: Lines of the manifest that differ over HTTP, each of which it has exactly once.
_OVER_HTTP = (
    ("    - command: /msk-role\n", "    - command: /msk-role\n      url: {url}\n"),
    ("    is_enabled: true\n", "    is_enabled: true\n    request_url: {url}\n"),
    ("  socket_mode_enabled: true\n", "  socket_mode_enabled: false\n"),
)


def configure(parser: argparse.ArgumentParser) -> None:
    """Add the address for the HTTP variant."""
    parser.add_argument(
        "--http",
        metavar="URL",
        help=f"https address of the bot: HTTP mode (requests go to URL{EVENTS_PATH}) or a Lambda Function URL",
    )


def run(arguments: argparse.Namespace, environment: Mapping[str, str]) -> int:  # noqa: ARG001  as every command's
    """Print the manifest; return 2 where the address is not one that Slack accepts."""
    text = MANIFEST.read_text(encoding="utf-8")
    if arguments.http is None:
        print(text, end="")
        return 0
    if not _acceptable(arguments.http):
        print("python -m bot manifest: --http needs an address like https://bot.example.com", file=sys.stderr)
        return 2
    print(over_http(text, arguments.http), end="")
    return 0


def over_http(manifest: str, address: str) -> str:
    """Turn the Socket Mode manifest into one whose requests go to ``address``."""
    url = address.rstrip("/").removesuffix(EVENTS_PATH) + EVENTS_PATH
    text = "".join(line for line in manifest.splitlines(keepends=True) if not line.startswith("#"))
    for line, replacement in _OVER_HTTP:
        if text.count(line) != 1:
            raise ValueError(f"the manifest should have this line once: {line.strip()}")
        text = text.replace(line, replacement.format(url=url))
    return text


def _acceptable(address: str) -> bool:
    """Whether the text is an https address, and nothing that means something else in YAML."""
    try:
        parts = urlsplit(address)
        plain = address.isascii() and address.isprintable() and not set(address) & set(" #'\"{}[]<>\\")
        return (
            parts.scheme == "https"
            and bool(parts.hostname)
            and plain
            and len(address) <= _LONGEST_URL
            and not (parts.query or parts.fragment or parts.username or parts.password)
        )
    except ValueError:
        return False
