"""Shards: their names, their tables and their bytes."""

from __future__ import annotations

import pickle
from datetime import date

import keyed_work
import numpy as np
import pyarrow as pa
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tregua.runs.shard import Origin, Shard, blocks, canonical, decode, encode, pack, schema, tabulate

ORIGIN = keyed_work.ORIGIN
IDENTITY = {"model": ORIGIN.model, "case": ORIGIN.case, "key": "k", "table": "summaries"}

plain = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**60), 2**60)
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)


@settings(deadline=None)
@given(st.dictionaries(st.text(), plain, max_size=5))
def test_the_name_depends_on_settings_and_not_on_their_order(settings: dict[str, object]) -> None:
    backwards = dict(reversed(list(settings.items())))
    assert Shard("a", "x", settings).key(ORIGIN) == Shard("a", "another label", backwards).key(ORIGIN)


def test_the_name_moves_with_model_case_kind_and_settings() -> None:
    shard = Shard("compare", "x", {"seed": 1})
    names = {
        shard.key(ORIGIN),
        shard.key(Origin("n" * 64, ORIGIN.case)),
        shard.key(Origin(ORIGIN.model, "n" * 64)),
        Shard("record", "x", {"seed": 1}).key(ORIGIN),
        Shard("compare", "x", {"seed": 2}).key(ORIGIN),
        Shard("compare", "x", {"seed": True}).key(ORIGIN),
        Shard("compare", "x", {"seed": "1"}).key(ORIGIN),
    }
    assert len(names) == 7


def test_equal_numbers_give_one_name() -> None:
    names = {Shard("a", "", {"lever": value}).key(ORIGIN) for value in (1, 1.0, np.int32(1), np.float64(1.0))}
    assert len(names) == 1
    assert canonical({"b": 0.5, "a": (1.0, -0.0)}) == b'{"a":[1,0],"b":0.5}'


@pytest.mark.parametrize("bad", [float("nan"), float("inf")])
def test_settings_that_are_not_finite_are_refused(bad: float) -> None:
    with pytest.raises(ValueError, match=r"settings\.theta\[1\] is"):
        Shard("a", "", {"theta": [1.0, bad]})


@pytest.mark.parametrize("bad", [{"when": date(2012, 3, 8)}, {"a": {1: 2}}, {"a": {1, 2}}])
def test_settings_that_are_not_plain_are_refused(bad: dict[str, object]) -> None:
    with pytest.raises(TypeError, match=r"plain JSON|keys are text"):
        Shard("a", "", bad)


def test_changing_what_was_passed_does_not_change_a_shard() -> None:
    given_settings = {"draws": [1, 2]}
    shard = Shard("a", "", given_settings)
    before = shard.key(ORIGIN)
    given_settings["draws"].append(3)
    assert shard.key(ORIGIN) == before
    assert pickle.loads(pickle.dumps(shard)).key(ORIGIN) == before


@settings(deadline=None)
@given(st.integers(0, 60), st.integers(0, 60), st.integers(1, 20))
def test_more_draws_keep_every_full_block(few: int, more: int, size: int) -> None:
    small, large = blocks(range(few), size), blocks(range(few + more), size)
    assert sorted(i for block in large for i in block) == list(range(few + more))
    assert {block for block in small if len(block) == size} <= set(large)


def test_a_table_is_the_same_whatever_the_order_and_form_of_its_rows() -> None:
    columns = keyed_work.compute(keyed_work.plan()[0])["summaries"]
    table = tabulate("summaries", columns)
    assert table.schema.equals(schema("summaries"))
    shuffled = table.take(pa.array(np.random.default_rng(1).permutation(table.num_rows)))
    strings = {name: shuffled.column(name).to_pylist() for name in shuffled.column_names}
    data = encode("summaries", table, IDENTITY)
    assert encode("summaries", tabulate("summaries", shuffled), IDENTITY) == data
    assert encode("summaries", tabulate("summaries", strings), IDENTITY) == data
    assert decode("summaries", data, IDENTITY).equals(table)


def test_values_survive_bit_for_bit() -> None:
    value = np.array([0.1 + 0.2, -0.0, 5e-324, 1.7976931348623157e308, np.nan])
    table = tabulate(
        "summaries",
        {
            "arm": "a",
            "reading": "r",
            "draw": np.arange(5),
            "luck": 0,
            "decision": "2012",
            "horizon": 1,
            "outcome": "o",
            "value": value,
        },
    )
    back = decode("summaries", encode("summaries", table, IDENTITY), IDENTITY).column("value").to_numpy()
    assert back.tobytes() == value.tobytes()


def test_dates_may_be_dates_or_text() -> None:
    rest = {
        "arm": "a",
        "reading": "r",
        "draw": 0,
        "luck": 0,
        "area": "national",
        "gang": "all",
        "outcome": "homicides",
        "value": [1.0, 2.0],
    }
    text = tabulate("flows", {**rest, "start": ["2012-02-01", "2012-01-01"], "end": ["2012-02-29", "2012-01-31"]})
    days = np.array(["2012-02-01", "2012-01-01"], dtype="datetime64[D]")
    ends = [date(2012, 2, 29), date(2012, 1, 31)]
    assert text.equals(tabulate("flows", {**rest, "start": days, "end": ends}))
    assert text.column("value").to_pylist() == [2.0, 1.0]


GOOD = {
    "arm": ["a", "b"],
    "reading": "r",
    "draw": [0, 0],
    "luck": 0,
    "decision": "2012",
    "horizon": 1,
    "outcome": "o",
    "value": [1.0, 2.0],
}


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"arm": ["a", "a"]}, "key of another row"),
        ({"value": [1.0, np.inf]}, "infinite"),
        ({"value": [1.0, None]}, "missing"),
        ({"arm": ["a", None]}, "missing"),
        ({"draw": [0, 0, 0]}, "different lengths"),
        ({"draw": ["x", "y"]}, "column draw"),
        ({"draw": [0, 2**40]}, "column draw"),
        ({"surplus": 1}, "needs the columns"),
    ],
)
def test_tables_of_another_form_are_refused(change: dict[str, object], words: str) -> None:
    with pytest.raises(ValueError, match=words):
        tabulate("summaries", {**GOOD, **change})


def test_an_empty_table_is_a_table() -> None:
    table = tabulate("summaries", schema("summaries").empty_table())
    assert decode("summaries", encode("summaries", table, IDENTITY), IDENTITY).num_rows == 0
    nothing: dict[str, object] = {**GOOD, "arm": np.array([], dtype=str), "draw": [], "value": np.array([])}
    assert tabulate("summaries", nothing).equals(table)


def test_a_file_of_another_shard_gives_itself_away() -> None:
    data = encode("summaries", tabulate("summaries", GOOD), IDENTITY)
    for part in IDENTITY:
        with pytest.raises(ValueError, match=f"of another {part}"):
            decode("summaries", data, {**IDENTITY, part: "other"})


@settings(deadline=None)
@given(st.data())
def test_no_cut_of_a_file_is_read(data: st.DataObject) -> None:
    whole = encode("summaries", tabulate("summaries", GOOD), IDENTITY)
    cut = data.draw(st.integers(0, len(whole) - 1))
    with pytest.raises(ValueError, match="not a whole Parquet file"):
        decode("summaries", whole[:cut], IDENTITY)


@settings(deadline=None)
@given(st.lists(st.tuples(st.integers(0, 3), st.integers(-5, 5), st.integers(0, 2**40)), min_size=1, max_size=30))
def test_packed_codes_sort_and_compare_like_rows(rows: list[tuple[int, int, int]]) -> None:
    codes = [np.array(column) for column in zip(*rows, strict=True)]
    for columns in (codes, [*codes, *codes, *codes]):
        packed = pack(columns).tolist()
        wide = list(zip(*(column.tolist() for column in columns), strict=True))
        assert sorted(range(len(rows)), key=lambda i: (packed[i], i)) == sorted(
            range(len(rows)), key=lambda i: (wide[i], i)
        )
        assert len(set(packed)) == len(set(wide))
