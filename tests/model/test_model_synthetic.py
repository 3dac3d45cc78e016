"""The made-up country keeps real totals, and its parts follow the recipe."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_worlds import draw

from tregua.case.load import Case
from tregua.errors import ModelError
from tregua.model.compiled import Engine
from tregua.model.setup import gang_shares, place
from tregua.model.simulate import Simulator, simulate_history
from tregua.model.synthetic import DEPARTMENTS, Department, largest_remainder, synthetic_country


def test_departments_are_those_of_the_case(case: Case) -> None:
    assert sorted((d.id, d.population, d.municipalities) for d in DEPARTMENTS) == sorted(
        (a.id, a.population, a.municipalities) for a in case.world.areas
    )


@pytest.mark.parametrize("n_areas", [14, 40, 262, 600])
def test_populations_add_up_to_their_departments(n_areas: int) -> None:
    world = synthetic_country(n_areas, 3)
    assert len(world.areas) == n_areas
    for department in DEPARTMENTS:
        inside = [a for a in world.areas if a.id.startswith(f"{department.id}-")]
        assert inside
        assert sum(a.population for a in inside) == pytest.approx(department.population, rel=1e-12)


def test_a_country_of_as_many_areas_as_municipalities_has_one_in_each() -> None:
    world = synthetic_country(262, 1)
    assert {a.municipalities for a in world.areas} == {1}
    counts = [sum(a.id.startswith(f"{d.id}-") for a in world.areas) for d in DEPARTMENTS]
    assert counts == [d.municipalities for d in DEPARTMENTS]


@settings(deadline=None, derandomize=True)
@given(weights=st.lists(st.integers(1, 50), min_size=1, max_size=20), more=st.integers(0, 300))
def test_largest_remainders_share_everything_and_leave_nobody_out(weights: list[int], more: int) -> None:
    total = len(weights) + more
    shares = largest_remainder(weights, total)
    assert sum(shares) == total
    assert min(shares) >= 1
    quota = [w / sum(weights) * total for w in weights]
    if min(quota) >= 1:
        assert all(abs(s - q) < 1 for s, q in zip(shares, quota, strict=True))


def test_small_areas_are_lifted_to_nine_hundred_people() -> None:
    smallest = [min(a.population for a in synthetic_country(262, seed).areas) for seed in range(4)]
    assert min(smallest) == 900.0


def test_the_seed_fixes_the_country_and_another_changes_it() -> None:
    assert synthetic_country(60, 4) == synthetic_country(60, 4)
    assert synthetic_country(60, 4) != synthetic_country(60, 5)


def test_draws_are_keyed_by_area_and_not_by_how_many_there_are() -> None:
    few, many = synthetic_country(262, 2), synthetic_country(300, 2)
    noise = {a.id: a.presence / (a.population * (0.15 + a.urban_share)) for a in few.areas if a.presence}
    more = {a.id: a.presence / (a.population * (0.15 + a.urban_share)) for a in many.areas if a.presence}
    shared = set(noise) & set(more)
    assert len(shared) > 200
    assert all(noise[name] == pytest.approx(more[name], rel=1e-12) for name in shared)


def test_towns_are_more_urban_and_draw_more_presence() -> None:
    areas = synthetic_country(262, 2).areas
    size = np.log([a.population for a in areas])
    urban = np.array([a.urban_share for a in areas])
    assert np.corrcoef(size, np.log(urban / (1 - urban)))[0, 1] > 0.5
    assert ((urban > 0) & (urban < 1)).all()


def test_members_follow_presence_and_small_shares_are_dropped() -> None:
    world = synthetic_country(262, 2)
    ground = place(world, 2)
    shares = gang_shares(replace(world, areas=tuple(sorted(world.areas, key=lambda a: a.id))), 2)
    assert ((shares == 0) | (shares >= 0.06)).all()
    assert np.allclose(shares.sum(axis=1), 1.0)
    assert (shares == 0).mean() > 0.1
    members = ground.cell["active"]
    assert members.sum() == pytest.approx(26_000, rel=2e-3)
    presence = np.array([a.presence for a in sorted(world.areas, key=lambda a: a.id)])
    assert np.allclose(members.sum(axis=1), 26_000 * presence / presence.sum(), atol=3.0)


def test_prisoners_come_only_from_places_with_the_gang_and_hardly_follow_its_size() -> None:
    ground = place(synthetic_country(262, 2), 2)
    members, prisoners = ground.cell["active"], ground.cell["imprisoned"]
    assert prisoners[members == 0].sum() == 0
    assert prisoners.sum() == pytest.approx(7_200, rel=5e-3)
    assert prisoners.sum(axis=0) == pytest.approx(7_200 * members.sum(axis=0) / members.sum(), rel=0.01)
    population = ground.area["population"][:, None] * np.ones(3)
    here = (members > 5) & (prisoners > 0)
    per_head = np.log(members[here] / population[here])
    inside = np.log(prisoners[here] / population[here])
    slope = np.polyfit(per_head, inside, 1)[0]
    assert -0.15 < slope < 0.35
    assert ground.cell["prison_density"].std() > 0.3


@pytest.mark.parametrize(("n_areas", "what"), [(13, "fewer areas"), (0, "fewer areas"), (9000, "too many areas")])
def test_impossible_numbers_of_areas_are_refused(n_areas: int, what: str) -> None:
    with pytest.raises(ModelError, match=what):
        synthetic_country(n_areas, 0)


def test_any_departments_can_be_given() -> None:
    world = synthetic_country(7, 1, departments=(Department("N", 50_000.0, 3), Department("S", 20_000.0, 2)))
    assert sum(a.id.startswith("N-") for a in world.areas) == 4


def test_the_truce_looks_alike_on_departments_and_on_municipalities(case: Case, mean_field: Engine) -> None:
    years = [0, 365, 1095, 1461]
    coarse = simulate_history(
        Simulator(case.world, setup_seed=1, kernel=mean_field), draw(), case.history, until=1461, cuts=years
    )
    fine = [
        simulate_history(
            Simulator(synthetic_country(262, seed), setup_seed=seed, kernel=mean_field),
            draw(),
            case.history,
            until=1461,
            cuts=years,
        ).flow("homicides")
        for seed in range(3)
    ]
    assert np.mean(fine, axis=0) == pytest.approx(coarse.flow("homicides"), rel=0.05)
