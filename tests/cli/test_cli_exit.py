"""How a command line ends: exit status, what is said, and where."""

from __future__ import annotations

import json
import types

import pytest
from command_line import leave, run

from tregua import cli
from tregua.errors import StoreError


@pytest.fixture
def broken(monkeypatch: pytest.MonkeyPatch) -> types.SimpleNamespace:
    """The command `check`, made to raise what a test wants."""
    wanted = types.SimpleNamespace(error=None)

    def command(as_json: bool = False) -> None:
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


@pytest.mark.parametrize(("lang", "said"), [("en", "9 runs are kept"), ("es", "Lo terminado se conserva")])
def test_an_interrupted_command_leaves_with_130_and_says_what_is_kept(
    lang: str, said: str, broken: types.SimpleNamespace, capsys: pytest.CaptureFixture[str]
) -> None:
    broken.error = KeyboardInterrupt("Stopped. 9 runs are kept; the same command goes on from here.")
    assert leave("--lang", lang, "check") == 130
    assert said in capsys.readouterr().err


def test_a_language_given_before_the_command_holds_for_it(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("--lang", "es", "check") == 0
    assert "Válido" in capsys.readouterr().out


def test_options_that_hold_anywhere_are_not_taken_out_of_arguments(capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("check", "--", "--debug") == 1
    assert "--debug" in capsys.readouterr().out
