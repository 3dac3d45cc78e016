"""Linking capital: standing with NGOs, donors, academia, church and diplomats, and what flows through it (6.8).

The article's social capital. Claims: C06, C07, C10, C12, C19, C22, C30. All five parameters are assumptions.
"""

from __future__ import annotations

from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction, toward

PARAMETERS = (
    Parameter(
        "linking_0",
        "V0",
        "0..1",
        0.20,
        "Beta(2,8)",
        0.01,
        0.9,
        "varied",
        "accounting",
        "linking capital at the start",
        "capital social de enlace inicial",
        ("C06", "C07"),
        "assumption",
        "no",
    ),
    Parameter(
        "linking_gain",
        "-",
        "1/yr",
        0.30,
        "LogN(0.3,0.7)",
        0,
        3,
        "varied",
        "accounting",
        "linking gained by vouched restraint and programme work",
        "enlace ganado por contención avalada y trabajo de programas",
        ("C06", "C07", "C19", "C30"),
        "assumption",
        "no",
    ),
    Parameter(
        "linking_loss",
        "-",
        "1/yr",
        0.50,
        "LogN(0.5,0.7)",
        0,
        3,
        "varied",
        "accounting",
        "linking lost by listing, prosecution and exposure",
        "enlace perdido por listas, procesos y escándalo",
        ("C12", "C22"),
        "assumption",
        "no",
    ),
    Parameter(
        "linking_access",
        "-",
        "-",
        0.25,
        "HalfN(0.37)",
        0,
        2,
        "varied",
        "accounting",
        "access to parties and reach of brokers per relative rise of linking",
        "acceso a partidos y alcance de mediadores por alza relativa del enlace",
        ("C07", "C10", "C30"),
        "assumption",
        "no",
    ),
)

FADING = 0.3
FLOW_START = 0.5


def flow(th: Any, capital: float) -> float:
    """Share of programme money that passes through bodies run by the gang's people, 0..1."""
    return min(1.0, FLOW_START * capital / th.linking_0)


def access(th: Any, capital: float) -> float:
    """How far linking capital opens parties and lengthens the reach of brokers; 1 at the start."""
    return max(0.0, 1.0 + th.linking_access * (capital / th.linking_0 - 1.0))


def linking_capital(
    th: Any,
    lv: Any,
    capital: float,
    programme: float,
    roles_active: float,
    mean_compliance: float,
    flow_share: float,
    exposure: float,
    years: float,
) -> float:
    """Probability that an outside body approached would work with or vouch for the gang's people, V, after a step."""
    upkeep = FADING * th.linking_0 / (1.0 - th.linking_0)
    gain = upkeep * roles_active + th.linking_gain * (roles_active * mean_compliance + programme * flow_share)
    loss = FADING + th.linking_loss * (lv.sanction + 0.5 * lv.prosecute_brokers + 0.5 * exposure)
    speed = gain + loss
    return toward(capital, gain / speed, fraction(speed, years))
