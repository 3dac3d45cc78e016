"""The screen: widths, colour, pipes, poor encodings, progress."""

from __future__ import annotations

import io
import json
import math
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from command_line import leave
from hypothesis import given
from hypothesis import strategies as st

from tregua.cli.option import listed, settings
from tregua.cli.phrase import phrase
from tregua.cli.screen import Cell, Column, Screen, clock, fitting
from tregua.errors import Problem, UsageError

COLUMNS = (
    Column("response", keep=True),
    Column("homicides", numeric=True, keep=True),
    Column("by state", numeric=True, keep=True),
    Column("worst regret under any of the readings", numeric=True),
    Column("disappearance reports in the same years", numeric=True),
)
ROWS = [
    ["open truce", "-9,250 [-14,230; +12]", "-220", "1,200", "+310"],
    ["mano dura", "+360 [-700; +2,630]", "+650", "9,900", "-20"],
]
NUMBERS = re.compile(r"[+-]?[\d,]+")


class Terminal(io.StringIO):
    """A stream that says it is a terminal."""

    def isatty(self) -> bool:
        return True


class Ascii(io.TextIOWrapper):
    """A stream that can carry ASCII only."""

    def __init__(self) -> None:
        super().__init__(io.BytesIO(), encoding="ascii")

    def text(self) -> str:
        self.flush()
        buffer = self.buffer
        assert isinstance(buffer, io.BytesIO)
        return buffer.getvalue().decode("ascii")


def shown(width: int | None) -> str:
    out = io.StringIO()
    Screen(out=out, err=io.StringIO(), width=width).table(COLUMNS, ROWS)
    return out.getvalue()


def test_a_pipe_gets_every_column_however_wide() -> None:
    text = shown(None)
    assert all(column.title in text for column in COLUMNS)
    assert len(text.splitlines()) == 1 + len(ROWS)


def test_columns_go_from_the_right_and_those_that_must_stay_never() -> None:
    text = shown(90)
    assert "worst regret" in text
    assert "disappearance" not in text
    assert max(map(len, text.splitlines())) <= 90
    narrow = shown(60)
    assert "worst regret" not in narrow
    assert all(column.title in narrow for column in COLUMNS if column.keep)


def test_a_narrow_record_breaks_its_long_values_under_themselves_and_keeps_their_styles() -> None:
    out = io.StringIO()
    long = Cell("two outcomes: 12,000 in 36, 1,000 in 64 of 100, and more words", "yellow")
    screen = Screen(out=out, err=io.StringIO(), width=40, color=True)
    screen.table(COLUMNS[:2], [[Cell("a response whose name alone is wider than this"), long]])
    shown = [re.sub(r"\x1b\[[0-9;]*m", "", line) for line in out.getvalue().splitlines()]
    assert max(map(len, shown)) <= 40
    assert " ".join(" ".join(shown[:2]).split()) == "a response whose name alone is wider than this"
    assert " ".join(" ".join(shown[2:]).split()) == f"homicides {long.text}"
    assert all(line.startswith(" " * (len("homicides") + 4)) for line in shown[3:] if line)
    assert out.getvalue().count("\x1b[33m") == len([line for line in shown[2:] if line])


@pytest.mark.parametrize("command", ["voices", "disputed", "matrix"])
def test_the_ledger_keeps_to_sixty_columns(
    command: str, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Screen, "_wide", lambda *_: 60)
    assert leave("--lang", "es", "ledger", command) == 0
    assert max(map(len, capsys.readouterr().out.splitlines())) <= 60


@pytest.mark.parametrize("width", [60, 75, 90, None])
def test_a_stacked_table_drops_nothing_and_tells_whose_row_it_is_in_every_part(width: int | None) -> None:
    out, err = io.StringIO(), io.StringIO()
    columns = [Column(title, numeric=True) for title in ("year", "counted", "recorded, simulated", "by state", "paid")]
    rows = [["2012", "2,587", "2,500 [2,300; 2,800]", "20 [10; 30]", "200 [100; 900]"]] * 2
    Screen(out=out, err=err, width=width).table(columns, rows, stacked=True)
    lines = out.getvalue().splitlines()
    assert max(map(len, lines)) <= (width or 1000)
    assert err.getvalue() == ""
    for title, cell in zip((c.title for c in columns[1:]), rows[0][1:], strict=True):
        assert sum(title in line for line in lines) == 1
        assert sum(cell in line for line in lines) == 2
    parts = out.getvalue().split("\n\n")
    assert len(parts) == (1 if width in (75, 90, None) else 2)
    assert all(part.count("2012") == 2 and "year" in part for part in parts)


@pytest.mark.parametrize(("lang", "width"), [("en", 60), ("es", 60), ("es", 100)])
def test_simulate_shows_rights_beside_homicides_at_any_width(
    lang: str, width: int, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    monkeypatch.setattr(Screen, "_wide", lambda self, stream: width)
    monkeypatch.setattr("sys.argv", ["tregua"])
    assert leave("simulate", "--draws", "2", "--end", "2009-12-31", "--lang", lang, "--out", str(tmp_path)) == 0
    told = capsys.readouterr()
    for name in ("homicides_hidden", "deaths_by_state", "arrests_wrongful", "extortion_paid", "command"):
        assert phrase(f"outcome.{name}", lang) in told.out
    assert max(map(len, told.out.splitlines())) <= width
    assert phrase("dropped", lang, columns="")[:20] not in told.err
    assert (tmp_path / "el_salvador_2012" / "tables" / "simulate.csv").is_file()


def test_a_stacked_table_too_narrow_for_two_columns_becomes_records() -> None:
    out = io.StringIO()
    Screen(out=out, err=io.StringIO(), width=60).table(
        [Column("year"), Column("what was found")], [["2012", "x" * 70]], stacked=True
    )
    assert out.getvalue().splitlines()[:2] == ["2012", f"  what was found  {'x' * 42}"]


def test_a_record_has_no_line_for_an_empty_cell() -> None:
    out = io.StringIO()
    Screen(out=out, err=io.StringIO(), width=40).table(COLUMNS[:3], [["open truce", "", "-220"]])
    assert "homicides" not in out.getvalue()
    assert "-220" in out.getvalue()


def test_a_note_while_bars_stand_is_written_above_them(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = Terminal()
    screen = Screen(err=err, width=80)
    with screen.stages() as stages, stages.begin("first", 3) as stage:
        stage.advance(3)
        screen.note("a remark beside it")
    before, after = err.getvalue().split("a remark beside it")
    assert before.endswith("\x1b[2K"), "the bar that stood there is erased first"
    assert after.startswith("\n")
    assert "first" in after


def test_what_was_left_out_is_named() -> None:
    err = io.StringIO()
    Screen(out=io.StringIO(), err=err, width=90).table(COLUMNS, ROWS)
    assert "disappearance reports" in err.getvalue()
    err = io.StringIO()
    columns = (*COLUMNS[:3], Column("a worst regret, in sh."))
    Screen(out=io.StringIO(), err=err, width=60).table(columns, [row[:4] for row in ROWS])
    assert "in sh. A wider" in err.getvalue()


def test_a_narrow_screen_shows_a_record_a_block_with_everything_in_it() -> None:
    text = shown(59)
    assert text.splitlines()[0] == "open truce"
    for row in ROWS:
        assert all(cell in text for cell in row)


@given(width=st.one_of(st.none(), st.integers(20, 200)))
def test_numbers_are_never_wrapped(width: int | None) -> None:
    text = shown(width)
    for row in ROWS:
        for cell in row[1:3]:
            assert cell in text


@given(
    widths=st.lists(st.integers(1, 30), min_size=1, max_size=6),
    keeps=st.lists(st.booleans(), min_size=6, max_size=6),
    width=st.integers(60, 120),
)
def test_what_fits_is_as_much_as_can_be(widths: list[int], keeps: list[bool], width: int) -> None:
    columns = [Column("x" * w, keep=keep) for w, keep in zip(widths, keeps, strict=False)]
    chosen = fitting(columns, [], width)
    must = [i for i, column in enumerate(columns) if column.keep or i == 0]

    def wide(some: list[int]) -> int:
        return sum(widths[i] for i in some) + 2 * (len(some) - 1)

    if chosen is None:
        assert wide(must) > width
        return
    assert set(must) <= set(chosen)
    assert wide(list(chosen)) <= width
    lost = [i for i in range(len(columns)) if i not in chosen]
    if lost:
        assert wide(sorted([*chosen, lost[0]])) > width


def test_colour_is_for_terminals_that_want_it(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")

    def said(stream: io.StringIO) -> str:
        Screen(out=stream).say_cells([Cell("more", "yellow"), Cell(" killings")])
        return stream.getvalue()

    assert "\x1b[" in said(Terminal())
    assert said(io.StringIO()) == "more killings\n"
    monkeypatch.setenv("NO_COLOR", "1")
    assert said(Terminal()) == "more killings\n"


def test_a_poor_encoding_gets_plain_characters() -> None:
    stream = Ascii()
    Screen(out=stream).say("2 ⇄ · −300 … ¿qué pasó?")
    assert stream.text() == "2 <> - -300 ... que paso?\n"


def test_lines_wrap_at_the_width_and_not_in_pipes() -> None:
    long = "word " * 50
    narrow, pipe = io.StringIO(), io.StringIO()
    Screen(out=narrow, width=60).say(long.strip())
    Screen(out=pipe).say(long.strip())
    assert max(map(len, narrow.getvalue().splitlines())) <= 60
    assert len(pipe.getvalue().splitlines()) == 1


def test_json_is_one_object_and_nothing_beside_it() -> None:
    out, err = io.StringIO(), io.StringIO()
    screen = Screen(as_json=True, out=out, err=err)
    with screen.stages() as stages, stages.begin("work"):
        screen.say("text")
        screen.note("note")
        screen.harm()
    screen.table(COLUMNS, ROWS)
    screen.json({"b": math.nan, "a": (1, math.inf), "c": 0.1234567890123})
    assert json.loads(out.getvalue()) == {"b": None, "a": [1, None], "c": 0.1234567890123}
    assert list(json.loads(out.getvalue())) == ["b", "a", "c"]
    assert err.getvalue() == ""


def test_a_pipe_gets_one_line_a_finished_stage() -> None:
    err = io.StringIO()
    screen = Screen(err=err)
    with screen.stages() as stages:
        with stages.begin("as it happened", total=200) as stage:
            stage.follow(SimpleNamespace(total=200, done=150, failed=50, left=3.0))
        with stages.begin("compile the model") as stage:
            stage.note = "cached"
    first, second = err.getvalue().splitlines()
    assert re.fullmatch(r"  as it happened +200/200  [\d.]+ s", first)
    assert re.fullmatch(r"  compile the model +cached  [\d.]+ s", second)


def test_a_stage_that_fails_leaves_no_line() -> None:
    err = io.StringIO()
    with pytest.raises(ValueError, match="no"), Screen(err=err).stages() as stages, stages.begin("work"):
        raise ValueError("no")
    assert err.getvalue() == ""


def test_quiet_keeps_results_and_drops_the_rest() -> None:
    out, err = io.StringIO(), io.StringIO()
    screen = Screen(quiet=True, out=out, err=err)
    with screen.stages() as stages, stages.begin("work"):
        screen.note("note")
    screen.say("result")
    assert (out.getvalue(), err.getvalue()) == ("result\n", "")


def test_a_terminal_gets_bars_that_stay(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    err = Terminal()
    with Screen(err=err).stages() as stages, stages.begin("as it happened", total=4) as stage:
        stage.advance(2, left=34.0)
    assert "as it happened" in err.getvalue()
    assert "4" in err.getvalue()


@pytest.mark.parametrize(("seconds", "text"), [(34, "0:34"), (59.6, "1:00"), (3723, "1:02:03")])
def test_time_left_is_read_as_a_clock(seconds: float, text: str) -> None:
    assert clock(seconds) == text


def test_problems_are_shown_whole_at_any_width() -> None:
    problem = Problem("E12", "a sentence of some length " * 4, "series/homicides.csv", 41, "start", "x", "y " * 80, "z")
    for width in (None, 100, 40):
        out = io.StringIO()
        Screen(out=out, width=width).problems([problem], result=True)
        text = " ".join(out.getvalue().split())
        assert "series/homicides.csv line 41, key start" in text
        assert " ".join(("a sentence of some length " * 4).split()) in text
        if width:
            assert max(map(len, out.getvalue().splitlines())) <= max(width, 45)


def test_ids_are_listed_once_each_however_they_are_given() -> None:
    assert listed(["default,hidden_killings", " default ", ""]) == ("default", "hidden_killings")
    assert listed(None) == ()


def test_settings_are_names_and_numbers() -> None:
    assert settings(["war_gain=0.5", " f =1e-3"]) == {"war_gain": 0.5, "f": 0.001}
    for wrong in ("war_gain", "=3", "war_gain=much"):
        with pytest.raises(UsageError, match="name=value"):
            settings([wrong])
