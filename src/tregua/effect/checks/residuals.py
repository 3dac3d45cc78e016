"""Residuals: do the counts look like counts that the model would make?"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from tregua.effect.checks.protocol import CheckResult, Named, Row, number
from tregua.effect.design import CountOver
from tregua.effect.inputs import EffectInputs
from tregua.effect.interrupted import InterruptedFit, Priors, draw_counts
from tregua.effect.refit import Estimator, Variant
from tregua.effect.structural import StructuralFit

Floats = npt.NDArray[np.float64]
REPLICATES = 400
LOW, HIGH = 0.025, 0.975
MOST_SHIFT = 0.10


def _replicates(
    fit: InterruptedFit | StructuralFit, rng: np.random.Generator
) -> tuple[tuple[CountOver, ...], Floats, Floats]:
    """Counts, their fitted means, and replicated counts."""
    if isinstance(fit, StructuralFit):
        rows = np.linspace(0, len(fit.fitted) - 1, REPLICATES).astype(int)
        return fit.matrices.before, fit.fitted.mean(axis=0), draw_counts(fit.fitted[rows], fit.extra[rows], rng)
    return fit.matrices.counts, fit.plain_means(), fit.replicate(rng, REPLICATES)


def _neighbours(counts: tuple[CountOver, ...]) -> list[tuple[int, int]]:
    """Pairs of counts that follow one another day by day."""
    return [
        (i, i + 1)
        for i in range(len(counts) - 1)
        if len(counts[i].spans) == len(counts[i + 1].spans) == 1
        and counts[i].end.toordinal() + 1 == counts[i + 1].start.toordinal()
    ]


def lag_one(values: Floats, means: Floats, pairs: list[tuple[int, int]]) -> Floats:
    """Correlation of neighbouring residuals, one a row of `values`."""
    residuals = (values - means) / np.sqrt(means)
    one, two = residuals[..., [a for a, _ in pairs]], residuals[..., [b for _, b in pairs]]
    scale = np.mean(residuals**2, axis=-1)
    return np.asarray(np.mean(one * two, axis=-1) / np.maximum(scale, 1e-12))


@dataclass(frozen=True)
class Autocorrelation(Named):
    """Neighbouring residuals are as little correlated as in replicated counts."""

    id: str = "autocorrelation"
    title_en: str = "residual autocorrelation"
    title_es: str = "autocorrelación residual"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        if estimator.id != "interrupted_negbin":
            return self.not_applicable(
                estimator.id,
                "This estimator has serial correlation of its own.",
                "Este estimador ya tiene correlación serial propia.",
            )
        fit = estimator.fit(inputs.design, Variant(), seed)
        counts, means, replicated = _replicates(fit, np.random.default_rng(seed))
        pairs = _neighbours(counts)
        if len(pairs) < 10:
            return self.not_applicable(
                estimator.id,
                f"Only {len(pairs)} pairs of neighbouring counts.",
                f"Solo hay {len(pairs)} pares de conteos vecinos.",
            )
        own = float(lag_one(np.array([c.count for c in counts], dtype=float), means, pairs))
        others = lag_one(replicated, means, pairs)
        p = float(np.mean(others >= own))
        rows: tuple[Row, ...] = ({"lag": 1, "value": own, "p": p, "q975": float(np.quantile(others, HIGH))},)
        passed = p > LOW
        advice_en = "" if passed else " Read the form with serial correlation."
        advice_es = "" if passed else " Lea la forma con correlación serial."
        return self.result(
            estimator.id,
            passed,
            f"Neighbouring residuals correlate at {number(own)}; {100 * p:.0f} of 100 replicated series reach that."
            + advice_en,
            f"Los residuos vecinos se correlacionan en {number(own, 'es')}; {100 * p:.0f} de cada 100 series "
            f"replicadas llegan a eso.{advice_es}",
            rows,
        )


@dataclass(frozen=True)
class PosteriorPredictive(Named):
    """Spread, highest and lowest daily mean lie within those of replicated counts."""

    id: str = "posterior_predictive"
    title_en: str = "posterior predictive"
    title_es: str = "predictiva posterior"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        fit = estimator.fit(inputs.design, Variant(), seed)
        counts, means, replicated = _replicates(fit, np.random.default_rng(seed + 1))
        own = np.array([count.count for count in counts], dtype=float)
        days = np.array([count.days for count in counts], dtype=float)
        measures: dict[tuple[str, str], Callable[[Floats], Floats]] = {
            ("spread", "dispersión"): lambda v: np.asarray(np.mean((v - means) ** 2 / means, axis=-1)),
            ("highest daily mean", "media diaria más alta"): lambda v: np.asarray(np.max(v / days, axis=-1)),
            ("lowest daily mean", "media diaria más baja"): lambda v: np.asarray(np.min(v / days, axis=-1)),
        }
        rows: list[Row] = []
        outside_en, outside_es = [], []
        for (en, es), measure in measures.items():
            others, mine = measure(replicated), measure(own)
            # ties count half: of small counts the lowest is 0 in every replicate too
            p = float(np.mean(others > mine) + np.mean(others == mine) / 2)
            rows.append({"label_en": en, "label_es": es, "value": float(measure(own)), "p": p})
            if not LOW <= p <= HIGH:
                outside_en.append(en)
                outside_es.append(es)
        passed = not outside_en
        return self.result(
            estimator.id,
            passed,
            "Spread, highest and lowest counts lie within replicated ones."
            if passed
            else f"Outside replicated counts: {', '.join(outside_en)}.",
            "La dispersión y los conteos extremos caben en los replicados."
            if passed
            else f"Fuera de los conteos replicados: {', '.join(outside_es)}.",
            tuple(rows),
        )


@dataclass(frozen=True)
class PriorSensitivity(Named):
    """Priors half or twice as wide move the ratio by a tenth at most."""

    id: str = "prior_sensitivity"
    title_en: str = "prior sensitivity"
    title_es: str = "sensibilidad a supuestos previos"

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        usual = estimator.refit(inputs.design, Variant(), seed).ratio
        rows: list[Row] = []
        shift = 0.0
        for factor in (0.5, 2.0):
            ratio = estimator.refit(inputs.design, Variant(priors=Priors().times(factor)), seed).ratio
            shift = max(shift, abs(float(np.log(ratio.value / usual.value))))
            rows.append({"factor": factor, "ratio": ratio.value, "lo": ratio.lo, "hi": ratio.hi})
        return self.result(
            estimator.id,
            shift <= MOST_SHIFT,
            f"With priors half or twice as wide the ratio moves by {number(100 * shift)} % at most.",
            f"Con supuestos previos de la mitad o el doble de ancho el cociente se mueve {number(100 * shift, 'es')} % "
            "como mucho.",
            tuple(rows),
        )
