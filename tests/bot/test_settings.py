"""What a deployment is told about its settings before it starts."""

import dataclasses
import re
from pathlib import Path

import pytest
from dotenv import dotenv_values

from bot import settings
from bot.cloudtrail.stores import ATHENA, EVENT_HISTORY, LOGS_INSIGHTS, AthenaOptions, LogsInsightsOptions
from bot.settings import HistorySettings, Mode, Settings, SettingsError

ROOT = Path(__file__).parents[2]
SOCKET = {"SLACK_BOT_TOKEN": "xoxb-1-canary", "SLACK_APP_TOKEN": "xapp-1-canary"}
HTTP = {"SLACK_BOT_TOKEN": "xoxb-1-canary", "SLACK_SIGNING_SECRET": "canary-signing"}


def problems(environment: dict[str, str], mode: Mode | None = None) -> tuple[str, ...]:
    with pytest.raises(SettingsError) as caught:
        Settings.from_env(environment, mode)
    return caught.value.problems


def test_nothing_is_required_where_slack_is_not_met() -> None:
    assert Settings.from_env({}) == Settings()


@pytest.mark.parametrize(
    ("mode", "missing"),
    [
        (Mode.SOCKET, ["SLACK_BOT_TOKEN: missing", "SLACK_APP_TOKEN: missing"]),
        (Mode.HTTP, ["SLACK_BOT_TOKEN: missing", "SLACK_SIGNING_SECRET: missing"]),
        (Mode.LAMBDA, ["SLACK_BOT_TOKEN: missing", "SLACK_SIGNING_SECRET: missing"]),
    ],
)
def test_each_mode_names_every_secret_it_lacks(mode: Mode, missing: list[str]) -> None:
    assert list(problems({"SLACK_BOT_TOKEN": " "}, mode)) == missing


def test_everything_that_is_wrong_is_named_at_once_and_no_value_is_quoted() -> None:
    found = problems(
        {
            "SLACK_BOT_TOKEN": "xapp-canary",
            "SLACK_SIGNING_SECRET": "xoxb-canary",
            "SLACK_CLIENT_ID": "canary",
            "SLACK_CLIENT_SECRET": "canary",
            "SLACK_API_BASE_URL": "http://canary.example",
            "MSK_ROLE_SECRET_ARN": "canary",
            "MSK_ROLE_REGIONS": "eu-west-1;canary",
            "MSK_ROLE_HISTORY": "canary",
            "MSK_ROLE_ALLOWED_USERS": "@canary",
            "MSK_ROLE_SHARE_TO_EXTERNAL": "canary",
            "MSK_ROLE_PLUGINS": "/canary",
            "MSK_ROLE_WORKERS": "0",
            "MSK_ROLE_QUEUE": "²",
            "MSK_ROLE_LOG_LEVEL": "canary",
        },
        Mode.SOCKET,
    )
    assert sorted(problem.split(":")[0] for problem in found) == sorted(
        [
            "SLACK_BOT_TOKEN",
            "SLACK_APP_TOKEN",
            "SLACK_SIGNING_SECRET",
            "SLACK_CLIENT_ID",
            "SLACK_CLIENT_SECRET",
            "SLACK_API_BASE_URL",
            "MSK_ROLE_SECRET_ARN",
            "MSK_ROLE_REGIONS",
            "MSK_ROLE_HISTORY",
            "MSK_ROLE_ALLOWED_USERS",
            "MSK_ROLE_SHARE_TO_EXTERNAL",
            "MSK_ROLE_PLUGINS",
            "MSK_ROLE_WORKERS",
            "MSK_ROLE_QUEUE",
            "MSK_ROLE_LOG_LEVEL",
        ]
    )
    assert "canary" not in str(SettingsError(found))


@pytest.mark.parametrize(
    ("url", "accepted"),
    [
        ("https://slack.example/api", True),
        ("http://127.0.0.1:8080/api/", True),
        ("http://localhost/api", True),
        ("http://[::1]:1/api", True),
        ("http://slack.example/api", False),
        ("http://127.0.0.1.example/api", False),
        ("http://localhost@slack.example/api", False),
        ("https://user:word@slack.example/api", False),
        ("https://slack.example/api?x=", False),
        ("ftp://127.0.0.1/api", False),
        ("slack.example", False),
        ("http://[", False),
    ],
)
def test_tokens_travel_only_over_https_or_inside_the_machine(url: str, accepted: bool) -> None:
    if accepted:
        assert Settings.from_env({"SLACK_API_BASE_URL": url}).slack_api_base_url == url.rstrip("/") + "/"
    else:
        assert problems({"SLACK_API_BASE_URL": url}) == (
            "SLACK_API_BASE_URL: expected an https:// address, or http:// on this machine itself",
        )


def test_a_misspelt_allow_list_is_refused_since_it_would_admit_everybody() -> None:
    assert problems({"MSK_ROLE_ALLOWED_CHANELS": "C0123"}) == (
        "MSK_ROLE_ALLOWED_CHANELS: no such setting; MSK_ROLE_ALLOWED_CHANNELS is meant?",
    )


@pytest.mark.parametrize(
    "name", ["MSK_ROLE_PORT", "MSK_ROLE_SERVICE_HOST", "MSK_ROLE_PORT_3000_TCP_ADDR", "MSK_ROLE_BOT_SERVICE_PORT"]
)
def test_what_kubernetes_adds_for_a_service_of_that_name_is_left_alone(name: str) -> None:
    assert Settings.from_env({name: "tcp://10.0.0.1:3000"}) == Settings()


def test_history_backends_per_account_and_region() -> None:
    read = Settings.from_env(
        {
            "MSK_ROLE_HISTORY": "event-history, us-east-1=logs-insights, 111122223333=athena",
            "MSK_ROLE_LOG_GROUPS": "arn:aws:logs:us-east-1:111122223333:log-group:trail:*",
            "MSK_ROLE_ATHENA_DATABASE": "audit",
            "MSK_ROLE_ATHENA_TABLE": "cloudtrail_logs",
            "MSK_ROLE_ATHENA_OUTPUT": "s3://results-bucket/msk",
        }
    ).history
    assert read == HistorySettings(
        EVENT_HISTORY,
        {"us-east-1": LOGS_INSIGHTS, "111122223333": ATHENA},
        {
            LOGS_INSIGHTS: LogsInsightsOptions(("arn:aws:logs:us-east-1:111122223333:log-group:trail",)),
            ATHENA: AthenaOptions("audit", "cloudtrail_logs", output_location="s3://results-bucket/msk"),
        },
    )


@pytest.mark.parametrize(
    ("environment", "named"),
    [
        ({"MSK_ROLE_HISTORY": "athena"}, ["MSK_ROLE_ATHENA_DATABASE", "MSK_ROLE_ATHENA_TABLE"]),
        ({"MSK_ROLE_HISTORY": "logs-insights"}, ["MSK_ROLE_LOG_GROUPS"]),
        ({"MSK_ROLE_ATHENA_TABLE": "logs"}, ["MSK_ROLE_ATHENA_TABLE"]),
        ({"MSK_ROLE_LOG_GROUPS": "arn:aws:logs:eu-west-1:111122223333:log-group:a"}, ["MSK_ROLE_LOG_GROUPS"]),
        ({"MSK_ROLE_HISTORY": "athena,logs-insights"}, ["MSK_ROLE_HISTORY"]),
        ({"MSK_ROLE_HISTORY": "eu-west-1=event-history,eu-west-1=event-history"}, ["MSK_ROLE_HISTORY"]),
        ({"MSK_ROLE_HISTORY": "moon=event-history"}, ["MSK_ROLE_HISTORY"]),
    ],
)
def test_history_settings_that_contradict_each_other_are_named(environment: dict[str, str], named: list[str]) -> None:
    assert [problem.split(":")[0] for problem in problems(environment)] == named


def test_http_mode_refuses_a_second_metrics_port() -> None:
    assert [p.split(":")[0] for p in problems({**HTTP, "MSK_ROLE_METRICS_PORT": "9464"}, Mode.HTTP)] == [
        "MSK_ROLE_METRICS_PORT"
    ]
    assert Settings.from_env({**SOCKET, "MSK_ROLE_METRICS_PORT": "9464"}, Mode.SOCKET).metrics_port == 9464


def test_no_secret_is_in_the_repr() -> None:
    read = Settings.from_env({**SOCKET, **HTTP}, Mode.SOCKET)
    assert read.signing_secret == "canary-signing"
    assert "canary" not in f"{read!r} {read}"


def test_settings_cannot_be_changed_after_the_start() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        Settings().workers = 1  # type: ignore[misc]


class Recording(dict[str, str]):
    """An environment that remembers what it was asked for."""

    def __init__(self) -> None:
        self.asked: set[str] = set()

    def get(self, name: str, default: object = None) -> None:  # type: ignore[override]  # noqa: ARG002  dict's own
        self.asked.add(name)


def test_the_list_of_names_is_what_is_read() -> None:
    environment = Recording()
    Settings.from_env(environment)
    assert environment.asked - set(settings.OAUTH_NAMES) == set(settings.NAMES)


def test_env_example_explains_exactly_the_settings_that_exist() -> None:
    text = (ROOT / ".env.example").read_text()
    assert tuple(re.findall(r"^#?([A-Z][A-Z_]+)=", text, re.MULTILINE)) == settings.NAMES


def test_env_example_with_every_example_in_effect_is_accepted(tmp_path: Path) -> None:
    text = re.sub(r"^#(?=[A-Z][A-Z_]+=)", "", (ROOT / ".env.example").read_text(), flags=re.MULTILINE)
    (tmp_path / ".env").write_text(text.replace("/etc/msk-role/plugins", str(tmp_path)))
    values = {name: value or "" for name, value in dotenv_values(tmp_path / ".env").items()}
    Settings.from_env({**values, **SOCKET, **HTTP}, Mode.SOCKET)


def test_env_example_as_it_is_lacks_only_the_tokens() -> None:
    values = {name: value or "" for name, value in dotenv_values(ROOT / ".env.example").items()}
    named = [problem.split(":")[0] for problem in problems(values, Mode.SOCKET)]
    assert named == ["SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"]
