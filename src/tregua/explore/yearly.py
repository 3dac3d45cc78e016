"""Histories read year by year, in memory: what `tregua simulate` shows."""

from __future__ import annotations

import itertools
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TYPE_CHECKING, Any

import numpy as np

from tregua.errors import UsageError
from tregua.explore.experiment import RECORD_ARM, WITHOUT_FORCE, Experiment, Worker, arm_at, later_force
from tregua.model.outcomes import FLOWS, STOCKS
from tregua.model.state import Floats

if TYPE_CHECKING:
    from tregua.model.levers import Timeline


@dataclass(frozen=True)
class Years:
    """Histories by calendar year.

    Attributes
    ----------
    spans : tuple of (first day, last day)
        The last one may be cut short by the end of the run.
    runs : tuple of (draw, luck)
    outcomes : tuple of str
        Flows over the year, stocks at its end.
    values : array, shape (runs, years, outcomes)
    """

    spans: tuple[tuple[date, date], ...]
    runs: tuple[tuple[int, int], ...]
    outcomes: tuple[str, ...]
    values: Floats

    def of(self, outcome: str) -> Floats:
        """One outcome; shape (runs, years)."""
        return self.values[:, :, self.outcomes.index(outcome)]


def simulate_years(
    experiment: Experiment,
    *,
    reading: str = "default",
    arm: str = RECORD_ARM,
    decision: str | None = None,
    start: date | None = None,
    end: date | None = None,
    runs: tuple[tuple[int, int], ...] | None = None,
    threads: int = 2,
) -> Years:
    """Run histories and read them by calendar year.

    Parameters
    ----------
    experiment : Experiment
        Its draws, luck, seed, step and settings.
    reading, arm : str
    decision : str, optional
        Decision at which the arm begins; without it only the history as it happened can be asked for.
    start : date, optional
        First day shown; the run itself always begins with the case.
    end : date, optional
        Last day of the run; it may lie past the figures.
    runs : tuple of (draw, luck), optional
        Single histories instead of all.
    threads : int

    Raises
    ------
    UsageError
        An unknown reading, arm or decision; a reading that needs a refit; days outside the run.
    """
    case = experiment.case
    if reading not in case.readings:
        raise UsageError(
            "no such reading",
            key="--reading",
            found=reading,
            allowed=", ".join(case.readings),
            mend="use one of the ids listed",
        )
    if case.readings[reading].needs_refit:
        raise UsageError(
            "this reading must be refitted before anything is simulated under it",
            key="--reading",
            found=reading,
            allowed=", ".join(experiment.runnable()),
            mend="choose another reading",
        )
    first, last = start or case.start, end or case.end
    if not case.start <= first <= last:
        raise UsageError(
            "the days asked for lie outside the run",
            key="--start, --end",
            found=f"{first} to {last}",
            allowed=f"from {case.start} on, the end on or after the start",
            mend="choose other days",
        )
    line = timeline_of(experiment, arm, decision)
    rule = case.readings[reading]
    worker = Worker(experiment)
    stop = float((last - case.start).days + 1)
    edges = sorted(
        {0, int(stop), (first - case.start).days}
        | {(date(y, 1, 1) - case.start).days for y in range(case.start.year + 1, last.year + 1)}
    )
    cuts = [float(day) for day in edges]
    return_contact = case.decisions[decision].return_contact if decision else case.history.at("contact", 0)
    breaks = tuple(sorted(float(d.day) for d in case.decisions.values()))
    whole = rule.apply(line)

    def one(run: tuple[int, int]) -> Floats:
        simulator, since, th = worker.past(run[0], run[1], reading, 0.0)
        course = simulator.course(whole, 0.0, stop, step=experiment.step, breaks=breaks, return_contact=return_contact)
        record = simulator.follow(th, since, course, cuts=cuts).record
        return np.hstack([record.flows, record.stocks])

    chosen = runs or tuple((d, k) for d in range(experiment.draws) for k in range(experiment.luck))
    with ThreadPoolExecutor(max(1, threads)) as pool:
        found: list[Any] = list(pool.map(one, chosen))
    values = np.stack(found)
    spans = [(case.start + timedelta(days=a), case.start + timedelta(days=b - 1)) for a, b in itertools.pairwise(edges)]
    keep = [i for i, span in enumerate(spans) if span[0] >= first]
    return Years(tuple(spans[i] for i in keep), chosen, (*FLOWS, *STOCKS), values[:, keep])


def timeline_of(experiment: Experiment, arm: str, decision: str | None) -> Timeline:
    """Levers of an arm at a decision; the record itself where none is named."""
    case = experiment.case
    if decision is None:
        if arm != RECORD_ARM:
            decision = next(iter(case.decisions), None)
        else:
            return case.history
    base, _, halt = (decision or "").partition("_")
    if base not in case.decisions:
        raise UsageError(
            "no such decision",
            key="--decision",
            found=decision or "(none)",
            allowed=", ".join(case.decisions) or "none in this case",
            mend="use one of the ids listed",
        )
    point = case.decisions[base]
    if arm not in point.arms and not (arm == WITHOUT_FORCE and later_force(point, case.history)):
        raise UsageError(
            "no such response", key="--arm", found=arm, allowed=", ".join(point.arms), mend="use one of the ids listed"
        )
    return point.timeline(arm_at(point, case.history, arm), case.history, halt_ends=halt == "halt_ends")
