"""The error of a count, held against an independent implementation."""

from __future__ import annotations

import numpy as np
import pytest
from scipy import stats

from tregua.calibrate import negative_binomial as nb

COUNTS = np.array([0, 1, 150, 400, 2176])
PHI = np.array([5.0, 40.0, 187.5, 1000.0])
MEANS = np.exp(np.random.default_rng(3).uniform(-1, 7.5, (len(PHI), len(COUNTS))))


def reference() -> tuple[np.ndarray, np.ndarray]:
    return PHI[:, None], PHI[:, None] / (PHI[:, None] + MEANS)


def test_density_agrees_with_scipy() -> None:
    assert nb.log_density(COUNTS, MEANS, PHI) == pytest.approx(stats.nbinom.logpmf(COUNTS, *reference()), rel=1e-9)


def test_distribution_function_agrees_with_scipy() -> None:
    below, upto = nb.mean_cdf(COUNTS, MEANS, PHI)
    assert upto == pytest.approx(stats.nbinom.cdf(COUNTS, *reference()).mean(axis=0), abs=1e-12)
    assert below == pytest.approx(stats.nbinom.cdf(COUNTS - 1, *reference()).mean(axis=0), abs=1e-12)


def test_quantiles_are_the_smallest_counts_that_reach_their_level() -> None:
    levels = (0.05, 0.25, 0.5, 0.75, 0.95)
    found = nb.mean_quantiles(levels, MEANS, PHI)
    for level, counts in zip(levels, found, strict=True):
        reached = stats.nbinom.cdf(counts, *reference()).mean(axis=0)
        before = stats.nbinom.cdf(counts - 1, *reference()).mean(axis=0)
        assert (reached >= level - 1e-9).all()
        assert (before < level + 1e-9).all()


def test_blocks_of_runs_change_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    whole = nb.mean_cdf(COUNTS, MEANS, PHI)
    quantiles = nb.mean_quantiles((0.05, 0.5, 0.95), MEANS, PHI)
    monkeypatch.setattr(nb, "_CHUNK", 1)
    cut = nb.mean_cdf(COUNTS, MEANS, PHI)
    assert np.array(cut) == pytest.approx(np.array(whole), abs=1e-14)
    assert np.array_equal(nb.mean_quantiles((0.05, 0.5, 0.95), MEANS, PHI), quantiles)


def test_variance_is_the_mean_plus_its_square_over_phi() -> None:
    mean, phi, k = 300.0, 187.5, np.arange(2000)
    mass = np.exp(nb.log_density(k, np.full((1, 2000), mean), np.array([phi])))[0]
    assert mass.sum() == pytest.approx(1.0, abs=1e-10)
    assert (mass * k).sum() == pytest.approx(mean)
    assert (mass * (k - mean) ** 2).sum() == pytest.approx(mean + mean**2 / phi)


def test_a_run_without_killings_expects_none() -> None:
    below, upto = nb.mean_cdf(np.array([0, 3]), np.zeros((2, 2)), np.array([10.0, 20.0]))
    assert upto == pytest.approx([1.0, 1.0])
    assert below == pytest.approx([0.0, 1.0])
