"""Shared luck: what one seed fixes, what another changes, and how arms of one draw share their chances."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from model_worlds import changed, draw, held, small_world

from tregua.case.load import Case
from tregua.model import draws
from tregua.model.compiled import Engine
from tregua.model.levers import Timeline
from tregua.model.simulate import Run, Simulator, Snapshot, simulate_history
from tregua.model.state import State

LAST = 4017
DECIDED = 1162
CUTS = [0, DECIDED, 2000, LAST]


def same(a: Run, b: Run) -> bool:
    return all(np.array_equal(x, y) for x, y in zip(a.record, b.record, strict=True)) and same_state(a.end, b.end)


def same_state(a: Snapshot, b: Snapshot) -> bool:
    return all(bool((x == y).all()) for x, y in zip(a.state, b.state, strict=True))


# one seed, another seed


def test_the_same_seed_gives_every_digit_again(simulator: Simulator, case: Case) -> None:
    one, two = (simulate_history(simulator, draw(), case.history, seed=4, until=LAST, cuts=CUTS) for _ in range(2))
    assert same(one, two)


@pytest.mark.parametrize("other", [{"seed": 5}, {"draw": 1}, {"luck": 1}])
def test_another_seed_draw_or_luck_gives_another_history(
    other: dict[str, int], simulator: Simulator, case: Case
) -> None:
    one = simulate_history(simulator, draw(), case.history, seed=4, until=LAST, cuts=CUTS)
    two = simulate_history(simulator, draw(), case.history, **{"seed": 4, **other}, until=LAST, cuts=CUTS)
    assert (one.flow("homicides") != two.flow("homicides")).all()


def test_threads_change_no_digit(simulator: Simulator, case: Case) -> None:
    def one(luck: int) -> Run:
        return simulate_history(simulator, draw(), case.history, seed=4, luck=luck, until=1500, cuts=[0, 1500])

    alone = [one(luck) for luck in range(12)]
    with ThreadPoolExecutor(4) as pool:
        together = list(pool.map(one, range(12)))
    assert all(same(a, b) for a, b in zip(alone, together, strict=True))


def test_mean_field_knows_no_luck(mean_simulator: Simulator, case: Case) -> None:
    one = simulate_history(mean_simulator, draw(), case.history, seed=4, until=LAST, cuts=CUTS)
    two = simulate_history(mean_simulator, draw(), case.history, seed=5, luck=3, until=LAST, cuts=CUTS)
    assert same(one, two)


def test_another_setup_seed_splits_the_members_otherwise(case: Case, stochastic: Engine) -> None:
    one, two = (Simulator(case.world, setup_seed=s, kernel=stochastic).place for s in (1, 2))
    assert (one.cell["active"] != two.cell["active"]).any()
    assert one.cell["active"].sum() == pytest.approx(two.cell["active"].sum(), rel=1e-3)


# branching


def test_a_history_in_pieces_is_the_history_in_one(simulator: Simulator, case: Case) -> None:
    whole = simulate_history(simulator, draw(), case.history, seed=2, until=LAST, breaks=(DECIDED,), cuts=CUTS)
    since, th = simulator.start(draw(), case.history, draws.history_key(2, 0, 0))
    flows = np.zeros_like(whole.record.flows)
    for until in (DECIDED, DECIDED + 70, DECIDED + 77, 3003, LAST):
        piece = simulator.run(th, since, case.history, until, cuts=CUTS)
        flows += piece.record.flows
        since = piece.end
    assert same_state(since, whole.end)
    assert np.allclose(flows, whole.record.flows, rtol=1e-12)


def test_an_arm_with_all_levers_at_their_history_is_the_history(simulator: Simulator, case: Case) -> None:
    decision = case.decisions["2012"]
    arm = Timeline({name: tuple(path) for name, path in case.history.paths.items()})
    whole = simulate_history(simulator, draw(), case.history, seed=2, until=LAST, breaks=(decision.day,), cuts=CUTS)
    since, th = simulator.start(draw(), case.history, draws.history_key(2, 0, 0))
    past = simulator.run(th, since, case.history, decision.day)
    other = simulator.run(th, past.end, decision.timeline(decision.arms["open_truce"], case.history), LAST)
    branch = simulator.run(th, past.end, arm, LAST, cuts=CUTS)
    assert np.array_equal(branch.record.flows[1:], whole.record.flows[1:])
    assert np.array_equal(branch.record.stocks[1:], whole.record.stocks[1:])
    assert same_state(branch.end, whole.end)
    assert not same_state(other.end, whole.end)


def test_the_record_without_its_own_halt_is_the_history_until_the_halt(simulator: Simulator, case: Case) -> None:
    decision = case.decisions["2012"]
    record = decision.timeline(decision.arms["as_it_happened"], case.history)
    halt = next(day for day, value in case.history.paths["own_halt"] if value > 0)
    cuts = [0, halt - halt % 7, LAST]
    runs = [simulate_history(simulator, draw(), line, seed=2, until=LAST, cuts=cuts) for line in (case.history, record)]
    assert np.array_equal(runs[0].record.flows[0], runs[1].record.flows[0])
    assert (runs[0].flow("homicides")[1] != runs[1].flow("homicides")[1]).all()


def test_a_snapshot_is_left_as_it_was(simulator: Simulator, case: Case) -> None:
    since, th = simulator.start(draw(), case.history, draws.history_key(2, 0, 0))
    before = State(*(array.copy() for array in since.state))
    simulator.run(th, since, case.history, 700)
    assert all((a == b).all() for a, b in zip(before, since.state, strict=True))


def test_arms_share_their_luck(simulator: Simulator, case: Case) -> None:
    more = changed(case.history, arrests=((0, 1.0), (DECIDED, 1.1)))
    contrasts, totals = [], []
    for luck in range(20):
        pair = [
            simulate_history(simulator, draw(), line, luck=luck, until=DECIDED + 1800, cuts=[DECIDED, DECIDED + 1800])
            for line in (case.history, more)
        ]
        contrasts.append(pair[1].flow("homicides")[0] - pair[0].flow("homicides")[0])
        totals.append(pair[0].flow("homicides")[0])
    assert np.std(contrasts) < 0.1 * np.std(totals)


# events that end something

STEADY_HAZARD = {"support_fall": 0.0, "exposure_rate": 0.0}
SECRET = {"concession": 1.0, "contact": 1.0, "commitment": 0.6, "offer": 0.6, "programme": 0.1, "endogenous_state": 1.0}


def strike(
    simulator: Simulator,
    values: dict[str, float],
    timeline: Timeline,
    luck: int,
    struck: Callable[[State], bool],
    *,
    step: float = 7.0,
    years: float = 8.0,
) -> float:
    """Last day of the first step in which an event has struck; infinite if none does."""
    since, th = simulator.start(values, timeline, draws.history_key(9, 0, luck))
    while since.day < years * 365:
        since = simulator.run(th, since, timeline, since.day + step, step=step).end
        if struck(since.state):
            return since.day
    return float("inf")


def abandoned(state: State) -> bool:
    return bool(state.nation["standing"][0] == 0.0)


def removed(state: State) -> bool:
    return bool(state.post["generation"][0] >= 1.0)


@pytest.fixture(scope="module")
def village(stochastic: Engine) -> Simulator:
    return Simulator(small_world(1, 2), kernel=stochastic)


def test_two_arms_with_the_same_hazard_are_struck_in_the_same_step(village: Simulator) -> None:
    values = draw(**STEADY_HAZARD)
    days = []
    for luck in range(12):
        pair = [
            strike(village, values, held(**SECRET, **more), luck, abandoned)
            for more in ({}, {"arrests": 4.0, "bargain_extortion": 1.0, "own_halt": 0.9})
        ]
        assert pair[0] == pair[1]
        days.append(pair[0])
    assert len(set(days)) > 6


def test_a_higher_hazard_never_strikes_later(village: Simulator) -> None:
    values = draw(**STEADY_HAZARD)
    mild = [strike(village, values, held(**SECRET), luck, abandoned) for luck in range(12)]
    keen = [strike(village, values, held(**{**SECRET, "opposition": 1.0}), luck, abandoned) for luck in range(12)]
    assert all(k <= m for k, m in zip(keen, mild, strict=True))
    assert sum(keen) < sum(mild)


@pytest.mark.parametrize("event", ["abandonment", "removal"])
def test_the_length_of_the_step_moves_a_strike_by_less_than_a_step(event: str, village: Simulator) -> None:
    values = draw(**STEADY_HAZARD, signal_info=0.0, removal_hazard=1.0)
    levers, struck = {
        "abandonment": (held(**SECRET), abandoned),
        "removal": (held(prosecute_brokers=1.0), removed),
    }[event]
    days = []
    for luck in range(12):
        weekly = strike(village, values, levers, luck, struck)
        finer = strike(village, values, levers, luck, struck, step=3.5)
        assert finer == weekly or 0.0 <= weekly - finer < 7.0
        days.append(weekly)
    assert len(set(days)) > 6


def test_strikes_follow_the_exponential_of_their_hazard(village: Simulator) -> None:
    # removal at a steady hazard of 3 x 1 x 1/2 a year: the prior puts even odds on an agent
    values = draw(
        signal_info=0.0, removal_hazard=3.0, type_genuine=0.5, type_dual=0.0, type_agent=0.5, broker_supply=0.0
    )
    runs, year = 300, 365.25
    timeline = held(prosecute_brokers=1.0)
    left = []
    for luck in range(runs):
        run = simulate_history(village, values, timeline, seed=9, luck=luck, until=year, cuts=[0, year])
        left.append(1.0 - run.stock("monitoring_lost")[0])
    expected = np.exp(-1.5)
    error = np.sqrt(expected * (1 - expected) / (4 * runs))
    assert np.mean(left) == pytest.approx(expected, abs=3.5 * error + 0.01)


# beliefs


def removal_days(village: Simulator, values: dict[str, float], lucks: range) -> list[float]:
    return [strike(village, values, held(prosecute_brokers=1.0), luck, removed) for luck in lucks]


def test_without_information_removal_is_blind_to_the_true_type(village: Simulator) -> None:
    common = {"signal_info": 0.0, "removal_hazard": 1.0, "type_agent": 1 / 3}
    genuine = draw(**common, type_genuine=2 / 3, type_dual=0.0)
    dual = draw(**common, type_genuine=0.0, type_dual=2 / 3)
    lucks = range(15)
    assert removal_days(village, genuine, lucks) == removal_days(village, dual, lucks)


def test_information_takes_agents_before_genuine_brokers(village: Simulator) -> None:
    common = {"signal_info": 8.0, "removal_hazard": 1.0}
    days: dict[int, list[float]] = {0: [], 2: []}
    for luck in range(40):
        values = draw(**common, type_genuine=0.5, type_dual=0.0, type_agent=0.5)
        since, _ = village.start(values, held(), draws.history_key(9, 0, luck))
        kind = int(np.argmax(since.state.role["active"][0]))
        days[kind].append(strike(village, values, held(prosecute_brokers=1.0), luck, removed, years=4))
    assert np.median(days[2]) < np.median(days[0])


def test_no_role_is_removed_where_nobody_prosecutes_or_lists(village: Simulator) -> None:
    run = simulate_history(village, draw(removal_hazard=3.0), held(), until=3000, cuts=[0, 3000])
    assert run.stock("monitoring_lost")[0] == 0.0
    assert (run.end.state.post["generation"] == 0.0).all()


def test_a_dropped_truce_takes_its_concessions_and_its_contact_with_it(village: Simulator) -> None:
    values = draw(**STEADY_HAZARD, abandon_rate=3.0)
    timeline = held(**SECRET)
    since, th = village.start(values, timeline, draws.history_key(9, 0, 1))
    run = village.run(th, since, timeline, 2000)
    walled = village.run(th, since, timeline, 2000, return_contact=0.0)
    assert abandoned(run.end.state)
    assert run.end.state.nation["concession"][0] == 0.0
    assert run.end.state.nation["backing"][0] < 1e-6
    held_on, th = village.start({**values, "abandon_rate": 0.0}, timeline, draws.history_key(9, 0, 1))
    kept = village.run(th, held_on, timeline, 2000)
    assert kept.end.state.nation["concession"][0] == 1.0
    assert kept.end.state.gang["mean_compliance"].mean() > run.end.state.gang["mean_compliance"].mean() + 0.1
    assert (walled.end.state.gang["command"] < run.end.state.gang["command"]).all()


def test_in_mean_field_roles_that_return_are_suspected_and_fresh_ones_are_not(mean_field: Engine) -> None:
    simulator = Simulator(small_world(1, 1, broker_roles=("role",)), kernel=mean_field)
    values = draw(signal_info=0.0, type_genuine=0.25, type_dual=0.25, type_agent=0.5)
    since, th = simulator.start(values, held(), 0)
    roles = since.state.role
    roles["active"], roles["empty"], roles["belief"] = 0.0, np.array([[0.5, 0.3, 0.2]]), 2.0
    after = simulator.run(th, since, held(), 7).end.state.role
    filled = -np.expm1(-values["broker_supply"] * 7 / 365.25)
    same = filled * np.array([0.5, 0.3, 0.2]) / (1.0 + np.exp(2.0))
    fresh = (filled - same.sum()) * np.array([0.25, 0.25, 0.5])
    kept = values["belief_stickiness"] * 2.0
    assert np.allclose(after["active"][0], same + fresh, rtol=1e-12)
    assert np.allclose(after["belief"][0], same * kept / (same + fresh), rtol=1e-12)
    assert np.allclose(after["empty"][0], (1.0 - filled) * np.array([0.5, 0.3, 0.2]), rtol=1e-12)


def test_in_mean_field_the_offer_fades_at_the_hazard(mean_field: Engine) -> None:
    simulator = Simulator(small_world(1, 2), kernel=mean_field)
    values = draw(**STEADY_HAZARD, support_floor=0.1)
    since, th = simulator.start(values, held(**SECRET), 0)
    run = simulator.run(th, since, held(**SECRET), 730.5)
    hazard = values["abandon_rate"] * 0.7 * 0.9
    assert run.end.state.nation["standing"][0] == pytest.approx(np.exp(-2.0 * hazard), rel=1e-6)
