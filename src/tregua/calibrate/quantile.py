"""Quantiles over runs, with the Monte-Carlo error of each.

Errors are those of clustered order statistics (Woodruff, *J. Am. Stat. Assoc.* 47, 1952): the share of runs below a
quantile has an error, taken between draws because replicates of chance inside a draw are alike, and the quantiles at
that many errors on either side bound the quantile. Two errors are used for the median, one for the ends.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

LEVELS = (0.05, 0.25, 0.5, 0.75, 0.95)


@dataclass(frozen=True)
class Quantiles:
    """Where the values of a statistic lie over runs.

    Attributes
    ----------
    n : int
        Runs in which it is defined.
    q05, q25, q50, q75, q95 : float
        By linear interpolation; NaN where `n` is 0. Infinite where that share of runs is.
    mcse, mcse_ends : float
        Monte-Carlo standard error of the median, and the larger one of the two ends; NaN below two draws.
    """

    n: int
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    mcse: float
    mcse_ends: float


def quantiles(values: Array, draws: Array) -> Quantiles:
    """Quantiles of one statistic.

    Parameters
    ----------
    values : array of float, shape (runs,)
        NaN where the statistic is not defined in a run; infinite values keep their place in the order.
    draws : array of int, shape (runs,)
        Draw of each run; the runs of one draw form a cluster.
    """
    known = ~np.isnan(values)
    x, cluster = values[known], draws[known]
    n = len(x)
    if n == 0:
        nan = math.nan
        return Quantiles(0, nan, nan, nan, nan, nan, nan, nan)
    ordered = np.sort(x)
    at = [_at(ordered, level) for level in LEVELS]
    _, number = np.unique(cluster, return_inverse=True)
    low, middle, high = (
        _error(ordered, x, number, level, quantile, errors)
        for level, quantile, errors in ((0.05, at[0], 1.0), (0.5, at[2], 2.0), (0.95, at[4], 1.0))
    )
    return Quantiles(n, at[0], at[1], at[2], at[3], at[4], middle, max(low, high))


def _at(ordered: Array, level: float) -> float:
    place = min(max(level, 0.0), 1.0) * (len(ordered) - 1)
    below = math.floor(place)
    part = place - below
    low = float(ordered[below])
    if part == 0.0:
        return low
    high = float(ordered[below + 1])
    # Spelt out because infinity less infinity is no number.
    return low if low == high else low + part * (high - low)


def _error(ordered: Array, x: Array, number: Array, level: float, quantile: float, errors: float) -> float:
    """Error of one quantile; `number` counts the draw of each run from zero."""
    excess = np.bincount(number, weights=(x <= quantile) - level)
    draws = len(excess)
    if draws < 2:
        return math.nan
    # Centred: the share at or below a sample quantile is not exactly its level.
    share = math.sqrt(draws / (draws - 1) * float(((excess - excess.mean()) ** 2).sum())) / len(x)
    return (_at(ordered, level + errors * share) - _at(ordered, level - errors * share)) / (2.0 * errors)
