"""``tregua import``: three spreadsheets of different shape become checked cases."""

from __future__ import annotations

import json
import os
import pty
import subprocess
import sys
from pathlib import Path

import pytest
from command_line import ROOT, leave, run

from tregua.case import load_case
from tregua.series.written import count_title, is_missing

NEW = ("--title", "Mine", "--start", "2009", "--end", "2015", "--decision", "2012-03-08", "--no-input")
FROM = ("--institution", "police", "--source", "S1", "--citation", "Yearbook", "--revision", "final")
MONTHS = [
    "Enero",
    "Febrero",
    "Marzo",
    "Abril",
    "Mayo",
    "Junio",
    "Julio",
    "Agosto",
    "Septiembre",
    "Octubre",
    "Noviembre",
    "Diciembre",
]


@pytest.fixture
def mine(tmp_path: Path) -> Path:
    assert leave("new", str(tmp_path / "mine"), *NEW) == 0
    return tmp_path / "mine"


def write(path: Path, rows: list[list[str]], delimiter: str = ",", encoding: str = "utf-8") -> Path:
    path.write_bytes("\r\n".join(delimiter.join(row) for row in rows).encode(encoding))
    return path


@pytest.mark.parametrize("shape", ["wide", "long", "daily"])
def test_each_shape_becomes_a_checked_case(
    shape: str, mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    years = range(2009, 2016)
    if shape == "wide":
        rows = [["Homicidios"], ["Año", *MONTHS, "Total"], *[[str(y), *["1.310"] * 12, "15.720"] for y in years]]
        path = write(tmp_path / "ancho.csv", rows, ";", "cp1252")
    elif shape == "long":
        rows = [["Departamento", "Municipio", "Año", "Mes", "Muertes"]]
        towns = (("La Paz", "Olocuilta"), ("La Paz", "Zacatecoluca"))
        rows += [[whole, town, str(y), month, "10"] for y in years for month in MONTHS for whole, town in towns]
        path = write(tmp_path / "largo.csv", rows)
    else:
        rows = [["Periodo", "Promedio diario"], *[[f"{m:02d}/{y}", "11,4"] for y in years for m in range(1, 13)]]
        path = write(tmp_path / "promedios.csv", rows, ";")
    assert leave("import", str(path), str(mine), *FROM) == 0
    out = capsys.readouterr().out
    assert "for the fit 60 · for the score 24" in out
    assert leave("check", str(mine)) == 0
    assert f"Next: tregua run {mine}" in capsys.readouterr().out
    first = load_case(mine).observations.fit_pieces()[0]
    assert first.count == {"wide": 1310, "long": 20, "daily": round(11.4 * 31)}[shape]


@pytest.mark.parametrize("lang", ["en", "es"])
def test_what_a_table_cannot_say_is_asked_for_by_flags_in_a_pipe(mine: Path, tmp_path: Path, lang: str) -> None:
    path = write(tmp_path / "a.csv", [["mes", "casos"], ["2012-01", "3"]])
    out = run("import", str(path), str(mine), "--institution", "police", "--lang", lang)
    assert out.returncode == 1
    assert "--source, --revision" in out.stderr
    assert "Traceback" not in out.stderr


def test_a_source_that_the_case_does_not_have_needs_a_citation(
    mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.csv", [["mes", "casos"], ["2012-01", "3"]])
    before = {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()}
    words = ("import", str(path), str(mine), "--institution", "police", "--revision", "final", "--source")
    assert leave(*words, "PNC2O14") == 1
    told = capsys.readouterr().err
    assert "no source of this key" in told
    assert "--citation" in told
    assert before == {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()}
    assert leave(*words, "S1", "--citation", "Yearbook") == 0
    assert leave(*words, "S1", "--name", "again") == 0, "a source that the case has needs none"


@pytest.mark.parametrize(("name", "why"), [("none.csv", "no existe el archivo"), ("folder", "es una carpeta")])
def test_a_table_that_cannot_be_opened_says_why(
    name: str, why: str, mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder").mkdir()
    assert leave("import", str(tmp_path / name), str(mine), *FROM, "--lang", "es") == 1
    assert why in capsys.readouterr().err


def test_a_dry_run_tells_and_writes_nothing(mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.csv", [["mes", "casos"], ["2012-01", "3"]])
    before = {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()}
    assert leave("import", str(path), str(mine), *FROM, "--dry-run") == 0
    assert "Nothing was written" in capsys.readouterr().out
    assert {p: p.read_bytes() for p in mine.rglob("*") if p.is_file()} == before


def test_json_tells_what_was_understood(mine: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = write(tmp_path / "a.csv", [["mes", "casos"], ["2012-01", "3"], ["2014-05", "4"]])
    assert leave("import", str(path), str(mine), *FROM, "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["layout"], told["total"], told["written"]) == ("long", 7, True)
    assert told["uses"] == {"fit": 1, "score": 1, "alternative": 0, "excluded": 0}


@pytest.mark.parametrize(
    ("words", "said"),
    [
        (("--column", "when=Fecha"), "NAME=TITLE"),
        (("--decimal", "x"), "--decimal"),
        (("--dates", "ymd"), "--dates"),
        (("--measure", "rumours"), "--measure"),
        (("--revision", "last"), "--revision"),
    ],
)
def test_options_that_mean_nothing_are_told(
    mine: Path, tmp_path: Path, words: tuple[str, ...], said: str, capsys: pytest.CaptureFixture[str]
) -> None:
    path = write(tmp_path / "a.csv", [["mes", "casos"], ["2012-01", "3"]])
    assert leave("import", str(path), str(mine), *FROM, *words) == 1
    assert said in capsys.readouterr().err


def test_on_a_terminal_it_asks_in_the_words_of_the_person_and_again_after_a_bad_answer(
    mine: Path, tmp_path: Path
) -> None:
    path = write(tmp_path / "a.csv", [["mes", "Número de víctimas"], ["2012-01", "3"], ["2012-02", "n. d."]])
    answers = ["María López", "Policía Nacional", "Boletín de 2012", "no válida!", "PN2012", "cualquiera", "preliminar"]
    here, there = pty.openpty()
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    process = subprocess.Popen(
        [sys.executable, "-m", "tregua", "import", str(path), str(mine), "--lang", "es"],
        stdin=there, stdout=subprocess.PIPE, stderr=subprocess.PIPE, env=env, text=True,
    )  # fmt: skip
    os.close(there)
    os.write(here, ("\n".join(answers) + "\n").encode())
    out, err = process.communicate(timeout=120)
    os.close(here)
    assert process.returncode == 0, out + err
    assert "López" not in out + err, "a suspected name is not repeated"
    assert "1 celda sin número" in out
    rows = (mine / "series" / "a.csv").read_text(encoding="utf-8").splitlines()
    assert len(rows) == 2
    assert "Policía Nacional,PN2012,preliminary" in rows[1]


def test_means_a_day_are_marked_as_derived_and_still_enter_the_fit(mine: Path, tmp_path: Path) -> None:
    rows = [["mes", "promedio diario"], *[[f"{year}-{m:02d}", "11,4"] for year in (2010, 2011) for m in range(1, 13)]]
    assert leave("import", str(write(tmp_path / "a.csv", rows, ";")), str(mine), *FROM) == 0
    case = load_case(mine)
    (first, *_) = pieces = case.observations.fit_pieces()
    assert (len(pieces), first.count, first.basis) == (24, 353, "derived")
    assert first.arithmetic == "11.4 a day x 31 days"
    more = [["mes", "casos"], ["2010-01", "360"]]
    assert leave("import", str(write(tmp_path / "b.csv", more)), str(mine), *FROM, "--use", "fit") == 0
    uses = {count.file: count.use for count in load_case(mine).observations.counts() if count.start == first.start}
    assert uses == {"series/a.csv": "fit", "series/b.csv": "alternative"}, "no day is fitted twice"


@pytest.mark.parametrize(
    ("title", "is_count"),
    [
        ("Número de víctimas", True), ("N.º de homicidios", True), ("Total homicidios", True), ("No. of deaths", True),
        ("HOMICIDIOS REGISTRADOS", True), ("Casos", True), ("Tasa de homicidios", False), ("Edad", False),
        ("Número", False), ("Víctimas mujeres", False),
    ],
)  # fmt: skip
def test_a_title_is_a_count_where_it_says_so(title: str, is_count: bool) -> None:
    assert count_title(title) is is_count


@pytest.mark.parametrize(
    "text", ["", "-", "n.d.", "N/D", "s/d", "Sin dato", "sin información", "…", "NO DISPONIBLE", "n. a."]
)
def test_what_is_not_known_is_not_zero(text: str) -> None:
    assert is_missing(text)
    assert not is_missing("0")
