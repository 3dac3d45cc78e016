"""Scenario discovery: in which region of the uncertainties does a response fail, and how plainly can that be said?

The patient rule induction method (Friedman and Fisher 1999; Bryant and Lempert 2010) through the EMA Workbench. A rule
is about parameters and readings of the model: it says what would have to be true for a response to fail, and is no
recipe for aiming at anybody or any place.
"""

from __future__ import annotations

import warnings
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.errors import UsageError, optional
from tregua.explore.answers import satisficing
from tregua.explore.outside import core
from tregua.explore.regret import harms
from tregua.explore.value_of_evidence import parameter_draws

if TYPE_CHECKING:
    from tregua.explore.comparison import Comparison
    from tregua.explore.experiment import Experiment

Array = np.ndarray[Any, np.dtype[Any]]

LEAST_FAILURES = 20
"""Failures, and successes, below which no region is looked for."""

LIKELY_CHANCE = 0.05
"""A restriction that chance would bring this often is dropped."""

READING = "reading"


@dataclass(frozen=True)
class Limit:
    """One restriction of a region.

    Attributes
    ----------
    factor : str
        A parameter, or ``reading``.
    low, high : float or None
        Ends of a parameter; None where that end is open.
    among : tuple of str
        Readings, where the factor is ``reading``.
    chance : float
        How often chance alone would make as dense a region without it (quasi p-value).
    least, most : float or None
        Ends of what was tried of a parameter.
    tried : int
        How many readings were tried, where the factor is ``reading``.
    but : tuple of str
        The readings tried that are not among them.
    """

    factor: str
    low: float | None = None
    high: float | None = None
    among: tuple[str, ...] = ()
    chance: float = 0.0
    least: float | None = None
    most: float | None = None
    tried: int = 0
    but: tuple[str, ...] = ()


@dataclass(frozen=True)
class Region:
    """Where a response fails.

    Attributes
    ----------
    limits : tuple of Limit
        All of them hold at once.
    coverage : float
        Share of the failures that lie in it.
    density : float
        Share of what lies in it that fails.
    base : float
        Share of failures overall.
    histories : int
        How many lie in it.
    """

    limits: tuple[Limit, ...]
    coverage: float
    density: float
    base: float
    histories: int

    def rule(self, lang: str = "en") -> str:
        """The region in one sentence."""
        words = _ES if lang == "es" else _EN
        parts = []
        for limit in self.limits:
            if limit.among and len(limit.but) < len(limit.among) and limit.but:
                parts.append(words["but"].format(list=", ".join(limit.but)))
            elif limit.among:
                parts.append(words["among"].format(list=", ".join(limit.among)))
            elif limit.low is None:
                parts.append(words["below"].format(name=limit.factor, high=f"{limit.high:.2g}"))
            elif limit.high is None:
                parts.append(words["above"].format(name=limit.factor, low=f"{limit.low:.2g}"))
            else:
                parts.append(
                    words["between"].format(name=limit.factor, low=f"{limit.low:.2g}", high=f"{limit.high:.2g}")
                )
        return words["rule"].format(
            n=round(100 * self.density), base=round(100 * self.base), k=round(100 * self.coverage),
            where=words["and"].join(parts),
        )  # fmt: skip


_EN = {
    "rule": "It fails in {n} of 100 histories ({base} of 100 overall) where {where}; {k} of 100 failures lie there.",
    "and": " and ",
    "among": "the reading is one of {list}",
    "but": "the reading is any but {list}",
    "below": "{name} is below {high}",
    "above": "{name} is above {low}",
    "between": "{name} lies between {low} and {high}",
}
_ES = {
    "rule": (
        "Falla en {n} de cada 100 historias ({base} de cada 100 en total) donde {where}; "
        "{k} de cada 100 fallos caen ahí."
    ),
    "and": " y ",
    "among": "la lectura es una de {list}",
    "but": "la lectura es cualquiera menos {list}",
    "below": "{name} es menor que {high}",
    "above": "{name} es mayor que {low}",
    "between": "{name} está entre {low} y {high}",
}


def discover(
    values: Mapping[str, Sequence[float] | Sequence[str] | Array], fails: Array, *, density: float = 0.8
) -> Region | None:
    """The region of the uncertainties in which most of what fails lies.

    Parameters
    ----------
    values : mapping
        Factor -> value of each history; ``reading`` holds ids, every other factor numbers.
    fails : array of bool, shape (n,)
    density : float
        Least share of failures in the region that is looked for; where none is so dense, the densest is told.

    Returns
    -------
    Region or None
        None where nothing restricts it beyond chance.

    Raises
    ------
    UsageError
        The EMA Workbench is missing, or too few histories fail or hold.
    """
    wrong, right = int(np.sum(fails)), int(len(fails) - np.sum(fails))
    if min(wrong, right) < LEAST_FAILURES:
        raise UsageError(
            "there is too little to tell a region from",
            key="--draws",
            found=f"{wrong} failures, {right} others",
            allowed=f"{LEAST_FAILURES} of each",
            mend="ask for more draws, or move the thresholds",
        )
    pandas, prim = workbench()
    table = pandas.DataFrame({n: v for n, v in values.items() if n != READING})
    if READING in values:
        table[READING] = pandas.Categorical(list(values[READING]))
    varying = [n for n in table.columns if table[n].nunique() > 1]
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        box = prim.Prim(table[varying], np.asarray(fails, bool), threshold=density, peel_alpha=0.05).find_box()
    path = box.peeling_trajectory
    dense = path[path["density"] >= density]
    chosen = dense if len(dense) else path[path["density"] == path["density"].max()]
    at = int(chosen.sort_values(["coverage", "density"], ascending=False).index[0])
    whole, cut, chances = box.box_lims[0], box.box_lims[at], box.qp[at]
    limits = [_limit(name, whole[name], cut[name], chances) for name in varying if name in chances]
    kept = tuple(limit for limit in limits if limit is not None and limit.chance <= LIKELY_CHANCE)
    if not kept:
        return None
    inside = _inside(values, kept, len(fails))
    return Region(
        kept,
        coverage=float(np.sum(inside & fails) / wrong),
        density=float(np.mean(np.asarray(fails)[inside])),
        base=wrong / len(fails),
        histories=int(inside.sum()),
    )


def where_it_fails(
    experiment: Experiment,
    comparison: Comparison,
    arm: str,
    thresholds: Mapping[str, float],
    horizon: int,
    *,
    density: float = 0.8,
) -> Region | None:
    """The region in which a response does not meet every threshold, over core parameters, fitted ones and readings.

    Parameters
    ----------
    experiment : Experiment
    comparison : Comparison
        Of that experiment.
    arm : str
    thresholds : mapping
        As `tregua.explore.answers.satisficing` takes them.
    horizon : int
    density : float
        As in `discover`.
    """
    cube = comparison.cube
    satisficing(cube, thresholds, horizon)  # refuses thresholds that cannot be used
    ways = harms()
    h, a, ref = cube.at("horizon", horizon), cube.at("arm", arm), cube.at("arm", "no_truce")
    met = np.ones(cube.values.shape[:1] + cube.values.shape[4:], bool)
    known = met.copy()
    for outcome, limit in thresholds.items():
        o = cube.at("outcome", outcome)
        sign = 1.0 if ways[outcome] == "up" else -1.0
        gap = sign * (cube.values[:, a, h, o] - cube.values[:, ref, h, o])
        known &= ~np.isnan(gap)
        met &= gap <= sign * limit
    for r, reading in enumerate(cube.readings):
        known[r] &= ~cube.lost(reading)
    places = np.nonzero(known)
    drawn, names = parameter_draws(experiment, cube.draws)
    parameters = experiment.parameters
    wanted = [*core(parameters), *(n for n in names if parameters[n].role == "fitted" and parameters[n].tier == "core")]
    values: dict[str, Any] = {n: drawn[places[1], names.index(n)] for n in wanted if n in names}
    values[READING] = [cube.readings[r] for r in places[0]]
    return discover(values, ~met[places], density=density)


def _limit(name: str, whole: Any, cut: Any, chances: Mapping[str, Sequence[float]]) -> Limit | None:
    told = [float(c) for c in chances[name] if c >= 0]
    chance = max(told, default=0.0)
    if name == READING:
        among = tuple(sorted(str(item) for item in cut.iloc[0]))
        tried = sorted(str(item) for item in whole.iloc[0])
        but = tuple(item for item in tried if item not in among)
        return Limit(name, among=among, chance=chance, tried=len(tried), but=but) if but else None
    low = float(cut.iloc[0]) if cut.iloc[0] > whole.iloc[0] else None
    high = float(cut.iloc[1]) if cut.iloc[1] < whole.iloc[1] else None
    if low is None and high is None:
        return None
    return Limit(name, low, high, (), chance, float(whole.iloc[0]), float(whole.iloc[1]))


def _inside(values: Mapping[str, Any], limits: Sequence[Limit], n: int) -> Array:
    """Histories that meet every limit."""
    inside = np.ones(n, bool)
    for limit in limits:
        column = np.asarray(values[limit.factor])
        if limit.among:
            inside &= np.isin(column, limit.among)
        if limit.low is not None:
            inside &= column >= limit.low
        if limit.high is not None:
            inside &= column <= limit.high
    return inside


def workbench() -> tuple[Any, Any]:
    """Pandas and the PRIM of the EMA Workbench; UsageError where the extra is missing."""
    what = "scenario discovery"
    return optional("pandas", "explore", what), optional("ema_workbench.analysis.prim", "explore", what)
