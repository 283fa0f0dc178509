"""Many roles at once: what is said of them, and why sometimes nothing can be."""

from __future__ import annotations

from collections.abc import Mapping

from bot.inventory.roles import Sighting
from bot.pipe.parse import Problem
from bot.reply.wording import Templates
from bot.reply.wording.failures import PROBLEMS as QUESTION_PROBLEMS

HEADLINE = "{roles}, named by {connectors} in {regions}: {silent} {not_observed}"
HEADLINE_UNREAD = "{roles}, named by {connectors} in {regions}: when they were assumed is not known"
HEADER = ("Role", "Connectors", "Last assumed by MSK Connect", "How often")
NOT_OBSERVED = "not observed in {window}, {extent}"
NOT_COMPLETELY = "not read completely"
CELLS: Mapping[Sighting, str] = {
    Sighting.NOT_READ: "not known, nothing was read",
    Sighting.NOT_ASKED: "not asked, see below",
    Sighting.NOT_A_ROLE: "nobody can assume what is no IAM role",
}
REMINDER = (
    "Not observed is no permission to delete: each of these roles is named by a connector, whose next restart, "
    "failover or update needs it. Calls of MSK Connect that succeeded are counted, not refused ones, and not what "
    "others do with a role. Roles that no connector names are not listed."
)
NOT_ASKED = "Not asked: {roles} of which {store} is the store. It answers for one role at a time."
WITHOUT_ROLE = "Listed by AWS without a role: {connectors}."
NEXT = "Before anything is decided, ask about a connector: what it needs the role for, who else assumes it, and when."
COMMANDS = "python -m bot ask NAME      # here\n{command} NAME              # in Slack"

NO_CONNECTORS = "No connector in {regions}: there is no role to look at."
NOTHING_LISTED = "No connector could be listed. {gap}"
ONE_BY_ONE = (
    "A fleet needs a store that answers for all roles with one query: set MSK_ROLE_HISTORY to {stores}. "
    "{why}; ask about one connector instead: python -m bot ask NAME"
)
USAGE = "Try python -m bot fleet 30d eu-west-1."
ONLY_SCOPE: Templates = ("{value:code} is neither a window nor a region, and a fleet takes nothing else.",)
PROBLEMS: Mapping[str, Templates] = {
    **QUESTION_PROBLEMS,
    **dict.fromkeys((Problem.SEVERAL_SUBJECTS, Problem.NOT_A_NAME, Problem.NOT_AN_ARN), ONLY_SCOPE),
}
