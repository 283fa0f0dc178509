"""How many examples a property test tries: few in the suite, many in ``make volume``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, settings

LARGE = os.environ.get("VOLUME") == "large"


def examples(usual: int, large: int) -> settings:
    """Return the settings of a property test; ``large`` holds where the environment says ``VOLUME=large``."""
    return settings(max_examples=large if LARGE else usual, deadline=None, suppress_health_check=[HealthCheck.too_slow])
