"""Who leads, who is beaten on everything, who meets thresholds: on small problems with known answers."""

from __future__ import annotations

import numpy as np
import pytest
from cubes import cube_of

from tregua.errors import UsageError
from tregua.explore.answers import leading, pareto, satisficing
from tregua.explore.regret import utilities

HARM = {"homicides": "up", "arrests_wrongful": "up", "members_exited": "down", "support": "none"}


def deaths(*levels: float, draws: int = 8, lucks: int = 1, readings: int = 1) -> np.ndarray:
    """Homicides of each arm, the same in every history; shape (readings, arms, 1, draws, lucks)."""
    values = np.array(levels, float)[None, :, None, None, None]
    return np.broadcast_to(values, (readings, len(levels), 1, draws, lucks)).copy()


def test_the_arm_with_fewest_deaths_leads_under_every_reading() -> None:
    cube = cube_of(deaths(100, 80, 120, readings=2))
    found = leading(utilities(cube, {"homicides": 1.0}, 5, harm=HARM), "equal", 1)
    assert found.readings == {"default": "arm_1", "reading_1": "arm_1"}
    assert found.share.tolist() == [0.0, 1.0, 0.0]


def test_one_history_is_never_a_chance_of_leading() -> None:
    u = utilities(cube_of(deaths(100, 80)), {"homicides": 1.0}, 5, harm=HARM)
    assert leading(u, "equal", 1).chance is None
    assert leading(u, "equal", 4).chance is not None


def test_the_chance_of_leading_is_the_weighted_share_of_draws() -> None:
    values = deaths(100, 80, draws=4, lucks=4, readings=2)
    values[0, 1, 0, 0] = 120.0  # under the first reading arm_1 loses one draw of four
    found = leading(utilities(cube_of(values), {"homicides": 1.0}, 5, harm=HARM), {"default": 1.0}, 4)
    assert found.chance is not None
    assert found.chance.tolist() == [0.25, 0.75]


def test_an_arm_worse_in_everything_is_beaten_and_a_trade_off_is_not() -> None:
    rng = np.random.default_rng(0)
    luck = rng.normal(0, 1, (1, 1, 1, 30, 1))
    values = np.concatenate([deaths(100, 80, 120, draws=30), deaths(50, 70, 60, draws=30)], axis=2) + luck
    cube = cube_of(values, outcomes=("homicides", "arrests_wrongful"))
    found = pareto(cube, 5, "default", ("homicides", "arrests_wrongful"), harm=HARM)
    assert found.unbeaten == ("no_truce", "arm_1")
    assert found.beaten_by["arm_2"] == ("no_truce",)


def test_a_record_neither_beats_nor_is_beaten() -> None:
    cube = cube_of(deaths(100, 1, 120), arms=("no_truce", "as_it_happened", "arm_2"))
    found = pareto(cube, 5, "default", ("homicides",), harm=HARM)
    assert found.arms == ("no_truce", "arm_2")


def test_more_of_a_good_outcome_is_better() -> None:
    cube = cube_of(deaths(10, 20), outcomes=("members_exited",))
    assert pareto(cube, 5, "default", ("members_exited",), harm=HARM).unbeaten == ("arm_1",)


def test_thresholds_are_differences_from_the_reference_and_hold_together() -> None:
    values = np.concatenate([deaths(100, 80), deaths(50, 70)], axis=2)
    cube = cube_of(values, outcomes=("homicides", "arrests_wrongful"))
    assert satisficing(cube, {"homicides": -20}, 5, harm=HARM).share.tolist() == [[1.0]]
    assert satisficing(cube, {"homicides": -21}, 5, harm=HARM).share.tolist() == [[0.0]]
    both = {"homicides": -10.0, "arrests_wrongful": 19.0}
    assert satisficing(cube, both, 5, harm=HARM).share.tolist() == [[0.0]]


def test_the_worst_reading_of_a_threshold_is_named() -> None:
    values = deaths(100, 80, readings=2)
    values[1, 1] = 110.0
    assert satisficing(cube_of(values), {"homicides": 0}, 5, harm=HARM).worst("arm_1") == ("reading_1", 0.0)


@pytest.mark.parametrize("wrong", [{"support": 1.0}, {"peace": 1.0}, {"homicides": float("nan")}, {}])
def test_thresholds_that_mean_nothing_are_refused(wrong: dict[str, float]) -> None:
    with pytest.raises(UsageError) as told:
        satisficing(cube_of(deaths(100, 80)), wrong, 5, harm=HARM)
    assert told.value.problems[0].key == "--threshold"
