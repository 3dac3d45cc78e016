"""Inputs that once broke a parser: each is refused in words now."""

from __future__ import annotations

from pathlib import Path

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
