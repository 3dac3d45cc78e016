"""What a check is: it refits, and says whether it applies, whether it passed and why, in two languages."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Protocol

from tregua.effect.check_result import (
    FAILED,
    INFORMATIONAL,
    NOT_APPLICABLE,
    PASSED,
    CheckResult,
    Row,
    number,
    span,
)
from tregua.effect.inputs import EffectInputs
from tregua.effect.refit import Estimator


class Excludes(Protocol):
    """What may leave out 1: a ratio with its interval."""

    @property
    def excludes_one(self) -> bool: ...


def same_side(usual: Excludes, value: float, others: Iterable[float]) -> bool:
    """Whether other ratios lie on the same side of 1, where the usual one has a side: its interval leaves out 1.

    About an interval that holds 1 the side of its middle is chance, and nothing that others could contradict.
    """
    return not usual.excludes_one or all((other < 1) == (value < 1) for other in others)


class Check(Protocol):
    """A check of an estimator."""

    @property
    def id(self) -> str: ...

    @property
    def title_en(self) -> str: ...

    @property
    def title_es(self) -> str: ...

    @property
    def blocking(self) -> bool: ...

    def run(self, inputs: EffectInputs, estimator: Estimator, seed: int) -> CheckResult:
        """Refit as often as needed with the fast form of `estimator`."""
        ...


@dataclass(frozen=True)
class Named:
    """What every check shares: its names, and how a result is made of them."""

    id: str
    title_en: str
    title_es: str
    blocking: bool = False

    def result(
        self,
        estimator: str,
        passed: bool | None,
        en: str,
        es: str,
        figure: tuple[Row, ...] = (),
        short: tuple[str, str] = ("", ""),
    ) -> CheckResult:
        """Passed, failed, or (None) informational; `short` is the evidence in a few words, English and Spanish."""
        word = INFORMATIONAL if passed is None else PASSED if passed else FAILED
        blocking = self.blocking and word == FAILED
        return CheckResult(self.id, estimator, word, self.title_en, self.title_es, en, es, blocking, figure, *short)

    def not_applicable(self, estimator: str, en: str, es: str) -> CheckResult:
        """Why it cannot be run here."""
        return CheckResult(self.id, estimator, NOT_APPLICABLE, self.title_en, self.title_es, en, es)


__all__ = [
    "FAILED",
    "INFORMATIONAL",
    "NOT_APPLICABLE",
    "PASSED",
    "Check",
    "CheckResult",
    "Named",
    "Row",
    "number",
    "same_side",
    "span",
]
