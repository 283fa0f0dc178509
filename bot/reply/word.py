"""Answers and failures to replies. Pure: every time is relative to when AWS was read.

What words an answer is imported with the first answer: the acknowledgement of a cold start needs none of it.
"""

from __future__ import annotations

from bot.model import Answer, ConnectorAnswer
from bot.pipe.parse import DEFAULT_WINDOW_DAYS, GRAMMAR
from bot.pipe.unanswerable import Unanswerable
from bot.reply import failures
from bot.reply.about import role_arn_of, short_role
from bot.reply.buttons import Press
from bot.reply.lines import say
from bot.reply.nouns import Bullets, Note, Paragraph, Reply, Span, code, line
from bot.reply.refusal import Refusal
from bot.reply.wording import phrases
from bot.reply.wording.failures import REFUSALS, REFUSED_REMEDY

_FIRST = (Press.SHARE, Press.DETAILS, Press.QUERY, Press.POLICY, Press.REFRESH)
#: In a channel: nothing that would change the message for everybody.
_SHARED = (Press.DETAILS, Press.QUERY, Press.POLICY)


def answer(answer: Answer) -> Reply:
    """Return the first message."""
    from bot.reply.overview import overview  # noqa: PLC0415  as the module says

    return overview(answer, _FIRST)


def shared(answer: Answer, user: str) -> Reply:
    """Return the first message for a whole channel, with who asked. ``user`` is a Slack id."""
    from bot.reply.overview import overview  # noqa: PLC0415  as the module says

    reply = overview(answer, _SHARED)
    by = say(phrases.SHARED_BY, user=Span(user, user=user))
    return Reply(reply.headline, (*reply.parts, Paragraph(by)), reply.buttons)


def details(answer: Answer) -> Reply:
    """Return everything that is known."""
    from bot.reply.details import details as worded  # noqa: PLC0415  as the module says

    return worded(answer)


def query(answer: Answer) -> Reply:
    """Return the CloudTrail query for the role, ready to copy."""
    from bot.reply.query import query as worded  # noqa: PLC0415  as the module says

    return worded(answer)


def policies(answer: Answer) -> Reply:
    """Return the policies that log delivery lacks, filled in."""
    if isinstance(answer, ConnectorAnswer):
        from bot.reply.policies import policies as worded  # noqa: PLC0415  as the module says

        return worded(answer)
    return Reply(
        say(phrases.NOTHING_TO_ADD, connector=code(short_role(role_arn_of(answer)))), title=phrases.POLICY_TITLE
    )


def failure(error: Unanswerable, window_days: int = DEFAULT_WINDOW_DAYS) -> Reply:
    """Return why a question has no answer, with buttons that ask about the same window for what may have been meant."""
    return failures.failure(error, window_days)


def refused(refusal: Refusal) -> Reply:
    """Return why somebody gets no answer, or why it is not shown to a channel."""
    return Reply(line(phrases.REFUSED_HEADLINE), (Paragraph(line(REFUSALS[refusal], " ", REFUSED_REMEDY)),))


def help(longest_window_days: int = DEFAULT_WINDOW_DAYS) -> Reply:  # noqa: A001  what people type
    """Return what may be asked, from the grammar."""
    numbers = {"longest": str(longest_window_days), "default": str(min(DEFAULT_WINDOW_DAYS, longest_window_days))}
    parts = [
        say(
            phrases.HELP_PART,
            form=part.form,
            example=code(part.example),
            meaning=say(phrases.HELP_PARTS[part.code], **numbers),
        )
        for part in GRAMMAR
    ]
    example = {part.code: part.example for part in GRAMMAR}
    name, command = example["connector-name"], phrases.COMMAND
    return Reply(
        line(phrases.HELP),
        (
            Paragraph(say(phrases.HELP_USAGE, command=code(command))),
            Bullets(tuple(parts)),
            Paragraph(
                say(
                    phrases.HELP_EXAMPLES,
                    first=code(f"{command} {name}"),
                    second=code(f"{command} {name} {example['window']} {example['region']}"),
                )
            ),
            Note(line(phrases.HELP_READS)),
        ),
        title=phrases.HELP_TITLE,
    )


def reading() -> Reply:
    """Return what is said at once, before AWS has answered."""
    return Reply(line(phrases.READING))


def busy() -> Reply:
    """Return what is said when the queue is full."""
    return Reply(line(phrases.BUSY))


def too_many() -> Reply:
    """Return what is said to somebody who has asked too often."""
    return Reply(line(phrases.TOO_MANY))


def interrupted() -> Reply:
    """Return what is said about a question that the bot could not finish."""
    return Reply(line(phrases.INTERRUPTED))


def crash(reference: str) -> Reply:
    """Return what is said about an error of the bot itself; the log has it under the same reference."""
    return Reply(line(phrases.CRASH), (Paragraph(say(phrases.CRASH_REFERENCE, reference=code(reference))),))
