"""Histories: the recorded runs of one reading as arrays, runs by pieces, with sums over whole pieces."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.model.outcomes import OUTCOMES
from tregua.runs.disk import store_error
from tregua.runs.query import read_tables
from tregua.runs.shard import Shard
from tregua.runs.store import Store
from tregua.series.span import DaySet, Span

if TYPE_CHECKING:
    import pyarrow as pa

Array = np.ndarray[Any, np.dtype[Any]]

RECORD_ARM = "as_it_happened"
NATIONAL, ALL_GANGS = "national", "all"
NOT_KEPT = "E56"
"""Code of the error for an outcome, a reading or days that the stored runs do not hold."""
OFF_EDGE = "E59"
"""Code of the error for days that cut a stored piece in two."""
_EPOCH = date(1970, 1, 1).toordinal()
_KEYS = ("draw", "luck", "start", "end")


@dataclass(frozen=True, eq=False)
class Histories:
    """Runs of one arm under one reading, for the whole country.

    Attributes
    ----------
    reading : str
    draws, lucks : array of int, shape (runs,)
        Which history each row is, in order of draw and luck.
    starts, ends : array of int, shape (pieces,)
        First and last day of each piece, both counted, as `date.toordinal`; disjoint and in order.
    values : mapping
        Outcome -> array of float, shape (runs, pieces): a flow over the piece, or a stock at its end.

    Raises
    ------
    ValueError
        Shapes that do not agree, or pieces that overlap.
    """

    reading: str
    draws: Array
    lucks: Array
    starts: Array
    ends: Array
    values: Mapping[str, Array]

    def __post_init__(self) -> None:
        shape = (len(self.draws), len(self.starts))
        if len(self.lucks) != shape[0] or len(self.ends) != shape[1]:
            raise ValueError("draws and lucks, starts and ends come in pairs")
        if any(column.shape != shape for column in self.values.values()):
            raise ValueError(f"every outcome has the shape (runs, pieces) = {shape}")
        if (self.ends < self.starts).any() or (self.starts[1:] <= self.ends[:-1]).any():
            raise ValueError("pieces are disjoint and in order")

    def __len__(self) -> int:
        return len(self.draws)

    @property
    def start(self) -> date:
        """First day of the runs."""
        return date.fromordinal(int(self.starts[0]))

    @property
    def end(self) -> date:
        """Last day of the runs."""
        return date.fromordinal(int(self.ends[-1]))

    def of(self, outcome: str) -> Array:
        """One outcome, shape (runs, pieces).

        Raises
        ------
        StoreError
            E56: the runs hold no such outcome.
        """
        if outcome not in self.values:
            raise store_error(
                NOT_KEPT,
                "the stored runs hold no such outcome",
                f"reading {self.reading}",
                outcome,
                ", ".join(self.values) or "nothing",
                "ask for one of these, or run the command again",
            )
        return self.values[outcome]

    def total(self, outcome: str, spans: Iterable[Span]) -> Array:
        """Sum of a flow over a union of days.

        Parameters
        ----------
        outcome : str
            Id of a flow.
        spans : iterable of Span
            Days, each counted once; their runs begin and end where pieces do.

        Returns
        -------
        array of float, shape (runs,)

        Raises
        ------
        StoreError
            E56 an outcome or days that the runs do not hold; E59 days that cut a piece in two.
        ValueError
            The outcome is no flow.
        """
        if outcome in OUTCOMES and OUTCOMES[outcome].kind != "flow":
            raise ValueError(f"{outcome} is a {OUTCOMES[outcome].kind}: only a flow can be summed over days")
        values = self.of(outcome)
        columns = [np.arange(*self._pieces(first, after)) for first, after in DaySet.of(spans)]
        taken = np.concatenate(columns) if columns else np.zeros(0, np.int64)
        return np.asarray(np.ascontiguousarray(values[:, taken]).sum(axis=1))

    def level(self, outcome: str, day: date) -> Array:
        """A stock on a day, linear between the ends of the two pieces around it.

        Returns
        -------
        array of float, shape (runs,)

        Raises
        ------
        StoreError
            E56: no such outcome, or a day before the first or after the last end of a piece.
        """
        values, at = self.of(outcome), day.toordinal()
        after = int(np.searchsorted(self.ends, at))
        if after == len(self.ends) or (after == 0 and self.ends[0] != at):
            raise self._not_covered(str(day))
        if self.ends[after] == at:
            return values[:, after].copy()
        part = (at - self.ends[after - 1]) / (self.ends[after] - self.ends[after - 1])
        return np.asarray((1.0 - part) * values[:, after - 1] + part * values[:, after])

    def _pieces(self, first: int, after: int) -> tuple[int, int]:
        """Numbers of the first piece of a run of days and of the piece after its last."""
        low, high = int(np.searchsorted(self.starts, first)), int(np.searchsorted(self.ends, after - 1))
        days = f"{date.fromordinal(first)}..{date.fromordinal(after - 1)}"
        if not len(self.starts) or first < self.starts[0] or after - 1 > self.ends[-1]:
            raise self._not_covered(days)
        begins = low < len(self.starts) and self.starts[low] == first
        if not begins or self.ends[high] != after - 1:
            inner = [day for day in (*self.starts, *(self.ends + 1)) if first < day < after]
            near = sorted({*inner, int(self.starts[max(low - 1, 0)]), int(self.ends[high]) + 1})
            raise store_error(
                OFF_EDGE,
                "days that were asked for cut a stored piece in two",
                f"reading {self.reading}",
                days,
                "first days of pieces: " + ", ".join(str(date.fromordinal(day)) for day in (*near[:3], *near[-3:])),
                "ask for whole pieces, or add the days to the cut days of the runs",
            )
        if (self.starts[low + 1 : high + 1] != self.ends[low:high] + 1).any():
            raise self._not_covered(days)
        return low, high + 1

    def _not_covered(self, days: str) -> Exception:
        covered = f"{self.start}..{self.end}" if len(self.starts) else "nothing"
        return store_error(
            NOT_KEPT,
            "the stored runs do not cover these days",
            f"reading {self.reading}",
            days,
            covered,
            "run the command again over these days",
        )


def read_histories(
    store: Store,
    shards: Iterable[Shard | str] | None = None,
    *,
    readings: Sequence[str] | None = None,
    outcomes: Sequence[str] | None = None,
    arm: str = RECORD_ARM,
    threads: int = 2,
) -> dict[str, Histories]:
    """The national flows and stocks of a store, reading by reading.

    Parameters
    ----------
    store : Store
    shards : iterable of Shard or key, optional
        Which ones; all that are finished by default.
    readings, outcomes : sequence of str, optional
        What to take; everything by default.
    arm : str
        The run as it happened by default.
    threads : int
        Files read at once.

    Returns
    -------
    dict
        Reading -> Histories, in the order asked for, else that of the alphabet. Readings without a run are left out.

    Raises
    ------
    StoreError
        E55 a shard is missing or broken; E57 two results of one history that disagree, or histories cut at
        different days.
    """
    keys = [store.key(shard) for shard in (store.manifest.shards if shards is None else shards)]
    if readings is not None:
        keys = [key for key in keys if store.entry(key).settings.get("reading", readings[0]) in readings]
    found: dict[str, list[dict[str, Any]]] = {}
    for table in read_tables(store, "flows", keys, threads=threads):
        for reading, block in _blocks(table, arm, readings, outcomes):
            found.setdefault(reading, []).append(block)
    order = [reading for reading in readings or sorted(found) if reading in found]
    return {reading: _joined(reading, found[reading], str(store.folder)) for reading in order}


def _words(table: pa.Table, column: str) -> tuple[Array, list[str]]:
    """Codes of a column of words, and the words."""
    chunks = table.column(column).combine_chunks()
    coded = chunks.chunk(0) if hasattr(chunks, "chunk") else chunks
    return coded.indices.to_numpy(zero_copy_only=False), coded.dictionary.to_pylist()


def _blocks(
    table: pa.Table, arm: str, readings: Sequence[str] | None, outcomes: Sequence[str] | None
) -> Iterator[tuple[str, dict[str, Any]]]:
    """National rows of one stored table, one block a reading."""
    if not table.num_rows:
        return
    keep = np.ones(table.num_rows, bool)
    for column, wanted in (("arm", arm), ("area", NATIONAL), ("gang", ALL_GANGS)):
        codes, words = _words(table, column)
        keep &= codes == (words.index(wanted) if wanted in words else -1)
    codes, names = _words(table, "outcome")
    if outcomes is not None:
        keep &= np.isin(codes, [i for i, name in enumerate(names) if name in outcomes])
    of_reading, known = _words(table, "reading")
    rows = np.flatnonzero(keep)
    columns = {"draw": table.column("draw"), "luck": table.column("luck"), "value": table.column("value")}
    # Days since 1970 in the file; ordinals here, so that they compare with spans.
    columns |= {name: table.column(name).cast("int32") for name in ("start", "end")}
    taken = {name: column.to_numpy()[rows] for name, column in columns.items()}
    for number, reading in enumerate(known):
        mine = of_reading[rows] == number
        if mine.any() and (readings is None or reading in readings):
            yield (
                reading,
                {
                    "outcome": codes[rows][mine],
                    "names": names,
                    **{name: column[mine] for name, column in taken.items()},
                },
            )


def _coded(key: Array) -> tuple[Array, Array]:
    """Values that occur, in order, and the number of each row's value; quick where equal rows stand together."""
    heads = np.flatnonzero(np.r_[True, key[1:] != key[:-1]])
    found, number = np.unique(key[heads], return_inverse=True)
    return found, np.repeat(number, np.diff(np.append(heads, len(key))))


def _joined(reading: str, blocks: Sequence[Mapping[str, Any]], folder: str) -> Histories:
    """Blocks of rows as one set of arrays."""
    names = tuple(dict.fromkeys(name for block in blocks for name in block["names"]))
    columns = {name: np.concatenate([block[name] for block in blocks]).astype(np.int64) for name in _KEYS}
    value = np.concatenate([block["value"] for block in blocks])
    place = {name: number for number, name in enumerate(names)}
    outcome = np.concatenate(
        [np.array([place[name] for name in block["names"]], np.int64)[block["outcome"]] for block in blocks]
    )
    runs, run = _coded(columns["draw"] << 32 | columns["luck"])
    pieces, piece = _coded(columns["start"] << 32 | columns["end"])
    used = np.flatnonzero(np.bincount(outcome, minlength=len(names)))
    kind = np.searchsorted(used, outcome)
    shape = (len(used), len(runs), len(pieces))
    cell = (kind * shape[1] + run) * shape[2] + piece
    values = np.full(shape, np.nan)
    values.ravel()[cell] = value
    if not np.array_equal(values.ravel()[cell], value, equal_nan=True):
        raise store_error(
            "E57",
            "two stored results of one history disagree",
            folder,
            f"reading {reading}",
            "the same digits from the same settings",
            "name the shards of one seed, or begin a new folder with --out",
        )
    filled = np.zeros(shape, bool)
    filled.ravel()[cell] = True
    starts, ends = (pieces >> 32) + _EPOCH, (pieces & 0xFFFFFFFF) + _EPOCH
    if not filled.all() or (starts[1:] <= ends[:-1]).any():
        raise store_error(
            "E57",
            "stored histories of one reading are cut at different days or hold different outcomes",
            folder,
            f"reading {reading}",
            "one set of pieces and outcomes",
            "name the shards of one experiment, or begin a new folder with --out",
        )
    return Histories(
        reading,
        (runs >> 32).astype(np.int64),
        (runs & 0xFFFFFFFF).astype(np.int64),
        starts,
        ends,
        {names[code]: values[number] for number, code in enumerate(used)},
    )
