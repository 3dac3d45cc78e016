"""Totals are cut into disjoint pieces by subtraction only: no day twice, no event lost, nothing made up."""

from __future__ import annotations

from datetime import date
from itertools import pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tregua.errors import ObservationError
from tregua.series import Count, DaySet, Partition, Span, partition
from tregua.series.partition import edges, name_days, overlapping_counts, piece_class

EPOCH = date(2010, 1, 1).toordinal()


def count(low: int, high: int, value: int, use: str = "fit", institution: str = "PNC", subtract: bool = True) -> Count:
    """A count of the days low..high-1 after the first of January 2010."""
    span = Span(date.fromordinal(EPOCH + low), date.fromordinal(EPOCH + high - 1))
    return Count(
        id=f"{low}-{high}-{value}-{use}-{institution}", measure="homicides", spans=(span,), value=float(value),
        institution=institution, sources=(f"S{low}",), use=use, reason="test", subtract=subtract,
    )  # fmt: skip


def truth_on(days: DaySet, truth: list[int]) -> int:
    return sum(truth[day - EPOCH] for low, high in days for day in range(low, high))


def must_be_exact(result: Partition, truth: list[int]) -> None:
    for one, two in pairwise(sorted(span for piece in result.pieces for span in piece.spans)):
        assert one.end < two.start
    for piece in result.pieces:
        assert piece.value == truth_on(piece.days, truth)
        assert piece.value == piece.total
    assert result.total == truth_on(result.covered, truth)
    assert [piece.days.first for piece in result.pieces] == sorted(piece.days.first for piece in result.pieces)
    assert all(check.difference == 0 for check in result.checks)


@st.composite
def trees(draw: st.DrawFn) -> tuple[list[int], list[Count]]:
    """A truth by day, and nested counts of it: parts (fit) and totals of several levels, some never stated."""
    truth = draw(st.lists(st.integers(0, 9), min_size=1, max_size=40))
    counts: list[Count] = []

    def cut(low: int, high: int, depth: int) -> None:
        institution = draw(st.sampled_from(["PNC", "IML"]))
        inner = sorted(set(draw(st.lists(st.integers(low, high), max_size=4))) | {low, high})
        stated = draw(st.booleans())
        if depth == 0 or len(inner) == 2:
            if stated:
                counts.append(count(low, high, sum(truth[low:high]), "fit", institution))
            return
        if stated:
            counts.append(count(low, high, sum(truth[low:high]), "alternative", institution))
        for a, b in pairwise(inner):
            cut(a, b, depth - 1)

    cut(0, len(truth), 3)
    return truth, counts


@settings(deadline=None)
@given(trees(), st.randoms(use_true_random=False))
def test_nested_totals_give_disjoint_exact_pieces_in_any_order(
    case: tuple[list[int], list[Count]], shuffle: Random
) -> None:
    truth, counts = case
    result = partition(counts)
    must_be_exact(result, truth)
    stated = DaySet.of(span for c in counts for span in c.spans)
    assert result.covered == stated, "a day that some count covers belongs to exactly one piece"
    assert result.set_aside == ()
    shuffle.shuffle(counts)
    again = partition(counts)
    assert [(p.days, p.value) for p in again.pieces] == [(p.days, p.value) for p in result.pieces]


@st.composite
def tangles(draw: st.DrawFn) -> tuple[list[int], list[Count]]:
    """A truth by day, disjoint parts, and totals that overlap in any way."""
    truth = draw(st.lists(st.integers(0, 9), min_size=2, max_size=30))
    places = st.integers(0, len(truth))
    cuts = sorted(set(draw(st.lists(places, max_size=8))))
    counts = [count(a, b, sum(truth[a:b])) for a, b in pairwise(cuts) if draw(st.booleans())]
    for a, b in draw(st.lists(st.tuples(places, places), max_size=8)):
        if a < b:
            use = draw(st.sampled_from(["alternative", "excluded"]))
            counts.append(count(a, b, sum(truth[a:b]), use, draw(st.sampled_from(["PNC", "IML"]))))
    return truth, list({c.id: c for c in counts}.values())


@settings(max_examples=300, deadline=None)
@given(tangles())
def test_totals_that_overlap_in_any_way_still_give_exact_pieces(case: tuple[list[int], list[Count]]) -> None:
    truth, counts = case
    result = partition(counts)
    must_be_exact(result, truth)
    fits = DaySet.of(span for c in counts if c.use == "fit" for span in c.spans)
    assert fits <= result.covered
    used = {t.count.id for p in result.pieces for t in p.terms} | {c.count.id for c in result.checks}
    used |= {c.id for c in result.set_aside}
    assert used == {c.id for c in counts}, "every count is used, checked or set aside"


@given(st.lists(st.integers(0, 50), min_size=2, max_size=12), st.integers(1, 5))
def test_one_institution_that_contradicts_itself_is_found(parts: list[int], excess: int) -> None:
    counts = [count(day, day + 1, value) for day, value in enumerate(parts)]
    total = count(0, len(parts), sum(parts) + excess, "alternative")
    with pytest.raises(ObservationError) as told:
        partition([*counts, total])
    assert [p.code for p in told.value.problems] == ["E29"]
    assert f"= {sum(parts)}" in told.value.problems[0].found


def test_two_institutions_may_differ() -> None:
    result = partition([count(0, 31, 263, institution="IML"), count(0, 31, 255, "alternative")])
    assert [check.difference for check in result.checks] == [-8]
    assert result.total == 263


def test_counts_that_are_not_to_be_subtracted_only_check() -> None:
    result = partition([count(0, 10, 5), count(0, 20, 12, "alternative", subtract=False)])
    assert [piece.value for piece in result.pieces] == [5]
    assert [c.count for c in result.set_aside] == [12]


@given(st.integers(0, 20), st.integers(1, 20), st.integers(0, 20), st.integers(1, 20))
def test_parts_that_share_a_day_are_refused(a: int, m: int, b: int, n: int) -> None:
    one, two = count(a, a + m, 3), count(b, b + n, 4)
    if a < b + n and b < a + m:
        with pytest.raises(ObservationError) as told:
            partition([one, two])
        assert told.value.problems[0].code == "E27"
    else:
        assert partition([one, two]).total == 7
    assert bool(overlapping_counts([one, two])) == (a < b + n and b < a + m)


def test_a_total_below_its_parts_is_refused_with_the_arithmetic() -> None:
    with pytest.raises(ObservationError) as told:
        partition([count(0, 31, 40), count(0, 59, 30, "alternative")])
    assert told.value.problems[0].found == "30 (PNC Jan-Feb 2010) - 40 (PNC Jan 2010) = -10"


def test_the_own_figure_of_an_institution_is_subtracted_before_that_of_another() -> None:
    rows = [
        count(0, 31, 263, institution="IML"),
        count(0, 31, 255, "alternative"),
        count(0, 59, 400, "alternative"),
    ]
    piece = partition(rows).pieces[1]
    assert piece.value == 145
    assert piece.arithmetic() == "400 (PNC Jan-Feb 2010) - 255 (PNC Jan 2010)"
    assert piece.arithmetic("es") == "400 (PNC ene-feb 2010) - 255 (PNC ene 2010)"


def test_two_counts_to_the_same_day_bridge_to_a_total_without_it() -> None:
    """A total to the 17th less the first seventeen days leaves whole months, and cuts no month in two."""
    rows = [
        count(0, 31, 10),
        count(0, 48, 35, "excluded"),
        count(31, 48, 12, "excluded"),
        count(0, 59, 50, "alternative"),
    ]
    result = partition(rows)
    assert [(name_days(p.days), p.value) for p in result.pieces] == [("Jan 2010", 10), ("Feb 2010", 40)]
    result = partition([count(31, 59, 40), *rows[1:3]])
    assert result.pieces[0].value == 35 - 12
    assert result.pieces[0].arithmetic() == "35 (PNC 1 Jan 2010-17 Feb 2010) - 12 (PNC 1-17 Feb 2010)"


def test_what_nobody_counted_stays_a_gap() -> None:
    window = Span(date(2010, 1, 1), date(2010, 1, 31))
    result = partition([count(5, 10, 3), count(40, 50, 9)], window)
    assert result.total == 3
    assert [str(gap) for gap in result.gaps] == ["2010-01-01..2010-01-05", "2010-01-11..2010-01-31"]
    assert any("no count" in line for line in result.lines())


def test_a_long_chain_of_months_with_rivals_is_cut_quickly() -> None:
    truth = [day % 5 for day in range(1200)]
    rows = [count(d, d + 10, sum(truth[d : d + 10])) for d in range(0, 1190, 10)]
    rows += [count(d, d + 10, sum(truth[d : d + 10]), "alternative", "IML") for d in range(0, 1190, 10)]
    rows += [count(0, 1200, sum(truth), "alternative", "IML")]
    must_be_exact(partition(rows), truth)


def test_days_are_named_as_people_name_them() -> None:
    def named(*spans: Span) -> str:
        return name_days(DaySet.of(spans))

    assert named(Span.of_year(2010)) == "2010"
    assert named(Span.of_month(2010, 3)) == "Mar 2010"
    assert named(Span(date(2010, 1, 1), date(2010, 11, 30))) == "Jan-Nov 2010"
    assert named(Span(date(2012, 10, 1), date(2013, 4, 30))) == "Oct 2012-Apr 2013"
    assert named(Span(date(2012, 3, 9), date(2012, 3, 22))) == "9-22 Mar 2012"
    assert named(Span(date(2012, 3, 9), date(2012, 4, 2))) == "9 Mar 2012-2 Apr 2012"
    assert named(Span.of_month(2011, 2), Span.of_month(2011, 6)) == "Feb 2011, Jun 2011"


def test_the_class_of_a_piece_says_whether_it_was_stated() -> None:
    result = partition([count(0, 31, 10), count(0, 59, 30, "alternative")])
    assert [piece_class(piece) for piece in result.pieces] == ["police", "derived"]
    assert [piece.basis for piece in result.pieces] == ["stated", "subtraction"]
    assert result.pieces[1].sources == ("S0",)


def test_edges_are_the_days_at_which_a_count_begins_or_ends() -> None:
    assert edges([Span(date(2010, 1, 1), date(2010, 1, 31))]) == (date(2009, 12, 31), date(2010, 1, 31))
