"""What a run writes adds up, however it is cut."""

from __future__ import annotations

import math
from types import SimpleNamespace

import numpy as np
import pytest
from model_worlds import BUSY, BUSY_DRAW, changed, draw

from tregua.case.load import Case
from tregua.model.outcomes import AREA_FLOWS, FLOWS, GANG_FLOWS, GANG_STOCKS, STOCKS
from tregua.model.simulate import DAYS_PER_MONTH, Run, Simulator, simulate_history

LAST = 3000


def busy_run(simulator: Simulator, case: Case, cuts: list[int]) -> Run:
    timeline = changed(case.history, **BUSY)
    return simulate_history(simulator, BUSY_DRAW, timeline, seed=12, until=LAST, cuts=cuts, area_cuts=[0, 777, LAST])


@pytest.fixture(scope="module", params=["simulator", "mean_simulator"])
def run(request: pytest.FixtureRequest, case: Case) -> Run:
    return busy_run(request.getfixturevalue(request.param), case, [*range(0, LAST, 30), LAST])


@pytest.mark.parametrize("mode", ["simulator", "mean_simulator"])
def test_flows_between_any_days_add_up(mode: str, request: pytest.FixtureRequest, case: Case) -> None:
    simulator = request.getfixturevalue(mode)
    coarse, fine = busy_run(simulator, case, [0, 770, LAST]), busy_run(simulator, case, [0, 5, 11, 770, 2999, LAST])
    for name in FLOWS:
        assert fine.flow(name)[:3].sum() == pytest.approx(coarse.flow(name)[0], rel=1e-12)
        assert fine.flow(name)[3:].sum() == pytest.approx(coarse.flow(name)[1], rel=1e-12)
    for name in STOCKS:
        assert fine.stock(name)[2] == coarse.stock(name)[0]
        assert fine.stock(name)[4] == coarse.stock(name)[1]


def test_killings_are_the_sum_of_their_kinds(run: Run) -> None:
    kinds = ("deaths_gang", "deaths_coercion", "deaths_background", "deaths_by_state", "deaths_of_state")
    assert np.allclose(run.flow("homicides"), sum(run.flow(kind) for kind in kinds), rtol=1e-12)
    assert np.allclose(run.flow("homicides_recorded"), run.flow("homicides") - run.flow("homicides_hidden"), rtol=1e-12)


def test_areas_and_gangs_add_up_to_the_country(run: Run) -> None:
    record = run.record
    for j, name in enumerate(AREA_FLOWS):
        assert record.area_flows[:, :, j].sum() == pytest.approx(run.flow(name).sum(), rel=1e-12)
    for j, name in enumerate(GANG_FLOWS):
        assert np.allclose(record.gang_flows[:, :, j].sum(axis=1), run.flow(name), rtol=1e-12)
    for name in ("members_active", "calmados", "members_imprisoned"):
        by_gang = record.gang_stocks[:, :, GANG_STOCKS.index(name)].sum(axis=1)
        assert np.allclose(by_gang, run.record.stocks[:, STOCKS.index(name)], rtol=1e-12)
    people = record.area_stocks[-1].sum(axis=(0, 1))
    for j, name in enumerate(("members_active", "calmados", "members_imprisoned", "youth_detained")):
        assert people[j] == pytest.approx(run.stock(name)[-1], rel=1e-12)


def test_wrongful_arrests_are_a_part_of_arrests_and_minors_a_share(run: Run) -> None:
    assert (run.flow("arrests_wrongful") <= run.flow("arrests_made")).all()
    assert np.allclose(run.flow("minors_detained"), BUSY_DRAW["minor_share"] * run.flow("arrests_made"), rtol=1e-9)


def test_disappearance_reports_follow_hidden_bodies(run: Run) -> None:
    years = np.diff(run.record.cuts) / 365.25
    expected = BUSY_DRAW["disap_background"] * years + run.flow("homicides_hidden") / BUSY_DRAW["disappearance_ratio"]
    assert np.allclose(run.flow("disappearance_reports"), expected, rtol=1e-9)


def test_truce_years_count_the_weeks_above_the_threshold(run: Run) -> None:
    lengths = np.diff(run.edges) / 365.25
    complied = run.record.weekly[:, 0]
    assert run.flow("truce_years").sum() == pytest.approx(lengths[complied > 0.35].sum(), rel=1e-9)


def test_the_dead_and_the_exited_never_come_back(run: Run) -> None:
    for name in ("members_dead", "members_exited"):
        assert (np.diff(run.stock(name)) >= 0).all()


def test_votes_are_capped(mean_simulator: Simulator, case: Case) -> None:
    run = simulate_history(mean_simulator, draw(votes_per_member=15.0), case.history, until=400, cuts=[0, 400])
    assert 300_000 < run.stock("votes_deliverable")[0] <= 500_000
    # fifteen votes a member would be more than half a million with half as many members again
    more = simulate_history(
        mean_simulator, draw(votes_per_member=15.0, recruit_rate=0.9), case.history, until=1400, cuts=[0, 1400]
    )
    assert more.stock("votes_deliverable")[0] == 500_000


def test_political_capital_asks_how_votes_changed_and_not_how_many_a_member_brings(
    mean_simulator: Simulator, case: Case
) -> None:
    runs = [
        simulate_history(mean_simulator, draw(votes_per_member=votes), case.history, until=1400, cuts=[0, 1400])
        for votes in (0.0, 5.0)
    ]
    assert runs[0].stock("capital_political")[0] == runs[1].stock("capital_political")[0]
    assert runs[0].stock("votes_deliverable")[0] == 0.0 < runs[1].stock("votes_deliverable")[0]


def test_the_structural_end_is_the_first_fall_under_half_of_the_peak(mean_simulator: Simulator, case: Case) -> None:
    since, th = mean_simulator.start(draw(), case.history, 0)
    past = mean_simulator.run(th, since, case.history, 1162)
    truce = mean_simulator.run(th, past.end, case.history, 4017)
    months, left = truce.structural_end()
    complied = truce.record.weekly[:, 0]
    week = round(months * DAYS_PER_MONTH / 7)
    assert complied[week] < 0.5 * complied[:week].max() <= complied[week - 1] + 1e-12
    assert 14 <= months <= 30
    two_years = week + math.ceil(24 * DAYS_PER_MONTH / 7)
    assert left == truce.record.weekly[two_years, 1]
    assert all(math.isnan(x) for x in truce.structural_end(horizon_days=60))
    assert all(math.isnan(x) for x in past.structural_end())


def test_command_is_read_on_the_day_two_years_after_the_end_of_a_truce() -> None:
    complied = [0.6] * 10 + [0.2] * 30
    weekly = np.column_stack([complied, np.arange(len(complied)) / 100])
    months = np.arange(len(complied) + 1) * DAYS_PER_MONTH
    run = Run(SimpleNamespace(weekly=weekly), months, None)  # type: ignore[arg-type]
    assert run.structural_end() == (10.0, 0.34)
