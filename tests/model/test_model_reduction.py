"""The model with its switches thrown is the recruitment and incapacitation model of 2023 (Prieto-Curiel and others).

Per week dy_i/dt = y_i (rho - eta / sum(y) - theta (F y)_i - omega y_i), F_ij = (R_ij + 1) / (A_i + 1), F_ii = 0: groups
recruit in proportion to size, lose a fixed number of arrests shared by head, fight by mass action and saturate on their
own size. The start is generated: 150 groups with sizes in proportion to 1 / rank, rivals seven ranks apart, allies
eleven ranks apart.
"""

from __future__ import annotations

from datetime import date

import numpy as np
import pytest
from model_worlds import draw, held
from scipy.integrate import solve_ivp

from tregua.model.compiled import Engine
from tregua.model.setup import place
from tregua.model.simulate import Run, Simulator, simulate_history
from tregua.model.world import Area, Gang, World

GROUPS = 150
MEMBERS = 115_000.0
WEEKS = 520
WEEKS_A_YEAR = 52.18
RECRUITED = 2.527474e-3
ARRESTED = 110.0
KILLED = 1.549231e-8
CROWDED = 4e-8
# A rate per pair of members is far below the bounds of a rate per member; the reference of mixing carries the
# difference.
LEAST_CONTEST = 0.002


def weights() -> np.ndarray:
    """F, first index the victim: rivals double, allies of a group make it harder to hit."""
    rivals, allies = np.zeros((GROUPS, GROUPS)), np.zeros((GROUPS, GROUPS))
    for k in range(92):
        rivals[k, (k + 7) % GROUPS] = rivals[(k + 7) % GROUPS, k] = 1.0
    for k in range(91):
        allies[k, (k + 11) % GROUPS] = allies[(k + 11) % GROUPS, k] = 1.0
    out = (rivals + 1.0) / (allies.sum(axis=1)[:, None] + 1.0)
    np.fill_diagonal(out, 0.0)
    return out


def sizes() -> np.ndarray:
    raw = 1.0 / np.arange(1, GROUPS + 1)
    return MEMBERS * raw / raw.sum()


@pytest.fixture(scope="module")
def run(mean_field: Engine) -> Run:
    names = [f"group_{i:03d}" for i in range(GROUPS)]
    world = World(
        areas=(Area("country", "Country", 1e13, 0.5),),
        gangs=tuple(Gang(name, name, 1.0 / GROUPS, "b18") for name in names),
        start=date(2009, 1, 1),
        calmado_share=0.0,
        members_imprisoned=0.0,
        mixing_reference=LEAST_CONTEST / (WEEKS_A_YEAR * KILLED),
    )
    ground = place(
        world,
        rivalry=weights(),
        active=dict(zip(names, sizes(), strict=True)),
        arrest_mode="number",
        crowding_scope="own",
    )
    values = draw(
        recruit_rate=WEEKS_A_YEAR * RECRUITED,
        arrest_number=WEEKS_A_YEAR * ARRESTED,
        contest_rate=LEAST_CONTEST,
        capture_0=0.001,
        own_crowding=WEEKS_A_YEAR * CROWDED,
        contest_scale=0.0,
        clique_rivalry=0.0,
        member_victim_share=1.0,
        retaliation_branching=0.0,
        coercion_rate=0.0,
        calm_rate=0.0,
        rejoin_share=0.0,
        relapse_rate=0.0,
        prison_recruit=0.0,
        state_kill_rate=0.0,
        social_recruit=0.0,
        war_gain=0.0,
        adherence_threshold=3.0,
        adherence_slope=30.0,
        rival_weight=0.0,
    )
    weeks = [0, 7, 7 * (WEEKS - 1), 7 * WEEKS]
    return simulate_history(
        Simulator(world, kernel=mean_field, place=ground), values, held(), until=weeks[-1], cuts=weeks
    )


@pytest.fixture(scope="module")
def solution() -> np.ndarray:
    """Members of each group after every week, by an adaptive integrator at tight tolerance."""
    fights = weights()

    def change(week: float, y: np.ndarray) -> np.ndarray:
        return np.asarray(y * (RECRUITED - ARRESTED / y.sum() - KILLED * (fights @ y) - CROWDED * y))

    out = solve_ivp(change, (0, WEEKS), sizes(), rtol=1e-10, atol=1e-8, t_eval=[0.0, 1.0, WEEKS - 1.0, WEEKS])
    assert out.success
    return np.asarray(out.y.T)


def deaths_a_week(y: np.ndarray) -> float:
    return float(KILLED * y @ (weights() @ y))


def test_the_integrated_equations_give_the_known_answer(solution: np.ndarray) -> None:
    assert solution[-1].sum() == pytest.approx(152_424, abs=1.0)
    assert np.sort(solution[-1])[-2:].sum() == pytest.approx(32_299, abs=1.0)
    assert deaths_a_week(solution[0]) == pytest.approx(93.7, abs=0.05)
    assert deaths_a_week(solution[-1]) == pytest.approx(157.2, abs=0.05)


def test_the_engine_agrees_with_the_integrated_equations(run: Run, solution: np.ndarray) -> None:
    members = run.record.gang_stocks[-1, :, 0]
    assert members.sum() == pytest.approx(solution[-1].sum(), rel=2e-3)
    assert np.sort(members)[-2:].sum() == pytest.approx(np.sort(solution[-1])[-2:].sum(), rel=2e-3)
    assert np.allclose(members, solution[-1], rtol=5e-3)
    first, last = run.flow("deaths_gang")[[0, 2]]
    assert first == pytest.approx(deaths_a_week((solution[0] + solution[1]) / 2), rel=2e-3)
    assert last == pytest.approx(deaths_a_week((solution[2] + solution[3]) / 2), rel=2e-3)


def test_arrests_are_a_fixed_number_and_nobody_else_is_arrested(run: Run) -> None:
    arrests = run.flow("arrests_made")
    assert arrests[[0, 2]] == pytest.approx(ARRESTED, rel=2e-3)
    assert run.flow("arrests_wrongful").sum() == 0.0


def test_recruits_follow_from_the_balance(run: Run) -> None:
    members = run.stock("members_active")
    left = run.flow("arrests_made")[2] + run.flow("deaths_gang")[2]
    crowded = CROWDED * float((run.record.gang_stocks[1, :, 0] ** 2).sum())
    recruits = members[2] - members[1] + left + crowded
    assert recruits == pytest.approx(385, abs=1.0)
    assert recruits == pytest.approx(RECRUITED * members[1], rel=2e-3)
