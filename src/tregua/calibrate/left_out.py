"""Counts left out one at a time: what the others expect of each, and how many fall inside.

A count that was fitted is expected too well by draws that have seen it, and histories that redraw their mood are wider
than the one that was counted. Leaving each count out is neither: draws are weighted by one over what they gave that
count, weights cut at the root of their number times their mean (Ionides, *J. Comp. Graph. Stat.* 17, 2008), and its
place in the weighted distribution is uniform where the fit is right.
"""

from __future__ import annotations

import math
from typing import Any

import numpy as np

from tregua.calibrate.figures import NEAR_NOTHING
from tregua.calibrate.fit import Fit
from tregua.calibrate.likelihood import log_gamma

Array = np.ndarray[Any, np.dtype[Any]]

LOOKED_AT = 1000
"""Draws that are weighted."""
_CELLS = 1 << 21


def left_out_places(found: Fit) -> Array:
    """Place of every fitted count among what the other figures expect (0..1, ties halved), shape (counts,)."""
    procedure = found.procedure
    states = found.chains.states[0].reshape(-1, found.chains.states.shape[-1])
    states = states[:: max(1, len(states) // LOOKED_AT)][:LOOKED_AT]
    figures = procedure.bank.figures
    mean, over = procedure.likelihood.expected(states)
    counts = np.round(np.exp(figures.scaled[: figures.counts]) - NEAR_NOTHING)
    out = np.empty(len(counts))
    for i, count in enumerate(counts):
        mu, r = mean[:, i], over[:, i]
        log_one = _log_mass(np.array([count]), mu, r)[:, 0]
        weights = np.exp(np.min(log_one) - log_one)
        weights = np.minimum(weights, math.sqrt(len(weights)) * weights.mean())
        below = np.zeros(len(mu))
        step = max(1, _CELLS // len(mu))
        for first in range(0, int(count), step):
            k = np.arange(first, min(first + step, int(count)), dtype=float)
            below += np.exp(_log_mass(k, mu, r)).sum(axis=1)
        place = below + 0.5 * np.exp(log_one)
        out[i] = float((weights * place).sum() / weights.sum())
    return out


def _log_mass(k: Array, mu: Array, r: Array) -> Array:
    """Log probability of counts under negative-binomial distributions, shape (draws, counts)."""
    m, f, n = mu[:, None], r[:, None], k[None, :]
    ways = log_gamma(n + f) - log_gamma(np.broadcast_to(f, (len(r), 1))) - log_gamma(n + 1.0)
    return np.asarray(ways + f * np.log(f / (f + m)) + n * np.log(m / (f + m)))
