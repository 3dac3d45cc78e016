"""Are these ranks uniform? Simultaneous bands for the distribution function of ranks, and what they could have seen.

A right procedure ranks the truth uniformly among its draws (Talts and others, arXiv:1804.06788). The band holds the
whole distribution function at once (Säilynoja, Bürkner and Vehtari, *Stat. Comput.* 32, 2022): the most extreme of the
pointwise binomial probabilities is held against what uniform ranks give, found by simulation.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any

import numpy as np

from tregua.model.parameter import keyed_stream

Array = np.ndarray[Any, np.dtype[Any]]

POINTS = 50
SIMULATIONS = 20000
POWER = 0.8


@dataclass(frozen=True, eq=False)
class RankBand:
    """Band for the distribution function of n ranks.

    Attributes
    ----------
    n : int
    points : array, shape (points,)
        Places at which the distribution function is looked at.
    gamma : float
        Pointwise probability below which a rank distribution is found wanting.
    low, high : array, shape (points,)
        The band, as shares.
    """

    n: int
    points: Array
    gamma: float
    low: Array
    high: Array

    def extreme(self, ranks: Array) -> Array:
        """Smallest pointwise probability of each column of ranks (0..1), shape (columns,)."""
        lower, upper = _tails(self.n, len(self.points))
        counts = (np.atleast_2d(ranks.T)[:, None, :] <= self.points[None, :, None]).sum(axis=2)
        place = np.arange(len(self.points))
        return np.asarray(2.0 * np.minimum(lower[place, counts], upper[place, counts]).min(axis=1))

    def inside(self, ranks: Array) -> Array:
        """Whether each column of ranks lies in the band, shape (columns,)."""
        return self.extreme(ranks) >= self.gamma


@lru_cache(maxsize=32)
def rank_band(n: int, level: float) -> RankBand:
    """The band that holds uniform ranks with a probability.

    Parameters
    ----------
    n : int
        Simulated data sets.
    level : float
        Probability that uniform ranks leave the band.
    """
    points = (np.arange(1, POINTS) / POINTS).astype(float)
    lower, upper = _tails(n, len(points))
    rng = keyed_stream(1, f"uniform ranks {n}")
    worst = np.empty(SIMULATIONS)
    place = np.arange(len(points))
    for first in range(0, SIMULATIONS, 500):
        counts = rng.multinomial(n, np.full(POINTS, 1.0 / POINTS), 500).cumsum(axis=1)[:, :-1]
        worst[first : first + 500] = 2.0 * np.minimum(lower[place, counts], upper[place, counts]).min(axis=1)
    gamma = float(np.quantile(worst, level)) if level * SIMULATIONS >= 1 else float(worst.min())
    low = np.array([np.argmax(2.0 * lower[p] >= gamma) for p in place]) / n
    high = np.array([n - np.argmax((2.0 * upper[p] >= gamma)[::-1]) for p in place]) / n
    return RankBand(n, points, gamma, low, high)


@lru_cache(maxsize=32)
def _tails(n: int, points: int) -> tuple[Array, Array]:
    """P(at most k) and P(at least k) of a binomial count at every point, shape (points, n + 1)."""
    k = np.arange(n + 1)
    ways = np.array([math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k])
    place = (np.arange(1, points + 1) / (points + 1))[:, None]
    mass = np.exp(ways + k * np.log(place) + (n - k) * np.log1p(-place))
    return np.minimum(np.cumsum(mass, axis=1), 1.0), np.minimum(np.cumsum(mass[:, ::-1], axis=1)[:, ::-1], 1.0)


@dataclass(frozen=True)
class Detectable:
    """Errors that a gate of this size would find with a probability of 0.8, in one parameter.

    Attributes
    ----------
    shift : float
        Bias of a posterior, in its standard deviations.
    narrow, wide : float
        Ratio of the stated standard deviation to the right one, below and above 1.
    """

    shift: float
    narrow: float
    wide: float


@lru_cache(maxsize=32)
def detectable(n: int, level: float) -> Detectable:
    """Size of error that the rank band of n data sets finds with a probability of 0.8."""
    band = rank_band(n, level)
    rng = keyed_stream(2, f"detectable {n}")
    scores = rng.standard_normal((400, n))

    def power(shift: float, ratio: float) -> float:
        ranks = _normal_cdf((scores + shift) / ratio)
        return float((~band.inside(ranks.T)).mean())

    shift = next((x for x in np.arange(0.05, 2.0, 0.05) if power(float(x), 1.0) >= POWER), math.nan)
    narrow = next((x for x in np.arange(0.95, 0.1, -0.025) if power(0.0, float(x)) >= POWER), math.nan)
    wide = next((x for x in np.arange(1.05, 4.0, 0.05) if power(0.0, float(x)) >= POWER), math.nan)
    return Detectable(round(float(shift), 3), round(float(narrow), 3), round(float(wide), 3))


@lru_cache(maxsize=1)
def _cdf_table() -> tuple[Array, Array]:
    unit = NormalDist()
    grid = np.linspace(-8.0, 8.0, 6401)
    return grid, np.array([unit.cdf(x) for x in grid])


def _normal_cdf(x: Array) -> Array:
    grid, levels = _cdf_table()
    return np.asarray(np.interp(x, grid, levels))


def binomial_band(n: int, share: float, level: float = 0.95) -> tuple[int, int]:
    """Fewest and most of n that fall inside an interval of the given share, with a probability of at least `level`."""
    k = np.arange(n + 1)
    ways = np.array([math.lgamma(n + 1) - math.lgamma(i + 1) - math.lgamma(n - i + 1) for i in k])
    mass = np.exp(ways + k * math.log(share) + (n - k) * math.log1p(-share))
    tail = (1.0 - level) / 2.0
    below = np.cumsum(mass)
    low = int(np.argmax(below > tail))
    high = int(np.argmax(below >= 1.0 - tail))
    return low, high
