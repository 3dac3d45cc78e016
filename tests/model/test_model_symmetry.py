"""What must not matter does not: order, names of equals, the cut of areas; one gang; none."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from model_worlds import BUSY, BUSY_DRAW, changed, draw, held, small_world

from tregua.case.load import Case
from tregua.model.compiled import Engine
from tregua.model.setup import place
from tregua.model.simulate import Run, Simulator, simulate_history
from tregua.model.state import Place
from tregua.model.world import Gang, World

NO_TRUCE = {"adherence_threshold": 3.0, "rival_weight": 0.0}
WEEK_IN_YEARS = 7 / 365.25


def busy_run(simulator: Simulator, case: Case, until: int = 1900) -> Run:
    timeline = changed(case.history, **BUSY)
    cuts = [0, 400, 1162, until]
    return simulate_history(
        simulator, BUSY_DRAW, timeline, seed=12, until=until, breaks=(1162,), cuts=cuts, area_cuts=cuts
    )


@pytest.mark.parametrize("mode", ["stochastic", "mean_field"])
@pytest.mark.parametrize("what", ["areas", "gangs"])
def test_the_order_of_areas_and_of_gangs_changes_no_digit(
    mode: str, what: str, case: Case, request: pytest.FixtureRequest
) -> None:
    kernel = request.getfixturevalue(mode)
    ordered = tuple(getattr(case.world, what))
    shuffled = replace(case.world, **{what: (*ordered[2:], *ordered[1::-1])})
    one = busy_run(Simulator(case.world, setup_seed=1, kernel=kernel), case)
    other = busy_run(Simulator(shuffled, setup_seed=1, kernel=kernel), case)
    for a, b in zip(one.record, other.record, strict=True):
        assert np.array_equal(a, b)
    for a, b in zip(one.end.state, other.end.state, strict=True):
        assert (a == b).all()


@pytest.mark.parametrize("mode", ["stochastic", "mean_field"])
def test_order_changes_no_digit_on_a_fine_partition(mode: str, case: Case, request: pytest.FixtureRequest) -> None:
    from tregua.model.synthetic import synthetic_country

    kernel = request.getfixturevalue(mode)
    world = synthetic_country(40, 3)
    turned = replace(world, areas=world.areas[::-1], gangs=world.gangs[::-1])
    one = busy_run(Simulator(world, setup_seed=3, kernel=kernel), case, until=1400)
    other = busy_run(Simulator(turned, setup_seed=3, kernel=kernel), case, until=1400)
    for a, b in zip(one.record, other.record, strict=True):
        assert np.array_equal(a, b)


def rearranged(split: Place, areas: list[int], gangs: list[int], share: float = 1.0) -> Place:
    """The same ground with rows in another order; `share` scales what each area holds."""
    out = Place(
        split.cell[np.ix_(areas, gangs)].copy(),
        split.area[areas].copy(),
        split.gang[gangs].copy(),
        split.role,
        split.rivalry[np.ix_(gangs, gangs)].copy(),
        split.switch,
    )
    for name in ("active", "calmados", "imprisoned"):
        out.cell[name] *= share
    for name in ("population", "municipalities", "youth"):
        out.area[name] *= share
    return out


def test_swapping_two_gangs_with_equal_parameters_changes_nothing(case: Case, mean_field: Engine) -> None:
    split = place(case.world, 1)
    names = sorted(g.id for g in case.world.gangs)
    swapped = [1, 0, *range(2, len(names))]
    families = {g.id: g.family for g in case.world.gangs}
    assert families[names[0]] == families[names[1]]
    one = busy_run(Simulator(case.world, kernel=mean_field, place=split), case, until=2900)
    turned = rearranged(split, list(range(len(case.world.areas))), swapped)
    other = busy_run(Simulator(case.world, kernel=mean_field, place=turned), case, until=2900)
    # deals with municipalities are made in turn, by order of id: that much of the order shows
    assert np.allclose(one.record.flows, other.record.flows, rtol=1e-6)
    assert np.allclose(one.record.stocks, other.record.stocks, rtol=1e-5)
    assert np.allclose(one.record.gang_stocks[:, swapped], other.record.gang_stocks, rtol=1e-4)


def test_cutting_every_area_in_two_equal_halves_changes_nothing(case: Case, mean_field: Engine) -> None:
    split = place(case.world, 1)
    halves = tuple(
        replace(a, id=f"{a.id}-{side}") for a in sorted(case.world.areas, key=lambda a: a.id) for side in "ab"
    )
    cut = rearranged(split, [m for m in range(len(case.world.areas)) for _ in "ab"], [0, 1, 2], 0.5)
    whole = busy_run(Simulator(case.world, kernel=mean_field, place=split), case, until=2900)
    halved = busy_run(Simulator(replace(case.world, areas=halves), kernel=mean_field, place=cut), case, until=2900)
    assert np.allclose(whole.record.flows, halved.record.flows, rtol=1e-6)
    assert np.allclose(whole.record.stocks, halved.record.stocks, rtol=1e-6)


@pytest.mark.parametrize("mode", ["stochastic", "mean_field"])
def test_without_gangs_there_are_only_background_killings(mode: str, request: pytest.FixtureRequest) -> None:
    simulator = Simulator(small_world(3, 0), kernel=request.getfixturevalue(mode))
    timeline = held(concession=1.0, contact=1.0, programme=0.5, lethal=5.0)
    run = simulate_history(simulator, draw(), timeline, until=1400, cuts=[0, 1400])
    assert run.flow("homicides")[0] == run.flow("deaths_background")[0] > 0
    for name in ("deaths_gang", "deaths_coercion", "deaths_by_state", "deaths_of_state", "homicides_hidden"):
        assert run.flow(name)[0] == 0
    for name in ("extortion_paid", "gang_income", "extortion_reports", "truce_years", "deaths_in_custody"):
        assert run.flow(name)[0] == 0
    for name in ("members_active", "calmados", "members_imprisoned", "members_dead", "votes_deliverable"):
        assert run.stock(name)[0] == 0


def one_gang(mean_field: Engine, world: World, **values: float) -> tuple[Run, float]:
    run = simulate_history(
        Simulator(world, kernel=mean_field), draw(**NO_TRUCE, **values), held(), until=7, cuts=[0, 7]
    )
    members = float(place(world, 0).cell["active"].sum())
    return run, members


@pytest.mark.parametrize("rivalry", [0.5, 1.0, 0.1])
def test_one_gang_fights_itself_at_the_rate_of_its_cliques_with_revenge_on_top(
    rivalry: float, mean_field: Engine
) -> None:
    world = small_world(3, 1, mixing_reference=0.8)
    run, members = one_gang(mean_field, world, clique_rivalry=rivalry)
    values = draw()
    contested = values["contest_rate"] * members * rivalry / 0.8
    expected = contested / (1.0 - values["retaliation_branching"]) * WEEK_IN_YEARS
    assert run.flow("deaths_gang")[0] == pytest.approx(expected, rel=1e-6)


def test_one_gang_without_rivalry_between_cliques_has_neither_contest_nor_revenge(mean_field: Engine) -> None:
    run, _ = one_gang(mean_field, small_world(3, 1), clique_rivalry=0.0)
    assert run.flow("deaths_gang")[0] == 0.0
    assert run.flow("deaths_coercion")[0] > 0.0


def test_a_gang_without_a_rival_nearby_kills_nobody_over_ground(mean_field: Engine) -> None:
    world = small_world(2, 2)
    split = place(world, 0)
    for name in ("active", "calmados", "imprisoned"):
        split.cell[name][0, 1] = split.cell[name][1, 0] = 0.0
    values = draw(**NO_TRUCE, clique_rivalry=0.0)
    run = simulate_history(Simulator(world, kernel=mean_field, place=split), values, held(), until=70, cuts=[0, 70])
    assert run.flow("deaths_gang")[0] == 0.0


def test_contest_means_killings_per_member_year_at_the_start_on_any_partition(
    case: Case, mean_simulator: Simulator, mean_field: Engine
) -> None:
    from tregua.model.synthetic import synthetic_country

    values = draw(**NO_TRUCE, retaliation_branching=0.0)
    for simulator in (mean_simulator, Simulator(synthetic_country(60, 1), setup_seed=1, kernel=mean_field)):
        members = float(simulator.place.cell["active"].sum())
        run = simulate_history(simulator, values, case.history, until=7, cuts=[0, 7])
        expected = values["contest_rate"] * members * WEEK_IN_YEARS
        assert run.flow("deaths_gang")[0] == pytest.approx(expected, rel=1e-6)


def test_coercion_falls_on_residents_by_members_alone(mean_simulator: Simulator, case: Case) -> None:
    run = simulate_history(mean_simulator, draw(**NO_TRUCE), case.history, until=7, cuts=[0, 7])
    members = float(mean_simulator.place.cell["active"].sum())
    assert run.flow("deaths_coercion")[0] == pytest.approx(draw()["coercion_rate"] * members * WEEK_IN_YEARS, rel=1e-6)


def test_equal_gangs_with_equal_shares_are_interchangeable_in_number(mean_field: Engine) -> None:
    equal = tuple(Gang(f"gang_{g}", f"Gang {g}", 0.5, "b18") for g in range(2))
    world = replace(small_world(1, 2), gangs=equal)
    split = place(world, 0, active={"gang_0": 600.0, "gang_1": 600.0})
    run = simulate_history(
        Simulator(world, kernel=mean_field, place=split), draw(clique_sd=0.0), held(), until=700, cuts=[0, 700]
    )
    first, second = run.record.gang_stocks[0]
    assert np.allclose(first, second, rtol=1e-4)
