"""Who and what exists in the embedded Slack: its team, people, channels and tokens.

Everything here is plain data that a test may replace before it sends a command; ``EmbeddedSlack.reset`` puts the
defaults back. Ids have the form Slack gives them, since a bot may check the form.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import StrEnum

HOME_TEAM = "T0EXAMPLE1"
OTHER_TEAM = "T0PARTNER1"
APP_ID = "A0MSKROLE1"
BOT_ID = "B0MSKROLE1"
BOT_USER_ID = "U0MSKROLE1"

DEFAULT_SCOPES = frozenset({"commands", "chat:write", "users:read", "channels:read", "groups:read"})


class Standing(StrEnum):
    """What somebody is to the workspace the bot is installed in."""

    MEMBER = "member"
    #: ``is_restricted``: a guest in several channels.
    GUEST = "guest"
    #: ``is_restricted`` and ``is_ultra_restricted``: a guest in one channel.
    SINGLE_CHANNEL_GUEST = "single-channel-guest"
    #: Somebody of another organisation, met in a shared channel.
    STRANGER = "stranger"
    #: An account that was switched off.
    DELETED = "deleted"


@dataclass(frozen=True, slots=True)
class User:
    """A person. ``team_id`` is where the account lives, which is not the bot's workspace for a stranger."""

    id: str
    name: str
    standing: Standing = Standing.MEMBER
    team_id: str = HOME_TEAM


class Kind(StrEnum):
    """What sort of conversation a channel is."""

    PUBLIC = "public"
    PRIVATE = "private"
    #: A direct message between two people, neither of whom is the bot.
    DIRECT = "direct"


@dataclass(frozen=True, slots=True)
class Channel:
    """A conversation.

    ``shared_with`` are the ids of other organisations' teams that are in it (Slack Connect); with ``pending_shared``
    an invitation is out and nobody has joined yet.
    """

    id: str
    name: str
    kind: Kind = Kind.PUBLIC
    bot_is_member: bool = True
    shared_with: tuple[str, ...] = ()
    pending_shared: bool = False
    archived: bool = False


@dataclass(frozen=True, slots=True)
class Credentials:
    """Tokens and secrets the embedded Slack accepts. None of them is real."""

    bot_token: str
    app_token: str
    signing_secret: str
    verification_token: str


#: The word that a test suite looks for in everything that must not show a secret.
CANARY = "CANARY"


def planted_credentials() -> Credentials:
    """Make credentials of the right form that can be recognised wherever they turn up."""
    return Credentials(
        bot_token=f"xoxb-{CANARY}-bot-token",
        app_token=f"xapp-{CANARY}-app-token",
        signing_secret=f"{CANARY}-signing-secret",
        verification_token=f"{CANARY}-verification-token",
    )


ALICE = User("U0ALICE001", "alice")
BOB = User("U0BOB00001", "bob")
GUEST = User("U0GUEST001", "gus", Standing.GUEST)
SINGLE_CHANNEL_GUEST = User("U0GUEST002", "sue", Standing.SINGLE_CHANNEL_GUEST)
STRANGER = User("U0STRANGE1", "sam", Standing.STRANGER, OTHER_TEAM)

OPS = Channel("C0OPS00001", "ops")
PLATFORM = Channel("C0PLATFORM", "platform", Kind.PRIVATE)
#: Public, but the bot was never invited.
RANDOM = Channel("C0RANDOM01", "random", bot_is_member=False)
SHARED = Channel("C0SHARED01", "partner-ops", shared_with=(OTHER_TEAM,))
DIRECT = Channel("D0DIRECT01", "directmessage", Kind.DIRECT, bot_is_member=False)


@dataclass(slots=True)
class Workspace:
    """Everything above, adjustable: ``users`` and ``channels`` by id."""

    team_id: str = HOME_TEAM
    team_domain: str = "example"
    team_name: str = "Example Corp"
    enterprise_id: str | None = None
    scopes: frozenset[str] = DEFAULT_SCOPES
    credentials: Credentials = field(default_factory=planted_credentials)
    users: dict[str, User] = field(
        default_factory=lambda: {u.id: u for u in (ALICE, BOB, GUEST, SINGLE_CHANNEL_GUEST, STRANGER)}
    )
    channels: dict[str, Channel] = field(
        default_factory=lambda: {c.id: c for c in (OPS, PLATFORM, RANDOM, SHARED, DIRECT)}
    )

    def add_user(self, user: User) -> User:
        """Let somebody in, or change somebody who is there."""
        self.users[user.id] = user
        return user

    def add_channel(self, channel: Channel) -> Channel:
        """Open a channel, or change one that is there."""
        self.channels[channel.id] = channel
        return channel
