"""``tregua effect``: a person's own counts in one command, awkward files, stored results, errors, the panel."""

from __future__ import annotations

import contextlib
import csv
import json
import os
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from types import SimpleNamespace

import numpy as np
import pytest
from command_line import ROOT, leave, run

from tregua.cli import effect as room
from tregua.cli.compare import formatter
from tregua.cli.phrase import phrase
from tregua.effect import study
from tregua.effect.changepoint import find_changes
from tregua.effect.checks.placebo import PlaceboInTime
from tregua.effect.panel import planted_panel
from tregua.effect.results import EstimateRow


@pytest.fixture(autouse=True)
def _quick(monkeypatch: pytest.MonkeyPatch) -> None:
    """Fewer dates for change points and no check but where one is asked for: both have tests of their own."""
    monkeypatch.setattr(study, "find_changes", partial(find_changes, sets=400, draws=200))
    monkeypatch.setattr(study, "CHECKS", ())


@pytest.fixture
def _checked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(study, "CHECKS", (PlaceboInTime(),))


MONTHS_ES = ("ene", "feb", "mar", "abr", "may", "jun", "jul", "ago", "sep", "oct", "nov", "dic")
PHASE = ("--phase", "active=2012-03-01")


def counts(months: int = 60, fall: float = 0.5) -> list[tuple[date, int]]:
    """Sixty months from 2009 on with a fall in March 2012."""
    rng = np.random.default_rng(5)
    out = []
    for m in range(months):
        day = date(2009 + m // 12, m % 12 + 1, 1)
        out.append((day, int(rng.poisson(300 * (fall if day >= date(2012, 3, 1) else 1.0)))))
    return out


def plain(path: Path, **more: object) -> Path:
    lines = ["date,count", *(f"{day},{n}" for day, n in counts(**more))]  # type: ignore[arg-type]
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def told(path: Path, *words: str, capsys: pytest.CaptureFixture[str]) -> dict[str, object]:
    out = path.parent / "out"
    status = leave("effect", "--data", str(path), *words, "--fast", "--out", str(out), "--json")
    text = capsys.readouterr().out
    assert status in (0, 3), text
    found: dict[str, object] = json.loads(text)
    return found


def ratio(found: dict[str, object], name: str = "interrupted_serial") -> float:
    rows = found["estimates"]
    assert isinstance(rows, list)
    return float(next(row["ratio"] for row in rows if row["id"] == name))


@pytest.mark.usefixtures("_checked")
def test_two_columns_and_a_date_are_enough(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = plain(tmp_path / "mine.csv")
    assert leave("effect", "--data", str(path), *PHASE, "--fast", "--out", str(tmp_path / "out")) == 0
    told_text = capsys.readouterr().out
    assert "recorded homicides were 0." in told_text
    assert "Counts alone do not say why." in told_text
    assert "each date stands for its calendar month" in told_text
    folder = tmp_path / "out" / "mine" / "effect"
    assert {file.name for file in folder.iterdir()} == {"effect.json", "estimates.csv", "checks.csv"}
    with (folder / "estimates.csv").open(encoding="utf-8", newline="") as lines:
        rows = {row["id"]: row for row in csv.DictReader(lines)}
    assert float(rows["interrupted_serial"]["ratio"]) == pytest.approx(0.5, abs=0.06)
    assert rows["interrupted_serial"]["measured_coverage"]
    assert rows["interrupted_serial"]["measured_counts"] == "other counts or phases"
    assert rows["preset_year"]["measured_counts"] == ""
    assert "El Salvador's counts with the phases of that case, not on these." in told_text
    assert "worlds); other counts or phases" in " ".join(told_text.split())


USUAL: list[float] = []
"""Ratio of the plain file, estimated once."""
AWKWARD = {
    # a Spanish sheet: semicolons, day first, thousands with a point, words for what is missing, Windows text, totals
    "sheet": (
        "cp1252",
        "Año y mes;Homicidios;Observación\n",
        lambda day, n: f"{MONTHS_ES[day.month - 1]}-{day.year};{n};según policía\n",
        ("fecha", "Año y mes"),
    ),
    "days_first": (
        "utf-8-sig",
        "inicio;fin;conteo\r\n",
        lambda day, n: f"{day:%d/%m/%Y};{last(day):%d/%m/%Y};{n},0\r\n",
        None,
    ),
    "month_ends": ("utf-16", "fecha\thomicidios\n", lambda day, n: f"{last(day)}\t{n}\n", None),
}


def last(day: date) -> date:
    following = date(day.year + day.month // 12, day.month % 12 + 1, 1)
    return following - timedelta(days=1)


@pytest.mark.parametrize("name", sorted(AWKWARD))
def test_awkward_files_give_what_the_plain_one_gives(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    encoding, head, line, named = AWKWARD[name]
    if named:
        head = head.replace(named[1], named[0])
    path = tmp_path / f"{name}.csv"
    path.write_bytes((head + "".join(line(day, n) for day, n in counts())).encode(encoding))
    awkward = told(path, *PHASE, capsys=capsys)
    if not USUAL:
        USUAL.append(ratio(told(plain(tmp_path / "plain.csv"), *PHASE, capsys=capsys)))
    assert ratio(awkward) == pytest.approx(USUAL[0], rel=1e-9)
    assert awkward["notes"]


def test_days_are_added_up_by_month_and_gaps_stay_unknown(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rng = np.random.default_rng(2)
    lines = ["fecha,muertes"]
    for n in range(1200):
        day = date(2010, 7, 1) + timedelta(days=n)
        if 400 <= n < 430:
            continue
        value = rng.poisson(9.0 if day < date(2012, 3, 1) else 4.5)
        lines.append(f"{day},{'s/d' if n == 700 else value}")
    path = tmp_path / "days.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = told(path, *PHASE, capsys=capsys)
    assert ratio(found) == pytest.approx(0.5, abs=0.08)
    notes = " ".join(en for en, _ in found["notes"])  # type: ignore[attr-defined]
    assert "unknown, not zero" in notes
    assert "have no count" in notes


BAD = {
    "zeros": ("date,count\n" + "".join(f"{d},0\n" for d, _ in counts()), "every count is zero"),
    "negative": ("date,count\n2009-01-01,-3\n" + "".join(f"{d},{n}\n" for d, n in counts()[1:]), "negative"),
    "decimal": ("date,count\n2009-01-01,3.7\n" + "".join(f"{d},{n}\n" for d, n in counts()[1:]), "not a whole number"),
    "twice": ("date,count\n" + "".join(f"{d},{n}\n{d},{n}\n" for d, n in counts()), "twice the same days"),
    "overlap": (
        "start,end,count\n" + "".join(f"{d},{d + timedelta(days=40)},{n}\n" for d, n in counts()),
        "counted twice",
    ),
    "no_columns": ("a,b\n1,2\n", "columns are not known"),
    "empty": ("", "empty"),
    "one_before": ("date,count\n" + "".join(f"{d},{n}\n" for d, n in counts()[37:]), "too few counts before"),
    "backwards": ("start,end,count\n2009-02-01,2009-01-01,3\n", "ends before it starts"),
}


@pytest.mark.parametrize("name", sorted(BAD))
def test_what_cannot_be_estimated_is_told_without_a_trace(
    name: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    text, expected = BAD[name]
    path = tmp_path / "bad.csv"
    path.write_text(text, encoding="utf-8")
    out = tmp_path / "out"
    assert leave("effect", "--data", str(path), *PHASE, "--fast", "--out", str(out)) == 1
    said = capsys.readouterr().err
    assert expected in said
    assert "mend" in said
    assert "Traceback" not in said
    assert not out.exists(), "nothing half-written"


@pytest.mark.parametrize(
    ("words", "expected"),
    [
        (("--phase", "active=2031-01-01"), "begins outside the data"),
        (("--phase", "active"), "a phase cannot be read"),
        (("--phase", "truce=2012-03-01"), "unknown kind"),
        (("--phase", "ended=2012-03-01"), "begins nothing"),
        ((), "need the day on which the truce began"),
        (("--dates", "ymd", *PHASE), "two ways only"),
        (("--panel", "x.csv", *PHASE), "not both"),
    ],
)
def test_options_that_do_not_fit_are_told(
    words: tuple[str, ...], expected: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plain(tmp_path / "mine.csv")
    assert leave("effect", "--data", str(path), *words, "--fast", "--out", str(tmp_path / "out")) == 1
    assert expected in capsys.readouterr().err


def test_a_missing_extra_is_told_before_anything_is_read(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    import importlib.util

    known = importlib.util.find_spec
    monkeypatch.setattr(importlib.util, "find_spec", lambda name, *a: None if name == "numpyro" else known(name, *a))
    assert leave("effect", "--data", str(tmp_path / "absent.csv"), *PHASE) == 1
    said = capsys.readouterr().err
    assert "missing: numpyro" in said
    assert 'pip install "tregua[effect]"' in said
    path = plain(tmp_path / "mine.csv")
    assert leave("effect", "--data", str(path), *PHASE, "--fast", "--out", str(tmp_path / "out")) == 0


def test_stored_results_are_shown_again_and_only_for_the_same_question(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    # What is asked here is when a study is made anew; the first one is made, later ones are counted only.
    made: list[object] = []
    estimate = study.study

    def counted(*given: object, **named: object) -> object:
        made.append(made[0] if made else estimate(*given, **named))  # type: ignore[arg-type]
        return made[0]

    monkeypatch.setattr(study, "study", counted)
    path = plain(tmp_path / "mine.csv")
    first = told(path, *PHASE, capsys=capsys)
    second = told(path, *PHASE, capsys=capsys)
    assert (first["stored"], second["stored"]) == (False, True)
    assert {**first, "stored": True} == second
    assert told(path, *PHASE, "--again", capsys=capsys)["stored"] is False
    assert told(path, *PHASE, "--seed", "4", capsys=capsys)["stored"] is False
    assert told(path, "--phase", "active=2012-04-01", capsys=capsys)["stored"] is False
    plain(path, fall=0.6)
    assert told(path, *PHASE, capsys=capsys)["stored"] is False
    assert len(made) == 5


def test_both_languages_say_the_same(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = plain(tmp_path / "mine.csv")
    texts = {}
    for lang in ("en", "es"):
        words = ("effect", "--data", str(path), *PHASE, "--fast", "--full", "--out", str(tmp_path / "out"))
        assert leave(*words, "--lang", lang, "--quiet") == 0
        texts[lang] = capsys.readouterr().out
    assert len(texts["en"].splitlines()) == len(texts["es"].splitlines())
    assert "no dicen por qué" in texts["es"]
    assert "checks passed" not in texts["es"]


@pytest.mark.usefixtures("_checked")
def test_counts_that_did_not_change_have_a_verdict_that_says_so(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = plain(tmp_path / "flat.csv", fall=1.0)
    assert leave("effect", "--data", str(path), *PHASE, "--fast", "--out", str(tmp_path / "out")) == 0
    said = " ".join(capsys.readouterr().out.split())
    assert "no change in recorded homicides was shown" in said
    assert "The counts do not rule out a fall by" in said
    assert "no fall is found (probability of one:" in said


@pytest.mark.usefixtures("_checked")
def test_no_verdict_leaves_with_a_status_of_its_own(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tregua.effect.checks.placebo.binom", SimpleNamespace(ppf=lambda *_: -1.0))
    path = plain(tmp_path / "mine.csv")
    assert leave("effect", "--data", str(path), *PHASE, "--fast", "--out", str(tmp_path / "out")) == room.SET_ASIDE
    assert "No verdict: placebo dates failed." in capsys.readouterr().out


def panel_file(path: Path, prison: bool = True) -> Path:
    rows = planted_panel(np.random.default_rng(3), areas=60)
    lines = ["municipio,inicio,fin,homicidios,poblacion" + (",presos" if prison else "")]
    for r in rows:
        more = f",{r.prison}" if prison else ""
        lines.append(f"{r.area},{r.start},{r.end},{r.count},{r.population:.0f}{more}")
    path.write_text("\n".join(lines) + "\n", encoding="utf-8")
    return path


def test_a_panel_gives_the_truce_and_the_prison_interaction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = panel_file(tmp_path / "panel.csv")
    words = ("effect", "--panel", str(path), *PHASE, "--out", str(tmp_path / "out"))
    assert leave(*words, "--json") == 0
    found = json.loads(capsys.readouterr().out)
    rows = {row["term"]: row for row in found["coefficients"]}
    assert set(rows) == {"truce", "interaction", "trend"}
    assert rows["truce"]["lo"] < 0.61 < rows["truce"]["hi"]
    assert leave(*words) == 0
    text = capsys.readouterr().out
    assert "0.61 [0.54; 0.69]" in text
    assert "0.55 [0.49; 0.63]" in text
    assert (tmp_path / "out" / "panel" / "effect" / "panel.csv").is_file()


def test_a_panel_without_prisons_has_no_interaction(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = panel_file(tmp_path / "panel.csv", prison=False)
    assert leave("effect", "--panel", str(path), *PHASE, "--out", str(tmp_path / "out"), "--lang", "es") == 0
    assert "no hay interacción" in capsys.readouterr().out


def test_thousands_of_areas_are_added_up(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = ["area,date,count"]
    rng = np.random.default_rng(9)
    for m in range(24):
        day = date(2011 + m // 12, m % 12 + 1, 1)
        values = rng.poisson(0.2 if day < date(2012, 3, 1) else 0.1, size=3000)
        lines += [f"A{i},{day},{n}" for i, n in enumerate(values)]
    path = tmp_path / "areas.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    found = told(path, *PHASE, capsys=capsys)
    assert any("3000 areas were added up" in en for en, _ in found["notes"])  # type: ignore[attr-defined]


def test_a_pipe_and_a_narrow_terminal_show_no_trace(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = plain(tmp_path / "mine.csv")
    told(path, *PHASE, capsys=capsys)  # estimated in the short form: the process of its own shows what is stored
    out = run("effect", "--data", str(path), *PHASE, "--fast", "--out", str(tmp_path / "out"), COLUMNS="60")
    assert out.returncode == 0, out.stderr
    assert "Traceback" not in out.stderr
    assert "effect.json" in out.stderr


STOPPED = """
import time
from tregua.effect.study import Workers


class Slow:
    def __reduce__(self):
        return time.sleep, (300,)


workers = Workers(1)
try:
    workers.begin([Slow()])
    print("begun", flush=True)
    time.sleep(300)
except KeyboardInterrupt:
    workers.stop()
"""


@pytest.mark.skipif(not hasattr(os, "killpg"), reason="no groups of processes")
def test_an_interrupt_ends_the_processes_that_sample_at_once_and_without_a_traceback() -> None:
    command = [sys.executable, "-c", STOPPED]
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    with subprocess.Popen(command, stdout=-1, stderr=-1, text=True, env=env, start_new_session=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "begun\n"
        time.sleep(1.0)
        os.killpg(process.pid, signal.SIGINT)  # as a terminal does, to all of them
        try:
            _, err = process.communicate(timeout=30)
        finally:
            with contextlib.suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
    assert process.returncode == 0
    assert "Traceback" not in err


def test_an_error_that_was_measured_on_the_fast_form_says_so_on_the_screen() -> None:
    row = EstimateRow("x", "x", "x", "x", "2012-03-09", "2013-06-30", "PNC", "ok", coverage=0.94, false_positive=0.06)
    for lang, told in (("en", "measured on its fast form"), ("es", "medido en su forma rápida")):
        own = room.measured(replace(row, worlds=200), formatter(lang, ""), lang)
        borrowed = room.measured(replace(row, worlds=200, certified_fast=True), formatter(lang, ""), lang)
        assert borrowed == f"{own}; {told}"
        assert told not in own
        there = "other counts or phases" if lang == "en" else "otros conteos o fases"
        assert (
            room.measured(replace(row, worlds=200, other_counts=True), formatter(lang, ""), lang) == f"{own}; {there}"
        )
        dated = replace(row, worlds=200, coverage=None, coverage_of_date=0.94)
        of_the_date = "of the date: " if lang == "en" else "de la fecha: "
        assert room.measured(dated, formatter(lang, ""), lang) == f"{of_the_date}{own}"


def test_what_an_estimator_does_not_give_is_a_dash_and_the_dash_is_explained() -> None:
    row = EstimateRow("x", "x", "x", "x", "2012-03-09", "2013-06-30", "PNC", "no_estimate")
    for lang, why in (("en", "the reason stands below"), ("es", "la razón está más abajo")):
        cells = room._cells(row, formatter(lang, ""), lang)
        assert all(cells), "no blank cell"
        assert cells[2] == cells[3] == room.NONE
        assert cells[-1] == why
        assert phrase("effect.dash", lang).startswith(room.NONE)
        published = room._cells(replace(row, status="published", ratio=0.5, lo=0.4, hi=0.6), formatter(lang, ""), lang)
        assert published[2:5] == [room.NONE] * 3
