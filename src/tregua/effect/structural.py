"""Structural time series for counts: what the time before, continued, would have counted.

Only counts wholly before the break are fitted: a level that walks at random by the month, a shrunken trend and
shrunken harmonics, and negative binomial counts around them. The path is then continued over the own days of each
later count, with everything unknown about it (level, trend, further walk, chance of counting), and compared with
what was counted (in the manner of Brodersen et al. 2015, with a likelihood of counts).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt

from tregua.effect.design import CountOver, Design
from tregua.effect.grid import DayGrid
from tregua.effect.interrupted import Draws, Priors, Ratio, draw_counts, interrupted_model, ratio_of
from tregua.effect.laplace import CountModel, nested_laplace, structural_grid
from tregua.effect.posterior import STRUCTURAL_KIND, Job, Posterior, prepared

Floats = npt.NDArray[np.float64]


@dataclass(frozen=True)
class StructuralModel:
    """Matrices of the time before, and those over which it is continued.

    Attributes
    ----------
    design : Design
    before, after : tuple of CountOver
        Counts fitted, and counts compared: those that reach into the time after the break.
    model : CountModel
        Over the cells of the time before.
    grid : DayGrid
        Over all days; the cells of `model` are its first ones.
    columns : array, shape (cells, k)
    after_overlap : array, shape (after, cells)
    blocks : int
        Months (or years) of the time before.
    """

    design: Design
    before: tuple[CountOver, ...]
    after: tuple[CountOver, ...]
    model: CountModel
    grid: DayGrid
    columns: Floats
    after_overlap: Floats
    blocks: int

    @property
    def values(self) -> Floats:
        """Counts of the time before."""
        return np.array([count.count for count in self.before], dtype=np.float64)

    @property
    def later(self) -> Floats:
        """Counts of the time after."""
        return np.array([count.count for count in self.after], dtype=np.float64)


def structural_model(design: Design, priors: Priors | None = None, *, harmonics: int = 2) -> StructuralModel:
    """Build the matrices of a design."""
    whole = interrupted_model(design, priors, slopes=False, harmonics=harmonics)
    day = design.phases.break_day
    is_before = np.array([count.end < day for count in whole.counts])
    before = tuple(c for c, first in zip(whole.counts, is_before, strict=True) if first)
    after = tuple(c for c, first in zip(whole.counts, is_before, strict=True) if not first)
    grid = whole.grid
    last = int(np.flatnonzero(grid.overlap[is_before].sum(axis=0) > 0).max()) + 1
    kept = ~whole.of_phases
    columns = whole.model.columns[:, kept]
    model = CountModel(
        grid.overlap[is_before][:, :last],
        columns[:last],
        grid.block[:last],
        whole.model.prior_mean[kept],
        whole.model.prior_sd[kept],
    )
    # the prior mean of the level comes from the time before only
    model.prior_mean[0] = np.log(max(sum(c.count for c in before), 1) / sum(c.days for c in before))
    return StructuralModel(
        design, before, after, model, grid, columns, grid.overlap[~is_before], int(grid.block[last - 1]) + 1
    )


@dataclass(frozen=True)
class PathPoint:
    """One later count against its counterfactual.

    Attributes
    ----------
    spans : tuple of (date, date)
    counted : int
    expected, lo, hi : float
        Median and 90 % range of the count expected without the break.
    cumulative, cumulative_lo, cumulative_hi : float
        Counted less expected, summed since the break.
    """

    spans: tuple[tuple[date, date], ...]
    counted: int
    expected: float
    lo: float
    hi: float
    cumulative: float
    cumulative_lo: float
    cumulative_hi: float


@dataclass(frozen=True)
class StructuralFit:
    """Continued counts.

    Attributes
    ----------
    expected : array, shape (draws, after)
        Simulated counts without the break.
    fitted : array, shape (draws, before)
        Means of the counts before.
    method : str
    """

    matrices: StructuralModel
    expected: Floats
    fitted: Floats
    extra: Floats
    method: str

    def ratio(self, start: date | None = None, end: date | None = None, level: float = 0.95) -> Ratio:
        """Counted over expected, for the counts wholly between two days (the active phase, unless told otherwise)."""
        window = self.matrices.design.active
        start, end = start or window.start, end or window.end
        inside = np.array([c.start >= start and c.end <= end for c in self.matrices.after])
        if not inside.any():
            inside = np.array([c.start <= end and c.end >= start for c in self.matrices.after])
        chosen = [c for c, kept in zip(self.matrices.after, inside, strict=True) if kept]
        counted = np.full(len(self.expected), self.matrices.later[inside].sum())
        expected = np.maximum(self.expected[:, inside].sum(axis=1), 0.5)
        return ratio_of(chosen[0].start, max(c.end for c in chosen), np.maximum(counted, 0.5), expected, level)

    def path(self) -> tuple[PathPoint, ...]:
        """Each later count against its counterfactual, and the running difference."""
        low, mid, high = np.quantile(self.expected, [0.05, 0.5, 0.95], axis=0)
        running = np.cumsum(self.matrices.later - self.expected, axis=1)
        run_low, run_mid, run_high = np.quantile(running, [0.05, 0.5, 0.95], axis=0)
        return tuple(
            PathPoint(
                tuple((span.start, span.end) for span in count.spans),
                count.count,
                *(float(row[i]) for row in (mid, low, high, run_mid, run_low, run_high)),
            )
            for i, count in enumerate(self.matrices.after)
        )


def continued(matrices: StructuralModel, draws: Draws, tau: Floats, method: str, seed: int = 1) -> StructuralFit:
    """Continue drawn histories over the days after the break."""
    rng = np.random.default_rng(seed)
    size, cells = len(draws.beta), len(matrices.grid.first)
    further = matrices.grid.blocks - matrices.blocks
    latent = np.zeros((size, matrices.grid.blocks))
    latent[:, : matrices.blocks] = draws.latent
    if further:
        steps = rng.standard_normal((size, further)) * tau[:, None]
        latent[:, matrices.blocks :] = latent[:, [matrices.blocks - 1]] + np.cumsum(steps, axis=1)
    log_rate = draws.beta @ matrices.columns.T + latent[:, matrices.grid.block]
    daily = np.exp(np.clip(log_rate, -30.0, 30.0))
    last = matrices.model.overlap.shape[1]
    assert daily.shape == (size, cells)
    fitted = daily[:, :last] @ matrices.model.overlap.T
    expected = draw_counts(daily @ matrices.after_overlap.T, draws.extra, rng)
    return StructuralFit(matrices, expected, np.asarray(fitted), draws.extra, method)


def structural_fast(
    matrices: StructuralModel, *, priors: Priors | None = None, seed: int = 1, draws: int = 4000
) -> StructuralFit:
    """Fit by nested Laplace approximation."""
    grid = structural_grid(matrices.blocks, (priors or Priors()).scale)
    mixture = nested_laplace(matrices.model, matrices.values, grid)
    points, which = mixture.draw(draws, np.random.default_rng(seed))
    extra = np.array([hyper.extra for hyper in mixture.hypers])[which]
    tau = np.array([hyper.values["tau"] for hyper in mixture.hypers])[which]
    none = np.zeros(draws)
    drawn = Draws(points[:, : mixture.columns], points[:, mixture.columns :], extra, none, none)
    return continued(matrices, drawn, tau, "laplace", seed)


def structural_job(matrices: StructuralModel, priors: Priors | None = None, *, seed: int = 1, draws: int = 1500) -> Job:
    """The job that samples the full posterior of the time before."""
    m, scale = matrices.model, (priors or Priors()).scale
    mixture = nested_laplace(m, matrices.values, structural_grid(matrices.blocks, scale))
    job = Job(
        name="structural",
        kind=STRUCTURAL_KIND,
        overlap=m.overlap,
        columns=m.columns,
        block=m.block,
        prior_mean=m.prior_mean,
        prior_sd=m.prior_sd,
        counts=matrices.values,
        blocks=matrices.blocks,
        scale=scale,
        seed=seed,
        draws=draws,
    )
    return prepared(job, {name: mixture.hyper_mean(name) for name in ("tau", "extra")})


def structural_fit(matrices: StructuralModel, posterior: Posterior, seed: int = 1) -> StructuralFit:
    """Continue the draws of a sampled posterior."""
    return continued(matrices, posterior.draws(), posterior.sites["tau"], "nuts", seed)
