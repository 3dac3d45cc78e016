"""Adherence: the leaders' choice (6.4).

An offer is worth to leaders only what their cliques will deliver; they react to the restraint they observe in others.
Claims: C28, C42-C44, C47, C52, C53, C56, C62; Cruz and Duran-Martinez (2016); Castillo and Kronick (2020); Lessing
(2017).
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction, toward

PARAMETERS = (
    Parameter(
        "adherence_slope",
        "-",
        "per benefit unit",
        7.125,
        "LogN(8,0.4)",
        1,
        30,
        "fitted",
        "core",
        "how sharply leaders switch",
        "con qué brusquedad cambian los jefes",
        ("C28", "C44"),
        "F12",
        "no",
    ),
    Parameter(
        "adherence_threshold",
        "-",
        "benefit units",
        0.6052,
        "LogN(0.9,0.25)",
        0.1,
        3,
        "fitted",
        "core",
        "benefit at which leaders are undecided",
        "beneficio con que los jefes dudan",
        ("C43",),
        "F3, F12",
        "part",
    ),
    Parameter(
        "concession_weight",
        "-",
        "benefit units",
        1,
        "fixed",
        0,
        1,
        "fixed",
        "core",
        "weight of the concession (unit of benefit)",
        "peso de la concesión (unidad de beneficio)",
        ("C43", "C47"),
        "scale; 0 in reading fall_not_concessions",
        "no",
    ),
    Parameter(
        "promise_weight",
        "-",
        "benefit units",
        0.6961,
        "LogN(0.8,0.5)",
        0,
        5,
        "fitted",
        "core",
        "weight of believed promises",
        "peso de las promesas creídas",
        ("C52", "C53"),
        "C52, C53",
        "no",
    ),
    Parameter(
        "legal_weight",
        "-",
        "benefit units",
        0.3,
        "HalfN(0.445)",
        0,
        2,
        "varied",
        "core",
        "weight of a legal framework",
        "peso de un marco legal",
        ("C04",),
        "assumption",
        "no",
    ),
    Parameter(
        "rival_weight",
        "-",
        "benefit units",
        0.5195,
        "LogN(0.4,0.5)",
        0,
        2,
        "fitted",
        "core",
        "weight of restraint seen in rivals",
        "peso de la contención vista en los rivales",
        ("C28",),
        "C28",
        "no",
    ),
    Parameter(
        "deterrence_weight",
        "-",
        "benefit units",
        0.3,
        "HalfN(0.445)",
        0,
        2,
        "varied",
        "core",
        "weight of a threat aimed only at breakers",
        "peso de una amenaza solo contra quien rompe",
        ("C66",),
        "sign only",
        "no",
    ),
    Parameter(
        "betrayal_weight",
        "-",
        "benefit units",
        0.4134,
        "LogN(0.6,0.5)",
        0,
        3,
        "fitted",
        "core",
        "weight of betrayal against the truce",
        "peso de la traición contra la tregua",
        ("C56", "C62"),
        "C56, C62",
        "part",
    ),
    Parameter(
        "rent_share",
        "-",
        "share",
        0.3,
        "Beta(3,7)",
        0,
        1,
        "varied",
        "core",
        "private part of the concession, lost if published",
        "parte privada de la concesión, perdida si se publica",
        ("C43",),
        "C43",
        "no",
    ),
    Parameter(
        "leader_noise",
        "-",
        "benefit units",
        0.08,
        "LogN(0.08,0.5)",
        0,
        0.5,
        "varied",
        "accounting",
        "mood of the leadership",
        "ánimo de la jefatura",
        (),
        "assumption",
        "no",
    ),
)

ADHERENCE_SPEED = 50.0
MOOD_RATE = 4.0


def offer(th: Any, lv: Any, concession: float, backing: float, cover: float, promised: float) -> float:
    """What is held out to leaders, in units of benefit (1 = the concession of March 2012)."""
    return (
        th.concession_weight * concession * (1.0 - th.rent_share * lv.transparency)
        + th.promise_weight * backing * (0.5 + 0.5 * cover) * min(promised, 1.0)
        + th.legal_weight * lv.legal * backing
        + th.deterrence_weight * lv.conditional * lv.arrests
    )


def benefit(th: Any, obeyed: float, offered: float, rivals_compliance: float, betrayal: float, mood: float) -> float:
    """Benefit of restraint to the leaders of one gang."""
    return obeyed * offered + th.rival_weight * rivals_compliance - th.betrayal_weight * betrayal + mood


def adherence(th: Any, lv: Any, adhered: float, benefit_now: float, years: float) -> float:
    """Share of the leadership's weight behind restraint, a, after a step; never below the gangs' own halt."""
    target = 1.0 / (1.0 + math.exp(-th.adherence_slope * (benefit_now - th.adherence_threshold - lv.weariness)))
    return max(toward(adhered, target, fraction(ADHERENCE_SPEED, years)), lv.own_halt)


def leadership_mood(th: Any, mood: float, noise: float, years: float) -> float:
    """Ornstein-Uhlenbeck mood of a leadership after a step: exact transition, stationary sd `leader_noise`."""
    kept = math.exp(-MOOD_RATE * years)
    return mood * kept + th.leader_noise * math.sqrt(1.0 - kept * kept) * noise
