"""What an estimate amounts to, as plain rows: printed, drawn, stored as JSON and read back."""

from __future__ import annotations

import dataclasses
import json
import types
import typing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tregua.effect.check_result import CheckResult, Row
from tregua.errors import StoreError

FORMAT = 2


@dataclass(frozen=True)
class EstimateRow:
    """One row of the forest.

    Attributes
    ----------
    id : str
    estimator : str
        Shape of the mark: interrupted_negbin, interrupted_serial, structural, synthetic_control, change_point,
        published.
    name_en, name_es : str
    start, end : str
        First and last day compared, ISO.
    institution : str
    status : {"ok", "no_estimate", "published"}
        Without an estimate the row is kept and says why.
    ratio, lo, hi : float or None
        Rate ratio and 95 % interval.
    fewer, fewer_lo, fewer_hi : float or None
        Recorded homicides below what was expected (above, if negative) over the days compared.
    checks_passed, checks_counted : int
        Of the checks that apply, how many were passed.
    failed : tuple of str
        Ids of the checks that failed.
    coverage, false_positive : float or None
        Measured on simulated worlds at nominal 95 % and 5 %, in the kind of world where it does worst; coverage is that
        of the interval of the ratio.
    coverage_of_date : float or None
        The same of the interval of a date, for a break that is found without being told; its ratio has none.
    worlds : int
    certified : bool or None
        False where certification failed; None where there is none.
    certified_fast : bool
        A full posterior that has no worlds of its own: the measured shares are those of its fast form.
    other_counts : bool
        The worlds were shaped like other counts or phases than these: the measured shares are those of another design.
    note_en, note_es, reason_en, reason_es, remedy_en, remedy_es : str
    method : str
        ``nuts`` (full posterior), ``laplace`` (fast), ``enumeration``, ``least_squares`` or ``published``.
    """

    id: str
    estimator: str
    name_en: str
    name_es: str
    start: str
    end: str
    institution: str
    status: str
    ratio: float | None = None
    lo: float | None = None
    hi: float | None = None
    fewer: float | None = None
    fewer_lo: float | None = None
    fewer_hi: float | None = None
    checks_passed: int = 0
    checks_counted: int = 0
    failed: tuple[str, ...] = ()
    coverage: float | None = None
    false_positive: float | None = None
    worlds: int = 0
    certified: bool | None = None
    certified_fast: bool = False
    coverage_of_date: float | None = None
    other_counts: bool = False
    note_en: str = ""
    note_es: str = ""
    reason_en: str = ""
    reason_es: str = ""
    remedy_en: str = ""
    remedy_es: str = ""
    method: str = ""

    @property
    def measured_on(self) -> str | None:
        """The form of the estimator to which the measured shares belong, as exported tables name it."""
        if self.false_positive is None:
            return None
        return "fast form" if self.certified_fast else "this form"

    @property
    def measured_counts(self) -> str | None:
        """The counts that the worlds of the measured shares are shaped like, as exported tables name them."""
        if self.false_positive is None:
            return None
        return "other counts or phases" if self.other_counts else "these counts"


@dataclass(frozen=True)
class PathRow:
    """One later count against its counterfactual: 5, 50, 95 % of the expected count, and of counted less expected."""

    spans: tuple[tuple[str, str], ...]
    days: int
    counted: int
    cf05: float
    cf50: float
    cf95: float
    cum05: float
    cum50: float
    cum95: float


@dataclass(frozen=True)
class PhaseRow:
    """One phase within the data."""

    kind: str
    name_en: str
    name_es: str
    start: str
    end: str


@dataclass(frozen=True)
class DonorRow:
    """One country: used or not, why, and its weight with the range over equally good weight sets."""

    unit: str
    name: str
    used: bool
    reason_en: str
    reason_es: str
    weight: float | None = None
    lo: float | None = None
    hi: float | None = None
    name_es: str = ""

    def name_in(self, lang: str) -> str:
        """Name in a language."""
        return (self.name_es if lang == "es" else "") or self.name


@dataclass(frozen=True)
class BreakRow:
    """A break found without being told: first day of the new rate, its interval, and new rate over old."""

    day: str
    lo: str
    hi: str
    ratio: float
    ratio_lo: float
    ratio_hi: float


@dataclass(frozen=True)
class ChangeRow:
    """Change points.

    Attributes
    ----------
    probability : tuple of float
        Of 0, 1, ... breaks.
    breaks : tuple of BreakRow
        Of the most probable number.
    fall : BreakRow or None
        The steepest fall over all numbers of breaks.
    fall_probability : float
    months, months_lo, months_hi : float or None
        From the steepest fall to the next rise.
    months_probability : float
        That there is such a rise within the data.
    dates : tuple of (ISO day, probability)
    library : tuple of ISO day
        Breaks that ruptures finds on the longest regular stretch.
    """

    probability: tuple[float, ...]
    breaks: tuple[BreakRow, ...]
    fall: BreakRow | None
    fall_probability: float
    months: float | None
    months_lo: float | None
    months_hi: float | None
    months_probability: float
    dates: tuple[tuple[str, float], ...]
    library: tuple[str, ...]


@dataclass(frozen=True)
class CertificationLine:
    """One row of the certification table, as it is printed."""

    estimator: str
    process: str
    process_en: str
    process_es: str
    measure: str
    share: float
    lo: float
    hi: float
    worlds: int
    failed: int
    seed: int
    date: str
    machine: str = ""
    model: str = ""

    @property
    def measured(self) -> str:
        """What was measured: coverage of a change point is that of the interval of a date, not of a ratio."""
        dated = self.estimator == "change_point" and self.measure.startswith("coverage")
        return f"{self.measure}.date" if dated else self.measure


@dataclass(frozen=True)
class YearRow:
    """Rate of the treated unit and of its synthetic control in one year, per 100,000."""

    year: int
    actual: float
    synthetic: float


@dataclass(frozen=True)
class EffectResults:
    """Everything that the page, the screen and the JSON show of an effect.

    Attributes
    ----------
    title, digest : str
    counts, start, end : int, str, str
        Number of counts and the days they span.
    institutions : tuple of str
    break_day : str
    phases, estimates, path, placebos, donors, years, change, checks, certification
        Rows; `placebos` are those of the gallery.
    headline_en, headline_es : str
        What the verdict begins with: the estimate and its windows. Empty where there is no verdict.
    verdict_en, verdict_es : str
        Never stronger than the checks allow.
    has_verdict : bool
        False where a gate or a blocking check stopped it; that no change was shown is a verdict.
    certified_here : bool
        The certification table was made for these counts and phases.
    agreement_en, agreement_es, months_en, months_es : str
        Whether estimators agree and why not; how long the fall lasted.
    reasons : tuple of (English, Spanish)
        Why ours differ from one another and from the published pair.
    notes : tuple of (English, Spanish)
    seed : int
    seconds : float
    versions : tuple of (library, version)
    """

    title: str
    digest: str
    counts: int
    start: str
    end: str
    institutions: tuple[str, ...]
    break_day: str
    phases: tuple[PhaseRow, ...]
    estimates: tuple[EstimateRow, ...]
    path: tuple[PathRow, ...]
    placebos: tuple[Row, ...]
    donors: tuple[DonorRow, ...]
    years: tuple[YearRow, ...]
    change: ChangeRow | None
    checks: tuple[CheckResult, ...]
    certification: tuple[CertificationLine, ...]
    certified_here: bool
    headline_en: str
    headline_es: str
    verdict_en: str
    verdict_es: str
    has_verdict: bool
    agreement_en: str
    agreement_es: str
    months_en: str
    months_es: str
    reasons: tuple[tuple[str, str], ...]
    notes: tuple[tuple[str, str], ...]
    number_style: str
    seed: int
    seconds: float
    versions: tuple[tuple[str, str], ...]

    def as_dict(self) -> dict[str, Any]:
        """Plain values for JSON; keys are stable."""
        return {"format": FORMAT, **dataclasses.asdict(self)}


def save_results(results: EffectResults, path: Path, key: str = "") -> None:
    """Write results as JSON, whole or not at all.

    Parameters
    ----------
    key : str
        What they were made of (`tregua.effect.study.study_key`); asked for when they are read back.

    Raises
    ------
    StoreError
        The folder cannot be written.
    """
    part = path.with_suffix(".part")
    text = json.dumps({"key": key, **results.as_dict()}, ensure_ascii=False, indent=1, allow_nan=False)
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        part.write_text(text, encoding="utf-8")
        part.replace(path)
    except OSError as error:
        raise StoreError(
            "the results of the effect could not be written",
            file=str(path),
            found=error.strerror or str(error),
            mend="choose a folder that can be written with --out, or free some space",
        ) from error


def load_results(path: Path, key: str | None = None) -> EffectResults | None:
    """Stored results, or None where there are none of this format, or not of this key."""
    try:
        data = json.loads(path.read_text(encoding="utf-8"))
        if data.pop("format", None) != FORMAT or (data.pop("key", "") != key and key is not None):
            return None
        built = _built(EffectResults, data)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None
    assert isinstance(built, EffectResults)
    return built


def _built(kind: Any, value: Any) -> Any:
    """A value of JSON as the declared type has it: dataclasses and tuples again."""
    if dataclasses.is_dataclass(kind):
        hints = typing.get_type_hints(kind)
        return typing.cast(Any, kind)(
            **{f.name: _built(hints[f.name], value[f.name]) for f in dataclasses.fields(kind)}
        )
    origin, inner = typing.get_origin(kind), typing.get_args(kind)
    if origin in (typing.Union, types.UnionType):
        if value is None:
            return None
        chosen = [k for k in inner if dataclasses.is_dataclass(k) or typing.get_origin(k) is tuple]
        return _built(chosen[0], value) if chosen and not isinstance(value, (str, int, float, bool)) else value
    if origin is tuple:
        if len(inner) == 2 and inner[1] is Ellipsis:
            return tuple(_built(inner[0], item) for item in value)
        return tuple(_built(k, item) for k, item in zip(inner, value, strict=True))
    return value
