"""What a check found, as plain values: read and shown without the libraries of the estimators."""

from __future__ import annotations

from dataclasses import dataclass, field

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
    short_en, short_es : str
        The evidence in a few words, for a verdict that names the check.
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
    short_en: str = ""
    short_es: str = ""

    @property
    def is_counted(self) -> bool:
        """True where it passed or failed."""
        return self.result in (PASSED, FAILED)


def number(value: float, lang: str = "en") -> str:
    """A ratio or share with two decimals in the style of a language."""
    text = f"{value:.2f}".replace("-", "\u2212")
    return text if lang == "en" else text.replace(".", ",")


def span(lo: float, hi: float, lang: str = "en") -> str:
    """A range in square brackets, semicolon between its ends."""
    return f"[{number(lo, lang)}; {number(hi, lang)}]"
