"""What the bot says: ``word`` makes a neutral ``Reply`` of an answer, ``blocks``, ``text`` and ``json`` print it."""
