"""Limits and known answers: steps, large numbers, steady start, self-excitement, signs, and the negative controls."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from itertools import pairwise

import numpy as np
import pytest
from model_worlds import changed, draw, held, small_world

from tregua.case.load import Case
from tregua.model import draws
from tregua.model.compiled import Engine
from tregua.model.levers import Timeline
from tregua.model.mechanisms import command, extortion
from tregua.model.setup import place
from tregua.model.simulate import Run, Simulator, simulate_history, theta
from tregua.model.world import World

YEARS = [0, 365, 730, 1095, 1461, 1826, 2191, 2556, 2922]
TRUCE = 1162
NO_TRUCE = {"adherence_threshold": 3.0, "rival_weight": 0.0}


def homicides(simulator: Simulator, values: dict[str, float], timeline: Timeline, cuts: Sequence[float]) -> np.ndarray:
    return simulate_history(simulator, values, timeline, until=cuts[-1], breaks=(TRUCE,), cuts=cuts).flow("homicides")


# step length and large numbers


@pytest.mark.parametrize("step", [3.5, 1.0])
def test_the_length_of_the_step_changes_no_yearly_total_by_a_percent(
    step: float, mean_simulator: Simulator, case: Case
) -> None:
    totals = {}
    for days in (7.0, step):
        run = simulate_history(
            mean_simulator, draw(), case.history, until=YEARS[-1], step=days, breaks=(TRUCE,), cuts=YEARS
        )
        totals[days] = np.stack(
            [run.flow(name) for name in ("homicides", "extortion_paid", "arrests_made", "disappearance_reports")]
        )
    assert np.abs(totals[step] / totals[7.0] - 1).max() < 0.01


def scaled(world: World, times: float) -> World:
    return replace(
        world,
        areas=tuple(replace(a, population=a.population * times) for a in world.areas),
        members_active=world.members_active * times,
        members_imprisoned=world.members_imprisoned * times,
    )


def test_chance_averages_out_as_people_grow(case: Case, stochastic: Engine, mean_field: Engine) -> None:
    # what stays random however many people there are is switched off: moods, and scandals that come one by one
    values = draw(
        leader_noise=0.0, local_volatility=0.0, exposure_rate=0.0, type_genuine=1.0, type_dual=0.0, type_agent=0.0
    )
    gaps = []
    for times in (1.0, 400.0):
        world = scaled(case.world, times)
        split = place(world, 1)
        expected = homicides(Simulator(world, kernel=mean_field, place=split), values, case.history, YEARS)
        realised = homicides(Simulator(world, kernel=stochastic, place=split), values, case.history, YEARS)
        gaps.append(np.abs(realised / expected - 1.0).max())
    assert gaps[0] > 5 * gaps[1]
    assert gaps[1] < 0.01


@pytest.mark.parametrize(("values", "within"), [({"leader_noise": 0.0}, 0.006), ({}, 0.025)])
def test_the_mean_over_chance_is_near_the_mean_field_in_every_year(
    values: dict[str, float], within: float, case: Case, simulator: Simulator, mean_simulator: Simulator
) -> None:
    # moods of leaders shake a truce that stands near its threshold: with them 2013 lies two percent higher
    runs = np.array(
        [
            simulate_history(
                simulator, draw(**values), case.history, luck=k, until=1826, breaks=(TRUCE,), cuts=YEARS[:6]
            ).flow("homicides")
            for k in range(150)
        ]
    )
    error = runs.std(axis=0) / np.sqrt(len(runs))
    expected = homicides(mean_simulator, draw(**values), case.history, YEARS[:6])
    assert (np.abs(runs.mean(axis=0) - expected) < within * expected + 3.5 * error).all()


def test_the_mode_gives_the_known_answers_of_its_prototype(case: Case, mean_field: Engine) -> None:
    """Recorded homicides, stocks and reports as an independent prototype gave them at the same parameters."""
    day = case.world.day
    years = [day(date(year, 1, 1)) for year in range(2009, 2018)]
    halves = [day(date(2011, 1, 1)), day(date(2011, 7, 1)), day(date(2012, 1, 1)), day(date(2012, 7, 1))]
    recorded, reports, imprisoned, killed = [], [], [], []
    for seed in range(6):
        simulator = Simulator(case.world, setup_seed=seed, kernel=mean_field)
        cuts = sorted({*years, *halves, day(date(2009, 8, 7)), day(date(2013, 5, 26))})
        run = simulate_history(simulator, draw(), case.history, until=years[-1], breaks=(TRUCE,), cuts=cuts)
        edges = np.array(cuts[1:])

        def yearly(name: str, run: Run = run, edges: np.ndarray = edges) -> list[float]:
            total = np.cumsum(run.flow(name))
            return np.diff([0.0, *(total[np.searchsorted(edges, y)] for y in years[1:])]).tolist()

        recorded.append(yearly("homicides_recorded"))
        killed.append(yearly("deaths_by_state")[4:7])
        reports.append(run.flow("disappearance_reports")[[np.searchsorted(edges, halves[k]) for k in (1, 3)]])
        imprisoned.append(run.stock("members_imprisoned")[[cuts.index(day(date(2009, 8, 7))) - 1]])
    assert np.mean(recorded, axis=0)[:6] == pytest.approx([4304, 4366, 4439, 2563, 2453, 4422], rel=0.012)
    assert np.mean(killed, axis=0) == pytest.approx([25, 135, 545], rel=0.03)
    assert np.mean(reports, axis=0) == pytest.approx([800, 811], rel=0.005)
    assert np.mean(imprisoned) == pytest.approx(7494, rel=0.005)


# signs


def killings_of_the_truce(mean_simulator: Simulator, case: Case, **values: float) -> float:
    """Killings of the first fifteen months of the truce as it happened."""
    return float(homicides(mean_simulator, draw(**values), case.history, [TRUCE, TRUCE + 456])[0])


@pytest.mark.parametrize(
    ("name", "sign"),
    [
        ("command_0_ms13", -1),
        ("command_0_b18", -1),
        ("obedience_power", -1),
        ("rival_weight", -1),
        ("adherence_threshold", 1),
        ("betrayal_weight", 1),
    ],
)
def test_killings_of_the_truce_move_with_what_holds_it(
    name: str, sign: int, mean_simulator: Simulator, case: Case
) -> None:
    default = draw()[name]
    path = [
        killings_of_the_truce(mean_simulator, case, **{name: default * factor})
        for factor in (0.9, 0.95, 1.0, 1.05, 1.1)
    ]
    assert all(sign * (b - a) > 0 for a, b in pairwise(path)), path


def test_take_does_not_fall_with_compliance_unless_the_bargain_covers_it() -> None:
    th = theta(draw(), _parameters())
    for collusion in (0.0, 0.3, 1.0):
        takes = [extortion.burden(th, 1.0, collusion * k, k, 0.0) for k in np.linspace(0, 1, 11)]
        assert (np.diff(takes) >= 0).all()
    covered = [extortion.burden(th, 1.0, 0.0, k, 0.5) for k in np.linspace(0, 1, 11)]
    assert (np.diff(covered) < 0).all()


def test_extortion_does_not_fall_in_a_truce(mean_simulator: Simulator, case: Case) -> None:
    decision = case.decisions["2012"]
    paid = {}
    for name in ("no_truce", "open_truce", "open_truce_extortion"):
        timeline = decision.timeline(decision.arms[name], case.history)
        run = simulate_history(
            mean_simulator, draw(), timeline, until=TRUCE + 456, breaks=(TRUCE,), cuts=[TRUCE, TRUCE + 456]
        )
        paid[name] = run.flow("extortion_paid")[0]
    assert paid["open_truce"] > paid["no_truce"] > paid["open_truce_extortion"]


def _parameters() -> dict[str, object]:
    from tregua.model.declare import PARAMETERS

    return dict(PARAMETERS)


# steady start


def test_capitals_stay_where_they_start_while_nothing_changes(mean_field: Engine) -> None:
    from tregua.model.synthetic import synthetic_country

    # nobody joins, leaves or dies, and nobody adheres: then membership is constant and no restraint is earned upon
    still = draw(
        **NO_TRUCE,
        recruit_rate=0.0,
        arrest_rate=0.0,
        calm_rate=0.0,
        state_kill_rate=0.0,
        member_victim_share=0.0,
        custody_death_rate=0.0,
        relapse_rate=0.0,
        type_genuine=0.25,
        type_dual=0.25,
        type_agent=0.5,
    )
    still["adherence_slope"] = 30.0
    for world in (small_world(4, 3, calmado_share=0.0), synthetic_country(50, 2)):
        world = replace(world, calmado_share=0.0, members_imprisoned=0.0)
        split = place(world, 2)
        # prisoners who never leave: a gang needs some, or its command has nothing to grow from
        split.gang["prison_reference"] = 0.2
        split.cell["imprisoned"] = split.cell["active"] * 0.25
        values = dict(still, release_rate=0.05, rejoin_share=0.0)
        run = simulate_history(Simulator(world, kernel=mean_field, place=split), values, held(), until=7, cuts=[0, 7])
        state = run.end.state
        assert np.allclose(state.cell["bonding"], values["social_0"], rtol=1e-12)
        assert np.allclose(state.cell["captured"], values["capture_0"], rtol=1e-12)
        assert np.allclose(state.gang["political"], values["politics_0"], rtol=1e-9)
        assert np.allclose(state.gang["linking"], values["linking_0"], rtol=1e-9)
        assert np.allclose(state.gang["chest"], 1.0, rtol=1e-9)
        assert np.allclose(state.gang["hiding"], 0.0, atol=1e-12)
        assert (state.gang["betrayal"] == 0.0).all()
        start = [values[f"command_0_{g.family}"] for g in sorted(world.gangs, key=lambda g: g.id)]
        assert np.allclose(state.gang["command"], start, rtol=1e-9)


@pytest.mark.parametrize("roles", [0, 1, 4])
def test_nobody_is_betrayed_under_the_levers_of_the_start(roles: int, stochastic: Engine) -> None:
    world = small_world(2, 2, broker_roles=tuple(f"role_{j}" for j in range(roles)))
    run = simulate_history(Simulator(world, kernel=stochastic), draw(**NO_TRUCE), held(), until=700, cuts=[0, 700])
    assert run.stock("betrayal")[0] == 0.0


def test_three_quiet_years_leave_the_capitals_where_they_were(mean_simulator: Simulator, case: Case) -> None:
    run = simulate_history(mean_simulator, draw(), case.history, until=1095, cuts=[0, 7, 1095])
    for name in ("capital_bonding", "capital_political", "capital_linking", "capital_criminal", "command"):
        first, last = run.stock(name)
        assert last == pytest.approx(first, rel=0.06), name


def test_the_killings_remembered_at_the_start_are_those_of_the_first_weeks(case: Case, mean_field: Engine) -> None:
    run = simulate_history(
        Simulator(case.world, setup_seed=1, kernel=mean_field), draw(**NO_TRUCE), held(), until=14, cuts=[0, 7, 14]
    )
    first, second = run.flow("deaths_gang")
    assert second == pytest.approx(first, rel=2e-3)


# self-excitement


def yearly_dispersion(n: float, base: float, years: float, steps: int, days: float, memory: float) -> float:
    """Variance over mean of the yearly count of the self-exciting process, exact for whole steps.

    Killings of a step are Poisson at rate base + n R, and R follows them by the share p: an autoregression in R.
    """
    p = 1.0 - np.exp(-365.25 / memory * years)
    mean = base / (1.0 - n)
    noise = mean / years
    kept = 1.0 - p * (1.0 - n)
    variance_r = p * p * noise / (1.0 - kept * kept)
    rate_variance = n * n * variance_r + noise
    lag_one = n * (n * kept * variance_r + p * noise)
    lags = np.arange(1, steps)
    covariance = n * kept ** (lags - 1) * (n * kept * variance_r + p * noise)
    assert covariance[0] == pytest.approx(lag_one)
    total = steps * rate_variance + 2 * ((steps - lags) * covariance).sum()
    return float(total * years / (steps * mean))


@pytest.mark.parametrize("n", [0.3, 0.6])
def test_two_equal_gangs_without_compliance_are_a_self_exciting_process(n: float, stochastic: Engine) -> None:
    members, per_run, runs = 2000.0, 20, 40
    world = replace(small_world(1, 2), calmado_share=0.0, members_imprisoned=0.0)
    split = place(world, 0, active={"gang_0": members / 2, "gang_1": members / 2})
    values = draw(
        **NO_TRUCE,
        clique_rivalry=0.0,
        retaliation_branching=n,
        contest_rate=0.045,
        member_victim_share=0.0,
        local_volatility=0.0,
        leader_noise=0.0,
        coercion_rate=0.0,
        recruit_rate=0.0,
        arrest_rate=0.0,
        calm_rate=0.0,
        state_kill_rate=0.0,
        custody_death_rate=0.0,
        interrupt=0.0,
    )
    values["adherence_slope"] = 30.0
    year = 52 * 7
    simulator = Simulator(world, kernel=stochastic, place=split)
    cuts = [year * k for k in range(1, per_run + 2)]
    counts = np.concatenate(
        [
            simulate_history(simulator, values, held(), luck=k, until=cuts[-1], cuts=cuts).flow("deaths_gang")
            for k in range(runs)
        ]
    )
    step = 7 / 365.25
    base = values["contest_rate"] * members
    mean = base * 52 * step / (1.0 - n)
    dispersion = yearly_dispersion(n, base, step, 52, 7.0, values["retaliation_days"])
    assert 1.0 / (1.0 - n) < dispersion < 1.0 / (1.0 - n) ** 2
    error = np.sqrt(mean * dispersion / len(counts))
    assert counts.mean() == pytest.approx(mean, abs=3.5 * error)
    assert counts.var(ddof=1) / counts.mean() == pytest.approx(dispersion, rel=3.5 * np.sqrt(2.0 / len(counts)))


# negative controls (mean-field, defaults)


def truce_ratio(mean_simulator: Simulator, case: Case, times: float) -> float:
    default = draw()
    values = draw(command_0_ms13=default["command_0_ms13"] * times, command_0_b18=default["command_0_b18"] * times)
    before, during = homicides(mean_simulator, values, case.history, [TRUCE - 365, TRUCE, TRUCE + 365])
    return float(during / before)


def test_the_truce_halves_killing_only_where_command_can_carry_it(mean_simulator: Simulator, case: Case) -> None:
    assert truce_ratio(mean_simulator, case, 1.0) < 0.65
    assert truce_ratio(mean_simulator, case, 0.5) >= 0.8
    assert 0.9 <= truce_ratio(mean_simulator, case, 0.25) <= 1.05


def test_one_gang_in_the_place_of_three_lowers_killing_by_a_fifth_at_most(case: Case, mean_field: Engine) -> None:
    values = draw()
    pack = Simulator(case.world, setup_seed=1, kernel=mean_field)
    since, _ = pack.start(values, case.history, 0)
    mixing = float(since.state.nation["mixing"][0])
    largest = replace(max(case.world.gangs, key=lambda g: g.share), share=1.0)
    monopoly = Simulator(
        replace(case.world, gangs=(largest,), mixing_reference=mixing), setup_seed=1, kernel=mean_field
    )
    change = homicides(monopoly, values, case.history, [0, 730]) / homicides(pack, values, case.history, [0, 730]) - 1
    assert -0.20 <= change[0] <= 0.0


def test_a_halt_of_their_own_needs_no_contact_and_a_concession_does(mean_simulator: Simulator, case: Case) -> None:
    quiet = case.history.hold_from(TRUCE)
    killings = {}
    for name, paths in {
        "nothing": {},
        "own halt": {"own_halt": ((TRUCE, 0.9),), "contact": ((0, 0.35), (TRUCE, 0.0))},
        "concession": {"concession": ((TRUCE, 1.0),), "contact": ((0, 0.35), (TRUCE, 0.0))},
    }.items():
        timeline = changed(quiet, **paths)
        killings[name] = homicides(mean_simulator, draw(), timeline, [TRUCE, TRUCE + 365])[0]
    assert killings["own halt"] < 0.8 * killings["nothing"]
    assert killings["concession"] == pytest.approx(killings["nothing"], rel=0.05)


def test_without_command_nothing_is_obeyed_and_command_does_not_come_back(
    mean_simulator: Simulator, case: Case
) -> None:
    values = draw()
    since, th = mean_simulator.start(values, case.history, draws.history_key(0, 0, 0))
    since.state.gang["command"] = 0.0
    timeline = held(contact=1.0, concession=1.0, commitment=1.0, programme=1.0, own_halt=1.0)
    run = mean_simulator.run(th, since, timeline, 730, cuts=[0, 730])
    assert (run.end.state.gang["command"] == 0.0).all()
    assert (run.end.state.gang["mean_compliance"] == 0.0).all()
    assert (run.record.weekly == 0.0).all()
    assert command.obedience(command.obedience_odds(th, 0.0, 1.0, 0.0), 1e300) == 0.0


def test_sixty_years_under_the_levers_of_2009_neither_explode_nor_die_out(
    mean_simulator: Simulator, case: Case
) -> None:
    days = 60 * 365
    run = simulate_history(mean_simulator, draw(), held(), until=days, cuts=[0, 365, days - 3650, days])
    active = run.stock("members_active")
    assert 20_000 < active[0] < active[2] < 100_000
    assert active[2] == pytest.approx(active[1], rel=0.1)
