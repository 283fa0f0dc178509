"""The scenario's world."""

from bot.sandbox.aws.faults import Fault
from bot.sandbox.aws.world import World


def populate(world: World) -> tuple[Fault, ...]:
    """Fill the world."""
    return ()
