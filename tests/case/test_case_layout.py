"""Tables as people keep them are understood, or refused with the line."""

from __future__ import annotations

import contextlib
import zipfile
from collections.abc import Sequence
from datetime import date, datetime
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tregua.case.layout import Figure, Hints, Understood, understand
from tregua.case.spreadsheet import Sheet, read_sheet
from tregua.errors import TreguaError
from tregua.series.span import Span
from tregua.series.written import CountsError, decimal_sign, number

MONTHS = [
    "Enero",
    "Febrero",
    "Marzo",
    "Abril",
    "Mayo",
    "Junio",
    "Julio",
    "Agosto",
    "Septiembre",
    "Octubre",
    "Noviembre",
    "Diciembre",
]
COUNTS = [310, 295, 330, 301, 288, 412, 1234, 305, 299, 317, 328, 340]


def sheet(*rows: Sequence[object], name: str = "", file: str = "table.csv") -> Sheet:
    cells = tuple(tuple(str(cell) for cell in row) for row in rows)
    return Sheet(file, name, cells, tuple(range(1, len(rows) + 1)))


def read(*rows: Sequence[object], hints: Hints | None = None, name: str = "", file: str = "table.csv") -> Understood:
    return understand(sheet(*rows, name=name, file=file), hints)


def by_month(understood: Understood) -> list[tuple[str, int]]:
    return [(f.spans[0].start.strftime("%Y-%m"), f.count) for f in understood.figures]


def texts(understood: Understood) -> str:
    return "\n".join(note[0] for note in understood.notes)


EXPECTED = [(f"2012-{month:02d}", count) for month, count in enumerate(COUNTS, start=1)]


@pytest.mark.parametrize(
    "rows",
    [
        pytest.param([["Año", *MONTHS], ["2012", *COUNTS]], id="months across with a year"),
        pytest.param([["", *[m[:3].lower() + "-12" for m in MONTHS]], ["Total", *COUNTS]], id="ene-12"),
        pytest.param([[f"2012-{m:02d}" for m in range(1, 13)], COUNTS], id="2012-01 without labels"),
        pytest.param([["Year", *range(1, 13)], [2012, *COUNTS]], id="months as numbers"),
        pytest.param([["Homicidios 2012"], ["", *MONTHS], ["País", *COUNTS]], id="year in the title"),
        pytest.param([["", "2012"], ["", *MONTHS], ["Total", *COUNTS]], id="year above its months"),
        pytest.param([["Mes", "2011", "2012"], *[[m, 100, c] for m, c in zip(MONTHS, COUNTS, strict=True)]],
                     id="years across"),
        pytest.param([["fecha", "conteo"], *[[f"{m.lower()} de 2012", c] for m, c in zip(MONTHS, COUNTS, strict=True)]],
                     id="marzo de 2012"),
        pytest.param([["año", "mes", "homicidios"], *[[2012, m, c] for m, c in zip(MONTHS, COUNTS, strict=True)]],
                     id="year and month"),
        pytest.param([["Anuario"], ["Policía"], ["date", "count"],
                      *[[f"2012-{m:02d}-01", c] for m, c in enumerate(COUNTS, start=1)]], id="below titles"),
        pytest.param([["desde", "hasta", "total"], *[[Span.of_month(2012, m).start, Span.of_month(2012, m).end, c]
                      for m, c in enumerate(COUNTS, start=1)]], id="start and end"),
        pytest.param([["Año", "Total", *MONTHS, "Notas"], ["2012", sum(COUNTS), *COUNTS, "traslado"],
                      ["2013", 12, *[1] * 12, ""]], id="a total before the months"),
        pytest.param([["Código", "Municipio", "Año", *MONTHS], ["0101", "Norte", "2012", *COUNTS]],
                     id="a number beside the place"),
        pytest.param([["mes", "casos"], *[[f"01/{m:02d}/12", c] for m, c in enumerate(COUNTS, start=1)]],
                     id="01/03/12"),
    ],
)  # fmt: skip
def test_every_layout_gives_the_same_counts(rows: list[Sequence[object]]) -> None:
    found = [pair for pair in by_month(read(*rows)) if pair[0].startswith("2012")]
    assert found == EXPECTED


def test_a_total_before_the_months_is_no_place_and_is_held_against_them() -> None:
    made = read(["AÑO", "TOTAL", *MONTHS], [2011, 120, *[10] * 12], [2012, 121, *[10] * 12])
    assert made.areas == ()
    assert "line 3: the months sum to 120, the table says 121" in texts(made)
    assert "line 2" not in texts(made)
    made = read(["Código", "Municipio", "Año", *MONTHS], ["0101", "Norte", 2012, *COUNTS])
    assert made.areas == ("Norte",)
    assert read(["Distrito", "Año", *MONTHS], [1, 2012, *COUNTS], [2, 2012, *COUNTS]).areas == ("1", "2")


def test_another_number_is_another_count() -> None:
    """The control of the test above."""
    assert by_month(read(["Año", *MONTHS], ["2012", *COUNTS[:-1], 341])) != EXPECTED


def test_months_in_blocks_take_the_year_that_stands_over_them() -> None:
    head = ["", "2012", *[""] * 11, "2013", *[""] * 11]
    made = read(head, ["Municipio", *MONTHS, *MONTHS], ["Norte", *COUNTS, *COUNTS], ["Sur", *COUNTS, *COUNTS])
    assert made.areas == ("Norte", "Sur")
    assert [m for m, _ in by_month(made)] == [f"{y}-{m:02d}" for y in (2012, 2013) for m in range(1, 13)] * 2


def test_merged_labels_are_carried_down_and_totals_are_held_against_their_places() -> None:
    rows = [["Departamento", "Municipio", "Año", *MONTHS],
            ["La Paz", "Olocuilta", 2012, *[1] * 12], ["", "Zacatecoluca", 2012, *[2] * 12],
            ["TOTAL", "", 2012, *[3] * 11, 4]]  # fmt: skip
    made = read(*rows)
    assert made.areas == ("La Paz / Olocuilta", "La Paz / Zacatecoluca")
    national = [f for f in made.figures if not f.area]
    assert [f.count for f in national] == [3] * 11 + [4]
    assert "1 totals differ from the sum of their places" in texts(made)
    assert "4 stated, 3 summed" in texts(made)


def test_a_yearly_total_that_contradicts_its_months_is_told() -> None:
    made = read(["Año", *MONTHS, "Total"], [2011, *[10] * 12, 120], [2012, *[10] * 12, 121])
    assert "line 3: the months sum to 120, the table says 121" in texts(made)
    assert "line 2" not in texts(made)


def test_daily_means_become_counts_with_their_rounding() -> None:
    made = read(["Mes", "Promedio diario"], ["enero 2012", "13,1"], ["febrero 2012", "9"], ["marzo 2012", "8,45"])
    assert [f.count for f in made.figures] == [round(13.1 * 31), 9 * 29, round(8.45 * 31)]
    assert made.figures[0].arithmetic == "13.1 a day x 31 days"
    assert [round(f.spread, 3) for f in made.figures] == [1.55, 14.5, 0.155]
    assert 'because of "Promedio diario"' in texts(made)


@pytest.mark.parametrize("title", ["Homicidios por día", "homicides per day", "Homicidios diarios", "Muertes al día"])
def test_a_title_that_says_a_day_is_believed_even_of_whole_numbers(title: str) -> None:
    made = read(["Desde", "Hasta", title], ["01/02/2012", "28/02/2012", "3"], ["13/03/2012", "31/03/2012", "4,5"])
    assert [f.count for f in made.figures] == [3 * 28, round(4.5 * 19)]
    by_day = read(["Fecha", title], *[[f"{day:02d}/03/2012", day % 4] for day in range(1, 32)])
    assert [f.count for f in by_day.figures] == [day % 4 for day in range(1, 32)]


@pytest.mark.parametrize("written", ["9,125", "9.125"])
def test_three_decimals_are_decimals_where_the_others_say_so(written: str) -> None:
    other = "8,5" if "," in written else "8.5"
    made = read(["mes", "promedio diario"], ["2012-01", written], ["2012-02", other])
    assert made.figures[0].count == round(9.125 * 31)


def test_fractions_without_a_word_are_refused_and_a_flag_settles_them() -> None:
    rows = [["mes", "valor"], ["2012-01", "13,1"], ["2012-02", "9,2"]]
    with pytest.raises(CountsError, match="line 2") as told:
        read(*rows)
    assert "--daily" in str(told.value)
    assert [f.count for f in read(*rows, hints=Hints(daily=True)).figures] == [406, 267]
    whole = [["mes", "promedio diario"], ["2012-01", "13"], ["2012-02", "9"]]
    assert [f.count for f in read(*whole, hints=Hints(daily=False, columns={"count": "promedio diario"})).figures] == [
        13, 9,
    ]  # fmt: skip


def test_rates_are_no_counts() -> None:
    with pytest.raises(CountsError, match="rates, not counts"):
        read(["Año", "Tasa por 100,000 habitantes", "total"], [2012, 1, "41,2"], [2013, 1, "39,7"])


def test_places_of_one_name_keep_their_department() -> None:
    rows = [["Departamento", "Municipio", "fecha", "homicidios"],
            ["San Vicente", "San Lorenzo", "2012-01", 3], ["Ahuachapán", "San Lorenzo", "2012-01", 4],
            ["La Paz", "Olocuilta", "2012-01", 5]]  # fmt: skip
    assert read(*rows).areas == ("Olocuilta", "San Lorenzo / Ahuachapán", "San Lorenzo / San Vicente")


def test_rows_that_are_deaths_are_counted_with_zeros_between() -> None:
    rows = [["fecha del hecho", "municipio", "arma"], ["03/01/2012", "Norte", "x"], ["25/01/2012", "Norte", "x"],
            ["14/03/2012", "Norte", "x"], ["30/03/2012", "Sur", "x"]]  # fmt: skip
    hints = Hints(events=True, columns={"date": "fecha del hecho"})
    made = read(*rows, hints=hints)
    assert [f.count for f in made.figures if f.area == "Norte"] == [2, 0, 1]
    assert [f.count for f in made.figures if f.area == "Sur"] == [0, 0, 1]
    assert "2012-03-30" in texts(made)
    with pytest.raises(CountsError, match="no column of counts"):
        read(*rows, hints=Hints(columns={"date": "fecha del hecho"}))


@pytest.mark.parametrize(
    ("rows", "said"),
    [
        ([["Año", *MONTHS], ["2012", *COUNTS[:-1], "muchos"]], "line 2"),
        ([["Año", *MONTHS], ["2012", *COUNTS[:-1], "-4"]], "negative"),
        ([["", *MONTHS], ["País", *COUNTS]], "--year"),
        ([["fecha", "conteo"], ["2012-01", 3], ["2012-01", 4]], "two counts for the same days"),
        ([["fecha", "conteo"], ["2012-13", 3]], "does not exist"),
        ([["fecha", "conteo"]], "no rows"),
        ([["algo", "otro"], ["x", "y"]], "layout is not recognised"),
        ([["inicio", "fin", "conteo"], ["2012-02-01", "2012-01-01", 3]], "ends before it starts"),
        ([["año", "mes", "conteo"], ["2012", "brumario", 3]], "no year or month"),
    ],
)
def test_what_cannot_be_read_is_refused_with_its_place(rows: list[Sequence[object]], said: str) -> None:
    with pytest.raises(CountsError) as told:
        read(*rows)
    assert said in str(told.value)


def test_a_person_can_say_which_column_is_which() -> None:
    rows = [["Semana epidemiológica", "Víctimas"], ["2012-01-02", 40], ["2012-01-09", 50]]
    made = read(*rows, hints=Hints(columns={"date": "semana epidemiologica", "count": "Víctimas"}))
    assert made.figures[0].spans == (Span(date(2012, 1, 2), date(2012, 1, 8)),)


def test_marks_and_gaps_are_told_and_gaps_stay_unknown() -> None:
    made = read(["Año", *MONTHS], ["2012", *COUNTS[:-2], "412*", "n/d"])
    assert len(made.figures) == 11
    assert "a mark such as * behind 1 number" in texts(made)
    assert "unknown, not zero" in texts(made)


cells = st.one_of(
    st.sampled_from(["", "enero", "2012", "ene-12", "total", "fecha", "conteo", "13,1", "1.234", "-", "año", "mes",
                     "2012-02-30", "01/02/2012", "San Lorenzo", "=1+1", "nan", "1e308", "12*", "tasa", "inicio"]),
    st.text(max_size=8),
)  # fmt: skip


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(st.lists(st.lists(cells, min_size=1, max_size=6), min_size=1, max_size=6), st.booleans(), st.booleans())
def test_no_table_is_met_with_anything_but_counts_or_a_mendable_error(
    rows: list[list[str]], daily: bool, events: bool
) -> None:
    with contextlib.suppress(TreguaError):
        made = read(*rows, hints=Hints(daily=daily or None, events=events))
        assert all(isinstance(f, Figure) and f.count >= 0 for f in made.figures)


@pytest.mark.parametrize(
    ("texts", "sign"),
    [(["9,4", "10"], ","), (["9.4"], "."), (["1.234"], ""), (["1.234,5"], ","), (["0,125"], ","), (["9,4", "9.4"], "")],
)
def test_the_decimal_sign_is_found_where_the_numbers_tell_it(texts: list[str], sign: str) -> None:
    assert decimal_sign(texts) == sign


@pytest.mark.parametrize(
    ("text", "sign", "value"),
    [("9,4", "", 9.4), ("1.234,5", "", 1234.5), ("1,234.5", "", 1234.5), ("1 234,5", ",", 1234.5), ("9,4", ".", None),
     ("1.234", ",", 1234.0), ("x", "", None), ("", "", None)],
)  # fmt: skip
def test_numbers_of_either_style(text: str, sign: str, value: float | None) -> None:
    assert number(text, sign) == value


@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
def test_text_of_any_delimiter_and_encoding(tmp_path: Path, delimiter: str, encoding: str) -> None:
    path = tmp_path / "tabla.txt"
    path.write_bytes(f"Año{delimiter}Homicidios\r\n2012{delimiter}2587\r\n2013{delimiter}2496\r\n".encode(encoding))
    made = understand(read_sheet(path))
    assert [(f.spans[0].start.year, f.count) for f in made.figures] == [(2012, 2587), (2013, 2496)]


def test_a_workbook_is_read_with_dates_and_true_numbers(tmp_path: Path) -> None:
    book_of = pytest.importorskip("openpyxl").Workbook
    book = book_of()
    page = book.active
    page.append(["Promedio diario de homicidios"])
    page.append([])
    page.append(["fecha", "valor"])
    for month, mean in ((1, 9.125), (2, 13.5), (3, 8.0)):
        page.append([datetime(2012, month, 1), mean])
    path = tmp_path / "libro.xlsx"
    book.save(path)
    made = understand(read_sheet(path))
    assert [f.count for f in made.figures] == [round(9.125 * 31), round(13.5 * 29), 8 * 31]
    assert [f.line for f in made.figures] == [4, 5, 6]
    other = book.create_sheet("Notas")
    for row in (["fecha", "valor"], ["2013-01", 4]):
        other.append(row)
    book.save(path)
    with pytest.raises(CountsError, match="several sheets"):
        read_sheet(path)
    with pytest.raises(CountsError, match="no such sheet"):
        read_sheet(path, "Hoja 9")
    assert read_sheet(path, "Notas").rows == (("fecha", "valor"), ("2013-01", "4"))


def test_a_sheet_of_remarks_is_no_table(tmp_path: Path) -> None:
    openpyxl = pytest.importorskip("openpyxl")
    book = openpyxl.Workbook()
    for row in (["Promedio diario 2012"], ["Año", *MONTHS], [2012, *["3,5"] * 12]):
        book.active.append(row)
    book.create_sheet("Notas")["A1"] = "Ver anexo 2"
    book.save(tmp_path / "one.xlsx")
    made = read_sheet(tmp_path / "one.xlsx")
    assert made.name == "Sheet"
    assert "the others hold no table" in made.notes[-1][0]
    book.create_sheet("2013").append(["Año", "Homicidios"])
    book["2013"].append([2013, 40])
    book.save(tmp_path / "two.xlsx")
    with pytest.raises(CountsError, match="several sheets") as told:
        read_sheet(tmp_path / "two.xlsx")
    assert told.value.problems[0].found == "Sheet, 2013"


def test_a_workbook_that_would_blow_up_is_refused_before_it_is_opened(tmp_path: Path) -> None:
    bomb = tmp_path / "bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("xl/worksheets/sheet1.xml", b"0" * 60_000_000)
    with pytest.raises(CountsError, match="unpacks to far more"):
        read_sheet(bomb)
    entities = tmp_path / "entities.xlsx"
    with zipfile.ZipFile(entities, "w") as archive:
        archive.writestr("xl/workbook.xml", b'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY a "b">]><x>&a;</x>')
    with pytest.raises(CountsError, match="defines entities"):
        read_sheet(entities)


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.xlsx", b"PK\x03\x04 not a workbook", "cannot be opened"),
        ("a.xls", b"\xd0\xcf\x11\xe0", "kind of workbook"),
        ("a.csv", b"", "empty"),
        ("a.csv", b"a\0b", "not text"),
        ("a.csv", b"\xff\xfea", "UTF-16"),
        ("none.csv", None, "cannot be opened"),
        ("none.xlsx", None, "cannot be opened"),
    ],
)
def test_files_that_are_no_tables_are_refused(tmp_path: Path, name: str, content: bytes | None, said: str) -> None:
    path = tmp_path / name
    if content is not None:
        path.write_bytes(content)
    with pytest.raises(CountsError) as told:
        read_sheet(path)
    assert said in str(told.value)


def test_a_table_of_endless_columns_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "wide.csv"
    path.write_text(",".join(["1"] * 5_000) + "\n", encoding="utf-8")
    with pytest.raises(CountsError, match="too large"):
        read_sheet(path)
