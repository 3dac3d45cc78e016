"""Chains: the right posterior, the same digits on any number of threads, and diagnostics that see trouble."""

from __future__ import annotations

import numpy as np
from made_procedure import PLAN, RIGHT

from tregua.calibrate.sampler import Plan, effective_size, rhat, sample

FIGURES = np.array([[0.4, -0.3, 0.8, 0.1], [1.5, 0.9, 0.2, -0.4]])
POOL = np.random.default_rng(0).standard_normal((100, 3))


def test_chains_find_a_known_posterior() -> None:
    found = sample(RIGHT, FIGURES, POOL, 3, Plan(4, 200, 1500, 5, 9))
    for number, figures in enumerate(FIGURES):
        mean, covariance = RIGHT.posterior(figures)
        drawn = found.states[number].reshape(-1, 3)
        spread = np.sqrt(np.diag(covariance))
        assert (np.abs(drawn.mean(axis=0) - mean) < 0.08 * spread).all()
        assert (np.abs(np.cov(drawn.T) - covariance) < 0.12 * np.outer(spread, spread)).all()


def test_threads_change_no_digit() -> None:
    many = np.tile(FIGURES, (11, 1))
    one, two = (sample(RIGHT, many, POOL, 5, Plan(2, 30, 20, 3, 5), threads=n) for n in (1, 2))
    assert np.array_equal(one.states, two.states)


def test_another_seed_gives_other_draws() -> None:
    plan = Plan(2, 20, 10, 3, 5)
    assert not np.array_equal(
        sample(RIGHT, FIGURES, POOL, 1, plan).states, sample(RIGHT, FIGURES, POOL, 2, plan).states
    )


def test_diagnostics_are_near_their_best_for_independent_draws() -> None:
    drawn = np.random.default_rng(9).standard_normal((4, 1000))
    assert abs(rhat(drawn) - 1.0) < 0.01
    assert 3000 < effective_size(drawn) < 5000


def test_diagnostics_see_chains_apart_and_chains_that_crawl() -> None:
    rng = np.random.default_rng(10)
    assert rhat(rng.standard_normal((4, 500)) + np.array([[0.0], [0.0], [0.0], [1.5]])) > 1.1
    slow = np.zeros((4, 1000))
    for t in range(1, 1000):
        slow[:, t] = 0.95 * slow[:, t - 1] + rng.standard_normal(4)
    # A first-order autoregression keeps (1 - r) / (1 + r) of its draws.
    assert 0.4 < effective_size(slow) / (4000 * 0.05 / 1.95) < 2.0
    assert PLAN.chains == 3


def test_trajectories_that_run_away_are_refused_and_not_raised() -> None:
    """A density that is no number far out, and so steep that early steps leave it."""

    class Steep:
        size = 3

        def __call__(self, state: np.ndarray, figures: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
            off = figures[:, :3] - 300.0 * state
            value = -0.5 * (off**2).sum(axis=1)
            value[(np.abs(state) > 3).any(axis=1)] = np.nan
            return value, 300.0 * off

    found = sample(Steep(), FIGURES, POOL, 3, Plan(3, 120, 60, 3, 6))
    assert np.isfinite(found.states).all()
    assert found.states.reshape(-1, 3).std(axis=0).max() < 0.02
