"""A cube: the summaries of one decision as an array with named axes, every history beside its pairs."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.runs.disk import store_error

if TYPE_CHECKING:
    import pyarrow as pa


@dataclass(frozen=True)
class Cube:
    """Outcomes of one decision.

    Attributes
    ----------
    decision : str
    readings, arms, outcomes : tuple of str
    horizons, draws, lucks : tuple of int
    values : array of float64, shape (readings, arms, horizons, outcomes, draws, lucks)
        NaN where there is no row, or where the outcome is not defined in the history.
    there : array of bool, same shape
        True where there is a row.
    failed : frozenset of (reading, arm, draw, luck)
        Histories that could not be computed; an empty reading or arm stands for every one.
    """

    decision: str
    readings: tuple[str, ...]
    arms: tuple[str, ...]
    horizons: tuple[int, ...]
    outcomes: tuple[str, ...]
    draws: tuple[int, ...]
    lucks: tuple[int, ...]
    values: np.ndarray[Any, np.dtype[np.float64]]
    there: np.ndarray[Any, np.dtype[np.bool_]]
    failed: frozenset[tuple[str, str, int, int]] = field(default=frozenset())
    latest: dict[tuple[int, int], Any] = field(default_factory=dict, init=False, repr=False, compare=False)
    """The reading that was paired last, so that one after another of its cells can be asked for."""

    def outcome(self, outcome: str, horizon: int) -> np.ndarray[Any, np.dtype[np.float64]]:
        """Values of one outcome at one horizon, shape (readings, arms, draws, lucks).

        Raises
        ------
        StoreError
            E56: the store holds no such outcome or horizon.
        """
        return self.values[:, :, self.at("horizon", horizon), self.at("outcome", outcome)]

    def at(self, axis: str, label: str | int) -> int:
        """Position of a label on an axis (``reading``, ``arm``, ``horizon``, ``outcome``, ``draw``, ``luck``).

        Raises
        ------
        StoreError
            E56: there is no such label.
        """
        labels: tuple[Any, ...] = getattr(self, f"{axis}s")
        if label not in labels:
            raise store_error(
                "E56",
                f"the results hold no such {axis}",
                f"decision {self.decision}",
                label,
                ", ".join(str(name) for name in labels) or "nothing",
                f"ask for one of these, or run the command again with this {axis}",
            )
        return labels.index(label)

    def lost(self, reading: str) -> np.ndarray[Any, np.dtype[np.bool_]]:
        """Histories of a reading that failed under some arm, shape (draws, lucks).

        A pair needs both sides and a ranking needs every arm, so such a history is left out of the whole reading.
        """
        out = np.zeros((len(self.draws), len(self.lucks)), dtype=bool)
        for where, arm, draw, luck in self.failed:
            if where in ("", reading) and arm in ("", *self.arms) and draw in self.draws and luck in self.lucks:
                out[self.draws.index(draw), self.lucks.index(luck)] = True
        return out

    @classmethod
    def collect(
        cls,
        tables: Iterable[pa.Table],
        decision: str,
        *,
        readings: Sequence[str] | None = None,
        arms: Sequence[str] | None = None,
        horizons: Sequence[int] | None = None,
        outcomes: Sequence[str] | None = None,
        failed: Iterable[tuple[str, str, int, int]] = (),
    ) -> Cube:
        """Build a cube from tables of summaries, one after another.

        Parameters
        ----------
        tables : iterable of pyarrow.Table
            With the columns of ``summaries``. They may come in any order and in any pieces.
        decision : str
        readings, arms, horizons, outcomes : sequence, optional
            What to take, in the order of the axes; everything, sorted, by default. What is not in the tables is left
            out of the axes.
        failed : iterable of (reading, arm, draw, luck)

        Raises
        ------
        StoreError
            E56: no row; E57: two rows of one history that disagree.
        """
        asked = (readings, arms, horizons, outcomes)
        vocabularies = [_Vocabulary(names) for names in asked]
        parts: list[tuple[np.ndarray[Any, Any], ...]] = []
        for table in tables:
            mask = _codes(table, "decision", {decision: 0}) == 0
            columns = []
            for name, vocabulary in zip(("reading", "arm", "horizon", "outcome"), vocabularies, strict=True):
                code = vocabulary.code(table, name)
                mask &= code >= 0
                columns.append(code)
            whole = (*columns, _numbers(table, "draw"), _numbers(table, "luck"), _numbers(table, "value"))
            parts.append(whole if mask.all() else tuple(column[mask] for column in whole))
        rows = sum(len(part[0]) for part in parts)
        if not rows:
            raise store_error(
                "E56",
                "there are no results for this",
                f"decision {decision}",
                "no row",
                "finished shards of this decision",
                "run the command that computes them",
            )
        axes: list[list[Any]] = []
        places: list[np.ndarray[Any, Any]] = []
        for number, vocabulary in enumerate(vocabularies):
            labels, place = vocabulary.settle(part[number] for part in parts)
            axes.append(labels)
            places.append(place)
        draws, lucks = (np.unique(np.concatenate([np.unique(part[i]) for part in parts])) for i in (4, 5))
        axes += [draws.tolist(), lucks.tolist()]
        shape = tuple(len(axis) for axis in axes)
        values = np.full(shape, np.nan)
        there = np.zeros(shape, dtype=bool)
        flat, seen = values.reshape(-1), there.reshape(-1)
        for *codes, d, k, v in parts:
            known = [place[code] for place, code in zip(places, codes, strict=True)]
            index = np.ravel_multi_index((*known, np.searchsorted(draws, d), np.searchsorted(lucks, k)), shape)
            before = seen[index]
            kept = flat[index]
            flat[index] = v
            seen[index] = True
            # Of two rows of one history the later stands in the cube; both must say the same.
            for one, other in ((flat[index], v), (kept[before], v[before])):
                clash = np.flatnonzero((one != other) & ~(np.isnan(one) & np.isnan(other)))
                if clash.size:
                    rows_at = index if one.size == index.size else index[before]
                    where = np.unravel_index(rows_at[clash[0]], shape)
                    labels = [str(axis[i]) for axis, i in zip(axes, where, strict=True)]
                    raise store_error(
                        "E57",
                        "two stored results of one history disagree",
                        f"decision {decision}",
                        f"{', '.join(labels[:4])}, draw {labels[4]}, luck {labels[5]}: "
                        f"{one[clash[0]]} and {other[clash[0]]}",
                        "the same digits from the same settings",
                        "name one seed, or begin a new folder with --out",
                    )
        return cls(
            decision=decision,
            readings=tuple(axes[0]),
            arms=tuple(axes[1]),
            horizons=tuple(axes[2]),
            outcomes=tuple(axes[3]),
            draws=tuple(axes[4]),
            lucks=tuple(axes[5]),
            values=values,
            there=there,
            failed=frozenset(failed),
        )


class _Vocabulary:
    """Numbers the labels of one axis, in the order asked for or as they come."""

    def __init__(self, asked: Sequence[Any] | None) -> None:
        self._fixed = asked is not None
        self._place: dict[Any, int] = {label: i for i, label in enumerate(dict.fromkeys(asked or ()))}

    def code(self, table: pa.Table, name: str) -> np.ndarray[Any, Any]:
        """Number of the label in every row, -1 where it was not asked for."""
        if not self._fixed:
            column = table.column(name)
            for label in column.unique().to_pylist():
                self._place.setdefault(label, len(self._place))
        return _codes(table, name, self._place)

    def settle(self, codes: Iterable[np.ndarray[Any, Any]]) -> tuple[list[Any], np.ndarray[Any, Any]]:
        """Labels that occur, in order, and the position on the axis of every number given out."""
        labels = list(self._place)
        used = np.zeros(len(labels), dtype=bool)
        for code in codes:
            used[code] = True
        there = [label for label, is_used in zip(labels, used, strict=True) if is_used]
        order = there if self._fixed else sorted(there)
        place = np.full(len(labels), -1)
        for i, label in enumerate(order):
            place[self._place[label]] = i
        return order, place


def _codes(table: pa.Table, name: str, place: dict[Any, int]) -> np.ndarray[Any, Any]:
    import pyarrow as pa
    import pyarrow.compute as pc

    column = table.column(name)
    if not pa.types.is_dictionary(column.type):
        column = pc.dictionary_encode(column)
    out = np.empty(table.num_rows, dtype=np.int16)
    start = 0
    for chunk in column.chunks:
        mapping = np.array([place.get(label, -1) for label in chunk.dictionary.to_pylist()] or [-1], dtype=np.int16)
        out[start : start + len(chunk)] = mapping[chunk.indices.to_numpy(zero_copy_only=False)]
        start += len(chunk)
    return out


def _numbers(table: pa.Table, name: str) -> np.ndarray[Any, Any]:
    numbers: np.ndarray[Any, Any] = table.column(name).to_numpy()
    return numbers
