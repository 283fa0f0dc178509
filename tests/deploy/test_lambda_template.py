"""deploy/lambda.yaml: what cfn-lint finds, and what it cannot know."""

import importlib.util
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot import settings

TEMPLATE = Path(__file__).parents[2] / "deploy" / "lambda.yaml"


class Loader(yaml.SafeLoader):
    """YAML with CloudFormation's short functions, each read as its name and what it is applied to."""


Loader.add_multi_constructor("!", lambda loader, name, node: {name: construct(loader, node)})


def construct(loader: yaml.SafeLoader, node: yaml.Node) -> Any:
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    assert isinstance(node, yaml.ScalarNode)
    return loader.construct_scalar(node)


@pytest.fixture(scope="module")
def template() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.load(TEMPLATE.read_text(), Loader)  # noqa: S506  a safe loader with more names
    return loaded


def test_cfn_lint_finds_nothing() -> None:
    command = [Path(sys.executable).with_name("cfn-lint"), TEMPLATE]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    assert (done.returncode, done.stdout) == (0, "")


def test_the_handler_exists(template: dict[str, Any]) -> None:
    module, _, name = template["Resources"]["Function"]["Properties"]["Handler"].rpartition(".")
    spec = importlib.util.find_spec(module)
    assert spec is not None
    assert spec.origin is not None
    assert f"\n{name} = " in Path(spec.origin).read_text()


def test_every_variable_is_a_setting(template: dict[str, Any]) -> None:
    variables = template["Resources"]["Function"]["Properties"]["Environment"]["Variables"]
    assert set(variables) <= set(settings.NAMES)


def test_the_function_outlives_its_longest_deadline(template: dict[str, Any]) -> None:
    timeout = template["Resources"]["Function"]["Properties"]["Timeout"]
    assert timeout >= template["Parameters"]["DeadlineSeconds"]["MaxValue"] + 20


def test_work_is_dropped_before_slacks_signature_on_it_expires(template: dict[str, Any]) -> None:
    invocations = template["Resources"]["Invocations"]["Properties"]
    assert invocations["MaximumEventAgeInSeconds"] < 300
    assert invocations["MaximumRetryAttempts"] == 0
