"""Readings laid over the recorded levers."""

from __future__ import annotations

from datetime import date

from tregua.case.load import load_case


def test_a_reading_of_the_truce_leaves_the_later_halt_of_the_gangs_standing() -> None:
    case = load_case("el_salvador_2012")
    line = case.readings["fall_not_concessions"].apply(case.history)

    def at(year: int, month: int, day: int) -> float:
        return line.at("own_halt", (date(year, month, day) - case.start).days)

    assert [at(2012, 3, 8), at(2013, 7, 1), at(2014, 3, 1), at(2016, 3, 26)] == [0.97, 0.7, 0.0, 0.9]


def test_a_reading_wins_on_the_day_that_it_shares_with_the_record() -> None:
    case = load_case("el_salvador_2012")
    line = case.readings["measures_not_halt"].apply(case.history)
    assert line.at("own_halt", (date(2016, 3, 26) - case.start).days) == 0.0
    assert line.at("own_halt", (date(2019, 1, 1) - case.start).days) == 0.0


def test_the_end_of_the_halt_stands_under_a_reading_of_the_truce() -> None:
    case = load_case("el_salvador_2012")
    decision = case.decisions["2017"]
    held, ended = (
        case.readings["fall_not_concessions"].apply(
            decision.timeline(decision.arms["no_truce"], case.history, halt_ends=ends)
        )
        for ends in (False, True)
    )
    assert held.at("own_halt", decision.day + 10) == 0.9
    assert ended.at("own_halt", decision.day + 10) == 0.0
