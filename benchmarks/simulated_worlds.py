"""Worlds of the simulator for the certification of the effect: histories with and without the truce.

The past of each history runs to the decision; from there the same past goes on without a truce and with the one that
was, each with many futures. One future of each becomes a series of counts, with the error that the model gives to
counts; the planted ratio is that of the mean recorded homicides over the active phase, over all futures of that past.
"""

from __future__ import annotations

import csv
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from tregua.case import Case
from tregua.effect.design import Design
from tregua.explore.experiment import Experiment, Worker
from tregua.model import draws as keyed
from tregua.model.simulate import Run
from tregua.series.span import Span

NULL, TRUCE = "no_truce", "as_it_happened"
FUTURES = 24
OUTCOME = "homicides_recorded"


def write_worlds(case: Case, design: Design, path: Path, worlds: int, seed: int) -> str:
    """Write ``world, effect`` and a column for each count; gives back the hash of the model.

    Parameters
    ----------
    worlds : int
        Histories; each gives one row without and one with the truce.
    """
    experiment = Experiment(case, draws=worlds, luck=1, seed=seed)
    worker = Worker(experiment)
    decision = next(iter(case.decisions.values()))
    arms = {name: decision.timeline(decision.arms[name], case.history) for name in (NULL, TRUCE)}
    start, last = case.world.start, design.series.end + timedelta(days=1)
    counts = design.series.counts
    ends = {design.active.start, design.active.end + timedelta(days=1), last}
    for span in (span for count in counts for span in count.spans):
        ends |= {span.start, span.end + timedelta(days=1)}
    days = sorted(float((day - start).days) for day in ends)
    day = float(decision.day)
    before, after = [0.0, *(d for d in days if 0 < d < day), day], [day, *(d for d in days if d > day)]
    rng = np.random.default_rng([seed, 1])
    rows = []
    for world in range(worlds):
        simulator, past, th, early = _past(worker, world, day, before)
        phi = case.readings["default"].overlay(worker.values(world, "default"))["phi"]
        kept: dict[str, np.ndarray] = {}
        means: dict[str, float] = {}
        for name, line in arms.items():
            course = simulator.course(line, day, after[-1], breaks=(day,), return_contact=decision.return_contact)
            totals = []
            for future in range(FUTURES):
                since = replace(past, key=keyed.history_key(seed, world, future))
                late = simulator.follow(th, since, course, cuts=after)
                pieces = _by_count(early, late, before, after, start, counts)
                totals.append(_between(late, after, start, design.active.start, design.active.end))
                if future == 0:
                    kept[name] = pieces
            means[name] = float(np.mean(totals))
        for name in (NULL, TRUCE):
            effect = 1.0 if name == NULL else means[TRUCE] / means[NULL]
            mean = np.maximum(kept[name], 1e-6)
            values = rng.poisson(mean * rng.gamma(phi, size=mean.shape) / phi)
            rows.append([world, f"{effect:.4f}", *(int(v) for v in values)])
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    with part.open("w", newline="", encoding="utf-8") as lines:
        writer = csv.writer(lines, lineterminator="\n")
        writer.writerow(["world", "effect", *(count.id for count in counts)])
        writer.writerows(rows)
    part.replace(path)
    return experiment.origin.model


def _past(worker: Worker, world: int, day: float, cuts: list[float]) -> tuple:  # type: ignore[type-arg]
    simulator = worker.simulator(world)
    history = worker.case.history
    key = keyed.history_key(worker.experiment.seed, world, 0)
    since, th = simulator.start(worker.values(world, "default"), history, key)
    course = simulator.course(history, 0.0, day, breaks=(day,))
    run = simulator.follow(th, since, course, cuts=cuts)
    return simulator, run.end, th, run


def _between(run: Run, cuts: list[float], start: date, first: date, last: date) -> float:
    flows = run.flow(OUTCOME)
    low, high = float((first - start).days), float((last - start).days + 1)
    return float(sum(v for v, a, b in zip(flows, cuts[:-1], cuts[1:], strict=True) if a >= low and b <= high))


def _by_count(early: Run, late: Run, before: list[float], after: list[float], start: date, counts: tuple) -> np.ndarray:  # type: ignore[type-arg]
    edges = [*before, *after[1:]]
    flows = np.concatenate([early.flow(OUTCOME), late.flow(OUTCOME)])
    total = np.concatenate([[0.0], np.cumsum(flows)])
    at = dict(zip(edges, total, strict=True))

    def within(span: Span) -> float:
        return at[float((span.end - start).days + 1)] - at[float((span.start - start).days)]

    return np.array([sum(within(span) for span in count.spans) for count in counts])
