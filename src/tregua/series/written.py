"""Dates and numbers as people write them in tables: Spanish or English, either decimal sign, any common order."""

from __future__ import annotations

import calendar
import itertools
import re
import unicodedata
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path

from tregua.errors import Problem, ProblemList, TreguaError
from tregua.series.span import Span

Notes = list[tuple[str, str]]
DELIMITERS = (",", ";", "\t", "|")
COLUMNS: dict[str, tuple[str, ...]] = {
    "date": ("date", "fecha", "day", "dia", "month", "mes", "year", "ano", "anio", "period", "periodo", "time"),
    "start": ("start", "inicio", "desde", "from", "start_date", "fecha_inicio", "fecha_inicial", "fecha_de_inicio"),
    "end": ("end", "fin", "hasta", "to", "end_date", "fecha_fin", "fecha_final", "fecha_de_fin"),
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
        "cases",
        "value",
        "valor",
        "victims",
        "victimas",
        "murders",
        "asesinatos",
        "fallecidos",
        "muertos",
        "muertes_violentas",
        "homicidios_dolosos",
        "homicidio",
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
MISSING = {
    "", "-", "--", "---", "–", "—", "…", "?", "na", "n/a", "nan", "null", "none", "n/d", "nd", "s/d", "sd", "s/i",
    "missing", "unknown", "nodata", "notavailable", "sindato", "sindatos", "sininformacion", "nodisponible",
    "desconocido", "sedesconoce", "noreporta", "sinreporte", "pendiente",
}  # fmt: skip
"""What people write where they do not know, without capitals, accents, points and blanks: ``N. D.`` is ``nd``."""
CENTURY_TURN = 70


class CountsError(TreguaError):
    """A file of counts that cannot be read as it stands."""

    code = "E71"


@dataclass(frozen=True)
class Cell:
    """A cell as written, and the line on which it stands."""

    line: int
    text: str


@dataclass(frozen=True)
class WrittenDay:
    """A date as written: what is known of it. `precision` is day, month or year."""

    line: int
    precision: str
    options: tuple[date, ...]


_ERROR_OF_A_SHEET = re.compile(r"#(?:[¡¿]?[A-Z_]+[!?]|¡?DIV/0!|N/[AD])$")


def is_comment(cell: str) -> bool:
    """Whether a row that begins with this cell is a remark and holds no figures.

    A cell in which a spreadsheet shows an error (``#REF!``, ``#N/A``, ``#¡VALOR!``) begins alike; its row is read, so
    that what is wrong with it is told.
    """
    text = cell.strip()
    return text.startswith("#") and not _ERROR_OF_A_SHEET.match(text)


def decode(path: Path) -> tuple[str, Notes]:
    """Text of a file in UTF-8, UTF-16 or, said in a note, the Windows encoding of Western languages."""
    try:
        raw = path.read_bytes()
    except OSError as error:
        raise CountsError(
            "the file of counts cannot be opened",
            file=str(path),
            found=error.strerror or type(error).__name__,
            allowed="a readable file: .csv, .tsv or .txt",
            mend="check the path and its permissions",
        ) from None
    if raw[:2] in (b"\xff\xfe", b"\xfe\xff"):
        try:
            return raw.decode("utf-16"), [("the file is in UTF-16", "el archivo está en UTF-16")]
        except UnicodeDecodeError:
            raise CountsError(
                "the file begins like UTF-16 and is not",
                file=path.name,
                found="bytes that no character has",
                allowed="UTF-8 or UTF-16 text",
                mend="save it as CSV (UTF-8)",
            ) from None
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


def plain(text: str) -> str:
    """A word without capitals, accents, quotes and spaces: ``Año`` and ``"ano"`` are one."""
    folded = unicodedata.normalize("NFKD", text.strip().strip('"').lower())
    return "".join(c for c in folded if not unicodedata.combining(c)).replace(" ", "_")


def count_title(text: str) -> bool:
    """Whether a title of a column says that a count stands under it: ``N.º de víctimas``, ``Total homicidios``."""
    word = re.sub(r"[^a-z_]", "", plain(text)).strip("_")
    word = re.sub(r"^(numero|num|no|nro|n|cantidad|total|number|count|sum|suma)_((de|of)_)?(las_|los_)?", "", word)
    word = re.sub(r"_(registrad[oa]s|reportad[oa]s|recorded|reported|total|totales)$", "", word)
    return word in COLUMNS["count"]


def is_missing(text: str) -> bool:
    """Whether a cell says that its number is not known."""
    return plain(text).replace("_", "").replace(".", "") in MISSING


def bad(message: str, file: str, line: int, found: str, allowed: str, mend: str) -> Problem:
    """A problem of one line of a file of counts."""
    return Problem(CountsError.code, message, file, line, "", found, allowed, mend)


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


def decimal_sign(texts: Iterable[str]) -> str:
    """The decimal sign that a set of numbers uses: ``,`` or ``.``, or empty where none of them tells.

    A sign decides where other than three digits follow it, where it follows the other sign, or where a 0 alone stands
    before it; three digits after one sign may be thousands and decide nothing.
    """
    seen: set[str] = set()
    for text in texts:
        lone = re.fullmatch(r"[-+]?(\d+)([.,])(\d+)%?", text.strip())
        both = re.fullmatch(r"[-+]?\d{1,3}(?:([., ])\d{3})+([.,])\d+%?", text.strip())
        if lone and (len(lone[3]) != 3 or lone[1] == "0" or len(lone[1]) > 3):
            seen.add(lone[2])
        elif both and both[1] != both[2]:
            seen.add(both[2])
    return seen.pop() if len(seen) == 1 else ""


def number(text: str, decimal: str = "") -> float | None:
    """A number with decimals, or None.

    Parameters
    ----------
    text : str
    decimal : {"", ",", "."}
        The sign before decimals; where it is not known, one lone sign stands before decimals.
    """
    text = text.strip().replace("\u2212", "-").replace("\u00a0", " ").replace("\u202f", " ")
    signs = [c for c in text if c in ".,"]
    sign = decimal or (signs[-1] if signs and (len(set(signs)) > 1 or len(signs) == 1) else ".")
    groups = " " + ("," if sign == "." else ".")
    if not re.fullmatch(rf"[-+]?(\d+|\d{{1,3}}([{groups}]\d{{3}})+)({re.escape(sign)}\d+)?", text):
        return None
    return float(text.translate(str.maketrans("", "", groups)).replace(sign, "."))


def read_days(
    cells: list[Cell],
    name: str,
    order: str,
    found: ProblemList,
    notes: Notes,
    *,
    last: bool = False,
) -> list[tuple[date, str] | None]:
    """Day and precision of each cell; the order of ``03/04/2012`` is settled over the whole column."""
    read = [read_day(cell, name, found) for cell in cells]
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
                bad(
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


def read_day(cell: Cell, name: str, found: ProblemList) -> WrittenDay | None:
    """What a cell says of a date, or None with the problem told."""
    text = plain(cell.text).replace("_", " ")
    text = re.sub(r"[ t]\d{2}:\d{2}(:\d{2})?(\.\d+)?z?$", "", text)
    if match := re.fullmatch(r"(\d{4})[-/.](\d{1,2})[-/.](\d{1,2})", text):
        return WrittenDay(cell.line, "day", (_make(int(match[1]), int(match[2]), int(match[3])),))
    if match := re.fullmatch(r"(\d{4})[-/.m ](\d{1,2})", text):
        return WrittenDay(cell.line, "month", (_make(int(match[1]), int(match[2]), 1),))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", text):
        return WrittenDay(cell.line, "month", (_make(int(match[2]), int(match[1]), 1),))
    if match := re.fullmatch(r"(1[89]\d{2}|20\d{2})", text):
        return WrittenDay(cell.line, "year", (date(int(match[1]), 1, 1),))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{4})", text):
        one, two, year = int(match[1]), int(match[2]), int(match[3])
        return WrittenDay(cell.line, "day", (_make(year, two, one), _make(year, one, two)))
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{1,2})[-/.](\d{2})", text):
        one, two, short = int(match[1]), int(match[2]), int(match[3])
        year = short + (1900 if short >= CENTURY_TURN else 2000)
        return WrittenDay(cell.line, "day", (_make(year, two, one), _make(year, one, two)))
    words = [word for word in re.split(r"[ ,./-]+", text) if word and word not in ("de", "del", "of")]
    months = [MONTHS[word] for word in words if word in MONTHS]
    numbers = [word for word in words if re.fullmatch(r"[0-9]{1,4}", word)]
    if len(months) == 1 and len(words) == len(months) + len(numbers):
        years = [n for n in numbers if len(n) == 4]
        others = [n for n in numbers if len(n) != 4]
        if not years and len(others) == 1:
            short = int(others[0])
            year = short + (1900 if short >= CENTURY_TURN else 2000)
            return WrittenDay(cell.line, "month", (_make(year, months[0], 1),))
        if len(years) == 1 and len(others) == 0:
            return WrittenDay(cell.line, "month", (_make(int(years[0]), months[0], 1),))
        if len(years) == 1 and len(others) == 1:
            return WrittenDay(cell.line, "day", (_make(int(years[0]), months[0], int(others[0])),))
    found.add(
        bad(
            "a date cannot be read",
            name,
            cell.line,
            cell.text,
            "2012-03-09, 2012-03, 09/03/2012, marzo de 2012, 2012",
            "write dates as 2012-03-09",
        )
    )
    return None


def _settle_order(days: list[WrittenDay], name: str, order: str, notes: Notes) -> int:
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
    return step_of(days, steps) if steps and min(steps) > 0 else ""


def step_of(days: Sequence[date], steps: Sequence[int]) -> str:
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


def periods(
    days: list[tuple[date, str]],
    lines: list[int],
    name: str,
    found: ProblemList,
    notes: Notes,
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
    step = precision if precision != "day" else step_of(ordered, steps)
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
    return [(period_of(day, step),) for day, _ in days]


def period_of(day: date, step: str) -> Span:
    if step == "day":
        return Span(day, day)
    if step == "week":
        return Span(day, day + timedelta(days=6))
    if step in ("month", "month_end"):
        return Span.of_month(day.year, day.month)
    if step == "quarter":
        return Span(day, Span.of_month(day.year, day.month + 2).end)
    return Span.of_year(day.year)
