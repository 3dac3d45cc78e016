"""The error of a count: negative-binomial with mean m and variance m + m²/phi, in closed form and without draws.

The distribution of a count before it is seen is the mean, over runs, of the negative-binomial distributions around
what each run recorded. Its distribution function is summed here term by term, so that nothing is drawn at random and
the same runs give the same digits.
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from typing import Any

import numpy as np

Array = np.ndarray[Any, np.dtype[Any]]

LEAST_MEAN = 1e-9
_CHUNK = 1 << 21
_TAIL_SD = 10.0
_log_gamma = np.frompyfunc(math.lgamma, 1, 1)


def log_density(counts: Array, means: Array, phi: Array) -> Array:
    """Logarithm of the probability of each count in each run.

    Parameters
    ----------
    counts : array of int, shape (counts,)
    means : array of float, shape (runs, counts)
        What each run recorded over the days of each count, 0 or more.
    phi : array of float, shape (runs,)
        Over-dispersion of each run's draw, above 0; the larger, the nearer to Poisson.

    Returns
    -------
    array, shape (runs, counts)
    """
    k, m, f = np.asarray(counts, float)[None, :], np.maximum(means, LEAST_MEAN), np.asarray(phi, float)[:, None]
    ways = (_log_gamma(k + f) - _log_gamma(f) - _log_gamma(k + 1.0)).astype(float)
    return np.asarray(ways - f * np.log1p(m / f) + k * (np.log(m) - np.log(f + m)))


def mean_cdf(counts: Array, means: Array, phi: Array) -> tuple[Array, Array]:
    """Probability, over runs and the error of counting, of fewer than each count and of at most each count.

    Parameters
    ----------
    counts, means, phi
        As in `log_density`.

    Returns
    -------
    (below, upto) : arrays of shape (counts,)
    """
    below, upto = np.zeros(len(counts)), np.zeros(len(counts))
    runs = len(phi)
    for rows, ways in _tables(phi, int(max(counts, default=0)) + 1):
        for i, count in enumerate(counts):
            mass = _mass(ways[:, : int(count) + 1], means[rows, i], phi[rows])
            last = mass[:, -1].sum()
            whole = mass.sum()
            below[i] += (whole - last) / runs
            upto[i] += whole / runs
    return np.clip(below, 0.0, 1.0), np.clip(upto, 0.0, 1.0)


def mean_quantiles(levels: Sequence[float], means: Array, phi: Array) -> Array:
    """Smallest counts at or below which the given shares of what may be counted lie.

    Parameters
    ----------
    levels : sequence of float
        In 0..1.
    means, phi
        As in `log_density`.

    Returns
    -------
    array of float, shape (levels, counts)
    """
    high = means.max(axis=0)
    spread = np.sqrt(high + high**2 / phi.min())
    tops = (high + _TAIL_SD * spread + _TAIL_SD).astype(int)
    mass = [np.zeros(top + 1) for top in tops]
    for rows, ways in _tables(phi, int(tops.max(initial=0)) + 1):
        for i, top in enumerate(tops):
            mass[i] += _mass(ways[:, : top + 1], means[rows, i], phi[rows]).sum(axis=0)
    out = np.empty((len(levels), len(tops)))
    for i, part in enumerate(mass):
        cumulated = np.cumsum(part)
        out[:, i] = np.searchsorted(cumulated / cumulated[-1], levels)
    return out


def _tables(phi: Array, size: int) -> Iterator[tuple[slice, Array]]:
    """log of Gamma(k + phi) / (Gamma(phi) k!) for k below `size`, a block of runs at a time to bound memory."""
    step = max(1, _CHUNK // max(size, 1))
    k = np.arange(size - 1, dtype=float)
    for first in range(0, len(phi), step):
        rows = slice(first, min(first + step, len(phi)))
        ways = np.zeros((rows.stop - first, size))
        np.cumsum(np.log((phi[rows, None] + k) / (k + 1.0)), axis=1, out=ways[:, 1:])
        yield rows, ways


def _mass(ways: Array, mean: Array, phi: Array) -> Array:
    """Probabilities of 0, 1, 2 ... in each run."""
    m = np.maximum(mean, LEAST_MEAN)[:, None]
    f = phi[:, None]
    k = np.arange(ways.shape[1], dtype=float)
    return np.asarray(np.exp(ways - f * np.log1p(m / f) + k * (np.log(m) - np.log(f + m))))


def mean_mass(means: Array, phi: Array, least: int) -> Array:
    """Probabilities of 0, 1, 2 ... of one count over runs, far enough to hold all but nothing of them.

    Parameters
    ----------
    means : array, shape (runs,)
    phi : array, shape (runs,)
    least : int
        A count that the result reaches at least.
    """
    spread = np.sqrt(means + means**2 / phi)
    top = int(max((means + _TAIL_SD * spread).max() + _TAIL_SD, least + 1))
    out = np.zeros(top + 1)
    for rows, ways in _tables(phi, top + 1):
        out += _mass(ways, means[rows], phi[rows]).sum(axis=0)
    return out / len(means)
