"""The gate: a right procedure passes, a deliberately wrong likelihood is caught, and what was kept is found again."""

from __future__ import annotations

from dataclasses import replace
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from made_procedure import RIGHT, ranks

from tregua.calibrate.gate import Verdict, judge
from tregua.calibrate.register import Rules

LEFT_OUT = {"0.5": (19, 13, 25, 38), "0.9": (35, 30, 37, 38)}


def verdict(stated: Any, sets: int = 120, left_out: Any = None, **chains: Any) -> Verdict:
    found: Any = SimpleNamespace(
        rhat=np.array([chains.get("rhat", 1.001)] * 3),
        effective=np.array([chains.get("effective", 900.0)] * 3),
        chains=SimpleNamespace(diverged=np.array([chains.get("diverged", 0)])),
        scores=np.random.default_rng(0).standard_normal((50, 3)),
    )
    return judge(ranks(stated, sets), found, Rules(set_rhat=1.2), left_out or LEFT_OUT)


def test_a_right_procedure_passes() -> None:
    told = verdict(RIGHT)
    assert told.state == "passed", told.reasons
    assert abs(told.coverage["0.9"][0] - 0.9) < 0.05
    assert told.by_parameter["one"]["recovered"] > 0.7


@pytest.mark.parametrize("factor", [0.4, 2.5], ids=["error stated too small", "error stated too large"])
def test_a_wrong_error_is_caught(factor: float) -> None:
    told = verdict(replace(RIGHT, error=RIGHT.error * factor))
    assert told.state == "failed"
    assert told.outside


def test_a_wrong_mean_is_caught() -> None:
    wrong = RIGHT.matrix.copy()
    wrong[0] *= -1.0
    assert verdict(replace(RIGHT, matrix=wrong)).state == "failed"


def test_a_likelihood_that_says_nothing_is_caught() -> None:
    """The prior given back ranks every parameter uniformly; the likelihood of the truth gives it away."""
    told = verdict(replace(RIGHT, error=1e6))
    assert told.state == "failed"
    assert "log_likelihood" in told.outside


@pytest.mark.parametrize("chains", [{"rhat": 1.2}, {"effective": 30.0}, {"diverged": 3}])
def test_chains_that_have_not_settled_fail(chains: dict[str, Any]) -> None:
    told = verdict(RIGHT, 60, **chains)
    assert told.state == "failed"
    assert any("settled" in en and "asentado" in es for en, es in told.reasons)


def test_left_out_counts_outside_the_binomial_band_fail() -> None:
    told = verdict(RIGHT, 60, left_out={**LEFT_OUT, "0.9": (25, 30, 37, 38)})
    assert told.state == "failed"


def test_the_verdict_names_the_error_that_it_could_have_seen() -> None:
    told = verdict(RIGHT, 60)
    assert 0.3 < told.detectable.shift < 1.0
    assert told.detectable.narrow < 1.0 < told.detectable.wide
