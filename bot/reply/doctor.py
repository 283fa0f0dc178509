"""What the doctor says, as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import groupby

from bot.cloudtrail.stores import STORES
from bot.doctor.diagnosis import AwsDiagnosis, Diagnosis, Probe, Reach, TokenDiagnosis
from bot.doctor.permissions import Purpose
from bot.model import Cause, Unavailable

POLICY_FILE = "deploy/iam-policy.json"

#: What an answer lacks where a purpose's operations are refused.
_LACKS: Mapping[str, str] = {
    Purpose.CONNECTORS: "connectors, their worker configuration, their plugins or their operations",
    Purpose.ROLES: "the role's trust policy, or what IAM says about its last use",
    Purpose.LOG_GRANTS: "whether the log destinations admit log delivery",
    Purpose.TRAILS: 'whether the trail records AssumeRole; silence stays "unconfirmed"',
    **{store.sid: 'when the role was last assumed; every verdict becomes "unconfirmed"' for store in STORES},
}
#: What each of Slack's scopes is for.
_SCOPES: Mapping[str, str] = {
    "commands": "the command /msk-role",
    "chat:write": "sharing an answer with a channel",
    "users:read": "telling guests and people of other organisations apart",
    "channels:read": "seeing that a public channel is shared with another organisation",
    "groups:read": "seeing that a private channel is shared with another organisation",
}
#: The scopes that the bot's token needs; the app manifest asks for the same.
BOT_SCOPES = tuple(_SCOPES)


def report(diagnosis: Diagnosis) -> str:
    """Say what is well, what is not, and what to do about it."""
    return "\n".join((*_settings(diagnosis), *_aws(diagnosis.aws), "", *_slack(diagnosis), "", _summary(diagnosis)))


def _settings(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.settings_problems:
        yield "Settings"
        yield from (f"  wrong        {problem}" for problem in diagnosis.settings_problems)
        yield "               To do: .env.example explains each of them. The rest was tried without them."
        yield ""


# --- AWS -------------------------------------------------------------------------------------------------------------


def _aws(aws: AwsDiagnosis | None) -> Iterator[str]:
    if aws is None:
        yield "AWS"
        yield "  not tried    The settings do not say how."
        return
    regions = ", ".join(aws.regions)
    if isinstance(aws.caller, Unavailable):
        yield f"AWS, {regions}"
        yield f"  unreachable  {aws.caller.operation}: {_why(aws.caller)}"
        yield f"               To do: {_remedy(aws.caller)}"
        return
    yield f"AWS as {aws.caller}, {regions}"
    for operation, group in groupby(aws.probes, key=lambda probe: probe.operation):
        yield from _operation(operation, list(group))


def _operation(operation: str, probes: list[Probe]) -> Iterator[str]:
    for reach in Reach:
        of_reach = [probe for probe in probes if probe.reach is reach]
        if not of_reach:
            continue
        where = "" if len(of_reach) == len(probes) else f"  in {', '.join(dict.fromkeys(p.region for p in of_reach))}"
        yield f"  {reach.value:<11}  {operation}{where}"
        if reach is not Reach.ALLOWED:
            yield from _advice(of_reach[0])


def _advice(probe: Probe) -> Iterator[str]:
    failure = probe.failure
    if failure is None:
        return
    lead = " " * 15
    if probe.reach is Reach.DENIED:
        yield f"{lead}To do: allow {probe.action}, as statement {probe.purpose} of {POLICY_FILE} does."
    else:
        yield f"{lead}{_why(failure)}. To do: {_remedy(failure)}"
    yield f"{lead}Without it an answer lacks {_LACKS[probe.purpose]}."


def _why(failure: Unavailable) -> str:
    causes = {
        Cause.TIMEOUT: "no answer in time",
        Cause.THROTTLED: "AWS asks to come back later",
        Cause.ACCESS_DENIED: "AWS refuses the caller",
    }
    return causes.get(failure.cause) or failure.error_code or "an answer that cannot be read"


def _remedy(failure: Unavailable) -> str:
    if failure.cause is Cause.THROTTLED:
        return "try again in a minute."
    if failure.cause is Cause.TIMEOUT:
        return "check the network from here to AWS: VPC endpoints, proxy, security group, AWS_ENDPOINT_URL."
    return "check the credentials (profile, role, expiry), the region, and the network from here to AWS."


# --- Slack -----------------------------------------------------------------------------------------------------------


def _slack(diagnosis: Diagnosis) -> Iterator[str]:
    yield "Slack"
    for setting in diagnosis.unset:
        yield f"  not set      {setting}"
    if not diagnosis.tokens:
        yield "               No token is set, so nothing was asked of Slack. `ask` and `classify` need none."
    for token in diagnosis.tokens:
        yield from _token(token)


def _token(token: TokenDiagnosis) -> Iterator[str]:
    if token.problem:
        yield f"  refused      {token.setting}: {token.problem}"
        yield "               To do: copy the token again from https://api.slack.com/apps, or reinstall the app there."
        return
    yield f"  accepted     {token.setting}" + (f" for {token.team}" if token.team else "")
    for scope in token.missing_scopes:
        yield f"  missing      scope {scope}: {_SCOPES[scope]}"
    if token.missing_scopes:
        yield "               To do: add the scopes as manifest.yaml has them, then reinstall the app."


def _summary(diagnosis: Diagnosis) -> str:
    problems = [
        *_counted(len(diagnosis.settings_problems), "setting"),
        *_aws_problems(diagnosis.aws),
        *(token.setting for token in diagnosis.tokens if token.problem or token.missing_scopes),
    ]
    return f"Something to do: {', '.join(problems)}." if problems else "Nothing to do."


def _aws_problems(aws: AwsDiagnosis | None) -> Iterator[str]:
    if aws is None:
        return
    if isinstance(aws.caller, Unavailable):
        yield "AWS"
    for reach in (Reach.DENIED, Reach.UNREACHABLE):
        operations = {probe.operation for probe in aws.probes if probe.reach is reach}
        yield from _counted(len(operations), f"{reach} AWS operation")


def _counted(count: int, noun: str) -> Iterator[str]:
    if count:
        yield f"{count} {noun}" if count == 1 else f"{count} {noun}s"
