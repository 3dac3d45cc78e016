"""Calibration and validation from Python: labelled draws, tables that hold what the files hold, and refusals."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import date
from pathlib import Path

import numpy as np
import pytest

import tregua
from tregua.calibrate import labelled
from tregua.calibrate.network import Training
from tregua.calibrate.register import NAMES, Rules
from tregua.calibrate.sampler import Plan
from tregua.errors import CaseError, UsageError

pytest.importorskip("xarray")
pytest.importorskip("pandas")
QUICK = replace(
    Rules(), training=Training(rounds=4), chains=Plan(chains=2, warm=60, kept=60, few=8, many=16), draws=100
)


@pytest.fixture(scope="module")
def fitted(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[tregua.Fitted, Path]]:
    folder = tmp_path_factory.mktemp("posterior")
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(labelled, "Rules", lambda: QUICK)
        yield tregua.calibrate_case("two_valleys", histories=1000, out=folder, threads=1), folder


def test_draws_carry_names_units_and_origin(fitted: tuple[tregua.Fitted, Path]) -> None:
    found, _ = fitted
    assert set(found.draws.data_vars) == set(NAMES)
    assert found.draws.contest_rate.attrs["units"] == tregua.PARAMETERS["contest_rate"].unit
    assert found.draws.attrs["case"] == "two_valleys"
    assert found.draws.attrs["model_digest"] == tregua.engine().digest
    assert found.draws.attrs["gate"] == found.gate == "not_run"
    assert np.array_equal(found.draws.phi.values, found.posterior.rows[:, found.posterior.names.index("phi")])


def test_the_table_has_every_parameter_with_its_range_before_and_after(fitted: tuple[tregua.Fitted, Path]) -> None:
    table = fitted[0].parameters
    assert list(table.parameter) == list(NAMES)
    assert (table.q05 <= table.q50).all()
    assert (table.prior_q05 < table.prior_q95).all()
    assert set(table.says) <= {"much", "part", "little", "nothing"}


def test_its_folder_is_what_validation_and_histories_take(fitted: tuple[tregua.Fitted, Path]) -> None:
    _, folder = fitted
    told = tregua.validate_case("two_valleys", draws=4, posteriors=folder, outside=False, threads=1)
    assert (told.source, dict(told.gates)) == ("posterior", {"default": "not_run"})
    assert {"default", "prior", "last_count"} <= set(told.scores.forecast)
    assert {"value", "lo", "hi"} <= set(told.skill.columns)
    made = tregua.simulate("two_valleys", draws=2, posteriors=folder, threads=1)
    assert made.attrs["fitted_parameters"] == "posterior"
    assert tregua.simulate("two_valleys", draws=2, threads=1).attrs["fitted_parameters"] == "prior"
    with pytest.raises(UsageError, match="no posterior"):
        tregua.simulate("el_salvador_2016", draws=2, posteriors=folder, draws_from="posterior", threads=1)


def test_validation_says_where_parameters_come_from_and_scores_the_same_twice() -> None:
    one, two = (
        tregua.validate_case("two_valleys", draws=4, outside=False, threads=n, draws_from="prior") for n in (1, 2)
    )
    assert one.source == "prior"
    assert one.told == two.told
    assert "prior" not in set(one.scores.forecast), "priors are not held against themselves"
    # Every reading under which responses are weighed meets the counts that were kept aside, fitted or not.
    case = tregua.load_case("two_valleys")
    assert {name for name, rule in case.readings.items() if not rule.refit} <= set(one.scores.forecast)
    laid = one.told["hindcast"]["laid_over"]
    assert set(laid) == {name for name, rule in case.readings.items() if not rule.refit} - {"default"}
    assert set(one.readings.reading) == {"default"}, "what was not fitted is not told apart by the fitted counts"
    assert one.patterns.empty
    assert one.checks.empty


def test_a_case_with_too_few_figures_runs_on_priors_and_is_told_so(tmp_path: Path) -> None:
    from tregua.case.scaffold import Sketch, new_case

    folder = new_case(
        tmp_path / "town",
        Sketch("Town", "Pueblo", date(2009, 1, 1), date(2015, 12, 31), date(2012, 3, 8), date(2013, 12, 31)),
    )
    for call in (tregua.calibrate_case, tregua.validate_case):
        with pytest.raises(CaseError, match="runs on priors"):
            call(folder)


@pytest.mark.parametrize(
    ("asked", "words"),
    [({"histories": 10}, "histories"), ({"sets": 2}, "sets"), ({"reading": "rumour"}, "no such reading")],
)
def test_what_cannot_be_fitted_is_refused_before_anything_runs(asked: dict[str, object], words: str) -> None:
    with pytest.raises(UsageError, match=words):
        tregua.calibrate_case("two_valleys", **asked)  # type: ignore[arg-type]


def test_one_draw_is_refused() -> None:
    with pytest.raises(UsageError, match="no spread"):
        tregua.validate_case("two_valleys", draws=1)
