"""Levers, step grids, responses, readings and worlds: what they mean, and what they refuse."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from model_worlds import draw, held, small_world

from tregua.case.load import Case
from tregua.errors import ModelError
from tregua.model import draws
from tregua.model.compiled import Engine
from tregua.model.levers import LEVER_IDS, LEVERS, Timeline, check_lever
from tregua.model.policies import REFERENCE_ARM
from tregua.model.readings import Reading
from tregua.model.setup import gang_shares, place
from tregua.model.simulate import Simulator, simulate_history, step_edges
from tregua.model.world import Area, Gang, World

# levers


@pytest.mark.parametrize("lever", LEVERS, ids=lambda lever: lever.id)
def test_values_outside_a_levers_range_are_refused(lever: object) -> None:
    assert hasattr(lever, "id")
    for value in (lever.lower - 0.01, lever.upper + 0.01, float("nan"), float("inf"), float("-inf")):
        with pytest.raises(ModelError, match=lever.id):
            check_lever(lever.id, value)
        with pytest.raises(ModelError, match=lever.id):
            Timeline({lever.id: ((0, value),)})
    check_lever(lever.id, lever.lower)
    check_lever(lever.id, lever.upper)


def test_an_unknown_lever_is_refused_with_the_known_ones() -> None:
    with pytest.raises(ModelError, match="bargain_extortion"):
        Timeline({"luck": ((0, 1.0),)})


@pytest.mark.parametrize("days", [(5, 3), (3, 3)])
def test_changes_out_of_order_or_twice_a_day_are_refused(days: tuple[int, int]) -> None:
    with pytest.raises(ModelError, match="order"):
        Timeline({"contact": tuple((day, 0.5) for day in days)})


paths = st.lists(
    st.tuples(st.integers(-50, 400), st.floats(0, 1)), min_size=0, max_size=6, unique_by=lambda pair: pair[0]
).map(lambda pairs: tuple(sorted(pairs)))


@settings(deadline=None, derandomize=True, max_examples=60)
@given(path=paths, step=st.integers(1, 30))
def test_a_step_sees_the_mean_of_its_days(path: tuple[tuple[int, float], ...], step: int) -> None:
    line = Timeline({"contact": path})
    edges = step_edges(0, 365, step)
    sampled = line.sample(edges)["contact"]
    daily = np.array([line.at("contact", day) for day in range(365)])
    for i, (a, b) in enumerate(zip(edges[:-1].astype(int), edges[1:].astype(int), strict=True)):
        assert sampled[i] == pytest.approx(daily[a:b].mean(), abs=1e-12)
        if np.ptp(daily[a:b]) == 0:
            assert sampled[i] == daily[a]


def test_a_lever_is_nothing_before_its_first_day_and_holds_after_its_last() -> None:
    line = Timeline({"contact": ((10, 0.4), (20, 0.8))})
    assert [line.at("contact", day) for day in (0, 9, 10, 19, 20, 9999)] == [0.0, 0.0, 0.4, 0.4, 0.8, 0.8]
    assert line.at("legal", 5) == 0.0


def test_holding_keeps_the_value_of_the_day_before() -> None:
    line = Timeline({"contact": ((0, 0.3), (100, 0.9)), "pacts": ((0, 0.1), (120, 0.7))})
    still = line.hold_from(100, keep=("pacts",))
    assert [still.at("contact", day) for day in (50, 99, 100, 500)] == [0.3] * 4
    assert still.at("pacts", 130) == 0.7
    assert line.at("contact", 100) == 0.9


def test_a_level_replaces_everything_from_its_day_on() -> None:
    line = Timeline({"contact": ((0, 0.3), (100, 0.9), (200, 0.1))}).with_level("contact", 150, 0.5)
    assert [line.at("contact", day) for day in (99, 100, 149, 150, 300)] == [0.3, 0.9, 0.9, 0.5, 0.5]
    with pytest.raises(ModelError, match="contact"):
        line.with_level("contact", 150, 1.5)


def test_a_path_lies_over_a_lever_from_its_first_day_to_its_last_change() -> None:
    line = Timeline({"own_halt": ((0, 0.1), (150, 0.2), (200, 0.3), (300, 0.6))})
    assert line.with_path("own_halt", ()) is line
    new = line.with_path("own_halt", ((100, 0.9), (200, 0.0)))
    assert [new.at("own_halt", day) for day in (99, 100, 150, 200, 299, 300)] == [0.1, 0.9, 0.9, 0.0, 0.0, 0.6]


# step grids


@settings(deadline=None, derandomize=True, max_examples=100)
@given(
    first=st.integers(0, 500),
    length=st.integers(1, 900),
    step=st.sampled_from([1.0, 3.5, 7.0, 14.0, 30.0]),
    breaks=st.lists(st.integers(-100, 1500), max_size=4),
)
def test_step_grids_cover_the_run_and_start_again_at_every_break(
    first: int, length: int, step: float, breaks: list[int]
) -> None:
    last = first + length
    edges = step_edges(first, last, step, breaks)
    assert edges[0] == first
    assert edges[-1] == last
    assert (np.diff(edges) > 0).all()
    assert np.diff(edges).max() <= step
    for day in breaks:
        if first < day < last:
            later = edges[edges >= day]
            assert later[0] == day
            assert len(later) < 2 or later[1] in (min(day + step, last), *breaks)


@pytest.mark.parametrize("step", [0.0, -7.0, float("nan"), float("inf")])
def test_a_step_of_no_length_is_refused(step: float) -> None:
    with pytest.raises(ModelError, match="step"):
        step_edges(0, 100, step)


def test_a_run_that_ends_before_it_starts_is_refused() -> None:
    with pytest.raises(ModelError, match="ends before"):
        step_edges(100, 99)


def test_a_run_of_no_days_changes_nothing(simulator: Simulator, case: Case) -> None:
    since, th = simulator.start(draw(), case.history, draws.history_key(0, 0, 0))
    run = simulator.run(th, since, case.history, 0)
    assert len(run.edges) == 1
    assert all((a == b).all() for a, b in zip(run.end.state, since.state, strict=True))


def test_a_course_must_begin_where_the_history_stopped(simulator: Simulator, case: Case) -> None:
    since, th = simulator.start(draw(), case.history, draws.history_key(0, 0, 0))
    with pytest.raises(ModelError, match="course"):
        simulator.follow(th, since, simulator.course(case.history, 7, 70))


# responses and readings


def test_every_response_follows_history_to_the_day_before_the_decision(case: Case) -> None:
    for decision in case.decisions.values():
        assert REFERENCE_ARM in decision.arms
        for arm in decision.arms.values():
            line = decision.timeline(arm, case.history)
            for lever in LEVER_IDS:
                for day in (0, 700, decision.day - 1):
                    assert line.at(lever, day) == case.history.at(lever, day)


def test_a_response_sets_its_levers_and_holds_the_others(case: Case) -> None:
    for decision in case.decisions.values():
        for arm in decision.arms.values():
            if arm.record:
                continue
            line = decision.timeline(arm, case.history)
            for lever in LEVER_IDS:
                for day in (decision.day, decision.day + 1500):
                    before = case.history.at(lever, day if lever in decision.keep else decision.day - 1)
                    assert line.at(lever, day) == arm.sets.get(lever, before)


def test_the_halt_can_be_ended_in_every_response_of_the_second_decision(case: Case) -> None:
    decision = case.decisions["2017"]
    for arm in decision.arms.values():
        assert decision.timeline(arm, case.history).at("own_halt", decision.day + 30) == 0.9
        ended = decision.timeline(arm, case.history, halt_ends=True)
        assert ended.at("own_halt", decision.day - 1) == 0.9
        assert ended.at("own_halt", decision.day) == 0.0


def test_the_record_keeps_its_own_later_levers(case: Case) -> None:
    decision = case.decisions["2012"]
    line = decision.timeline(decision.arms["as_it_happened"], case.history)
    for lever in set(LEVER_IDS) - {"own_halt"}:
        for day in (1500, 2300, 3900):
            assert line.at(lever, day) == case.history.at(lever, day)
    assert line.at("own_halt", 3900) == 0.0 < case.history.at("own_halt", 3900)


def test_a_reading_replaces_then_scales_then_sets() -> None:
    reading = Reading(
        "r", "r", "r", sets={"a": 5.0}, scales={"b": 2.0, "c": 3.0}, refit=True, fitted={"a": 1.0, "c": 7.0, "d": 8.0}
    )
    assert reading.overlay({"a": 0.0, "b": 1.0, "c": 1.0, "d": 1.0}) == {"a": 5.0, "b": 2.0, "c": 7.0, "d": 8.0}


def test_a_reading_that_must_be_refitted_gives_no_number() -> None:
    reading = Reading("r", "r", "r", refit=True)
    assert reading.needs_refit
    with pytest.raises(ModelError, match="refit"):
        reading.overlay({})


def test_a_reading_lays_its_paths_over_every_response(case: Case) -> None:
    reading = case.readings["fall_not_concessions"]
    for name in ("no_truce", "open_truce", "mano_dura"):
        decision = case.decisions["2012"]
        line = reading.apply(decision.timeline(decision.arms[name], case.history))
        assert line.at("own_halt", 1200) == 0.97


def test_every_reading_of_the_case_stays_inside_the_bounds(case: Case, simulator: Simulator) -> None:
    for reading in case.readings.values():
        if reading.needs_refit:
            continue
        values = reading.overlay(draw(**case.draws[0]))
        timeline = reading.apply(case.history)
        run = simulate_history(simulator, values, timeline, until=200, cuts=[0, 200])
        assert run.flow("homicides")[0] > 0


# worlds


def test_worlds_that_make_no_sense_are_refused() -> None:
    area = Area("a", "A", 1000.0, 0.5)
    gang = Gang("g", "G", 1.0, "ms13")
    start = date(2009, 1, 1)
    for areas, gangs, what in (
        ((), (gang,), "area"),
        ((area, area), (gang,), "share one id"),
        ((area,), (gang, gang), "share one id"),
        ((replace(area, population=0.0),), (gang,), "population"),
        ((replace(area, population=float("nan")),), (gang,), "population"),
        ((replace(area, population=float("inf")),), (gang,), "population"),
        ((replace(area, urban_share=1.2),), (gang,), "urban_share"),
        ((area,), (replace(gang, share=-0.1),), "share"),
    ):
        with pytest.raises(ModelError, match=what):
            World(areas, gangs, start)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("members_active", -1.0),
        ("members_active", float("nan")),
        ("members_imprisoned", float("inf")),
        ("calmado_share", -0.1),
        ("youth_share", 1.5),
        ("split_concentration", 0.0),
        ("split_floor", 0.5),
    ],
)
def test_numbers_that_no_world_can_have_are_refused(name: str, value: float) -> None:
    with pytest.raises(ModelError, match=name):
        replace(small_world(2, 3), **{name: value})


def test_a_floor_under_the_equal_share_leaves_every_area_a_gang() -> None:
    world = small_world(12, 3, split_floor=0.33, split_concentration=20.0)
    for seed in range(10):
        assert np.allclose(gang_shares(world, seed).sum(axis=1), 1.0)


def test_a_local_share_is_none_or_at_least_the_floor() -> None:
    world = small_world(40, 3, split_floor=0.2, split_concentration=6.0)
    for seed in range(5):
        shares = gang_shares(world, seed)
        assert (shares == 0.0).any(), "some gang is too small somewhere"
        assert shares[shares > 0.0].min() >= 0.2


def test_a_gang_that_has_no_share_of_the_country_has_none_of_an_area() -> None:
    world = small_world(20, 3, split_floor=0.0)
    gangs = tuple(replace(gang, share=share) for gang, share in zip(world.gangs, (0.7, 0.3, 0.0), strict=True))
    shares = gang_shares(replace(world, gangs=gangs), 1)
    assert (shares[:, 2] == 0.0).all()
    assert (shares[:, :2] > 0.0).any(axis=0).all()


def test_a_family_without_parameters_is_refused(stochastic: Engine) -> None:
    world = small_world(1, 1)
    unknown = replace(world, gangs=(replace(world.gangs[0], family="zz"),))
    with pytest.raises(ModelError, match="family"):
        Simulator(unknown, kernel=stochastic)


def test_gangs_that_cannot_each_hold_their_share_of_an_area_are_refused(stochastic: Engine) -> None:
    with pytest.raises(ModelError, match="capture_0"):
        Simulator(small_world(1, 4), kernel=stochastic).start(draw(capture_0=0.25), held(), 0)


def test_the_split_follows_the_means_of_the_world(case: Case) -> None:
    members = np.sum([place(case.world, seed).cell["active"].sum(axis=0) for seed in range(60)], axis=0)
    shares = members / members.sum()
    expected = [g.share for g in sorted(case.world.gangs, key=lambda g: g.id)]
    assert shares == pytest.approx(expected, abs=0.05)
    for seed in range(5):
        ground = place(case.world, seed)
        assert ground.cell["active"].sum() == pytest.approx(26_000, rel=1e-3)
        assert ground.cell["imprisoned"].sum() == pytest.approx(7_200, rel=1e-3)
        assert (ground.cell["calmados"] == np.floor(0.17 * ground.cell["active"])).all()
        assert np.allclose((ground.cell["active"] * ground.cell["clique_draw"]).sum(axis=0), 0.0, atol=1e-6)
        spread = (ground.cell["active"] * ground.cell["clique_draw"] ** 2).sum(axis=0) / ground.gang["size_start"]
        assert np.allclose(spread, 1.0)
