"""Recruits, calming down, relapse and exit (6.6).

Claims: C02, C13, C22-C24, C30, C64, C66; Cruz and others (2017) on desistance.
"""

from __future__ import annotations

from typing import Any

from tregua.model.parameter import Parameter

PARAMETERS = (
    Parameter(
        "recruit_rate",
        "-",
        "1/yr",
        0.1733,
        "LogN(0.16,0.4)",
        0,
        1,
        "fitted",
        "core",
        "recruits per active member",
        "reclutas por miembro activo",
        (),
        "members 2013",
        "part",
    ),
    Parameter(
        "saturation_share",
        "-",
        "share of population",
        0.02,
        "LogN(0.02,0.3)",
        0.008,
        0.1,
        "varied",
        "core",
        "ceiling of active membership",
        "techo de miembros activos",
        (),
        "peak near 1.1 %",
        "no",
    ),
    Parameter(
        "calm_rate",
        "-",
        "1/yr",
        0.07087,
        "LogN(0.07,0.5)",
        0,
        0.5,
        "fitted",
        "core",
        "actives who calm down",
        "activos que se calman",
        ("C24",),
        "B.9",
        "no",
    ),
    Parameter(
        "relapse_rate",
        "-",
        "1/yr",
        0.12,
        "LogN(0.12,0.5)",
        0,
        1,
        "varied",
        "core",
        "calmados who become active again",
        "calmados que vuelven",
        ("C24",),
        "B.9-B.10",
        "no",
    ),
    Parameter(
        "retire_rate",
        "-",
        "1/yr",
        0.10,
        "LogN(0.10,0.5)",
        0,
        1,
        "varied",
        "accounting",
        "calmados who leave for good",
        "calmados que salen del todo",
        ("C24",),
        "assumption",
        "no",
    ),
    Parameter(
        "prog_exit",
        "-",
        "per package",
        1,
        "LogN(1,0.5)",
        0,
        5,
        "varied",
        "accounting",
        "exit helped by programmes",
        "salida ayudada por programas",
        ("C22", "C24"),
        "assumption",
        "no",
    ),
    Parameter(
        "recognition_exit",
        "-",
        "-",
        0,
        "fixed",
        0,
        5,
        "fixed",
        "accounting",
        "exit helped by recognition (reading only)",
        "salida ayudada por el reconocimiento (solo lectura)",
        ("C44",),
        "reading exit_via_recognition sets 1.5",
        "no",
    ),
    Parameter(
        "social_recruit",
        "-",
        "-",
        0.5,
        "N(0.5,0.5)",
        0,
        3,
        "varied",
        "accounting",
        "recruitment per relative rise of bonding",
        "reclutamiento por alza relativa del capital vecinal",
        ("C30",),
        "assumption",
        "no",
    ),
    Parameter(
        "own_crowding",
        "-",
        "1/member/yr",
        0,
        "fixed",
        0,
        1,
        "fixed",
        "accounting",
        "exit per own member when crowding_scope is own",
        "salida por miembro propio con crowding_scope own",
        (),
        "switch of the reduction",
        "no",
    ),
)

YOUTH_TURNOVER = 0.2


def peace_work(th: Any, programme: float, capacity: float, diverted: float) -> float:
    """Programme work that helps people leave.

    `capacity` is already times access; `diverted` = diversion x flow / flow at the start.
    """
    return th.prog_exit * programme * min(1.0, capacity) * max(0.0, 1.0 - diverted)


def calming(th: Any, work: float, adhered: float) -> float:
    """Hazard (per year) that an active member becomes a calmado."""
    return th.calm_rate * (1.0 + work + th.recognition_exit * adhered)


def full_exit(th: Any, work: float) -> float:
    """Hazard (per year) that a calmado leaves for good."""
    return th.retire_rate * (1.0 + work)


def room_left(th: Any, active_local: float, population: float) -> float:
    """Room under the ceiling of membership, 0..1 (crowding_scope = area)."""
    return max(0.0, 1.0 - active_local / (th.saturation_share * population))


def recruits(th: Any, active: float, youth_left: float, room: float, bonding: float) -> float:
    """Recruits a year of one gang in one area; `youth_left` = at-risk youth over its start."""
    pull = max(0.0, 1.0 + th.social_recruit * (bonding - th.social_0) / th.social_0)
    return th.recruit_rate * active * youth_left * room * pull
