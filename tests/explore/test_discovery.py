"""Where a response fails: planted regions are found, and nothing is found where nothing was planted."""

from __future__ import annotations

import sys
import warnings
from dataclasses import replace

import numpy as np
import pytest

with warnings.catch_warnings():
    warnings.simplefilter("ignore")
    pytest.importorskip("ema_workbench")

from tregua.errors import UsageError
from tregua.explore.discovery import Limit, discover


def planted(seed: int = 0) -> tuple[dict[str, object], np.ndarray]:
    """Failures where one factor is high, another low, and the reading is not the first."""
    rng = np.random.default_rng(seed)
    values: dict[str, object] = {name: rng.uniform(0, 1, 800) for name in ("a", "b", "c", "d")}
    readings = rng.choice(["default", "bonding", "repriced"], 800)
    values["reading"] = readings.tolist()
    fails = (np.asarray(values["a"]) > 0.6) & (np.asarray(values["b"]) < 0.5) & (readings != "default")
    return values, fails


def test_a_planted_region_is_found_with_its_limits() -> None:
    values, fails = planted()
    region = discover(values, fails)  # type: ignore[arg-type]
    assert region is not None
    limits = {limit.factor: limit for limit in region.limits}
    assert set(limits) == {"a", "b", "reading"}
    assert limits["a"].low == pytest.approx(0.6, abs=0.05)
    assert limits["b"].high == pytest.approx(0.5, abs=0.05)
    assert limits["reading"].among == ("bonding", "repriced")
    assert region.coverage > 0.9
    assert region.density >= 0.8
    assert region.density > 3 * region.base


def test_the_rule_is_a_sentence_in_both_languages() -> None:
    values, fails = planted()
    region = discover(values, fails)  # type: ignore[arg-type]
    assert region is not None
    english, spanish = region.rule("en"), region.rule("es")
    assert english.startswith("It fails in ")
    assert "the reading is any but default" in english
    assert "la lectura es cualquiera menos default" in spanish
    few = replace(region, limits=(Limit("reading", among=("bonding",), tried=3, but=("default", "repriced")),))
    assert "the reading is one of bonding;" in few.rule("en"), "the shorter list is told"


def test_what_chance_alone_makes_is_no_region() -> None:
    values, _ = planted()
    fails = np.random.default_rng(5).random(800) < 0.3
    region = discover(values, fails)  # type: ignore[arg-type]
    assert region is None or region.coverage < 0.3


def test_too_few_failures_are_told() -> None:
    values, fails = planted()
    with pytest.raises(UsageError, match="too little"):
        discover(values, np.zeros(len(fails), bool))  # type: ignore[arg-type]


def test_a_missing_workbench_is_told_with_its_mend(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "ema_workbench.analysis.prim", None)
    values, fails = planted()
    with pytest.raises(UsageError, match="not installed"):
        discover(values, fails)  # type: ignore[arg-type]
