"""The figures that a fit may see, and nothing later: counts of the fit window and the targets beside them.

Every figure is read from a simulated history on the scale on which its error is stated: counts and log-normal targets
as logarithms, shares as they are. A figure that ends after the fit window is refused here, and nothing in this room
fits anything but a `Figures`; the histories that it is held against end with the window too.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tregua.errors import CaseError, ObservationError
from tregua.model.outcomes import FLOWS, OUTCOMES, STOCKS
from tregua.runs.shard import canonical, digest
from tregua.series.span import Span

if TYPE_CHECKING:
    from tregua.case.load import Case, Target
    from tregua.model.simulate import Run

Array = np.ndarray[Any, np.dtype[Any]]
Kind = Literal["count", "lognormal", "normal"]

RECORDED = "homicides_recorded"
LEAST_COUNTS = 12
"""Counts below which a case runs on priors: with fewer, the fit would tell its priors back."""
NEAR_NOTHING = 0.5
"""Added before a logarithm is taken, so that a history without an event has one."""


@dataclass(frozen=True)
class Figure:
    """One figure of a fit.

    Attributes
    ----------
    id : str
    kind : {"count", "lognormal", "normal"}
        A count has the error of counting (negative-binomial), a target the error that is stated.
    above, below : tuple of str
        Outcomes that are summed, and those that the sum is divided by; empty where it is not divided.
    spans : tuple of Span
        Days of a flow, or the one day at whose end a stock is read.
    value : float
    error : float
        Of the logarithm (lognormal) or absolute (normal); 0 for a count.
    """

    id: str
    kind: Kind
    above: tuple[str, ...]
    below: tuple[str, ...]
    spans: tuple[Span, ...]
    value: float
    error: float = 0.0

    @property
    def last(self) -> date:
        """Last day that it covers."""
        return self.spans[-1].end

    @property
    def scaled(self) -> float:
        """The figure on the scale on which it is read from a history."""
        return self.value if self.kind == "normal" else float(np.log(self.value + NEAR_NOTHING))


@dataclass(frozen=True)
class Figures:
    """All figures of a fit, in order: counts first.

    Attributes
    ----------
    start, fit_end : date
        First day of the model and last day of the window.
    items : tuple of Figure

    Raises
    ------
    ObservationError
        A figure that ends after the window.
    """

    start: date
    fit_end: date
    items: tuple[Figure, ...]
    cuts: Array = field(init=False, repr=False, compare=False)

    def __post_init__(self) -> None:
        late = [item for item in self.items if item.last > self.fit_end or item.spans[0].start < self.start]
        if late:
            raise ObservationError(
                "a fit may not see a figure outside its window",
                key=late[0].id,
                found=f"{late[0].spans[0].start}..{late[0].last}",
                allowed=f"figures from {self.start} to {self.fit_end}",
                mend="use it as score: later figures are for scores only",
            )
        days = {0.0, self.until}
        for item in self.items:
            for span in item.spans:
                days |= {self._day(span.start), self._day(span.end) + 1.0}
        object.__setattr__(self, "cuts", np.array(sorted(days)))

    @classmethod
    def of(cls, case: Case) -> Figures:
        """The figures of a case that may be fitted.

        Raises
        ------
        CaseError
            The case has no fit window, or too few counts: it runs on priors.
        ObservationError
            A target that ends after the window.
        """
        counts = case.observations.fit_pieces() if case.fit_end is not None else ()
        if case.fit_end is None or len(counts) < LEAST_COUNTS:
            raise CaseError(
                "this case has too few figures to fit: it runs on priors, and every page says so",
                file=str(case.folder),
                key="fit_end" if case.fit_end is None else "series",
                found="no fit window" if case.fit_end is None else f"{len(counts)} counts inside the fit window",
                allowed=f"a fit window with {LEAST_COUNTS} disjoint counts of homicides or more",
                mend="add counts with use = fit and a fit_end to case.toml, or go on with priors",
            )
        items = [Figure(c.id, "count", (RECORDED,), (), c.spans, float(c.count)) for c in counts]
        items += [_of_target(target) for target in case.targets]
        return cls(case.start, case.fit_end, tuple(items))

    @property
    def until(self) -> float:
        """Day on which histories end: the one after the window."""
        return self._day(self.fit_end) + 1.0

    @property
    def ids(self) -> tuple[str, ...]:
        return tuple(item.id for item in self.items)

    @property
    def counts(self) -> int:
        """How many of the figures are counts; they come first."""
        return sum(item.kind == "count" for item in self.items)

    @property
    def scaled(self) -> Array:
        """Every figure on its scale, shape (figures,)."""
        return np.array([item.scaled for item in self.items])

    @property
    def errors(self) -> Array:
        """Stated errors, shape (figures,); 0 for counts."""
        return np.array([item.error for item in self.items])

    @property
    def digest(self) -> str:
        """Hash of what is fitted: figures, errors and window."""
        rows = [
            [i.id, i.kind, list(i.above), list(i.below), [str(s) for s in i.spans], i.value, i.error]
            for i in self.items
        ]
        return digest(canonical([str(self.start), str(self.fit_end), rows]))

    def read(self, run: Run) -> Array:
        """Every figure as a history would record it without the error of counting, on its scale; shape (figures,)."""
        flat = np.concatenate([run.record.flows.ravel(), run.record.stocks.ravel()])
        above, below, kinds = self._gather
        value = np.add.reduceat(flat[above[0]], above[1])
        if len(below[0]):
            whole = np.add.reduceat(flat[below[0]], below[1])
            value[below[2]] = np.divide(value[below[2]], whole, out=np.zeros(len(whole)), where=whole > 0)
        return np.where(kinds, value, np.log(np.maximum(value, 0.0) + NEAR_NOTHING))

    @cached_property
    def _gather(self) -> tuple[tuple[Array, ...], tuple[Array, ...], Array]:
        """Places of what each figure adds up, in flows and then stocks; where each figure's places begin."""
        pieces = len(self.cuts) - 1
        sides: list[tuple[Array, ...]] = []
        for side in ("above", "below"):
            places: list[int] = []
            begins: list[int] = []
            which: list[int] = []
            for number, item in enumerate(self.items):
                names = getattr(item, side)
                if not names:
                    continue
                begins.append(len(places))
                which.append(number)
                for name in names:
                    if OUTCOMES[name].kind == "flow":
                        for span in item.spans:
                            inside = range(self._at(span.start, 0.0), self._at(span.end, 1.0))
                            places += [row * len(FLOWS) + FLOWS.index(name) for row in inside]
                    else:
                        row = self._at(item.spans[0].end, 1.0) - 1
                        places.append(pieces * len(FLOWS) + row * len(STOCKS) + STOCKS.index(name))
            sides.append(tuple(np.array(x, np.int64) for x in (places, begins, which)))
        return sides[0], sides[1], np.array([item.kind == "normal" for item in self.items])

    def _day(self, day: date) -> float:
        return float((day - self.start).days)

    def _at(self, day: date, after: float) -> int:
        return int(np.searchsorted(self.cuts, self._day(day) + after))


def _of_target(target: Target) -> Figure:
    above, _, below = target.measure.partition("/")
    words = [tuple(re.findall(r"\w+", part)) for part in (above, below)]
    kind: Kind = "lognormal" if target.distribution == "lognormal" else "normal"
    name = f"{target.measure}@{target.spans[0].start}"
    return Figure(name, kind, words[0], words[1], target.spans, target.value, target.error)
