"""Scenarios: the levers that the model follows are those that the page shows."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tregua.app.scenario import Scenario, levels_of, plan_of, steps_of, window_of
from tregua.errors import TreguaError

FIRST = 1162


def test_a_response_left_alone_has_the_levers_that_every_other_command_gives_it(case):
    for decision, point in case.decisions.items():
        for arm in point.arms.values():
            plan = plan_of(case, decision, Scenario(arm.id))
            whole = point.timeline(arm, case.history)
            for name in whole.paths:
                for day in (0, point.day - 1, point.day, point.day + 400, point.day + 1500):
                    assert plan.line.at(name, day) == whole.at(name, day), (decision, arm.id, name, day)


def test_a_moved_lever_holds_from_the_first_day_of_the_window_to_its_last(case):
    scenario = Scenario("no_truce", {"contact": 0.9}, date(2012, 6, 1), date(2013, 6, 1))
    line = plan_of(case, "2012", scenario).line
    start, end = (date(2012, 6, 1) - case.start).days, (date(2013, 6, 1) - case.start).days
    held = line.at("contact", start - 1)
    assert [line.at("contact", d) for d in (start, end - 1, end, end + 900)] == [0.9, 0.9, held, held]
    assert held == case.history.at("contact", FIRST - 1)


def test_after_a_window_the_record_goes_on_with_its_own_levers(case):
    scenario = Scenario("as_it_happened", {"contact": 0.2}, date(2012, 6, 1), date(2013, 1, 1))
    line = plan_of(case, "2012", scenario).line
    for day in (date(2013, 1, 1), date(2014, 7, 1), date(2016, 5, 1)):
        assert line.at("contact", (day - case.start).days) == case.history.at("contact", (day - case.start).days)


def test_a_scenario_that_begins_earlier_leaves_the_record_on_the_weekly_grid(case):
    plan = plan_of(case, "2012", Scenario("open_truce", {}, date(2011, 5, 17)))
    assert plan.branch % 7 == 0
    assert 0 <= (date(2011, 5, 17) - case.start).days - plan.branch < 7


@pytest.mark.parametrize(
    ("scenario", "key"),
    [
        (Scenario("nothing"), "arm"),
        (Scenario("no_truce", {"luck": 1.0}), "sets"),
        (Scenario("no_truce", {"contact": 1.5}), "contact"),
        (Scenario("no_truce", {"contact": float("nan")}), "contact"),
        (Scenario("no_truce", {}, date(2009, 2, 1)), "start"),
        (Scenario("no_truce", {}, date(2012, 5, 1), date(2012, 5, 3)), "end"),
        (Scenario("no_truce", {}, None, date(2031, 1, 1)), "end"),
    ],
)
def test_what_cannot_be_run_is_refused_with_what_is_allowed(case, scenario, key):
    with pytest.raises(TreguaError) as refused:
        plan_of(case, "2012", scenario)
    problem = refused.value.problems[0]
    assert problem.key == key
    assert problem.allowed
    assert problem.mend


def test_an_unknown_decision_is_refused(case):
    with pytest.raises(TreguaError, match="no such decision"):
        plan_of(case, "1999", Scenario("no_truce"))


def test_levels_are_those_of_the_first_day_of_the_window(case):
    found = levels_of(case, "2012", Scenario("open_truce", {"arrests": 2.0}))
    assert (found["arrests"], found["legal"], found["opposition"]) == (2.0, 1.0, case.history.at("opposition", FIRST))


def test_totals_are_the_contrasts_of_the_command_line(case, laboratory):
    """The same draws, chance and levers: B minus A on the page is what `tregua compare` tells."""
    from tregua.app.laboratory import OUTCOMES_KEPT
    from tregua.explore.experiment import Experiment, Worker

    experiment = Experiment(case, draws=3, seed=laboratory.seed, readings=("default",), arms=("open_truce",))
    shard = experiment.compare_shards("2012")[0]
    rows = Worker(experiment)(shard).tables["summaries"]
    plans = {arm: plan_of(case, "2012", Scenario(arm)) for arm in ("no_truce", "open_truce")}
    years = [h for h, _ in laboratory.calendars["2012"].horizons]
    for arm, plan in plans.items():
        for draw in range(3):
            told = laboratory.history(plan, "default", "2012", draw)
            for place, horizon in enumerate(years):
                here = (rows["arm"] == arm) & (rows["draw"] == draw) & (rows["horizon"] == horizon)
                for j, outcome in enumerate(OUTCOMES_KEPT):
                    (expected,) = rows["value"][here & (rows["outcome"] == outcome)]
                    assert told.totals[place, j] == pytest.approx(expected, rel=1e-9, abs=1e-9), (arm, outcome)


def test_months_add_up_to_the_totals(case, laboratory):
    from tregua.app.laboratory import OUTCOMES_KEPT

    plan = plan_of(case, "2017", Scenario("no_truce"))
    told = laboratory.history(plan, "default", "2017", 0)
    calendar = laboratory.calendars["2017"]
    first = calendar.months.index(calendar.decision)
    column = OUTCOMES_KEPT.index("homicides")
    place, (_, day) = 0, calendar.horizons[0]
    last = calendar.months.index(day)
    assert told.months[first:last, column].sum() == pytest.approx(told.totals[place, column])


def test_the_past_is_the_same_whenever_a_scenario_leaves_it(case, laboratory):
    early = plan_of(case, "2012", Scenario("no_truce", {}, date(2010, 6, 3)))
    late = plan_of(case, "2012", Scenario("no_truce"))
    a = laboratory.history(early, "default", "2012", 1).months
    b = laboratory.history(late, "default", "2012", 1).months
    np.testing.assert_allclose(a[:17], b[:17], rtol=1e-9)


def test_a_scenario_reached_by_another_road_is_the_same_scenario(case):
    same = Scenario("no_truce", dict(case.decisions["2012"].arms["mano_dura"].sets))
    assert plan_of(case, "2012", same).key == plan_of(case, "2012", Scenario("mano_dura")).key
    assert window_of(case, case.decisions["2012"], same) == (FIRST, None)


def test_levers_that_part_are_told_with_the_days_on_which_they_change(case):
    first = case.start.fromordinal(case.start.toordinal() + case.decisions["2012"].day)
    plans = [plan_of(case, "2012", Scenario("secret_truce", sets)) for sets in ({}, {"contact": 0.2})]
    found = steps_of(case, tuple(plans))
    assert list(found) == ["contact"]
    a, b = found["contact"]
    assert a[:-1] == b[:-1]
    assert b[-1] == [first.isoformat(), 0.2]
    assert steps_of(case, (plans[0], plans[0])) == {}


def test_two_outcomes_are_told_where_pairs_fall_into_two():
    from tregua.app.telling import Voice, humps

    voice, rng = Voice.of(""), np.random.default_rng(1)
    two = np.concatenate([rng.normal(-9000, 300, 70), rng.normal(-300, 100, 30)])
    low, high = humps(voice, two, "count")
    assert (low["chance"]["en"], high["chance"]["es"]) == ("70", "30")
    assert low["q50"] < -8000 < high["q50"]
    assert humps(voice, rng.normal(-9000, 300, 100), "count") is None
    assert humps(voice, two[:12], "count") is None
