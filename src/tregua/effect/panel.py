"""Panel of areas and months in the style of Katz, Hedberg and Amaya (2016).

Poisson counts with a level for each area (which takes up everything that sets places apart for good), a common linear
trend and yearly harmonics, the truce, and the truce times the density of imprisoned members. Standard errors are
clustered by area, so that counts may be more variable than Poisson and correlated within an area.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import numpy as np
import numpy.typing as npt
from scipy.stats import t as student

from tregua.effect.design import Design, DesignError, Phase, Phases
from tregua.effect.grid import YEAR
from tregua.effect.read_counts import CountsError, read_rows

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

LEAST_AREAS = 10
PUBLISHED: tuple[tuple[str, float, float, float], ...] = (("without", 0.61, 0.54, 0.69), ("with", 0.55, 0.49, 0.63))
"""Rate ratios without and with added controls, and their 95 % intervals (Katz, Hedberg and Amaya 2016, abstract)."""
PUBLISHED_BEFORE = (date(2010, 1, 1), date(2012, 2, 29))
PUBLISHED_AFTER = (date(2012, 3, 1), date(2013, 12, 31))


def published_months(design: Design) -> Design:
    """Counts of the months that the published pair compares, the truce in force in all that follow its beginning.

    Raises
    ------
    DesignError
        The counts do not reach around these months.
    """
    series = design.series.within(PUBLISHED_BEFORE[0], PUBLISHED_AFTER[1])
    return Design(series, Phases((Phase("active", PUBLISHED_AFTER[0]),)))


@dataclass(frozen=True)
class PanelRow:
    """Count of one area over the days from `start` to `end`; `prison` is any density of the area, constant in time."""

    area: str
    start: date
    end: date
    count: int
    population: float | None = None
    prison: float | None = None


@dataclass(frozen=True)
class Coefficient:
    """A log ratio with its clustered error.

    Attributes
    ----------
    value, error : float
    ratio, lo, hi : float
        Exponential of the value and of the ends of the interval.
    two_way_lo, two_way_hi : float
        Interval with errors clustered by area and by period together, which allows for shocks that all areas share.
    """

    name: str
    value: float
    error: float
    ratio: float
    lo: float
    hi: float
    two_way_lo: float
    two_way_hi: float


@dataclass(frozen=True)
class PanelFit:
    """Estimates of a panel.

    Attributes
    ----------
    truce : Coefficient
        Rate ratio in an area of mean prison density.
    interaction : Coefficient or None
        Change of the log ratio for one standard deviation more of prison density.
    prison_mean, prison_sd : float
    areas, empty_areas, periods : int
        Areas that inform, areas without any event (they carry no information), periods.
    """

    truce: Coefficient
    interaction: Coefficient | None
    trend: Coefficient
    prison_mean: float
    prison_sd: float
    areas: int
    empty_areas: int
    periods: int


def read_panel(path: str | Path, dates: str = "") -> tuple[PanelRow, ...]:
    """Read ``area,date,count`` (or start, end) with optional ``population`` and ``prison``.

    Raises
    ------
    CountsError
        As `read_counts`, or no column of areas, or a number that cannot be read.
    """
    rows, header, _, name = read_rows(path, dates)
    if "area" not in header:
        raise CountsError(
            "a panel needs a column of areas",
            file=name,
            line=1,
            found=", ".join(header),
            allowed="area (or municipio, departamento)",
            mend="add it, or use --data for one series",
        )
    out = []
    for row in rows:
        population, prison = _number(row.population, name, row.line), _number(row.prison, name, row.line)
        if row.count < 0 or (population is not None and population <= 0):
            raise CountsError(
                "a number is out of range",
                file=name,
                line=row.line,
                allowed="count >= 0, population > 0",
                mend="fix it",
            )
        out.append(PanelRow(row.area, row.spans[0].start, row.spans[-1].end, row.count, population, prison))
    return tuple(out)


def _number(text: str, name: str, line: int) -> float | None:
    if not text:
        return None
    try:
        value = float(text.replace(",", ".")) if text.count(",") <= 1 and "." not in text else float(text)
    except ValueError:
        value = math.nan
    if not math.isfinite(value):
        raise CountsError(
            "a number cannot be read", file=name, line=line, found=text, allowed="for example 12.5", mend="correct it"
        )
    return value


def fit_panel(rows: tuple[PanelRow, ...], phases: Phases, *, harmonics: int = 2, level: float = 0.95) -> PanelFit:
    """Estimate the truce and its interaction with prison density.

    Parameters
    ----------
    rows : tuple of PanelRow
        Areas may lack periods. A period that contains the first day of the truce counts with its share of days.
    phases : Phases
        The truce is in force from the first active day until it ends, eroding included.
    harmonics : int
        Yearly harmonics.

    Raises
    ------
    DesignError
        Fewer than ten areas with an event, no period before or after, one count twice, or prison density given for
        some areas only or changing within one.
    """
    areas = sorted({row.area for row in rows})
    index = {area: i for i, area in enumerate(areas)}
    seen: set[tuple[str, date]] = set()
    for row in rows:
        if (row.area, row.start) in seen:
            raise DesignError(
                "an area has two counts for the same days",
                found=f"{row.area}, {row.start}",
                allowed="one count for each area and period",
                mend="keep one of them",
            )
        seen.add((row.area, row.start))
    prison = _densities(rows, areas)
    area = np.array([index[row.area] for row in rows], dtype=np.int64)
    count = np.array([row.count for row in rows], dtype=np.float64)
    days = np.array([(row.end - row.start).days + 1 for row in rows], dtype=np.float64)
    exposure = np.log(days) + np.log([row.population or 1.0 for row in rows])
    start = np.array([row.start.toordinal() for row in rows])
    middle = start + days / 2
    truce = np.array([_share_in_force(row, phases) for row in rows])
    if not 0 < truce.mean() < 1:
        raise DesignError(
            "the panel lies wholly before or wholly after the truce began",
            found=str(phases.active_day),
            allowed="periods on both sides",
            mend="correct the date, or add periods",
        )
    columns = [truce, (middle - phases.active_day.toordinal()) / YEAR]
    names = ["truce", "trend"]
    for wave in range(1, harmonics + 1):
        angle = 2 * np.pi * wave * middle / YEAR
        columns += [np.cos(angle), np.sin(angle)]
        names += [f"cos.{wave}", f"sin.{wave}"]
    mean = sd = 0.0
    if prison is not None:
        mean, sd = float(prison.mean()), float(prison.std())
        if sd > 0:
            columns.append(truce * (prison[area] - mean) / sd)
            names.append("interaction")
    totals = np.bincount(area, weights=count, minlength=len(areas))
    if int((totals > 0).sum()) < LEAST_AREAS:
        raise DesignError(
            "too few areas with an event for errors clustered by area",
            found=int((totals > 0).sum()),
            allowed=f"{LEAST_AREAS} or more",
            mend="use --data for one series",
        )
    kept = totals[area] > 0
    value, by_area, two_way = _fixed_effects(
        count[kept], np.column_stack(columns)[kept], exposure[kept], area[kept], start[kept], len(areas)
    )
    groups = int((totals > 0).sum())
    quantile = float(student.ppf((1 + level) / 2, groups - 1))
    quantile_two = float(student.ppf((1 + level) / 2, min(groups, len(set(start.tolist()))) - 1))
    found = {
        name: _coefficient(name, value[i], by_area[i], two_way[i], quantile, quantile_two)
        for i, name in enumerate(names)
    }
    return PanelFit(
        truce=found["truce"],
        interaction=found.get("interaction"),
        trend=found["trend"],
        prison_mean=mean,
        prison_sd=sd,
        areas=groups,
        empty_areas=len(areas) - groups,
        periods=len(set(start.tolist())),
    )


def _densities(rows: tuple[PanelRow, ...], areas: list[str]) -> Floats | None:
    values: dict[str, set[float | None]] = {}
    for row in rows:
        values.setdefault(row.area, set()).add(row.prison)
    if all(found == {None} for found in values.values()):
        return None
    for area in areas:
        if len(values[area]) > 1 or None in values[area]:
            raise DesignError(
                "prison density must be one number for each area",
                found=area,
                allowed="the same number in every row of the area",
                mend="use its value before the truce",
            )
    return np.array([next(iter(values[area])) for area in areas], dtype=np.float64)


def _share_in_force(row: PanelRow, phases: Phases) -> float:
    days = (row.end - row.start).days + 1
    inside = sum(w.days for w in phases.windows(row.start, row.end) if w.kind in ("active", "eroding"))
    return inside / days


def _fixed_effects(
    count: Floats, columns: Floats, offset: Floats, area: Ints, period: Ints, areas: int
) -> tuple[Floats, Floats, Floats]:
    """Poisson with a level for each area, the levels concentrated out: values and two kinds of errors."""
    totals = np.bincount(area, weights=count, minlength=areas)
    beta = np.zeros(columns.shape[1])
    for _ in range(100):
        share, centred = _shares(columns, offset, area, areas, beta)
        expected = totals[area] * share
        information = centred.T @ (centred * expected[:, None])
        step = np.linalg.solve(information, columns.T @ (count - expected))
        step *= min(1.0, 2.0 / max(float(np.abs(step).max()), 1e-12))
        beta = beta + step
        if float(np.abs(step).max()) < 1e-10:
            break
    share, centred = _shares(columns, offset, area, areas, beta)
    expected = totals[area] * share
    bread = np.linalg.inv(centred.T @ (centred * expected[:, None]))
    scores = centred * (count - expected)[:, None]
    by_area = _jackknife(np.linalg.inv(bread), centred, expected, scores, area)
    meat_period, times = _clustered(scores, period)
    two = by_area + bread @ (meat_period * times / (times - 1) - scores.T @ scores) @ bread
    one_way = np.sqrt(np.diag(by_area))
    # the two-way form may turn out smaller, or negative, with few periods: never report less than one way
    two_way = np.sqrt(np.maximum(np.diag(two), np.diag(by_area)))
    return beta, np.asarray(one_way), np.asarray(two_way)


def _jackknife(information: Floats, centred: Floats, expected: Floats, scores: Floats, area: Ints) -> Floats:
    """Covariance from leaving out each area in turn (one step), which bears a few areas of great weight.

    MacKinnon, Nielsen and Webb (2023), J. Econometrics 232: the sandwich without it covers too seldom.
    """
    order = np.argsort(area, kind="stable")
    cuts = np.flatnonzero(np.diff(area[order])) + 1
    moves = []
    for rows in np.split(order, cuts):
        own = centred[rows].T @ (centred[rows] * expected[rows][:, None])
        moves.append(np.linalg.solve(information - own, scores[rows].sum(axis=0)))
    table = np.array(moves)
    groups = len(table)
    return np.asarray(table.T @ table * (groups - 1) / groups)


def _shares(columns: Floats, offset: Floats, area: Ints, areas: int, beta: Floats) -> tuple[Floats, Floats]:
    """Share of each row in its area, and columns less their expected mean in the area."""
    rate = np.exp(offset - offset.mean() + columns @ beta)
    share = rate / np.bincount(area, weights=rate, minlength=areas)[area]
    means = np.column_stack([np.bincount(area, weights=share * c, minlength=areas) for c in columns.T])
    return np.asarray(share), np.asarray(columns - means[area])


def _clustered(scores: Floats, group: Ints) -> tuple[Floats, int]:
    _, place = np.unique(group, return_inverse=True)
    sums = np.column_stack([np.bincount(place, weights=c) for c in scores.T])
    return np.asarray(sums.T @ sums), len(sums)


def _coefficient(
    name: str, value: float, error: float, two_way: float, quantile: float, quantile_two: float
) -> Coefficient:
    return Coefficient(
        name,
        float(value),
        float(error),
        float(np.exp(value)),
        float(np.exp(value - quantile * error)),
        float(np.exp(value + quantile * error)),
        float(np.exp(value - max(quantile_two * two_way, quantile * error))),
        float(np.exp(value + max(quantile_two * two_way, quantile * error))),
    )


def planted_panel(
    rng: np.random.Generator,
    *,
    areas: int = 262,
    truce: float = 0.61,
    interaction: float = -0.08,
    spread: float = 0.6,
    wobble: float = 0.3,
    first: date = date(2010, 1, 1),
    months: int = 48,
    start: date = date(2012, 3, 1),
) -> tuple[PanelRow, ...]:
    """A synthetic panel with known truth, shaped like the published one: 262 areas, 26 months before, 22 after.

    Parameters
    ----------
    truce : float
        Rate ratio at mean prison density.
    interaction : float
        Change of the log ratio for one standard deviation of density.
    spread : float
        Standard deviation of the log effect across areas beyond the interaction, on the scale of the ratio's error.
    wobble : float
        Standard deviation of slow changes within an area (a half-yearly log level), which clustering must bear.
    """
    density = rng.gamma(1.5, size=areas)
    standard = (density - density.mean()) / density.std()
    population = np.exp(rng.normal(9.6, 1.0, areas))
    level = np.log(0.65e-3 / 12) + rng.normal(0, spread, areas)
    own = rng.normal(0, 0.1, areas)
    rows = []
    for m in range(months):
        year, month = first.year + (first.month - 1 + m) // 12, (first.month - 1 + m) % 12 + 1
        begin = date(year, month, 1)
        end = date.fromordinal(date(year + month // 12, month % 12 + 1, 1).toordinal() - 1)
        if m % 6 == 0:
            slow = rng.normal(0, wobble, areas)
        on = 1.0 if begin >= start else 0.0
        season = 0.05 * np.cos(2 * np.pi * m / 12)
        log_rate = level + slow + season + 0.03 * m / 12 + on * (np.log(truce) + interaction * standard + own)
        # the mean effect is the one at mean density: the spread of own effects is centred in the exponential
        counts = rng.poisson(population * np.exp(log_rate - on * 0.005))
        rows += [
            PanelRow(f"A{i:04d}", begin, end, int(counts[i]), float(population[i]), float(density[i]))
            for i in range(areas)
        ]
    return tuple(rows)
