"""Coverage asks of the count, error and all; bands show the runs."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from made_runs import as_counted, month, same_phi, steady
from scipy import stats

from tregua.calibrate.coverage import Placement, bands, coverages, months, placements, window_counts
from tregua.calibrate.negative_binomial import mean_quantiles
from tregua.case.load import Case
from tregua.errors import UsageError
from tregua.series.catalogue import ObservationSet


def test_counts_that_happened_lie_inside_and_counts_that_could_not_lie_outside(case: Case) -> None:
    days = as_counted(case)
    for count in window_counts(case, "held_out"):
        days.spread("homicides_recorded", count.spans, count.value)
    runs = {"default": days.runs([1.0] * 5), "far": days.runs([3.0] * 5, reading="far")}
    found = coverages(case, runs, same_phi(runs.values()))
    near = {c.window: c for c in found if c.reading == "default"}
    assert (near["fit"].inside50, near["fit"].inside90, near["fit"].n) == (38, 38, 38)
    assert (near["held_out"].inside50, near["held_out"].inside90, near["held_out"].n) == (32, 32, 32)
    assert [(c.inside50, c.inside90) for c in found if c.reading == "far"] == [(0, 0), (0, 0)]


def test_a_count_is_inside_where_it_lies_between_the_quantiles(case: Case) -> None:
    runs = steady(case, runs=30)
    phi = same_phi([runs], 60.0)
    placed = placements(case, {"default": runs}, phi)
    means = np.stack([runs.total("homicides_recorded", p.spans) for p in placed], axis=1)
    shifted = np.random.default_rng(2).uniform(0.7, 1.3, len(placed))
    q = mean_quantiles((0.05, 0.25, 0.75, 0.95), means * shifted, np.full(30, 60.0))
    moved = replace(runs, values={"homicides_recorded": runs.of("homicides_recorded")})
    for i, p in enumerate(placed):
        scaled = replace(moved, values={"homicides_recorded": moved.of("homicides_recorded") * shifted[i]})
        again = placements(case, {"default": scaled}, phi, window=p.window)
        same = next(a for a in again if a.id == p.id)
        assert same.inside90 == (q[0, i] <= p.count <= q[3, i])
        assert same.inside50 == (q[1, i] <= p.count <= q[2, i])


@pytest.mark.parametrize(
    ("below", "upto", "inside50", "inside90"),
    [
        (0.74, 0.76, True, True),
        (0.75, 0.77, False, True),
        (0.24, 0.25, True, True),
        (0.23, 0.24, False, True),
        (0.04, 0.05, False, True),
        (0.03, 0.04, False, False),
        (0.94, 0.96, False, True),
        (0.95, 0.96, False, False),
    ],
)
def test_the_ends_of_an_interval_belong_to_it(below: float, upto: float, inside50: bool, inside90: bool) -> None:
    placed = Placement("default", "fit", "P01", (month(2012, 1),), 400, below, upto)
    assert (placed.inside50, placed.inside90) == (inside50, inside90)
    assert placed.place == pytest.approx((below + upto) / 2)


def test_counts_drawn_from_what_is_expected_are_covered_as_often_as_they_should_be(case: Case) -> None:
    rng = np.random.default_rng(11)
    runs = steady(case, runs=200, spread=0.08)
    phi = 120.0
    pieces = case.observations.fit_pieces()
    inside50 = inside90 = total = 0
    for _ in range(20):
        drawn = []
        for piece in pieces:
            # A factor for each piece of its own, as if every count came from another history.
            mean = piece.value * float(np.exp(0.08 * rng.standard_normal()))
            drawn.append(replace(piece, value=float(stats.nbinom.rvs(phi, phi / (phi + mean), random_state=rng))))
        made = replace(case, observations=ObservationSet(tuple(drawn), case.observations.window))
        found = coverages(made, {"default": runs}, same_phi([runs], phi))[0]
        inside50, inside90, total = inside50 + found.inside50, inside90 + found.inside90, total + found.n
    assert total == 20 * 38
    # Four standard errors of a binomial share.
    assert inside50 / total == pytest.approx(0.5, abs=4 * np.sqrt(0.25 / total))
    assert inside90 / total == pytest.approx(0.9, abs=4 * np.sqrt(0.09 / total))


def test_more_error_of_counting_covers_more(case: Case) -> None:
    runs = {"default": as_counted(case).runs([1.1] * 10)}
    covered = [coverages(case, runs, same_phi(runs.values(), phi))[0].inside90 for phi in (20.0, 150.0, 1e9)]
    assert covered[0] == 38
    assert covered == sorted(covered, reverse=True)
    assert covered[2] < 30


def test_the_same_runs_give_the_same_digits(case: Case) -> None:
    runs = {"default": steady(case)}
    phi = same_phi(runs.values())
    assert placements(case, runs, phi) == placements(case, runs, phi)
    other = {"default": steady(case, seed=2)}
    assert placements(case, runs, phi) != placements(case, other, phi)


def test_a_draw_without_phi_is_told(case: Case) -> None:
    runs = {"default": steady(case, runs=3)}
    for phi in ({}, {"default": {0: 180.0, 1: 180.0}}, {"default": {0: 180.0, 1: 180.0, 2: 0.0}}):
        with pytest.raises(UsageError, match="over-dispersion") as error:
            coverages(case, runs, phi)
        assert "draw" in error.value.problems[0].found


def test_windows_hold_the_pieces_and_the_scored_months(case: Case) -> None:
    fit, later = window_counts(case, "fit"), window_counts(case, "held_out")
    assert len(fit) == 38
    assert all(count.use == "fit" and count.end <= case.fit_end for count in fit)
    assert len(later) == 32
    assert all(count.use == "score" and count.start > case.fit_end for count in later)


def test_counts_outside_the_runs_are_left_out(case: Case) -> None:
    runs = as_counted(case).runs([1.0, 1.1])
    kept = runs.ends <= date(2013, 12, 31).toordinal()
    short = replace(
        runs,
        starts=runs.starts[kept],
        ends=runs.ends[kept],
        values={name: column[:, kept] for name, column in runs.values.items()},
    )
    found = coverages(case, {"default": short}, same_phi([short]))
    assert [(c.window, c.n) for c in found] == [("fit", 38)]


def test_bands_are_quantiles_over_runs_of_whole_months(case: Case) -> None:
    days = as_counted(case)
    days.daily["homicides_recorded"][:] = 10.0
    found = bands({"default": days.runs(np.linspace(0.5, 1.5, 101))}, date(2012, 3, 15))
    assert len(found) == 3 * 12 + 2
    february = found[-1]
    assert (february.start, february.end) == (date(2012, 2, 1), date(2012, 2, 29))
    expected = [290 * factor for factor in (0.55, 0.75, 1.0, 1.25, 1.45)]
    assert [february.q05, february.q25, february.q50, february.q75, february.q95] == pytest.approx(expected)


def test_the_error_of_counting_widens_a_band(case: Case) -> None:
    runs = {"default": steady(case, runs=20)}
    alone, counted = bands(runs), bands(runs, phi=same_phi(runs.values(), 50.0))
    assert [(b.start, b.end) for b in alone] == [(b.start, b.end) for b in counted]
    busy = [(a, b) for a, b in zip(alone, counted, strict=True) if a.q50 > 50]
    assert all(b.q95 - b.q05 > a.q95 - a.q05 for a, b in busy)
    assert all(abs(b.q50 - a.q50) < 0.05 * a.q50 for a, b in busy)


def test_months_are_whole() -> None:
    assert list(months(date(2011, 11, 2), date(2012, 2, 28))) == [month(2011, 12), month(2012, 1)]
    assert list(months(date(2011, 11, 2), date(2011, 11, 30))) == []
