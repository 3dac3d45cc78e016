"""Contrasts that a store holds, read without knowing with which draws and seed they were made."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.explore.contrast import known_sign, spread
from tregua.explore.experiment import BLOCK, Experiment
from tregua.model.policies import REFERENCE_ARM
from tregua.runs.query import cube
from tregua.runs.shard import blocks
from tregua.runs.store import Store, read_manifest

if TYPE_CHECKING:
    from collections.abc import Mapping

    from tregua.case.load import Case

OWN = ("set", "priors", "held", "without", "own_arms", "own_reading")
"""Settings of runs that are not those of the case as it stands."""


@dataclass(frozen=True)
class Stored:
    """The median of one contrast under one reading.

    Attributes
    ----------
    decision, arm, reading, outcome : str
    horizon : int
        Years after the decision.
    median : float
        Of the paired difference against no truce.
    sign : {-1, 0, 1}
        Its sign where it is beyond its Monte-Carlo error, else 0.
    """

    decision: str
    arm: str
    reading: str
    outcome: str
    horizon: int
    median: float
    sign: int


@dataclass(frozen=True)
class Scale:
    """How many histories an experiment has, and of which luck.

    Attributes
    ----------
    draws, luck, seed : int
    step : float
        Days.
    """

    draws: int
    luck: int
    seed: int
    step: float


def stored_scale(store: Store) -> Scale | None:
    """The scale of the results in a store; of several experiments, that of the one with most histories.

    Returns
    -------
    Scale or None
        None where no history of the case as it stands is stored.
    """
    found: dict[tuple[int, int, float], list[tuple[tuple[int, ...], int]]] = defaultdict(list)
    for key in store.manifest.shards:
        entry = store.entry(key)
        settings = entry.settings
        if entry.kind in ("compare", "record") and not set(OWN) & set(settings):
            group = (int(settings["luck"]), int(settings["seed"]), float(settings["step"]))
            found[group].append((tuple(settings["draws"]), entry.size))
    best, most = None, 0
    for (luck, seed, step), shards in found.items():
        for draws in {max(block) + 1 for block, _ in shards}:
            whole = set(blocks(range(draws), BLOCK))
            histories = sum(size for block, size in shards if block in whole)
            if histories > most:
                best, most = Scale(draws, luck, seed, step), histories
    return best


def stored_contrasts(case: Case, folder: Path, outcomes: Sequence[str]) -> tuple[Stored, ...]:
    """Every contrast of a case that its store holds; of several experiments, those of the one with most histories.

    Parameters
    ----------
    case : Case
    folder : Path
        ``<out>/<case>/store``; where there is none, nothing is found and nothing is made.
    outcomes : sequence of str

    Raises
    ------
    StoreError
        The results are of another model or case, or cannot be read.
    """
    if read_manifest(folder) is None:
        return ()
    store = Store.open(folder, Experiment(case).origin, case_id=case.id)
    found: list[Stored] = []
    for decision in case.decisions:
        keys = _of_one_experiment(store, decision)
        if not keys:
            continue
        read = cube(store, decision, keys, outcomes=outcomes)
        if REFERENCE_ARM not in read.arms:
            continue
        gap = read.values - read.values[:, [read.at("arm", REFERENCE_ARM)]]
        made = spread(gap.reshape(*gap.shape[:4], -1), np.repeat(np.array(read.draws), len(read.lucks)))
        sign = known_sign(made.low, made.high)
        for r, reading in enumerate(read.readings):
            for a, arm in enumerate(read.arms):
                for h, horizon in enumerate(read.horizons):
                    for o, outcome in enumerate(read.outcomes):
                        at = r, a, h, o
                        if arm != REFERENCE_ARM and made.n[at]:
                            told = float(made.median[at]), int(sign[at])
                            found.append(Stored(decision, arm, reading, outcome, horizon, *told))
    return tuple(found)


def _of_one_experiment(store: Store, decision: str) -> list[str]:
    """Names of the finished shards of a decision that were made with one and the same settings."""
    groups: dict[str, list[str]] = defaultdict(list)
    for key in store.manifest.shards:
        entry = store.entry(key)
        settings: Mapping[str, Any] = entry.settings
        if entry.kind == "compare" and settings.get("decision") == decision and not set(OWN) & set(settings):
            same = {name: settings.get(name) for name in ("seed", "luck", "step", "setups", "draws_from")}
            groups[json.dumps(same, sort_keys=True)].append(key)
    return max(groups.values(), key=lambda keys: sum(store.entry(key).size for key in keys), default=[])
