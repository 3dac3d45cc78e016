"""Figures are found by what they are, and drawn over their own days only."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tregua.series import Count, ObservationSet, Ratio, Span, Stock

COMMON = {"measure": "homicides", "outcome": "homicides_recorded", "institution": "PNC", "sources": ("S1",)}
H1 = Span(date(2010, 1, 1), date(2010, 6, 30))
YEAR = Span.of_year(2010)
WINDOW = Span(date(2010, 1, 1), date(2011, 12, 31))


def count(id: str, *spans: Span, value: float, use: str = "fit", **more: object) -> Count:
    fields = {"file": "series/homicides.csv", "reason": "test", **COMMON, **more}
    return Count(id=id, spans=spans, value=value, use=use, **fields)  # type: ignore[arg-type]


FIGURES = (
    count("h1", H1, value=300.0),
    count("year", YEAR, value=620.0, use="alternative", subtract=True),
    count("jan", Span.of_month(2012, 1), value=50.0, use="score", institution="IML", preferred=True),
    count("odd", Span.of_month(2012, 2), value=60.0, use="excluded"),
    count("area", Span.of_month(2010, 3), value=9.0, area="A1"),
    Ratio(id="rate", spans=(YEAR,), value=10.0, use="excluded", reason="rate", **COMMON),  # type: ignore[arg-type]
    Stock(
        id="stock", spans=(Span.of_year(2011),), value=5.0, use="fit",
        **{**COMMON, "measure": "members", "outcome": ""},  # type: ignore[arg-type]
    ),
)  # fmt: skip
SET = ObservationSet(FIGURES, WINDOW)


@pytest.mark.parametrize(
    ("conditions", "expected"),
    [
        ({}, ["h1", "year", "jan", "odd", "rate", "stock"]),
        ({"area": None}, ["h1", "year", "jan", "odd", "area", "rate", "stock"]),
        ({"area": "A1"}, ["area"]),
        ({"measure": "members"}, ["stock"]),
        ({"outcome": "homicides_recorded", "kind": "ratio"}, ["rate"]),
        ({"use": "fit"}, ["h1", "stock"]),
        ({"use": ("score", "excluded")}, ["jan", "odd", "rate"]),
        ({"kind": "count", "start": date(2012, 1, 1)}, ["jan", "odd"]),
        ({"end": date(2010, 6, 30)}, ["h1"]),
        ({"file": "homicides", "use": "score"}, ["jan"]),
        ({"gang": "MS13"}, []),
    ],
)
def test_figures_are_found_by_what_they_are(conditions: dict[str, object], expected: list[str]) -> None:
    assert [o.id for o in SET.filter(**conditions)] == expected  # type: ignore[arg-type]


def test_measures_stand_once_in_order() -> None:
    assert SET.measures == ("homicides", "members")
    assert len(SET) == 7


def test_pieces_come_from_the_partition_where_none_are_stored() -> None:
    pieces = SET.fit_pieces()
    assert [(p.id, p.count, p.basis) for p in pieces] == [("P01", 300, "stated"), ("P02", 320, "subtraction")]
    assert all(p.use == "fit" and p.outcome == "homicides_recorded" for p in pieces)


def test_stored_pieces_are_used_where_there_are_some() -> None:
    stored = count("P01", YEAR, value=620.0, file="series/homicides_fit_pieces.csv")
    both = ObservationSet((*FIGURES, stored), WINDOW)
    assert [p.id for p in both.fit_pieces()] == ["P01"]
    assert [p.value for p in both.partition().pieces] == [300, 320], "stored pieces are no rows as read"


def test_scores_and_recommended_months_are_apart_from_the_fit() -> None:
    assert [o.id for o in SET.scored()] == ["jan"]
    assert [o.id for o in SET.preferred_months()] == ["jan"]


def test_marks_cover_the_days_of_their_counts_and_no_others() -> None:
    marks = SET.marks()
    assert [(m.id, m.start, m.end, m.until) for m in marks] == [
        ("P01", date(2010, 1, 1), date(2010, 6, 30), date(2010, 7, 1)),
        ("P02", date(2010, 7, 1), date(2010, 12, 31), date(2011, 1, 1)),
        ("jan", date(2012, 1, 1), date(2012, 1, 31), date(2012, 2, 1)),
    ]
    assert [m.institution_class for m in marks] == ["police", "derived", "forensic"]
    assert [m.use for m in marks] == ["fit", "fit", "score"]
    assert sum(m.daily * ((m.until - m.start).days) for m in marks) == pytest.approx(300 + 320 + 50)


def test_separate_spans_of_one_count_share_its_mean_and_never_split_it() -> None:
    union = count("u", Span.of_month(2010, 1), Span.of_month(2010, 3), value=620.0)
    marks = ObservationSet((union,), WINDOW).marks()
    assert [(m.part, m.count, m.days, m.daily) for m in marks] == [(0, 620, 62, 10.0), (1, 620, 62, 10.0)]


def test_marks_of_other_uses_are_rows_as_read() -> None:
    assert [m.id for m in SET.marks(uses=("alternative", "excluded"))] == ["year", "odd"]


def test_cut_dates_hold_every_month_end_and_every_edge_that_is_used() -> None:
    week = count("week", Span(date(2010, 2, 10), date(2010, 2, 16)), value=3.0, use="score")
    out = count("out", Span(date(2010, 2, 20), date(2010, 2, 21)), value=3.0, use="excluded")
    cuts = ObservationSet((*FIGURES, week, out), WINDOW).cut_dates(date(2010, 1, 1), date(2010, 4, 15))
    assert cuts == (
        date(2010, 1, 31), date(2010, 2, 9), date(2010, 2, 16), date(2010, 2, 28), date(2010, 3, 31),
        date(2010, 4, 15),
    )  # fmt: skip


def test_a_case_without_figures_has_no_pieces_and_no_marks() -> None:
    empty = ObservationSet()
    assert empty.fit_pieces() == ()
    assert empty.marks() == ()
    assert empty.cut_dates(date(2010, 1, 1), date(2010, 2, 5)) == (date(2010, 1, 31), date(2010, 2, 5))


def test_a_change_of_a_count_changes_the_partition() -> None:
    changed = ObservationSet((replace(FIGURES[0], value=301.0), *FIGURES[1:]), WINDOW)
    assert [p.value for p in changed.partition().pieces] == [301, 319]
