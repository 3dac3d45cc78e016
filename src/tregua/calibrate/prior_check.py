"""The prior predictive check: what priors alone expect of every figure, looked at before anything is fitted.

Histories are the first of the bank, so that the check costs nothing where a fit follows; figures carry the error with
which institutions count. A figure that priors hardly ever give would draw the fit to the edge of what was thought
possible: that is to be seen before the fit, and then the prior or the model is argued with, not the figure. Priors are
wide on purpose, so that far more than 90 % of the figures may lie inside 90 %: there is no band to pass.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.bank import SHARD, Bank
from tregua.calibrate.figures import NEAR_NOTHING
from tregua.calibrate.likelihood import PHI, simulate_figures
from tregua.calibrate.quantile import LEVELS
from tregua.calibrate.register import NAMES, SEED
from tregua.model.parameter import keyed_stream

if TYPE_CHECKING:
    from collections.abc import Callable

    from tregua.case.load import Case
    from tregua.model.compiled import Engine

Array = np.ndarray[Any, np.dtype[Any]]

HISTORIES = 2 * SHARD
"""Histories that are looked at: the shares in the tails are known to half a percentage point."""
OUT_OF_REACH = 0.01
"""Two-sided probability under which priors hardly ever give a figure."""


@dataclass(frozen=True)
class Expected:
    """What priors expect of one figure.

    Attributes
    ----------
    id : str
    kind : {"count", "lognormal", "normal"}
    start, end : date
        First and last day that it covers.
    value : float
        As published.
    q05, q25, q50, q75, q95 : float
        Of what would be published if the priors were right, in the same unit.
    place : float
        Share of that below the figure, ties halved (0..1).
    """

    id: str
    kind: str
    start: date
    end: date
    value: float
    q05: float
    q25: float
    q50: float
    q75: float
    q95: float
    place: float

    @property
    def inside50(self) -> bool:
        return self.q25 <= self.value <= self.q75

    @property
    def inside90(self) -> bool:
        return self.q05 <= self.value <= self.q95

    @property
    def reached(self) -> bool:
        """Whether priors give the figure, or one further out, more often than hardly ever."""
        return 2.0 * min(self.place, 1.0 - self.place) >= OUT_OF_REACH


def expectations(bank: Bank, read: Array, seed: int = SEED) -> tuple[Expected, ...]:
    """Every figure beside what histories of the bank would have published.

    Parameters
    ----------
    bank : Bank
    read : array, shape (histories, figures)
        What its first histories recorded, from `Bank.read`; histories that could not be computed are left out.
    seed : int
        Of the error of counting.

    Returns
    -------
    tuple of Expected
        In the order of the figures.
    """
    figures = bank.figures
    scores = bank.scores(range(len(read)))
    phi = bank.coordinates.values(scores)[:, bank.coordinates.names.index(PHI)]
    whole = ~np.isnan(read).any(axis=1)
    published = simulate_figures(
        read[whole], phi[whole], figures.counts, figures.errors, keyed_stream(seed, "prior check")
    )
    scaled = figures.scaled
    # Ties are those of counts: the same whole number gives the same logarithm up to its last digits.
    near = np.abs(published - scaled) < 1e-9
    place = ((published < scaled) & ~near).mean(axis=0) + 0.5 * near.mean(axis=0)
    out = []
    for j, item in enumerate(figures.items):
        levels = np.quantile(published[:, j], LEVELS)
        if item.kind != "normal":
            levels = np.maximum(np.exp(levels) - NEAR_NOTHING, 0.0)
        q05, q25, q50, q75, q95 = (float(x) for x in levels)
        out.append(
            Expected(
                item.id, item.kind, item.spans[0].start, item.last, item.value, q05, q25, q50, q75, q95, float(place[j])
            )
        )
    return tuple(out)


def prior_check(
    case: Case,
    reading: str,
    folder: Path | None = None,
    *,
    histories: int | None = None,
    seed: int = SEED,
    threads: int = 2,
    kernel: Engine | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> tuple[Expected, ...]:
    """What the priors of a reading expect of the figures of the fit window; nothing is fitted.

    Parameters
    ----------
    case : Case
    reading : str
        One with a fit of its own.
    folder : Path, optional
        Where shards of the bank lie; a later fit finds them there.
    histories : int, optional
        Rounded up to whole shards of the bank; `HISTORIES` by default.
    seed, threads, kernel
        As elsewhere.
    progress : callable, optional
        Told how many histories are done, and of how many.

    Raises
    ------
    CaseError
        Too few figures.
    """
    bank = Bank.of(case, reading, NAMES, seed, kernel=kernel)
    asked = HISTORIES if histories is None else histories

    def follow(done: int) -> None:
        if progress is not None:
            progress(done, max(done, asked))

    return expectations(bank, bank.read(asked, folder, threads=threads, progress=follow), seed)


def as_plain(found: tuple[Expected, ...]) -> dict[str, Any]:
    """The check as JSON values: how many counts lie inside, and every figure."""
    counts = [row for row in found if row.kind == "count"]
    return {
        "counts": len(counts),
        "inside50": sum(row.inside50 for row in counts),
        "inside90": sum(row.inside90 for row in counts),
        "out_of_reach": [row.id for row in found if not row.reached],
        "figures": [_plain_row(row) for row in found],
    }


def _plain_row(row: Expected) -> dict[str, Any]:
    levels = {name: float(f"{getattr(row, name):.4g}") for name in ("q05", "q25", "q50", "q75", "q95")}
    days = {"start": str(row.start), "end": str(row.end)}
    return {"id": row.id, "kind": row.kind, **days, "value": row.value, "place": round(row.place, 4), **levels}
