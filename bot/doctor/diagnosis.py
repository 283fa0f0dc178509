"""What the doctor finds: values only, and the judgement of each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum

from bot.doctor.permissions import OPERATIONS, action
from bot.model import Cause, Unavailable


class Reach(StrEnum):
    """Whether AWS lets the bot make a call."""

    ALLOWED = "allowed"
    DENIED = "denied"
    #: No answer that says either: the network, the credentials, throttling, a fault of AWS.
    UNREACHABLE = "unreachable"


#: Codes by which AWS refuses who asks, before it looks at what is asked.
_WRONG_CREDENTIALS = frozenset(
    {
        "ExpiredToken",
        "ExpiredTokenException",
        "IncompleteSignature",
        "InvalidAccessKeyId",
        "InvalidClientTokenId",
        "InvalidSignatureException",
        "SignatureDoesNotMatch",
        "UnrecognizedClientException",
    }
)
#: Codes by which AWS refuses what is asked, so that whoever asked was admitted.
_WRONG_INPUT = re.compile(r"NotFound|NoSuch|Invalid|Validation|BadRequest|Malformed|Unsupported|NotExist")


@dataclass(frozen=True, slots=True)
class Probe:
    """One operation, tried in one region."""

    operation: str
    region: str
    #: Why it gave nothing; None where it answered.
    failure: Unavailable | None = None

    @property
    def reach(self) -> Reach:
        """What the outcome says about the permission: a refusal of made-up input shows that it is there."""
        if self.failure is None or self.failure.cause in (Cause.NOT_FOUND, Cause.MALFORMED):
            return Reach.ALLOWED
        if self.failure.cause is Cause.ACCESS_DENIED:
            return Reach.DENIED
        code = self.failure.error_code or ""
        admitted = self.failure.cause is Cause.ERROR and code not in _WRONG_CREDENTIALS and _WRONG_INPUT.search(code)
        return Reach.ALLOWED if admitted else Reach.UNREACHABLE

    @property
    def action(self) -> str:
        """The IAM action that is needed."""
        return (self.failure.missing_action if self.failure else None) or action(self.operation)

    @property
    def purpose(self) -> str:
        """What the operation is for, by the Sid of the policy's statement that allows it."""
        return PURPOSES[self.operation]


PURPOSES: Mapping[str, str] = {
    operation: purpose for purpose, operations in OPERATIONS.items() for operation in operations
}


@dataclass(frozen=True, slots=True)
class AwsDiagnosis:
    """Who the bot is for AWS, and what it may do."""

    #: ARN of the caller, or why AWS did not say.
    caller: str | Unavailable
    regions: tuple[str, ...]
    probes: tuple[Probe, ...] = ()


@dataclass(frozen=True, slots=True)
class TokenDiagnosis:
    """One of Slack's tokens. ``problem`` is Slack's error code, or the name of what kept Slack from answering."""

    #: The setting that holds it.
    setting: str
    problem: str = ""
    #: The workspace, where the token is a bot's and was accepted.
    team: str = ""
    missing_scopes: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Diagnosis:
    """Everything that was found."""

    #: None where the settings do not allow to ask AWS at all.
    aws: AwsDiagnosis | None
    #: One for each token that is set.
    tokens: tuple[TokenDiagnosis, ...] = ()
    #: Slack's settings that are not set.
    unset: tuple[str, ...] = ()
    #: One line for each setting that is missing, bad or contradictory.
    settings_problems: tuple[str, ...] = ()

    @property
    def exit_status(self) -> int:
        """0 where nothing is wrong, 2 where settings are, 1 for everything else. Unset Slack settings are not wrong."""
        if self.settings_problems:
            return 2
        aws_fails = self.aws is None or isinstance(self.aws.caller, Unavailable)
        refused = self.aws is not None and any(probe.reach is not Reach.ALLOWED for probe in self.aws.probes)
        slack_fails = any(token.problem or token.missing_scopes for token in self.tokens)
        return 1 if aws_fails or refused or slack_fails else 0
