"""AWS embedded: one process behind one endpoint URL, moto for most of it and our own operations beside it."""

from bot.sandbox.aws.embedded import ControlError, EmbeddedAws, MadeCall

__all__ = ["ControlError", "EmbeddedAws", "MadeCall"]
