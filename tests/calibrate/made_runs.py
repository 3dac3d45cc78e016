"""Runs made by hand, so that every sum over days is known."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import date
from typing import Any

import numpy as np

from tregua.calibrate.history import Histories
from tregua.case.load import Case
from tregua.series.observation import Count
from tregua.series.span import Span

FLOWS = (
    "homicides_recorded",
    "deaths_gang",
    "deaths_coercion",
    "deaths_by_state",
    "disappearance_reports",
    "extortion_reports",
)


def month(year: int, first: int, last: int | None = None) -> Span:
    return Span(Span.of_month(year, first).start, Span.of_month(year, last or first).end)


def runs_of(
    values: dict[str, Any], starts: Sequence[date], last: date, *, reading: str = "default", lucks: int = 1
) -> Histories:
    """Runs from arrays of shape (runs, pieces); pieces begin on `starts` and follow each other."""
    arrays = {name: np.asarray(rows, float) for name, rows in values.items()}
    number = len(next(iter(arrays.values())))
    begin = np.array([day.toordinal() for day in starts])
    return Histories(
        reading,
        np.arange(number) // lucks,
        np.arange(number) % lucks,
        begin,
        np.append(begin[1:] - 1, last.toordinal()),
        arrays,
    )


class Days:
    """What happens on every day of a case, from which runs on its cut days are made."""

    def __init__(self, case: Case) -> None:
        self.case = case
        self.first = case.start.toordinal()
        self.daily = {name: np.zeros(case.days) for name in FLOWS}
        self.support = np.full(case.days, 0.2)
        self.compliance = np.zeros(case.days)

    def within(self, span: Span) -> slice:
        return slice(span.start.toordinal() - self.first, span.end.toordinal() + 1 - self.first)

    def spread(self, outcome: str, spans: Iterable[Span], total: float) -> None:
        """Let `total` happen evenly over the days of `spans`."""
        spans = list(spans)
        for span in spans:
            self.daily[outcome][self.within(span)] = total / sum(s.days for s in spans)

    def runs(self, factors: Sequence[float] = (1.0,), *, reading: str = "default") -> Histories:
        """One run a factor, which multiplies every flow."""
        ends = np.array([day.toordinal() for day in self.case.observations.cut_dates(self.case.start, self.case.end)])
        starts = np.append(self.first, ends[:-1] + 1)
        scale = np.array(factors, float)[:, None]
        values = {name: scale * np.add.reduceat(daily, starts - self.first) for name, daily in self.daily.items()}
        for name, level in (("support", self.support), ("compliance", self.compliance)):
            values[name] = np.ones_like(scale) * level[ends - self.first]
        return Histories(reading, np.arange(len(scale)), np.zeros(len(scale), int), starts, ends, values)


def as_counted(case: Case) -> Days:
    """A history in which what was counted is what happened."""
    days = Days(case)
    killings = "homicides_recorded"
    for piece in case.observations.fit_pieces():
        days.spread(killings, piece.spans, piece.value)
    days.spread(killings, [month(2014, 1, 3)], 794)
    days.spread(killings, [month(2014, 4, 12)], 3912 - 794)
    scored = [c for c in case.observations.scored() if isinstance(c, Count) and c.start >= date(2015, 1, 1)]
    for count in scored:
        days.spread(killings, count.spans, count.value)
    days.spread(
        killings, [month(2016, 10), month(2016, 12)], 5280 - sum(c.value for c in scored if c.start.year == 2016)
    )
    days.daily["deaths_gang"] = 0.50 * days.daily[killings]
    days.daily["deaths_coercion"] = 0.12 * days.daily[killings]
    days.spread("deaths_by_state", [Span(date(2015, 1, 1), date(2016, 8, 31))], 693)
    days.spread("extortion_reports", [Span.of_year(2011)], 1000)
    days.spread("extortion_reports", [Span.of_year(2012)], 900)
    for year, reports in ((2011, 728), (2012, 804), (2013, 949)):
        days.spread("disappearance_reports", [month(year, 1, 6)], reports)
    per_month = 365.25 / 12
    for span, mean in (
        (Span.of_year(2014), 187),
        (Span(date(2015, 1, 1), date(2015, 9, 30)), 159),
        (Span(date(2016, 1, 1), date(2016, 7, 19)), 129),
    ):
        days.spread("disappearance_reports", [span], mean * span.days / per_month)
    days.support[days.within(month(2012, 10, 11))] = 0.106
    days.support[days.within(month(2013, 1, 2))] = 0.297
    days.compliance[days.within(Span(date(2012, 3, 8), date(2013, 9, 30)))] = 0.8
    days.compliance[days.within(Span(date(2013, 10, 1), date(2016, 3, 31)))] = 0.1
    return days


def steady(case: Case, reading: str = "default", *, runs: int = 40, seed: int = 1, spread: float = 0.1) -> Histories:
    """What was counted, times a factor a run."""
    factors = np.exp(spread * np.random.default_rng(seed).standard_normal(runs))
    return as_counted(case).runs(factors, reading=reading)


def same_phi(histories: Iterable[Histories], phi: float = 180.0) -> dict[str, dict[int, float]]:
    """One over-dispersion for every draw."""
    return {runs.reading: {int(draw): phi for draw in runs.draws} for runs in histories}
