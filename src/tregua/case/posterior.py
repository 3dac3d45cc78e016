"""Posteriors: joint draws of what was fitted, one file a reading, with the gate that the procedure passed or failed.

A posterior belongs to one model and to the figures, levers and reading that it was fitted to. One of another model or
of other figures is never used in silence: it is set aside and the reason is kept.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

from tregua.errors import StoreError

if TYPE_CHECKING:
    from tregua.case.load import Case

Array = np.ndarray[Any, np.dtype[Any]]

POSTERIORS = Path(__file__).resolve().parent.parent / "posteriors"
"""Folder of the posteriors that ship, one folder a case."""
FORMAT = 1
Gate = Literal["passed", "failed", "not_run"]
Standing = Literal["usable", "other_model", "other_figures"]


@dataclass(frozen=True, eq=False)
class Posterior:
    """Joint draws under one reading.

    Attributes
    ----------
    case, reading : str
    names : tuple of str
        Parameters that were fitted, in order.
    rows : array, shape (draws, names)
        One joint draw a row, as the model takes them: a factor of the reading is already in them.
    manifest : mapping
        Seed, hashes, versions, procedure, gate and scores, as written when it was made.
    standing : {"usable", "other_model", "other_figures"}
        Whether it belongs to this model and these figures.
    """

    case: str
    reading: str
    names: tuple[str, ...]
    rows: Array = field(repr=False)
    manifest: Mapping[str, Any] = field(repr=False)
    standing: Standing = "usable"

    @property
    def gate(self) -> Gate:
        """State of the gate of the procedure that made it."""
        state = self.manifest.get("gate", {}).get("state", "not_run")
        return state if state in ("passed", "failed") else "not_run"

    @property
    def usable(self) -> bool:
        return self.standing == "usable"

    @property
    def digest(self) -> str:
        """Hash of the draws, 64 hexadecimal digits."""
        return str(self.manifest["draws_digest"])

    def row(self, number: int) -> dict[str, float]:
        """One joint draw; numbers past the last begin again."""
        return dict(zip(self.names, self.rows[number % len(self.rows)].tolist(), strict=True))


def fit_origin(case: Case, reading: str) -> str:
    """Hash of what decides a fit besides the model: figures and levers up to the end of the window, world, reading."""
    rule = case.readings[reading]
    world = replace(
        case.world,
        areas=tuple(sorted(case.world.areas, key=lambda a: a.id)),
        gangs=tuple(sorted(case.world.gangs, key=lambda g: g.id)),
    )
    last = (case.fit_end - case.start).days + 1 if case.fit_end else 0
    figures = [[c.id, [str(s) for s in c.spans], c.count] for c in case.observations.fit_pieces()]
    targets = [[t.measure, [str(s) for s in t.spans], t.value, t.error, t.distribution] for t in case.targets]
    paths = (case.history.paths, rule.paths)
    told = {
        "window": [str(case.start), str(case.fit_end)],
        "figures": figures,
        "targets": targets,
        "world": repr(world),
        "levers": [{n: [list(c) for c in path if c[0] < last] for n, path in sorted(p.items())} for p in paths],
        "breaks": sorted(d.day for d in case.decisions.values() if d.day < last),
        "sets": dict(sorted(rule.sets.items())),
        "scales": dict(sorted(rule.scales.items())),
        "parameters": dict(sorted(case.parameter_overrides.items())),
    }
    return hashlib.sha256(json.dumps(told, sort_keys=True, separators=(",", ":")).encode()).hexdigest()


def draws_bytes(names: Iterable[str], columns: Any) -> bytes:
    """Parquet bytes of joint draws.

    Parameters
    ----------
    names : iterable of str
    columns : array, shape (rows, names)
    """
    import pyarrow as pa
    import pyarrow.parquet as pq

    table = pa.table({name: pa.array(columns[:, j], pa.float32()) for j, name in enumerate(names)})
    sink = pa.BufferOutputStream()
    pq.write_table(
        table,
        sink,
        compression="zstd",
        version="2.6",
        use_dictionary=False,
        use_byte_stream_split=True,
        store_schema=False,
    )
    return bytes(sink.getvalue().to_pybytes())


def draws_digest(names: Iterable[str], rows: Array) -> str:
    """Hash of joint draws: names and digits, whatever file holds them."""
    out = hashlib.sha256(",".join(names).encode())
    out.update(np.ascontiguousarray(rows, "<f8").tobytes())
    return out.hexdigest()


def read_posterior(folder: Path, reading: str) -> Posterior:
    """One posterior as its files say.

    Raises
    ------
    StoreError
        Files that are missing, broken or changed since they were written.
    """
    table_file, manifest_file = folder / f"{reading}.parquet", folder / f"{reading}.json"
    try:
        stamp = tuple(path.stat().st_mtime_ns for path in (table_file, manifest_file))
        return _read(table_file, manifest_file, reading, stamp)
    except OSError as error:
        raise _unreadable(table_file, reading, error) from error


def _unreadable(file: Path, reading: str, error: Exception) -> StoreError:
    return StoreError(
        "a posterior cannot be read",
        file=str(file),
        key=reading,
        found=str(error),
        allowed="the two files that tregua calibrate wrote",
        mend=f"run tregua calibrate --reading {reading} again",
    )


@lru_cache(maxsize=64)
def _read(table_file: Path, manifest_file: Path, reading: str, stamp: tuple[int, ...]) -> Posterior:
    import pyarrow as pa
    import pyarrow.parquet as pq

    try:
        manifest = json.loads(manifest_file.read_text(encoding="utf-8"))
        with pq.ParquetFile(table_file) as opened:  # pq.read_table would load the dataset engine first
            table = opened.read(use_threads=False)
        names = tuple(table.column_names)
        # to_numpy would import pandas, where it is installed, for nothing
        columns = [np.concatenate([np.from_dlpack(part) for part in table.column(name).chunks]) for name in names]
        rows = np.column_stack([column.astype(float) for column in columns])
        if manifest["format"] != FORMAT or manifest["draws_digest"] != draws_digest(names, rows):
            raise ValueError("the draws are not those that were written")
        case = str(manifest["case"])
    except (OSError, ValueError, KeyError, TypeError, pa.ArrowException) as error:
        file = manifest_file if isinstance(error, json.JSONDecodeError) else table_file
        raise _unreadable(file, reading, error) from error
    return Posterior(case, reading, names, rows, manifest)


def find_posteriors(case: Case, folder: Path, model: str) -> dict[str, Posterior]:
    """Every posterior of a case in a folder, with its standing towards this model and these figures.

    Parameters
    ----------
    case : Case
    folder : Path
        One that holds ``<reading>.json`` and ``<reading>.parquet``.
    model : str
        Hash of the model that would use them.
    """
    out = {}
    for reading in case.readings:
        if not (folder / f"{reading}.json").is_file():
            continue
        found = read_posterior(folder, reading)
        standing: Standing = "usable"
        if found.case != case.id or found.manifest.get("origin") != fit_origin(case, reading):
            standing = "other_figures"
        elif found.manifest.get("model") != model:
            standing = "other_model"
        out[reading] = replace(found, standing=standing)
    return out


def posteriors_of(case: Case, model: str, own: Path | None = None) -> dict[str, Posterior]:
    """Posteriors for the readings of a case: one's own first, then those that ship.

    Parameters
    ----------
    case : Case
    model : str
    own : Path, optional
        ``<out>/<case>/posterior``, where `tregua calibrate` writes.
    """
    out = find_posteriors(case, POSTERIORS / case.id, model)
    if own is not None:
        mine = find_posteriors(case, own, model)
        out.update({name: found for name, found in mine.items() if found.usable or name not in out})
    return {name: out[name] for name in case.readings if name in out}
