"""What the doctor says about each thing that can be wrong."""

from __future__ import annotations

import pytest
import yaml

from bot.cli.manifest import MANIFEST
from bot.doctor.diagnosis import AwsDiagnosis, Diagnosis, Probe, TokenDiagnosis
from bot.doctor.permissions import OPERATIONS
from bot.model import Cause, Unavailable
from bot.reply.doctor import BOT_SCOPES, report

CALLER = "arn:aws:sts::111122223333:assumed-role/bot/x"
REGIONS = ("eu-west-1", "us-east-1")


def probe(operation: str, cause: Cause | None = None, region: str = "eu-west-1", code: str | None = None) -> Probe:
    return Probe(operation, region, Unavailable(operation, region, cause, None, code) if cause else None)


def said(*probes: Probe, **more: object) -> str:
    return report(Diagnosis(AwsDiagnosis(CALLER, REGIONS, probes), **more))  # type: ignore[arg-type]


def test_a_bot_that_lacks_nothing_is_told_so() -> None:
    text = said(probe("iam:GetRole"))
    assert text.startswith(f"AWS as {CALLER}, eu-west-1, us-east-1\n  allowed      iam:GetRole\n")
    assert text.endswith("Nothing to do.")


def test_a_denied_operation_names_the_action_the_statement_and_what_is_lost() -> None:
    text = said(probe("s3:GetBucketEncryption", Cause.ACCESS_DENIED))
    assert "  denied       s3:GetBucketEncryption\n" in text
    assert "allow s3:GetEncryptionConfiguration, as statement ReadLogGrants of deploy/iam-policy.json does." in text
    assert "Without it an answer lacks whether the log destinations admit log delivery." in text
    assert text.endswith("Something to do: 1 denied AWS operation.")


def test_an_operation_that_is_denied_in_one_region_names_it() -> None:
    text = said(
        probe("kafkaconnect:ListConnectors"),
        probe("kafkaconnect:ListConnectors", Cause.ACCESS_DENIED, "us-east-1"),
    )
    assert "  allowed      kafkaconnect:ListConnectors  in eu-west-1\n" in text
    assert "  denied       kafkaconnect:ListConnectors  in us-east-1\n" in text


@pytest.mark.parametrize(
    ("cause", "code", "advice"),
    [
        (Cause.TIMEOUT, None, "no answer in time. To do: check the network from here to AWS"),
        (Cause.THROTTLED, "Throttling", "AWS asks to come back later. To do: try again in a minute."),
        (Cause.ERROR, "ExpiredToken", "ExpiredToken. To do: check the credentials"),
        (Cause.ERROR, None, "an answer that cannot be read. To do: check the credentials"),
    ],
)
def test_an_operation_that_cannot_be_reached_says_why(cause: Cause, code: str | None, advice: str) -> None:
    assert advice in said(probe("iam:GetRole", cause, code=code))


@pytest.mark.parametrize("operation", [operation for group in OPERATIONS.values() for operation in group])
def test_every_operation_has_its_advice(operation: str) -> None:
    assert "Without it an answer lacks" in said(probe(operation, Cause.ACCESS_DENIED))


def test_aws_out_of_reach_is_said_once() -> None:
    nobody = Unavailable("sts:GetCallerIdentity", "", Cause.ERROR, error_code="NoCredentialsError")
    text = report(Diagnosis(AwsDiagnosis(nobody, REGIONS)))
    assert text.startswith("AWS, eu-west-1, us-east-1\n  unreachable  sts:GetCallerIdentity: NoCredentialsError\n")
    assert "To do: check the credentials" in text
    assert text.endswith("Something to do: AWS.")


def test_settings_that_keep_aws_from_being_asked_are_said_to() -> None:
    text = report(Diagnosis(None, settings_problems=("MSK_ROLE_REGIONS: missing",)))
    assert "AWS\n  not tried    The settings do not say how.\n" in text
    assert text.endswith("Something to do: 1 setting.")


def test_without_tokens_it_says_that_slack_was_not_asked() -> None:
    text = said(probe("iam:GetRole"), unset=("SLACK_BOT_TOKEN", "SLACK_APP_TOKEN"))
    assert "  not set      SLACK_BOT_TOKEN\n  not set      SLACK_APP_TOKEN\n" in text
    assert "No token is set, so nothing was asked of Slack." in text


def test_missing_scopes_and_refused_tokens_are_named() -> None:
    tokens = (
        TokenDiagnosis("SLACK_BOT_TOKEN", team="Example Corp", missing_scopes=("users:read",)),
        TokenDiagnosis("SLACK_APP_TOKEN", problem="invalid_auth"),
    )
    text = said(probe("iam:GetRole"), tokens=tokens)
    assert "  accepted     SLACK_BOT_TOKEN for Example Corp\n  missing      scope users:read: telling guests" in text
    assert "  refused      SLACK_APP_TOKEN: invalid_auth\n" in text
    assert text.endswith("Something to do: SLACK_BOT_TOKEN, SLACK_APP_TOKEN.")


def test_settings_that_do_not_fit_come_first() -> None:
    text = said(probe("iam:GetRole"), settings_problems=("MSK_ROLE_REGIONS: a region name",))
    assert text.startswith("Settings\n  wrong        MSK_ROLE_REGIONS: a region name\n")


def test_the_scopes_are_those_of_the_manifest() -> None:
    manifest = yaml.safe_load(MANIFEST.read_text())
    assert sorted(BOT_SCOPES) == sorted(manifest["oauth_config"]["scopes"]["bot"])
