"""Sums over days are sums over whole pieces, and anything else is an error that says so."""

from __future__ import annotations

from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from made_runs import month, runs_of

from tregua.calibrate.history import Histories, read_histories
from tregua.errors import StoreError
from tregua.runs import Origin, Shard, Store
from tregua.series.span import Span

STARTS = [date(2012, 1, 1), date(2012, 2, 1), date(2012, 2, 11), date(2012, 3, 1), date(2012, 4, 1)]
LAST = date(2012, 4, 30)
KILLED = [[10.0, 1.0, 2.0, 30.0, 40.0], [11.0, 3.0, 4.0, 31.0, 41.0]]
SUPPORT = [[0.1, 0.2, 0.3, 0.4, 0.5], [0.5, 0.4, 0.3, 0.2, 0.1]]


@pytest.fixture
def runs() -> Histories:
    return runs_of({"homicides_recorded": KILLED, "support": SUPPORT}, STARTS, LAST)


def code(error: pytest.ExceptionInfo[StoreError]) -> str:
    return error.value.problems[0].code


def test_a_total_is_the_sum_of_its_pieces(runs: Histories) -> None:
    assert runs.total("homicides_recorded", [month(2012, 2)]).tolist() == [3.0, 7.0]
    assert runs.total("homicides_recorded", [month(2012, 1), month(2012, 3)]).tolist() == [40.0, 42.0]
    assert runs.total("homicides_recorded", [Span(date(2012, 2, 11), LAST)]).tolist() == [72.0, 76.0]
    assert runs.total("homicides_recorded", []).tolist() == [0.0, 0.0]
    assert (runs.start, runs.end, len(runs)) == (date(2012, 1, 1), LAST, 2)


def test_a_day_named_twice_counts_once(runs: Histories) -> None:
    twice = [month(2012, 1, 3), month(2012, 2)]
    assert runs.total("homicides_recorded", twice).tolist() == runs.total("homicides_recorded", twice[:1]).tolist()


@given(st.integers(0, 4), st.integers(1, 5))
def test_totals_of_neighbours_add_up(first: int, size: int) -> None:
    runs = runs_of({"homicides_recorded": KILLED}, STARTS, LAST)
    after = min(first + size, 5)
    span = Span(date.fromordinal(int(runs.starts[first])), date.fromordinal(int(runs.ends[after - 1])))
    assert runs.total("homicides_recorded", [span]).tolist() == [sum(row[first:after]) for row in KILLED]


@pytest.mark.parametrize(
    "span",
    [
        Span(date(2012, 1, 2), date(2012, 1, 31)),
        Span(date(2012, 1, 1), date(2012, 2, 5)),
        Span(date(2012, 2, 2), date(2012, 2, 20)),
        Span(date(2012, 4, 1), date(2012, 4, 29)),
    ],
)
def test_days_that_cut_a_piece_are_an_error(runs: Histories, span: Span) -> None:
    with pytest.raises(StoreError, match="cut a stored piece in two") as error:
        runs.total("homicides_recorded", [span])
    assert code(error) == "E59"
    assert f"{span.start}..{span.end}" in str(error.value)


@pytest.mark.parametrize(
    "span", [Span(date(2011, 12, 1), date(2012, 1, 31)), Span(date(2012, 4, 1), date(2012, 5, 31))]
)
def test_days_outside_the_runs_are_told(runs: Histories, span: Span) -> None:
    with pytest.raises(StoreError, match="do not cover") as error:
        runs.total("homicides_recorded", [span])
    assert code(error) == "E56"
    assert "2012-01-01..2012-04-30" in str(error.value)


def test_a_gap_between_pieces_is_not_summed_over() -> None:
    days = [date(2012, 1, 1).toordinal(), date(2012, 3, 1).toordinal()]
    ends = [date(2012, 1, 31).toordinal(), date(2012, 3, 31).toordinal()]
    one = np.zeros(1, int)
    runs = Histories("default", one, one, np.array(days), np.array(ends), {"homicides": np.ones((1, 2))})
    assert runs.total("homicides", [month(2012, 1), month(2012, 3)]).tolist() == [2.0]
    with pytest.raises(StoreError, match="do not cover"):
        runs.total("homicides", [month(2012, 1, 3)])


def test_a_missing_series_is_told(runs: Histories) -> None:
    with pytest.raises(StoreError, match="no such outcome") as error:
        runs.total("extortion_reports", [month(2012, 1)])
    assert code(error) == "E56"
    assert "homicides_recorded, support" in str(error.value)


def test_a_stock_is_read_on_a_day_and_never_summed(runs: Histories) -> None:
    assert runs.level("support", date(2012, 2, 10)).tolist() == [0.2, 0.4]
    assert runs.level("support", date(2012, 3, 31)).tolist() == [0.4, 0.2]
    middle = runs.level("support", date(2012, 4, 15))
    assert middle == pytest.approx([0.45, 0.15])
    with pytest.raises(ValueError, match="only a flow"):
        runs.total("support", [month(2012, 1)])
    for day in (date(2012, 1, 30), date(2012, 5, 1)):
        with pytest.raises(StoreError, match="do not cover"):
            runs.level("support", day)


def test_pieces_that_overlap_are_refused() -> None:
    one, days = np.zeros(1, int), np.array([1, 5])
    with pytest.raises(ValueError, match="disjoint"):
        Histories("default", one, one, days, np.array([5, 9]), {})
    with pytest.raises(ValueError, match="shape"):
        Histories("default", one, one, days, np.array([4, 9]), {"homicides": np.zeros((1, 3))})


# from a store

ORIGIN = Origin(model="m" * 64, case="c" * 64)


def rows(
    draws: list[int], *, reading: str = "default", arm: str = "as_it_happened", add: float = 0.0, months: int = 3
) -> dict[str, Any]:
    """A table of flows: national, by area and by gang; the value tells where it belongs."""
    spans = [Span.of_month(2012, m) for m in range(1, months + 1)]
    cells = [
        (draw, luck, span, area, gang, outcome)
        for draw in draws
        for luck in (0, 1)
        for span in spans
        for area, gang in (("national", "all"), ("north", "all"), ("national", "MS13"))
        for outcome in ("homicides_recorded", "support")
    ]
    return {
        "reading": reading,
        "arm": arm,
        "draw": [c[0] for c in cells],
        "luck": [c[1] for c in cells],
        "start": [c[2].start for c in cells],
        "end": [c[2].end for c in cells],
        "area": [c[3] for c in cells],
        "gang": [c[4] for c in cells],
        "outcome": [c[5] for c in cells],
        "value": [
            add
            + (1000.0 * c[0] + 100.0 * c[1] + c[2].start.month + (0.5 if c[5] == "support" else 0.0))
            * (1.0 if (c[3], c[4]) == ("national", "all") else -1.0)
            for c in cells
        ],
    }


def write(store: Store, table: dict[str, Any], **settings: Any) -> Shard:
    made = {"reading": table["reading"], "arm": table["arm"], "draws": sorted(set(table["draw"])), **settings}
    shard = Shard("record", "as it happened", made)
    store.write(shard, {"flows": table})
    return shard


@pytest.fixture
def store(tmp_path: Path) -> Store:
    return Store.open(tmp_path / "store", ORIGIN)


def test_only_national_rows_of_the_arm_are_taken(store: Store) -> None:
    write(store, rows([3, 4]))
    write(store, rows([0, 1]))
    write(store, rows([0, 1], arm="no_truce", add=0.25))
    runs = read_histories(store)["default"]
    assert runs.draws.tolist() == [0, 0, 1, 1, 3, 3, 4, 4]
    assert runs.lucks.tolist() == [0, 1] * 4
    assert runs.of("homicides_recorded")[5].tolist() == [3101.0, 3102.0, 3103.0]
    assert runs.of("support")[0].tolist() == [1.5, 2.5, 3.5]
    assert runs.total("homicides_recorded", [month(2012, 2, 3)])[6] == 8005.0
    assert (runs.start, runs.end) == (date(2012, 1, 1), date(2012, 3, 31))


def test_readings_and_outcomes_can_be_chosen(store: Store) -> None:
    for reading in ("default", "bonding", "hidden_killings"):
        write(store, rows([0], reading=reading))
    assert list(read_histories(store)) == ["bonding", "default", "hidden_killings"]
    chosen = read_histories(store, readings=["hidden_killings", "default", "repriced"], outcomes=["support"])
    assert list(chosen) == ["hidden_killings", "default"]
    assert list(chosen["default"].values) == ["support"]


def test_blocks_and_their_order_change_no_digit(store: Store, tmp_path: Path) -> None:
    write(store, rows([0, 1, 2, 3]))
    other = Store.open(tmp_path / "other", ORIGIN)
    for draws in ([3], [1, 2], [0]):
        table = rows(draws)
        turned = {name: column[::-1] if isinstance(column, list) else column for name, column in table.items()}
        write(other, turned)
    one, two = read_histories(store)["default"], read_histories(other, threads=1)["default"]
    assert one.draws.tolist() == two.draws.tolist()
    assert all(np.array_equal(one.of(name), two.of(name)) for name in ("homicides_recorded", "support"))


def test_overlapping_blocks_that_agree_give_each_run_once(store: Store) -> None:
    write(store, rows([0, 1]))
    write(store, rows([1, 2]))
    assert read_histories(store)["default"].draws.tolist() == [0, 0, 1, 1, 2, 2]


def test_results_that_disagree_are_an_error(store: Store) -> None:
    shard = write(store, rows([0]), seed=1)
    write(store, rows([0], add=1.0), seed=2)
    with pytest.raises(StoreError, match="disagree") as error:
        read_histories(store)
    assert code(error) == "E57"
    assert len(read_histories(store, [shard])["default"]) == 2


def test_histories_cut_at_different_days_are_not_mixed(store: Store) -> None:
    write(store, rows([0]))
    write(store, rows([1], months=4))
    with pytest.raises(StoreError, match="different days") as error:
        read_histories(store)
    assert code(error) == "E57"


def test_nothing_stored_is_no_reading(store: Store) -> None:
    assert read_histories(store) == {}
    write(store, rows([0], arm="no_truce"))
    assert read_histories(store) == {}
