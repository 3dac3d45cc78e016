"""Interrupted counts: planted breaks are found, days are summed exactly, and the fast fit is the full one."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tregua.effect.design import CountOver, CountSeries, Design, Phases
from tregua.effect.grid import by_month, day_grid
from tregua.effect.interrupted import (
    LIKELIHOODS,
    NEGBIN,
    SERIAL,
    Priors,
    fit_fast,
    interrupted_model,
    with_counts,
)
from tregua.series.span import Span


def test_cells_of_half_a_month_sum_as_single_days_do(design: Design) -> None:
    def means(widest: int) -> np.ndarray:
        grid = day_grid(design.series.counts, [p.start for p in design.phases.phases], widest)
        t = grid.first + grid.days / 2
        rate = np.exp(2.4 + 0.3 * (t - grid.first[0]) / 365 + 0.2 * np.cos(2 * np.pi * t / 365.25))
        return np.asarray(grid.overlap @ rate)

    np.testing.assert_allclose(means(16), means(1), rtol=1e-3)


def test_every_day_of_a_count_is_in_one_cell(design: Design) -> None:
    grid = day_grid(design.series.counts, [date(2012, 3, 9)])
    np.testing.assert_array_equal(grid.overlap.sum(axis=1), [count.days for count in design.series.counts])
    assert grid.days.sum() == 1826
    assert date(2012, 3, 9).toordinal() in grid.first


def test_the_days_of_a_window_are_counted_to_the_day(design: Design) -> None:
    """A window may begin and end within a cell: only its own days count."""
    grid = day_grid(design.series.counts, [date(2012, 3, 9)])
    for start, end, days in (
        (date(2012, 3, 8), date(2013, 3, 7), 365),
        (date(2012, 3, 8), date(2012, 3, 8), 1),
        (date(2012, 3, 9), date(2013, 12, 31), 663),
    ):
        assert grid.days_between(start, end).sum() == days
    whole = grid.days_between(date(2012, 3, 9), date(2012, 3, 31))
    np.testing.assert_array_equal(whole > 0, grid.in_days(date(2012, 3, 9), date(2012, 3, 31)))


def test_a_window_with_one_day_before_the_break_is_a_little_nearer_to_one(design: Design) -> None:
    fit = fit_fast(interrupted_model(design), NEGBIN, draws=400)
    inside, before = (fit.ratio(date(2012, 3, day), date(2012, 3, 18)) for day in (9, 8))
    assert before.value == pytest.approx((1 + 10 * inside.value) / 11, rel=0.02)
    assert before.fewer == pytest.approx(inside.fewer, rel=1e-9), "the day before takes nobody away"


def test_days_are_added_up_by_month_and_never_across_a_phase() -> None:
    days = [CountOver((Span(date.fromordinal(d), date.fromordinal(d)),), 2) for d in range(734000, 734400)]
    start = date.fromordinal(734100)
    months = by_month(days, [start])
    assert sum(count.count for count in months) == 800
    assert not any(count.start < start <= count.end for count in months)


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_a_planted_ratio_lies_inside_its_interval(design: Design, likelihood: str) -> None:
    matrices = interrupted_model(design)
    beta = np.zeros(len(matrices.names))
    beta[0], beta[1] = np.log(12.0), 0.05
    beta[matrices.names.index("step.1")] = np.log(0.6)
    beta[matrices.names.index("step.2")] = np.log(0.8)
    mean = matrices.grid.overlap @ np.exp(matrices.model.columns @ beta)
    rng = np.random.default_rng(5)
    found = fit_fast(with_counts(matrices, rng.poisson(mean)), likelihood).ratio()
    assert found.lo < 0.6 < found.hi
    assert found.hi / found.lo < 1.6


@pytest.mark.parametrize("likelihood", LIKELIHOODS)
def test_the_estimate_of_the_case_is_far_below_one(design: Design, likelihood: str) -> None:
    found = fit_fast(interrupted_model(design), likelihood).ratio()
    assert 0.38 < found.value < 0.55
    assert found.hi < 0.65
    assert found.fewer > 1500


def test_serial_correlation_widens_the_interval(design: Design) -> None:
    matrices = interrupted_model(design)
    widths = {kind: np.log(r.hi / r.lo) for kind in LIKELIHOODS for r in [fit_fast(matrices, kind).ratio()]}
    assert widths[SERIAL] > 1.3 * widths[NEGBIN]


def test_the_expected_path_keeps_the_latent_rate_and_drops_the_phases(design: Design) -> None:
    fit = fit_fast(interrupted_model(design), SERIAL, draws=200)
    own, without = fit.log_rates()
    before = fit.matrices.grid.in_days(date(2009, 1, 1), date(2012, 3, 8))
    np.testing.assert_allclose(own[:, before], without[:, before])
    assert (own[:, ~before] < without[:, ~before]).mean() > 0.95


def test_the_seed_settles_every_digit_and_another_seed_does_not(design: Design) -> None:
    matrices = interrupted_model(design)
    one, same, other = (fit_fast(matrices, NEGBIN, seed=seed).ratio() for seed in (3, 3, 4))
    assert one == same
    assert one != other


def test_the_order_of_the_rows_changes_no_digit(design: Design) -> None:
    backwards = CountSeries(design.series.counts[::-1])
    one = fit_fast(interrupted_model(design), NEGBIN).ratio()
    assert fit_fast(interrupted_model(Design(backwards, design.phases)), NEGBIN).ratio() == one


def test_wider_priors_hardly_move_the_estimate(design: Design) -> None:
    narrow = fit_fast(interrupted_model(design, Priors().times(0.5)), NEGBIN, priors=Priors().times(0.5)).ratio()
    wide = fit_fast(interrupted_model(design, Priors().times(2)), NEGBIN, priors=Priors().times(2)).ratio()
    assert abs(np.log(narrow.value / wide.value)) < 0.1


def test_long_counts_get_no_harmonics_and_serial_correlation_by_year() -> None:
    years = CountSeries(tuple(CountOver((Span.of_year(y),), 300 - 60 * (y > 1995)) for y in range(1980, 2005)))
    matrices = interrupted_model(Design(years, Phases.parse(["active=1996-01-01"])))
    assert not any(name.startswith("cos") for name in matrices.names)
    assert matrices.grid.blocks == 25
    assert fit_fast(matrices, SERIAL).ratio().value == pytest.approx(0.8, abs=0.1)


def test_ten_years_of_days_are_fitted_by_month() -> None:
    rng = np.random.default_rng(1)
    first = date(2005, 1, 1).toordinal()
    days = []
    for d in range(first, first + 3650):
        day = date.fromordinal(d)
        days.append(CountOver((Span(day, day),), int(rng.poisson(5 if day < date(2011, 6, 10) else 3))))
    matrices = interrupted_model(Design(CountSeries(tuple(days)), Phases.parse(["active=2011-06-10"])))
    assert len(matrices.counts) < 130
    found = fit_fast(matrices, NEGBIN).ratio()
    assert found.lo < 0.6 < found.hi


def test_mixed_institutions_get_a_level_of_their_own_when_asked(design: Design) -> None:
    matrices = interrupted_model(design, institution="IML")
    assert matrices.names[-1] == "institution"
    assert 0 < matrices.model.columns[:, -1].sum() < len(matrices.grid.first)


def test_interval_of_the_laplace_approximation_has_its_coverage_on_its_own_model(design: Design) -> None:
    """Counts drawn from the prior of the step with fixed other parameters: 95 % intervals hold it 95 times of 100."""
    matrices = interrupted_model(design)
    rng = np.random.default_rng(11)
    inside, worlds = 0, 150
    for _ in range(worlds):
        truth = float(np.exp(rng.normal(-0.4, 0.3)))
        beta = np.zeros(len(matrices.names))
        beta[0] = np.log(12.0)
        beta[matrices.names.index("step.1")] = np.log(truth)
        mean = matrices.grid.overlap @ np.exp(matrices.model.columns @ beta)
        shape = 0.07**-2
        counts = rng.poisson(mean * rng.gamma(shape, size=mean.shape) / shape)
        found = fit_fast(with_counts(matrices, counts), NEGBIN, draws=1500).ratio()
        inside += found.lo <= truth <= found.hi
    # binomial(150, 0.95) lies between 134 and 149 with probability 0.998
    assert inside >= 134


def test_a_single_count_in_a_phase_gives_no_slope(design: Design) -> None:
    short = Design(design.series.within(end=date(2013, 8, 31)), design.phases)
    assert "slope.2" not in interrupted_model(short).names
    assert "slope.1" in interrupted_model(short).names


def test_counts_may_be_zero(design: Design) -> None:
    values = [0 if count.start >= date(2012, 4, 1) else count.count for count in design.series.counts]
    matrices = interrupted_model(replace(design, series=design.series.with_counts(values)))
    found = fit_fast(matrices, NEGBIN).ratio()
    assert np.isfinite([found.value, found.lo, found.hi]).all()
    assert found.hi < 0.2


def test_a_likelihood_has_no_part_of_the_other(design: Design) -> None:
    negbin, serial = (fit_fast(interrupted_model(design), kind, draws=50).draws for kind in (NEGBIN, SERIAL))
    assert (negbin.sigma == 0).all()
    assert (negbin.rho == 0).all()
    assert negbin.latent.shape == (50, 0)
    assert (negbin.extra > 0).all()
    assert (serial.extra == 0).all()
    assert (serial.sigma > 0).all()
