"""What the doctor says, as plain text for a terminal."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby

from bot.doctor.diagnosis import AwsDiagnosis, Diagnosis, Probe, Reach, TokenDiagnosis
from bot.model import Unavailable
from bot.reply.wording import doctor as words

#: The scopes that the bot's token needs; the app manifest asks for the same.
BOT_SCOPES = tuple(words.SCOPES)
#: What stands under a line, below its text.
_LEAD = " " * 15


def report(diagnosis: Diagnosis) -> str:
    """Say what is well, what is not, and what to do about it."""
    return "\n".join((*_settings(diagnosis), *_aws(diagnosis.aws), "", *_slack(diagnosis), "", _summary(diagnosis)))


def _settings(diagnosis: Diagnosis) -> Iterator[str]:
    if diagnosis.settings_problems:
        yield "Settings"
        yield from (f"  wrong        {problem}" for problem in diagnosis.settings_problems)
        yield _to_do(words.SEE_ENV_EXAMPLE)
        yield ""


# --- AWS -------------------------------------------------------------------------------------------------------------


def _aws(aws: AwsDiagnosis | None) -> Iterator[str]:
    if aws is None:
        yield "AWS"
        yield f"  not tried    {words.NO_SETTINGS}"
        return
    regions = ", ".join(aws.regions)
    if isinstance(aws.caller, Unavailable):
        yield f"AWS, {regions}"
        yield f"  unreachable  {aws.caller.operation}: {_why(aws.caller)}"
        yield _to_do(_remedy(aws.caller))
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
    if probe.reach is Reach.DENIED:
        yield _to_do(words.ALLOW.format(action=probe.action, purpose=probe.purpose))
    else:
        yield f"{_LEAD}{_why(failure)}. To do: {_remedy(failure)}"
    yield _LEAD + words.LACKING.format(what=words.LACKS[probe.purpose])


def _to_do(remedy: str) -> str:
    return f"{_LEAD}To do: {remedy}"


def _why(failure: Unavailable) -> str:
    return words.CAUSES.get(failure.cause) or failure.error_code or words.UNREADABLE


def _remedy(failure: Unavailable) -> str:
    return words.REMEDIES.get(failure.cause, words.OTHER_REMEDY)


# --- Slack -----------------------------------------------------------------------------------------------------------


def _slack(diagnosis: Diagnosis) -> Iterator[str]:
    yield "Slack"
    for setting in diagnosis.unset:
        yield f"  not set      {setting}"
    if not diagnosis.tokens:
        yield _LEAD + words.NOTHING_ASKED
    for token in diagnosis.tokens:
        yield from _token(token)


def _token(token: TokenDiagnosis) -> Iterator[str]:
    if token.problem:
        yield f"  refused      {token.setting}: {token.problem}"
        yield _to_do(words.COPY_AGAIN)
        return
    yield f"  accepted     {token.setting}" + (f" for {token.team}" if token.team else "")
    for scope in token.missing_scopes:
        yield f"  missing      scope {scope}: {words.SCOPES[scope]}"
    if token.missing_scopes:
        yield _to_do(words.ADD_SCOPES)


def _summary(diagnosis: Diagnosis) -> str:
    problems = [
        *_counted(len(diagnosis.settings_problems), "setting"),
        *_aws_problems(diagnosis.aws),
        *(token.setting for token in diagnosis.tokens if token.problem or token.missing_scopes),
    ]
    return words.SOMETHING_TO_DO.format(problems=", ".join(problems)) if problems else words.NOTHING_TO_DO


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
