"""What the commands say about the parameters they use: which draws, and what the gate of the posterior says."""

from __future__ import annotations

from dataclasses import replace

import pytest

from tregua.case import load_case
from tregua.case.draws import DrawSource, draw_source
from tregua.cli.source import gates, source_lines
from tregua.model.compiled import model_digest


@pytest.fixture(scope="module")
def source() -> DrawSource:
    return draw_source(load_case("el_salvador_2012"), model_digest())


def with_gate(source: DrawSource, **states: str) -> DrawSource:
    """The same source with the gate of some readings in another state."""
    changed = {
        name: replace(found, manifest={**found.manifest, "gate": {**found.manifest["gate"], "state": states[name]}})
        if name in states
        else found
        for name, found in source.posteriors.items()
    }
    return replace(source, posteriors=changed)


@pytest.mark.parametrize("lang", ["en", "es"])
def test_readings_whose_gate_failed_are_named_and_no_other(source: DrawSource, lang: str) -> None:
    passed = dict.fromkeys(source.posteriors, "passed")
    assert len(source_lines(with_gate(source, **passed), lang)) == 1
    some = with_gate(source, **{**passed, "leader_split": "failed"})
    first, second = source_lines(some, lang)
    assert "leader_split" in second
    assert "gangs_first" not in first + second
    assert gates(some)["leader_split"] == "failed"


def test_a_failed_gate_of_the_default_is_told_in_the_first_line(source: DrawSource) -> None:
    told = {state: source_lines(with_gate(source, default=state), "en")[0] for state in ("passed", "failed", "not_run")}
    assert len(set(told.values())) == 3
    assert "shapes, not sizes" in told["failed"]


def test_priors_have_no_gate() -> None:
    prior = draw_source(load_case("el_salvador_2012"), model_digest(), asked="prior")
    assert gates(prior) == {}
    assert len(source_lines(prior, "en")) == 1
