"""Hamiltonian Monte Carlo for many sets of figures at once, with the diagnostics of the chains.

All chains of a block move together, each set of figures with a step size and a metric of its own, so that a posterior
takes seconds and the two hundred of a gate take minutes: the very procedure that made a posterior can be tested. Blocks
have a fixed size and streams of their own; the number of threads changes no digit.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import lru_cache
from statistics import NormalDist
from typing import Any, Protocol

import numpy as np
from threadpoolctl import threadpool_limits

from tregua.model.parameter import keyed_stream

Array = np.ndarray[Any, np.dtype[Any]]

TARGET = 0.8
DIVERGED = 1000.0
FARTHEST = 40.0
"""No score of a posterior lies this many prior standard deviations out."""
REFUSED = 1e290
BLOCK = 20
"""Sets of figures that move together."""


class Density(Protocol):
    """Log likelihood and its derivative, for rows of states and of figures."""

    @property
    def size(self) -> int: ...

    def __call__(self, state: Array, figures: Array) -> tuple[Array, Array]: ...


@dataclass(frozen=True)
class Plan:
    """Length of the chains.

    Attributes
    ----------
    chains : int
        Chains for each set of figures.
    warm, kept : int
        Steps of a chain before anything is kept, and after.
    few, many : int
        Bounds of the number of leaps of a step.
    """

    chains: int = 4
    warm: int = 350
    kept: int = 500
    few: int = 4
    many: int = 9


@dataclass(frozen=True, eq=False)
class Chains:
    """What the chains of some sets of figures gave.

    Attributes
    ----------
    states : array, shape (sets, chains, kept, size)
    log_likelihood : array, shape (sets, chains, kept)
    accepted : array, shape (sets,)
        Mean acceptance.
    diverged : array of int, shape (sets,)
        Steps whose energy ran away.
    """

    states: Array
    log_likelihood: Array
    accepted: Array
    diverged: Array


def sample(
    density: Density,
    figures: Array,
    pool: Array,
    seed: int,
    plan: Plan | None = None,
    *,
    threads: int = 2,
    progress: Callable[[int], None] | None = None,
) -> Chains:
    """Draw from the posterior of every set of figures; states are standard normal before the figures are seen.

    Parameters
    ----------
    density : Density
    figures : array, shape (sets, figures)
    pool : array, shape (n, at most size)
        States among which chains begin, near those that fit best; missing columns are zero.
    seed : int
    plan : Plan, optional
    threads : int
        Blocks that run at once; no digit depends on it.
    progress : callable, optional
        Told how many sets are done.
    """
    plan = plan or Plan()
    blocks = [slice(first, min(first + BLOCK, len(figures))) for first in range(0, len(figures), BLOCK)]
    done = 0
    found: list[Chains] = []
    # Matrix products on one thread each: blocks are the threads, and the digits do not depend on their number.
    with threadpool_limits(1), ThreadPoolExecutor(max(1, threads)) as workers:
        streams = [keyed_stream(seed, f"chains {block.start}") for block in blocks]
        jobs = [
            workers.submit(_block, density, figures[block], pool, stream, plan)
            for block, stream in zip(blocks, streams, strict=True)
        ]
        for job in jobs:
            found.append(job.result())
            done += len(found[-1].accepted)
            if progress is not None:
                progress(done)
    return Chains(
        np.concatenate([f.states for f in found]),
        np.concatenate([f.log_likelihood for f in found]),
        np.concatenate([f.accepted for f in found]),
        np.concatenate([f.diverged for f in found]),
    )


def _begin(density: Density, figures: Array, pool: Array, stream: np.random.Generator, chains: int) -> Array:
    """States among the pool, drawn with a flattened likelihood so that chains begin apart."""
    states = np.zeros((len(pool), density.size))
    states[:, : pool.shape[1]] = pool
    out = np.empty((len(figures), chains, density.size))
    for number, row in enumerate(figures):
        told, _ = density(states, np.broadcast_to(row, (len(states), len(row))))
        told = np.where(np.isfinite(told), told, -np.inf)
        noise = -np.log(-np.log(stream.random(len(told))))
        best = np.argsort(told / 5.0 + noise)[::-1][:chains]
        out[number] = states[best]
    return out


def _block(density: Density, figures: Array, pool: Array, stream: np.random.Generator, plan: Plan) -> Chains:
    sets, chains, size = len(figures), plan.chains, density.size
    rows = np.repeat(figures, chains, axis=0)

    def energy(flat: Array) -> tuple[Array, Array, Array]:
        # A trajectory that runs away is stopped where it stands: its energy refuses it.
        wild = np.asarray(~(np.abs(flat) < FARTHEST).all(axis=1))
        safe = np.where(wild[:, None], 0.0, flat)
        value, slope = density(safe, rows)
        potential = 0.5 * (safe**2).sum(axis=1) - value
        bad = np.asarray(wild | ~np.isfinite(potential) | ~np.isfinite(slope).all(axis=1))
        return np.where(bad, REFUSED, potential), np.where(bad[:, None], 0.0, safe - slope), value

    place = _begin(density, figures, pool, stream, chains).reshape(sets * chains, size)
    potential, slope, value = energy(place)
    metric = np.broadcast_to(np.eye(size), (sets, size, size)).copy()
    root = metric.copy()
    step = np.full(sets, 0.05)
    averaging = _Averaging(step)
    ends = [plan.warm // 4, plan.warm // 2, (3 * plan.warm) // 4]
    window: list[Array] = []
    states = np.empty((sets, chains, plan.kept, size))
    values = np.empty((sets, chains, plan.kept))
    accepted, diverged = np.zeros(sets), np.zeros(sets, np.int64)
    for turn in range(plan.warm + plan.kept):
        warm = turn < plan.warm
        length = int(stream.integers(plan.few, plan.many + 1))
        white = stream.standard_normal((sets, chains, size))
        # Momentum with the inverse of the metric as covariance; speed = metric times momentum.
        momentum = np.swapaxes(np.linalg.solve(np.swapaxes(root, 1, 2), np.swapaxes(white, 1, 2)), 1, 2)
        kinetic = 0.5 * (white**2).sum(axis=2).reshape(-1)
        jitter = step * (0.9 + 0.2 * stream.random(sets))
        leap = np.repeat(jitter, chains)[:, None]
        at, moving, steep = place.copy(), momentum.reshape(sets * chains, size), slope
        moving = moving - 0.5 * leap * steep
        for part in range(length):
            speed = (moving.reshape(sets, chains, size) @ metric).reshape(sets * chains, size)
            at = np.clip(at + leap * speed, -FARTHEST, FARTHEST)
            ahead, steep, told = energy(at)
            moving = moving - (leap if part < length - 1 else 0.5 * leap) * steep
        final = moving.reshape(sets, chains, size)
        spent = 0.5 * ((final @ root) ** 2).sum(axis=2).reshape(-1)
        change = np.nan_to_num(potential + kinetic - ahead - spent, nan=-REFUSED, neginf=-REFUSED)
        ran = change < -DIVERGED
        chance = np.exp(np.minimum(change, 0.0))
        take = stream.random(sets * chains) < chance
        place = np.where(take[:, None], at, place)
        potential, value = np.where(take, ahead, potential), np.where(take, told, value)
        slope = np.where(take[:, None], steep, slope)
        mean = chance.reshape(sets, chains).mean(axis=1)
        if warm:
            step = averaging.update(mean)
            window.append(place.reshape(sets, chains, size))
            if turn + 1 in ends:
                metric, root = _metric(window[len(window) // 3 :])
                window = []
                step = np.full(sets, 0.3)
                averaging = _Averaging(step)
            if turn + 1 == plan.warm:
                step = averaging.settled
        else:
            kept = turn - plan.warm
            states[:, :, kept] = place.reshape(sets, chains, size)
            values[:, :, kept] = value.reshape(sets, chains)
            accepted += mean / plan.kept
            diverged += ran.reshape(sets, chains).sum(axis=1)
    return Chains(states, values, accepted, diverged)


def _metric(window: list[Array]) -> tuple[Array, Array]:
    """Covariance of each set's states over a window, shrunk to its diagonal, and its lower Cholesky factor."""
    drawn = np.concatenate(window, axis=1)
    n, size = drawn.shape[1], drawn.shape[2]
    centred = drawn - drawn.mean(axis=1, keepdims=True)
    covariance = np.swapaxes(centred, 1, 2) @ centred / max(n - 1, 1)
    diagonal = np.einsum("sii->si", covariance)
    part = n / (n + 2.0 * size)
    metric = part * covariance + (1.0 - part) * np.eye(size) * diagonal[:, None, :] + 1e-5 * np.eye(size)
    return metric, np.linalg.cholesky(metric)


class _Averaging:
    """Dual averaging of step sizes (Nesterov 2009, as Hoffman and Gelman 2014 use it), one for each set."""

    def __init__(self, step: Array) -> None:
        self.centre = np.log(10.0 * step)
        self.sum = np.zeros_like(step)
        self.mean = np.zeros_like(step)
        self.count = 0

    def update(self, accepted: Array) -> Array:
        self.count += 1
        part = 1.0 / (self.count + 10.0)
        self.sum = (1.0 - part) * self.sum + part * (TARGET - accepted)
        log_step = np.clip(self.centre - math.sqrt(self.count) / 0.05 * self.sum, -9.0, 0.3)
        weight = self.count**-0.75
        self.mean = weight * log_step + (1.0 - weight) * self.mean
        return np.asarray(np.exp(log_step))

    @property
    def settled(self) -> Array:
        return np.asarray(np.exp(self.mean))


def rank_normal(draws: Array) -> Array:
    """Normal scores of ranks over all draws of a quantity; shape as given."""
    flat = draws.reshape(-1)
    order = np.empty(len(flat))
    order[np.argsort(flat, kind="stable")] = np.arange(1, len(flat) + 1)
    _, inverse, counts = np.unique(flat, return_inverse=True, return_counts=True)
    mean = np.bincount(inverse, weights=order) / counts
    levels, scores = _normal_table()
    return np.asarray(np.interp((mean[inverse] - 0.375) / (len(flat) + 0.25), levels, scores).reshape(draws.shape))


@lru_cache(maxsize=1)
def _normal_table() -> tuple[Array, Array]:
    unit = NormalDist()
    scores = np.linspace(-5.5, 5.5, 4401)
    return np.array([unit.cdf(z) for z in scores]), scores


def rhat(draws: Array) -> float:
    """Rank-normalised split R-hat, the larger one of location and spread (Vehtari and others 2021).

    Parameters
    ----------
    draws : array, shape (chains, kept)
    """
    folded = np.abs(draws - np.median(draws))
    return max(_split_rhat(rank_normal(draws)), _split_rhat(rank_normal(folded)))


def _split_rhat(draws: Array) -> float:
    halves = _halves(draws)
    n = halves.shape[1]
    within = halves.var(axis=1, ddof=1).mean()
    between = n * halves.mean(axis=1).var(ddof=1)
    return math.sqrt(((n - 1) / n * within + between / n) / within) if within > 0 else math.nan


def effective_size(draws: Array) -> float:
    """Effective sample size of the mean, on rank-normalised split chains (Geyer's initial positive sequence).

    Parameters
    ----------
    draws : array, shape (chains, kept)
    """
    halves = _halves(rank_normal(draws))
    m, n = halves.shape
    centred = halves - halves.mean(axis=1, keepdims=True)
    size = 1 << (2 * n - 1).bit_length()
    waves = np.fft.rfft(centred, size, axis=1)
    lagged = np.fft.irfft(waves * np.conj(waves), size, axis=1)[:, :n] / n
    within = lagged[:, 0].mean() * n / (n - 1)
    total = within * (n - 1) / n + (halves.mean(axis=1).var(ddof=1) if m > 1 else 0.0)
    if total <= 0:
        return math.nan
    rho = 1.0 - (within - lagged.mean(axis=0) * n / (n - 1)) / total
    rho[0] = 1.0
    sum_rho, last = 0.0, math.inf
    for t in range(0, n - 1, 2):
        pair = rho[t] + rho[t + 1]
        if pair < 0:
            break
        last = min(last, pair)
        sum_rho += last
    return float(m * n / max(2.0 * sum_rho - 1.0, 1.0 / math.log10(max(m * n, 10))))


def _halves(draws: Array) -> Array:
    n = draws.shape[1] // 2
    return np.concatenate([draws[:, :n], draws[:, draws.shape[1] - n :]])
