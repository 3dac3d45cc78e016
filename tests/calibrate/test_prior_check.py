"""The prior check: what priors expect is what the bank gives with the error of counting, and out of reach is seen."""

from __future__ import annotations

import json
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest
from scipy.stats import nbinom, norm

from tregua.calibrate import bank as bank_module
from tregua.calibrate import prior_check as module
from tregua.calibrate.bank import Bank
from tregua.calibrate.figures import Figures
from tregua.calibrate.likelihood import PHI
from tregua.calibrate.prior_check import as_plain, expectations
from tregua.calibrate.register import NAMES
from tregua.calibrate.study import look_before
from tregua.case.draws import draw_source
from tregua.case.load import Case
from tregua.model.compiled import engine
from tregua.report.calibration import prior_check_of


def made_up(figures: Figures, phi: float) -> Any:
    """A bank whose every history has the same over-dispersion."""
    coordinates = SimpleNamespace(names=(PHI,), values=lambda scores: np.full((len(scores), 1), phi))
    return SimpleNamespace(figures=figures, coordinates=coordinates, scores=lambda rows: np.zeros((len(rows), 1)))


def test_expected_counts_and_targets_have_the_distribution_of_their_errors(case: Case) -> None:
    whole = Figures.of(case)
    count, target = whole.items[0], next(i for i in whole.items if i.kind == "lognormal")
    figures = replace(whole, items=(replace(count, value=230.0), target))
    read = np.tile([np.log(200.5), np.log(target.value + 0.5) + 0.1], (20_000, 1))
    first, second = expectations(made_up(figures, 30.0), read)
    right = nbinom(30, 30 / 230)
    assert first.q05 == pytest.approx(right.ppf(0.05), abs=2)
    assert first.q95 == pytest.approx(right.ppf(0.95), abs=3)
    assert first.place == pytest.approx(0.5 * (right.cdf(229) + right.cdf(230)), abs=0.01)
    assert second.place == pytest.approx(norm.cdf(-0.1 / target.error), abs=0.012)
    assert second.q50 == pytest.approx((target.value + 0.5) * np.exp(0.1) - 0.5, rel=0.02)


def test_a_figure_out_of_reach_is_named_and_others_are_not(case: Case) -> None:
    whole = Figures.of(case)
    count = whole.items[0]
    read = np.full((2_000, 2), np.log(200.5))
    both = replace(whole, items=(replace(count, id="near", value=210.0), replace(count, id="far", value=900.0)))
    told = as_plain(expectations(made_up(both, 30.0), read))
    assert told["out_of_reach"] == ["far"]
    assert (told["counts"], told["inside90"]) == (2, 1)
    assert told["figures"][1]["place"] == 1.0


def test_histories_that_broke_are_left_out(case: Case) -> None:
    figures = replace(Figures.of(case), items=Figures.of(case).items[:1])
    read = np.full((3_000, 1), np.log(200.5))
    read[::3] = np.nan
    (row,) = expectations(made_up(figures, 30.0), read)
    assert np.isfinite(row.q50)
    assert row.q50 == pytest.approx(199, abs=6)


def test_looking_before_writes_the_register_and_fits_nothing(
    case: Case, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bank_module, "SHARD", 50)
    monkeypatch.setattr(module, "HISTORIES", 100)
    told: list[tuple[str, int, int]] = []
    found = look_before(case, "default", tmp_path, seed=5, tell=lambda *step: told.append(step))
    assert told == [("priors", 50, 100), ("priors", 100, 100)]
    assert sorted(p.name for p in tmp_path.iterdir()) == ["default-prior.json", "register.json", "work"]
    kept = json.loads((tmp_path / "default-prior.json").read_text(encoding="utf-8"))
    assert kept["figures"] == as_plain(found)["figures"]
    assert [row["id"] for row in kept["figures"]] == list(Figures.of(case).ids)
    # The histories are those of the bank of a fit, so that a fit finds them.
    bank = Bank.of(case, "default", NAMES, 5)
    assert all(bank.place(number, tmp_path / "work").is_file() for number in (0, 1))
    again = look_before(case, "default", tmp_path, seed=5)
    assert again == found
    assert look_before(case, "default", tmp_path, seed=6) != found


def test_what_ships_belongs_to_the_posteriors_beside_it(case: Case) -> None:
    source = draw_source(case, engine().digest)
    assert source.posteriors
    for reading, found in source.posteriors.items():
        told = prior_check_of(case, found, None)
        assert told is not None, reading
        assert [row["id"] for row in told["figures"]] == list(Figures.of(case).ids)
        other = replace(found, manifest={**found.manifest, "origin": "of other figures"})
        assert prior_check_of(case, other, None) is None
