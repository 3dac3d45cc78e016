"""``tregua new``: a case that is valid at once, from flags or from answers."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from datetime import date
from pathlib import Path

import pytest
from command_line import ROOT, leave, run

from tregua.case import check_case, load_case

FLAGS = ("--title", "Two towns", "--start", "2001", "--end", "2009", "--decision", "2004-05-01")


def test_flags_make_a_case_with_what_they_say(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    folder = tmp_path / "two_towns"
    more = ("--title-es", "Dos pueblos", "--area", "North:120,000;South:80000", "--gang", "Reds;Blues",
            "--members", "900", "--imprisoned", "40", "--truce", "secret", "--truce-end", "2006-01-01")  # fmt: skip
    assert leave("new", str(folder), *FLAGS, *more) == 0
    assert f"tregua run {folder}" in capsys.readouterr().out
    case = load_case(folder)
    assert (case.title_en, case.title_es) == ("Two towns", "Dos pueblos")
    assert (case.start, case.end, case.fit_end) == (date(2001, 1, 1), date(2009, 12, 31), date(2005, 12, 31))
    assert [(a.name, a.population) for a in case.world.areas] == [("North", 120_000), ("South", 80_000)]
    assert [g.name for g in case.world.gangs] == ["Reds", "Blues"]
    assert (case.world.members_active, case.world.members_imprisoned) == (900, 40)
    at = {day: case.history.at("contact", case.world.day(day)) for day in (date(2004, 4, 30), date(2004, 5, 1))}
    assert list(at.values()) == [0.0, 1.0]
    assert case.history.at("contact", case.world.day(date(2006, 1, 1))) == 0.0


def test_placeholders_are_counted_down_as_they_are_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert leave("new", str(folder), *FLAGS, "--no-input") == 0

    def left() -> dict[str, str]:
        return {p.file: p.message for p in check_case(folder) if p.code == "W06"}

    assert set(left()) == {"case.toml", "areas.csv"}, "levers at rest are an assumption, no placeholder"
    text = (folder / "case.toml").read_text(encoding="utf-8")
    assert left()["case.toml"].startswith("3 values")
    lines = [line.split("  # placeholder")[0] for line in text.splitlines()]
    (folder / "case.toml").write_text("\n".join(lines) + "\n", encoding="utf-8")
    areas = folder / "areas.csv"
    areas.write_text(areas.read_text(encoding="utf-8").replace("placeholder", "-"), encoding="utf-8")
    assert left() == {}


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_is_lacking_is_told_at_once_where_nobody_can_be_asked(tmp_path: Path, lang: str) -> None:
    out = run("new", str(tmp_path / "mine"), "--start", "2001", "--lang", lang)
    assert out.returncode == 1
    assert "--title, --end, --decision" in out.stderr
    assert "Traceback" not in out.stderr
    assert not (tmp_path / "mine").exists()


@pytest.mark.parametrize(
    ("flags", "said"),
    [
        (("--start", "2001-13"), "--start"),
        (("--area", "North"), "Name:population"),
        (("--area", "North:0"), "no people"),
        (("--truce", "quiet"), "no such kind of truce"),
        (("--truce", "open", "--truce-end", "2000-01-01"), "not in order"),
        (("--members", "0"), "whole number of members"),
        (("--title", "x" * 300), "too long"),
    ],
)
def test_what_makes_no_sense_is_refused_and_nothing_is_left(
    tmp_path: Path, flags: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave("new", str(tmp_path / "mine"), *FLAGS, *flags) == 1
    assert said in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_on_a_terminal_it_asks_and_asks_again_after_a_bad_answer(tmp_path: Path) -> None:
    """A person who only types the name of the folder."""
    answers = ["Two towns", "Dos pueblos", "2001", "20099", "1999", "2009", "1/5/2004", "1 de mayo de 2004", "",
               "quiet", "abierta", "2000", "2006-01-01", "North:5000", "Reds", "about 900", "900", ""]  # fmt: skip
    here, there = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tregua", "new", str(tmp_path / "asked")],
        stdin=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True,
    )  # fmt: skip
    os.close(there)
    os.write(here, ("\n".join(answers) + "\n").encode())
    out, err = process.communicate(timeout=120)
    os.close(here)
    assert process.returncode == 0, out + err
    for told in ("not a day", "not in order", "could be two days", "no such kind of truce", "not a whole number"):
        assert told in err
    case = load_case(tmp_path / "asked")
    assert (case.title_es, case.end, case.fit_end) == ("Dos pueblos", date(2009, 12, 31), date(2005, 12, 31))
    assert case.history.at("transparency", case.world.day(date(2004, 5, 1))) == 1.0


def test_a_place_that_cannot_be_is_told_before_anything_is_asked(tmp_path: Path) -> None:
    for name, said in (("two towns", "cannot be an id"), ("el_salvador_2012", "ships"), ("x" * 90, "cannot be an id")):
        here, there = pty.openpty()
        env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
        done = subprocess.run(
            [sys.executable, "-m", "tregua", "new", str(tmp_path / name)],
            stdin=there, capture_output=True, env=env, text=True, timeout=120, check=False,
        )  # fmt: skip
        os.close(here)
        os.close(there)
        assert (done.returncode, done.stdout) == (1, "")
        assert said in done.stderr


def test_the_schema_for_editors_lies_beside_the_case_and_is_no_part_of_it(tmp_path: Path) -> None:
    folder = tmp_path / "mine"
    assert leave("new", str(folder), *FLAGS, "--no-input") == 0
    first = (folder / "case.toml").read_text(encoding="utf-8").splitlines()[0]
    name = first.removeprefix("#:schema ./")
    schema = json.loads((folder / name).read_text(encoding="utf-8"))
    assert "title_en" in schema["properties"]
    before = load_case(folder).digest
    (folder / name).unlink()
    assert load_case(folder).digest == before
    assert "W02" not in {p.code for p in check_case(folder)}
