"""The emulator: what the model would record for given parameters, with the chance around it, learnt from a bank.

Three parts: a network for the mean of every figure on its scale, a network for the standard deviation that chance
gives it, and common factors of chance (a mood or a scandal moves many months together). What is left of the chance of
one figure is its own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from threadpoolctl import threadpool_limits

from tregua.calibrate.network import Network, Training, train

Array = np.ndarray[Any, np.dtype[Any]]

FACTORS = 5
CHECKED = 0.1
"""Share of the bank that is kept out of the training and corrects the spread."""
LEAST_SPREAD = 1e-3
_SPREAD_PLAN = Training(width=32, rounds=16, rate=2e-3, shrink=0.02)


@dataclass(frozen=True)
class Emulator:
    """Mean, spread and common chance of every figure.

    Attributes
    ----------
    names : tuple of str
        Parameters whose scores it takes, in order.
    mean, spread : Network
    centre, scale : array, shape (figures,)
        Units of the outputs of `mean`.
    unit : array, shape (figures,)
        Standard deviation of chance over the bank: unit of `spread`.
    loadings : array, shape (figures, factors)
        Of each figure's chance, in standard deviations, on the common factors.
    own : array, shape (figures,)
        Share of the variance of chance that is a figure's own.
    explained : array, shape (figures,)
        Share of the variance over the bank, of histories kept out of the training, that the mean explains.
    """

    names: tuple[str, ...]
    mean: Network
    spread: Network
    centre: Array
    scale: Array
    unit: Array
    loadings: Array
    own: Array
    explained: Array

    def predict(self, scores: Array) -> tuple[Array, Array]:
        """Mean and standard deviation of every figure, shapes (rows, figures)."""
        return self.centre + self.scale * self.mean(scores), self.unit * np.exp(np.clip(self.spread(scores), -4, 4))


def learn(
    names: tuple[str, ...], scores: Array, read: Array, seed: int, plan: Training | None = None, factors: int = FACTORS
) -> Emulator:
    """Learn an emulator from a bank.

    Parameters
    ----------
    names : tuple of str
    scores : array, shape (histories, names)
    read : array, shape (histories, figures)
        What each history recorded, on the scale of each figure.
    seed : int
    plan : Training, optional
    factors : int
        Common factors of chance.
    """
    with threadpool_limits(1):
        return _learn(names, scores, read, seed, plan or Training(), factors)


def _learn(names: tuple[str, ...], scores: Array, read: Array, seed: int, plan: Training, factors: int) -> Emulator:
    kept = len(scores) - max(1, int(CHECKED * len(scores)))
    centre, scale = read[:kept].mean(axis=0), np.maximum(read[:kept].std(axis=0), LEAST_SPREAD)
    mean = train(scores[:kept], (read[:kept] - centre) / scale, plan, seed)
    residual = read - (centre + scale * mean(scores))
    unit = np.maximum(residual[:kept].std(axis=0), LEAST_SPREAD)
    spread = train(scores[:kept], residual[:kept] / unit, _SPREAD_PLAN, seed + 1, spread=True)
    told = unit * np.exp(np.clip(spread(scores), -4, 4))
    # Residuals of histories that were trained on are a little too small: the others set the size.
    unit = unit * np.sqrt(((residual[kept:] / told[kept:]) ** 2).mean(axis=0))
    told = unit * np.exp(np.clip(spread(scores), -4, 4))
    common = np.clip(residual / told, -6.0, 6.0)
    loadings, own = factor(np.corrcoef(common.T), factors)
    explained = 1.0 - (residual[kept:] ** 2).mean(axis=0) / np.maximum(read[kept:].var(axis=0), 1e-12)
    return Emulator(names, mean, spread, centre, scale, unit, loadings, own, explained)


def factor(correlation: Array, factors: int, rounds: int = 60) -> tuple[Array, Array]:
    """Loadings on common factors and the share that is left to each variable (principal factors, iterated)."""
    own = np.full(len(correlation), 0.5)
    loadings = np.zeros((len(correlation), factors))
    for _ in range(rounds):
        reduced = correlation - np.diag(own)
        values, vectors = np.linalg.eigh(reduced)
        order = np.argsort(values)[::-1][:factors]
        loadings = vectors[:, order] * np.sqrt(np.maximum(values[order], 0.0))
        own = np.clip(1.0 - (loadings**2).sum(axis=1), 0.02, 1.0)
    turn = np.sign(loadings.sum(axis=0))
    return loadings * np.where(turn == 0, 1.0, turn), own
