"""A shard: one piece of work, named by what it computes.

The name of a shard is a digest of the model, the case and its settings. Finished work is therefore found again under
the same name whoever computed it, in whatever order and on however many threads, and is never computed twice.
"""

from __future__ import annotations

import hashlib
import json
import math
import numbers
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    import pyarrow as pa

FORMAT = 1
"""Version of the layout of shards and of the manifest."""

COLUMNS: dict[str, dict[str, str]] = {
    "summaries": {
        "decision": "word",
        "reading": "word",
        "arm": "word",
        "draw": "int32",
        "luck": "int32",
        "horizon": "int32",
        "outcome": "word",
        "value": "double",
    },
    "flows": {
        "reading": "word",
        "arm": "word",
        "draw": "int32",
        "luck": "int32",
        "start": "date",
        "end": "date",
        "area": "word",
        "gang": "word",
        "outcome": "word",
        "value": "double",
    },
}
"""Tables and their columns, in sorting order; every column but ``value`` belongs to the key of a row."""


@dataclass(frozen=True)
class Origin:
    """What results come from.

    Attributes
    ----------
    model : str
        Digest of the model (its mechanisms and equations).
    case : str
        Digest of the case (its figures, levers, readings and arms).
    """

    model: str
    case: str


@dataclass(frozen=True)
class Failure:
    """One history that could not be computed; the rest of its shard stands.

    Attributes
    ----------
    draw, luck : int
        The history.
    message : str
        What went wrong, in one sentence.
    reproduce : str
        The command that repeats it.
    arm, reading, decision : str
        Where it happened; empty means every one in the shard.
    """

    draw: int
    luck: int
    message: str
    reproduce: str = ""
    arm: str = ""
    reading: str = ""
    decision: str = ""

    def as_dict(self) -> dict[str, Any]:
        return {
            "draw": self.draw,
            "luck": self.luck,
            "arm": self.arm,
            "reading": self.reading,
            "decision": self.decision,
            "message": self.message,
            "reproduce": self.reproduce,
        }


@dataclass(frozen=True)
class Shard:
    """One piece of work.

    Attributes
    ----------
    kind : str
        What is computed (``"compare"``, ``"record"``).
    label : str
        A line for people; not part of the name of the shard.
    settings : mapping
        Everything that decides the digits: seed, draws, luck, arms, reading, dates. Plain JSON values only.
        Numbers that are equal give the same name, whether written 1 or 1.0.
    size : int
        Number of histories, for progress and time left; not part of the name.

    Raises
    ------
    TypeError
        A setting that is not plain JSON.
    ValueError
        A setting that is not a finite number.
    """

    kind: str
    label: str
    settings: Mapping[str, Any] = field(hash=False)
    size: int = 1

    def __post_init__(self) -> None:
        object.__setattr__(self, "settings", _plain(self.settings, "settings"))
        if self.size < 1:
            raise ValueError(f"a shard holds at least one history, not {self.size}")

    def key(self, origin: Origin) -> str:
        """The content address: 64 hexadecimal digits."""
        address = {"model": origin.model, "case": origin.case, "kind": self.kind, "settings": self.settings}
        return digest(canonical(address))


def blocks(items: Sequence[int], size: int) -> list[tuple[int, ...]]:
    """Cut draws into blocks whose edges do not depend on how many there are.

    Block number *k* holds the items *i* with ``i // size == k``, so that asking for more draws later reuses every full
    block that is already stored.

    Parameters
    ----------
    items : sequence of int
        Draws, at or above zero.
    size : int
        Draws a block, at least 1.
    """
    if size < 1:
        raise ValueError(f"a block holds at least one draw, not {size}")
    cut: dict[int, list[int]] = {}
    for item in sorted(set(items)):
        cut.setdefault(item // size, []).append(item)
    return [tuple(block) for block in cut.values()]


def canonical(value: Any) -> bytes:
    """The one spelling of a JSON value: keys sorted, no spaces, equal numbers written alike."""
    text = json.dumps(_plain(value, "value"), sort_keys=True, separators=(",", ":"), allow_nan=False)
    return text.encode("ascii")


def digest(data: bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(data).hexdigest()


def _plain(value: Any, place: str) -> Any:
    if value is None or isinstance(value, (str, bool)):
        return value
    if isinstance(value, np.bool_):
        return bool(value)
    if isinstance(value, numbers.Integral):
        return int(value)
    if isinstance(value, numbers.Real):
        number = float(value)
        if not math.isfinite(number):
            raise ValueError(f"{place} is {number}: a shard is named by finite numbers only")
        return int(number) if number.is_integer() else number
    if isinstance(value, Mapping):
        for name in value:
            if not isinstance(name, str):
                raise TypeError(f"{place} has the key {name!r}: keys are text")
        return {name: _plain(value[name], f"{place}.{name}") for name in sorted(value)}
    if isinstance(value, (list, tuple, np.ndarray)):
        return [_plain(item, f"{place}[{number}]") for number, item in enumerate(value)]
    raise TypeError(f"{place} is a {type(value).__name__}: settings are plain JSON values")


def schema(name: str) -> pa.Schema:
    """The Arrow schema of ``summaries`` or ``flows``."""
    import pyarrow as pa

    kinds = {
        "word": pa.dictionary(pa.int32(), pa.string()),
        "int32": pa.int32(),
        "date": pa.date32(),
        "double": pa.float64(),
    }
    return pa.schema([pa.field(column, kinds[kind], nullable=False) for column, kind in COLUMNS[name].items()])


def tabulate(name: str, columns: pa.Table | Mapping[str, Any], *, merge: bool = False) -> pa.Table:
    """Bring columns into the form in which they are stored: fixed schema, one row order, words coded.

    Parameters
    ----------
    name : str
        ``summaries`` or ``flows``.
    columns : pyarrow.Table or mapping
        One entry a column: an array, a list, or a single value that holds for every row. Dates are dates,
        ``datetime64[D]`` or ISO text. ``value`` may be NaN where an outcome is not defined in a history.
    merge : bool
        Keep one of several rows that are equal in every column, value included, instead of refusing them.

    Raises
    ------
    ValueError
        A column missing, unknown, of another length or kind, an infinite value, or two rows with the same key.
    """
    import pyarrow as pa

    kinds = COLUMNS.get(name)
    if kinds is None:
        raise ValueError(f"unknown table {name!r}: there are {', '.join(COLUMNS)}")
    given = {c: columns[c] for c in columns.column_names} if isinstance(columns, pa.Table) else dict(columns)
    if set(given) != set(kinds):
        raise ValueError(f"table {name} needs the columns {', '.join(kinds)}; found {', '.join(sorted(given))}")
    lengths = {len(v) for v in given.values() if not _single(v)}
    if len(lengths) > 1:
        raise ValueError(f"table {name} has columns of different lengths: {sorted(lengths)}")
    rows = lengths.pop() if lengths else 1

    arrays: list[Any] = []
    codes: list[np.ndarray[Any, Any]] = []
    for column, kind in kinds.items():
        try:
            array, code = _column(given[column], kind, rows)
        except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, OverflowError) as error:
            raise ValueError(f"table {name}, column {column}: {error}") from error
        if array.null_count:
            raise ValueError(f"table {name}, column {column}: {array.null_count} values are missing")
        arrays.append(array)
        codes.append(code)
    value = codes.pop()
    if np.isinf(value).any():
        raise ValueError(f"table {name}: {int(np.isinf(value).sum())} values are infinite")
    table = pa.Table.from_arrays(arrays, schema=schema(name))
    place = pack(codes)
    order = np.argsort(place, kind="stable")
    place = place[order]
    again = np.flatnonzero(place[1:] == place[:-1]) + 1
    if again.size:
        sorted_value = value[order]
        here, before = sorted_value[again], sorted_value[again - 1]
        equal = (here == before) | (np.isnan(here) & np.isnan(before))
        if not merge or not equal.all():
            told = "and another value" if merge else ""
            raise ValueError(f"table {name}: {again.size} rows have the key of another row {told}".rstrip())
        order = np.delete(order, again)
    elif np.array_equal(order, np.arange(rows)):
        return table
    return table.take(pa.array(order)).combine_chunks()


def pack(codes: Sequence[np.ndarray[Any, Any]]) -> np.ndarray[Any, Any]:
    """One integer a row that sorts and compares like the row of codes.

    Parameters
    ----------
    codes : sequence of arrays of int, shape (rows,)
        The most important first.

    Returns
    -------
    array of int64, shape (rows,)
    """
    out = np.zeros(len(codes[0]), dtype=np.int64)
    span = 1
    for code in codes:
        if not len(code):
            return out
        low = int(code.min())
        width = int(code.max()) - low + 1
        if span * width >= 2**62:
            # Too many combinations for one integer: number those that occur and go on from there.
            _, out = np.unique(out, return_inverse=True)
            span = int(out.max()) + 1
        out = out * width + (code.astype(np.int64) - low)
        span *= width
    return out


def _single(value: Any) -> bool:
    return isinstance(value, (str, numbers.Number, np.generic)) or not hasattr(value, "__len__")


def _column(value: Any, kind: str, rows: int) -> tuple[Any, np.ndarray[Any, Any]]:
    """One Arrow array of `rows` values and sortable NumPy codes of it."""
    import pyarrow as pa
    import pyarrow.compute as pc

    if isinstance(value, pa.ChunkedArray):
        value = value.combine_chunks()
        if isinstance(value, pa.ChunkedArray):
            value = value.chunk(0) if value.num_chunks else pa.array([], value.type)
    if kind == "word":
        if isinstance(value, str):
            words, raw = [value], np.zeros(rows, dtype=np.int64)
        else:
            array = value if isinstance(value, (pa.Array, pa.ChunkedArray)) else pa.array(_listed(value))
            if not pa.types.is_dictionary(array.type):
                array = pc.dictionary_encode(array.cast(pa.string()))
            if array.null_count:
                return array, np.zeros(rows)
            words, raw = array.dictionary.to_pylist(), array.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        # Codes follow the alphabet and unused words go, so that equal tables have equal bytes.
        used = sorted({words[i] for i in np.unique(raw)})
        place = {word: i for i, word in enumerate(used)}
        code = np.array([place.get(word, -1) for word in words], dtype=np.int32)[raw] if words else raw.astype(np.int32)
        return pa.DictionaryArray.from_arrays(pa.array(code, pa.int32()), pa.array(used, pa.string())), code
    kinds = {"int32": pa.int32(), "date": pa.date32(), "double": pa.float64()}
    if _single(value):
        array = pa.array([value]).cast(kinds[kind]).take(pa.array(np.zeros(rows, dtype=np.int64)))
    elif isinstance(value, pa.Array):
        array = value.cast(kinds[kind])
    else:
        array = pa.array(_listed(value)).cast(kinds[kind]) if rows else pa.array([], kinds[kind])
    if kind == "date":
        return array, array.cast(pa.int32()).to_numpy(zero_copy_only=False)
    return array, array.to_numpy(zero_copy_only=False)


def _listed(value: Any) -> Any:
    return value.tolist() if isinstance(value, np.ndarray) and value.dtype.kind == "O" else value


def encode(name: str, table: pa.Table, identity: Mapping[str, str]) -> bytes:
    """Parquet bytes of a table; the same table gives the same bytes with the same versions.

    Parameters
    ----------
    name : str
        ``summaries`` or ``flows``.
    table : pyarrow.Table
        As made by `tabulate`.
    identity : mapping
        Key, model, case and kind of the shard; kept inside the file, so that a file that was copied from elsewhere
        or renamed gives itself away.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = table.replace_schema_metadata({f"tregua.{k}": v for k, v in sorted(identity.items())})
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        version="2.6",
        row_group_size=1 << 20,
        use_dictionary=[c for c, kind in COLUMNS[name].items() if kind != "double"],
    )
    return bytes(sink.getvalue().to_pybytes())


def decode(name: str, data: bytes, identity: Mapping[str, str]) -> pa.Table:
    """Read what `encode` wrote and hold it against what it should be.

    Raises
    ------
    ValueError
        Not Parquet, truncated, other columns, or the file of another shard, model or case.
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        table = pq.ParquetFile(pa.BufferReader(data)).read(use_threads=False)
    except (pa.ArrowException, OSError, EOFError) as error:
        raise ValueError(f"not a whole Parquet file ({error})") from error
    found = {k.decode(): v.decode() for k, v in (table.schema.metadata or {}).items()}
    for part, wanted in identity.items():
        there = found.get(f"tregua.{part}", "nothing")
        if there != wanted:
            raise ValueError(f"it is of another {part}: {there[:12]}, not {wanted[:12]}")
    if not table.schema.equals(schema(name), check_metadata=False):
        raise ValueError(f"its columns are {', '.join(table.schema.names)}, not those of {name}")
    return table.replace_schema_metadata(None).combine_chunks()
