"""A pattern: a statistic of the record with an accepted band, its value in every run, and a verdict by one rule.

A statistic is a formula over terms. Its target is computed from the figures of the case and its value in a run from the
same terms of that run, after recording.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tregua.calibrate.history import NOT_KEPT, Histories
from tregua.calibrate.quantile import quantiles
from tregua.calibrate.term import Seen, Term, TruceEnd
from tregua.errors import ObservationError, StoreError

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]
Window = Literal["fit", "held_out"]
Verdict = Literal["passes", "marginal", "fails", "no_test", "not_run", "not_scored"]
VERDICTS: tuple[Verdict, ...] = ("fails", "marginal", "passes", "no_test", "not_scored", "not_run")
Text = tuple[str, str]
"""English and Spanish."""

PASS_SHARE = 0.60
MARGINAL_SHARE = 0.40
NO_TEST_SHARE = 0.90
"""Share of runs of the priors alone inside a band from which on passing it is no test: it could hardly fail."""
NOTHING: Text = ("", "")
NO_SUSPECT: Text = ("no mechanism is suspected yet", "todavía no se sospecha de ningún mecanismo")


@dataclass(frozen=True)
class Statistic:
    """A pattern as declared: what is computed, and what is accepted.

    Attributes
    ----------
    id : str
    window : {"fit", "held_out"}
    name, definition : Text
    terms : tuple of Term
    formula : callable
        Of as many numbers, or arrays over runs, as there are terms.
    lo, hi : float or None
        Accepted band, ends included.
    within : float or None
        Band as a share of the target on either side, instead of `lo` and `hi`.
    unit : str
    if_low, if_high : Text
        What is suspected where runs lie too low or too high; shown for no other verdict than marginal and fails.
    note : Text
        What to know about it whatever the verdict.
    mechanisms : tuple of str
    known : bool
        True where its value was known when the model was built: a requirement and no test.
    """

    id: str
    window: Window
    name: Text
    definition: Text
    terms: tuple[Term, ...]
    formula: Callable[..., Any]
    lo: float | None = None
    hi: float | None = None
    within: float | None = None
    unit: str = "ratio"
    if_low: Text = NO_SUSPECT
    if_high: Text = NO_SUSPECT
    note: Text = NOTHING
    mechanisms: tuple[str, ...] = ()
    known: bool = False

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that the runs must hold."""
        return tuple(dict.fromkeys(name for term in self.terms for name in term.outcomes))


@dataclass(frozen=True)
class Untried:
    """A pattern that national runs as it happened cannot compute, and why."""

    id: str
    window: Window
    name: Text
    reason: Callable[[Case], Text]
    target: float | None = None
    lo: float | None = None
    hi: float | None = None
    unit: str = "ratio"
    known: bool = False
    sources: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()


@dataclass(frozen=True)
class Pattern:
    """One pattern held against the runs of one reading.

    Attributes
    ----------
    target : float or None
        What was counted; None where the case has no figure.
    lo, hi : float or None
        Accepted band; both None where the pattern is reported and not scored.
    q05, q50, q95 : float or None
        Over runs in which the statistic is defined; None where a share of runs has no end to it.
    share_inside : float or None
        Share of all runs inside the band (0..1); a run in which the statistic is not defined is outside.
    verdict : {"passes", "marginal", "fails", "not_run", "not_scored"}
    suspect_en, suspect_es : str
        Suspected mechanism; empty unless the verdict is marginal or fails.
    note_en, note_es : str
        What to know whatever the verdict.
    reason_en, reason_es : str
        Why it was not run; empty where it was.
    mcse : float or None
        Monte-Carlo standard error of the median.
    known : bool
        A requirement known when the model was built, no test.
    sources, observations : tuple of str
        Source keys and figures that the target is computed from.
    n, undefined : int
        Runs, and those of them in which the statistic is not defined.
    """

    id: str
    reading: str
    window: Window
    name_en: str
    name_es: str
    definition_en: str = ""
    definition_es: str = ""
    target: float | None = None
    lo: float | None = None
    hi: float | None = None
    q05: float | None = None
    q50: float | None = None
    q95: float | None = None
    share_inside: float | None = None
    verdict: Verdict = "not_run"
    suspect_en: str = ""
    suspect_es: str = ""
    note_en: str = ""
    note_es: str = ""
    reason_en: str = ""
    reason_es: str = ""
    unit: str = "ratio"
    mcse: float | None = None
    known: bool = False
    sources: tuple[str, ...] = ()
    observations: tuple[str, ...] = ()
    mechanisms: tuple[str, ...] = ()
    n: int = 0
    undefined: int = 0
    values: Array | None = field(default=None, compare=False, repr=False)


def judge(median: float, share: float, lo: float | None, hi: float | None) -> Verdict:
    """The rule of all verdicts.

    *Passes*: the median lies in the band, and so do at least 60 % of runs. *Marginal*: the median lies in it but fewer
    runs do, or the median lies outside and 40 to 60 % of runs inside. *Fails*: anything else. *Not scored*: no band.

    Parameters
    ----------
    median : float
        Over runs; NaN where no run has one.
    share : float
        Share of runs inside (0..1).
    lo, hi : float or None
        Band, ends included.
    """
    if lo is None and hi is None:
        return "not_scored"
    median_inside = (lo is None or median >= lo) and (hi is None or median <= hi) and not math.isnan(median)
    if median_inside:
        return "passes" if share >= PASS_SHARE else "marginal"
    return "marginal" if MARGINAL_SHARE <= share <= PASS_SHARE else "fails"


def beside_priors(verdict: Verdict, before: float | None) -> Verdict:
    """The verdict in view of what priors alone do: *no test* where they are inside the band in nearly every run.

    Parameters
    ----------
    verdict : Verdict
        By `judge`, after a fit.
    before : float or None
        Share of runs of the priors alone inside the band (0..1); None where nobody looked.
    """
    return "no_test" if verdict == "passes" and before is not None and before >= NO_TEST_SHARE else verdict


def target_of(statistic: Statistic, case: Case) -> tuple[float, tuple[Seen, ...]] | None:
    """What the figures of a case say of a pattern, and the figures; None where one is missing.

    Raises
    ------
    ObservationError
        A pattern of the fit window rests on a figure after the window.
    """
    seen = [term.seen(case) for term in statistic.terms]
    known = tuple(figure for figure in seen if figure is not None)
    if len(known) < len(seen):
        return None
    late = [figure for figure in known if case.fit_end is None or figure.last > case.fit_end]
    if statistic.window == "fit" and late:
        raise ObservationError(
            "a pattern of the fit window rests on a figure after the window",
            key=statistic.id,
            found=", ".join(late[0].observations),
            allowed=f"figures up to {case.fit_end}",
            mend="move the pattern to the held-out window",
        )
    return float(statistic.formula(*(figure.value for figure in known))), known


def hold(declared: Statistic, case: Case, runs: Histories) -> Pattern:
    """Hold one statistic against runs; not run, with the reason, where figures or runs are missing.

    Raises
    ------
    ObservationError
        As in `target_of`.
    StoreError
        E59: the runs are cut at other days than those of the statistic.
    """
    counted = target_of(declared, case)
    target, seen = counted if counted else (None, ())
    lo, hi = declared.lo, declared.hi
    if declared.within is not None and target is not None:
        lo, hi = (1.0 - declared.within) * target, (1.0 + declared.within) * target
    shared: dict[str, Any] = {
        "id": declared.id,
        "reading": runs.reading,
        "window": declared.window,
        "name_en": declared.name[0],
        "name_es": declared.name[1],
        "definition_en": declared.definition[0],
        "definition_es": declared.definition[1],
        "target": target,
        "lo": lo,
        "hi": hi,
        "note_en": declared.note[0],
        "note_es": declared.note[1],
        "unit": declared.unit,
        "known": declared.known,
        "sources": tuple(dict.fromkeys(key for figure in seen for key in figure.sources)),
        "observations": tuple(dict.fromkeys(name for figure in seen for name in figure.observations)),
        "mechanisms": declared.mechanisms,
        "n": len(runs),
    }
    needs_figures = any(not isinstance(term, TruceEnd) for term in declared.terms)
    if target is None and needs_figures:
        reason = ("the case has no figure to hold it against", "el caso no tiene cifra con la cual contrastarlo")
        return Pattern(**shared, reason_en=reason[0], reason_es=reason[1])
    if not len(runs):
        return Pattern(**shared, reason_en="no run is stored", reason_es="no hay corridas guardadas")
    try:
        simulated = [term.simulated(runs) for term in declared.terms]
    except StoreError as error:
        problem = error.problems[0]
        if problem.code != NOT_KEPT:
            raise
        return Pattern(
            **shared,
            reason_en=f"the stored runs do not hold it: {problem.found}",
            reason_es=f"las corridas guardadas no lo tienen: {problem.found}",
        )
    with np.errstate(divide="ignore", invalid="ignore"):
        values = np.asarray(declared.formula(*simulated), float)
    inside = ~np.isnan(values)
    undefined = int((~inside).sum())
    if lo is not None:
        inside &= values >= lo
    if hi is not None:
        inside &= values <= hi
    spread = quantiles(values, runs.draws)
    share = float(inside.mean())
    verdict = judge(spread.q50, share, lo, hi)
    suspect = NOTHING
    if verdict in ("marginal", "fails"):
        suspect = declared.if_high if _too_high(spread.q50, target, lo, hi) else declared.if_low
    return Pattern(
        **shared,
        q05=_finite(spread.q05),
        q50=_finite(spread.q50),
        q95=_finite(spread.q95),
        share_inside=None if verdict == "not_scored" else share,
        verdict=verdict,
        suspect_en=suspect[0],
        suspect_es=suspect[1],
        mcse=_finite(spread.mcse),
        undefined=undefined,
        values=values,
    )


def untried(declared: Untried, case: Case, reading: str) -> Pattern:
    """The row of a pattern that is not run, with its reason."""
    reason = declared.reason(case)
    return Pattern(
        id=declared.id,
        reading=reading,
        window=declared.window,
        name_en=declared.name[0],
        name_es=declared.name[1],
        target=declared.target,
        lo=declared.lo,
        hi=declared.hi,
        reason_en=reason[0],
        reason_es=reason[1],
        unit=declared.unit,
        known=declared.known,
        sources=declared.sources,
        mechanisms=declared.mechanisms,
    )


def _too_high(median: float, target: float | None, lo: float | None, hi: float | None) -> bool:
    """Side on which runs lie: of the band, else of the target, else of the middle of the band."""
    if hi is not None and median > hi:
        return True
    if lo is not None and median < lo:
        return False
    if target is None:
        target = 0.5 * (lo + hi) if lo is not None and hi is not None else median
    return median > target


def _finite(value: float) -> float | None:
    return value if math.isfinite(value) else None
