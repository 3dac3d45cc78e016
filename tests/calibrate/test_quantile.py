"""Quantiles over runs, and errors that are the size of what repetition shows."""

from __future__ import annotations

import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from tregua.calibrate.quantile import LEVELS, quantiles


@given(arrays(float, st.integers(2, 40), elements=st.floats(-1e6, 1e6)), st.randoms())
def test_quantiles_are_those_of_the_sample_in_any_order(values: np.ndarray, chance: object) -> None:
    draws = np.arange(len(values))
    found = quantiles(values, draws)
    wanted = np.quantile(values, LEVELS)
    assert [found.q05, found.q25, found.q50, found.q75, found.q95] == pytest.approx(wanted.tolist(), abs=1e-6)
    order = draws.copy()
    chance.shuffle(order)  # type: ignore[attr-defined]
    assert quantiles(values[order], draws[order]) == found


def test_undefined_runs_are_left_out_and_endless_ones_keep_their_place() -> None:
    values = np.array([math.nan, 1.0, 2.0, 3.0, math.inf, math.inf])
    found = quantiles(values, np.arange(6))
    assert (found.n, found.q50, found.q95) == (5, 3.0, math.inf)
    empty = quantiles(np.full(3, math.nan), np.arange(3))
    assert empty.n == 0
    assert math.isnan(empty.q50)
    assert math.isnan(quantiles(np.array([1.0]), np.array([0])).mcse)


def test_the_error_of_the_median_is_what_repetition_shows() -> None:
    rng = np.random.default_rng(5)
    samples = rng.gamma(3.0, size=(600, 120))
    found = [quantiles(row, np.arange(120)) for row in samples]
    truth = np.std([f.q50 for f in found])
    assert np.mean([f.mcse for f in found]) == pytest.approx(truth, rel=0.1)
    ends = max(np.std([f.q05 for f in found]), np.std([f.q95 for f in found]))
    assert np.mean([f.mcse_ends for f in found]) == pytest.approx(ends, rel=0.2)


def test_replicates_inside_a_draw_add_no_precision() -> None:
    values = np.random.default_rng(6).normal(size=60)
    alone = quantiles(values, np.arange(60))
    again = quantiles(np.repeat(values, 8), np.repeat(np.arange(60), 8))
    assert again.mcse == pytest.approx(alone.mcse, rel=0.1)
    mistaken = quantiles(np.repeat(values, 8), np.arange(480))
    assert mistaken.mcse < 0.6 * again.mcse
