"""Scores of counts that were never fitted, by proper rules, beside baselines that know less.

A forecast is a set of runs, each with a mean for every count and an over-dispersion; what is expected is their mixture
of negative-binomial distributions, in closed form. The continuous ranked probability score is in deaths and smaller is
better; the log score is the logarithm of the probability of the very count. One history is one draw of fate: skill
comes with an interval from resampling blocks of counts in a row, because neighbours are alike.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.coverage import RECORDED, window_counts
from tregua.calibrate.history import Histories
from tregua.calibrate.negative_binomial import mean_mass
from tregua.model.parameter import keyed_stream
from tregua.series.observation import Count

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]

BLOCK = 6
"""Counts in a row that are resampled together: half a year of months."""
RESAMPLED = 2000
LEAST_PHI, MOST_PHI = 1.0, 1000.0


@dataclass(frozen=True, eq=False)
class Forecast:
    """What was expected of some counts.

    Attributes
    ----------
    id : str
    means : array, shape (runs, counts)
    phi : array, shape (runs,)
    """

    id: str
    means: Array
    phi: Array


@dataclass(frozen=True, eq=False)
class Scored:
    """Scores of one forecast, count by count.

    Attributes
    ----------
    crps : array
        Continuous ranked probability score, deaths; smaller is better.
    log : array
        Log probability of the count; larger is better.
    place : array
        Probability integral transform, ties halved (0..1).
    inside50, inside90 : int
    """

    id: str
    crps: Array
    log: Array
    place: Array
    inside50: int
    inside90: int

    @property
    def n(self) -> int:
        return len(self.crps)


@dataclass(frozen=True)
class Skill:
    """One less the ratio of two mean scores: above 0 where the first is better.

    Attributes
    ----------
    value, lo, hi : float
        With the 90 % interval of a circular block bootstrap.
    """

    one: str
    two: str
    value: float
    lo: float
    hi: float

    @property
    def known(self) -> bool:
        """Whether the interval leaves out zero."""
        return self.lo > 0.0 or self.hi < 0.0


def held_out(case: Case, until: date) -> tuple[Count, ...]:
    """Counts kept for scores up to a day, each day once, in order of time."""
    out: list[Count] = []
    for count in window_counts(case, "held_out"):
        late = case.fit_end is not None and count.spans[0].start > case.fit_end
        if late and count.spans[-1].end <= until and not any(count.day_set & other.day_set for other in out):
            out.append(count)
    return tuple(out)


def forecast_of(name: str, histories: Histories, counts: Sequence[Count], phi: Mapping[int, float]) -> Forecast:
    """What runs expect of counts."""
    means = np.stack([histories.total(RECORDED, count.spans) for count in counts], axis=1)
    return Forecast(name, means, np.array([phi[int(draw)] for draw in histories.draws]))


def score(forecast: Forecast, counts: Sequence[Count]) -> Scored:
    """Score a forecast by proper rules."""
    crps, log, place = [], [], []
    for i, count in enumerate(counts):
        mass = mean_mass(forecast.means[:, i], forecast.phi, int(count.count))
        upto = np.cumsum(mass)
        here = int(count.count)
        step = np.arange(len(mass)) >= here
        crps.append(float(((upto - step) ** 2).sum()))
        log.append(float(np.log(max(mass[here], 1e-300))))
        place.append(float(upto[here] - 0.5 * mass[here]))
    where = np.array(place)
    return Scored(
        forecast.id,
        np.array(crps),
        np.array(log),
        where,
        int((np.abs(where - 0.5) <= 0.25).sum()),
        int((np.abs(where - 0.5) <= 0.45).sum()),
    )


def skill(one: Scored, two: Scored, seed: int = 1) -> Skill:
    """How much better the first forecast is than the second, with the interval of a block bootstrap."""
    n = one.n
    rng = keyed_stream(seed, f"blocks {one.id} {two.id}")
    blocks = -(-n // BLOCK)
    starts = rng.integers(0, n, (RESAMPLED, blocks))
    rows = ((starts[:, :, None] + np.arange(BLOCK)) % n).reshape(RESAMPLED, -1)[:, :n]
    drawn = 1.0 - one.crps[rows].mean(axis=1) / two.crps[rows].mean(axis=1)
    low, high = np.quantile(drawn, [0.05, 0.95])
    return Skill(one.id, two.id, 1.0 - float(one.crps.mean() / two.crps.mean()), float(low), float(high))


def baselines(case: Case, counts: Sequence[Count]) -> tuple[Forecast, ...]:
    """Forecasts that know no model: levels of the fit window carried on.

    ``window`` its mean, ``last_year`` the mean of its last twelve months, ``last_count`` its last count, and ``levers``
    a baseline that knows the dates of the levers: for each stretch between them, the level of that stretch of the
    window whose levers are nearest. Over-dispersion is that of the window's own counts around the same rule.
    """
    fitted = sorted(window_counts(case, "fit"), key=lambda c: c.spans[-1].end)
    rates = np.array([c.count / c.days for c in fitted])
    days = np.array([c.days for c in fitted], float)
    assert case.fit_end is not None
    year = [i for i, c in enumerate(fitted) if c.spans[0].start.year == case.fit_end.year]
    out = [
        _level("window", counts, np.average(rates, weights=days), rates * days, days),
        _level("last_year", counts, np.average(rates[year], weights=days[year]), (rates * days)[year], days[year]),
    ]
    # Last count: errors of carrying each count on to the next.
    carried = rates[:-1] * days[1:]
    out.append(
        Forecast(
            "last_count",
            np.array([[rates[-1] * c.days for c in counts]]),
            np.array([_dispersion((rates * days)[1:], carried)]),
        )
    )
    return (*out, _by_levers(case, counts, fitted))


def _level(name: str, counts: Sequence[Count], rate: float, seen: Array, days: Array) -> Forecast:
    return Forecast(name, np.array([[rate * c.days for c in counts]]), np.array([_dispersion(seen, rate * days)]))


def _by_levers(case: Case, counts: Sequence[Count], fitted: Sequence[Count]) -> Forecast:
    """Each day takes the level of the stretch of the window whose levers are nearest."""
    assert case.fit_end is not None
    last = (case.fit_end - case.start).days + 1
    paths = {n: p for n, p in case.history.paths.items() if len(p) > 1}
    edges = sorted({0, *(day for path in paths.values() for day, _ in path if 0 < day < last)})
    spans = list(zip(edges, [*edges[1:], last], strict=True))
    reach = {n: max(v for _, v in p) - min(v for _, v in p) or 1.0 for n, p in paths.items()}

    def at(day: int) -> Array:
        return np.array([case.history.at(n, day) / reach[n] for n in paths])

    day_rate = np.full(last, np.nan)
    for count in fitted:
        for span in count.spans:
            first = (span.start - case.start).days
            day_rate[first : first + span.days] = count.count / count.days
    levels = [(at(a), float(np.nanmean(day_rate[a:b]))) for a, b in spans if np.isfinite(day_rate[a:b]).any()]

    def rate_on(day: int) -> float:
        here = at(day)
        return min(levels, key=lambda level: float(((level[0] - here) ** 2).sum()))[1]

    def expected(count: Count) -> float:
        return math.fsum(
            rate_on((span.start - case.start).days + offset) for span in count.spans for offset in range(span.days)
        )

    seen = np.array([c.count for c in fitted], float)
    own = np.array([expected(c) for c in fitted])
    return Forecast("levers", np.array([[expected(c) for c in counts]]), np.array([_dispersion(seen, own)]))


def _dispersion(seen: Array, expected: Array) -> float:
    """Over-dispersion phi of counts around what was expected, by moments."""
    extra = float((((seen - expected) ** 2 - expected) / expected**2).mean())
    return float(np.clip(1.0 / max(extra, 1e-9), LEAST_PHI, MOST_PHI))
