"""What a tried operation says about the permission for it, and when the doctor calls it well."""

from __future__ import annotations

from dataclasses import replace

import pytest

from bot.doctor.diagnosis import AwsDiagnosis, Diagnosis, Probe, Reach, TokenDiagnosis
from bot.doctor.permissions import Purpose
from bot.model import Cause, Unavailable

OPERATION = "s3:GetBucketEncryption"


def failed(cause: Cause, code: str | None = None, missing: str | None = None) -> Probe:
    return Probe(OPERATION, "eu-west-1", Unavailable(OPERATION, "eu-west-1", cause, missing, code))


@pytest.mark.parametrize(
    ("probe", "reach"),
    [
        (Probe(OPERATION, "eu-west-1"), Reach.ALLOWED),
        (failed(Cause.ACCESS_DENIED, "AccessDenied"), Reach.DENIED),
        # Who asks for what is not there was admitted.
        (failed(Cause.NOT_FOUND, "NoSuchBucket"), Reach.ALLOWED),
        (failed(Cause.MALFORMED), Reach.ALLOWED),
        (failed(Cause.ERROR, "ValidationException"), Reach.ALLOWED),
        (failed(Cause.ERROR, "InvalidRequestException"), Reach.ALLOWED),
        (failed(Cause.ERROR, "TrailNotFoundException"), Reach.ALLOWED),
        (failed(Cause.TIMEOUT), Reach.UNREACHABLE),
        (failed(Cause.THROTTLED, "ThrottlingException"), Reach.UNREACHABLE),
        (failed(Cause.ERROR, "InternalError"), Reach.UNREACHABLE),
        (failed(Cause.ERROR, "EndpointConnectionError"), Reach.UNREACHABLE),
        (failed(Cause.ERROR), Reach.UNREACHABLE),
        # AWS does not know who asks.
        (failed(Cause.ERROR, "InvalidClientTokenId"), Reach.UNREACHABLE),
        (failed(Cause.ERROR, "ExpiredToken"), Reach.UNREACHABLE),
        (failed(Cause.ERROR, "NoCredentialsError"), Reach.UNREACHABLE),
    ],
)
def test_only_a_refusal_of_the_caller_is_a_denial(probe: Probe, reach: Reach) -> None:
    assert probe.reach is reach


def test_a_probe_names_the_action_that_is_missing_and_what_it_is_for() -> None:
    denied = failed(Cause.ACCESS_DENIED, "AccessDenied")
    assert (denied.action, denied.purpose) == ("s3:GetEncryptionConfiguration", Purpose.LOG_GRANTS)
    assert failed(Cause.ACCESS_DENIED, "AccessDenied", "s3:GetBucketLocation").action == "s3:GetBucketLocation"


WELL = AwsDiagnosis("arn:aws:sts::111122223333:assumed-role/bot/x", ("eu-west-1",), (Probe(OPERATION, "eu-west-1"),))
UNKNOWN = Unavailable("sts:GetCallerIdentity", "", Cause.ERROR, error_code="NoCredentialsError")


@pytest.mark.parametrize(
    ("diagnosis", "status"),
    [
        (Diagnosis(WELL), 0),
        (Diagnosis(WELL, unset=("SLACK_BOT_TOKEN",)), 0),
        (Diagnosis(WELL, tokens=(TokenDiagnosis("SLACK_BOT_TOKEN", team="Example"),)), 0),
        (Diagnosis(WELL, tokens=(TokenDiagnosis("SLACK_BOT_TOKEN", problem="invalid_auth"),)), 1),
        (Diagnosis(WELL, tokens=(TokenDiagnosis("SLACK_BOT_TOKEN", missing_scopes=("users:read",)),)), 1),
        (Diagnosis(replace(WELL, probes=(failed(Cause.ACCESS_DENIED),))), 1),
        (Diagnosis(replace(WELL, probes=(failed(Cause.TIMEOUT),))), 1),
        (Diagnosis(AwsDiagnosis(UNKNOWN, ())), 1),
        (Diagnosis(None, settings_problems=("MSK_ROLE_REGIONS: missing",)), 2),
        (Diagnosis(WELL, settings_problems=("MSK_ROLE_REGIONS: a region name",)), 2),
    ],
)
def test_the_exit_status_says_what_is_wrong(diagnosis: Diagnosis, status: int) -> None:
    assert diagnosis.exit_status == status
