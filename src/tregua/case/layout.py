"""The layouts in which people keep counts, recognised: months or years across, one row a count, one row a death."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

from tregua.case.spreadsheet import Sheet
from tregua.errors import ProblemList
from tregua.series.span import Span
from tregua.series.written import (
    CENTURY_TURN,
    COLUMNS,
    MONTHS,
    Cell,
    CountsError,
    Notes,
    bad,
    count_title,
    decimal_sign,
    is_missing,
    number,
    periods,
    plain,
    read_days,
    whole_number,
)

HEAD_ROWS = 25
TOTALS = {"total", "totales", "suma", "sum", "total_general", "gran_total", "grand_total", "pais", "nacional",
          "total_nacional", "national", "country", "total_pais", "todo_el_pais"}  # fmt: skip
_DAILY = re.compile(r"(promedio|media|average|mean|avg)s?_(\w+_)?(diari[oa]s?|dail?y|por_dia|al_dia|per_day|a_day)"
                    r"|(diari[oa]s?|daily|por_dia|al_dia|per_day)_(\w+_)?(promedio|media|average|mean)"
                    r"|(^|_)(por_dia|al_dia|per_day|a_day|daily_homicides|daily_deaths)(_|$)"
                    r"|(homicidios|muertes|victimas|asesinatos)_(\w+_)?diari[oa]s(_|$)")  # fmt: skip
_RATE = re.compile(r"\b(tasa|rate)s?\b|100[.,_ ]?000|100_mil|per_100k")
_MARK = re.compile(r"\s*(\*+|\([a-z0-9/]{1,3}\)|\[[a-z0-9]{1,3}\]|[¹²³†‡])+$", re.I)


@dataclass(frozen=True)
class Hints:
    """What a person says of a table where it does not say so itself.

    Attributes
    ----------
    year : int or None
        Year of months that stand without one.
    dates : {"", "dmy", "mdy"}
    decimal : {"", ",", "."}
    daily : bool or None
        The numbers are means a day; None to find out.
    events : bool
        One row is one death.
    columns : mapping
        Known column (date, start, end, year, month, count, area, institution) -> its title in the table.
    """

    year: int | None = None
    dates: str = ""
    decimal: str = ""
    daily: bool | None = None
    events: bool = False
    columns: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Figure:
    """One count as it was understood.

    Attributes
    ----------
    spans : tuple of Span
    count : int
    area, institution : str
    line : int
    arithmetic : str
        How the count follows from what is written, where it is not written itself.
    spread : float
        Half the width of what rounding leaves open.
    """

    spans: tuple[Span, ...]
    count: int
    area: str
    institution: str
    line: int
    arithmetic: str = ""
    spread: float = 0.0


@dataclass(frozen=True)
class Understood:
    """A table as it was understood.

    Attributes
    ----------
    layout : str
        months_across, years_across, long or events.
    figures : tuple of Figure
        In order of area and time; of the whole country where `area` is empty.
    notes : tuple of (English, Spanish)
    """

    layout: str
    figures: tuple[Figure, ...]
    notes: tuple[tuple[str, str], ...]

    @property
    def areas(self) -> tuple[str, ...]:
        """Places of the figures, in order of appearance."""
        return tuple(dict.fromkeys(figure.area for figure in self.figures if figure.area))


@dataclass
class _Work:
    """A table on its way: what is told and assumed while it is read."""

    sheet: Sheet
    hints: Hints
    notes: Notes
    found: ProblemList = field(default_factory=ProblemList)
    marks: int = 0
    missing: int = 0
    grouped: int = 0

    def tell(self, message: str, line: int, found: str, allowed: str, mend: str) -> None:
        self.found.add(bad(message, self.sheet.file, line, found, allowed, mend))


def understand(sheet: Sheet, hints: Hints | None = None) -> Understood:
    """Recognise the layout of a table and read its counts.

    Parameters
    ----------
    sheet : Sheet
    hints : Hints, optional

    Raises
    ------
    CountsError
        With the line: no layout is recognised, a number or date cannot be read, totals of the table contradict it, or
        something cannot be known and was not said.
    """
    work = _Work(sheet, hints or Hints(), list(sheet.notes))
    if not sheet.rows:
        raise CountsError("the file is empty", file=sheet.file, allowed="names and rows", mend="add the figures")
    for reader in (_months_across, _years_across, _long):
        made = reader(work)
        if made is not None:
            layout, figures = made
            break
    else:
        raise _unknown(sheet)
    work.found.raise_errors(CountsError, f"{sheet.file} cannot be read")
    if not figures:
        raise CountsError("no count was found", file=sheet.file, line=sheet.lines[0], allowed="numbers under the names",
                          mend="check the sheet")  # fmt: skip
    _say_what_was_assumed(work)
    _refuse_twice(figures, sheet.file)
    return Understood(layout, tuple(sorted(figures, key=lambda f: (f.area, f.spans))), tuple(work.notes))


def _unknown(sheet: Sheet) -> CountsError:
    shown = " | ".join(sheet.rows[0])[:200]
    return CountsError(
        "the layout is not recognised",
        file=sheet.file,
        line=sheet.lines[0],
        found=shown,
        allowed="months across (enero, feb-12, 2012-01 ...), years across, or columns with date or year and month, and "
        "a count",
        mend="name the columns in one row, or say which is which: --column date=WHEN --column count=HOW_MANY",
    )


def _say_what_was_assumed(work: _Work) -> None:
    if work.marks == 1:
        work.notes.append(("a mark such as * behind 1 number was left out; is it preliminary?",
                           "se omitió una marca como * tras 1 número; ¿es preliminar?"))  # fmt: skip
    elif work.marks:
        work.notes.append((f"marks such as * behind {work.marks} numbers were left out; are those preliminary?",
                           f"se omitieron marcas como * tras {work.marks} números; ¿son preliminares?"))  # fmt: skip
    if work.missing:
        cells, celdas = ("cell", "celda") if work.missing == 1 else ("cells", "celdas")
        work.notes.append((f"{work.missing} {cells} without a number: unknown, not zero",
                           f"{work.missing} {celdas} sin número: se desconoce, no es cero"))  # fmt: skip
    if work.grouped:
        work.notes.append((f"{work.grouped} numbers with separators were read as thousands",
                           f"{work.grouped} números con separadores se leyeron como miles"))  # fmt: skip


def _refuse_twice(figures: Sequence[Figure], file: str) -> None:
    seen: dict[tuple[str, tuple[Span, ...]], int] = {}
    for figure in figures:
        key = (figure.area, figure.spans)
        if key in seen:
            raise CountsError(
                "two counts for the same days and place",
                file=file,
                line=figure.line,
                found=f"also in line {seen[key]}",
                allowed="one count for each place and period",
                mend="keep one of them, or import each institution from a table of its own",
            )
        seen[key] = figure.line


# Months and years as titles of columns.


@dataclass(frozen=True)
class _Title:
    """A title that names a month, with its year where it says so."""

    month: int
    year: int | None


def _month_title(text: str) -> _Title | None:
    word = plain(text).replace("_", " ").strip(" .")
    if word.rstrip(".") in MONTHS:
        return _Title(MONTHS[word.rstrip(".")], None)
    if match := re.fullmatch(r"(\d{4})[-/. m](\d{1,2})(?:[-/.]0?1)?", word):
        year, month = int(match[1]), int(match[2])
        return _Title(month, year) if 1 <= month <= 12 and 1800 <= year <= 2200 else None
    if match := re.fullmatch(r"(\d{1,2})[-/.](\d{4})", word):
        return _Title(int(match[1]), int(match[2])) if 1 <= int(match[1]) <= 12 else None
    parts = [part for part in re.split(r"[ ,./-]+", word) if part and part not in ("de", "del", "of")]
    if len(parts) == 2:
        name, rest = (parts[0], parts[1]) if parts[0] in MONTHS else (parts[1], parts[0])
        if name in MONTHS and re.fullmatch(r"\d{2}|\d{4}", rest):
            year = int(rest)
            return _Title(MONTHS[name], year if year > 99 else year + (1900 if year >= CENTURY_TURN else 2000))
    return None


def _year_title(text: str) -> int | None:
    match = re.fullmatch(r"(?:ano_|año_|year_)?(1[89]\d{2}|20\d{2})(?:\.0)?", plain(_MARK.sub("", text)))
    return int(match[1]) if match else None


def _is_total(text: str) -> bool:
    word = plain(text).strip("_:. ")
    return word in TOTALS or word.startswith(("total_", "subtotal"))


def _value(work: _Work, row: Sequence[str], at: int, line: int, daily: bool, decimal: str) -> float | None:
    """The number of a cell; None where it is empty or cannot be read, which is told."""
    text = row[at].strip() if at < len(row) else ""
    bare = _MARK.sub("", text)
    if bare != text:
        work.marks += 1
    if is_missing(bare):
        work.missing += 1
        return None
    if daily:
        mean = number(bare, decimal)
        if mean is None or mean < 0:
            work.tell("a daily mean cannot be read", line, text, "a number such as 9,4 or 9.4",
                      "correct it; --decimal , or --decimal . settles the sign")  # fmt: skip
            return None
        return mean
    value = whole_number(bare)
    if value is None:
        fraction = number(bare, decimal) is not None
        work.tell(
            "a count is not a whole number",
            line,
            text,
            "a whole number, 0 or more",
            "if these are means a day, say --daily; a rate per 100,000 is no count"
            if fraction
            else "give the number of people killed; leave the cell empty where it is unknown",
        )
        return None
    if value < 0:
        work.tell("a count is negative", line, text, "0 or more", "correct the figure")
        return None
    if value >= 1000 and not bare.isdigit():
        work.grouped += 1
    return float(value)


def _is_daily(work: _Work, texts: Sequence[str], values: Sequence[str], title: str = "") -> bool:
    """Whether the numbers are means a day: said, written in their own title or, with fractions, above the table."""
    if work.hints.daily is not None:
        return work.hints.daily
    words = [plain(text) for text in texts if text and not number(text)]
    fractions = [v for v in values if (n := number(_MARK.sub("", v), work.hints.decimal)) is not None and n % 1]
    fractions = [v for v in fractions if whole_number(_MARK.sub("", v)) is None]
    if fractions and any(_RATE.search(word.replace("_", " ")) for word in words):
        raise CountsError(
            "the table holds rates, not counts",
            file=work.sheet.file,
            line=work.sheet.lines[0],
            found=next(text for text in texts if _RATE.search(plain(text).replace("_", " ")))[:100],
            allowed="numbers of people killed, or means a day",
            mend="import the counts: denominators of rates differ between institutions",
        )
    if _DAILY.search(plain(title)) or (fractions and any(_DAILY.search(word) for word in words)):
        said = next(text for text in (title, *texts) if _DAILY.search(plain(text)))[:80]
        work.notes.append((f'read as means a day, because of "{said}"', f'leído como promedios diarios, por "{said}"'))
        return True
    return False


def _figure(value: float, span: Span, area: str, who: str, line: int, daily: bool, text: str) -> Figure:
    if not daily:
        return Figure((span,), int(value), area, who, line)
    decimals = len(re.split(r"[.,]", text)[-1]) if re.search(r"[.,]", text) else 0
    spread = 0.5 * 10.0**-decimals * span.days
    return Figure((span,), round(value * span.days), area, who, line, f"{value:g} a day x {span.days} days", spread)


def _titles_above(work: _Work, head: int) -> list[str]:
    """Texts that describe the table: the name of the sheet, and what stands above its names."""
    return [work.sheet.name, *(cell for row in work.sheet.rows[:head] for cell in row), *work.sheet.rows[head]]


def _year_of_titles(texts: Sequence[str], file: str) -> int | None:
    years = {int(year) for text in [*texts, file] for year in re.findall(r"(?<!\d)((?:19|20)\d{2})(?!\d)", text)}
    return years.pop() if len(years) == 1 else None


# Layouts.


def _months_across(work: _Work) -> tuple[str, list[Figure]] | None:
    rows = work.sheet.rows
    head = -1
    titles: dict[int, _Title] = {}
    for index, row in enumerate(rows[:HEAD_ROWS]):
        found = {at: title for at, cell in enumerate(row) if (title := _month_title(cell)) is not None}
        if not found:
            numbers = {at: int(cell) for at, cell in enumerate(row) if re.fullmatch(r"0?[1-9]|1[0-2]", cell)}
            if list(numbers.values()) == list(range(1, 13)):
                found = {at: _Title(month, None) for at, month in numbers.items()}
        if len(found) >= 3:
            head, titles = index, found
            break
    if head < 0:
        return None
    titles = _with_years_above(rows, head, titles)
    first = min(titles)
    body = [(row, line) for row, line in zip(rows[head + 1 :], work.sheet.lines[head + 1 :], strict=True)]
    body = [(row, line) for row, line in body if any(at < len(row) and row[at] for at in titles)]
    labels = [at for at in range(first) if any(at < len(row) and row[at] for row, _ in body)]
    year_at = next((at for at in labels if _column_is(body, at, lambda t: _year_title(t) is not None)), None)
    area_at = _places_at(rows[head], body, [at for at in labels if at != year_at])
    texts = _titles_above(work, head)
    shared: int | None = None
    if year_at is None and any(title.year is None for title in titles.values()):
        shared = work.hints.year or _year_of_titles(texts, work.sheet.file)
        if shared is None:
            raise CountsError(
                "the months have no year",
                file=work.sheet.file,
                line=work.sheet.lines[head],
                key="--year",
                found=" | ".join(rows[head])[:160],
                allowed="a column of years, years in the titles, or --year",
                mend="say which year it is, for example --year 2012",
            )
        if work.hints.year is None:
            work.notes.append((f"all months are taken to be of {shared}", f"todos los meses se toman de {shared}"))
    cells = [row[at] for row, _ in body for at in titles if at < len(row)]
    daily = _is_daily(work, texts, cells)
    decimal = work.hints.decimal or decimal_sign(_MARK.sub("", cell) for cell in cells)
    total_at = next((at for at, cell in enumerate(rows[head]) if at not in titles and _is_total(cell)), None)
    figures: list[Figure] = []
    national: list[Figure] = []
    carried: dict[int, str] = {}
    for row, line in body:
        label = _carry(row, area_at, carried)
        summed, whole = 0.0, True
        year = _year_title(row[year_at]) if year_at is not None and year_at < len(row) else None
        if year_at is not None and year is None:
            if any(_is_total(cell) for cell in row[:first]):
                continue
            work.tell("a row has no year", line, " | ".join(row[:first]) or "nothing", "a year such as 2012",
                      "write the year in every row")  # fmt: skip
            continue
        is_total = any(_is_total(cell) for cell in row[:first])
        for at, title in sorted(titles.items()):
            when = title.year or year or shared
            assert when is not None
            value = _value(work, row, at, line, daily, decimal)
            if value is None:
                whole = False
                continue
            summed += value
            span = Span.of_month(when, title.month)
            figure = _figure(value, span, "" if is_total else label, "", line, daily, row[at])
            (national if is_total and area_at else figures).append(figure)
        if total_at is not None and whole and not daily and not is_total and len(titles) == 12:
            _hold_total(work, row, total_at, line, summed)
    return "months_across", _with_totals(work, figures, national)


def _with_years_above(rows: Sequence[Sequence[str]], head: int, titles: dict[int, _Title]) -> dict[int, _Title]:
    """Months that repeat take their year from the row above, where each year stands over its first month."""
    bare = [title.month for title in titles.values() if title.year is None]
    if not head or not bare or (len(set(bare)) == len(bare) and len(bare) == 1):
        return titles
    above = {at: year for at, cell in enumerate(rows[head - 1]) if (year := _year_title(cell)) is not None}
    if not above or (len(above) == 1 and len(set(bare)) == len(bare)):
        return titles
    out: dict[int, _Title] = {}
    current: int | None = None
    for at in range(max(titles) + 1):
        current = above.get(at, current)
        if at in titles:
            out[at] = _Title(titles[at].month, titles[at].year or current)
    return out


def _column_is(body: Sequence[tuple[Sequence[str], int]], at: int, test: Callable[[str], bool]) -> bool:
    filled = [row[at] for row, _ in body if at < len(row) and row[at] and not _is_total(row[at])]
    return bool(filled) and all(test(text) for text in filled)


def _places_at(names: Sequence[str], body: Sequence[tuple[Sequence[str], int]], labels: Sequence[int]) -> list[int]:
    """Columns that name a place: a column of totals does not, nor one of numbers beside a column of words."""
    labels = [
        at for at in labels if not (at < len(names) and _is_total(names[at]) and _column_is(body, at, _is_number))
    ]
    words = [at for at in labels if not _column_is(body, at, _is_number)]
    return words or list(labels)


def _is_number(text: str) -> bool:
    return number(_MARK.sub("", text)) is not None or is_missing(text)


def _carry(row: Sequence[str], columns: Sequence[int], carried: dict[int, str]) -> str:
    """Label of a row; an empty cell repeats what stands above it, as in sheets with merged cells."""
    parts = []
    for position, at in enumerate(columns):
        text = row[at] if at < len(row) else ""
        if text:
            carried[at] = text
            for later in columns[position + 1 :]:
                carried.pop(later, None)
        parts.append(carried.get(at, ""))
    return " / ".join(part for part in parts if part)


def _hold_total(work: _Work, row: Sequence[str], at: int, line: int, summed: float) -> None:
    text = _MARK.sub("", row[at]) if at < len(row) else ""
    stated = whole_number(text) if not is_missing(text) else None
    if stated is not None and stated != summed:
        work.notes.append((f"line {line}: the months sum to {summed:.0f}, the table says {stated}",
                           f"línea {line}: los meses suman {summed:.0f}, la tabla dice {stated}"))  # fmt: skip


def _with_totals(work: _Work, figures: list[Figure], national: list[Figure]) -> list[Figure]:
    """Figures by area, and those of the country as the table states them; a difference is told."""
    if not national:
        return figures
    by_span: dict[tuple[Span, ...], int] = Counter()
    for figure in figures:
        by_span[figure.spans] += figure.count
    wrong = [f for f in national if f.spans in by_span and by_span[f.spans] != f.count and not f.arithmetic]
    if wrong:
        one = wrong[0]
        work.notes.append(
            (
                f"{len(wrong)} totals differ from the sum of their places, the first for {one.spans[0]}: "
                f"{one.count} stated, {by_span[one.spans]} summed; the stated ones are kept",
                f"{len(wrong)} totales difieren de la suma de sus lugares, el primero de {one.spans[0]}: "
                f"{one.count} según la tabla, {by_span[one.spans]} sumados; quedan los de la tabla",
            )
        )
    return [*figures, *national]


def _years_across(work: _Work) -> tuple[str, list[Figure]] | None:
    rows = work.sheet.rows
    known = {alias for aliases in COLUMNS.values() for alias in aliases}
    titles: dict[int, int] = {}
    head = -1
    for index, row in enumerate(rows[:HEAD_ROWS]):
        titles = {at: year for at, cell in enumerate(row) if at and (year := _year_title(cell)) is not None}
        if len(titles) >= 2 and len(set(titles.values())) == len(titles) and len(titles) >= len(row) - 3:
            head = index
            break
    if head < 0:
        return None
    if any(plain(cell) in known for at, cell in enumerate(rows[head]) if at > min(titles)):
        return None
    first = min(titles)
    body = list(zip(rows[head + 1 :], work.sheet.lines[head + 1 :], strict=True))
    body = [(row, line) for row, line in body if any(at < len(row) and row[at] for at in titles)]
    if not body:
        return None
    labels = [at for at in range(first) if any(at < len(row) and row[at] for row, _ in body)]
    month_at = next((at for at in labels if _column_is(body, at, lambda t: _bare_month(t) is not None)), None)
    area_at = _places_at(rows[head], body, [at for at in labels if at != month_at])
    texts = _titles_above(work, head)
    cells = [row[at] for row, _ in body for at in titles if at < len(row)]
    daily = _is_daily(work, texts, cells)
    decimal = work.hints.decimal or decimal_sign(_MARK.sub("", cell) for cell in cells)
    figures: list[Figure] = []
    national: list[Figure] = []
    carried: dict[int, str] = {}
    for row, line in body:
        label = _carry(row, area_at, carried)
        is_total = any(_is_total(cell) for cell in row[:first])
        month = _bare_month(row[month_at]) if month_at is not None and month_at < len(row) else None
        if month_at is not None and month is None:
            if is_total:
                _hold_yearly(work, row, titles, line, figures)
                continue
            work.tell("a row has no month", line, " | ".join(row[:first]), "enero, feb, 3 ...", "name the month")
            continue
        for at, year in sorted(titles.items()):
            value = _value(work, row, at, line, daily, decimal)
            if value is None:
                continue
            span = Span.of_month(year, month) if month is not None else Span.of_year(year)
            figure = _figure(value, span, "" if is_total else label, "", line, daily, row[at])
            (national if is_total and len(body) > 1 else figures).append(figure)
    if month_at is None and len(body) == 1:
        figures = [Figure(f.spans, f.count, "", f.institution, f.line, f.arithmetic, f.spread) for f in figures]
    return "years_across", _with_totals(work, figures, national)


def _bare_month(text: str) -> int | None:
    title = _month_title(text)
    if title is not None and title.year is None:
        return title.month
    return int(text) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else None


def _hold_yearly(
    work: _Work, row: Sequence[str], titles: Mapping[int, int], line: int, figures: Sequence[Figure]
) -> None:
    for at, year in titles.items():
        own = [figure.count for figure in figures if figure.spans[0].start.year == year and not figure.arithmetic]
        if len(own) == 12:
            _hold_total(work, row, at, line, float(sum(own)))


def _long(work: _Work) -> tuple[str, list[Figure]] | None:
    rows = work.sheet.rows
    head = -1
    header: dict[str, int] = {}
    for index, row in enumerate(rows[:HEAD_ROWS]):
        columns = _columns(work, row)
        if len(columns) > len(header) and _is_timed(columns):
            head, header = index, columns
            if "count" in columns:
                break
    if head < 0:
        return None
    body = [
        (row, line)
        for row, line in zip(rows[head + 1 :], work.sheet.lines[head + 1 :], strict=True)
        if not any(_is_total(cell) for cell in row[:2])
    ]
    if not body:
        raise CountsError("there are no rows under the names", file=work.sheet.file, line=work.sheet.lines[head],
                          mend="add the figures")  # fmt: skip
    if "count" not in header and not work.hints.events:
        raise CountsError(
            "there is no column of counts",
            file=work.sheet.file,
            line=work.sheet.lines[head],
            found=" | ".join(rows[head])[:200],
            allowed="count, conteo, homicidios ...; or one row a death",
            mend="say --column count=TITLE, or --events if each row is one death",
        )
    if work.hints.events:
        return "events", _events(work, header, body)
    return "long", _counted(work, header, head, body)


def _columns(work: _Work, row: Sequence[str]) -> dict[str, int]:
    """Known columns of a row of names; what the person says comes first."""
    out: dict[str, int] = {}
    wanted = {plain(title): column for column, title in work.hints.columns.items()}
    for at, cell in enumerate(row):
        if plain(cell) in wanted:
            out[wanted[plain(cell)]] = at
    years = {"year", "ano", "anio"}
    months = {"month", "mes"}
    words = [plain(cell) for cell in row]
    split = any(word in years for word in words) and any(word in months for word in words)
    known = {alias: column for column, aliases in COLUMNS.items() for alias in aliases}
    known |= {"dia": "day", "day": "day"} if split else {}
    known |= dict.fromkeys(years, "year") | dict.fromkeys(months, "month") if split else {}
    taken = set(out.values())
    places = [at for at, word in enumerate(words) if known.get(word) == "area" and at not in taken]
    for at, word in enumerate(words):
        column = known.get(word)
        if column and column not in out and at not in taken and column != "area":
            out[column] = at
    if "area" not in out and places:
        # The finest place names the row; a department beside it only tells places of one name apart.
        fine = [at for at in places if words[at] in ("municipality", "municipio")]
        out["area"] = (fine or places)[0]
        broad = [at for at in places if at != out["area"]]
        if broad:
            out["area_of"] = broad[0]
    if "count" not in out:
        named = [at for at, cell in enumerate(row) if at not in out.values() and count_title(cell)]
        if len(named) == 1:
            out["count"] = named[0]
    if "count" not in out and work.hints.daily is not False:
        means = [at for at, word in enumerate(words) if _DAILY.search(word) and at not in out.values()]
        if means:
            out["count"] = means[0]
    return out


def _is_timed(columns: Mapping[str, int]) -> bool:
    return (
        "date" in columns
        or ("year" in columns and "month" in columns)
        or ("start" in columns and "end" in columns)
        or "year" in columns
    )


def _cell(row: Sequence[str], header: Mapping[str, int], column: str) -> str:
    at = header.get(column, len(row))
    return row[at] if at < len(row) else ""


def _place(row: Sequence[str], header: Mapping[str, int], doubled: frozenset[str]) -> str:
    name = _cell(row, header, "area")
    whole = _cell(row, header, "area_of")
    return f"{name} / {whole}" if whole and name in doubled else name


def _doubled(header: Mapping[str, int], body: Sequence[tuple[Sequence[str], int]]) -> frozenset[str]:
    """Names of places that stand in more than one department."""
    of: dict[str, set[str]] = {}
    for row, _ in body:
        of.setdefault(_cell(row, header, "area"), set()).add(_cell(row, header, "area_of"))
    return frozenset(name for name, wholes in of.items() if len(wholes) > 1)


def _days_of(
    work: _Work, header: Mapping[str, int], body: Sequence[tuple[Sequence[str], int]]
) -> list[tuple[Span, ...]]:
    file = work.sheet.file
    if "year" in header and "month" in header:
        out: list[tuple[Span, ...]] = []
        for row, line in body:
            year = _year_title(_cell(row, header, "year"))
            month = _bare_month(_cell(row, header, "month"))
            if year is None or month is None:
                work.tell("a row has no year or month", line, " | ".join(row)[:120], "2012 and marzo, or 3", "add it")
            out.append((Span.of_month(year, month),) if year and month else ())
        return out
    if "start" in header and "end" in header:
        starts, ends = (
            read_days([Cell(line, _cell(row, header, key)) for row, line in body], file, work.hints.dates, work.found,
                      work.notes if key == "start" else [], last=key == "end")
            for key in ("start", "end")
        )  # fmt: skip
        out = []
        for (_, line), start, end in zip(body, starts, ends, strict=True):
            if start and end and end[0] < start[0]:
                work.tell("a period ends before it starts", line, f"{start[0]} to {end[0]}", "end on or after start",
                          "swap the two dates")  # fmt: skip
                out.append(())
            else:
                out.append((Span(start[0], end[0]),) if start and end else ())
        return out
    key = "date" if "date" in header else "year"
    cells = [Cell(line, _cell(row, header, key)) for row, line in body]
    days = read_days(cells, file, work.hints.dates, work.found, work.notes)
    if work.found.errors:
        return [()] * len(body)
    return periods([day for day in days if day is not None], [cell.line for cell in cells], file, work.found,
                   work.notes)  # fmt: skip


def _counted(
    work: _Work, header: Mapping[str, int], head: int, body: Sequence[tuple[Sequence[str], int]]
) -> list[Figure]:
    texts = [*_titles_above(work, head)]
    cells = [_cell(row, header, "count") for row, _ in body]
    daily = _is_daily(work, texts, cells, _cell(work.sheet.rows[head], header, "count"))
    decimal = work.hints.decimal or decimal_sign(_MARK.sub("", cell) for cell in cells)
    spans = _days_of(work, header, body)
    doubled = _doubled(header, body) if "area_of" in header else frozenset()
    figures = []
    for (row, line), when in zip(body, spans, strict=True):
        value = _value(work, row, header["count"], line, daily, decimal)
        if value is not None and when:
            area, who = _place(row, header, doubled), _cell(row, header, "institution")
            figures.append(_figure(value, when[0], area, who, line, daily, _cell(row, header, "count")))
    return figures


def _events(work: _Work, header: Mapping[str, int], body: Sequence[tuple[Sequence[str], int]]) -> list[Figure]:
    """Deaths counted by month and place; a month without a row between the first and the last is a true zero."""
    if "date" not in header:
        raise CountsError("a list of deaths needs a column of dates", file=work.sheet.file, line=work.sheet.lines[0],
                          mend="say --column date=TITLE")  # fmt: skip
    cells = [Cell(line, _cell(row, header, "date")) for row, line in body]
    days = read_days(cells, work.sheet.file, work.hints.dates, work.found, work.notes)
    if work.found.errors:
        return []
    doubled = _doubled(header, body) if "area_of" in header else frozenset()
    each: Counter[tuple[str, int]] = Counter()
    lines: dict[tuple[str, int], int] = {}
    for (row, line), day in zip(body, days, strict=True):
        assert day is not None
        key = (_place(row, header, doubled), day[0].year * 12 + day[0].month - 1)
        each[key] += 1
        lines.setdefault(key, line)
    months = [month for _, month in each]
    last = max(date(day[0].year, day[0].month, day[0].day) for day in days if day is not None)
    first, end = min(months), max(months)
    figures = [
        Figure((Span.of_month(month // 12, month % 12 + 1),), each[area, month], area, "",
               lines.get((area, month), body[0][1]), "rows counted")
        for area in dict.fromkeys(area for area, _ in each)
        for month in range(first, end + 1)
    ]  # fmt: skip
    work.notes.append((f"{len(body)} deaths counted by month; months without a row are zeros",
                       f"{len(body)} muertes contadas por mes; los meses sin filas son ceros"))  # fmt: skip
    if last != Span.of_month(last.year, last.month).end:
        work.notes.append((f"the last death is of {last}: is that month complete?",
                           f"la última muerte es del {last}: ¿está completo ese mes?"))  # fmt: skip
    return figures
