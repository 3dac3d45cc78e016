"""A figure that contradicts itself is no observation."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tregua.errors import ObservationError
from tregua.series import MEASURES, Amount, Count, Observation, Ratio, Share, Span, Stock, institution_class
from tregua.series.measure import SERIES_WORDS
from tregua.series.observation import OBSERVATION_KINDS

MAY = Span.of_month(2012, 5)
JUNE = Span.of_month(2012, 6)
COUNT = Count(
    id="c", measure="homicides", spans=(MAY,), value=172.0, institution="PNC", sources=("S1",), use="fit",
    file="series/x.csv", line=7,
)  # fmt: skip


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"value": float("nan")}, "E16"),
        ({"value": float("inf")}, "E16"),
        ({"value": -1.0}, "E17"),
        ({"value": 1.5}, "E17"),
        ({"value_high": 100.0}, "E17"),
        ({"spans": (MAY, Span(date(2012, 5, 31), date(2012, 6, 2)))}, "E12"),
        ({"spans": ()}, "E14"),
        ({"use": "used"}, "E16"),
        ({"basis": "guessed"}, "E16"),
        ({"sources": ()}, "E14"),
        ({"use": "excluded"}, "E14"),
    ],
)
def test_a_count_that_contradicts_itself_is_refused_with_its_place(change: dict[str, object], code: str) -> None:
    with pytest.raises(ObservationError) as told:
        replace(COUNT, **change)  # type: ignore[arg-type]
    problem = told.value.problems[0]
    assert (problem.code, problem.file, problem.line) == (code, "series/x.csv", 7)
    assert problem.allowed
    assert problem.mend


def test_separate_spans_of_one_count_are_put_in_order() -> None:
    count = replace(COUNT, spans=(JUNE, MAY))
    assert count.spans == (MAY, JUNE)
    assert (count.start, count.end, count.days) == (date(2012, 5, 1), date(2012, 6, 30), 61)
    assert count.daily == 172 / 61


def test_an_observation_without_a_kind_cannot_be_made() -> None:
    with pytest.raises(TypeError, match="Count, Stock, Ratio, Share or Amount"):
        Observation(id="x", measure="m", spans=(), value=1.0, institution="", sources=("S",), use="fit")


def test_a_stock_lies_in_the_middle_of_the_days_that_its_date_leaves_open() -> None:
    stock = Stock(
        id="s", measure="members", spans=(Span.of_year(2011),), value=1.0, institution="", sources=("S",),
        use="alternative", precision="year",
    )  # fmt: skip
    assert stock.when == date(2011, 7, 2)
    assert replace(stock, spans=(), precision="undated").when is None
    for change in ({"value": -1.0}, {"precision": "about"}):
        with pytest.raises(ObservationError):
            replace(stock, **change)  # type: ignore[arg-type]


def test_shares_and_amounts_stay_inside_their_bounds() -> None:
    common = {"id": "x", "measure": "m", "spans": (MAY,), "institution": "", "sources": ("S",), "use": "fit"}
    assert Share(value=1.0, **common).value == 1.0  # type: ignore[arg-type]
    assert Ratio(value=-6.26, **common).value == -6.26  # type: ignore[arg-type]
    for kind, value in ((Share, 1.01), (Share, -0.01), (Amount, -1.0)):
        with pytest.raises(ObservationError):
            kind(value=value, **common)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("institution", "basis", "expected"),
    [
        ("PNC", "stated", "police"),
        ("PNC preliminary", "stated", "police"),
        ("IML", "stated", "forensic"),
        ("policía municipal", "stated", "police"),
        ("Policía Nacional", "stated", "police"),
        ("police of the town", "stated", "police"),
        ("Instituto de Medicina Legal", "stated", "forensic"),
        ("forensic office of the port", "stated", "forensic"),
        ("policía / Instituto de Medicina Legal", "stated", "other"),
        ("PNC/IML", "stated", "other"),
        ("PNC and official via EFE", "stated", "other"),
        ("official, via EFE", "stated", "other"),
        ("tripartite", "stated", "other"),
        ("", "stated", "other"),
        ("PNC", "subtraction", "derived"),
        ("IML", "derived", "derived"),
    ],
)
def test_the_class_of_a_mark_follows_who_counted_and_how(institution: str, basis: str, expected: str) -> None:
    assert institution_class(institution, basis) == expected


def test_every_measure_is_of_a_kind_and_told_in_both_languages() -> None:
    for name, measure in MEASURES.items():
        assert measure.id == name
        assert measure.kind in OBSERVATION_KINDS
        assert measure.unit
        assert measure.meaning_en
        assert measure.meaning_es
    assert all(target in MEASURES for words in SERIES_WORDS.values() for target in words.values())


def test_measures_are_held_against_outcomes_that_exist() -> None:
    from tregua.model.outcomes import OUTCOMES

    assert {measure.outcome for measure in MEASURES.values() if measure.outcome} <= set(OUTCOMES)
