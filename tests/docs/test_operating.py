"""docs/operating.md says what is so: settings, permissions, metrics, outcomes, and commands that run."""

import json
import re
import shlex
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from bot import settings
from bot.__main__ import main
from bot.sandbox.aws import EmbeddedAws
from bot.sandbox.slack import EmbeddedSlack
from bot.telemetry.log import Outcome
from bot.telemetry.metrics import MeasuredTelemetry
from tests.bot.serve.processes import Process, surroundings

ROOT = Path(__file__).parents[2]
TEXT = (ROOT / "docs" / "operating.md").read_text()


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the table under the row that begins with ``heading``."""
    lines = TEXT.split(f"\n| {heading} |", 1)[1].split("\n\n", 1)[0].splitlines()[2:]
    return [[cell.strip() for cell in line.strip("|").split(" | ")] for line in lines]


def quoted(cell: str) -> list[str]:
    return re.findall(r"`([^`]+)`", cell)


def commands() -> list[str]:
    """Return every line that is set as a command, in order."""
    return [line.strip() for line in re.findall(r"^(?:    |       )(\S.*)$", TEXT, re.MULTILINE)]


def test_every_setting_is_there_in_the_order_of_the_example() -> None:
    expected = sorted(settings.NAMES)
    assert sorted(row[0].strip("`") for row in rows("variable")) == expected


@pytest.mark.parametrize(
    ("name", "default"),
    [(row[0].strip("`"), row[1]) for row in rows("variable") if re.fullmatch(r"`?[\w.:/-]+`?", row[1])],
)
def test_the_defaults_are_the_ones_in_force(name: str, default: str) -> None:
    """A default that is given explicitly changes nothing."""
    given = default.strip("`")
    athena = {"MSK_ROLE_HISTORY": "athena", "MSK_ROLE_ATHENA_DATABASE": "a", "MSK_ROLE_ATHENA_TABLE": "b"}
    base = athena if name.startswith("MSK_ROLE_ATHENA") else {}
    if given == "all":
        return
    assert settings.Settings.from_env({**base, name: given}) == settings.Settings.from_env(base)


def test_every_action_of_the_policy_is_explained_and_no_other() -> None:
    policy = json.loads((ROOT / "deploy" / "iam-policy.json").read_text())
    allowed = [
        action
        for statement in policy["Statement"]
        for action in ([statement["Action"]] if isinstance(statement["Action"], str) else statement["Action"])
    ]
    explained = [action for row in rows("actions") for action in quoted(row[0])]
    assert sorted(explained) == sorted(allowed)


def test_every_metric_is_there() -> None:
    names = re.findall(rb"^# TYPE (\S+) (?:counter|gauge|histogram)", MeasuredTelemetry().exposition(), re.MULTILINE)
    expected = {name.decode() for name in names if not name.endswith(b"_created")}
    assert {quoted(row[0])[0] for row in rows("metric")} == expected


def test_every_outcome_of_an_audit_record_is_there() -> None:
    assert [outcome for row in rows("outcome") for outcome in quoted(row[0])] == list(Outcome)


def test_every_variable_and_file_that_is_mentioned_exists() -> None:
    for name in re.findall(r"\b(?:MSK_ROLE|SLACK)_[A-Z_]*[A-Z]\b", TEXT):
        assert name in settings.NAMES, name
    for target in re.findall(r"\]\((\.\./[^)#]+|[a-z]+\.md)\)", TEXT):
        assert (ROOT / "docs" / target).exists(), target


def run_manifest(words: list[str]) -> None:
    assert main(words[3:], {}) == 0


def run_docker(words: list[str]) -> None:
    """Docker itself may not be here; what the command names must be."""
    if words[1] == "build":
        assert (ROOT / "Dockerfile").is_file()
    else:
        assert words[words.index("--env-file") + 1] == ".env"
        wait = int(words[words.index("--stop-timeout") + 1])
        assert wait >= settings.Settings().drain_seconds + 2


def run_aws(words: list[str]) -> None:
    """Hold the command against AWS's own model of the operation, and the files it names against the tree."""
    from botocore.session import get_session  # noqa: PLC0415  slow to import, and only wanted here

    service, operation = words[1], words[2]
    for file in (word.removeprefix("file://") for word in words if word.startswith("file://")):
        assert (ROOT / file).is_file(), file
    if (service, operation) in (("cloudformation", "package"), ("cloudformation", "deploy")):
        return  # commands of the CLI's own, without an operation behind them
    name = "".join(part.title() for part in operation.split("-"))
    members = get_session().get_service_model(service).operation_model(name).input_shape.members
    known = {re.sub(r"(?<!^)(?=[A-Z])", "-", member).lower() for member in members}
    assert {word.removeprefix("--") for word in words if word.startswith("--")} <= known


def run_files(words: list[str]) -> None:
    """The package's own steps are run in a test of the Lambda handler; here their sources must exist."""
    for source in ("bot", "handlers", "bot/sandbox", "requirements.txt"):
        assert (ROOT / source).exists()


RUNNERS: dict[str, Callable[[list[str]], None]] = {
    ".venv/bin/python -m bot manifest": run_manifest,
    "docker": run_docker,
    "aws": run_aws,
    "cp": run_files,
    "rm": run_files,
    ".venv/bin/python -m pip install": run_files,
}
#: Run by the tests below, or by every developer each day.
ELSEWHERE = (".venv/bin/python -m bot serve", ".venv/bin/python -m bot doctor", "git pull", "make venv")


@pytest.mark.parametrize("command", commands())
def test_commands_run(command: str) -> None:
    runner = next((run for begin, run in RUNNERS.items() if command.startswith(f"{begin} ")), None)
    if command.rstrip() == ".venv/bin/python -m bot manifest":
        runner = run_manifest
    if runner is None:
        assert command.startswith(ELSEWHERE), command
    else:
        runner(shlex.split(command))


@pytest.mark.parametrize("command", [command for command in commands() if " -m bot serve" in command])
def test_the_commands_that_serve_come_up(command: str, slack: EmbeddedSlack, aws: EmbeddedAws) -> None:
    with Process(surroundings(slack.environment, aws.environment), *shlex.split(command)[4:]) as process:
        process.wait_ready()
        process.terminate()
        assert process.wait() == 0


def test_doctor_runs(slack: EmbeddedSlack, aws: EmbeddedAws) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bot", "doctor"],
        cwd=ROOT,
        env=surroundings(slack.environment, aws.environment),
        capture_output=True,
        text=True,
        timeout=60,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "kafkaconnect:ListConnectors" in done.stdout


def test_a_package_without_the_sandbox_has_all_that_lambda_needs(
    tmp_path: Path, slack: EmbeddedSlack, aws: EmbeddedAws
) -> None:
    """Runs the steps that make the package, but for the libraries, which this interpreter has."""
    steps = [command for command in commands() if command.startswith(("cp -r", "rm -rf"))]
    package = tmp_path / "build" / "lambda"
    package.mkdir(parents=True)
    for source in ("bot", "handlers"):
        (tmp_path / source).symlink_to(ROOT / source)
    for step in steps:
        subprocess.run(shlex.split(step.replace("cp -r", "cp -rL")), cwd=tmp_path, check=True)
    assert not (package / "bot" / "sandbox").exists()
    done = subprocess.run(
        [sys.executable, "-c", "from bot.serve.aws_lambda import handler; print(handler({}, None)['statusCode'])"],
        cwd=package,
        env=surroundings(slack.environment, aws.environment),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.stdout.strip() == "400", done.stderr


def test_the_readme_names_settings_that_exist() -> None:
    for name in re.findall(r"\b(?:MSK_ROLE|SLACK)_[A-Z_]*[A-Z]\b", (ROOT / "README.md").read_text()):
        assert name in settings.NAMES, name
