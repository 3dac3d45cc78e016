"""Killing over ground and under coercion (6.1).

Cliques fight rivals in proportion to how mixed the ground is, and other cliques of their own gang at a lower rate;
all of it falls with compliance. Claims: C34, C41, C46, C61, C62; Biderman and others (2019) for the monopoly control.
"""

from __future__ import annotations

import math
from typing import Any

from tregua.model.parameter import Parameter

PARAMETERS = (
    Parameter(
        "background_rate",
        "-",
        "per 100k per yr",
        26.78,
        "LogN(26,0.35)",
        5,
        60,
        "fitted",
        "core",
        "killings outside the gangs",
        "homicidios ajenos a las pandillas",
        ("C46",),
        "gang share 0.62 (B.2)",
        "yes",
    ),
    Parameter(
        "contest_rate",
        "-",
        "killings per member per yr",
        0.0443,
        "LogN(0.045,0.5)",
        0.002,
        0.3,
        "fitted",
        "core",
        "killing over ground, at the mixing of the start",
        "muertes por disputa de terreno, con la mezcla inicial",
        ("C34", "C41"),
        "level of homicide",
        "yes",
    ),
    Parameter(
        "clique_rivalry",
        "f",
        "share",
        0.5,
        "Beta(5,5)",
        0,
        1,
        "varied",
        "core",
        "weight of contest between cliques of one gang",
        "peso de la disputa entre clicas de una misma pandilla",
        ("C41",),
        "monopoly lowers violence little (B.10)",
        "no",
    ),
    Parameter(
        "coercion_rate",
        "-",
        "killings per member per yr",
        0.03266,
        "LogN(0.03,0.5)",
        0,
        0.2,
        "fitted",
        "core",
        "killing of residents under coercion",
        "muertes de residentes por coacción",
        ("C46",),
        "aliased with contest_rate",
        "part",
    ),
    Parameter(
        "member_victim_share",
        "-",
        "share",
        0.5,
        "Beta(5,5)",
        0,
        1,
        "varied",
        "core",
        "share of victims of contest who are members",
        "parte de las víctimas de la disputa que son miembros",
        ("C46",),
        "assumption",
        "no",
    ),
    Parameter(
        "war_gain",
        "-",
        "-",
        0.85,
        "U(0.2,1.5)",
        0,
        3,
        "varied",
        "core",
        "how much harder a betrayed, disciplined, funded gang fights",
        "cuánto más pelea una pandilla traicionada, disciplinada y con fondos",
        ("C61", "C62"),
        "B.7",
        "no",
    ),
    Parameter(
        "contest_scale",
        "-",
        "0 or 1",
        1,
        "fixed",
        0,
        1,
        "fixed",
        "core",
        "1 divides contest by local members, 0 mass action",
        "1 divide por miembros locales, 0 acción de masas",
        (),
        "switch of the reduction",
        "no",
    ),
)


def war(th: Any, betrayal: float, command: float, chest: float, adhered: float) -> float:
    """Factor by which a betrayed, disciplined, funded gang that no longer adheres fights harder; 1 without betrayal."""
    return 1.0 + th.war_gain * betrayal * command * min(chest, 3.0) * (1.0 - adhered)


def ground(th: Any, active_local: float, mixing_reference: float) -> float:
    """Contest per opposed pair of members in one area, before war and mood.

    Divides by the local head count to the power contest_scale (1: local members; 0: mass action) and by the mixing of
    the start, so that contest_rate means killings per member-year at the start.
    """
    if th.contest_scale == 1.0:
        heads = active_local
    elif th.contest_scale == 0.0:
        heads = 1.0
    else:
        heads = math.pow(active_local, th.contest_scale)
    return th.contest_rate / (heads * mixing_reference)


def contest(active: float, opposed: float, ground_now: float, war_now: float, mood: float) -> float:
    """Killings a year over ground by one gang in one area; `opposed` = sum over groups of rivalry x members."""
    return active * opposed * ground_now * war_now * mood


def coercion(th: Any, active: float, war_now: float, mood: float, complied: float) -> float:
    """Residents killed a year under coercion by one gang in one area."""
    return th.coercion_rate * active * war_now * mood * (1.0 - complied)


def background(th: Any, population: float) -> float:
    """Killings a year outside the gangs in one area."""
    return th.background_rate * population / 100_000.0
