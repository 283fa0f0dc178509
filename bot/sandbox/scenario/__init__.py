"""The world that the demo and the tests ask about: one account, two regions, the article's story in connectors.

``connectors.CONNECTORS``, ``roles.ROLES`` and ``history.HISTORY`` say what there is and why; ``seed.populate`` fills
the embedded AWS with it.
"""
