"""Golden figures of the bundled cases: moved only on purpose, by the named command, with a line that says so.

Where processor features, C library and versions are those of the record, the digits must be the same; elsewhere the
means must be as close as chance allows. Those of the estimators are held in tests/effect; here, when they may be moved.
"""

from __future__ import annotations

import copy
from typing import Any

import pytest
import record_baselines as baselines

from tregua.case import bundled_cases

KEPT = baselines.load()
LINE = "## [Unreleased]\n\n**Numbers change**: killings under the truce\nfall by 2 %, because of this.\n\n## [0.1.0]\n"


@pytest.fixture(scope="module")
def found() -> dict[str, Any]:
    return baselines.recorded()


def test_every_bundled_case_has_its_figures(found: dict[str, Any]) -> None:
    assert set(KEPT["cases"]) == set(bundled_cases()) == set(found), "run make baselines after a case was added"


def test_the_figures_are_those_recorded(found: dict[str, Any]) -> None:
    far = baselines.differences(KEPT["cases"], found)
    assert not far, f"results moved; if on purpose, say so in CHANGELOG.md and run make baselines: {far[:5]}"
    if baselines.fingerprint() == KEPT["fingerprint"]:
        assert baselines.moved(KEPT["cases"], found) == [], "digits moved; if on purpose, run make baselines"


def changed() -> dict[str, Any]:
    new = copy.deepcopy(KEPT["cases"])
    for row in next(iter(new.values()))["decisions"].values():
        for values in row["means"].values():
            values[0] = 3.0 * values[0] + 1.0
    next(iter(new.values()))["history"] = "another"
    return new


def test_moved_figures_are_not_recorded_without_a_line_that_says_so() -> None:
    assert "no **Numbers change** line" in baselines.refusal(KEPT, changed(), "## [Unreleased]\n\n## [0.1.0]\n")


def test_a_line_of_an_earlier_version_does_not_count() -> None:
    old = "## [Unreleased]\n\n### Added\n\n## [0.1.0]\n\n**Numbers change**: first version.\n"
    assert baselines.numbers_change(old) == ""
    assert baselines.refusal(KEPT, changed(), old)


def test_a_line_stands_for_one_change_only() -> None:
    assert baselines.refusal(KEPT, changed(), LINE) == ""
    spent = {**KEPT, "numbers_change": baselines.numbers_change(LINE)}
    assert "earlier change" in baselines.refusal(spent, changed(), LINE)


def test_figures_that_stand_may_be_recorded_again() -> None:
    assert baselines.refusal(KEPT, copy.deepcopy(KEPT["cases"]), "## [Unreleased]\n") == ""


def test_means_far_apart_are_seen_and_chance_is_not() -> None:
    assert baselines.differences(KEPT["cases"], changed())
    near = copy.deepcopy(KEPT["cases"])
    for case in near.values():
        for row in case["decisions"].values():
            for values in row["means"].values():
                values[0] += values[1] / values[2] ** 0.5
    assert baselines.differences(KEPT["cases"], near) == []


EFFECT = baselines.effect_kept()


def moved_estimate() -> dict[str, Any]:
    new = copy.deepcopy(EFFECT["parts"])
    new["study"]["estimates"][0]["ratio"] *= 1.3
    return new


def test_moved_figures_of_the_estimators_are_not_recorded_without_a_line_that_says_so() -> None:
    assert set(baselines.effect_far(EFFECT, moved_estimate())) == {"study"}
    why = baselines.effect_refusal(EFFECT, moved_estimate(), "## [Unreleased]\n\n## [0.1.0]\n")
    assert "the estimators (study)" in why
    assert "no **Numbers change** line" in why
    assert baselines.effect_refusal(EFFECT, moved_estimate(), LINE) == ""
    spent = {**EFFECT, "numbers_change": baselines.numbers_change(LINE)}
    assert "earlier change" in baselines.effect_refusal(spent, moved_estimate(), LINE)


def test_figures_of_the_estimators_that_stand_are_recorded_again_and_new_parts_with_them() -> None:
    same = copy.deepcopy(EFFECT["parts"])
    assert baselines.effect_refusal(EFFECT, {**same, "another": 1}, "## [Unreleased]\n") == ""
    same["study"]["estimates"][0]["another"] = 1.0
    assert baselines.effect_refusal(EFFECT, same, "## [Unreleased]\n") == ""
    del same["panels"]
    assert "panels" in baselines.effect_refusal(EFFECT, same, "## [Unreleased]\n"), "a part that was left out"
