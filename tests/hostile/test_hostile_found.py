"""Inputs that once broke a parser: each is refused in words now."""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import hostile_input  # noqa: F401  puts the neighbours' modules in reach
import pytest
from keyed_work import ORIGIN, compute, plan

from tregua.errors import TreguaError
from tregua.explore.plan import load_plan
from tregua.ledger.export import from_csv
from tregua.runs import Store, run_shards
from tregua.runs.manifest import Manifest


def test_a_plan_of_brackets_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text("a = " + "[" * 5000, encoding="utf-8")
    with pytest.raises(TreguaError, match="nested too deeply"):
        load_plan(path)


def test_a_plan_with_a_number_beyond_all_floats_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "plan.toml"
    path.write_text(f"weights = {{ homicides = {'9' * 400} }}", encoding="utf-8")
    with pytest.raises(TreguaError, match="a finite number"):
        load_plan(path)


def test_a_part_of_a_claim_that_is_no_number_is_refused(tmp_path: Path) -> None:
    from small_ledger import small

    from tregua.ledger.export import to_csv

    tables = to_csv(small())
    tables["claims.csv"] = tables["claims.csv"].replace("C01,1,", "C01,first,", 1)
    with pytest.raises(TreguaError, match="no export of a ledger"):
        from_csv(tables)


def test_a_receipt_of_brackets_is_set_aside(tmp_path: Path) -> None:
    store = Store.open(tmp_path, ORIGIN)
    shard = plan()[0]
    run_shards([shard], compute, store, 1)
    (store.shards / f"{store.key(shard)}.json").write_text('{"a": ' + "[" * 200_000, encoding="utf-8")
    (tmp_path / "manifest.json").unlink()
    again = Store.open(tmp_path, ORIGIN)
    assert shard not in again
    assert "is not whole" in again.problems[0].found


def test_a_manifest_of_brackets_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TreguaError, match="cannot be read"):
        Manifest.from_bytes(b'{"format": ' + b"[" * 200_000, tmp_path)


@pytest.mark.parametrize(
    "query", [[("v", "\u00b2")], [("v", "9" * 5000)], [("v", "1"), ("s", "\u00b2")], [("s", "\u0663")]]
)
def test_a_permalink_with_what_only_looks_like_a_digit_is_read(query: list[tuple[str, str]]) -> None:
    pytest.importorskip("fastapi")
    from tregua.app.link import read_link
    from tregua.case import load_case

    state = read_link(load_case("el_salvador_2012"), query, model="0" * 64, seed=7)
    assert state.seed in (None, 3)


def test_a_length_that_only_looks_like_a_number_is_refused() -> None:
    pytest.importorskip("fastapi")
    import asyncio

    from tregua.app.guard import Door, Guard

    sent: list[dict[str, Any]] = []

    async def inner(scope: Any, receive: Any, send: Any) -> None:
        raise AssertionError("it was let in")

    async def send(message: dict[str, Any]) -> None:
        sent.append(message)

    headers = [(b"host", b"127.0.0.1"), (b"content-length", b"\xb2")]
    scope = {"type": "http", "method": "POST", "path": "/", "headers": headers, "query_string": b""}
    asyncio.run(Guard(inner, Door("127.0.0.1"))(scope, send, send))
    assert sent[0]["status"] == 413


@pytest.mark.parametrize("part", [b"<worksheet", b"", b"<a></b>", b"<worksheet><sheetData><row r='x'/></sheetData>"])
def test_a_workbook_with_a_damaged_sheet_is_refused(part: bytes, tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    import io
    import zipfile

    from hostile_input import _workbook

    from tregua.case.spreadsheet import read_sheet

    path = tmp_path / "table.xlsx"
    with zipfile.ZipFile(io.BytesIO(_workbook())) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            target.writestr(name, part if name.endswith("sheet1.xml") else source.read(name))
    with pytest.raises(TreguaError):
        read_sheet(path)


def test_a_workbook_whose_packing_is_damaged_is_refused(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    from openpyxl import Workbook

    from tregua.case.spreadsheet import read_sheet

    path = tmp_path / "table.xlsx"
    Workbook().save(path)
    data = bytearray(path.read_bytes())
    for place in range(60, len(data) - 400, 7):
        data[place] ^= 0xFF
    path.write_bytes(bytes(data))
    with pytest.raises(TreguaError):
        read_sheet(path)


def test_a_cell_that_is_a_date_beyond_all_days_is_no_date_and_nothing_else_is_printed(tmp_path: Path) -> None:
    pytest.importorskip("openpyxl")
    from openpyxl import Workbook

    from tregua.case.spreadsheet import read_sheet

    path, book = tmp_path / "table.xlsx", Workbook()
    sheet = book.active
    for row in (("date", "count"), (40210210, 5), (40211, 7)):
        sheet.append(row)
    sheet["A2"].number_format = sheet["A3"].number_format = "yyyy-mm-dd"
    book.save(path)
    with warnings.catch_warnings(record=True) as told:
        warnings.simplefilter("always")
        read = read_sheet(path)
    assert not told
    assert [row[0] for row in read.rows][-2:] == ["#VALUE!", "2010-02-02"]


def test_a_day_of_five_thousand_digits_is_refused(tmp_path: Path) -> None:
    from tregua.effect.read_counts import read_counts

    path = tmp_path / "counts.csv"
    path.write_text(f"date,count\nenero {'9' * 5000},5\nfebrero 2010,3\n", encoding="utf-8")
    with pytest.raises(TreguaError):
        read_counts(path)


@pytest.mark.parametrize(
    ("name", "old", "new"),
    [
        ("case.toml", "[world]\n", "[world]\n" + "a." * 4000 + "a = 1\n"),
        ("case.toml", "[world]\n", "[world]\na = " + "[" * 400 + "]" * 400 + "\n"),
        ("series/homicides.csv", ",600,", f",{'9' * 400},"),
        ("series/homicides.csv", ",600,", f",{'9' * 5000},"),
    ],
)
def test_a_case_of_too_many_levels_or_digits_is_refused(name: str, old: str, new: str, tmp_path: Path) -> None:
    from small_case import SMALL, write_case

    from tregua.case import load_case

    assert old in SMALL[name]
    case = write_case(tmp_path / "small", {**SMALL, name: SMALL[name].replace(old, new)})
    with pytest.raises(TreguaError):
        load_case(case)
