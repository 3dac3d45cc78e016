"""Synthetic control: a published case, the kept library, and honest intervals."""

from __future__ import annotations

import csv
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from tregua.effect.design import DonorPool, YearlyRate
from tregua.effect.synthetic_control import (
    CLASSIC,
    SHIFTED,
    leave_one_out,
    library_weights,
    placebo_years,
    simplex_weights,
    synthetic_control,
)

DATA = Path(__file__).parent / "data" / "cigarettes_by_state.csv"


def cigarettes() -> tuple[np.ndarray, np.ndarray, int]:
    with DATA.open(newline="") as lines:
        rows = list(csv.reader(lines))
    years = [int(text) for text in rows[0][1:]]
    states = {row[0]: [float(text) for text in row[1:]] for row in rows[1:]}
    target = np.array(states.pop("California"))
    return target, np.array(list(states.values())).T, years.index(1989)


def test_california_1989_is_as_published() -> None:
    """Mean effect, outcomes alone as predictors: -19.6 (Arkhangelsky et al. 2021, AER 111:4088-4118, table 1)."""
    target, donors, before = cigarettes()
    weights = simplex_weights(donors[:before], target[:before])
    assert (target - donors @ weights)[before:].mean() == pytest.approx(-19.6, abs=0.25)


def test_our_weights_fit_at_least_as_well_as_those_of_the_library() -> None:
    pytest.importorskip("pysyncon", reason="the extra effect is not installed")
    target, donors, before = cigarettes()
    ours = simplex_weights(donors[:before], target[:before])
    theirs = library_weights(donors[:before], target[:before])
    assert ours.min() >= 0
    assert ours.sum() == pytest.approx(1.0)
    np.testing.assert_allclose(ours, theirs, atol=0.06)
    misfit = [float(np.sum((target[:before] - donors[:before] @ w) ** 2)) for w in (ours, theirs)]
    assert misfit[0] <= misfit[1] + 1e-9
    effects = [float((target - donors @ w)[before:].mean()) for w in (ours, theirs)]
    assert effects[0] == pytest.approx(effects[1], abs=0.5)


def test_the_case_lies_outside_what_donors_can_match_in_levels(pool: DonorPool) -> None:
    fit = synthetic_control(pool, CLASSIC, library=False)
    assert not fit.is_inside_hull
    assert fit.misfit > 10


def test_the_shifted_form_finds_a_fall_and_says_how_weak_it_is(pool: DonorPool) -> None:
    fit = synthetic_control(pool, SHIFTED, library=False)
    assert 0.45 < fit.ratio < 0.75
    assert fit.lo < fit.ratio < fit.hi
    assert fit.good_lo <= fit.ratio <= fit.good_hi
    assert fit.placebo_level == pytest.approx(1 - 1 / 14)
    assert sum(p.real for p in fit.placebos) == 1
    assert 1 <= next(p.rank for p in fit.placebos if p.real) <= len(fit.placebos)
    assert sum(w.weight for w in fit.weights) == pytest.approx(1.0)
    assert all(w.lo <= w.weight <= w.hi for w in fit.weights)
    assert max(w.hi - w.lo for w in fit.weights) > 0.1


def world(rng: np.random.Generator, effect: float) -> tuple[YearlyRate, ...]:
    rows = []
    common = np.cumsum(rng.normal(0, 0.05, 14))
    for unit in range(14):
        path = np.log(20.0) + rng.normal(0, 0.4) + common * rng.uniform(0.5, 1.5) + rng.normal(0, 0.07, 14)
        if unit == 0:
            path[12:] += np.log(effect)
        rows += [
            YearlyRate(f"U{unit:02d}", f"Unit {unit:02d}", 2000 + t, float(np.exp(path[t])), 5_000_000)
            for t in range(14)
        ]
    return tuple(rows)


def test_a_planted_effect_is_found_and_none_is_not() -> None:
    rng = np.random.default_rng(4)
    inside, wrong = 0, 0
    for effect in (0.5, 1.0):
        for _ in range(15):
            pool = DonorPool(world(rng, effect), "U00", 2000, 2013, 2012, ())
            fit = synthetic_control(pool, library=False)
            inside += fit.lo <= effect <= fit.hi
            wrong += effect == 1.0 and fit.hi < 1.0
    assert inside >= 25
    assert wrong <= 3


def test_a_donor_left_out_and_a_moved_year_are_reported(pool: DonorPool) -> None:
    left = leave_one_out(pool)
    assert {row.unit for row in left} == {d.unit for d in pool.used}
    assert all(0.3 < row.ratio < 1.0 for row in left)
    years = placebo_years(pool)
    assert [year for year, _ in years] == list(range(2005, 2011))


def test_the_order_of_the_rows_changes_nothing(pool: DonorPool) -> None:
    other = replace(pool, rows=pool.rows[::-1])
    one, two = (synthetic_control(p, library=False) for p in (pool, other))
    assert one.ratio == two.ratio
    assert one.weights == two.weights


def test_an_interval_without_an_upper_end_leaves_at_most_all_that_was_counted(pool: DonorPool) -> None:
    """However much more than expected it was, no more can be above than there were."""
    few = replace(pool, first=2008)
    fit = synthetic_control(few, library=False)
    assert fit.hi == float("inf")
    own = [row for row in few.rows if row.unit == "SLV" and 2012 <= row.year <= few.last]
    counted = sum((row.rate or 0) * (row.population or 0) / 1e5 for row in own)
    assert fit.fewer_lo == pytest.approx(-counted, rel=0.02)
