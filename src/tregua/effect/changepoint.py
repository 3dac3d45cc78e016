"""Change points found without being told the date: every set of dates is tried, with the likelihood of the counts.

The rate is constant between breaks; each count has the mean that the rates sum to over its own days, and is negative
binomial. For every admissible set of up to three dates the rates are integrated out (Laplace) and overdispersion is
summed over a grid, so that the posterior over dates needs no sampler and cannot fail to converge.
"""

from __future__ import annotations

import itertools
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
from scipy.special import gammaln

from tregua.effect.design import CountOver, CountSeries, DesignError
from tregua.effect.grid import LONG_SPAN
from tregua.effect.laplace import EXTRA_SCALE, half_normal_log, spacing

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

MOST_BREAKS = 3
MOST_SETS = 40_000
CHUNK = 4_000
EXTRA_GRID = (0.01, 0.04, 0.07, 0.1, 0.15, 0.25, 0.45)
RATE_SCALE = 0.7
"""Standard deviation of the log-rate of a segment around the overall mean: the prior on rates."""
SHORTEST = 45
"""Fewest days between two breaks, and between a break and either end."""
MONTH = 30.4375


@dataclass(frozen=True)
class Break:
    """One break of a posterior with a given number of breaks.

    Attributes
    ----------
    day, lo, hi : date
        Median first day of the new rate, and the 95 % interval (half a step of the grid added at both ends).
    ratio, ratio_lo, ratio_hi : float
        New rate over old.
    """

    day: date
    lo: date
    hi: date
    ratio: float
    ratio_lo: float
    ratio_hi: float


@dataclass(frozen=True)
class ChangePoints:
    """Posterior over the number of breaks and over their dates.

    Attributes
    ----------
    probability : tuple of float
        Of 0, 1, ... breaks, each equally likely beforehand.
    breaks : tuple of Break
        Of the most probable number.
    dates : tuple of (date, float)
        Probability that a break (any) falls on each candidate day, over all numbers of breaks; cells of a few days.
    fall : Break or None
        The steepest fall, over all sets of dates; None where no set holds one.
    fall_probability : float
        Posterior probability that the rate falls somewhere.
    months : tuple of float or None
        Median and 95 % interval of the months from the steepest fall to the next rise.
    months_probability : float
        Posterior probability that such a rise exists within the data.
    check : tuple of date
        Breaks that ruptures finds on the longest stretch of equal periods.
    check_span : tuple of date
        First and last day of that stretch.
    """

    probability: tuple[float, ...]
    breaks: tuple[Break, ...]
    dates: tuple[tuple[date, float], ...]
    fall: Break | None
    fall_probability: float
    months: tuple[float, float, float] | None
    months_probability: float
    check: tuple[date, ...] = ()
    check_span: tuple[date, ...] = ()

    @property
    def number(self) -> int:
        """Most probable number of breaks."""
        return int(np.argmax(self.probability))


@dataclass(frozen=True)
class _Level:
    """All sets of k dates with their log evidence by overdispersion: shape (extras, sets)."""

    sets: Ints
    evidence: Floats
    candidates: Ints


def find_changes(
    series: CountSeries, most: int = MOST_BREAKS, *, seed: int = 1, draws: int = 2000, sets: int = MOST_SETS
) -> ChangePoints:
    """Posterior over the dates of up to `most` breaks.

    Parameters
    ----------
    series : CountSeries
    most : {0, 1, 2, 3}
    seed, draws : int
        Of the draws that summarise the posterior.
    sets : int
        Most sets of dates tried for one number of breaks: it settles how fine the dates are (a week for one or two
        breaks and five years of counts, about a month for three).

    Raises
    ------
    DesignError
        Fewer than six counts.
    """
    if len(series) < 6:
        raise DesignError(
            "too few counts to look for breaks", found=len(series), allowed="6 or more", mend="give shorter periods"
        )
    most = max(0, min(most, MOST_BREAKS))
    y = np.array([count.count for count in series.counts], dtype=np.float64)
    days = sum(count.days for count in series.counts)
    centre = float(np.log(max(y.sum(), 1.0) / days))
    levels = []
    for k in range(most + 1):
        candidates = _candidates(series, k, sets)
        before = _days_before(series.counts, candidates)
        chosen = _sets_of(candidates, k)
        if not len(chosen):
            break
        parts = [_evidence(y, before, chosen[i : i + CHUNK], centre) for i in range(0, len(chosen), CHUNK)]
        levels.append(_Level(chosen, np.concatenate(parts, axis=1), candidates))
    return _summary(series, y, levels, centre, np.random.default_rng(seed), draws)


def _candidates(series: CountSeries, k: int, sets: int) -> Ints:
    """Days on which a new rate may begin."""
    low, high = series.start.toordinal(), series.end.toordinal() + 1
    lengths = sorted(count.days for count in series.counts)
    if lengths[len(lengths) // 2] > LONG_SPAN:
        starts = sorted({span.start.toordinal() for count in series.counts for span in count.spans})
        return np.array([day for day in starts if low < day < high], dtype=np.int64)
    room = high - low - 2 * SHORTEST
    step = 7
    while k > 1 and _choose(room // step, k) > sets:
        step += 1
    return np.arange(low + SHORTEST, high - SHORTEST + 1, step, dtype=np.int64)


def _choose(n: int, k: int) -> float:
    return float(np.prod([(n - i) / (i + 1) for i in range(k)]))


def _sets_of(candidates: Ints, k: int) -> Ints:
    """Indices of k candidates in order, far enough apart: shape (sets, k)."""
    if k == 0:
        return np.zeros((1, 0), dtype=np.int64)
    sets = np.array(list(itertools.combinations(range(len(candidates)), k)), dtype=np.int64).reshape(-1, k)
    if k > 1:
        apart = np.diff(candidates[sets], axis=1).min(axis=1) >= SHORTEST
        sets = sets[apart]
    return sets


def _days_before(counts: Sequence[CountOver], candidates: Ints) -> Floats:
    """Days of each count before each candidate, with a column of none in front and of all behind."""
    table = np.zeros((len(counts), len(candidates) + 2))
    for row, count in enumerate(counts):
        for span in count.spans:
            first, length = span.start.toordinal(), span.days
            table[row, 1:-1] += np.clip(candidates - first, 0, length)
            table[row, -1] += length
    return table


def _segment_days(before: Floats, sets: Ints) -> Floats:
    """Days of each count in each segment: shape (sets, counts, k + 1)."""
    last = before.shape[1] - 1
    edges = np.hstack([np.zeros((len(sets), 1), dtype=np.int64), sets + 1, np.full((len(sets), 1), last)])
    cumulative = before[:, edges]
    return np.diff(cumulative, axis=2).transpose(1, 0, 2)


def _evidence(y: Floats, before: Floats, sets: Ints, centre: float) -> Floats:
    """Log evidence of each set for each overdispersion, rates integrated out."""
    days = _segment_days(before, sets)
    logs = _start(y, days, centre)
    out = []
    weights = half_normal_log(np.array(EXTRA_GRID), EXTRA_SCALE) + np.log(spacing(EXTRA_GRID))
    for extra, weight in zip(EXTRA_GRID, weights, strict=True):
        logs, curvature = _modes(y, days, logs, extra, centre)
        mean = np.einsum("mns,ms->mn", days, np.exp(logs))
        value = _negbin(y, mean, extra) - 0.5 * np.sum(((logs - centre) / RATE_SCALE) ** 2, axis=1)
        _, log_det = np.linalg.slogdet(curvature)
        out.append(weight + value - 0.5 * log_det - days.shape[2] * np.log(RATE_SCALE))
    return np.array(out)


def _start(y: Floats, days: Floats, centre: float) -> Floats:
    share = days / days.sum(axis=2, keepdims=True)
    events = np.einsum("mns,n->ms", share, y)
    return np.asarray(np.log((events + np.exp(centre)) / (days.sum(axis=1) + 1.0)))


def _modes(y: Floats, days: Floats, logs: Floats, extra: float, centre: float) -> tuple[Floats, Floats]:
    """Modes of the log-rates of many sets at once, by Fisher scoring, and the curvature there."""
    eye = np.eye(days.shape[2]) / RATE_SCALE**2
    curvature = np.broadcast_to(eye, (len(days), *eye.shape))
    for _ in range(12):
        slope = days * np.exp(logs)[:, None, :]
        mean = slope.sum(axis=2)
        weight = 1.0 / (mean + (extra * mean) ** 2)
        weighted = slope * weight[:, :, None]
        curvature = np.matmul(weighted.transpose(0, 2, 1), slope) + eye
        gradient = np.einsum("mns,mn->ms", weighted, y - mean) - (logs - centre) / RATE_SCALE**2
        step = np.linalg.solve(curvature, gradient[:, :, None])[:, :, 0]
        logs = logs + np.clip(step, -1.0, 1.0)
        if float(np.abs(step).max()) < 1e-4:
            break
    return logs, np.asarray(curvature)


def _negbin(y: Floats, mean: Floats, extra: float) -> Floats:
    size = extra**-2
    return np.asarray(
        np.sum(
            gammaln(y + size)
            - gammaln(size)
            - gammaln(y + 1)
            + y * (np.log(mean) - np.log(mean + size))
            - size * np.log1p(mean / size),
            axis=1,
        )
    )


def _summary(
    series: CountSeries, y: Floats, levels: list[_Level], centre: float, rng: np.random.Generator, draws: int
) -> ChangePoints:
    tops = [level.evidence.max() for level in levels]
    top = max(tops)
    masses, flats = [], []
    for level in levels:
        flat = np.exp(level.evidence - top).ravel()
        masses.append(flat.sum() / level.evidence.shape[1])
        flats.append(flat / flat.sum())
    probability = np.array(masses) / sum(masses)
    best = int(np.argmax(probability))
    dated: dict[int, float] = {}
    for level, flat, share in zip(levels, flats, probability, strict=True):
        by_set = flat.reshape(level.evidence.shape).sum(axis=0) * share
        for column in range(level.sets.shape[1]):
            for day, mass in zip(level.candidates[level.sets[:, column]], by_set, strict=True):
                dated[int(day)] = dated.get(int(day), 0.0) + float(mass)
    own = [_drawn(y, series, level, flat, centre, rng, draws) for level, flat in zip(levels, flats, strict=True)]
    half = _half_step(levels[best])
    breaks = tuple(
        _break_of(own[best][0][:, j], own[best][1][:, j + 1] - own[best][1][:, j], half) for j in range(best)
    )
    fall, fall_share, months, months_share = _steepest_fall(own, probability, half)
    check, span = _cross_check(series, max(best, 1))
    return ChangePoints(
        probability=tuple(float(p) for p in probability),
        breaks=breaks,
        dates=tuple((date.fromordinal(day), mass) for day, mass in sorted(dated.items()) if mass > 1e-6),
        fall=fall,
        fall_probability=fall_share,
        months=months,
        months_probability=months_share,
        check=check,
        check_span=span,
    )


def _drawn(
    y: Floats,
    series: CountSeries,
    level: _Level,
    flat: Floats,
    centre: float,
    rng: np.random.Generator,
    draws: int,
) -> tuple[Floats, Floats]:
    """Draws of dates (ordinals) and of log-rates given a number of breaks."""
    chosen = rng.choice(len(flat), size=draws, p=flat)
    extras, sets = np.divmod(chosen, level.evidence.shape[1])
    before = _days_before(series.counts, level.candidates)
    days = _segment_days(before, level.sets[sets])
    logs = _start(y, days, centre)
    out = np.empty_like(logs)
    for index, extra in enumerate(EXTRA_GRID):
        rows = extras == index
        if rows.any():
            mode, curvature = _modes(y, days[rows], logs[rows], extra, centre)
            root = np.linalg.cholesky(np.linalg.inv(curvature))
            noise = rng.standard_normal(mode.shape)
            out[rows] = mode + np.einsum("mst,mt->ms", root, noise)
    dates = level.candidates[level.sets[sets]] if level.sets.shape[1] else np.zeros((draws, 0))
    return np.asarray(dates, dtype=np.float64), out


def _half_step(level: _Level) -> int:
    """Half the distance between candidate days: what a date on the grid may be off."""
    return int(np.diff(level.candidates).min() // 2) if len(level.candidates) > 1 else 0


def _break_of(days: Floats, log_ratios: Floats, half: int) -> Break:
    low, mid, high = np.quantile(days, [0.025, 0.5, 0.975], method="nearest")
    lo, ratio, hi = np.exp(np.quantile(log_ratios, [0.025, 0.5, 0.975]))
    return Break(
        date.fromordinal(int(mid)),
        date.fromordinal(int(low) - half),
        date.fromordinal(int(high) + half),
        float(ratio),
        float(lo),
        float(hi),
    )


def _steepest_fall(
    own: list[tuple[Floats, Floats]], probability: Floats, half: int
) -> tuple[Break | None, float, tuple[float, float, float] | None, float]:
    """The steepest fall and the months until the next rise, over all numbers of breaks."""
    days, ratios, gaps = [], [], []
    total = 0
    for (dates, logs), share in zip(own, probability, strict=True):
        size = round(len(logs) * float(share))
        total += size
        for row in range(size):
            steps = np.diff(logs[row])
            if not steps.size or steps.min() >= 0:
                continue
            place = int(np.argmin(steps))
            days.append(dates[row, place])
            ratios.append(steps[place])
            rises = [j for j in range(place + 1, len(steps)) if steps[j] > 0]
            gaps.append((dates[row, rises[0]] - dates[row, place]) / MONTH if rises else np.nan)
    if not days:
        return None, 0.0, None, 0.0
    known = np.array([gap for gap in gaps if np.isfinite(gap)])
    months = None
    if known.size:
        low, mid, high = np.quantile(known, [0.025, 0.5, 0.975])
        months = (float(mid), float(low), float(high))
    return (
        _break_of(np.array(days), np.array(ratios), half),
        len(days) / max(total, 1),
        months,
        known.size / max(total, 1),
    )


def _cross_check(series: CountSeries, number: int) -> tuple[tuple[date, ...], tuple[date, ...]]:
    """Breaks that ruptures finds on the longest stretch of counts of nearly equal length without gaps."""
    runs: list[list[CountOver]] = [[]]
    for count in series.counts:
        last = runs[-1][-1] if runs[-1] else None
        joined = (
            len(count.spans) == 1
            and last is not None
            and last.end.toordinal() + 1 == count.start.toordinal()
            and abs(last.days - count.days) <= 0.15 * count.days
        )
        if joined:
            runs[-1].append(count)
        else:
            runs.append([count] if len(count.spans) == 1 else [])
    run = max(runs, key=len)
    if len(run) < 8:
        return (), ()
    try:
        import ruptures
    except ImportError:
        return (), ()
    # square roots of counts have nearly constant variance
    signal = np.sqrt(np.array([count.daily for count in run]))
    number = min(number, len(run) // 4)
    ends = ruptures.Dynp(model="l2", min_size=2, jump=1).fit(signal).predict(n_bkps=number)
    return tuple(run[end].start for end in ends[:-1]), (run[0].start, run[-1].end)
