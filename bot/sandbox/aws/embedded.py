"""Start the embedded AWS in a process of its own, and steer it."""

import json
import subprocess
import sys
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from http.client import HTTPConnection
from pathlib import Path
from typing import Any, Self
from urllib.parse import urlsplit

from botocore.config import Config
from botocore.session import Session

ACCESS_KEY_ID = "AKIASANDBOX000000001"
SECRET_ACCESS_KEY = "sandbox-CANARY-secret-access-key"  # noqa: S105  # opens nothing

#: Where ``bot`` is imported from.
_ROOT = Path(__file__).resolve().parents[3]


@dataclass(frozen=True, slots=True)
class MadeCall:
    """A call that the sandbox received; times are seconds since the epoch, None while it runs."""

    operation: str
    region: str
    started: float
    ended: float | None
    status: int | None
    agent: str


class ControlError(Exception):
    """The control plane did not accept a command."""


class EmbeddedAws:
    """An AWS on loopback, in its own process; a context manager."""

    def __init__(self, process: "subprocess.Popen[str]", url: str) -> None:
        self._process = process
        self.endpoint_url = url
        self._client = cache(self._make_client)

    @classmethod
    def start(cls, *, port: int = 0, empty: bool = False) -> Self:
        """Start it and wait until it serves: the scenario's world, or an ``empty`` one."""
        command = [sys.executable, "-m", "bot.sandbox.aws", "--port", str(port), *(["--empty"] if empty else [])]
        process = subprocess.Popen(  # noqa: S603  # our own module under our own interpreter
            command,
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
            cwd=_ROOT,
            start_new_session=True,  # Ctrl-C in a terminal is for the parent, whose end ends this one
        )
        line = process.stdout.readline() if process.stdout else ""
        if not line:
            process.kill()
            raise ControlError(f"the embedded AWS ended at start with {process.wait()}")
        return cls(process, json.loads(line)["url"])

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.stop()

    def stop(self) -> None:
        """End the process and wait for it."""
        self._process.kill()
        self._process.communicate()

    @property
    def environment(self) -> dict[str, str]:
        """The variables that point a child's AWS clients here."""
        return {
            "AWS_ENDPOINT_URL": self.endpoint_url,
            "AWS_ACCESS_KEY_ID": ACCESS_KEY_ID,
            "AWS_SECRET_ACCESS_KEY": SECRET_ACCESS_KEY,
            "AWS_DEFAULT_REGION": "eu-west-1",
            "AWS_EC2_METADATA_DISABLED": "true",
            "AWS_CONFIG_FILE": "/dev/null",
            "AWS_SHARED_CREDENTIALS_FILE": "/dev/null",
            "NO_PROXY": "127.0.0.1,localhost",
        }

    def client(self, service: str, region: str = "eu-west-1") -> Any:
        """Return an AWS client of the sandbox, without retries; made once for each service and region."""
        return self._client(service, region)

    def _make_client(self, service: str, region: str) -> Any:
        session = Session(session_vars={"profile": (None, None, None, None)})  # whatever profile the caller uses
        session.set_credentials(ACCESS_KEY_ID, SECRET_ACCESS_KEY)
        config = Config(retries={"total_max_attempts": 1}, proxies={}, connect_timeout=5, read_timeout=10)
        return session.create_client(service, region, endpoint_url=self.endpoint_url, config=config)

    # --- control --------------------------------------------------------------------------------------------------

    def delay(self, seconds: float, operation: str | None = None) -> None:
        """Delay every call, or those of one ``service:Operation``."""
        self.control("delay", seconds=seconds, operation=operation)

    def fail(
        self,
        operation: str,
        how: str,
        times: int | None = None,
        *,
        region: str | None = None,
        containing: str = "",
    ) -> None:
        """Let an operation (``*``: all) fail, ``times`` calls long or until the reset.

        ``how`` is one of access-denied, throttled, error-500, expired-token, hang, truncated, wrong-types,
        wrong-shapes, empty. ``region`` and ``containing`` (a text in the path, query or body) narrow it.
        """
        self.control("fail", operation=operation, how=how, times=times, region=region, containing=containing)

    def calls(self, *, clear: bool = False) -> list[MadeCall]:
        """Return the calls since the last reset or clearing, in the order of their arrival."""
        return [MadeCall(**record) for record in self.control("calls", clear=clear)]

    def authorise(self, policy: Mapping[str, Any] | None) -> None:
        """Admit only what this identity policy admits; None admits everything."""
        self.control("authorise", policy=policy)

    def lookup_limit(self, on: bool) -> None:
        """Enforce LookupEvents' two requests a second per region, or not."""
        self.switch("lookup_limit", on)

    def switch(self, name: str, value: int) -> None:
        """Set one of the world's ``Switches``."""
        self.control("switch", name=name, value=value)

    def put(self, kind: str, description: Mapping[str, Any]) -> None:
        """Add or replace a ``connector``, ``worker_configuration``, ``custom_plugin`` or ``operation``.

        ``description`` is what the AWS CLI prints for it, its ARN included.
        """
        self.control("put", kind=kind, description=description)

    def delete_connector(self, name: str, region: str | None = None, *, after: str | None = None) -> None:
        """Delete a connector now, or right after the next answer to the ``service:Operation`` ``after``."""
        self.control("delete_connector", name=name, region=region, after=after)

    def events(self, records: Iterable[Mapping[str, Any]]) -> None:
        """Add raw CloudTrail records."""
        self.control("events", records=list(records))

    def assumptions(self, role_arn: str, *, oldest: float, newest: float, every: float, **more: Any) -> int:
        """Add AssumeRole calls between so many days ago, ``every`` so many hours; return how many.

        ``region`` is eu-west-1 unless it is given; ``by``, ``error``, ``session`` and ``bare_name`` are those of the
        scenario's plan.
        """
        plan = {"role_arn": role_arn, "region": "eu-west-1", "oldest": oldest, "newest": newest, "every": every, **more}
        return int(self.control("assumptions", **plan))

    def background(self, count: int, *, days: float = 90.0, region: str = "eu-west-1") -> None:
        """Add so many management events of other people's work, a quarter of them AssumeRole of other roles."""
        self.control("background", count=count, days=days, region=region)

    def fleet(self, count: int, region: str = "eu-west-1") -> list[str]:
        """Add so many connectors, each with a role of its own; return their names."""
        return list(self.control("fleet", count=count, region=region))

    def hostile_names(self, region: str = "eu-west-1") -> list[str]:
        """Add connectors under names that MSK Connect would refuse; return the names."""
        return list(self.control("hostile_names", region=region))

    def last_accessed(self, role_arn: str, services: Iterable[tuple[str, str | None, str]]) -> None:
        """Set a role's last-accessed report: (namespace, time in ISO 8601 or None, region)."""
        self.control("last_accessed", role_arn=role_arn, services=list(services))

    def log_group_policy(self, log_group_arn: str, name: str, document: Mapping[str, Any]) -> None:
        """Attach a CloudWatch Logs resource policy to one log group."""
        self.control("log_group_policy", log_group_arn=log_group_arn, name=name, document=json.dumps(document))

    def reset(self) -> None:
        """End faults, delays, switches and authorisation, forget the calls, and restore the world."""
        self.control("reset")

    def control(self, verb: str, **arguments: Any) -> Any:
        """Send one command to the control plane; raises ControlError where it is not accepted."""
        connection = HTTPConnection(urlsplit(self.endpoint_url).netloc, timeout=60)
        try:
            connection.request("POST", f"/_sandbox/{verb}", json.dumps(arguments))
            response = connection.getresponse()
            answer = json.loads(response.read())
        finally:
            connection.close()
        if response.status != 200:
            raise ControlError(answer["error"])
        return answer
