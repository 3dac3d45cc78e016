"""Promises and betrayal: unpaid promises, cuts, raids and state killings are held against the state (6.9).

Claims: C53, C56, C62. Only hazards enter, never realised counts: a rectified count would bias the stochastic mode.
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction

PARAMETERS = (
    Parameter(
        "promise_patience",
        "-",
        "yr",
        1.067,
        "LogN(1.0,0.4)",
        0.2,
        5,
        "fitted",
        "core",
        "life of an unpaid promise",
        "duración de una promesa impaga",
        ("C53", "C56"),
        "assumption",
        "no",
    ),
    Parameter(
        "breach_weight",
        "-",
        "betrayal per unit",
        0.6,
        "HalfN(0.89)",
        0,
        2,
        "varied",
        "core",
        "betrayal by a cut in concessions",
        "traición por recorte de concesiones",
        ("C56",),
        "B.7 spike",
        "no",
    ),
    Parameter(
        "abuse_weight",
        "-",
        "per yr",
        0.05,
        "HalfN(0.074)",
        0,
        1,
        "varied",
        "core",
        "betrayal by state killings",
        "traición por muertes a manos del Estado",
        ("C25", "C62"),
        "assumption",
        "no",
    ),
    Parameter(
        "raid_weight",
        "-",
        "per yr",
        0.1,
        "HalfN(0.148)",
        0,
        1,
        "varied",
        "core",
        "betrayal by unconditional raids",
        "traición por redadas sin condición",
        ("C62",),
        "sign only",
        "no",
    ),
    Parameter(
        "betrayal_decay",
        "-",
        "1/yr",
        0.8,
        "12/U(6,24)",
        0.1,
        4,
        "varied",
        "core",
        "forgetting of betrayal",
        "olvido de la traición",
        ("C62",),
        "D.3",
        "no",
    ),
)


def promises_paid(outstanding: float, programme: float, years: float) -> float:
    """Packages paid in a step: no more than is outstanding."""
    return min(outstanding, programme * years)


def promises_expired(th: Any, outstanding: float, years: float) -> float:
    """Packages that run out unpaid in a step."""
    return outstanding * fraction(1.0 / th.promise_patience, years)


def betrayal_inflow(th: Any, lv: Any, expired: float, cut: float, state_killing_excess: float, years: float) -> float:
    """Betrayal felt in a step.

    `cut` is the fall of the concession in this step; `state_killing_excess` the state-kill hazard per 1,000 actives
    above its start.
    """
    return (
        expired
        + th.breach_weight * max(0.0, cut)
        + th.abuse_weight * max(0.0, state_killing_excess) * years
        + th.raid_weight * max(0.0, lv.arrests * (1.0 - lv.conditional) - 1.0) * years
    )


def betrayal(th: Any, held: float, inflow: float, years: float) -> float:
    """Broken promises still counted, B, 0..1, after a step."""
    faded = held * math.exp(-th.betrayal_decay * years)
    return faded + (1.0 - faded) * (1.0 - math.exp(-inflow))
