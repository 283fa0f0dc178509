"""Who may ask, and where an answer may be shown."""

from dataclasses import replace

import pytest
from slack_sdk import WebClient

from bot.reply.refusal import Refusal
from bot.sandbox.slack import Channel, EmbeddedSlack, Standing, User
from bot.settings import AccessSettings
from handlers.access import (
    Asker,
    Directory,
    Gate,
    Home,
    Person,
    refused_by_lists,
    refused_by_person,
    refused_to_share,
)

OPEN = AccessSettings()
HOME = Home("T0HOME")
GRID = Home("T0HOME", "E0HOME")
MEMBER = Person("T0HOME")
ASKER = Asker("U0ALICE", "T0HOME", "", "C0OPS")


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        (OPEN, None),
        (AccessSettings(teams=frozenset({"T0HOME"})), None),
        (AccessSettings(teams=frozenset({"T0OTHER"})), Refusal.TEAM_NOT_ALLOWED),
        (AccessSettings(channels=frozenset({"C0OPS"})), None),
        (AccessSettings(channels=frozenset({"C0OTHER"})), Refusal.CHANNEL_NOT_ALLOWED),
        (AccessSettings(users=frozenset({"U0ALICE"})), None),
        (AccessSettings(users=frozenset({"U0BOB"})), Refusal.USER_NOT_ALLOWED),
        # each list that is set must hold
        (AccessSettings(channels=frozenset({"C0OTHER"}), users=frozenset({"U0ALICE"})), Refusal.CHANNEL_NOT_ALLOWED),
    ],
)
def test_allow_lists(rules: AccessSettings, expected: Refusal | None) -> None:
    assert refused_by_lists(ASKER, rules) is expected


def test_a_grid_organisation_may_stand_in_the_list_of_teams() -> None:
    rules = AccessSettings(teams=frozenset({"E0HOME"}))
    assert refused_by_lists(replace(ASKER, enterprise="E0HOME"), rules) is None


def test_a_payload_without_a_channel_does_not_pass_a_list_of_channels() -> None:
    rules = AccessSettings(channels=frozenset({"C0OPS"}))
    assert refused_by_lists(Asker("U0ALICE"), rules) is Refusal.CHANNEL_NOT_ALLOWED


@pytest.mark.parametrize(
    ("person", "home", "expected"),
    [
        (MEMBER, HOME, None),
        (replace(MEMBER, guest=True), HOME, Refusal.GUEST),
        (Person("T0OTHER"), HOME, Refusal.OTHER_ORGANISATION),
        (replace(MEMBER, stranger=True), HOME, Refusal.OTHER_ORGANISATION),
        (replace(MEMBER, bot=True), HOME, Refusal.NOT_A_PERSON),
        (replace(MEMBER, deleted=True), HOME, Refusal.NOT_A_PERSON),
        (Person("T0OTHER", "E0HOME"), GRID, None),
        (Person("T0OTHER", "E0OTHER"), GRID, Refusal.OTHER_ORGANISATION),
        # no enterprise is not the same enterprise
        (Person("T0OTHER", ""), HOME, Refusal.OTHER_ORGANISATION),
        (None, HOME, Refusal.UNKNOWN_PERSON),
        (MEMBER, None, Refusal.UNKNOWN_PERSON),
    ],
)
def test_people(person: Person | None, home: Home | None, expected: Refusal | None) -> None:
    assert refused_by_person(person, home) is expected


@pytest.mark.parametrize(
    ("shared_outside", "allowed", "expected"),
    [
        (False, False, None),
        (True, False, Refusal.SHARED_CHANNEL),
        (None, False, Refusal.UNKNOWN_CHANNEL),
        (True, True, None),
        (None, True, None),
    ],
)
def test_sharing(shared_outside: bool | None, allowed: bool, expected: Refusal | None) -> None:
    assert refused_to_share(shared_outside, AccessSettings(share_to_external=allowed)) is expected


@pytest.fixture
def client(slack: EmbeddedSlack) -> WebClient:
    return WebClient(token=slack.workspace.credentials.bot_token, base_url=slack.api_url)


def ask(user: User | str) -> Asker:
    return Asker(user if isinstance(user, str) else user.id, "T0EXAMPLE1", "", "C0OPS00001")


@pytest.mark.parametrize(
    ("standing", "team", "expected"),
    [
        (Standing.MEMBER, "T0EXAMPLE1", None),
        (Standing.GUEST, "T0EXAMPLE1", Refusal.GUEST),
        (Standing.SINGLE_CHANNEL_GUEST, "T0EXAMPLE1", Refusal.GUEST),
        (Standing.STRANGER, "T0PARTNER1", Refusal.OTHER_ORGANISATION),
        (Standing.MEMBER, "T0PARTNER1", Refusal.OTHER_ORGANISATION),
        (Standing.DELETED, "T0EXAMPLE1", Refusal.NOT_A_PERSON),
    ],
)
def test_what_slack_says_about_somebody_decides(
    slack: EmbeddedSlack, client: WebClient, standing: Standing, team: str, expected: Refusal | None
) -> None:
    user = slack.workspace.add_user(User("U0PERSON1", "person", standing, team))
    assert Gate(OPEN).refuses(client, ask(user)) is expected


def test_somebody_named_in_the_list_of_users_is_admitted_without_asking_slack(
    slack: EmbeddedSlack, client: WebClient
) -> None:
    user = slack.workspace.add_user(User("U0PARTNER", "partner", Standing.STRANGER, "T0PARTNER1"))
    assert Gate(AccessSettings(users=frozenset({user.id}))).refuses(client, ask(user)) is None
    assert slack.calls == []


@pytest.mark.parametrize("method", ["users.info", "auth.test"])
@pytest.mark.parametrize("how", ["error-500", "missing_scope", "garbage", "ratelimited"])
def test_where_slack_would_not_tell_nobody_is_admitted_and_the_next_question_asks_again(
    slack: EmbeddedSlack, client: WebClient, method: str, how: str
) -> None:
    gate = Gate(OPEN)
    slack.fail(method, how, times=1)
    assert gate.refuses(client, ask("U0ALICE001")) is Refusal.UNKNOWN_PERSON
    assert gate.refuses(client, ask("U0ALICE001")) is None


def test_slack_is_asked_once_in_ten_minutes_about_one_person(slack: EmbeddedSlack, client: WebClient) -> None:
    now = [0.0]
    gate = Gate(OPEN, Directory(lambda: now[0]))
    for moment, calls in ((0.0, 1), (599.0, 1), (601.0, 2)):
        now[0] = moment
        assert gate.refuses(client, ask("U0ALICE001")) is None
        assert [call.method for call in slack.calls].count("users.info") == calls


@pytest.mark.parametrize(
    ("channel", "expected"),
    [
        (Channel("C0A", "a"), None),
        (Channel("C0B", "b", shared_with=("T0PARTNER1",)), Refusal.SHARED_CHANNEL),
        (Channel("C0C", "c", pending_shared=True), Refusal.SHARED_CHANNEL),
    ],
)
def test_what_slack_says_about_a_channel_decides_on_sharing(
    slack: EmbeddedSlack, client: WebClient, channel: Channel, expected: Refusal | None
) -> None:
    slack.workspace.add_channel(channel)
    assert Gate(OPEN).refuses_to_share(client, channel.id) is expected


def test_a_channel_that_the_bot_cannot_see_counts_as_shared(client: WebClient) -> None:
    assert Gate(OPEN).refuses_to_share(client, "D0DIRECT01") is Refusal.UNKNOWN_CHANNEL
    assert Gate(AccessSettings(share_to_external=True)).refuses_to_share(client, "D0DIRECT01") is None
