"""Prison: release, return, deaths in custody, recruitment inside (6.6). Claims: C13, C24, C64, C66."""

from __future__ import annotations

from typing import Any

from tregua.model.parameter import Parameter

PARAMETERS = (
    Parameter(
        "release_rate",
        "-",
        "1/yr",
        0.227,
        "LogN(0.20,0.35)",
        0.05,
        1,
        "fitted",
        "core",
        "release from prison",
        "salida de prisión",
        (),
        "prison stock",
        "part",
    ),
    Parameter(
        "rejoin_share",
        "-",
        "share",
        0.8,
        "Beta(8,2)",
        0,
        1,
        "varied",
        "core",
        "released who become active again",
        "liberados que vuelven a estar activos",
        ("C24",),
        "assumption",
        "no",
    ),
    Parameter(
        "prison_recruit",
        "-",
        "share",
        0.1,
        "Beta(2,18)",
        0,
        1,
        "varied",
        "accounting",
        "detained young people recruited inside",
        "jóvenes detenidos reclutados adentro",
        ("C64",),
        "assumption",
        "no",
    ),
    Parameter(
        "custody_death_rate",
        "-",
        "per detained per yr",
        0.0034,
        "LogN(0.0034,0.5)",
        0,
        0.05,
        "varied",
        "accounting",
        "deaths in custody",
        "muertes en custodia",
        ("C66",),
        "153 in a year of about 45,000 held (B.7); mean stock judged",
        "no",
    ),
)

YOUTH_RELEASE = 1.0


def leaving_prison(th: Any) -> float:
    """Hazard (per year) of leaving prison, alive or dead."""
    return th.release_rate + th.custody_death_rate


def custody_share(th: Any) -> float:
    """Share of those leaving prison who died in custody."""
    total = th.release_rate + th.custody_death_rate
    return th.custody_death_rate / total if total > 0.0 else 0.0


def prison_share(active: float, imprisoned: float) -> float:
    """Share of a gang that is in prison, 0..1."""
    total = active + imprisoned
    return imprisoned / total if total > 0.0 else 0.0
