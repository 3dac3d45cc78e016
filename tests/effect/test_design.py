"""Phases, counts over sets of spans and donor pools: what is accepted, and what is refused with a reason."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import pytest

from tregua.effect.design import (
    CountOver,
    CountSeries,
    Design,
    DesignError,
    DonorPool,
    Exclusion,
    Phase,
    Phases,
    YearlyRate,
)
from tregua.series.span import Span


def months(values: list[int], year: int = 2010) -> CountSeries:
    counts = []
    for index, value in enumerate(values):
        span = Span.of_month(year + index // 12, index % 12 + 1)
        counts.append(CountOver((span,), value, id=f"M{index}", line=index + 2))
    return CountSeries(tuple(counts), "test", "test.csv")


def test_phases_are_put_in_order_and_cut_the_days_without_overlap() -> None:
    phases = Phases.parse(["eroding=2013-07-01", "active=2012-03-09"])
    windows = phases.windows(date(2009, 1, 1), date(2013, 12, 31))
    assert [w.kind for w in windows] == ["before", "active", "eroding"]
    assert sum(w.days for w in windows) == (date(2013, 12, 31) - date(2009, 1, 1)).days + 1
    assert windows[1].end == date(2013, 6, 30)


def test_a_truce_may_end_and_begin_again() -> None:
    phases = Phases.parse(["active=2012-01-01", "ended=2012-06-01", "active=2013-01-01"])
    assert [w.kind for w in phases.windows(date(2011, 1, 1), date(2013, 5, 1))] == [
        "before",
        "active",
        "ended",
        "active",
    ]


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "no phase is given"),
        (["truce=2012-01-01"], "unknown kind"),
        (["active=2012-13-01"], "cannot be read"),
        (["active 2012-01-01"], "cannot be read"),
        (["eroding=2012-01-01"], "begins nothing"),
        (["announced=2012-01-01"], "no phase is active"),
        (["active=2012-01-01", "eroding=2012-01-01"], "one day"),
        (["active=2012-01-01", "active=2013-01-01"], "follows itself"),
    ],
)
def test_phases_that_make_no_sense_are_refused(words: list[str], message: str) -> None:
    with pytest.raises(DesignError, match=message):
        Phases.parse(words)


def test_the_path_of_a_lever_gives_the_same_phases_as_dates_do() -> None:
    path = [(0, 0.0), (1162, 1.0), (1612, 0.7), (1977, 0.3), (2240, 0.0)]
    phases = Phases.of_lever(date(2009, 1, 1), path)
    assert phases.phases == (
        Phase("active", date(2012, 3, 8)),
        Phase("eroding", date(2013, 6, 1)),
        Phase("ended", date(2015, 2, 19)),
    )


def test_counts_that_share_a_day_are_refused_with_their_lines() -> None:
    counts = (
        CountOver((Span.of_year(2011),), 100, line=2),
        CountOver((Span.of_month(2011, 5),), 10, line=3),
    )
    with pytest.raises(DesignError) as told:
        CountSeries(counts, "x", "x.csv")
    assert told.value.problems[0].line == 3
    assert "line 2" in told.value.problems[0].found


def test_a_count_inside_the_hole_of_another_is_allowed() -> None:
    outer = CountOver((Span.of_month(2011, 1), Span.of_month(2011, 3)), 70)
    inner = CountOver((Span.of_month(2011, 2),), 30)
    series = CountSeries((outer, inner))
    assert series.total == 100
    assert series.gaps == ()


@pytest.mark.parametrize("counts", [(), (0, 0), (3, -1)])
def test_what_is_wrong_with_counts_is_not_said_of_the_phases(counts: tuple[int, ...]) -> None:
    spans = ((Span.of_month(2011, 1 + m),) for m in range(12))
    with pytest.raises(DesignError) as told:
        CountSeries(tuple(CountOver(span, count) for span, count in zip(spans, counts, strict=False)), "x", "x.csv")
    assert [(problem.key, problem.file) for problem in told.value.problems] == [("", "x.csv")]


def test_a_small_country_is_left_out_in_the_figures_of_either_language(pool: DonorPool) -> None:
    small = next(donor for donor in pool.donors if donor.unit == "BRB")
    assert "than 1,000,000 people" in small.reason_en
    assert "de 1\u202f000\u202f000 habitantes" in small.reason_es


def test_people_are_counted_in_the_year_before_the_break(pool: DonorPool) -> None:
    def with_people(years: dict[int, int]) -> bool:
        rows = tuple(
            replace(row, population=years.get(row.year, row.population)) if row.unit == "CRI" else row
            for row in pool.rows
        )
        return next(donor.used for donor in replace(pool, rows=rows).donors if donor.unit == "CRI")

    assert not with_people({2011: 999_999})
    assert with_people({2011: 1_000_000})
    assert with_people({2010: 5, 2012: 5, 2013: 5})


def test_zeros_only_and_negative_counts_are_refused() -> None:
    with pytest.raises(DesignError, match="every count is zero"):
        months([0, 0, 0])
    with pytest.raises(DesignError, match="negative"):
        months([3, -1, 2])


def test_a_single_period_before_the_break_is_refused() -> None:
    with pytest.raises(DesignError, match="too few counts before"):
        Design(months([9, 5, 5, 5]), Phases.parse(["active=2010-02-01"]))


def test_a_break_outside_the_data_is_refused() -> None:
    series = months([9] * 12)
    for day in ("2009-05-01", "2010-01-01", "2011-05-01"):
        with pytest.raises(DesignError, match="outside the data"):
            Design(series, Phases.parse([f"active={day}"]))


def test_missing_months_stay_gaps() -> None:
    series = months([9] * 12)
    holed = CountSeries(series.counts[:3] + series.counts[5:])
    assert [(g.start, g.end) for g in holed.gaps] == [(date(2010, 4, 1), date(2010, 5, 31))]


def rates() -> tuple[YearlyRate, ...]:
    rows = []
    for unit in "ABCDEFGHT":
        for year in range(2000, 2010):
            rate = None if unit == "H" and year == 2004 else 10.0 + ord(unit) % 7 + year % 3
            rows.append(YearlyRate(unit, unit * 3, year, rate, 500_000 if unit == "G" else 5_000_000))
    return tuple(rows)


def test_every_unit_of_the_pool_has_a_fate_with_a_reason() -> None:
    pool = DonorPool(rates(), "T", 2000, 2009, 2008, (Exclusion("A", "own truce", "tregua propia"),))
    fate = {donor.unit: donor for donor in pool.donors}
    assert not fate["A"].used
    assert fate["A"].reason_en == "own truce"
    assert "1,000,000" in fate["G"].reason_en
    assert fate["H"].reason_en == "no rate for 2004"
    assert [d.unit for d in pool.used] == list("BCDEF")
    assert all(d.reason_en and d.reason_es for d in pool.donors)


def test_too_few_donors_are_refused() -> None:
    pool = DonorPool(rates(), "T", 2000, 2009, 2008, ())
    with pytest.raises(DesignError, match="too few donors"):
        pool.without("B").without("C")


def test_a_treated_unit_with_a_hole_is_refused() -> None:
    with pytest.raises(DesignError, match="lacks a rate"):
        DonorPool(rates(), "H", 2000, 2009, 2008)


def test_a_case_that_dates_no_truce_is_told_how_to_give_the_dates() -> None:
    from tregua.case import load_case
    from tregua.effect.inputs import case_phases

    case = load_case("el_salvador_2012")
    paths = {name: path for name, path in case.history.paths.items() if name != "concession"}
    silent = replace(case, events=(), history=replace(case.history, paths=paths))
    with pytest.raises(DesignError, match="dates no truce") as told:
        case_phases(silent)
    assert "--phase" in told.value.problems[0].mend
    assert case_phases(case).phases[0].kind == "active"
