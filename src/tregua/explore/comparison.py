"""A comparison: every response of one decision under every reading, read back from the store, ready to be told."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

import numpy as np

from tregua.errors import UsageError
from tregua.explore.contrast import Contrasts, contrasts
from tregua.explore.experiment import STORIES, Experiment
from tregua.model.policies import REFERENCE_ARM
from tregua.runs.cube import Cube
from tregua.runs.query import cube as read_cube

if TYPE_CHECKING:
    from tregua.runs.shard import Shard
    from tregua.runs.store import Store

MAIN_HORIZON = 5
"""Years shown first where a decision has them; otherwise its last horizon."""

MOSTLY = 0.5
"""Share of the spread beyond which a contrast is told as mostly assumption."""


@dataclass(frozen=True)
class Comparison:
    """One decision, or one variant of it, compared.

    Attributes
    ----------
    label : str
        Decision, or ``<decision>_halt_ends`` for the variant in which the gangs' own halt ends that day.
    decision : str
    cube : Cube
    table : Contrasts
    assumed : mapping
        (arm, horizon, outcome) -> share of the variance of the contrast, under the default reading, that goes away
        when the parameters no figure can test are held at their default; absent where that was not run.
    """

    label: str
    decision: str
    cube: Cube
    table: Contrasts
    assumed: dict[tuple[str, int, str], float]


def comparison_shards(experiment: Experiment, decision: str) -> tuple[Shard, ...]:
    """Shards of a comparison: the grid, and the default reading again with the untestable parameters held."""
    held = experiment.compare_shards(decision, STORIES[:1], held=True) if _tells_default(experiment) else []
    return (*experiment.compare_shards(decision), *held)


def readings_of(experiment: Experiment, decision: str) -> list[str]:
    """Readings under which the responses of a decision are compared."""
    left_out = experiment.case.decisions[decision].left_out
    return [reading for reading in experiment.runnable() if reading not in left_out]


def comparisons(experiment: Experiment, store: Store, decision: str) -> list[Comparison]:
    """Read a comparison back from the store: one for the decision and one for each variant of it.

    Raises
    ------
    StoreError
        E55: it has not been computed; E56 no results.
    """
    point = experiment.case.decisions[decision]
    grid = experiment.compare_shards(decision)
    _check_asked(experiment, decision, grid)
    held = experiment.compare_shards(decision, STORIES[:1], held=True) if _tells_default(experiment) else []
    arms = experiment.arms_of(decision)
    readings = readings_of(experiment, decision)
    waiting = waiting_for_refit(experiment)
    records = tuple(a.id for a in point.arms.values() if a.record)
    out = []
    for label in (decision, *([f"{decision}_halt_ends"] if point.halt_ends else [])):
        found = _read_by_reading(store, label, grid, readings, arms)
        table = contrasts(found, refit_needed=waiting, records=records)
        shares: dict[tuple[str, int, str], float] = {}
        if held and label == decision:
            fitted = read_cube(store, f"{decision}_fitted_only", held, readings=STORIES[:1], arms=arms)
            shares = assumed_shares(found, fitted)
        out.append(Comparison(label, decision, found, table, shares))
    return out


def _read_by_reading(
    store: Store, label: str, grid: Sequence[Shard], readings: Sequence[str], arms: Sequence[str]
) -> Cube:
    """A cube read one reading after another: the rows of one reading are gone before those of the next are read."""

    def one(reading: str) -> Cube:
        mine = [shard for shard in grid if shard.settings["reading"] == reading]
        return read_cube(store, label, mine, readings=[reading], arms=arms, threads=1)

    with ThreadPoolExecutor(2) as pool:
        parts = list(pool.map(one, readings))
    first = parts[0]
    draws = tuple(sorted({draw for part in parts for draw in part.draws}))
    lucks = tuple(sorted({luck for part in parts for luck in part.lucks}))
    outcomes = tuple(sorted({outcome for part in parts for outcome in part.outcomes}))
    shown = tuple(arm for arm in arms if any(arm in part.arms for part in parts))
    shape = (len(parts), len(shown), len(first.horizons), len(outcomes), len(draws), len(lucks))
    values, there = np.full(shape, np.nan), np.zeros(shape, dtype=bool)
    for r in range(len(parts)):
        part = parts[r]
        place = np.ix_(
            [shown.index(arm) for arm in part.arms], range(len(first.horizons)),
            [outcomes.index(name) for name in part.outcomes], [draws.index(d) for d in part.draws],
            [lucks.index(k) for k in part.lucks],
        )  # fmt: skip
        values[r][place], there[r][place] = part.values[0], part.there[0]
        parts[r] = replace(part, values=part.values[:0], there=part.there[:0])
    failed = frozenset(failure for part in parts for failure in part.failed)
    return Cube(label, tuple(readings), shown, first.horizons, outcomes, draws, lucks, values, there, failed)


def waiting_for_refit(experiment: Experiment) -> tuple[str, ...]:
    """Readings asked for that change what the data mean and have not been refitted: no number is told under them."""
    known = experiment.case.readings
    asked = experiment.readings or tuple(known)
    return tuple(r for r in known if r in asked and known[r].needs_refit)


def assumed_shares(cube: Cube, held: Cube, reading: str = STORIES[0]) -> dict[tuple[str, int, str], float]:
    """Share of the variance of each contrast that goes away when what no figure can test is held at its default.

    One history is one draw of chance on both sides, so that what is left holds chance and the fitted parameters.

    Parameters
    ----------
    cube, held : Cube
        All parameters drawn; the fitted ones alone.
    reading : str

    Returns
    -------
    dict
        (arm, horizon, outcome) -> 0..1; cells without spread are absent.
    """
    whole, fitted = _variances(cube, reading), _variances(held, reading)
    out = {}
    for key, kept in fitted.items():
        spread = whole.get(key, 0.0)
        if spread > 0:
            out[key] = min(1.0, max(0.0, 1.0 - kept / spread))
    return out


def _variances(cube: Cube, reading: str) -> dict[tuple[str, int, str], float]:
    """Variance of each contrast over the histories in which it is defined on both sides."""
    values = cube.values[cube.at("reading", reading)][..., ~cube.lost(reading)]
    gap = values - values[cube.at("arm", REFERENCE_ARM)]
    known = ~np.isnan(gap)
    n = known.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.where(known, gap, 0.0).sum(axis=-1) / n
        found = (np.where(known, gap - mean[..., None], 0.0) ** 2).sum(axis=-1) / n
    return {
        (arm, horizon, outcome): float(found[a, h, o])
        for a, arm in enumerate(cube.arms)
        if arm != REFERENCE_ARM
        for h, horizon in enumerate(cube.horizons)
        for o, outcome in enumerate(cube.outcomes)
        if n[a, h, o]
    }


def horizon_of(experiment: Experiment, decision: str, asked: int | None = None) -> int:
    """The horizon to tell first; one that the decision does not have is refused.

    Raises
    ------
    UsageError
        E64: no such horizon.
    """
    horizons = experiment.case.decisions[decision].horizons
    if asked is None:
        return MAIN_HORIZON if MAIN_HORIZON in horizons else horizons[-1]
    if asked not in horizons:
        raise UsageError(
            "the run is not read at this horizon",
            key="--horizon",
            found=asked,
            allowed=", ".join(str(h) for h in horizons) + f" years from decision {decision}",
            mend="choose one of these",
        )
    return asked


def _tells_default(experiment: Experiment) -> bool:
    return STORIES[0] in experiment.runnable()


def _check_asked(experiment: Experiment, decision: str, grid: Sequence[Shard]) -> None:
    if not grid:
        left = ", ".join(experiment.case.decisions[decision].left_out) or "none"
        raise UsageError(
            "there is nothing to compare under these readings",
            key="--reading",
            found=", ".join(experiment.readings) or "none",
            allowed=f"a reading that needs no refit and speaks about decision {decision} (it leaves out: {left})",
            mend="choose another reading",
        )
