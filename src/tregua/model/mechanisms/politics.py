"""The state and the public: standing, commitment, exposure, support and political capital (6.8, 6.11, 6.12).

Claims: the executive never wholly embraced the pact (C35), no legal framework was pursued (C36), opponents rejected it
(C37, C38), its terms were secret (C42); restraint bought political capital (C47-C53, C60).
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction as fraction
from tregua.model.relaxation import toward

PARAMETERS = (
    Parameter(
        "abandon_rate",
        "-",
        "1/yr",
        0.35,
        "LogN(0.35,0.6)",
        0,
        3,
        "varied",
        "core",
        "rate at which the state drops a secret truce",
        "ritmo con que el Estado suelta una tregua secreta",
        ("C35", "C42"),
        "one collapse only",
        "no",
    ),
    Parameter(
        "legal_shield",
        "-",
        "share",
        0.6,
        "Beta(3,2)",
        0,
        1,
        "varied",
        "core",
        "protection of the pact by a legal framework",
        "protección del pacto por un marco legal",
        ("C36", "C39"),
        "assumption",
        "no",
    ),
    Parameter(
        "principal_chill",
        "-",
        "share",
        0.5,
        "Beta(2,2)",
        0,
        1,
        "varied",
        "accounting",
        "commitment lost when officials are prosecuted",
        "compromiso perdido al procesar funcionarios",
        ("C63",),
        "assumption",
        "no",
    ),
    Parameter(
        "exposure_rate",
        "-",
        "1/yr",
        2.4,
        "Gamma(2,mean 2.4)",
        0,
        20,
        "varied",
        "accounting",
        "exposures per year of a secret pact",
        "revelaciones por año de un pacto secreto",
        ("C42",),
        "disclosed in six days (ELFARO2012MAR)",
        "no",
    ),
    Parameter(
        "support_floor",
        "-",
        "share",
        0.08284,
        "LgtN(0.1,0.5)",
        0,
        1,
        "fitted",
        "accounting",
        "support without any fall",
        "apoyo sin baja alguna",
        ("C37",),
        "polls (B.9)",
        "part",
    ),
    Parameter(
        "support_fall",
        "-",
        "share",
        0.321,
        "LogN(0.4,0.5)",
        0,
        1,
        "fitted",
        "accounting",
        "support gained by a visible fall",
        "apoyo ganado por una baja visible",
        ("C37",),
        "polls (B.9)",
        "part",
    ),
    Parameter(
        "politics_0",
        "P0",
        "share",
        0.33,
        "Beta(2,4)",
        0.02,
        0.9,
        "varied",
        "core",
        "political capital at the start",
        "capital político inicial",
        ("C49",),
        "C49",
        "no",
    ),
    Parameter(
        "politics_decay",
        "-",
        "1/yr",
        0.15,
        "LogN(0.15,0.5)",
        0.01,
        2,
        "varied",
        "accounting",
        "fading of political capital",
        "desgaste del capital político",
        ("C48",),
        "assumption",
        "no",
    ),
    Parameter(
        "peace_politics",
        "-",
        "1/yr",
        0.35,
        "LogN(0.35,0.5)",
        0,
        3,
        "varied",
        "core",
        "political capital bought by restraint",
        "capital político comprado con contención",
        ("C47", "C60"),
        "assumption",
        "no",
    ),
    Parameter(
        "election_politics",
        "-",
        "1/yr",
        0.3,
        "LogN(0.3,0.5)",
        0,
        3,
        "varied",
        "accounting",
        "political capital from electoral pacts",
        "capital político por pactos electorales",
        ("C49", "C51"),
        "assumption",
        "no",
    ),
    Parameter(
        "audit_effect",
        "-",
        "1/yr",
        0.5,
        "LogN(0.5,0.5)",
        0,
        3,
        "varied",
        "accounting",
        "capture ended by prosecution of officials",
        "captura terminada por procesos a funcionarios",
        ("C63",),
        "assumption",
        "no",
    ),
    Parameter(
        "votes_per_member",
        "-",
        "votes",
        5,
        "LogN(5,0.7)",
        0,
        15,
        "varied",
        "accounting",
        "votes delivered per active member",
        "votos entregados por miembro activo",
        ("C51",),
        "120,000 to 500,000",
        "no",
    ),
)

COMMITMENT_SPEED = 6.0
SUPPORT_SPEED = 4.0
FALL_SPEED = 6.0
BASELINE_YEARS = 3.0
LOG_SURPRISE = math.log(0.7)
VOTES_CAP = 500_000.0


def abandonment_hazard(th: Any, lv: Any, support: float, exposure: float) -> float:
    """Hazard (per year) that the state drops a truce it pays for (6.12); counterfactual arms only."""
    if lv.concession <= 0.0:
        return 0.0
    return (
        lv.endogenous_state
        * th.abandon_rate
        * lv.opposition
        * (1.0 - th.legal_shield * lv.legal)
        * (1.0 - support)
        * (1.0 + exposure)
        * (1.0 + lv.prosecute_principals)
    )


def commitment(
    th: Any, lv: Any, declared: float, backing: float, support: float, exposure: float, years: float
) -> float:
    """Effective executive backing G after a step (6.11)."""
    pressure = lv.opposition * (1.0 - th.legal_shield * lv.legal) * (1.0 - support) * (0.5 + 0.5 * exposure)
    target = declared * (1.0 - th.principal_chill * lv.prosecute_principals) * (1.0 - pressure)
    return toward(backing, target, fraction(COMMITMENT_SPEED, years))


def exposures_expected(th: Any, lv: Any, concession: float, years: float) -> float:
    """Expected number of exposures of a secret pact in a step (6.11)."""
    return th.exposure_rate * (1.0 - lv.transparency) * concession * years


def exposure(scandal: float, events: float, years: float) -> float:
    """How far the hidden terms are public scandal, E, after a step with `events` exposures (6.11)."""
    faded = scandal * math.exp(-years)
    return faded + (1.0 - faded) * (1.0 - math.exp(events * LOG_SURPRISE))


def fall_moved(years: float) -> float:
    """Share by which the smoothed recorded rate follows the count of a step (6.11)."""
    return fraction(FALL_SPEED, years)


def support(th: Any, lv: Any, favourable: float, fall: float, years: float) -> float:
    """Share of the public with a favourable view, U, after a step; `fall` is the smoothed relative fall (6.11)."""
    target = th.support_floor + th.support_fall * fall * (0.6 + 0.4 * lv.transparency)
    target = min(1.0, max(0.0, target))
    return toward(favourable, target, fraction(SUPPORT_SPEED, years))


def political_capital(
    th: Any, lv: Any, capital: float, votes_ratio: float, access: float, mean_compliance: float, years: float
) -> float:
    """Probability that a party or mayor's office approached would deal, P, after a step (6.8)."""
    upkeep = th.politics_decay * th.politics_0 / (1.0 - th.politics_0)
    gain = (
        upkeep * min(votes_ratio, 2.0) * access
        + th.peace_politics * mean_compliance * (1.0 - 0.5 * lv.transparency * lv.legal)
        + th.election_politics * lv.pacts
    )
    loss = th.politics_decay + 0.6 * th.audit_effect * lv.prosecute_principals
    speed = gain + loss
    return toward(capital, gain / speed, fraction(speed, years))
