"""Interrupted counts: did the rate step away from its own past when a phase began?

The log of the rate per day is

    level + trend * t + sum over phases (step + slope * (t - start)) + harmonics + u(month)

and each count has the mean that this rate sums to over its own days, a set of spans included. Two likelihoods, never
both at once: ``serial`` is Poisson with a stationary first-order u; ``negbin`` is negative binomial without u.
The rate expected without the break keeps level, trend, harmonics and u, and drops the terms of the phases.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

import numpy as np
import numpy.typing as npt

from tregua.effect.design import CountOver, Design, PhaseWindow
from tregua.effect.grid import YEAR, DayGrid, by_month, day_grid
from tregua.effect.laplace import (
    EXTRA_SCALE,
    SIGMA_SCALE,
    CountModel,
    Hyper,
    Mixture,
    negative_binomial_grid,
    nested_laplace,
    serial_grid,
)

Floats = npt.NDArray[np.float64]

NEGBIN, SERIAL = "negbin", "serial"
LIKELIHOODS = (NEGBIN, SERIAL)
MOST_COUNTS = 240
SEASON_SPAN = 100
MIN_SLOPE_COUNTS = 4
DRAWS = 4000


@dataclass(frozen=True)
class Priors:
    """Standard deviations of the priors, on the log scale.

    Attributes
    ----------
    trend : float
        Of the trend, per year.
    step : float
        Of the step of a phase.
    slope : float
        Of the change of slope within a phase, per year.
    harmonic : float
        Of each harmonic: shrunken, because months are too few to learn a season.
    scale : float
        Multiplies the scales of overdispersion and of serial correlation.
    """

    trend: float = 0.2
    step: float = 1.0
    slope: float = 0.3
    harmonic: float = 0.05
    scale: float = 1.0

    def times(self, factor: float) -> Priors:
        """All priors wider or narrower by `factor`, the level apart."""
        return Priors(
            self.trend * factor, self.step * factor, self.slope * factor, self.harmonic * factor, self.scale * factor
        )


@dataclass(frozen=True)
class InterruptedModel:
    """The matrices of one design.

    Attributes
    ----------
    counts : tuple of CountOver
        As estimated: by month where the file has more than `MOST_COUNTS` rows.
    names : tuple of str
        Of the columns: level, trend, step.1, slope.1 ..., cos.1, sin.1, ..., institution.
    of_phases : bool array, shape (columns,)
        Columns that the rate expected without the break drops.
    """

    design: Design
    counts: tuple[CountOver, ...]
    grid: DayGrid
    model: CountModel
    names: tuple[str, ...]
    of_phases: npt.NDArray[np.bool_]

    @property
    def values(self) -> Floats:
        """The counts themselves."""
        return np.array([count.count for count in self.counts], dtype=np.float64)


def interrupted_model(
    design: Design,
    priors: Priors | None = None,
    *,
    trend: bool = True,
    slopes: bool = True,
    harmonics: int = 2,
    institution: str = "",
) -> InterruptedModel:
    """Build the matrices of a design.

    Parameters
    ----------
    design : Design
    priors : Priors, optional
    trend, slopes : bool
        Whether the rate has a trend of its own, and phases a change of slope.
    harmonics : {0, 1, 2}
        Most yearly harmonics; none where counts are long or the time before is shorter than two years.
    institution : str
        Adds a shrunken level for counts of exactly this institution (for the check that compares institutions).
    """
    priors = priors or Priors()
    counts = design.series.counts
    starts = [phase.start for phase in design.phases.phases]
    if len(counts) > MOST_COUNTS:
        counts = by_month(counts, starts)
    grid = day_grid(counts, starts)
    years = (grid.middle - (design.phases.break_day.toordinal() - grid.first[0])) / YEAR
    total = sum(count.count for count in counts)
    days = sum(count.days for count in counts)
    columns: list[Floats] = [np.ones_like(years)]
    names = ["level"]
    means = [float(np.log(max(total, 1) / days))]
    scales = [3.0]
    if trend:
        columns.append(years)
        names.append("trend")
        means.append(0.0)
        scales.append(priors.trend)
    for window in design.windows:
        if window.kind == "before":
            continue
        inside = grid.in_days(window.start, window.end).astype(np.float64)
        columns.append(inside)
        names.append(f"step.{window.number}")
        means.append(0.0)
        scales.append(priors.step)
        if slopes and _counts_within(counts, window) >= MIN_SLOPE_COUNTS:
            since = (grid.first + grid.days / 2 - window.start.toordinal()) / YEAR
            columns.append(inside * since)
            names.append(f"slope.{window.number}")
            means.append(0.0)
            scales.append(priors.slope)
    for wave in range(1, _harmonics(design, counts, harmonics) + 1):
        angle = 2 * np.pi * wave * (grid.first + grid.days / 2) / YEAR
        columns += [np.cos(angle), np.sin(angle)]
        names += [f"cos.{wave}", f"sin.{wave}"]
        means += [0.0, 0.0]
        scales += [priors.harmonic] * 2
    if institution:
        mine = np.array([count.institution == institution for count in counts])
        columns.append((grid.overlap[mine].sum(axis=0) > 0).astype(np.float64))
        names.append("institution")
        means.append(0.0)
        scales.append(0.05)
    model = CountModel(
        grid.overlap, np.column_stack(columns), grid.block, np.array(means), np.array(scales, dtype=np.float64)
    )
    dropped = np.array([name.startswith(("step.", "slope.")) for name in names])
    return InterruptedModel(design, tuple(counts), grid, model, tuple(names), dropped)


def _counts_within(counts: Sequence[CountOver], window: PhaseWindow) -> int:
    return sum(1 for count in counts if count.start >= window.start and count.end <= window.end)


def _harmonics(design: Design, counts: Sequence[CountOver], most: int) -> int:
    before = [count for count in counts if count.end < design.phases.break_day]
    short = [count for count in before if count.days <= SEASON_SPAN]
    if (design.phases.break_day - design.series.start).days < 2 * YEAR or len(short) < 8:
        return 0
    return most


@dataclass(frozen=True)
class Ratio:
    """A rate ratio over a window, with the homicides below (above, if negative) what was expected there.

    Attributes
    ----------
    start, end : date
    value, lo, hi : float
        Posterior median and the ends of the central interval.
    fewer, fewer_lo, fewer_hi : float
        Expected less fitted, summed over the days of the window.
    level : float
        Probability of the interval.
    log_sd : float
        Posterior standard deviation of the log ratio.
    """

    start: date
    end: date
    value: float
    lo: float
    hi: float
    fewer: float
    fewer_lo: float
    fewer_hi: float
    level: float = 0.95
    log_sd: float = 0.0

    @property
    def excludes_one(self) -> bool:
        return self.hi < 1.0 or self.lo > 1.0


@dataclass(frozen=True)
class Draws:
    """Posterior draws of an interrupted model.

    Attributes
    ----------
    beta : array, shape (draws, columns)
    latent : array, shape (draws, blocks) or (draws, 0)
    extra : array, shape (draws,)
        Overdispersion 1/sqrt(phi) of the negative binomial, 0 where there is none.
    sigma, rho : array, shape (draws,)
        Of the serial correlation, 0 where there is none.
    """

    beta: Floats
    latent: Floats
    extra: Floats
    sigma: Floats
    rho: Floats


@dataclass(frozen=True)
class InterruptedFit:
    """A fitted model: the draws and where they came from (``laplace`` or ``nuts``)."""

    matrices: InterruptedModel
    likelihood: str
    draws: Draws
    method: str
    log_evidence: float = float("nan")

    def log_rates(self) -> tuple[Floats, Floats]:
        """Log-rate per day in each cell, with the phases and without: two arrays of shape (draws, cells)."""
        m = self.matrices
        own = self.draws.beta @ m.model.columns.T
        without = self.draws.beta[:, ~m.of_phases] @ m.model.columns[:, ~m.of_phases].T
        if self.draws.latent.shape[1]:
            u = self.draws.latent[:, m.model.block]
            own, without = own + u, without + u
        return own, without

    def ratio(self, start: date | None = None, end: date | None = None, level: float = 0.95) -> Ratio:
        """Rate ratio between two days (the active phase, unless told otherwise)."""
        window = self.matrices.design.active
        start, end = start or window.start, end or window.end
        within = self.matrices.grid.days_between(start, end)
        cells = within > 0
        days = within[cells]
        own, without = self.log_rates()
        fitted = np.exp(own[:, cells]) @ days
        expected = np.exp(without[:, cells]) @ days
        return ratio_of(start, end, fitted, expected, level)

    def means(self) -> Floats:
        """Mean of each count, shape (draws, counts)."""
        own, _ = self.log_rates()
        return np.asarray(np.exp(own) @ self.matrices.grid.overlap.T)

    def expected(self) -> Floats:
        """Mean of each count without the break, shape (draws, counts)."""
        _, without = self.log_rates()
        return np.asarray(np.exp(without) @ self.matrices.grid.overlap.T)

    def coefficient(self, name: str, level: float = 0.95) -> tuple[float, float, float]:
        """Median and interval of one coefficient."""
        values = self.draws.beta[:, self.matrices.names.index(name)]
        low, mid, high = np.quantile(values, [(1 - level) / 2, 0.5, (1 + level) / 2])
        return float(mid), float(low), float(high)

    def plain_means(self) -> Floats:
        """Mean of each count with the serial part set to 0, averaged over draws: shape (counts,)."""
        m = self.matrices
        own = np.exp(self.draws.beta @ m.model.columns.T) @ m.grid.overlap.T
        return np.asarray(own.mean(axis=0))

    def replicate(self, rng: np.random.Generator, size: int = 500) -> Floats:
        """Simulated counts from the posterior with a serial part drawn afresh, shape (size, counts).

        A serial part taken from the posterior follows the very counts that it is to be compared with.
        """
        m = self.matrices
        rows = np.linspace(0, len(self.draws.beta) - 1, size).astype(int)
        log_rate = self.draws.beta[rows] @ m.model.columns.T
        if self.likelihood == SERIAL:
            sigma, rho = self.draws.sigma[rows], self.draws.rho[rows]
            fresh = rng.standard_normal((size, m.grid.blocks))
            u = np.empty_like(fresh)
            u[:, 0] = fresh[:, 0]
            for step in range(1, m.grid.blocks):
                u[:, step] = rho * u[:, step - 1] + np.sqrt(1 - rho**2) * fresh[:, step]
            log_rate = log_rate + (sigma[:, None] * u)[:, m.model.block]
        return draw_counts(np.exp(log_rate) @ m.grid.overlap.T, self.draws.extra[rows], rng)


def ratio_of(start: date, end: date, fitted: Floats, expected: Floats, level: float = 0.95) -> Ratio:
    """Summarise draws of what was fitted and what was expected."""
    tails = [(1 - level) / 2, 0.5, (1 + level) / 2]
    logs = np.log(fitted / expected)
    lo, mid, hi = np.exp(np.quantile(logs, tails))
    low, middle, high = np.quantile(expected - fitted, tails)
    return Ratio(
        start,
        end,
        float(mid),
        float(lo),
        float(hi),
        float(middle),
        float(low),
        float(high),
        level,
        float(np.std(logs)),
    )


def draw_counts(means: Floats, extra: Floats, rng: np.random.Generator) -> Floats:
    """Poisson counts, or negative binomial where `extra` (one a row) is above 0."""
    rates = means.copy()
    rows = extra > 1e-6
    if rows.any():
        shape = (extra[rows] ** -2.0)[:, None] * np.ones_like(means[rows])
        rates[rows] = rng.gamma(shape) / shape * means[rows]
    return np.asarray(rng.poisson(np.minimum(rates, 1e12)), dtype=np.float64)


def hyper_grid(likelihood: str, blocks: int, priors: Priors) -> tuple[Hyper, ...]:
    """Hyperparameters of a likelihood."""
    if likelihood == NEGBIN:
        return negative_binomial_grid(EXTRA_SCALE * priors.scale)
    return serial_grid(blocks, SIGMA_SCALE * priors.scale)


def fit_fast(
    matrices: InterruptedModel,
    likelihood: str = NEGBIN,
    *,
    priors: Priors | None = None,
    seed: int = 1,
    draws: int = DRAWS,
) -> InterruptedFit:
    """Fit by nested Laplace approximation: milliseconds, for checks and certification.

    Parameters
    ----------
    matrices : InterruptedModel
    likelihood : {"negbin", "serial"}
    seed, draws : int
        Of the draws from the approximate posterior.
    """
    grid = hyper_grid(likelihood, matrices.grid.blocks, priors or Priors())
    mixture = nested_laplace(matrices.model, matrices.values, grid)
    return InterruptedFit(
        matrices,
        likelihood,
        _draws_of(mixture, np.random.default_rng(seed), draws),
        "laplace",
        mixture.log_evidence,
    )


def _draws_of(mixture: Mixture, rng: np.random.Generator, size: int) -> Draws:
    points, which = mixture.draw(size, rng)
    extra = np.array([hyper.extra for hyper in mixture.hypers])[which]
    sigma, rho = (np.array([h.values.get(name, 0.0) for h in mixture.hypers])[which] for name in ("sigma", "rho"))
    return Draws(points[:, : mixture.columns], points[:, mixture.columns :], extra, sigma, rho)


def with_counts(matrices: InterruptedModel, values: npt.ArrayLike) -> InterruptedModel:
    """The same design with other counts: a simulated world shaped like the real one."""
    numbers = np.asarray(values)
    pairs = zip(matrices.counts, numbers, strict=True)
    return replace(matrices, counts=tuple(replace(count, count=int(value)) for count, value in pairs))
