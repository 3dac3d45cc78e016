"""The gate: a right procedure passes, a deliberately wrong likelihood is caught, and what was kept is found again."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from made_procedure import NAMES, PLAN, RIGHT, ranks

from tregua.calibrate import gate
from tregua.calibrate.gate import Verdict, judge, rank_truth
from tregua.calibrate.register import Rules
from tregua.calibrate.sampler import sample

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


def test_a_gate_that_was_stopped_goes_on_to_the_same_ranks(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rng = np.random.default_rng(4)
    scores = rng.standard_normal((9, RIGHT.size))
    figures = scores @ RIGHT.matrix + RIGHT.error * rng.standard_normal((9, RIGHT.matrix.shape[1]))
    pool = rng.standard_normal((100, RIGHT.size))
    drawn: list[int] = []

    def draws(rows: Any, key: int) -> Any:
        drawn.append(len(rows))
        return sample(RIGHT, rows, pool, key, PLAN, threads=1)

    procedure: Any = SimpleNamespace(
        bank=SimpleNamespace(coordinates=SimpleNamespace(names=NAMES), digest="made up"),
        likelihood=RIGHT, trained=0, rules=Rules(), draws=draws,
    )  # fmt: skip
    monkeypatch.setattr(gate, "PART", 3)
    monkeypatch.setattr(gate, "unseen", lambda *_: (scores, figures))
    whole = rank_truth(procedure, 9, seed=7)

    class StoppedError(Exception):
        pass

    def stop(_: str, done: int, __: int) -> None:
        if done == 6:
            raise StoppedError

    with pytest.raises(StoppedError):
        rank_truth(procedure, 9, tmp_path, seed=7, tell=stop)
    kept = sorted(tmp_path.glob("gate-*.npz"))
    assert len(kept) == 2
    kept[0].write_bytes(kept[0].read_bytes()[:200])  # half written: drawn again, never read
    drawn.clear()
    again = rank_truth(procedure, 9, tmp_path, seed=7)
    assert drawn == [3, 3], "the part that was whole is found again"
    for name in ("ranks", "mean", "spread", "worst_rhat"):
        assert np.array_equal(getattr(whole, name), getattr(again, name)), name
    drawn.clear()
    other = rank_truth(procedure, 9, tmp_path, seed=8)
    assert drawn == [3, 3, 3], "another seed is another gate"
    assert not np.array_equal(whole.ranks, other.ranks)
