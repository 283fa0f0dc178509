"""What is said where there is no answer."""

from __future__ import annotations

from collections.abc import Mapping

from bot.pipe.parse import Problem
from bot.reply.buttons import FORGED
from bot.reply.refusal import Refusal
from bot.reply.wording import Templates

#: By ``InvalidQuestion.problem``; ``{value}`` is the word to blame.
PROBLEMS: Mapping[str, Templates] = {
    Problem.TOO_LONG: ("That is too long: a question has at most {value} characters.",),
    Problem.NOT_A_NAME: (
        (
            "{value:code} is no connector name, window or region. A name has letters, digits, dots, hyphens and "
            "underscores; ask about any other by its ARN."
        ),
    ),
    Problem.NOT_AN_ARN: ("{value:code} is the ARN of neither a connector nor an IAM role.",),
    Problem.NO_SUBJECT: ("Which connector? Name it, or give its ARN or the ARN of a role.",),
    Problem.SEVERAL_SUBJECTS: ("One connector or role at a time: what is {value:code}?",),
    Problem.SEVERAL_WINDOWS: ("One window at a time: {value:code} is the second.",),
    Problem.SEVERAL_REGIONS: ("One region at a time: {value:code} is the second.",),
    Problem.WINDOW_OUT_OF_RANGE: ("The window is 1d to {value}d.",),
    Problem.REGION_CONTRADICTS_ARN: ("The ARN says {value:code}: leave the other region out.",),
    FORGED: ("This button no longer works. Please ask again.",),
}
OTHER_PROBLEM: Templates = ("The question was not understood.",)

REFUSALS: Mapping[Refusal, str] = {
    Refusal.TEAM_NOT_ALLOWED: "This bot does not answer people of your workspace.",
    Refusal.CHANNEL_NOT_ALLOWED: "This bot does not answer in this channel.",
    Refusal.USER_NOT_ALLOWED: "You are not on the list of people whom this bot answers.",
    Refusal.GUEST: "This bot does not answer guest accounts: its answers describe the AWS account.",
    Refusal.OTHER_ORGANISATION: "This bot answers people of its own organisation only.",
    Refusal.NOT_A_PERSON: "This bot answers people only.",
    Refusal.UNKNOWN_PERSON: "Slack did not say who you are, so there is no answer. Please try again.",
    Refusal.SHARED_CHANNEL: "People of other organisations read this channel, so the answer is not shared here.",
    Refusal.UNKNOWN_CHANNEL: (
        "Slack did not say whether other organisations read this channel, so the answer is not shared. Please try "
        "again, or invite the bot to the channel first."
    ),
}
REFUSED_REMEDY = "Ask whoever runs the bot if you should have access."
