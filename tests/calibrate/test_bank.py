"""The bank: the same histories whatever interrupted it and on however many threads."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tregua.calibrate import bank as module
from tregua.calibrate.bank import Bank
from tregua.calibrate.likelihood import simulate_figures
from tregua.calibrate.register import NAMES
from tregua.case.load import load_case


@pytest.fixture
def bank(monkeypatch: pytest.MonkeyPatch) -> Bank:
    monkeypatch.setattr(module, "SHARD", 10)
    return Bank.of(load_case("el_salvador_2012"), "default", NAMES, 5)


def test_a_bank_that_was_stopped_goes_on_to_the_same_digits(bank: Bank, tmp_path: Path) -> None:
    whole = bank.read(30, threads=2)

    class StoppedError(Exception):
        pass

    def stop(done: int) -> None:
        if done == 20:
            raise StoppedError

    with pytest.raises(StoppedError):
        bank.read(30, tmp_path, progress=stop)
    kept = sorted(tmp_path.glob("*.npz"))
    assert len(kept) == 2
    # A shard that is not whole is computed again, and so is one of which a bit was turned.
    kept[0].write_bytes(kept[0].read_bytes()[:100])
    data = bytearray(kept[1].read_bytes())
    data[len(data) // 2] ^= 16
    kept[1].write_bytes(data)
    calls: list[Any] = []
    again = bank.read(30, tmp_path, threads=1, progress=calls.append)
    assert np.array_equal(whole, again)
    assert len(calls) == 3
    assert np.array_equal(whole, bank.read(30, tmp_path))


def test_any_part_of_the_scores_is_the_same_part(bank: Bank) -> None:
    assert np.array_equal(bank.scores(range(30))[7:23], bank.scores(range(7, 23)))
    whole, part = bank.draws(range(20)), bank.draws(range(12, 15))
    assert all(np.array_equal(whole[name][12:15], part[name]) for name in whole)


def test_another_seed_or_reading_is_another_bank(bank: Bank) -> None:
    case = bank.case
    others = {Bank.of(case, r, NAMES, s).digest for r, s in (("default", 5), ("default", 6), ("gangs_first", 5))}
    assert len(others) == 3


def test_simulated_figures_have_the_error_of_counting() -> None:
    read = np.log(np.full((40_000, 2), 200.5))
    errors = np.array([0.0, 0.3])
    out = simulate_figures(read, np.full(40_000, 50.0), 1, errors, np.random.default_rng(1))
    counts = np.exp(out[:, 0]) - 0.5
    assert counts.mean() == pytest.approx(200, rel=0.01)
    assert counts.var() == pytest.approx(200 + 200**2 / 50, rel=0.04)
    assert (out[:, 1] - read[:, 1]).std() == pytest.approx(0.3, rel=0.02)
