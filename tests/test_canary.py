"""The watch sees a planted secret wherever one could leave the bot, and only there."""

from __future__ import annotations

import logging
import subprocess
import sys
from pathlib import Path

import pytest
from slack_sdk import WebClient

from bot.sandbox.slack import EmbeddedSlack
from tests.conftest import Canary


def test_a_log_line_is_seen_even_when_a_test_replaces_the_handlers(
    canary: Canary, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(logging.getLogger(), "handlers", [logging.NullHandler()])
    logging.getLogger("bot.anything").debug("value %s", "CANARY")
    assert [where.partition(":")[0] for where in canary.findings()] == ["log of bot.anything"]


def test_a_traceback_is_seen(canary: Canary) -> None:
    try:
        int("CANARY")
    except ValueError:
        logging.getLogger("bot.anything").exception("went wrong")
    assert len(canary.findings()) == 1


def test_what_the_log_redacts_is_not_seen(canary: Canary) -> None:
    logging.getLogger("bot.anything").info("token xoxb-1-CANARY")
    assert canary.findings() == []


def test_what_slack_receives_is_seen(canary: Canary, slack: EmbeddedSlack) -> None:
    client = WebClient(slack.workspace.credentials.bot_token, base_url=slack.api_url)
    client.chat_postMessage(channel="C0OPS00001", text="CANARY", unfurl_links=False, unfurl_media=False)
    assert len(canary.findings()) == 1


def test_the_token_of_a_request_to_slack_is_not_counted(canary: Canary, slack: EmbeddedSlack) -> None:
    WebClient(slack.workspace.credentials.bot_token, base_url=slack.api_url).auth_test()
    assert canary.findings() == []


def test_output_is_seen_whether_captured_here_or_in_a_child(canary: Canary, capsys: pytest.CaptureFixture[str]) -> None:
    print("CANARY")
    capsys.readouterr()
    subprocess.run([sys.executable, "-c", "print('CANARY')"], capture_output=True, check=True)
    assert len(canary.findings()) == 2


def test_a_file_counts_only_when_our_code_wrote_it(canary: Canary, tmp_path: Path) -> None:
    theirs, ours = tmp_path / "theirs", tmp_path / "ours"
    theirs.write_text("CANARY")
    code = compile("open(path, 'w').write('CANARY')", str(Path(__file__).parent.parent / "bot" / "any.py"), "exec")
    exec(code, {"path": str(ours)})  # noqa: S102
    assert [finding.partition(":")[0] for finding in canary.findings()] == [str(ours)]
