"""A term: one number that can be read both from the figures of a case and from a simulated history.

A pattern is a formula over terms, so that its target and every run are computed by the same definition.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np

from tregua.calibrate.history import Histories
from tregua.series.observation import Count, Observation, Ratio, Share
from tregua.series.span import DaySet, Span

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]

HOMICIDES = "homicides_recorded"
DAYS_PER_MONTH = 365.25 / 12.0


@dataclass(frozen=True)
class Seen:
    """What the figures of a case say of a term.

    Attributes
    ----------
    value : float
    observations : tuple of str
        Ids of the figures used.
    sources : tuple of str
        Their source keys, each once.
    last : date
        Last day that any of them covers.
    """

    value: float
    observations: tuple[str, ...]
    sources: tuple[str, ...]
    last: date


class Term(Protocol):
    """One number of a pattern."""

    @property
    def outcomes(self) -> tuple[str, ...]:
        """Outcomes that the runs must hold."""
        ...

    def seen(self, case: Case) -> Seen | None:
        """The number that was counted; None where the case has no such figure."""
        ...

    def simulated(self, runs: Histories) -> Array:
        """The same number in every run, shape (runs,)."""
        ...


def _seen(value: float, figures: Sequence[Observation]) -> Seen:
    return Seen(
        value,
        tuple(figure.id for figure in figures),
        tuple(dict.fromkeys(key for figure in figures for key in figure.sources)),
        max(figure.spans[-1].end for figure in figures),
    )


def _one(figures: Iterable[Observation]) -> Seen | None:
    """The only figure that fits; of several that agree, the first."""
    found = list(figures)
    if not found or len({figure.value for figure in found}) > 1:
        return None
    return _seen(found[0].value, found[:1])


@dataclass(frozen=True)
class Total:
    """A count over a union of days.

    Attributes
    ----------
    outcome : str
    spans : tuple of Span
    institution, revision : str
        Where several bodies counted the same days, whose count and which printing of it. Without an institution: the
        sum of the disjoint counts that the case fits or scores, which must cover the days exactly.
    """

    outcome: str
    spans: tuple[Span, ...]
    institution: str = ""
    revision: str = ""

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (self.outcome,)

    def seen(self, case: Case) -> Seen | None:
        wanted = DaySet.of(self.spans)
        if self.institution:
            return _one(
                count
                for count in case.observations.filter(outcome=self.outcome, kind="count")
                if count.use != "excluded"
                and count.day_set == wanted
                and self.institution in count.institution.split("/")
                and self.revision in ("", count.revision)
            )
        parts = [count for count in _disjoint(case, self.outcome) if count.day_set <= wanted]
        if not parts or DaySet.of(span for part in parts for span in part.spans) != wanted:
            return None
        return _seen(sum(part.value for part in parts), parts)

    def simulated(self, runs: Histories) -> Array:
        return runs.total(self.outcome, self.spans)


def _disjoint(case: Case, outcome: str) -> list[Count]:
    """Counts of an outcome that the case fits or scores: every event enters once."""
    fitted = (
        case.observations.fit_pieces() if outcome == HOMICIDES else case.observations.filter(outcome=outcome, use="fit")
    )
    scored = case.observations.filter(outcome=outcome, use="score")
    return [o for o in (*fitted, *scored) if isinstance(o, Count)]


@dataclass(frozen=True)
class Quotient:
    """A change that a source prints only as a ratio of two spans of days.

    Attributes
    ----------
    outcome, measure : str
        Outcome of the model, and measure under which the ratio was kept.
    spans, before : tuple of Span
        Numerator and denominator.
    """

    outcome: str
    measure: str
    spans: tuple[Span, ...]
    before: tuple[Span, ...]

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (self.outcome,)

    def seen(self, case: Case) -> Seen | None:
        return _one(
            ratio
            for ratio in case.observations.filter(measure=self.measure)
            if isinstance(ratio, Ratio) and ratio.use != "excluded" and ratio.spans == self.spans
        )

    def simulated(self, runs: Histories) -> Array:
        return _over(runs.total(self.outcome, self.spans), runs.total(self.outcome, self.before))


@dataclass(frozen=True)
class MonthlyMean:
    """Mean a month over a span of days, as a source prints it."""

    outcome: str
    measure: str
    span: Span

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (self.outcome,)

    def seen(self, case: Case) -> Seen | None:
        return _one(
            mean
            for mean in case.observations.filter(measure=self.measure, use="score")
            if isinstance(mean, Ratio) and mean.spans == (self.span,)
        )

    def simulated(self, runs: Histories) -> Array:
        return runs.total(self.outcome, (self.span,)) / (self.span.days / DAYS_PER_MONTH)


@dataclass(frozen=True)
class Fraction:
    """A share of a total over a span of days, as somebody states it."""

    parts: tuple[str, ...]
    whole: str
    measure: str
    span: Span

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (*self.parts, self.whole)

    def seen(self, case: Case) -> Seen | None:
        return _one(
            share
            for share in case.observations.filter(measure=self.measure, use="fit")
            if isinstance(share, Share) and share.spans == (self.span,)
        )

    def simulated(self, runs: Histories) -> Array:
        days = (self.span,)
        return _over(
            np.sum([runs.total(part, days) for part in self.parts], axis=0),
            runs.total(self.whole, days),
        )


@dataclass(frozen=True)
class Answer:
    """A share of the public that gives an answer in a poll; the model is read on the middle day of the fieldwork."""

    outcome: str
    day: date

    @property
    def outcomes(self) -> tuple[str, ...]:
        return (self.outcome,)

    def seen(self, case: Case) -> Seen | None:
        return _one(
            share
            for share in case.observations.filter(outcome=self.outcome, use="fit")
            if isinstance(share, Share) and any(span.start <= self.day <= span.end for span in share.spans)
        )

    def simulated(self, runs: Histories) -> Array:
        return runs.level(self.outcome, self.day)


@dataclass(frozen=True)
class TruceEnd:
    """Months from a day until compliance is under half of its peak since then.

    The rule is that of the outcome ``structural_end_months``, read on stored days: the crossing lies between two of
    them, by linear interpolation. Infinite where it does not come in time; not defined in a run without a truce.

    Attributes
    ----------
    since, until : date
        Days looked at, both counted.
    """

    since: date
    until: date

    @property
    def outcomes(self) -> tuple[str, ...]:
        return ("compliance",)

    def seen(self, case: Case) -> Seen | None:
        return None

    def simulated(self, runs: Histories) -> Array:
        from tregua.model.simulate import FIRST_WEEKS, TRUCE_PEAK

        after = (runs.ends > self.since.toordinal()) & (runs.ends <= self.until.toordinal())
        complied, days = runs.of("compliance")[:, after], runs.ends[after] - self.since.toordinal()
        peak = np.maximum.accumulate(complied, axis=1)
        fallen = (complied < 0.5 * peak) & (peak > TRUCE_PEAK) & (days >= 7 * FIRST_WEEKS)
        out = np.full(len(runs), np.nan)
        if not fallen.shape[1]:
            return out
        out[peak[:, -1] > TRUCE_PEAK] = np.inf
        for run in np.flatnonzero(fallen.any(axis=1)):
            first = int(np.argmax(fallen[run]))
            gap = complied[run] - 0.5 * peak[run]
            day, earliest = float(days[first]), 7.0 * FIRST_WEEKS
            if first and gap[first - 1] > 0.0:
                back = -gap[first] / (gap[first - 1] - gap[first])
                day = max(earliest, day - back * float(days[first] - days[first - 1]))
            elif first and peak[run, first - 1] > TRUCE_PEAK:
                # Under half already, but too early to count.
                day = earliest
            out[run] = day / DAYS_PER_MONTH
        return out


def _over(part: Array, whole: Array) -> Array:
    """Quotient; not defined where nothing is divided by."""
    return np.asarray(np.divide(part, whole, out=np.full(part.shape, np.nan), where=whole != 0.0))
