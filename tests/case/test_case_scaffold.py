"""A new case is valid from the first minute."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from tregua.case import check_case, load_case
from tregua.case.scaffold import Sketch, new_case
from tregua.errors import CaseError

DATES = {
    "start": date(2001, 1, 1), "end": date(2009, 12, 31), "decision": date(2004, 5, 1), "fit_end": date(2006, 12, 31),
}  # fmt: skip


@pytest.mark.parametrize("title", ["Town", 'A "quoted" \\ title', "Línea\ncon salto", "Tregua de São Paulo"])
def test_a_new_case_is_valid_and_loads(tmp_path: Path, title: str) -> None:
    folder = new_case(tmp_path / "my_truce", Sketch(title, title, **DATES))
    problems = check_case(folder)
    assert [str(p) for p in problems if not p.is_warning] == []
    assert {p.code for p in problems} == {"W03", "W06"}, "what it lacks and what is not replaced is told, nothing else"
    case = load_case(folder)
    assert (case.id, case.title_en) == ("my_truce", title)
    assert case.decisions["2004"].horizons == (1, 2, 5)
    assert len(case.decisions["2004"].arms) == 12
    assert "default" in case.readings
    assert not any(reading.refit or reading.paths for reading in case.readings.values())
    assert case.history.at("arrests", 0) == 1.0


def test_nothing_is_overwritten(tmp_path: Path) -> None:
    folder = new_case(tmp_path / "mine", Sketch("A", "A", **DATES))
    before = (folder / "case.toml").read_bytes()
    with pytest.raises(CaseError, match="already"):
        new_case(folder, Sketch("B", "B", **DATES))
    assert (folder / "case.toml").read_bytes() == before


@pytest.mark.parametrize(
    ("name", "change", "message"),
    [
        ("my truce", {}, "cannot be an id"),
        ("treguä", {}, "cannot be an id"),
        ("mine", {"decision": date(2012, 1, 1)}, "not in order"),
        ("mine", {"fit_end": date(2000, 1, 1)}, "not in order"),
    ],
)
def test_what_cannot_become_a_case_is_refused(tmp_path: Path, name: str, change: dict[str, date], message: str) -> None:
    with pytest.raises(CaseError, match=message):
        new_case(tmp_path / name, Sketch("A", "A", **{**DATES, **change}))
    assert not (tmp_path / name).exists()
