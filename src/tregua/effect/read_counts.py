"""Read a person's own counts from a CSV, as people really write them, or say which line cannot be read."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

from tregua.effect.design import CountOver, CountSeries
from tregua.errors import ProblemList, TreguaError
from tregua.series.span import Span
from tregua.series.written import (
    COLUMNS,
    DELIMITERS,
    Cell,
    CountsError,
    bad,
    count_title,
    decode,
    is_comment,
    is_missing,
    periods,
    plain,
    read_days,
    whole_number,
)

__all__ = ["CountRow", "CountsError", "ReadCounts", "read_counts", "read_rows", "whole_number"]


@dataclass(frozen=True)
class ReadCounts:
    """Counts of a file, and what had to be assumed to read them.

    Attributes
    ----------
    series : CountSeries
    notes : tuple of (English, Spanish)
        One sentence each, printed with the estimates.
    """

    series: CountSeries
    notes: tuple[tuple[str, str], ...]


def read_counts(path: str | Path, dates: str = "") -> ReadCounts:
    """Counts of a CSV file.

    Columns (English or Spanish, any order, any of ``, ; tab |``): `date` and `count`; or `start`, `end` and `count`;
    or `spans` and `count`. Optional: `institution`, `area` (areas are added up). A `date` is the first day of its
    period (or the last, where every one is a month end); the length is that of the step between dates. Rows without
    a number are days without a count, never zero.

    Parameters
    ----------
    path : str or Path
    dates : {"", "dmy", "mdy"}
        How ``03/04/2012`` is to be read; found out from the column where left empty.

    Raises
    ------
    CountsError
        With the line: no known columns, dates that cannot be read or could be read two ways, numbers that are not
        whole, rows with too many fields (an unquoted decimal comma), periods of unclear length.
    DesignError
        The counts overlap, are negative, or are all zero.
    """
    rows, header, notes, name = read_rows(path, dates)
    if "area" in header:
        rows = _add_areas(rows, name, notes)
    series = CountSeries(
        tuple(CountOver(row.spans, row.count, row.institution, f"L{row.line}", row.line) for row in rows),
        Path(name).stem,
        name,
    )
    if series.gaps:
        days = sum(span.days for span in series.gaps)
        first = series.gaps[0]
        notes.append(
            (
                f"{days} days between the first and the last have no count (from {first.start}); they stay unknown",
                f"{days} días entre el primero y el último no tienen conteo (desde {first.start}); quedan desconocidos",
            )
        )
    if len(series.institutions) > 1:
        who = ", ".join(series.institutions)
        notes.append((f"counts of several institutions: {who}", f"conteos de varias instituciones: {who}"))
    return ReadCounts(series, tuple(notes))


@dataclass(frozen=True)
class CountRow:
    """One row with a count: what a panel needs besides. Texts are as written."""

    spans: tuple[Span, ...]
    count: int
    institution: str
    area: str
    population: str
    prison: str
    line: int


def read_rows(path: str | Path, dates: str = "") -> tuple[list[CountRow], tuple[str, ...], list[tuple[str, str]], str]:
    """Rows of a file, its known columns, notes and the name of the file: see `read_counts`."""
    path = Path(path)
    name = path.name
    text, notes = decode(path)
    table, header, delimiter = _table(text, name)
    if delimiter != ",":
        shown = {"\t": "tab"}.get(delimiter, delimiter)
        notes.append((f"columns are separated by {shown}", f"las columnas se separan con {shown}"))
    found = ProblemList()
    counts = _counts(table, header, name, found, notes)
    spans = _spans(table, header, name, dates, found, notes)
    found.raise_errors(CountsError, f"{name} cannot be read")
    who = "institution" if "institution" in header else "source"
    rows = [
        CountRow(
            spans[index],
            value,
            _field(row, header, who).text,
            _field(row, header, "area").text,
            _field(row, header, "population").text,
            _field(row, header, "prison").text,
            row[0].line,
        )
        for index, row in enumerate(table)
        if (value := counts[index]) is not None
    ]
    # two columns of dates are read alike: once is enough
    return rows, tuple(header), list(dict.fromkeys(notes)), name


def _table(text: str, name: str) -> tuple[list[list[Cell]], dict[str, int], str]:
    """Rows with their lines, the place of each known column, and the delimiter that finds most of them."""
    known = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
    best: tuple[int, str, list[list[Cell]], dict[str, int]] | None = None
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        rows: list[list[Cell]] = []
        try:
            for fields in reader:
                if any(field.strip() for field in fields) and not is_comment(fields[0]):
                    rows.append([Cell(reader.line_num, field.strip()) for field in fields])
        except csv.Error:
            raise CountsError(
                "a line is not CSV",
                file=name,
                line=reader.line_num,
                allowed="rows of text, one a line",
                mend="save the sheet as CSV (UTF-8)",
            ) from None
        if not rows:
            continue
        header: dict[str, int] = {}
        for place, cell in enumerate(rows[0]):
            column = known.get(plain(cell.text))
            if column and column not in header:
                header[column] = place
        named = [place for place, cell in enumerate(rows[0]) if count_title(cell.text)]
        if "count" not in header and len(named) == 1 and named[0] not in header.values():
            header["count"] = named[0]
        if best is None or len(header) > best[0]:
            best = (len(header), delimiter, rows, header)
    if best is None:
        raise CountsError("the file is empty", file=name, allowed="a line of names and rows", mend="add the counts")
    _, delimiter, rows, header = best
    timed = "date" in header or "spans" in header or ("start" in header and "end" in header)
    if not timed or "count" not in header:
        raise CountsError(
            "the columns are not known",
            file=name,
            line=rows[0][0].line,
            found=", ".join(cell.text for cell in rows[0]) or "nothing",
            allowed="date,count or start,end,count (fecha, inicio, fin, conteo and homicidios are known too)",
            mend="name the columns in the first line",
        )
    problems = ProblemList()
    for row in rows[1:]:
        if len(row) > len(rows[0]) and any(cell.text for cell in row[len(rows[0]) :]):
            mend = "put the number in quotes, use a point, or separate columns by ;" if delimiter == "," else ""
            problems.add(
                bad(
                    "a row has more fields than the first line",
                    name,
                    row[0].line,
                    delimiter.join(cell.text for cell in row),
                    f"{len(rows[0])} fields",
                    mend or "give every row the same columns",
                )
            )
    problems.raise_errors(CountsError, f"{name} cannot be read")
    if len(rows) < 2:
        raise CountsError("there are no rows under the names", file=name, line=1, mend="add the counts")
    return rows[1:], header, delimiter


def _field(row: Sequence[Cell], header: dict[str, int], column: str) -> Cell:
    place = header.get(column, len(row))
    return row[place] if place < len(row) else Cell(row[0].line, "")


def _counts(
    table: list[list[Cell]],
    header: dict[str, int],
    name: str,
    found: ProblemList,
    notes: list[tuple[str, str]],
) -> list[int | None]:
    out: list[int | None] = []
    grouped = missing = 0
    for row in table:
        cell = _field(row, header, "count")
        if is_missing(cell.text):
            out.append(None)
            missing += 1
            continue
        value = whole_number(cell.text)
        if value is None:
            found.add(
                bad(
                    "a count is not a whole number",
                    name,
                    cell.line,
                    cell.text,
                    "a whole number, 0 or more",
                    "give the number of people killed, not a rate or a mean; leave the cell empty where unknown",
                )
            )
        elif value < 0:
            found.add(bad("a count is negative", name, cell.line, cell.text, "0 or more", "correct the figure"))
        elif value >= 1000 and not cell.text.isdigit():
            grouped += 1
        out.append(value)
    if grouped:
        notes.append(
            (
                f"{grouped} numbers with separators were read as thousands",
                f"{grouped} números con separadores se leyeron como miles",
            )
        )
    if missing:
        notes.append(
            (
                f"{missing} rows without a number: unknown, not zero",
                f"{missing} filas sin número: se desconoce, no cero",
            )
        )
    return out


def _spans(
    table: list[list[Cell]],
    header: dict[str, int],
    name: str,
    dates: str,
    found: ProblemList,
    notes: list[tuple[str, str]],
) -> list[tuple[Span, ...]]:
    if "spans" in header:
        return [_span_list(_field(row, header, "spans"), name, found) for row in table]
    if "start" in header and "end" in header:
        starts = read_days([_field(row, header, "start") for row in table], name, dates, found, notes)
        ends = read_days([_field(row, header, "end") for row in table], name, dates, found, notes, last=True)
        out: list[tuple[Span, ...]] = []
        for row, start, end in zip(table, starts, ends, strict=True):
            if start is not None and end is not None and end[0] < start[0]:
                found.add(
                    bad(
                        "a period ends before it starts",
                        name,
                        row[0].line,
                        f"start {start[0]}, end {end[0]}",
                        "end on or after start; both days counted",
                        "swap the two dates, or correct the year",
                    )
                )
                out.append(())
            else:
                out.append((Span(start[0], end[0]),) if start and end else ())
        return out
    cells = [_field(row, header, "date") for row in table]
    days = read_days(cells, name, dates, found, notes)
    if found.errors or any(day is None for day in days):
        return [()] * len(table)
    return periods([day for day in days if day is not None], [cell.line for cell in cells], name, found, notes)


def _span_list(cell: Cell, name: str, found: ProblemList) -> tuple[Span, ...]:
    try:
        pairs = [part.split("..") for part in cell.text.split(";")]
        return tuple(sorted(Span(date.fromisoformat(a.strip()), date.fromisoformat(b.strip())) for a, b in pairs))
    except (ValueError, TreguaError):
        found.add(
            bad(
                "spans cannot be read",
                name,
                cell.line,
                cell.text,
                "start..end joined by ;",
                "for example 2011-01-01..2011-02-28;2011-06-01..2011-06-30",
            )
        )
        return ()


def _add_areas(rows: list[CountRow], name: str, notes: list[tuple[str, str]]) -> list[CountRow]:
    """One count a period: the sum over areas, for periods in which every area has a count."""
    areas = {row.area for row in rows}
    by_span: dict[tuple[Span, ...], dict[str, CountRow]] = {}
    for row in rows:
        cell = by_span.setdefault(row.spans, {})
        if row.area in cell:
            raise CountsError(
                "an area has two counts for the same days",
                file=name,
                line=row.line,
                found=f"also in line {cell[row.area].line}",
                allowed="one count for each area and period",
                mend="keep one of them",
            )
        cell[row.area] = row
    kept: list[CountRow] = []
    for cell in by_span.values():
        if len(cell) == len(areas):
            first = next(iter(cell.values()))
            who = {row.institution for row in cell.values()}
            total = sum(row.count for row in cell.values())
            kept.append(replace(first, count=total, institution=who.pop() if len(who) == 1 else "", area=""))
    if not kept:
        raise CountsError(
            "no period has a count for every area",
            file=name,
            line=rows[0].line if rows else None,
            found=f"{len(areas)} areas",
            allowed="the same periods for each area",
            mend="write 0 where nobody was killed; leave out areas with gaps; or use --panel",
        )
    notes.append((f"{len(areas)} areas were added up", f"se sumaron {len(areas)} áreas"))
    dropped = len(by_span) - len(kept)
    if dropped:
        notes.append(
            (
                f"{dropped} periods left out: not every area has a count",
                f"{dropped} periodos omitidos: no todas las áreas tienen conteo",
            )
        )
    return kept
