"""Regret and the value of settling a dispute: by hand, by brute force, by repeated trials."""

from __future__ import annotations

import itertools
import math
from typing import Any

import numpy as np
import pytest
from cubes import cube_of
from hypothesis import given, settings
from hypothesis import strategies as st

from tregua.errors import StoreError, UsageError
from tregua.explore.regret import (
    BROKER_READINGS,
    OUTCOME_PRESETS,
    PRICED,
    READING_PRESETS,
    break_even,
    least_worst,
    outcome_weights,
    reading_weights,
    regret,
    utilities,
    value_of_each_reading,
    value_of_readings,
)

HARM = {"homicides": "up", "arrests_wrongful": "up", "members_exited": "down", "calmados": "none"}
DEATHS = {"homicides": 1.0}


def planted(mean: Any, noise: float = 0.0, draws: int = 40, seed: int = 0) -> Any:
    """Killings of shape (readings, arms): their mean utility is `mean`, plus noise that differs by draw and arm."""
    table = -np.array(mean, dtype=float)[:, :, None, None, None]
    rng = np.random.default_rng(seed)
    shared = rng.normal(0, 5, (1, 1, 1, draws, 1))
    own = rng.normal(0, noise, (*table.shape[:2], 1, draws, 1)) if noise else 0.0
    return 1000 + table + shared + own


def weigh(values: Any, **more: Any) -> Any:
    return utilities(cube_of(values, **more), DEATHS, 5, harm=HARM)


def test_regret_by_hand() -> None:
    # Utilities by reading (rows) and arm: the best are arm 1 under the first reading and arm 2 under the second.
    u = weigh(planted([[0, 30, 10], [0, -50, 20]]))
    made = regret(u, {"equal": "equal", "own": {"default": 0.9, "reading_1": 0.1}})
    assert made.arms == ("no_truce", "arm_1", "arm_2")
    assert made.regret == pytest.approx(np.array([[30, 20], [0, 70], [20, 0]]))
    assert made.worst == pytest.approx([30, 70, 20])
    assert made.worst_under == ("default", "reading_1", "default")
    assert (made.minimax, made.steady) == ("arm_2", 1.0)
    assert made.expected["equal"].regret == pytest.approx([25, 35, 10])
    assert made.expected["equal"].best == "arm_2"
    assert made.expected["own"].regret == pytest.approx([29, 7, 18])
    assert made.expected["own"].best == "arm_1"
    # The draws differ, but all arms alike: nothing of that reaches a regret.
    assert made.mcse == pytest.approx(np.zeros((3, 2)), abs=1e-9)
    assert made.mcse_utility.min() > 0.1
    rows = made.rows()
    assert sum(row["worst"] for row in rows) == 3
    assert {row["weights"] for row in rows} == {"own"}


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(1, 4), st.integers(2, 4))
def test_regret_agrees_with_brute_force(seed: int, readings: int, arms: int) -> None:
    rng = np.random.default_rng(seed)
    values = rng.normal(100, 30, (readings, arms, 2, 5, 3))
    cube = cube_of(values, outcomes=("homicides", "members_exited"))
    weights = {"homicides": 1.0, "members_exited": 0.25}
    u = utilities(cube, weights, 5, harm=HARM)
    made = regret(u, resamples=5)
    w = 1 / readings
    for r in range(readings):
        mean = [
            sum(-values[r, a, 0, d, k] + 0.25 * values[r, a, 1, d, k] for d in range(5) for k in range(3)) / 15
            for a in range(arms)
        ]
        assert made.regret[:, r] == pytest.approx([max(mean) - m for m in mean])
    assert made.worst == pytest.approx(made.regret.max(axis=1))
    assert made.expected["equal"].regret == pytest.approx(w * made.regret.sum(axis=1))
    assert made.regret.min() >= 0


def test_the_price_at_which_another_arm_is_least_bad() -> None:
    # No truce: 100 killings. Arm 1: 40 killings and 2,000 years of wrongful detention: 60 deaths saved, 0.03 a year.
    rng = np.random.default_rng(6)
    values = np.zeros((2, 2, 2, 400, 1))
    values[:, 0, 0], values[:, 1, 0] = 100.0, 40.0 + rng.normal(0, 10, (1, 400, 1))
    values[:, 1, 1] = 2000.0
    values[:, 1, 0] -= values[:, 1, 0].mean() - 40.0
    cube = cube_of(values, outcomes=("homicides", PRICED))
    for price in (0.02, 0.0, 0.05):
        weights = {"homicides": 1.0} | ({PRICED: price} if price else {})
        found = break_even(cube, weights, PRICED, 5)
        assert found.weight == price
        assert found.least == least_worst(utilities(cube, weights, 5))
        switch, none = (found.cheaper, found.dearer) if price == 0.05 else (found.dearer, found.cheaper)
        assert none is None
        assert switch is not None
        assert switch.weight == pytest.approx(0.03, rel=1e-6)
        assert switch.mcse == pytest.approx(10 / 20 / 2000, rel=0.12)
        assert switch.units == (pytest.approx(1 / 0.03), pytest.approx(switch.mcse / 0.03**2))
        beyond = regret(utilities(cube, {**weights, PRICED: switch.weight * (0.999 if price == 0.05 else 1.001)}, 5))
        assert beyond.minimax == switch.arm != found.least
    # A price above the largest tried is lowered alone; where nothing else is weighed, no price changes the answer.
    dear = break_even(cube, {"homicides": 1.0, PRICED: 2.0}, PRICED, 5)
    assert (dear.least, dear.dearer) == ("no_truce", None)
    assert dear.cheaper is not None
    assert dear.cheaper.weight == pytest.approx(0.03, rel=1e-6)
    only = break_even(cube, {PRICED: 0.02}, PRICED, 5)
    assert (only.least, only.dearer, only.cheaper) == ("no_truce", None, None)
    # Where a year weighs nothing against either arm, no price changes the answer.
    values[:, 1, 1] = 0.0
    found = break_even(cube_of(values, outcomes=("homicides", PRICED)), {"homicides": 1.0}, PRICED, 5)
    assert (found.least, found.dearer, found.cheaper) == ("arm_1", None, None)


def test_luck_is_averaged_before_any_choice() -> None:
    # Arm 1 is better by 90 in one of two replicates and worse by 100 in the other: nobody knows which will come.
    values = np.zeros((1, 2, 1, 10, 2))
    values[0, 1, 0, :, 0], values[0, 1, 0, :, 1] = -90, 100
    u = weigh(values)
    assert u.values.shape == (1, 2, 10)
    made = regret(u)
    assert made.minimax == "no_truce"
    assert made.regret[:, 0].tolist() == [0.0, 5.0]
    assert value_of_readings(u, "equal").value == 0


def test_a_record_is_in_no_regret() -> None:
    values = planted([[0, 1000, 10]])
    names = ("no_truce", "as_it_happened", "open_truce")
    made = regret(weigh(values, arms=names))
    assert made.arms == ("no_truce", "open_truce")
    assert made.regret[:, 0] == pytest.approx([10, 0])


def test_every_number_has_the_error_of_repeated_trials() -> None:
    mean = [[0, 30, 10], [0, -50, 20], [0, 5, 0]]
    trials = [regret(weigh(planted(mean, noise=20, seed=s))) for s in range(150)]
    for number, error in (("regret", "mcse"), ("worst", "mcse_worst"), ("utility", "mcse_utility")):
        true = np.array([getattr(t, number) for t in trials]).std(axis=0)
        told = np.array([getattr(t, error) for t in trials]).mean(axis=0)
        # Near a tie a regret cannot fall below zero and its error is told too large; those are left out here.
        known = true > 2
        assert told[known] == pytest.approx(true[known], rel=0.3), number
    true = np.array([t.expected["equal"].regret for t in trials]).std(axis=0)
    assert np.mean([t.expected["equal"].mcse for t in trials], axis=0) == pytest.approx(true, rel=0.3)


def test_the_same_seed_gives_the_same_digits_and_another_does_not() -> None:
    u = weigh(planted([[0, 3], [2, 0]], noise=20))
    one, two, other = regret(u, seed=1), regret(u, seed=1), regret(u, seed=2)
    assert one.mcse.tolist() == two.mcse.tolist()
    assert one.mcse.tolist() != other.mcse.tolist()
    assert value_of_readings(u, "equal", seed=1) == value_of_readings(u, "equal", seed=1)


def test_the_value_of_settling_by_hand() -> None:
    # Under the first reading arm 0 is worth 0 and arm 1 is worth -60; under the second -100 and 0.
    u = weigh(planted([[0, -60], [-100, 0]]))
    even = value_of_readings(u, "equal")
    assert even.value == pytest.approx(-0 + 30)
    assert (even.choice, even.choices) == ("arm_1", {"default": "no_truce", "reading_1": "arm_1"})
    assert even.switches == {"default": "no_truce"}
    assert even.clear
    uneven = value_of_readings(u, {"default": 0.8, "reading_1": 0.2})
    assert uneven.value == pytest.approx(0.2 * 100)
    assert uneven.choice == "no_truce"
    assert value_of_readings(u, {"default": 1.0}).value == 0


@settings(deadline=None)
@given(st.integers(0, 10**6), st.integers(2, 4), st.integers(2, 4))
def test_the_value_of_settling_agrees_with_brute_force(seed: int, readings: int, arms: int) -> None:
    rng = np.random.default_rng(seed)
    u = weigh(rng.normal(100, 30, (readings, arms, 1, 6, 2)))
    weights = dict(zip(u.readings, rng.dirichlet(np.ones(readings)), strict=True))
    quick: dict[str, Any] = {"resamples": 5, "permutations": 2}
    mean = u.values.mean(axis=2)
    w = np.array(list(weights.values()))
    for cut in range(1, readings):
        groups = {"one": u.readings[:cut], "two": u.readings[cut:]}
        informed = 0.0
        for members in (range(cut), range(cut, readings)):
            informed += max(sum(w[r] * mean[r, a] for r in members) for a in range(arms))
        blind = max(sum(w[r] * mean[r, a] for r in range(readings)) for a in range(arms))
        assert value_of_readings(u, weights, groups, **quick).value == pytest.approx(informed - blind, abs=1e-9)
    # Settling everything is worth what is regretted on average by the best choice without it.
    everything = value_of_readings(u, weights, **quick)
    least = regret(u, {"own": weights}, resamples=5).expected["own"]
    assert everything.value == pytest.approx(least.regret.min())
    assert everything.choice == least.best
    assert everything.value >= -1e-9


def test_a_dispute_on_which_no_choice_depends_is_worth_nothing() -> None:
    u = weigh(planted([[0, 30, 10], [-500, -470, -490], [100, 130, 110]], noise=1))
    made = value_of_readings(u, "equal")
    assert made.value == 0
    assert made.mcse == 0
    assert made.switches == {}
    assert not made.clear


def test_shuffled_readings_are_worth_nothing_within_error() -> None:
    u = weigh(planted([[0, -60, 10], [-100, 0, 10], [50, 20, 10]], noise=40))
    made = value_of_readings(u, "equal")
    assert made.passes
    assert made.value == pytest.approx(40 / 3, abs=3 * made.mcse)
    assert made.clear
    assert made.permuted <= 2 * made.mcse
    assert made.permuted < 0.2 * made.value


def test_a_value_from_hindsight_alone_is_seen_through() -> None:
    # Six arms of one mean under eight readings: choosing the best of them after the fact looks like a gain.
    quick = {"resamples": 100, "permutations": 50}
    worlds = [weigh(planted(np.zeros((8, 6)), noise=30, seed=s)) for s in range(60)]
    told = [value_of_readings(world, "equal", **quick) for world in worlds]
    assert np.mean([t.value for t in told]) > 2
    gain = np.array([t.value - t.permuted for t in told])
    assert abs(gain.mean()) < 3 * gain.std() / math.sqrt(len(gain))
    assert sum(t.clear for t in told) <= 6


def test_the_error_of_a_value_is_that_of_repeated_trials() -> None:
    mean = [[0, -60], [-100, 0]]
    told = [value_of_readings(weigh(planted(mean, noise=40, seed=s)), "equal", permutations=2) for s in range(150)]
    true = np.std([t.value for t in told])
    assert np.mean([t.mcse for t in told]) == pytest.approx(true, rel=0.2)


def test_each_reading_is_valued_alone_and_ranked() -> None:
    u = weigh(planted([[0, -10, -300], [0, 60, -300], [0, -10, -300], [0, -10, 500]]))
    made = value_of_each_reading(u, "equal", resamples=20, permutations=5)
    assert next(iter(made)) == "reading_3"
    values = [value.value for value in made.values()]
    assert values == sorted(values, reverse=True)
    # Equal weights: best blind is arm_1 (30/4); knowing the last reading gains 500/4 there and 40/4 elsewhere.
    assert made["reading_3"].value == pytest.approx(540 / 4 - 30 / 4)
    assert made["reading_3"].switches == {"reading_3": "arm_2"}


def test_groups_must_hold_every_reading_once() -> None:
    u = weigh(planted([[0, 1], [1, 0], [0, 1]]))
    for groups, words in (
        ({"a": ["default"], "b": ["reading_1"]}, "leave out"),
        ({"a": ["default", "reading_1"], "b": ["reading_1", "reading_2"]}, "one group only"),
        ({"a": ["default", "reading_1", "reading_2", "peace"]}, "no such reading"),
    ):
        with pytest.raises(UsageError) as error:
            value_of_readings(u, "equal", groups)
        assert any(words in problem.message for problem in error.value.problems)
        assert all(problem.code == "E62" for problem in error.value.problems)
    empty = value_of_readings(
        u, {"default": 0.5, "reading_1": 0.5}, {"a": ["default", "reading_1"], "b": ["reading_2"]}
    )
    assert empty.question == ("a",)
    assert empty.value == 0


def test_published_reading_weights_differ_in_brokers_only() -> None:
    readings = ("default", *BROKER_READINGS, "bonding", "leader_split")
    equal = reading_weights("equal", readings)
    assert set(equal.values()) == {1 / 6}
    for name, shares in READING_PRESETS.items():
        made = reading_weights(name, readings)
        assert math.fsum(made.values()) == pytest.approx(1)
        assert list(made) == list(readings)
        if shares is not None:
            assert [made[r] for r in BROKER_READINGS] == pytest.approx([s / 2 for s in shares])
            assert all(made[r] == 1 / 6 for r in readings if r not in BROKER_READINGS)
    few = reading_weights("law_enforcement", ("default", "brokers_genuine", "brokers_agents"))
    assert few == pytest.approx({"default": 1 / 3, "brokers_genuine": 1 / 12, "brokers_agents": 7 / 12})
    assert reading_weights("civil_society", ("default",)) == {"default": 1.0}


def test_published_outcome_weights_are_harms_in_both_languages() -> None:
    from tregua.model.outcomes import OUTCOMES

    assert list(OUTCOME_PRESETS) == ["deaths_only", "deaths_and_rights", "residents"]
    for preset in OUTCOME_PRESETS.values():
        assert all(OUTCOMES[name].harm == "up" for name in preset.weights)
        assert all(weight > 0 for weight in preset.weights.values())
        assert preset.weights["homicides"] == 1
        assert preset.title_en != preset.title_es
        assert preset.meaning_en != preset.meaning_es
    assert any(OUTCOMES[name].rights for name in OUTCOME_PRESETS["deaths_and_rights"].weights)
    assert outcome_weights("residents").weights["extortion_paid"] == pytest.approx(1.5e-6, rel=0.01)


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("peace", "no such set"),
        ({"homicides": -1.0}, "at or above zero"),
        ({"homicides": math.nan}, "at or above zero"),
        ({"homicides": "1"}, "at or above zero"),
        ({"homicides": True}, "at or above zero"),
        ({"happiness": 1.0}, "no such outcome"),
        ({"calmados": 1.0}, "no direction of harm"),
        ({"homicides": 0.0}, "must weigh something"),
        ({}, "must weigh something"),
    ],
)
def test_outcome_weights_that_cannot_be_used_are_told(weights: Any, words: str) -> None:
    with pytest.raises(UsageError) as error:
        outcome_weights(weights, harm=HARM)
    (problem,) = error.value.problems
    assert words in problem.message
    assert problem.code == "E61"
    assert problem.found
    assert problem.allowed
    assert problem.mend


@pytest.mark.parametrize(
    ("weights", "words"),
    [
        ("peace", "no such set"),
        ({"default": 0.5, "bonding": 0.4}, "must sum to 1"),
        ({"default": 0.0}, "must sum to 1"),
        ({}, "must sum to 1"),
        ({"default": 1.5, "bonding": -0.5}, "at or above zero"),
        ({"default": 1.0, "peace": 0.0}, "no such reading"),
    ],
)
def test_reading_weights_that_cannot_be_used_are_told(weights: Any, words: str) -> None:
    with pytest.raises(UsageError) as error:
        reading_weights(weights, ("default", "bonding"))
    (problem,) = error.value.problems
    assert words in problem.message
    assert problem.code == "E62"
    assert problem.mend


def test_every_wrong_weight_is_told_at_once() -> None:
    with pytest.raises(UsageError) as error:
        outcome_weights({"homicides": -1.0, "happiness": 1.0, "calmados": -1.0}, harm=HARM)
    assert len(error.value.problems) == 4


def test_own_weights_may_be_rounded_and_name_some_readings() -> None:
    made = reading_weights({"bonding": 0.3333333, "default": 0.6666667}, ("default", "peace", "bonding"))
    assert made == pytest.approx({"default": 2 / 3, "peace": 0, "bonding": 1 / 3}, abs=1e-6)
    assert math.fsum(made.values()) == 1


def test_gaps_are_errors_and_failed_histories_are_not() -> None:
    values = planted([[0, 1], [1, 0]], draws=6)
    there = np.ones(values.shape, dtype=bool)
    there[1, 1, 0, 2] = False
    with pytest.raises(StoreError, match="every choosable arm under every reading") as error:
        weigh(values, there=there)
    assert "reading_1, draw 2, luck 0" in error.value.problems[0].found
    u = weigh(values, there=there, failed=[("reading_1", "arm_1", 2, 0)])
    assert u.draws == (0, 1, 3, 4, 5)
    there[1, 1] = False
    with pytest.raises(StoreError) as gap:
        weigh(values, there=there)
    assert gap.value.problems[0].found == "no results of arm_1 under reading_1"
    values[0, 0, 0, 0] = np.nan
    with pytest.raises(StoreError) as hole:
        weigh(values)
    assert "not defined" in hole.value.problems[0].found
    with pytest.raises(StoreError, match="no such horizon"):
        utilities(cube_of(planted([[0, 1]])), DEATHS, 9, harm=HARM)
    with pytest.raises(UsageError, match="nothing to choose"):
        weigh(planted([[0, 1]]), arms=("no_truce", "as_it_happened"))


def test_one_luck_lost_leaves_the_draw() -> None:
    rng = np.random.default_rng(1)
    values = rng.normal(100, 10, (1, 2, 1, 4, 3))
    u = weigh(values, failed=[("", "", 1, 2)])
    assert u.draws == (0, 1, 2, 3)
    assert u.values[0, 1, 1] == pytest.approx(-values[0, 1, 0, 1, :2].mean())


def test_readings_in_another_order_give_the_same_regret() -> None:
    table = np.array([[0, 30, 10], [0, -50, 20], [0, 5, 1]])
    wanted = regret(weigh(planted(table)))
    names = ("default", "reading_1", "reading_2")
    for order in itertools.permutations(range(3)):
        made = regret(weigh(planted(table[list(order)]), readings=tuple(names[i] for i in order)))
        assert made.minimax == wanted.minimax
        assert made.worst == pytest.approx(wanted.worst)


def test_own_weights_tell_what_they_hold_equal_to_a_death() -> None:
    """A weight per dollar that was meant per million dollars is seen before its regret is believed."""
    made = outcome_weights({"homicides": 1.0, "extortion_paid": 0.001, "minors_detained": 0.02})
    assert made.meaning_en == (
        "homicides 1, extortion_paid 0.001 (US$ 1,000 weigh as one death), minors_detained 0.02 (50 weigh as one death)"
    )
    assert "US$ 1,000 pesan como una muerte" in made.meaning_es
    with pytest.raises(UsageError) as caught:
        outcome_weights({"deaths_in_custodi": 1.0})
    assert caught.value.problems[0].mend == "did you mean deaths_in_custody?"
