"""Checks: each passes where it should, fails where it should, and says when it does not apply."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, timedelta

import numpy as np
import pytest

from tregua.effect.checks import (
    CHECKS,
    Autocorrelation,
    Institutions,
    PlaceboInTime,
    PosteriorPredictive,
    PreTrend,
    PriorSensitivity,
    RecordingChange,
    RegressionToTheMean,
    Revisions,
    Windows,
)
from tregua.effect.checks.donors import inside_hull, leave_one_donor_out, other_years, weights_not_unique
from tregua.effect.checks.placebo import placebo_designs, placebo_in_space, shifted_years, thumbnails
from tregua.effect.checks.protocol import FAILED, INFORMATIONAL, NOT_APPLICABLE, PASSED
from tregua.effect.checks.residuals import lag_one
from tregua.effect.checks.windows import windows
from tregua.effect.design import CountOver, CountSeries, Design, DonorPool, Phases, YearlyRate
from tregua.effect.inputs import EffectInputs, Rival, case_inputs, with_rivals
from tregua.effect.interrupted import Ratio
from tregua.effect.refit import ESTIMATORS, NEGBIN_ESTIMATOR, SERIAL_ESTIMATOR, STRUCTURAL_ESTIMATOR, Refitted, Variant
from tregua.effect.synthetic_control import LeftOut, leave_one_out, placebo_years, synthetic_control
from tregua.series.span import Span

BREAK = date(2012, 3, 1)


def months(rates: list[float], first: date = date(2009, 1, 1), seed: int = 11, institution: str = "") -> CountSeries:
    """A count a month, Poisson around a rate a day."""
    rng = np.random.default_rng(seed)
    counts, day = [], first
    for number, rate in enumerate(rates):
        span = Span.of_month(day.year, day.month)
        counts.append(CountOver((span,), int(rng.poisson(rate * span.days)), institution, f"M{number}"))
        day = span.end + timedelta(days=1)
    return CountSeries(tuple(counts))


def monthly(before: float, after: float, **more: int) -> EffectInputs:
    """Thirty-eight months before and twenty after a break, each at its own rate."""
    return EffectInputs(Design(months([before] * 38 + [after] * 20, **more), Phases.parse([f"active={BREAK}"])))


@pytest.fixture(scope="module")
def fallen() -> EffectInputs:
    return monthly(12.0, 6.0)


@pytest.fixture(scope="module")
def flat() -> EffectInputs:
    return monthly(12.0, 12.0)


@pytest.fixture(scope="module")
def case() -> EffectInputs:
    from tregua.case import load_case

    return case_inputs(load_case("el_salvador_2012"))


def test_a_plain_fall_passes_every_check_that_applies(fallen: EffectInputs) -> None:
    for check in CHECKS:
        for estimator in (NEGBIN_ESTIMATOR, STRUCTURAL_ESTIMATOR):
            found = check.run(fallen, estimator, 1)
            assert found.result in (PASSED, NOT_APPLICABLE), (check.id, found.sentence_en)
            assert found.sentence_en.endswith((".", "%")), found.sentence_en
            assert found.sentence_es != found.sentence_en
            assert found.estimator == estimator.id
            assert not found.blocking


def test_where_nothing_happened_no_check_fails_and_the_rank_is_told(flat: EffectInputs) -> None:
    """A study of a truce that did nothing must be able to say so: no check asks for an effect."""
    for check in CHECKS:
        for estimator in (NEGBIN_ESTIMATOR, STRUCTURAL_ESTIMATOR):
            found = check.run(flat, estimator, 1)
            assert found.result in (PASSED, NOT_APPLICABLE), (check.id, estimator.id, found.sentence_en)
    found = PlaceboInTime().run(flat, NEGBIN_ESTIMATOR, 1)
    rank = next(int(str(row["rank"])) for row in found.figure if row["real"])
    assert rank > 1, "some other date looks as large"
    assert f"ranks {rank} of 13 (p {rank / 13:.2f})" in found.sentence_en
    assert found.short_en == f"rank {rank} of 13 by size, p {rank / 13:.2f}"
    assert found.short_es == f"lugar {rank} de 13 por tamaño, p {rank / 13:.2f}".replace("0.", "0,")
    assert not found.blocking
    assert len(found.figure) == 13
    assert sum(bool(row["real"]) for row in found.figure) == 1
    assert sorted(int(str(row["rank"])) for row in found.figure)[0] == 1


def test_placebo_dates_see_nothing_from_after_the_break(fallen: EffectInputs) -> None:
    for day, design in placebo_designs(fallen.design):
        assert design.series.end < BREAK
        assert design.phases.break_day == day
        assert (design.series.end - day).days < fallen.design.active.days


def test_a_placebo_lasts_as_long_as_the_real_phase_its_last_day_counted() -> None:
    phases = Phases.parse(["active=2011-07-01", "ended=2011-09-01"])
    counts = tuple(CountOver((Span.of_month(2009 + m // 12, m % 12 + 1),), 30 + m % 3) for m in range(36))
    found = dict(placebo_designs(Design(CountSeries(counts), phases), 99))
    assert found[date(2010, 7, 1)].series.end == date(2010, 8, 31)
    assert found[date(2010, 6, 1)].series.end == date(2010, 7, 31)


@dataclass(frozen=True)
class Made:
    """Stands for an estimator: the real phase gives one interval, every other date another."""

    design: Design
    real: tuple[float, float, float]
    placebo: tuple[float, float, float]
    id: str = "made"

    def refit(self, design: Design, variant: object, seed: int) -> Refitted:
        value, lo, hi = self.real if design is self.design else self.placebo
        window = design.active
        return Refitted(Ratio(window.start, window.end, value, lo, hi, 0.0, 0.0, 0.0), ())


@pytest.mark.parametrize(
    ("placebo", "result", "told"),
    [
        (
            (0.95, 0.8, 1.1),
            PASSED,
            "0 of 12 placebo intervals leave out 1; chance allows 2. By size the real date ranks 1 ",
        ),
        (
            (0.9, 0.85, 0.97),
            FAILED,
            "12 of 12 placebo intervals leave out 1; chance allows 2. By size the real date ranks 1 ",
        ),
        ((0.5, 0.2, 1.1), PASSED, "ranks 13 of 13 (p 1.00): evidence, not a condition"),
        ((2.0, 0.9, 4.0), PASSED, "ranks 13 of 13 (p 1.00): evidence, not a condition"),
    ],
)
def test_placebo_dates_are_judged_by_their_false_alarms_and_not_by_the_rank_of_the_truth(
    fallen: EffectInputs, placebo: tuple[float, float, float], result: str, told: str
) -> None:
    made = Made(fallen.design, (0.6, 0.5, 0.7), placebo)
    found = PlaceboInTime().run(fallen, made, 1)  # type: ignore[arg-type]
    assert (found.result, found.blocking) == (result, result == FAILED)
    assert told in found.sentence_en


@pytest.mark.parametrize(("alarms", "result"), [(2, PASSED), (3, FAILED)])
def test_two_false_alarms_of_twelve_are_chance_and_three_are_not(
    fallen: EffectInputs, alarms: int, result: str
) -> None:
    @dataclass(frozen=True)
    class Alarming(Made):
        def refit(self, design: Design, variant: object, seed: int) -> Refitted:
            days = [day for day, _ in placebo_designs(self.design)][:alarms]
            found = super().refit(design, variant, seed)
            ratio = replace(found.ratio, hi=0.99) if design.phases.break_day in days else found.ratio
            return replace(found, ratio=ratio)

    made = Alarming(fallen.design, (0.6, 0.5, 0.7), (0.95, 0.8, 1.1))
    found = PlaceboInTime().run(fallen, made, 1)  # type: ignore[arg-type]
    assert (found.result, found.blocking) == (result, result == FAILED)


@dataclass(frozen=True)
class Turned:
    """Stands for an estimator: one interval for the whole series, another where part of it is left out."""

    counts: int
    usual: tuple[float, float, float]
    other: tuple[float, float, float]
    id: str = "turned"

    def refit(self, design: Design, variant: Variant, seed: int) -> Refitted:
        whole = len(design.series) == self.counts and variant.trend
        value, lo, hi = self.usual if whole else self.other
        window = design.active
        return Refitted(Ratio(window.start, window.end, value, lo, hi, 0.0, 0.0, 0.0), ())


@pytest.mark.parametrize(
    ("usual", "other", "results"),
    [
        ((0.98, 0.7, 1.4), (1.03, 0.7, 1.5), (PASSED, PASSED, PASSED)),
        ((0.98, 0.7, 1.4), (0.85, 0.73, 0.98), (FAILED, FAILED, FAILED)),
        ((0.80, 0.7, 0.9), (1.03, 0.7, 1.5), (FAILED, FAILED, FAILED)),
        ((0.80, 0.7, 0.9), (0.85, 0.73, 0.98), (PASSED, PASSED, PASSED)),
        ((0.80, 0.7, 0.9), (0.85, 0.6, 1.2), (PASSED, FAILED, FAILED)),
        ((1.20, 1.1, 1.3), (0.95, 0.9, 0.99), (FAILED, FAILED, FAILED)),
    ],
)
def test_no_change_is_an_answer_that_other_windows_and_trends_can_bear_out(
    fallen: EffectInputs,
    usual: tuple[float, float, float],
    other: tuple[float, float, float],
    results: tuple[str, str, str],
) -> None:
    """About an interval that holds 1 the side of its middle is chance: another side contradicts nothing."""
    made = Turned(len(fallen.design.series), usual, other)
    for check, result in zip((Windows(), PreTrend(), RegressionToTheMean()), results, strict=True):
        assert check.run(fallen, made, 1).result == result, check.id  # type: ignore[arg-type]


def test_too_few_dates_before_make_no_placebo() -> None:
    short = EffectInputs(Design(months([10.0] * 6 + [5.0] * 6), Phases.parse(["active=2009-07-01"])))
    assert PlaceboInTime().run(short, NEGBIN_ESTIMATOR, 1).result == NOT_APPLICABLE


def test_a_trend_taken_for_a_step_fails() -> None:
    falling = [14.0 * np.exp(-0.35 * m / 12) for m in range(58)]
    inputs = EffectInputs(Design(months(falling), Phases.parse([f"active={BREAK}"])))
    assert PreTrend().run(inputs, NEGBIN_ESTIMATOR, 1).result == FAILED
    assert PreTrend().run(inputs, STRUCTURAL_ESTIMATOR, 1).result == NOT_APPLICABLE


def test_a_window_that_turns_the_sign_fails() -> None:
    rates = [4.0] * 12 + [16.0] * 26 + [9.0] * 8 + [20.0] * 12
    inputs = EffectInputs(Design(months(rates), Phases.parse([f"active={BREAK}"])))
    assert len(windows(inputs.design)) >= 2
    assert Windows().run(inputs, NEGBIN_ESTIMATOR, 1).result == FAILED


def test_one_other_window_is_told_as_one(fallen: EffectInputs, monkeypatch: pytest.MonkeyPatch) -> None:
    alone = windows(fallen.design)[:1]
    monkeypatch.setattr("tregua.effect.checks.windows.windows", lambda design: alone)
    found = Windows().run(fallen, NEGBIN_ESTIMATOR, 1)
    assert found.sentence_en.startswith("Over one other window the ratio")
    assert found.sentence_es.startswith("En otra ventana el cociente")


def test_a_fall_from_a_spike_is_regression_to_the_mean() -> None:
    inputs = EffectInputs(Design(months([8.0] * 34 + [16.0] * 4 + [8.2] * 20), Phases.parse([f"active={BREAK}"])))
    found = RegressionToTheMean().run(inputs, SERIAL_ESTIMATOR, 1)
    usual = SERIAL_ESTIMATOR.refit(inputs.design).ratio
    without = [float(str(row["ratio"])) for row in found.figure]
    assert usual.value < min(without), "without the months of the spike less of a fall is left"


def test_months_that_are_not_counted_cannot_be_asked_whether_they_stood_high(fallen: EffectInputs) -> None:
    counts = fallen.design.series.counts
    phases = fallen.design.phases
    silent = tuple(c for c in counts if not BREAK - timedelta(days=91) <= c.end < BREAK)
    zero = tuple(replace(c, count=0) if c.end < BREAK - timedelta(days=91) else c for c in counts)
    for kept, en, es in (
        (silent, "No count lies in the last three months", "Ningún conteo cae"),
        (zero, "The earlier counts are all zero", "todos cero"),
    ):
        found = RegressionToTheMean().run(EffectInputs(Design(CountSeries(kept), phases)), NEGBIN_ESTIMATOR, 1)
        assert found.result == NOT_APPLICABLE
        assert found.sentence_en.startswith(en)
        assert es in found.sentence_es
        assert "cannot be asked" in found.sentence_en


def test_revisions_that_halve_the_counts_fail(fallen: EffectInputs) -> None:
    later = [c for c in fallen.design.series.counts if c.start >= BREAK]
    rivals = tuple(Rival(c.spans, 2 * c.count, "PNC", "revised") for c in later)
    assert Revisions().run(replace(fallen, rivals=rivals), NEGBIN_ESTIMATOR, 1).result == FAILED
    near = tuple(Rival(c.spans, c.count + 1, "PNC", "revised") for c in later)
    assert Revisions().run(replace(fallen, rivals=near), NEGBIN_ESTIMATOR, 1).result == PASSED
    assert Revisions().run(fallen, NEGBIN_ESTIMATOR, 1).result == NOT_APPLICABLE


def test_institutions_that_disagree_fail(fallen: EffectInputs) -> None:
    rivals = tuple(
        Rival(c.spans, round(1.4 * c.count), "IML", "final") for c in fallen.design.series.counts if c.start >= BREAK
    )
    assert Institutions().run(replace(fallen, rivals=rivals), NEGBIN_ESTIMATOR, 1).result == FAILED
    assert Institutions().run(fallen, NEGBIN_ESTIMATOR, 1).result == NOT_APPLICABLE


def test_a_rival_for_several_counts_scales_them_to_its_sum(fallen: EffectInputs) -> None:
    three = fallen.design.series.counts[40:43]
    spans = tuple(span for count in three for span in count.spans)
    total = sum(c.count for c in three)
    changed = with_rivals(fallen.design.series, [Rival(spans, 2 * total, "IML", "final")])
    assert sum(c.count for c in changed.counts[40:43]) == pytest.approx(2 * total, abs=2)
    partly = with_rivals(fallen.design.series, [Rival((Span(date(2012, 3, 1), date(2012, 3, 10)),), 999, "IML")])
    assert partly == fallen.design.series, "a rival for part of a count says nothing of the rest"


def test_a_rise_in_disappearances_can_explain_a_fall_away(fallen: EffectInputs) -> None:
    def reports(before: int, during: int) -> tuple[CountOver, ...]:
        return (
            CountOver((Span(date(2011, 1, 1), date(2011, 12, 31)),), before),
            CountOver((Span(date(2012, 4, 1), date(2013, 3, 31)),), during),
        )

    check = RecordingChange()
    assert check.run(fallen, NEGBIN_ESTIMATOR, 1).result == NOT_APPLICABLE
    assert check.run(replace(fallen, reports=reports(900, 1000)), NEGBIN_ESTIMATOR, 1).result == PASSED
    hidden = check.run(replace(fallen, reports=reports(900, 2800)), NEGBIN_ESTIMATOR, 1)
    assert hidden.result == FAILED
    assert "a year would have to be hidden" in hidden.sentence_en
    risen = replace(monthly(6.0, 12.0), reports=reports(900, 2800))
    told = check.run(risen, NEGBIN_ESTIMATOR, 1)
    assert told.result == NOT_APPLICABLE
    assert "no fall" in told.sentence_en


def test_neighbouring_residuals_tell_correlation() -> None:
    rng = np.random.default_rng(8)
    level, rates = 0.0, []
    for _ in range(58):
        level = 0.9 * level + rng.normal(0, 0.13)
        rates.append(12.0 * float(np.exp(level)))
    inputs = EffectInputs(Design(months(rates), Phases.parse([f"active={BREAK}"])))
    assert Autocorrelation().run(inputs, NEGBIN_ESTIMATOR, 1).result == FAILED
    assert Autocorrelation().run(inputs, SERIAL_ESTIMATOR, 1).result == NOT_APPLICABLE


def test_lag_one_is_the_plain_correlation_of_neighbours() -> None:
    rng = np.random.default_rng(1)
    noise = rng.normal(size=4000)
    walk = noise.copy()
    for t in range(1, len(walk)):
        walk[t] = 0.6 * walk[t - 1] + noise[t]
    pairs = [(i, i + 1) for i in range(len(walk) - 1)]
    found = float(lag_one(100 + 10 * walk, np.full(len(walk), 100.0), pairs))
    assert found == pytest.approx(0.6, abs=0.05)


def test_counts_far_from_the_model_fail_the_predictive_check(fallen: EffectInputs) -> None:
    counts = fallen.design.series.counts
    burst = replace(counts[20], count=12 * counts[20].count)
    spoilt = replace(fallen.design.series, counts=(*counts[:20], burst, *counts[21:]))
    inputs = replace(fallen, design=replace(fallen.design, series=spoilt))
    found = PosteriorPredictive().run(inputs, SERIAL_ESTIMATOR, 1)
    assert found.result == FAILED
    assert PosteriorPredictive().run(fallen, SERIAL_ESTIMATOR, 1).result == PASSED


def test_small_counts_without_a_killing_in_some_month_look_like_replicated_ones() -> None:
    """The lowest count is then 0 in every replicate too: a tie, which once counted as outside."""
    few = EffectInputs(Design(months([0.1] * 38 + [0.1] * 20), Phases.parse([f"active={BREAK}"])))
    assert min(count.count for count in few.design.series.counts) == 0
    for estimator in (SERIAL_ESTIMATOR, STRUCTURAL_ESTIMATOR):
        found = PosteriorPredictive().run(few, estimator, 1)
        assert found.result == PASSED, found.sentence_en


def test_priors_that_decide_fail() -> None:
    few = EffectInputs(Design(months([0.3] * 8 + [0.0] * 4), Phases.parse(["active=2009-09-01"])))
    assert PriorSensitivity().run(few, NEGBIN_ESTIMATOR, 1).result == FAILED


def test_the_case_is_checked_by_every_check_in_both_languages(case: EffectInputs) -> None:
    assert case.rivals
    assert case.reports
    assert case.pool is not None
    for check in (Revisions(), Institutions(), RecordingChange()):
        found = check.run(case, NEGBIN_ESTIMATOR, 1)
        assert found.result == PASSED, found.sentence_en
        assert found.title_en != found.title_es
    assert len({estimator.id for estimator in ESTIMATORS}) == 3


def test_donors_are_checked_one_by_one(pool: DonorPool) -> None:
    fit = synthetic_control(pool, library=False)
    left = leave_one_donor_out(fit, leave_one_out(pool))
    assert len(left.figure) == len(pool.used)
    assert weights_not_unique(fit).result == INFORMATIONAL
    assert inside_hull(fit).result == FAILED, "no country had rates as high"
    donors = np.array([pool.rates(d.unit) for d in pool.used])
    within = inside_hull(replace(fit, actual=tuple(float(v) for v in donors.mean(axis=0))))
    assert within.result == PASSED
    assert within.is_counted, "a check that counts only where it fails is no check"
    assert shifted_years(fit, placebo_years(pool)).result == PASSED
    assert shifted_years(fit, ()).result == NOT_APPLICABLE
    assert other_years(fit, ()).result == NOT_APPLICABLE
    assert other_years(fit, ((2002, 1.3),)).result == FAILED


@pytest.mark.parametrize(
    ("ratio", "others", "result"),
    [
        (0.8, (0.7, 0.9), PASSED),
        (0.5, (0.4, 0.625), PASSED),
        (0.8, (0.7, 1.0), FAILED),
        (0.6, (0.6, 0.76), FAILED),
        (0.6, (0.47, 0.6), FAILED),
        (1.1, (0.98, 1.2), FAILED),
        (1.1, (1.05, 1.2), PASSED),
    ],
)
def test_a_donor_may_move_the_ratio_by_a_quarter_and_not_across_one(
    pool: DonorPool, ratio: float, others: tuple[float, ...], result: str
) -> None:
    fit = replace(synthetic_control(pool, library=False), ratio=ratio)
    left = tuple(LeftOut(f"U{i}", f"Land {i}", value) for i, value in enumerate(others))
    assert leave_one_donor_out(fit, left).result == result


def test_other_first_years_may_move_the_ratio_by_a_quarter_and_not_across_one(pool: DonorPool) -> None:
    fit = replace(synthetic_control(pool, library=False), ratio=0.8)
    for others, result in (((0.7, 0.75), PASSED), ((0.9, 1.0), FAILED), ((0.6, 0.8), FAILED), ((0.7, 0.95), FAILED)):
        assert other_years(fit, tuple((2001 + i, value) for i, value in enumerate(others))).result == result


@pytest.mark.parametrize(
    ("hi", "p", "space", "larger", "years"),
    [
        (0.98, 0.36, FAILED, 0, PASSED),
        (0.98, 0.07, PASSED, 1, FAILED),
        (1.10, 0.36, INFORMATIONAL, 1, INFORMATIONAL),
        (1.10, 0.07, INFORMATIONAL, 0, INFORMATIONAL),
    ],
)
def test_placebos_of_countries_and_years_bear_out_a_change_that_is_claimed(
    pool: DonorPool, hi: float, p: float, space: str, larger: int, years: str
) -> None:
    """Where the interval holds 1 no change is claimed, and ranks are information."""
    fit = replace(synthetic_control(pool, library=False), ratio=0.6, lo=0.4, hi=hi, p_value=p)
    found = placebo_in_space(fit)
    assert (found.result, found.blocking) == (space, False)
    rank = next(u.rank for u in fit.placebos if u.real)
    assert (found.short_en, found.short_es) == (
        f"rank {rank} of 14, p {p:.2f}",
        f"lugar {rank} de 14, p {p:.2f}".replace(".", ","),
    )
    tried = tuple((2004 + i, 0.5 if i < larger else 0.9) for i in range(6))
    assert shifted_years(fit, tried).result == years


def test_a_comparison_on_one_donor_fails() -> None:
    rng = np.random.default_rng(4)
    rows = []
    for unit in range(8):
        for year in range(2000, 2014):
            base = 20.0 + 3 * np.sin(year) if unit in (0, 1) else 20.0 + rng.normal(0, 4)
            after = 0.5 if unit == 0 and year >= 2012 else 0.2 if unit == 1 and year >= 2012 else 1.0
            rows.append(YearlyRate(f"U{unit}", f"U{unit}", year, float(max(base, 1) * after), 5_000_000))
    alone = DonorPool(tuple(rows), "U0", 2000, 2013, 2012, ())
    fit = synthetic_control(alone, library=False)
    assert leave_one_donor_out(fit, leave_one_out(alone)).result == FAILED


def test_the_gallery_keeps_the_largest_placebos_and_the_truth(case: EffectInputs, pool: DonorPool) -> None:
    dates = PlaceboInTime().run(case, NEGBIN_ESTIMATOR, 1)
    fit = synthetic_control(pool, library=False)
    rows = thumbnails((dates, placebo_in_space(fit)))
    for kind in ("date", "country"):
        own = [row for row in rows if row["kind"] == kind]
        assert len(own) == 12
        assert sum(bool(row["real"]) for row in own) == 1
        assert [row["label"] for row in own] == sorted(str(row["label"]) for row in own)
        kept = {int(str(row["rank"])) for row in own if not row["real"]}
        assert max(kept) <= 13
        assert {1, 2} <= kept | {int(str(row["rank"])) for row in own if row["real"]}
