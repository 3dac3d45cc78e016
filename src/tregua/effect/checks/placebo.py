"""Placebos: the same estimator at dates on which nothing happened, and on countries without a truce."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
from scipy.stats import binom

from tregua.effect.checks.protocol import CheckResult, Named, Row, number
from tregua.effect.design import CountSeries, Design, DesignError, Phase, Phases
from tregua.effect.inputs import EffectInputs
from tregua.effect.refit import Estimator, Gap, Variant
from tregua.effect.synthetic_control import SyntheticFit

MOST_PLACEBOS = 12
LEAST_PLACEBOS = 4
MOST_P = 0.10


def placebo_designs(design: Design, most: int = MOST_PLACEBOS) -> list[tuple[date, Design]]:
    """The time before, cut at dates on which nothing happened, for as long as the real phase lasted at most."""
    last = design.phases.break_day - timedelta(days=1)
    before = tuple(count for count in design.series.counts if count.end <= last)
    days = sorted({count.start for count in before} | {date(c.start.year, c.start.month, 1) for c in before})
    found = []
    for day in days:
        end = day + timedelta(days=design.active.days - 1)
        kept = tuple(count for count in before if count.end <= end or count.start < day)
        try:
            found.append((day, Design(CountSeries(kept), Phases((Phase("active", day),)))))
        except DesignError:
            continue
    if len(found) > most:
        found = [found[int(i)] for i in np.linspace(0, len(found) - 1, most).round()]
    return found


def _path(gaps: tuple[Gap, ...]) -> list[list[str | float]]:
    return [[g.count.start.isoformat(), g.count.end.isoformat(), round(g.log_ratio, 4)] for g in gaps]


@dataclass(frozen=True)
class PlaceboInTime(Named):
    """Dates on which nothing happened raise no more false alarms than stated: their intervals seldom leave out 1.

    Where the real date ranks among them by size is evidence about the truce, told with its p-value; it is no condition.
    A truce that did nothing would rank anywhere, and a study must be able to say so (Abadie, Diamond and Hainmueller
    2010 read such ranks as inference).
    """

    id: str = "placebo_time"
    title_en: str = "placebo dates"
    title_es: str = "fechas placebo"
    blocking: bool = True

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        designs = placebo_designs(inputs.design)
        if len(designs) < LEAST_PLACEBOS:
            return self.not_applicable(
                estimator.id,
                f"Only {len(designs)} dates before the truce can be tried.",
                f"Antes de la tregua solo se pueden probar {len(designs)} fechas.",
            )
        real = estimator.refit(inputs.design, Variant(), seed)
        size = abs(np.log(real.ratio.value))
        rows: list[Row] = []
        crossed = larger = 0
        for day, design in designs:
            found = estimator.refit(design, Variant(), seed)
            own = abs(np.log(found.ratio.value))
            crossed += found.ratio.excludes_one
            larger += own >= size
            rows.append(_row(day, found.ratio.value, found.ratio.lo, found.ratio.hi, own, _path(found.gaps), False))
        ratio = real.ratio
        rows.append(
            _row(inputs.design.phases.break_day, ratio.value, ratio.lo, ratio.hi, float(size), _path(real.gaps), True)
        )
        n = len(designs)
        allowed = int(binom.ppf(0.975, n, 0.05))
        rank = larger + 1
        p = rank / (n + 1)
        ordered = sorted((float(str(row["statistic"])) for row in rows), reverse=True)
        ranked = tuple(replace_rank(row, ordered) for row in rows)
        return self.result(
            estimator.id,
            crossed <= allowed,
            f"{crossed} of {n} placebo intervals leave out 1; chance allows {allowed}. "
            f"By size the real date ranks {rank} of {n + 1} (p {number(p)}): evidence, not a condition.",
            f"{crossed} de {n} intervalos placebo no contienen el 1; el azar admite {allowed}. "
            f"Por tamaño la fecha real ocupa el lugar {rank} de {n + 1} (p {number(p, 'es')}): indicio, no condición.",
            tuple(sorted(ranked, key=lambda row: str(row["label"]))),
            (
                f"rank {rank} of {n + 1} by size, p {number(p)}",
                f"lugar {rank} de {n + 1} por tamaño, p {number(p, 'es')}",
            ),
        )


def _row(
    day: date, ratio: float, lo: float, hi: float, statistic: float, path: list[list[str | float]], real: bool
) -> Row:
    return {
        "kind": "date",
        "label": day.isoformat(),
        "ratio": ratio,
        "lo": lo,
        "hi": hi,
        "statistic": statistic,
        "rank": 0,
        "real": real,
        "path": path,
    }


def replace_rank(row: Row, ordered: list[float]) -> Row:
    """The row with its rank by statistic, 1 the largest."""
    own = float(str(row["statistic"]))
    return {**row, "rank": 1 + sum(1 for value in ordered if value > own)}


def placebo_in_space(fit: SyntheticFit) -> CheckResult:
    """An interval that leaves out 1 is borne out by the placebo test of Abadie, Diamond and Hainmueller (2010).

    For that, no more than one country in ten may have a misfit that grew as much. An interval that holds 1 claims no
    change: the rank is then information.
    """
    named = Named("placebo_space", "placebo countries", "países placebo")
    real = next(p for p in fit.placebos if p.real)
    n = len(fit.placebos)
    lower = 1 + sum(1 for p in fit.placebos if not p.real and p.ratio <= real.ratio)
    rows: tuple[Row, ...] = tuple(
        {
            "kind": "country",
            "label": p.name,
            "ratio": p.ratio,
            "lo": None,
            "hi": None,
            "statistic": p.statistic,
            "rank": p.rank,
            "real": p.real,
            "path": [[f"{year}-01-01", f"{year}-12-31", g] for year, g in zip(fit.years, p.gaps, strict=True)],
        }
        for p in fit.placebos
    )
    return named.result(
        "synthetic_control",
        fit.p_value <= MOST_P if fit.excludes_one else None,
        f"By growth of misfit it ranks {real.rank} of {n} countries (p {number(fit.p_value)}); "
        f"by lowest ratio, {lower} of {n}.",
        f"Por aumento del desajuste ocupa el lugar {real.rank} de {n} países (p {number(fit.p_value, 'es')}); "
        f"por cociente más bajo, el {lower} de {n}.",
        rows,
        (
            f"rank {real.rank} of {n}, p {number(fit.p_value)}",
            f"lugar {real.rank} de {n}, p {number(fit.p_value, 'es')}",
        ),
    )


def shifted_years(fit: SyntheticFit, years: tuple[tuple[int, float], ...]) -> CheckResult:
    """No earlier year treated as the break gives a change as large as one whose interval leaves out 1."""
    named = Named("placebo_time", "placebo years", "años placebo")
    if len(years) < LEAST_PLACEBOS:
        return named.not_applicable(
            "synthetic_control",
            f"Only {len(years)} earlier years can be tried.",
            f"Solo se pueden probar {len(years)} años anteriores.",
        )
    size = abs(np.log(fit.ratio))
    larger = sum(1 for _, ratio in years if abs(np.log(ratio)) >= size)
    rows: list[Row] = [
        {"kind": "date", "label": str(year), "ratio": ratio, "statistic": abs(float(np.log(ratio))), "real": False}
        for year, ratio in (*years, (fit.pool.break_year, fit.ratio))
    ]
    rows[-1]["real"] = True
    return named.result(
        "synthetic_control",
        larger == 0 if fit.excludes_one else None,
        f"{larger} of {len(years)} earlier years give a change as large.",
        f"{larger} de {len(years)} años anteriores dan un cambio tan grande.",
        tuple(rows),
    )


def thumbnails(results: tuple[CheckResult, ...], most: int = MOST_PLACEBOS) -> tuple[Row, ...]:
    """Rows of the gallery: placebo dates of the first estimator that has some, and placebo countries."""
    out: list[Row] = []
    for check in ("placebo_time", "placebo_space"):
        result = next((r for r in results if r.id == check and r.figure and r.estimator != "synthetic_control"), None)
        if check == "placebo_space":
            result = next((r for r in results if r.id == check and r.figure), None)
        if result is None:
            continue
        real = [row for row in result.figure if row["real"]]
        others = sorted((row for row in result.figure if not row["real"]), key=lambda row: int(str(row["rank"])))
        kept = [*real, *others[: most - len(real)]]
        out += sorted(kept, key=lambda row: str(row["label"]))
    return tuple(out)
