"""The slash command ``/msk-role``."""

from __future__ import annotations

from slack_bolt import Ack

from bot.pipe.parse import Help, parse
from bot.reply import text, word
from bot.telemetry.log import Outcome
from handlers.boundary import Case


def acknowledge_command(ack: Ack) -> None:
    """Say at once that the question has arrived; the result follows as a message of its own."""
    ack(text=text.fallback(word.reading()), response_type="ephemeral")


def answer_command(case: Case) -> None:
    """Answer what was typed after the command."""
    case.check_access()
    question = parse(case.request.text, case.longest_window_days)
    if isinstance(question, Help):
        case.audit.outcome = Outcome.HELP
        case.send(word.help(case.longest_window_days))
    else:
        # Slack may not let go of the acknowledgement's message: the answer stands by itself either way.
        case.send(word.answer(case.ask(question)), replace=True)
