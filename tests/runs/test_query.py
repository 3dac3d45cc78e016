"""Questions to a store: rows, quantiles, exact sums, cubes, SQL."""

from __future__ import annotations

import math
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from keyed_work import ARMS, ORIGIN, compute, number, plan, with_failures

from tregua.errors import StoreError
from tregua.runs import Computed, Failure, Shard, Store, run_shards
from tregua.runs.cube import Cube
from tregua.runs.query import connect, cube, quantiles, read, read_tables, sums


@pytest.fixture
def store(tmp_path: Path) -> Store:
    store = Store.open(tmp_path / "store", ORIGIN)
    run_shards(plan(), compute, store, 2)
    return store


def test_rows_come_in_one_order_and_can_be_chosen(store: Store) -> None:
    table = read(store, "summaries", where={"arm": ["open_truce", "no_truce"], "horizon": 5, "outcome": "homicides"})
    keys = list(zip(*(table.column(c).to_pylist() for c in ("reading", "arm", "draw", "luck")), strict=True))
    assert keys == sorted(keys)
    assert len(keys) == 2 * 2 * 6 * 2
    assert set(table.column("horizon").to_pylist()) == {5}
    assert read(store, "flows", where={"start": [np.datetime64("2012-01-01").item()]}).num_rows == 24
    assert read(store, "flows", where={"arm": "nothing"}).num_rows == 0
    with pytest.raises(ValueError, match="no column colour"):
        read(store, "summaries", where={"colour": 1})


def test_tables_stream_one_shard_at_a_time(store: Store) -> None:
    tables = read_tables(store, "summaries", threads=1)
    assert next(tables).num_rows == 48
    assert sum(table.num_rows for table in tables) == 5 * 48


def test_overlapping_shards_give_every_row_once(store: Store) -> None:
    whole = read(store, "summaries")
    axes = cube(store, "2012")
    run_shards(plan(size=3), compute, store, 2)
    assert read(store, "summaries").equals(whole)
    assert np.array_equal(cube(store, "2012").values, axes.values)


def test_results_that_disagree_are_an_error(store: Store) -> None:
    def moved(shard: Shard) -> dict[str, Any]:
        tables = compute(shard)
        tables["summaries"]["value"][0] += 1
        return tables

    run_shards(plan(note="another computer"), moved, store, 2)
    for ask in (lambda: read(store, "summaries"), lambda: cube(store, "2012")):
        with pytest.raises(StoreError, match="disagree") as error:
            ask()
        assert error.value.problems[0].code == "E57"


def test_asking_for_what_was_not_computed_is_an_error(store: Store) -> None:
    for ask in (lambda: read(store, "summaries", plan(seed=5)), lambda: connect(store, plan(seed=5))):
        with pytest.raises(StoreError, match="has not been computed"):
            ask()
    with pytest.raises(StoreError, match="no results for this"):
        cube(store, "2017")


def test_a_cube_holds_every_value_in_its_place(store: Store) -> None:
    made = cube(store, "2012", arms=("no_truce", "mano_dura", "absent"), readings=("default", "bonding"))
    assert made.arms == ("no_truce", "mano_dura")
    assert made.readings == ("default", "bonding")
    assert made.there.all()
    for r, reading in enumerate(made.readings):
        for a, arm in enumerate(made.arms):
            for draw in made.draws:
                for luck in made.lucks:
                    wanted = number(20120308, reading, arm, draw, luck, 5, "homicides")
                    assert made.outcome("homicides", 5)[r, a, draw, luck] == wanted
    with pytest.raises(StoreError, match="no such horizon"):
        made.outcome("homicides", 4)


def test_variants_of_a_decision_are_found_in_its_shards(tmp_path: Path) -> None:
    def both(shard: Shard) -> Computed:
        tables = compute(shard)["summaries"]
        n = len(tables["value"])
        double = {k: v if isinstance(v, str) else np.concatenate([v, v]) for k, v in tables.items()}
        double["decision"] = np.repeat(["2012", "2012_halt_ends"], n)
        return Computed({"summaries": double}, (Failure(0, 0, "past"), Failure(1, 0, "arm", decision="2012_halt_ends")))

    store = Store.open(tmp_path, ORIGIN)
    run_shards([*plan(), *plan(decision="201")], both, store, 2)
    plain, variant = cube(store, "2012", plan()), cube(store, "2012_halt_ends", [*plan(), *plan(decision="201")])
    assert np.array_equal(plain.values, variant.values)
    assert {draw for *_, draw, _ in plain.failed} == {0}
    assert {draw for *_, draw, _ in variant.failed} == {0, 1}


def test_shards_of_other_readings_are_not_opened(store: Store) -> None:
    for shard in plan(readings=("bonding",)):
        store.path(shard, "summaries").write_bytes(b"broken")
    assert cube(store, "2012", readings=("default",)).readings == ("default",)
    with pytest.raises(StoreError):
        cube(store, "2012")


def test_a_cube_does_not_depend_on_pieces_or_their_order(store: Store) -> None:
    table = read(store, "summaries")
    whole = Cube.collect([table], "2012")
    rng = np.random.default_rng(3)
    shuffled = table.take(pa.array(rng.permutation(table.num_rows)))
    pieces = [shuffled.slice(i, 17) for i in range(0, table.num_rows, 17)]
    again = Cube.collect(pieces, "2012")
    assert (again.readings, again.arms, again.draws, again.outcomes) == (
        whole.readings,
        whole.arms,
        whole.draws,
        whole.outcomes,
    )
    assert np.array_equal(again.values, whole.values)


def test_a_repeated_row_inside_a_table_is_found(store: Store) -> None:
    table = read(store, "summaries")
    changed = table.slice(0, 1).set_column(7, table.schema.field("value"), pa.array([9.0]))
    Cube.collect([table, table], "2012")
    with pytest.raises(StoreError, match="disagree"):
        Cube.collect([pa.concat_tables([table, changed]).unify_dictionaries()], "2012")


def test_failed_histories_are_noted_in_the_cube(tmp_path: Path) -> None:
    store = Store.open(tmp_path, ORIGIN)
    run_shards(plan(), with_failures, store, 2)
    made = cube(store, "2012")
    assert made.failed == {("default", "", 2, 1), ("bonding", "", 2, 1)}
    lost = made.lost("default")
    assert lost.sum() == 1
    assert lost[made.draws.index(2), made.lucks.index(1)]


@settings(deadline=None)
@given(st.lists(st.tuples(st.sampled_from("abc"), st.floats(-1e6, 1e6) | st.just(math.nan)), max_size=40))
def test_quantiles_agree_with_numpy(rows: list[tuple[str, float]]) -> None:
    table = pa.table(
        {
            "arm": pa.array([arm for arm, _ in rows], pa.string()).dictionary_encode(),
            "value": pa.array([value for _, value in rows], pa.float64()),
        }
    )
    out = quantiles(table, ["arm"], (0.05, 0.5, 0.95)).to_pylist()
    assert [row["arm"] for row in out] == sorted({arm for arm, _ in rows})
    for row in out:
        values = np.array([v for arm, v in rows if arm == row["arm"] and not math.isnan(v)])
        assert row["n"] == len(values)
        if len(values):
            wanted = np.quantile(values, (0.05, 0.5, 0.95))
            assert [row["q05"], row["q50"], row["q95"]] == pytest.approx(wanted, rel=1e-12, abs=1e-9)
        else:
            assert math.isnan(row["q50"])


def test_sums_are_exact_in_any_order() -> None:
    value = np.array([1e16, 1.0, -1e16, 1.0, 0.1, 0.2, 0.3])
    arm = ["x", "x", "x", "x", "y", "y", "y"]
    for seed in range(5):
        order = np.random.default_rng(seed).permutation(7)
        table = pa.table({"arm": [arm[i] for i in order], "value": value[order]})
        assert sums(table, ["arm"]).to_pylist() == [
            {"arm": "x", "n": 4, "value": 2.0},
            {"arm": "y", "n": 3, "value": 0.6},
        ]


def test_sql_reads_the_same_rows(store: Store) -> None:
    connection = connect(store)
    query = "select arm, count(*), min(value), median(value) from summaries where outcome = 'homicides' group by arm"
    found = {row[0]: row[1:] for row in connection.execute(query).fetchall()}
    table = read(store, "summaries", where={"outcome": "homicides"})
    for arm in ARMS:
        values = np.array(
            [v for v, a in zip(table["value"].to_pylist(), table["arm"].to_pylist(), strict=True) if a == arm]
        )
        assert found[arm] == (len(values), values.min(), pytest.approx(np.median(values)))
    assert connection.execute("select count(*) from flows").fetchone() == (24,)
    connection.close()


def test_sql_does_not_read_broken_files(store: Store) -> None:
    path = store.path(plan()[0], "flows")
    path.write_bytes(path.read_bytes()[:-9])
    with pytest.raises(StoreError, match="broken and has been set aside"):
        connect(store)


def test_a_store_without_flows_has_an_empty_view(tmp_path: Path) -> None:
    store = Store.open(tmp_path, ORIGIN)
    run_shards(plan(), lambda shard: Computed({"summaries": compute(shard)["summaries"]}), store, 2)
    connection = connect(store)
    assert connection.execute("select count(*) from flows").fetchone() == (0,)
    connection.close()
