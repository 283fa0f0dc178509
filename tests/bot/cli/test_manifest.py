"""The manifest in both variants: what Slack accepts, and the same app either way."""

from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.__main__ import main
from bot.cli import manifest

ROOT = Path(__file__).parents[3]


def printed(capsys: pytest.CaptureFixture[str], *arguments: str) -> dict[str, Any]:
    assert main(["manifest", *arguments], {}) == 0
    parsed: dict[str, Any] = yaml.safe_load(capsys.readouterr().out)
    return parsed


def test_without_an_address_it_prints_the_file_itself(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest"], {}) == 0
    assert capsys.readouterr().out == (ROOT / "manifest.yaml").read_text()


@pytest.mark.parametrize(
    "address",
    ["https://bot.example.com", "https://bot.example.com/", "https://bot.example.com/slack/events"],
)
def test_the_http_variant_differs_in_its_request_urls_and_in_nothing_else(
    address: str, capsys: pytest.CaptureFixture[str]
) -> None:
    socket, http = printed(capsys), printed(capsys, "--http", address)
    url = "https://bot.example.com/slack/events"
    assert http["features"]["slash_commands"][0].pop("url") == url
    assert http["settings"]["interactivity"].pop("request_url") == url
    assert http["settings"].pop("socket_mode_enabled") is False
    assert socket["settings"].pop("socket_mode_enabled") is True
    assert http == socket


def test_the_http_variant_does_not_say_that_it_is_for_socket_mode(capsys: pytest.CaptureFixture[str]) -> None:
    main(["manifest", "--http", "https://bot.example.com"], {})
    assert "Socket Mode" not in capsys.readouterr().out


@pytest.mark.parametrize(
    "address",
    [
        "http://bot.example.com",
        "bot.example.com",
        "https://",
        "https://[",
        "https://user@bot.example.com",
        "https://bot.example.com/?a=b",
        "https://bot.example.com/#a",
        "https://bot.example.com/\n  evil: true",
        "https://bot.example.com/ a",
        "https://bot.example.com/{a}",
        "https://" + "a" * 4000,
    ],
)
def test_an_address_that_slack_would_refuse_is_refused_here(address: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["manifest", "--http", address], {}) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_manifest_that_lost_a_line_is_noticed() -> None:
    with pytest.raises(ValueError, match="is_enabled"):
        manifest.over_http((ROOT / "manifest.yaml").read_text().replace("is_enabled", "enabled"), "https://a.example")
