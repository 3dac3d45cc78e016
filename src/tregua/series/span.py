"""Spans of days: what a count covers, and the set algebra that keeps every day counted once."""

from __future__ import annotations

import calendar
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import date, timedelta

from tregua.errors import ObservationError


@dataclass(frozen=True, order=True)
class Span:
    """Days from `start` to `end`, both counted.

    Raises
    ------
    ObservationError
        The span ends before it starts.
    """

    start: date
    end: date

    def __post_init__(self) -> None:
        if self.end < self.start:
            raise ObservationError(
                "interval ends before it starts",
                key="start, end",
                found=f"start {self.start}, end {self.end}",
                allowed="end on or after start; both days counted",
                mend="swap the two dates, or correct the year",
            )

    @property
    def days(self) -> int:
        return (self.end - self.start).days + 1

    @classmethod
    def of_month(cls, year: int, month: int) -> Span:
        return cls(date(year, month, 1), date(year, month, calendar.monthrange(year, month)[1]))

    @classmethod
    def of_year(cls, year: int) -> Span:
        return cls(date(year, 1, 1), date(year, 12, 31))

    @property
    def is_month(self) -> bool:
        """True where the span is exactly one calendar month."""
        return self == Span.of_month(self.start.year, self.start.month)

    def __str__(self) -> str:
        return f"{self.start}..{self.end}"


def whole_month_from(day: date) -> date:
    """First day of the first whole month that begins on a day or after it."""
    return day if day.day == 1 else (day.replace(day=1) + timedelta(days=31)).replace(day=1)


@dataclass(frozen=True)
class DaySet:
    """A set of days, kept as disjoint half-open runs of day ordinals in order.

    Attributes
    ----------
    runs : tuple of (int, int)
        First day and the day after the last, as `date.toordinal`; never touching, never overlapping.
    """

    runs: tuple[tuple[int, int], ...] = ()

    @classmethod
    def of(cls, spans: Iterable[Span]) -> DaySet:
        """Union of `spans`, which may touch or overlap."""
        merged: list[tuple[int, int]] = []
        for low, high in sorted((s.start.toordinal(), s.end.toordinal() + 1) for s in spans):
            if merged and low <= merged[-1][1]:
                merged[-1] = (merged[-1][0], max(high, merged[-1][1]))
            else:
                merged.append((low, high))
        return cls(tuple(merged))

    @property
    def spans(self) -> tuple[Span, ...]:
        return tuple(Span(date.fromordinal(a), date.fromordinal(b - 1)) for a, b in self.runs)

    @property
    def days(self) -> int:
        return sum(b - a for a, b in self.runs)

    @property
    def first(self) -> int:
        """Ordinal of the first day; the set must not be empty."""
        return self.runs[0][0]

    def __bool__(self) -> bool:
        return bool(self.runs)

    def __iter__(self) -> Iterator[tuple[int, int]]:
        return iter(self.runs)

    def __and__(self, other: DaySet) -> DaySet:
        out: list[tuple[int, int]] = []
        i = j = 0
        while i < len(self.runs) and j < len(other.runs):
            low = max(self.runs[i][0], other.runs[j][0])
            high = min(self.runs[i][1], other.runs[j][1])
            if low < high:
                out.append((low, high))
            if self.runs[i][1] < other.runs[j][1]:
                i += 1
            else:
                j += 1
        return DaySet(tuple(out))

    def __sub__(self, other: DaySet) -> DaySet:
        out: list[tuple[int, int]] = []
        j = 0
        for low, high in self.runs:
            while j < len(other.runs) and other.runs[j][1] <= low:
                j += 1
            k, at = j, low
            while k < len(other.runs) and other.runs[k][0] < high:
                if other.runs[k][0] > at:
                    out.append((at, other.runs[k][0]))
                at = max(at, other.runs[k][1])
                k += 1
            if at < high:
                out.append((at, high))
        return DaySet(tuple(out))

    def __or__(self, other: DaySet) -> DaySet:
        return DaySet.of((*self.spans, *other.spans))

    def __le__(self, other: DaySet) -> bool:
        return not self - other

    def overlaps(self, other: DaySet) -> bool:
        return bool(self & other)


def next_day(day: date) -> date:
    """The day after `day`; the exclusive end of a mark on a time axis."""
    return day + timedelta(days=1)
