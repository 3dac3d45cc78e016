"""The week overheard: nobody moves who did not move in the compiled history."""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest

from tregua.model import draws, setup
from tregua.model.declare import DEFAULTS
from tregua.model.levers import Timeline
from tregua.model.moves import DRIVES, Listener
from tregua.model.simulate import Simulator
from tregua.model.world import Area, Gang, World


@pytest.fixture(scope="module")
def overheard():
    areas = (Area("north", "north", 400_000.0, 0.6), Area("south", "south", 250_000.0, 0.3))
    gangs = (Gang("a", "a", 0.6, "ms13"), Gang("b", "b", 0.4, "b18"))
    simulator = Simulator(World(areas, gangs, date(2009, 1, 1)))
    line = Timeline({"contact": ((0, 0.8),), "concession": ((0, 0.7),), "arrests": ((0, 3.0),), "lethal": ((0, 2.0),),
                     "programme": ((0, 1.0),), "prosecute_principals": ((0, 0.5),)})  # fmt: skip
    since, th = simulator.start(DEFAULTS, line, draws.history_key(5, 1, 0))
    start = simulator.run(th, since, line, 140.0).end
    course = simulator.course(line, 140.0, 140.0 + 28.0)
    run = simulator.follow(th, start, course, cuts=[140.0, 168.0])
    window, end = Listener().follow(simulator.place, th, start, course)
    return start, run, window, end


def total(state, name):
    return float(np.asarray(state.cell[name]).sum())


def test_the_plain_week_is_the_compiled_week(overheard):
    _, run, _, end = overheard
    for plain, compiled in zip(end.state, run.end.state, strict=True):
        assert np.array_equal(np.asarray(plain), np.asarray(compiled))
    assert (end.step, end.day) == (run.end.step, run.end.day)


@pytest.mark.parametrize("place", ["active", "calmados", "imprisoned"])
def test_who_came_less_who_left_is_how_the_stock_changed(overheard, place):
    start, run, window, _ = overheard
    node = {"active": "active", "calmados": "calmado", "imprisoned": "prison"}[place]
    came = sum(people for (_, to), people in window.moves.items() if to == node)
    left = sum(people for (away, _), people in window.moves.items() if away == node)
    assert came > 0
    assert came - left == total(run.end.state, place) - total(start.state, place)


def test_nobody_at_rest_is_arrested_where_arrests_come_by_number():
    world = World((Area("north", "north", 400_000.0, 0.6),), (Gang("a", "a", 1.0, "ms13"),), date(2009, 1, 1))
    line = Timeline({"arrests": ((0, 3.0),)})
    arrested = {}
    for mode in ("number", "hazard"):
        simulator = Simulator(world, place=setup.place(world, 0, arrest_mode=mode))
        since, th = simulator.start(DEFAULTS, line, draws.history_key(5, 1, 0))
        window, end = Listener().follow(simulator.place, th, since, simulator.course(line, 0.0, 364.0))
        assert total(end.state, "calmados") > 0
        arrested[mode] = window.moves["calmado", "prison"]
    assert arrested["hazard"] > 0, "elsewhere some are"
    assert arrested["number"] == 0


def test_those_who_died_and_left_are_those_of_the_record(overheard):
    start, run, window, _ = overheard
    dead = sum(people for (_, to), people in window.moves.items() if to == "dead")
    assert dead == run.end.state.nation[0].dead - start.state.nation[0].dead
    assert window.moves["calmado", "exited"] == run.end.state.nation[0].exited - start.state.nation[0].exited
    held = np.asarray(run.end.state.area["detained"]).sum() - np.asarray(start.state.area["detained"]).sum()
    moves = window.moves
    assert moves["youth", "detained"] - moves["detained", "youth"] - moves["detained", "active"] == held
    assert (
        moves["active", "prison"] + moves["calmado", "prison"] + moves["youth", "detained"]
        == run.flow("arrests_made")[0]
    )


def test_the_terms_of_each_capital_add_up_to_its_change(overheard):
    start, run, window, _ = overheard
    for name, field in (("capital_political", "political"), ("capital_criminal", "chest")):
        change = np.mean(np.asarray(run.end.state.gang[field]) - np.asarray(start.state.gang[field]))
        assert sum(window.drives[name].values()) == pytest.approx(change, rel=1e-9, abs=1e-12)


def test_the_terms_are_those_of_the_equations(overheard):
    """Over one week the rates of the terms, times its length, are the change but for the curvature of the step."""
    from tregua.model.mechanisms import capital, command, politics
    from tregua.model.moves import bonding_terms, chest_terms, command_terms, political_terms
    from tregua.model.simulate import theta

    th, years = theta(DEFAULTS, _declared()), 7.0 / 365.25
    lever = Timeline({"pacts": ((0, 0.6),), "prosecute_principals": ((0, 0.4),), "legal": ((0, 1.0),),
                      "transparency": ((0, 0.5),)}).sample(np.array([0.0, 7.0])).view(np.recarray)[0]  # fmt: skip
    trials = [
        (bonding_terms, capital.bonding_capital, (th, 0.3, 0.2, 0.6, 0.4, 0.9, 1.4, years), 1),
        (political_terms, politics.political_capital, (th, lever, 0.35, 1.3, 0.8, 0.6, years), 2),
        (chest_terms, capital.war_chest, (1.2, 0.7, 0.3, years), 0),
        (command_terms, command.command_step, (th, 0.55, 0.6, 1.4, 0.3, 0.4, 0.1, years), 1),
    ]
    for terms, step, given, place in trials:
        change = step(*given) - given[place]
        assert sum(terms(*given).values()) * years == pytest.approx(change, rel=0.02), terms.__name__
        assert abs(change) > 1e-5


def test_every_term_is_named_in_the_order_of_its_equation(overheard):
    assert {name: tuple(terms) for name, terms in overheard[2].drives.items()} == dict(DRIVES)


def _declared():
    from tregua.model.declare import PARAMETERS

    return PARAMETERS
