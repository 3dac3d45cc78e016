"""Rows of the files in ``series/`` turned into observations."""

from __future__ import annotations

from typing import Any

from tregua.case.schema import SeriesRow, parse_date, parse_period, parse_spans
from tregua.series.measure import MEASURES, SERIES_WORDS, Measure
from tregua.series.observation import OBSERVATION_KINDS, Observation
from tregua.series.span import Span

# Tables that are read as they stand: columns of text, of whole numbers and of numbers.
REFERENCE_TABLES: dict[str, tuple[frozenset[str], frozenset[str]]] = {
    "elections": (
        frozenset(
            {
                "date",
                "type",
                "round",
                "party",
                "votes",
                "vote_pct",
                "seats",
                "registered",
                "total_votes",
                "turnout_pct",
                "source",
                "note",
            }
        ),
        frozenset({"round", "votes", "vote_pct", "seats", "registered", "total_votes", "turnout_pct"}),
    ),
    "lac_homicide_rates": (
        frozenset(
            {"iso3", "country", "year", "homicides_per_100k", "population", "urban_pct", "gdp_pc_ppp_usd", "source"}
        ),
        frozenset({"year", "homicides_per_100k", "population", "urban_pct", "gdp_pc_ppp_usd"}),
    ),
    "municipality_indicators_2007": (
        frozenset(
            {
                "dep_code",
                "department",
                "municipality",
                "density_per_km2",
                "urban_pct",
                "men_per_100_women",
                "dependency_ratio",
                "aged_60_plus_pct",
                "fertility_rate",
                "infant_mortality",
                "illiteracy_pct",
                "school_attendance_pct",
                "piped_water_pct",
                "electricity_pct",
                "no_sanitation_pct",
                "source",
            }
        ),
        frozenset(
            {
                "density_per_km2",
                "urban_pct",
                "men_per_100_women",
                "dependency_ratio",
                "aged_60_plus_pct",
                "fertility_rate",
                "infant_mortality",
                "illiteracy_pct",
                "school_attendance_pct",
                "piped_water_pct",
                "electricity_pct",
                "no_sanitation_pct",
            }
        ),
    ),
}
TIME_COLUMNS = (("start", "end"), ("month",), ("period",), ("year",), ("date",), ("spans",))
VALUE_COLUMNS = ("value", "homicides", "rate_per_100k", "value_pct", "municipalities_with_zero", "population")
_REVISIONS = (
    ("first count", "first"),
    ("preliminary", "preliminary"),
    ("revised", "revised"),
    ("consolidated", "final"),
)
_NO_USE = "the file gives no use"


class FigureError(Exception):
    """A row that makes no observation: code, message, key, what was found, what is allowed, how to mend it."""

    def __init__(self, code: str, message: str, key: str, found: str, allowed: str, mend: str) -> None:
        super().__init__(message)
        self.code, self.key, self.found, self.allowed, self.mend = code, key, found, allowed, mend


def observations_of(row: SeriesRow, stem: str, line: int) -> list[Observation]:
    """Observations of one row: one for each value that it holds.

    Parameters
    ----------
    row : SeriesRow
    stem : str
        Name of the file without folder and ending; settles what a word such as ``reports`` means.
    line : int
        Line of the row.

    Raises
    ------
    FigureError
        No time, no value, or a measure that is not known.
    ObservationError
        The figure contradicts itself.
    """
    spans, precision = _time(row)
    out: list[Observation] = []
    for measure, value, high in _values(row, stem):
        fields: dict[str, Any] = {
            "id": row.piece_id or f"{stem}:{line}" + ("" if not out else f".{len(out)}"),
            "measure": measure.id,
            "outcome": measure.outcome,
            "unit": measure.unit,
            "spans": spans,
            "value": value,
            "value_high": high,
            "institution": row.institution or row.asserted_by,
            "sources": tuple(key.strip() for key in row.source.split(";") if key.strip()),
            "basis": _basis(row, stem),
            "use": "fit" if row.piece_id else row.use or "alternative",
            "reason": f"piece {row.piece_id}" if row.piece_id else row.use_reason or ("" if row.use else _NO_USE),
            "revision": row.revision or _revision(row),
            "note": row.note,
            "scope": row.scope,
            "arithmetic": row.arithmetic,
            "subtract": row.subtract == "yes",
            "preferred": row.preferred == "yes",
            "area": row.area or row.municipality or row.department or _population_area(row),
            "gang": "" if row.gang == "all" else row.gang,
            "file": f"series/{stem}.csv",
            "line": line,
        }
        if measure.id == "homicide_rate" and fields["use"] != "excluded":
            fields |= {"use": "excluded", "reason": "rate, not a count; denominators differ between institutions"}
        if measure.kind == "stock":
            fields["precision"] = precision
            # A stock of one prison or district is no national level, whatever column says so.
            fields["area"] = fields["area"] or ("" if row.scope in ("", "national", "all") else row.scope)
        if measure.kind == "share":
            fields["respondents"] = row.n or row.of_total
            fields["spread"] = None if row.sd_pct is None else row.sd_pct / 100
        out.append(OBSERVATION_KINDS[measure.kind](**fields))
    if not out:
        given = "a count is empty" if row.measure is None else "the value is empty"
        if row.use in (None, "excluded", "alternative"):
            return []
        raise FigureError("E14", given, "value", "", ", ".join(VALUE_COLUMNS), "give the figure, or mark it excluded")
    return out


def _time(row: SeriesRow) -> tuple[tuple[Span, ...], str]:
    key = "start, end"
    try:
        if row.spans is not None:
            key = "spans"
            return parse_spans(row.spans), "span"
        if row.start is not None or row.end is not None:
            if row.start is None or row.end is None:
                raise FigureError(
                    "E14",
                    "a span has one end only",
                    key,
                    f"start {row.start}, end {row.end}",
                    "both dates",
                    "give the other date",
                )
            return _between(row.start, row.end)
        for text in (row.month, row.period, row.date):
            if text is not None:
                return parse_period(text)
        if row.year is not None:
            return (Span.of_year(row.year),), "year"
    except ValueError as error:
        found = row.spans or row.period or row.date or f"start {row.start}, end {row.end}"
        raise FigureError(
            "E16", str(error), key, found, "dates as 2012-03-08, 2012-03 or 2012", "correct the date"
        ) from error
    raise FigureError(
        "E14",
        "a row has no date",
        "start, end",
        "",
        "; ".join(" and ".join(group) for group in TIME_COLUMNS),
        "give its time in one of these ways",
    )


def _between(start: str, end: str) -> tuple[tuple[Span, ...], str]:
    first, one = parse_period(start)
    last, two = parse_period(end)
    if not first or not last:
        raise ValueError("not a date written as YYYY, YYYY-MM or YYYY-MM-DD")
    if one == two == "day":
        return (Span(parse_date(start), parse_date(end)),), "day" if start == end else "span"
    return (Span(first[0].start, last[0].end),), one if start == end else "span"


def _values(row: SeriesRow, stem: str) -> list[tuple[Measure, float, float | None]]:
    """Measure, value and upper bound of everything that a row states."""
    out: list[tuple[Measure, float, float | None]] = []
    if row.homicides is not None:
        out.append((MEASURES["homicides"], float(row.homicides), None))
    if row.rate_per_100k is not None:
        out.append((MEASURES["homicide_rate"], row.rate_per_100k, None))
    if row.municipalities_with_zero is not None:
        total = row.of_total or 0
        if total < row.municipalities_with_zero:
            raise FigureError(
                "E17",
                "more municipalities than there are",
                "of_total",
                str(row.of_total),
                f"{row.municipalities_with_zero} or more",
                "give the number of all municipalities",
            )
        out.append((MEASURES["municipalities_without_homicides"], row.municipalities_with_zero / total, None))
    if row.population is not None:
        out.append((MEASURES["population"], float(row.population), None))
    if row.value_pct is not None:
        out.append((_measure(row, stem, "share"), row.value_pct / 100, None))
    if row.value is not None:
        measure = _measure(row, stem, row.kind)
        scale = 100.0 if measure.kind == "share" else 1.0
        high = None if row.value_high is None else row.value_high / scale
        out.append((measure, row.value / scale, high))
    return out


def _measure(row: SeriesRow, stem: str, kind: str | None) -> Measure:
    word = row.measure
    if word is None:
        raise FigureError(
            "E14",
            "a value has no measure",
            "measure",
            "",
            ", ".join(MEASURES)[:400],
            "say what is counted in a column measure",
        )
    name = SERIES_WORDS.get(stem, {}).get(word, word)
    known = MEASURES.get(name) or next((m for m in MEASURES.values() if m.outcome == name), None)
    if known is not None:
        return known if not row.unit or known.kind == "share" else _with_unit(known, row.unit)
    if kind is None:
        raise FigureError(
            "E25",
            "no such measure",
            "measure",
            word[:80],
            ", ".join(MEASURES)[:400],
            "use one of these, or say in a column kind whether it is a count, stock, ratio, share or amount",
        )
    return Measure(word, kind, row.unit, word.replace("_", " "), word.replace("_", " "))


def _with_unit(measure: Measure, unit: str) -> Measure:
    return Measure(measure.id, measure.kind, unit, measure.meaning_en, measure.meaning_es, measure.outcome)


def _basis(row: SeriesRow, stem: str) -> str:
    if row.basis is not None:
        return row.basis
    return "derived" if row.arithmetic or stem.endswith("_derived") else "stated"


def _revision(row: SeriesRow) -> str:
    if row.status in ("final", "preliminary", "partial", "unclear"):
        return row.status
    return next((word for sign, word in _REVISIONS if sign in row.note), "")


def _population_area(row: SeriesRow) -> str:
    return row.code if row.level == "department" else ""
