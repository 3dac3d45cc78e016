"""An experiment as a small file: policies, readings, priors and weights of one's own, and everything wrong with it."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from tregua.case.load import Case, load_case
from tregua.errors import TreguaError, UsageError
from tregua.explore.comparison import comparison_shards, comparisons
from tregua.explore.experiment import Experiment, Worker
from tregua.explore.plan import load_plan, parse_plan
from tregua.explore.uncertainty import draw_values
from tregua.runs.local import run_shards
from tregua.runs.store import Store

WATCHED = {"id": "watched", "like": "open_truce", "sets": {"conditional": 0.5, "arrests": 2}}
DOUBT = {"id": "doubtful_law", "sets": {"legal_shield": 0.3, "rent_share": "x0.5"}}


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("el_salvador_2012")


def test_a_policy_begins_from_another_and_changes_it(case: Case) -> None:
    arm = parse_plan({"arm": [WATCHED]}).experiment(case).case.decisions["2012"].arms["watched"]
    before = case.decisions["2012"].arms["open_truce"].sets
    assert arm.sets == {**before, "conditional": 0.5, "arrests": 2.0}
    assert not arm.record


def test_a_reading_sets_values_and_factors(case: Case) -> None:
    reading = parse_plan({"reading": [DOUBT]}).experiment(case).case.readings["doubtful_law"]
    laid = reading.overlay({"legal_shield": 0.9, "rent_share": 0.4})
    assert laid == {"legal_shield": 0.3, "rent_share": 0.2}


def test_the_case_itself_is_left_as_it_was(case: Case) -> None:
    before = (tuple(case.readings), tuple(case.decisions["2012"].arms))
    made = parse_plan({"arm": [WATCHED], "reading": [DOUBT]}).experiment(case)
    assert (tuple(case.readings), tuple(case.decisions["2012"].arms)) == before
    assert made.case.digest == case.digest


def test_results_of_the_case_keep_their_names_beside_a_policy_of_ones_own(case: Case) -> None:
    plain = Experiment(case, draws=4, arms=("open_truce",), readings=("default",))
    mine = parse_plan({"arm": [WATCHED]}).experiment(
        case, draws=4, arms=("open_truce", "watched"), readings=("default",)
    )
    before = [s.key(plain.origin) for s in plain.compare_shards("2012")]
    after = [s.key(mine.origin) for s in mine.compare_shards("2012")]
    assert set(before) < set(after)
    assert len(after) == len(before) + 1


def test_another_policy_under_the_same_id_is_another_result(case: Case) -> None:
    def names(sets: dict[str, float]) -> set[str]:
        made = parse_plan({"arm": [{"id": "mine", "sets": sets}]}).experiment(case, draws=2, readings=("default",))
        return {s.key(made.origin) for s in made.compare_shards("2012")}

    one, other = names({"arrests": 2}), names({"arrests": 3})
    assert len(one - other) == 1


def test_another_prior_is_another_draw_and_another_result(case: Case) -> None:
    plain = Experiment(case, draws=40)
    mine = parse_plan({"prior": {"legal_shield": "U(0.8,0.9)"}}).experiment(case, draws=40)
    columns = {
        name: np.array([row[name] for row in draw_values(case, 40, e.seed, e.parameters)])
        for e, name in ((mine, "legal_shield"), (plain, "war_gain"))
    }
    again = np.array([row["war_gain"] for row in draw_values(case, 40, mine.seed, mine.parameters)])
    assert columns["legal_shield"].min() >= 0.8
    assert (again == columns["war_gain"]).all()
    keys = [{s.key(e.origin) for s in e.compare_shards("2012")} for e in (plain, mine)]
    assert not keys[0] & keys[1]


def test_a_policy_that_sets_what_another_sets_gives_its_digits(case: Case, tmp_path: Path) -> None:
    plan = parse_plan({"arm": [{"id": "twin", "like": "mano_dura", "sets": {"arrests": 2}}]})
    made = plan.experiment(case, draws=3, readings=("default",), arms=("mano_dura", "twin"))
    store = Store.open(tmp_path, made.origin)
    run_shards(comparison_shards(made, "2012"), Worker(made), store, 2)
    cube = comparisons(made, store, "2012")[0].cube
    twin, own = (cube.values[0, cube.at("arm", name)] for name in ("mano_dura", "twin"))
    assert np.array_equal(twin, own, equal_nan=True)


def test_an_experiment_can_be_changed_again(case: Case) -> None:
    made = parse_plan({"arm": [WATCHED]}).experiment(case)
    assert "watched" in replace(made, draws=7).case.decisions["2012"].arms


@pytest.mark.parametrize(
    ("body", "key"),
    [
        ({"drawz": 3}, "drawz"),
        ({"draws": 0}, "draws"),
        ({"draws": True}, "draws"),
        ({"horizon": "five"}, "horizon"),
        ({"step": 0}, "step"),
        ({"readings": []}, "readings"),
        ({"decision": 2012}, "decision"),
        ({"set": {"war_gain": "much"}}, "set, war_gain"),
        ({"prior": {"war_gain": "Normal(1,2)"}}, "prior, war_gain"),
        ({"weights": {"homicides": float("nan")}}, "weights, homicides"),
        ({"prior": {"war_gain": []}}, "prior, war_gain"),
        ({"policy": [WATCHED]}, "policy"),
        ({"arm": {"id": "x"}}, "arm"),
        ({"arm": [{"id": "Two Words", "sets": {"arrests": 2}}]}, "arm 1, id"),
        ({"arm": [{"id": "x", "sets": {}}]}, "arm 1, sets"),
        ({"arm": [{"id": "x", "label_en": "A name", "sets": {"arrests": 2}}]}, "arm 1, label_en"),
        ({"arm": [WATCHED, WATCHED]}, "arm 2, id"),
    ],
)
def test_what_a_plan_cannot_say_is_told_with_its_key(body: dict[str, Any], key: str) -> None:
    with pytest.raises(UsageError) as told:
        parse_plan(body, "mine.toml")
    problem = told.value.problems[0]
    assert (problem.file, problem.key) == ("mine.toml", key)
    assert problem.mend == ("did you mean arm?" if key == "policy" else problem.mend) != ""


@pytest.mark.parametrize(
    "body",
    [
        {"arm": [{"id": "x", "sets": {"arrests": 99}}]},
        {"arm": [{"id": "x", "sets": {"war": 1}}]},
        {"arm": [{"id": "x", "like": "as_it_happened", "sets": {"arrests": 2}}]},
        {"arm": [{"id": "open_truce", "sets": {"arrests": 2}}]},
        {"reading": [{"id": "x", "sets": {"legal_shield": 7}}]},
        {"reading": [{"id": "x", "sets": {"truth": 1}}]},
        {"reading": [{"id": "x", "sets": {"command_gain": 0.5}}]},
        {"reading": [{"id": "default", "sets": {"legal_shield": 0.2}}]},
        {"prior": {"command_gain": "U(0,1)"}},
        {"prior": {"type_genuine": "Beta(2,2)"}},
        {"prior": {"truth": "Beta(2,2)"}},
        {"arms": ["war"]},
        {"readings": ["truth"]},
        {"set": {"war_gain": 99}},
    ],
)
def test_what_the_case_cannot_do_is_refused(body: dict[str, Any], case: Case) -> None:
    with pytest.raises(TreguaError) as told:
        parse_plan(body).experiment(case)
    assert all(problem.mend for problem in told.value.problems)


@pytest.mark.parametrize("content", [b"draws = ", b"\xff\xfe", None])
def test_a_file_that_is_no_plan_is_told(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(UsageError) as told:
        load_plan(path)
    assert told.value.problems[0].key == "--plan"


def test_the_example_of_the_module_is_a_plan(case: Case, tmp_path: Path) -> None:
    import textwrap

    from tregua.explore import plan

    text = (plan.__doc__ or "").split("::\n", 1)[1].split("\nThere is no field")[0]
    path = tmp_path / "plan.toml"
    path.write_text(textwrap.dedent(text), encoding="utf-8")
    made = load_plan(path).experiment(case)
    assert made.draws == 50
    assert "open_truce_watched" in made.arms_of("2012")
    assert made.runnable() == ["default", "law_no_shield", "doubtful_law"]


def test_reading_by_reading_gives_the_cube_read_at_once(case: Case, tmp_path: Path) -> None:
    from tregua.runs.query import cube as read_cube

    made = Experiment(case, draws=3, luck=2, readings=("default", "bonding"), arms=("mano_dura",))
    store = Store.open(tmp_path, made.origin)
    grid = made.compare_shards("2017")
    run_shards(comparison_shards(made, "2017"), Worker(made), store, 2)
    for one in comparisons(made, store, "2017"):
        whole = read_cube(store, one.label, grid, readings=("default", "bonding"), arms=("no_truce", "mano_dura"))
        assert (one.cube.arms, one.cube.outcomes, one.cube.draws) == (whole.arms, whole.outcomes, whole.draws)
        assert np.array_equal(one.cube.values, whole.values, equal_nan=True)
        assert np.array_equal(one.cube.there, whole.there)
