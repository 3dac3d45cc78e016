"""A person's file is read as it is written, or refused with the line that cannot be read."""

from __future__ import annotations

import contextlib
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tregua.effect.design import DesignError
from tregua.effect.read_counts import CountsError, ReadCounts, read_counts, whole_number
from tregua.errors import TreguaError


def read(tmp_path: Path, text: str, encoding: str = "utf-8", dates: str = "") -> ReadCounts:
    file = tmp_path / "counts.csv"
    file.write_bytes(text.encode(encoding))
    return read_counts(file, dates)


def spans(result: ReadCounts) -> list[tuple[str, str, int]]:
    return [(str(c.start), str(c.end), c.count) for c in result.series.counts]


def test_months_and_counts(tmp_path: Path) -> None:
    result = read(tmp_path, "date,count\n2012-01,413\n2012-02,402\n2012-03,263\n")
    assert spans(result) == [
        ("2012-01-01", "2012-01-31", 413),
        ("2012-02-01", "2012-02-29", 402),
        ("2012-03-01", "2012-03-31", 263),
    ]
    assert result.notes == ()


def test_semicolons_spanish_names_and_decimal_commas(tmp_path: Path) -> None:
    text = "Fecha;Homicidios\nenero de 2012;413,0\nfebrero de 2012;402\nsetiembre 2012;1.162\ndic-12;168\n"
    result = read(tmp_path, text)
    assert spans(result) == [
        ("2012-01-01", "2012-01-31", 413),
        ("2012-02-01", "2012-02-29", 402),
        ("2012-09-01", "2012-09-30", 1162),
        ("2012-12-01", "2012-12-31", 168),
    ]
    said = " ".join(note[0] for note in result.notes)
    assert "separated by ;" in said
    assert "thousands" in said
    assert "no count" in said


def test_day_first_dates_are_recognised_from_the_column(tmp_path: Path) -> None:
    text = "fecha\tconteo\n" + "".join(f"01/{month:02d}/2012\t{month}\n" for month in range(1, 7))
    result = read(tmp_path, text)
    assert result.series.counts[-1].start == date(2012, 6, 1)
    assert any("day/month/year" in note[0] for note in result.notes)


def test_month_first_dates_are_recognised_from_the_column(tmp_path: Path) -> None:
    text = "date,count\n" + "".join(f"{month}/1/2012,{month}\n" for month in range(1, 7))
    assert read(tmp_path, text).series.counts[-1].start == date(2012, 6, 1)


def test_dates_with_a_day_beyond_twelve_settle_the_order(tmp_path: Path) -> None:
    text = "start,end,count\n01/02/2012,15/02/2012,3\n16/02/2012,29/02/2012,4\n"
    assert spans(read(tmp_path, text))[0] == ("2012-02-01", "2012-02-15", 3)


def test_what_two_columns_of_dates_have_in_common_is_said_once(tmp_path: Path) -> None:
    text = "start,end,count\n13/02/2012,29/02/2012,3\n01/03/2012,15/03/2012,4\n"
    assert [en for en, _ in read(tmp_path, text).notes] == ["dates were read as day/month/year"]


def test_dates_that_could_be_read_two_ways_are_refused_unless_told(tmp_path: Path) -> None:
    text = "start,end,count\n01/02/2012,05/02/2012,3\n06/02/2012,09/02/2012,4\n"
    with pytest.raises(CountsError, match="cannot be told apart"):
        read(tmp_path, text)
    assert spans(read(tmp_path, text, dates="dmy"))[0] == ("2012-02-01", "2012-02-05", 3)
    assert (
        spans(read(tmp_path, text.splitlines()[0] + "\n01/02/2012,05/02/2012,3\n", dates="mdy"))[0][0] == "2012-01-02"
    )


def test_mixed_orders_are_refused_with_a_line(tmp_path: Path) -> None:
    with pytest.raises(CountsError) as told:
        read(tmp_path, "date,count\n13/01/2012,3\n01/14/2012,4\n")
    assert told.value.problems[0].line == 3


def test_weeks_days_quarters_years_and_month_ends(tmp_path: Path) -> None:
    weeks = read(tmp_path, "date,count\n2012-01-02,1\n2012-01-09,2\n2012-01-23,3\n")
    assert spans(weeks)[0] == ("2012-01-02", "2012-01-08", 1)
    assert len(weeks.series.gaps) == 1
    assert read(tmp_path, "date,count\n2012-01-01,1\n2012-01-02,2\n2012-01-03,2\n").series.counts[0].days == 1
    assert read(tmp_path, "date,count\n2012-01-01,1\n2012-04-01,2\n2012-07-01,2\n").series.counts[0].days == 91
    assert read(tmp_path, "year,count\n2011,1\n2012,2\n").series.counts[1].days == 366
    ends = read(tmp_path, "date,count\n31/01/2012,1\n29/02/2012,2\n31/03/2012,3\n")
    assert spans(ends)[1] == ("2012-02-01", "2012-02-29", 2)


def test_irregular_dates_are_refused(tmp_path: Path) -> None:
    with pytest.raises(CountsError, match="how many days"):
        read(tmp_path, "date,count\n2012-01-05,1\n2012-02-11,2\n2012-07-23,2\n")


def test_a_file_of_spans_is_read(tmp_path: Path) -> None:
    text = "piece,spans,homicides\nP08,2011-01-01..2011-02-28;2011-06-01..2011-06-30,1034\n"
    assert read(tmp_path, text).series.counts[0].days == 89


def test_an_unquoted_decimal_comma_is_told_with_its_line(tmp_path: Path) -> None:
    with pytest.raises(CountsError) as told:
        read(tmp_path, "date,count\n2012-01,413\n2012-02,402,5\n")
    assert told.value.problems[0].line == 3
    assert "quotes" in told.value.problems[0].mend


@pytest.mark.parametrize("value", ["12.5", "12,5", "about 40", "4e2", "1.23.4"])
def test_numbers_that_are_not_whole_are_refused(tmp_path: Path, value: str) -> None:
    with pytest.raises(CountsError) as told:
        read(tmp_path, f"date;count\n2012-01;413\n2012-02;{value}\n")
    assert told.value.problems[0].line == 3


def test_all_bad_rows_are_told_at_once(tmp_path: Path) -> None:
    with pytest.raises(CountsError) as told:
        read(tmp_path, "date,count\n2012-01,x\n2012-02,-4\nsoon,4\n")
    assert [problem.line for problem in told.value.problems] == [2, 3, 4]


def test_duplicates_are_refused_with_both_lines(tmp_path: Path) -> None:
    with pytest.raises(DesignError) as told:
        read(tmp_path, "date,count\n2012-01,4\n2012-02,5\n2012-01,6\n")
    text = str(told.value)
    assert "line 2" in text
    assert "line 4" in text


def test_empty_cells_are_unknown_and_not_zero(tmp_path: Path) -> None:
    result = read(tmp_path, "date,count\n2012-01,4\n2012-02,\n2012-03,n/d\n2012-04,6\n")
    assert len(result.series) == 2
    assert any("not zero" in note[0] for note in result.notes)


@pytest.mark.parametrize("shown", ["#REF!", "#N/A", "#VALUE!", "#DIV/0!", "#¡VALOR!", "#N/D", "#¿NOMBRE?", "#NUM!"])
def test_a_row_that_a_spreadsheet_broke_is_told_and_not_taken_for_a_remark(tmp_path: Path, shown: str) -> None:
    text = f"# a remark\n#another\n#TOTAL\ndate,count\n2010-01-01,5\n{shown},7\n2010-03-01,9\n"
    with pytest.raises(TreguaError) as told:
        read(tmp_path, text)
    assert shown in str(told.value)
    assert "line 6" in str(told.value)


def test_an_end_before_its_start_is_refused(tmp_path: Path) -> None:
    with pytest.raises(CountsError, match="ends before"):
        read(tmp_path, "start,end,count\n2012-05-31,2012-05-01,4\n")


def test_unknown_columns_are_refused_with_what_was_found(tmp_path: Path) -> None:
    with pytest.raises(CountsError) as told:
        read(tmp_path, "when,how many\n2012-01,4\n")
    assert "when" in told.value.problems[0].found


def test_empty_and_binary_files_are_refused(tmp_path: Path) -> None:
    for content in ("", "\n\n", "date,count\n", "a\0b"):
        with pytest.raises(CountsError):
            read(tmp_path, content)
    with pytest.raises(CountsError, match="cannot be opened"):
        read_counts(tmp_path / "absent.csv")


def test_other_encodings(tmp_path: Path) -> None:
    text = "año,cantidad\n2011,4\n2012,5\n"
    for encoding in ("utf-8-sig", "cp1252", "utf-16"):
        assert len(read(tmp_path, text, encoding).series) == 2


def test_areas_are_added_up_over_complete_periods(tmp_path: Path) -> None:
    rows = [f"2012-0{month},area {a},1" for month in (1, 2) for a in range(3000)] + ["2012-03,area 1,5"]
    result = read(tmp_path, "date,area,count\n" + "\n".join(rows))
    assert [c.count for c in result.series.counts] == [3000, 3000]
    assert any("1 periods left out" in note[0] for note in result.notes)


def test_mixed_institutions_are_noted(tmp_path: Path) -> None:
    result = read(tmp_path, "date,count,institution\n2012-01,4,PNC\n2012-02,5,IML\n")
    assert result.series.institutions == ("PNC", "IML")
    assert any("several institutions" in note[0] for note in result.notes)


@pytest.mark.parametrize(
    ("text", "value"),
    [("1,234", 1234), ("1.234", 1234), ("1 234", 1234), ("413,0", 413), ("0", 0), ("12,34", None), ("", None)],
)
def test_whole_numbers_in_either_style(text: str, value: int | None) -> None:
    assert whole_number(text) == value


@given(st.binary(max_size=400))
def test_no_file_causes_anything_but_a_result_or_a_told_error(content: bytes) -> None:
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / "x.csv"
        file.write_bytes(b"date,count\n" + content)
        with contextlib.suppress(TreguaError):
            assert len(read_counts(file).series) > 0
