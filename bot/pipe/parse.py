"""Text to question. The grammar is data: the same parts that read the words also make the help."""

from __future__ import annotations

import html
import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

from bot.arn import connector_name, region_of, role_name, role_of_session
from bot.model import Question
from bot.pipe.unanswerable import InvalidQuestion
from bot.regions import names_region

#: What CloudTrail's event history keeps.
DEFAULT_WINDOW_DAYS = 90
#: Longer than any ARN with a window and a region.
LONGEST_TEXT = 2000
#: How much of a word is quoted back.
_QUOTED = 80


class Problem(StrEnum):
    """Why a text is no question."""

    TOO_LONG = "too-long"
    NOT_A_NAME = "not-a-name"
    NOT_AN_ARN = "not-an-arn"
    NO_SUBJECT = "no-subject"
    SEVERAL_SUBJECTS = "several-subjects"
    SEVERAL_WINDOWS = "several-windows"
    SEVERAL_REGIONS = "several-regions"
    WINDOW_OUT_OF_RANGE = "window-out-of-range"
    REGION_CONTRADICTS_ARN = "region-contradicts-arn"


class Slot(StrEnum):
    """What a word of the question stands for."""

    SUBJECT = "subject"
    WINDOW = "window"
    REGION = "region"


@dataclass(frozen=True, slots=True)
class WordForm:
    """One kind of word. ``code`` names its explanation in the help."""

    slot: Slot
    code: str
    form: str
    example: str
    matches: Callable[[str], bool]


@dataclass(frozen=True, slots=True)
class Help:
    """Somebody asked what may be asked."""


_WINDOW = re.compile(r"(\d{1,9})(d|w|days?|weeks?)", re.IGNORECASE | re.ASCII)
#: A window in two words.
_SPACED_WINDOW = re.compile(r"(?<!\S)(\d{1,9})\s+(days?|weeks?)(?!\S)", re.IGNORECASE | re.ASCII)
_WEEK = 7
#: What phones make of a hyphen.
_DASHES = str.maketrans(dict.fromkeys("‐‑‒–—−﹣－", "-"))  # noqa: RUF001  that is what they look like
_NAME = re.compile(r"[a-z0-9][a-z0-9._-]{0,127}", re.IGNORECASE | re.ASCII)
#: What Slack makes of an address that somebody types: ``<https://orders.example|orders.example>``.
_LINK = re.compile(r"<[a-z]+:[^<>|\s]*\|([^<>|\s]+)>", re.IGNORECASE)
_QUOTES = "\"'`“”„‘’«»"  # noqa: RUF001  what keyboards and chat programs make of quotes
_TRAILING = ",;?"
_HELP = frozenset({"help", "--help", "-h", "?"})


def _is_connector_arn(word: str) -> bool:
    return connector_name(word) is not None


def _is_role_arn(word: str) -> bool:
    return role_name(word) is not None or role_of_session(word) is not None


def _is_role_name(word: str) -> bool:
    return word.startswith(ROLE) and _ROLE_NAME.fullmatch(word.rpartition("/")[2]) is not None


def _is_name(word: str) -> bool:
    return (
        _NAME.fullmatch(word) is not None
        and not word.lower().startswith("arn:")
        and _WINDOW.fullmatch(word) is None
        and not names_region(word)
    )


#: How a subject begins of which somebody says what it is.
ROLE, CONNECTOR = "role/", "connector/"
_ROLE_NAME = re.compile(r"[\w+=,.@-]{1,64}", re.ASCII)
#: Words that say what the next one is.
_KINDS = {"role": ROLE, "connector": CONNECTOR}


#: The grammar: a word is of one kind at most.
GRAMMAR: tuple[WordForm, ...] = (
    WordForm(Slot.SUBJECT, "connector-name", "connector name", "orders-s3-sink", _is_name),
    WordForm(
        Slot.SUBJECT,
        "connector-arn",
        "connector ARN",
        "arn:aws:kafkaconnect:eu-west-1:111122223333:connector/orders-s3-sink/2b7e…-2",
        _is_connector_arn,
    ),
    WordForm(Slot.SUBJECT, "role-arn", "role ARN", "arn:aws:iam::111122223333:role/orders-s3-sink-role", _is_role_arn),
    WordForm(Slot.SUBJECT, "role-name", "role and its name", "role/orders-s3-sink-role", _is_role_name),
    WordForm(Slot.WINDOW, "window", "window", "30d", lambda word: _WINDOW.fullmatch(word) is not None),
    WordForm(Slot.REGION, "region", "region", "eu-west-1", names_region),
)

_SEVERAL = {
    Slot.SUBJECT: Problem.SEVERAL_SUBJECTS,
    Slot.WINDOW: Problem.SEVERAL_WINDOWS,
    Slot.REGION: Problem.SEVERAL_REGIONS,
}


def parse(text: str, longest_window_days: int = DEFAULT_WINDOW_DAYS) -> Question | Help:
    """Read a question in words of any order.

    ``longest_window_days`` is what the history behind the bot can look back. Raises InvalidQuestion with one of
    ``Problem`` and, where a word is to blame, that word in ``value``.
    """
    if len(text) > LONGEST_TEXT:
        raise InvalidQuestion(Problem.TOO_LONG, str(LONGEST_TEXT))
    words = [word for word in map(_bare, _SPACED_WINDOW.sub(r"\1\2", text).split()) if word]
    if not words or (len(words) == 1 and words[0].lower() in _HELP):
        return Help()
    kind, words = _kind(words)
    slots: dict[Slot, str] = {}
    for word in words:
        slot = _slot(word, named=bool(kind) and Slot.SUBJECT not in slots)
        if slot in slots:
            raise InvalidQuestion(_SEVERAL[slot], quoted(word))
        slots[slot] = word
    if Slot.SUBJECT not in slots:
        raise InvalidQuestion(Problem.NO_SUBJECT)
    subject, region = _subject(slots[Slot.SUBJECT], kind), slots.get(Slot.REGION, "").lower() or None
    return Question(subject, _days(slots.get(Slot.WINDOW), longest_window_days), _of_arn(subject, region))


def _kind(words: list[str]) -> tuple[str, list[str]]:
    """Return what the first word says of the second, where it says so, and the words that are left."""
    said = _KINDS.get(words[0].lower(), "") if len(words) > 1 else ""
    return (said, words[1:]) if said else ("", words)


def _subject(word: str, kind: str) -> str:
    """Return a subject as it is asked about: a role by its ARN, or by ``role/`` and its name; else as it was typed."""
    if session := role_of_session(word):
        return session
    if word.startswith(ROLE) or (kind == ROLE and not word.startswith("arn:")):
        return f"{ROLE}{word.rpartition('/')[2]}"
    return f"{kind}{word}" if kind == CONNECTOR and not word.startswith("arn:") else word


def quoted(word: str) -> str:
    """Shorten a hostile word for quoting it back, without what does not print."""
    visible = "".join(char if char.isprintable() else "\ufffd" for char in word)
    return visible if len(visible) <= _QUOTED else visible[: _QUOTED - 1] + "…"


def _bare(word: str) -> str:
    """Take off what keyboards, chat programs and Slack put around a word."""
    word = html.unescape(word).translate(_DASHES)
    if link := _LINK.fullmatch(word):
        word = link[1]
    return word.strip(_QUOTES).rstrip(_TRAILING).strip(_QUOTES)


def _slot(word: str, *, named: bool = False) -> Slot:
    """Return what a word stands for; after a word that says what it is, any name is a subject."""
    if named and _ROLE_NAME.fullmatch(word):
        return Slot.SUBJECT
    part = next((part for part in GRAMMAR if part.matches(word)), None)
    if part is None:
        raise InvalidQuestion(
            Problem.NOT_AN_ARN if word.lower().startswith("arn:") else Problem.NOT_A_NAME, quoted(word)
        )
    return part.slot


def _days(word: str | None, longest: int) -> int:
    if word is None:
        return min(DEFAULT_WINDOW_DAYS, longest)
    found = _WINDOW.fullmatch(word)
    days = int(found[1]) * (_WEEK if found[2].lower().startswith("w") else 1) if found else 0
    if not 1 <= days <= longest:
        raise InvalidQuestion(Problem.WINDOW_OUT_OF_RANGE, str(longest))
    return days


def _of_arn(subject: str, region: str | None) -> str | None:
    """Return the region to search, which a connector's ARN decides by itself."""
    own = region_of(subject)
    if own and region not in (None, own):
        raise InvalidQuestion(Problem.REGION_CONTRADICTS_ARN, own)
    return region
