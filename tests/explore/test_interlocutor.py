"""Interlocutors as roles in aggregate: both errors, a signal that may say nothing, both expert priors."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from pathlib import Path

import pytest

from tregua.case.load import load_case
from tregua.errors import UsageError
from tregua.explore import interlocutor
from tregua.explore.experiment import Experiment, Worker
from tregua.explore.interlocutor import (
    EXPERT_PRIORS,
    POLICIES,
    Errors,
    admissible_ratios,
    interlocutor_errors,
    interlocutor_experiments,
    interlocutor_shards,
    posterior_range,
    signal_of,
)
from tregua.model.declare import PARAMETERS
from tregua.runs.local import run_shards
from tregua.runs.store import Store


@pytest.fixture(scope="module")
def errors(tmp_path_factory: pytest.TempPathFactory) -> dict[tuple[str, str, float], Errors]:
    """Both errors at two worths of the signals, 25 histories each."""
    experiment = Experiment(load_case("el_salvador_2012"), draws=25)
    made = interlocutor_experiments(experiment, (3.0,))
    store = Store.open(tmp_path_factory.mktemp("roles"), experiment.origin)
    for key, shards in interlocutor_shards(made, "2012").items():
        run_shards(shards, Worker(made[key]), store, 2)
    return {(e.prior, e.policy, e.ratio): e for e in interlocutor_errors(made, store, "2012", 2)}


def test_a_signal_that_says_nothing_is_always_admitted() -> None:
    ratios = admissible_ratios(PARAMETERS)
    assert ratios[0] == 1.0
    assert list(ratios) == sorted(ratios)
    made = interlocutor_experiments(Experiment(load_case("el_salvador_2012"), draws=1), (2.0,))
    assert {ratio for _, ratio in made} == {1.0, 2.0}
    assert {prior for prior, _ in made} == set(EXPERT_PRIORS)


def test_a_ratio_and_the_information_of_a_year_are_one_thing() -> None:
    assert signal_of(1.0, PARAMETERS) == 0.0
    assert signal_of(math.exp(0.18), PARAMETERS) == pytest.approx(0.36)


@pytest.mark.parametrize("ratio", [0.5, math.inf, math.nan, 1e30])
def test_a_ratio_that_cannot_be_is_refused(ratio: float) -> None:
    with pytest.raises(UsageError):
        signal_of(ratio, PARAMETERS)


def test_signals_that_say_nothing_leave_the_prior_as_it_was() -> None:
    for prior, (_, _, agent) in EXPERT_PRIORS.items():
        assert posterior_range(prior, ()) == (pytest.approx(agent), pytest.approx(agent))
        low, high = posterior_range(prior, (4.0,))
        assert low == pytest.approx(agent)
        assert high > agent


def test_the_two_expert_priors_mirror_each_other_around_the_neutral_one() -> None:
    assert list(EXPERT_PRIORS) == ["civil_society", "neutral", "law_enforcement"]
    assert all(sum(shares) == pytest.approx(1.0) for shares in EXPERT_PRIORS.values())


def test_protecting_removes_nobody(errors: dict[tuple[str, str, float], Errors]) -> None:
    for (_, policy, _), found in errors.items():
        if policy == "protect":
            assert found.removed.mean == 0.0


def test_acting_removes_genuine_roles_and_leaves_fewer_agents(errors: dict[tuple[str, str, float], Errors]) -> None:
    for policy in ("prosecute", "list"):
        acted, left = errors["neutral", policy, 1.0], errors["neutral", "protect", 1.0]
        assert acted.removed.mean > 0
        assert acted.missed.mean < left.missed.mean


def test_better_signals_spare_genuine_roles(errors: dict[tuple[str, str, float], Errors]) -> None:
    blind, sharp = errors["neutral", "prosecute", 1.0], errors["neutral", "prosecute", 3.0]
    assert sharp.removed.mean < blind.removed.mean + 2 * blind.removed.mcse_mean


def test_without_signals_the_prior_alone_decides_who_is_removed(
    errors: dict[tuple[str, str, float], Errors],
) -> None:
    trusting, distrusting = (errors[p, "prosecute", 1.0] for p in ("civil_society", "law_enforcement"))
    assert trusting.missed.mean < distrusting.missed.mean


def test_both_errors_stand_in_every_answer() -> None:
    names = {field.name for field in fields(Errors)}
    assert {"removed", "missed", "prior", "ratio"} <= names


def test_there_is_no_way_to_ask_about_one_role() -> None:
    assert not {"role", "person", "name"} & {field.name for field in fields(Errors)}
    with pytest.raises(UsageError):
        posterior_range("my_own", (2.0,))


def test_a_case_without_the_responses_is_told(tmp_path: Path) -> None:
    experiment = Experiment(load_case("el_salvador_2012"), draws=1)
    point = experiment.case.decisions["2012"]
    bare = replace(point, arms={"no_truce": point.arms["no_truce"]})
    case = replace(experiment.case, decisions={"2012": bare})
    with pytest.raises(UsageError) as told:
        interlocutor_experiments(replace(experiment, case=case))
    assert set(told.value.problems[0].found.split(", ")) == set(POLICIES.values())
    assert interlocutor.__doc__
