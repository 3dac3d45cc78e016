"""The full posterior: its gate, and its agreement with the fast estimator."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from tregua.effect import posterior
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
    for drawn, (sampled, fast) in zip((negbin, serial, structural), pairs, strict=True):
        assert drawn.gate.passed, drawn.gate
        assert abs(np.log(sampled.value / fast.value)) < 0.15 * fast.log_sd
        assert sampled.log_sd / fast.log_sd == pytest.approx(1.0, abs=0.15)


GOOD, BAD = judge(0, 1.0, 900), judge(2, 1.0, 900)


def test_what_missed_the_gate_is_sampled_once_more_with_shorter_steps(
    design: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    job = interrupted_job(interrupted_model(design), NEGBIN, seed=5)
    given: list[posterior.Job] = []

    def once(job: posterior.Job) -> posterior.Posterior:
        given.append(job)
        return posterior.Posterior(job.name, {}, GOOD if job.target > job_target or good_at_once else BAD)

    job_target, good_at_once = job.target, True
    monkeypatch.setattr(posterior, "_sample_once", once)
    assert not posterior.sample(job).retried
    good_at_once = False
    found = posterior.sample(job)
    assert found.retried
    assert found.gate.passed
    last = given[-1]
    assert (len(given), last.target, last.seed) == (3, 0.99, 6)
    assert (last.warmup, last.draws) == (2 * job.warmup, 2 * job.draws)


def test_of_many_data_sets_only_those_that_missed_the_gate_are_sampled_again(
    design: Design, monkeypatch: pytest.MonkeyPatch
) -> None:
    jobs = [interrupted_job(interrupted_model(design), NEGBIN, seed=number) for number in range(6)]
    rounds: list[tuple[list[int], int]] = []

    def batches(numbered: list[tuple[int, posterior.Job]], platform: str, size: int) -> Iterator[Any]:
        rounds.append(([number for number, _ in numbered], size))
        for number, job in numbered:
            gate = GOOD if number in (0, 2, 5) or job.target > 0.95 else BAD
            yield number, posterior.Posterior(job.name, {}, gate)

    monkeypatch.setattr(posterior, "_batches", batches)
    found = dict(posterior.sample_many(jobs, batch=50))
    assert sorted(found) == list(range(6))
    assert [number for number in found if found[number].retried] == [1, 3, 4]
    assert rounds == [([0, 1, 2, 3, 4, 5], 50), ([1, 3, 4], 4)], "a power of two that holds three"
    rounds.clear()
    list(posterior.sample_many(jobs, batch=2))
    assert [size for _, size in rounds] == [2, 2]


def test_chains_are_judged_by_their_worst_entry_and_fixed_ones_are_left_out() -> None:
    from numpyro.diagnostics import effective_sample_size, split_gelman_rubin

    rng = np.random.default_rng(1)
    beta, tau = rng.normal(size=(4, 500, 3)), rng.normal(size=(4, 500))
    beta[..., 1] = 2.0
    quiet = np.zeros((4, 500), dtype=bool)
    found = posterior._judged("x", {"beta": beta, "tau": tau}, quiet)
    assert found.gate.passed
    assert found.sites["beta"].shape == (2000, 3)
    assert found.sites["tau"].shape == (2000,)
    np.testing.assert_array_equal(found.sites["tau"][500:1000], tau[1])
    entries = (beta[..., 0], beta[..., 2], tau)
    assert found.gate.rhat == pytest.approx(max(split_gelman_rubin(entry) for entry in entries))
    assert found.gate.ess == pytest.approx(min(effective_sample_size(entry) for entry in entries))
    tau[0] += 3.0
    apart = posterior._judged("x", {"beta": beta, "tau": tau}, quiet).gate
    assert "R-hat" in apart.reason_en
    quiet[2, 7] = True
    assert posterior._judged("x", {"beta": beta}, quiet).gate.divergences == 1


def test_the_density_is_that_of_the_model_whatever_the_map(design: Design) -> None:
    """At one point of the model, two maps differ by the size of their own steps alone: a poor one costs no truth."""
    import jax
    from numpyro.infer.util import log_density

    one = structural_job(structural_model(design))
    two = posterior.prepared(one, {"tau": 0.3, "extra": 0.4})
    hyper = {"tau": 0.09, "extra": 0.07}
    w = np.cos(np.arange(len(one.map.size)))
    beta = one.map.beta + 0.3 * one.map.beta_root @ np.sin(np.arange(len(one.map.beta)))
    at = jax.jit(lambda data, point: log_density(posterior._program("structural", one.blocks), (data,), {}, point)[0])
    before = jax.config.jax_enable_x64
    jax.config.update("jax_enable_x64", True)
    try:
        found = []
        for job in (one, two):
            m, tau = job.map, hyper["tau"]
            shrink = 1.0 / (1.0 + tau**2 * m.size)
            v = (m.turn.T @ w - tau * m.pull * shrink) / np.sqrt(shrink)
            z = np.linalg.solve(m.beta_root, beta - m.beta + m.drag @ (tau * w - m.reference))
            density = float(at(posterior._data(job), {**hyper, "z": z, "v": v}))
            found.append(density - 0.5 * float(np.log(shrink).sum()))
    finally:
        jax.config.update("jax_enable_x64", before)
    assert abs(one.map.beta_root - two.map.beta_root).max() > 0.01, "the maps are two"
    assert found[0] == pytest.approx(found[1], abs=1e-7)
