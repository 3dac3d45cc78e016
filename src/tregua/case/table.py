"""Text files of a case, read so that every complaint can name the true line."""

from __future__ import annotations

import csv
import difflib
import io
from collections.abc import Collection, Iterator
from dataclasses import dataclass
from pathlib import Path

from tregua.errors import Problem, ProblemList

FIELD_LIMIT = 10_000


@dataclass(frozen=True)
class Row:
    """One record: the line on which it begins, and its cells without the empty ones."""

    line: int
    cells: dict[str, str]


@dataclass(frozen=True)
class Table:
    """A CSV file: its name within the case, its columns and its rows."""

    file: str
    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def __iter__(self) -> Iterator[Row]:
        return iter(self.rows)


def closest(word: str, allowed: Collection[str]) -> str:
    """Advice for a word that is none of those allowed."""
    near = difflib.get_close_matches(word, list(allowed), n=1)
    return f"did you mean {near[0]}?" if near else "use one of those listed"


def read_text(path: Path, file: str, problems: ProblemList) -> str | None:
    """Text of a UTF-8 file; None, with the problem told, where it cannot be read.

    A byte order mark is accepted with a warning; other encodings are refused with the place of the first bad byte.
    """
    try:
        data = path.read_bytes()
    except FileNotFoundError:
        problems.add(Problem("E10", "a file is missing", file, mend=f"add {file}"))
        return None
    except OSError as error:
        problems.add(
            Problem(
                "E10",
                "a file cannot be opened",
                file,
                found=error.strerror or "unreadable",
                allowed="a readable text file",
                mend="check its kind and its permissions",
            )
        )
        return None
    if data.startswith(b"\xef\xbb\xbf"):
        data = data[3:]
        problems.add(
            Problem(
                "W01",
                "the file begins with a byte order mark, which is skipped",
                file,
                1,
                mend="save it as UTF-8 without BOM",
            )
        )
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        problems.add(
            Problem(
                "E11",
                "the file is not UTF-8",
                file,
                line,
                found=f"byte 0x{data[error.start]:02x} at place {error.start} of the file",
                allowed="UTF-8 text",
                mend="save the file as UTF-8",
            )
        )
        return None
    if not text.strip():
        problems.add(
            Problem(
                "E14",
                "the file is empty",
                file,
                found="no text",
                allowed="a header and rows" if file.endswith(".csv") else "text",
                mend="fill it in, or remove the file",
            )
        )
        return None
    return text


def read_table(
    path: Path,
    file: str,
    problems: ProblemList,
    *,
    required: Collection[str] = (),
    optional: Collection[str] | None = (),
) -> Table | None:
    """Read a CSV file with a header.

    Parameters
    ----------
    required, optional : collections of str
        Columns that must and may stand there; ``optional=None`` allows any.

    Returns
    -------
    Table or None
        None where the header cannot be used; rows with a wrong number of cells are told and left out.
    """
    text = read_text(path, file, problems)
    if text is None:
        return None
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    rows: list[Row] = []
    columns: tuple[str, ...] = ()
    start = 1
    while True:
        start = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            break
        except csv.Error as error:
            problems.add(_csv_problem(error, file, start))
            break
        if not any(cell.strip() for cell in cells):
            continue
        if not columns:
            columns = tuple(cell.strip() for cell in cells)
            if not _header_is_usable(columns, file, start, problems, required, optional):
                return None
            continue
        if len(cells) != len(columns):
            problems.add(
                Problem(
                    "E14",
                    "a row has another number of cells than the header",
                    file,
                    start,
                    found=f"{len(cells)} cells",
                    allowed=f"{len(columns)} cells: {', '.join(columns)}",
                    mend="add or remove commas; quote a text that holds one",
                )
            )
            continue
        long = [name for name, cell in zip(columns, cells, strict=True) if len(cell) > FIELD_LIMIT]
        if long:
            problems.add(_long_problem(file, start, long[0]))
            continue
        stripped = ((name, cell.strip()) for name, cell in zip(columns, cells, strict=True))
        rows.append(Row(start, {name: cell for name, cell in stripped if cell}))
    return Table(file, columns, tuple(rows)) if columns else None


def _header_is_usable(
    columns: tuple[str, ...],
    file: str,
    line: int,
    problems: ProblemList,
    required: Collection[str],
    optional: Collection[str] | None,
) -> bool:
    usable = True
    for name in dict.fromkeys(c for c in columns if columns.count(c) > 1):
        problems.add(
            Problem(
                "E14",
                "two columns share one name",
                file,
                line,
                name,
                allowed="each name once",
                mend="rename or remove one of them",
            )
        )
        usable = False
    for name in required:
        if name not in columns:
            problems.add(
                Problem(
                    "E14",
                    "a column is missing",
                    file,
                    line,
                    name,
                    found=", ".join(columns)[:200],
                    allowed=", ".join(required),
                    mend=f"add the column {name}",
                )
            )
            usable = False
    if optional is not None:
        known = [*required, *optional]
        for name in columns:
            if name not in known:
                problems.add(
                    Problem(
                        "E15",
                        "no such column",
                        file,
                        line,
                        name[:80],
                        found=name[:80],
                        allowed=", ".join(known),
                        mend=closest(name, known),
                    )
                )
    return usable


def _csv_problem(error: csv.Error, file: str, line: int) -> Problem:
    if "field larger" in str(error):
        return _long_problem(file, line, "")
    return Problem(
        "E14",
        "the row cannot be read as CSV",
        file,
        line,
        found=str(error),
        allowed="comma-separated cells, quotes doubled inside quotes",
        mend="close every quote that is opened",
    )


def _long_problem(file: str, line: int, key: str) -> Problem:
    return Problem(
        "E08",
        "a cell is too long",
        file,
        line,
        key,
        found=f"more than {FIELD_LIMIT} characters",
        allowed=f"at most {FIELD_LIMIT} characters",
        mend="shorten it, or look for a missing quote",
    )
