"""Structural series: what came before, continued."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tregua.effect.design import Design
from tregua.effect.laplace import walk_steps
from tregua.effect.structural import structural_fast, structural_model


def test_only_counts_before_the_break_are_fitted(design: Design) -> None:
    matrices = structural_model(design)
    assert all(count.end < date(2012, 3, 9) for count in matrices.before)
    later = {c.id: 10 * c.count for c in design.series.counts if c.end >= date(2012, 3, 9)}
    other = structural_model(replace(design, series=design.series.replaced(later)))
    one, two = structural_fast(matrices), structural_fast(other)
    np.testing.assert_allclose(one.expected, two.expected)
    assert two.ratio().value == pytest.approx(10 * one.ratio().value, rel=1e-6)


def test_the_walk_ends_where_the_level_is_anchored() -> None:
    steps = walk_steps(5)
    assert steps.shape == (5, 4)
    assert not steps[-1].any()
    np.testing.assert_allclose((steps @ steps.T)[0, 0], 4.0)


def test_uncertainty_grows_with_time_since_the_break(design: Design) -> None:
    path = structural_fast(structural_model(design)).path()
    single = [p for p in path if len(p.spans) == 1 and (p.spans[0][1] - p.spans[0][0]).days < 31]
    widths = [np.log(p.hi / p.lo) for p in single]
    assert widths[-1] > 1.5 * widths[0]
    assert path[-1].cumulative == pytest.approx(sum(p.counted for p in path) - sum(p.expected for p in path), rel=0.05)


def test_a_world_without_a_break_includes_one(design: Design) -> None:
    rng = np.random.default_rng(2)
    inside = 0
    for _ in range(12):
        values = rng.poisson([12.0 * c.days for c in design.series.counts])
        world = structural_model(replace(design, series=design.series.with_counts(list(values))))
        found = structural_fast(world, draws=1000).ratio()
        inside += found.lo <= 1.0 <= found.hi
    assert inside >= 10


def test_the_case_lies_far_below_its_own_past(design: Design) -> None:
    found = structural_fast(structural_model(design)).ratio()
    assert found.hi < 0.75
    assert found.fewer > 1500
