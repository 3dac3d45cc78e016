"""Answers without a single ranking: who leads under which reading, who is beaten on everything, who meets thresholds.

None of them adds deaths to rights. The chance of leading needs weights over outcomes and says which; the Pareto set
needs none; thresholds are the user's own and are told as differences from the reference, never as levels.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tregua.errors import Problem, ProblemList, UsageError
from tregua.explore.contrast import DECISIVE
from tregua.explore.regret import Utilities, harms, reading_weights
from tregua.runs.cube import Cube

Array = np.ndarray[Any, np.dtype[Any]]

LEAST_LUCK = 4
"""Replicates of chance below which the mean over luck is one history rather than a mean."""

SIDES: tuple[str, ...] = (
    "homicides",
    "deaths_by_state",
    "deaths_in_custody",
    "arrests_wrongful",
    "minors_detained",
    "extortion_paid",
    "votes_deliverable",
)
"""Outcomes on which responses are held against each other without weights: deaths never without rights."""


@dataclass(frozen=True)
class Leading:
    """How often each arm has the largest utility.

    Attributes
    ----------
    arms : tuple of str
        Choosable ones.
    readings : mapping
        Reading -> the arm that leads on average under it.
    share : array, shape (arms,)
        Weight of the readings under which the arm leads on average.
    chance : array, shape (arms,), or None
        Chance that the arm leads over readings and parameters, utilities averaged over luck. None below `LEAST_LUCK`
        replicates of chance: leading inside one history is nobody's choice.
    mcse : array, shape (arms,), or None
        Monte-Carlo error of `chance`, between draws.
    """

    arms: tuple[str, ...]
    readings: Mapping[str, str]
    share: Array
    chance: Array | None
    mcse: Array | None


def leading(u: Utilities, weights: str | Mapping[str, float], luck: int) -> Leading:
    """Who leads under which reading, and with what chance.

    Parameters
    ----------
    u : Utilities
        Already averaged over luck.
    weights : str or mapping
        Over readings, as `tregua.explore.regret.reading_weights` takes them.
    luck : int
        Replicates of chance behind each mean.

    Raises
    ------
    UsageError
        E62: weights that cannot be used.
    """
    w = np.array(list(reading_weights(weights, u.readings).values()))
    first = u.values.mean(axis=2).argmax(axis=1)
    share = np.array([w[first == a].sum() for a in range(len(u.arms))])
    chance = mcse = None
    if luck >= LEAST_LUCK:
        hits = np.stack([u.values.argmax(axis=1) == a for a in range(len(u.arms))])
        by_draw = np.einsum("ard,r->ad", hits, w)
        chance = by_draw.mean(axis=1)
        mcse = by_draw.std(axis=1, ddof=1) / math.sqrt(len(u.draws))
    return Leading(u.arms, {r: u.arms[int(a)] for r, a in zip(u.readings, first, strict=True)}, share, chance, mcse)


@dataclass(frozen=True)
class Pareto:
    """Which arms another arm beats on every outcome at once, under one reading.

    Attributes
    ----------
    reading : str
    outcomes, arms : tuple of str
    harm : array, shape (arms, outcomes)
        Mean of each outcome, signed so that more is worse.
    beaten_by : mapping
        Arm -> the arms that are at least as good in every outcome and better in one beyond `DECISIVE` errors.
    """

    reading: str
    outcomes: tuple[str, ...]
    arms: tuple[str, ...]
    harm: Array
    beaten_by: Mapping[str, tuple[str, ...]]

    @property
    def unbeaten(self) -> tuple[str, ...]:
        """Arms that no other arm beats on everything."""
        return tuple(arm for arm in self.arms if not self.beaten_by[arm])


def pareto(
    cube: Cube,
    horizon: int,
    reading: str,
    outcomes: Sequence[str] = SIDES,
    *,
    records: Collection[str] = ("as_it_happened",),
    harm: Mapping[str, str] | None = None,
) -> Pareto:
    """Hold every choosable arm against every other on several outcomes, without weights.

    Parameters
    ----------
    cube : Cube
    horizon : int
        Years.
    reading : str
    outcomes : sequence of str
        Each with a direction of harm.
    records : collection of str
        Arms that are shown and never ranked: they are left out.
    harm : mapping, optional
        Outcome -> direction of harm; that of the model by default.

    Raises
    ------
    UsageError
        E61: an outcome without a direction of harm.
    StoreError
        E56: no such reading, horizon or outcome.
    """
    direction = _directions(outcomes, harm)
    r, h = cube.at("reading", reading), cube.at("horizon", horizon)
    keep = ~cube.lost(reading)
    arms = [i for i, arm in enumerate(cube.arms) if arm not in records and cube.there[r, i, h].any()]
    sides = []
    for outcome in outcomes:
        values = direction[outcome] * cube.values[r, arms, h, cube.at("outcome", outcome)]
        sides.append(_over_luck(np.where(keep, values, np.nan)))
    by_draw = np.stack(sides, axis=1)
    mean = by_draw.mean(axis=2)
    beaten: dict[str, tuple[str, ...]] = {}
    for a, place in enumerate(arms):
        better = []
        for b, other in enumerate(arms):
            gain = by_draw[a] - by_draw[b]
            error = np.full(len(gain), np.inf)
            if gain.shape[1] > 1:
                error = gain.std(axis=1, ddof=1) / math.sqrt(gain.shape[1])
            ahead = gain.mean(axis=1) > DECISIVE * error
            if a != b and (mean[b] <= mean[a]).all() and ahead.any():
                better.append(cube.arms[other])
        beaten[cube.arms[place]] = tuple(better)
    return Pareto(reading, tuple(outcomes), tuple(cube.arms[i] for i in arms), mean, beaten)


@dataclass(frozen=True)
class Satisficing:
    """How often each arm meets every threshold at once.

    Attributes
    ----------
    thresholds : mapping
        Outcome -> largest difference from the reference that is accepted (smallest, where less is worse).
    readings, arms : tuple of str
        Arms without the reference.
    share, mcse : array, shape (readings, arms)
        Share of paired histories that meet all of them, and its error between draws; NaN where nothing was run.
    """

    thresholds: Mapping[str, float]
    readings: tuple[str, ...]
    arms: tuple[str, ...]
    share: Array
    mcse: Array

    def worst(self, arm: str) -> tuple[str, float]:
        """The reading under which an arm meets them least often, with the share there."""
        column = self.share[:, self.arms.index(arm)]
        place = int(np.nanargmin(column))
        return self.readings[place], float(column[place])


def satisficing(
    cube: Cube,
    thresholds: Mapping[str, float],
    horizon: int,
    *,
    reference: str = "no_truce",
    harm: Mapping[str, str] | None = None,
) -> Satisficing:
    """Share of paired histories in which every threshold is met.

    Parameters
    ----------
    cube : Cube
    thresholds : mapping
        Outcome -> difference from the reference. Where more is worse it is the most that is accepted: ``homicides``
        -2000 asks for at least 2,000 fewer. Where less is worse it is the least that is accepted.
    horizon : int
        Years.
    reference : str
    harm : mapping, optional
        Outcome -> direction of harm; that of the model by default.

    Raises
    ------
    UsageError
        E61: an unknown outcome, one without a direction of harm, a threshold that is no number, none at all.
    StoreError
        E56: no such horizon.
    """
    direction = threshold_directions(thresholds, harm)
    h, ref = cube.at("horizon", horizon), cube.at("arm", reference)
    arms = [i for i in range(len(cube.arms)) if i != ref]
    shape = (len(cube.readings), len(arms))
    share, mcse = np.full(shape, np.nan), np.full(shape, np.nan)
    for r, reading in enumerate(cube.readings):
        keep = ~cube.lost(reading)
        met = np.ones((len(arms), len(cube.draws), len(cube.lucks)))
        for outcome, limit in thresholds.items():
            o = cube.at("outcome", outcome)
            gap = direction[outcome] * (cube.values[r, arms, h, o] - cube.values[r, ref, h, o])
            met = np.where(np.isnan(gap), np.nan, met * (gap <= direction[outcome] * limit))
        by_draw = _over_luck(np.where(keep, met, np.nan), whole=False)
        for a in range(len(arms)):
            known = by_draw[a][~np.isnan(by_draw[a])]
            if known.size:
                share[r, a] = known.mean()
            if known.size > 1:
                mcse[r, a] = known.std(ddof=1) / math.sqrt(known.size)
    return Satisficing(dict(thresholds), cube.readings, tuple(cube.arms[i] for i in arms), share, mcse)


def threshold_directions(thresholds: Mapping[str, float], harm: Mapping[str, str] | None = None) -> dict[str, float]:
    """1 for each outcome of which more is worse, -1 where less is, once the thresholds have been checked.

    Raises
    ------
    UsageError
        E61: an unknown outcome, one without a direction of harm, a threshold that is no number, none at all.
    """
    if not thresholds:
        raise UsageError(
            "no threshold was given", key="--threshold", found="none", allowed="outcome=value", mend="give at least one"
        )
    direction = _directions(tuple(thresholds), harm, "--threshold")
    bad = [name for name, value in thresholds.items() if not math.isfinite(value)]
    if bad:
        raise UsageError(
            "a threshold is no number",
            key="--threshold",
            found=bad[0],
            allowed="a finite number",
            mend="write a number",
        )
    return direction


def _over_luck(values: Array, *, whole: bool = True) -> Array:
    """Means over luck, shape (..., draws); with `whole`, only draws that every row has."""
    known = ~np.isnan(values)
    count = known.sum(axis=-1)
    with np.errstate(invalid="ignore", divide="ignore"):
        mean = np.asarray(np.where(known, values, 0.0).sum(axis=-1) / count)
    return mean[..., (count > 0).all(axis=0)] if whole else mean


def _directions(outcomes: Sequence[str], harm: Mapping[str, str] | None, key: str = "outcomes") -> dict[str, float]:
    """1 where more is worse, -1 where less is; refuses anything else."""
    known = harms() if harm is None else harm
    problems = ProblemList()
    usable = ", ".join(name for name, way in known.items() if way != "none")
    for outcome in outcomes:
        if known.get(outcome, "none") == "none":
            told = "this outcome has no direction of harm" if outcome in known else "there is no such outcome"
            problems.add(Problem("E61", told, key=key, found=outcome, allowed=usable, mend="use one of the ids listed"))
    problems.raise_errors(UsageError, "these outcomes cannot be held against each other")
    return {outcome: 1.0 if known[outcome] == "up" else -1.0 for outcome in outcomes}
