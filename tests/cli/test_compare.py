"""`tregua compare`: flips before numbers, rights beside deaths, one store, errors that can be mended."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from command_line import leave

from tregua.case.load import load_case
from tregua.cli.compare import Page, Told, formatter, read_ledger, regret
from tregua.cli.evidence import said
from tregua.cli.screen import Screen
from tregua.errors import StoreError
from tregua.explore.comparison import Comparison
from tregua.explore.contrast import contrasts
from tregua.explore.experiment import Experiment
from tregua.explore.regret import OUTCOME_PRESETS, READING_PRESETS
from tregua.explore.table import BESIDE, to_csv
from tregua.explore.table import rows as table_rows
from tregua.report.gather import contrast_rows
from tregua.runs.cube import Cube

SMALL = ("--draws", "6", "--arm", "secret_truce,mano_dura", "--reading", "default,brokers_agents")
RIGHTS = ("deaths_by_state", "deaths_in_custody", "arrests_wrongful", "minors_detained")
PRESETS = {name: name for name in OUTCOME_PRESETS}
BELIEFS = {name: name for name in READING_PRESETS}


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the results of one small comparison."""
    folder = tmp_path_factory.mktemp("compare")
    assert leave("compare", *SMALL, "--out", str(folder), "--quiet") == 0
    return folder


def invented(
    arms: tuple[str, ...] = ("no_truce", "as_it_happened", "open_truce", "mano_dura"),
) -> tuple[Cube, Experiment]:
    """Numbers with a flip and with two outcomes; nothing here was simulated."""
    rng = np.random.default_rng(1)
    outcomes = tuple(dict.fromkeys((*BESIDE, "votes_deliverable")))
    shape = (2, len(arms), 1, len(outcomes), 60, 1)
    values = rng.normal(1000, 1, shape)
    values[:, :, 0, 0] += rng.normal(0, 50, (2, 1, 60, 1))
    lasts = (np.arange(60) % 3 != 0)[:, None]
    values[:, 2, 0, 0] += np.where(lasts, -500.0, -10.0)
    values[0, 3, 0, 0] += 60.0
    values[1, 3, 0, 0] -= 60.0
    cube = Cube(
        "2012", ("default", "brokers_agents"), arms, (5,), outcomes, tuple(range(60)), (0,), values,
        np.ones(shape, dtype=bool),
    )  # fmt: skip
    return cube, Experiment(load_case("el_salvador_2012"), draws=60)


def page(width: int | None, *, full: bool = False, lang: str = "en", limits: dict[str, float] | None = None) -> str:
    """What a terminal of that width shows of the invented comparison."""
    cube, experiment = invented()
    told = Told(Comparison("2012", "2012", cube, contrasts(cube), {}), 5, PRESETS, BELIEFS, limits or {})
    text = io.StringIO()
    screen = Screen(lang, out=text, err=io.StringIO(), width=width, color=False)
    Page(screen, formatter(lang, ""), experiment, told, full).show()
    return text.getvalue()


def unclear() -> tuple[Cube, Experiment]:
    """Three readings: the default leaves mano dura within error of zero, the others lie on both sides of it."""
    cube, experiment = invented()
    values = np.concatenate([cube.values, cube.values[1:]])
    values[0, 3, 0, 0] = values[0, 0, 0, 0] + np.where(np.arange(60) % 2, 3.0, -3.0)[:, None]
    values[2, 3, 0, 0] = values[2, 0, 0, 0] + 70.0
    readings = (*cube.readings, "brokers_genuine")
    return replace(cube, readings=readings, values=values, there=np.ones(values.shape, dtype=bool)), experiment


@pytest.mark.parametrize("made", [invented, unclear])
def test_page_table_and_command_line_mean_the_same_by_a_change_of_sign(made: Callable[[], Any]) -> None:
    cube, experiment = made()
    comparison = Comparison("2012", "2012", cube, contrasts(cube), {})
    told = Told(comparison, 5, PRESETS, BELIEFS, {})
    text = io.StringIO()
    Page(Screen("en", out=text, err=io.StringIO(), width=None, color=False), formatter("en", ""), experiment, told,
         False).show()  # fmt: skip
    changing = {"mano_dura"}
    assert [line.split("  ")[2].split(":")[0] for line in text.getvalue().splitlines() if "CHANGES SIGN" in line] == [
        "Mano dura"
    ]
    assert {row["arm"] for row in told.as_dict()["changes_sign"]} == changing
    shown = contrast_rows(cube, comparison.table, "2012", {})
    assert {row.arm for row in shown if row.flip and row.outcome == "homicides"} == changing
    exported = table_rows(comparison)
    assert {row["arm"] for row in exported if row["homicides_changes_sign"]} == changing
    assert {row["arm"] for row in exported if row["homicides_flip"]} == changing


def test_the_verdict_tells_the_span_the_price_and_what_no_term_counts() -> None:
    cube, experiment = invented()
    years = cube.outcomes.index("detention_wrongful_years")
    values = np.repeat(cube.values, 2, axis=2)
    values[:, 2, :, 0], values[:, 3, :, 0] = values[:, 0, :, 0] - 90.0, values[:, 0, :, 0] - 150.0
    values[:, 3, :, years] += 2000.0
    values[:, 2, 0, 0] -= 500.0
    two = replace(cube, horizons=(1, 5), values=values, there=np.ones(values.shape, dtype=bool))
    told = Told(Comparison("2012", "2012", two, contrasts(two), {}), 5, PRESETS, BELIEFS, {})
    seen = {}
    for lang in ("en", "es"):
        text = io.StringIO()
        Page(Screen(lang, out=text, err=io.StringIO(), width=None, color=False), formatter(lang, ""), experiment, told,
             False).show()  # fmt: skip
        seen[lang] = text.getvalue()
    # 60 killings more spared for 2,000 years: at about 33 years to a death the two are level.
    assert "If fewer than about 33 years of it counted as one death, it would be open truce." in seen["en"]
    assert "Si menos de unos 33 años contaran como una muerte, sería tregua abierta." in seen["es"]
    assert "Over other spans the smallest worst regret is another's: 1 year: open truce. The model has no" in seen["en"]
    assert "no tiene ningún término para lo que una respuesta hace a los tribunales y a la ley" in seen["es"]
    kept = {one["weights"]: one for one in told.as_dict()["regret"]}["deaths_and_rights"]
    assert kept["minimax_by_horizon"] == {1: "open_truce", 5: "mano_dura"}
    assert kept["price_of_wrongful_detention"]["dearer"]["weight"] == pytest.approx(0.03, rel=0.02)


def test_a_flip_stands_before_every_number() -> None:
    lines = page(None).splitlines()
    flip = next(i for i, line in enumerate(lines) if "CHANGES SIGN" in line)
    table = next(i for i, line in enumerate(lines) if line.startswith("response"))
    assert "Mano dura" in lines[flip]
    assert "brokers_agents" in lines[flip]
    assert flip < table


def test_two_outcomes_are_told_as_two_and_never_as_one_median() -> None:
    row = next(line for line in page(None).splitlines() if line.startswith("Open truce"))
    assert "two outcomes: −500 in 67, −10 in 33 of 100" in row


@pytest.mark.parametrize("lang", ["en", "es"])
@pytest.mark.parametrize("width", [None, 100, 80, 59])
def test_deaths_never_stand_without_rights_and_flips_at_any_width(width: int | None, lang: str) -> None:
    text = page(width, lang=lang)
    titles = {
        "en": ("homicides", "by state", "custody", "wrongful", "paid $m", "votes", "flips"),
        "es": ("homicidios", "Estado", "custodia", "equivoc.", "pago $m", "votos", "cambios"),
    }[lang]
    assert all(title in text for title in titles)
    if width is not None:
        assert max(len(line) for line in text.splitlines()) <= width


def test_responses_stand_in_their_fixed_order_whatever_their_deaths() -> None:
    lines = page(None).splitlines()
    places = [next(i for i, line in enumerate(lines) if line.startswith(name)) for name in
              ("No truce", "As it happened", "Open truce", "Mano dura")]  # fmt: skip
    assert places == sorted(places)


def test_a_terminal_of_100_gets_one_table_in_spanish_too() -> None:
    row = next(line for line in page(100, lang="es").splitlines() if line.startswith("respuesta"))
    assert all(title in row for title in ("homicidios", "Estado", "custodia", "equivoc.", "votos", "cambios"))


def test_a_regret_that_its_error_hides_is_not_printed_as_nothing() -> None:
    words = formatter("en", "")
    assert regret(words, 6_000.0, 40.0) == "6,000"
    assert regret(words, 460.0, 300.0) == "≈\N{NO-BREAK SPACE}500"
    assert regret(words, 0.0, 300.0) == "≈\N{NO-BREAK SPACE}0"
    assert regret(words, 0.0, 0.0) == "0"


def test_answers_to_a_dispute_are_told_in_the_language_of_the_screen() -> None:
    assert said("not repress_backfires", "es") == "no repress_backfires"
    assert said("other", "es") == "otra lectura"
    assert said("below its median", "es") == "por debajo de su mediana"
    assert said("repress_works", "es") == "repress_works"


def test_the_record_is_shown_and_never_ranked() -> None:
    row = next(line for line in page(None).splitlines() if line.startswith("As it happened"))
    assert "not ranked" in row


def test_no_verdict_names_a_winner() -> None:
    text = page(None, full=True, limits={"homicides": 0.0}).lower()
    for word in ("best", "optimal", "winner", "forecast that", "lives saved", "works"):
        assert word not in text.replace("repress_works", "")


def test_the_three_sets_of_weights_stand_together() -> None:
    text = page(None)
    assert all(preset.title_en in text for preset in OUTCOME_PRESETS.values())


def test_every_exported_row_holds_rights_beside_deaths_and_the_notice(out: Path) -> None:
    rows = list(
        csv.DictReader(io.StringIO((out / "el_salvador_2012" / "tables" / "compare.csv").read_text(encoding="utf-8")))
    )
    assert {row["arm"] for row in rows} == {"secret_truce", "mano_dura"}
    for row in rows:
        for outcome in ("homicides", *RIGHTS, "extortion_paid", "votes_deliverable"):
            assert row[f"{outcome}_q50"] not in ("", None)
        assert "not a forecast" in row["notice_en"]
        assert "no un pronóstico" in row["notice_es"]


def test_no_cell_can_be_taken_for_a_formula() -> None:
    wild = [{"arm": text, "value": -1.5} for text in ("=1+1", "+x", "-x", "@x", "\tx", "\rx")]
    rows = list(csv.DictReader(io.StringIO(to_csv(wild), newline="")))
    assert len(rows) == len(wild)
    assert all(row["arm"].startswith("'") for row in rows)
    assert {row["value"] for row in rows} == {"-1.5"}


def test_a_second_call_computes_nothing(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    shards = sorted((out / "el_salvador_2012" / "store" / "shards").iterdir())
    before = [(path.name, path.stat().st_mtime_ns) for path in shards]
    assert leave("compare", *SMALL, "--out", str(out), "--json") == 0
    told = json.loads(capsys.readouterr().out)
    assert before == [(path.name, path.stat().st_mtime_ns) for path in sorted(shards[0].parent.iterdir())]
    assert told["failed"] == 0


def test_why_there_is_no_ledger_is_told_in_the_language(tmp_path: Path) -> None:
    bare = replace(load_case("two_valleys"), folder=tmp_path)
    assert read_ledger(bare, "en") == (None, "two_valleys: no ledger")
    assert read_ledger(bare, "es") == (None, "two_valleys: sin registro")
    (tmp_path / "ledger").mkdir()
    assert read_ledger(bare, "es")[1] == "la carpeta ledger está vacía"


def test_the_page_is_made_of_the_results_that_exist(out: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """`tregua report` without a size takes that of the results, and not the usual one."""
    asked: list[Experiment] = []

    def gather(_case: object, _store: object, experiment: Experiment, _command: str) -> None:
        asked.append(experiment)
        raise StoreError("far enough")

    monkeypatch.setattr("tregua.report.gather.gather", gather)
    for words in (("--out", str(out)), ("--out", str(out), "--draws", "30"), ("--out", str(tmp_path))):
        assert leave("report", *words, "--brief", "--quiet") == 1
    assert [(e.draws, e.luck, e.seed) for e in asked] == [(6, 1, 20120308), (30, 1, 20120308), (100, 1, 20120308)]


def test_json_gives_every_computed_cell_its_rights_outcomes(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    leave("compare", *SMALL, "--out", str(out), "--json", "--threshold", "homicides=0")
    told = json.loads(capsys.readouterr().out)
    cells = told["comparisons"][0]["contrasts"]
    assert len(cells) == 4
    for cell in cells:
        assert set(RIGHTS) < set(cell["outcomes"])
        assert cell["outcomes"]["homicides"]["mcse"] is not None
    assert set(told["comparisons"][0]["thresholds"]["share"]) == {"secret_truce", "mano_dura"}
    assert told["reference"] == "no_truce"


def test_what_next_is_told_with_the_halt_held_and_ended(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    words = ("--draws", "6", "--arm", "mano_dura", "--reading", "default", "--decision", "2017")
    assert leave("compare", *words, "--out", str(tmp_path), "--quiet") == 0
    text = capsys.readouterr().out
    assert "own halt of 2016 holds" in text
    assert "own halt of 2016 ends that day" in text
    assert "past the figures" in text


@pytest.mark.parametrize(
    ("words", "key"),
    [
        (("--decision", "1999"), "--decision"),
        (("--horizon", "3"), "--horizon"),
        (("--arm", "war"), "--arm"),
        (("--reading", "truth"), "--reading"),
        (("--reading", "measures_not_halt"), "--reading"),
        (("--weights", "mine"), "outcome weights"),
        (("--weights", "homicides=-1"), "outcome weight homicides"),
        (("--belief", "default=0.4"), "reading weights"),
        (("--belief", "mine"), "--belief"),
        (("--belief", "truth=1"), "reading weight truth"),
        (("--threshold", "support=1"), "--threshold"),
        (("--threshold", "homicides"), "--threshold"),
        (("--set", "war_gain=99"), "war_gain"),
        (("--fails", "no_truce"), "--fails"),
        (("--sensitivity", "war"), "--sensitivity"),
    ],
)
def test_what_cannot_be_asked_is_told_with_its_mend_before_anything_is_computed(
    words: tuple[str, str], key: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    start = () if words[0] in ("--arm", "--reading") else SMALL
    assert leave("compare", *start, *words, "--draws", "6", "--out", str(tmp_path), "--quiet") == 1
    told = capsys.readouterr().err
    assert key in told
    assert "mend" in told
    assert not list(tmp_path.rglob("*.parquet"))


def test_results_of_another_case_are_refused_and_kept(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    manifest = out / "el_salvador_2012" / "store" / "manifest.json"
    before = manifest.read_bytes()
    body = json.loads(before)
    text = before.decode().replace(body["origin"]["case"] if "origin" in body else body["case"], "0" * 64)
    manifest.write_text(text, encoding="utf-8")
    try:
        assert leave("compare", *SMALL, "--out", str(out), "--quiet") == 1
        assert "of another case" in capsys.readouterr().err
        assert manifest.read_text(encoding="utf-8") == text
    finally:
        manifest.write_bytes(before)


def test_too_few_draws_tell_no_sign(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    words = ("--draws", "2", "--arm", "mano_dura", "--reading", "default", "--out", str(tmp_path), "--quiet")
    assert leave("compare", *words) == 0
    assert "no sign is told" in capsys.readouterr().out


def test_help_is_wholly_translated() -> None:
    from tregua import cli
    from tregua.cli.help_text import in_language

    command = cli._load(cli.BY_NAME["compare"])
    texts = [command.help, *(option.help for option in command.params if getattr(option, "help", None))]
    assert [text for text in texts if in_language(text, "es") == text] == []


def test_a_reading_that_needs_a_refit_shows_no_number() -> None:
    cube, experiment = invented()
    told = Told(
        Comparison("2012", "2012", cube, contrasts(cube, refit_needed=("leader_split",)), {}), 5, PRESETS, BELIEFS, {}
    )
    waiting = replace(experiment.case.readings["leader_split"], fitted=None)
    case = replace(experiment.case, readings={**experiment.case.readings, "leader_split": waiting})
    text = io.StringIO()
    Page(
        Screen(out=text, width=None, color=False), formatter("en", ""), replace(experiment, case=case), told, True
    ).show()
    rows = [line for line in text.getvalue().splitlines() if line.startswith("leader_split")]
    assert rows
    assert all("refit needed" in row and not any(c.isdigit() for c in row) for row in rows)


def test_evidence_ranks_disputes_and_never_a_claim_about_a_person(
    out: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    from tregua.ledger import load_ledger

    assert leave("compare", *SMALL, "--out", str(out), "--evidence", "--noise", "0.1,0.2", "--quiet") == 0
    text = capsys.readouterr().out
    assert "would change no choice" in text
    assert "concern a person" in text
    ledger = load_ledger(load_case("el_salvador_2012").folder / "ledger")
    persons = {claim.id for claim in ledger.claims.values() if claim.about_person}
    rows = list(csv.DictReader(io.StringIO((out / "el_salvador_2012/tables/evidence.csv").read_text(encoding="utf-8"))))
    assert rows
    assert all(not persons & set(row["claims"].split()) for row in rows)
    assert not persons & set(text.replace(",", " ").split())


@pytest.mark.parametrize("rate", ["high", "0.1,0.2,0.3", "1.5"])
def test_an_error_rate_that_is_none_is_refused(rate: str, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("compare", *SMALL, "--out", str(out), "--evidence", "--noise", rate, "--quiet") == 1
    assert "--noise" in capsys.readouterr().err


def test_a_plan_is_run_and_options_come_after_it(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(
        'draws = 9\nreadings = ["default"]\narms = ["firm"]\n[[arm]]\nid = "firm"\nsets = { arrests = 2 }\n'
        "[weights]\nhomicides = 1\ndetention_wrongful_years = 0.05\n[threshold]\nhomicides = 0\n",
        encoding="utf-8",
    )
    words = ("compare", "--plan", str(path), "--draws", "6", "--out", str(tmp_path), "--json")
    assert leave(*words) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["draws"] == 6
    comparison = told["comparisons"][0]
    assert {cell["arm"] for cell in comparison["contrasts"]} == {"firm"}
    assert [loss["weights"] for loss in comparison["regret"]] == [*OUTCOME_PRESETS, "own"]
    assert comparison["thresholds"]["accepted"] == {"homicides": 0.0}


def test_what_moves_a_contrast_is_told_with_chance_beside_it(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("SALib")
    from tregua.cli import probe

    monkeypatch.setattr(probe, "SAMPLES", 8)
    monkeypatch.setattr(probe, "LUCK", 2)
    words = ("--out", str(out), "--sensitivity", "mano_dura", "--horizon", "1")
    assert leave("compare", *SMALL, *words, "--quiet") == 0
    text = capsys.readouterr().out
    assert "replication noise" in text
    assert "no figure identifies" in text


def test_both_errors_about_roles_stand_under_every_prior(out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("compare", *SMALL, "--out", str(out), "--interlocutors", "--json", "--horizon", "1") == 0
    told = json.loads(capsys.readouterr().out)["interlocutors"]
    assert {row["prior"] for row in told} == {"civil_society", "neutral", "law_enforcement"}
    for prior in ("civil_society", "neutral", "law_enforcement"):
        assert 1.0 in {row["ratio"] for row in told if row["prior"] == prior}
    assert all({"removed", "missed", "watch", "homicides"} < set(row) for row in told)


def test_where_a_response_fails_is_told_as_a_rule(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    import warnings

    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        pytest.importorskip("ema_workbench")
    words = ("--draws", "75", "--arm", "mano_dura", "--reading", "default,repress_backfires")
    assert leave("compare", *words, "--out", str(tmp_path), "--fails", "mano_dura", "--quiet") == 0
    text = capsys.readouterr().out
    assert "It fails in" in text or "No region stands out" in text
    assert "not about places or people" in text or "No region" in text


@pytest.mark.parametrize("option", ["--sensitivity", "--fails"])
def test_a_response_that_cannot_be_probed_is_told(option: str, out: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("compare", *SMALL, "--out", str(out), option, "as_it_happened", "--quiet") == 1
    assert option in capsys.readouterr().err


def test_a_scheduler_that_does_not_answer_loses_nothing(
    out: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    pytest.importorskip("distributed")
    from tregua.runs import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 0.5)
    shards = sorted(path.name for path in (out / "el_salvador_2012" / "store" / "shards").iterdir())
    assert leave("compare", *SMALL, "--out", str(out), "--cluster", "tcp://127.0.0.1:9", "--quiet") == 1
    assert "no scheduler answers" in capsys.readouterr().err
    assert shards == sorted(path.name for path in (out / "el_salvador_2012" / "store" / "shards").iterdir())


def test_a_comparison_stopped_by_hand_is_kept_and_goes_on(tmp_path: Path) -> None:
    import os
    import signal
    import subprocess
    import sys
    import time

    from command_line import ROOT, run

    words = ("compare", "--arm", "mano_dura", "--reading", "default,bonding", "--out", str(tmp_path), "--threads", "1")
    process = subprocess.Popen(
        [sys.executable, "-m", "tregua", *words, "--draws", "2000"],
        stdout=subprocess.PIPE, stderr=subprocess.PIPE, env={**os.environ, "PYTHONPATH": str(ROOT / "src")}, text=True,
    )  # fmt: skip
    shards = tmp_path / "el_salvador_2012" / "store" / "shards"
    until = time.monotonic() + 120
    while not list(shards.glob("*.json")) and time.monotonic() < until:
        time.sleep(0.1)
    process.send_signal(signal.SIGINT)
    _, told = process.communicate(timeout=120)
    assert process.returncode == 130
    assert "the same command goes on from here" in told
    kept = {path.name: path.stat().st_mtime_ns for path in shards.glob("*.json")}
    assert kept
    again = run(*words, "--draws", "25", "--json")
    assert again.returncode == 0
    now = {path.name: path.stat().st_mtime_ns for path in shards.glob("*.json")}
    assert kept.items() <= now.items()


def test_a_terminal_of_a_hundred_characters_holds_the_table_with_all_that_must_stay() -> None:
    lines = page(100).splitlines()
    head = next(line for line in lines if line.startswith("response"))
    assert all(title in head for title in ("homicides", "by state", "custody", "wrongful", "paid $m", "votes", "flips"))
    at = next(i for i, line in enumerate(lines) if line.startswith("Open truce"))
    assert "two outcomes: −500 in" in lines[at]
    assert "67, −10 in 33 of 100" in lines[at + 1]
