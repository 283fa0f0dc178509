"""Why somebody gets no answer, by code; the sentences are in the wording."""

from __future__ import annotations

from enum import StrEnum


class Refusal(StrEnum):
    """Why somebody gets no answer, or an answer is not shown to a channel."""

    TEAM_NOT_ALLOWED = "team-not-allowed"
    CHANNEL_NOT_ALLOWED = "channel-not-allowed"
    USER_NOT_ALLOWED = "user-not-allowed"
    GUEST = "guest"
    OTHER_ORGANISATION = "other-organisation"
    NOT_A_PERSON = "not-a-person"
    #: Slack did not say who asks.
    UNKNOWN_PERSON = "unknown-person"
    SHARED_CHANNEL = "shared-channel"
    #: Slack did not say whether other organisations can read the channel.
    UNKNOWN_CHANNEL = "unknown-channel"
