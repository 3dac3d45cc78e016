"""A table of one's own as a grid of texts: CSV with any delimiter and encoding, or a sheet of an Excel file.

Files come from anywhere, so a workbook is looked at before it is opened: one that would grow out of all proportion, or
that defines entities, is refused.
"""

from __future__ import annotations

import csv
import io
import warnings
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path
from typing import Any

from tregua.series.written import DELIMITERS, CountsError, Notes, decode, is_comment

MOST_BYTES = 50_000_000
MOST_UNPACKED = 300_000_000
MOST_RATIO = 200
MOST_ROWS = 200_000
MOST_COLUMNS = 1_000
EXCEL = (".xlsx", ".xlsm")
OTHER_BOOKS = (".xls", ".xlsb", ".ods", ".numbers")


@dataclass(frozen=True)
class Sheet:
    """A grid of texts.

    Attributes
    ----------
    file, name : str
        Name of the file, and of the sheet; empty for a CSV.
    rows : tuple of tuple of str
        Cells without blanks at their ends; rows without any text are left out.
    lines : tuple of int
        Line of each row in the file, counted from 1.
    notes : tuple of (English, Spanish)
        What had to be assumed to read it.
    """

    file: str
    name: str
    rows: tuple[tuple[str, ...], ...]
    lines: tuple[int, ...]
    notes: tuple[tuple[str, str], ...] = ()


def read_sheet(path: str | Path, sheet: str = "") -> Sheet:
    """Read a table.

    Parameters
    ----------
    path : str or Path
        ``.xlsx``, or text in columns.
    sheet : str
        Name of a sheet of a workbook; may be left out where only one holds anything.

    Raises
    ------
    CountsError
        The file cannot be opened, is of another kind, is too large, or has several sheets and none is named.
    """
    path = Path(path)
    try:
        size = path.stat().st_size
    except OSError:
        size = 0
    if size > MOST_BYTES:
        raise CountsError(
            "the file is too large",
            file=path.name,
            found=f"{size / 1e6:.0f} MB",
            allowed=f"at most {MOST_BYTES / 1e6:.0f} MB",
            mend="keep the columns of place, time and count only",
        )
    ending = path.suffix.lower()
    if ending in OTHER_BOOKS:
        raise CountsError(
            "this kind of workbook is not read",
            file=path.name,
            found=ending,
            allowed=".xlsx, .csv, .tsv, .txt",
            mend="save it as .xlsx or as CSV (UTF-8)",
        )
    if ending in EXCEL:
        # what openpyxl remarks on is refused in words where it matters: a date beyond all days is no date
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return _read_book(path, sheet)
    if sheet:
        raise CountsError(
            "a text file has no sheets", file=path.name, key="--sheet", found=sheet, mend="leave the option out"
        )
    return _read_text(path)


def _read_text(path: Path) -> Sheet:
    text, notes = decode(path)
    best: tuple[int, str, list[tuple[int, list[str]]]] | None = None
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        rows = []
        try:
            for fields in reader:
                rows.append((reader.line_num, fields))
                _refuse_too_much(path.name, len(rows), len(fields))
        except csv.Error:
            raise CountsError(
                "a line is not CSV",
                file=path.name,
                line=reader.line_num,
                allowed="rows of text, one a line",
                mend="save the sheet as CSV (UTF-8)",
            ) from None
        # The delimiter that makes most rows of one and the same width, wider than a single column.
        widths = [len(fields) for _, fields in rows if any(field.strip() for field in fields)]
        usual = max(set(widths), key=widths.count) if widths else 0
        score = widths.count(usual) * min(usual - 1, 20)
        if best is None or score > best[0]:
            best = (score, delimiter, rows)
    if best is None or not any(field.strip() for _, fields in best[2] for field in fields):
        raise CountsError("the file is empty", file=path.name, allowed="names and rows", mend="add the figures")
    if best[1] != ",":
        shown = {"\t": "tab"}.get(best[1], best[1])
        notes.append((f"columns are separated by {shown}", f"las columnas se separan con {shown}"))
    return _sheet(path.name, "", best[2], notes)


def _sheet(file: str, name: str, rows: Iterable[tuple[int, list[str]]], notes: Notes) -> Sheet:
    kept = []
    for line, fields in rows:
        cells = [" ".join(field.replace("\u00a0", " ").split()) for field in fields]
        while cells and not cells[-1]:
            cells.pop()
        if cells and not is_comment(cells[0]):
            kept.append((line, tuple(cells)))
    return Sheet(file, name, tuple(cells for _, cells in kept), tuple(line for line, _ in kept), tuple(notes))


def _refuse_too_much(file: str, rows: int, columns: int) -> None:
    if rows > MOST_ROWS or columns > MOST_COLUMNS:
        raise CountsError(
            "the table is too large",
            file=file,
            found=f"{rows} rows or {columns} columns, and more",
            allowed=f"at most {MOST_ROWS} rows and {MOST_COLUMNS} columns",
            mend="keep the rows and columns with figures; add up days to months",
        )


def _refuse_bomb(path: Path) -> None:
    """Look into the archive before anything of it is unpacked."""
    try:
        with zipfile.ZipFile(path) as archive:
            members = archive.infolist()
            total = sum(member.file_size for member in members)
            packed = sum(member.compress_size for member in members)
            if total > MOST_UNPACKED or (total > 10_000_000 and total > MOST_RATIO * max(packed, 1)):
                raise CountsError(
                    "the workbook unpacks to far more than it holds",
                    file=path.name,
                    found=f"{total / 1e6:.0f} MB from {packed / 1e6:.1f} MB",
                    allowed=f"at most {MOST_UNPACKED / 1e6:.0f} MB, and {MOST_RATIO} times its size",
                    mend="save the sheet with the figures as CSV (UTF-8)",
                )
            for member in members:
                if member.filename.endswith((".xml", ".rels")):
                    with archive.open(member) as part:
                        if b"<!DOCTYPE" in part.read(4096).upper():
                            raise CountsError(
                                "the workbook defines entities, which no spreadsheet program writes",
                                file=path.name,
                                found=member.filename,
                                mend="save it again with a spreadsheet program, or as CSV",
                            )
    except (OSError, zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError, ValueError, zlib.error):
        raise CountsError(
            "the workbook cannot be opened",
            file=path.name if path.exists() else str(path),
            allowed="an .xlsx file that is not damaged and has no password",
            mend="save it again, or as CSV (UTF-8)",
        ) from None


def _read_book(path: Path, wanted: str) -> Sheet:
    _refuse_bomb(path)
    load_workbook = _opener(path.name)
    try:
        book = load_workbook(io.BytesIO(path.read_bytes()), read_only=True, data_only=True, keep_links=False)
    except Exception:
        raise CountsError(
            "the workbook cannot be read",
            file=path.name,
            allowed="an .xlsx file as a spreadsheet program writes it",
            mend="save it again, or as CSV (UTF-8)",
        ) from None
    try:
        names = [sheet.title for sheet in book.worksheets]
        if wanted and wanted not in names:
            raise CountsError(
                "no such sheet",
                file=path.name,
                key="--sheet",
                found=wanted,
                allowed=", ".join(names),
                mend="use one of these",
            )
        sheets = [
            _sheet(path.name, sheet.title, _rows(sheet, path.name), [])
            for sheet in book.worksheets
            if not wanted or sheet.title == wanted
        ]
    finally:
        book.close()
    filled = [sheet for sheet in sheets if sheet.rows]
    if not filled:
        raise CountsError(
            "the sheet is empty",
            file=path.name,
            found=", ".join(sheet.name for sheet in sheets),
            allowed="names and rows; formulas need a saved result",
            mend="open it in a spreadsheet program and save it, or name another sheet with --sheet",
        )
    if len(filled) == 1:
        return filled[0]
    tables = [sheet for sheet in filled if _is_table(sheet)]
    if len(tables) != 1:
        shown = tables or filled
        raise CountsError(
            "several sheets hold something",
            file=path.name,
            key="--sheet",
            found=", ".join(sheet.name for sheet in shown),
            allowed="one of them",
            mend=f'name it, for example --sheet "{shown[0].name}"',
        )
    name = tables[0].name
    note = (
        f'read from the sheet "{name}": the others hold no table',
        f'leído de la hoja "{name}": las otras no contienen una tabla',
    )
    return replace(tables[0], notes=(*tables[0].notes, note))


def _is_table(sheet: Sheet) -> bool:
    """Two rows of two cells or more, and a number somewhere: a page of remarks has neither."""
    rows = [row for row in sheet.rows if sum(bool(cell) for cell in row) > 1]
    return len(rows) > 1 and any(any(letter.isdigit() for letter in cell) for row in rows for cell in row)


def _opener(file: str) -> Callable[..., Any]:
    try:
        from openpyxl import load_workbook
    except ImportError:
        raise CountsError(
            "reading Excel files needs a package that is not installed",
            file=file,
            found="no openpyxl",
            allowed="pip install 'tregua[excel]'",
            mend="install it, or save the sheet as CSV (UTF-8)",
        ) from None
    opener: Callable[..., Any] = load_workbook
    return opener


def _rows(sheet: Any, file: str) -> Iterator[tuple[int, list[str]]]:
    rows = enumerate(sheet.iter_rows(values_only=True), start=1)
    while True:
        try:
            line, cells = next(rows)
        except StopIteration:
            return
        except Exception:
            # A damaged part shows itself only while it is read, in whatever way the reader of the format breaks.
            raise CountsError(
                "a sheet of the workbook cannot be read",
                file=file,
                found=str(sheet.title),
                allowed="an .xlsx file as a spreadsheet program writes it",
                mend="save it again, or as CSV (UTF-8)",
            ) from None
        fields = list(cells)
        while fields and fields[-1] is None:
            fields.pop()
        _refuse_too_much(file, line, len(fields))
        yield line, [_written(value) for value in fields]


def _written(value: object) -> str:
    """A cell as a person would have typed it: dates as 2012-03-01, whole numbers without a point."""
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float):
        if value.is_integer() and abs(value) < 1e15:
            return str(int(value))
        text = repr(round(value, 10))
        # Three decimals of a true number must not be taken for thousands.
        return text + "0" if len(text.partition(".")[2]) == 3 else text
    return str(value)
