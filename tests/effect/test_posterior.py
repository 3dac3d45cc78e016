"""The full posterior: its gate, and its agreement with the fast estimator."""

from __future__ import annotations

import importlib.util
from dataclasses import replace

import numpy as np
import pytest

from tregua.effect.design import Design
from tregua.effect.extra import require_extra
from tregua.effect.interrupted import NEGBIN, SERIAL, fit_fast, interrupted_model
from tregua.effect.posterior import interrupted_fit, interrupted_job, judge, sample_all
from tregua.effect.structural import structural_fast, structural_fit, structural_job, structural_model
from tregua.errors import UsageError

numpyro = pytest.importorskip("numpyro", reason="the extra effect is not installed")


def test_the_gate_stops_what_has_not_converged_and_says_what_to_do() -> None:
    assert judge(0, 1.005, 900).passed
    for bad in (judge(3, 1.0, 900), judge(0, 1.02, 900), judge(0, 1.0, 120), judge(0, float("nan"), float("nan"))):
        assert not bad.passed
        assert bad.reason_es
        assert "--posterior-draws" in bad.remedy_en


def test_a_missing_extra_is_named(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None if name == "numpyro" else object())
    with pytest.raises(UsageError) as told:
        require_extra()
    assert "tregua[effect]" in told.value.problems[0].mend
    assert "numpyro" in told.value.problems[0].found


def test_the_scaling_map_covers_every_latent_direction(design: Design) -> None:
    job = interrupted_job(interrupted_model(design), SERIAL)
    assert job.map.turn.shape == (job.blocks, job.blocks)
    np.testing.assert_allclose(job.map.turn.T @ job.map.turn, np.eye(job.blocks), atol=1e-9)
    assert (job.map.size >= 0).all()


@pytest.mark.slow
def test_sampled_and_fast_posteriors_agree(design: Design) -> None:
    matrices, series = interrupted_model(design), structural_model(design)
    jobs = [interrupted_job(matrices, NEGBIN), interrupted_job(matrices, SERIAL), structural_job(series)]
    negbin, serial, structural = sample_all([replace(job, draws=1500) for job in jobs], threads=2)
    pairs = [
        (interrupted_fit(matrices, NEGBIN, negbin).ratio(), fit_fast(matrices, NEGBIN).ratio()),
        (interrupted_fit(matrices, SERIAL, serial).ratio(), fit_fast(matrices, SERIAL).ratio()),
        (structural_fit(series, structural).ratio(), structural_fast(series).ratio()),
    ]
    for posterior, (sampled, fast) in zip((negbin, serial, structural), pairs, strict=True):
        assert posterior.gate.passed, posterior.gate
        assert abs(np.log(sampled.value / fast.value)) < 0.15 * fast.log_sd
        assert sampled.log_sd / fast.log_sd == pytest.approx(1.0, abs=0.15)
