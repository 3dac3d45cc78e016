"""The bank: histories of the fit window with parameters from their priors, shared by every fit of a reading.

Histories are keyed by their number, so that the bank is the same whatever order or number of threads computed it, and
are kept in shards that appear whole: a bank that was interrupted goes on where it stopped. No history goes past the fit
window, so that nothing later can be read from one.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.calibrate.coordinate import Coordinates
from tregua.calibrate.figures import Figures
from tregua.calibrate.kept import keep, kept
from tregua.case.posterior import fit_origin
from tregua.errors import ModelError
from tregua.model import draws as keyed
from tregua.model.compiled import Engine, engine
from tregua.model.parameter import draw_priors, keyed_stream
from tregua.model.simulate import Course, Simulator
from tregua.runs.shard import canonical, digest

if TYPE_CHECKING:
    from tregua.case.load import Case
    from tregua.model.readings import Reading

Array = np.ndarray[Any, np.dtype[Any]]

SHARD = 1000
SETUPS = 20
"""Splits of members over areas that the histories go round: the split is chance, no parameter."""


@dataclass(frozen=True)
class Bank:
    """Histories of one reading over the fit window.

    Attributes
    ----------
    case : Case
    reading : str
    figures : Figures
        What is read from each.
    coordinates : Coordinates
        Parameters whose scores are drawn and kept; all others are drawn from their priors and count as chance.
    seed : int
    kernel : Engine
    """

    case: Case
    reading: str
    figures: Figures
    coordinates: Coordinates
    seed: int
    kernel: Engine

    @classmethod
    def of(
        cls, case: Case, reading: str, names: Sequence[str], seed: int, figures: Figures | None = None,
        kernel: Engine | None = None,
    ) -> Bank:  # fmt: skip
        """The bank of a reading; parameters that the reading sets are not among those that are drawn."""
        bound = kernel or engine()
        taken = case.readings[reading].sets
        kept = [n for n in names if n not in taken and n not in case.parameter_overrides]
        return cls(case, reading, figures or Figures.of(case), Coordinates.of(bound.parameters, kept), seed, bound)

    @property
    def rule(self) -> Reading:
        """The reading without any earlier fit: its factors act on what is drawn."""
        return replace(self.case.readings[self.reading], refit=False, fitted=None)

    @cached_property
    def digest(self) -> str:
        """Hash of everything that decides the digits of the bank."""
        told = {
            "model": self.kernel.digest,
            "names": list(self.coordinates.names),
            "seed": self.seed,
            "setups": SETUPS,
            "origin": fit_origin(self.case, self.reading),
        }
        return digest(canonical(told))

    def scores(self, rows: range) -> Array:
        """Scores of some histories, shape (rows, names); shard by shard, so that any part is the same part."""
        parts = []
        for number in range(rows.start // SHARD, (rows.stop - 1) // SHARD + 1):
            whole = keyed_stream(self.seed, f"scores {number}").standard_normal((SHARD, len(self.coordinates.names)))
            first = number * SHARD
            parts.append(whole[max(rows.start - first, 0) : min(rows.stop - first, SHARD)])
        return np.concatenate(parts)

    def read(
        self,
        histories: int,
        folder: Path | None = None,
        *,
        threads: int = 2,
        progress: Callable[[int], None] | None = None,
    ) -> Array:
        """What every history recorded, shape (histories, figures); computed where the folder does not hold it.

        Parameters
        ----------
        histories : int
            Rounded up to whole shards.
        folder : Path, optional
            Where shards lie; nothing is kept without it.
        threads : int
        progress : callable, optional
            Told how many histories are done.

        Raises
        ------
        StoreError
            The folder cannot be written.
        """
        shards = range(-(-histories // SHARD))
        out = []
        with ThreadPoolExecutor(max(1, threads)) as workers:
            for number in shards:
                place = self.place(number, folder) if folder else None
                found = _stored(place, (SHARD, len(self.figures.items))) if place else None
                if found is None:
                    rows = range(number * SHARD, (number + 1) * SHARD)
                    found = self.compute(rows, workers)
                    if place is not None:
                        keep(place, {"figures": found})
                out.append(found)
                if progress is not None:
                    progress((number + 1) * SHARD)
        return np.concatenate(out)

    def place(self, number: int, folder: Path) -> Path:
        """File of one shard."""
        return folder / f"{digest(f'{self.digest} {number}'.encode())[:24]}.npz"

    def compute(self, rows: range, workers: ThreadPoolExecutor) -> Array:
        """Simulate some histories and read them."""
        drawn = self.draws(rows)
        simulators, course = self._ground
        history = self.rule.apply(self.case.history)

        def one(place: int) -> Array:
            number = rows[place]
            simulator = simulators[number % SETUPS]
            values = {name: float(column[place]) for name, column in drawn.items()}
            try:
                since, th = simulator.start(self.rule.overlay(values), history, keyed.history_key(self.seed, number, 0))
                found = self.figures.read(simulator.follow(th, since, course, cuts=self.figures.cuts))
            except ModelError:
                return np.full(len(self.figures.items), np.nan)
            return found

        return np.stack(list(workers.map(one, range(len(rows)))))

    def draws(self, rows: range) -> dict[str, Array]:
        """Values of every parameter before the reading is laid over them; scores decide those that are fitted."""
        out = {n: np.full(len(rows), p.default) for n, p in self.kernel.parameters.items() if p.role == "fixed"}
        others = [p for n, p in self.kernel.parameters.items() if p.role != "fixed" and n not in self.coordinates.names]
        for number in range(rows.start // SHARD, (rows.stop - 1) // SHARD + 1):
            seed = int.from_bytes(digest(f"{self.seed} others {number}".encode())[:12].encode(), "little") % (1 << 62)
            part = draw_priors(others, SHARD, seed)
            first = number * SHARD
            inside = slice(max(rows.start - first, 0), min(rows.stop - first, SHARD))
            for name, column in part.items():
                kept = column[inside]
                out[name] = np.concatenate([out[name], kept]) if name in out else kept
        out.update({n: np.full(len(rows), v) for n, v in self.case.parameter_overrides.items()})
        values = self.coordinates.values(self.scores(rows))
        out.update({name: values[:, j] for j, name in enumerate(self.coordinates.names)})
        return out

    @cached_property
    def _ground(self) -> tuple[list[Simulator], Course]:
        simulators = [Simulator(self.case.world, setup_seed=k, kernel=self.kernel) for k in range(SETUPS)]
        history = self.rule.apply(self.case.history)
        breaks = tuple(sorted(float(d.day) for d in self.case.decisions.values()))
        course = simulators[0].course(
            history, 0.0, self.figures.until, breaks=breaks, return_contact=history.at("contact", 0)
        )
        return simulators, course


def _stored(place: Path, shape: tuple[int, int]) -> Array | None:
    """A shard of the folder; None where it is missing or not whole."""
    found = (kept(place) or {}).get("figures")
    return found if found is not None and found.shape == shape else None
