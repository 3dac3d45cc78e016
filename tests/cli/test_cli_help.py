"""The first page of the help: short, grouped by question, quick, in two languages."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
from command_line import ROOT, leave, run

from tregua import cli
from tregua.cli import ENTRIES, Entry, first_page
from tregua.cli.help_text import HELP_ES, in_language
from tregua.cli.phrase import LANGUAGES, PHRASES, phrase
from tregua.cli.usage import plain

HEAVY = ("jax", "pandas", "altair", "duckdb", "pyarrow", "numba", "numpy", "scipy", "matplotlib", "rich", "pydantic")


def test_help_names_every_command_that_exists_under_its_question() -> None:
    text = run("--help").stdout
    for entry in ENTRIES:
        assert (re.search(rf"^ .*\b{entry.name} +{re.escape(entry.help_en)}$", text, re.M) is not None) == entry.exists
        if entry.exists:
            assert entry.question_en in text


@pytest.mark.parametrize("lang", LANGUAGES)
def test_help_fits_a_small_terminal_even_with_every_command(lang: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Entry, "exists", True)
    lines = first_page(lang).splitlines()
    assert len(lines) <= 24
    assert max(map(len, lines)) <= 80


def test_help_speaks_the_language_asked_for() -> None:
    assert "Su propia tregua" in first_page("es")
    assert run("--lang", "es", "--help", PYTHONIOENCODING="utf-8").stdout == first_page("es")


def test_help_survives_an_encoding_without_accents() -> None:
    out = run("--lang", "es", "--help", PYTHONIOENCODING="ascii")
    assert (out.returncode, out.stderr) == (0, "")
    assert "Su propia tregua" in out.stdout


def test_help_loads_nothing_heavy() -> None:
    code = f"""
import sys
from tregua.cli import main
try:
    main(["--help"])
except SystemExit:
    pass
print([name for name in {HEAVY!r} if name in sys.modules])
"""
    env = {**os.environ, "PYTHONPATH": str(ROOT / "src")}
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, env=env, check=True).stdout
    assert out.splitlines()[-1] == "[]"


def test_help_takes_a_third_of_a_second() -> None:
    resource = pytest.importorskip("resource")

    def spent() -> float:
        used = resource.getrusage(resource.RUSAGE_CHILDREN)
        return float(used.ru_utime + used.ru_stime)

    times = []
    for _ in range(3):
        before = spent()
        run("--help")
        times.append(spent() - before)
    assert min(times) <= 0.35  # processor time: the wall clock of a shared machine says nothing


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.exists], ids=lambda entry: entry.name)
def test_every_command_explains_itself(entry: Entry, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave(entry.name, "--help") == 0
    assert f"tregua {entry.name}" in capsys.readouterr().out


def help_texts(command: Any) -> Iterator[str]:
    """Every help text of a command, its options and the commands below it."""
    for text in [command.help, *(getattr(option, "help", None) for option in command.params)]:
        if text and text != "Show this message and exit.":
            yield " ".join(text.split())
    for below in getattr(command, "commands", {}).values():
        yield from help_texts(below)


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.exists], ids=lambda entry: entry.name)
def test_help_of_every_command_is_in_both_languages(entry: Entry) -> None:
    texts = list(help_texts(cli._load(entry)))
    assert texts
    assert [text for text in texts if in_language(text, "es") == text] == []
    assert [text for text in texts if in_language(text, "en") != text] == []


@pytest.mark.parametrize("entry", [entry for entry in ENTRIES if entry.exists], ids=lambda entry: entry.name)
@pytest.mark.parametrize("width", [60, 100])
def test_pages_of_help_fit_the_terminal_and_speak_one_language(
    entry: Entry, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", str(width))
    below = list(getattr(cli._load(entry), "commands", {}))
    for words in [(entry.name,), *((entry.name, name) for name in below)]:
        pages = {}
        for lang in LANGUAGES:
            assert leave(*words, "--help", "--lang", lang) == 0
            pages[lang] = capsys.readouterr().out
            assert max(map(len, pages[lang].splitlines())) <= width, words
            assert re.search(r"<(str|int|float|path|list)|INTEGER|[^\WA-Z]\.\.\.$", pages[lang], re.M) is None, words
        assert re.search(r"Usage|Option|Argument:|Command|\[default|required|Show this", pages["es"]) is None, words
        assert len(pages["es"].split(":")) > 2


def test_the_first_page_fits_a_narrow_terminal(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("COLUMNS", "60")
    for lang in LANGUAGES:
        assert leave("--lang", lang, "--help") == 0
        text = capsys.readouterr().out
        assert max(map(len, text.splitlines())) <= 60
        assert all(entry.name in text for entry in ENTRIES)


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("run", "--nope"), "no existe la opción --nope"),
        (("run", "--draws", "x"), "'--draws'"),
        (("run", "--draws"), "--draws"),
        (("nope",), "no existe la orden"),
        (("new",), "falta el argumento"),
        (("run", "a", "b"), "sobra"),
        (("run", "--lang", "fr"), "'fr' no es uno de en, es"),
    ],
)
def test_wrong_usage_is_told_in_spanish(words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert leave("--lang", "es", *words) == 2
    err = capsys.readouterr().err
    assert told in err
    assert "Error: " in err
    for english in (
        "Usage",
        "Try",
        "Invalid",
        "No such",
        "Missing",
        "unexpected",
        "should be",
        "is not one",
        "OPTIONS",
    ):
        assert english not in err


def test_wrong_usage_keeps_to_the_width_of_the_terminal(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("tregua.cli.screen.Screen._wide", lambda *_: 60)
    assert leave("run", "--draws", "0") == 2
    err = capsys.readouterr().err
    assert "Try 'tregua run -h' for help." in err
    assert "Error: Invalid value for '--draws'" in err
    assert max(map(len, err.splitlines())) <= 60


def test_every_phrase_has_both_languages_with_the_same_slots() -> None:
    for key, pair in PHRASES.items():
        assert len(pair) == len(LANGUAGES), key
        assert all(text.strip() for text in pair), key
        english, spanish = (set(re.findall(r"{(\w+)}", text)) for text in pair)
        assert english == spanish, key
    assert all(english.strip() and spanish.strip() for english, spanish in HELP_ES.items())


def test_a_phrase_is_filled() -> None:
    assert phrase("check.errors", "es", n=2) == "2 errores"


def test_version_is_that_of_the_package() -> None:
    from tregua import __version__

    assert run("--version").stdout == f"tregua {__version__}\n"


@pytest.mark.parametrize(
    ("words", "en", "es"),
    [
        (("import",), "TABLE CASE", "TABLA CASO"),
        (("report",), "[CASE]", "[CASO]"),
        (("ledger", "export"), "FORMAT", "FORMATO"),
        (("ledger", "search"), "[WORD...]", "[PALABRA...]"),
    ],
)
def test_the_line_of_usage_names_its_arguments_plainly_and_in_the_language(
    words: tuple[str, ...], en: str, es: str, capsys: pytest.CaptureFixture[str]
) -> None:
    for lang, told, options in (("en", en, "[OPTIONS]"), ("es", es, "[OPCIONES]")):
        assert leave(*words, "--help", "--lang", lang) == 0
        assert capsys.readouterr().out.splitlines()[0].endswith(f"{' '.join(words)} {options} {told}")


@pytest.mark.parametrize(
    ("words", "told"),
    [
        (("simulate", "--draws", "x"), "it must be a whole number"),
        (("simulate", "--step", "x"), "it must be a number"),
        (("app", "--port", "99999"), "it must be 65535 or less"),
        (("calibrate", "--sets", "3"), "it must be 10 or more"),
    ],
)
def test_a_value_that_cannot_be_is_told_without_words_of_a_library(
    words: tuple[str, ...], told: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert leave(*words) == 2
    said = capsys.readouterr().err
    assert "Input should" not in said
    assert plain("Input should be greater than or equal to 1") == "it must be 1 or more"
    assert told in said or "not a valid" in said or "not in the range" in said  # older versions have words of their own
