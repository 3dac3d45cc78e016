"""Sensitivity: known answers on known functions, chance kept apart, the same function on any number of threads."""

from __future__ import annotations

import math

import numpy as np
import pytest

pytest.importorskip("SALib")

from tregua.case.load import load_case
from tregua.errors import UsageError
from tregua.explore.experiment import Experiment
from tregua.explore.outside import Paired, core, untestable
from tregua.explore.sensitivity import CHANCE, contrast_sensitivity, sobol, tornado
from tregua.model.declare import PARAMETERS


def ishigami(x: np.ndarray) -> np.ndarray:
    """Ishigami's function on the unit cube; its indices are known."""
    z = (2 * x - 1) * math.pi
    return np.sin(z[:, 0]) + 7 * np.sin(z[:, 1]) ** 2 + 0.1 * z[:, 2] ** 4 * np.sin(z[:, 0])


@pytest.fixture(scope="module")
def mano_dura() -> Paired:
    return Paired(Experiment(load_case("el_salvador_2012")), "2012", "mano_dura", horizon=2)


def test_indices_of_a_known_function_are_the_known_ones() -> None:
    found = {index.factor: index for index in sobol(ishigami, ("a", "b", "c"), 1024)}
    for name, first, total in (("a", 0.3139, 0.5576), ("b", 0.4424, 0.4424), ("c", 0.0, 0.2437)):
        assert found[name].first == pytest.approx(first, abs=3 * found[name].mcse_first + 0.01)
        assert found[name].total == pytest.approx(total, abs=3 * found[name].mcse_total + 0.01)


def test_chance_as_a_factor_takes_its_own_share_and_leaves_the_others_theirs() -> None:
    def noisy(x: np.ndarray) -> np.ndarray:
        noise = np.array([np.random.default_rng(int(u * 1e6)).standard_normal() for u in x[:, -1]])
        return (x[:, 0] - 0.5) * math.sqrt(12) + noise

    found = {index.factor: index for index in sobol(noisy, ("slope", CHANCE), 512)}
    assert found["slope"].first == pytest.approx(0.5, abs=0.1)
    assert found[CHANCE].total == pytest.approx(0.5, abs=0.1)


def test_what_nothing_moves_has_no_index() -> None:
    assert {index.total for index in sobol(lambda x: np.ones(len(x)), ("a", "b"), 16)} == {0.0}


@pytest.mark.parametrize("samples", [0, 7, 100])
def test_a_sample_that_the_design_cannot_use_is_refused(samples: int) -> None:
    with pytest.raises(UsageError, match="samples"):
        sobol(ishigami, ("a", "b", "c"), samples)


def test_factors_are_the_core_parameters_drawn_by_themselves() -> None:
    names = core()
    assert len(names) >= 15
    assert all(PARAMETERS[n].tier == "core" and PARAMETERS[n].role == "varied" for n in names)
    assert all(PARAMETERS[n].identifiable == "no" for n in untestable())


def test_the_tornado_tells_what_the_model_says_of_mano_dura(mano_dura: Paired) -> None:
    bars = {bar.parameter: bar for bar in tornado(mano_dura, luck=2, names=("abuse_weight", "legal_shield"))}
    assert bars["abuse_weight"].high > bars["abuse_weight"].low
    assert bars["abuse_weight"].known
    assert bars["legal_shield"].width == 0.0  # nothing legal is part of this response


def test_threads_do_not_change_a_digit(mano_dura: Paired) -> None:
    thetas = [{"war_gain": 0.3 + 0.2 * i} for i in range(4)]
    one = mano_dura.contrasts(thetas, range(4), 1)
    assert np.array_equal(one, mano_dura.contrasts(thetas, range(4), 3), equal_nan=True)


@pytest.mark.slow
def test_the_core_tier_is_told_within_its_time(mano_dura: Paired) -> None:
    found = contrast_sensitivity(mano_dura, samples=16)
    fitted = mano_dura.experiment.source.fitted
    assert fitted, "the bundled posterior stands in as one factor"
    assert {index.factor for index in found} == {*(n for n in core() if n not in fitted), "fitted", CHANCE}
    assert found[0].factor in ("fitted", "abuse_weight", "raid_weight", CHANCE)
