"""Run histories: one, many, or several arms that branch from a common past."""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from tregua.errors import ModelError
from tregua.model import draws
from tregua.model.compiled import Engine, engine
from tregua.model.levers import Timeline
from tregua.model.outcomes import FLOWS, OUTCOMES, STOCKS
from tregua.model.parameter import Parameter, check_values
from tregua.model.setup import place as split_world
from tregua.model.state import Floats, Place, Record, State, copied, empty_record, empty_state, empty_work
from tregua.model.world import World

WEEK = 7.0
DAYS_PER_YEAR = 365.25
DAYS_PER_MONTH = DAYS_PER_YEAR / 12.0
FIRST_WEEKS = 8
TRUCE_PEAK = 0.35


def step_edges(first: float, last: float, step: float = WEEK, breaks: Sequence[float] = ()) -> Floats:
    """Days at which steps begin, and the day on which the last one ends.

    A step is `step` days long; a new one begins on every day of `breaks`, so that arms which branch there share the
    grid before it.

    Parameters
    ----------
    first, last : float
        First day, and the day after the last.
    step : float
        Days, > 0.
    breaks : sequence of float
        Days at which the grid starts again.
    """
    if not step > 0 or not math.isfinite(step):
        raise ModelError(
            "a step must be longer than nothing",
            key="--step",
            found=step,
            allowed="days above 0",
            mend="use 7 for weekly steps",
        )
    if last < first:
        raise ModelError(
            "a run ends before it starts",
            key="--end",
            found=last,
            allowed=f"day {first:g} or later",
            mend="choose a later end",
        )
    stops = sorted({float(first), float(last), *(float(b) for b in breaks if first < b < last)})
    edges = [np.arange(a, b, step) for a, b in itertools.pairwise(stops)]
    return np.append(np.concatenate(edges) if edges else np.zeros(0), float(last))


def theta(values: Mapping[str, float], parameters: Mapping[str, Parameter]) -> Any:
    """One record of parameter values, as the kernel reads it; every parameter must be given and in bounds.

    Raises
    ------
    ModelError
        A missing or unknown parameter, or a value outside its bounds.
    """
    check_values(values, parameters)
    missing = [name for name in parameters if name not in values]
    if missing:
        raise ModelError(
            "a draw lacks parameters",
            key=missing[0],
            found=", ".join(missing),
            allowed="every parameter",
            mend="start from the defaults and change what you mean to change",
        )
    layout = np.dtype([(name, np.float64) for name in parameters])
    return np.array([tuple(values[name] for name in parameters)], layout).view(np.recarray)[0]


@dataclass(frozen=True)
class Snapshot:
    """A history stopped on a day, from which arms branch."""

    state: State
    step: int
    day: float
    key: int


@dataclass(frozen=True)
class Course:
    """Levers of one arm on its step grid.

    Attributes
    ----------
    edges : array, shape (steps + 1,)
        Days at which steps begin, and the day on which the last one ends.
    levers : records, shape (steps,)
        Mean of each lever over each step.
    return_contact : float
        Contact to which an abandoned truce returns.
    """

    edges: Floats
    levers: Any
    return_contact: float


@dataclass(frozen=True)
class Run:
    """What one run was read into.

    Attributes
    ----------
    record : Record
        Flows between cut days and stocks at them; areas and gangs in order of id.
    edges : array
        Step edges of the run, days.
    end : Snapshot
    """

    record: Record
    edges: Floats
    end: Snapshot

    def flow(self, outcome: str) -> Floats:
        """National flow between cut days; shape (cuts - 1,)."""
        return self.record.flows[:, FLOWS.index(outcome)]

    def stock(self, outcome: str) -> Floats:
        """National stock at the later of each pair of cut days; shape (cuts - 1,)."""
        return self.record.stocks[:, STOCKS.index(outcome)]

    def outcome(self, name: str) -> Floats:
        return self.flow(name) if OUTCOMES[name].kind == "flow" else self.stock(name)

    def structural_end(self, horizon_days: float = math.inf) -> tuple[float, float]:
        """Months to the structural end of the truce, and command 24 months after it; NaN where there is none.

        The structural end is the first month, after week 8, in which member-weighted compliance is under half of its
        peak so far; a run whose compliance never passed 0.35 had no truce to end.
        """
        starts = self.edges[:-1] - self.edges[0]
        inside = starts < horizon_days
        complied = self.record.weekly[inside, 0]
        if complied.size == 0:
            return math.nan, math.nan
        peak = np.maximum.accumulate(complied)
        fallen = (complied < 0.5 * peak) & (peak > TRUCE_PEAK) & (np.arange(complied.size) >= FIRST_WEEKS)
        if not fallen.any():
            return math.nan, math.nan
        first = int(np.argmax(fallen))
        months = starts[first] / DAYS_PER_MONTH
        later = np.flatnonzero(starts >= starts[first] + 24 * DAYS_PER_MONTH)
        left = float(self.record.weekly[later[0], 1]) if later.size else math.nan
        return float(months), left


class Simulator:
    """A world, split once, ready to run.

    Parameters
    ----------
    world : World
    setup_seed : int
        Splits members over areas and gangs and sets differences between cliques.
    kernel : Engine, optional
        Default: compiled, stochastic.
    place : Place, optional
        A ready split, instead of `setup_seed`.
    """

    def __init__(
        self, world: World, *, setup_seed: int = 0, kernel: Engine | None = None, place: Place | None = None
    ) -> None:
        self.world = world
        self.kernel = kernel or engine()
        self.place = place if place is not None else split_world(world, setup_seed)
        self.area_ids = tuple(sorted(a.id for a in world.areas))
        gangs = sorted(world.gangs, key=lambda g: g.id)
        self.gang_ids = tuple(g.id for g in gangs)
        self._families = tuple(g.family for g in gangs)
        for family in self._families:
            for stem in ("command_0", "prison_leverage"):
                if f"{stem}_{family}" not in self.kernel.parameters:
                    raise ModelError(
                        "a gang's family has no parameters",
                        key="family",
                        found=family,
                        allowed=", ".join(
                            sorted(
                                n.removeprefix("command_0_")
                                for n in self.kernel.parameters
                                if n.startswith("command_0_")
                            )
                        ),
                        mend="use one of the families declared",
                    )

    def _key(self, key: int) -> Any:
        return np.uint64(key) if self.kernel.compiled else key

    def start(self, values: Mapping[str, float], history: Timeline, key: int) -> tuple[Snapshot, Any]:
        """State at day 0, and the parameters as a record."""
        th = theta(values, self.kernel.parameters)
        if len(self.gang_ids) * values["capture_0"] >= 1.0:
            raise ModelError(
                "so many gangs cannot each hold that share of every area at the start",
                key="capture_0",
                found=values["capture_0"],
                allowed=f"below {1.0 / len(self.gang_ids):g} with {len(self.gang_ids)} gangs",
                mend="lower capture_0",
            )
        areas, gangs = len(self.area_ids), len(self.gang_ids)
        state = empty_state(areas, gangs, len(self.world.broker_roles))
        command = np.array([values[f"command_0_{family}"] for family in self._families], float)
        leverage = np.array([values[f"prison_leverage_{family}"] for family in self._families], float)
        contact = history.at("contact", 0)
        self.kernel.begin(self.place, th, command, leverage, contact, self._key(key), state, empty_work(areas, gangs))
        return Snapshot(state, 0, 0.0, key), th

    def run(
        self,
        th: Any,
        since: Snapshot,
        timeline: Timeline,
        until: float,
        *,
        step: float = WEEK,
        breaks: Sequence[float] = (),
        cuts: Floats | Sequence[float] = (),
        area_cuts: Floats | Sequence[float] = (),
        return_contact: float | None = None,
    ) -> Run:
        """Go on from a snapshot; the snapshot itself is left as it was.

        Parameters
        ----------
        th : record
            From `start` or `theta`.
        since : Snapshot
        timeline : Timeline
            Levers of this arm.
        until : float
            Day on which the run ends (exclusive).
        step : float
            Days a step.
        breaks : sequence of float
            Days at which the step grid starts again (decision days).
        cuts, area_cuts : sequence of float
            Sorted days between which flows accumulate, nationally and by area.
        return_contact : float
            Contact to which an abandoned truce returns; default: that of day 0.
        """
        course = self.course(timeline, since.day, until, step=step, breaks=breaks, return_contact=return_contact)
        return self.follow(th, since, course, cuts=cuts, area_cuts=area_cuts)

    def course(
        self,
        timeline: Timeline,
        first: float,
        until: float,
        *,
        step: float = WEEK,
        breaks: Sequence[float] = (),
        return_contact: float | None = None,
    ) -> Course:
        """Levers sampled once on a step grid, to be followed by any number of histories."""
        edges = step_edges(first, until, step, breaks)
        back = timeline.at("contact", 0) if return_contact is None else return_contact
        return Course(edges, timeline.sample(edges).view(np.recarray), float(back))

    def follow(
        self,
        th: Any,
        since: Snapshot,
        course: Course,
        *,
        cuts: Floats | Sequence[float] = (),
        area_cuts: Floats | Sequence[float] = (),
    ) -> Run:
        """Go on from a snapshot along a course; the snapshot itself is left as it was.

        Raises
        ------
        ModelError
            A course that does not begin on the day of the snapshot.
        """
        edges = course.edges
        if edges[0] != since.day:
            raise ModelError(
                "a course does not begin where the history stopped",
                key="course",
                found=edges[0],
                allowed=f"day {since.day:g}",
                mend="make the course from the day of the snapshot",
            )
        areas, gangs = len(self.area_ids), len(self.gang_ids)
        record = empty_record(np.asarray(cuts, float), np.asarray(area_cuts, float), areas, gangs, len(edges) - 1)
        state = copied(since.state)
        self.kernel.advance(
            self.place,
            th,
            course.levers,
            edges,
            since.step,
            self._key(since.key),
            course.return_contact,
            state,
            empty_work(areas, gangs),
            record,
        )
        return Run(record, edges, Snapshot(state, since.step + len(edges) - 1, float(edges[-1]), since.key))


def simulate_history(
    simulator: Simulator,
    values: Mapping[str, float],
    timeline: Timeline,
    *,
    seed: int = 0,
    draw: int = 0,
    luck: int = 0,
    until: float,
    step: float = WEEK,
    breaks: Sequence[float] = (),
    cuts: Floats | Sequence[float] = (),
    area_cuts: Floats | Sequence[float] = (),
) -> Run:
    """One history from day 0 under one timeline."""
    since, th = simulator.start(values, timeline, draws.history_key(seed, draw, luck))
    return simulator.run(th, since, timeline, until, step=step, breaks=breaks, cuts=cuts, area_cuts=area_cuts)


def compile_ahead() -> float:
    """Compile the kernel for this machine now, into the cache that every later run reads; returns the seconds it took.

    Set-up calls it, so that the first simulation does not wait for the compiler.
    """
    import time
    from datetime import date

    from tregua.model.declare import DEFAULTS
    from tregua.model.world import Area, Gang

    began = time.perf_counter()
    family = next(name.removeprefix("command_0_") for name in DEFAULTS if name.startswith("command_0_"))
    world = World((Area("one", "one", 1000.0, 0.5),), (Gang("one", "one", 1.0, family),), date(2000, 1, 1))
    simulate_history(Simulator(world), DEFAULTS, Timeline(), until=WEEK)
    return time.perf_counter() - began
