"""Every AWS operation that the bot makes while the tests run, held against its least IAM policy.

The calls of each embedded AWS are collected before it forgets them. At the end of the run an operation that the policy
does not allow fails it; where the whole suite ran, so does an action that the policy allows and nothing needed.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import wraps
from pathlib import Path
from typing import Any

import pytest

from bot.doctor.permissions import DEPLOYMENT, FREE, action
from bot.sandbox.aws import EmbeddedAws

POLICY = Path(__file__).parents[1] / "deploy" / "iam-policy.json"
#: How the User-Agent of the bot's clients ends.
_BOT = "msk-role"
_KEY = "aws_operations"


def allowed_actions(policy: Any) -> frozenset[str]:
    """Every action that an identity policy without wildcards allows."""
    listed = (statement["Action"] for statement in policy["Statement"])
    return frozenset(name for actions in listed for name in ([actions] if isinstance(actions, str) else actions))


def differences(operations: Iterable[str], allowed: frozenset[str], *, whole: bool) -> list[str]:
    """Say what the policy has too few of and, where everything has run, too many of."""
    needed = {action(operation) for operation in operations if operation not in FREE | DEPLOYMENT}
    lines = [f"{POLICY.name} lacks {name}, which the bot used" for name in sorted(needed - allowed)]
    if whole:
        lines += [f"{POLICY.name} allows {name}, which the bot never used" for name in sorted(allowed - needed)]
    return lines


class OperationsPlugin:
    """Collects operations in each worker of pytest-xdist, and judges them in the process that started the run."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._seen: set[str] = set()
        self._lines: list[str] = []
        EmbeddedAws.reset = self._collecting(EmbeddedAws.reset)  # type: ignore[method-assign]
        EmbeddedAws.stop = self._collecting(EmbeddedAws.stop)  # type: ignore[method-assign]

    def _collecting(self, method: Callable[..., None]) -> Callable[..., None]:
        @wraps(method)
        def wrapper(aws: EmbeddedAws, *arguments: Any, **keywords: Any) -> None:
            # A test may have ended the process before.
            with suppress(OSError):
                self._seen |= {call.operation for call in aws.calls() if call.agent.endswith(_BOT)}
            method(aws, *arguments, **keywords)

        return wrapper

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """Take over what a worker has seen."""
        self._seen |= set(node.workeroutput.get(_KEY, ()))

    @pytest.hookimpl(trylast=True)
    def pytest_sessionfinish(self, session: pytest.Session) -> None:
        """Hand over what this worker has seen, or judge what all have."""
        worker = getattr(self._config, "workeroutput", None)
        if worker is not None:
            worker[_KEY] = sorted(self._seen)
            return
        allowed = allowed_actions(json.loads(POLICY.read_text()))
        self._lines = differences(self._seen, allowed, whole=self._ran_everything(session))
        if self._lines and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def _ran_everything(self, session: pytest.Session) -> bool:
        option = self._config.option
        narrowed = option.keyword or option.markexpr or option.collectonly or getattr(option, "lf", False)
        return self._config.args == self._config.getini("testpaths") and not narrowed and not session.testsfailed

    def pytest_terminal_summary(self, terminalreporter: Any) -> None:
        """Name the differences."""
        for line in self._lines:
            terminalreporter.write_line(line, red=True)
