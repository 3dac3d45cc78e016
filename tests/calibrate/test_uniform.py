"""The band of ranks: its level, its power, and what it calls wanting."""

from __future__ import annotations

import numpy as np

from tregua.calibrate.uniform import binomial_band, detectable, rank_band


def test_uniform_ranks_leave_the_band_as_often_as_stated() -> None:
    band = rank_band(100, 0.05)
    outside = ~band.inside(np.random.default_rng(4).random((100, 3000)))
    assert 0.02 < outside.mean() < 0.08


def test_shifted_narrow_and_wide_ranks_are_found() -> None:
    rng, band = np.random.default_rng(5), rank_band(200, 0.001)
    scores = rng.standard_normal((200, 3))
    wrong = scores * np.array([1.0, 1.8, 0.45]) + np.array([0.6, 0.0, 0.0])
    from statistics import NormalDist

    ranks = np.vectorize(NormalDist().cdf)(wrong)
    assert not band.inside(ranks).any()


def test_what_can_be_detected_shrinks_with_more_data_sets() -> None:
    few, many = detectable(50, 0.001), detectable(200, 0.001)
    assert few.shift > many.shift > 0.2
    assert few.narrow < many.narrow < 1.0 < many.wide < few.wide


def test_the_binomial_band_holds_its_share() -> None:
    low, high = binomial_band(38, 0.9)
    assert (low, high) == (30, 37)
    drawn = np.random.default_rng(6).binomial(38, 0.9, 20_000)
    assert ((drawn >= low) & (drawn <= high)).mean() >= 0.95 - 0.01
