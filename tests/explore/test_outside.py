"""The model as a plain function, and as a problem for other tools."""

from __future__ import annotations

import sys
import warnings

import numpy as np
import pytest

from tregua.case.load import load_case
from tregua.errors import ModelError, UsageError
from tregua.explore.experiment import Experiment, Worker
from tregua.explore.outside import READ, Paired, ema_model, prior_quantiles, salib_problem, simulate
from tregua.model.declare import PARAMETERS


def test_the_function_gives_the_digits_of_the_experiment() -> None:
    experiment = Experiment(load_case("el_salvador_2012"), draws=1, readings=("default",), arms=("open_truce",))
    worker = Worker(experiment)
    columns = worker(experiment.compare_shards("2012")[0]).tables["summaries"]
    pick = {
        (str(arm), str(outcome)): value
        for arm, outcome, horizon, value in zip(
            columns["arm"], columns["outcome"], columns["horizon"], columns["value"], strict=True
        )
        if horizon == 5
    }
    both = Paired(experiment, "2012", "open_truce").run(worker.values(0, "default"), 0)
    for o, outcome in enumerate(READ):
        for side, arm in enumerate(("open_truce", "no_truce")):
            assert np.array_equal(both[side, o], pick[arm, outcome], equal_nan=True)


def test_the_function_answers_in_differences_and_for_the_reference_in_levels() -> None:
    change, level = simulate(arm="mass_detention", horizon=1), simulate(arm="no_truce", horizon=1)
    assert set(change) == set(READ)
    assert change["arrests_wrongful"] > 0
    assert level["homicides"] > 1000


def test_luck_is_averaged_and_the_same_for_every_theta() -> None:
    one, again = (simulate({"war_gain": 0.5}, horizon=1, luck=2) for _ in range(2))
    assert repr(one) == repr(again)
    model = Paired(Experiment(load_case("el_salvador_2012")), "2012", "open_truce", horizon=1)
    told = [model.contrast({"war_gain": 0.5}, k)[READ.index("homicides")] for k in range(2)]
    assert told[0] != told[1]
    assert one["homicides"] == pytest.approx(np.mean(told))
    with pytest.raises(UsageError):
        simulate(luck=0)


@pytest.mark.parametrize(
    ("theta", "settings"),
    [({"truth": 1.0}, {}), ({"war_gain": 99.0}, {}), ({}, {"arm": "war"}), ({}, {"reading": "truth"}),
     ({}, {"horizon": 3}), ({}, {"decision": "1999"})],
)  # fmt: skip
def test_what_the_function_cannot_do_is_told(theta: dict[str, float], settings: dict[str, object]) -> None:
    with pytest.raises((ModelError, UsageError)) as told:
        simulate(theta, **settings)  # type: ignore[arg-type]
    assert told.value.problems[0].mend


def test_a_salib_problem_is_built_from_the_declarations() -> None:
    problem = salib_problem()
    assert problem["num_vars"] == len(problem["names"]) == len(problem["bounds"])
    assert set(problem["names"]) < set(PARAMETERS)


def test_levels_of_a_prior_stay_in_its_bounds_and_rise() -> None:
    names = ("war_gain", "legal_shield", "betrayal_decay")
    values = prior_quantiles(PARAMETERS, names, np.linspace(0, 1, 9)[:, None].repeat(3, axis=1))
    assert (np.diff(values, axis=0) > 0).all()
    assert all(PARAMETERS[n].lower <= v <= PARAMETERS[n].upper for i, n in enumerate(names) for v in values[:, i])


def test_a_missing_workbench_is_told_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench", None)
    with pytest.raises(UsageError, match="not installed"):
        ema_model()


def test_the_workbench_runs_the_model() -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ema_workbench")
    model = ema_model(("war_gain",), horizon=1)
    assert model.uncertainties["war_gain"].lower_bound == PARAMETERS["war_gain"].lower
    assert set(model.function(war_gain=0.5)) == {"homicides", "deaths_by_state", "arrests_wrongful"}
