"""Windows: does the answer depend on which years are used?"""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np

from tregua.effect.checks.protocol import CheckResult, Named, Row, number, same_side, span
from tregua.effect.design import Design, DesignError
from tregua.effect.inputs import EffectInputs
from tregua.effect.refit import Estimator, Variant

MOST_SPREAD = 1.5
NOTED_SPREAD = 1.2


def windows(design: Design) -> list[tuple[str, str, Design]]:
    """Designs with less of the time before, or less of the time after."""
    first, day, last = design.series.start, design.phases.break_day, design.series.end
    out: list[tuple[str, str, Design]] = []

    def add(en: str, es: str, start: date | None, end: date | None) -> None:
        try:
            out.append((en, es, replace(design, series=design.series.within(start, end))))
        except DesignError:
            return

    for year in range(first.year + 1, day.year):
        add(f"from {year}", f"desde {year}", date(year, 1, 1), None)
    year_on = day + timedelta(days=365)
    if year_on < last:
        add("one year after", "un año después", None, year_on)
    if design.active.end < last:
        add("active phase only", "solo la fase vigente", None, design.active.end)
    return out


@dataclass(frozen=True)
class Windows(Named):
    """Every window tells the same: a change on the same side of 1, or none, and sizes within a factor of 1.5."""

    id: str = "windows"
    title_en: str = "windows"
    title_es: str = "ventanas"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        variants = windows(inputs.design)
        if not variants:
            return self.not_applicable(
                estimator.id, "There are too few counts for other windows.", "No hay conteos para otras ventanas."
            )
        usual = estimator.refit(inputs.design, Variant(), seed).ratio
        found = [(en, es, estimator.refit(design, Variant(), seed).ratio) for en, es, design in variants]
        values = [usual.value, *(ratio.value for _, _, ratio in found)]
        spread = max(values) / min(values)
        same = same_side(usual, usual.value, values)
        found_one = usual.excludes_one or not any(ratio.excludes_one for _, _, ratio in found)
        rows: tuple[Row, ...] = tuple(
            {"label_en": en, "label_es": es, "ratio": r.value, "lo": r.lo, "hi": r.hi} for en, es, r in found
        )
        varies_en = "; size varies" if spread > NOTED_SPREAD else ""
        varies_es = "; el tamaño varía" if spread > NOTED_SPREAD else ""
        one = len(found) == 1
        others_en = "one other window" if one else f"{len(found)} other windows"
        others_es = "otra ventana" if one else f"otras {len(found)} ventanas"
        return self.result(
            estimator.id,
            same and found_one and spread <= MOST_SPREAD,
            f"Over {others_en} the ratio runs from {number(min(values))} to {number(max(values))}{varies_en}.",
            f"En {others_es} el cociente va de {number(min(values), 'es')} a {number(max(values), 'es')}{varies_es}.",
            rows,
        )


@dataclass(frozen=True)
class RegressionToTheMean(Named):
    """The answer does not rest on the months just before: without the last three and six it is the same."""

    id: str = "regression_to_the_mean"
    title_en: str = "regression to the mean"
    title_es: str = "regresión a la media"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        design, day = inputs.design, inputs.design.phases.break_day
        three_months = day - timedelta(days=91)  # the same limit as of the counts left out below
        late = [c for c in design.before if c.end >= three_months]
        early = [c for c in design.before if c.end < three_months]
        if not late:
            return self.not_applicable(
                estimator.id,
                "No count lies in the last three months before the date: whether they stood high cannot be asked.",
                "Ningún conteo cae en los tres meses previos a la fecha: no se puede preguntar si estaban altos.",
            )
        if early and not any(c.count for c in early):
            return self.not_applicable(
                estimator.id,
                "The earlier counts are all zero: whether the last months stood above them cannot be asked.",
                "Los conteos anteriores son todos cero: no se puede preguntar si los últimos meses los superaban.",
            )
        usual = estimator.refit(design, Variant(), seed).ratio
        rows: list[Row] = []
        held = True
        for months in (3, 6):
            limit = day - timedelta(days=round(30.44 * months))
            kept = tuple(c for c in design.series.counts if c.end < limit or c.end >= day)
            try:
                changed = replace(design, series=replace(design.series, counts=kept))
            except DesignError:
                continue
            ratio = estimator.refit(changed, Variant(), seed).ratio
            held = held and ratio.excludes_one == usual.excludes_one and same_side(usual, usual.value, [ratio.value])
            rows.append({"months": months, "ratio": ratio.value, "lo": ratio.lo, "hi": ratio.hi})
        if not rows:
            return self.not_applicable(
                estimator.id,
                "Too few counts remain without the last months.",
                "Sin los últimos meses quedan pocos conteos.",
            )
        high = (sum(c.count for c in late) / max(sum(c.days for c in late), 1)) / max(
            sum(c.count for c in early) / max(sum(c.days for c in early), 1), 1e-9
        )
        low, top = min(float(str(r["ratio"])) for r in rows), max(float(str(r["ratio"])) for r in rows)
        return self.result(
            estimator.id,
            held,
            f"The last three months before stood at {number(high)} times the earlier mean; without the last three or "
            f"six months the ratio is {number(low)} to {number(top)}.",
            f"Los últimos tres meses previos estaban en {number(high, 'es')} veces la media anterior; sin los últimos "
            f"tres o seis meses el cociente va de {number(low, 'es')} a {number(top, 'es')}.",
            tuple(rows),
        )


@dataclass(frozen=True)
class PreTrend(Named):
    """With and without a trend of its own, the interval lies on the same side of 1, or holds it."""

    id: str = "pre_trend"
    title_en: str = "trend before"
    title_es: str = "tendencia previa"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        if estimator.id == "structural":
            return self.not_applicable(
                estimator.id,
                "The level already walks on its own; no trend is assumed.",
                "El nivel ya se mueve por sí solo; no se supone tendencia.",
            )
        usual = estimator.refit(inputs.design, Variant(), seed).ratio
        flat = estimator.refit(inputs.design, Variant(trend=False), seed).ratio
        agree = flat.excludes_one == usual.excludes_one and same_side(usual, usual.value, [flat.value])
        return self.result(
            estimator.id,
            agree and abs(float(np.log(usual.value / flat.value))) < np.log(MOST_SPREAD),
            f"Without a trend the ratio is {number(flat.value)} {span(flat.lo, flat.hi)}.",
            f"Sin tendencia el cociente es {number(flat.value, 'es')} {span(flat.lo, flat.hi, 'es')}.",
            (
                {
                    "label_en": "with trend",
                    "label_es": "con tendencia",
                    "ratio": usual.value,
                    "lo": usual.lo,
                    "hi": usual.hi,
                },
                {"label_en": "without", "label_es": "sin tendencia", "ratio": flat.value, "lo": flat.lo, "hi": flat.hi},
            ),
        )
