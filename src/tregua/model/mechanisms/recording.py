"""What reaches the count: hidden bodies, recorded homicides, disappearance reports (6.10).

Bodies are hidden because leaders who ordered restraint must not be shown to be disobeyed; the practice is learnt and
unlearnt with a lag. Claims: C47; Carcach and Artola (2016).
"""

from __future__ import annotations

from typing import Any

from tregua.model.parameter import Parameter
from tregua.model.relaxation import fraction, toward

PARAMETERS = (
    Parameter(
        "hide_truce",
        "-",
        "share",
        0.1645,
        "LgtN(0.10,0.7)",
        0,
        0.8,
        "fitted",
        "accounting",
        "bodies hidden while leaders order restraint",
        "cuerpos ocultos mientras los jefes ordenan contención",
        ("C47",),
        "half-years (B.4)",
        "no",
    ),
    Parameter(
        "hide_memory",
        "-",
        "yr",
        0.6238,
        "LogN(0.7,0.5)",
        0.1,
        5,
        "fitted",
        "accounting",
        "time to learn and unlearn hiding",
        "tiempo de aprender y dejar de ocultar",
        ("C47",),
        "half-years (B.4)",
        "no",
    ),
    Parameter(
        "disap_background",
        "-",
        "reports per yr",
        1603,
        "LogN(1300,0.5)",
        100,
        10000,
        "fitted",
        "accounting",
        "disappearance reports with other causes",
        "denuncias de desaparición con otras causas",
        (),
        "half-years (B.4)",
        "yes",
    ),
    Parameter(
        "disappearance_ratio",
        "-",
        "share",
        0.51,
        "fixed",
        0.1,
        1,
        "fixed",
        "accounting",
        "hidden killings per disappearance report that they cause",
        "homicidios ocultos por denuncia que causan",
        ("C47",),
        "B.4; 1 in reading hidden_killings",
        "no",
    ),
    Parameter(
        "phi",
        "-",
        "-",
        187.5,
        "LogN(80,0.7)",
        5,
        1000,
        "fitted",
        "core",
        "over-dispersion of counts",
        "sobredispersión de los conteos",
        (),
        "fit",
        "yes",
    ),
)


def hiding_practice(th: Any, practised: float, adhered: float, years: float) -> float:
    """Share of a gang's killings whose bodies are hidden, H, after a step."""
    return toward(practised, th.hide_truce * adhered, fraction(1.0 / th.hide_memory, years))


def disappearance_reports(th: Any, hidden: float, years: float) -> float:
    """Disappearances reported in a step: other causes, and those that hidden killings cause."""
    return th.disap_background * years + hidden / th.disappearance_ratio
