"""The sandbox's own HTTP interface under ``/_sandbox/``: each verb is a method, its JSON body the arguments."""

import json
from collections.abc import Callable, Mapping
from dataclasses import asdict
from typing import Any

from moto.core.utils import get_service_model

from bot.sandbox.aws.application import EmbeddedApplication
from bot.sandbox.aws.authorisation import Authoriser
from bot.sandbox.aws.fault import Fault, How
from bot.sandbox.aws.trail import event_of
from bot.sandbox.aws.wire import Environ, Reply, aware
from bot.sandbox.aws.world import Accessed, Description, World, name_of, region_of
from bot.sandbox.scenario.crowd import add_fleet, add_hostile_names, background
from bot.sandbox.scenario.history import assumptions
from bot.sandbox.scenario.plan import Assumptions
from bot.sandbox.scenario.records import seeded

PREFIX = "/_sandbox/"
#: Where each kind of MSK Connect resource is kept: the field of ``MskConnect``, its operation, its ARN's member.
_KINDS = {
    "connector": ("connectors", "DescribeConnector", "connectorArn"),
    "worker_configuration": ("worker_configurations", "DescribeWorkerConfiguration", "workerConfigurationArn"),
    "custom_plugin": ("custom_plugins", "DescribeCustomPlugin", "customPluginArn"),
    "operation": ("operations", "DescribeConnectorOperation", "connectorOperationArn"),
}
#: Verbs after which a reset fills the world anew.
_CHANGING = frozenset(
    {
        "assumptions",
        "background",
        "delete_connector",
        "events",
        "fleet",
        "hostile_names",
        "last_accessed",
        "log_group_policy",
        "put",
    }
)


class ControlPlane:
    """What a test may do to the sandbox while it runs."""

    def __init__(
        self, application: EmbeddedApplication, world: World, authoriser: Authoriser, restore: Callable[[], None]
    ) -> None:
        self._application = application
        self._world = world
        self._authoriser = authoriser
        self._restore = restore
        self._pending: list[tuple[str, Callable[[], None]]] = []
        application.after = self._fire
        self._verbs: Mapping[str, Callable[..., Any]] = {
            "assumptions": self._assumptions,
            "authorise": self._authorise,
            "background": self._background,
            "calls": self._calls,
            "delay": application.faults.delay,
            "delete_connector": self._delete_connector,
            "events": self._events,
            "fail": self._fail,
            "fleet": lambda count, region: add_fleet(world, count, region),
            "hostile_names": lambda region: add_hostile_names(world, region),
            "last_accessed": self._last_accessed,
            "log_group_policy": self._log_group_policy,
            "put": self._put,
            "reset": self._reset,
            "switch": self._switch,
        }

    def answer(self, environ: Environ) -> Reply:
        """Answer one request of the control client."""
        name = environ["PATH_INFO"].removeprefix(PREFIX)
        verb = self._verbs.get(name)
        if verb is None:
            return _json(404, {"error": f"verbs: {', '.join(sorted(self._verbs))}"})
        self._world.changed |= name in _CHANGING
        try:
            return _json(200, verb(**json.loads(environ["wsgi.input"].getvalue() or b"{}")))
        except (TypeError, ValueError, LookupError) as error:
            return _json(400, {"error": f"{type(error).__name__}: {error}"})

    def _fail(
        self, operation: str, how: str, times: int | None = None, region: str | None = None, containing: str = ""
    ) -> None:
        self._application.faults.add(Fault(operation, How(how), times, region, containing))

    def _calls(self, *, clear: bool = False) -> list[dict[str, Any]]:
        records = [asdict(record) for record in list(self._application.calls.records)]
        if clear:
            self._application.calls.clear()
        return records

    def _authorise(self, policy: dict[str, Any] | None) -> None:
        self._authoriser.policy = policy

    def _switch(self, name: str, value: int) -> None:
        if not hasattr(self._world.switches, name):
            raise LookupError(name)
        setattr(self._world.switches, name, type(getattr(self._world.switches, name))(value))

    def _put(self, kind: str, description: dict[str, Any]) -> None:
        """Add or replace a resource of MSK Connect, described as the AWS CLI prints it."""
        store, operation, member = _KINDS[kind]
        shape = get_service_model("kafkaconnect").operation_model(operation).output_shape
        with self._world.lock:
            getattr(self._world.connect, store)[description[member]] = _typed(shape, description)

    def _delete_connector(self, name: str, region: str | None = None, after: str | None = None) -> None:
        """Delete connectors by name, at once or after the next answer to the operation ``after``."""

        def delete() -> None:
            with self._world.lock:
                kept = {
                    arn: connector
                    for arn, connector in self._world.connect.connectors.items()
                    if name_of(connector) != name or region not in (None, region_of(arn))
                }
                self._world.connect.connectors = kept

        if after is None:
            delete()
        else:
            self._pending.append((after, delete))

    def _fire(self, operation: str) -> None:
        for pending in [p for p in self._pending if p[0] == operation]:
            self._pending.remove(pending)
            pending[1]()

    def _events(self, records: list[dict[str, Any]]) -> None:
        self._world.trail.add(event_of(record) for record in records)

    def _assumptions(self, **plan: Any) -> int:
        planned = list(assumptions(seeded(repr(plan)), Assumptions(**plan), self._world.now))
        self._world.trail.add(reversed(planned))
        return len(planned)

    def _background(self, count: int, days: float, region: str) -> None:
        self._world.trail.add(background(self._world.now, count, days, region))

    def _last_accessed(self, role_arn: str, services: list[tuple[str, str | None, str]]) -> None:
        with self._world.lock:
            self._world.accessed[role_arn] = tuple(
                Accessed(namespace, aware(at) if at else None, region) for namespace, at, region in services
            )

    def _log_group_policy(self, log_group_arn: str, name: str, document: str) -> None:
        with self._world.lock:
            self._world.log_group_policies[log_group_arn] = (name, document)

    def _reset(self) -> None:
        self._application.faults.reset()
        self._application.calls.clear()
        self._authoriser.policy = None
        self._pending.clear()
        self._restore()


def _json(status: int, value: Any) -> Reply:
    return Reply(status, (("Content-Type", "application/json"),), json.dumps(value).encode())


def _typed(shape: Any, value: Any) -> Any:
    """Turn the CLI's JSON into what the model calls for: timestamps become ``datetime``."""
    match shape.type_name:
        case "structure":
            members: Description = {}
            for name, member in value.items():
                members[name] = _typed(shape.members[name], member) if name in shape.members else member
            return members
        case "list":
            return [_typed(shape.member, member) for member in value]
        case "timestamp":
            return aware(value)
    return value
