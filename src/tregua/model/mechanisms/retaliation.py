"""Revenge for recent killings, its interruption by cover, and local mood (6.3).

Claims: C27, C29; Brantingham, Yuan and Herz (2021); Park and others (2021) for the size of interruption.
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction

PARAMETERS = (
    Parameter(
        "retaliation_branching",
        "n",
        "killings per killing",
        0.3239,
        "LgtN(0.35,0.5)",
        0,
        0.85,
        "fitted",
        "core",
        "revenge killings caused by one killing",
        "venganzas causadas por una muerte",
        ("C27", "C29"),
        "B.10, level assumed",
        "no",
    ),
    Parameter(
        "retaliation_days",
        "tau",
        "days",
        28,
        "LogN(28,0.5)",
        3,
        180,
        "varied",
        "accounting",
        "memory of killings suffered",
        "memoria de las muertes sufridas",
        ("C27",),
        "assumption",
        "no",
    ),
    Parameter(
        "local_volatility",
        "v",
        "log sd",
        0.35,
        "LogN(0.35,0.3)",
        0,
        1,
        "varied",
        "accounting",
        "spread of local mood",
        "dispersión del ánimo local",
        (),
        "B.3",
        "no",
    ),
    Parameter(
        "mood_share",
        "rho",
        "share",
        0.05,
        "fixed",
        0,
        1,
        "fixed",
        "accounting",
        "shared part of local mood",
        "parte común del ánimo local",
        (),
        "fixed",
        "no",
    ),
    Parameter(
        "interrupt",
        "-",
        "share",
        0.16,
        "N(0.16,0.05)",
        0,
        0.35,
        "varied",
        "accounting",
        "retaliation interrupted by full cover",
        "venganzas interrumpidas con cobertura plena",
        ("C29",),
        "B.10",
        "no",
    ),
)

MOOD_RATE = 0.5
MOOD_EVERY = 4
BRANCHING_CAP = 0.95
DAYS_PER_YEAR = 365.25


def branching(th: Any, cover: float, cover_start: float) -> float:
    """Retaliations that one killing causes on average if nobody complies."""
    n = th.retaliation_branching * (1.0 - th.interrupt * cover) / (1.0 - th.interrupt * cover_start)
    return min(BRANCHING_CAP, n)


def forgetting(th: Any, years: float) -> float:
    """Share of the memory of killings that a step replaces."""
    return fraction(DAYS_PER_YEAR / th.retaliation_days, years)


def memory(remembered: float, suffered_per_year: float, replaced: float) -> float:
    """Killings a year that a gang remembers having suffered in an area, R, after a step."""
    return remembered + replaced * (suffered_per_year - remembered)


def mood_kept(years: float) -> float:
    """Share of the mood that is left after `years` (exact Ornstein-Uhlenbeck transition)."""
    return math.exp(-MOOD_RATE * years)


def mood_moved(mood: float, kept: float, noise: float) -> float:
    """Unit Ornstein-Uhlenbeck mood after a renewal."""
    return mood * kept + math.sqrt(1.0 - kept * kept) * noise


def mood_factor(th: Any, shared: float, local: float) -> float:
    """Factor on killing in one area for one gang, mean one: exp(eta - v^2/2)."""
    v = th.local_volatility
    eta = v * (math.sqrt(th.mood_share) * shared + math.sqrt(1.0 - th.mood_share) * local)
    return math.exp(eta - 0.5 * v * v)


def mood_factor_mean(th: Any, shared: float, local: float) -> float:
    """Mean of the mood factor."""
    return 1.0
