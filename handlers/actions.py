"""The buttons beside an answer. Each carries its question, and is answered as if it had been asked anew."""

from __future__ import annotations

from slack_bolt import Ack

from bot.reply import word
from bot.reply.buttons import decode
from handlers.boundary import Case


def acknowledge_press(ack: Ack) -> None:
    """Let Slack know that the press has arrived."""
    ack()


def share_answer(case: Case) -> None:
    """Show the answer to the whole channel."""
    case.check_access()
    case.check_sharing()
    answer = case.ask(decode(case.request.text))
    case.send(word.shared(answer, case.request.asker.user), in_channel=True)


def refresh_answer(case: Case) -> None:
    """Read AWS again and put the new answer in the old one's place."""
    case.check_access()
    case.send(word.answer(case.ask(decode(case.request.text), fresh=True)), replace=True)


def choose_connector(case: Case) -> None:
    """Answer for the connector that was picked from several."""
    case.check_access()
    case.send(word.answer(case.ask(decode(case.request.text))), replace=True)


def show_details(case: Case) -> None:
    """Show everything that is known, in a modal."""
    case.check_access()
    case.send(word.details(case.ask(decode(case.request.text))))


def show_query(case: Case) -> None:
    """Show the CloudTrail query for the role, ready to copy."""
    case.check_access()
    case.send(word.query(case.ask(decode(case.request.text))))


def show_policy(case: Case) -> None:
    """Show the policies that log delivery lacks, filled in."""
    case.check_access()
    case.send(word.policies(case.ask(decode(case.request.text))))
