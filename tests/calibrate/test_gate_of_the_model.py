"""A small gate of the procedure that ships, on the model itself: it passes, and a likelihood made wrong fails it."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tregua.calibrate.fit import Fit, Procedure, fit, prepare
from tregua.calibrate.gate import Verdict, judge, rank_truth
from tregua.calibrate.network import Training
from tregua.calibrate.register import Rules
from tregua.calibrate.sampler import Plan
from tregua.case.load import load_case

pytestmark = pytest.mark.slow
SETS = 40
# Chains of simulated data sets are short here, so that they may be further from rest than those of the register.
RULES = Rules(
    training=Training(rounds=25), chains=Plan(chains=2, warm=250, kept=250, few=8, many=16), rhat=1.2, effective=20.0,
    set_rhat=1.5, set_share=0.5,
)  # fmt: skip


@pytest.fixture(scope="module")
def procedure(tmp_path_factory: pytest.TempPathFactory) -> Procedure:
    rules = replace(RULES, bank=8000)
    return prepare(load_case("el_salvador_2012"), "default", rules, tmp_path_factory.mktemp("bank"), seed=3)


def verdict(stated: Procedure) -> Verdict:
    # What the figures of the record say of the model is not the matter here: no count is left out.
    found: Fit = fit(stated)
    return judge(rank_truth(stated, SETS, seed=11), found, stated.rules, {})


def believing(right: Procedure, **wrong: Any) -> Procedure:
    """The procedure with a likelihood that believes something else of what histories record."""
    emulator = replace(right.likelihood.emulator, **wrong)
    return replace(right, likelihood=replace(right.likelihood, emulator=emulator))


def test_the_procedure_that_ships_passes_a_small_gate(procedure: Procedure) -> None:
    told = verdict(procedure)
    assert told.state == "passed", told.reasons


def test_a_likelihood_that_believes_too_little_chance_is_caught(procedure: Procedure) -> None:
    told = verdict(believing(procedure, unit=0.3 * procedure.likelihood.emulator.unit))
    assert told.state == "failed"
    assert told.coverage["0.9"][0] < 0.87, "intervals are too narrow"


def test_a_likelihood_whose_counts_are_shifted_is_caught(procedure: Procedure) -> None:
    emulator = procedure.likelihood.emulator
    shift = np.zeros(len(emulator.centre))
    shift[: procedure.bank.figures.counts] = 0.5
    told = verdict(believing(procedure, centre=emulator.centre + shift))
    assert told.state == "failed"
    assert told.outside, "the truth ranks too low or too high"
