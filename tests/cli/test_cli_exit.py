"""How a command line ends: exit status, what is said, and where."""

from __future__ import annotations

import contextlib
import ctypes
import json
import signal
import sys
import time
import types
from collections.abc import Callable
from pathlib import Path

import pytest
import typer
from command_line import leave, run

from tregua import cli
from tregua.errors import StoreError
from tregua.runs.local import Interrupted, RunReport


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """The command `check`, made to raise what a test wants."""
    wanted = types.SimpleNamespace(error=None, act=None)

    def command(as_json: bool = False) -> None:
        if wanted.act is not None:
            wanted.act()
        raise wanted.error

    original = cli._load

    def load(entry: cli.Entry) -> object:
        loaded = original(entry)
        if entry.name == "check":
            loaded.callback = lambda **_: command()
        return loaded

    monkeypatch.setattr(cli, "_load", load)
    return wanted


def test_nothing_asked_shows_the_help() -> None:
    out = run()
    assert out.returncode in (0, 2)  # which of the two is the parser's choice and changed between its versions
    assert "Your own truce" in out.stdout + out.stderr


@pytest.mark.parametrize(
    "words", [["frobnicate"], ["check", "--frobnicate"], ["check", "--lang", "fr"], ["--lang", "x"]]
)
def test_wrong_usage_leaves_with_two_and_no_traceback(words: list[str]) -> None:
    out = run(*words)
    assert out.returncode == 2
    assert "Traceback" not in out.stderr
    assert out.stdout == ""


def test_an_error_of_the_person_leaves_with_one_and_tells_how_to_mend_it(
    broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = StoreError("a sentence", file="f.csv", line=3, key="k", found="a", allowed="b", mend="do this")
    assert leave("check") == 1
    out = capsys.readouterr()
    assert out.out == ""
    for part in ("E50", "f.csv line 3, key k", "a sentence", "found", "allowed", "do this"):
        assert part in out.err
    assert "Traceback" not in out.err


def test_errors_are_labelled_in_the_language_asked_for(
    broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = StoreError("a sentence", found="a", mend="do this")
    assert leave("check", "--lang", "es") == 1
    assert "remedio" in capsys.readouterr().err


def test_an_error_is_one_json_object_where_json_was_asked_for(
    broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = StoreError("a sentence", found="a", mend="do this")
    assert leave("check", "--json") == 1
    assert json.loads(capsys.readouterr().out)["problems"][0]["mend"] == "do this"


def test_debug_shows_where_an_error_arose(broken: types.SimpleNamespace) -> None:
    broken.error = StoreError("a sentence")
    with pytest.raises(StoreError):
        cli.main(["check", "--debug"])


def test_a_fault_of_the_program_is_said_to_be_one(
    broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = ZeroDivisionError("the sum of nothing")
    assert leave("check") == 1
    told = capsys.readouterr().err
    assert "fault in tregua" in told
    assert "the sum of nothing" in told
    assert "Traceback" not in told


@pytest.mark.parametrize(("lang", "said"), [("en", "1,009 runs are kept"), ("es", "Se conservan 1,009 corridas")])
def test_an_interrupted_command_leaves_with_130_and_says_what_is_kept(
    lang: str, said: str, broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = Interrupted(RunReport(9, 3, 0, 0, 6, histories=1009, histories_reused=0))
    assert leave("--lang", lang, "check") == 130
    told = capsys.readouterr().err
    assert said in told
    assert told.count("\n") == 2


@pytest.mark.parametrize(("lang", "said"), [("en", "What is finished is kept"), ("es", "Lo terminado se conserva")])
def test_an_interruption_outside_of_the_runs_is_told_in_the_language(
    lang: str, said: str, broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = KeyboardInterrupt()
    assert leave("--lang", lang, "check") == 130
    assert said in capsys.readouterr().err


WENT_ON: list[str] = []


def go_on() -> None:
    """What a command would do next, had nobody stopped it."""
    time.sleep(3)
    WENT_ON.append("to its end")


def lost_in_a_callback() -> None:
    """Ctrl-C while compiled code calls Python back: the interruption cannot pass through it."""
    ctypes.CFUNCTYPE(None)(lambda: signal.raise_signal(signal.SIGINT))()
    go_on()


def made_into_another_error() -> None:
    """Ctrl-C while a library is being loaded."""
    try:
        signal.raise_signal(signal.SIGINT)
    except KeyboardInterrupt:
        raise ImportError("a module failed to import") from None


def dropped_while_a_module_is_loaded() -> None:
    """Ctrl-C while a library loads another one and drops whatever goes wrong with that."""
    with contextlib.suppress(BaseException):
        import interrupted_while_loading  # noqa: F401
    go_on()


@pytest.mark.parametrize("hides", [lost_in_a_callback, made_into_another_error, dropped_while_a_module_is_loaded])
def test_an_interruption_that_a_library_hides_ends_the_command_all_the_same(
    hides: Callable[[], None],
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    broken: types.SimpleNamespace,
    capsys: pytest.CaptureFixture[str],
) -> None:
    (tmp_path / "interrupted_while_loading.py").write_text("import signal\nsignal.raise_signal(signal.SIGINT)\n")
    monkeypatch.syspath_prepend(tmp_path)
    broken.act = hides
    handler = signal.getsignal(signal.SIGINT)
    assert leave("check") == 130
    told = capsys.readouterr().err
    assert told.strip() == "Stopped. What is finished is kept; the same command goes on from here."
    assert not WENT_ON
    assert signal.getsignal(signal.SIGINT) is handler


@pytest.mark.parametrize(("lang", "said"), [("en", "without an answer"), ("es", "sin responder")])
def test_a_question_left_without_an_answer_is_no_fault(
    lang: str, said: str, broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = typer.Abort()
    assert leave("--lang", lang, "check") == 1
    assert said in capsys.readouterr().err


def test_no_library_resets_colours_at_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    library = types.SimpleNamespace(reset_all=lambda: None)
    monkeypatch.setitem(sys.modules, "colorama.initialise", library)
    forgotten: list[object] = []
    monkeypatch.setattr("atexit.unregister", forgotten.append)
    assert leave("--version") == 0
    assert forgotten == [library.reset_all]


def test_a_language_given_before_the_command_holds_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("--lang", "es", "check") == 0
    assert "Válido" in capsys.readouterr().out


def test_options_that_hold_anywhere_are_not_taken_out_of_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("check", "--", "--debug") == 1
    assert "--debug" in capsys.readouterr().out
