"""Scores by proper rules, skill with its interval, and what ships: posteriors of this model and their gates."""

from __future__ import annotations

from dataclasses import replace
from datetime import date

import numpy as np
import pytest

from tregua.calibrate.hindcast import Forecast, baselines, held_out, score, skill
from tregua.case.draws import draw_source
from tregua.case.load import Case, load_case
from tregua.errors import UsageError
from tregua.model.compiled import model_digest
from tregua.model.declare import PARAMETERS


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("el_salvador_2012")


def test_counts_that_are_scored_lie_after_the_window_and_each_day_once(case: Case) -> None:
    counts = held_out(case, date(2016, 12, 31))
    assert len(counts) == 32
    assert min(c.spans[0].start for c in counts) > case.fit_end  # type: ignore[operator]
    days = [day for c in counts for span in c.spans for day in range(span.start.toordinal(), span.end.toordinal() + 1)]
    assert len(days) == len(set(days))


def test_a_right_forecast_scores_better_than_a_shifted_and_a_wide_one(case: Case) -> None:
    counts = held_out(case, date(2016, 12, 31))
    truth = np.array([[float(c.count) for c in counts]])
    rng = np.random.default_rng(1)
    near = truth * np.exp(0.1 * rng.standard_normal((200, len(counts))))
    forecasts = [Forecast("a", near, np.full(200, 200.0)), Forecast("b", 1.6 * near, np.full(200, 200.0)),
                 Forecast("c", near, np.full(200, 3.0))]  # fmt: skip
    one, two, three = (score(f, counts) for f in forecasts)
    assert one.crps.mean() < min(two.crps.mean(), three.crps.mean())
    assert one.log.mean() > max(two.log.mean(), three.log.mean())
    gain = skill(one, two)
    assert gain.known
    assert 0 < gain.lo < gain.value < gain.hi < 1


def test_baselines_know_nothing_after_the_window(case: Case) -> None:
    counts = held_out(case, date(2016, 12, 31))
    later = replace(case, observations=case.observations.where(lambda o: o.use != "score"))
    for one, two in zip(baselines(case, counts), baselines(later, counts), strict=True):
        assert np.array_equal(one.means, two.means)
        assert np.array_equal(one.phi, two.phi)


def test_what_ships_belongs_to_this_model_and_these_figures(case: Case) -> None:
    source = draw_source(case, model_digest())
    assert source.kind == "posterior"
    assert not source.set_aside
    assert {name: found.gate for name, found in source.posteriors.items()} == {
        "default": "passed", "hidden_killings": "failed", "leader_split": "failed", "fall_not_concessions": "passed",
        "gangs_first": "failed", "repress_works": "passed",
    }  # fmt: skip
    assert all(1000 <= len(found.rows) <= 2000 for found in source.posteriors.values())
    for found in source.posteriors.values():
        for row in (0, 777, 1999):
            for name, value in found.row(row).items():
                PARAMETERS[name].check(value)


def test_a_posterior_of_another_model_is_set_aside_and_refused_when_asked_for(case: Case) -> None:
    source = draw_source(case, "0" * 64)
    assert source.kind == "provisional"
    assert {found.standing for found in source.set_aside.values()} == {"other_model"}
    with pytest.raises(UsageError, match="no posterior for this model"):
        draw_source(case, "0" * 64, asked="posterior")


def test_priors_only_on_request(case: Case) -> None:
    source = draw_source(case, model_digest(), asked="prior")
    assert source.kind == "prior"
    assert source.fitted == ()
    rows = source.rows(3, 1, PARAMETERS)
    assert source.overlaid(rows[0], 0, 1, "gangs_first")["breach_weight"] == 0.5 * rows[0]["breach_weight"]
