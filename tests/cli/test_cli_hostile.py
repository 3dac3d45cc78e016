"""Every command against what is missing, of another kind, empty or binary: a sentence, a remedy, a status, no trace."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from command_line import leave

from tregua.cli import ENTRIES, main
from tregua.cli.screen import Screen
from tregua.errors import Problem

LONG = "x" * 300
CASES = (
    "nope",
    "bin.csv",
    "empty.csv",
    "folder",
    "text.txt",
    "case_bin",
    "case_empty",
    "case_folder",
    "",
    "ñandú",
    LONG,
)
TABLES = ("nope.csv", "bin.csv", "empty.csv", "folder", "folder.csv", "text.txt", "book.xlsx", LONG, "a\x00b")
TAKES_CASE = ("run", "simulate", "compare", "report", "calibrate", "validate", "effect", "check", "cite", "app")
OF_LEDGER = (
    ("show", "C09"), ("search",), ("disputed",), ("rests-on", "C09"), ("coverage",), ("matrix",),
    ("leave-out", "prosecutors"), ("export", "json"), ("voices",), ("seal",),
)  # fmt: skip


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder full of what is not what it should be."""
    for name in ("bin.csv", "bin.toml"):
        (tmp_path / name).write_bytes(bytes(range(256)) * 8)
    for name in ("empty.csv", "empty.toml"):
        (tmp_path / name).write_text("")
    (tmp_path / "text.txt").write_text("hello\nworld\n")
    (tmp_path / "book.xlsx").write_bytes(b"PK\x03\x04not a workbook")
    for name in (
        "folder",
        "folder.csv",
        "folder.toml",
        "case_bin",
        "case_empty",
        "case_folder/case.toml",
        "ledger/ledger",
    ):
        (tmp_path / name).mkdir(parents=True)
    (tmp_path / "case_bin" / "case.toml").write_bytes(bytes(range(256)))
    (tmp_path / "case_empty" / "case.toml").write_text("")
    (tmp_path / "ledger" / "ledger" / "claims.toml").write_bytes(bytes(range(256)))
    monkeypatch.chdir(tmp_path)
    return tmp_path


@pytest.fixture(autouse=True)
def in_spanish(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Whatever a test of this file makes the command line say, it can say in Spanish."""
    told: list[Problem] = []
    show = Screen.problems

    def watch(screen: Screen, problems: Any, **options: Any) -> None:
        told.extend(problems)
        show(screen, problems, **options)

    monkeypatch.setattr(Screen, "problems", watch)
    yield
    for problem in told:
        spanish = problem.in_language("es")
        assert spanish.message != problem.message, problem
        assert spanish.mend != problem.mend or not problem.mend or problem.mend.startswith("tregua "), problem


def refused(capsys: pytest.CaptureFixture[str], *words: str, status: tuple[int, ...] = (1, 2)) -> str:
    """What a command line says that must fail: never a trace, always a remedy."""
    assert leave(*words) in status, words
    out, err = capsys.readouterr()
    told = out + err
    assert "Traceback" not in told, words
    assert "--debug" not in told, words
    assert "mend  " in told or "Usage" in told or "Try" in told or "Error" in told, words
    return told


@pytest.mark.parametrize("command", TAKES_CASE)
def test_what_is_no_case_is_refused_in_words(command: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for case in CASES:
        refused(capsys, command, case)
    assert not (here / "out").exists(), "nothing is written for a case that cannot be read"


@pytest.mark.parametrize("entry", [entry.name for entry in ENTRIES if entry.exists])
def test_options_and_words_that_do_not_exist_are_wrong_usage(
    entry: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, entry, "--nope", status=(2,))
    refused(capsys, entry, "--lang", "fr", status=(2,))
    refused(capsys, entry, "a", "b", "c", "d")


@pytest.mark.parametrize("words", OF_LEDGER, ids=lambda words: words[0])
def test_what_holds_no_ledger_is_refused_in_words(
    words: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    for case in ("nope", "folder", "bin.csv", "empty.csv", "ledger", LONG):
        refused(capsys, "ledger", *words, "--case", case)


def test_what_is_no_table_is_refused_and_the_case_stays_as_it_was(
    here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    new = ("--title", "T", "--start", "2010", "--end", "2014", "--decision", "2012-03-08", "--no-input")
    assert leave("new", "mine", *new) == 0
    capsys.readouterr()
    before = {path: path.read_bytes() for path in (here / "mine").rglob("*") if path.is_file()}
    said = ("--institution", "police", "--source", "S", "--citation", "C", "--revision", "final")
    for table in TABLES:
        refused(capsys, "import", table, "mine", *said)
        refused(capsys, "effect", "--data", table, "--phase", "active=2012-03-09", "--fast", "--quiet")
        refused(capsys, "effect", "--panel", table, "--phase", "active=2012-03-09", "--fast", "--quiet")
        refused(capsys, "ledger", "leave-out", "prosecutors", "--contrasts", table)
    assert {path: path.read_bytes() for path in (here / "mine").rglob("*") if path.is_file()} == before
    for folder in ("text.txt", "folder.csv/../x y", "", "mine", "el_salvador_2012", "text.txt/x", LONG, "a\x00b"):
        refused(capsys, "new", folder, *new)


@pytest.mark.parametrize("plan", ["nope.toml", "bin.toml", "empty.toml", "folder.toml", "text.txt"])
def test_what_is_no_plan_is_refused(plan: str, here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    refused(capsys, "compare", "two_valleys", "--plan", plan, "--quiet")


@pytest.mark.parametrize(
    "words",
    [
        ("--draws", "0"), ("--draws", "many"), ("--draws", "9" * 21), ("--luck", "0"), ("--seed", "-1"),
        ("--threads", "0"), ("--step", "0"), ("--step", "nan"), ("--set", "a"), ("--set", "a=b"), ("--set", "nope=1"),
        ("--set", "contest_rate=1e9"), ("--set", "contest_rate=nan"), ("--reading", "nope"), ("--draws-from", "x"),
        ("--draws-from", "posterior"),
    ],
    ids=" ".join,
)  # fmt: skip
@pytest.mark.parametrize("command", ["run", "simulate", "compare"])
def test_settings_that_cannot_be_are_refused_before_anything_runs(
    command: str, words: tuple[str, ...], here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    refused(capsys, command, "two_valleys", "--quiet", *words)
    assert not list(here.glob("out/*/store/shards/*.parquet"))


def test_a_place_that_cannot_be_written_is_told(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    for words in (
        ("report", "two_valleys", "--out", "text.txt"),
        ("ledger", "export", "csv", "--out", "text.txt"),
        ("ledger", "export", "json", "--out", "folder"),
        ("ledger", "export", "json", "--out", "text.txt/x"),
        ("report", "two_valleys", "--figures", "text.txt"),
    ):
        refused(capsys, *words)
    assert leave("report", "two_valleys", "--figures", "text.txt") == 1
    assert "choose another folder with --figures" in capsys.readouterr().err
    assert not (here / "out" / "two_valleys" / "report.html").exists(), "told before a page is built"
    assert leave("ledger", "export", "json", "--out", "folder") == 1
    assert "name a file in it" in capsys.readouterr().err


@pytest.mark.parametrize(
    ("lang", "busy", "lost"), [("en", "close what", "this machine only"), ("es", "cierre lo", "deje fuera")]
)
def test_an_app_that_cannot_listen_says_what_to_change(
    lang: str, busy: str, lost: str, here: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        assert leave("app", "two_valleys", "--port", str(taken.getsockname()[1]), "--lang", lang) == 1
    told = capsys.readouterr()
    assert busy in told.err
    assert "already in use" not in told.err if lang == "es" else "already in use" in told.err
    assert leave("app", "two_valleys", "--port", "0", "--host", "999.1.1.1", "--lang", lang) == 1
    told = capsys.readouterr()
    assert lost in told.err
    assert told.out == ""


def test_the_address_of_the_app_is_never_broken(
    here: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Screen, "_wide", lambda *_: 60)
    monkeypatch.setattr("uvicorn.Server.run", lambda self, sockets: [line.close() for line in sockets])
    assert leave("app", "two_valleys", "--port", "0", "--host", "0.0.0.0", "--lang", "es") == 0
    told = capsys.readouterr()
    [address] = [line for line in told.out.splitlines() if line.startswith("http://0.0.0.0:")]
    assert address.endswith("&lang=es")
    assert "en lugar de 0.0.0.0" in " ".join(told.err.split())


def test_what_the_system_refuses_is_told_in_spanish_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["check", LONG, "--lang", "es"])
    told = "".join(capsys.readouterr())
    assert "remedio" in told
    assert "…" in told, "a name without end is not repeated whole"
    assert "file" not in told, told


def test_the_place_of_a_problem_is_told_in_spanish_too(here: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (here / "case_folder" / "case.toml").rmdir()
    (here / "case_folder" / "case.toml").write_text('format = 1\nid = "x"\nnope = \n')
    assert leave("check", "case_folder", "--lang", "es") == 1
    told = capsys.readouterr().out
    assert "case.toml línea 3" in told
    assert "valor no válido" in told
    assert "Invalid value" not in told
