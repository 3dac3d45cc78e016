"""Readings that a decision leaves out."""

from __future__ import annotations

from pathlib import Path
from shutil import copytree

from tregua.case.check import check_case
from tregua.case.load import BUNDLED, load_case
from tregua.explore.experiment import Experiment


def test_a_reading_about_the_record_alone_is_compared_at_no_decision() -> None:
    experiment = Experiment(load_case("el_salvador_2012"), draws=1)
    assert "measures_not_halt" in experiment.runnable()
    for decision in ("2012", "2017"):
        assert "measures_not_halt" not in {s.settings["reading"] for s in experiment.compare_shards(decision)}


def test_leaving_out_a_reading_that_does_not_exist_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "case"
    copytree(BUNDLED / "el_salvador_2012", folder)
    file = folder / "case.toml"
    file.write_text(file.read_text(encoding="utf-8").replace('measures_not_halt"]', 'no_such"]', 1), encoding="utf-8")
    told = [p for p in check_case(folder) if p.code == "E25"]
    assert [p.found for p in told] == ["no_such"]
    assert told[0].line is not None
    assert "left_out" in told[0].key


def test_a_hole_in_the_ledger_fails_the_check(tmp_path: Path) -> None:
    """A parameter that loses its assumption has neither claim nor reason."""
    folder = tmp_path / "case"
    copytree(BUNDLED / "el_salvador_2012", folder)
    file = folder / "ledger" / "assumptions.toml"
    text = file.read_text(encoding="utf-8")
    first = text.index("[[assumption]]")
    second = text.index("[[assumption]]", first + 1)
    file.write_text(text[:first] + text[second:], encoding="utf-8")
    assert "E38" in {p.code for p in check_case(folder)}
    assert not check_case("el_salvador_2012")
