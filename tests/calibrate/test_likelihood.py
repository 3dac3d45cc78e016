"""The likelihood: its derivative, its functions, and an emulator that learns mean, spread and common chance."""

from __future__ import annotations

import math

import numpy as np
import pytest

from tregua.calibrate.coordinate import Coordinates
from tregua.calibrate.emulator import Emulator, factor, learn
from tregua.calibrate.likelihood import Likelihood, digamma, log_gamma
from tregua.calibrate.network import Training
from tregua.model.declare import PARAMETERS

NAMES = ("contest_rate", "arrest_rate", "phi")


@pytest.fixture(scope="module")
def made() -> tuple[np.ndarray, np.ndarray]:
    """A made-up model: two parameters, six figures, chance in common whose size follows the first parameter."""
    rng = np.random.default_rng(2)
    scores = rng.standard_normal((6000, 2))
    mood = rng.standard_normal(6000)
    own = rng.standard_normal((6000, 6))
    level = 5.0 + 0.3 * scores[:, :1] - 0.2 * np.maximum(scores[:, 1:], 0.0)
    size = 0.1 * np.exp(0.3 * scores[:, :1])
    return scores, level + size * (0.8 * mood[:, None] + 0.6 * own)


@pytest.fixture(scope="module")
def emulator(made: tuple[np.ndarray, np.ndarray]) -> Emulator:
    return learn(NAMES[:2], *made, 3, Training(width=24, rounds=30), factors=1)


def test_an_emulator_learns_mean_spread_and_common_chance(emulator: Emulator) -> None:
    place = np.array([[0.0, -1.0], [1.0, 1.0], [-1.0, 1.5]])
    mean, spread = emulator.predict(place)
    assert mean[:, 0] == pytest.approx([5.0, 5.1, 4.4], abs=0.03)
    assert spread.mean(axis=1) == pytest.approx(0.1 * np.exp(0.3 * place[:, 0]), rel=0.12)
    assert np.abs(emulator.loadings).mean() == pytest.approx(0.8, abs=0.06)
    assert emulator.own.mean() == pytest.approx(0.36, abs=0.08)


def test_the_same_bank_gives_the_same_emulator(made: tuple[np.ndarray, np.ndarray]) -> None:
    one, two = (learn(NAMES[:2], *made, 3, Training(width=8, rounds=2), factors=1) for _ in range(2))
    assert all(np.array_equal(a, b) for a, b in zip(one.mean.weights, two.mean.weights, strict=True))


def test_the_slope_is_the_derivative_of_the_value(emulator: Emulator) -> None:
    errors = np.array([0.0, 0.0, 0.0, 0.0, 0.1, 0.2])
    likelihood = Likelihood(emulator, Coordinates.of(PARAMETERS, NAMES), 4, errors)
    rng = np.random.default_rng(4)
    state = 0.7 * rng.standard_normal((5, likelihood.size))
    figures = np.tile(np.log([150.5, 148.5, 170.5, 90.5, 140.0, 150.0]), (5, 1))
    _, slope = likelihood(state, figures)
    for j in range(likelihood.size):
        step = np.zeros(likelihood.size)
        step[j] = 0.02
        numeric = (likelihood(state + step, figures)[0] - likelihood(state - step, figures)[0]) / 0.04
        assert slope[:, j] == pytest.approx(numeric, rel=0.03, abs=0.05)


def test_log_gamma_and_its_derivative() -> None:
    x = np.array([0.05, 0.5, 1.0, 3.7, 60.0, 2176.5])
    assert log_gamma(x) == pytest.approx([math.lgamma(v) for v in x], rel=1e-10, abs=1e-8)
    assert digamma(np.array([1.0, 0.5])) == pytest.approx([-0.5772156649015329, -1.9635100260214235], abs=1e-8)


def test_factors_of_a_known_correlation() -> None:
    loading = np.array([0.9, 0.8, 0.7, 0.6, 0.5])
    correlation = np.outer(loading, loading)
    np.fill_diagonal(correlation, 1.0)
    found, own = factor(correlation, 1)
    assert np.abs(found[:, 0]) == pytest.approx(loading, abs=0.01)
    assert own == pytest.approx(1 - loading**2, abs=0.01)
