"""What a check is: whether it applies, whether it passed, one sentence in two languages, and rows for a figure."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Protocol

from tregua.effect.inputs import EffectInputs
from tregua.effect.refit import Estimator

PASSED, FAILED, INFORMATIONAL, NOT_APPLICABLE = "passed", "failed", "informational", "not_applicable"

Row = dict[str, str | float | int | bool | list[list[str | float]] | None]


@dataclass(frozen=True)
class CheckResult:
    """Outcome of one check on one estimator.

    Attributes
    ----------
    id, estimator : str
    result : {"passed", "failed", "informational", "not_applicable"}
    blocking : bool
        A failure stops the verdict of the estimator.
    title_en, title_es, sentence_en, sentence_es : str
    figure : tuple of dict
        Rows for a figure; plain values only.
    """

    id: str
    estimator: str
    result: str
    title_en: str
    title_es: str
    sentence_en: str
    sentence_es: str
    blocking: bool = False
    figure: tuple[Row, ...] = field(default=())

    @property
    def is_counted(self) -> bool:
        """True where it passed or failed."""
        return self.result in (PASSED, FAILED)


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
        self, estimator: str, passed: bool | None, en: str, es: str, figure: tuple[Row, ...] = ()
    ) -> CheckResult:
        """Passed, failed, or (None) informational."""
        word = INFORMATIONAL if passed is None else PASSED if passed else FAILED
        blocking = self.blocking and word == FAILED
        return CheckResult(self.id, estimator, word, self.title_en, self.title_es, en, es, blocking, figure)

    def not_applicable(self, estimator: str, en: str, es: str) -> CheckResult:
        """Why it cannot be run here."""
        return CheckResult(self.id, estimator, NOT_APPLICABLE, self.title_en, self.title_es, en, es)


def number(value: float, lang: str = "en") -> str:
    """A ratio or share with two decimals in the style of a language."""
    text = f"{value:.2f}"
    return text if lang == "en" else text.replace(".", ",")


def span(lo: float, hi: float, lang: str = "en") -> str:
    """A range in square brackets, semicolon between its ends."""
    return f"[{number(lo, lang)}; {number(hi, lang)}]"
