"""Weights and thresholds of one's own: the same regret as the command line, and refusals that say what is allowed."""

from __future__ import annotations

import pytest

from tregua.app.weighing import BOUND, WEIGHED, form, weighed
from tregua.errors import TreguaError, UsageError
from tregua.explore.regret import OUTCOME_PRESETS, READING_PRESETS
from tregua.report.inputs import TABLE_OUTCOMES


def test_a_published_set_of_weights_gives_the_regret_of_the_command_line(case, compared, voice):
    from tregua.explore.regret import regret, utilities

    preset = OUTCOME_PRESETS["deaths_and_rights"]
    told = weighed(case, compared, voice, "2012", 5, preset.weights, {"homicides": -1000.0, "deaths_by_state": 100.0})
    records = [arm.id for arm in case.decisions["2012"].arms.values() if arm.record]
    known = regret(utilities(compared.cube("2012"), preset, 5, records=records))
    order = [id for id in case.decisions["2012"].arms if id in known.arms]
    assert [row["arm"] for row in told["rows"]] == order
    assert "as_it_happened" not in known.arms
    assert [row["worst"]["value"] for row in told["rows"]] == pytest.approx(
        [known.worst[known.arms.index(arm)] for arm in order]
    )
    assert told["least"]["worst"] == known.minimax
    assert set(told["rows"][0]["expected"]) == set(READING_PRESETS)
    assert all(row["worst"]["value"] >= 0 for row in told["rows"])
    assert {row["arm"] for row in told["rows"] if "met" in row} == set(known.arms) - {"no_truce"}
    told_of = {row["arm"]: [one["outcome"] for one in row["outcomes"]] for row in told["rows"]}
    assert told_of.pop("no_truce") == []
    assert all(outcomes == list(TABLE_OUTCOMES) for outcomes in told_of.values())


def test_no_limits_means_that_no_limits_are_told(case, compared, voice):
    told = weighed(case, compared, voice, "2012", 5, {"homicides": 1.0}, {})
    assert all("met" not in row for row in told["rows"])


@pytest.mark.parametrize(
    ("decision", "years", "weights", "bounds"),
    [
        ("2017", 5, {"homicides": 1.0}, {}),
        ("2012", 4, {"homicides": 1.0}, {}),
        ("2012", 5, {"pacts": 1.0}, {}),
        ("2012", 5, {"homicides": 0.0}, {}),
        ("2012", 5, {"homicides": 1.0}, {"nothing": 1.0}),
    ],
)
def test_what_cannot_be_weighed_is_refused(case, compared, voice, decision, years, weights, bounds):
    with pytest.raises(TreguaError) as refused:
        weighed(case, compared, voice, decision, years, weights, bounds)
    assert isinstance(refused.value, UsageError)
    assert refused.value.problems[0].mend


def test_the_form_asks_for_every_outcome_that_has_a_measure_and_none_is_the_default():
    shown = form({})
    assert [one["id"] for one in shown["weighed"]] == list(WEIGHED)
    assert {"homicides", "deaths_by_state", "deaths_in_custody"} <= set(WEIGHED)
    assert {"homicides", "deaths_by_state", "arrests_wrongful", "minors_detained", "extortion_paid"} <= set(BOUND)
    assert [one["id"] for one in shown["presets"]] == list(OUTCOME_PRESETS)


def test_the_address_refuses_what_has_no_measure(client):
    answer = client.post("/api/weigh", json={"weights": {"homicides": -1}})
    assert answer.status_code == 422
    answer = client.post("/api/weigh", json={"weights": {"homicides": 1}})
    assert answer.status_code == 400
    assert answer.json()["problems"][0]["mend"] == "start a job, then come back"
