"""The likelihood of the figures: an emulator's mean and chance, and the error of counting around them.

The state of a chain is the scores of the parameters, then the common factors of chance, all standard normal before the
figures are seen. Given both, every figure stands alone: a count is negative-binomial with the over-dispersion phi of
the institutions' counting, widened by the chance of its own; a target is normal on its scale with its stated error,
widened likewise. Value and derivative come together, for many chains and many sets of figures at once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from tregua.calibrate.coordinate import Coordinates
from tregua.calibrate.emulator import Emulator
from tregua.calibrate.figures import NEAR_NOTHING

Array = np.ndarray[Any, np.dtype[Any]]

PHI = "phi"
LEAST_MEAN = 0.05


@dataclass(frozen=True)
class Likelihood:
    """Log density of figures given scores and common chance.

    Attributes
    ----------
    emulator : Emulator
    coordinates : Coordinates
        Of all parameters that are fitted; those of the emulator first, in its order, then phi.
    counts : int
        How many of the figures are counts; they come first.
    errors : array, shape (figures,)
        Stated errors of the targets.
    """

    emulator: Emulator
    coordinates: Coordinates
    counts: int
    errors: Array

    @property
    def parameters(self) -> int:
        return len(self.coordinates.names)

    @property
    def size(self) -> int:
        """Length of a state."""
        return self.parameters + int(self.emulator.loadings.shape[1])

    def __call__(self, state: Array, figures: Array) -> tuple[Array, Array]:
        """Log likelihood and its derivative.

        Parameters
        ----------
        state : array, shape (rows, size)
        figures : array, shape (rows, figures)
            On their scale, a set of figures for each row.

        Returns
        -------
        (value, slope) : arrays of shapes (rows,) and (rows, size)
        """
        e, n = self.emulator, self.counts
        inner = len(e.names)
        scores, common = state[:, :inner], state[:, self.parameters :]
        raw_mean, kept_mean = e.mean.forward(scores)
        raw_spread, kept_spread = e.spread.forward(scores)
        inside = np.abs(raw_spread) < 4.0
        spread = e.unit * np.exp(np.clip(raw_spread, -4.0, 4.0).astype(float))
        shared = common @ e.loadings.T
        lift = spread * shared
        centre = e.centre + e.scale * raw_mean.astype(float) + lift
        own = spread**2 * e.own

        phi, phi_slope = self.coordinates.slope(PHI, state[:, self.parameters - 1])
        k = np.round(np.exp(figures[:, :n]) - NEAR_NOTHING)
        top = np.clip(centre[:, :n] + 0.5 * own[:, :n], -3.0, 14.0)
        whole = np.exp(top)
        mu = np.maximum(whole - NEAR_NOTHING, LEAST_MEAN)
        r = 1.0 / (1.0 / phi[:, None] + own[:, :n])
        both = r + mu
        value = (log_gamma(k + r) - log_gamma(r) - log_gamma(k + 1.0)) + r * np.log(r / both) + k * np.log(mu / both)
        by_mu = k / mu - (k + r) / both
        by_r = digamma(k + r) - digamma(r) + np.log(r / both) + 1.0 - (k + r) / both
        by_own = -by_r * r**2
        by_top = by_mu * whole

        wide = self.errors[n:] ** 2 + own[:, n:]
        off = figures[:, n:] - centre[:, n:]
        normal = -0.5 * (off**2 / wide + np.log(2.0 * np.pi * wide))
        by_centre = np.concatenate([by_top, off / wide], axis=1)
        by_variance = np.concatenate([by_own + 0.5 * by_top, 0.5 * (off**2 / wide - 1.0) / wide], axis=1)

        total = value.sum(axis=1) + normal.sum(axis=1)
        by_log_spread = by_centre * lift + by_variance * 2.0 * own
        slope = np.zeros_like(state)
        slope[:, :inner] = e.mean.backward(kept_mean, by_centre * e.scale)
        slope[:, :inner] += e.spread.backward(kept_spread, np.where(inside, by_log_spread, 0.0))
        slope[:, self.parameters - 1] = by_own.sum(axis=1) / -(phi**2) * phi_slope
        slope[:, self.parameters :] = (by_centre * spread) @ e.loadings
        return total, slope

    def expected(self, state: Array) -> tuple[Array, Array]:
        """Mean and over-dispersion of every count given scores and common chance, shapes (rows, counts)."""
        e, n = self.emulator, self.counts
        mean, spread = e.predict(state[:, : len(e.names)])
        own = (spread**2 * e.own)[:, :n]
        centre = (mean + spread * (state[:, self.parameters :] @ e.loadings.T))[:, :n]
        phi, _ = self.coordinates.slope(PHI, state[:, self.parameters - 1])
        mu = np.maximum(np.exp(np.clip(centre + 0.5 * own, -3.0, 14.0)) - NEAR_NOTHING, LEAST_MEAN)
        return mu, 1.0 / (1.0 / phi[:, None] + own)


def simulate_figures(read: Array, phi: Array, counts: int, errors: Array, rng: np.random.Generator) -> Array:
    """Figures as institutions would have published them, from what histories recorded; both on their scale.

    Parameters
    ----------
    read : array, shape (histories, figures)
    phi : array, shape (histories,)
    counts : int
    errors : array, shape (figures,)
    rng : Generator
    """
    out = read + errors * rng.standard_normal(read.shape)
    mean = np.maximum(np.exp(read[:, :counts]) - NEAR_NOTHING, 0.0)
    rate = mean * rng.gamma(phi[:, None], 1.0 / phi[:, None], mean.shape)
    out[:, :counts] = np.log(rng.poisson(rate) + NEAR_NOTHING)
    return out


_SHIFT = 7


def log_gamma(x: Array) -> Array:
    """Logarithm of the gamma function for x > 0, by Stirling's series after a shift; relative error near 1e-14."""
    product = np.ones_like(x)
    for j in range(_SHIFT):
        product = product * (x + j)
    y = x + _SHIFT
    inverse = 1.0 / (y * y)
    series = (1.0 / 12.0 - inverse * (1.0 / 360.0 - inverse * (1.0 / 1260.0 - inverse / 1680.0))) / y
    return np.asarray((y - 0.5) * np.log(y) - y + 0.5 * np.log(2.0 * np.pi) + series - np.log(product))


def digamma(x: Array) -> Array:
    """Derivative of `log_gamma`."""
    lost = np.zeros_like(x)
    for j in range(_SHIFT):
        lost = lost + 1.0 / (x + j)
    y = x + _SHIFT
    inverse = 1.0 / (y * y)
    return np.asarray(np.log(y) - 0.5 / y - inverse * (1.0 / 12.0 - inverse * (1.0 / 120.0 - inverse / 252.0)) - lost)
