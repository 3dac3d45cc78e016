"""Asking a store: rows, quantiles, exact sums, a cube, or SQL.

Doubles are never summed by a parallel engine: the last digits would depend on the number of threads. `sums` adds them
exactly; `connect` runs SQL on one thread, where counts, extremes and quantiles are safe and a sum of doubles needs an
``order by`` inside it.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from itertools import islice
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.runs.cube import Cube
from tregua.runs.disk import store_error
from tregua.runs.shard import COLUMNS, Shard, pack, schema, tabulate
from tregua.runs.store import Store

if TYPE_CHECKING:
    import duckdb
    import pyarrow as pa


def read_tables(
    store: Store, table: str, shards: Iterable[Shard | str] | None = None, *, threads: int = 2
) -> Iterator[pa.Table]:
    """The stored tables one after another, in the order of the shards' names; memory for a few at a time.

    Parameters
    ----------
    store : Store
    table : str
        ``summaries`` or ``flows``.
    shards : iterable of Shard or key, optional
        Which ones; all that are finished by default. Those that hold no such table are passed over.
    threads : int
        Files read at once.

    Raises
    ------
    StoreError
        E55: a shard that was asked for is not finished, or is broken.
    """
    keys = sorted({store.key(shard) for shard in (store.manifest.shards if shards is None else shards)})
    keys = [key for key in keys if table in store.entry(key).tables]
    with ThreadPoolExecutor(max(1, threads)) as pool:
        rest = iter(keys)
        ahead = [pool.submit(store.read, key, table) for key in islice(rest, 2 * threads)]
        while ahead:
            yield ahead.pop(0).result()
            ahead.extend(pool.submit(store.read, key, table) for key in islice(rest, 1))


def read(
    store: Store,
    table: str,
    shards: Iterable[Shard | str] | None = None,
    *,
    where: dict[str, Any] | None = None,
    threads: int = 2,
) -> pa.Table:
    """Rows of many shards as one Arrow table, in the one order of the columns whatever the pieces were.

    Parameters
    ----------
    store, table, shards, threads
        As in `read_tables`.
    where : dict, optional
        Column -> value, or list of values, to keep.

    Raises
    ------
    StoreError
        E55 as in `read_tables`; E57: two rows of one history that disagree.
    ValueError
        A column that does not exist.
    """
    import pyarrow as pa

    keep = _filter(table, where or {})
    parts = [keep(part) for part in read_tables(store, table, shards, threads=threads)]
    parts = [part for part in parts if part.num_rows]
    if not parts:
        return schema(table).empty_table()
    try:
        return tabulate(table, pa.concat_tables(parts).unify_dictionaries().combine_chunks(), merge=True)
    except ValueError as error:
        raise store_error(
            "E57",
            "two stored results of one history disagree",
            store.folder,
            error,
            "the same digits from the same settings",
            "name one seed, or begin a new folder with --out",
        ) from error


def cube(
    store: Store,
    decision: str,
    shards: Iterable[Shard | str] | None = None,
    *,
    readings: Sequence[str] | None = None,
    arms: Sequence[str] | None = None,
    horizons: Sequence[int] | None = None,
    outcomes: Sequence[str] | None = None,
    threads: int = 2,
) -> Cube:
    """The summaries of one decision as a `Cube`, failed histories noted.

    Shards whose settings have a ``decision`` or ``reading`` are opened only if it is the one asked for; rows of the
    variant ``<decision>_<variant>`` are looked for in the shards of ``<decision>``.

    Parameters
    ----------
    store : Store
    decision : str
    shards : iterable of Shard or key, optional
        Which ones; all that are finished by default.
    readings, arms, horizons, outcomes : sequence, optional
        What to take and in which order; everything by default.
    threads : int

    Raises
    ------
    StoreError
        E55 a shard missing or broken; E56 no such results; E57 results that disagree.
    """
    keys = [store.key(shard) for shard in (store.manifest.shards if shards is None else shards)]
    # A shard that says in its settings that it is of another decision or reading need not be opened. A decision may
    # have variants, named after it (2017 and 2017_halt_ends), in one shard.
    keys = [key for key in keys if _bears_on(store.entry(key).settings, decision, readings)]
    failed = {
        (failure.reading or str(entry.settings.get("reading", "")), failure.arm, failure.draw, failure.luck)
        for entry in map(store.entry, keys)
        for failure in entry.failures
        if not failure.decision or _is_of(decision, failure.decision)
    }
    return Cube.collect(
        read_tables(store, "summaries", keys, threads=threads),
        decision,
        readings=readings,
        arms=arms,
        horizons=horizons,
        outcomes=outcomes,
        failed=failed,
    )


def quantiles(table: pa.Table, by: Sequence[str], levels: Sequence[float] = (0.05, 0.25, 0.5, 0.75, 0.95)) -> pa.Table:
    """Quantiles of ``value`` in every group, by linear interpolation.

    Parameters
    ----------
    table : pyarrow.Table
        Rows of a store.
    by : sequence of str
        Columns that make a group.
    levels : sequence of float
        In 0..1. They become the columns ``q05``, ``q25``, ``q50`` ...

    Returns
    -------
    pyarrow.Table
        The columns of `by`, ``n`` (values that are defined) and the quantiles (NaN where there are none), in the order
        of `by`.
    """
    import pyarrow as pa

    group, first, starts = _groups(table, by)
    value = table.column("value").to_numpy()
    # NaN sorts last, so the defined values of a group are the first n of it.
    ordered = value[np.lexsort((value, group))]
    n = np.bincount(group[~np.isnan(value)], minlength=len(starts))
    columns: dict[str, Any] = {name: table.column(name).take(pa.array(first)) for name in by}
    columns["n"] = pa.array(n)
    for level in levels:
        position = starts + np.maximum(n - 1, 0) * level
        low = np.floor(position).astype(np.int64)
        high = np.minimum(low + 1, starts + np.maximum(n - 1, 0)).astype(np.int64)
        part = position - low
        q = np.where(n > 0, ordered[low] + part * (ordered[high] - ordered[low]), np.nan)
        columns[f"q{round(100 * level):02d}"] = pa.array(q)
    return pa.table(columns)


def sums(table: pa.Table, by: Sequence[str]) -> pa.Table:
    """Exactly rounded sums of ``value`` in every group: the same digits in any order of the rows.

    Parameters
    ----------
    table : pyarrow.Table
    by : sequence of str

    Returns
    -------
    pyarrow.Table
        The columns of `by`, ``n`` and ``value``, in the order of `by`.
    """
    import pyarrow as pa

    group, first, starts = _groups(table, by)
    ordered = table.column("value").to_numpy()[np.argsort(group, kind="stable")]
    ends = np.append(starts[1:], len(ordered))
    columns: dict[str, Any] = {name: table.column(name).take(pa.array(first)) for name in by}
    columns["n"] = pa.array(ends - starts)
    columns["value"] = pa.array([math.fsum(ordered[a:b]) for a, b in zip(starts, ends, strict=True)], pa.float64())
    return pa.table(columns)


def connect(store: Store, shards: Iterable[Shard | str] | None = None) -> duckdb.DuckDBPyConnection:
    """A DuckDB connection with the views ``summaries`` and ``flows`` over finished shards.

    The files are held against their digests first. One thread, and no access to the network.

    Raises
    ------
    StoreError
        E55: a shard is not finished or is broken.
    """
    import duckdb

    keys = sorted({store.key(shard) for shard in (store.manifest.shards if shards is None else shards)})
    for key in keys:
        store.entry(key)
    broken = store.check(keys)
    if broken:
        raise store_error(
            "E55",
            "a stored result was broken and has been set aside",
            broken[0].file,
            broken[0].found,
            broken[0].allowed,
            "run the same command again: only this piece is computed again",
        )
    connection = duckdb.connect(config={"threads": 1, "autoinstall_known_extensions": False})
    for table in COLUMNS:
        files = [str(store.path(key, table)) for key in keys if table in store.entry(key).tables]
        if files:
            connection.read_parquet(files).create_view(table)
        else:
            connection.from_arrow(schema(table).empty_table()).create_view(table)
    return connection


def _is_of(decision: str, named: str) -> bool:
    """True where `named` is the decision itself or the one that it is a variant of."""
    return decision == named or decision.startswith(f"{named}_")


def _bears_on(settings: Mapping[str, Any], decision: str, readings: Sequence[str] | None) -> bool:
    of_decision = _is_of(decision, settings["decision"]) if "decision" in settings else True
    of_reading = settings["reading"] in readings if readings is not None and "reading" in settings else True
    return of_decision and of_reading


def _filter(name: str, where: dict[str, Any]) -> Callable[[pa.Table], pa.Table]:
    import pyarrow as pa
    import pyarrow.compute as pc

    unknown = set(where) - set(COLUMNS[name])
    if unknown:
        raise ValueError(
            f"table {name} has no column {', '.join(sorted(unknown))}: there are {', '.join(COLUMNS[name])}"
        )

    def keep(table: pa.Table) -> pa.Table:
        for column, wanted in where.items():
            values = list(wanted) if isinstance(wanted, (list, tuple, set, frozenset)) else [wanted]
            there = table.column(column)
            if pa.types.is_dictionary(there.type):
                there = there.cast(pa.string())
            table = table.filter(pc.is_in(there, value_set=pa.array(values, there.type)))
        return table

    return keep


def _groups(table: pa.Table, by: Sequence[str]) -> tuple[Any, Any, Any]:
    """Group number of every row, a row of every group, and where each group starts once rows are sorted by group."""
    import pyarrow as pa

    codes = []
    for name in by:
        column = table.column(name).combine_chunks()
        if isinstance(column, pa.ChunkedArray):
            column = column.chunk(0) if column.num_chunks else pa.array([], column.type)
        if pa.types.is_dictionary(column.type):
            words = column.dictionary.to_pylist()
            rank = np.empty(max(len(words), 1), dtype=np.int64)
            rank[np.argsort(np.array(words, dtype=object), kind="stable")] = np.arange(len(words))
            codes.append(rank[column.indices.to_numpy(zero_copy_only=False)])
        elif pa.types.is_date(column.type):
            codes.append(column.cast(pa.int32()).to_numpy(zero_copy_only=False))
        elif pa.types.is_integer(column.type):
            codes.append(column.to_numpy(zero_copy_only=False))
        else:
            codes.append(np.unique(np.array(column.to_pylist(), dtype=object), return_inverse=True)[1])
    place = pack(codes) if codes else np.zeros(table.num_rows, dtype=np.int64)
    _, first, group, counts = np.unique(place, return_index=True, return_inverse=True, return_counts=True)
    return group, first, np.cumsum(counts) - counts
