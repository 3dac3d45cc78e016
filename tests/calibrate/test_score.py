"""The log score: its definition, its error, and when it tells readings apart."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from made_runs import as_counted, same_phi, steady
from scipy import stats

from tregua.calibrate.score import LEAST_DIFFERENCE, Score, difference, score, scores
from tregua.case.load import Case
from tregua.series.catalogue import ObservationSet


def test_the_score_is_the_sum_of_logs_of_means_over_runs(case: Case) -> None:
    factors, phi = np.array([0.9, 1.0, 1.2]), 150.0
    runs = as_counted(case).runs(factors)
    found = score(case, runs, same_phi([runs], phi))
    counts = np.array([piece.count for piece in case.observations.fit_pieces()])
    mean = np.mean([stats.nbinom.pmf(counts, phi, phi / (phi + counts * f)) for f in factors], axis=0)
    assert found.n == 38
    assert found.value == pytest.approx(np.log(mean).sum())
    assert found.by_piece == pytest.approx(np.log(mean))


def test_counts_that_no_run_expects_have_a_finite_score(case: Case) -> None:
    runs = as_counted(case).runs([40.0, 50.0])
    found = score(case, runs, same_phi([runs], 1000.0))
    assert math.isfinite(found.value)
    assert found.value < -10_000


def test_what_happened_scores_better_than_what_did_not(case: Case) -> None:
    runs = {"default": steady(case), "far": as_counted(case).runs([1.5] * 40, reading="far")}
    found = scores(case, runs, same_phi(runs.values()))
    assert found["default"].value > found["far"].value + 100
    assert difference(found["default"], found["far"]).apart


def test_the_error_is_what_repetition_shows(case: Case) -> None:
    found = [score(case, runs, same_phi([runs])) for runs in (steady(case, runs=150, seed=s) for s in range(120))]
    truth = np.std([f.value for f in found])
    assert np.mean([f.error for f in found]) == pytest.approx(truth, rel=0.25)
    assert all(abs(f.influence.sum()) < 1e-9 for f in found)


def test_replicates_inside_a_draw_add_no_precision(case: Case) -> None:
    runs = steady(case, runs=30)
    again = replace(
        runs,
        draws=np.repeat(runs.draws, 4),
        lucks=np.tile(np.arange(4), 30),
        values={name: np.repeat(column, 4, axis=0) for name, column in runs.values.items()},
    )
    one, four = score(case, runs, same_phi([runs])), score(case, again, same_phi([again]))
    assert four.value == pytest.approx(one.value)
    assert four.error == pytest.approx(one.error)


def test_one_draw_has_no_error(case: Case) -> None:
    runs = as_counted(case).runs([1.0])
    assert math.isnan(score(case, runs, same_phi([runs])).error)


def test_a_case_without_counts_to_fit_has_no_score(case: Case) -> None:
    bare = replace(case, observations=ObservationSet((), case.observations.window))
    runs = {"default": steady(case, runs=3)}
    assert scores(bare, runs, same_phi(runs.values())) == {}


def made(by_piece: np.ndarray, influence: np.ndarray, reading: str = "one") -> Score:
    draws = np.arange(len(influence))
    names = tuple(f"P{i}" for i in range(len(by_piece)))
    return Score(reading, float(by_piece.sum()), 0.5, names, by_piece, draws, influence)


def test_draws_that_two_readings_share_cancel() -> None:
    rng = np.random.default_rng(8)
    influence = rng.normal(size=50)
    influence -= influence.mean()
    flat = np.full(30, -5.0)
    same = difference(made(flat, influence), made(flat - 0.1, influence))
    assert same.value == pytest.approx(3.0)
    assert same.error == pytest.approx(0.0, abs=1e-9)
    other = difference(made(flat, influence), made(flat - 0.1, -influence))
    assert other.error == pytest.approx(math.sqrt(50 / 49 * float((4 * influence**2).sum())))
    apart = replace(made(flat - 0.1, influence), draws=np.arange(50) + 7)
    assert difference(made(flat, influence), apart).error == pytest.approx(math.hypot(0.5, 0.5), abs=1e-9)


def test_a_difference_must_exceed_its_error_and_be_large() -> None:
    still = np.zeros(10)
    flat = np.full(40, -5.0)
    small = difference(made(flat, still), made(flat - 0.09, still))
    assert (small.value < LEAST_DIFFERENCE, small.apart) == (True, False)
    large = difference(made(flat, still), made(flat - 0.2, still))
    assert large.apart
    assert difference(made(flat - 0.2, still), made(flat, still)).apart
    uneven = np.random.default_rng(9).normal(size=40)
    uneven += 0.2 - uneven.mean()
    noisy = difference(made(flat, still), made(flat - 3 * uneven, still))
    assert noisy.value == pytest.approx(24.0)
    assert not noisy.apart


def test_scores_on_different_pieces_are_not_compared() -> None:
    still = np.zeros(10)
    with pytest.raises(ValueError, match="same pieces"):
        difference(made(np.full(3, -1.0), still), made(np.full(4, -1.0), still))
