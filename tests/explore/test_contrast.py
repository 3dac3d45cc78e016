"""Paired contrasts against hand calculation, brute force and repeated trials."""

from __future__ import annotations

import math
import time
from typing import Any

import numpy as np
import pytest
from cubes import cube_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tregua.errors import StoreError
from tregua.explore.contrast import contrasts, differences, spread
from tregua.runs.cube import Cube


def test_a_small_table_by_hand() -> None:
    # Reference 10, 20, 30, 40; the arm is lower by 2, 4, 6 and higher by 1.
    cube = cube_of([[[[[10], [20], [30], [40]]], [[[8], [16], [24], [41]]]]])
    row = contrasts(cube).at("arm_1", "homicides", 5)
    assert (row["n"], row["q50"], row["mean"]) == (4, -3.0, -2.75)
    assert (row["p_fall"], row["p_rise"]) == (0.75, 0.25)
    # Sorted differences -6, -4, -2, 1: the 5 % point lies 0.15 of the way from the first to the second.
    assert row["q05"] == pytest.approx(-5.7)
    assert row["q95"] == pytest.approx(0.55)
    # Mean -2.75, deviations 0.75, -1.25, -3.25, 3.75.
    assert row["mcse_mean"] == pytest.approx(math.sqrt((0.75**2 + 1.25**2 + 3.25**2 + 3.75**2) / 3 / 4))
    # Two errors of a share of one half among four are a whole half on either side: all the way from -6 to 1.
    assert row["mcse"] == pytest.approx((1 - -6) / 4)
    reference, arm = np.array([10, 20, 30, 40.0]), np.array([8, 16, 24, 41.0])
    assert row["pairing"] == pytest.approx((reference.var(ddof=1) + arm.var(ddof=1)) / (arm - reference).var(ddof=1))
    level = contrasts(cube).level
    assert level.median[0, 0, 0] == 25.0


@settings(deadline=None)
@given(st.data())
def test_contrasts_agree_with_brute_force(data: st.DataObject) -> None:
    r, a, o, d, k = (data.draw(st.integers(1, 3), label=n) for n in "raodk")
    rng = np.random.default_rng(data.draw(st.integers(0, 10**6)))
    values = np.round(rng.normal(0, 3, (r, a + 1, o, d, k)), 1)
    values[rng.random(values.shape) < 0.15] = np.nan
    lost = [("default", "arm_1", int(rng.integers(d)), int(rng.integers(k)))] if data.draw(st.booleans()) else []
    cube = cube_of(values, failed=lost)
    made = contrasts(cube)
    for i, reading in enumerate(cube.readings):
        for j in range(1, a + 1):
            for m, outcome in enumerate(cube.outcomes):
                pairs = [
                    (draw, values[i, j, m, draw, luck] - values[i, 0, m, draw, luck])
                    for draw in range(d)
                    for luck in range(k)
                    if not (reading == "default" and (draw, luck) in [x[2:] for x in lost])
                ]
                pairs = [pair for pair in pairs if not math.isnan(pair[1])]
                row = made.at(f"arm_{j}", outcome, 5, reading)
                assert row["n"] == len(pairs)
                if not pairs:
                    assert row["q50"] is None
                    assert row["mean"] is None
                    continue
                x = np.array([value for _, value in pairs])
                assert row["status"] == "computed"
                assert [row["q05"], row["q50"], row["q95"]] == pytest.approx(
                    np.quantile(x, (0.05, 0.5, 0.95)), abs=1e-12
                )
                assert row["mean"] == pytest.approx(x.mean(), abs=1e-12)
                assert row["p_fall"] == pytest.approx(np.mean(x < 0))
                assert row["p_rise"] == pytest.approx(np.mean(x > 0))
                groups: dict[int, float] = {}
                for draw, value in pairs:
                    groups[draw] = groups.get(draw, 0.0) + value - x.mean()
                if len(groups) > 1:
                    wanted = math.sqrt(len(groups) / (len(groups) - 1) * sum(v * v for v in groups.values())) / len(x)
                    assert row["mcse_mean"] == pytest.approx(wanted, abs=1e-12)
                else:
                    assert row["mcse"] is None
                got, of = differences(cube, f"arm_{j}", outcome, 5, reading)
                assert got.tolist() == x.tolist()
                assert of.tolist() == [draw for draw, _ in pairs]


SHAPES = {
    "normal": lambda rng, size: rng.normal(size=size),
    "skewed": lambda rng, size: rng.exponential(size=size),
    "heavy": lambda rng, size: rng.standard_t(3, size=size),
}


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("luck", [1, 4])
def test_monte_carlo_errors_are_those_of_repeated_trials(shape: str, luck: int) -> None:
    rng = np.random.default_rng(20120308)
    trials, draws = 1500, 100
    x = SHAPES[shape](rng, (trials, draws, 1)) + 0.5 * SHAPES[shape](rng, (trials, draws, luck))
    made = spread(x.reshape(trials, -1), np.repeat(np.arange(draws), luck))
    for number, error, slack in (("median", "mcse", 0.08), ("mean", "mcse_mean", 0.08), ("q05", "mcse_q05", 0.2),
                                 ("q95", "mcse_q95", 0.2), ("p_fall", "mcse_p", 0.08)):  # fmt: skip
        true = getattr(made, number).std()
        if true > 0:
            assert getattr(made, error).mean() == pytest.approx(true, rel=slack), number


def test_replicates_of_one_draw_do_not_count_as_new_draws() -> None:
    x = np.random.default_rng(2).normal(size=60)
    once = spread(x, np.arange(60))
    copied = spread(np.repeat(x, 5), np.repeat(np.arange(60), 5))
    assert copied.n == 300
    assert copied.mcse_mean == pytest.approx(once.mcse_mean)
    assert copied.mcse_p == pytest.approx(once.mcse_p)
    assert copied.mcse > 0.8 * once.mcse


def test_equal_pairs_have_no_error() -> None:
    made = spread(np.full((1, 50), -3.0), np.arange(50))
    assert (made.median[0], made.mcse[0], made.mcse_q05[0], made.p_fall[0]) == (-3.0, 0.0, 0.0, 1.0)


def noisy(*shifts: list[float], draws: int = 100, scale: float = 1.0, seed: int = 1) -> Any:
    """Values whose contrast under reading i and arm j is shifts[i][j] with unit noise."""
    rng = np.random.default_rng(seed)
    base = rng.normal(100, 20, (len(shifts), 1, 1, draws, 1))
    shift = np.array([[0.0, *row] for row in shifts])[:, :, None, None, None]
    noise = rng.normal(0, scale, (*shift.shape[:2], 1, draws, 1))
    noise[:, 0] = 0
    return base + shift + noise


def test_a_flip_is_another_sign_than_the_default_beyond_error() -> None:
    cube = cube_of(noisy([-1.0, -1.0, 1.0], [1.0, -1.0, 1.0], [0.01, 0.01, -0.01]))
    made = contrasts(cube)
    assert made.flip[:, :, 0, 0].tolist() == [[False] * 3, [True, False, False], [False] * 3]
    assert made.changes_sign[:, 0, 0].tolist() == [True, False, False]
    assert made.signs("arm_1", "homicides", 5) == {
        "falls": ["default"], "rises": ["reading_1"], "unclear": ["reading_2"],
        "refit_needed": [], "not_run": [], "not_defined": [],
    }  # fmt: skip
    rows = made.rows(arms={"arm_1"}, readings={"reading_1"})
    assert [(row["flip"], row["changes_sign"]) for row in rows] == [(True, True)]


def test_a_change_of_sign_shows_although_the_default_is_undecided() -> None:
    shifts = ([0.0, 0.0, 0.0], [1.0, 1.0, 1.0], [-1.0, 1.0, -1.0], [0.0, -1.0, -1.0])
    made = contrasts(cube_of(noisy(*shifts, seed=3)))
    assert made.sign[0].ravel().tolist() == [0, 0, 0]
    assert made.changes_sign.all()
    # Of as many on either side those that rise, else those on the side of the fewer.
    flips = made.flip[:, :, 0, 0].T.tolist()
    assert flips == [[False, True, False, False], [False, False, False, True], [False, True, False, False]]
    assert [row["sign"] for row in made.rows(arms={"arm_1"})] == [0, 1, -1, 0]


def test_some_reading_flips_exactly_where_the_sign_changes() -> None:
    rng = np.random.default_rng(4)
    values = noisy(*rng.choice([-1.0, 0.0, 1.0], (5, 60)).tolist(), seed=5)
    for readings in (None, ("a", "b", "c", "d", "e")):
        made = contrasts(cube_of(values, readings=readings))
        assert (made.flip.any(axis=0) == made.changes_sign).all()
        assert 0.3 < made.changes_sign.mean() < 1.0
        assert not (made.flip & (made.sign == 0)).any()


def test_a_sign_is_told_by_chance_in_five_of_a_hundred_trials_at_most() -> None:
    rng = np.random.default_rng(9)
    for draws, luck in ((6, 1), (24, 1), (100, 1), (60, 3)):
        x = rng.normal(size=(4000, draws, 1)) + rng.normal(size=(4000, draws, luck))
        made = spread(x.reshape(4000, -1), np.repeat(np.arange(draws), luck))
        told = (made.low > 0) | (made.high < 0)
        # 5 of 100 and four errors of 4,000 trials.
        assert told.mean() < 0.065, (draws, luck)
        assert told.mean() > 0.01, (draws, luck)


def test_few_histories_make_no_flip() -> None:
    assert not contrasts(cube_of(noisy([-9.0], [9.0], draws=5))).flip.any()
    assert contrasts(cube_of(noisy([-9.0], [9.0], draws=6))).flip.any()


def test_a_rank_flip_names_both_arms_and_no_record() -> None:
    values = noisy([-3.0, -1.0, -2.0], [-1.0, -3.0, -2.0])
    names = ("no_truce", "open_truce", "mass_detention", "as_it_happened")
    made = contrasts(cube_of(values, arms=names))
    assert made.arms == names[1:]
    assert made.rank_flip[:, :, 0, 0].tolist() == [[False, False, False], [True, True, False]]
    assert not made.flip.any()
    assert [row["record"] for row in made.rows(readings={"default"})] == [False, False, True]


def test_a_reading_that_needs_a_refit_has_rows_without_numbers() -> None:
    cube = cube_of(noisy([-1.0], [1.0]))
    made = contrasts(cube, refit_needed=["gangs_first"])
    row = made.at("arm_1", "homicides", 5, "gangs_first")
    assert row["status"] == "refit_needed"
    assert all(row[name] is None for name in ("q05", "q50", "q95", "mean", "mcse", "p_fall", "pairing"))
    assert not row["flip"]
    assert made.signs("arm_1", "homicides", 5)["refit_needed"] == ["gangs_first"]
    with pytest.raises(StoreError, match="must be refitted") as error:
        contrasts(cube, refit_needed=["reading_1"])
    assert error.value.problems[0].code == "E58"


@pytest.mark.parametrize("side", [0, 1])
def test_a_row_without_its_pair_is_an_error(side: int) -> None:
    values = noisy([-1.0, -1.0], draws=5)
    there = np.ones(values.shape, dtype=bool)
    there[0, side, 0, 3] = False
    with pytest.raises(StoreError, match="no pair") as error:
        contrasts(cube_of(values, there=there))
    problem = error.value.problems[0]
    assert problem.code == "E58"
    assert "draw 3, luck 0" in problem.found
    assert problem.found.endswith("of arm_1 only" if side == 0 else "of no_truce only")


def test_a_history_that_failed_is_left_out_of_every_arm() -> None:
    values = noisy([-1.0, -2.0], [-1.0, -2.0], draws=5)
    there = np.ones(values.shape, dtype=bool)
    there[0, 1, 0, 3] = False
    made = contrasts(cube_of(values, there=there, failed=[("default", "arm_1", 3, 0)]))
    assert made.spread.n[:, :, 0, 0].tolist() == [[4, 4], [5, 5]]


def test_an_arm_that_was_not_run_says_so() -> None:
    values = noisy([-1.0, -2.0], [-1.0, -2.0], draws=5)
    there = np.ones(values.shape, dtype=bool)
    there[1, 2] = False
    values[1, 2] = np.nan
    made = contrasts(cube_of(values, there=there))
    assert made.status[:, :, 0, 0].tolist() == [["computed", "computed"], ["computed", "not_run"]]
    there[1, 0] = False
    with pytest.raises(StoreError, match="no reference"):
        contrasts(cube_of(values, there=there))


def test_an_outcome_that_is_never_defined_says_so() -> None:
    values = noisy([-1.0], draws=5)
    values[0, 1] = np.nan
    assert contrasts(cube_of(values)).at("arm_1", "homicides", 5)["status"] == "not_defined"


def test_pairing_pays_where_histories_share_their_luck_and_not_elsewhere() -> None:
    rng = np.random.default_rng(4)
    common = rng.normal(0, 10, 4000)
    related = common + rng.normal(0, 1, 4000)
    unrelated = rng.normal(0, 10, 4000)
    values = np.stack([common, related, unrelated])[None, :, None, :, None]
    made = contrasts(cube_of(values))
    # (100 + 101) / 1 and (100 + 100) / 200.
    assert made.pairing[0, :, 0, 0] == pytest.approx([201, 1], rel=0.1)
    same = contrasts(cube_of(np.stack([common, common - 5])[None, :, None, :8, None]))
    assert same.pairing[0, 0, 0, 0] > 1e20
    equal = contrasts(cube_of(np.stack([common, common])[None, :, None, :8, None]))
    assert equal.pairing[0, 0, 0, 0] == math.inf
    assert equal.at("arm_1", "homicides", 5)["pairing"] is None


def test_an_unknown_cell_is_an_error_that_names_what_there_is() -> None:
    made = contrasts(cube_of(noisy([-1.0])))
    with pytest.raises(StoreError) as error:
        made.at("peace", "homicides", 5)
    assert (error.value.problems[0].found, error.value.problems[0].allowed) == ("peace", "arm_1")
    with pytest.raises(StoreError):
        contrasts(cube_of(noisy([-1.0])), reference="peace")


def test_rows_and_table_tell_the_same() -> None:
    made = contrasts(cube_of(noisy([-1.0, 0.0], [1.0, 0.0])), refit_needed=["later"])
    rows, table = made.rows(), made.to_table().to_pylist()
    for row, line in zip(rows, table, strict=True):
        assert row == {k: (None if isinstance(v, float) and not math.isfinite(v) else v) for k, v in line.items()}
    keys = [(row["reading"], row["arm"], row["horizon"], row["outcome"]) for row in rows]
    assert len(set(keys)) == len(keys) == 6
    assert [row["reading"] for row in rows[::2]] == ["default", "reading_1", "later"]


@pytest.mark.slow
def test_the_whole_decision_takes_less_than_two_seconds() -> None:
    rng = np.random.default_rng(0)
    shape = (16, 12, 4, 44, 200, 1)
    values = rng.normal(20000, 3000, (16, 1, 4, 44, 200, 1)) + rng.normal(-500, 300, shape)
    values[:, :, :, 43][rng.random((16, 12, 4, 200, 1)) < 0.3] = np.nan
    cube = Cube(
        "2012", ("default", *(f"r{i}" for i in range(15))), ("no_truce", *(f"a{i}" for i in range(11))), (1, 2, 5, 7),
        tuple(f"o{i}" for i in range(44)), tuple(range(200)), (0,), values, np.ones(shape, dtype=bool),
    )  # fmt: skip
    best = math.inf
    for _ in range(3):
        begin = time.process_time()
        contrasts(cube)
        best = min(best, time.process_time() - begin)
    assert best < 2
