"""Counting: could the fall be a change of who counts, of revisions, or of what is recorded?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np

from tregua.effect.checks.protocol import CheckResult, Named, Row, number
from tregua.effect.grid import YEAR
from tregua.effect.inputs import EffectInputs, Rival, with_rivals
from tregua.effect.refit import Estimator, Variant
from tregua.series.observation import institution_class

MOST_SHIFT = 0.10
HALF = 0.5


def _shifts(
    inputs: EffectInputs,
    estimator: Estimator,
    seed: int,
    variants: tuple[tuple[str, str, Callable[[Rival], bool]], ...],
) -> tuple[float, float, list[Row]]:
    """Ratio as counted, the largest shift of its logarithm, and rows."""
    usual = estimator.refit(inputs.design, Variant(), seed).ratio
    rows: list[Row] = []
    shift = 0.0
    for en, es, chosen in variants:
        rivals = [rival for rival in inputs.rivals if chosen(rival)]
        series = with_rivals(inputs.design.series, rivals)
        changed = sum(1 for a, b in zip(series.counts, inputs.design.series.counts, strict=True) if a.count != b.count)
        if not changed:
            continue
        ratio = estimator.refit(replace(inputs.design, series=series), Variant(), seed).ratio
        shift = max(shift, abs(float(np.log(ratio.value / usual.value))))
        rows.append(
            {
                "label_en": en,
                "label_es": es,
                "ratio": ratio.value,
                "lo": ratio.lo,
                "hi": ratio.hi,
                "changed": changed,
            }
        )
    return usual.value, shift, rows


@dataclass(frozen=True)
class Revisions(Named):
    """First counts and revised counts give the same ratio within a tenth."""

    id: str = "revisions"
    title_en: str = "first counts against revised"
    title_es: str = "primeros conteos y revisados"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        _, shift, rows = _shifts(
            inputs,
            estimator,
            seed,
            (
                ("first counts", "primeros conteos", lambda r: r.revision in ("first", "preliminary")),
                ("revised counts", "conteos revisados", lambda r: r.revision in ("revised", "final")),
            ),
        )
        if not rows:
            return self.not_applicable(
                estimator.id, "No count has another revision.", "Ningún conteo tiene otra revisión."
            )
        return self.result(
            estimator.id,
            shift <= MOST_SHIFT,
            f"With first or revised counts where they exist the ratio moves by {number(100 * shift)} % at most.",
            f"Con los primeros conteos o los revisados, donde existen, el cociente se mueve "
            f"{number(100 * shift, 'es')} % como mucho.",
            tuple(rows),
        )


@dataclass(frozen=True)
class Institutions(Named):
    """Police and forensic counts give the same ratio within a tenth, also with a level of its own for one of them."""

    id: str = "institutions"
    title_en: str = "police against forensic counts"
    title_es: str = "conteos policiales y forenses"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        usual, shift, rows = _shifts(
            inputs,
            estimator,
            seed,
            (
                (
                    "police where it counted",
                    "policía donde contó",
                    lambda r: institution_class(r.institution) == "police",
                ),
                (
                    "forensic where it counted",
                    "forense donde contó",
                    lambda r: institution_class(r.institution) == "forensic",
                ),
            ),
        )
        forensic = next((n for n in inputs.design.series.institutions if institution_class(n) == "forensic"), "")
        if forensic and estimator.id != "structural":
            own = estimator.refit(inputs.design, Variant(institution=forensic), seed).ratio
            shift = max(shift, abs(float(np.log(own.value / usual))))
            rows.append(
                {
                    "label_en": "own level for forensic counts",
                    "label_es": "nivel propio para conteos forenses",
                    "ratio": own.value,
                    "lo": own.lo,
                    "hi": own.hi,
                }
            )
        if not rows:
            return self.not_applicable(
                estimator.id,
                "One institution counted throughout, or none is named.",
                "Contó una sola institución, o no se nombra.",
            )
        return self.result(
            estimator.id,
            shift <= MOST_SHIFT,
            f"With the other institution's counts, or a level of its own, the ratio moves by {number(100 * shift)} % "
            "at most.",
            f"Con los conteos de la otra institución, o un nivel propio, el cociente se mueve "
            f"{number(100 * shift, 'es')} % como mucho.",
            tuple(rows),
        )


@dataclass(frozen=True)
class RecordingChange(Named):
    """The rise of reported disappearances, were all of it hidden killings, explains less than half of the fall."""

    id: str = "recording_change"
    title_en: str = "recording change"
    title_es: str = "cambio de registro"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        active = inputs.design.active
        before = [r for r in inputs.reports if r.end < active.start]
        during = [r for r in inputs.reports if r.start <= active.end and r.end >= active.start]
        if not before or not during:
            return self.not_applicable(
                estimator.id,
                "No reports of disappearances stand on both sides of the break.",
                "No hay denuncias de desaparición a ambos lados del quiebre.",
            )
        ratio = estimator.refit(inputs.design, Variant(), seed).ratio
        if ratio.fewer < 1:
            return self.not_applicable(
                estimator.id, "There is no fall to explain away.", "No hay una baja que explicar."
            )
        years = active.days / YEAR
        base = sum(r.count for r in before) / sum(r.days for r in before)
        during_rate = sum(r.count for r in during) / sum(r.days for r in during)
        extra = max(during_rate - base, 0.0) * active.days
        share = extra / ratio.fewer
        needed = ratio.fewer / years
        rows: tuple[Row, ...] = (
            {
                "label_en": "fall in recorded homicides",
                "label_es": "baja de homicidios registrados",
                "count": ratio.fewer,
            },
            {"label_en": "rise in reports", "label_es": "alza de denuncias", "count": extra},
        )
        return self.result(
            estimator.id,
            share < HALF,
            f"To explain the fall away, about {needed:,.0f} killings a year would have to be hidden; the rise in "
            f"reported disappearances, were every one a hidden killing, makes {number(share)} of it.",
            f"Para explicar la baja habría que ocultar unos {_es(needed)} homicidios al año; el alza de las "
            f"desapariciones denunciadas, si cada una fuera un homicidio oculto, sería {number(share, 'es')} de ella.",
            rows,
        )


def _es(value: float) -> str:
    return f"{value:,.0f}".replace(",", "\u202f")
