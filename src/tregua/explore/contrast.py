"""Paired contrasts: what a response changes against no truce, history by history.

Both sides of a pair share their parameters (`draw`) and their chance (`luck`), so that what they have in common
cancels. Everything here is a function of the stored numbers alone: no random resampling, no clock.

Monte-Carlo errors are those of clustered order statistics (Woodruff, *J. Am. Stat. Assoc.* 47, 1952): the share of
histories below a quantile has an error, taken between draws because replicates of chance inside a draw are alike, and
the quantiles at that many errors on either side bound the quantile. Two errors are used for the median and one for
the ends, where more would run into the last history; in trials with 24 to 200 pairs of normal, skewed and
heavy-tailed contrasts the estimate was on average 0.98 to 1.04 of the true error of the median and, from 100 pairs,
0.91 to 1.05 of those of the ends.
"""

from __future__ import annotations

import math
from collections.abc import Collection, Sequence
from dataclasses import dataclass, fields
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.runs.cube import Cube
from tregua.runs.disk import store_error

if TYPE_CHECKING:
    import pyarrow as pa

Array = np.ndarray[Any, np.dtype[Any]]

COMPUTED = "computed"
REFIT_NEEDED = "refit_needed"
NOT_RUN = "not_run"
NOT_DEFINED = "not_defined"

DECISIVE = 2.0
"""Monte-Carlo errors beyond which a sign or an order counts as known."""

LEAST_DRAWS = 6
"""Below this number of draws no sign counts as known: five of one sign come up by chance once in sixteen times."""

_END_ERRORS = 1.0


@dataclass(frozen=True)
class Spread:
    """Where values lie, with the Monte-Carlo error of each number. Arrays of one shape.

    Attributes
    ----------
    n : array of int
        Values that are defined.
    median, q05, q95, mean : array
        In the unit of the values; NaN where `n` is 0.
    mcse, mcse_q05, mcse_q95, mcse_mean : array
        Their Monte-Carlo standard errors; NaN below two draws.
    p_fall, p_rise : array
        Share of values below and above zero.
    mcse_p : array
        Monte-Carlo standard error of `p_fall`.
    low, high : array
        The median lies between them, as far as chance goes, in 95 of 100 trials; NaN below `LEAST_DRAWS` draws.
    """

    n: Array
    median: Array
    q05: Array
    q95: Array
    mean: Array
    mcse: Array
    mcse_q05: Array
    mcse_q95: Array
    mcse_mean: Array
    p_fall: Array
    p_rise: Array
    mcse_p: Array
    low: Array
    high: Array


def spread(values: Array, draws: Array) -> Spread:
    """Quantiles, mean and chances along the last axis.

    Parameters
    ----------
    values : array of float, shape (..., n)
        One value a history; NaN where it is not defined.
    draws : array of int, shape (n,)
        Draw of each history, ascending; histories of one draw form a cluster.

    Returns
    -------
    Spread
        Arrays of shape ``values.shape[:-1]``.
    """
    shape = values.shape[:-1]
    flat = np.ascontiguousarray(values, dtype=np.float64).reshape(math.prod(shape), values.shape[-1])
    holes = np.isnan(flat).any(axis=1)
    out = {field.name: np.full(len(flat), np.nan) for field in fields(Spread)}
    out["n"] = np.zeros(len(flat), dtype=np.int64)
    whole = np.flatnonzero(~holes)
    if whole.size and flat.shape[1]:
        for name, column in _spread(flat[whole], draws).items():
            out[name][whole] = column
    for row in np.flatnonzero(holes):
        known = ~np.isnan(flat[row])
        if known.any():
            for name, column in _spread(flat[row : row + 1, known], draws[known]).items():
                out[name][row] = column[0]
    return Spread(**{name: column.reshape(shape) for name, column in out.items()})


def _spread(x: Array, draws: Array) -> dict[str, Array]:
    n = x.shape[1]
    starts = np.flatnonzero(np.r_[True, draws[1:] != draws[:-1]])
    alone = len(starts) == n
    ordered = np.sort(x, axis=1)
    out: dict[str, Array] = {"n": np.full(len(x), n)}
    for name, error, level, errors in (
        ("median", "mcse", 0.5, DECISIVE),
        ("q05", "mcse_q05", 0.05, _END_ERRORS),
        ("q95", "mcse_q95", 0.95, _END_ERRORS),
    ):
        at = _quantile(ordered, np.full(len(x), level))
        if alone:
            wide = np.full(len(x), errors * math.sqrt(level * (1 - level) / n))
        else:
            wide = errors * np.nan_to_num(_clustered(x <= at[:, None], starts))
        low, high = _quantile(ordered, level - wide), _quantile(ordered, level + wide)
        out[name] = at
        out[error] = (high - low) / (2 * errors)
        if name == "median":
            out["low"], out["high"] = low, high
    out["mean"] = x.mean(axis=1)
    out["mcse_mean"] = _clustered(x, starts)
    below = x < 0
    out["p_fall"] = below.mean(axis=1)
    out["p_rise"] = (x > 0).mean(axis=1)
    out["mcse_p"] = _clustered(below, starts)
    if len(starts) < LEAST_DRAWS:
        out["low"] = out["high"] = np.full(len(x), np.nan)
    if len(starts) < 2:
        for name in ("mcse", "mcse_q05", "mcse_q95", "mcse_mean", "mcse_p"):
            out[name] = np.full(len(x), np.nan)
    return out


def _quantile(ordered: Array, level: Array) -> Array:
    """Quantiles of sorted rows by linear interpolation, one level a row."""
    last = ordered.shape[1] - 1
    place = np.clip(level, 0.0, 1.0) * last
    low = np.floor(place).astype(np.int64)
    high = np.minimum(low + 1, last)
    rows = np.arange(len(ordered))
    a, b = ordered[rows, low], ordered[rows, high]
    return np.asarray(a + (place - low) * (b - a))


def _clustered(x: Array, starts: Array) -> Array:
    """Standard error of the mean of each row, from the differences between draws."""
    clusters = len(starts)
    if clusters < 2:
        return np.full(len(x), np.nan)
    deviation = x - x.mean(axis=1, keepdims=True)
    if clusters < x.shape[1]:
        deviation = np.add.reduceat(deviation, starts, axis=1)
    total = np.einsum("ij,ij->i", deviation, deviation)
    return np.asarray(np.sqrt(clusters / (clusters - 1) * total) / x.shape[1])


@dataclass(frozen=True)
class Contrasts:
    """Paired contrasts of one decision.

    Every array has the shape (readings, arms, horizons, outcomes); differences are arm minus reference, in the unit
    of the outcome.

    Attributes
    ----------
    decision, reference, default : str
        Decision; the arm that every other is held against; the reading that is told first.
    readings, arms, outcomes : tuple of str
        `arms` without the reference, records included.
    horizons : tuple of int
    records : frozenset of str
        Arms that are shown and never ranked.
    status : array of str
        ``computed``; ``refit_needed`` (the reading changes what the data mean: no number); ``not_run`` (no such
        rows); ``not_defined`` (no pair in which the outcome is defined on both sides).
    spread : Spread
        Median, ends, mean, chances of a fall and of a rise, and their errors.
    pairing : array of float
        Variance of the difference of two unrelated histories over that of a paired one: how many times fewer runs
        pairing needs. Near 1 it bought nothing; infinite where every pair differs by the same amount.
    flip : array of bool
        This reading is on the other side of zero, beyond `DECISIVE` errors: on another one than the default reading
        or, where that one is unclear, than most readings (of as many on either side, those that rise). Some reading
        flips exactly where the contrast `changes_sign`.
    rank_flip : array of bool
        The order of this arm and some other choosable arm is reversed against the default reading, both beyond
        `DECISIVE` errors. The error of a difference of two medians is taken as if they were unrelated; they share the
        reference, so that it is too large and the flag too rare rather than too frequent.
    level : Spread
        The reference itself, shape (readings, horizons, outcomes).
    """

    decision: str
    reference: str
    default: str
    readings: tuple[str, ...]
    arms: tuple[str, ...]
    horizons: tuple[int, ...]
    outcomes: tuple[str, ...]
    records: frozenset[str]
    status: Array
    spread: Spread
    pairing: Array
    flip: Array
    rank_flip: Array
    level: Spread

    def at(self, arm: str, outcome: str, horizon: int, reading: str | None = None) -> dict[str, Any]:
        """One cell as a row of `rows`, under the default reading if none is named.

        Raises
        ------
        StoreError
            E56: there is no such cell.
        """
        index = tuple(
            self._place(axis, label)
            for axis, label in (
                ("reading", reading or self.default),
                ("arm", arm),
                ("horizon", horizon),
                ("outcome", outcome),
            )
        )
        return self._row(index)

    def signs(self, arm: str, outcome: str, horizon: int) -> dict[str, list[str]]:
        """Readings by what they say of the sign of a contrast.

        Returns
        -------
        dict
            ``falls`` and ``rises`` (beyond `DECISIVE` errors), ``unclear``, and the statuses under which there is no
            number. The sign *changes* where both of the first two hold a reading.
        """
        a, h, o = self._place("arm", arm), self._place("horizon", horizon), self._place("outcome", outcome)
        out: dict[str, list[str]] = {n: [] for n in ("falls", "rises", "unclear", REFIT_NEEDED, NOT_RUN, NOT_DEFINED)}
        sign = self.sign[:, a, h, o]
        for reading, status, number in zip(self.readings, self.status[:, a, h, o], sign, strict=True):
            names = {-1: "falls", 1: "rises", 0: "unclear"}
            out[names[int(number)] if status == COMPUTED else str(status)].append(reading)
        return out

    @cached_property
    def sign(self) -> Array:
        """-1, 0 or 1: the sign of the median where it is beyond `DECISIVE` errors, else 0.

        It is told by the ends of the interval of the median, not by its error: the error is itself an estimate, and a
        median of zero would pass twice of it in 8 trials of 100 instead of 5.
        """
        return known_sign(self.spread.low, self.spread.high)

    @cached_property
    def changes_sign(self) -> Array:
        """True where some reading says fall and some other says rise, shape (arms, horizons, outcomes)."""
        sign = self.sign
        return np.asarray((sign < 0).any(axis=0) & (sign > 0).any(axis=0))

    def rows(
        self,
        *,
        arms: Collection[str] | None = None,
        outcomes: Collection[str] | None = None,
        horizons: Collection[int] | None = None,
        readings: Collection[str] | None = None,
    ) -> list[dict[str, Any]]:
        """Cells as plain values, in the order of the axes; what is not a finite number is None.

        Keys: decision, horizon, reading, arm, outcome, status, record, n, q05, q50, q95, mean, p_fall, p_rise, mcse,
        mcse_q05, mcse_q95, mcse_mean, mcse_p, pairing, sign, flip, rank_flip, changes_sign.
        """
        chosen = [
            [i for i, label in enumerate(axis) if wanted is None or label in wanted]
            for axis, wanted in (
                (self.readings, readings),
                (self.arms, arms),
                (self.horizons, horizons),
                (self.outcomes, outcomes),
            )
        ]
        r, a, h, o = (index.reshape(-1) for index in np.meshgrid(*chosen, indexing="ij"))
        changes = self.changes_sign
        columns = self._columns((r, a, h, o), changes[a, h, o])
        names = list(columns)
        return [{n: _finite(v) for n, v in zip(names, row, strict=True)} for row in zip(*columns.values(), strict=True)]

    def to_table(self) -> pa.Table:
        """Every cell as an Arrow table with the columns of `rows`."""
        import pyarrow as pa

        index = tuple(part.reshape(-1) for part in np.indices(self.status.shape))
        changes = self.changes_sign[index[1], index[2], index[3]]
        return pa.table(self._columns(index, changes))

    def _columns(self, index: tuple[Array, ...], changes: Array) -> dict[str, list[Any]]:
        r, a, h, o = index
        s = self.spread
        arrays = {
            "n": s.n, "q05": s.q05, "q50": s.median, "q95": s.q95, "mean": s.mean, "p_fall": s.p_fall,
            "p_rise": s.p_rise, "mcse": s.mcse, "mcse_q05": s.mcse_q05, "mcse_q95": s.mcse_q95,
            "mcse_mean": s.mcse_mean, "mcse_p": s.mcse_p, "pairing": self.pairing, "sign": self.sign,
            "flip": self.flip, "rank_flip": self.rank_flip,
        }  # fmt: skip
        return {
            "decision": [self.decision] * len(r),
            "horizon": [self.horizons[i] for i in h],
            "reading": [self.readings[i] for i in r],
            "arm": [self.arms[i] for i in a],
            "outcome": [self.outcomes[i] for i in o],
            "status": self.status[index].tolist(),
            "record": [self.arms[i] in self.records for i in a],
            **{name: array[index].tolist() for name, array in arrays.items()},
            "changes_sign": changes.tolist(),
        }

    def _row(self, index: tuple[int, ...]) -> dict[str, Any]:
        one = tuple(np.array([i]) for i in index)
        columns = self._columns(one, self.changes_sign[one[1:]])
        return {n: _finite(v[0]) for n, v in columns.items()}

    def _place(self, axis: str, label: str | int) -> int:
        labels: tuple[Any, ...] = getattr(self, f"{axis}s")
        if label not in labels:
            raise store_error(
                "E56",
                f"there is no contrast for this {axis}",
                f"decision {self.decision}",
                label,
                ", ".join(str(name) for name in labels),
                f"ask for one of these, or run the comparison again with this {axis}",
            )
        return labels.index(label)


def contrasts(
    cube: Cube,
    *,
    reference: str = "no_truce",
    default: str = "default",
    refit_needed: Sequence[str] = (),
    records: Collection[str] = ("as_it_happened",),
) -> Contrasts:
    """Hold every arm against the reference, pair by pair.

    Parameters
    ----------
    cube : Cube
    reference : str
        Arm on the other side of every pair.
    default : str
        Reading that flips are told against; where the cube does not hold it, they are told against most readings.
    refit_needed : sequence of str
        Readings that have no fitted parameters: they get rows with the status ``refit_needed`` and no number, after
        the others. The cube must not hold them.
    records : collection of str
        Arms that are shown and never ranked.

    Raises
    ------
    StoreError
        E58: a row without its pair, or a reading that must be refitted and yet has results. E56: no reference arm.
    """
    wrong = [reading for reading in refit_needed if reading in cube.readings]
    if wrong:
        raise store_error(
            "E58",
            "a reading that must be refitted first has results",
            f"decision {cube.decision}",
            ", ".join(wrong),
            "no results before the refit",
            "fit the reading, or leave it out",
        )
    ref = cube.at("arm", reference)
    arms = [i for i in range(len(cube.arms)) if i != ref]
    readings = (*cube.readings, *refit_needed)
    shape = (len(readings), len(arms), len(cube.horizons), len(cube.outcomes))
    status = np.full(shape, REFIT_NEEDED, dtype=object)
    numbers = {f.name: np.full(shape, np.nan) for f in fields(Spread)}
    numbers["n"] = np.zeros(shape, dtype=np.int64)
    levels = {f.name: np.full((shape[0], *shape[2:]), np.nan) for f in fields(Spread)}
    levels["n"] = np.zeros((shape[0], *shape[2:]), dtype=np.int64)
    pairing = np.full(shape, np.nan)
    for r in range(len(cube.readings)):
        values, draws, ran = _histories(cube, r, ref)
        difference = values[arms] - values[ref]
        made = spread(difference, draws)
        level = spread(values[ref], draws)
        for f in fields(Spread):
            numbers[f.name][r] = getattr(made, f.name)
            levels[f.name][r] = getattr(level, f.name)
        status[r] = np.where(made.n > 0, COMPUTED, np.where(ran[arms], NOT_DEFINED, NOT_RUN))
        pairing[r] = _pairing(values[arms], values[ref], difference)
    median, error = numbers["median"], numbers["mcse"]
    sign = known_sign(numbers["low"], numbers["high"])
    rank_flip = np.zeros(shape, dtype=bool)
    usual = np.zeros(shape[1:], dtype=np.int64)
    if default in cube.readings:
        base = cube.readings.index(default)
        usual = sign[base]
        choosable = [k for k, i in enumerate(arms) if cube.arms[i] not in records]
        m, e = median[:, choosable], error[:, choosable]
        ahead = _sign(m[:, :, None] - m[:, None], np.hypot(e[:, :, None], e[:, None]))
        rank_flip[:, choosable] = (ahead * ahead[base] < 0).any(axis=2)
    return Contrasts(
        decision=cube.decision,
        reference=reference,
        default=default,
        readings=readings,
        arms=tuple(cube.arms[i] for i in arms),
        horizons=cube.horizons,
        outcomes=cube.outcomes,
        records=frozenset(records),
        status=status,
        spread=Spread(**numbers),
        pairing=pairing,
        flip=_contrary(sign, usual),
        rank_flip=rank_flip,
        level=Spread(**levels),
    )


def differences(
    cube: Cube, arm: str, outcome: str, horizon: int, reading: str, *, reference: str = "no_truce"
) -> tuple[Array, Array]:
    """The paired differences behind one cell.

    Returns
    -------
    values : array of float, shape (pairs,)
        Arm minus reference; pairs in which the outcome is not defined on both sides are left out.
    draws : array of int, shape (pairs,)
        Draw of each pair, ascending.

    Raises
    ------
    StoreError
        E56 no such cell; E58 a row without its pair.
    """
    r, a, ref = cube.at("reading", reading), cube.at("arm", arm), cube.at("arm", reference)
    values, draws, _ = _histories(cube, r, ref)
    cell = (cube.at("horizon", horizon), cube.at("outcome", outcome))
    out = values[a][cell] - values[ref][cell]
    known = ~np.isnan(out)
    return out[known], draws[known]


def _histories(cube: Cube, r: int, ref: int) -> tuple[Array, Array, Array]:
    """`_paired` of a cube, kept until another reading is asked for."""
    found: tuple[Array, Array, Array] | None = cube.latest.get((r, ref))
    if found is None:
        found = _paired(cube, r, ref)
        cube.latest.clear()
        cube.latest[r, ref] = found
    return found


def _paired(cube: Cube, r: int, ref: int) -> tuple[Array, Array, Array]:
    """Values of one reading by history, failed histories left out, every arm held against the reference.

    Returns
    -------
    values : array, shape (arms, horizons, outcomes, histories)
    draws : array of int, shape (histories,)
    ran : array of bool, shape (arms, horizons, outcomes)
        True where the arm has rows.
    """
    keep = ~cube.lost(cube.readings[r]).reshape(-1)
    histories = len(cube.draws) * len(cube.lucks)
    shape = (len(cube.arms), len(cube.horizons), len(cube.outcomes), histories)
    ran = cube.there[r].reshape(shape).any(axis=-1)
    there = cube.there[r].reshape(shape)[..., keep]
    values = cube.values[r].reshape(shape)[..., keep]
    if not ran[ref].any():
        raise store_error(
            "E56",
            "the results hold no reference to compare with",
            f"decision {cube.decision}, reading {cube.readings[r]}",
            f"no row of {cube.arms[ref]}",
            "the reference arm under every reading",
            f"run the comparison again with the arm {cube.arms[ref]}",
        )
    unpaired = (there != there[ref]) & ran[..., None]
    if unpaired.any():
        a, h, o, k = (int(i[0]) for i in np.nonzero(unpaired))
        draw, luck = divmod(int(np.flatnonzero(keep)[k]), len(cube.lucks))
        alone = cube.arms[a] if there[a, h, o, k] else cube.arms[ref]
        raise store_error(
            "E58",
            "some results have no pair: both sides of a contrast must share draw and luck",
            f"decision {cube.decision}, reading {cube.readings[r]}, arm {cube.arms[a]}",
            f"{int(unpaired.sum())} rows alone; the first: {cube.outcomes[o]} at {cube.horizons[h]} years, "
            f"draw {cube.draws[draw]}, luck {cube.lucks[luck]}, of {alone} only",
            f"every draw and luck under {cube.arms[a]} and under {cube.arms[ref]}",
            "run the comparison again: what is missing is computed, the rest is kept",
        )
    # A history that nobody ran under this reading (fewer draws here than elsewhere) is no history of it.
    some = there[ref].any(axis=(0, 1))
    draws = np.repeat(np.array(cube.draws), len(cube.lucks))[keep]
    return values[..., some], draws[some], ran


def _pairing(arms: Array, reference: Array, difference: Array) -> Array:
    """Variance of an unpaired difference over that of a paired one."""
    reference = np.broadcast_to(reference, arms.shape)
    known = ~np.isnan(difference)
    n = known.sum(axis=-1)

    def variance(x: Array) -> Array:
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = np.where(known, x, 0.0).sum(axis=-1) / n
            return np.asarray((np.where(known, x - mean[..., None], 0.0) ** 2).sum(axis=-1) / (n - 1))

    with np.errstate(invalid="ignore", divide="ignore"):
        return np.asarray((variance(arms) + variance(reference)) / variance(difference))


def _finite(value: Any) -> Any:
    return None if isinstance(value, float) and not math.isfinite(value) else value


def known_sign(low: Array, high: Array) -> Array:
    """1 where an interval lies above zero, -1 where it lies below, else 0."""
    return np.asarray((low > 0).astype(np.int64) - (high < 0))


def _contrary(sign: Array, usual: Array) -> Array:
    """Readings on the other side of zero than the usual one; where that is 0, the usual one is that of most."""
    most = np.where((sign > 0).sum(axis=0) > (sign < 0).sum(axis=0), 1, -1)
    return np.asarray(sign == -np.where(usual == 0, most, usual))


def _sign(value: Array, error: Array) -> Array:
    """-1, 0 or 1: the sign of a value that is beyond `DECISIVE` errors, else 0."""
    with np.errstate(invalid="ignore"):
        return np.asarray(np.where(np.abs(value) > DECISIVE * error, np.sign(value), 0.0))
