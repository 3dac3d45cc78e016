"""What it is worth to know: held against brute force and against answers known in closed form."""

from __future__ import annotations

import itertools
import math
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from tregua.errors import UsageError
from tregua.explore.regret import OutcomeWeights, Utilities, value_of_readings
from tregua.explore.value_of_evidence import (
    CONCERNS_PERSON,
    EVALUATED,
    NOT_EXPRESSED,
    Item,
    Noise,
    noisy_value,
    regress,
    value_of_claims,
    value_of_evidence,
    value_of_parameters,
)

WEIGHTS = OutcomeWeights("own", "", "", "", "", {"homicides": 1.0})


def problem(values: Any, readings: tuple[str, ...] = ("default",)) -> Utilities:
    """Utilities of shape (readings, arms, draws) as a problem of choice."""
    v = np.asarray(values, float)
    arms = tuple(f"arm_{i}" for i in range(v.shape[1]))
    return Utilities("2012", 5, WEIGHTS, readings, arms, tuple(range(v.shape[2])), v)


def gaussian(mean: float, slope: float) -> float:
    """E max(0, mean + slope Z) - max(0, mean) for a standard normal Z."""
    s = mean / slope
    density = math.exp(-s * s / 2) / math.sqrt(2 * math.pi)
    below = 0.5 * (1 + math.erf(s / math.sqrt(2)))
    return mean * below + slope * density - max(0.0, mean)


@pytest.mark.parametrize(("mean", "slope"), [(0.0, 1.0), (0.5, 1.0), (-1.0, 2.0), (2.0, 1.0)])
def test_a_linear_question_has_the_value_of_the_closed_form(mean: float, slope: float) -> None:
    rng = np.random.default_rng(3)
    x = rng.standard_normal(4000)
    y = np.stack([np.zeros(4000), mean + slope * x + rng.normal(0, 2, 4000)])[None]
    item = value_of_parameters(problem(y), x[:, None], ["x"], "equal")["x"]
    assert item.value.value == pytest.approx(gaussian(mean, slope), abs=3 * item.value.mcse + 0.02)


def test_a_crooked_question_has_the_value_of_brute_force() -> None:
    rng = np.random.default_rng(4)
    x = rng.uniform(-2, 2, 3000)
    rest = rng.normal(0, 3, (3, 3000))
    truth = np.stack([np.zeros(3000), np.sin(2 * x), x**2 - 1.2])
    item = value_of_parameters(problem((truth + rest)[None]), x[:, None], ["x"], "equal")["x"]
    grid = np.linspace(-2, 2, 20001)
    known = np.stack([np.zeros_like(grid), np.sin(2 * grid), grid**2 - 1.2])
    brute = known.max(axis=0).mean() - known.mean(axis=1).max()
    assert brute > 0.4
    assert item.value.value == pytest.approx(brute, abs=3 * item.value.mcse)
    assert item.matters


def test_shuffled_answers_are_worth_nothing_within_error() -> None:
    rng = np.random.default_rng(5)
    x = rng.standard_normal(400)
    y = np.stack([np.zeros(400), x + rng.normal(0, 1, 400)])[None]
    value = value_of_parameters(problem(y), x[:, None], ["x"], "equal")["x"].value
    assert value.passes
    assert value.permuted < 0.2 * value.value


def test_a_parameter_on_which_no_response_depends_is_worth_nothing() -> None:
    rng = np.random.default_rng(6)
    x = rng.standard_normal((300, 2))
    y = np.stack([np.zeros(300), x[:, 0] - 0.2, 0.3 - x[:, 0]])[None] + rng.normal(0, 0.2, (1, 3, 300))
    items = value_of_parameters(problem(y), x, ["felt", "idle"], "equal")
    assert list(items) == ["felt", "idle"]
    assert items["felt"].matters
    assert not items["idle"].matters


def test_false_alarms_are_rare_where_nothing_can_be_learned() -> None:
    alarms = 0
    for seed in range(40):
        rng = np.random.default_rng(seed)
        y = rng.normal(0, 1, (1, 4, 60))
        items = value_of_parameters(
            problem(y), rng.standard_normal((60, 1)), ["x"], "equal", resamples=100, permutations=60
        )
        alarms += items["x"].matters
    assert alarms <= 5


def test_what_does_not_vary_is_left_out() -> None:
    y = np.random.default_rng(0).normal(0, 1, (1, 2, 30))
    assert value_of_parameters(problem(y), np.ones((30, 1)), ["fixed"], "equal") == {}


def test_too_few_draws_are_refused() -> None:
    y = np.zeros((1, 2, 5))
    with pytest.raises(UsageError, match="too few draws"):
        value_of_parameters(problem(y), np.arange(5.0)[:, None], ["x"], "equal")


def test_readings_keep_their_weights_while_a_parameter_is_settled() -> None:
    rng = np.random.default_rng(7)
    x = rng.standard_normal(500)
    felt = np.stack([np.zeros(500), x])
    deaf = np.stack([np.zeros(500), np.full(500, 0.0)])
    u = problem(np.stack([felt, deaf]), ("default", "other"))
    whole = value_of_parameters(u, x[:, None], ["x"], {"default": 1.0})["x"].value.value
    half = value_of_parameters(u, x[:, None], ["x"], {"default": 0.5, "other": 0.5})["x"].value.value
    assert half == pytest.approx(whole / 2, rel=0.02)


def brute_noisy(by_answer: np.ndarray, noise: Noise) -> float:
    """Every rule "if it says yes take a, else take b", told one by one."""
    yes, no = by_answer
    best = -math.inf
    for a, b in itertools.product(range(len(yes)), repeat=2):
        value = (1 - noise.false_no) * yes[a] + noise.false_no * yes[b]
        value += noise.false_yes * no[a] + (1 - noise.false_yes) * no[b]
        best = max(best, value)
    return best - float(by_answer.sum(axis=0).max())


@pytest.mark.parametrize("rates", [(0.0, 0.0), (0.1, 0.2), (0.3, 0.05), (0.5, 0.5), (1.0, 1.0)])
def test_a_noisy_inquiry_is_worth_the_best_of_all_rules(rates: tuple[float, float]) -> None:
    rng = np.random.default_rng(8)
    for _ in range(20):
        by_answer = rng.normal(0, 1, (2, 4))
        found = noisy_value(by_answer, np.array([0.4, 0.6]), Noise(*rates))
        assert found == pytest.approx(brute_noisy(by_answer, Noise(*rates)), abs=1e-12)


def test_an_inquiry_that_says_the_same_under_both_answers_is_worth_nothing() -> None:
    found = noisy_value(np.array([[1.0, -1.0], [-1.0, 1.0]]), np.array([0.5, 0.5]), Noise(0.3, 0.7))
    assert found == pytest.approx(0.0, abs=1e-12)


def test_a_perfect_inquiry_has_the_value_of_settling_a_reading() -> None:
    rng = np.random.default_rng(9)
    values = rng.normal(0, 1, (2, 3, 40)) + np.array([[0, 3, 0], [0, 0, 3]])[:, :, None]
    u = problem(values, ("default", "other"))
    item = value_of_evidence(u, "equal", noise=Noise(0.0, 0.0))["other"]
    assert item.noisy == pytest.approx(item.value.value)
    assert item.value.value == pytest.approx(value_of_readings(u, "equal").value)
    worse = value_of_evidence(u, "equal", noise=Noise(0.2, 0.2))["other"].noisy
    assert worse is not None
    assert 0 < worse < item.value.value


def test_the_reason_why_nothing_changes_is_told_in_deaths() -> None:
    values = np.zeros((2, 2, 30))
    values[:, 1] = -1000.0
    values[1, 1] = -900.0
    item = value_of_evidence(problem(values, ("default", "other")), "equal")["other"]
    assert not item.matters
    assert item.lead == pytest.approx(950.0)
    assert item.left == pytest.approx(900.0)
    assert item.lead_error == pytest.approx(0.0)


def test_the_error_of_a_lead_is_what_repetition_shows() -> None:
    rng = np.random.default_rng(12)
    level = np.array([[0.0, -900.0, -2000.0], [0.0, -1100.0, -2000.0]])

    def item() -> Item:
        values = level[:, :, None] + rng.normal(0, 700, (2, 3, 100))
        return value_of_evidence(problem(values, ("default", "other")), "equal", resamples=5, permutations=5)["other"]

    made = [item() for _ in range(200)]
    spread = float(np.std([one.left for one in made]))
    # What is left is the smaller of two leads, so that it moves somewhat less than either.
    assert np.mean([one.lead_error for one in made]) == pytest.approx(spread, rel=0.25)
    assert np.mean([one.lead_error for one in made]) == pytest.approx(700 * np.sqrt(2 / 100), rel=0.1)


@pytest.mark.parametrize("rate", [-0.1, 1.1, math.nan])
def test_an_error_rate_is_a_chance(rate: float) -> None:
    with pytest.raises(UsageError, match="not a chance"):
        Noise(rate, 0.1)


def test_a_spline_follows_a_curve_and_a_straight_line() -> None:
    rng = np.random.default_rng(10)
    x = np.sort(rng.uniform(0, 1, 800))
    y = np.stack([np.sin(6 * x), 2 * x], axis=1)
    fitted = regress(x, y + rng.normal(0, 0.3, y.shape)).fitted
    assert np.abs(fitted - y).mean() < 0.05


def test_inputs_add_up() -> None:
    rng = np.random.default_rng(11)
    x = rng.uniform(-1, 1, (800, 2))
    y = (x[:, :1] ** 2 + np.sin(3 * x[:, 1:])).reshape(-1, 1)
    assert np.abs(regress(x, y + rng.normal(0, 0.2, y.shape)).fitted - y).mean() < 0.06


def test_a_claim_about_a_person_gets_no_value_and_no_place() -> None:
    ledger: Any = SimpleNamespace(
        claims={
            name: SimpleNamespace(id=name, about_person=person)
            for name, person in (("C01", True), ("C02", False), ("C03", False))
        },
        links_of={
            "C01": (SimpleNamespace(kind="reading", base="other"),),
            "C02": (SimpleNamespace(kind="reading", base="other"), SimpleNamespace(kind="reading", base="*")),
            "C03": (SimpleNamespace(kind="mechanism", base="politics"),),
        },
    )
    values = np.array([[[0.0] * 30, [3.0] * 30], [[3.0] * 30, [0.0] * 30]])
    told = value_of_claims(ledger, value_of_evidence(problem(values, ("default", "other")), "equal"))
    assert [(one.claim, one.status) for one in told] == [
        ("C01", CONCERNS_PERSON), ("C02", EVALUATED), ("C03", NOT_EXPRESSED),
    ]  # fmt: skip
    assert told[0].item is None
    assert told[1].item is not None


def test_every_claim_of_the_bundled_ledger_about_a_person_is_left_without_value() -> None:
    from tregua.case.load import BUNDLED
    from tregua.ledger import load_ledger

    ledger = load_ledger(Path(BUNDLED) / "el_salvador_2012" / "ledger")
    values = np.array([[[0.0] * 30, [3.0] * 30], [[3.0] * 30, [0.0] * 30]])
    items = value_of_evidence(problem(values, ("brokers_genuine", "brokers_agents")), "equal")
    told = {one.claim: one for one in value_of_claims(ledger, items)}
    persons = [claim.id for claim in ledger.claims.values() if claim.about_person]
    assert persons
    assert all(told[id].item is None and told[id].status == CONCERNS_PERSON for id in persons)
    assert any(one.status == EVALUATED for one in told.values())
