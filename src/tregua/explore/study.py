"""A study: the run as it happened and the comparison of responses, in stages, resumable, in one store.

The first stage is small and feeds the first screen; the second completes the grid. Both are the same shards that any
other command would ask for, so nothing is computed twice.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from tregua.explore.experiment import BLOCK, Experiment, Worker
from tregua.runs.local import Progress, RunReport, run_shards
from tregua.runs.store import Store

if TYPE_CHECKING:
    from tregua.runs.shard import Shard

SECOND_READINGS = ("repress_works", "repress_backfires")


@dataclass(frozen=True)
class Stage:
    """A group of shards that is reported as one.

    Attributes
    ----------
    id : str
        ``record``, ``first``, ``compare`` or ``next``.
    shards : tuple of Shard
    """

    id: str
    shards: tuple[Shard, ...]


def stages(experiment: Experiment, *, whole: bool = False) -> list[Stage]:
    """Stages of a study, in the order in which they run.

    Parameters
    ----------
    experiment : Experiment
    whole : bool
        Compare the second decision, and the record without its later force, under every reading, not only under the
        rival explanations and the two readings of repression.
    """
    decisions = list(experiment.case.decisions)
    rivals = [r for r in experiment.stories if r in experiment.runnable()]
    out = [Stage("record", tuple(experiment.record_shards()))]
    if not decisions:
        return out
    first = decisions[0]
    small = [s for s in experiment.compare_shards(first, rivals) if s.settings["draws"][0] < BLOCK]
    out.append(Stage("first", tuple(small)))
    grid = [*experiment.compare_shards(first), *experiment.compare_shards(first, rivals[:1], held=True)]
    beside: Sequence[str] = ()
    if not whole and not experiment.readings:
        beside = [r for r in (*experiment.stories, *SECOND_READINGS) if r in experiment.runnable()]
    grid += experiment.force_shards(first, beside)
    out.append(Stage("compare", tuple(grid)))
    for decision in decisions[1:]:
        out.append(Stage("next", tuple(experiment.compare_shards(decision, beside))))
    return [stage for stage in out if stage.shards]


def run_stage(
    stage: Stage,
    worker: Worker,
    store: Store,
    threads: int | None = None,
    progress: Callable[[Progress], None] | None = None,
) -> RunReport:
    """Compute what the store does not hold yet of one stage."""
    return run_shards(stage.shards, worker, store, threads, progress)


def store_folder(out: Path, case_id: str) -> Path:
    """``<out>/<case>/store``."""
    return out / case_id / "store"
