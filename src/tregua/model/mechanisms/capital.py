"""Bonding capital, captured municipalities and the war chest (6.8).

Conversions: restraint and diverted programmes buy standing with residents; political capital buys municipalities;
take, capture and leaders' rents fill the chest. Claims: C10, C30, C43, C54, C55, C60, C67. All conversion rates are
assumptions.
"""

from __future__ import annotations

from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction as fraction
from tregua.model.relaxation import toward

PARAMETERS = (
    Parameter(
        "social_0",
        "S0",
        "share",
        0.4,
        "Beta(4,6)",
        0.05,
        0.9,
        "varied",
        "accounting",
        "bonding capital at the start",
        "capital social vecinal inicial",
        ("C30",),
        "assumption",
        "no",
    ),
    Parameter(
        "peace_social",
        "-",
        "1/yr",
        0.10,
        "LogN(0.10,0.5)",
        0,
        3,
        "varied",
        "accounting",
        "bonding gained by restraint",
        "capital vecinal ganado por contención",
        ("C30",),
        "assumption",
        "no",
    ),
    Parameter(
        "prog_social",
        "-",
        "1/yr",
        0.3,
        "LogN(0.3,0.5)",
        0,
        3,
        "varied",
        "accounting",
        "bonding bought with diverted programmes",
        "capital vecinal comprado con programas desviados",
        ("C10", "C30"),
        "assumption",
        "no",
    ),
    Parameter(
        "capture_0",
        "Z0",
        "share",
        0.05,
        "Beta(2,38)",
        0.001,
        0.3,
        "varied",
        "accounting",
        "captured share per gang at the start",
        "parte capturada por pandilla al inicio",
        ("C49", "C54", "C67"),
        "assumption",
        "no",
    ),
    Parameter(
        "capture_income",
        "-",
        "US$ m per municipality per yr",
        0.15,
        "LogN(0.15,0.7)",
        0,
        3,
        "varied",
        "accounting",
        "income from a captured municipality",
        "ingreso por municipio capturado",
        ("C54", "C55"),
        "assumption",
        "no",
    ),
    Parameter(
        "leader_rent",
        "-",
        "US$ m per yr",
        2,
        "LogN(2,0.7)",
        0,
        30,
        "varied",
        "accounting",
        "rent paid to leaders with a full concession",
        "renta pagada a jefes con la concesión completa",
        ("C43",),
        "assumption",
        "no",
    ),
)

SOCIAL_EROSION = 0.4
TERM_OF_DEAL = 1.0 / 3.0
CHEST_SPEED = 0.5
MILLION = 1_000_000.0


def bonding_upkeep(th: Any) -> float:
    """Gain of bonding capital (per year) that keeps it steady under the levers of the start (section 4)."""
    return SOCIAL_EROSION * th.social_0 / (1.0 - th.social_0)


def bonding_capital(
    th: Any,
    capital: float,
    upkeep: float,
    complied: float,
    bought: float,
    burden_now: float,
    war_now: float,
    years: float,
) -> float:
    """Share of residents in a gang's ground who treat it as the local authority, S, after a step.

    `bought` = programme x diversion x flow / flow at start.
    """
    gain = upkeep + th.peace_social * complied + th.prog_social * bought
    loss = SOCIAL_EROSION * (0.5 * burden_now + 0.5 * (1.0 - complied) * war_now)
    speed = gain + loss
    return toward(capital, gain / speed, fraction(speed, years))


def capture_rate(th: Any, gangs: int) -> float:
    """Rate (per year) of deals with a party that would deal, from a steady start (section 4)."""
    return TERM_OF_DEAL * th.capture_0 / (th.politics_0 * (1.0 - gangs * th.capture_0))


def capture_gain(rate: float, political: float, pacts: float) -> float:
    """Hazard (per year) that a free municipality makes a deal with a gang."""
    return rate * political * (1.0 + 2.0 * pacts)


def capture_loss(th: Any, lv: Any, exposure: float) -> float:
    """Hazard (per year) that a deal ends."""
    return TERM_OF_DEAL + th.audit_effect * (lv.prosecute_principals + 0.2 * exposure)


def captured(share: float, others: float, limit: float, moved: float) -> float:
    """Captured share of one gang in one area, Z, after a step.

    `limit` = gain / (gain + loss), `moved` = share of the relaxation at that speed that the step completes.
    """
    return toward(share, limit * (1.0 - others), moved)


def income(th: Any, take: float, municipalities: float, concession: float, gangs: int) -> float:
    """US$ a year of one gang: take, captured municipalities, leaders' rents."""
    return take + MILLION * (th.capture_income * municipalities + th.leader_rent * concession / gangs)


def war_chest(chest: float, income_ratio: float, bought: float, years: float) -> float:
    """Criminal capital, index 1 = start, after a step; `bought` = diversion x programme x flow."""
    return max(0.0, toward(chest, income_ratio + bought, fraction(CHEST_SPEED, years)))
