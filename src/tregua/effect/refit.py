"""Estimators of monthly counts in one form, so that each check can refit any of them on changed data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from tregua.effect.design import CountOver, Design
from tregua.effect.interrupted import NEGBIN, SERIAL, InterruptedFit, Priors, Ratio, fit_fast, interrupted_model
from tregua.effect.structural import StructuralFit, structural_fast, structural_model


@dataclass(frozen=True)
class Variant:
    """How a refit departs from the usual one."""

    priors: Priors | None = None
    trend: bool = True
    harmonics: int = 2
    institution: str = ""
    draws: int = 1500


@dataclass(frozen=True)
class Gap:
    """One count over what was expected without the break, as a log ratio of medians."""

    count: CountOver
    log_ratio: float


@dataclass(frozen=True)
class Refitted:
    """A refit: the ratio of the active phase, and each count over its expectation."""

    ratio: Ratio
    gaps: tuple[Gap, ...]


@dataclass(frozen=True)
class Estimator:
    """An estimator of counts with its names.

    Attributes
    ----------
    id : str
    name_en, name_es : str
    fit : callable
        (design, variant, seed) -> InterruptedFit or StructuralFit, by the fast method.
    """

    id: str
    name_en: str
    name_es: str
    fit: Callable[[Design, Variant, int], InterruptedFit | StructuralFit]

    def refit(self, design: Design, variant: Variant | None = None, seed: int = 1) -> Refitted:
        """Fit and summarise."""
        return _remembered(self, design, variant or Variant(), seed)


@lru_cache(maxsize=256)
def _remembered(estimator: Estimator, design: Design, variant: Variant, seed: int) -> Refitted:
    """Several checks start from the same refit."""
    fitted = estimator.fit(design, variant, seed)
    return Refitted(fitted.ratio(), gaps_of(fitted))


def gaps_of(fitted: InterruptedFit | StructuralFit) -> tuple[Gap, ...]:
    """Counts over their expectation without the break: all of them, or the later ones of a structural fit."""
    if isinstance(fitted, StructuralFit):
        counts, expected = fitted.matrices.after, np.median(fitted.expected, axis=0)
    else:
        counts, expected = fitted.matrices.counts, np.median(fitted.expected(), axis=0)
    return tuple(
        Gap(count, float(np.log(max(count.count, 0.5) / max(float(mean), 0.5))))
        for count, mean in zip(counts, expected, strict=True)
    )


def _interrupted(likelihood: str) -> Callable[[Design, Variant, int], InterruptedFit]:
    def fit(design: Design, variant: Variant, seed: int) -> InterruptedFit:
        matrices = interrupted_model(
            design,
            variant.priors,
            trend=variant.trend,
            harmonics=variant.harmonics,
            institution=variant.institution,
        )
        return fit_fast(matrices, likelihood, priors=variant.priors, seed=seed, draws=variant.draws)

    return fit


def _structural(design: Design, variant: Variant, seed: int) -> StructuralFit:
    matrices = structural_model(design, variant.priors, harmonics=variant.harmonics)
    return structural_fast(matrices, priors=variant.priors, seed=seed, draws=variant.draws)


NEGBIN_ESTIMATOR = Estimator(
    "interrupted_negbin",
    "interrupted counts, negative binomial",
    "conteos interrumpidos, binomial negativa",
    _interrupted(NEGBIN),
)
SERIAL_ESTIMATOR = Estimator(
    "interrupted_serial",
    "interrupted counts, serial correlation",
    "conteos interrumpidos, correlación serial",
    _interrupted(SERIAL),
)
STRUCTURAL_ESTIMATOR = Estimator("structural", "structural time series", "serie estructural de tiempo", _structural)
ESTIMATORS = (NEGBIN_ESTIMATOR, SERIAL_ESTIMATOR, STRUCTURAL_ESTIMATOR)
