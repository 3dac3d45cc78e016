"""Exact steps: a hazard acts through 1 - exp(-h t), a relaxation through its exact solution (section 2)."""

from __future__ import annotations

import math


def fraction(speed: float, years: float) -> float:
    """Share 1 - exp(-speed x years) of a relaxation, or of a stock under a hazard, that a step completes."""
    return 1.0 - math.exp(-speed * years)


def toward(value: float, target: float, moved: float) -> float:
    """Move `value` toward `target` by the share `moved`."""
    return value + moved * (target - value)
