"""How many examples a property test tries: few in the suite, many in ``make volume``, fewest in ``make mutants``."""

from __future__ import annotations

import os

from hypothesis import HealthCheck, Phase, settings

_VOLUME = os.environ.get("VOLUME")
LARGE = _VOLUME == "large"
SMALL = _VOLUME == "small"
#: A mutant is caught or not; the smallest example that catches it interests nobody.
_UNSHRUNK = tuple(phase for phase in Phase if phase not in (Phase.shrink, Phase.explain))


def examples(usual: int, large: int) -> settings:
    """Return the settings of a property test; ``large`` holds where the environment says ``VOLUME=large``."""
    return settings(
        max_examples=large if LARGE else min(usual, 5) if SMALL else usual,
        phases=_UNSHRUNK if SMALL else tuple(Phase),
        deadline=None,
        suppress_health_check=[HealthCheck.too_slow],
    )
