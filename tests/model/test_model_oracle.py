"""The compiled kernel, the same kernel in plain Python, and the oracle tell one story."""

from __future__ import annotations

import copy
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from model_compare import differences
from model_worlds import BUSY, BUSY_DRAW, changed, draw, held, small_world

from tregua.case.load import Case
from tregua.model import draws
from tregua.model.compiled import Engine, engine
from tregua.model.declare import PARAMETERS
from tregua.model.levers import LEVERS, Timeline
from tregua.model.mechanisms import politics
from tregua.model.oracle import PlainHistory, lever_means, step_days
from tregua.model.setup import place
from tregua.model.simulate import Run, Simulator, simulate_history, step_edges
from tregua.model.synthetic import synthetic_country

LAST = 4017
BREAKS = (1162, 2922)
MONTHS = [*range(0, LAST, 61), LAST]
AREA_CUTS = [0, 1000, LAST]


def tell_plainly(simulator: Simulator, values: dict[str, float], timeline: Timeline, key: int) -> PlainHistory:
    return PlainHistory(
        simulator.world,
        simulator.place,
        values,
        timeline.at("contact", 0),
        key,
        mean_field=simulator.kernel.mean_field,
    )


@pytest.mark.parametrize("mode", ["stochastic", "mean_field"])
def test_kernel_is_the_oracle_over_a_whole_history_with_every_mechanism_at_work(
    mode: str, case: Case, request: pytest.FixtureRequest
) -> None:
    simulator = Simulator(case.world, setup_seed=1, kernel=request.getfixturevalue(mode))
    timeline = changed(case.history, **BUSY)
    run = simulate_history(
        simulator, BUSY_DRAW, timeline, seed=12, until=LAST, breaks=BREAKS, cuts=MONTHS, area_cuts=AREA_CUTS
    )
    history = tell_plainly(simulator, BUSY_DRAW, timeline, draws.history_key(12, 0, 0))
    account = history.run(timeline, LAST, breaks=BREAKS, cuts=MONTHS, area_cuts=AREA_CUTS)
    assert differences(account, history, run) == []
    assert len(account.weekly) == len(run.edges) - 1 > 570
    busy = {name: float(run.flow(name).sum()) for name in ("deaths_of_state", "homicides_hidden", "removals_false")}
    assert all(value > 0 for value in busy.values()), busy
    assert run.stock("agents_missed").std() > 0
    assert run.stock("promises").max() > 0
    assert run.stock("youth_detained").max() > 0


@pytest.mark.parametrize("mode", ["stochastic", "mean_field"])
def test_kernel_is_the_oracle_on_a_fine_partition_with_places_where_a_gang_is_absent(
    mode: str, case: Case, request: pytest.FixtureRequest
) -> None:
    simulator = Simulator(synthetic_country(50, 7), setup_seed=7, kernel=request.getfixturevalue(mode))
    assert (simulator.place.cell["active"] == 0).any()
    timeline = changed(case.history, **{name: tuple((d // 4, v) for d, v in path) for name, path in BUSY.items()})
    cuts = [0, 300, 700]
    run = simulate_history(simulator, BUSY_DRAW, timeline, seed=2, until=700, cuts=cuts, area_cuts=cuts)
    history = tell_plainly(simulator, BUSY_DRAW, timeline, draws.history_key(2, 0, 0))
    account = history.run(timeline, 700, cuts=cuts, area_cuts=cuts)
    assert differences(account, history, run) == []


def test_the_busy_history_lets_the_state_drop_the_truce(simulator: Simulator, case: Case) -> None:
    timeline = changed(case.history, **BUSY)
    since, th = simulator.start(BUSY_DRAW, timeline, draws.history_key(12, 0, 0))
    assert simulator.run(th, since, timeline, LAST, breaks=BREAKS).end.state.nation["standing"][0] == 0.0


def test_arms_of_the_oracle_branch_where_the_kernel_branches(simulator: Simulator, case: Case) -> None:
    decision = case.decisions["2012"]
    arm = decision.timeline(decision.arms["open_truce"], case.history)
    values, key = draw(), draws.history_key(3, 1, 2)
    since, th = simulator.start(values, case.history, key)
    past = simulator.run(th, since, case.history, decision.day)
    run = simulator.run(th, past.end, arm, decision.day + 300, cuts=(decision.day, decision.day + 300))
    history = tell_plainly(simulator, values, case.history, key)
    history.run(case.history, decision.day)
    branch = copy.deepcopy(history)
    account = branch.run(arm, decision.day + 300, cuts=(decision.day, decision.day + 300))
    assert differences(account, branch, run) == []
    assert history.day == decision.day


@pytest.mark.parametrize("mean", [False, True])
def test_kernel_left_in_plain_python_is_the_compiled_one(mean: bool, stochastic: Engine, mean_field: Engine) -> None:
    world = small_world(2, 3)
    timeline = changed(held(), **{name: tuple((day // 12, v) for day, v in path) for name, path in BUSY.items()})
    runs = []
    for kernel in (mean_field if mean else stochastic, engine(mean_field=mean, compiled=False)):
        simulator = Simulator(world, setup_seed=4, kernel=kernel)
        runs.append(
            simulate_history(simulator, BUSY_DRAW, timeline, seed=2, until=400, cuts=[0, 200, 400], area_cuts=[0, 400])
        )
    compiled, plain = runs
    for a, b in zip(compiled.record, plain.record, strict=True):
        assert np.array_equal(a, b)
    for a, b in zip(compiled.end.state, plain.end.state, strict=True):
        assert (a == b).all()


@pytest.mark.parametrize("mode", ["stochastic", "mean_field"])
def test_a_post_is_left_and_filled_again_as_the_oracle_tells_it(mode: str, request: pytest.FixtureRequest) -> None:
    world = small_world(1, 1, members=30.0, broker_roles=("first", "second"))
    simulator = Simulator(world, kernel=request.getfixturevalue(mode))
    restless = draw(
        signal_info=0.3, removal_hazard=3.0, broker_supply=3.0, type_genuine=0.2, type_dual=0.2, type_agent=0.6
    )
    timeline = held(prosecute_brokers=1.0, sanction=1.0)
    run = simulate_history(simulator, restless, timeline, seed=3, until=1260, step=28.0, cuts=[0, 1260])
    history = tell_plainly(simulator, restless, timeline, draws.history_key(3, 0, 0))
    account = history.run(timeline, 1260, step=28.0, cuts=[0, 1260])
    if mode == "stochastic":
        assert run.end.state.post["generation"].min() >= 4, "each post is left and filled at least twice"
    assert differences(account, history, run) == []


def test_the_last_member_holds_a_truce_by_holding_still(stochastic: Engine) -> None:
    world = small_world(1, 1, members=1.0, youth_share=0.0)
    simulator = Simulator(world, kernel=stochastic)
    timeline = held(contact=1.0, concession=1.0, own_halt=1.0, arrests=0.0, lethal=0.0)
    run = simulate_history(simulator, draw(), timeline, seed=1, until=182, cuts=[0, 182])
    assert run.stock("members_active").tolist() == [1.0]
    assert run.flow("truce_years")[0] > 0


def test_a_baseline_that_is_full_to_the_day_is_full(mean_field: Engine) -> None:
    simulator = Simulator(small_world(1, 1), kernel=mean_field)
    quarter, values, timeline = 365.25 / 4, draw(), held()
    cuts = [0.0, 12 * quarter, 13 * quarter]
    run = simulate_history(simulator, values, timeline, until=cuts[-1], step=quarter, cuts=cuts)
    assert run.end.state.nation["base_years"][0] == politics.BASELINE_YEARS, "not a quarter more"
    history = tell_plainly(simulator, values, timeline, draws.history_key(0, 0, 0))
    account = history.run(timeline, cuts[-1], step=quarter, cuts=cuts)
    assert differences(account, history, run) == []


levels = st.fixed_dictionaries(
    {
        lever.id: st.one_of(
            st.sampled_from([lever.lower, min(1.0, lever.upper)]),
            st.floats(lever.lower, min(lever.upper, 4.0), allow_nan=False),
        )
        for lever in LEVERS
    }
)
WIDE = {"arrest_number": 500.0, "own_crowding": 1e-3}
values_in_bounds = st.fixed_dictionaries(
    {},
    optional={
        name: st.one_of(
            st.sampled_from([p.lower, WIDE.get(name, p.upper)]),
            st.floats(p.lower, WIDE.get(name, p.upper), allow_nan=False),
        )
        for name, p in PARAMETERS.items()
        if not name.startswith("type_")
    },
)
changes = st.lists(levels, min_size=1, max_size=3)


def path_of(levels_in_turn: list[dict[str, float]], days: int) -> Timeline:
    """Levers that change all at once, at even intervals that do not fall on the grid of weeks."""
    every = days // len(levels_in_turn) + 1
    return Timeline(
        {lever.id: tuple((i * every, chosen[lever.id]) for i, chosen in enumerate(levels_in_turn)) for lever in LEVERS}
    )


STORY = {
    "levers": changes,
    "values": values_in_bounds,
    "shape": st.tuples(st.integers(1, 3), st.integers(0, 3)),
    "members": st.sampled_from([0.0, 30.0, 2000.0]),
    "roles": st.integers(0, 3),
    "step": st.sampled_from([7.0, 7.0, 3.5, 28.0]),
    "seed": st.integers(0, 2**63),
    "mean": st.booleans(),
    "switches": st.sampled_from([("hazard", "area"), ("hazard", "area"), ("number", "own")]),
}


def check_story(
    levers: list[dict[str, float]],
    values: dict[str, float],
    shape: tuple[int, int],
    members: float,
    roles: int,
    step: float,
    seed: int,
    mean: bool,
    switches: tuple[str, str],
) -> None:
    """Kernel and oracle agree on a small world, people are conserved in every step, and everything keeps its bounds."""
    world = small_world(*shape, members=members, broker_roles=tuple(f"role_{j}" for j in range(roles)))
    arrests, crowding = switches
    split = place(world, seed % 1000, arrest_mode=arrests, crowding_scope=crowding)
    simulator = Simulator(world, place=split, kernel=engine(mean_field=mean))
    timeline = path_of(levers, 210)
    values = draw(**values)
    run = simulate_history(
        simulator, values, timeline, seed=seed, until=210, step=step, cuts=[0, 100, 210], area_cuts=[0, 210]
    )
    history = tell_plainly(simulator, values, timeline, draws.history_key(seed, 0, 0))
    account = history.run(timeline, 210, step=step, cuts=[0, 100, 210], area_cuts=[0, 210])
    assert differences(account, history, run) == []
    everybody = account.balances[0].before
    for week in account.balances:
        change = week.after - week.before - (week.born - week.aged)
        assert change == 0.0 if not mean else abs(change) < 1e-9 * (1.0 + everybody)
    assert_bounds(run, whole=not mean)


@settings(max_examples=150, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
@given(**STORY)
def test_kernel_is_the_oracle_and_people_are_conserved_whatever_the_levers_and_parameters(**story: Any) -> None:
    check_story(**story)


@pytest.mark.slow
@settings(max_examples=1000, deadline=None, database=None, suppress_health_check=list(HealthCheck))
@given(**STORY)
def test_kernel_is_the_oracle_on_a_thousand_fresh_stories(**story: Any) -> None:
    check_story(**story)


def assert_bounds(run: Run, *, whole: bool) -> None:
    """No stock below nothing, shares within 0 and 1, whole people in whole counts."""
    state = run.end.state
    people = [
        *(state.cell[name] for name in ("active", "calmados", "imprisoned")),
        *(state.area[name] for name in ("youth", "detained")),
        *(state.nation[name] for name in ("exited", "dead", "wrongly_imprisoned")),
    ]
    slack = 0.0 if whole else 1e-9
    for stock in people:
        assert (stock >= -slack).all()
        if whole:
            assert (stock == np.floor(stock)).all()
    shares = [
        *(state.cell[name] for name in ("bonding", "captured")),
        *(state.gang[name] for name in ("command", "adherence", "hiding", "political", "betrayal", "linking")),
        *(state.nation[name] for name in ("exposure", "support", "backing", "standing")),
        state.gang["mean_compliance"],
    ]
    for share in shares:
        assert np.isfinite(share).all()
        assert (share >= 0.0).all()
        assert (share <= 1.0 + 1e-12).all()
    assert (state.cell["captured"].sum(axis=1) <= 1.0 + 1e-12).all()
    assert (state.gang["chest"] >= 0.0).all()
    assert (state.nation["promises"] >= -1e-15).all()
    assert state.nation["wrongly_imprisoned"][0] <= state.cell["imprisoned"].sum() + slack
    assert np.isfinite(run.record.flows).all()
    assert (run.record.flows >= 0.0).all()
    assert (run.flow("homicides_recorded") <= run.flow("homicides")).all()


def test_the_oracle_samples_levers_and_days_like_the_simulator(case: Case) -> None:
    edges = step_edges(3, 2000, 7.0, (365, 1162))
    assert step_days(3, 2000, 7.0, (365, 1162)) == edges.tolist()
    sampled = case.history.sample(edges)
    for i in range(len(edges) - 1):
        means = lever_means(case.history, edges[i], edges[i + 1])
        assert tuple(vars(means).values()) == tuple(sampled[i])
