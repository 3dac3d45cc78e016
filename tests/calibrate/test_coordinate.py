"""Scores and values: the prior is standard normal in scores, and no score gives a value that is refused."""

from __future__ import annotations

import numpy as np
import pytest

from tregua.calibrate.coordinate import Coordinates
from tregua.calibrate.register import NAMES
from tregua.errors import ModelError
from tregua.model.declare import PARAMETERS
from tregua.model.parameter import draw_priors

ALONE = tuple(n for n, p in PARAMETERS.items() if p.role != "fixed" and not p.prior.startswith("Dirichlet"))


def test_values_of_normal_scores_have_the_quantiles_of_the_prior() -> None:
    found = Coordinates.of(PARAMETERS, ALONE)
    values = found.values(np.random.default_rng(1).standard_normal((20_000, len(ALONE))))
    drawn = draw_priors([PARAMETERS[n] for n in ALONE], 20_000, 2)
    for j, name in enumerate(ALONE):
        ours, theirs = (np.quantile(x, [0.05, 0.5, 0.95]) for x in (values[:, j], drawn[name]))
        spread = theirs[2] - theirs[0]
        assert np.abs(ours - theirs).max() < 0.06 * spread, name


def test_scores_come_back_from_values() -> None:
    found = Coordinates.of(PARAMETERS, NAMES)
    scores = np.random.default_rng(3).uniform(-3, 3, (200, len(NAMES)))
    assert np.abs(found.scores(found.values(scores)) - scores).max() < 1e-6


def test_no_score_gives_a_value_outside_its_bounds() -> None:
    found = Coordinates.of(PARAMETERS, ALONE)
    values = found.values(np.array([[-50.0], [-6.0], [6.0], [50.0]]) * np.ones(len(ALONE)))
    for j, name in enumerate(ALONE):
        for value in values[:, j]:
            PARAMETERS[name].check(float(value))


def test_values_rise_with_scores() -> None:
    values = Coordinates.of(PARAMETERS, ALONE).values(np.linspace(-4, 4, 81)[:, None] * np.ones(len(ALONE)))
    assert (np.diff(values, axis=0) >= 0).all()


def test_the_slope_is_the_derivative_of_the_value() -> None:
    found = Coordinates.of(PARAMETERS, ["phi"])
    z = np.array([-1.3, 0.2, 1.9])
    value, slope = found.slope("phi", z)
    ahead, _ = found.slope("phi", z + 1e-3)
    behind, _ = found.slope("phi", z - 1e-3)
    assert value == pytest.approx(found.values(z[:, None])[:, 0])
    assert slope == pytest.approx((ahead - behind) / 2e-3, rel=0.02)


def test_a_parameter_drawn_with_others_has_no_coordinate() -> None:
    with pytest.raises(ModelError, match="no prior of its own"):
        Coordinates.of(PARAMETERS, ["type_genuine"])
