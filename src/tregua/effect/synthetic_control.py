"""Synthetic control on yearly rates: a weighted mean of other countries as what would have been expected.

Two forms. ``shifted`` (the one that is printed first) matches log-rates up to a constant, so that a country above all
others still has a comparison (Ferman and Pinto 2021) and the result is a rate ratio. ``classic`` matches the rates
themselves (Abadie, Diamond and Hainmueller 2010). The weights are the exact minimum (non-negative least squares); the
ratio that pysyncon finds for the same problem stands beside ours, as its solver may stop a little short of the minimum.
"""

from __future__ import annotations

import itertools
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy.optimize import minimize, nnls

from tregua.effect.design import DonorPool

Floats = npt.NDArray[np.float64]

SHIFTED, CLASSIC = "shifted", "classic"
EQUALLY_GOOD = 1.05
"""Weight sets whose misfit before the break is at most this multiple of the smallest count as equally good."""


@dataclass(frozen=True)
class DonorWeight:
    """Weight of a donor, and its range over weight sets that fit the time before equally well."""

    unit: str
    name: str
    weight: float
    lo: float
    hi: float


@dataclass(frozen=True)
class PlaceboUnit:
    """A unit treated as if it had had the truce.

    Attributes
    ----------
    ratio : float
        Its rate ratio in the compared years.
    statistic : float
        Misfit after over misfit before (root mean squares).
    gaps : tuple of float
        Log-rate (or rate) less synthetic, by year.
    real : bool
        True for the unit that had it.
    """

    unit: str
    name: str
    ratio: float
    statistic: float
    rank: int
    gaps: tuple[float, ...]
    real: bool


@dataclass(frozen=True)
class SyntheticFit:
    """A synthetic control with what surrounds it.

    Attributes
    ----------
    form : {"shifted", "classic"}
    ratio, lo, hi : float
        Rate over synthetic rate in the compared years, and the wider of the two intervals below at each end.
    permutation_lo, permutation_hi : float
        95 % interval by inversion of a permutation test over years (Chernozhukov, Wüthrich and Zhu 2021), which
        assumes that yearly misfits could be exchanged; alone it covers too seldom.
    placebo_lo, placebo_hi, placebo_level : float
        Range that the placebos in space allow, and the level that their number can reach.
    p_value : float
        Share of units whose statistic is at least that of the real one.
    library_ratio : float
        The ratio with the weights that pysyncon finds; not a number where it was not asked.
    good_lo, good_hi : float
        Range of the ratio over equally good weight sets.
    misfit : float
        Root mean square before the break (log-rate or rate).
    years, actual, synthetic : tuple
        Rates per 100,000.
    fewer, fewer_lo, fewer_hi : float
        Homicides below what was expected in the compared years, from the population of the treated unit; not numbers
        where it is not known.
    """

    pool: DonorPool
    form: str
    ratio: float
    lo: float
    hi: float
    permutation_lo: float
    permutation_hi: float
    placebo_lo: float
    placebo_hi: float
    placebo_level: float
    p_value: float
    library_ratio: float
    good_lo: float
    good_hi: float
    misfit: float
    weights: tuple[DonorWeight, ...]
    placebos: tuple[PlaceboUnit, ...]
    years: tuple[int, ...]
    actual: tuple[float, ...]
    synthetic: tuple[float, ...]
    fewer: float
    fewer_lo: float
    fewer_hi: float

    @property
    def excludes_one(self) -> bool:
        """True where the interval says that something changed."""
        return self.hi < 1.0 or self.lo > 1.0

    @property
    def least_p(self) -> float:
        """The smallest p-value that so few units can give."""
        return 1.0 / len(self.placebos)

    @property
    def is_inside_hull(self) -> bool:
        """True where the rates before lie within those of the donors in every year."""
        before = [i for i, year in enumerate(self.years) if year < self.pool.break_year]
        donors = np.array([self.pool.rates(d.unit) for d in self.pool.used])
        return all(donors[:, i].min() <= self.actual[i] <= donors[:, i].max() for i in before)


def simplex_weights(donors: Floats, target: Floats) -> Floats:
    """Weights of at least 0 that sum to 1 and minimise the squared misfit.

    Parameters
    ----------
    donors : array, shape (years, units)
    target : array, shape (years,)
    """
    # one heavy extra row holds the sum at 1; the weights are then scaled to it exactly
    heavy = 1e3 * max(float(np.abs(donors).max()), 1.0)
    weights, _ = nnls(np.vstack([donors, np.full(donors.shape[1], heavy)]), np.append(target, heavy))
    return np.asarray(weights / weights.sum())


def library_weights(donors: Floats, target: Floats) -> Floats:
    """The same weights from pysyncon (outcomes of the years before as the only predictors, each of equal weight)."""
    import pandas as pd
    from pysyncon import Synth

    before = pd.DataFrame(donors, columns=[f"d{i}" for i in range(donors.shape[1])])
    treated = pd.Series(target, name="treated")
    # pysyncon divides each predictor by its standard deviation; these weights undo that
    spread = pd.concat([before, treated], axis=1).var(axis=1).to_numpy()
    synth = Synth()
    synth.fit(X0=before, X1=treated, Z0=before, Z1=treated, custom_V=spread / spread.sum())
    weights = np.clip(np.asarray(synth.W, dtype=np.float64), 0.0, None)
    return np.asarray(weights / weights.sum())


def _table(pool: DonorPool, unit: str, form: str, others: tuple[str, ...]) -> tuple[Floats, Floats, int]:
    """Outcome of a unit, of its donors (years, units), and the number of years before the break."""
    target = np.array(pool.rates(unit))
    donors = np.array([pool.rates(other) for other in others]).T
    if form == SHIFTED:
        target, donors = np.log(target), np.log(donors)
    return target, donors, sum(1 for year in pool.years if year < pool.break_year)


def _gaps(target: Floats, donors: Floats, before: int, form: str, weights: Floats | None = None) -> Floats:
    """Outcome less synthetic outcome, by year."""
    if form == SHIFTED:
        target = target - target[:before].mean()
        donors = donors - donors[:before].mean(axis=0)
    if weights is None:
        weights = simplex_weights(donors[:before], target[:before])
    return np.asarray(target - donors @ weights)


def _ratio(target: Floats, gaps: Floats, before: int, form: str) -> float:
    if form == SHIFTED:
        return float(np.exp(gaps[before:].mean()))
    return float(target[before:].sum() / max(float((target - gaps)[before:].sum()), 1e-9))


def synthetic_control(pool: DonorPool, form: str = SHIFTED, *, library: bool = True) -> SyntheticFit:
    """Estimate, with placebos, test inversion and the range over equally good weights.

    Parameters
    ----------
    pool : DonorPool
    form : {"shifted", "classic"}
    library : bool
        Solve with pysyncon too; certification does not.
    """
    others = tuple(donor.unit for donor in pool.used)
    target, donors, before = _table(pool, pool.treated, form, others)
    matched_target, matched = target[:before], donors[:before]
    if form == SHIFTED:
        matched_target, matched = matched_target - matched_target.mean(), matched - matched.mean(axis=0)
    weights = simplex_weights(matched, matched_target)
    other = float("nan")
    if library:
        theirs = library_weights(matched, matched_target)
        other = _ratio(target, _gaps(target, donors, before, form, theirs), before, form)
    gaps = _gaps(target, donors, before, form, weights)
    ratio = _ratio(target, gaps, before, form)
    placebos = _placebos(pool, form, others, gaps, ratio)
    real = next(p for p in placebos if p.real)
    logs = np.array([np.log(max(p.ratio, 1e-6)) for p in placebos if not p.real])
    widest = float(np.abs(logs).max())
    widest_lo, widest_hi = float(np.exp(np.log(ratio) - widest)), float(np.exp(np.log(ratio) + widest))
    lo, hi = conformal_interval(target, donors, before, form)
    ranges = _weight_ranges(matched, matched_target, weights)
    good = _effect_range(target, donors, before, form, weights)
    actual = np.array(pool.rates(pool.treated))
    synthetic = actual * np.exp(-gaps) if form == SHIFTED else target - gaps
    people = _population(pool)
    expected = float(np.dot(synthetic[before:], people[before:]) / 1e5)
    return SyntheticFit(
        pool=pool,
        form=form,
        ratio=ratio,
        lo=min(lo, widest_lo),
        hi=max(hi, widest_hi),
        permutation_lo=lo,
        permutation_hi=hi,
        placebo_lo=widest_lo,
        placebo_hi=widest_hi,
        placebo_level=1.0 - 1.0 / len(placebos),
        p_value=real.rank / len(placebos),
        library_ratio=other,
        good_lo=good[0],
        good_hi=good[1],
        misfit=float(np.sqrt(np.mean(gaps[:before] ** 2))),
        weights=tuple(
            DonorWeight(donor.unit, donor.name, float(w), *span)
            for donor, w, span in zip(pool.used, weights, ranges, strict=True)
        ),
        placebos=placebos,
        years=pool.years,
        actual=tuple(float(v) for v in actual),
        synthetic=tuple(float(v) for v in synthetic),
        fewer=expected * (1 - ratio),
        fewer_lo=expected * ratio * (1 / max(hi, widest_hi) - 1),
        fewer_hi=expected * ratio * (1 / max(min(lo, widest_lo), 1e-3) - 1),
    )


def _population(pool: DonorPool) -> Floats:
    """People of the treated unit by year; not a number where nobody says."""
    have = {row.year: row.population for row in pool.rows if row.unit == pool.treated}
    return np.array([float(have.get(year) or np.nan) for year in pool.years])


def _placebos(
    pool: DonorPool, form: str, others: tuple[str, ...], gaps: Floats, ratio: float
) -> tuple[PlaceboUnit, ...]:
    names = {donor.unit: donor.name for donor in pool.used}
    treated = next(row.name for row in pool.rows if row.unit == pool.treated)
    found: list[tuple[str, str, float, Floats, bool]] = [(pool.treated, treated, ratio, gaps, True)]
    before = sum(1 for year in pool.years if year < pool.break_year)
    for unit in others:
        rest = tuple(other for other in others if other != unit)
        target, donors, _ = _table(pool, unit, form, rest)
        own = _gaps(target, donors, before, form)
        found.append((unit, names[unit], _ratio(target, own, before, form), own, False))
    rows = []
    for unit, name, value, own, real in found:
        misfit = float(np.sqrt(np.mean(own[:before] ** 2)))
        statistic = float(np.sqrt(np.mean(own[before:] ** 2))) / max(misfit, 1e-9)
        rows.append((unit, name, value, statistic, own, real))
    ordered = sorted((row[3] for row in rows), reverse=True)
    return tuple(
        PlaceboUnit(u, n, v, s, 1 + sum(1 for other in ordered if other > s), tuple(float(g) for g in own), real)
        for u, n, v, s, own, real in sorted(rows, key=lambda row: row[1])
    )


def conformal_p(target: Floats, donors: Floats, before: int, form: str, log_effect: float) -> float:
    """P-value of a constant effect, from all ways of choosing which years were the ones after the break."""
    adjusted = target.copy()
    if form == SHIFTED:
        adjusted[before:] -= log_effect
        centred, shifted = adjusted - adjusted.mean(), donors - donors.mean(axis=0)
    else:
        adjusted[before:] /= np.exp(log_effect)
        centred, shifted = adjusted, donors
    residual = centred - shifted @ simplex_weights(shifted, centred)
    years, after = len(target), len(target) - before
    subsets = np.array(list(itertools.combinations(range(years), after)))
    if len(subsets) > 5000:
        subsets = (np.arange(years)[:, None] + np.arange(after)[None, :]) % years
    statistics = np.abs(residual[subsets].sum(axis=1))
    own = abs(float(residual[before:].sum()))
    return float(np.mean(statistics >= own - 1e-12))


def conformal_interval(
    target: Floats, donors: Floats, before: int, form: str, level: float = 0.95
) -> tuple[float, float]:
    """Rate ratios that the permutation test does not reject; 0 or infinity where an end is not reached."""
    start = _gaps(target, donors, before, form)
    middle = float(np.log(max(_ratio(target, start, before, form), 1e-6)))
    alpha = 1 - level
    ends = []
    for sign in (-1.0, 1.0):
        inside, step = middle, 0.02
        while step < 8.0:
            outside = middle + sign * step
            if conformal_p(target, donors, before, form, outside) <= alpha:
                break
            inside, step = outside, step * 1.25
        else:
            ends.append(0.0 if sign < 0 else float("inf"))
            continue
        for _ in range(7):
            centre = (inside + outside) / 2
            if conformal_p(target, donors, before, form, centre) <= alpha:
                outside = centre
            else:
                inside = centre
        ends.append(float(np.exp(inside)))
    return ends[0], ends[1]


def _weight_ranges(donors: Floats, target: Floats, weights: Floats) -> list[tuple[float, float]]:
    """Smallest and largest weight of each donor among equally good sets."""
    out = []
    for unit in range(donors.shape[1]):
        ends = []
        for sign in (1.0, -1.0):
            tilt = np.zeros(donors.shape[1])
            tilt[unit] = sign
            ends.append(float(_tilted(donors, target, weights, tilt)[unit]))
        out.append((min(*ends, float(weights[unit])), max(*ends, float(weights[unit]))))
    return out


def _tilted(donors: Floats, target: Floats, weights: Floats, tilt: Floats) -> Floats:
    """Among equally good weight sets, one that makes `tilt` . weights small."""
    best = float(np.sum((target - donors @ weights) ** 2))
    room = best * EQUALLY_GOOD**2 + 1e-12
    scale = 1.0 / max(room, 1e-12)

    def slack(w: Floats) -> float:
        return float(1.0 - scale * np.sum((target - donors @ w) ** 2))

    def slack_slope(w: Floats) -> Floats:
        return np.asarray(2 * scale * donors.T @ (target - donors @ w))

    result = minimize(
        lambda w: float(tilt @ w),
        weights,
        jac=lambda w: tilt,
        bounds=[(0.0, 1.0)] * len(weights),
        constraints=[
            {"type": "eq", "fun": lambda w: float(w.sum() - 1), "jac": lambda w: np.ones(len(weights))},
            {"type": "ineq", "fun": slack, "jac": slack_slope},
        ],
        method="SLSQP",
        options={"maxiter": 200},
    )
    found = np.clip(np.asarray(result.x), 0.0, 1.0)
    worse = slack(found) < -1e-3 or bool(tilt @ found > tilt @ weights)
    return weights if worse else found


def _effect_range(target: Floats, donors: Floats, before: int, form: str, weights: Floats) -> tuple[float, float]:
    shifted_target, shifted = target, donors
    if form == SHIFTED:
        shifted_target, shifted = target - target[:before].mean(), donors - donors[:before].mean(axis=0)
    tilt = shifted[before:].mean(axis=0)
    found = []
    for sign in (1.0, -1.0):
        chosen = _tilted(shifted[:before], shifted_target[:before], weights, sign * tilt)
        found.append(_ratio(target, np.asarray(shifted_target - shifted @ chosen), before, form))
    own = _ratio(target, np.asarray(shifted_target - shifted @ weights), before, form)
    return min(*found, own), max(*found, own)


@dataclass(frozen=True)
class LeftOut:
    """The estimate without one donor."""

    unit: str
    name: str
    ratio: float


def leave_one_out(pool: DonorPool, form: str = SHIFTED) -> tuple[LeftOut, ...]:
    """Estimates with each donor left out in turn."""
    out = []
    others = tuple(donor.unit for donor in pool.used)
    for donor in pool.used:
        rest = tuple(unit for unit in others if unit != donor.unit)
        target, donors, before = _table(pool, pool.treated, form, rest)
        gaps = _gaps(target, donors, before, form)
        out.append(LeftOut(donor.unit, donor.name, _ratio(target, gaps, before, form)))
    return tuple(out)


def placebo_years(pool: DonorPool, form: str = SHIFTED, least: int = 5) -> tuple[tuple[int, float], ...]:
    """Ratio at each earlier year treated as the break, with as many years after it as the real one has."""
    others = tuple(donor.unit for donor in pool.used)
    target, donors, before = _table(pool, pool.treated, form, others)
    after = len(target) - before
    out = []
    for cut in range(least, before - after + 1):
        rows = slice(0, cut + after)
        gaps = _gaps(target[rows], donors[rows], cut, form)
        out.append((pool.years[cut], _ratio(target[rows], gaps, cut, form)))
    return tuple(out)
