"""The screen: lines, tables, progress and problems, on a terminal of any width or in a pipe.

Results go to standard output, progress and notes to standard error. Colour repeats words and never replaces them. Not
on a terminal: no colour, no bars, one line per finished stage, no limit of width.
"""

from __future__ import annotations

import json
import os
import sys
import textwrap
import time
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Any, NamedTuple, Protocol, TextIO

from tregua.cli.phrase import phrase

if TYPE_CHECKING:
    from rich.progress import Progress as Bars

    from tregua.errors import Problem

WIDEST = 100
NARROW = 60
GAP = 2
HARM_STYLE = "dim"
FLIP_STYLE = "yellow"
RESPONSE_STYLE = "bold"
ID_STYLE = "cyan"
ERROR_STYLE = "bold red"
# What an encoding without these characters shows instead; anything else it lacks becomes a question mark.
PLAIN = str.maketrans(
    {
        "⇄": "<>", "·": "-", "–": "-", "—": "-", "−": "-", "…": "...", "×": "x", "±": "+-", "≈": "~",
        "“": '"', "”": '"', "’": "'", "«": '"', "»": '"', "á": "a", "é": "e", "í": "i", "ó": "o", "ú": "u",
        "ñ": "n", "ü": "u", "¿": "", "¡": "", "Á": "A", "É": "E", "Í": "I", "Ó": "O", "Ú": "U", "Ñ": "N",
    }
)  # fmt: skip


class Cell(NamedTuple):
    """One cell of a table: its text and its style."""

    text: str
    style: str = ""


@dataclass(frozen=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    title : str
    numeric : bool
        Aligned right.
    keep : bool
        Never left out for want of width: columns without which the others must not be read (deaths without rights, a
        number without its flips).
    """

    title: str
    numeric: bool = False
    keep: bool = False


def folded(pieces: Sequence[Cell], width: int | None, indent: str) -> list[list[Cell]]:
    """A line of pieces broken at spaces where it is wider than a width, each piece keeping its style."""
    text = "".join(piece.text for piece in pieces)
    if width is None or len(text) <= width:
        return [list(pieces)]
    styles = [piece.style for piece in pieces for _ in piece.text]
    lines: list[list[Cell]] = []
    at = 0
    for line in textwrap.wrap(text, width, subsequent_indent=indent, break_on_hyphens=False):
        body = line[len(indent) :] if lines else line
        begin = text.index(body, at)
        at = begin + len(body)
        runs = groupby(range(begin, at), key=styles.__getitem__)
        parts = [Cell("".join(text[i] for i in places), style) for style, places in runs]
        lines.append([Cell(indent), *parts] if lines else parts)
    return lines


class Counted(Protocol):
    """How far a run is; `tregua.runs.Progress` is one."""

    @property
    def total(self) -> int: ...
    @property
    def done(self) -> int: ...
    @property
    def failed(self) -> int: ...
    @property
    def left(self) -> float | None: ...


def clock(seconds: float) -> str:
    """Minutes and seconds, ``0:34``, or hours too, ``1:02:03``."""
    whole = round(seconds)
    minutes, rest = divmod(whole, 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02d}:{rest:02d}" if hours else f"{minutes}:{rest:02d}"


def speaks(stream: TextIO, text: str) -> bool:
    """True where the stream's encoding can carry the text."""
    try:
        text.encode(getattr(stream, "encoding", None) or "utf-8")
    except (UnicodeEncodeError, LookupError):
        return False
    return True


def fitting(columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int | None) -> tuple[int, ...] | None:
    """Which columns a width holds: some are dropped from the right; None where not even those that must stay fit.

    Parameters
    ----------
    columns : sequence of Column
    rows : sequence of rows
        One cell a column.
    width : int or None
        Characters; None for no limit.
    """
    chosen = list(range(len(columns)))
    if width is None:
        return tuple(chosen)
    if width < NARROW:
        return None
    widths = _widths(columns, rows)
    optional = [i for i in chosen[:0:-1] if not columns[i].keep]
    while sum(widths[i] for i in chosen) + GAP * (len(chosen) - 1) > width:
        if not optional:
            return None
        chosen.remove(optional.pop(0))
    return tuple(chosen)


def stacking(
    columns: Sequence[Column], rows: Sequence[Sequence[Cell]], width: int | None
) -> list[tuple[int, ...]] | None:
    """Columns of tables one below the other, the first column in each; None where no other one fits beside it."""
    if width is None:
        return [tuple(range(len(columns)))]
    widths = _widths(columns, rows)
    if width < NARROW or any(widths[0] + GAP + each > width for each in widths[1:]):
        return None
    parts: list[tuple[int, ...]] = []
    part: tuple[int, ...] = (0,)
    used = widths[0]
    for i in range(1, len(columns)):
        if used + GAP + widths[i] > width:
            parts.append(part)
            part, used = (0,), widths[0]
        part, used = (*part, i), used + GAP + widths[i]
    return [*parts, part]


def _widths(columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> list[int]:
    return [max([len(c.title), *(len(row[i].text) for row in rows)]) for i, c in enumerate(columns)]


class Stage:
    """One stage of a command that takes time, shown as a bar on a terminal and as one line when it ends elsewhere.

    Attributes
    ----------
    note : str
        A word or two shown at its end, such as "cached".
    """

    def __init__(self, name: str, total: int | None, bars: Bars | None, lang: str) -> None:
        self.name = name
        self.note = ""
        self.done = 0
        self.total = total
        self._bars = bars
        self._lang = lang
        self._begun = time.perf_counter()
        self._task = bars.add_task(name, total=total, count="", left="") if bars is not None else None

    @property
    def seconds(self) -> float:
        return time.perf_counter() - self._begun

    def advance(self, done: int, left: float | None = None, total: int | None = None) -> None:
        """Show how far the stage is.

        Parameters
        ----------
        done : int
            Parts finished so far.
        left : float, optional
            Seconds left.
        total : int, optional
            Parts in all, where that was not known at the start.
        """
        self.done = done
        self.total = total if total is not None else self.total
        if self._bars is not None and self._task is not None:
            text = phrase("left", self._lang, time=clock(left)) if left else ""
            self._bars.update(self._task, completed=done, total=self.total, count=self.count, left=text)

    def follow(self, progress: Counted) -> None:
        """Show the progress of `tregua.runs.run_shards`; pass this method as its `progress`."""
        self.advance(progress.done + progress.failed, progress.left, progress.total)

    @property
    def count(self) -> str:
        return "" if self.total is None else f"{self.done:,}/{self.total:,}"

    def finish(self) -> str:
        """The line that stays when the stage has ended."""
        took = f"{self.seconds:.1f} s"
        if self._bars is not None and self._task is not None:
            total = self.total if self.total is not None else 1
            done = self.done if self.total is not None else 1
            said = self.count or self.note
            self._bars.update(self._task, completed=done, total=total, count=said, left=took)
            self._bars.stop_task(self._task)
        return "  ".join(part for part in (f"  {self.name:<24}", self.count, self.note, took) if part)


class Stages:
    """The stages of one command; see `Screen.stages`."""

    def __init__(self, screen: Screen, bars: Bars | None) -> None:
        self._screen = screen
        self._bars = bars

    @contextmanager
    def begin(self, name: str, total: int | None = None) -> Iterator[Stage]:
        """Open a stage; it ends with the block. A stage that fails leaves no line."""
        stage = Stage(name, total, self._bars, self._screen.lang)
        yield stage
        line = stage.finish()
        if self._bars is None:
            self._screen.note(line)


class Screen:
    """Where a command speaks.

    Parameters
    ----------
    lang : str
        ``en`` or ``es``.
    quiet : bool
        No progress and no notes.
    as_json : bool
        The command's result is one JSON object: no progress, no notes, no text beside it.
    out, err : text streams, optional
        Standard output and standard error by default.
    width : int, optional
        Characters; by default that of the terminal, at most 100, and no limit in a pipe.
    color : bool, optional
        By default on a terminal without ``NO_COLOR`` and ``--no-color``.
    """

    def __init__(
        self,
        lang: str = "en",
        *,
        quiet: bool = False,
        as_json: bool = False,
        out: TextIO | None = None,
        err: TextIO | None = None,
        width: int | None = None,
        color: bool | None = None,
    ) -> None:
        self.lang = lang
        self.quiet = quiet
        self.as_json = as_json
        self.out = out or sys.stdout
        self.err = err or sys.stderr
        self._width = width
        self._color = color
        self._bars: Bars | None = None

    def _wide(self, stream: TextIO) -> int | None:
        if self._width is not None:
            return self._width
        if not stream.isatty():
            return None
        from shutil import get_terminal_size

        return max(20, min(WIDEST, get_terminal_size().columns))

    @property
    def width(self) -> int | None:
        """Characters of a line of results; None for no limit."""
        return self._wide(self.out)

    def _colored(self, stream: TextIO) -> bool:
        if self._color is not None:
            return self._color
        return stream.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb"

    def _put(self, stream: TextIO, pieces: Sequence[Cell]) -> None:
        line = "".join(piece.text for piece in pieces)
        if self._colored(stream) and any(piece.style for piece in pieces):
            from rich.color import ColorSystem
            from rich.style import Style

            line = "".join(
                Style.parse(piece.style).render(piece.text, color_system=ColorSystem.STANDARD)
                if piece.style
                else piece.text
                for piece in pieces
            )
        if not speaks(stream, line):
            encoding = stream.encoding or "ascii"
            line = line.translate(PLAIN).encode(encoding, "replace").decode(encoding)
        if self._bars is not None and stream.isatty():
            # A line printed past the bars would land in the middle of them.
            self._bars.console.out(line, highlight=False)
        else:
            print(line, file=stream)

    def _wrapped(self, stream: TextIO, text: str, style: str, indent: str) -> None:
        width = self._wide(stream)
        for line in text.splitlines() or [""]:
            parts = [line]
            if width is not None and len(line) > width:
                parts = textwrap.wrap(line, width, subsequent_indent=indent, break_on_hyphens=False)
            for part in parts:
                self._put(stream, [Cell(part, style)])

    def say(self, text: str = "", style: str = "", indent: str = "") -> None:
        """A line of the result; nothing under ``--json``."""
        if not self.as_json:
            self._wrapped(self.out, text, style, indent)

    def page(self, text: str) -> None:
        """A prepared text as it is, line for line, whatever the width; nothing under ``--json``."""
        if not self.as_json:
            for line in text.splitlines():
                self._put(self.out, [Cell(line)])

    def say_cells(self, pieces: Sequence[Cell], indent: str | None = None) -> None:
        """A line of the result made of pieces in their own styles; wrapped only where an indent is given."""
        if not self.as_json:
            for line in [pieces] if indent is None else folded(pieces, self.width, indent):
                self._put(self.out, line)

    def note(self, text: str = "", style: str = "", indent: str = "") -> None:
        """A remark beside the result; nothing under ``--quiet`` and ``--json``."""
        if not (self.quiet or self.as_json):
            self._wrapped(self.err, text, style, indent)

    def harm(self) -> None:
        """The line with which every command ends that compares responses."""
        self.say(phrase("harm", self.lang), HARM_STYLE)

    def json(self, payload: Mapping[str, Any]) -> None:
        """The result as one JSON object, keys in the order given, numbers unrounded; NaN becomes null."""
        text = json.dumps(_finite(payload), ensure_ascii=not speaks(self.out, "ñ…"), indent=2, default=str)
        print(text, file=self.out)

    def table(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell | str]], *, stacked: bool = False) -> None:
        """A table; from the right, columns that may go are dropped where the width lacks, then each record is a block.

        Parameters
        ----------
        columns : sequence of Column
        rows : sequence of rows
            One cell, or its text, a column.
        stacked : bool
            Columns for which the width lacks follow in a table below, after the first column again: none is dropped.
        """
        if self.as_json:
            return
        cells = [[cell if isinstance(cell, Cell) else Cell(cell) for cell in row] for row in rows]
        if stacked:
            parts = stacking(columns, cells, self.width)
            if parts is None:
                self._blocks(columns, cells)
                return
            for number, part in enumerate(parts):
                if number:
                    self.say()
                self._rows(columns, cells, part)
            return
        chosen = fitting(columns, cells, self.width)
        if chosen is None:
            self._blocks(columns, cells)
            return
        self._rows(columns, cells, chosen)
        lost = [column.title for i, column in enumerate(columns) if i not in chosen]
        if lost:
            self.note(phrase("dropped", self.lang, columns=", ".join(lost).rstrip(".")))

    def _rows(self, columns: Sequence[Column], cells: Sequence[Sequence[Cell]], chosen: Sequence[int]) -> None:
        widths = {i: max([len(columns[i].title), *(len(row[i].text) for row in cells)]) for i in chosen}
        titles = [Cell(column.title, "dim") for column in columns]
        for row in [titles, *cells]:
            pieces: list[Cell] = []
            for i in chosen:
                room = widths[i] - len(row[i].text)
                before = room if columns[i].numeric else 0
                after = 0 if columns[i].numeric or i == chosen[-1] else room
                gap = GAP if i != chosen[0] else 0
                pieces += [Cell(" " * (gap + before)), row[i], Cell(" " * after)]
            self.say_cells(pieces)

    def _blocks(self, columns: Sequence[Column], rows: Sequence[Sequence[Cell]]) -> None:
        name = max(len(column.title) for column in columns)
        indent = " " * (name + 4)
        if self.width is not None and len(indent) > self.width // 2:
            indent = " " * 4
        for row in rows:
            self.say_cells([row[0]], "  ")
            for column, cell in zip(columns[1:], row[1:], strict=True):
                if not cell.text:
                    continue
                words = any(character.isalpha() for character in cell.text)  # numbers are never wrapped
                self.say_cells([Cell(f"  {column.title:<{name}}  ", "dim"), cell], indent if words else None)
            self.say()

    @contextmanager
    def stages(self) -> Iterator[Stages]:
        """Bars for what takes time; on a terminal they stay, with the time each stage took."""
        if self.quiet or self.as_json or not self.err.isatty() or os.environ.get("TERM") == "dumb":
            yield Stages(self, None)
            return
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn

        console = Console(file=self.err, width=self._wide(self.err), no_color=not self._colored(self.err))
        bars = Progress(
            TextColumn("  {task.description:<24}"),
            BarColumn(bar_width=max(6, min(40, (console.width or WIDEST) - 58))),
            TextColumn("{task.fields[count]}", justify="right"),
            TextColumn("{task.fields[left]}"),
            console=console,
        )
        with bars:
            self._bars = bars
            try:
                yield Stages(self, bars)
            finally:
                self._bars = None

    def problems(self, problems: Sequence[Problem], *, result: bool = False) -> None:
        """Show problems: code, place, sentence, what was found, what is allowed, how to mend it.

        Parameters
        ----------
        problems : sequence of Problem
        result : bool
            True where the problems are what was asked for (``tregua check``) and belong on standard output.
        """
        stream = self.out if result else self.err
        width = self._wide(stream)
        for problem in (problem.in_language(self.lang) for problem in problems):
            style = FLIP_STYLE if problem.is_warning else ERROR_STYLE
            where = problem.place_in(self.lang)
            place = f"{where}    " if where else ""
            pieces = [Cell(problem.code, style), Cell("  "), Cell(place, ID_STYLE), Cell(problem.message)]
            if width is None or sum(len(piece.text) for piece in pieces) <= width:
                self._put(stream, pieces)
            else:
                if place:
                    self._put(stream, [Cell(problem.code, style), Cell("  "), Cell(where, ID_STYLE)])
                    self._wrapped(stream, f"     {problem.message}", "", "     ")
                else:
                    self._wrapped(stream, f"{problem.code}  {problem.message}", "", "     ")
            for name in ("found", "allowed", "mend"):
                text = getattr(problem, name)
                if text:
                    self._wrapped(stream, f"     {phrase(name, self.lang):<8} {text}", "", " " * 14)


def _finite(value: Any) -> Any:
    if isinstance(value, float):
        return value if value - value == 0.0 else None
    if isinstance(value, Mapping):
        return {str(key): _finite(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_finite(item) for item in value]
    return value
