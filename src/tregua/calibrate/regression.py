"""The procedure that was compared and not chosen: regression-adjusted rejection on the same bank.

Figures are summarised by a network's estimate of the scores (Fearnhead and Prangle, *J. R. Stat. Soc. B* 74, 2012); the
histories whose summaries lie nearest are kept and adjusted along a local straight line (Beaumont, Zhang and Balding,
*Genetics* 162, 2002). Quick and honest, and wider than the likelihood; kept so that the comparison can be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from tregua.calibrate.network import Network, Training, train

Array = np.ndarray[Any, np.dtype[Any]]

KEPT = 1000
"""Histories nearest to the figures."""


@dataclass(frozen=True, eq=False)
class Regression:
    """A bank with simulated figures, summarised.

    Attributes
    ----------
    network : Network
    centre, scale : array, shape (figures,)
    scores, summaries : array, shape (histories, names)
    """

    network: Network
    centre: Array
    scale: Array
    scores: Array
    summaries: Array

    def draws(self, figures: Array) -> tuple[Array, Array]:
        """Adjusted scores and their weights for one set of figures, shapes (kept, names) and (kept,)."""
        here = self.network(((figures - self.centre) / self.scale)[None, :])[0].astype(float)
        unit = self.summaries.std(axis=0)
        distance = np.sqrt((((self.summaries - here) / unit) ** 2).sum(axis=1))
        near = np.argpartition(distance, KEPT)[:KEPT]
        weights = np.maximum(1.0 - (distance[near] / distance[near].max()) ** 2, 0.0)
        away = np.column_stack([np.ones(KEPT), self.summaries[near] - here])
        left = away.T * weights
        slope = np.linalg.solve(left @ away + 1e-6 * np.eye(away.shape[1]), left @ self.scores[near])
        return self.scores[near] - away[:, 1:] @ slope[1:], weights / weights.sum()


def regress(scores: Array, figures: Array, seed: int, plan: Training | None = None) -> Regression:
    """Learn the summaries from a bank.

    Parameters
    ----------
    scores : array, shape (histories, names)
    figures : array, shape (histories, figures)
        With the error of counting, on their scale.
    seed : int
    plan : Training, optional
    """
    centre, scale = figures.mean(axis=0), np.maximum(figures.std(axis=0), 1e-9)
    with threadpool_limits(1):
        network = train((figures - centre) / scale, scores, plan or Training(width=96, rounds=20), seed)
        summaries = network((figures - centre) / scale).astype(float)
    return Regression(network, centre, scale, scores, summaries)


def effective_weights(log_likelihood: Array) -> float:
    """Effective number of histories of a bank that is weighted by the likelihood of the figures."""
    weights = np.exp(log_likelihood - log_likelihood.max())
    return float(weights.sum() ** 2 / (weights**2).sum())
