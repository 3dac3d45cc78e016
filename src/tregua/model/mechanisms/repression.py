"""Arrests, killing by state agents and attacks on the state (6.2 and the arrest hazards of 6.6).

The state kills in armed encounters: the hazard follows war and non-compliance and the rules of force. Claims: C13,
C25, C26, C55, C62-C64, C66.
"""

from __future__ import annotations

from typing import Any

from tregua.model.parameter import Parameter

PARAMETERS = (
    Parameter(
        "attack_rate",
        "-",
        "per member per yr",
        0.0012,
        "LogN(0.0012,0.7)",
        0,
        0.02,
        "varied",
        "accounting",
        "deadly attacks on the state at full war",
        "ataques mortales contra el Estado en plena guerra",
        ("C62",),
        "assumption, far too low after 2013",
        "no",
    ),
    Parameter(
        "state_kill_rate",
        "-",
        "per member per yr",
        0.002092,
        "LogN(0.0015,0.6)",
        0,
        0.02,
        "fitted",
        "core",
        "killing by the state at rules of 2009, no truce",
        "muertes a manos del Estado con reglas de 2009, sin tregua",
        ("C25", "C62"),
        "27 in 2013 (DIARIO1_2015ENF)",
        "yes",
    ),
    Parameter(
        "unmonitored_abuse",
        "-",
        "-",
        0.5,
        "HalfN(0.74)",
        0,
        5,
        "varied",
        "accounting",
        "more state killing where nobody watches",
        "más muertes a manos del Estado donde nadie vigila",
        ("C25", "C26"),
        "assumption",
        "no",
    ),
    Parameter(
        "arrest_rate",
        "-",
        "1/yr",
        0.07908,
        "LogN(0.10,0.4)",
        0,
        0.6,
        "fitted",
        "core",
        "arrests per active member at effort 1",
        "capturas por miembro activo con esfuerzo 1",
        ("C13",),
        "prison stock",
        "yes",
    ),
    Parameter(
        "misid_calm",
        "-",
        "ratio of hazards",
        0.5,
        "LogN(0.5,0.5)",
        0,
        2,
        "varied",
        "accounting",
        "calmados arrested as if active",
        "calmados capturados como activos",
        ("C13",),
        "review F",
        "no",
    ),
    Parameter(
        "misid_youth",
        "-",
        "ratio of hazards",
        0.02,
        "LogN(0.02,0.5)",
        0,
        0.2,
        "varied",
        "accounting",
        "young people arrested as if active",
        "jóvenes capturados como activos",
        ("C13",),
        "review F",
        "no",
    ),
    Parameter(
        "protect_capture",
        "-",
        "share",
        0.5,
        "Beta(2,2)",
        0,
        1,
        "varied",
        "accounting",
        "protection from arrest in captured municipalities",
        "protección en municipios capturados",
        ("C55",),
        "assumption",
        "no",
    ),
    Parameter(
        "minor_share",
        "-",
        "share",
        0.0276,
        "Beta(2.76,97.24)",
        0,
        0.3,
        "varied",
        "accounting",
        "minors among those arrested",
        "menores entre los capturados",
        ("C66",),
        "1,600 of 58,000 (B.7)",
        "no",
    ),
    Parameter(
        "arrest_number",
        "-",
        "arrests per yr",
        0,
        "fixed",
        0,
        1000000,
        "fixed",
        "accounting",
        "arrests a year when arrest_mode is number",
        "capturas al año con arrest_mode number",
        (),
        "switch of the reduction",
        "no",
    ),
)


def arrest_hazard(th: Any, lv: Any, captured: float, complied: float) -> float:
    """Hazard (per year) of arrest of an active member."""
    return th.arrest_rate * lv.arrests * (1.0 - th.protect_capture * captured) * (1.0 - lv.conditional * complied)


def arrest_hazard_by_number(th: Any, lv: Any, active_national: float) -> float:
    """Hazard (per year) of arrest when a fixed number a year is shared by head (switch arrest_mode = number)."""
    return th.arrest_number * lv.arrests / active_national if active_national > 0.0 else 0.0


def arrest_hazard_calmado(th: Any, lv: Any) -> float:
    """Hazard (per year) of arrest of a calmado as if active (C13)."""
    return th.arrest_rate * lv.arrests * th.misid_calm


def arrest_hazard_youth(th: Any, lv: Any) -> float:
    """Hazard (per year) of arrest of an at-risk young non-member as if active."""
    return th.arrest_rate * lv.arrests * th.misid_youth


def state_killing_level(th: Any, lv: Any, watch: float) -> float:
    """Hazard (per year) of being killed by the state at full activity and no war, under these rules of force."""
    return th.state_kill_rate * lv.lethal * (1.0 + th.unmonitored_abuse * (1.0 - watch))


def state_killing_start(th: Any, watch: float) -> float:
    """The same hazard at the start, whose rules of force are 1 by definition; betrayal is felt above it."""
    return th.state_kill_rate * (1.0 + th.unmonitored_abuse * (1.0 - watch))


def state_killing(level: float, war_now: float, complied: float) -> float:
    """Hazard (per year) that an active member is killed by state agents."""
    return level * war_now * (1.0 - complied)


def attacks(th: Any, active: float, betrayal: float, command: float, adhered: float, complied: float) -> float:
    """Deadly attacks a year on police and state by one gang in one area."""
    return th.attack_rate * active * betrayal * command * (1.0 - adhered) * (1.0 - complied)
