"""Extortion in two ledgers: what gangs take, what it costs residents and firms (6.7).

No term makes restraint from killing reduce extortion unless the bargain covers it (C45, C46). Brown and others (2021)
for the price rise where gangs stop competing.
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter

PARAMETERS = (
    Parameter(
        "take_per_member",
        "-",
        "US$ per yr at the start",
        800,
        "LogN(800,0.4)",
        100,
        10000,
        "varied",
        "accounting",
        "charge on the ground per member",
        "cobro por miembro",
        ("C46",),
        "B.5",
        "no",
    ),
    Parameter(
        "take_elasticity",
        "-",
        "-",
        0.3,
        "Beta(3,7)",
        0,
        1,
        "varied",
        "accounting",
        "growth of take with members",
        "alza del cobro con los miembros",
        ("C46",),
        "assumption",
        "no",
    ),
    Parameter(
        "collusion",
        "-",
        "uplift",
        0.085,
        "N(0.085,0.05)",
        -0.1,
        0.3,
        "varied",
        "accounting",
        "price rise where gangs stop competing",
        "alza del precio donde dejan de competir",
        ("C45",),
        "B.6",
        "no",
    ),
    Parameter(
        "victim_cost_ratio",
        "-",
        "-",
        12,
        "LogN(12,0.6)",
        1,
        100,
        "varied",
        "accounting",
        "cost to victims over income of the gang",
        "costo para víctimas sobre ingreso de la pandilla",
        ("C46",),
        "B.5",
        "no",
    ),
    Parameter(
        "report_rate",
        "-",
        "per unit of charge per yr",
        0.14,
        "LogN(0.15,1)",
        0.001,
        3,
        "fitted",
        "accounting",
        "extortion reported",
        "extorsión denunciada",
        ("C45",),
        "extortion counts",
        "yes",
    ),
)


def ground_factor(th: Any, active_local: float, active_start: float) -> float:
    """What the ground is charged over what it was charged at the start: grows far less than membership."""
    if active_start <= 0.0 or active_local <= 0.0:
        return 0.0
    return math.pow(active_local / active_start, th.take_elasticity)


def burden(th: Any, ground: float, collusion: float, complied: float, bargained: float) -> float:
    """A gang's take over what its local share of members would have taken at the start's charge; 1 at the start.

    `collusion` = sum over the other gangs of 2 s_h k_g k_h.
    """
    return ground * (1.0 + th.collusion * collusion) * (1.0 - bargained * complied)


def gang_take(th: Any, burden_now: float, active_start: float, share: float) -> float:
    """US$ a year taken by one gang in one area: the start's charge times its share and burden."""
    return th.take_per_member * active_start * share * burden_now


def reports(th: Any, ground: float, active_start: float, share: float, complied: float, bargained: float) -> float:
    """Extortion reports a year: a share of what the ground is charged, per unit charge of the start."""
    return th.report_rate * active_start * ground * share * (1.0 - bargained * complied)
