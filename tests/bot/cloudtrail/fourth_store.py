"""A made-up store of the history, and what the bot makes of it where the registry has it.

``python -m tests.bot.cloudtrail.fourth_store`` prints that as JSON: in a process of its own, since the bot derives its
tables from the registry as it is imported.
"""

from __future__ import annotations

import json
import re
import sys
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from bot.cloudtrail import stores
from bot.cloudtrail.stores import HistoryStore, Operation, Setting, Trial, WrittenQuery
from bot.model import Coverage

ROLE = "arn:aws:iam::111122223333:role/sink"


@dataclass(frozen=True, slots=True)
class LakeOptions:
    """The made-up store's settings."""

    store_id: str
    pace: str = "slow"


def _trials(options: LakeOptions, regions: tuple[str, ...], _: str) -> Iterator[Trial]:
    yield Trial("lake:StartQuery", regions[0], {"EventDataStore": options.store_id})


def _queries(role_arn: str, _: Coverage | None) -> Iterator[WrittenQuery]:
    yield WrittenQuery("Lake SQL", "For {language}, on {places}, for {window}.", f"SELECT '{role_arn}'")


class LakeReader:
    """Stands where a reader of the store would."""

    def __init__(self, options: LakeOptions) -> None:
        self.options = options

    @classmethod
    def of(cls, _: object, options: LakeOptions, __: object) -> LakeReader:
        """Make it as ``bot.aws.history`` does."""
        return cls(options)


LAKE = HistoryStore(
    name="lake",
    title="CloudTrail in a lake",
    sid="ReadTrailThroughLake",
    operations=(Operation("lake:StartQuery", "The lake could not be queried: silence there is no evidence."),),
    starts="lake:StartQuery",
    reader="tests.bot.cloudtrail.fourth_store:LakeReader",
    options=LakeOptions,
    trials=_trials,
    queries=_queries,
    settings=(
        Setting("MSK_ROLE_LAKE_STORE", "store_id", re.compile("[a-z0-9-]{4,36}"), "the id of a lake", required=True),
        Setting("MSK_ROLE_LAKE_PACE", "pace", re.compile("slow|fast"), "slow or fast"),
    ),
    longest_window_days=2500,
    remark="A lake keeps what it is told to.",
)


def seen() -> dict[str, Any]:
    """Return what each part of the bot says of the store; whatever derives from the registry is imported here."""
    from bot.aws.history import history, roles_history  # noqa: PLC0415  after the registry has the store
    from bot.aws.probe import _history_calls  # noqa: PLC0415
    from bot.aws.sessions import Clients  # noqa: PLC0415
    from bot.doctor.diagnosis import AwsDiagnosis, Diagnosis, Probe  # noqa: PLC0415
    from bot.doctor.permissions import OPERATIONS  # noqa: PLC0415
    from bot.model import Cause, Question, Unavailable  # noqa: PLC0415
    from bot.reply import buttons, doctor, inventory, text, word  # noqa: PLC0415
    from bot.reply.wording import fill, gaps  # noqa: PLC0415
    from bot.settings import Settings, SettingsError  # noqa: PLC0415
    from tests.bot.reply.test_query import read_from  # noqa: PLC0415

    def problems(environment: dict[str, str]) -> list[str]:
        try:
            Settings.from_env(environment)
        except SettingsError as error:
            return list(error.problems)
        return []

    settings = Settings.from_env({"MSK_ROLE_HISTORY": "lake", "MSK_ROLE_LAKE_STORE": "eds-1"})
    reader: Any = history(settings.history, Clients())
    fleet = roles_history(settings.history, Clients())._choose(ROLE, ("eu-west-1",))
    identity: Any = type("Identity", (), {"partition": "aws"})
    gap = gaps.worded(Unavailable("lake:StartQuery", "eu-west-1", Cause.TIMEOUT))
    refused = Probe("lake:StartQuery", "eu-west-1", Unavailable("lake:StartQuery", "eu-west-1", Cause.ACCESS_DENIED))
    answer = read_from("lake", "eds-1")
    return {
        "options": repr(settings.history.options_of(LAKE)),
        "longest": settings.longest_window_days,
        "button": buttons.decode(buttons.encode(Question("orders", 2500))).window_days,
        "missing": problems({"MSK_ROLE_HISTORY": "eu-west-1=lake"}),
        "misshapen": problems({"MSK_ROLE_HISTORY": "lake", "MSK_ROLE_LAKE_STORE": "eds-1", "MSK_ROLE_LAKE_PACE": "x"}),
        "unasked": problems({"MSK_ROLE_LAKE_PACE": "fast"}),
        "unknown": problems({"MSK_ROLE_HISTORY": "sea"}),
        "operations": OPERATIONS["ReadTrailThroughLake"],
        "doctor": doctor.report(
            Diagnosis(AwsDiagnosis("arn:aws:iam::111122223333:user/a", ("eu-west-1",), (refused,)))
        ),
        "tried": [call.operation for call in _history_calls(("eu-west-1",), settings.history, identity)],
        "lacks": fill(gap.lacks, gap.data),
        "details": " ".join(text.plain(word.details(answer)).split()),
        "query": " ".join(text.plain(word.query(answer)).split()),
        "fleet": " ".join(text.plain(inventory.one_by_one([stores.DEFAULT])).split()),
        "reader": repr(getattr(reader, "options", None)),
        "fleet_reader": repr(getattr(fleet, "options", None)),
    }


if __name__ == "__main__":
    sys.modules["tests.bot.cloudtrail.fourth_store"] = sys.modules["__main__"]
    stores.STORES = (*stores.STORES, LAKE)
    print(json.dumps(seen()))
