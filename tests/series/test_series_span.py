"""Spans and sets of days behave as sets of days do."""

from __future__ import annotations

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tregua.errors import ObservationError
from tregua.series import DaySet, Span
from tregua.series.span import next_day

EPOCH = date(2010, 1, 1).toordinal()


@st.composite
def spans(draw: st.DrawFn) -> tuple[Span, ...]:
    edges = draw(st.lists(st.tuples(st.integers(0, 60), st.integers(0, 9)), max_size=6))
    return tuple(Span(date.fromordinal(EPOCH + a), date.fromordinal(EPOCH + a + n)) for a, n in edges)


def days_of(days: DaySet) -> set[int]:
    return {day for low, high in days for day in range(low, high)}


@given(spans(), spans())
def test_day_sets_follow_set_algebra(one: tuple[Span, ...], two: tuple[Span, ...]) -> None:
    a, b = DaySet.of(one), DaySet.of(two)
    x, y = days_of(a), days_of(b)
    assert days_of(a & b) == x & y
    assert days_of(a - b) == x - y
    assert days_of(a | b) == x | y
    assert (a <= b) == (x <= y)
    assert a.overlaps(b) == bool(x & y)
    assert a.days == len(x)
    assert bool(a) == bool(x)


@given(spans())
def test_a_day_set_is_kept_in_one_form(one: tuple[Span, ...]) -> None:
    days = DaySet.of(one)
    assert DaySet.of(reversed(one)) == days
    assert DaySet.of(days.spans) == days
    assert all(low < high for low, high in days)
    assert all(a[1] < b[0] for a, b in zip(days.runs, days.runs[1:], strict=False))


def test_a_span_counts_both_of_its_days() -> None:
    assert Span(date(2012, 5, 1), date(2012, 5, 31)).days == 31
    assert Span.of_month(2012, 2).days == 29
    assert Span.of_year(2012).days == 366
    assert Span.of_month(2012, 2).is_month
    assert not Span(date(2012, 2, 1), date(2012, 2, 28)).is_month
    assert next_day(date(2012, 12, 31)) == date(2013, 1, 1)


def test_a_span_that_ends_before_it_starts_is_refused_in_words() -> None:
    with pytest.raises(ObservationError) as told:
        Span(date(2012, 5, 31), date(2012, 5, 1))
    problem = told.value.problems[0]
    assert problem.code == "E12"
    assert problem.found == "start 2012-05-31, end 2012-05-01"
    assert problem.mend == "swap the two dates, or correct the year"
