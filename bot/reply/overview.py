"""The first message: what somebody on call reads first, on one screen."""

from __future__ import annotations

from bot.model import Answer, ConnectorAnswer, Question
from bot.reply import connector, role
from bot.reply.about import button, now_of, role_arn_of, window_of
from bot.reply.buttons import Press
from bot.reply.lines import say
from bot.reply.moments import moment
from bot.reply.nouns import Button, Line, Note, Reply
from bot.reply.policies import lacking
from bot.reply.wording import phrases


def overview(answer: Answer, presses: tuple[Press, ...] = ()) -> Reply:
    """Return the first message, with those of the buttons that make sense for this answer."""
    parts = connector.parts(answer) if isinstance(answer, ConnectorAnswer) else role.parts(answer)
    return Reply(headline(answer), (*parts, Note(_footer(answer))), _buttons(answer, presses))


def headline(answer: Answer) -> Line:
    """Return the one line that must be read."""
    return connector.headline(answer) if isinstance(answer, ConnectorAnswer) else role.headline(answer)


def _footer(answer: Answer) -> Line:
    at = now_of(answer)
    return say(phrases.FOOTER, at=moment(at), window=window_of(answer)) if at else say(phrases.FOOTER_OFFLINE)


def _buttons(answer: Answer, presses: tuple[Press, ...]) -> tuple[Button, ...]:
    if answer.question is None:
        return ()
    # The ARN, since a name may by then be another connector's, or several connectors'.
    subject = answer.evidence.connector.arn if isinstance(answer, ConnectorAnswer) else answer.evidence.role_arn
    question = Question(subject, answer.question.window_days)
    fitting = {
        Press.QUERY: bool(role_arn_of(answer)),
        Press.POLICY: isinstance(answer, ConnectorAnswer) and lacking(answer),
    }
    return tuple(b for press in presses if fitting.get(press, True) for b in button(press, question))
