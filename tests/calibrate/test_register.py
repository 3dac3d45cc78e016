"""The register: what ships is what the code declares, and a change of it shows."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from tregua.calibrate.register import NAMES, Rules, read_register, register, register_bytes, register_digest
from tregua.case.load import load_case
from tregua.case.posterior import POSTERIORS
from tregua.model.declare import FITTED

SHIPPED = POSTERIORS / "el_salvador_2012" / "register.json"


def test_the_register_that_ships_is_what_the_code_declares() -> None:
    assert read_register(SHIPPED) == register(load_case("el_salvador_2012"))


def test_a_register_that_was_changed_is_refused(tmp_path: Path) -> None:
    changed = tmp_path / "register.json"
    changed.write_text(SHIPPED.read_text(encoding="utf-8").replace('"passes": 0.6', '"passes": 0.4'), encoding="utf-8")
    with pytest.raises(ValueError, match="changed after it was written"):
        read_register(changed)


def test_a_moved_threshold_or_band_changes_the_hash() -> None:
    case = load_case("el_salvador_2012")
    told = register(case)
    assert register_digest(register(case, replace(Rules(), familywise=0.5))) != register_digest(told)
    told["patterns"][0]["within"] = 0.2
    assert register_digest(told) != register_digest(register(case))
    assert register_bytes(told) != SHIPPED.read_bytes()


def test_everything_that_the_tables_call_fitted_is_fitted() -> None:
    assert set(FITTED) <= set(NAMES)
    assert NAMES[-1] == "phi"
    assert len(set(NAMES)) == len(NAMES)
