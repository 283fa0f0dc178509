"""The ways to run the bot in production, one module each. Only here and in ``bot.__main__`` is the environment read."""
