"""``python -m bot doctor`` as an operator runs it, against the embedded AWS and Slack."""

from __future__ import annotations

import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest

from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack

ROOT = Path(__file__).parents[3]


def doctor(environment: Mapping[str, str], *arguments: str, folder: Path = ROOT) -> tuple[int, str]:
    # What the machine's own environment holds must not decide.
    done = subprocess.run(
        [sys.executable, "-m", "bot", "doctor", *arguments],
        env={"PATH": "/usr/bin:/bin", "PYTHONPATH": str(ROOT), **environment},
        cwd=folder,
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.stderr == ""
    return done.returncode, done.stdout


@pytest.fixture
def everything(aws: EmbeddedAws, slack: EmbeddedSlack) -> dict[str, str]:
    return {**aws.environment, **slack.environment, "MSK_ROLE_REGIONS": "eu-west-1,us-east-1"}


def test_with_everything_in_place_there_is_nothing_to_do(everything: dict[str, str], tmp_path: Path) -> None:
    status, text = doctor(everything, "--socket", folder=tmp_path)
    assert (status, text.splitlines()[-1]) == (0, "Nothing to do.")
    assert "accepted     SLACK_BOT_TOKEN for Example Corp" in text


def test_without_slack_it_says_so_and_examines_aws(aws: EmbeddedAws, tmp_path: Path) -> None:
    status, text = doctor(aws.environment, folder=tmp_path)
    assert status == 0
    assert "not set      SLACK_BOT_TOKEN" in text
    assert "allowed      kafkaconnect:ListConnectors" in text


def test_what_is_denied_and_which_scope_is_missing_is_said(
    aws: EmbeddedAws, slack: EmbeddedSlack, everything: dict[str, str], tmp_path: Path
) -> None:
    aws.authorise(
        {"Version": "2012-10-17", "Statement": [{"Effect": "Allow", "Action": "kafkaconnect:*", "Resource": "*"}]}
    )
    slack.workspace.scopes = frozenset({"commands", "chat:write"})
    status, text = doctor(everything, folder=tmp_path)
    assert status == 1
    assert "denied       cloudtrail:LookupEvents" in text
    assert "allowed      kafkaconnect:DescribeConnector" in text
    assert "missing      scope users:read" in text


def test_settings_that_are_missing_or_wrong_are_named_and_aws_is_still_examined(
    aws: EmbeddedAws, tmp_path: Path
) -> None:
    status, text = doctor({**aws.environment, "MSK_ROLE_REGIONS": "Ireland"}, "--http", folder=tmp_path)
    assert status == 2
    assert "wrong        SLACK_BOT_TOKEN" in text
    assert "wrong        MSK_ROLE_REGIONS" in text
    assert "allowed      kafkaconnect:ListConnectors" in text


def test_an_aws_without_credentials_is_one_clear_line(aws: EmbeddedAws, tmp_path: Path) -> None:
    secrets = ("AWS_ACCESS_KEY_ID", "AWS_SECRET_ACCESS_KEY")
    status, text = doctor({n: v for n, v in aws.environment.items() if n not in secrets}, folder=tmp_path)
    assert status == 1
    assert "unreachable  sts:GetCallerIdentity: NoCredentialsError" in text


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"AWS_DEFAULT_REGION": ""}, "wrong        MSK_ROLE_REGIONS: missing"),
        ({"AWS_PROFILE": "nobody"}, "check AWS_PROFILE"),
    ],
)
def test_an_aws_that_the_settings_do_not_name_is_one_clear_line(
    aws: EmbeddedAws, tmp_path: Path, change: dict[str, str], said: str
) -> None:
    status, text = doctor({**aws.environment, **change}, folder=tmp_path)
    assert status == 2
    assert said in text
    assert "not tried    The settings do not say how." in text
