"""What the operator decides, read once from environment variables into a frozen value.

Nothing here reads the environment by itself: ``bot.__main__`` and ``bot.serve`` pass a mapping in. Every missing, bad
or contradictory setting is collected and named in one ``SettingsError``, which quotes names and never values.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from ipaddress import ip_address
from pathlib import Path
from typing import Any, TypeVar
from urllib.parse import urlsplit

from bot.arn import PARTITION
from bot.cloudtrail.stores import DEFAULT, STORES, HistoryStore, Setting, store_named
from bot.regions import SHAPE

PREFIX = "MSK_ROLE_"
SECRET_ARN = "MSK_ROLE_SECRET_ARN"  # noqa: S105  the variable's name
#: Every variable of the bot. AWS's own (profile, region, endpoints) are read by AWS's library.
NAMES = (
    "SLACK_BOT_TOKEN",
    "SLACK_APP_TOKEN",
    "SLACK_SIGNING_SECRET",
    SECRET_ARN,
    "SLACK_API_BASE_URL",
    "MSK_ROLE_REGIONS",
    "MSK_ROLE_HISTORY",
    *(setting.name for store in STORES for setting in store.settings),
    "MSK_ROLE_ALLOWED_TEAMS",
    "MSK_ROLE_ALLOWED_CHANNELS",
    "MSK_ROLE_ALLOWED_USERS",
    "MSK_ROLE_SHARE_TO_EXTERNAL",
    "MSK_ROLE_PLUGINS",
    "MSK_ROLE_DEADLINE_SECONDS",
    "MSK_ROLE_CACHE_SECONDS",
    "MSK_ROLE_REQUESTS_PER_MINUTE",
    "MSK_ROLE_WORKERS",
    "MSK_ROLE_QUEUE",
    "MSK_ROLE_DRAIN_SECONDS",
    "MSK_ROLE_LOG_LEVEL",
    "MSK_ROLE_HTTP_PORT",
    "MSK_ROLE_METRICS_PORT",
)
#: What a secret in AWS Secrets Manager may hold, as a JSON object of these names.
SECRET_NAMES = ("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN", "SLACK_SIGNING_SECRET")
#: Bolt turns on its OAuth installation flow by itself where it finds both of these.
OAUTH_NAMES = ("SLACK_CLIENT_ID", "SLACK_CLIENT_SECRET")

_REGION = re.compile(SHAPE, re.ASCII)
_ACCOUNT = re.compile(r"\d{12}")
_TEAM = re.compile(r"[TE][A-Z0-9]{2,20}")
_CHANNEL = re.compile(r"[CGD][A-Z0-9]{2,20}")
_USER = re.compile(r"[UW][A-Z0-9]{2,20}")
_SECRET_ARN = re.compile(rf"arn:{PARTITION}:secretsmanager:{SHAPE}:\d{{12}}:secret:\S{{1,512}}", re.ASCII)

#: Kubernetes adds such variables for a Service that happens to be called ``msk-role``.
_SERVICE_LINK = re.compile(r"MSK_ROLE_([A-Z0-9_]+_)?(SERVICE_(HOST|PORT)(_\w+)?|PORT(_\d+_(TCP|UDP)(_\w+)?)?)")

Value = TypeVar("Value")


class SettingsError(Exception):
    """Settings that the bot cannot start with. ``problems`` has one line each, without any value."""

    def __init__(self, problems: Iterable[str]) -> None:
        self.problems = tuple(problems)
        super().__init__("\n".join(("The settings do not fit:", *(f"  {problem}" for problem in self.problems))))


class Mode(StrEnum):
    """How the bot reaches Slack; each way needs other secrets."""

    SOCKET = "socket"
    HTTP = "http"
    LAMBDA = "lambda"


@dataclass(frozen=True, slots=True)
class HistorySettings:
    """Which store is asked for AssumeRole events, with what it needs."""

    default: HistoryStore[Any] = DEFAULT
    #: By account id or region; an account's entry wins over a region's.
    overrides: Mapping[str, HistoryStore[Any]] = field(default_factory=dict)
    #: What each store needs to know beside that; a store that needs nothing may be left out.
    options: Mapping[HistoryStore[Any], Any] = field(default_factory=dict)

    @property
    def stores(self) -> tuple[HistoryStore[Any], ...]:
        """Every store that is asked about some role, in the registry's order."""
        asked = {self.default, *self.overrides.values()}
        return tuple(store for store in STORES if store in asked)

    def options_of(self, store: HistoryStore[Any]) -> Any:
        """Return what a store needs to know."""
        return self.options[store] if store in self.options else store.options()


@dataclass(frozen=True, slots=True)
class AccessSettings:
    """Who may ask, by Slack ids. An empty list admits everybody of the installation's own organisation but guests."""

    teams: frozenset[str] = frozenset()
    channels: frozenset[str] = frozenset()
    users: frozenset[str] = frozenset()
    share_to_external: bool = False


@dataclass(frozen=True, slots=True)
class Settings:
    """Everything the operator decided. ``repr`` leaves the secrets out."""

    bot_token: str = field(default="", repr=False)
    app_token: str = field(default="", repr=False)
    signing_secret: str = field(default="", repr=False)
    #: Ends with a slash.
    slack_api_base_url: str = "https://slack.com/api/"
    #: Empty: the session's own region.
    regions: tuple[str, ...] = ()
    history: HistorySettings = field(default_factory=HistorySettings)
    access: AccessSettings = field(default_factory=AccessSettings)
    #: A folder with further catalogue entries.
    plugins: Path | None = None
    deadline_seconds: float = 20
    cache_seconds: float = 60
    #: Questions and button presses of one user.
    requests_per_minute: int = 30
    workers: int = 32
    #: Questions that may wait for a worker before the bot says that it is busy.
    queue: int = 128
    #: What running questions get when the bot is told to stop; the platform must wait a little longer.
    drain_seconds: float = 8
    log_level: str = "INFO"
    http_port: int = 3000
    #: 0: no metrics server in Socket Mode. In HTTP mode ``/metrics`` is served on ``http_port``.
    metrics_port: int = 0

    @property
    def longest_window_days(self) -> int:
        """How far back a question may ask: as far as the store that keeps the most."""
        return max(store.longest_window_days for store in self.history.stores)

    @classmethod
    def from_env(cls, environment: Mapping[str, str], mode: Mode | None = None) -> Settings:
        """Read every setting. ``mode`` None asks for no Slack secret, as the commands that never meet Slack need none.

        Raises SettingsError that names all problems at once.
        """
        reader = _Reader(environment)
        settings = cls(
            bot_token=reader.secret("SLACK_BOT_TOKEN", "xoxb-", required=mode is not None),
            app_token=reader.secret("SLACK_APP_TOKEN", "xapp-", required=mode is Mode.SOCKET),
            signing_secret=reader.signing_secret(required=mode in (Mode.HTTP, Mode.LAMBDA)),
            slack_api_base_url=reader.value("SLACK_API_BASE_URL", _slack_url, cls().slack_api_base_url),
            regions=reader.many("MSK_ROLE_REGIONS", _REGION, "region names"),
            history=_history(reader),
            access=AccessSettings(
                teams=frozenset(reader.many("MSK_ROLE_ALLOWED_TEAMS", _TEAM, "ids that begin with T or E")),
                channels=frozenset(reader.many("MSK_ROLE_ALLOWED_CHANNELS", _CHANNEL, "ids that begin with C, G or D")),
                users=frozenset(reader.many("MSK_ROLE_ALLOWED_USERS", _USER, "ids that begin with U or W")),
                share_to_external=reader.value("MSK_ROLE_SHARE_TO_EXTERNAL", _flag, default=False),
            ),
            plugins=reader.value("MSK_ROLE_PLUGINS", _optional_folder, None),
            deadline_seconds=reader.number("MSK_ROLE_DEADLINE_SECONDS", 20, 2, 600),
            cache_seconds=reader.number("MSK_ROLE_CACHE_SECONDS", 60, 0, 3600),
            requests_per_minute=reader.number("MSK_ROLE_REQUESTS_PER_MINUTE", 30, 1, 10_000),
            workers=reader.number("MSK_ROLE_WORKERS", 32, 1, 256),
            queue=reader.number("MSK_ROLE_QUEUE", 128, 0, 10_000),
            drain_seconds=reader.number("MSK_ROLE_DRAIN_SECONDS", 8, 0, 600),
            log_level=reader.value("MSK_ROLE_LOG_LEVEL", _log_level, "INFO"),
            http_port=reader.number("MSK_ROLE_HTTP_PORT", 3000, 1, 65535),
            metrics_port=reader.number("MSK_ROLE_METRICS_PORT", 0, 0, 65535),
        )
        reader.value(SECRET_ARN, _matching(_SECRET_ARN, "the ARN of a secret in AWS Secrets Manager"), None)
        reader.refuse_unknown()
        reader.refuse_oauth()
        if mode is Mode.HTTP and settings.metrics_port:
            reader.problems.append(
                "MSK_ROLE_METRICS_PORT: HTTP mode serves /metrics on MSK_ROLE_HTTP_PORT; leave it out"
            )
        if reader.problems:
            raise SettingsError(reader.problems)
        return settings


class _Reader:
    """Reads variables one by one and collects what is wrong with them. An empty variable counts as absent."""

    def __init__(self, environment: Mapping[str, str]) -> None:
        self._environment = environment
        self.problems: list[str] = []

    def text(self, name: str) -> str:
        return (self._environment.get(name) or "").strip()

    def secret(self, name: str, prefix: str, *, required: bool) -> str:
        return self._credential(
            name, f"begins with {prefix}", required, lambda token: token.startswith(prefix) and token != prefix
        )

    def signing_secret(self, *, required: bool) -> str:
        # Slack's signing secrets are hexadecimal today, which is documented nowhere: refuse only tokens put here.
        return self._credential(
            "SLACK_SIGNING_SECRET", "is no token", required, lambda secret: not re.match(r"x(ox|app-)", secret)
        )

    def _credential(self, name: str, shape: str, required: bool, fits: Callable[[str], bool]) -> str:
        text = self.text(name)
        if required and not text:
            self.problems.append(f"{name}: missing")
        elif text and (not fits(text) or not text.isascii() or any(map(str.isspace, text))):
            self.problems.append(f"{name}: expected a value that {shape}, without spaces")
        return text

    def value(self, name: str, parse: Callable[[str], Value], default: Value) -> Value:
        text = self.text(name)
        if not text:
            return default
        try:
            return parse(text)
        except ValueError as problem:
            self.problems.append(f"{name}: expected {problem}")
            return default

    def number(self, name: str, default: int, low: int, high: int) -> int:
        def parse(text: str) -> int:
            if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or not low <= int(text) <= high:
                raise ValueError(f"a whole number from {low} to {high}")
            return int(text)

        return self.value(name, parse, default)

    def many(self, name: str, pattern: re.Pattern[str], expected: str) -> tuple[str, ...]:
        """Read a list separated by commas or blanks, without repetitions, in its order."""

        def parse(text: str) -> tuple[str, ...]:
            words = tuple(dict.fromkeys(re.split(r"[\s,]+", text.strip(", "))))
            if not all(pattern.fullmatch(word) for word in words):
                raise ValueError(f"{expected}, separated by commas")
            return words

        return self.value(name, parse, ())

    def refuse_unknown(self) -> None:
        """Refuse a misspelt name: a misspelt allow-list would admit everybody."""
        for name in sorted(self._environment):
            if name.startswith(PREFIX) and name not in NAMES and not _SERVICE_LINK.fullmatch(name):
                close = difflib.get_close_matches(name, NAMES, n=1)
                self.problems.append(f"{name}: no such setting" + (f"; {close[0]} is meant?" if close else ""))

    def refuse_oauth(self) -> None:
        """Refuse what would switch Slack's OAuth installation flow on."""
        self.problems.extend(
            f"{name}: remove it; it switches on an installation flow that this bot does not have"
            for name in OAUTH_NAMES
            if self.text(name)
        )


def _history(reader: _Reader) -> HistorySettings:
    default, overrides = reader.value("MSK_ROLE_HISTORY", _stores, _stores(DEFAULT.name))
    wanted = {default, *overrides.values()}
    options = {store: _options(reader, store, wanted=store in wanted) for store in STORES}
    return HistorySettings(default, overrides, {store: made for store, made in options.items() if made is not None})


def _options(reader: _Reader, store: HistoryStore[Any], *, wanted: bool) -> Any:
    """Read what one store needs to know; None where it is not asked, has no settings, or lacks a required one."""
    values: dict[str, Any] = {}
    for setting in store.settings:
        values[setting.field] = _of_store(reader, setting)
        given = bool(reader.text(setting.name))
        if wanted and setting.required and not given:
            reader.problems.append(f"{setting.name}: missing; MSK_ROLE_HISTORY asks for {store.name}")
        if given and not wanted:
            reader.problems.append(f"{setting.name}: MSK_ROLE_HISTORY never asks for {store.name}")
    lacking = any(setting.required and not values[setting.field] for setting in store.settings)
    if not wanted or not store.settings or lacking:
        return None
    return store.options(**{name: value for name, value in values.items() if value})


def _of_store(reader: _Reader, setting: Setting) -> tuple[str, ...] | str | None:
    if setting.many:
        listed = reader.many(setting.name, setting.shape, setting.expected)
        return tuple(value.removesuffix(setting.suffix) for value in listed)
    value = reader.value(setting.name, _optional(setting.shape, setting.expected), None)
    return value and value.removesuffix(setting.suffix)


def _stores(text: str) -> tuple[HistoryStore[Any], dict[str, HistoryStore[Any]]]:
    """Read ``store`` for all, and ``account=store`` or ``region=store`` for some."""
    default: list[HistoryStore[Any]] = []
    overrides: dict[str, HistoryStore[Any]] = {}
    for word in re.split(r"[\s,]+", text.strip(", ")):
        where, _, name = word.rpartition("=")
        store = store_named(name)
        if store is None or (where and not _is_place(where)) or where in overrides:
            known = ", ".join(store.name for store in STORES)
            raise ValueError(f"one of {known}, and account=… or region=… for exceptions, each named once")
        if where:
            overrides[where] = store
        else:
            default.append(store)
    if len(default) > 1:
        raise ValueError("one backend for all, and account=… or region=… for exceptions")
    return (default or [DEFAULT])[0], overrides


def _is_place(text: str) -> bool:
    return bool(_ACCOUNT.fullmatch(text) or _REGION.fullmatch(text))


def _matching(pattern: re.Pattern[str], expected: str) -> Callable[[str], str]:
    def parse(text: str) -> str:
        if not pattern.fullmatch(text):
            raise ValueError(expected)
        return text

    return parse


def _optional(pattern: re.Pattern[str], expected: str) -> Callable[[str], str | None]:
    return _matching(pattern, expected)


def _flag(text: str) -> bool:
    if text.lower() not in ("true", "false"):
        raise ValueError("true or false")
    return text.lower() == "true"


def _optional_folder(text: str) -> Path | None:
    folder = Path(text)
    if not folder.is_dir():
        raise ValueError("a folder that exists")
    return folder


def _log_level(text: str) -> str:
    if text.upper() not in ("DEBUG", "INFO", "WARNING", "ERROR"):
        raise ValueError("DEBUG, INFO, WARNING or ERROR")
    return text.upper()


def _slack_url(text: str) -> str:
    """Tokens travel to this address, so it is https, or does not leave the machine."""
    expected = "an https:// address, or http:// on this machine itself"
    try:
        parts = urlsplit(text)
        host = parts.hostname or ""
        loopback = host == "localhost" or (bool(host) and _is_loopback(host))
    except ValueError:
        raise ValueError(expected) from None
    fits = host and (parts.scheme == "https" or (parts.scheme == "http" and loopback))
    if not fits or parts.username or parts.password or parts.query or parts.fragment:
        raise ValueError(expected)
    return text.rstrip("/") + "/"


def _is_loopback(host: str) -> bool:
    try:
        return ip_address(host).is_loopback
    except ValueError:
        return False
