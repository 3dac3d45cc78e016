"""``tregua doctor``: each check passes on a sound copy and fails on one that is not."""

from __future__ import annotations

import json
from typing import Any

import pytest
from command_line import leave

from tregua import case as case_package
from tregua.case import Case, load_case
from tregua.cli import doctor
from tregua.cli.phrase import PHRASES
from tregua.model.compiled import Replacement, engine


@pytest.fixture(scope="module")
def case() -> Case:
    return load_case("el_salvador_2012")


def doubled(active: float, opposed: float, ground_now: float, war_now: float, mood: float) -> float:
    return 2.0 * active * opposed * ground_now * war_now * mood


def test_a_sound_copy_passes(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("doctor", "--json") == 0
    told = json.loads(capsys.readouterr().out)
    by_id = {check["id"]: check for check in told["checks"]}
    assert told["sound"] is True
    assert by_id["compiled"]["on"] is True
    assert by_id["compiled"]["ms"] > 0
    assert {by_id[name]["status"] for name in ("compiled", "same", "determinism", "fonts", "network")} == {"OK"}
    assert by_id["posterior"]["status"] == "NOTE"
    assert told["versions"]["tregua"]
    assert told["versions"]["model"]


def test_plain_python_is_not_taken_for_the_compiled_path(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "WEEKS", 2)
    found = doctor.check_compiled(case, engine(compiled=False))
    assert found.status == doctor.FAIL
    assert found.mend


def test_another_digit_anywhere_is_found(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(doctor, "SHORT_WEEKS", 3)
    plain = engine(compiled=False)
    other = engine((Replacement("contest.contest", doubled),), compiled=False)
    assert doctor.check_same(case, plain, plain).status == doctor.OK
    found = doctor.check_same(case, plain, other)
    assert found.status == doctor.FAIL
    assert "flows" in str(found.slots["where"])


def test_threads_that_disturb_each_other_are_found(case: Case, monkeypatch: pytest.MonkeyPatch) -> None:
    calls = iter(range(1000))
    monkeypatch.setattr(doctor, "history", lambda *_, **__: None)
    monkeypatch.setattr(doctor, "digest", lambda _: "same")
    assert doctor.check_determinism(case, engine(compiled=False)).status == doctor.OK
    monkeypatch.setattr(doctor, "digest", lambda _: str(next(calls)))
    assert doctor.check_determinism(case, engine(compiled=False)).status == doctor.FAIL


def test_every_lever_is_moved_in_the_comparison_with_plain_python() -> None:
    from tregua.model.levers import LEVER_IDS

    assert set(doctor.EVERYTHING) == set(LEVER_IDS)
    assert all(doctor.EVERYTHING.values())


def test_a_changed_case_is_noted(monkeypatch: pytest.MonkeyPatch) -> None:
    cases = case_package.bundled_cases()
    assert [found.status for found in doctor.check_cases()] == [doctor.OK] * len(cases)
    monkeypatch.setattr(case_package, "digest_of", lambda _: "f" * 64)
    assert [found.status for found in doctor.check_cases()] == [doctor.NOTE] * len(cases)


def test_a_missing_face_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    import vl_convert

    def refuse(_: str) -> None:
        raise OSError("no such folder")

    monkeypatch.setattr(vl_convert, "register_font_directory", refuse)
    assert doctor.check_fonts().status == doctor.FAIL


def test_text_shows_each_check_with_its_status(capsys: pytest.CaptureFixture[str], monkeypatch: Any) -> None:
    bad = doctor.Checked("determinism", doctor.FAIL, "doctor.determinism.no", {"one": "a", "two": "b"},
                         "doctor.determinism.mend")  # fmt: skip
    good = doctor.Checked("network", doctor.OK, "doctor.network.none")
    cases = doctor.Checked("cases", doctor.NOTE, "doctor.cases.shipped", {"case": "a_case", "digest": "d1"})
    monkeypatch.setattr(doctor, "examine", lambda _: [bad, cases, good])
    assert leave("doctor", "--lang", "es") == 1
    out = capsys.readouterr().out
    assert "1 hilo y 2 hilos difieren: a, b" in out
    assert "FALLA" in out
    assert "huellas de casos a_case d1" in out
    assert "NOTA" in out
    assert "máquina" in out
    assert "machine" not in out
    assert PHRASES["doctor.determinism.mend"][1] in out
    monkeypatch.setattr(doctor, "examine", lambda _: [good])
    assert leave("doctor") == 0
