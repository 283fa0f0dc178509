"""What a button carries: which thing to do, and the question it is about.

Nothing is kept between a message and a press of its buttons, so any replica of the bot can answer the press. What comes
back from Slack is treated as hostile: it is read strictly, and an answer is made anew from the question in it.
"""

from __future__ import annotations

import json
from enum import StrEnum

from bot.cloudtrail.stores import STORES
from bot.model import Question
from bot.pipe.unanswerable import InvalidQuestion
from bot.regions import is_region

#: The problem of an ``InvalidQuestion`` that came from a button.
FORGED = "button-value"

#: Slack's limit for a button's value, in characters.
VALUE_LIMIT = 2000

_LONGEST_WINDOW_DAYS = max(store.longest_window_days for store in STORES)
#: Longer than any ARN of a connector or role.
_SUBJECT_LIMIT = 800


class Press(StrEnum):
    """The ``action_id`` of each button; those that offer one of several connectors add a number (``choose-0``)."""

    SHARE = "share"
    DETAILS = "details"
    QUERY = "query"
    POLICY = "policy"
    REFRESH = "refresh"
    CHOOSE = "choose"


def encode(question: Question) -> str:
    """Write a question into a button's value; raises InvalidQuestion for one that ``decode`` would not read."""
    value = json.dumps(
        [question.subject, question.window_days, question.region], separators=(",", ":"), ensure_ascii=False
    )
    decode(value)
    return value


def decode(value: object) -> Question:
    """Read a button's value; raises InvalidQuestion for anything that ``encode`` does not write."""
    if not isinstance(value, str) or len(value) > VALUE_LIMIT:
        raise InvalidQuestion(FORGED)
    try:
        subject, days, region = json.loads(value)
    except (ValueError, TypeError, RecursionError):
        raise InvalidQuestion(FORGED) from None
    if not isinstance(subject, str) or not 0 < len(subject) <= _SUBJECT_LIMIT or not subject.isprintable():
        raise InvalidQuestion(FORGED)
    if type(days) is not int or not 1 <= days <= _LONGEST_WINDOW_DAYS:
        raise InvalidQuestion(FORGED)
    if region is not None and not (isinstance(region, str) and is_region(region)):
        raise InvalidQuestion(FORGED)
    return Question(subject, days, region)
