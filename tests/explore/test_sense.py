"""What the model must be able to say of policies, whatever its parameters: the sense checks of the decision."""

from __future__ import annotations

import numpy as np
import pytest

from tregua.explore.outside import READ, simulate
from tregua.model.declare import PARAMETERS


def homicides(arm: str, theta: dict[str, float] | None = None, **settings: object) -> float:
    return simulate(theta, arm=arm, luck=3, **settings)["homicides"]  # type: ignore[arg-type]


def test_mano_dura_can_fail_and_can_succeed() -> None:
    assert homicides("mano_dura", reading="repress_backfires") > 0
    assert homicides("mano_dura", reading="repress_works") < 0


def test_mass_detention_reaches_low_homicides_and_shows_its_cost_in_rights() -> None:
    change = simulate(arm="mass_detention", luck=3)
    assert change["homicides"] < -3000
    for cost in ("deaths_in_custody", "minors_detained", "detention_wrongful_years", "arrests_wrongful"):
        assert change[cost] > 0
    assert change["arrests_wrongful"] > 10_000


@pytest.mark.parametrize("arm", ["secret_truce", "open_truce"])
def test_a_weakly_commanded_gang_makes_a_truce_nearly_ineffective(arm: str) -> None:
    families = [name for name in PARAMETERS if name.startswith("command_0_")]
    weak = {name: max(PARAMETERS[name].lower, 0.1) for name in families} | {"command_gain": 0.0}
    weak["command_gain"] = max(PARAMETERS["command_gain"].lower, 0.0)
    usual, feeble = homicides(arm), homicides(arm, weak)
    assert usual < 0
    assert abs(feeble) < 0.25 * abs(usual)


def test_a_truce_that_spares_lives_raises_what_the_gangs_hold() -> None:
    change = simulate(arm="open_truce", luck=3)
    assert change["homicides"] < 0
    assert change["command"] > 0
    assert change["votes_deliverable"] > 0


def test_a_parameter_that_a_response_never_meets_changes_nothing() -> None:
    ends = [simulate({"legal_shield": level}, arm="mano_dura", luck=1) for level in (0.05, 0.95)]
    values = np.array([[end[name] for name in READ] for end in ends])
    assert np.array_equal(values[0], values[1], equal_nan=True)
