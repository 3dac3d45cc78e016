"""Count models with a Gaussian latent log-rate, fitted by nested Laplace approximation.

For a grid of hyperparameters the latent field and the coefficients are approximated by a Gaussian at their mode; the
grid points are weighted by their approximate evidence (Rue, Martino and Chopin 2009). A fit takes milliseconds, so
that checks and certification can refit thousands of times; `tregua.effect.posterior` holds it against full sampling.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt
from scipy.linalg import cho_factor, cho_solve, solve_triangular
from scipy.special import gammaln

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_STEPS = 60
SMALL_GAIN = 1e-9


@dataclass(frozen=True)
class CountModel:
    """A log-rate per day in cells, summed over the days of each count.

    count_i ~ Poisson or negative binomial with mean mu_i = sum_c overlap_ic exp(columns_c . beta + u_block(c)).

    Attributes
    ----------
    overlap : array, shape (counts, cells)
    columns : array, shape (cells, k)
    block : int array, shape (cells,)
        Which entry of the latent vector each cell takes.
    prior_mean, prior_sd : array, shape (k,)
    """

    overlap: Floats
    columns: Floats
    block: Ints
    prior_mean: Floats
    prior_sd: Floats


@dataclass(frozen=True)
class Hyper:
    """One point of the grid.

    Attributes
    ----------
    log_weight : float
        Logarithm of prior mass of the point.
    extra : float
        Coefficient of variation of the negative binomial beyond Poisson (1 / sqrt(phi)); 0 for Poisson.
    covariance : array, shape (blocks, blocks), or None
        Of the latent vector.
    values : mapping
        Names and values, for reports.
    """

    log_weight: float
    extra: float = 0.0
    covariance: Floats | None = None
    values: Mapping[str, float] = field(default_factory=dict)


@dataclass(frozen=True)
class Mixture:
    """A posterior as a weighted set of Gaussians over (beta, u).

    Attributes
    ----------
    weights : array, shape (points,)
    means : array, shape (points, k + blocks)
    factors : list of array
        Lower Cholesky factors of the precisions.
    hypers : tuple of Hyper
    log_evidence : float
    columns : int
        Number of coefficients at the front of the vector.
    """

    weights: Floats
    means: Floats
    factors: tuple[Floats, ...]
    hypers: tuple[Hyper, ...]
    log_evidence: float
    columns: int

    def draw(self, size: int, rng: np.random.Generator) -> tuple[Floats, Ints]:
        """Draws of (beta, u), shape (size, k + blocks), and the grid point of each."""
        counts = rng.multinomial(size, self.weights)
        parts = []
        for count, mean, factor in zip(counts, self.means, self.factors, strict=True):
            noise = rng.standard_normal((mean.size, count))
            parts.append(mean + solve_triangular(factor, noise, lower=True, trans="T").T)
        return np.concatenate(parts), np.repeat(np.arange(len(counts)), counts)

    def hyper_mean(self, name: str) -> float:
        """Posterior mean of a hyperparameter."""
        values = [float(hyper.values[name]) for hyper in self.hypers]
        return float(np.dot(self.weights, values))

    @property
    def mean(self) -> Floats:
        return np.asarray(self.weights @ self.means)


def log_likelihood(counts: Floats, mean: Floats, extra: float) -> float:
    """Log density of counts: Poisson, or negative binomial with variance mean + (extra * mean)^2."""
    if extra <= 0:
        return float(np.sum(counts * np.log(mean) - mean - gammaln(counts + 1)))
    size = extra**-2
    return float(
        np.sum(
            gammaln(counts + size)
            - gammaln(size)
            - gammaln(counts + 1)
            + counts * np.log(mean / (mean + size))
            - size * np.log1p(mean / size)
        )
    )


def nested_laplace(model: CountModel, counts: npt.ArrayLike, grid: Sequence[Hyper], keep: float = 1e-4) -> Mixture:
    """Fit a count model over a grid of hyperparameters.

    Parameters
    ----------
    model : CountModel
    counts : array, shape (counts,)
    grid : sequence of Hyper
        All with a latent covariance, or none.
    keep : float
        Grid points of less weight than this are dropped.

    Returns
    -------
    Mixture
    """
    y = np.asarray(counts, dtype=np.float64)
    width = model.columns.shape[1]
    blocks = 0 if grid[0].covariance is None else grid[0].covariance.shape[0]
    design = model.columns
    if blocks:
        design = np.hstack([model.columns, np.eye(blocks)[model.block]])
    centre = np.concatenate([model.prior_mean, np.zeros(blocks)])
    start = centre.copy()
    precision = np.zeros((width + blocks, width + blocks))
    precision[np.arange(width), np.arange(width)] = model.prior_sd**-2.0
    evidence, means, factors = [], [], []
    for hyper in grid:
        half_log_prior = -float(np.sum(np.log(model.prior_sd)))
        if hyper.covariance is not None:
            factor = np.linalg.cholesky(hyper.covariance)
            precision[width:, width:] = cho_solve((factor, True), np.eye(blocks))
            half_log_prior -= float(np.sum(np.log(np.diag(factor))))
        point, root, value = mode_of(model.overlap, design, y, hyper.extra, precision, centre, start)
        means.append(point)
        factors.append(root)
        evidence.append(hyper.log_weight + value + half_log_prior - float(np.sum(np.log(np.diag(root)))))
        start = point
    logs = np.array(evidence)
    top = float(logs.max())
    weights = np.exp(logs - top)
    total = float(weights.sum())
    weights /= total
    kept = [int(i) for i in np.flatnonzero(weights >= keep)]
    share = weights[kept] / weights[kept].sum()
    return Mixture(
        weights=share,
        means=np.array([means[i] for i in kept]),
        factors=tuple(factors[i] for i in kept),
        hypers=tuple(grid[i] for i in kept),
        log_evidence=top + float(np.log(total)),
        columns=width,
    )


def mode_of(
    overlap: Floats,
    design: Floats,
    y: Floats,
    extra: float,
    precision: Floats,
    centre: Floats,
    start: Floats,
) -> tuple[Floats, Floats, float]:
    """Mode of the log posterior by damped Fisher scoring.

    Parameters
    ----------
    overlap : array, shape (counts, cells)
    design : array, shape (cells, p)
    y : array, shape (counts,)
    extra : float
    precision, centre : array, shape (p, p) and (p,)
        Of the Gaussian prior.
    start : array, shape (p,)

    Returns
    -------
    tuple of array, array, float
        The point, the lower Cholesky factor of the curvature there, and the log posterior up to a constant.
    """
    x = start.copy()
    value, daily = _objective(overlap, design, y, extra, precision, centre, x)
    factor = np.eye(x.size)
    for _ in range(MOST_STEPS):
        mean = overlap @ daily
        slope = (overlap * daily) @ design
        weight = 1.0 / (mean + (extra * mean) ** 2)
        curvature = slope.T @ (slope * weight[:, None]) + precision
        gradient = slope.T @ ((y - mean) * weight) - precision @ (x - centre)
        root = cho_factor(curvature, lower=True, check_finite=False)
        factor = np.tril(root[0])
        step = cho_solve(root, gradient, check_finite=False)
        size = 1.0
        while size > 1e-4:
            trial, trial_daily = _objective(overlap, design, y, extra, precision, centre, x + size * step)
            if trial >= value - 1e-12:
                break
            size /= 2
        else:
            break
        gain = trial - value
        x, value, daily = x + size * step, trial, trial_daily
        if gain < SMALL_GAIN:
            break
    return x, factor, value


def _objective(
    overlap: Floats, design: Floats, y: Floats, extra: float, precision: Floats, centre: Floats, x: Floats
) -> tuple[float, Floats]:
    daily = np.exp(np.clip(design @ x, -30.0, 30.0))
    away = x - centre
    return log_likelihood(y, overlap @ daily, extra) - 0.5 * float(away @ precision @ away), daily


def half_normal_log(x: Floats | float, scale: float) -> Floats:
    """Log density of a half-normal, up to a constant."""
    return np.asarray(-0.5 * (np.asarray(x) / scale) ** 2, dtype=np.float64)


def spacing(points: Sequence[float]) -> Floats:
    """Width of the cell around each point of a grid: its share of a trapezoid rule."""
    values = np.asarray(points, dtype=np.float64)
    if values.size == 1:
        return np.ones(1)
    widths = np.empty_like(values)
    widths[1:-1] = (values[2:] - values[:-2]) / 2
    widths[0] = (values[1] - values[0]) / 2
    widths[-1] = (values[-1] - values[-2]) / 2
    return widths


EXTRA_POINTS = (0.004, 0.015, 0.03, 0.045, 0.06, 0.075, 0.09, 0.11, 0.13, 0.16, 0.2, 0.26, 0.35, 0.5)
SIGMA_POINTS = (0.02, 0.04, 0.06, 0.085, 0.115, 0.15, 0.2, 0.27, 0.38, 0.55)
RHO_POINTS = (0.05, 0.25, 0.45, 0.65, 0.8, 0.9, 0.97)
EXTRA_SCALE = 0.2
SIGMA_SCALE = 0.2
RHO_SHAPE = (2.0, 1.0)
"""Leans to long memory: with Beta(2, 2) a rate that walks was taken for an effect twice as often."""


def negative_binomial_grid(scale: float = EXTRA_SCALE) -> tuple[Hyper, ...]:
    """Overdispersion 1/sqrt(phi) ~ half-normal(scale)."""
    logs = half_normal_log(np.array(EXTRA_POINTS), scale) + np.log(spacing(EXTRA_POINTS))
    return tuple(
        Hyper(float(log), extra, None, {"extra": extra}) for extra, log in zip(EXTRA_POINTS, logs, strict=True)
    )


def serial_grid(blocks: int, scale: float = SIGMA_SCALE) -> tuple[Hyper, ...]:
    """A stationary first-order process: standard deviation ~ half-normal(scale), correlation ~ Beta(2, 1)."""
    lag = np.abs(np.subtract.outer(np.arange(blocks), np.arange(blocks)))
    sigma_logs = half_normal_log(np.array(SIGMA_POINTS), scale) + np.log(spacing(SIGMA_POINTS))
    a, b = RHO_SHAPE
    rho = np.array(RHO_POINTS)
    rho_logs = (a - 1) * np.log(rho) + (b - 1) * np.log1p(-rho) + np.log(spacing(RHO_POINTS))
    out = []
    for r, rho_log in zip(RHO_POINTS, rho_logs, strict=True):
        shape = r ** lag.astype(np.float64)
        for sigma, sigma_log in zip(SIGMA_POINTS, sigma_logs, strict=True):
            out.append(
                Hyper(float(sigma_log + rho_log), 0.0, sigma**2 * shape, {"sigma": float(sigma), "rho": float(r)})
            )
    return tuple(out)


WALK_POINTS = (0.004, 0.012, 0.025, 0.04, 0.06, 0.085, 0.12, 0.18, 0.27)
WALK_SCALE = 0.05
SPREAD_POINTS = (0.004, 0.02, 0.04, 0.06, 0.085, 0.115, 0.16, 0.25, 0.4)


def walk_steps(blocks: int) -> Floats:
    """Matrix that sums independent steps into a walk that ends at 0: shape (blocks, blocks - 1).

    The walk is anchored at its last block, where the coefficients are anchored too.
    """
    return -np.triu(np.ones((blocks, blocks - 1)))


def structural_grid(blocks: int, scale: float = 1.0) -> tuple[Hyper, ...]:
    """A level that walks at random, step per block ~ half-normal, and negative binomial counts around it."""
    steps = walk_steps(blocks)
    # the last block has no variance of its own: the level there is the coefficient
    walk = steps @ steps.T + 1e-6 * np.eye(blocks)
    walk_logs = half_normal_log(np.array(WALK_POINTS), WALK_SCALE * scale) + np.log(spacing(WALK_POINTS))
    extra_logs = half_normal_log(np.array(SPREAD_POINTS), EXTRA_SCALE * scale) + np.log(spacing(SPREAD_POINTS))
    out = []
    for tau, tau_log in zip(WALK_POINTS, walk_logs, strict=True):
        for extra, extra_log in zip(SPREAD_POINTS, extra_logs, strict=True):
            out.append(Hyper(float(tau_log + extra_log), extra, tau**2 * walk, {"tau": tau, "extra": extra}))
    return tuple(out)
