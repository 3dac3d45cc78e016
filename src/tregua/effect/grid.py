"""Days cut into cells, so that a rate that changes by the day can be summed over the own days of each count."""

from __future__ import annotations

import itertools
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt

from tregua.effect.design import CountOver
from tregua.series.span import Span

Floats = npt.NDArray[np.float64]
Ints = npt.NDArray[np.int64]

YEAR = 365.25
LONG_SPAN = 200
"""Median days of a count beyond which the serial correlation is by year, not by month."""


@dataclass(frozen=True)
class DayGrid:
    """Cells of at most half a month that cross no edge of a count and no start of a phase.

    Attributes
    ----------
    first, days : int array, shape (cells,)
        Ordinal of the first day of each cell, and its number of days.
    block : int array, shape (cells,)
        Month (or year) that the cell lies in, counted from 0: the step of the serial correlation.
    overlap : float array, shape (counts, cells)
        Days of each cell that each count covers: all of them or none.
    """

    first: Ints
    days: Ints
    block: Ints
    overlap: Floats
    block_starts: tuple[date, ...]

    @property
    def middle(self) -> Floats:
        """Middle of each cell, in days since the first cell begins."""
        return np.asarray(self.first - self.first[0] + self.days / 2, dtype=np.float64)

    @property
    def blocks(self) -> int:
        return len(self.block_starts)

    def days_between(self, start: date, end: date) -> Floats:
        """Days of each cell that lie between two days, both counted."""
        last = np.minimum(self.first + self.days, end.toordinal() + 1)
        return np.asarray(np.maximum(last - np.maximum(self.first, start.toordinal()), 0), dtype=np.float64)

    def in_days(self, start: date, end: date) -> npt.NDArray[np.bool_]:
        """Cells between two days, both counted."""
        return (self.first >= start.toordinal()) & (self.first + self.days - 1 <= end.toordinal())


def day_grid(counts: Iterable[CountOver], marks: Iterable[date] = (), widest: int = 16) -> DayGrid:
    """Cut the days from the first to the last count.

    Parameters
    ----------
    counts : iterable of CountOver
    marks : iterable of date
        Days at which a cell must begin (starts of phases).
    widest : int
        Most days of a cell. Half a month keeps the error of the mid-point rule below 0.1 % for a yearly wave of
        amplitude 0.2; a test compares with single days.
    """
    counts = tuple(counts)
    spans = [span for count in counts for span in count.spans]
    low = min(span.start for span in spans).toordinal()
    high = max(span.end for span in spans).toordinal() + 1
    lengths = sorted(count.days for count in counts)
    by_year = lengths[len(lengths) // 2] > LONG_SPAN
    starts = _block_starts(date.fromordinal(low), date.fromordinal(high - 1), by_year)
    edges = {low, high}
    edges |= {span.start.toordinal() for span in spans} | {span.end.toordinal() + 1 for span in spans}
    edges |= {day.toordinal() for day in (*marks, *starts) if low < day.toordinal() < high}
    cuts: list[int] = []
    ordered = sorted(edges)
    for one, two in itertools.pairwise(ordered):
        parts = -(-(two - one) // widest)
        cuts += [one + (two - one) * part // parts for part in range(parts)]
    first = np.array(cuts, dtype=np.int64)
    days = np.diff(np.append(first, high))
    block = np.searchsorted([day.toordinal() for day in starts], first, side="right") - 1
    overlap = np.zeros((len(counts), len(first)))
    for row, count in enumerate(counts):
        for span in count.spans:
            inside = (first >= span.start.toordinal()) & (first <= span.end.toordinal())
            overlap[row, inside] = days[inside]
    return DayGrid(first, days, np.maximum(block, 0), overlap, starts)


def _block_starts(start: date, end: date, by_year: bool) -> tuple[date, ...]:
    day = date(start.year, 1 if by_year else start.month, 1)
    out = []
    while day <= end:
        out.append(day)
        day = date(day.year + 1, 1, 1) if by_year else Span.of_month(day.year, day.month).end + timedelta(days=1)
    return tuple(out)


def by_month(counts: Iterable[CountOver], marks: Iterable[date] = ()) -> tuple[CountOver, ...]:
    """Counts of days or weeks added up by calendar month, never across the start of a phase.

    Adding up loses nothing that a monthly latent rate could use, and a file of ten years of days becomes 120 counts.
    A count that reaches over a month end goes with the month of its first day.
    """
    starts = sorted(day.toordinal() for day in marks)
    groups: dict[tuple[int, int, int, str], list[CountOver]] = {}
    for count in counts:
        phase = int(np.searchsorted(starts, count.start.toordinal(), side="right"))
        groups.setdefault((count.start.year, count.start.month, phase, count.institution), []).append(count)
    out = []
    for members in groups.values():
        spans = tuple(span for member in members for span in member.spans)
        out.append(
            CountOver(spans, sum(m.count for m in members), members[0].institution, members[0].id, members[0].line)
        )
    return tuple(out)
