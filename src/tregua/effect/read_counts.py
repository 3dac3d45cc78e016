"""Read a person's own counts from a CSV, as people really write them, or say which line cannot be read."""

from __future__ import annotations

import calendar
import csv
import io
import itertools
import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from tregua.effect.design import CountOver, CountSeries
from tregua.errors import Problem, ProblemList, TreguaError
from tregua.series.span import Span

DELIMITERS = (",", ";", "\t", "|")
COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("date", "fecha", "day", "dia", "month", "mes", "year", "ano", "anio", "period", "periodo", "time"),
    "start": ("start", "inicio", "desde", "from", "start_date", "fecha_inicio"),
    "end": ("end", "fin", "hasta", "to", "end_date", "fecha_fin"),
    "spans": ("spans", "tramos"),
    "count": (
        "count",
        "counts",
        "conteo",
        "homicides",
        "homicidios",
        "deaths",
        "muertes",
        "killings",
        "total",
        "n",
        "cantidad",
        "casos",
        "value",
        "valor",
    ),
    "institution": ("institution", "institucion"),
    "source": ("source", "fuente"),
    "population": ("population", "poblacion", "habitantes"),
    "prison": ("prison", "prison_density", "imprisoned", "presos", "densidad_penal"),
    "area": ("area", "municipality", "municipio", "department", "departamento", "place", "lugar"),
}
MONTHS: dict[str, int] = {
    name: number
    for number, names in enumerate(
        (
            "january jan enero ene",
            "february feb febrero",
            "march mar marzo",
            "april apr abril abr",
            "may mayo",
            "june jun junio",
            "july jul julio",
            "august aug agosto ago",
            "september sep sept septiembre setiembre set",
            "october oct octubre",
            "november nov noviembre",
            "december dec diciembre dic",
        ),
        start=1,
    )
    for name in names.split()
}
MISSING = {"", "-", "--", ".", "na", "n/a", "nan", "null", "n/d", "nd", "s/d", "sd", "missing", "unknown"}
CENTURY_TURN = 70


class CountsError(TreguaError):
    """A file of counts that cannot be read as it stands."""

    code = "E71"


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


@dataclass(frozen=True)
class _Cell:
    line: int
    text: str


@dataclass(frozen=True)
class _Day:
    """A date as written: what is known of it. `precision` is day, month or year."""

    line: int
    precision: str
    options: tuple[date, ...]


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
    text, notes = _decode(path)
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
    return rows, tuple(header), notes, name


def _decode(path: Path) -> tuple[str, list[tuple[str, str]]]:
    try:
        raw = path.read_bytes()
    except OSError:
        raise CountsError(
            "the file of counts cannot be opened",
            file=str(path),
            allowed="a readable CSV file",
            mend="check the path and its permissions",
        ) from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return raw.decode("utf-16"), [("the file is in UTF-16", "el archivo está en UTF-16")]
    if b"\0" in raw:
        raise CountsError(
            "the file is not text", file=path.name, found="bytes of another kind", mend="save it as CSV (UTF-8)"
        )
    try:
        return raw.decode("utf-8-sig"), []
    except UnicodeDecodeError:
        return raw.decode("cp1252", errors="replace"), [
            ("the file is not UTF-8; read as Windows text", "el archivo no es UTF-8; se leyó como texto de Windows")
        ]


def _plain(text: str) -> str:
    folded = unicodedata.normalize("NFKD", text.strip().strip('"').lower())
    return "".join(c for c in folded if not unicodedata.combining(c)).replace(" ", "_")


def _table(text: str, name: str) -> tuple[list[list[_Cell]], dict[str, int], str]:
    """Rows with their lines, the place of each known column, and the delimiter that finds most of them."""
    known = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
    best: tuple[int, str, list[list[_Cell]], dict[str, int]] | None = None
    for delimiter in DELIMITERS:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, skipinitialspace=True)
        rows: list[list[_Cell]] = []
        try:
            for fields in reader:
                if any(field.strip() for field in fields) and not fields[0].lstrip().startswith("#"):
                    rows.append([_Cell(reader.line_num, field.strip()) for field in fields])
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
            column = known.get(_plain(cell.text))
            if column and column not in header:
                header[column] = place
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
                _bad(
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


def _bad(message: str, file: str, line: int, found: str, allowed: str, mend: str) -> Problem:
    return Problem(CountsError.code, message, file, line, "", found, allowed, mend)


def _field(row: Sequence[_Cell], header: dict[str, int], column: str) -> _Cell:
    place = header.get(column, len(row))
    return row[place] if place < len(row) else _Cell(row[0].line, "")


def _counts(
    table: list[list[_Cell]],
    header: dict[str, int],
    name: str,
    found: ProblemList,
    notes: list[tuple[str, str]],
) -> list[int | None]:
    out: list[int | None] = []
    grouped = missing = 0
    for row in table:
        cell = _field(row, header, "count")
        if cell.text.lower() in MISSING:
            out.append(None)
            missing += 1
            continue
        value = whole_number(cell.text)
        if value is None:
            found.add(
                _bad(
                    "a count is not a whole number",
                    name,
                    cell.line,
                    cell.text,
                    "a whole number, 0 or more",
                    "give the number of people killed, not a rate or a mean; leave the cell empty where unknown",
                )
            )
        elif value < 0:
            found.add(_bad("a count is negative", name, cell.line, cell.text, "0 or more", "correct the figure"))
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


def whole_number(text: str) -> int | None:
    """A whole number as printed in either style (``1,234``, ``1.234``, ``1 234``, ``413,0``), or None.

    Three digits after one separator are thousands: counts have no decimals.
    """
    text = text.strip().replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")
    sign = -1 if text.startswith("-") else 1
    text = text.lstrip("+-").strip()
    if re.fullmatch(r"\d+", text):
        return sign * int(text)
    if re.fullmatch(r"\d{1,3}(?:([., ])\d{3})(?:\1\d{3})*(?:[.,]0{1,2})?", text):
        return sign * int(re.sub(r"[.,]0{1,2}$", "", text).translate(str.maketrans("", "", "., ")))
    if re.fullmatch(r"\d+[.,]0+", text):
        return sign * int(re.split(r"[.,]", text)[0])
    return None


def _spans(
    table: list[list[_Cell]],
    header: dict[str, int],
    name: str,
    dates: str,
    found: ProblemList,
    notes: list[tuple[str, str]],
) -> list[tuple[Span, ...]]:
    if "spans" in header:
        return [_span_list(_field(row, header, "spans"), name, found) for row in table]
    if "start" in header and "end" in header:
        starts = _days([_field(row, header, "start") for row in table], name, dates, found, notes)
        ends = _days([_field(row, header, "end") for row in table], name, dates, found, notes, last=True)
        out: list[tuple[Span, ...]] = []
        for row, start, end in zip(table, starts, ends, strict=True):
            if start is not None and end is not None and end[0] < start[0]:
                found.add(
                    _bad(
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
    days = _days(cells, name, dates, found, notes)
    if found.errors or any(day is None for day in days):
        return [()] * len(table)
    return _periods([day for day in days if day is not None], [cell.line for cell in cells], name, found, notes)


def _span_list(cell: _Cell, name: str, found: ProblemList) -> tuple[Span, ...]:
    try:
        pairs = [part.split("..") for part in cell.text.split(";")]
        return tuple(sorted(Span(date.fromisoformat(a.strip()), date.fromisoformat(b.strip())) for a, b in pairs))
    except (ValueError, TreguaError):
        found.add(
            _bad(
                "spans cannot be read",
                name,
                cell.line,
                cell.text,
                "start..end joined by ;",
                "for example 2011-01-01..2011-02-28;2011-06-01..2011-06-30",
            )
        )
        return ()


def _days(
    cells: list[_Cell],
    name: str,
    order: str,
    found: ProblemList,
    notes: list[tuple[str, str]],
    *,
    last: bool = False,
) -> list[tuple[date, str] | None]:
    """Day and precision of each cell; the order of ``03/04/2012`` is settled over the whole column."""
    read = [_read_day(cell, name, found) for cell in cells]
    slashed = [day for day in read if day is not None and len(day.options) == 2]
    choice = 0
    if slashed and not found.errors:
        choice = _settle_order(slashed, name, order, notes)
    out: list[tuple[date, str] | None] = []
    for cell, day in zip(cells, read, strict=True):
        if day is None:
            out.append(None)
            continue
        options = [option for option in day.options if option != date.min]
        chosen = day.options[min(choice, len(day.options) - 1)]
        if chosen == date.min or not options:
            found.add(
                _bad(
                    "a date does not exist",
                    name,
                    cell.line,
                    cell.text,
                    "the same order of day and month in every row",
                    "write dates as 2012-03-09",
                )
            )
            out.append(None)
            continue
        if last and day.precision == "month":
            chosen = Span.of_month(chosen.year, chosen.month).end
        elif last and day.precision == "year":
            chosen = date(chosen.year, 12, 31)
        out.append((chosen, day.precision))
    return out


def _make(year: int, month: int, day: int) -> date:
    """The date, or `date.min` where there is no such day."""
    try:
        return date(year, month, day)
    except ValueError:
        return date.min


def _read_day(cell: _Cell, name: str, found: ProblemList) -> _Day | None:
    text = _plain(cell.text).replace("_", " ")
    text = re.sub(r"[ t]\d{2}:\d{2}(:\d{2})?(\.\d+)?z?$", "", text)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return _Day(cell.line, "day", (_make(int(match[1]), int(match[2]), int(match[3])),))
    if match := re.fullmatch(r"(\d{4})[-/.m ](\d{1,2})", text):
        return _Day(cell.line, "month", (_make(int(match[1]), int(match[2]), 1),))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text):
        return _Day(cell.line, "month", (_make(int(match[2]), int(match[1]), 1),))
    if match := re.fullmatch(r"(1[89]\d{2}|20\d{2})", text):
        return _Day(cell.line, "year", (date(int(match[1]), 1, 1),))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
        one, two, year = int(match[1]), int(match[2]), int(match[3])
        return _Day(cell.line, "day", (_make(year, two, one), _make(year, one, two)))
    words = [word for word in re.split(r"[ ,./-]+", text) if word and word not in ("de", "del", "of")]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [word for word in words if word.isdigit()]
    if len(months) == 1 and len(words) == len(months) + len(numbers):
        years = [n for n in numbers if len(n) == 4]
        others = [n for n in numbers if len(n) != 4]
        if not years and len(others) == 1:
            short = int(others[0])
            return _Day(cell.line, "month", (_make(short + (1900 if short >= CENTURY_TURN else 2000), months[0], 1),))
        if len(years) == 1 and len(others) == 0:
            return _Day(cell.line, "month", (_make(int(years[0]), months[0], 1),))
        if len(years) == 1 and len(others) == 1:
            return _Day(cell.line, "day", (_make(int(years[0]), months[0], int(others[0])),))
    found.add(
        _bad(
            "a date cannot be read",
            name,
            cell.line,
            cell.text,
            "2012-03-09, 2012-03, 09/03/2012, marzo de 2012, 2012",
            "write dates as 2012-03-09",
        )
    )
    return None


def _settle_order(days: list[_Day], name: str, order: str, notes: list[tuple[str, str]]) -> int:
    """0 where the day comes first, 1 where the month does."""
    if order in ("dmy", "mdy"):
        return ("dmy", "mdy").index(order)
    possible = [choice for choice in (0, 1) if all(day.options[choice] != date.min for day in days)]
    if not possible:
        first = next(day for day in days if day.options[0] == date.min)
        other = next(day for day in days if day.options[1] == date.min)
        raise CountsError(
            "some dates begin with the day and others with the month",
            file=name,
            line=max(first.line, other.line),
            found=f"lines {first.line} and {other.line}",
            allowed="one order in the whole column",
            mend="write dates as 2012-03-09",
        )
    if len(possible) == 2:
        steps = {choice: _regular_step([day.options[choice] for day in days]) for choice in possible}
        regular = [choice for choice in possible if steps[choice]]
        if len(regular) == 2:
            # 01/01, 01/02 ... is a run of months in one order and of days in the other: monthly figures are usual
            regular = [choice for choice in regular if steps[choice] == "month"]
        if len(regular) != 1:
            raise CountsError(
                "day and month cannot be told apart",
                file=name,
                line=days[0].line,
                found="dates such as 03/04/2012 only",
                allowed="--dates dmy or --dates mdy",
                mend="say which comes first, or write dates as 2012-03-09",
            )
        possible = regular
    choice = possible[0]
    notes.append(
        (
            f"dates were read as {'day/month/year' if choice == 0 else 'month/day/year'}",
            f"las fechas se leyeron como {'día/mes/año' if choice == 0 else 'mes/día/año'}",
        )
    )
    return choice


def _regular_step(days: list[date]) -> str:
    """The step of dates that are in order, each once; empty where there is none."""
    steps = [(two - one).days for one, two in itertools.pairwise(days)]
    return _step_of(days, steps) if steps and min(steps) > 0 else ""


def _step_of(days: Sequence[date], steps: Sequence[int]) -> str:
    """The length of period that dates stand for: day, week, month, month_end, quarter, year, or empty."""
    usual = sorted(steps)[(len(steps) - 1) // 2] if steps else 0
    if all(day.day == 1 for day in days):
        if usual <= 31 and usual >= 28:
            return "month"
        if 90 <= usual <= 92 and all(day.month % 3 == 1 for day in days):
            return "quarter"
        if usual >= 365 and all(day.month == 1 for day in days):
            return "year"
    if all(day.day == calendar.monthrange(day.year, day.month)[1] for day in days) and 28 <= usual <= 31:
        return "month_end"
    if usual == 1:
        return "day"
    if usual == 7 and all(step % 7 == 0 for step in steps):
        return "week"
    return ""


def _periods(
    days: list[tuple[date, str]],
    lines: list[int],
    name: str,
    found: ProblemList,
    notes: list[tuple[str, str]],
) -> list[tuple[Span, ...]]:
    """The period that each date stands for."""
    precisions = {precision for _, precision in days}
    if len(precisions) > 1:
        line = next(number for number, (_, p) in zip(lines, days, strict=True) if p != days[0][1])
        raise CountsError(
            "dates of several kinds in one column",
            file=name,
            line=line,
            found=", ".join(sorted(precisions)),
            allowed="days, months or years",
            mend="use start,end,count where periods differ in length",
        )
    precision = precisions.pop()
    ordered = sorted({day for day, _ in days})
    steps = [(two - one).days for one, two in itertools.pairwise(ordered)]
    step = precision if precision != "day" else _step_of(ordered, steps)
    if not step:
        raise CountsError(
            "it is not clear how many days each count covers",
            file=name,
            line=lines[0],
            found="dates at irregular steps",
            allowed="dates by day, week, month, quarter or year",
            mend="use start,end,count",
        )
    if precision == "day" and step != "day":
        said = {
            "week": ("each date begins a week of seven days", "cada fecha inicia una semana de siete días"),
            "month": ("each date stands for its calendar month", "cada fecha vale por su mes calendario"),
            "month_end": (
                "each date is the last day of its calendar month",
                "cada fecha es el último día de su mes calendario",
            ),
            "quarter": ("each date begins a quarter", "cada fecha inicia un trimestre"),
            "year": ("each date stands for its year", "cada fecha vale por su año"),
        }
        notes.append(said[step])
    return [(_period(day, step),) for day, _ in days]


def _period(day: date, step: str) -> Span:
    if step == "day":
        return Span(day, day)
    if step == "week":
        return Span(day, day + timedelta(days=6))
    if step in ("month", "month_end"):
        return Span.of_month(day.year, day.month)
    if step == "quarter":
        return Span(day, Span.of_month(day.year, day.month + 2).end)
    return Span.of_year(day.year)


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
