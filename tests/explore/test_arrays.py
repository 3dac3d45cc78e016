"""The Python surface: labelled arrays and tables that say where they come from."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import tregua
from tregua.errors import StoreError, UsageError
from tregua.explore.outside import core
from tregua.explore.uncertainty import draw_values

xarray = pytest.importorskip("xarray")
pandas = pytest.importorskip("pandas")
CASE = "two_valleys"


def test_histories_carry_labels_units_and_origin() -> None:
    made = tregua.simulate(CASE, draws=3, luck=2, seed=5, threads=1)
    assert dict(made.sizes) == {"draw": 3, "luck": 2, "year": 9}
    assert made.homicides.attrs["units"] == "deaths"
    assert made.attrs["case_digest"] == tregua.load_case(CASE).digest
    assert made.attrs["model_digest"] == tregua.engine().digest
    assert (made.attrs["seed"], made.attrs["fitted_parameters"]) == (5, "prior")
    assert "not a forecast" in made.attrs["note"]
    plain = tregua.simulate_years(tregua.Experiment(tregua.load_case(CASE), draws=3, luck=2, seed=5), threads=1)
    assert np.array_equal(made.homicides.values.reshape(6, 9), plain.of("homicides"))
    assert not np.array_equal(tregua.simulate(CASE, draws=3, luck=2, seed=6, threads=1).homicides, made.homicides)


def test_a_comparison_is_paired_and_its_table_is_that_of_its_values() -> None:
    found = tregua.compare(CASE, draws=4, readings=["default"], arms=["secret_truce"], threads=1)
    values = found.values.homicides.sel(variant="2004", reading="default", luck=0)
    change = values.sel(arm="secret_truce") - values.sel(arm="no_truce")
    rows = found.contrasts.query("arm == 'secret_truce' and outcome == 'homicides'")
    assert set(rows.horizon) == {1, 2, 5}
    for _, row in rows.iterrows():
        assert row["median"] == pytest.approx(float(change.sel(horizon=row.horizon).median()))
        assert row.n == 4
    assert set(found.contrasts.arm) == {"secret_truce"}


def test_a_halt_that_can_end_is_a_variant_of_its_own() -> None:
    found = tregua.compare("el_salvador_2016", draws=2, readings=["default"], arms=["measures"], threads=1)
    assert list(found.values.variant.values) == ["2016", "2016_halt_ends"]
    halted = found.values.homicides.sel(arm="no_truce", horizon=1, reading="default")
    assert (halted.sel(variant="2016_halt_ends") > halted.sel(variant="2016")).all()


def test_runs_are_found_again_and_those_of_another_model_are_refused(tmp_path: Path) -> None:
    asked = {"draws": 2, "readings": ["default"], "arms": ["secret_truce"], "threads": 1, "out": tmp_path / "store"}
    first = tregua.compare(CASE, **asked)  # type: ignore[arg-type]
    stamps = {p: p.stat().st_mtime_ns for p in (tmp_path / "store" / "shards").rglob("*.parquet")}
    again = tregua.compare(CASE, **asked)  # type: ignore[arg-type]
    assert first.values.equals(again.values)
    assert {p: p.stat().st_mtime_ns for p in (tmp_path / "store" / "shards").rglob("*.parquet")} == stamps
    own = tregua.engine((OWN,), compiled=False)
    with pytest.raises(StoreError, match="another model"):
        tregua.compare(CASE, kernel=own, **asked)  # type: ignore[arg-type]


RELUCTANCE = tregua.Parameter(
    "reluctance", "rl", "1", 0.2, "Beta(2,8)", 0.0, 1.0, "varied", "core", "obedience held back", "obediencia retenida",
    (), "assumption", "no",
)  # fmt: skip


def hidden_less(th, practised, adhered, years):  # type: ignore[no-untyped-def]
    """Hiding is practised only so far as nobody is reluctant."""
    return practised * (1.0 - th.reluctance)


OWN = tregua.Replacement("recording.hiding_practice", hidden_less, (RELUCTANCE,))


def test_a_mechanism_of_ones_own_stands_in_the_description_with_its_parameter() -> None:
    plain, mine = tregua.odd(), tregua.odd("en", (OWN,))
    assert "reluctance" not in plain
    assert "`hidden_less`" in mine
    assert "practised * (1.0 - th.reluctance)" in mine
    assert "| `reluctance` | rl | 1 | 0.2 | Beta(2,8) |" in mine
    assert "Another model" in mine
    assert "reluctance" in tregua.odd("es", (OWN,))
    digest = tregua.engine((OWN,), compiled=False).digest
    assert f"`{digest[:16]}`" in mine or digest[:16] in mine
    assert digest != tregua.engine().digest


def test_its_parameter_is_drawn_from_its_prior_and_is_a_factor_of_sensitivity() -> None:
    kernel = tregua.engine((OWN,), compiled=False)
    experiment = tregua.Experiment(tregua.load_case(CASE), draws=30, kernel=kernel)
    drawn = [row["reluctance"] for row in draw_values(experiment.case, 30, 1, experiment.parameters)]
    assert 0.05 < float(np.mean(drawn)) < 0.4
    assert len(set(drawn)) == 30
    assert "reluctance" in core(experiment.parameters)
    held = tregua.Experiment(experiment.case, draws=1, kernel=kernel, overrides={"reluctance": 0.5})
    assert held.overrides == {"reluctance": 0.5}
    with pytest.raises(UsageError, match="no such parameter"):
        tregua.Experiment(experiment.case, draws=1, overrides={"reluctance": 0.5})


def test_draws_of_another_kind_than_those_of_the_original_are_never_taken_silently() -> None:
    case = tregua.load_case("el_salvador_2012")
    kernel = tregua.engine((OWN,), compiled=False)
    assert tregua.Experiment(case, draws=1).source.kind == "posterior"
    with pytest.warns(tregua.TreguaWarning, match="a replaced mechanism has no posterior") as told:
        source = tregua.Experiment(case, draws=1, kernel=kernel).source
    assert source.kind == "provisional"
    problem = told[0].message.problem  # type: ignore[union-attr]
    assert problem.code == "W60"
    assert 'draws_from="provisional"' in problem.mend
    # asked for by name, or where no posterior ever was, nothing is told: warnings are errors here
    assert tregua.Experiment(case, draws=1, kernel=kernel, draws_from="provisional").source.kind == "provisional"
    assert tregua.Experiment(tregua.load_case("two_valleys"), draws=1, kernel=kernel).source.kind != "posterior"
    assert tregua.Experiment(case, draws=1, kernel=tregua.engine()).source.kind == "posterior"


def test_without_xarray_it_is_said_which_package_to_install() -> None:
    code = (
        "import sys; sys.modules['xarray'] = None\n"
        "import tregua\n"
        "try:\n    tregua.simulate('two_valleys', draws=1)\n"
        "except tregua.TreguaError as e:\n    print(e)"
    )
    env = {**os.environ, "PYTHONPATH": str(Path(__file__).parents[2] / "src")}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True).stdout
    assert "tregua[arrays]" in out


def test_a_ledger_has_its_claims() -> None:
    ledger = tregua.load_ledger(tregua.load_case("el_salvador_2016").folder / "ledger")
    assert isinstance(ledger, tregua.Ledger)
    assert "Q18" in ledger.claims
