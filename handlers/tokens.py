"""Whether Slack accepts the bot's tokens, and with which scopes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from http.client import HTTPException

from slack_sdk import WebClient
from slack_sdk.errors import SlackApiError, SlackClientError
from slack_sdk.web import SlackResponse

from bot.doctor.diagnosis import TokenDiagnosis
from bot.reply.doctor import BOT_SCOPES
from bot.settings import Settings
from handlers.delivery import TIMEOUT_SECONDS


def examine_tokens(settings: Settings) -> Iterator[TokenDiagnosis]:
    """Ask Slack about each token that is set, once and without retries."""
    client = WebClient(base_url=settings.slack_api_base_url, timeout=TIMEOUT_SECONDS, retry_handlers=[])
    if settings.bot_token:
        yield _examine("SLACK_BOT_TOKEN", lambda: client.auth_test(token=settings.bot_token), BOT_SCOPES)
    if settings.app_token:
        yield _examine("SLACK_APP_TOKEN", lambda: client.apps_connections_open(app_token=settings.app_token), ())


def _examine(setting: str, ask: Callable[[], SlackResponse], needed: tuple[str, ...]) -> TokenDiagnosis:
    try:
        answer = ask()
    except SlackApiError as refused:
        code = str(refused.response.get("error") or refused.response.status_code)
        return TokenDiagnosis(setting, problem=code[:80])
    except (OSError, HTTPException, SlackClientError) as failed:
        return TokenDiagnosis(setting, problem=type(failed).__name__)
    held = _scopes(answer)
    return TokenDiagnosis(
        setting,
        team=str(answer.get("team") or ""),
        missing_scopes=tuple(scope for scope in needed if scope not in held),
    )


def _scopes(answer: SlackResponse) -> frozenset[str]:
    """Return the scopes that Slack names in a header, whose spelling in capitals or not is its own business."""
    listed = next((value for name, value in answer.headers.items() if name.lower() == "x-oauth-scopes"), "")
    # slack_sdk gives header values as text or as a list of it.
    text = listed if isinstance(listed, str) else ",".join(listed)
    return frozenset(scope.strip() for scope in text.split(",") if scope.strip())
