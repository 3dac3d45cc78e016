"""The declaration is honest: every parameter and lever does something, priors stay inside bounds, draws are stable."""

from __future__ import annotations

import ast
import inspect
from pathlib import Path

import numpy as np
import pytest
from model_worlds import BUSY, BUSY_DRAW, changed, draw, small_world

import tregua.model
from tregua.case.load import Case
from tregua.errors import ModelError
from tregua.model.compiled import Engine
from tregua.model.declare import DEFAULTS, FITTED, FIXED, MECHANISM_OF, MECHANISMS, PARAMETERS, VARIED
from tregua.model.levers import LEVERS, Timeline
from tregua.model.outcomes import FLOWS, OUTCOMES, STOCKS
from tregua.model.parameter import Parameter, Prior, draw_priors, keyed_stream
from tregua.model.setup import place
from tregua.model.simulate import Run, Simulator, simulate_history
from tregua.model.synthetic import synthetic_country

UNTIL = 2200
MOVED = 1e-4
# A count's dispersion belongs to what is compared with the record, not to what happens.
LIKELIHOOD_ONLY = {"phi"}
# Nothing but chance carries these: they are varied with all luck held.
CHANCE_ONLY = {"local_volatility", "mood_share", "leader_noise"}
# Switched on with the mode that reads them.
SWITCHED = {"arrest_number": 900.0, "own_crowding": 1e-4}
OTHER_VALUE = {
    "prison_leverage_b18": 0.5,
    "recognition_exit": 1.5,
    "contest_scale": 0.9,
    "concession_weight": 0.5,
    "obedience_scale": 0.35,
    "type_genuine": 0.5,
    "type_dual": 0.5,
    "type_agent": 0.5,
}


@pytest.fixture(scope="module")
def busy(case: Case) -> Timeline:
    return changed(case.history, **BUSY)


@pytest.fixture(scope="module")
def country(mean_field: Engine) -> Simulator:
    """A fine partition, where prisoners' origins differ from presence."""
    return Simulator(synthetic_country(24, 5), setup_seed=5, kernel=mean_field)


@pytest.fixture(scope="module")
def chancy_country(stochastic: Engine) -> Simulator:
    return Simulator(synthetic_country(24, 5), setup_seed=5, kernel=stochastic)


def outcomes(simulator: Simulator, values: dict[str, float], timeline: Timeline) -> np.ndarray:
    run = simulate_history(simulator, values, timeline, seed=3, until=UNTIL, cuts=[0, 1162, 1700, UNTIL])
    return np.concatenate([run.record.flows.ravel(), run.record.stocks.ravel()])


def moved(before: np.ndarray, after: np.ndarray) -> float:
    """Largest relative change of any outcome."""
    scale = np.maximum(np.abs(before), np.abs(after))
    return float(np.max(np.abs(after - before)[scale > 1e-9] / scale[scale > 1e-9]))


def other_value(name: str) -> float:
    parameter = PARAMETERS[name]
    value = OTHER_VALUE.get(name, 1.25 * BUSY_DRAW[name])
    return value if parameter.lower <= value <= parameter.upper else 0.8 * BUSY_DRAW[name]


@pytest.mark.parametrize("name", [n for n in PARAMETERS if n not in LIKELIHOOD_ONLY | CHANCE_ONLY | set(SWITCHED)])
def test_every_parameter_moves_some_outcome(name: str, country: Simulator, busy: Timeline) -> None:
    values = {**BUSY_DRAW, name: other_value(name)}
    assert values[name] != BUSY_DRAW[name]
    assert moved(outcomes(country, BUSY_DRAW, busy), outcomes(country, values, busy)) > MOVED


@pytest.mark.parametrize("name", sorted(CHANCE_ONLY))
def test_parameters_of_chance_move_some_outcome_under_the_same_luck(
    name: str, country: Simulator, chancy_country: Simulator, busy: Timeline
) -> None:
    values = {**BUSY_DRAW, name: other_value(name)}
    assert moved(outcomes(chancy_country, BUSY_DRAW, busy), outcomes(chancy_country, values, busy)) > MOVED
    assert moved(outcomes(country, BUSY_DRAW, busy), outcomes(country, values, busy)) == 0.0


@pytest.mark.parametrize("name", sorted(SWITCHED))
def test_parameters_of_the_switches_move_some_outcome_where_they_are_on(
    name: str, mean_field: Engine, country: Simulator, busy: Timeline
) -> None:
    world = small_world(2, 2)
    ground = place(world, 0, arrest_mode="number", crowding_scope="own")
    switched = Simulator(world, kernel=mean_field, place=ground)
    values = {**BUSY_DRAW, name: SWITCHED[name]}
    assert moved(outcomes(switched, BUSY_DRAW, busy), outcomes(switched, values, busy)) > MOVED
    assert moved(outcomes(country, BUSY_DRAW, busy), outcomes(country, values, busy)) == 0.0


def test_the_dispersion_of_counts_acts_on_the_likelihood_only(
    country: Simulator, chancy_country: Simulator, busy: Timeline
) -> None:
    for simulator in (country, chancy_country):
        values = {**BUSY_DRAW, "phi": 20.0}
        assert np.array_equal(outcomes(simulator, BUSY_DRAW, busy), outcomes(simulator, values, busy))
    room = Path(inspect.getfile(tregua.model)).parent
    for path in sorted(room.rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            assert not (isinstance(node, ast.Attribute) and node.attr == "phi"), path.name


@pytest.mark.parametrize("lever", [lever.id for lever in LEVERS])
def test_every_lever_moves_some_outcome(lever: str, country: Simulator, busy: Timeline) -> None:
    level = busy.at(lever, 1500)
    other = changed(busy, **{lever: ((0, busy.at(lever, 0)), (1162, 0.3 if level > 0.6 else 0.9))})
    if lever in ("arrests", "lethal"):
        other = changed(busy, **{lever: ((0, 1.0), (1162, 2.0))})
    assert moved(outcomes(country, BUSY_DRAW, busy), outcomes(country, BUSY_DRAW, other)) > MOVED


def test_every_outcome_is_moved_by_something(chancy_country: Simulator, busy: Timeline, case: Case) -> None:
    cuts = [0, 1250, UNTIL]
    one = simulate_history(chancy_country, BUSY_DRAW, busy, seed=3, until=UNTIL, cuts=cuts)
    two = []
    for seed in range(3, 7):
        for removal in (0.05, 3.0):
            values = {**BUSY_DRAW, "arrest_rate": 0.2, "removal_hazard": removal, "promise_patience": 2.0}
            two.append(simulate_history(chancy_country, values, busy, seed=seed, until=UNTIL, cuts=cuts))

    def still(name: str, run: Run) -> bool:
        return np.array_equal(run.outcome(name), one.outcome(name))

    assert [name for name in (*FLOWS, *STOCKS) if all(still(name, run) for run in two)] == []


# the tables


def test_parameters_are_counted_by_role() -> None:
    assert (len(FITTED), len(VARIED), len(FIXED)) == (26, 66, 8)
    assert sum(len(m.parameters) for m in MECHANISMS) == len(PARAMETERS) == 100
    assert set(MECHANISM_OF) == set(PARAMETERS)


def test_every_declaration_speaks_both_languages() -> None:
    for parameter in PARAMETERS.values():
        assert parameter.meaning_en
        assert parameter.meaning_es
        assert parameter.unit
        assert parameter.evidence
        assert (parameter.prior == "fixed") == (parameter.role == "fixed")
    for outcome in OUTCOMES.values():
        assert outcome.meaning_en
        assert outcome.meaning_es
        assert outcome.harm in ("up", "down", "none")
    for lever in LEVERS:
        assert lever.meaning_en
        assert lever.meaning_es
        assert lever.lower < lever.upper
    for mechanism in MECHANISMS:
        assert mechanism.meaning_en
        assert mechanism.meaning_es


@pytest.mark.parametrize("name", VARIED)
def test_defaults_of_varied_parameters_are_centres_of_their_priors(name: str) -> None:
    parameter = PARAMETERS[name]
    prior = Prior(parameter.prior)
    sample = prior.sample(keyed_stream(0, name), 20_000)
    centre = np.mean(sample) if prior.family in ("Beta", "Gamma", "Dirichlet") else np.median(sample)
    assert centre == pytest.approx(parameter.default, rel=0.03, abs=0.01 * np.std(sample) * 3)


# draws from priors


def test_draws_from_priors_lie_inside_their_bounds() -> None:
    rows = draw_priors(PARAMETERS.values(), 400, seed=3)
    for name, values in rows.items():
        parameter = PARAMETERS[name]
        assert values.shape == (400,)
        assert (values >= parameter.lower).all()
        assert (values <= parameter.upper).all()
        assert (parameter.role == "fixed") == (np.ptp(values) == 0.0)


def test_the_first_draws_do_not_depend_on_how_many_follow() -> None:
    few, many = draw_priors(PARAMETERS.values(), 7, seed=3), draw_priors(PARAMETERS.values(), 300, seed=3)
    for name in PARAMETERS:
        assert np.array_equal(few[name], many[name][:7]), name


def test_a_new_parameter_moves_the_draws_of_no_other() -> None:
    extra = Parameter("brand_new", "-", "-", 0.5, "Beta(2,2)", 0, 1, "varied", "core", "new", "nuevo")
    before, after = draw_priors(PARAMETERS.values(), 9, 1), draw_priors([extra, *PARAMETERS.values()], 9, 1)
    assert all(np.array_equal(before[name], after[name]) for name in PARAMETERS)
    assert np.ptp(after["brand_new"]) > 0


def test_another_seed_draws_otherwise() -> None:
    one, two = draw_priors(PARAMETERS.values(), 9, 1), draw_priors(PARAMETERS.values(), 9, 2)
    assert all((one[name] != two[name]).all() for name in (*FITTED, *VARIED))


def test_broker_types_sum_to_one() -> None:
    rows = draw_priors(PARAMETERS.values(), 50, 1)
    assert np.allclose(rows["type_genuine"] + rows["type_dual"] + rows["type_agent"], 1.0)


@pytest.mark.parametrize("text", ["LogN(1)x", "Cauchy(0,1)", "", "U[0,1]"])
def test_a_prior_in_another_notation_is_refused(text: str) -> None:
    with pytest.raises(ModelError, match="prior"):
        Prior(text)


def test_a_fixed_parameter_cannot_be_drawn() -> None:
    with pytest.raises(ModelError, match="fixed"):
        Prior("fixed").sample(keyed_stream(0, "x"), 3)


@pytest.mark.parametrize("change", [{"default": 2.0}, {"role": "free"}, {"prior": "Zeta(2)"}])
def test_a_parameter_that_contradicts_itself_is_refused(change: dict[str, object]) -> None:
    sound: dict[str, object] = {"default": 0.5, "role": "varied", "prior": "Beta(2,2)"}
    with pytest.raises(ModelError):
        Parameter(
            name="x",
            symbol="-",
            unit="-",
            lower=0,
            upper=1,
            tier="core",
            meaning_en="x",
            meaning_es="x",
            **{**sound, **change},  # type: ignore[arg-type]
        )


@pytest.mark.parametrize("value", [float("nan"), float("inf"), -0.1, 1.1])
def test_a_parameter_outside_its_bounds_is_refused(value: float, country: Simulator) -> None:
    with pytest.raises(ModelError, match="clique_rivalry"):
        country.start(draw(clique_rivalry=value), Timeline(), 0)


def test_a_draw_that_lacks_or_invents_a_parameter_is_refused(country: Simulator) -> None:
    short = dict(DEFAULTS)
    del short["phi"]
    with pytest.raises(ModelError, match="phi"):
        country.start(short, Timeline(), 0)
    with pytest.raises(ModelError, match="no such parameter"):
        country.start(draw(luck=1.0), Timeline(), 0)
