"""Put the embedded AWS together."""

import os
import warnings
from collections.abc import Callable
from datetime import datetime, timedelta

from bot.sandbox.aws.world import ACCOUNT, Switches, World

os.environ["MOTO_ACCOUNT_ID"] = ACCOUNT  # moto reads it at import and at each call

from bot.sandbox.aws import behind
from bot.sandbox.aws.application import EmbeddedApplication
from bot.sandbox.aws.authorisation import Authoriser
from bot.sandbox.aws.controlplane import PREFIX, ControlPlane
from bot.sandbox.aws.services import own_services
from bot.sandbox.aws.wire import Environ, Reply
from bot.sandbox.scenario.seed import populate

# Codes such as AccessDeniedException are common to all services and stand in no service's model.
warnings.filterwarnings("ignore", message=r"Exception\(.*does not match an error shape")

#: How long ago a world may have been filled when it is reset: its times are relative to that moment.
_FRESH = timedelta(minutes=10)


def assemble(*, with_scenario: bool) -> Callable[[Environ], Reply]:
    """Return the whole as one function from request to answer."""
    world = World()
    authoriser = Authoriser(world)
    application = EmbeddedApplication(world, own_services(world), authoriser.check)

    def fill() -> None:
        world.clear()
        behind.reset()
        application.faults.stand(populate(world) if with_scenario else ())
        world.changed, filled["at"] = False, world.now

    def restore() -> None:
        if world.changed or world.now - filled["at"] > _FRESH:
            fill()
        world.private.clear()
        world.switches = Switches()

    filled: dict[str, datetime] = {}
    fill()
    control = ControlPlane(application, world, authoriser, restore)

    def answer(environ: Environ) -> Reply:
        chosen = control.answer if environ["PATH_INFO"].startswith(PREFIX) else application
        return chosen(environ)

    return answer
